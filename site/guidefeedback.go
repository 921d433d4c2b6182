package site

import (
	"net/http"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// feedbackPage is pages/guidefeedback.html: what a reader wants to say about a
// section.
type feedbackPage struct {
	guideFrame
	Heading string
	Section link
	Action  string
	Kinds   []link // URL holds the code
	Kind    string
	Text    string
	Contact string
	Fault   string
	Thanks  bool
}

// feedbackFrame finds the section that an address speaks of.
func (s *Site) feedbackFrame(r *http.Request, l *locale.Language) (*feedbackPage, guide.Reading, error) {
	o, _, err := s.openGuide(r, l)
	if err != nil {
		return nil, guide.Reading{}, err
	}
	readings, err := s.Guides.Sections(r.Context(), o, "", l.Tag)
	if err != nil {
		return nil, guide.Reading{}, err
	}
	for _, reading := range readings {
		if string(reading.ID) != r.PathValue("section") || reading.Lang == "" || reading.Ended != nil {
			continue
		}
		rest := "/-/feedback/" + string(reading.ID)
		p := &feedbackPage{guideFrame: s.inGuide(r, l, o, l.T("guide.feedback"), rest), Heading: l.T("guide.feedback")}
		p.NoIndex, p.Action = true, p.URL("/guides/"+o.Slug+rest)
		p.Section = link{Label: guide.Line(reading.Text.Heading, o.Fill(reading.Lang)), URL: p.sectionURL(reading)}
		for _, k := range library.FeedbackKinds() {
			p.Kinds = append(p.Kinds, link{Label: l.T("guide.feedback." + string(k)), URL: string(k)})
		}
		return p, reading, nil
	}
	return nil, guide.Reading{}, library.Errorf(library.NotFound, "the guide %s has no such section", o.Slug)
}

func (s *Site) guideFeedback(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	p, _, err := s.feedbackFrame(r, l)
	if err != nil {
		return err
	}
	p.Kind = string(library.FeedbackError)
	return s.show(w, http.StatusOK, "guidefeedback", p)
}

// takeFeedback keeps what a reader has sent.
func (s *Site) takeFeedback(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	p, reading, err := s.feedbackFrame(r, l)
	if err != nil {
		return err
	}
	p.Kind, p.Text, p.Contact = r.PostForm.Get("kind"), r.PostForm.Get("text"), r.PostForm.Get("contact")
	if r.PostForm.Get("website") != "" { // a field that people do not see
		p.Thanks = true
		return s.show(w, http.StatusOK, "guidefeedback", p)
	}
	if serve.Viewer(r).Person == "" { // one stranger does not bury the desk
		if err = s.Entrance.Porter.Receive(s.Entrance.From(r)); err != nil {
			return err
		}
	}
	err = s.Guides.Say(r.Context(), serve.Viewer(r), library.Feedback{Section: reading.ID, Lang: reading.Lang,
		Kind: library.FeedbackKind(p.Kind), Text: p.Text, Contact: p.Contact})
	if e, ok := asError(err); ok && e.Kind == library.Invalid {
		p.Fault = l.T("guide.feedback.fault")
		return s.show(w, http.StatusBadRequest, "guidefeedback", p)
	}
	if err != nil {
		return err
	}
	p.Thanks = true
	return s.show(w, http.StatusOK, "guidefeedback", p)
}
