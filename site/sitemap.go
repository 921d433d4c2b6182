package site

import (
	"bufio"
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"

	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
)

// Open lists what everyone may read, in the order of IDs.
type Open interface {
	Stretches(ctx context.Context, size int) ([]library.Stretch, error)
	Shown(ctx context.Context, from library.ID, limit int) ([]library.Shown, error)
}

// mapped is how many records a sitemap lists. Each has a page in every language,
// and a sitemap may have 50,000 addresses (https://www.sitemaps.org/protocol.html).
func (s *Site) mapped() int { return 50_000 / len(s.Locale.All()) }

const nsSitemap = "http://www.sitemaps.org/schemas/sitemap/0.9"

// sitemapIndex answers the list of sitemaps: one of pages, and those of the
// records.
func (s *Site) sitemapIndex(w http.ResponseWriter, r *http.Request, _ *locale.Language) error {
	stretches, err := s.Open.Stretches(r.Context(), s.mapped())
	if err != nil {
		return err
	}
	type place struct {
		Loc     string `xml:"loc"`
		Changed string `xml:"lastmod,omitempty"`
	}
	index := struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
		Places  []place  `xml:"sitemap"`
	}{}
	origin := s.origin(r)
	index.Places = append(index.Places, place{Loc: origin + "/sitemaps/pages.xml"})
	for _, p := range stretches {
		index.Places = append(index.Places, place{origin + "/sitemaps/" + string(p.First) + ".xml", p.Changed.Format(time.RFC3339)})
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	return writeXML(w, http.StatusOK, index)
}

func writeXML(w http.ResponseWriter, status int, v any) error {
	b, err := xml.Marshal(v)
	if err != nil {
		return fmt.Errorf("write XML: %w", err)
	}
	w.WriteHeader(status)
	if _, err := w.Write(append([]byte(xml.Header), b...)); err != nil {
		return nil // the reader has gone
	}
	return nil
}

// sitemap answers one sitemap: the pages, or the records from an ID on.
func (s *Site) sitemap(w http.ResponseWriter, r *http.Request, _ *locale.Language) error {
	name, isXML := strings.CutSuffix(r.PathValue("name"), ".xml")
	from := library.ID(name)
	if !isXML || name != "pages" && !from.Valid() {
		return library.Errorf(library.NotFound, "there is no sitemap %s", name)
	}
	out := &sitemap{w: bufio.NewWriter(w), origin: s.origin(r), languages: s.Locale.All()}
	if name == "pages" {
		paths, err := s.paths(r)
		if err != nil {
			return err
		}
		out.begin(w)
		for _, path := range paths {
			out.add(path, time.Time{}, path == "/")
		}
		return out.end()
	}
	shown, err := s.Open.Shown(r.Context(), from, s.mapped())
	if err != nil {
		return err
	}
	out.begin(w)
	for _, one := range shown {
		out.add("/r/"+string(one.ID), one.At, true)
	}
	return out.end()
}

// paths gives the pages that are no records: those of every value that
// something is found by.
func (s *Site) paths(r *http.Request) ([]string, error) {
	a, err := s.Searcher.Find(r.Context(), library.Viewer{}, search.Query{}, locale.Default)
	if err != nil {
		return nil, err
	}
	paths := []string{"/", "/about"}
	for _, f := range menu() {
		paths = append(paths, "/"+section(f))
		for _, v := range a.Facets[f] {
			paths = append(paths, "/"+section(f)+"/"+v.Value)
		}
	}
	return paths, nil
}

// sitemap is one on its way out.
type sitemap struct {
	w         *bufio.Writer
	origin    string
	languages []*locale.Language
}

func (m *sitemap) begin(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	m.text(xml.Header, `<urlset xmlns="`+nsSitemap+`" xmlns:xhtml="http://www.w3.org/1999/xhtml">`)
}

func (m *sitemap) text(parts ...string) {
	for _, s := range parts {
		_, _ = m.w.WriteString(s) // an error stays, and is met at the end
	}
}

// add lists a page in every language, each with all the others, and with the
// address that suits itself to the reader where there is one.
func (m *sitemap) add(path string, changed time.Time, neutral bool) {
	path = escape(path)
	var others strings.Builder
	for _, l := range m.languages {
		others.WriteString(`<xhtml:link rel="alternate" hreflang="` + l.Tag + `" href="` + m.origin + "/" + l.Tag + path + `"/>`)
	}
	if neutral {
		others.WriteString(`<xhtml:link rel="alternate" hreflang="x-default" href="` + m.origin + path + `"/>`)
	}
	for _, l := range m.languages {
		m.text("<url><loc>", m.origin, "/", l.Tag, path, "</loc>")
		if !changed.IsZero() {
			m.text("<lastmod>", changed.Format(time.RFC3339), "</lastmod>")
		}
		m.text(others.String(), "</url>")
	}
}

func (m *sitemap) end() error {
	m.text("</urlset>\n")
	if err := m.w.Flush(); err != nil {
		return nil // the robot has gone
	}
	return nil
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes all
	return b.String()
}

// robots names the sitemap, and keeps crawlers out of the combinations of
// filters, which have no end.
func (s *Site) robots(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	for _, l := range s.Locale.All() {
		for _, path := range []string{"sign-in", "search", "suggest", "list", "follow", "evidence?", "evidence/studies?", "evidence/export", "indicators/*?", "indicators/*/data"} {
			fmt.Fprintf(&b, "Disallow: /%s/%s\n", l.Tag, path)
		}
	}
	fmt.Fprintf(&b, "Disallow: /*list=\nDisallow: /*/export/\nDisallow: /unapi\n\nSitemap: %s/sitemap.xml\n", serve.Origin(s.URL, r))
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprint(w, b.String())
}
