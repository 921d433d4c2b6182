package site

import (
	"encoding/csv"
	"net/http"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// comparisonPage is pages/guidecomparison.html: what a place made of each
// section of its base, and why.
type comparisonPage struct {
	guideFrame
	Heading  string
	Standing string
	CSV      string
	Values   []valueView
	Rows     []comparisonRow
}

// valueView is a parameter as a place fills it.
type valueView struct{ Label, Value, Source string }

type comparisonRow struct {
	Entry, Heading, URL  string
	Letter, Decision     string
	Reason               string
	State, Due, Class    string
	Update               string // address of the three texts, when something waits
	Overdue, Urgent      bool
	Deviation            string
	ID                   library.ID
	decision, state, due string // for CSV
}

// comparison reads the rows of the page and of the table for a spreadsheet.
func (s *Site) comparison(r *http.Request, l *locale.Language) (*comparisonPage, error) {
	o, _, err := s.openGuide(r, l)
	if err != nil {
		return nil, err
	}
	if o.Base == "" {
		return nil, library.Errorf(library.NotFound, "the guide %s adapts no other", o.Slug)
	}
	readings, err := s.Guides.Sections(r.Context(), o, "", o.Language())
	if err != nil {
		return nil, err
	}
	p := &comparisonPage{guideFrame: s.inGuide(r, l, o, "", "/-/comparison"), Heading: l.T("guide.comparison")}
	p.Title = p.Heading + " – " + p.Guide.Title.String()
	p.Standing = standing(l, guide.Stand(o.Guide, readings))
	p.CSV = p.URL("/guides/" + o.Slug + "/-/comparison.csv" + p.Suffix)
	for _, frame := range o.Frames {
		for _, param := range frame.Parameters {
			if v, ok := o.Value(param.Key, o.Day()); ok {
				label, _ := param.Labels.In(l.Tag, o.Language())
				p.Values = append(p.Values, valueView{label, v.Value, v.Source})
			}
		}
	}
	for _, reading := range readings {
		if reading.Ended == nil && reading.Derived != nil {
			p.Rows = append(p.Rows, p.row(reading))
		}
	}
	return p, nil
}

func (p *comparisonPage) row(r guide.Reading) comparisonRow {
	l, o, d := p.L, p.opened, r.Derived
	row := comparisonRow{ID: r.ID, Entry: p.entryTitle(r.In), Heading: guide.Line(r.Text.Heading, o.Fill(r.Lang)), URL: p.sectionURL(r),
		Letter: guide.Letter(r.Section), Decision: l.T("guide.decision." + string(d.Decision)),
		Overdue: r.Drift.Overdue, Urgent: r.Drift.Class == library.Safety, decision: string(d.Decision), state: string(r.Drift.State)}
	if row.Heading == "" && r.Parent != nil {
		row.Heading = r.Parent.Texts[d.Lang].Heading
	}
	row.Reason, _ = d.Reason.In(l.Tag, o.Language())
	if d.Deviation != nil {
		row.Deviation = l.T("guide.deviation", "Authority", d.Deviation.Authority, "Basis", d.Deviation.LegalBasis)
	}
	if r.Drift.State.Waiting() {
		row.State = l.T("guide.state." + row.state)
		row.Update = p.URL("/guides/" + o.Slug + "/-/update/" + string(r.ID))
		if r.Drift.Class != "" {
			row.Class = l.T("guide.class." + string(r.Drift.Class))
		}
		if !r.Drift.Due.IsZero() {
			row.Due, row.due = l.T("guide.due", "Date", l.Day(r.Drift.Due)), r.Drift.Due.UTC().Format("2006-01-02")
		}
	}
	return row
}

func (s *Site) guideComparison(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	p, err := s.comparison(r, l)
	if err != nil {
		return err
	}
	return s.show(w, http.StatusOK, "guidecomparison", p)
}

// guideComparisonCSV answers the comparison as a table, one row a section. Its
// words are codes, the same in every language.
func (s *Site) guideComparisonCSV(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	p, err := s.comparison(r, l)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+p.opened.Slug+`-comparison.csv"`)
	w.Header().Set("Cache-Control", "no-cache")
	out := csv.NewWriter(w)
	rows := [][]string{{"section", "entry", "heading", "decision", "reason", "deviation", "state", "due"}}
	for _, row := range p.Rows {
		rows = append(rows, []string{string(row.ID), cell(row.Entry), cell(row.Heading), row.decision, cell(row.Reason), cell(row.Deviation), row.state, row.due})
	}
	if err := out.WriteAll(rows); err != nil {
		return nil // the reader has gone
	}
	return nil
}

// cell keeps a spreadsheet from taking a text for a formula.
func cell(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@') {
		return "'" + s
	}
	return s
}

