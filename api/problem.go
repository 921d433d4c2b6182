package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"waymark/library"
	"waymark/serve"
)

// problem makes the details of a problem (RFC 9457).
func problem(status int, detail string) *huma.ErrorModel {
	return &huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: detail}
}

// write answers a problem outside of an operation.
func write(w http.ResponseWriter, p *huma.ErrorModel) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		return // the reader has gone
	}
}

func internal(ctx context.Context) string {
	return "Something went wrong on our side. It has been recorded under the number " + serve.ID(ctx) + "."
}

// problemOf gives an error of the library as a problem. Of causes it tells only
// what Invalid and Conflict say of the request itself.
func problemOf(ctx context.Context, err error) (int, *huma.ErrorModel) {
	status := serve.Status(err)
	e, _ := errors.AsType[*library.Error](err)
	p := problem(status, "")
	switch library.KindOf(err) {
	case library.Invalid:
		p.Detail = e.Error()
		if e.Field != "" {
			p.Errors = []*huma.ErrorDetail{{Location: e.Field, Message: e.Error()}}
		}
	case library.NotFound:
		p.Detail = "There is no such thing in the library."
	case library.Gone:
		p.Detail = "It stood here once and was withdrawn from the library."
	case library.Moved:
		p.Detail = "It is part of " + string(e.To) + " now."
	case library.Conflict:
		p.Detail = "The record was changed meanwhile: read it again and repeat the change."
		if e.To != "" {
			p.Detail = e.Error()
		}
	case library.Forbidden:
		p.Detail = "This is for curators of the library."
	case library.Busy:
		p.Detail = "The library is busy: try again in a moment."
	default:
		logged(ctx, err)
		p.Detail = internal(ctx)
	}
	return status, p
}

// answer gives an error as an operation returns it, nil for nil. A record that
// moved is found under dir.
func answer(ctx context.Context, err error, dir string) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return problem(499, "") // the reader has gone
	}
	_, p := problemOf(ctx, err)
	if to, moved := library.MovedTo(err); moved {
		return huma.ErrorWithHeaders(p, http.Header{"Location": {base + dir + string(to)}})
	}
	if p.Status == http.StatusServiceUnavailable {
		return huma.ErrorWithHeaders(p, http.Header{"Retry-After": {strconv.Itoa(5)}})
	}
	return p
}

// invalid refuses a part of a request.
func invalid(location, message string) error {
	p := problem(http.StatusUnprocessableEntity, "validation failed")
	p.Errors = []*huma.ErrorDetail{{Location: location, Message: message}}
	return p
}
