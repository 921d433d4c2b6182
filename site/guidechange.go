package site

import (
	"net/http"
	"strconv"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// diffView is a text beside what it was, word by word.
type diffView struct {
	Title     link
	What      string // "changed", in the reader's language
	Class     string
	Urgent    bool
	Summaries []string
	Lang, Dir string
	Marks     []markView
}

// markView is a run of a comparison; one of Inserted and Deleted is set, or none.
type markView struct {
	Text              string
	Inserted, Deleted bool
}

func marksOf(before, after string) []markView {
	var out []markView
	for _, m := range guide.Words(guide.Unnumbered(before), guide.Unnumbered(after)) {
		out = append(out, markView{m.Text, m.Op == guide.Inserted, m.Op == guide.Deleted})
	}
	return out
}

// guideChangesPage is pages/guidechanges.html: what differs between two
// editions, or between an edition and what stands.
type guideChangesPage struct {
	guideFrame
	Heading string
	Diffs   []diffView
	Pairs   []link // other pairs of editions
}

func (s *Site) guideChanges(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	values := r.URL.Query()
	var states [2]*guide.Opened
	query := "?from=" + values.Get("from")
	for i, name := range []string{"from", "to"} {
		at := guide.When{}
		if given := values.Get(name); given != "" || name == "from" {
			n, err := strconv.Atoi(given)
			if err != nil || n < 1 {
				return &library.Error{Kind: library.Invalid, Field: name}
			}
			at.Edition = n
		}
		o, err := s.Guides.Open(r.Context(), serve.Viewer(r), r.PathValue("guide"), at)
		if err != nil {
			return err
		}
		states[i] = o
	}
	if to := values.Get("to"); to != "" {
		query += "&to=" + to
	}
	before, after := states[0], states[1]
	diffs, err := s.Guides.Compare(r.Context(), before, after)
	if err != nil {
		return err
	}
	p := guideChangesPage{guideFrame: s.inGuide(r, l, after, "", "/-/changes"+query)}
	p.NoIndex, p.Past, p.Guide.URL = true, "", p.URL("/guides/"+after.Slug)
	p.Heading = l.T("guide.changes.since", "From", l.Number(before.When.Edition))
	if after.Edition != nil {
		p.Heading = l.T("guide.changes.between", "From", l.Number(before.When.Edition), "To", l.Number(after.When.Edition))
	}
	p.Title = p.Heading + " – " + p.Guide.Title.String()
	for _, d := range diffs {
		p.Diffs = append(p.Diffs, p.diff(d))
	}
	return s.show(w, http.StatusOK, "guidechanges", p)
}

func (p *guideChangesPage) diff(d guide.Difference) diffView {
	l, o := p.L, p.opened
	heading := d.After.Heading
	if d.What == "removed" {
		heading = d.Before.Heading
	}
	v := diffView{Title: link{Label: heading}, What: l.T("guide.diff." + d.What), Urgent: d.Class == library.Safety,
		Lang: o.Language(), Dir: locale.Direction(o.Language()), Marks: marksOf(d.Before.Body, d.After.Body)}
	if d.Entry != nil {
		title, _ := d.Entry.Titles.In(l.Tag, o.Language())
		v.Title.Label = title + ": " + heading
		v.Title.URL = p.URL("/g/" + string(d.Section))
	}
	if d.Class != "" {
		v.Class = l.T("guide.class." + string(d.Class))
	}
	for _, c := range d.Changes {
		v.Summaries = append(v.Summaries, l.Day(c.At)+": "+c.Summary)
	}
	return v
}

// guideUpdatePage is pages/guideupdate.html: what changed in the base, the text
// of the place, and what the two together would be.
type guideUpdatePage struct {
	guideFrame
	Heading  string
	Back     link
	State    string
	Due      string
	Overdue  bool
	Urgent   bool
	Class    string
	Changed  diffView // base then to base now
	Local    string
	Proposed diffView // local to merged
	Clean    bool
	Conflict []guide.Merged
	Own      bool
}

func (s *Site) guideUpdate(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	o, _, err := s.openGuide(r, l)
	if err != nil {
		return err
	}
	readings, err := s.Guides.Sections(r.Context(), o, "", o.Language())
	if err != nil {
		return err
	}
	for _, reading := range readings {
		if string(reading.ID) == r.PathValue("section") && reading.Derived != nil && reading.Parent != nil {
			return s.showUpdate(w, r, l, o, reading)
		}
	}
	return library.Errorf(library.NotFound, "the guide %s has no such section", o.Slug)
}

func (s *Site) showUpdate(w http.ResponseWriter, r *http.Request, l *locale.Language, o *guide.Opened, reading guide.Reading) error {
	prop, err := s.Guides.Propose(r.Context(), o, reading)
	if err != nil {
		return err
	}
	p := guideUpdatePage{guideFrame: s.inGuide(r, l, o, "", "/-/update/"+string(reading.ID))}
	d := reading.Drift
	p.NoIndex = true
	p.Heading = prop.Global.Heading
	p.Title = p.Heading + " – " + p.Guide.Title.String()
	p.Back = link{Label: p.entryTitle(reading.In), URL: p.sectionURL(reading)}
	p.State, p.Overdue, p.Urgent = l.T("guide.state."+string(d.State)), d.Overdue, d.Class == library.Safety
	if d.Class != "" {
		p.Class = l.T("guide.class." + string(d.Class))
	}
	if !d.Due.IsZero() {
		p.Due = l.T("guide.due", "Date", l.Day(d.Due))
	}
	lang := reading.Derived.Lang
	p.Changed = diffView{Lang: lang, Dir: locale.Direction(lang), Marks: marksOf(prop.Base.Body, prop.Global.Body)}
	for _, c := range d.Changes {
		p.Changed.Summaries = append(p.Changed.Summaries, l.Day(c.At)+": "+c.Summary)
	}
	p.Local, p.Own, p.Clean = prop.Local.Body, len(reading.Texts) > 0, prop.Clean
	p.Proposed = diffView{Lang: o.Language(), Dir: locale.Direction(o.Language()), Marks: marksOf(prop.Local.Body, prop.Text)}
	for _, m := range prop.Merged {
		if m.Conflict {
			p.Conflict = append(p.Conflict, m)
		}
	}
	return s.show(w, http.StatusOK, "guideupdate", p)
}
