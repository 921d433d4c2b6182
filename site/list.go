package site

import (
	"net/http"
	"net/url"
	"slices"

	"waymark/catalogue"
	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
)

// listPage is pages/list.html: the publications of one value of a field.
type listPage struct {
	frame
	Heading string
	Field   link // the page of all values
	Range   string
	Narrow  string // the search with this value chosen
	Box     searchBox
	Members []link // member countries of a region
	Website string // of an organisation
	Cards   []card
	Pager   pager
}

// list shows the publications of one value, ten to a page, newest first.
func (s *Site) list(f library.Field) handler {
	return func(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
		a, err := s.listed(r, l, f)
		if err != nil {
			return err
		}
		value := onlyValue(a.Query, f)
		path := "/" + section(f) + "/" + value
		if value != r.PathValue("value") { // a name stands for its code
			http.Redirect(w, r, "/"+l.Tag+path, http.StatusMovedPermanently)
			return nil
		}
		number := a.Query.Number()
		at := func(page int) string { return withQuery(path, search.Query{}.At(page)) }
		if number > lastPage(a.Total) {
			return s.showBeyond(w, r, l, number, lastPage(a.Total), at)
		}
		records, err := s.Catalogue.Records(r.Context(), serve.Viewer(r), ids(a.Hits))
		if err != nil {
			return err
		}
		p := listPage{frame: s.frame(r, l, labelOf(a, f, value), at(number)), Cards: s.cards(r, l, records, nil, abstract)}
		p.Heading = p.Title
		if number > 1 {
			p.Title += ", " + l.T("pages.page", "Number", number)
		}
		if slices.Contains(serve.Followed(), f) {
			p.feeds("/"+section(f)+"/"+value+"/feed", "")
		}
		only := search.Query{}.With(f, value)
		p.Field = link{Label: l.T("field." + string(f) + ".plural"), URL: p.URL("/" + section(f))}
		p.Range = rangeText(l, number, len(records), a.Total)
		p.Narrow = p.searchURL(only)
		p.Box = searchBox{L: l, Action: p.URL("/search"), Label: l.T("search.within"), Hidden: filters(only, "")}
		p.Pager = newPager(l, a.Total, number, func(page int) string { return p.URL(at(page)) })
		switch f {
		case library.FieldRegion:
			s.region(&p, records, value)
		case library.FieldAuthor:
			if p.Website, err = s.website(r, value); err != nil {
				return err
			}
		}
		return s.show(w, http.StatusOK, "list", p)
	}
}

// listed answers the query of a list: one value, from the path, and a page.
func (s *Site) listed(r *http.Request, l *locale.Language, f library.Field) (search.Answer, error) {
	q, err := search.Parse(url.Values{string(f): {r.PathValue("value")}, "page": {r.URL.Query().Get("page")}})
	if q.Years.From != q.Years.To {
		return search.Answer{}, library.Errorf(library.NotFound, "the years %s are no single year", q.Years)
	}
	if err == nil {
		q = q.With(library.FieldKind, library.KindPublication).At(q.Number())
		var a search.Answer
		if a, err = s.Searcher.Find(r.Context(), serve.Viewer(r), q, l.Tag); err == nil {
			return a, nil
		}
	}
	if e, ok := asError(err); ok && e.Kind == library.Invalid && e.Field == string(f) {
		return search.Answer{}, library.Errorf(library.NotFound, "no list has this address: %w", err)
	}
	return search.Answer{}, err
}

// onlyValue gives the first value that a query chooses in a field.
func onlyValue(q search.Query, f library.Field) string {
	if f == library.FieldYear {
		return q.Years.String()
	}
	return q.Values(f)[0]
}

func labelOf(a search.Answer, f library.Field, value string) string {
	for _, v := range a.Facets[f] {
		if v.Value == value {
			return v.Label
		}
	}
	return value
}

// region names a region's member countries, and on each card those by which
// it stands in the list.
func (s *Site) region(p *listPage, records []catalogue.Record, code string) {
	t, _ := s.Vocabularies.Regions.Get(code)
	p.Members = s.links(p.L, library.FieldCountry, t.Members)
	slices.SortFunc(p.Members, func(a, b link) int { return p.L.Compare(a.Label, b.Label) })
	for i, r := range records {
		if slices.Contains(r.Regions, code) {
			continue
		}
		var through []string
		for _, c := range r.Countries {
			if slices.Contains(t.Members, c) {
				through = append(through, s.Vocabularies.Countries.Label(c, p.L.Tag))
			}
		}
		if len(through) > 0 {
			p.Cards[i].Through = p.L.T("browse.through", "Countries", p.L.List(through))
		}
	}
}

func (s *Site) website(r *http.Request, agent string) (string, error) {
	id := library.ID(agent)
	agents, err := s.Catalogue.Agents(r.Context(), serve.Viewer(r), []library.ID{id})
	if err != nil || agents[id] == nil {
		return "", err
	}
	return agents[id].Website, nil
}
