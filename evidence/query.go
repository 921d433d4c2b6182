package evidence

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Facet is an attribute of studies that the map can be narrowed by.
type Facet string

// Facets gives the facets in the order in which they are shown.
func Facets() []Facet {
	return []Facet{"kind", "design", "rating", "setting", "population", "form", "pillar", "country", "direction", "year"}
}

// Query is the state of a map as its address has it. It is a value: its
// methods give changed copies.
type Query struct {
	Map     string
	By      string   // what the bars show: "kind" (also "") or "rating"
	Swap    bool     // outcomes down, interventions across
	Rows    []string // first-level codes of the intervention tree that are opened
	Columns []string // of the outcome tree
	Full    bool     // everything opened
	Row     string   // of the cell that is listed
	Column  string
	Page    int // from 1

	filters map[Facet][]string
}

// Parse reads a query from the parameters of an address; parameters that it
// does not know are passed over.
func Parse(values url.Values) (Query, error) {
	q := Query{Map: values.Get("map"), By: values.Get("by"), Swap: values.Get("swap") == "1", Full: values.Get("open") == "all",
		Rows: clean(values["rows"]), Columns: clean(values["cols"]), Row: values.Get("row"), Column: values.Get("col"), Page: 1}
	if q.By != "" && q.By != "kind" && q.By != "rating" {
		return q, invalid("by", "the bars show kind or rating, not %q", q.By)
	}
	if p := values.Get("page"); p != "" {
		n, err := strconv.Atoi(p)
		if err != nil || n < 1 {
			return q, invalid("page", "%q is no page", p)
		}
		q.Page = n
	}
	for _, f := range Facets() {
		for _, v := range clean(values[string(f)]) {
			q = q.With(f, v)
		}
	}
	return q, nil
}

// clean sorts codes and leaves out what no code can be.
func clean(codes []string) []string {
	var out []string
	for _, c := range codes {
		if c != "" && len(c) <= 64 && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	slices.Sort(out)
	return out
}

// Values gives what the query chooses in a facet; any of them suffices.
func (q Query) Values(f Facet) []string { return q.filters[f] }

// Filtered tells whether the query leaves studies out.
func (q Query) Filtered() bool { return len(q.filters) > 0 }

// With gives the query with one more value chosen.
func (q Query) With(f Facet, value string) Query {
	return q.set(f, clean(append(slices.Clone(q.filters[f]), value)))
}

// Without gives the query with a value no longer chosen.
func (q Query) Without(f Facet, value string) Query {
	return q.set(f, slices.DeleteFunc(slices.Clone(q.filters[f]), func(v string) bool { return v == value }))
}

// Cleared gives the query without any filter.
func (q Query) Cleared() Query {
	q.filters, q.Page = nil, 1
	return q
}

func (q Query) set(f Facet, values []string) Query {
	next := map[Facet][]string{}
	for k, v := range q.filters {
		next[k] = v
	}
	if next[f] = values; len(values) == 0 {
		delete(next, f)
	}
	q.filters, q.Page = next, 1
	return q
}

// Toggle opens or closes a first-level code of an axis.
func (q Query) Toggle(rows bool, code string) Query {
	flip := func(list []string) []string {
		if slices.Contains(list, code) {
			return slices.DeleteFunc(slices.Clone(list), func(c string) bool { return c == code })
		}
		return clean(append(slices.Clone(list), code))
	}
	if rows {
		q.Rows = flip(q.Rows)
	} else {
		q.Columns = flip(q.Columns)
	}
	return q
}

// Cell gives the query of the studies in a cell; rows are of the intervention
// tree whichever way the map is turned.
func (q Query) Cell(row, column string) Query {
	q.Row, q.Column, q.Page = row, column, 1
	return q
}

// Whole gives the query of the whole map again.
func (q Query) Whole() Query { return q.Cell("", "") }

// Encode writes the parameters of the query's address, always in one order.
func (q Query) Encode() string {
	var b strings.Builder
	put := func(name, value string) {
		if value != "" {
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			fmt.Fprintf(&b, "%s=%s", name, url.QueryEscape(value))
		}
	}
	put("map", q.Map)
	if q.By != "kind" {
		put("by", q.By)
	}
	if q.Swap {
		put("swap", "1")
	}
	if q.Full {
		put("open", "all")
	}
	for _, c := range q.Rows {
		put("rows", c)
	}
	for _, c := range q.Columns {
		put("cols", c)
	}
	for _, f := range Facets() {
		for _, v := range q.filters[f] {
			put(string(f), v)
		}
	}
	put("row", q.Row)
	put("col", q.Column)
	if q.Page > 1 {
		put("page", strconv.Itoa(q.Page))
	}
	return b.String()
}
