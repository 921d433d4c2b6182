package site

import (
	"net/http"

	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// homePage is pages/home.html.
type homePage struct {
	frame
	Box       searchBox
	Total     string
	Topics    []link
	Places    []link
	Newest    []card
	NewestAll string

	Featured    []card
	Collections []link
}

const (
	homeTopics = 12
	homePlaces = 12
	homeNewest = 5
)

func (s *Site) home(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	a, err := s.Searcher.Find(r.Context(), serve.Viewer(r), publications(), l.Tag)
	if err != nil {
		return err
	}
	newest := ids(a.Hits)
	records, err := s.Catalogue.Records(r.Context(), serve.Viewer(r), newest[:min(homeNewest, len(newest))])
	if err != nil {
		return err
	}
	p := homePage{frame: s.frame(r, l, "", "/"), Newest: s.cards(r, l, records, nil, excerpt)}
	p.feeds("/feed", "")
	p.NoBox = true
	p.Box = searchBox{L: l, Action: p.URL("/search"), Label: l.T("search.label"), Whole: true}
	p.Total = l.N("results", a.Total)
	p.Topics = head(p.valueLinks(library.FieldTopic, a.Facets[library.FieldTopic]), homeTopics)
	p.Places = append(head(p.valueLinks(library.FieldRegion, a.Facets[library.FieldRegion]), homePlaces/2),
		head(p.valueLinks(library.FieldCountry, a.Facets[library.FieldCountry]), homePlaces/2)...)
	p.NewestAll = p.searchURL(publications())
	if err := s.forward(r, &p); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, "home", p)
}

func head[T any](list []T, n int) []T { return list[:min(n, len(list))] }

// aboutPage is pages/about.html.
type aboutPage struct {
	frame
	Total string
	Own   *ownText // nil for what the program says of a library
}

func (s *Site) about(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	a, err := s.Searcher.Find(r.Context(), serve.Viewer(r), publications(), l.Tag)
	if err != nil {
		return err
	}
	p := aboutPage{frame: s.frame(r, l, l.T("about.title"), "/about"), Total: l.N("results", a.Total)}
	p.Lead = l.T("about.what.text")
	if p.Own, err = s.ownAbout(l); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, "about", p)
}
