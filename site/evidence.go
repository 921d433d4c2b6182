package site

import (
	"html/template"
	"net/http"
	"time"

	"waymark/evidence"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// evidencePage is pages/evidence.html: the evidence gap map as a table.
type evidencePage struct {
	frame
	Heading  text
	Question text
	Scope    text
	Facts    []string // when and how was searched
	Notes    []string // that it is overdue, frozen, a demonstration
	Other    []link   // maps
	Corner   string
	Columns  []axisHead
	Rows     []axisRow
	Legend   []legend
	Views    []link // other ways to look at it
	Facets   []facet
	Chosen   []chosen
	Clear    string
	Open     bool // the filters, since some are chosen
	Total    string
	Exports  []link
	More     []link // gaps, all studies, snapshots
	Patterns template.HTML
	Example  string // a cell, read out
}

// axisHead is the head of a row or column.
type axisHead struct {
	Label, URL, Hint string // URL opens or closes it
	Sign             string
	Child            bool
	Count            string
}

type axisRow struct {
	axisHead
	Cells []gridCell
}

// gridCell is one cell of the map with all that it says.
type gridCell struct {
	URL    string
	Before string // "Shelter × Wellbeing: "
	Count  string
	After  string // " studies: 2 evaluations, 3 reviews"
	Bars   []evidence.Bar
	Empty  string // why there is no study
	Sign   string // that shows it
	Gap    bool
}

type legend struct {
	Label   string
	Segment int
}

// evidenceBase is where a map stands: as it is, or frozen.
type evidenceBase struct {
	view     evidence.View
	path     string // "/evidence" or "/evidence/snapshots/…"
	snapshot *evidence.Snapshot
}

// evidenceRoutes are the pages of the evidence base; those of a map stand also
// under each snapshot of it.
func (s *Site) evidenceRoutes() map[string]handler {
	routes := map[string]handler{}
	for _, base := range []string{"/evidence", "/evidence/snapshots/{hash}"} {
		routes[base] = s.evidenceMap
		routes[base+"/studies"] = s.evidenceStudies
		routes[base+"/studies/{study}"] = s.evidenceStudy
		routes[base+"/gaps"] = s.evidenceGaps
		routes[base+"/export/{format}"] = s.evidenceExport
	}
	return routes
}

// evidenceOf gives what the reader sees of the evidence base, or the snapshot
// that the address names.
func (s *Site) evidenceOf(r *http.Request) (evidenceBase, error) {
	view, err := s.Evidence.View(r.Context(), serve.Viewer(r))
	if err != nil {
		return evidenceBase{}, err
	}
	hash := r.PathValue("hash")
	if hash == "" {
		return evidenceBase{view: view, path: "/evidence"}, nil
	}
	for _, snap := range view.Snapshots {
		if snap.Hash == hash {
			return evidenceBase{snap.At(view.Words), "/evidence/snapshots/" + hash, snap}, nil
		}
	}
	return evidenceBase{}, library.Errorf(library.NotFound, "no snapshot has the hash %s", hash)
}

func (b evidenceBase) url(f frame, q evidence.Query) string { return f.URL(evidencePath(b.path, q)) }

func evidencePath(path string, q evidence.Query) string {
	if s := q.Encode(); s != "" {
		return path + "?" + s
	}
	return path
}

func (s *Site) evidenceMap(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	b, err := s.evidenceOf(r)
	if err != nil {
		return err
	}
	q, err := evidence.Parse(r.URL.Query())
	if err != nil {
		return err
	}
	if len(b.view.Maps) == 0 {
		p := evidencePage{frame: s.frame(r, l, l.T("evidence.title"), b.path)}
		p.Heading = plain(p.Title, l.Tag)
		p.Notes = []string{l.T("evidence.none")}
		return s.show(w, http.StatusOK, "evidence", p)
	}
	q = q.Whole()
	g, err := b.view.Grid(q)
	if err != nil {
		return err
	}
	title, lang := g.Map.Titles.In(l.Tag)
	p := evidencePage{frame: s.frame(r, l, title, evidencePath(b.path, q)), Heading: plain(title, lang), Patterns: template.HTML(evidence.Patterns)}
	p.NoIndex = q.Encode() != ""
	question, lang := g.Map.Question.In(l.Tag)
	p.Question, p.Lead = plain(question, lang), question
	scope, lang := g.Map.Eligibility.In(l.Tag)
	p.Scope = plain(scope, lang)
	s.evidenceFacts(&p, b, g.Map, time.Now())
	p.Total = l.N("evidence.studies", g.Total)
	if q.Filtered() {
		p.Total = l.T("evidence.of", "Shown", l.Number(g.Total), "All", l.Number(g.Of))
	}
	s.evidenceTable(&p, b, q, g)
	s.evidenceFilters(&p, b, q, g)
	p.evidenceWays(b, q)
	return s.show(w, http.StatusOK, "evidence", p)
}

// evidenceFacts says how the map was made and whether it is due to be made anew.
func (s *Site) evidenceFacts(p *evidencePage, b evidenceBase, m *evidence.Map, now time.Time) {
	l := p.L
	var languages []string
	for _, tag := range m.Languages {
		languages = append(languages, s.Vocabularies.Languages.Label(tag, l.Tag))
	}
	p.Facts = []string{l.T("evidence.searched", "Date", l.Date(library.Date(m.Searched))), l.T("evidence.languages", "Languages", l.List(languages)),
		l.T("evidence.due", "Date", l.Date(library.Date(m.Due)))}
	if a := evidence.AgreementOf(b.view.On(m)); a.Both > 0 {
		p.Facts = append(p.Facts, l.T("evidence.agreement", "Same", l.Number(a.Same), "Both", l.Number(a.Both)))
	}
	if m.Demo {
		p.Notes = append(p.Notes, l.T("evidence.demo"))
	}
	if b.snapshot != nil {
		p.Notes = append(p.Notes, l.T("evidence.frozen", "Date", l.Day(b.snapshot.Taken), "Hash", b.snapshot.Hash[:16]), b.snapshot.Citations)
	} else if m.Overdue(now) {
		p.Notes = append(p.Notes, l.T("evidence.overdue", "Date", l.Date(library.Date(m.Due))))
	}
	for _, other := range b.view.Maps {
		if other.Code != m.Code {
			title, _ := other.Titles.In(l.Tag)
			p.Other = append(p.Other, link{Label: title, URL: b.url(p.frame, evidence.Query{Map: other.Code})})
		}
	}
}

// evidenceTable writes the grid in the reader's language, turned over when the
// query swaps the axes.
func (s *Site) evidenceTable(p *evidencePage, b evidenceBase, q evidence.Query, g *evidence.Grid) {
	l, words := p.L, b.view.Words
	name := func(line evidence.Line) string { label, _ := line.Labels.Labels.In(l.Tag); return label }
	head := func(rows bool, line evidence.Line) axisHead {
		h := axisHead{Label: name(line), Child: line.Broader != "", Count: l.Number(line.Studies)}
		if line.Children > 0 && !q.Full {
			h.URL, h.Sign, h.Hint = b.url(p.frame, q.Toggle(rows, line.Code)), "+", l.T("evidence.open", "Label", h.Label)
			if line.Open {
				h.Sign, h.Hint = "−", l.T("evidence.close", "Label", h.Label)
			}
		}
		return h
	}
	by := words.Kinds
	if q.By == "rating" {
		by = words.Ratings
	}
	for i, code := range g.Segments {
		p.Legend = append(p.Legend, legend{by.Label(code, l.Tag), i})
	}
	cell := func(row, column evidence.Line, c evidence.Count) gridCell {
		return p.evidenceCell(b, q, name(row), name(column), row.Code, column.Code, c)
	}
	rows, columns := g.Rows, g.Columns
	at := func(i, j int) gridCell { return cell(g.Rows[i], g.Columns[j], g.Cells[i][j]) }
	first, second := g.Map.Rows, g.Map.Columns
	if q.Swap {
		rows, columns, first, second = columns, rows, second, first
		at = func(i, j int) gridCell { return cell(g.Rows[j], g.Columns[i], g.Cells[j][i]) }
	}
	p.Corner = treeName(g.Framework, first, l.Tag) + " × " + treeName(g.Framework, second, l.Tag)
	for _, c := range columns {
		p.Columns = append(p.Columns, head(q.Swap, c))
	}
	for i, r := range rows {
		row := axisRow{axisHead: head(!q.Swap, r)}
		for j := range columns {
			c := at(i, j)
			if p.Example == "" && len(c.Bars) > 1 {
				p.Example = c.Before + c.Count + c.After
			}
			row.Cells = append(row.Cells, c)
		}
		p.Rows = append(p.Rows, row)
	}
}

func treeName(f *evidence.Framework, code, lang string) string {
	t, _ := f.Tree(code)
	label, _ := t.Labels.In(lang)
	return label
}

// evidenceCell says what a cell holds, or why it holds nothing.
func (p *evidencePage) evidenceCell(b evidenceBase, q evidence.Query, row, column, rowCode, columnCode string, c evidence.Count) gridCell {
	l := p.L
	out := gridCell{Before: row + " × " + column + ": ", Gap: c.Gap != nil}
	if c.Studies == 0 {
		switch {
		case c.Outside:
			out.Empty, out.Sign = l.T("evidence.empty.outside"), "×"
		case c.Hidden > 0:
			out.Empty, out.Sign = l.N("evidence.empty.hidden", c.Hidden), "…"
		default:
			out.Empty, out.Sign = l.T("evidence.empty"), "–"
		}
		if c.Gap != nil {
			out.Sign, out.URL = "○", p.URL(b.path+"/gaps")+"#"+gapID(c.Gap)
			out.Empty = l.T("evidence.empty.gap", "Date", l.Date(library.Date(c.Gap.Searched)))
		}
		return out
	}
	out.URL = p.URL(evidencePath(b.path+"/studies", q.Cell(rowCode, columnCode)))
	out.Count = l.Number(c.Studies)
	var parts []string
	for i, n := range c.Segments {
		if n > 0 {
			parts = append(parts, p.Legend[i].Label+" "+l.Number(n))
		}
	}
	if c.NoEffect > 0 {
		parts = append(parts, l.N("evidence.noeffect", c.NoEffect))
	}
	if c.Gap != nil {
		parts = append(parts, l.T("evidence.cell.gap"))
	}
	out.After = " (" + l.List(parts) + ")"
	out.Bars = c.Bars(40)
	return out
}

func gapID(g *evidence.Gap) string { return "gap-" + g.Row + "-" + g.Column }

// evidenceFilters counts the options of each facet.
func (s *Site) evidenceFilters(p *evidencePage, b evidenceBase, q evidence.Query, g *evidence.Grid) {
	l := p.L
	for _, f := range evidence.Facets() {
		ft := facet{L: l, Label: l.T("evidence.facet." + string(f))}
		for _, o := range g.Options[f] {
			label := s.evidenceLabel(b.view.Words, f, o.Code, l.Tag)
			to := q.With(f, o.Code)
			if o.Chosen {
				to = q.Without(f, o.Code)
				p.Chosen = append(p.Chosen, chosen{l.T("field.value", "Field", ft.Label, "Value", label), b.url(p.frame, to),
					l.T("search.remove", "Field", ft.Label, "Label", label)})
			}
			v := facetValue{label, l.Number(o.Count), b.url(p.frame, to), o.Chosen}
			if len(ft.Values) < facetShown || o.Chosen {
				ft.Values = append(ft.Values, v)
			} else {
				ft.More = append(ft.More, v)
			}
		}
		if len(ft.Values) > 1 || len(ft.More) > 0 || len(q.Values(f)) > 0 {
			p.Facets = append(p.Facets, ft)
		}
	}
	p.Open = q.Filtered()
	p.Clear = b.url(p.frame, q.Cleared())
}

// evidenceLabel names a value of a facet.
func (s *Site) evidenceLabel(w *evidence.Words, f evidence.Facet, code, lang string) string {
	if f == "country" {
		return s.Vocabularies.Countries.Label(code, lang)
	}
	return w.Label(f, code, lang)
}

// evidenceWays gives the other views of the map, its exports, and what else there is.
func (p *evidencePage) evidenceWays(b evidenceBase, q evidence.Query) {
	l := p.L
	to := func(key string, next evidence.Query, current bool) {
		p.Views = append(p.Views, link{Label: l.T(key), URL: b.url(p.frame, next), Current: current})
	}
	kind, rating, swapped, full := q, q, q, q
	kind.By, rating.By, swapped.Swap, full.Full = "", "rating", !q.Swap, !q.Full
	to("evidence.by.kind", kind, q.By != "rating")
	to("evidence.by.rating", rating, q.By == "rating")
	to("evidence.swap", swapped, false)
	if q.Full {
		to("evidence.open.none", full, false)
	} else {
		to("evidence.open.all", full, false)
	}
	for _, f := range evidenceFormats() {
		p.Exports = append(p.Exports, link{Label: f.label, URL: p.URL(evidencePath(b.path+"/export/"+f.name, q))})
	}
	p.More = []link{{Label: l.T("evidence.all"), URL: p.URL(evidencePath(b.path+"/studies", q))}, {Label: l.T("evidence.gaps"), URL: p.URL(b.path + "/gaps")}}
	if b.snapshot != nil {
		p.More = append(p.More, link{Label: l.T("evidence.living"), URL: p.URL("/evidence")})
		return
	}
	for _, snap := range b.view.Snapshots {
		if q.Map == "" || snap.Map == q.Map {
			p.More = append(p.More, link{Label: l.T("evidence.snapshot", "Date", l.Day(snap.Taken)), URL: p.URL("/evidence/snapshots/" + snap.Hash)})
		}
	}
}

// evidenceFormat is a form in which a map can be taken away.
type evidenceFormat struct{ name, label, media, file string }

func evidenceFormats() []evidenceFormat {
	return []evidenceFormat{
		{"csv", "CSV", "text/csv; charset=utf-8", "evidence-map.csv"},
		{"ris", "RIS", "application/x-research-info-systems; charset=utf-8", "evidence-map.ris"},
		{"eppi", "EPPI JSON", "application/json", "evidence-map.eppi.json"},
		{"svg", "SVG", "image/svg+xml", "evidence-map.svg"},
		{"json", "JSON", "application/json", "evidence-map.json"},
		{"zip", "ZIP", "application/zip", "evidence-map.zip"},
	}
}
