package site

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"waymark/indicator"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// releasePage is pages/release.html: the next release as readers would see it,
// before it is made.
type releasePage struct {
	formPage
	Modes           []choice
	Base, Threshold string
	ShowZero        bool
	Audit           []row
	Hash            string
	Rows            []releaseRow
	More            string
}

// releaseRow is one value of the next release beside that of the last.
type releaseRow struct {
	Area, Parts, Period string
	Was, Is             string
	Differs             bool
}

// maxReleased bounds the values of a preview that are shown.
const maxReleased = 400

// protection reads how counts are to be protected; what an address leaves out
// is as in the last release, or the default.
func protection(values url.Values, last *indicator.Release) (indicator.Protection, error) {
	p := indicator.Default()
	if last != nil {
		p = last.Protection
	}
	if mode := values.Get("mode"); mode != "" {
		p.Mode, p.ShowZero = mode, values.Get("zero") != ""
	}
	for name, at := range map[string]*int{"base": &p.Base, "threshold": &p.Threshold} {
		text := values.Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 1000 {
			return p, &library.Error{Kind: library.Invalid, Field: name, Key: "desk.fault.whole", Err: library.Errorf(library.Invalid, "%q is no number for the %s", text, name)}
		}
		*at = n
	}
	return p, nil
}

// releasePreview shows what the next release would tell.
func (s *Site) releasePreview(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	b, err := s.indicatorOf(r)
	if err != nil {
		return err
	}
	prot, err := protection(r.URL.Query(), b.release)
	p := releasePage{formPage: s.indicatorForm(r, l, b.ind, b.ind.Code)}
	title, lang := b.ind.Last().Titles.In(l.Tag)
	p.Heading = plain(title, lang)
	p.Base, p.Threshold, p.ShowZero = strconv.Itoa(prot.Base), strconv.Itoa(prot.Threshold), prot.ShowZero
	for _, mode := range []string{indicator.Round, indicator.Suppress, indicator.Open} {
		p.Modes = append(p.Modes, choice{mode, l.T("measure.mode." + mode), mode == prot.Mode})
	}
	var next, before *indicator.Release
	if err == nil {
		next, before, err = s.IndicatorDesk.Preview(r.Context(), v, b.ind.Code, prot)
	}
	if fault, ok := asError(err); ok && fault.Kind == library.Invalid {
		p.Problem = l.T("measure.protection")
		return s.show(w, http.StatusUnprocessableEntity, "release", p)
	}
	if err != nil {
		return err
	}
	if len(next.Series) == 0 {
		p.Lead = append(p.Lead, l.T("measure.nothing"))
		return s.show(w, http.StatusOK, "release", p)
	}
	p.Hash = next.Hash
	if before != nil && before.Hash == next.Hash {
		p.Lead = append(p.Lead, l.T("measure.same"))
	}
	p.audit(next.Audit)
	is, was := b, b
	is.release, is.version, was.release = next, b.ind.Last(), before
	s.releaseRows(&p, is, was)
	return s.show(w, http.StatusOK, "release", p)
}

func (p *releasePage) audit(a indicator.Audit) {
	l := p.L
	add := func(name string, n int) {
		p.Audit = append(p.Audit, row{l.T("measure.audit." + name), []link{{Label: l.Number(n)}}})
	}
	add("tables", a.Tables)
	add("cells", a.Cells)
	add("primary", a.Primary)
	add("second", a.Second)
	add("withheld", a.Withheld)
	add("checked", a.Checked)
	p.Audit = append(p.Audit, row{l.T("measure.audit.narrowest"), []link{{Label: l.Decimal(a.Narrowest, 0)}}})
}

// releaseRows puts each value beside what it was, those that differ first.
func (s *Site) releaseRows(p *releasePage, is, was indicatorBase) {
	l := p.L
	old := map[string]indicator.Point{}
	key := func(one indicator.PublicSeries, period string) string {
		return one.Area + "|" + one.Dimensions + "|" + one.Source.Kind + one.Source.Name + "|" + one.Method + "|" + period
	}
	if was.release != nil {
		for _, one := range was.release.Series {
			for _, pt := range one.Points {
				old[key(one, pt.Period)] = pt
			}
		}
	}
	text := func(b indicatorBase, pt indicator.Point) string { return valueText(l, b, pt) + " " + sign(pt) }
	for _, one := range is.release.Series {
		for _, pt := range one.Points {
			row := releaseRow{Area: s.areaName(one.Area, l.Tag), Parts: s.partsName(is, one.Dimensions, l.Tag), Period: pt.Period, Is: text(is, pt), Was: "–"}
			if before, ok := old[key(one, pt.Period)]; ok {
				row.Was = text(was, before)
			}
			row.Differs = row.Was != row.Is
			p.Rows = append(p.Rows, row)
		}
	}
	slices.SortStableFunc(p.Rows, func(a, b releaseRow) int {
		switch {
		case a.Differs == b.Differs:
			return 0
		case a.Differs:
			return -1
		}
		return 1
	})
	if n := len(p.Rows) - maxReleased; n > 0 {
		p.More = l.T("measure.rows.more", "Count", l.Number(n))
		p.Rows = p.Rows[:maxReleased]
	}
}

// partsName names the break-down of a series.
func (s *Site) partsName(b indicatorBase, dimensions, lang string) string {
	codes := indicator.Parts(dimensions)
	var out string
	for _, d := range b.version.Dimensions {
		if code := codes[d.Code]; code != "" {
			if out != "" {
				out += ", "
			}
			out += b.view.Words.Lists[d.List].Label(code, lang)
		}
	}
	return out
}

// releaseNow makes the release that was looked at.
func (s *Site) releaseNow(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if _, err := s.sent(w, r, l); err != nil {
		return err
	}
	b, err := s.indicatorOf(r)
	if err != nil {
		return err
	}
	prot, err := protection(r.PostForm, b.release)
	if err != nil {
		return err
	}
	seen := r.PostForm.Get("seen")
	if seen == "" {
		return &library.Error{Kind: library.Invalid, Field: "seen", Err: library.Errorf(library.Invalid, "a release is looked at before it is made")}
	}
	_, err = s.IndicatorDesk.Release(r.Context(), serve.Viewer(r), indicator.Wanted{Code: b.ind.Code, Protection: prot, Seen: seen})
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/"+l.Tag+indicatorDesk(b.ind.Code)+"/release"+query("done", "published", "n", "1"), http.StatusSeeOther)
	return nil
}
