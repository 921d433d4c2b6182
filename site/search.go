package site

import (
	"net/http"
	"strconv"

	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
)

// searchPage is pages/search.html.
type searchPage struct {
	frame
	Heading string
	Query   search.Query
	Box     searchBox
	Total   int
	Range   string // "11 to 20 of 83 publications"
	Chosen  []chosen
	Clear   string // address without any filter
	Sorts   []link
	Cards   []card
	Facets  []facet
	Chart   chart
	Years   yearForm
	Pager   pager
	Cut     bool // the text was longer than a query may be
	Tips    []tip
	Meant   link   // the query with misspelt words put right, when nothing was found
	Instead string // what was asked, when the answer is that to Meant
	Also    []string
	Follow  *followForm // nil where no letters are sent
	Exactly link        // the same with, or without, what is searched beside the reader's words
	Exports []link
	Bound   string // says that an export is cut
	Deep    string // says that a list is longer than its pages
}

// tip is an example of the query language with what it asks for.
type tip struct{ Example, Means string }

// tips are the examples below the box of words. They are the same in every
// language: the signs are, and the names may be any of the six languages'.
func tips(l *locale.Language) []tip {
	return []tip{
		{`"referral mechanism"`, l.T("tips.phrase")},
		{"traffick*", l.T("tips.prefix")},
		{"shelter -children", l.T("tips.not")},
		{"shelter OR housing", l.T("tips.or")},
		{"title:handbook", l.T("tips.title")},
		{"country:Sudan year:2009..2016", l.T("tips.field")},
	}
}

// searchBox is the form of words; the filters stay as they are.
type searchBox struct {
	L      *locale.Language
	Action string
	Label  string
	Text   string
	Hidden []hidden
	Whole  bool // it searches the whole library
}

type hidden struct{ Name, Value string }

// chosen is a filter that is in force, with the address that takes it off.
type chosen struct{ Label, URL, Hint string }

// facet is a field with its counted values.
type facet struct {
	L      *locale.Language
	Label  string
	Values []facetValue // at once
	More   []facetValue // behind a fold
	All    link         // the page of all values, when there are still more
}

type facetValue struct {
	Label, Count, URL string
	Chosen            bool
}

type yearForm struct {
	L        *locale.Language
	Action   string
	From, To string
	Hidden   []hidden
}

const (
	facetShown  = 5  // values of a facet at once
	facetFolded = 15 // and behind its fold; a longer list can be searched
)

func (s *Site) search(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	values := r.URL.Query()
	q, err := search.Parse(values)
	if err != nil {
		return err
	}
	asked := q.Text
	a, err := s.Searcher.Find(r.Context(), serve.Viewer(r), q, l.Tag)
	if err != nil {
		return err
	}
	q = a.Query
	if last := lastPage(a.Total); q.Number() > last {
		return s.showBeyond(w, r, l, q.Number(), last, func(page int) string { return withQuery("/search", q.At(page)) })
	}
	cards, err := s.found(r, l, a)
	if err != nil {
		return err
	}
	p := searchPage{frame: s.frame(r, l, "", withQuery("/search", q)), Query: q, Total: a.Total}
	p.NoIndex = q.Filtered() || q.Text != ""
	p.NoBox = true
	p.Cut = len(values.Get("q")) > search.MaxText
	p.Tips = tips(l)
	p.title(q)
	p.feeds("/search", q.At(0).By("").Encode())
	p.Box = searchBox{L: l, Action: p.URL("/search"), Label: l.T("search.label"), Text: q.Text, Hidden: filters(q, ""), Whole: true}
	p.Range = counted(l, a, len(cards))
	p.Chosen = p.chosen(a)
	p.understood(a, asked)
	p.Clear = p.searchURL(search.Query{Text: q.Text, Sort: q.Sort, Exact: q.Exact})
	p.Sorts = p.sorts(q)
	p.Cards = cards
	p.Facets = p.facets(a)
	p.Chart = p.chart(a)
	p.Follow = s.following(l, q)
	p.Years = yearForm{L: l, Action: p.URL("/search"), Hidden: filters(q, library.FieldYear)}
	p.Years.From, p.Years.To = yearText(q.Years.From), yearText(q.Years.To)
	if a.Total > 0 {
		p.Exports = exports("/"+l.Tag+"/search", withQuery("", q.At(0)))
	}
	if a.Total > maxExport {
		p.Bound = l.T("export.bound", "Count", l.Number(maxExport))
	}
	p.Pager = newPager(l, a.Total, q.Number(), func(page int) string { return p.searchURL(q.At(page)) })
	return s.show(w, http.StatusOK, "search", p)
}

