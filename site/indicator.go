package site

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"waymark/indicator"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// indicatorsPage is pages/indicators.html: the registry by pillar.
type indicatorsPage struct {
	frame
	Notes  []string
	Groups []indicatorGroup
	More   []link
}

type indicatorGroup struct {
	ID, Heading string
	Entries     []indicatorEntry
}

type indicatorEntry struct {
	URL, Title string
	Facts      []string
	Definition text
}

// indicatorRoutes are the pages of the registry and its numbers.
func (s *Site) indicatorRoutes() map[string]handler {
	return map[string]handler{
		"/indicators":                      s.indicatorIndex,
		"/indicators/{code}":               s.indicatorCompare,
		"/indicators/{code}/value":         s.indicatorValue,
		"/indicators/{code}/sources":       s.indicatorSources,
		"/indicators/{code}/coverage":      s.indicatorCoverage,
		"/indicators/{code}/map":           s.indicatorMap,
		"/indicators/{code}/map.svg":       s.indicatorMapSVG,
		"/indicators/{code}/data/{format}": s.indicatorData,
		"/results/{code}":                  s.indicatorResults,
	}
}

func (s *Site) indicatorIndex(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	view, err := s.Indicators.View(r.Context(), serve.Viewer(r))
	if err != nil {
		return err
	}
	p := indicatorsPage{frame: s.frame(r, l, l.T("indicator.title"), "/indicators")}
	p.Lead = l.T("indicator.lead")
	if len(view.Indicators) == 0 {
		p.Notes = append(p.Notes, l.T("indicator.none"))
	}
	synthetic := false
	for _, pillar := range view.Words.Pillars.All() {
		label, _ := pillar.Labels.In(l.Tag)
		g := indicatorGroup{ID: pillar.Code, Heading: label}
		for _, ind := range view.Indicators {
			v := ind.Last()
			if v.Pillar != pillar.Code {
				continue
			}
			if rel, ok := view.Latest(ind.Code); ok {
				synthetic = synthetic || rel.Synthetic
			}
			title, _ := v.Titles.In(l.Tag)
			definition, lang := v.Definition.In(l.Tag)
			g.Entries = append(g.Entries, indicatorEntry{p.URL("/indicators/" + ind.Code), title,
				[]string{view.Words.Levels.Label(v.Level, l.Tag), view.Words.Units.Label(v.Unit, l.Tag)}, plain(definition, lang)})
		}
		slices.SortFunc(g.Entries, func(a, b indicatorEntry) int { return l.Compare(a.Title, b.Title) })
		if len(g.Entries) > 0 {
			p.Groups = append(p.Groups, g)
		}
	}
	if synthetic {
		p.Notes = append(p.Notes, l.T("indicator.synthetic"))
	}
	for _, res := range view.Results {
		title, _ := res.Titles.In(l.Tag)
		p.More = append(p.More, link{Label: title, URL: p.URL("/results/" + res.Code)})
	}
	return s.show(w, http.StatusOK, "indicators", p)
}

// indicatorBase is an indicator with its latest release, as a reader sees it.
type indicatorBase struct {
	view    indicator.View
	ind     *indicator.Indicator
	version indicator.Version
	release *indicator.Release // nil before the first
}

func (s *Site) indicatorOf(r *http.Request) (indicatorBase, error) {
	view, err := s.Indicators.View(r.Context(), serve.Viewer(r))
	if err != nil {
		return indicatorBase{}, err
	}
	ind, ok := view.Indicator(r.PathValue("code"))
	if !ok {
		return indicatorBase{}, library.Errorf(library.NotFound, "there is no indicator %q", r.PathValue("code"))
	}
	b := indicatorBase{view: view, ind: ind, version: ind.Last()}
	if rel, ok := view.Latest(ind.Code); ok {
		b.release = rel
		if v, ok := ind.VersionOf(rel.Number); ok {
			b.version = v
		}
	}
	return b, nil
}

