package site

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/profile"
	"waymark/search"
	"waymark/serve"
)

// logo is the library's own, as high as the program's icon.
type logo struct {
	URL  string
	Wide int
}

// logoHigh is the height of a logo on a page, in pixels.
const logoHigh = 30

// looks gives the addresses of the library's own colours and logo. They hold the
// version, so that a browser may keep what they give.
func (s *Site) looks() (sheet string, l *logo) {
	if s.Profile == nil {
		return "", nil
	}
	p := s.Profile.Profile()
	version := strconv.FormatInt(p.Version, 10)
	if p.Sheet() != "" {
		sheet = "/look/" + version + ".css"
	}
	if len(p.Logo) > 0 {
		l = &logo{"/look/" + version + ".png", min(profile.LogoSize(p.Logo, logoHigh), 8*logoHigh)}
	}
	return sheet, l
}

// look gives the library's own colours or logo.
func (s *Site) look(w http.ResponseWriter, r *http.Request, _ *locale.Language) error {
	p := s.Profile.Profile()
	version, ending, _ := strings.Cut(r.PathValue("file"), ".")
	content, kind := []byte(p.Sheet()), "text/css; charset=utf-8"
	if ending == "png" {
		content, kind = p.Logo, "image/png"
	}
	if len(content) == 0 || ending != "png" && ending != "css" {
		return library.Errorf(library.NotFound, "the library has no %s of its own", ending)
	}
	keep := "no-cache" // a page of another version asks
	if version == strconv.FormatInt(p.Version, 10) {
		keep = "public, max-age=31536000, immutable"
	}
	w.Header().Set("Cache-Control", keep)
	w.Header().Set("Content-Type", kind)
	if _, err := w.Write(content); err != nil {
		return nil // the reader has gone; there is nobody to tell
	}
	return nil
}

// forward puts on the home page what administrators put forward, as far as the
// viewer sees it.
func (s *Site) forward(r *http.Request, p *homePage) error {
	own := s.Profile.Profile()
	if len(own.Featured) > 0 {
		records, err := s.Catalogue.Records(r.Context(), serve.Viewer(r), own.Featured)
		if err != nil {
			return err
		}
		p.Featured = s.cards(r, p.L, records, nil, excerpt)
	}
	for _, c := range own.Collections {
		label, _ := c.Titles.In(p.L.Tag)
		p.Collections = append(p.Collections, link{Label: label, URL: p.URL("/search") + "?" + c.Query})
	}
	return nil
}

// ownText is a text of the library's own.
type ownText struct {
	Lang, Dir string
	HTML      template.HTML
}

// ownAbout gives what the library says about itself, nil when that is nothing.
func (s *Site) ownAbout(l *locale.Language) (*ownText, error) {
	text, lang := s.Profile.Profile().About.In(l.Tag)
	if text == "" {
		return nil, nil
	}
	html, err := s.Guides.Render.HTML(text, guide.Look{})
	if err != nil {
		return nil, err
	}
	return &ownText{lang, locale.Direction(lang), template.HTML(html)}, nil // cleaned by its renderer
}

// searchOf gives the query of the address of a search or list of the library,
// with or without the host and the language.
func searchOf(address string) (string, error) {
	bad := &library.Error{Kind: library.Invalid, Field: "collection", Err: library.Errorf(library.Invalid, "%.80q is the address of no search: open one and copy its address", address)}
	path, query, _ := strings.Cut(strings.TrimSpace(address), "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	last := parts[len(parts)-1]
	values, err := url.ParseQuery(query)
	if err != nil {
		return "", bad
	}
	if last != "search" {
		if len(parts) < 2 {
			return "", bad
		}
		for _, f := range library.Facets() {
			if section(f) == parts[len(parts)-2] {
				values = map[string][]string{string(f): {last}}
				last = "search"
			}
		}
	}
	q, err := search.Parse(values)
	if err != nil || last != "search" || q.Encode() == "" {
		return "", bad
	}
	return q.Encode(), nil
}