// understood says how the reader's words were taken, and offers to take them
// otherwise.
func (p *searchPage) understood(a search.Answer, asked string) {
	q := a.Query
	if a.Suggestion != "" {
		p.Meant = link{Label: a.Suggestion, URL: p.searchURL(q.Asking(a.Suggestion))}
	}
	switch {
	case a.Corrected:
		p.Instead = p.L.T("search.corrected", "Text", asked)
		p.Exactly = link{Label: p.L.T("search.corrected.exact", "Text", asked), URL: p.searchURL(q.Asking(asked).Exactly(true))}
	case len(a.Also) > 0:
		p.Also = a.Also[:min(len(a.Also), alsoShown)]
		p.Exactly = link{Label: p.L.T("search.also.off"), URL: p.searchURL(q.Exactly(true))}
	case q.Exact && q.Text != "":
		p.Exactly = link{Label: p.L.T("search.exact.off"), URL: p.searchURL(q.Exactly(false))}
	}
	if a.Total > search.MaxPage*search.PageSize && q.Number() >= search.MaxPage-1 {
		p.Deep = p.L.T("search.deep", "Count", p.L.Number(search.MaxPage*search.PageSize))
	}
}

// alsoShown is how many of the names that were also searched are named.
const alsoShown = 10

func (p *searchPage) title(q search.Query) {
	switch {
	case q.Text != "":
		p.Title = p.L.T("search.title.for", "Text", q.Text)
		p.Heading = p.L.T("search.title")
	case q.Filtered():
		p.Title, p.Heading = p.L.T("search.title"), p.L.T("search.title")
	default:
		p.Title, p.Heading = p.L.T("search.title.all"), p.L.T("search.title.all")
	}
	if q.Number() > 1 {
		p.Title += ", " + p.L.T("pages.page", "Number", q.Number())
	}
}

func yearText(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

func ids(hits []search.Hit) []library.ID {
	ids := make([]library.ID, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	return ids
}

// rangeText says which part of a list a page shows; a list of one page is
// only counted.
func rangeText(l *locale.Language, number, shown, total int) string {
	if total <= search.PageSize {
		return l.N("results", total)
	}
	first := (number-1)*search.PageSize + 1
	return l.N("results.range", total, "First", l.Number(first), "Last", l.Number(first+shown-1))
}

// filters gives the query's choices as hidden fields of a form, but for the
// field that the form itself asks for; empty means its words.
func filters(q search.Query, but library.Field) []hidden {
	var hs []hidden
	if q.Text != "" && but != "" {
		hs = append(hs, hidden{"q", q.Text})
	}
	if q.Exact {
		hs = append(hs, hidden{"exact", "1"})
	}
	for _, f := range library.Facets() {
		for _, v := range q.Values(f) {
			hs = append(hs, hidden{string(f), v})
		}
	}
	if !q.Years.Any() && but != library.FieldYear {
		hs = append(hs, hidden{string(library.FieldYear), q.Years.String()})
	}
	if q.Sort != "" {
		hs = append(hs, hidden{"sort", string(q.Sort)})
	}
	return hs
}

// chosen lists the filters in force with the way to take each off.
func (p *searchPage) chosen(a search.Answer) []chosen {
	var cs []chosen
	add := func(f library.Field, value, label string) {
		field := p.L.T("field." + string(f))
		cs = append(cs, chosen{p.L.T("field.value", "Field", field, "Value", label), p.searchURL(a.Query.Without(f, value)),
			p.L.T("search.remove", "Field", field, "Label", label)})
	}
	for _, f := range library.Facets() {
		for _, v := range a.Facets[f] {
			if v.Chosen && f != library.FieldYear {
				add(f, v.Value, v.Label)
			}
		}
	}
	if y := a.Query.Years; !y.Any() {
		add(library.FieldYear, "", y.String())
	}
	return cs
}

func (p *searchPage) sorts(q search.Query) []link {
	var links []link
	for _, s := range []search.Sort{search.Relevance, search.Newest, search.ByTitle, search.Added} {
		if s == search.Relevance && q.Text == "" {
			continue
		}
		links = append(links, link{Label: p.L.T("search.sort." + string(s)), URL: p.searchURL(q.By(s)), Current: q.Order() == s})
	}
	return links
}

// facets shows the counted values of each field; a chosen one leads to the
// query without it.
func (p *searchPage) facets(a search.Answer) []facet {
	var fs []facet
	for _, f := range library.Facets() {
		values := a.Facets[f]
		if len(values) == 0 {
			continue
		}
		ft := facet{L: p.L, Label: p.L.T("field." + string(f) + ".plural")}
		for i, v := range values {
			to := a.Query.With(f, v.Value)
			if v.Chosen {
				to = a.Query.Without(f, v.Value)
			}
			fv := facetValue{v.Label, p.L.Number(v.Count), p.searchURL(to), v.Chosen}
			switch {
			case i < facetShown || v.Chosen:
				ft.Values = append(ft.Values, fv)
			case len(ft.More) < facetFolded:
				ft.More = append(ft.More, fv)
			default:
				ft.All = link{Label: p.L.T("search.values.all"), URL: p.URL(valuesPath(a.Query, f, ""))}
			}
		}
		fs = append(fs, ft)
	}
	return fs
}
