package site

import (
	"cmp"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// deskSectionPage is pages/desksection.html: a section as a form, one language
// at a time beside the text that it is translated from.
type deskSectionPage struct {
	guideDeskFrame
	New                   bool
	Action, Public, Keep  string
	Base                  int64
	Lang, Dir, LangLabel  string
	Tongues               []tongueView
	Text                  library.Writing // as it is written
	Class                 string
	Summary, Reason       string
	Classes               []choice
	AskReason             bool   // the place has no text of its own yet
	Inherited             bool   // the text is the base's
	Locked                bool   // and must stand
	TheirTitle, TheirBody string // what another made of it meanwhile
	Side                  *sideView
	Preview               template.HTML
	PreviewTitle          string
	Kept, KeptURL, Drop   string
	Answer                link // to what the base asks, or to decide otherwise
	Types, Forces         []choice
	Audiences, Entries    []choice
	FromBase              bool
	Place, Review, Entry  string // addresses
	Saw, Due, Reviewed    string
}

// sideView is the text that a translation is made from.
type sideView struct {
	Lang, Dir, Label, Title string
	Marks                   []markView // what changed since the translation was made
	Changed                 bool
}

// keptSection reads a section with its guide for one who may change it.
func (s *Site) keptSection(r *http.Request, lang string) (*guide.Opened, guide.Reading, error) {
	v := serve.Viewer(r)
	o, reading, err := s.Guides.Section(r.Context(), v, library.ID(r.PathValue("id")), lang)
	if err == nil && !v.MayKeep(o.Guide) {
		err = library.Errorf(library.NotFound, "the guide %s is kept by others", o.Slug)
	}
	return o, reading, err
}

func (s *Site) deskSection(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	values := r.URL.Query()
	o, reading, err := s.keptSection(r, values.Get("lang"))
	if err != nil {
		return err
	}
	lang := textLanguage(o, values.Get("lang"))
	p := s.deskSectionFrame(r, l, o, reading, lang)
	c := standingText(o, reading, lang)
	kept, filled, err := s.kept(r, reading.ID)
	if err != nil {
		return err
	}
	if kept != nil {
		p.Kept, p.KeptURL = l.T("desk.kept", "Date", l.Day(kept.At)), p.Action+"?kept=1&lang="+url.QueryEscape(filled.Get("lang"))
	}
	if kept != nil && values.Get("kept") != "" {
		c = changeOf(filled, reading.ID)
		c.Read = kept.Base
		p.Kept = ""
		if c.Lang != lang {
			p = s.deskSectionFrame(r, l, o, reading, textLanguage(o, c.Lang))
		}
	}
	return s.showSection(w, r, p, o, reading, c)
}

// standingText gives what stands of a section as a change to begin with.
func standingText(o *guide.Opened, r guide.Reading, lang string) guide.Change {
	c := guide.Change{Section: r.ID, Read: r.Version, Lang: lang}
	text := r.All()[lang]
	if text.Body == "" && lang == o.Language() {
		text, _ = r.Original()
	}
	c.Heading, c.Body = text.Heading, text.Body
	if lang != o.Language() {
		c.Class = library.Editorial
	}
	return c
}

// changeOf reads a form of a section.
func changeOf(f url.Values, id library.ID) guide.Change {
	return guide.Change{Section: id, Lang: f.Get("lang"), Heading: strings.TrimSpace(f.Get("heading")),
		Body: strings.TrimSpace(strings.ReplaceAll(f.Get("body"), "\r\n", "\n")), Class: library.ChangeClass(f.Get("class")),
		Summary: strings.TrimSpace(f.Get("summary")), Reason: strings.TrimSpace(f.Get("reason"))}
}

func (s *Site) deskSectionFrame(r *http.Request, l *locale.Language, o *guide.Opened, reading guide.Reading, lang string) deskSectionPage {
	base := "/desk/sections/" + string(reading.ID)
	crumbs := []link{guideCrumb(l, o.Guide)}
	if e := o.Page(reading.In); e != nil {
		title, _ := e.Titles.In(l.Tag, o.Language())
		crumbs = append(crumbs, link{Label: title, URL: crumbs[0].URL + "/entries/" + string(e.ID)})
	}
	p := deskSectionPage{guideDeskFrame: s.guideDeskFrame(r, l, plain(headingOf(o, reading), reading.Lang), crumbs...)}
	p.Action, p.Public, p.Keep, p.Drop = p.URL(base), p.URL("/g/"+string(reading.ID)), p.URL(base+"/keep"), p.URL(base+"/drop")
	p.Place, p.Review = p.URL(base+"/place"), p.URL(base+"/review")
	p.Lang, p.Dir, p.LangLabel = lang, locale.Direction(lang), s.Vocabularies.Languages.Label(lang, l.Tag)
	p.FromBase = reading.Derived != nil && reading.Derived.Parent != ""
	p.Inherited = p.FromBase && len(reading.Texts) == 0
	p.AskReason = p.Inherited
	if p.FromBase && reading.Parent != nil {
		p.Answer = link{Label: l.T("guidedesk.answer"), URL: p.URL(base + "/answer")}
		p.Locked = guide.Lock(reading.Parent, reading.Derived.Deviation, o.Day()) != nil
	}
	for _, tag := range o.Languages {
		t := tongueView{Tag: tag, Name: s.Vocabularies.Languages.Label(tag, tag), URL: p.Action + "?lang=" + tag, Current: tag == lang}
		if state := reading.Tongues[tag]; state == guide.Behind || state == guide.Missing {
			t.State, t.Behind = l.T("guidedesk.tongue."+string(state)), state == guide.Behind
		}
		p.Tongues = append(p.Tongues, t)
	}
	return p
}

// showSection shows the form of a section with what a person wrote.
func (s *Site) showSection(w http.ResponseWriter, r *http.Request, p deskSectionPage, o *guide.Opened, reading guide.Reading, c guide.Change) error {
	l, v := p.L, serve.Viewer(r)
	p.Base, p.Text, p.Class, p.Summary, p.Reason = c.Read, library.Writing{Heading: c.Heading, Body: c.Body}, string(c.Class), c.Summary, c.Reason
	p.Classes = classes(l, c.Class)
	if err := s.beside(r, &p, o, reading); err != nil {
		return err
	}
	for _, t := range guide.SectionTypes() {
		p.Types = append(p.Types, choice{string(t), l.T("guidedesk.kind." + string(t)), t == reading.Type})
	}
	for _, f := range guide.Forces() {
		p.Forces = append(p.Forces, choice{string(f), l.T("guidedesk.force." + string(f)), f == reading.Force})
	}
	p.Audiences = audienceChoices(l, v, reading.Own, true)
	p.Entries = parents(l, o, "", reading.In)[1:]
	own := guide.Own(reading.Section, o.Guide)
	state, review := guide.Reviewed(reading.Section, own, o.Day())
	p.Saw, p.Due = reading.Says(own), string(library.Date(o.On().AddDate(1, 0, 0).Format("2006-01-02")))
	if p.Reviewed = l.T("guide.review.due", "Date", l.Date(review.Due)); state != guide.ReviewedWell {
		p.Reviewed = reviewState(l, state, review)
	}
	status := http.StatusOK
	switch {
	case p.TheirTitle != "" || p.TheirBody != "":
		status = http.StatusConflict
	case p.Problem != "":
		status = http.StatusUnprocessableEntity
	}
	return s.show(w, status, "desksection", p)
}

func classes(l *locale.Language, chosen library.ChangeClass) []choice {
	var out []choice
	for _, c := range []library.ChangeClass{library.Editorial, library.Clarification, library.Substantive, library.Safety} {
		out = append(out, choice{string(c), l.T("guidedesk.class." + string(c)), c == chosen})
	}
	return out
}

// beside puts the original beside a translation, with what changed in it since.
func (s *Site) beside(r *http.Request, p *deskSectionPage, o *guide.Opened, reading guide.Reading) error {
	text, original := reading.Original()
	if original == "" || p.Lang == original || text.Body == "" {
		return nil
	}
	was, ok, err := s.Guides.MadeFrom(r.Context(), serve.Viewer(r), reading, p.Lang)
	if err != nil {
		return err
	}
	p.Side = &sideView{Lang: original, Dir: locale.Direction(original), Label: s.Vocabularies.Languages.Label(original, p.L.Tag), Title: text.Heading,
		Marks: []markView{{Text: text.Body}}}
	if ok && was.Hash() != text.Hash() {
		p.Side.Marks, p.Side.Changed = marksOf(was.Body, text.Body), true
	}
	return nil
}

// saveSection takes the form of a section: it is kept, looked at, or published
// once its writer has seen whom the change touches.
func (s *Site) saveSection(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	f := r.PostForm
	o, reading, err := s.keptSection(r, f.Get("lang"))
	if err != nil {
		return err
	}
	c := changeOf(f, reading.ID)
	if c.Read, err = number(f, "base"); err != nil {
		return err
	}
	p := s.deskSectionFrame(r, l, o, reading, c.Lang)
	theirs := reading.Texts[c.Lang]
	for _, field := range f["take"] { // what the other person made of it is taken
		switch field {
		case "heading":
			c.Heading = theirs.Heading
		case "body":
			c.Body = theirs.Body
		}
	}
	switch f.Get("do") {
	case "keep":
		f.Set("section", "1")
		if err := s.keepForm(r, reading.ID, c.Read, f); err != nil {
			return err
		}
		return p.done(w, r, "/desk/sections/"+string(reading.ID)+"?lang="+url.QueryEscape(c.Lang), "kept")
	case "preview":
		if p.Preview, err = s.written(l, c.Body, guide.Look{Fill: o.Fill(c.Lang)}); err != nil {
			return err
		}
		p.PreviewTitle = guide.Line(c.Heading, o.Fill(c.Lang))
		return s.showSection(w, r, p, o, reading, c)
	case "back":
		return s.showSection(w, r, p, o, reading, c)
	}
	return s.publishing(w, r, p, o, reading, c)
}

// publishing brings a change to the version that stands, shows whom it touches,
// and when that was seen publishes it.
func (s *Site) publishing(w http.ResponseWriter, r *http.Request, p deskSectionPage, o *guide.Opened, reading guide.Reading, c guide.Change) error {
	ctx, v := r.Context(), serve.Viewer(r)
	c, clash, err := s.Guides.Rebase(ctx, v, c)
	if err != nil {
		return err
	}
	if clash != nil {
		p.Problem = p.L.T("desk.clash", "Who", clash.By, "Date", p.L.Day(clash.At))
		if clash.Heading {
			p.TheirTitle = cmp.Or(clash.Theirs.Heading, "–")
		}
		if clash.Body {
			p.TheirBody = cmp.Or(clash.Theirs.Body, "–")
		}
		return s.showSection(w, r, p, o, reading, c)
	}
	err = s.Guides.Check(ctx, v, c)
	if problem, ok := guideFault(p.L, err); ok {
		p.Problem = problem
		return s.showSection(w, r, p, o, reading, c)
	}
	if err != nil {
		return err
	}
	impact, err := s.Guides.Impact(ctx, v, c)
	if err != nil {
		return err
	}
	seen := sight(c, impact)
	if r.PostForm.Get("do") != "publish" || r.PostForm.Get("seen") != seen {
		return s.showPublish(w, r, p, o, reading, c, impact, seen)
	}
	if err := s.Guides.Write(ctx, v, c); err != nil {
		return err
	}
	if err := s.Forms.DropForm(ctx, v, reading.ID); err != nil {
		return err
	}
	return p.done(w, r, "/desk/sections/"+string(reading.ID)+"?lang="+url.QueryEscape(c.Lang), "published")
}
