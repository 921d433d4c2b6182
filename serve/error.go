package serve

import (
	"errors"
	"net/http"

	"waymark/access"
	"waymark/library"
)

// Status gives the HTTP status of an error's kind (RFC 9110, section 15).
func Status(err error) int {
	switch {
	case errors.Is(err, access.ErrRefused):
		return http.StatusForbidden
	case errors.Is(err, access.ErrTooMany):
		return http.StatusTooManyRequests
	}
	switch library.KindOf(err) {
	case library.Invalid:
		return http.StatusBadRequest
	case library.Forbidden:
		return http.StatusForbidden
	case library.NotFound:
		return http.StatusNotFound
	case library.Moved:
		return http.StatusMovedPermanently
	case library.Gone:
		return http.StatusGone
	case library.Conflict:
		return http.StatusConflict
	case library.Busy:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
