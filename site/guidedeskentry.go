package site

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// number reads a number that a form holds.
func number(f url.Values, name string) (int64, error) {
	n, err := strconv.ParseInt(f.Get(name), 10, 64)
	if err != nil {
		return 0, &library.Error{Kind: library.Invalid, Field: name, Err: err}
	}
	return n, nil
}

// filledText gives a text without the languages that hold nothing.
func filledText(t library.Text) library.Text {
	out := library.Text{}
	for lang, s := range t {
		if s = strings.TrimSpace(s); s != "" {
			out[lang] = s
		}
	}
	return out
}

// deskEntryPage is pages/deskentry.html: an entry of a guide as a form.
type deskEntryPage struct {
	guideDeskFrame
	Action, Public, Add string
	Version             int64
	Titles              []titleRow
	Slug, Owner         string
	Keywords            string
	Parents, Audiences  []choice
	Sections            []deskSectionMove
}

// titleRow is the title of an entry in one language.
type titleRow struct{ Lang, Dir, Label, Title string }

type deskSectionMove struct {
	ID          library.ID
	Title       link
	First, Last bool
}

// keptEntry opens a guide and one of its entries for one who may change it.
func (s *Site) keptEntry(r *http.Request) (*guide.Opened, *library.GuideEntry, error) {
	o, err := s.keptGuide(r)
	if err != nil {
		return nil, nil, err
	}
	e := o.Page(library.ID(r.PathValue("entry")))
	if e == nil || e.Ended != nil {
		return nil, nil, library.Errorf(library.NotFound, "the guide %s has no entry %s", o.Slug, r.PathValue("entry"))
	}
	return o, e, nil
}

func (s *Site) deskEntry(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	o, e, err := s.keptEntry(r)
	if err != nil {
		return err
	}
	return s.showDeskEntry(w, r, l, o, e, "")
}

func (s *Site) showDeskEntry(w http.ResponseWriter, r *http.Request, l *locale.Language, o *guide.Opened, e *library.GuideEntry, problem string) error {
	title, lang := e.Titles.In(l.Tag, o.Language())
	base := "/desk/guides/" + o.Slug + "/entries/" + string(e.ID)
	p := deskEntryPage{guideDeskFrame: s.guideDeskFrame(r, l, plain(title, lang), guideCrumb(l, o.Guide)), Version: e.Version, Slug: e.Slug, Owner: e.Owner,
		Keywords: strings.Join(e.Keywords, ", ")}
	p.Action, p.Add, p.Public, p.Problem = p.URL(base), p.URL(base+"/sections"), p.URL("/guides/"+o.Slug+"/"+e.Slug), problem
	for _, lang := range o.Languages {
		p.Titles = append(p.Titles, titleRow{lang, locale.Direction(lang), s.Vocabularies.Languages.Label(lang, l.Tag), e.Titles[lang]})
	}
	p.Parents = parents(l, o, e.ID, e.Parent)
	p.Audiences = audienceChoices(l, serve.Viewer(r), e.Own, true)
	readings, err := s.Guides.Sections(r.Context(), o, e.ID, o.Language())
	if err != nil {
		return err
	}
	for _, reading := range readings {
		if reading.Ended == nil {
			p.Sections = append(p.Sections, deskSectionMove{ID: reading.ID, Title: link{Label: headingOf(o, reading), URL: p.URL("/desk/sections/" + string(reading.ID))}})
		}
	}
	if n := len(p.Sections); n > 0 {
		p.Sections[0].First, p.Sections[n-1].Last = true, true
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.show(w, status, "deskentry", p)
}

// actOnEntry saves, moves or ends an entry, or moves one of its sections.
func (s *Site) actOnEntry(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	o, e, err := s.keptEntry(r)
	if err != nil {
		return err
	}
	v, f, ctx := serve.Viewer(r), r.PostForm, r.Context()
	base := "/desk/guides/" + o.Slug
	back := base + "/entries/" + string(e.ID)
	switch do, id, _ := strings.Cut(f.Get("do"), " "); do {
	case "save":
		var read int64
		if read, err = number(f, "base"); err == nil {
			titles := library.Text{}
			for _, lang := range o.Languages {
				titles[lang] = f.Get("title." + lang)
			}
			err = s.Guides.EditEntry(ctx, v, o, e.ID, read, guide.EntryFields{Parent: library.ID(f.Get("parent")), Slug: strings.TrimSpace(f.Get("slug")),
				Titles: filledText(titles), Owner: strings.TrimSpace(f.Get("owner")), Keywords: words(f.Get("keywords")), Own: library.Audience(f.Get("audience"))})
		}
	case "up":
		err = s.Guides.MoveEntry(ctx, v, o, e.ID, -1)
	case "down":
		err = s.Guides.MoveEntry(ctx, v, o, e.ID, 1)
	case "section-up":
		err = s.Guides.MoveSection(ctx, v, library.ID(id), -1)
	case "section-down":
		err = s.Guides.MoveSection(ctx, v, library.ID(id), 1)
	case "end":
		back = base
		err = s.Guides.EndEntry(ctx, v, o, e.ID, f.Get("why"))
	default:
		return library.Errorf(library.Invalid, "an entry is not %q", f.Get("do"))
	}
	if problem, ok := guideFault(l, err); ok {
		return s.showDeskEntry(w, r, l, o, e, problem)
	}
	if err != nil {
		return err
	}
	return s.frame(r, l, "", "/desk").done(w, r, back, "saved")
}

// words reads a list of words with commas between.
func words(s string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == '،' || r == '，' }) {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}
