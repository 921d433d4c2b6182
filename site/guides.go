package site

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// guideRoutes are the pages of guides.
func (s *Site) guideRoutes() map[string]handler {
	return map[string]handler{
		"/g/{id}":                              s.place,
		"/guides":                              s.guides,
		"/guides/{guide}":                      s.guide,
		"/guides/{guide}/{entry}":              s.guideEntry,
		"/guides/{guide}/-/changes":            s.guideChanges,
		"/guides/{guide}/-/comparison":         s.guideComparison,
		"/guides/{guide}/-/comparison.csv":     s.guideComparisonCSV,
		"/guides/{guide}/-/countries":          s.guideCountries,
		"/guides/{guide}/-/sections/{section}": s.guideEverywhere,
		"/guides/{guide}/-/update/{section}":   s.guideUpdate,
		"/guides/{guide}/-/feedback/{section}": s.guideFeedback,
		"/guides/{guide}/-/guide.epub":         s.guideFile("application/epub+zip", ".epub", (*guide.Book).EPUB),
		"/guides/{guide}/-/guide.pdf":          s.guidePDF,
		"/guides/{guide}/-/guide.zip":          s.guideFile("application/zip", ".zip", (*guide.Book).Pages),
	}
}

// guidesPage is pages/guides.html: every guide that the reader sees.
type guidesPage struct {
	frame
	Guides []guideCard
}

// guideCard is a guide in a list.
type guideCard struct {
	URL, Kind string
	Title     text
	Lead      text
	Owner     string
	Example   bool
	Children  []guideCard // what adapts it
}

func (s *Site) guides(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	all, err := s.Guides.List(r.Context(), serve.Viewer(r))
	if err != nil {
		return err
	}
	p := guidesPage{frame: s.frame(r, l, l.T("guides.title"), "/guides")}
	p.Lead = l.T("guides.lead")
	seen := map[library.ID]bool{}
	for _, g := range all {
		seen[g.ID] = true
	}
	for _, g := range all {
		if g.Base != "" && seen[g.Base] {
			continue
		}
		c := p.guideCard(g)
		for _, child := range all {
			if child.Base == g.ID {
				c.Children = append(c.Children, p.guideCard(child))
			}
		}
		p.Guides = append(p.Guides, c)
	}
	return s.show(w, http.StatusOK, "guides", p)
}

func (f frame) guideCard(g *library.Guide) guideCard {
	c := guideCard{URL: f.URL("/guides/" + g.Slug), Kind: f.L.T("guide.type." + string(g.Type)), Owner: g.Owner, Example: g.Example}
	title, lang := g.Titles.In(f.L.Tag, g.Language())
	c.Title = plain(title, lang)
	if lead, lang := g.Leads.In(f.L.Tag, g.Language()); lead != "" {
		c.Lead = plain(lead, lang)
	}
	return c
}

// when reads which state of a guide an address asks for.
func when(r *http.Request) (guide.When, string, error) {
	values := r.URL.Query()
	switch at, edition := values.Get("at"), values.Get("edition"); {
	case edition != "":
		n, err := strconv.Atoi(edition)
		if err != nil || n < 1 {
			return guide.When{}, "", &library.Error{Kind: library.Invalid, Field: "edition", Err: fmt.Errorf("%q is no edition", edition)}
		}
		return guide.When{Edition: n}, "?edition=" + edition, nil
	case at != "":
		day, err := time.Parse(time.DateOnly, at)
		if err != nil {
			return guide.When{}, "", &library.Error{Kind: library.Invalid, Field: "at", Err: fmt.Errorf("%q is no day: write 2026-01-31", at)}
		}
		return guide.When{At: day.Add(24*time.Hour - time.Microsecond)}, "?at=" + at, nil
	}
	return guide.When{}, "", nil
}

// guideFrame is what every page of a guide has around its content.
type guideFrame struct {
	frame
	Guide   guideCard
	Base    link   // the guide that it adapts
	Past    string // says which state is shown, when it is not that which stands
	Now     string // address of the page as it stands
	Suffix  string // "?edition=2", for addresses of the same state
	Tree    []treeEntry
	Licence string
	Keep    string // address at the desk, for those who keep the guide

	opened *guide.Opened
}

