package site

import (
	"net/http"
	"strings"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// driftPage is pages/deskdrift.html: what waits in an adaptation, overdue
// changes on safety first.
type driftPage struct {
	guideDeskFrame
	Standing  string
	Action    string
	Editorial string // how many changes can be accepted at once
	Rows      []driftRow
	New       []newRow
	Settled   []driftRow // the other sections, to decide on otherwise
}

type driftRow struct {
	Section           link
	State, Class, Due string
	Summaries         []string
	Letter, Decision  string
	Overdue, Urgent   bool
}

// newRow is a section of the base that the place has not answered yet.
type newRow struct {
	ID, Saw, Entry string
	Title          link
	Body           string
	Lang, Dir      string
	Locked         bool
}

func (s *Site) deskDrift(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	o, err := s.keptGuide(r)
	if err != nil {
		return err
	}
	return s.showDeskDrift(w, r, l, o, "")
}

func (s *Site) showDeskDrift(w http.ResponseWriter, r *http.Request, l *locale.Language, o *guide.Opened, problem string) error {
	if len(o.Frames) == 0 {
		return library.Errorf(library.NotFound, "the guide %s adapts no other", o.Slug)
	}
	readings, err := s.Guides.Sections(r.Context(), o, "", o.Language())
	if err != nil {
		return err
	}
	p := driftPage{guideDeskFrame: s.guideDeskFrame(r, l, plain(l.T("guidedesk.drift"), l.Tag), guideCrumb(l, o.Guide))}
	p.Action, p.Problem = p.URL("/desk/guides/"+o.Slug+"/drift"), problem
	st := guide.Stand(o.Guide, readings)
	p.Standing = standing(l, st)
	editorial := 0
	for _, reading := range st.Sections {
		if reading.Derived.Parent == "" {
			continue
		}
		if reading.Drift.State == guide.Converged || reading.Drift.State == guide.Update && reading.Drift.Class == library.Editorial {
			editorial++
		}
		if row := p.driftRow(o, reading); reading.Drift.State.Waiting() {
			p.Rows = append(p.Rows, row)
		} else {
			p.Settled = append(p.Settled, row)
		}
	}
	if editorial > 0 {
		p.Editorial = l.T("guidedesk.editorial", "Count", l.Number(editorial))
	}
	fresh, err := s.Guides.Unanswered(r.Context(), serve.Viewer(r), o)
	if err != nil {
		return err
	}
	for _, n := range fresh {
		text, lang := n.Original()
		if own, ok := n.All()[o.Language()]; ok {
			text, lang = own, o.Language()
		}
		p.New = append(p.New, newRow{ID: string(n.ID), Saw: n.Says(lang), Title: link{Label: text.Heading, URL: p.URL("/g/" + string(n.ID))},
			Body: text.Body, Lang: lang, Dir: locale.Direction(lang), Locked: n.Force == library.Must})
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.show(w, status, "deskdrift", p)
}

func (p *driftPage) driftRow(o *guide.Opened, r guide.Reading) driftRow {
	l, d := p.L, r.Drift
	row := driftRow{Section: link{Label: headingOf(o, r), URL: p.URL("/desk/sections/" + string(r.ID) + "/answer")}, State: l.T("guide.state." + string(d.State)),
		Letter: guide.Letter(r.Section), Decision: l.T("guide.decision." + string(r.Derived.Decision)), Overdue: d.Overdue, Urgent: d.Class == library.Safety}
	if d.Class != "" {
		row.Class = l.T("guide.class." + string(d.Class))
	}
	if !d.Due.IsZero() {
		row.Due = l.T("guide.due", "Date", l.Day(d.Due))
	}
	for _, c := range d.Changes {
		row.Summaries = append(row.Summaries, l.Day(c.At)+": "+c.Summary)
	}
	return row
}

// answerDrift accepts all editorial changes, or answers a new section.
func (s *Site) answerDrift(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	o, err := s.keptGuide(r)
	if err != nil {
		return err
	}
	v, f := serve.Viewer(r), r.PostForm
	switch f.Get("do") {
	case "editorial":
		_, err = s.Guides.AcceptEditorial(r.Context(), v, o)
	case "adopt":
		err = s.Guides.TakeNew(r.Context(), v, o, library.ID(f.Get("section")), f.Get("saw"), "")
	case "omit":
		if strings.TrimSpace(f.Get("reason")) == "" {
			err = &library.Error{Kind: library.Invalid, Field: "reason"}
		} else {
			err = s.Guides.TakeNew(r.Context(), v, o, library.ID(f.Get("section")), f.Get("saw"), f.Get("reason"))
		}
	default:
		return library.Errorf(library.Invalid, "a change is not answered by %q", f.Get("do"))
	}
	if problem, ok := guideFault(l, err); ok {
		return s.showDeskDrift(w, r, l, o, problem)
	}
	if err != nil {
		return err
	}
	return s.frame(r, l, "", "/desk").done(w, r, "/desk/guides/"+o.Slug+"/drift", "saved")
}

// placeValuesPage is pages/deskvalues.html: the facts of a place.
type placeValuesPage struct {
	guideDeskFrame
	Action  string
	Version int64
	Rows    []placeValueRow
}

type placeValueRow struct {
	N                                int
	Key, Label                       string
	Value, Source, From, To, Default string
	Required                         bool
}

func (s *Site) deskValues(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	o, err := s.keptGuide(r)
	if err != nil {
		return err
	}
	return s.showValues(w, r, l, o, o.Values, "")
}

func (s *Site) showValues(w http.ResponseWriter, r *http.Request, l *locale.Language, o *guide.Opened, values []library.ParameterValue, problem string) error {
	p := placeValuesPage{guideDeskFrame: s.guideDeskFrame(r, l, plain(l.T("guide.parameters"), l.Tag), guideCrumb(l, o.Guide)), Version: o.Version}
	p.Action, p.Problem = p.URL("/desk/guides/"+o.Slug+"/values"), problem
	for _, frame := range o.Frames {
		for _, param := range frame.Parameters {
			label, _ := param.Labels.In(l.Tag, o.Language())
			row := placeValueRow{Key: param.Key, Label: label, Default: param.Default, Required: param.Required}
			for _, v := range append(ofKey(values, param.Key), library.ParameterValue{}) { // an empty one to add
				row.N, row.Value, row.Source, row.From, row.To = len(p.Rows), v.Value, v.Source, string(v.From), string(v.To)
				p.Rows = append(p.Rows, row)
				row.Required = false
			}
		}
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.show(w, status, "deskvalues", p)
}

func ofKey(values []library.ParameterValue, key string) []library.ParameterValue {
	var out []library.ParameterValue
	for _, v := range values {
		if v.Key == key {
			out = append(out, v)
		}
	}
	return out
}

func (s *Site) saveValues(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	o, err := s.keptGuide(r)
	if err != nil {
		return err
	}
	f := r.PostForm
	read, err := number(f, "base")
	if err != nil {
		return err
	}
	var values []library.ParameterValue
	keys := f["key"]
	for i, key := range keys {
		at := func(name string) string {
			if all := f[name]; i < len(all) {
				return strings.TrimSpace(all[i])
			}
			return ""
		}
		values = append(values, library.ParameterValue{Key: key, Value: at("value"), Source: at("source"), From: library.Date(at("from")), To: library.Date(at("to"))})
	}
	err = s.Guides.SetValues(r.Context(), serve.Viewer(r), o, read, values)
	if e, ok := asError(err); ok && e.Kind == library.Invalid {
		return s.showValues(w, r, l, o, values, l.T("guidedesk.fault.values"))
	}
	if err != nil {
		return err
	}
	return s.frame(r, l, "", "/desk").done(w, r, "/desk/guides/"+o.Slug+"/values", "saved")
}
