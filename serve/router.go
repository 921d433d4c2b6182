package serve

import (
	"net/http"
	"slices"
)

// Router is a mux that can tell its routes, so that a test can ask of each who
// may take it.
type Router struct {
	http.ServeMux
	patterns []string
}

// Handle is http.ServeMux.Handle.
func (r *Router) Handle(pattern string, h http.Handler) {
	r.ServeMux.Handle(pattern, h)
	r.patterns = append(r.patterns, pattern)
}

// HandleFunc is http.ServeMux.HandleFunc.
func (r *Router) HandleFunc(pattern string, h func(http.ResponseWriter, *http.Request)) {
	r.Handle(pattern, http.HandlerFunc(h))
}

// Mount hands what a pattern fits to a door of its own, which tells its routes.
func (r *Router) Mount(pattern string, door http.Handler, routes []string) {
	r.ServeMux.Handle(pattern, door)
	r.patterns = append(r.patterns, routes...)
}

// Patterns gives the patterns of all routes, as ServeMux reads them, in order.
func (r *Router) Patterns() []string { return slices.Sorted(slices.Values(r.patterns)) }
