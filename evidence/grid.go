package evidence

import (
	"slices"
	"strconv"

	"waymark/vocabulary"
)

// Grid is a map as it is shown: axes, counted cells, and counted filters. Rows
// are of the intervention tree; a door that swaps the axes turns it over.
type Grid struct {
	Map       *Map
	Framework *Framework
	Rows      []Line
	Columns   []Line
	Cells     [][]Count // by row and column
	Segments  []string  // codes of the bars, in their order
	Options   map[Facet][]Option
	Total     int // studies that the query leaves
	Of        int // studies on the map
}

// Line is one row or column. A first-level line holds its children's studies.
type Line struct {
	Code, Broader string
	Labels        vocabulary.Term
	Children      int
	Open          bool
	Studies       int
}

// Count is what a cell holds.
type Count struct {
	Studies  int
	Segments []int // studies by segment, in the order of Grid.Segments
	Hidden   int   // studies that the filters leave out
	Outside  bool  // the map says that the cell makes no sense
	NoEffect int   // findings of no clear effect
	Gap      *Gap  // open gap recorded for the cell
}

// Option is a value of a facet with the studies it would leave under the
// other filters.
type Option struct {
	Code   string
	Count  int
	Chosen bool
}

// place is one study with what the map asks of it.
type place struct {
	study   *Study
	values  [][]string // by facet, in the order of Facets
	segment int
}

// On gives the studies that a map counts: those of its framework.
func (v View) On(m *Map) []*Study {
	var out []*Study
	for _, s := range v.Studies {
		if s.Framework == m.Framework {
			out = append(out, s)
		}
	}
	return out
}

// Grid counts a map for a query. It answers NotFound when there is no such map.
func (v View) Grid(q Query) (*Grid, error) {
	m, f, err := v.mapOf(q)
	if err != nil {
		return nil, err
	}
	rows, _ := f.Tree(m.Rows)
	columns, _ := f.Tree(m.Columns)
	g := &Grid{Map: m, Framework: f, Segments: v.Words.segments(q.By)}
	rowTerms, columnTerms := rows.List(), columns.List()
	g.Rows, g.Columns = lines(rowTerms, q.Rows, q.Full), lines(columnTerms, q.Columns, q.Full)
	g.Cells = make([][]Count, len(g.Rows))
	for i := range g.Cells {
		g.Cells[i] = make([]Count, len(g.Columns))
		counts := make([]int, len(g.Columns)*len(g.Segments))
		for j := range g.Cells[i] {
			g.Cells[i][j].Segments = counts[j*len(g.Segments) : (j+1)*len(g.Segments)]
		}
	}
	shownRow, shownColumn := shown(rowTerms, g.Rows), shown(columnTerms, g.Columns)
	v.count(g, q, v.On(m), shownRow, shownColumn)
	v.mark(g, m, shownRow, shownColumn)
	return g, nil
}

func (v View) mapOf(q Query) (*Map, *Framework, error) {
	m, ok := v.Map(q.Map)
	if !ok {
		return nil, nil, notFound("no evidence map is called %q", q.Map)
	}
	f, ok := v.Framework(m.Framework)
	if !ok {
		return nil, nil, notFound("the framework %s of the map %s is not to be seen", m.Framework, m.Code)
	}
	return m, f, nil
}

// segments gives the codes of the bars of cells.
func (w *Words) segments(by string) (codes []string) {
	list := w.Kinds
	if by == "rating" {
		list = w.Ratings
	}
	for _, t := range list.All() {
		if t.Broader == "" {
			codes = append(codes, t.Code)
		}
	}
	return codes
}

// lines gives the lines of an axis: the first level, and below an opened one
// its children.
func lines(l *vocabulary.List, open []string, full bool) (out []Line) {
	children := map[string][]vocabulary.Term{}
	for _, t := range l.All() {
		children[t.Broader] = append(children[t.Broader], t)
	}
	var add func(t vocabulary.Term)
	add = func(t vocabulary.Term) {
		line := Line{Code: t.Code, Broader: t.Broader, Labels: t, Children: len(children[t.Code])}
		line.Open = line.Children > 0 && (full || slices.Contains(open, t.Code))
		out = append(out, line)
		if line.Open {
			for _, c := range children[t.Code] {
				add(c)
			}
		}
	}
	for _, t := range children[""] {
		add(t)
	}
	return out
}

// shown tells for each code of a tree in which lines its studies are counted:
// its own, if it is shown, and those above it.
func shown(l *vocabulary.List, lines []Line) map[string][]int {
	at := map[string]int{}
	for i, line := range lines {
		at[line.Code] = i
	}
	in := map[string][]int{}
	for _, t := range l.All() {
		for code, steps := t.Code, 0; code != "" && steps < 16; steps++ {
			if i, ok := at[code]; ok {
				in[t.Code] = append(in[t.Code], i)
			}
			up, _ := l.Get(code)
			code = up.Broader
		}
	}
	return in
}

