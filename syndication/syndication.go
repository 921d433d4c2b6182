// Package syndication tells programs that follow the library what has come to it: as
// Atom (RFC 4287), RSS 2.0 (https://www.rssboard.org/rss-specification) and JSON
// Feed 1.1 (https://www.jsonfeed.org/version/1.1/), beside the pages that they
// stand for. A feed holds what everyone may read, whoever asks for it.
package syndication

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"waymark/catalogue"
	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
	"waymark/vocabulary"
)

// Feeds answers those who follow the library.
type Feeds struct {
	Catalogue    *catalogue.Catalogue
	Searcher     *search.Searcher
	Vocabularies *vocabulary.Vocabularies
	Locale       *locale.Catalog
	Hub          string // address of a WebSub hub (https://www.w3.org/TR/websub/, section 4), empty for none
	URL          string // public origin of the library, empty to take the request's
}

// pages is how many pages of a search a feed holds: the latest thirty.
const pages = 3

// format is a form of feeds.
type format struct {
	end, kind string // of the address, and media type
	write     func(channel) ([]byte, error)
}

func formats() []format {
	return []format{
		{"atom", "application/atom+xml; charset=utf-8", atom},
		{"rss", "application/rss+xml; charset=utf-8", rss},
		{"json", "application/feed+json", jsonFeed},
	}
}

// asking gives the query of a request and the page that shows the same.
type asking func(r *http.Request) (q search.Query, page string, err error)

// Register adds the feeds to the addresses of the library.
func (f *Feeds) Register(mux *serve.Router) {
	for _, l := range f.Locale.All() {
		for _, form := range formats() {
			add := func(path string, ask asking) {
				mux.Handle("GET /"+l.Tag+path+"."+form.end, serve.Secure(f.answer(l, form, ask), fail))
			}
			add("/feed", func(*http.Request) (search.Query, string, error) { return search.Query{}, "/", nil })
			add("/search", asked)
			for _, field := range serve.Followed() {
				add("/"+serve.Section(field)+"/{value}/feed", listed(field))
			}
		}
	}
}

// asked reads the query of a search.
func asked(r *http.Request) (search.Query, string, error) {
	q, err := search.Parse(r.URL.Query())
	q = q.At(0).By("")
	page := "/search"
	if s := q.Encode(); s != "" {
		page += "?" + s
	}
	return q, page, err
}

// listed reads the value of a field from the path.
func listed(f library.Field) asking {
	return func(r *http.Request) (search.Query, string, error) {
		value := r.PathValue("value")
		q, err := search.Parse(url.Values{string(f): {value}})
		return q, "/" + serve.Section(f) + "/" + url.PathEscape(value), err
	}
}

// answer gives a feed, or says that it has not changed (RFC 9110, section 13).
func (f *Feeds) answer(l *locale.Language, form format, ask asking) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := f.channel(r, l, ask)
		var body []byte
		if err == nil {
			body, err = form.write(c)
		}
		if err != nil {
			fail(w, r, err)
			return
		}
		sum := sha256.Sum256(body)
		h := w.Header()
		h.Set("Content-Type", form.kind)
		if c.Hub != "" {
			h.Set("Link", "<"+c.Hub+`>; rel="hub", <`+c.Self+`>; rel="self"`)
		}
		h.Set("Cache-Control", "no-cache") // kept, and asked for again by its ETag
		h.Set("ETag", `W/"`+hex.EncodeToString(sum[:12])+`"`)
		http.ServeContent(w, r, "", c.Updated, bytes.NewReader(body))
	})
}

// channel gathers what a feed says.
func (f *Feeds) channel(r *http.Request, l *locale.Language, ask asking) (channel, error) {
	q, page, err := ask(r)
	if err != nil {
		return channel{}, err
	}
	q = q.With(library.FieldKind, library.KindPublication)
	nobody := library.Viewer{} // a feed is read by programs, and passed on
	var ids []library.ID
	var first search.Answer
	for n := 1; n <= pages; n++ {
		a, err := f.Searcher.Find(r.Context(), nobody, q.By(search.Added).At(n), l.Tag)
		if err != nil {
			return channel{}, err
		}
		if n == 1 {
			first = a
		}
		for _, h := range a.Hits {
			ids = append(ids, h.ID)
		}
		if len(a.Hits) < search.PageSize {
			break
		}
	}
	records, err := f.Catalogue.Records(r.Context(), nobody, ids)
	if err != nil {
		return channel{}, err
	}
	origin := serve.Origin(f.URL, r)
	c := channel{L: l, Origin: origin, Page: origin + "/" + l.Tag + page, Self: origin + r.URL.RequestURI(), Hub: f.Hub, Title: f.title(l, q, first)}
	for _, rec := range records {
		e := f.entry(l, origin, rec)
		if e.Updated.After(c.Updated) {
			c.Updated = e.Updated
		}
		c.Entries = append(c.Entries, e)
	}
	return c, nil
}

// title names a feed: by the words, by the value of the only field, or as the
// library.
func (f *Feeds) title(l *locale.Language, q search.Query, a search.Answer) string {
	name := l.T("site.name")
	var values []string
	for _, field := range library.Browsed() {
		for _, v := range a.Facets[field] {
			if v.Chosen {
				values = append(values, v.Label)
			}
		}
	}
	if q.Text != "" {
		values = append([]string{l.T("search.title.for", "Text", q.Text)}, values...)
	}
	if len(values) == 0 {
		return name + " – " + l.T("search.sort.added")
	}
	return l.List(values) + " – " + name
}

// fail says that there is no feed.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return
	}
	status := serve.Status(err)
	if e, ok := errors.AsType[*library.Error](err); ok && e.Kind == library.Invalid && slices.Contains(serve.Followed(), library.Field(e.Field)) && r.URL.Query().Get(e.Field) == "" {
		status = http.StatusNotFound // the value stands in the path
	}
	if status >= http.StatusInternalServerError {
		serve.Log(r, err)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, "There is no such feed (%s).\n", serve.ID(r.Context()))
}
