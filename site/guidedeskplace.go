package site

import (
	"errors"
	"net/http"
	"time"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// placeSection sets what is said of a section beside its text, or ends it.
func (s *Site) placeSection(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	o, reading, err := s.keptSection(r, "")
	if err != nil {
		return err
	}
	v, f, ctx := serve.Viewer(r), r.PostForm, r.Context()
	back := "/desk/sections/" + string(reading.ID)
	if f.Get("do") == "end" {
		err = s.Guides.Retire(ctx, v, reading.ID, f.Get("why"))
		back = "/desk/guides/" + o.Slug
	} else {
		var read int64
		if read, err = number(f, "base"); err == nil {
			err = s.Guides.PlaceSection(ctx, v, reading.ID, read, guide.SectionFields{In: library.ID(f.Get("entry")), Type: library.SectionType(f.Get("kind")),
				Force: library.Force(f.Get("force")), Own: library.Audience(f.Get("audience"))})
		}
	}
	return s.sectionDone(w, r, l, o, reading, back, err)
}

// sectionDone leads on after an act on a section, or shows it with what is wrong.
func (s *Site) sectionDone(w http.ResponseWriter, r *http.Request, l *locale.Language, o *guide.Opened, reading guide.Reading, back string, err error) error {
	if problem, ok := guideFault(l, err); ok {
		p := s.deskSectionFrame(r, l, o, reading, o.Language())
		p.Problem = problem
		return s.showSection(w, r, p, o, reading, standingText(o, reading, o.Language()))
	}
	if err != nil {
		return err
	}
	return s.frame(r, l, "", "/desk").done(w, r, back, "saved")
}

// reviewSection notes that a person has read the text that stands, and when it
// is to be read again.
func (s *Site) reviewSection(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	o, reading, err := s.keptSection(r, "")
	if err != nil {
		return err
	}
	f := r.PostForm
	day, err := time.Parse(time.DateOnly, f.Get("due"))
	if err != nil {
		err = errors.Join(&library.Error{Kind: library.Invalid, Field: "due", Err: err})
	} else {
		note := ""
		if f.Get("outcome") == "wanting" {
			if note = f.Get("note"); note == "" {
				err = &library.Error{Kind: library.Invalid, Field: "note"}
			}
		}
		if err == nil {
			err = s.Guides.Confirm(r.Context(), serve.Viewer(r), reading.ID, guide.Own(reading.Section, o.Guide), f.Get("saw"), library.Date(day.Format(time.DateOnly)), note)
		}
	}
	return s.sectionDone(w, r, l, o, reading, "/desk/sections/"+string(reading.ID), err)
}

// newSection shows the form of a section that is to be.
func (s *Site) newSection(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	o, e, err := s.keptEntry(r)
	if err != nil {
		return err
	}
	return s.showNewSection(w, r, l, o, e, guide.Change{}, guide.SectionFields{Type: library.PlainSection, Force: library.Should}, "")
}

func (s *Site) showNewSection(w http.ResponseWriter, r *http.Request, l *locale.Language, o *guide.Opened, e *library.GuideEntry, c guide.Change, f guide.SectionFields, problem string) error {
	title, _ := e.Titles.In(l.Tag, o.Language())
	at := "/desk/guides/" + o.Slug + "/entries/" + string(e.ID)
	p := deskSectionPage{guideDeskFrame: s.guideDeskFrame(r, l, plain(l.T("guidedesk.section.new"), l.Tag), guideCrumb(l, o.Guide),
		link{Label: title, URL: "/" + l.Tag + at}), New: true}
	p.Action, p.Problem = p.URL(at+"/sections"), problem
	p.Lang, p.Dir, p.LangLabel = o.Language(), locale.Direction(o.Language()), s.Vocabularies.Languages.Label(o.Language(), l.Tag)
	p.Text, p.Reason, p.AskReason = library.Writing{Heading: c.Heading, Body: c.Body}, c.Reason, o.Base != ""
	for _, t := range guide.SectionTypes() {
		p.Types = append(p.Types, choice{string(t), l.T("guidedesk.kind." + string(t)), t == f.Type})
	}
	for _, force := range guide.Forces() {
		p.Forces = append(p.Forces, choice{string(force), l.T("guidedesk.force." + string(force)), force == f.Force})
	}
	p.Audiences = audienceChoices(l, serve.Viewer(r), f.Own, true)
	if r.PostFormValue("do") == "preview" {
		html, err := s.written(l, c.Body, guide.Look{Fill: o.Fill(o.Language())})
		if err != nil {
			return err
		}
		p.Preview, p.PreviewTitle = html, guide.Line(c.Heading, o.Fill(o.Language()))
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.show(w, status, "desksection", p)
}

// addSection puts a new section into an entry.
func (s *Site) addSection(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	o, e, err := s.keptEntry(r)
	if err != nil {
		return err
	}
	f := r.PostForm
	c := changeOf(f, "")
	fields := guide.SectionFields{In: e.ID, Type: library.SectionType(f.Get("kind")), Force: library.Force(f.Get("force")), Own: library.Audience(f.Get("audience"))}
	if f.Get("do") == "preview" {
		return s.showNewSection(w, r, l, o, e, c, fields, "")
	}
	id, err := s.Guides.AddSection(r.Context(), serve.Viewer(r), o, fields, c)
	if problem, ok := guideFault(l, err); ok {
		return s.showNewSection(w, r, l, o, e, c, fields, problem)
	}
	if err != nil {
		return err
	}
	return s.frame(r, l, "", "/desk").done(w, r, "/desk/sections/"+string(id), "published")
}
