package site

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"

	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
)

//go:embed pages/*.html parts/*.html
var templates embed.FS

// pages holds the parsed templates by name: each is the frame with one page
// of pages/ and every part of parts/.
type pages map[string]*template.Template

func parsePages() (pages, error) {
	names, err := fs.Glob(templates, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("list the pages: %w", err)
	}
	all := pages{}
	for _, name := range names {
		t, err := template.New("frame.html").ParseFS(templates, "parts/*.html", name)
		if err != nil {
			return nil, fmt.Errorf("parse the page %s: %w", name, err)
		}
		all[strings.TrimSuffix(path.Base(name), ".html")] = t
	}
	return all, nil
}

// frame is what every page has around its content.
type frame struct {
	L         *locale.Language
	Title     string // of the page, without the site's name
	Lead      string // one sentence for the description of the page
	Canonical string // absolute address, empty for a page without one
	NoIndex   bool
	Languages []alternate
	Menu      []link
	NoBox     bool // the page has a search box of its own
	Demo      bool
	List      []library.ID // the open reading list
	Reading   link         // to it
	Style     string
	Script    string
	Icon      string
	Look      string     // address of the library's own colours, empty for none
	Logo      *logo      // nil for the program's icon
	Me        string     // name of the person who is signed in
	Governs   bool       // and may say who may do what
	Offer     string     // where anyone hands records in, if they may
	SignIn    string     // where others can, and come back from
	Neutral   string     // absolute address that suits itself to the reader's language, empty for a page without one
	Feeds     []feedLink // what is added to the page, for programs
	Machines  *machines  // what the page says to machines of one publication
}

// feedLink is a feed of what a page lists.
type feedLink struct{ Name, Type, Title, URL string }

// feeds gives the feeds of a page, whose addresses begin with path.
func (f *frame) feeds(path, query string) {
	for _, kind := range []struct{ name, end, media string }{{"Atom", "atom", "application/atom+xml"}, {"RSS", "rss", "application/rss+xml"}, {"JSON Feed", "json", "application/feed+json"}} {
		to := f.URL(path + "." + kind.end)
		if query != "" {
			to += "?" + query
		}
		f.Feeds = append(f.Feeds, feedLink{kind.name, kind.media, f.Title, to})
	}
}

// alternate is the page in another interface language.
type alternate struct {
	Tag, Own, URL string // URL from the root
	Absolute      string
	Current       bool
}

// link is a place to go, with an optional count.
type link struct {
	Label, URL string
	Count      string
	Current    bool
}

// leaveTo is the neutral page that 'leave this page' shows.
const leaveTo = "https://www.wikipedia.org/"

// Leave gives the address that the quick exit leads to.
func (f frame) Leave() string { return leaveTo }

// URL gives the address of a path of the site in the page's language.
func (f frame) URL(path string) string { return "/" + f.L.Tag + path }

// reads gives the open reading list.
func (f frame) reads() []library.ID { return f.List }

// frame makes the frame of a page whose address after the language is path.
func (s *Site) frame(r *http.Request, l *locale.Language, title, path string) frame {
	f := frame{L: l, Title: title, Demo: s.Demo, Lead: l.T("site.tagline"),
		Style: s.assets.path("style.css"), Script: s.assets.path("site.js"), Icon: s.assets.path("icon.svg")}
	f.Look, f.Logo = s.looks()
	if c := serve.Caller(r); c.SignedIn() {
		f.Me, f.Governs = c.Person.Called(), c.Viewer.MayGovern()
	} else if f.SignIn = f.URL("/sign-in"); r.Method == http.MethodGet && path != "/sign-in" {
		f.SignIn += "?" + url.Values{"back": {r.URL.RequestURI()}}.Encode()
	}
	if s.Anyone {
		f.Offer = f.URL("/offer")
	}
	origin := s.origin(r)
	f.Canonical = origin + f.URL(path)
	for _, other := range s.Locale.All() {
		to := "/" + other.Tag + path
		f.Languages = append(f.Languages, alternate{other.Tag, other.Own, to, origin + to, other == l})
	}
	guides := f.URL("/guides")
	f.Menu = append(f.Menu, link{Label: l.T("nav.guides"), URL: guides, Current: r.URL.Path == guides})
	if path == "/" {
		f.Neutral = origin + path
	}
	for _, field := range menu() {
		to := f.URL("/" + section(field))
		f.Menu = append(f.Menu, link{Label: l.T("field." + string(field) + ".plural"), URL: to, Current: r.URL.Path == to})
	}
	if v := serve.Viewer(r); v.Role >= library.Submitter {
		to := f.URL("/desk")
		f.Menu = append(f.Menu, link{Label: l.T("desk.title"), URL: to, Current: strings.HasPrefix(r.URL.Path, to)})
	}
	for _, own := range []string{"evidence", "indicators"} {
		to := f.URL("/" + own)
		f.Menu = append(f.Menu, link{Label: l.T("nav." + own), URL: to, Current: r.URL.Path == to})
	}
	if f.List = reading(r.URL.Query()); len(f.List) > 0 {
		f.NoIndex = true
		f.Reading = link{Label: l.T("list.title"), URL: f.URL(readingPath(f.List)), Count: l.N("results", len(f.List))}
	}
	to := f.URL("/about")
	f.Menu = append(f.Menu, link{Label: l.T("nav.about"), URL: to, Current: r.URL.Path == to})
	return f
}

// origin gives scheme and host of the library's public address.
func (s *Site) origin(r *http.Request) string { return serve.Origin(s.URL, r) }

// show writes a page: it is rendered whole before the first byte goes out, so
// that a failure never leaves half a page.
func (s *Site) show(w http.ResponseWriter, status int, name string, data any) error {
	var b bytes.Buffer
	if err := s.pages[name].Execute(&b, data); err != nil {
		return fmt.Errorf("write the page %s: %w", name, err)
	}
	page := b.Bytes()
	if on, ok := data.(interface{ reads() []library.ID }); ok {
		page = carry(page, carried(on.reads()))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "no-cache")
	}
	w.WriteHeader(status)
	if _, err := w.Write(page); err != nil {
		return nil // the reader has gone; there is nobody to tell
	}
	return nil
}

// searchURL gives the address of a query in the page's language.
func (f frame) searchURL(q search.Query) string { return withQuery(f.URL("/search"), q) }

func withQuery(path string, q search.Query) string {
	if s := q.Encode(); s != "" {
		return path + "?" + s
	}
	return path
}
