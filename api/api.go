// Package api is the door for other programs: REST with JSON under /api/v1,
// described by an OpenAPI document that is generated from this code.
package api

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"waymark/catalogue"
	"waymark/curate"
	"waymark/evidence"
	"waymark/indicator"
	"waymark/library"
	"waymark/search"
	"waymark/serve"
	"waymark/vocabulary"
)

// base is where version 1 stands for ever: members are only ever added to it.
const base = "/api/v1"

// Desk is where records are written; see curate.Desk.
type Desk interface {
	Own(ctx context.Context, v library.Viewer, id library.ID) (*library.Resource, error)
	Put(ctx context.Context, v library.Viewer, r *library.Resource, names curate.Named, note string) (*library.Resource, error)
	Withdraw(ctx context.Context, v library.Viewer, id library.ID, base int64, why string) (library.Edit, error)
}

// API answers programs.
type API struct {
	Catalogue    *catalogue.Catalogue
	Searcher     *search.Searcher
	Vocabularies *vocabulary.Vocabularies
	Desk         Desk
	Indicators   *indicator.Base
	Evidence     *evidence.Base
	Entrance     *serve.Entrance
	URL          string           // public origin of the library, empty to take the request's
	PerMinute    int              // requests of one address; 0 is no limit
	Now          func() time.Time // for the limit

	routed *serve.Router
}

// Handler builds the door.
func (a *API) Handler() (http.Handler, error) {
	mux := &serve.Router{}
	a.routed = mux
	described := a.register(mux)
	if err := a.documents(mux, described); err != nil {
		return nil, err
	}
	mux.HandleFunc("/", missing(mux))
	limit := &serve.Limit{PerMinute: a.PerMinute, Now: a.Now, From: a.Entrance.From}
	admitted, err := a.Entrance.Admit(a.readers(limit, tagged(mux)), fail)
	if err != nil {
		return nil, err
	}
	return serve.Secure(admitted, fail), nil
}

// Patterns gives the patterns of all routes of the handler that was built last.
func (a *API) Patterns() []string { return a.routed.Patterns() }

// register puts every operation on the router and gives their description.
func (a *API) register(mux *serve.Router) huma.API {
	config := huma.DefaultConfig("Waymark", "1.0.0")
	config.Info.Description = "The records of a Waymark library, for programs. Reading needs no key. " +
		"Codes are those of the vocabularies; texts in several languages are objects by BCP 47 tag."
	config.Info.License = &huma.License{Name: "Apache 2.0", Identifier: "Apache-2.0"}
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = base+"/openapi", "", ""
	config.CreateHooks = nil // they would add a member to every answer
	config.RejectUnknownQueryParameters = true
	if a.URL != "" {
		config.Servers = []*huma.Server{{URL: a.URL}}
	}
	on := humago.New(mux, config)
	a.resources(on)
	a.agents(on)
	a.vocabularies(on)
	a.indicators(on)
	a.studies(on)
	a.searches(on)
	a.changes(on)
	a.exports(on)
	a.writes(on)
	return on
}

type contextKey int

const (
	viewerKey contextKey = iota
	requestKey
)

// viewer gives the one on whose behalf a request is.
func viewer(ctx context.Context) library.Viewer {
	v, _ := ctx.Value(viewerKey).(library.Viewer)
	return v
}

// readers is what every request passes: the rate limit, who is asking, and
// leave for scripts of other sites to read.
func (a *API) readers(limit *serve.Limit, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Cache-Control", "no-cache")
		h.Add("Vary", "Authorization, Cookie")
		h.Set("X-Robots-Tag", "noindex")
		if r.Method == http.MethodOptions {
			h.Set("Access-Control-Allow-Methods", "GET, HEAD")
			h.Set("Access-Control-Allow-Headers", "Authorization, If-None-Match")
			h.Set("Access-Control-Max-Age", "86400")
			h.Set("Allow", "GET, HEAD, OPTIONS")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		if !limit.Take(w, r) {
			write(w, problem(http.StatusTooManyRequests, "Too many requests came from this address: wait as Retry-After says."))
			return
		}
		if name, why := misgiven(r); name != "" {
			p := problem(http.StatusUnprocessableEntity, "validation failed")
			p.Errors = []*huma.ErrorDetail{{Location: "query." + name, Message: why}}
			write(w, p)
			return
		}
		ctx := context.WithValue(r.Context(), viewerKey, serve.Viewer(r))
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, requestKey, r)))
	})
}

// misgiven names a parameter that is given in a way that none may be, and says
// so: more than once, but for the fields of a search, of which a resource must
// have any, and areas; or empty, but for words.
func misgiven(r *http.Request) (name, why string) {
	for name, values := range r.URL.Query() {
		if f := library.Field(name); len(values) > 1 && name != "area" && (f == library.FieldYear || !slices.Contains(library.Facets(), f)) {
			return name, "the parameter is given more than once"
		}
		if name != "q" && slices.Contains(values, "") {
			return name, "the parameter is empty: leave it out"
		}
	}
	return "", ""
}

// origin gives scheme and host of the library for a request.
func (a *API) origin(ctx context.Context) string {
	r, ok := ctx.Value(requestKey).(*http.Request)
	if !ok {
		return a.URL
	}
	return serve.Origin(a.URL, r)
}

// fail answers what no operation was reached for: a panic, or one whom the
// entrance refuses.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	_, p := problemOf(context.WithValue(r.Context(), requestKey, r), err)
	write(w, p)
}

// missing answers what no operation does: 405 where another method has one.
func missing(mux *serve.Router) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		allowed := ""
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
			other := &http.Request{Method: method, URL: r.URL, Host: r.Host}
			if _, pattern := mux.Handler(other); pattern != "/" && pattern != "" {
				if allowed != "" {
					allowed += ", "
				}
				if allowed += method; method == http.MethodGet {
					allowed += ", HEAD"
				}
			}
		}
		if allowed == "" {
			write(w, problem(http.StatusNotFound, "Nothing has this address. What there is stands at "+base+"/openapi.json."))
			return
		}
		w.Header().Set("Allow", allowed)
		write(w, problem(http.StatusMethodNotAllowed, "This address has no such method."))
	}
}

// logged notes a failure that is ours.
func logged(ctx context.Context, err error) {
	if r, ok := ctx.Value(requestKey).(*http.Request); ok {
		serve.Log(r, err)
		return
	}
	slog.Error("request failed", "id", serve.ID(ctx), "err", err)
}

// download answers a file that is written as it is read.
func download(name, kind string, to func(ctx context.Context, out io.Writer) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		err := serve.Download(w, r, name, kind, func(out io.Writer) error { return to(r.Context(), out) })
		if err != nil {
			status, p := problemOf(r.Context(), err)
			p.Status = status
			write(w, p)
		}
	}}
}
