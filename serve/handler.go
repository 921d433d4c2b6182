// Package serve is what every HTTP door shares: handlers that return errors,
// the one table from errors to statuses, and the middleware around them.
package serve

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"waymark/library"
)

// Handler answers a request or returns an error, which the door shows.
type Handler func(w http.ResponseWriter, r *http.Request) error

type contextKey int

const requestID contextKey = iota

// ID gives the number of the request, which stands in the log beside a failure.
func ID(ctx context.Context) string {
	id, _ := ctx.Value(requestID).(string)
	return id
}

// Secure wraps the doors with what holds for every answer: a request number,
// the security headers, compression, and recovery from a panic by fail.
func Secure(next http.Handler, fail func(http.ResponseWriter, *http.Request, error)) http.Handler {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(context.WithValue(r.Context(), requestID, rand.Text()[:10]))
		header := w.Header()
		header.Set("Content-Security-Policy", "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Permissions-Policy", "interest-cohort=(), geolocation=(), camera=(), microphone=()")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		defer func() {
			p := recover()
			if p == http.ErrAbortHandler { // an answer that must not look whole
				panic(p)
			}
			if p != nil {
				err := library.Errorf(library.Internal, "panic: %v\n%s", p, debug.Stack())
				fail(w, r, err)
			}
		}()
		next.ServeHTTP(w, r)
	})
	return gzhttp.GzipHandler(h)
}

// Log records a failure that is ours with the request's number. It names the
// route, never what a reader asked for.
func Log(r *http.Request, err error) {
	slog.Error("request failed", "id", ID(r.Context()), "route", r.Pattern, "err", err)
}

// Server gives an HTTP server with the time limits that hold off slow clients.
func Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      2 * time.Minute, // a large page on a bad line
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
}