// treeEntry is an entry in the list of contents.
type treeEntry struct {
	URL      string
	Title    text
	Current  bool
	Staff    bool
	Children []treeEntry
}

// openGuide reads the guide that an address names. A former name of it leads,
// as moved, to the one that it has.
func (s *Site) openGuide(r *http.Request, l *locale.Language) (o *guide.Opened, moved string, err error) {
	at, suffix, err := when(r)
	if err != nil {
		return nil, "", err
	}
	slug := r.PathValue("guide")
	if o, err = s.Guides.Open(r.Context(), serve.Viewer(r), slug, at); err != nil {
		return nil, "", err
	}
	if o.Slug != slug {
		moved = "/" + l.Tag + "/guides/" + o.Slug + r.URL.EscapedPath()[len("/"+l.Tag+"/guides/"+slug):] + suffix
	}
	return o, moved, nil
}

// inGuide makes the frame of a page of a guide; rest is its address behind the
// guide's.
func (s *Site) inGuide(r *http.Request, l *locale.Language, o *guide.Opened, title, rest string) guideFrame {
	_, suffix, _ := when(r) // read once already, without an error
	path := "/guides/" + o.Slug + rest
	f := guideFrame{frame: s.frame(r, l, title, path+suffix), opened: o, Suffix: suffix, Licence: o.Licence}
	f.Guide = f.guideCard(o.Guide)
	f.Guide.URL += suffix
	if len(o.Frames) > 0 {
		base := f.guideCard(o.Frames[0])
		f.Base = link{Label: base.Title.String(), URL: base.URL}
	}
	if serve.Viewer(r).MayKeep(o.Guide) && !o.When.Past() {
		f.Keep = f.URL("/desk/guides/" + o.Slug)
	}
	if o.When.Past() {
		f.NoIndex, f.Now = true, f.URL(path)
		if o.Edition != nil {
			f.Past = l.T("guide.past.edition", "Number", l.Number(o.Edition.Number), "Date", l.Date(o.Edition.Date))
		} else {
			f.Past = l.T("guide.past.day", "Date", l.Date(o.Day()))
		}
	}
	return f
}

// tree lists the entries, all of them or only those around one.
func (f *guideFrame) tree(around *library.GuideEntry) []treeEntry {
	o := f.opened
	var open library.ID
	for at := around; at != nil; at = o.Page(at.Parent) {
		open = at.ID
	}
	entry := func(e *library.GuideEntry) treeEntry {
		title, lang := e.Titles.In(f.L.Tag, o.Language())
		return treeEntry{URL: f.URL("/guides/" + o.Slug + "/" + e.Slug + f.Suffix), Title: plain(title, lang),
			Current: around != nil && e.ID == around.ID, Staff: e.Audience != library.Public}
	}
	var out []treeEntry
	for _, e := range o.Live() {
		if e.Parent == "" {
			t := entry(e)
			for _, child := range o.Live() {
				if child.Parent != "" && o.Depth(child) > 0 && top(o, child) == e.ID && (around == nil || e.ID == open) {
					t.Children = append(t.Children, entry(child))
				}
			}
			out = append(out, t)
		}
	}
	return out
}

// top gives the chapter that an entry lies in.
func top(o *guide.Opened, e *library.GuideEntry) library.ID {
	at := e
	for at.Parent != "" && o.Page(at.Parent) != nil {
		at = o.Page(at.Parent)
	}
	return at.ID
}

// place leads a lasting address to where a guide, an entry or a section stands.
func (s *Site) place(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	p, err := s.Guides.Place(r.Context(), serve.Viewer(r), library.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	to := "/" + l.Tag + "/guides/" + url.PathEscape(p.Guide)
	if p.Entry != "" {
		to += "/" + url.PathEscape(p.Entry)
	}
	if p.Section != "" {
		to += "#" + anchor(p.Section)
	}
	w.Header().Set("Cache-Control", "no-cache")
	http.Redirect(w, r, to, http.StatusFound)
	return nil
}

func anchor(id library.ID) string { return "s-" + string(id) }
