package site

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"waymark/indicator"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// indicatorPage is pages/indicator.html: one indicator, compared.
type indicatorPage struct {
	frame
	Heading    string
	Edit       string // for curators
	Definition text
	Notes      []string
	Facts      []row
	Texts      []namedText // numerator, safety and the like
	Older      []row
	Areas      []facet
	Chosen     []chosen
	Clear      string
	Years      yearForm
	Views      []link
	Rank       link
	NoRank     string
	Periods    []string
	Sets       []panelSet
	Charts     bool
	Missing    string
	Many       string // that not all areas are shown
	Release    string
	Protection string
	Exports    []link
	Sources    string
	Coverage   string
	Targets    bool
}

type namedText struct {
	Label string
	text
}

// panelSet is panels that share a scale, with why they do, or why not.
type panelSet struct {
	ID     string
	Notes  []string
	Scale  string
	Panels []panel
}

// panel is one country or region: a row of the table and a drawing.
type panel struct {
	ID     string
	Area   string
	Note   string
	Cells  []panelCell
	Aims   []string // baseline and target
	Latest string
	Chart  drawing
	Breaks []string
}

// panelCell is a value in the table, leading to where it comes from.
type panelCell struct{ Text, URL, Sign string }

func (s *Site) indicatorCompare(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	b, err := s.indicatorOf(r)
	if err != nil {
		return err
	}
	st, err := s.state(r, b)
	if err != nil {
		return err
	}
	title, _ := b.version.Titles.In(l.Tag)
	base := "/indicators/" + b.ind.Code
	p := indicatorPage{frame: s.frame(r, l, title, st.path(base)), Heading: title, Charts: st.charts}
	p.NoIndex = st.encode() != ""
	if serve.Viewer(r).Role >= library.Curator {
		p.Edit = p.URL(indicatorDesk(b.ind.Code) + "/value")
	}
	p.describe(b)
	if b.release == nil {
		p.Notes = append(p.Notes, l.T("indicator.release.none"))
		return s.show(w, http.StatusOK, "indicator", p)
	}
	p.Release = l.T("indicator.release", "N", l.Number(b.release.Issue), "Date", l.Day(b.release.Taken))
	p.Protection = l.T("indicator.protect."+b.release.Protection.Mode, "Base", l.Number(b.release.Protection.Base), "Threshold", l.Number(b.release.Protection.Threshold))
	c := indicator.Compare(b.release, b.version, s.bounded(&p, b, st.q), s.members)
	for i := range c.Sets {
		if !c.Ranked {
			slices.SortStableFunc(c.Sets[i].Panels, func(x, y indicator.Panel) int {
				return l.Compare(s.areaName(x.Area, l.Tag), s.areaName(y.Area, l.Tag))
			})
		}
	}
	p.Periods = c.Periods
	s.panels(&p, b, st, c)
	s.indicatorChoices(&p, b, st)
	p.ranking(base, st, c)
	if len(c.Missing) > 0 {
		var names []string
		for _, a := range c.Missing {
			names = append(names, s.areaName(a, l.Tag))
		}
		p.Missing = l.T("indicator.missing", "Areas", l.List(names))
	}
	for _, f := range indicatorFormats() {
		p.Exports = append(p.Exports, link{Label: f.label, URL: p.URL(st.path(base + "/data/" + f.name))})
	}
	p.Sources = p.URL(base + "/sources")
	p.Coverage = p.URL(base + "/coverage")
	if b.version.Measure == "percent" {
		p.Views = append(p.Views, link{Label: l.T("indicator.map"), URL: p.URL(st.path(base + "/map"))})
	}
	return s.show(w, http.StatusOK, "indicator", p)
}

// mostPanels is how many panels still compare at a glance.
const mostPanels = 24

// bounded asks for no more areas than can be compared at a glance, the first
// by name, and says so.
func (s *Site) bounded(p *indicatorPage, b indicatorBase, q indicator.Question) indicator.Question {
	areas := slices.Clone(q.Areas)
	if len(areas) == 0 {
		for _, series := range b.release.Series {
			areas = append(areas, series.Area)
		}
		slices.Sort(areas)
		areas = slices.Compact(areas)
	}
	if len(areas) <= mostPanels {
		return q
	}
	slices.SortFunc(areas, func(x, y string) int { return p.L.Compare(s.areaName(x, p.L.Tag), s.areaName(y, p.L.Tag)) })
	p.Many = p.L.T("indicator.many", "Shown", p.L.Number(mostPanels), "All", p.L.Number(len(areas)))
	q.Areas = areas[:mostPanels]
	return q
}

