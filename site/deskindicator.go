package site

import (
	"net/http"
	"slices"
	"strconv"

	"waymark/indicator"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// deskIndicatorsPage is pages/deskindicators.html: what is measured, for those
// who enter numbers.
type deskIndicatorsPage struct {
	deskFrame
	Release bool // the viewer may define and release
	Rows    []deskIndicatorRow
}

type deskIndicatorRow struct {
	Title          string
	State          []string
	Define, Enter  string
	Look, Releases string
}

// indicatorDesks are the routes of the desk where indicators are defined and
// numbers entered and released.
func (s *Site) indicatorDesks() map[string]deskRoute {
	one := "/indicators/{code}"
	return map[string]deskRoute{
		"GET /indicators":         {library.Curator, s.deskIndicators},
		"GET /indicators/new":     {library.Curator, s.define},
		"POST /indicators/new":    {library.Curator, s.define},
		"GET " + one:              {library.Curator, s.define},
		"POST " + one:             {library.Curator, s.define},
		"GET " + one + "/value":   {library.Curator, s.observe},
		"POST " + one + "/value":  {library.Curator, s.observe},
		"GET " + one + "/release": {library.Curator, s.releasePreview},
		"POST " + one + "/release": {
			library.Curator, s.releaseNow},
		"GET /deliveries":  {library.Curator, s.delivery},
		"POST /deliveries": {library.Curator, s.takeDelivery},
	}
}

func indicatorDesk(code string) string { return "/desk/indicators/" + code }

func (s *Site) deskIndicators(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	view, err := s.Indicators.View(r.Context(), v)
	if err != nil {
		return err
	}
	p := deskIndicatorsPage{deskFrame: s.deskFrame(r, l, l.T("indicator.title")), Release: indicator.MayRelease(v)}
	p.Said, _ = said(r, l)
	for _, ind := range view.Indicators {
		last := ind.Last()
		if last.Number == 0 {
			last = ind.Draft()
		}
		title, _ := last.Titles.In(l.Tag)
		row := deskIndicatorRow{Title: title, Look: p.URL("/indicators/" + ind.Code), Enter: p.URL(indicatorDesk(ind.Code) + "/value"),
			State: []string{ind.Code, l.T("indicator.version") + " " + l.Number(last.Number)}}
		if p.Release {
			row.Define, row.Releases = p.URL(indicatorDesk(ind.Code)), p.URL(indicatorDesk(ind.Code)+"/release")
		}
		if ind.Versions[len(ind.Versions)-1].State == "draft" {
			row.State = append(row.State, l.T("desk.draft"))
		}
		if rel, ok := view.Latest(ind.Code); ok {
			row.State = append(row.State, l.T("indicator.release", "N", l.Number(rel.Issue), "Date", l.Day(rel.Taken)))
		}
		p.Rows = append(p.Rows, row)
	}
	slices.SortFunc(p.Rows, func(a, b deskIndicatorRow) int { return l.Compare(a.Title, b.Title) })
	return s.show(w, http.StatusOK, "deskindicators", p)
}

// define shows the definition of an indicator that is being written, or takes
// its form.
func (s *Site) define(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	if !indicator.MayRelease(v) {
		return library.Errorf(library.Forbidden, "definitions are for curators of the whole library")
	}
	view, err := s.Indicators.View(r.Context(), v)
	if err != nil {
		return err
	}
	ind := &indicator.Indicator{}
	code := r.PathValue("code")
	if code != "" {
		var ok bool
		if ind, ok = view.Indicator(code); !ok {
			return library.Errorf(library.NotFound, "there is no indicator %q", code)
		}
	}
	draft := ind.Draft()
	theirs := draft.Fields()
	if ind.Key {
		theirs["key"] = []string{"yes"}
	}
	in := inputs{s: s, l: l, fields: theirs}
	if r.Method == http.MethodPost {
		if in, err = s.sent(w, r, l, "links"); err != nil {
			return err
		}
		in.take(r, theirs)
		if code == "" {
			code = in.fields.First("code")
		}
		publish := r.PostForm.Get("do") == "publish"
		err := s.IndicatorDesk.Define(r.Context(), v, indicator.Change{Code: code, Base: base(r), Fields: in.fields}, publish)
		if err == nil {
			done := map[bool]string{true: "published", false: "saved"}[publish]
			http.Redirect(w, r, "/"+l.Tag+indicatorDesk(code)+query("done", done, "n", "1"), http.StatusSeeOther)
			return nil
		}
		if !in.refused(err) {
			return err
		}
	}
	return s.showDefinition(w, r, l, view, ind, in)
}

func (s *Site) indicatorForm(r *http.Request, l *locale.Language, ind *indicator.Indicator, heading string) formPage {
	p := formPage{deskFrame: s.deskFrame(r, l, heading), Heading: plain(heading, l.Tag), Action: r.URL.Path, Hidden: []hidden{{"base", strconv.FormatInt(ind.Version, 10)}}}
	p.Crumb = link{Label: l.T("indicator.title"), URL: p.URL("/desk/indicators")}
	p.Said, _ = said(r, l)
	if ind.Code == "" {
		return p
	}
	own := p.URL(indicatorDesk(ind.Code))
	places := []link{{Label: l.T("indicator.definition"), URL: own}, {Label: l.T("measure.observe"), URL: own + "/value"}, {Label: l.T("measure.release"), URL: own + "/release"},
		{Label: l.T("desk.look"), URL: p.URL("/indicators/" + ind.Code)}}
	if !indicator.MayRelease(serve.Viewer(r)) {
		places = []link{places[1], places[3]}
	}
	for _, to := range places {
		to.Current = to.URL == r.URL.Path
		p.Go = append(p.Go, to)
	}
	return p
}

func (s *Site) showDefinition(w http.ResponseWriter, r *http.Request, l *locale.Language, view indicator.View, ind *indicator.Indicator, in inputs) error {
	heading := l.T("measure.new")
	if ind.Code != "" {
		heading = ind.Code + ", " + l.T("indicator.version") + " " + l.Number(ind.Draft().Number)
	}
	p := s.indicatorForm(r, l, ind, heading)
	p.Draft = len(ind.Versions) > 0 && ind.Versions[len(ind.Versions)-1].State == "draft"
	p.Lead = []string{l.T("measure.stays")}
	p.Buttons = []choice{{"save", l.T("measure.draft"), false}, {"publish", l.T("measure.publish"), true}}
	words := view.Words
	what := []formField{in.from("measure", "choose", "measure.measure", words.Measures), in.from("unit", "choose", "indicator.unit", words.Units), in.line("decimals", "measure.decimals"),
		in.from("direction", "choose", "indicator.direction", words.Directions), in.from("level", "choose", "indicator.level", words.Levels), in.from("pillar", "choose", "indicator.pillar", words.Pillars),
		in.from("counting", "choose", "indicator.counting", words.Countings), in.from("frequency", "choose", "indicator.frequency", words.Frequencies), in.box("key", "measure.key")}
	if ind.Code == "" {
		what = append([]formField{in.line("code", "indicator.code")}, what...)
	}
	broken := []formField{in.from("dimension", "all", "measure.dimensions", words.Dimensions), in.from("required", "all", "measure.required", words.Dimensions),
		in.from("overlapping", "all", "measure.overlapping", words.Dimensions), in.from("source", "all", "indicator.sources", words.Sources), in.lines("links", "indicator.links")}
	broken[4].Hint = l.T("desk.hint.subject")
	groups := []formGroup{{l.T("field.title"), in.texts("title", "field.title")}, {l.T("indicator.definition"), in.texts("definition", "indicator.definition")}, {l.T("indicator.details"), what},
		{l.T("measure.dimensions"), broken}}
	for _, name := range []string{"numerator", "denominator", "safety", "limits"} {
		key := "indicator." + name
		if name == "limits" {
			key = "measure.limits"
		}
		groups = append(groups, formGroup{l.T(key), in.texts(name, key)})
	}
	return s.showInputs(w, p, in, groups...)
}

// observed are the columns of the form of one value.
var observed = []string{"area", "period", "value", "numerator", "denominator", "n", "low", "high", "status", "source_kind", "source", "resource", "page", "method", "note"}

// observe shows the form of one value, or takes it: it is judged as a delivery
// of one line.
func (s *Site) observe(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	view, err := s.Indicators.View(r.Context(), v)
	if err != nil {
		return err
	}
	ind, ok := view.Indicator(r.PathValue("code"))
	if !ok || ind.Last().Number == 0 {
		return library.Errorf(library.NotFound, "there is no indicator %q to enter values of", r.PathValue("code"))
	}
	version := ind.Last()
	in := inputs{s: s, l: l, fields: library.Fields{}, faults: map[string]string{}}
	for _, name := range observed {
		if value := r.URL.Query().Get(name); value != "" {
			in.fields[name] = []string{value}
		}
	}
	var warned []string
	if r.Method == http.MethodPost {
		if in, err = s.sent(w, r, l); err != nil {
			return err
		}
		sure := r.PostForm.Get("do") == "sure"
		delete(in.fields, "dimension")
		in.fields["resource"] = nil
		if id := idIn(r.PostForm.Get("resource")); id != "" {
			in.fields["resource"] = []string{string(id)}
		}
		d, err := s.IndicatorDesk.Judge(r.Context(), v, sheetFor(ind.Code, version, in.fields))
		if err != nil {
			return err
		}
		for _, i := range d.Issues {
			if i.Severity == indicator.Block {
				in.faults[i.Column] = ruleText(l, i)
			} else {
				warned = append(warned, ruleText(l, i))
			}
		}
		if !d.Blocked() && (sure || len(warned) == 0) {
			n, err := s.IndicatorDesk.Take(r.Context(), v, "desk", d, nil)
			if err != nil {
				return err
			}
			http.Redirect(w, r, "/"+l.Tag+indicatorDesk(ind.Code)+"/value"+query("done", "changed", "n", strconv.Itoa(n)), http.StatusSeeOther)
			return nil
		}
	}
	return s.showObserve(w, r, l, view, ind, in, warned)
}

// sheetFor makes a table of one line of what stands in a form.
func sheetFor(code string, v indicator.Version, f library.Fields) indicator.Sheet {
	sheet := indicator.Sheet{Columns: []string{"indicator", "version"}, Rows: []indicator.SheetRow{{Line: 1, Cells: []string{code, strconv.Itoa(v.Number)}}}}
	add := func(name string) {
		sheet.Columns = append(sheet.Columns, name)
		sheet.Rows[0].Cells = append(sheet.Rows[0].Cells, f.First(name))
	}
	for _, name := range observed {
		add(name)
	}
	for _, d := range v.Dimensions {
		add(d.Code)
	}
	return sheet
}

func (s *Site) showObserve(w http.ResponseWriter, r *http.Request, l *locale.Language, view indicator.View, ind *indicator.Indicator, in inputs, warned []string) error {
	version := ind.Last()
	title, _ := version.Titles.In(l.Tag)
	p := s.indicatorForm(r, l, ind, title)
	p.Lead = append(p.Lead, l.T("measure.unseen"))
	p.Buttons = []choice{{"save", l.T("desk.save"), true}}
	if len(warned) > 0 {
		p.Lead = append(p.Lead, warned...)
		p.Buttons = []choice{{"save", l.T("measure.check"), false}, {"sure", l.T("measure.anyway"), true}}
	}
	words := view.Words
	area := in.field("area", "choose", l.T("field.country"))
	area.Choices = s.choices(l, library.FieldCountry, in.fields["area"]...)
	where := []formField{area, in.line("period", "indicator.period")}
	for _, d := range version.Dimensions {
		f := in.from(d.Code, "choose", "indicator.code", words.Lists[d.List])
		f.Label = words.Dimensions.Label(d.Code, l.Tag)
		where = append(where, f)
	}
	what := []formField{in.line("value", "indicator.value"), in.line("numerator", "indicator.numerator"), in.line("denominator", "indicator.denominator"), in.line("n", "measure.n"),
		in.line("low", "code.low"), in.line("high", "code.high"), in.from("status", "choose", "indicator.status", words.Statuses), in.line("note", "desk.field.note")}
	from := []formField{in.from("source_kind", "choose", "measure.sourcekind", words.Sources), in.line("source", "indicator.source"), in.line("resource", "code.study.from"), in.line("page", "code.page"), in.line("method", "measure.method")}
	return s.showInputs(w, p, in, formGroup{l.T("measure.where"), where}, formGroup{l.T("indicator.value"), what}, formGroup{l.T("indicator.source"), from})
}
