package site

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"waymark/library"
	"waymark/locale"
)

func TestPreferred(t *testing.T) {
	for _, c := range []struct{ accept, want string }{
		{"", ""}, {"*/*", ""}, {"text/html", ""}, {"text/*", ""}, {"application/*", ""}, {"image/png", ""},
		{"application/json", ".json"}, {"APPLICATION/JSON", ".json"}, {"application/json; charset=utf-8", ".json"},
		{"application/json, text/html", ""}, {"application/json, text/html;q=0.9", ".json"}, {"application/json;q=0.2, */*;q=0.1", ".json"},
		{"application/json;q=0.1, */*;q=0.2", ""}, {"application/json;q=0", ""}, {"application/json;q=2", ""}, {"application/json;q=x", ""},
		{"application/x-bibtex;q=0.8,application/x-research-info-systems;q=0.9", ".ris"}, {"application/ld+json, application/json", ".jsonld"},
		{"application/marcxml+xml;v=1;q=0.4", ".marcxml"}, {",,;q=1,", ""}, {"application/json;q = 0.3", ".json"},
		{"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", ""},
	} {
		var given []string
		if c.accept != "" {
			given = []string{c.accept}
		}
		got := ""
		if f := preferred(given); f != nil {
			got = f.Extension
		}
		if got != c.want {
			t.Errorf("%q gives %q, want %q", c.accept, got, c.want)
		}
	}
}

// many is a library of as many records as it says.
type many int

func (m many) Stretches(_ context.Context, size int) ([]library.Stretch, error) {
	var all []library.Stretch
	for n := 0; n < int(m); n += size {
		all = append(all, library.Stretch{First: numbered(n), Last: numbered(n + size), Changed: time.Unix(int64(n), 0)})
	}
	return all, nil
}

func (m many) Shown(_ context.Context, from library.ID, limit int) ([]library.Shown, error) {
	var all []library.Shown
	for n := range min(limit, int(m)) {
		all = append(all, library.Shown{ID: numbered(n), At: time.Unix(1_800_000_000, 0)})
	}
	return all, nil
}

func numbered(n int) library.ID { return library.ID(fmt.Sprintf("01ARZ3NDEKTSV4RRFFQ%07d", n)) }

// TestLargeSitemap: no sitemap has more addresses or bytes than one may have.
func TestLargeSitemap(t *testing.T) {
	messages, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := &Site{Locale: messages, Open: many(1_000_000), URL: "https://a-library-with-a-long-name.example.org"}
	l, _ := messages.Language("en")
	w := httptest.NewRecorder()
	if err := s.sitemapIndex(w, httptest.NewRequest("GET", "/sitemap.xml", nil), l); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(w.Body.String(), "<sitemap>"); n != 122 {
		t.Errorf("the index lists %d sitemaps", n)
	}
	w = httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/sitemaps/"+string(numbered(0))+".xml", nil)
	r.SetPathValue("name", string(numbered(0))+".xml")
	if err := s.sitemap(w, r, l); err != nil {
		t.Fatal(err)
	}
	urls, bytes := strings.Count(w.Body.String(), "<url>"), w.Body.Len()
	if urls > 50_000 || urls < 49_000 || bytes > 50<<20 {
		t.Errorf("a sitemap has %d addresses in %d bytes", urls, bytes)
	}
	if names := strings.Count(w.Body.String(), `hreflang="x-default"`); names != urls {
		t.Errorf("%d of %d addresses have one that suits itself to the reader", names, urls)
	}
}