// describe says what is measured.
func (p *indicatorPage) describe(b indicatorBase) {
	l, w, v := p.L, b.view.Words, b.version
	definition, lang := v.Definition.In(l.Tag)
	p.Definition, p.Lead = plain(definition, lang), definition
	if b.release != nil && b.release.Synthetic {
		p.Notes = append(p.Notes, l.T("indicator.synthetic"))
	}
	add := func(key, value string) {
		if value != "" {
			p.Facts = append(p.Facts, row{l.T(key), []link{{Label: value}}})
		}
	}
	add("indicator.unit", w.Units.Label(v.Unit, l.Tag))
	add("indicator.direction", w.Directions.Label(v.Direction, l.Tag))
	add("indicator.counting", w.Countings.Label(v.Counting, l.Tag))
	add("indicator.level", w.Levels.Label(v.Level, l.Tag))
	add("indicator.pillar", w.Pillars.Label(v.Pillar, l.Tag))
	add("indicator.frequency", w.Frequencies.Label(v.Frequency, l.Tag))
	add("indicator.links", strings.Join(v.Links, ", "))
	add("indicator.code", b.ind.Code)
	add("indicator.version", l.Number(v.Number))
	for _, t := range []struct {
		key  string
		text library.Text
	}{{"indicator.numerator", v.Numerator}, {"indicator.denominator", v.Denominator}, {"indicator.safety", v.Safety}} {
		if words, lang := t.text.In(l.Tag); words != "" {
			p.Texts = append(p.Texts, namedText{l.T(t.key), plain(words, lang)})
		}
	}
	for _, old := range b.ind.Versions {
		if old.Number < v.Number {
			words, _ := old.Definition.In(l.Tag)
			p.Older = append(p.Older, row{l.T("indicator.version") + " " + l.Number(old.Number), []link{{Label: words}}})
		}
	}
}

// panels writes the rows of the table and the drawings.
func (s *Site) panels(p *indicatorPage, b indicatorBase, st indicatorState, c indicator.Comparison) {
	l := p.L
	unit := b.view.Words.Units.Label(b.version.Unit, l.Tag)
	n := 0
	for i, set := range c.Sets {
		out := panelSet{ID: "set-" + strconv.Itoa(i), Scale: l.T("indicator.scale", "Low", l.Decimal(set.Low, 0), "High", l.Decimal(set.High, b.version.Decimals), "Unit", unit)}
		if set.Apart != "" {
			out.Notes = append(out.Notes, l.T("indicator.apart", "Reason", l.T("indicator.reason."+string(set.Apart))))
		}
		if g, ok := b.view.Group(set.Group); ok {
			reason, _ := g.Reason.In(l.Tag)
			out.Notes = append(out.Notes, l.T("indicator.group", "Reason", reason))
		}
		for _, pl := range set.Panels {
			n++
			one := s.panel(p, b, st, pl)
			one.ID = "p" + strconv.Itoa(n)
			one.Chart = draw(l, pl, set, c.Periods, func(pt indicator.Point) string { return valueText(l, b, pt) })
			p.Targets = p.Targets || len(one.Aims) > 0
			out.Panels = append(out.Panels, one)
		}
		p.Sets = append(p.Sets, out)
	}
}

func (s *Site) panel(p *indicatorPage, b indicatorBase, st indicatorState, pl indicator.Panel) panel {
	l := p.L
	out := panel{Area: s.areaName(pl.Area, l.Tag)}
	if pl.Region {
		var names []string
		for _, m := range pl.Members {
			names = append(names, s.areaName(m, l.Tag))
		}
		out.Note = l.T("indicator.region", "Areas", l.List(names))
	} else {
		out.Note = b.view.Words.Sources.Label(pl.Source.Kind, l.Tag)
	}
	for _, period := range p.Periods {
		i := slices.IndexFunc(pl.Points, func(pt indicator.Point) bool { return pt.Period == period })
		if i < 0 {
			out.Cells = append(out.Cells, panelCell{Sign: "[x]"})
			continue
		}
		pt := pl.Points[i]
		cell := panelCell{Text: valueText(l, b, pt), Sign: sign(pt)}
		if !pl.Region {
			cell.URL = p.URL(valuePath(b.ind.Code, pl.PublicSeries, pt.Period))
		}
		out.Cells = append(out.Cells, cell)
	}
	for _, t := range pl.Targets {
		out.Aims = append(out.Aims, l.T("indicator."+t.Kind)+" "+t.Period+": "+l.Decimal(t.Value, b.version.Decimals))
	}
	for _, br := range pl.Breaks {
		out.Breaks = append(out.Breaks, l.T("indicator.break", "Period", br.After, "Kind", b.view.Words.Breaks.Label(br.Kind, l.Tag)))
	}
	if pt, ok := pl.Latest(); ok {
		out.Latest = valueText(l, b, pt) + " (" + pt.Period + ")"
	}
	return out
}

