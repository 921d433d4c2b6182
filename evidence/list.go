package evidence

import (
	"cmp"
	"slices"
	"strings"

	"waymark/library"
	"waymark/vocabulary"
)

// list gives the vocabulary of a facet, nil for one whose values are no codes
// of this package.
func (w *Words) list(f Facet) *vocabulary.List {
	switch f {
	case "kind":
		return w.Kinds
	case "design":
		return w.Designs
	case "rating":
		return w.Ratings
	case "setting":
		return w.Settings
	case "population":
		return w.Populations
	case "form":
		return w.Forms
	case "pillar":
		return w.Pillars
	case "direction":
		return w.Directions
	}
	return nil
}

// Label gives the name of a facet's value; countries and years are named by
// the door.
func (w *Words) Label(f Facet, code, lang string) string {
	if l := w.list(f); l != nil {
		return l.Label(code, lang)
	}
	return code
}

// options orders the counted values: by the vocabulary, years latest first,
// countries by count. A chosen value stays, counted or not.
func (v View) options(f Facet, counts map[string]int, chosen []string) []Option {
	for _, c := range chosen {
		if _, ok := counts[c]; !ok {
			counts[c] = 0
		}
	}
	out := make([]Option, 0, len(counts))
	for code, n := range counts {
		out = append(out, Option{code, n, slices.Contains(chosen, code)})
	}
	l := v.Words.list(f)
	slices.SortFunc(out, func(a, b Option) int {
		switch {
		case f == "year":
			return strings.Compare(b.Code, a.Code)
		case l == nil:
			return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Code, b.Code))
		}
		x, _ := l.Get(a.Code)
		y, _ := l.Get(b.Code)
		return cmp.Or(cmp.Compare(x.Order, y.Order), strings.Compare(a.Code, b.Code))
	})
	return out
}

// Chosen gives the studies that a query leaves, those of its cell when it
// names one (a code holds all below it): the best appraised first, then the
// newest.
func (v View) Chosen(q Query) ([]*Study, error) {
	m, f, err := v.mapOf(q)
	if err != nil {
		return nil, err
	}
	rows, _ := f.Tree(m.Rows)
	columns, _ := f.Tree(m.Columns)
	rowTerms, columnTerms := rows.List(), columns.List()
	if q.Row != "" && !has(rowTerms)(q.Row) || q.Column != "" && !has(columnTerms)(q.Column) {
		return nil, notFound("the map %s has no cell %q × %q", m.Code, q.Row, q.Column)
	}
	var out []*Study
	for _, s := range v.On(m) {
		if v.passes(s, q) && s.stands(rowTerms, columnTerms, q.Row, q.Column) {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b *Study) int {
		return cmp.Or(cmp.Compare(v.rank(a), v.rank(b)), cmp.Compare(b.Year, a.Year), strings.Compare(string(a.ID), string(b.ID)))
	})
	return out, nil
}

func (v View) rank(s *Study) int {
	t, _ := v.Words.Ratings.Get(s.Rating())
	return t.Order
}

func (v View) passes(s *Study, q Query) bool {
	for f, chosen := range q.filters {
		if !meets(chosen, v.valuesOf(s, f)) {
			return false
		}
	}
	return true
}

// stands tells whether a study is coded for a cell, or for anything when the
// cell is left open.
func (s *Study) stands(rows, columns *vocabulary.List, row, column string) bool {
	if row == "" && column == "" {
		return true
	}
	for _, c := range s.Codings {
		if c.Counts() && (row == "" || under(rows, c.Intervention, row)) && (column == "" || under(columns, c.Outcome, column)) {
			return true
		}
	}
	return false
}

// Stands tells whether a finding of a study belongs to the cell of a query.
func (v View) Stands(s *Study, n Finding, q Query) bool {
	f, ok := v.Framework(s.Framework)
	if !ok {
		return false
	}
	return (q.Row == "" || under(f.Trees[0].List(), n.Intervention, q.Row)) && (q.Column == "" || under(f.Trees[1].List(), n.Outcome, q.Column))
}

// under tells whether a code is another or stands below it.
func under(l *vocabulary.List, code, above string) bool {
	for range 16 {
		if code == above {
			return true
		}
		t, ok := l.Get(code)
		if !ok || t.Broader == "" {
			return false
		}
		code = t.Broader
	}
	return false
}

// Agreement is how two coders agree over the codings that both made: how many,
// in how many they agree, and Cohen's kappa, which takes off what chance
// would give; NaN-free: with nothing to compare, or no spread, Kappa is 1.
type Agreement struct {
	Both, Same int
	Kappa      float64
}

// AgreementOf counts the agreement of first and second coders.
func AgreementOf(studies []*Study) Agreement {
	var a Agreement
	var first, second int
	for _, s := range studies {
		for _, c := range s.Codings {
			if c.First == nil || c.Second == nil {
				continue
			}
			a.Both++
			if c.First.Yes == c.Second.Yes {
				a.Same++
			}
			if c.First.Yes {
				first++
			}
			if c.Second.Yes {
				second++
			}
		}
	}
	a.Kappa = 1
	if a.Both == 0 {
		return a
	}
	n := float64(a.Both)
	p, q := float64(first)/n, float64(second)/n
	chance := p*q + (1-p)*(1-q)
	if chance < 1 {
		a.Kappa = (float64(a.Same)/n - chance) / (1 - chance)
	}
	return a
}

func notFound(format string, args ...any) error {
	return library.Errorf(library.NotFound, format, args...)
}
