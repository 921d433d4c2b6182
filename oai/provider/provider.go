// Package provider gives the library to harvesters by the Open Archives
// Initiative Protocol for Metadata Harvesting, version 2.0
// (https://www.openarchives.org/OAI/openarchivesprotocol.html). It reads the
// notices that are for everyone, and holds no state between two requests.
package provider

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"waymark/catalogue"
	"waymark/library"
	"waymark/serve"
	"waymark/vocabulary"
)

// Notices are what everyone may know of the library, in the order in which it
// came to be so. Notice answers NotFound for what was never open to everyone.
type Notices interface {
	Notices(ctx context.Context, after library.Mark, before time.Time, limit int) ([]library.Notice, error)
	Notice(ctx context.Context, id library.ID) (library.Notice, error)
	CountNotices(ctx context.Context, after library.Mark, before time.Time) (int, error)
}

// Provider answers harvesters.
type Provider struct {
	Notices      Notices
	Catalogue    *catalogue.Catalogue
	Vocabularies *vocabulary.Vocabularies
	Now          func() time.Time
	Name         string // of the library
	Email        string // of those who run it; empty: an address at its host that may not be read
	URL          string // public origin of the library, empty to take the request's
	PageSize     int    // records of an answer; 0: pageSize
}

// pageSize is how many records an answer holds: about 600 KB in MARCXML.
const pageSize = 250

// Path is where the provider answers.
const Path = "/oai"

// domain is a host that can stand in an identifier by the OAI's own guidelines
// (https://www.openarchives.org/OAI/2.0/guidelines-oai-identifier.htm).
var domain = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+$`)

// nowhere stands in identifiers for the host of a library that has no public
// address yet.
const nowhere = "waymark.localhost"

// host gives the part of the identifiers that names the library.
func (p *Provider) host() string {
	if _, host, ok := strings.Cut(strings.TrimSuffix(p.URL, "/"), "://"); ok {
		host, _, _ = strings.Cut(host, "/")
		host, _, _ = strings.Cut(host, ":")
		if domain.MatchString(host) {
			return strings.ToLower(host)
		}
	}
	return nowhere
}

// Handler gives the provider with what holds for every answer.
func (p *Provider) Handler() http.Handler {
	return serve.Secure(http.HandlerFunc(p.serve), fail)
}

func (p *Provider) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost {
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "ask with GET or POST", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	a := &answer{Provider: p, ctx: r.Context(), origin: serve.Origin(p.URL, r), at: p.Now().UTC()}
	a.base = a.origin + Path
	if err := a.answer(r); err != nil {
		fail(w, r, err)
		return
	}
	out := bufio.NewWriterSize(w, 64<<10)
	if err := a.write(out); err != nil {
		serve.Log(r, err)
		panic(http.ErrAbortHandler) // the harvester must not take half an answer for a whole one
	}
	_ = out.Flush() // the harvester has gone; there is nobody to tell
}

// fail answers what is not the harvester's fault: it may try again.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return
	}
	status := serve.Status(err)
	if status >= http.StatusInternalServerError {
		serve.Log(r, err)
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "10")
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, "The library cannot answer now (%s).\n", serve.ID(r.Context()))
}
