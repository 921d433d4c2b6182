package site

import (
	"html/template"
	"slices"
	"strings"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
)

// sectionView is a section as pages show it.
type sectionView struct {
	L         *locale.Language
	Anchor    string
	Heading   text
	Type      string // of the section: text, steps, …
	Label     string // of a warning, a form, …
	Body      template.HTML
	Lang, Dir string
	Must      bool
	Staff     bool
	Notice    string // why the text is not in the reader's language, or behind it
	Marked    bool   // some paragraphs are marked as behind
	Origin    string // whose text it is
	Reason    string // of an adaptation
	Pending   link   // what changed in the base
	Urgent    bool   // it is about safety or law
	Note      template.HTML
	NoteDir   string
	Dates     []string
	Lasting   string
	Feedback  string
}

// goneView is a section that is not there any more, or not here.
type goneView struct {
	Anchor, Heading, Text string
	To                    []link
}

// sectionView shows a section in the reader's language.
func (s *Site) sectionView(f *guideFrame, r guide.Reading) (sectionView, error) {
	l, o := f.L, f.opened
	v := sectionView{L: l, Anchor: anchor(r.ID), Type: string(r.Type), Lang: r.Lang, Dir: locale.Direction(r.Lang), Must: r.Force == library.Must,
		Staff: r.Audience != library.Public, Lasting: "/g/" + string(r.ID)}
	fill := o.Fill(r.Lang)
	v.Heading = plain(guide.Line(r.Text.Heading, fill), r.Lang)
	body, err := s.written(l, r.Text.Body, guide.Look{Fill: fill, Marks: r.Marks})
	if err != nil {
		return v, err
	}
	v.Body = body
	if r.Type == library.SectionWarning {
		v.Label = l.T("guide.kind.warning")
	}
	switch {
	case r.Lang != l.Tag && slices.Contains(o.Languages, l.Tag):
		v.Notice = l.T("guide.untranslated", "Language", s.Vocabularies.Languages.Label(r.Lang, l.Tag))
	case r.Tongues[r.Lang] == guide.Behind && len(r.Marks) > 0:
		v.Notice, v.Marked = l.T("guide.behind.marked"), true
	case r.Tongues[r.Lang] == guide.Behind:
		v.Notice = l.T("guide.behind")
	}
	v.adapted(f, r)
	if note, lang := r.Notes.In(l.Tag, o.Language()); note != "" {
		if v.Note, err = s.written(l, note, guide.Look{Fill: fill}); err != nil {
			return v, err
		}
		v.NoteDir = locale.Direction(lang)
	}
	if c := r.Changed(); !c.At.IsZero() {
		v.Dates = append(v.Dates, l.T("guide.updated", "Date", l.Day(c.At)))
	}
	v.Dates = append(v.Dates, reviewed(l, o, r)...)
	if !o.When.Past() {
		v.Feedback = f.URL("/guides/" + o.Slug + "/-/feedback/" + string(r.ID))
	}
	return v, nil
}

// adapted says whose text a section of an adaptation is, and what waits.
func (v *sectionView) adapted(f *guideFrame, r guide.Reading) {
	l, o := f.L, f.opened
	if r.Derived == nil {
		return
	}
	v.Origin = l.T("guide.decision." + string(r.Derived.Decision))
	v.Reason, _ = r.Derived.Reason.In(l.Tag, o.Language())
	if r.Drift.State.Waiting() && !o.When.Past() {
		v.Urgent = r.Drift.Class == library.Safety
		v.Pending = link{Label: l.T("guide.state." + string(r.Drift.State)), URL: f.URL("/guides/" + o.Slug + "/-/update/" + string(r.ID))}
		if !r.Drift.Due.IsZero() {
			v.Pending.Count = l.T("guide.due", "Date", l.Day(r.Drift.Due))
		}
	}
}

// reviewed says who looked a section through, and when that is due again.
func reviewed(l *locale.Language, o *guide.Opened, r guide.Reading) []string {
	_, lang := r.Original()
	review, valid := r.Review(lang)
	if review.By == "" {
		return nil
	}
	if !valid {
		return []string{l.T("guide.review.stale", "Date", l.Day(review.At))}
	}
	dates := []string{l.T("guide.reviewed", "Date", l.Day(review.At), "Name", review.By)}
	if o.Day() > review.Due {
		return append(dates, l.T("guide.review.overdue", "Date", l.Date(review.Due)))
	}
	return append(dates, l.T("guide.review.due", "Date", l.Date(review.Due)))
}

// written gives the HTML of Markdown: it has passed the sanitiser of package
// guide, and what is put around tables here is our own.
func (s *Site) written(l *locale.Language, body string, look guide.Look) (template.HTML, error) {
	look.Resolve = func(to string) string {
		inward := guide.Lasting(to)
		for _, page := range []string{"/r/", "/g/", "/guides/", "/evidence", "/indicators"} {
			if strings.HasPrefix(inward, page) {
				return "/" + l.Tag + inward
			}
		}
		return to
	}
	html, err := s.Guides.Render.HTML(body, look)
	if err != nil {
		return "", err
	}
	html = strings.ReplaceAll(html, "<table>", `<div class="scroll" tabindex="0" role="region" aria-label="`+template.HTMLEscapeString(l.T("guide.table"))+`"><table>`)
	html = strings.ReplaceAll(html, "</table>", "</table></div>")
	return template.HTML(html), nil
}

// tongueView is the state of a language over some sections.
type tongueView struct {
	Tag, Name, State, URL string
	Current, Behind       bool
}

// tongues tells the state of each language of a guide over sections.
func (f *guideFrame) tongues(s *Site, readings []guide.Reading, path string) []tongueView {
	var out []tongueView
	for _, lang := range f.opened.Languages {
		behind, missing, all := 0, 0, 0
		for _, r := range readings {
			switch r.Tongues[lang] {
			case guide.Behind:
				behind++
			case guide.Missing:
				missing++
			case "":
				continue
			}
			all++
		}
		t := tongueView{Tag: lang, Name: s.Vocabularies.Languages.Label(lang, lang), Current: lang == f.L.Tag, Behind: behind > 0}
		switch {
		case behind == 0 && missing == 0:
			t.State = f.L.T("guide.tongue.whole")
		case missing == all:
			t.State = f.L.T("guide.tongue.none")
		default:
			var states []string
			if behind > 0 {
				states = append(states, f.L.N("guide.tongue.behind", behind, "All", f.L.Number(all)))
			}
			if missing > 0 {
				states = append(states, f.L.N("guide.tongue.missing", missing, "All", f.L.Number(all)))
			}
			t.State = f.L.List(states)
		}
		if other, ok := s.Locale.Language(lang); ok && missing < all {
			t.URL = "/" + other.Tag + path + f.Suffix
		}
		out = append(out, t)
	}
	return out
}
