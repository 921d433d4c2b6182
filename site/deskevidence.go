package site

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"waymark/evidence"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// deskEvidencePage is pages/deskevidence.html: what there is to code.
type deskEvidencePage struct {
	deskFrame
	Studies []deskStudyRow
	More    string  // how many are not shown
	Gaps    []group // by map
}

type deskStudyRow struct {
	URL    string
	Title  text
	State  []string
	Settle link
}

// evidenceDesks are the routes of the desk where studies are coded.
func (s *Site) evidenceDesks() map[string]deskRoute {
	study := "/evidence/studies/{study}"
	return map[string]deskRoute{
		"GET /evidence":                      {library.Curator, s.deskEvidence},
		"GET /evidence/studies/new":          {library.Curator, s.newStudy},
		"POST /evidence/studies/new":         {library.Curator, s.saveStudy},
		"GET " + study:                       {library.Curator, s.deskStudy},
		"POST " + study:                      {library.Curator, s.saveStudy},
		"GET " + study + "/coding":           {library.Curator, s.coding},
		"POST " + study + "/coding":          {library.Curator, s.saveCoding},
		"GET " + study + "/settle":           {library.Curator, s.settle},
		"POST " + study + "/settle":          {library.Curator, s.saveSettled},
		"GET " + study + "/findings/{n}":     {library.Curator, s.studyPart("findings")},
		"POST " + study + "/findings/{n}":    {library.Curator, s.studyPart("findings")},
		"GET " + study + "/appraisals/{n}":   {library.Curator, s.studyPart("appraisals")},
		"POST " + study + "/appraisals/{n}":  {library.Curator, s.studyPart("appraisals")},
		"GET /evidence/maps/{map}/gaps/{n}":  {library.Curator, s.deskGap},
		"POST /evidence/maps/{map}/gaps/{n}": {library.Curator, s.deskGap},
	}
}

// deskEvidence lists studies, those first that wait for somebody.
func (s *Site) deskEvidence(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	view, err := s.Evidence.View(r.Context(), v)
	if err != nil {
		return err
	}
	p := deskEvidencePage{deskFrame: s.deskFrame(r, l, l.T("code.title"))}
	p.Said, _ = said(r, l)
	studies := slices.DeleteFunc(slices.Clone(view.Studies), func(st *evidence.Study) bool { return st.Status == library.Withdrawn })
	waits := func(st *evidence.Study) int {
		switch {
		case len(st.Disputed()) > 0:
			return 0
		case view.CodingOf(st.ID, v).Begun > 0:
			return 1
		case st.Status == library.Draft:
			return 2
		}
		return 3
	}
	slices.SortStableFunc(studies, func(a, b *evidence.Study) int {
		return cmp.Or(cmp.Compare(waits(a), waits(b)), b.Updated.Compare(a.Updated))
	})
	if n := len(studies) - maxWaiting; n > 0 {
		p.More = l.T("code.more.studies", "Count", l.Number(n))
		studies = studies[:maxWaiting]
	}
	for _, st := range studies {
		p.Studies = append(p.Studies, p.studyRow(view, v, st))
	}
	for _, m := range view.Maps {
		if v.MayEditAll() {
			p.gaps(view, m)
		}
	}
	return s.show(w, http.StatusOK, "deskevidence", p)
}

func (p *deskEvidencePage) studyRow(view evidence.View, v library.Viewer, st *evidence.Study) deskStudyRow {
	l := p.L
	title, lang := st.Titles.In(append([]string{l.Tag}, st.Languages...)...)
	out := deskStudyRow{URL: p.URL(studyDesk(st.ID)), Title: plain(title, lang), State: []string{view.Words.Kinds.Label(st.Kind, l.Tag)}}
	if st.Status == library.Draft {
		out.State = append(out.State, l.T("desk.draft"))
	}
	if c := view.CodingOf(st.ID, v); c.Begun > 0 {
		out.State = append(out.State, l.N("code.begun", c.Begun))
		if c.Own != nil && !c.Own.Done {
			out.State = append(out.State, l.T("code.mine"))
		}
	}
	if n := len(st.Disputed()); n > 0 {
		out.State = append(out.State, l.N("code.disputed", n))
		out.Settle.URL = out.URL + "/settle"
	}
	return out
}