// countriesPage is pages/guidecountries.html: how each adaptation stands to a
// framework, with what cannot wait first.
type countriesPage struct {
	guideFrame
	Heading  string
	Rows     []countryRow
	Sections []link // one section in all countries
}

type countryRow struct {
	Guide                                     guideCard
	Comparison                                string
	Adopted, Adapted, Added, Omitted, Waiting string
	Safety, Overdue, LateSafe                 string
	Late                                      bool
}

func (s *Site) guideCountries(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	o, _, err := s.openGuide(r, l)
	if err != nil {
		return err
	}
	standings, err := s.Guides.Standings(r.Context(), serve.Viewer(r), o.ID)
	if err != nil {
		return err
	}
	p := countriesPage{guideFrame: s.inGuide(r, l, o, "", "/-/countries"), Heading: l.T("guide.countries")}
	p.Title = p.Heading + " – " + p.Guide.Title.String()
	for _, st := range standings {
		n := l.Number
		p.Rows = append(p.Rows, countryRow{p.guideCard(st.Guide), p.URL("/guides/" + st.Guide.Slug + "/-/comparison"), n(st.Adopted), n(st.Adapted),
			n(st.Added), n(st.Omitted), n(st.Waiting), n(st.Safety), n(st.Overdue), n(st.LateSafe), st.LateSafe > 0})
	}
	readings, err := s.Guides.Sections(r.Context(), o, "", l.Tag)
	if err != nil {
		return err
	}
	for _, reading := range readings {
		if reading.Ended == nil && reading.Lang != "" {
			p.Sections = append(p.Sections, link{Label: p.entryTitle(reading.In) + ": " + guide.Line(reading.Text.Heading, o.Fill(reading.Lang)),
				URL: p.URL("/guides/" + o.Slug + "/-/sections/" + string(reading.ID))})
		}
	}
	return s.show(w, http.StatusOK, "guidecountries", p)
}

// everywherePage is pages/guideeverywhere.html: one section as each place has it.
type everywherePage struct {
	guideFrame
	Heading string
	Own     sectionView
	Back    link
	Places  []placeView
}

type placeView struct {
	Guide    guideCard
	Decision string
	Reason   string
	State    string
	URL      string
	Same     bool // it says what the framework says now
	Lang     string
	Dir      string
	Marks    []markView // against the framework's text, in the same language
}

func (s *Site) guideEverywhere(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	o, _, err := s.openGuide(r, l)
	if err != nil {
		return err
	}
	readings, err := s.Guides.Sections(r.Context(), o, "", o.Language())
	if err != nil {
		return err
	}
	id := library.ID(r.PathValue("section"))
	for _, reading := range readings {
		if reading.ID == id && reading.Ended == nil && reading.Lang != "" {
			return s.showEverywhere(w, r, l, o, reading)
		}
	}
	return library.Errorf(library.NotFound, "the guide %s has no such section", o.Slug)
}

func (s *Site) showEverywhere(w http.ResponseWriter, r *http.Request, l *locale.Language, o *guide.Opened, reading guide.Reading) error {
	p := everywherePage{guideFrame: s.inGuide(r, l, o, "", "/-/sections/"+string(reading.ID))}
	var err error
	if p.Own, err = s.sectionView(&p.guideFrame, reading); err != nil {
		return err
	}
	p.Heading = l.T("guide.everywhere", "Heading", p.Own.Heading.String())
	p.Title = p.Heading + " – " + p.Guide.Title.String()
	p.Back = link{Label: l.T("guide.countries"), URL: p.URL("/guides/" + o.Slug + "/-/countries")}
	all, err := s.Guides.Everywhere(r.Context(), serve.Viewer(r), reading.ID)
	if err != nil {
		return err
	}
	for _, local := range all {
		lr := local.Reading
		v := placeView{Guide: p.guideCard(local.Guide), Decision: l.T("guide.decision." + string(lr.Derived.Decision)),
			URL: p.URL("/g/" + string(lr.ID)), Lang: lr.Lang, Dir: locale.Direction(lr.Lang), Same: lr.Text.Hash() == reading.Text.Hash()}
		v.Reason, _ = lr.Derived.Reason.In(l.Tag, local.Guide.Language())
		if lr.Drift.State.Waiting() {
			v.State = l.T("guide.state." + string(lr.Drift.State))
		}
		switch global, same := reading.All()[lr.Lang]; {
		case v.Same || lr.Omitted():
		case same:
			v.Marks = marksOf(global.Body, lr.Text.Body)
		default:
			v.Marks = []markView{{Text: lr.Text.Body}}
		}
		p.Places = append(p.Places, v)
	}
	return s.show(w, http.StatusOK, "guideeverywhere", p)
}
