package index

import (
	"cmp"
	"math/bits"
	"slices"
	"strconv"

	"waymark/library"
	"waymark/search"
)

// filtered tells whether a query narrows a field.
func filtered(q search.Query, f library.Field) bool {
	if f == library.FieldYear {
		return !q.Years.Any()
	}
	return len(q.Values(f)) > 0
}

// chosen tells whether a query chooses the value of a code.
func (c *column) chosen(f library.Field, q search.Query, code int) bool {
	value := c.Value(code)
	if f == library.FieldYear {
		year, err := strconv.Atoi(value)
		return err == nil && q.Years.Contains(year)
	}
	return slices.Contains(q.Values(f), value)
}

// admit works out the matches that every choice of the query admits, and for
// each field that it narrows those that all others admit: a field's own choice
// does not narrow its own counts.
func (m *matching) admit(q search.Query) {
	matches := m.sets[m.p.root.number]
	if q.Within != "" {
		one := m.set()
		m.each(q.Within, func(doc uint32) { one[doc>>6] |= 1 << (doc & 63) & matches[doc>>6] })
		matches = one
	}
	if q.Among != nil {
		some := m.set()
		for _, id := range q.Among {
			m.each(id, func(doc uint32) { some[doc>>6] |= 1 << (doc & 63) & matches[doc>>6] })
		}
		matches = some
	}
	choices := map[library.Field][]uint64{}
	for _, f := range library.Facets() {
		if filtered(q, f) {
			choices[f] = m.set()
			m.choose(f, q, choices[f])
		}
	}
	narrowed := func(but library.Field) []uint64 {
		if len(choices) == 0 {
			return matches
		}
		set := m.set()
		copy(set, matches)
		for f, choice := range choices {
			if f == but {
				continue
			}
			for i, w := range choice {
				set[i] &= w
			}
		}
		return set
	}
	m.admitted = narrowed("")
	m.total = size(m.admitted)
	m.but = map[library.Field][]uint64{}
	for f := range choices {
		m.but[f] = narrowed(f)
	}
}

// counted gives the documents that are counted in a field, and their number.
func (m *matching) counted(f library.Field) ([]uint64, int) {
	if set := m.but[f]; set != nil {
		return set, size(set)
	}
	return m.admitted, m.total
}

// counter adds up how many documents have each value of a field.
type counter struct {
	field  library.Field
	values []string
	counts []uint32 // by the code of this process
	own    []uint32 // room for the counts of one segment
}

const (
	// fewValues is up to how many values of a field documents are counted value
	// by value, when they are at least one of manyDocs of a segment.
	fewValues = 1024
	manyDocs  = 16
)

// count adds the documents of a segment; total is how many they are.
func (c *counter) count(p *part, set []uint64, total int) {
	if total == 0 {
		return
	}
	col := p.columns[c.field]
	if col.Len() <= fewValues && total > p.Docs()/manyDocs {
		for code := range col.Len() {
			c.counts[col.code[code]] += uint32(col.Count(code, set))
		}
		return
	}
	c.own = slices.Grow(c.own[:0], col.Len())[:col.Len()]
	clear(c.own)
	codes := col.Codes()
	for i, w := range set {
		for ; w != 0; w &= w - 1 {
			start, end := col.Range(uint32(i*64 + bits.TrailingZeros64(w)))
			for k := start; k < end; k++ {
				c.own[codes.At(int(k))]++
			}
		}
	}
	for code, n := range c.own {
		if n > 0 {
			c.counts[col.code[code]] += n
		}
	}
}

// facet gives the counted values, highest first, then by value: the first
// search.MaxCounts, and those that the query asks for.
func (c *counter) facet(q search.Query) []search.Count {
	var out []search.Count
	order := func(a, b search.Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	}
	least := 1 // what a value must count to be among the first
	for code, n := range c.counts {
		if int(n) < least {
			continue
		}
		out = append(out, search.Count{Value: c.values[code], Count: int(n)})
		if len(out) == 4*search.MaxCounts {
			slices.SortFunc(out, order)
			out = out[:search.MaxCounts]
			least = out[len(out)-1].Count
		}
	}
	slices.SortFunc(out, order)
	out = out[:min(len(out), search.MaxCounts)]
	wanted := map[string]bool{}
	for _, v := range q.Counted(c.field) {
		wanted[v] = true
	}
	for _, v := range out {
		delete(wanted, v.Value)
	}
	for code := 0; len(wanted) > 0 && code < len(c.counts); code++ {
		if v := c.values[code]; wanted[v] {
			delete(wanted, v)
			if n := c.counts[code]; n > 0 {
				out = append(out, search.Count{Value: v, Count: int(n)})
			}
		}
	}
	return out
}
