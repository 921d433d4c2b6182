package site

import (
	"fmt"
	"net/http"

	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
)

// publications is the query that lists publications alone.
func publications() search.Query {
	return search.Query{}.With(library.FieldKind, library.KindPublication)
}

// found shows what a search found, publications, sections of guides, studies
// and indicators, in its order.
func (s *Site) found(r *http.Request, l *locale.Language, a search.Answer) ([]card, error) {
	ctx, v := r.Context(), serve.Viewer(r)
	wanted := a.Query.Expression().Wanted()
	records, err := s.Catalogue.Records(ctx, v, ids(a.Hits))
	if err != nil {
		return nil, err
	}
	cards := s.cards(r, l, records, wanted, excerpt)
	s.fromFiles(ctx, l, cards, records, a)
	at := map[library.ID]int{}
	var own []library.ID
	for i, rec := range records {
		at[rec.ID] = i
		own = append(own, rec.ID)
	}
	if err := s.coded(r, l, cards, own); err != nil {
		return nil, err
	}
	if len(records) == len(a.Hits) {
		return cards, nil
	}
	var rest []library.ID
	for _, id := range ids(a.Hits) {
		if _, ok := at[id]; !ok {
			rest = append(rest, id)
		}
	}
	sections, err := s.Guides.Hits(ctx, v, rest, l.Tag)
	if err != nil {
		return nil, fmt.Errorf("show sections of guides: %w", err)
	}
	others, err := s.others(r, l, rest, wanted)
	if err != nil {
		return nil, err
	}
	var all []card
	for _, id := range ids(a.Hits) {
		if i, ok := at[id]; ok {
			all = append(all, cards[i])
		} else if c, ok := others[id]; ok {
			all = append(all, c)
		} else if h, ok := sections[id]; ok {
			c := card{L: l, URL: "/" + l.Tag + "/guides/" + h.Guide.Slug + "/" + h.Entry.Slug + "#" + anchor(id),
				Title: marked(h.Text.Heading, h.Lang, wanted), Abstract: passage(h.Plain, h.Lang, wanted, excerpt)}
			title, _ := h.Guide.Titles.In(l.Tag, h.Guide.Language())
			entry, _ := h.Entry.Titles.In(l.Tag, h.Guide.Language())
			c.Category = link{Label: l.T("guide.type." + string(h.Guide.Type)), URL: "/" + l.Tag + "/guides/" + h.Guide.Slug}
			c.Within = []link{{Label: entry, URL: "/" + l.Tag + "/guides/" + h.Guide.Slug + "/" + h.Entry.Slug}, {Label: title, URL: c.Category.URL}}
			all = append(all, c)
		}
	}
	return all, nil
}

// counted says how many were found, in the word for what they are: all
// publications, all sections, or both.
func counted(l *locale.Language, a search.Answer, shown int) string {
	kinds := map[string]int{}
	for _, v := range a.Facets[library.FieldKind] {
		kinds[v.Value] = v.Count
	}
	chosen := a.Query.Values(library.FieldKind)
	only := func(kind string) bool {
		return len(chosen) == 1 && chosen[0] == kind || len(chosen) == 0 && kinds[kind] == a.Total
	}
	key := "search.results"
	switch {
	case only(library.KindPublication):
		return rangeText(l, a.Query.Number(), shown, a.Total)
	case only(library.KindGuideSection) && a.Total <= search.PageSize:
		key = "search.sections"
	}
	if a.Total <= search.PageSize {
		return l.N(key, a.Total)
	}
	first := (a.Query.Number()-1)*search.PageSize + 1
	return l.N("search.results.range", a.Total, "First", l.Number(first), "Last", l.Number(first+shown-1))
}