// count passes once over the studies: a study that all filters let through is
// counted in its cells and for every option; one that a single facet stops is
// counted for the options of that facet.
func (v View) count(g *Grid, q Query, studies []*Study, rows, columns map[string][]int) {
	facets := Facets()
	options := make([]map[string]int, len(facets))
	for i := range options {
		options[i] = map[string]int{}
	}
	position := map[string]int{}
	for i, code := range g.Segments {
		position[code] = i
	}
	width := len(g.Columns)
	stamp := make([]int, len(g.Rows)*width)
	rowStamp, columnStamp := make([]int, len(g.Rows)), make([]int, width)
	for n, s := range studies {
		p := v.place(s, q.By, position)
		g.Of++
		stopped, by := 0, 0
		for i, f := range facets {
			if chosen := q.filters[f]; len(chosen) > 0 && !meets(chosen, p.values[i]) {
				stopped, by = stopped+1, i
			}
		}
		switch stopped {
		case 0:
			g.Total++
			for i := range facets {
				tally(options[i], p.values[i])
			}
		case 1:
			tally(options[by], p.values[by])
		}
		for _, c := range s.Codings {
			if !c.Counts() {
				continue
			}
			for _, i := range rows[c.Intervention] {
				for _, j := range columns[c.Outcome] {
					if stamp[i*width+j] == n+1 {
						continue
					}
					stamp[i*width+j] = n + 1
					cell := &g.Cells[i][j]
					if stopped > 0 {
						cell.Hidden++
						continue
					}
					cell.Studies++
					cell.Segments[p.segment]++
					once(rowStamp, i, n+1, &g.Rows[i].Studies)
					once(columnStamp, j, n+1, &g.Columns[j].Studies)
				}
			}
		}
	}
	g.Options = map[Facet][]Option{}
	for i, f := range facets {
		g.Options[f] = v.options(f, options[i], q.filters[f])
	}
}

func once(stamp []int, i, n int, count *int) {
	if stamp[i] != n {
		stamp[i] = n
		*count++
	}
}

func tally(counts map[string]int, values []string) {
	for _, v := range values {
		counts[v]++
	}
}

func meets(chosen, values []string) bool {
	for _, v := range values {
		if slices.Contains(chosen, v) {
			return true
		}
	}
	return false
}

// place gives what the filters and bars ask of a study.
func (v View) place(s *Study, by string, position map[string]int) place {
	p := place{study: s, values: make([][]string, len(Facets()))}
	for i, f := range Facets() {
		p.values[i] = v.valuesOf(s, f)
	}
	code := v.Words.Group(s.Kind)
	if by == "rating" {
		code = s.Rating()
	}
	at, ok := position[code]
	if !ok {
		at = len(position) - 1
	}
	p.segment = at
	return p
}

// valuesOf gives the values of a study in a facet; a kind counts with its group.
func (v View) valuesOf(s *Study, f Facet) []string {
	switch f {
	case "kind":
		if g := v.Words.Group(s.Kind); g != s.Kind {
			return []string{s.Kind, g}
		}
		return some(s.Kind)
	case "design":
		return some(s.Design)
	case "rating":
		return []string{s.Rating()}
	case "setting":
		return s.Settings
	case "population":
		return s.Populations
	case "form":
		return s.Forms
	case "pillar":
		return s.Pillars
	case "country":
		return s.Countries
	case "direction":
		var all []string
		for _, n := range s.Findings {
			if !slices.Contains(all, n.Direction) {
				all = append(all, n.Direction)
			}
		}
		return all
	case "year":
		if s.Year > 0 {
			return []string{strconv.Itoa(s.Year)}
		}
	}
	return nil
}

// mark puts what is said about cells beside what was counted in them.
func (v View) mark(g *Grid, m *Map, rows, columns map[string][]int) {
	exact := func(lines []Line, code string, in map[string][]int) int {
		for _, i := range in[code] {
			if lines[i].Code == code {
				return i
			}
		}
		return -1
	}
	for _, c := range m.OutOfScope {
		if i, j := exact(g.Rows, c.Row, rows), exact(g.Columns, c.Column, columns); i >= 0 && j >= 0 {
			g.Cells[i][j].Outside = true
		}
	}
	for _, gap := range v.GapsOf(m) {
		if i, j := exact(g.Rows, gap.Row, rows), exact(g.Columns, gap.Column, columns); i >= 0 && j >= 0 && gap.Closed == "" {
			g.Cells[i][j].Gap = gap
		}
	}
	for _, s := range v.On(m) {
		for _, n := range s.Findings {
			if n.Direction != "no-clear-effect" {
				continue
			}
			for _, i := range rows[n.Intervention] {
				for _, j := range columns[n.Outcome] {
					g.Cells[i][j].NoEffect++
				}
			}
		}
	}
}

// GapsOf gives the gaps of a map.
func (v View) GapsOf(m *Map) (out []*Gap) {
	for _, g := range v.Gaps {
		if g.Map == m.Code {
			out = append(out, g)
		}
	}
	return out
}
