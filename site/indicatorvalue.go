package site

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"waymark/indicator"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// indicatorValuePage is pages/indicatorvalue.html: one number, where it comes
// from, and what it was in each release.
type indicatorValuePage struct {
	frame
	Indicator link
	Heading   string
	Value     string
	Sign      string
	Unit      string
	Notes     []string
	Facts     []row
	Source    link
	Page      link
	Revisions []row
}

// valuePath is the address of a number.
func valuePath(code string, s indicator.PublicSeries, period string) string {
	q := url.Values{"area": {s.Area}, "period": {period}, "source": {s.Source.Kind}}
	for d, c := range indicator.Parts(s.Dimensions) {
		q.Set(d, c)
	}
	if s.Method != "" {
		q.Set("method", s.Method)
	}
	return "/indicators/" + code + "/value?" + q.Encode()
}

// valueAt finds the series and point that an address names in a release.
func valueAt(rel *indicator.Release, dimensions []indicator.Dimension, q url.Values) (indicator.PublicSeries, indicator.Point, bool) {
	codes := map[string]string{}
	for _, d := range dimensions {
		codes[d.Code] = q.Get(d.Code)
	}
	name := indicator.Canonical(codes)
	for _, s := range rel.Series {
		if s.Area != q.Get("area") || s.Dimensions != name || s.Source.Kind != q.Get("source") || s.Method != q.Get("method") {
			continue
		}
		if i := slices.IndexFunc(s.Points, func(pt indicator.Point) bool { return pt.Period == q.Get("period") }); i >= 0 {
			return s, s.Points[i], true
		}
	}
	return indicator.PublicSeries{}, indicator.Point{}, false
}

func (s *Site) indicatorValue(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	b, err := s.indicatorOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	if b.release == nil {
		return library.Errorf(library.NotFound, "nothing has been released of %s", b.ind.Code)
	}
	series, pt, ok := valueAt(b.release, b.version.Dimensions, q)
	if !ok {
		return library.Errorf(library.NotFound, "the release has no such value of %s", b.ind.Code)
	}
	title, _ := b.version.Titles.In(l.Tag)
	area := s.areaName(series.Area, l.Tag)
	p := indicatorValuePage{frame: s.frame(r, l, title+", "+area+", "+pt.Period, valuePath(b.ind.Code, series, pt.Period)), Heading: area + ", " + pt.Period}
	p.NoIndex = true
	p.Indicator = link{Label: title, URL: p.URL("/indicators/" + b.ind.Code)}
	p.Value, p.Sign, p.Unit = valueText(l, b, pt), sign(pt), b.view.Words.Units.Label(b.version.Unit, l.Tag)
	if b.release.Synthetic {
		p.Notes = append(p.Notes, l.T("indicator.synthetic"))
	}
	if pt.Conf == indicator.Hidden {
		p.Notes = append(p.Notes, l.T("indicator.held"))
	}
	p.facts(b, series, pt)
	p.Source = link{Label: series.Source.Name, URL: p.URL("/indicators/"+b.ind.Code+"/sources") + "#" + sourceID(series)}
	if err := s.sourcePage(r, &p, series, pt); err != nil {
		return err
	}
	for _, rel := range slices.Backward(b.view.Releases(b.ind.Code)) {
		was := b
		was.release = rel
		if _, old, ok := valueAt(rel, b.version.Dimensions, q); ok {
			p.Revisions = append(p.Revisions, row{l.T("indicator.release", "N", l.Number(rel.Issue), "Date", l.Day(rel.Taken)),
				[]link{{Label: strings.TrimSpace(valueText(l, was, old) + " " + sign(old))}}})
		}
	}
	return s.show(w, http.StatusOK, "indicatorvalue", p)
}

