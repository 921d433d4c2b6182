// Package search is finding as a use case: the Query as a value that reads and
// writes its own address, the Document that an engine indexes, the Result, and
// the Follower that keeps an index level with the store's edits.
package search

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/library"
)

// Sort is an order of hits.
type Sort string

// The orders. A query without words has no relevance and sorts by newest.
const (
	Relevance Sort = "relevance"
	Newest    Sort = "newest" // date of publication, latest first
	ByTitle   Sort = "title"
	Added     Sort = "added" // to the library, latest first
)

const (
	// PageSize is the number of hits on a page.
	PageSize = 10
	// MaxText bounds the words of a query in bytes; what is longer is cut
	// there, so that a hostile address costs no more than a long one.
	MaxText = 1000
	// MaxValues bounds the values chosen in one facet.
	MaxValues = 50
	// BestPages and MaxPages bound the pages of a hit, in a list and alone.
	BestPages = 3
	MaxPages  = 200
	// MaxPage bounds how deep a list is paged; a reader narrows instead.
	MaxPage = 1000
	// MaxSize bounds the hits of one answer of another size than PageSize.
	MaxSize = MaxPage * PageSize
)

// Years is a range of years, both ends included; 0 leaves an end open.
type Years struct{ From, To int }

// Any tells whether the range holds every year.
func (y Years) Any() bool { return y == Years{} }

// Contains tells whether the year lies in the range. A work without a year (0)
// lies in no range but Any.
func (y Years) Contains(year int) bool {
	if y.Any() {
		return true
	}
	return year != 0 && year >= y.From && (y.To == 0 || year <= y.To)
}

// String writes the range as it stands in an address: 2015, 2009..2016,
// 2009.. or ..2016; empty for Any.
func (y Years) String() string {
	switch {
	case y.Any():
		return ""
	case y.From == y.To:
		return strconv.Itoa(y.From)
	}
	s := ".."
	if y.From != 0 {
		s = strconv.Itoa(y.From) + s
	}
	if y.To != 0 {
		s += strconv.Itoa(y.To)
	}
	return s
}

// ParseYears reads what String writes.
func ParseYears(s string) (Years, error) {
	from, to, isRange := strings.Cut(strings.TrimSpace(s), "..")
	if !isRange {
		to = from
	}
	var y Years
	for _, end := range []struct {
		text string
		year *int
	}{{from, &y.From}, {to, &y.To}} {
		text := strings.TrimSpace(end.text)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 1000 || n > 2999 {
			return Years{}, invalid(string(library.FieldYear), "%q is not a year: write 2015, 2009..2016, 2009.. or ..2016", s)
		}
		*end.year = n
	}
	if y.To != 0 && y.From > y.To {
		y.From, y.To = y.To, y.From
	}
	return y, nil
}

// Query is what a reader asks for: a value, built by Parse or step by step
// with With and Without, which leave the original as it was. The zero Query
// browses everything.
type Query struct {
	Text  string
	Years Years
	Sort  Sort // empty: Relevance with words, Newest without
	Page  int  // from 1; 0 is 1
	Exact bool // as written: neither other names of what the words mean, nor other spellings

	// Size is the hits on a page, 0 for PageSize and at most MaxSize. Like
	// Within it is no part of an address.
	Size int

	// Within bounds the answer to one resource, of which up to MaxPages pages
	// are given; it is no part of an address.
	Within library.ID
	// Among bounds the answer to some resources; nil is no bound. It is no part
	// of an address either.
	Among []library.ID

	filters map[library.Field][]string
	counted map[library.Field][]string
	asked   *Expression // Text with codes in the place of names; nil before the Searcher has looked them up
}

// Expression gives the text as a tree.
func (q Query) Expression() Expression {
	if q.asked != nil {
		return *q.asked
	}
	return ParseText(q.Text)
}

// Meaning gives the query asking an expression in the place of its text's own.
func (q Query) Meaning(e Expression) Query {
	q.asked = &e
	return q
}

// Parse reads a query from the parameters of an address. Parameters that it
// does not know are passed over. It answers Invalid, naming the parameter, for
// a year, sort or page that cannot be.
func Parse(values url.Values) (Query, error) {
	q := Query{Text: cut(strings.Join(strings.Fields(strings.ToValidUTF8(values.Get("q"), "")), " "), MaxText)}
	for _, f := range library.Facets() {
		if f == library.FieldYear {
			continue
		}
		for _, v := range values[string(f)] {
			if v != "" {
				q = q.With(f, v)
			}
		}
		if len(q.filters[f]) > MaxValues {
			return Query{}, invalid(string(f), "%d values are chosen; at most %d can be", len(q.filters[f]), MaxValues)
		}
	}
	q.Exact = values.Get("exact") == "1"
	var err error
	// A form has two boxes, for the first and the last year.
	years := values[string(library.FieldYear)]
	if q.Years, err = ParseYears(strings.Join(years[:min(2, len(years))], "..")); err != nil {
		return Query{}, err
	}
	switch s := Sort(values.Get("sort")); s {
	case "", Relevance, Newest, ByTitle, Added:
		q.Sort = s
	default:
		return Query{}, invalid("sort", "%q is not an order: choose relevance, newest or title", s)
	}
	if p := values.Get("page"); p != "" {
		n, err := strconv.Atoi(p)
		if err != nil || n < 1 {
			return Query{}, invalid("page", "%q is not a page: choose 1 to %d", p, MaxPage)
		}
		q.Page = min(n, MaxPage+1) // where no list has a page
	}
	return q, nil
}

