package serve

import (
	"net/http"

	"waymark/library"
)

// Status gives the HTTP status of an error's kind (RFC 9110, section 15).
func Status(err error) int {
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