func (p *indicatorValuePage) facts(b indicatorBase, s indicator.PublicSeries, pt indicator.Point) {
	l := p.L
	add := func(label, value string) {
		if value != "" {
			p.Facts = append(p.Facts, row{label, []link{{Label: value}}})
		}
	}
	codes := indicator.Parts(s.Dimensions)
	for _, d := range b.version.Dimensions {
		code := codes[d.Code]
		if code == "" {
			code = indicator.Total
		}
		add(b.view.Words.Dimensions.Label(d.Code, l.Tag), b.view.Words.Lists[d.List].Label(code, l.Tag))
	}
	add(l.T("indicator.status"), b.view.Words.Statuses.Label(pt.Status, l.Tag))
	if pt.Numerator != nil && pt.Denominator != nil {
		add(l.T("indicator.numerator"), l.Decimal(*pt.Numerator, 0))
		add(l.T("indicator.denominator"), l.Decimal(*pt.Denominator, 0))
	}
	add(l.T("indicator.release", "N", l.Number(b.release.Issue), "Date", l.Day(b.release.Taken)), b.release.Hash[:16])
	for _, br := range s.Breaks {
		add(l.T("indicator.break", "Period", br.After, "Kind", b.view.Words.Breaks.Label(br.Kind, l.Tag)), "[b]")
	}
}

// sourcePage leads to the page of the document that a number was taken from.
func (s *Site) sourcePage(r *http.Request, p *indicatorValuePage, series indicator.PublicSeries, pt indicator.Point) error {
	if series.Source.Resource == "" {
		return nil
	}
	records, err := s.Catalogue.Records(r.Context(), serve.Viewer(r), []library.ID{series.Source.Resource})
	if err != nil || len(records) == 0 {
		return err
	}
	rec := records[0]
	title, _ := rec.Title(p.L.Tag)
	p.Page = link{Label: title, URL: p.URL("/r/" + string(rec.ID))}
	if pt.Page > 0 && len(rec.Files) > 0 {
		p.Page.URL = pageURL(rec.ID, rec.Files[0], pt.Page)
		p.Page.Label += ", " + p.L.T("indicator.source.page", "N", pt.Page)
	}
	return nil
}

func sourceID(s indicator.PublicSeries) string { return "s-" + s.Area + "-" + s.Source.Kind }

// indicatorSourcesPage is pages/indicatorsources.html.
type indicatorSourcesPage struct {
	frame
	Indicator link
	Notes     []string
	Sources   []sourceRow
}

type sourceRow struct {
	ID, Area, Kind, Name string
	Coverage, Licence    string
	Record               link
}

func (s *Site) indicatorSources(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	b, err := s.indicatorOf(r)
	if err != nil {
		return err
	}
	p := indicatorSourcesPage{frame: s.frame(r, l, l.T("indicator.sources"), "/indicators/"+b.ind.Code+"/sources")}
	title, _ := b.version.Titles.In(l.Tag)
	p.Indicator = link{Label: title, URL: p.URL("/indicators/" + b.ind.Code)}
	p.Title += ", " + title
	if b.release == nil {
		return s.show(w, http.StatusOK, "indicatorsources", p)
	}
	if b.release.Synthetic {
		p.Notes = append(p.Notes, l.T("indicator.synthetic"), l.T("indicator.source.synthetic"))
	}
	seen := map[string]bool{}
	for _, series := range b.release.Series {
		id := sourceID(series)
		if seen[id] {
			continue
		}
		seen[id] = true
		one := sourceRow{ID: id, Area: s.areaName(series.Area, l.Tag), Kind: b.view.Words.Sources.Label(series.Source.Kind, l.Tag), Name: series.Source.Name,
			Coverage: series.Source.Coverage, Licence: series.Source.Licence}
		records, err := s.Catalogue.Records(r.Context(), serve.Viewer(r), []library.ID{series.Source.Resource})
		if err != nil {
			return err
		}
		if len(records) == 1 {
			name, _ := records[0].Title(l.Tag)
			one.Record = link{Label: name, URL: p.URL("/r/" + string(records[0].ID))}
		}
		p.Sources = append(p.Sources, one)
	}
	return s.show(w, http.StatusOK, "indicatorsources", p)
}

// resultsPage is pages/results.html: baseline, target and latest value.
type resultsPage struct {
	frame
	Notes []string
	Index link
	Rows  []resultRow
}

type resultRow struct {
	Indicator                link
	Area, Baseline, Target   string
	Latest                   link
	Unit, Direction, Comment string
}

