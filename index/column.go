package index

import (
	"cmp"
	"slices"
	"strconv"

	"waymark/library"
	"waymark/search"
)

// column holds the values of a facet for every document: the codes of document
// n are codes[offsets[n]:offsets[n+1]].
type column struct {
	code    map[string]int32
	values  []string // by code
	offsets []int32
	codes   []int32
}

func newColumn() *column {
	return &column{code: map[string]int32{}, offsets: []int32{0}}
}

func (c *column) add(values []string) {
	start := len(c.codes)
	for _, v := range values {
		code, ok := c.code[v]
		if !ok {
			code = int32(len(c.values))
			c.code[v] = code
			c.values = append(c.values, v)
		}
		if !slices.Contains(c.codes[start:], code) {
			c.codes = append(c.codes, code)
		}
	}
	c.offsets = append(c.offsets, int32(len(c.codes)))
}

// renumber gives the column of the documents that have a new number. Codes of
// values that no document has any more go too.
func (c *column) renumber(number []int32) *column {
	left := newColumn()
	var values []string
	for doc, n := range number {
		if n < 0 {
			continue
		}
		values = values[:0]
		for _, code := range c.of(int32(doc)) {
			values = append(values, c.values[code])
		}
		left.add(values)
	}
	return left
}

func (c *column) of(doc int32) []int32 { return c.codes[c.offsets[doc]:c.offsets[doc+1]] }

// valuesOf gives the values of a field that a document is counted by.
func valuesOf(d search.Document, f library.Field) []string {
	if f != library.FieldYear {
		return d.Values[f]
	}
	if y := d.Date.Year(); y != 0 {
		return []string{strconv.Itoa(y)}
	}
	return nil
}

// choice is what a query chooses in one field: the codes that are asked for,
// and how many matches each code has.
type choice struct {
	field  library.Field
	column *column
	wanted []bool // by code; nil when the field is not narrowed
	counts []int32
}

// choices gives the query's choice in every field. A value that no document
// has matches none.
func (m *Memory) choices(q search.Query) []choice {
	var cs []choice
	for _, f := range library.Facets() {
		col := m.columns[f]
		c := choice{field: f, column: col, counts: make([]int32, len(col.values))}
		switch values := q.Values(f); {
		case f == library.FieldYear && !q.Years.Any():
			c.wanted = make([]bool, len(col.values))
			for code, v := range col.values {
				year, err := strconv.Atoi(v)
				c.wanted[code] = err == nil && q.Years.Contains(year)
			}
		case len(values) > 0:
			c.wanted = make([]bool, len(col.values))
			for _, v := range values {
				if code, ok := col.code[v]; ok {
					c.wanted[code] = true
				}
			}
		}
		cs = append(cs, c)
	}
	return cs
}

func (c *choice) admits(doc int32) bool {
	if c.wanted == nil {
		return true
	}
	for _, code := range c.column.of(doc) {
		if c.wanted[code] {
			return true
		}
	}
	return false
}

// admission says which of a list of matches every choice admits.
type admission struct {
	refused []uint8 // beside the matches: how many fields refuse it; nil when none can
	total   int
}

func (a *admission) has(i int) bool { return a.refused == nil || a.refused[i] == 0 }

// admit counts the matches in every field, and tells which of them all choices
// admit. A field's own choice does not narrow its own counts: a match that
// only one field refuses is counted in that field alone. The fields are gone
// through one after the other, since each lies in memory by itself.
func admit(cs []choice, docs []int32) *admission {
	a := &admission{total: len(docs)}
	var by []uint8 // beside the matches: the last field that refuses it
	for f := range cs {
		if cs[f].wanted == nil {
			continue
		}
		if a.refused == nil {
			a.refused, by = make([]uint8, len(docs)), make([]uint8, len(docs))
		}
		for i, doc := range docs {
			if !cs[f].admits(doc) {
				if a.refused[i]++; a.refused[i] == 1 {
					a.total--
				}
				by[i] = uint8(f)
			}
		}
	}
	for f := range cs {
		col, counts := cs[f].column, cs[f].counts
		for i, doc := range docs {
			if a.refused != nil && a.refused[i] > 0 && (a.refused[i] > 1 || by[i] != uint8(f)) {
				continue
			}
			for _, code := range col.codes[col.offsets[doc]:col.offsets[doc+1]] {
				counts[code]++
			}
		}
	}
	return a
}

// facet gives the counted values, highest first, then by value.
func (c *choice) facet() []search.Count {
	var out []search.Count
	for code, n := range c.counts {
		if n > 0 {
			out = append(out, search.Count{Value: c.column.values[code], Count: int(n)})
		}
	}
	slices.SortFunc(out, func(a, b search.Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return out
}

func facets(cs []choice) map[library.Field][]search.Count {
	all := make(map[library.Field][]search.Count, len(cs))
	for i := range cs {
		all[cs[i].field] = cs[i].facet()
	}
	return all
}
