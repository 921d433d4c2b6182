package site

import (
	"net/http"
	"strings"
	"time"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// deskGuidePage is pages/deskguide.html: one guide as those see it who keep it.
type deskGuidePage struct {
	guideDeskFrame
	Action, Public string
	Version        int64
	Entries        []deskEntryRow
	Parents        []choice
	Audiences      []choice
	EntryAudiences []choice
	Today          string
	Next           string // the number of the edition to be issued
	Changes        string // address of what changed since the last edition
	Unfilled       []string
	Values, Drift  string
	Drifting       string
	Slug, NewTitle string // of an entry that was not taken
}

// deskEntryRow is an entry with its sections.
type deskEntryRow struct {
	Title    link
	Depth    int
	Audience string // of those who may read it, when it is not everyone
	Sections []deskSectionRow
}

// deskSectionRow is a section with its state in each language.
type deskSectionRow struct {
	Title    link
	Audience string
	Decision string
	States   []string
	Waits    link // to the answer, when the base has changed
	Late     bool
}

func (s *Site) deskGuide(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	o, err := s.keptGuide(r)
	if err != nil {
		return err
	}
	return s.showDeskGuide(w, r, l, o, "")
}

func (s *Site) showDeskGuide(w http.ResponseWriter, r *http.Request, l *locale.Language, o *guide.Opened, problem string) error {
	v := serve.Viewer(r)
	title, lang := o.Titles.In(l.Tag, o.Language())
	base := "/desk/guides/" + o.Slug
	p := deskGuidePage{guideDeskFrame: s.guideDeskFrame(r, l, plain(title, lang)), Version: o.Version, Today: string(o.Day()),
		Slug: r.PostFormValue("slug"), NewTitle: r.PostFormValue("title")}
	p.Action, p.Public, p.Problem = p.URL(base), p.URL("/guides/"+o.Slug), problem
	readings, err := s.Guides.Sections(r.Context(), o, "", o.Language())
	if err != nil {
		return err
	}
	name := func(lang string) string { return s.Vocabularies.Languages.Label(lang, l.Tag) }
	p.rows(o, readings, name)
	p.Parents = parents(l, o, "", "")
	p.Audiences = audienceChoices(l, v, o.Audience, false)
	p.EntryAudiences = audienceChoices(l, v, "", true)
	p.Next = l.Number(1)
	if len(o.Editions) > 0 {
		p.Next = l.Number(o.Editions[0].Number + 1)
		p.Changes = p.URL("/guides/" + o.Slug + "/-/changes?from=" + l.Number(o.Editions[0].Number))
	}
	for _, param := range o.Unfilled() {
		label, _ := param.Labels.In(l.Tag, o.Language())
		p.Unfilled = append(p.Unfilled, label)
	}
	if len(o.Frames) > 0 {
		p.Values, p.Drift = p.URL(base+"/values"), p.URL(base+"/drift")
		p.Drifting = standing(l, guide.Stand(o.Guide, readings))
	} else if all, err := s.Guides.Adaptations(r.Context(), v, o.ID); err == nil && len(all) > 0 {
		p.Drift, p.Drifting = p.URL("/guides/"+o.Slug+"/-/countries"), l.T("guide.countries")
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.show(w, status, "deskguide", p)
}

func (p *deskGuidePage) rows(o *guide.Opened, readings []guide.Reading, name func(lang string) string) {
	l := p.L
	for _, e := range o.Live() {
		title, _ := e.Titles.In(l.Tag, o.Language())
		row := deskEntryRow{Title: link{Label: title, URL: p.URL("/desk/guides/" + o.Slug + "/entries/" + string(e.ID))}, Depth: o.Depth(e)}
		if e.Audience != library.Public {
			row.Audience = audienceName(l, e.Audience)
		}
		for _, reading := range readings {
			if reading.In == e.ID && reading.Ended == nil {
				row.Sections = append(row.Sections, p.sectionRow(o, reading, name))
			}
		}
		p.Entries = append(p.Entries, row)
	}
}

func (p *deskGuidePage) sectionRow(o *guide.Opened, r guide.Reading, name func(lang string) string) deskSectionRow {
	l := p.L
	row := deskSectionRow{Title: link{Label: headingOf(o, r), URL: p.URL("/desk/sections/" + string(r.ID))}}
	if r.Audience != library.Public {
		row.Audience = audienceName(l, r.Audience)
	}
	if r.Derived != nil {
		row.Decision = l.T("guide.decision." + string(r.Derived.Decision))
		if r.Drift.State.Waiting() {
			row.Waits = link{Label: l.T("guide.state." + string(r.Drift.State)), URL: row.Title.URL + "/answer"}
			row.Late = r.Drift.Overdue
		}
	}
	for _, state := range []guide.Tongue{guide.Behind, guide.Missing} {
		var names []string
		for _, lang := range o.Languages {
			if r.Tongues[lang] == state {
				names = append(names, name(lang))
			}
		}
		if len(names) > 0 {
			row.States = append(row.States, l.T("guidedesk.tongue."+string(state))+": "+l.List(names))
		}
	}
	state, review := guide.Reviewed(r.Section, guide.Own(r.Section, o.Guide), o.Day())
	if state != guide.ReviewedWell && (state != guide.NeverReviewed || len(r.Texts) > 0) {
		row.States = append(row.States, reviewState(l, state, review))
		row.Late = row.Late || state == guide.PastDue
	}
	return row
}

// headingOf gives the heading of a section, also of one that is left out.
func headingOf(o *guide.Opened, r guide.Reading) string {
	if r.Text.Heading == "" && r.Parent != nil {
		return guide.Line(r.Parent.Texts[r.Derived.Lang].Heading, o.Fill(r.Derived.Lang))
	}
	if r.Text.Heading == "" {
		return r.Name
	}
	return guide.Line(r.Text.Heading, o.Fill(r.Lang))
}

// parents gives the entries that an entry may lie in.
func parents(l *locale.Language, o *guide.Opened, without, chosen library.ID) []choice {
	out := []choice{{"", l.T("guidedesk.parent.none"), chosen == ""}}
	for _, e := range o.Live() {
		if e.ID == without {
			continue
		}
		title, _ := e.Titles.In(l.Tag, o.Language())
		out = append(out, choice{string(e.ID), strings.Repeat("– ", o.Depth(e)) + title, e.ID == chosen})
	}
	return out
}

// reviewState says how a section stands to its review.
func reviewState(l *locale.Language, state guide.Reviewing, review library.SectionReview) string {
	switch state {
	case guide.PastDue:
		return l.T("guide.review.overdue", "Date", l.Date(review.Due))
	case guide.DueSoon:
		return l.T("guide.review.due", "Date", l.Date(review.Due))
	case guide.ChangedSince:
		return l.T("guide.review.stale", "Date", l.Day(review.At))
	case guide.FoundWanting:
		return l.T("guidedesk.review.wanting", "Note", review.Note)
	}
	return l.T("guidedesk.review.never")
}

// actOnGuide adds an entry, sets who may read the guide, or issues an edition.
func (s *Site) actOnGuide(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	o, err := s.keptGuide(r)
	if err != nil {
		return err
	}
	v, f := serve.Viewer(r), r.PostForm
	base, at, what := "/desk/guides/"+o.Slug, "", "saved"
	switch f.Get("do") {
	case "entry":
		var id library.ID
		id, err = s.Guides.AddEntry(r.Context(), v, o, guide.EntryFields{Parent: library.ID(f.Get("parent")), Slug: strings.TrimSpace(f.Get("slug")),
			Titles: filledText(library.Text{o.Language(): f.Get("title")}), Own: library.Audience(f.Get("audience"))})
		at = "/entries/" + string(id)
	case "audience":
		var version int64
		if version, err = number(f, "base"); err == nil {
			err = s.Guides.RestrictGuide(r.Context(), v, o, version, library.Audience(f.Get("audience")))
		}
	case "issue":
		var day time.Time
		if day, err = time.Parse(time.DateOnly, f.Get("date")); err != nil {
			err = &library.Error{Kind: library.Invalid, Field: "due", Err: err}
			break
		}
		what = "published"
		_, err = s.Guides.Issue(r.Context(), v, o.Slug, library.Date(day.Format(time.DateOnly)), strings.TrimSpace(f.Get("note")))
	default:
		return library.Errorf(library.Invalid, "a guide is not %q", f.Get("do"))
	}
	if problem, ok := guideFault(l, err); ok {
		return s.showDeskGuide(w, r, l, o, problem)
	}
	if err != nil {
		return err
	}
	return s.frame(r, l, "", "/desk").done(w, r, base+at, what)
}