func (p *deskEvidencePage) gaps(view evidence.View, m *evidence.Map) {
	f, ok := view.Framework(m.Framework)
	if !ok {
		return
	}
	title, _ := m.Titles.In(p.L.Tag)
	base := p.URL("/desk/evidence/maps/" + url.PathEscape(m.Code) + "/gaps/")
	g := group{Heading: title}
	rows, _ := f.Tree(m.Rows)
	columns, _ := f.Tree(m.Columns)
	for _, gap := range view.GapsOf(m) {
		g.Values = append(g.Values, link{Label: rows.List().Label(gap.Row, p.L.Tag) + " × " + columns.List().Label(gap.Column, p.L.Tag), URL: base + string(gap.ID), Count: view.Words.Gaps.Label(gap.Kind, p.L.Tag)})
	}
	g.Values = append(g.Values, link{Label: p.L.T("code.gap.new"), URL: base + "new"})
	p.Gaps = append(p.Gaps, g)
}

// deskGap shows a gap as a form, or takes it.
func (s *Site) deskGap(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	if !v.MayEditAll() {
		return library.Errorf(library.Forbidden, "gaps are for curators of the whole library")
	}
	view, err := s.Evidence.View(r.Context(), v)
	if err != nil {
		return err
	}
	m, ok := view.Map(r.PathValue("map"))
	if !ok {
		return library.Errorf(library.NotFound, "no evidence map is called %q", r.PathValue("map"))
	}
	f, ok := view.Framework(m.Framework)
	if !ok {
		return library.Errorf(library.NotFound, "no evidence map is called %q", r.PathValue("map"))
	}
	id := library.ID(r.PathValue("n"))
	gap := &evidence.Gap{Row: r.URL.Query().Get("row"), Column: r.URL.Query().Get("col"), Statement: evidence.NotFound, Searched: m.Searched}
	if id == "new" {
		id = ""
	} else {
		i := slices.IndexFunc(view.Gaps, func(g *evidence.Gap) bool { return g.ID == id })
		if i < 0 {
			return library.Errorf(library.NotFound, "there is no gap %s", id)
		}
		gap = view.Gaps[i]
	}
	in := inputs{s: s, l: l, fields: gap.Fields()}
	if r.Method == http.MethodPost {
		if in, err = s.sent(w, r, l, "finding"); err != nil {
			return err
		}
		in.take(r, gap.Fields())
		err = s.EvidenceDesk.SaveGap(r.Context(), v, m.Code, evidence.Change{ID: id, Base: base(r), Fields: in.fields})
		if err == nil {
			http.Redirect(w, r, "/"+l.Tag+"/desk/evidence"+query("done", "saved", "n", "1"), http.StatusSeeOther)
			return nil
		}
		if !in.refused(err) {
			return err
		}
	}
	return s.showGap(w, r, l, view, m, f, gap, in)
}

func (s *Site) showGap(w http.ResponseWriter, r *http.Request, l *locale.Language, view evidence.View, m *evidence.Map, f *evidence.Framework, gap *evidence.Gap, in inputs) error {
	p := formPage{deskFrame: s.deskFrame(r, l, l.T("code.gap")), Heading: plain(l.T("code.gap"), l.Tag), Action: r.URL.Path, Hidden: []hidden{{"base", strconv.FormatInt(gap.Version, 10)}}}
	p.Crumb = link{Label: l.T("code.title"), URL: p.URL("/desk/evidence")}
	p.Buttons = []choice{{"save", l.T("desk.save"), true}}
	rows, _ := f.Tree(m.Rows)
	columns, _ := f.Tree(m.Columns)
	findings := in.lines("finding", "evidence.findings")
	findings.Hint = l.T("code.gap.findings")
	return s.showInputs(w, p, in, formGroup{l.T("evidence.column.cell"), []formField{in.tree("row", rows), in.tree("column", columns)}},
		formGroup{l.T("code.gap"), []formField{in.words("statement", "code.statement", evidence.NotFound, evidence.NoEffect), in.from("gap", "choose", "code.gap.kind", view.Words.Gaps),
			in.date("searched", "code.searched"), in.line("priority", "code.priority"), in.date("closed", "code.closed"), findings}},
		formGroup{l.T("code.basis"), in.texts("basis", "code.basis")})
}