// valueText writes a released value; a rounded count of none is only known to
// be small.
func valueText(l *locale.Language, b indicatorBase, pt indicator.Point) string {
	switch {
	case pt.Value == nil:
		return ""
	case *pt.Value == 0 && b.version.Measure == "count" && b.release.Protection.Mode == indicator.Round:
		return l.T("indicator.under", "N", l.Number(b.release.Protection.Base))
	}
	return l.Decimal(*pt.Value, b.version.Decimals)
}

// sign is the shorthand for a value's status, in brackets, which screen
// readers speak.
func sign(pt indicator.Point) string {
	switch {
	case pt.Conf == indicator.Hidden:
		return "[c]"
	case pt.Value == nil:
		return "[x]"
	case pt.Status == "A" || pt.Status == "":
		return ""
	}
	return "[" + strings.ToLower(pt.Status) + "]"
}

// indicatorChoices lists what can be compared.
func (s *Site) indicatorChoices(p *indicatorPage, b indicatorBase, st indicatorState) {
	l, base := p.L, "/indicators/"+b.ind.Code
	with := map[string]bool{}
	for _, series := range b.release.Series {
		with[series.Area] = true
	}
	areas := facet{L: l, Label: l.T("indicator.areas")}
	add := func(code string) {
		chosen := slices.Contains(st.q.Areas, code)
		areas.Values = append(areas.Values, facetValue{s.areaName(code, l.Tag), "", p.URL(st.toggled(code).path(base)), chosen})
	}
	var codes []string
	for code := range with {
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(a, b string) int { return l.Compare(s.areaName(a, l.Tag), s.areaName(b, l.Tag)) })
	for _, code := range codes {
		add(code)
	}
	for _, t := range s.Vocabularies.Regions.All() {
		n := 0
		for _, m := range t.Members {
			if with[m] {
				n++
			}
		}
		if n >= 2 && t.Scheme == "field" {
			add(t.Code)
		}
	}
	p.Areas = append(p.Areas, areas)
	for _, d := range b.version.Dimensions {
		f := facet{L: l, Label: b.view.Words.Dimensions.Label(d.Code, l.Tag)}
		for _, code := range b.view.Words.Lists[d.List].All() {
			label, _ := code.Labels.In(l.Tag)
			now := st.q.Dimensions[d.Code]
			f.Values = append(f.Values, facetValue{label, "", p.URL(st.with(d.Code, code.Code).path(base)), now == code.Code || now == "" && code.Code == indicator.Total})
		}
		p.Areas = append(p.Areas, f)
	}
	for _, a := range st.q.Areas {
		label := s.areaName(a, l.Tag)
		p.Chosen = append(p.Chosen, chosen{label, p.URL(st.toggled(a).path(base)), l.T("search.remove", "Field", l.T("indicator.area"), "Label", label)})
	}
	none := st
	none.q.Areas = nil
	p.Clear = p.URL(none.path(base))
	p.Years = yearForm{L: l, Action: p.URL(base), From: st.q.From, To: st.q.To}
	for _, a := range st.q.Areas {
		p.Years.Hidden = append(p.Years.Hidden, hidden{"area", a})
	}
	for _, d := range b.version.Dimensions {
		if c := st.q.Dimensions[d.Code]; c != "" {
			p.Years.Hidden = append(p.Years.Hidden, hidden{d.Code, c})
		}
	}
	table, charts := st, st
	table.charts, charts.charts = false, true
	p.Views = []link{{Label: l.T("indicator.charts"), URL: p.URL(charts.path(base)), Current: st.charts}, {Label: l.T("indicator.table"), URL: p.URL(table.path(base)), Current: !st.charts}}
}

// ranking offers to order by value where that is fair, or says why not.
func (p *indicatorPage) ranking(base string, st indicatorState, c indicator.Comparison) {
	if c.NoRank != "" {
		p.NoRank = p.L.T("indicator.norank", "Reason", p.L.T("indicator.reason."+string(c.NoRank)))
		return
	}
	st.q.Rank = !c.Ranked
	key := "indicator.rank"
	if c.Ranked {
		key = "indicator.unrank"
	}
	p.Rank = link{Label: p.L.T(key), URL: p.URL(st.path(base))}
}
