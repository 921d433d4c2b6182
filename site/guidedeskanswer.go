package site

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// answerPage is pages/deskanswer.html: what changed in the base, what the place
// says, and what the two would be together, with the answers that there are.
type answerPage struct {
	guideDeskFrame
	Action, Edit         string
	Base                 int64
	Saw                  string
	State, Class, Due    string
	Overdue, Urgent      bool
	Waits, Gone          bool // the base has changed; it has ended
	Locked               bool // the section must stand
	Changed              diffView
	Local                diffView
	Proposed             diffView
	Own, Clean, Conflict bool
	TextTitle, Text      string // to be edited
	Reason               string
	Chosen               string
	Notes                []titleRow
	Deviation            string
	Offered              []offeredRow
	Decision, Decided    string
}

// offeredRow is a proposal that the place has made, and what became of it.
type offeredRow struct{ At, State, Reply string }

// keptDerived reads a section that derives from one of a base.
func (s *Site) keptDerived(r *http.Request) (*guide.Opened, guide.Reading, error) {
	o, reading, err := s.keptSection(r, "")
	if err == nil && (reading.Derived == nil || reading.Parent == nil || reading.Ended != nil) {
		err = library.Errorf(library.NotFound, "the section %s derives from none", reading.ID)
	}
	return o, reading, err
}

func (s *Site) deskAnswer(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	o, reading, err := s.keptDerived(r)
	if err != nil {
		return err
	}
	return s.showAnswer(w, r, l, o, reading, "")
}

func (s *Site) showAnswer(w http.ResponseWriter, r *http.Request, l *locale.Language, o *guide.Opened, reading guide.Reading, problem string) error {
	prop, err := s.Guides.Propose(r.Context(), o, reading)
	if err != nil {
		return err
	}
	d, drift, f := reading.Derived, reading.Drift, r.PostForm
	p := answerPage{guideDeskFrame: s.guideDeskFrame(r, l, plain(headingOf(o, reading), reading.Lang), guideCrumb(l, o.Guide),
		link{Label: l.T("guidedesk.drift"), URL: "/" + l.Tag + "/desk/guides/" + o.Slug + "/drift"}), Base: reading.Version, Saw: prop.Saw}
	at := "/desk/sections/" + string(reading.ID)
	p.Action, p.Edit, p.Problem = p.URL(at+"/answer"), p.URL(at), problem
	p.State, p.Overdue, p.Urgent = l.T("guide.state."+string(drift.State)), drift.Overdue, drift.Class == library.Safety
	p.Waits, p.Gone = drift.State.Waiting(), reading.Parent.Ended != nil
	if drift.Class != "" {
		p.Class = l.T("guide.class." + string(drift.Class))
	}
	if !drift.Due.IsZero() {
		p.Due = l.T("guide.due", "Date", l.Day(drift.Due))
	}
	p.Locked = guide.Lock(reading.Parent, d.Deviation, o.Day()) != nil
	p.Changed = diffView{Lang: d.Lang, Dir: locale.Direction(d.Lang), Marks: marksOf(prop.Base.Body, prop.Global.Body)}
	for _, c := range drift.Changes {
		p.Changed.Summaries = append(p.Changed.Summaries, l.Day(c.At)+": "+c.Summary)
	}
	p.Local = diffView{Lang: o.Language(), Dir: locale.Direction(o.Language()), Marks: []markView{{Text: prop.Local.Body}}}
	p.Own, p.Clean, p.Conflict = len(reading.Texts) > 0, prop.Clean, guide.Undecided(prop.Text)
	p.Proposed = diffView{Lang: o.Language(), Dir: locale.Direction(o.Language()), Marks: marksOf(prop.Local.Body, prop.Text)}
	p.TextTitle, p.Text = cmp.Or(f.Get("heading"), prop.Local.Heading), cmp.Or(f.Get("body"), prop.Text)
	p.Reason, p.Chosen = f.Get("reason"), f.Get("answer")
	if p.Reason == "" {
		p.Reason, _ = d.Reason.In(o.Language())
	}
	p.Decision, p.Decided = l.T("guide.decision."+string(d.Decision)), l.Day(d.At)+", "+d.By
	if d.Deviation != nil {
		p.Deviation = l.T("guide.deviation", "Authority", d.Deviation.Authority, "Basis", d.Deviation.LegalBasis)
	}
	for _, lang := range o.Languages {
		p.Notes = append(p.Notes, titleRow{lang, locale.Direction(lang), s.Vocabularies.Languages.Label(lang, l.Tag), reading.Notes[lang]})
	}
	offered, err := s.Guides.Offered(r.Context(), serve.Viewer(r), reading.Section)
	if err != nil {
		return err
	}
	for _, f := range offered {
		p.Offered = append(p.Offered, offeredRow{l.Day(f.Created), l.T("guidedesk.said." + string(f.State)), f.Reply})
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.show(w, status, "deskanswer", p)
}

// saveAnswer takes what a place answers to its base.
func (s *Site) saveAnswer(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	o, reading, err := s.keptDerived(r)
	if err != nil {
		return err
	}
	err = s.answer(r, o, reading)
	if problem, ok := guideFault(l, err); ok {
		return s.showAnswer(w, r, l, o, reading, problem)
	}
	if err != nil {
		return err
	}
	back := "/desk/guides/" + o.Slug + "/drift"
	if slices.Contains([]string{"note", "deviation", "offer"}, r.PostForm.Get("do")) {
		back = "/desk/sections/" + string(reading.ID) + "/answer"
	}
	return s.frame(r, l, "", "/desk").done(w, r, back, "saved")
}

// answer does what a form says of a section of an adaptation.
func (s *Site) answer(r *http.Request, o *guide.Opened, reading guide.Reading) error {
	ctx, v, f := r.Context(), serve.Viewer(r), r.PostForm
	reason := strings.TrimSpace(f.Get("reason"))
	switch f.Get("do") {
	case "note":
		return s.Guides.Supplement(ctx, v, reading.ID, textLanguage(o, f.Get("lang")), strings.TrimSpace(f.Get("note")))
	case "deviation":
		return s.Guides.Allow(ctx, v, reading.ID, library.Deviation{Reason: reason, LegalBasis: strings.TrimSpace(f.Get("legal")),
			Authority: strings.TrimSpace(f.Get("authority")), Expires: library.Date(f.Get("expires"))})
	case "offer":
		return s.Guides.Offer(ctx, v, reading.ID, reason)
	}
	read, err := number(f, "base")
	if err != nil {
		return err
	}
	a := guide.Answer{Section: reading.ID, Read: read, Saw: f.Get("saw"), Reason: reason, Heading: strings.TrimSpace(f.Get("heading")),
		Body: strings.TrimSpace(strings.ReplaceAll(f.Get("body"), "\r\n", "\n"))}
	switch f.Get("answer") {
	case "adopted":
		a.Resolution = guide.Accepted
	case "adapted":
		a.Resolution = guide.Joined
	case "kept":
		a.Resolution = guide.Kept
	case "omitted":
		a.Resolution = guide.LeftOut
	case "ended":
		return s.Guides.Retire(ctx, v, reading.ID, reason)
	}
	return s.Guides.Settle(ctx, v, a)
}