func (s *Site) indicatorResults(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	view, err := s.Indicators.View(r.Context(), serve.Viewer(r))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(view.Results, func(res *indicator.Results) bool { return res.Code == r.PathValue("code") })
	if i < 0 {
		return library.Errorf(library.NotFound, "no results framework is called %q", r.PathValue("code"))
	}
	res := view.Results[i]
	title, _ := res.Titles.In(l.Tag)
	p := resultsPage{frame: s.frame(r, l, title, "/results/"+res.Code), Index: link{Label: l.T("indicator.title")}}
	p.Index.URL = p.URL("/indicators")
	if res.Synthetic {
		p.Notes = append(p.Notes, l.T("indicator.synthetic"))
	}
	for _, want := range res.Rows {
		ind, ok := view.Indicator(want.Indicator)
		rel, released := view.Latest(want.Indicator)
		if !ok || !released {
			continue
		}
		b := indicatorBase{view, ind, ind.Last(), rel}
		for _, series := range rel.Series {
			if series.Area == want.Area && series.Dimensions == want.Dimensions {
				p.Rows = append(p.Rows, s.resultRow(p.frame, b, series))
				break
			}
		}
	}
	return s.show(w, http.StatusOK, "results", p)
}

func (s *Site) resultRow(f frame, b indicatorBase, series indicator.PublicSeries) resultRow {
	l := f.L
	title, _ := b.version.Titles.In(l.Tag)
	out := resultRow{Indicator: link{Label: title, URL: f.URL("/indicators/" + b.ind.Code + "?area=" + series.Area)}, Area: s.areaName(series.Area, l.Tag),
		Unit: b.view.Words.Units.Label(b.version.Unit, l.Tag), Direction: b.view.Words.Directions.Label(b.version.Direction, l.Tag)}
	aim := func(kind string) string {
		for _, t := range series.Targets {
			if t.Kind == kind {
				return l.Decimal(t.Value, b.version.Decimals) + " (" + t.Period + ")"
			}
		}
		return ""
	}
	out.Baseline, out.Target = aim("baseline"), aim("target")
	panel := indicator.Panel{PublicSeries: series}
	if pt, ok := panel.Latest(); ok {
		out.Latest = link{Label: valueText(l, b, pt) + " (" + pt.Period + ")", URL: f.URL(valuePath(b.ind.Code, series, pt.Period))}
		if len(series.Targets) > 0 {
			if br, broken := indicator.BreakBetween(series.Breaks, series.Targets[0].Period, pt.Period); broken {
				out.Comment = l.T("indicator.break", "Period", br.After, "Kind", b.view.Words.Breaks.Label(br.Kind, l.Tag))
			}
		}
	}
	return out
}

// indicatorFormats are the forms in which numbers can be taken away.
func indicatorFormats() []evidenceFormat {
	return []evidenceFormat{
		{"csv", "CSV", "text/csv; charset=utf-8", ".csv"},
		{"csvw", "CSV-W", "application/csvm+json", ".csv-metadata.json"},
		{"sdmx", "SDMX-CSV", "application/vnd.sdmx.data+csv; version=2.0.0", ".sdmx.csv"},
		{"jsonstat", "JSON-stat", "application/json", ".jsonstat.json"},
		{"json", "JSON", "application/json", ".json"},
	}
}

func (s *Site) indicatorData(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	b, err := s.indicatorOf(r)
	if err != nil {
		return err
	}
	st, err := s.state(r, b)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(indicatorFormats(), func(f evidenceFormat) bool { return f.name == r.PathValue("format") })
	if i < 0 || b.release == nil {
		return library.Errorf(library.NotFound, "%s has no numbers as %q", b.ind.Code, r.PathValue("format"))
	}
	f := indicatorFormats()[i]
	base := "/" + l.Tag + "/indicators/" + b.ind.Code
	t := indicator.Table{Indicator: b.ind, Version: b.version, Release: b.release, Words: b.view.Words, Lang: l.Tag, Base: s.origin(r) + base,
		Areas: func(code string) string { return s.areaName(code, l.Tag) }, Rows: indicator.Select(b.release, b.version, st.q, s.members)}
	var out bytes.Buffer
	switch f.name {
	case "csv":
		err = t.WriteCSV(&out)
	case "csvw":
		err = t.WriteCSVW(&out, s.origin(r)+st.path(base+"/data/csv"))
	case "sdmx":
		err = t.WriteSDMX(&out)
	case "jsonstat":
		err = t.WriteJSONStat(&out)
	default:
		err = t.WriteJSON(&out)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", f.media)
	w.Header().Set("Content-Disposition", `attachment; filename="`+b.ind.Code+f.file+`"`)
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = out.WriteTo(w) // the reader may have gone
	return nil
}