// indicatorState is what the address of a comparison says.
type indicatorState struct {
	q      indicator.Question
	charts bool
}

// state reads the address of a comparison; what no code can be is Invalid.
func (s *Site) state(r *http.Request, b indicatorBase) (indicatorState, error) {
	values := r.URL.Query()
	st := indicatorState{charts: values.Get("view") != "table"}
	st.q.Rank = values.Get("rank") == "1"
	st.q.From, st.q.To = values.Get("from"), values.Get("to")
	for _, year := range []string{st.q.From, st.q.To} {
		if year != "" && (len(year) != 4 || strings.Trim(year, "0123456789") != "") {
			return st, &library.Error{Kind: library.Invalid, Field: "year", Err: library.Errorf(library.Invalid, "%q is no year", year)}
		}
	}
	for _, a := range values["area"] {
		if !s.isArea(a) {
			return st, &library.Error{Kind: library.Invalid, Field: "area", Err: library.Errorf(library.Invalid, "%q is no country or region", a)}
		}
		if !slices.Contains(st.q.Areas, a) {
			st.q.Areas = append(st.q.Areas, a)
		}
	}
	slices.Sort(st.q.Areas)
	st.q.Dimensions = map[string]string{}
	for _, d := range b.version.Dimensions {
		code := values.Get(d.Code)
		if _, ok := b.view.Words.Lists[d.List].Get(code); code != "" && !ok {
			return st, &library.Error{Kind: library.Invalid, Field: d.Code, Err: library.Errorf(library.Invalid, "%q is no code of %s", code, d.List)}
		}
		if code != "" && code != indicator.Total {
			st.q.Dimensions[d.Code] = code
		}
	}
	return st, nil
}

func (s *Site) isArea(code string) bool {
	if _, ok := s.Vocabularies.Countries.Get(code); ok {
		return true
	}
	_, ok := s.Vocabularies.Regions.Get(code)
	return ok
}

// members gives the countries of a region.
func (s *Site) members(code string) []string {
	t, _ := s.Vocabularies.Regions.Get(code)
	return t.Members
}

// areaName names a country or region.
func (s *Site) areaName(code, lang string) string {
	if _, ok := s.Vocabularies.Countries.Get(code); ok {
		return s.Vocabularies.Countries.Label(code, lang)
	}
	return s.Vocabularies.Regions.Label(code, lang)
}

// encode writes the state always in one order.
func (st indicatorState) encode() string {
	var parts []string
	put := func(name, value string) {
		if value != "" {
			parts = append(parts, name+"="+url.QueryEscape(value))
		}
	}
	for _, a := range st.q.Areas {
		put("area", a)
	}
	var dims []string
	for d := range st.q.Dimensions {
		dims = append(dims, d)
	}
	slices.Sort(dims)
	for _, d := range dims {
		put(d, st.q.Dimensions[d])
	}
	put("from", st.q.From)
	put("to", st.q.To)
	if st.q.Rank {
		put("rank", "1")
	}
	if !st.charts {
		put("view", "table")
	}
	return strings.Join(parts, "&")
}

func (st indicatorState) path(base string) string {
	if q := st.encode(); q != "" {
		return base + "?" + q
	}
	return base
}

// toggled gives the state with an area added or taken away.
func (st indicatorState) toggled(area string) indicatorState {
	areas := slices.Clone(st.q.Areas)
	if i := slices.Index(areas, area); i >= 0 {
		areas = slices.Delete(areas, i, i+1)
	} else {
		areas = append(areas, area)
		slices.Sort(areas)
	}
	st.q.Areas = areas
	return st
}

// with gives the state with another code of a dimension.
func (st indicatorState) with(dimension, code string) indicatorState {
	next := map[string]string{}
	for d, c := range st.q.Dimensions {
		next[d] = c
	}
	if next[dimension] = code; code == indicator.Total {
		delete(next, dimension)
	}
	st.q.Dimensions = next
	return st
}