// cut shortens s to at most n bytes at a word, or at a rune where a single
// word is longer than that.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	s = strings.ToValidUTF8(s[:n], "")
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		s = s[:i]
	}
	return s
}

func invalid(field, format string, args ...any) error {
	return &library.Error{Kind: library.Invalid, Field: field, Err: fmt.Errorf(format, args...)}
}

// Order gives the order that is in force: Sort, or the default for the query.
func (q Query) Order() Sort {
	if q.Sort != "" && q.Sort != Relevance {
		return q.Sort
	}
	if q.Expression().Nothing() {
		return Newest
	}
	return Relevance
}

// Number gives the page, from 1.
func (q Query) Number() int { return max(q.Page, 1) }

// Hits gives the number of hits on a page.
func (q Query) Hits() int {
	if q.Size <= 0 {
		return PageSize
	}
	return min(q.Size, MaxSize)
}

// Values gives the values chosen in a facet, sorted. The year is not one of
// them: it stands in Years.
func (q Query) Values(f library.Field) []string { return q.filters[f] }

// Has tells whether the value is chosen in the facet.
func (q Query) Has(f library.Field, value string) bool {
	if f == library.FieldYear {
		return !q.Years.Any() && q.Years.String() == value
	}
	return slices.Contains(q.filters[f], value)
}

// Filtered tells whether any facet narrows the query.
func (q Query) Filtered() bool { return len(q.filters) > 0 || !q.Years.Any() }

// With gives the query with one more value chosen in a facet, on page 1. A
// year that cannot be is ignored.
func (q Query) With(f library.Field, value string) Query {
	q.Page = 0
	if f == library.FieldYear {
		if y, err := ParseYears(value); err == nil {
			q.Years = y
		}
		return q
	}
	if q.Has(f, value) {
		return q
	}
	filters := maps.Clone(q.filters)
	if filters == nil {
		filters = make(map[library.Field][]string)
	}
	filters[f] = append(slices.Clone(filters[f]), value)
	slices.Sort(filters[f])
	q.filters = filters
	return q
}

// Without gives the query with a value of a facet no longer chosen, on page 1;
// with an empty value, the whole facet.
func (q Query) Without(f library.Field, value string) Query {
	q.Page = 0
	if f == library.FieldYear {
		q.Years = Years{}
		return q
	}
	filters := maps.Clone(q.filters)
	left := slices.DeleteFunc(slices.Clone(filters[f]), func(v string) bool { return value == "" || v == value })
	if len(left) == 0 {
		delete(filters, f)
	} else {
		filters[f] = left
	}
	q.filters = filters
	return q
}

// counting gives the query that counts values of a field whatever their place.
func (q Query) counting(f library.Field, values []string) Query {
	q.counted = map[library.Field][]string{f: values}
	return q
}

// Counted gives the values of a facet that are counted whatever their place
// among the most frequent: those that are chosen or asked for.
func (q Query) Counted(f library.Field) []string {
	values := append(slices.Clone(q.Values(f)), q.counted[f]...)
	if f == library.FieldYear && !q.Years.Any() {
		values = append(values, q.Years.String())
	}
	return values
}

// Asking gives the query with another text, on page 1.
func (q Query) Asking(text string) Query {
	q.Text, q.asked, q.Page = text, nil, 0
	return q
}

// Exactly gives the query as written, or with all that it may mean, on page 1.
func (q Query) Exactly(exact bool) Query {
	q.Exact, q.asked, q.Page = exact, nil, 0
	return q
}

// At gives the query on another page.
func (q Query) At(page int) Query {
	q.Page = page
	return q
}

// By gives the query in another order, on page 1.
func (q Query) By(s Sort) Query {
	q.Sort, q.Page = s, 0
	return q
}

// Encode writes the query as the parameters of an address in one canonical
// order, without defaults, so that equal queries have equal addresses. Parse
// reads it back.
func (q Query) Encode() string {
	var b strings.Builder
	add := func(name, value string) {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(name + "=" + url.QueryEscape(value))
	}
	if q.Text != "" {
		add("q", q.Text)
	}
	if q.Exact {
		add("exact", "1")
	}
	for _, f := range library.Facets() {
		for _, v := range q.filters[f] {
			add(string(f), v)
		}
	}
	if !q.Years.Any() {
		add(string(library.FieldYear), q.Years.String())
	}
	if q.Sort != "" && q.Sort != q.By("").Order() {
		add("sort", string(q.Sort))
	}
	if q.Page > 1 {
		add("page", strconv.Itoa(q.Page))
	}
	return b.String()
}
