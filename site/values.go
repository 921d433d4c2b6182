package site

import (
	"net/http"
	"net/url"

	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
)

// valuesPage is pages/values.html: the values of a field in the results of a
// query, to be chosen from by name.
type valuesPage struct {
	frame
	Heading string
	Find    string
	Label   string // of the box
	Action  string
	Hidden  []hidden
	Values  []facetValue
	First   bool // there may be more, less frequent ones
	Back    string
}

// valuesPath gives the address of the values of a field in a query's results
// whose name begins with some words.
func valuesPath(q search.Query, f library.Field, find string) string {
	address := "/search/values/" + string(f)
	params := q.At(0).Encode()
	if find != "" {
		if params != "" {
			params += "&"
		}
		params += "find=" + url.QueryEscape(find)
	}
	if params == "" {
		return address
	}
	return address + "?" + params
}

func (s *Site) values(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	f := library.Field(r.PathValue("field"))
	if !isFacet(f) {
		return library.Errorf(library.NotFound, "no field is called %s", f)
	}
	q, err := search.Parse(r.URL.Query())
	if err != nil {
		return err
	}
	find := r.URL.Query().Get("find")
	a, err := s.Searcher.Values(r.Context(), serve.Viewer(r), q, f, find, l.Tag)
	if err != nil {
		return err
	}
	q = a.Query
	heading := l.T("field." + string(f) + ".plural")
	p := valuesPage{frame: s.frame(r, l, heading, valuesPath(q, f, find)), Heading: heading, Find: find,
		Label: l.T("search.values.find", "Field", heading), Hidden: filters(q, "q"), Back: "/" + l.Tag + withQuery("/search", q)}
	p.NoIndex = true
	p.Action = p.URL("/search/values/" + string(f))
	for _, v := range a.Facets[f] {
		to := q.With(f, v.Value)
		if v.Chosen {
			to = q.Without(f, v.Value)
		}
		p.Values = append(p.Values, facetValue{v.Label, l.Number(v.Count), p.searchURL(to), v.Chosen})
	}
	p.First = find == "" && len(p.Values) >= search.MaxCounts
	return s.show(w, http.StatusOK, "values", p)
}

func isFacet(f library.Field) bool {
	for _, known := range library.Facets() {
		if f == known {
			return true
		}
	}
	return false
}
