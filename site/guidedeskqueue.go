package site

import (
	"net/http"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// reviewsPage is pages/deskreviews.html: the sections whose review waits.
type reviewsPage struct {
	guideDeskFrame
	Groups []reviewGroup
}

// reviewGroup holds the sections that wait for one reason.
type reviewGroup struct {
	Heading string
	Count   string
	Rows    []reviewRow
	More    string
}

type reviewRow struct {
	Section, Guide link
	State          string
	Late           bool
}

func (s *Site) deskReviews(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	due, err := s.Guides.Reviews(r.Context(), serve.Viewer(r))
	if err != nil {
		return err
	}
	p := reviewsPage{guideDeskFrame: s.guideDeskFrame(r, l, plain(l.T("guidedesk.reviews"), l.Tag))}
	for _, state := range []guide.Reviewing{guide.PastDue, guide.FoundWanting, guide.ChangedSince, guide.DueSoon, guide.NeverReviewed} {
		group, n := reviewGroup{Heading: l.T("guidedesk.reviews." + string(state))}, 0
		for _, d := range due {
			if d.State != state {
				continue
			}
			if n++; n > maxWaiting {
				continue
			}
			heading := d.Section.Texts[d.Lang].Heading
			if heading == "" {
				heading = d.Section.Name
			}
			group.Rows = append(group.Rows, reviewRow{link{Label: heading, URL: p.URL("/desk/sections/" + string(d.Section.ID))}, guideCrumb(l, d.Guide),
				reviewState(l, d.State, d.Review), d.State == guide.PastDue})
		}
		if group.Count = l.Number(n); n > maxWaiting {
			group.More = l.T("guidedesk.more", "Count", l.Number(n-maxWaiting))
		}
		if n > 0 {
			p.Groups = append(p.Groups, group)
		}
	}
	return s.show(w, http.StatusOK, "deskreviews", p)
}

// deskFeedbackPage is pages/deskfeedback.html: what readers said, and what
// places propose, to be decided on.
type deskFeedbackPage struct {
	guideDeskFrame
	Rows []saidRow
}

type saidRow struct {
	ID            library.ID
	Kind, At      string
	Section, From link
	Text, Contact string
	Action        string
	Stale         bool // the section says something else by now
	Reply         string
	Lang, Dir     string
}

func (s *Site) deskFeedback(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	return s.showDeskFeedback(w, r, l, "")
}

func (s *Site) showDeskFeedback(w http.ResponseWriter, r *http.Request, l *locale.Language, problem string) error {
	v := serve.Viewer(r)
	open, err := s.Guides.Feedback(r.Context(), v)
	if err != nil {
		return err
	}
	p := deskFeedbackPage{guideDeskFrame: s.guideDeskFrame(r, l, plain(l.T("guidedesk.feedback"), l.Tag))}
	p.Problem = problem
	for _, f := range open {
		o, reading, err := s.Guides.Section(r.Context(), v, f.Section, f.Lang)
		if library.KindOf(err) == library.NotFound || err == nil && !v.MayKeep(o.Guide) {
			continue
		}
		if err != nil {
			return err
		}
		row := saidRow{ID: f.ID, Kind: l.T("guide.feedback." + string(f.Kind)), At: l.Day(f.Created), Text: f.Text, Contact: f.Contact,
			Section: link{Label: guideCrumb(l, o.Guide).Label + ": " + headingOf(o, reading), URL: p.URL("/desk/sections/" + string(f.Section))},
			Action:  p.URL("/desk/feedback/" + string(f.ID)), Stale: f.Hash != "" && f.Hash != reading.Says(f.Lang), Lang: f.Lang, Dir: locale.Direction(f.Lang)}
		if f.From != "" {
			if from, local, err := s.Guides.Section(r.Context(), v, f.From, ""); err == nil {
				row.From = link{Label: guideCrumb(l, from.Guide).Label + ": " + headingOf(from, local), URL: p.URL("/g/" + string(f.From))}
			}
		}
		if r.PathValue("id") == string(f.ID) {
			row.Reply = r.PostFormValue("reply")
		}
		p.Rows = append(p.Rows, row)
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.show(w, status, "deskfeedback", p)
}

// decideFeedback notes what became of what a reader said.
func (s *Site) decideFeedback(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v := serve.Viewer(r)
	f, err := s.Guides.Said(r.Context(), v, library.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	err = s.Guides.Decide(r.Context(), v, f, library.FeedbackState(r.PostForm.Get("state")), r.PostForm.Get("reply"))
	if problem, ok := guideFault(l, err); ok {
		return s.showDeskFeedback(w, r, l, problem)
	}
	if err != nil {
		return err
	}
	return s.frame(r, l, "", "/desk").done(w, r, "/desk/feedback", "saved")
}

// linksPage is pages/desklinks.html: links in guides that lead nowhere.
type linksPage struct {
	guideDeskFrame
	Rows []brokenRow
}

type brokenRow struct {
	Section  link
	Lang, To string
}

func (s *Site) deskLinks(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	broken, err := s.Guides.BrokenLinks(r.Context(), serve.Viewer(r))
	if err != nil {
		return err
	}
	p := linksPage{guideDeskFrame: s.guideDeskFrame(r, l, plain(l.T("guidedesk.links"), l.Tag))}
	for _, b := range broken {
		heading := b.Section.Texts[b.Lang].Heading
		if heading == "" {
			heading = b.Section.Name
		}
		p.Rows = append(p.Rows, brokenRow{link{Label: guideCrumb(l, b.Guide).Label + ": " + heading,
			URL: p.URL("/desk/sections/"+string(b.Section.ID)) + "?lang=" + b.Lang}, s.Vocabularies.Languages.Label(b.Lang, l.Tag), b.To})
	}
	return s.show(w, http.StatusOK, "desklinks", p)
}
