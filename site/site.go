// Package site is the HTML door: the pages that readers see, written whole by
// the server in the reader's language.
package site

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"waymark/catalogue"
	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
	"waymark/vocabulary"
)

// Site answers readers.
type Site struct {
	Catalogue    *catalogue.Catalogue
	Searcher     *search.Searcher
	Vocabularies *vocabulary.Vocabularies
	Locale       *locale.Catalog
	URL          string           // public origin of the library, empty to take the request's
	Now          func() time.Time // the day on which a reader cites
	Demo         bool             // the collection is the demonstration's, and pages say so

	pages  pages
	assets assets
}

// Handler builds the site's routes. Every page stands under its language.
func (s *Site) Handler() (http.Handler, error) {
	var err error
	if s.pages, err = parsePages(); err != nil {
		return nil, err
	}
	if s.assets, err = readAssets(); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	for _, l := range s.Locale.All() {
		for path, h := range s.routes() {
			mux.Handle("GET /"+l.Tag+path, s.handle(l, h))
		}
		mux.Handle("/"+l.Tag+"/", s.handle(l, s.notFound))
	}
	mux.HandleFunc("GET /{$}", s.negotiate)
	mux.HandleFunc("GET /r/{id}", s.negotiate)
	mux.Handle("GET /r/{id}/files/{digest}/{name}", s.anyLanguage(s.file))
	mux.Handle("GET /r/{id}/export/{format}", s.anyLanguage(s.exportRecord))
	mux.Handle("GET /r/{id}/covers/{digest}/{scale}", s.anyLanguage(s.cover))
	mux.Handle("GET /assets/{name}", s.anyLanguage(s.asset))
	mux.Handle("GET /favicon.ico", http.RedirectHandler(s.assets.path("icon.svg"), http.StatusMovedPermanently))
	mux.HandleFunc("GET /robots.txt", s.robots)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.Handle("/", s.anyLanguage(s.notFound))
	return serve.Secure(mux, func(w http.ResponseWriter, r *http.Request, err error) {
		s.fail(w, r, s.Locale.Negotiate(r.Header.Get("Accept-Language")), err)
	}), nil
}

// handler answers a request in a language.
type handler func(w http.ResponseWriter, r *http.Request, l *locale.Language) error

func (s *Site) routes() map[string]handler {
	routes := map[string]handler{
		"/{$}":                    s.home,
		"/search":                 s.search,
		"/suggest":                s.suggest,
		"/search/values/{field}":  s.values,
		"/about":                  s.about,
		"/search/export/{format}": s.exportSearch,
		"/r/{id}":                 s.resource,
		"/r/{id}/cite":            s.cite,
		"/list":                   s.reading,
		"/list/export/{format}":   s.exportReading,
	}
	for _, f := range library.Facets() {
		routes["/"+section(f)] = s.index(f)
		routes["/"+section(f)+"/{value}"] = s.list(f)
	}
	return routes
}

// handle answers a page, or its error, in one language.
func (s *Site) handle(l *locale.Language, h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r, l); err != nil {
			s.fail(w, r, l, err)
		}
	})
}

// anyLanguage answers what stands under no language in the reader's.
func (s *Site) anyLanguage(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.handle(s.Locale.Negotiate(r.Header.Get("Accept-Language")), h).ServeHTTP(w, r)
	})
}

// negotiate sends the reader to the page in the language of the request. The
// answer differs by reader, so it is not kept.
func (s *Site) negotiate(w http.ResponseWriter, r *http.Request) {
	l := s.Locale.Negotiate(r.Header.Get("Accept-Language"))
	w.Header().Set("Vary", "Accept-Language")
	w.Header().Set("Cache-Control", "no-cache")
	to := "/" + l.Tag + r.URL.EscapedPath()
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	http.Redirect(w, r, to, http.StatusFound)
}

// fail shows an error as a page that helps: the reader sees what can be done,
// and of what went wrong on our side only a number.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, l *locale.Language, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the reader has gone
	}
	if to, ok := library.MovedTo(err); ok {
		http.Redirect(w, r, "/"+l.Tag+"/r/"+string(to), http.StatusMovedPermanently)
		return
	}
	status := serve.Status(err)
	if status >= http.StatusInternalServerError {
		serve.Log(r, err)
	}
	s.showError(w, r, l, err, status)
}

func (s *Site) notFound(_ http.ResponseWriter, r *http.Request, _ *locale.Language) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return &library.Error{Kind: library.NotFound, Key: "error.method"}
	}
	return library.Errorf(library.NotFound, "no page has this address")
}

// robots keeps crawlers out of the combinations of filters, which have no end.
func (s *Site) robots(w http.ResponseWriter, _ *http.Request) {
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	for _, l := range s.Locale.All() {
		fmt.Fprintf(&b, "Disallow: /%s/search\nDisallow: /%s/list\n", l.Tag, l.Tag)
	}
	b.WriteString("Disallow: /*list=\nDisallow: /*/export/\n")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, b.String())
}
