package site

import (
	"net/http"
	"strconv"
	"strings"

	"waymark/evidence"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// deskStudy shows the description of a study as a form.
func (s *Site) deskStudy(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	view, st, err := s.EvidenceDesk.Own(r.Context(), serve.Viewer(r), library.ID(r.PathValue("study")))
	if err != nil {
		return err
	}
	return s.showStudy(w, r, l, view, st, inputs{s: s, l: l, fields: st.Fields()})
}

// newStudy shows the description of a study of a publication that is to be
// coded.
func (s *Site) newStudy(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	st, err := s.EvidenceDesk.Begin(r.Context(), v, idIn(r.URL.Query().Get("publication")))
	if err != nil {
		return err
	}
	view, err := s.Evidence.View(r.Context(), v)
	if err != nil {
		return err
	}
	return s.showStudy(w, r, l, view, st, inputs{s: s, l: l, fields: st.Fields()})
}

// idIn finds the id of a record in what a person writes: the id or an address.
func idIn(text string) library.ID {
	text, _, _ = strings.Cut(strings.TrimRight(strings.TrimSpace(text), "/"), "?")
	return library.ID(strings.ToUpper(text[strings.LastIndex(text, "/")+1:]))
}

// saveStudy takes the description of a study.
func (s *Site) saveStudy(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	in, err := s.sent(w, r, l, evidence.FieldPublication)
	if err != nil {
		return err
	}
	for i, text := range in.fields[evidence.FieldPublication] {
		in.fields[evidence.FieldPublication][i] = string(idIn(text))
	}
	view, err := s.Evidence.View(r.Context(), v)
	if err != nil {
		return err
	}
	id := library.ID(r.PathValue("study"))
	st := &evidence.Study{}
	if id != "" {
		if view, st, err = s.EvidenceDesk.Own(r.Context(), v, id); err != nil {
			return err
		}
		in.take(r, st.Fields())
	}
	if r.PostForm.Get("do") == "remove" {
		if err := s.EvidenceDesk.Withdraw(r.Context(), v, id, base(r)); err != nil && !in.refused(err) {
			return err
		} else if err == nil {
			http.Redirect(w, r, "/"+l.Tag+"/desk/evidence"+query("done", "withdrawn", "n", "1"), http.StatusSeeOther)
			return nil
		}
		in.fields = st.Fields()
		return s.showStudy(w, r, l, view, st, in)
	}
	publish := r.PostForm.Get("do") == "publish"
	saved, err := s.EvidenceDesk.Describe(r.Context(), v, evidence.Change{ID: id, Base: base(r), Fields: in.fields}, publish)
	if err != nil && in.refused(err) {
		return s.showStudy(w, r, l, view, st, in)
	}
	if err != nil {
		return err
	}
	done := map[bool]string{true: "published", false: "saved"}[publish]
	http.Redirect(w, r, "/"+l.Tag+studyDesk(saved)+query("done", done, "n", "1"), http.StatusSeeOther)
	return nil
}

func studyDesk(id library.ID) string { return "/desk/evidence/studies/" + string(id) }

// studyForm is the frame of every form of a study.
func (s *Site) studyForm(r *http.Request, l *locale.Language, st *evidence.Study) formPage {
	title, lang := st.Titles.In(append([]string{l.Tag}, st.Languages...)...)
	p := formPage{deskFrame: s.deskFrame(r, l, l.T("code.title")), Heading: plain(title, lang), Draft: st.Status == library.Draft, Action: r.URL.Path,
		Hidden: []hidden{{"base", strconv.FormatInt(st.Version, 10)}}}
	p.Crumb = link{Label: l.T("code.title"), URL: p.URL("/desk/evidence")}
	p.Said, _ = said(r, l)
	if st.ID == "" {
		return p
	}
	own := p.URL(studyDesk(st.ID))
	for _, to := range []link{{Label: l.T("code.describe"), URL: own}, {Label: l.T("code.code"), URL: own + "/coding"}, {Label: l.T("code.settle"), URL: own + "/settle", Count: l.Number(len(st.Disputed()))},
		{Label: l.T("desk.look"), URL: p.URL("/evidence/studies/" + string(st.ID))}} {
		to.Current = to.URL == r.URL.Path
		p.Go = append(p.Go, to)
	}
	return p
}

func (s *Site) showStudy(w http.ResponseWriter, r *http.Request, l *locale.Language, view evidence.View, st *evidence.Study, in inputs) error {
	p := s.studyForm(r, l, st)
	p.Buttons = []choice{{"save", l.T("desk.save"), st.Status == library.Published}}
	if st.Status != library.Published {
		p.Buttons = append(p.Buttons, choice{"publish", l.T("desk.publish"), true})
	}
	if st.ID != "" {
		p.Grave = &link{Label: l.T("code.withdraw"), URL: p.URL(studyDesk(st.ID))}
		p.studyParts(view, st)
	}
	words := view.Words
	facet := func(name string) string { return "evidence.facet." + name }
	about := []formField{in.from("kind", "choose", facet("kind"), words.Kinds), in.words("state", "code.state", "completed", "ongoing", "protocol"),
		in.from("design", "choose", facet("design"), words.Designs), in.line("year", facet("year")), in.line("participants", "evidence.participants.label"), in.line("sites", "code.sites"),
		in.line("comparison", "code.comparison"), in.tick(library.FieldCountry), in.tick(library.FieldLanguage), in.from("setting", "all", facet("setting"), words.Settings),
		in.from("population", "all", facet("population"), words.Populations), in.from("form", "all", facet("form"), words.Forms), in.from("pillar", "all", facet("pillar"), words.Pillars)}
	how := []formField{in.line("registration", "evidence.registration"), in.words("ethics", "code.ethics", "yes", "no", "not-reported"),
		in.words("survivor_role", "code.survivors", "led", "co-designed", "consulted", "none", "not-reported"), in.words("evaluator", "code.evaluator", "independent", "internal", "mixed", "not-reported"),
		in.box("cost", "code.cost"), in.box("empty", "code.empty")}
	from := in.lines(evidence.FieldPublication, "evidence.publications")
	from.Hint = l.T("code.publication.hint")
	return s.showInputs(w, p, in, formGroup{l.T("field.title"), in.texts("title", "field.title")}, formGroup{l.T("desk.group.about"), about},
		formGroup{l.T("code.how"), how}, formGroup{l.T("evidence.publications"), []formField{from, in.box("reread", "code.reread")}})
}

// studyParts lists findings and appraisals, each leading to its form.
func (p *formPage) studyParts(view evidence.View, st *evidence.Study) {
	l, words := p.L, view.Words
	own := p.URL(studyDesk(st.ID))
	findings, appraisals := group{Heading: l.T("evidence.findings")}, group{Heading: l.T("evidence.appraisals")}
	f, _ := view.Framework(st.Framework)
	for i, n := range st.Findings {
		label := l.Number(i + 1)
		if f != nil {
			label += ". " + f.Trees[0].List().Label(n.Intervention, l.Tag) + " × " + f.Trees[1].List().Label(n.Outcome, l.Tag)
		}
		findings.Values = append(findings.Values, link{Label: label, URL: own + "/findings/" + strconv.Itoa(i+1), Count: words.Directions.Label(n.Direction, l.Tag)})
	}
	for i, a := range st.Appraisals {
		one := link{Label: strings.TrimSpace(a.Tool + " " + a.Version), URL: own + "/appraisals/" + strconv.Itoa(i+1), Count: words.Ratings.Label(a.Overall, l.Tag)}
		if a.Current {
			one.Count += ", " + l.T("code.current")
		}
		appraisals.Values = append(appraisals.Values, one)
	}
	findings.Values = append(findings.Values, link{Label: l.T("code.finding.new"), URL: own + "/findings/new"})
	appraisals.Values = append(appraisals.Values, link{Label: l.T("code.appraisal.new"), URL: own + "/appraisals/new"})
	p.Parts = []group{findings, appraisals}
}

// tools are those by which studies are appraised.
var tools = []string{"AMSTAR-2", "RoB2", "ROBINS-I", "MMAT", "JBI", "CASP"}

// partAt reads which part of a study an address names: −1 for a new one.
func partAt(r *http.Request, n int) (int, error) {
	text := r.PathValue("n")
	if text == "new" {
		return -1, nil
	}
	at, err := strconv.Atoi(text)
	if err != nil || at < 1 || at > n {
		return 0, library.Errorf(library.NotFound, "the study has no part %q", text)
	}
	return at - 1, nil
}

// studyPart shows a finding or an appraisal, or takes its form.
func (s *Site) studyPart(what string) handler {
	return func(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
		v := serve.Viewer(r)
		view, st, err := s.EvidenceDesk.Own(r.Context(), v, library.ID(r.PathValue("study")))
		if err != nil {
			return err
		}
		n := len(st.Findings)
		if what == "appraisals" {
			n = len(st.Appraisals)
		}
		at, err := partAt(r, n)
		if r.Method == http.MethodPost && err != nil { // it may have moved: the desk looks
			at, err = partAt(r, 1<<20)
		}
		if err != nil {
			return err
		}
		in := inputs{s: s, l: l, fields: library.Fields{"at.resource": nil}}
		switch {
		case at >= 0 && at < n && what == "findings":
			in.fields = st.Findings[at].Fields()
		case at >= 0 && at < n:
			in.fields = st.Appraisals[at].Fields()
		}
		if r.Method == http.MethodPost {
			done, err := s.savePart(w, r, l, st.ID, what, at, &in)
			if done || err != nil {
				return err
			}
		}
		return s.showPart(w, r, l, view, st, what, at, in)
	}
}

// savePart takes the form of a part; done tells that it is answered.
func (s *Site) savePart(w http.ResponseWriter, r *http.Request, l *locale.Language, id library.ID, what string, at int, in *inputs) (done bool, err error) {
	v := serve.Viewer(r)
	was := in.fields
	if *in, err = s.sent(w, r, l, "domain"); err != nil {
		return true, err
	}
	in.take(r, was)
	c := evidence.Change{ID: id, Base: base(r), Fields: in.fields}
	switch {
	case r.PostForm.Get("do") == "remove" && what == "findings":
		in.fields = was
		err = s.EvidenceDesk.RemoveFinding(r.Context(), v, id, c.Base, at)
	case what == "findings":
		err = s.EvidenceDesk.SaveFinding(r.Context(), v, c, at)
	default:
		err = s.EvidenceDesk.SaveAppraisal(r.Context(), v, c, at)
	}
	if err != nil && in.refused(err) {
		return false, nil
	}
	if err == nil {
		http.Redirect(w, r, "/"+l.Tag+studyDesk(id)+query("done", "saved", "n", "1"), http.StatusSeeOther)
	}
	return true, err
}

func (s *Site) showPart(w http.ResponseWriter, r *http.Request, l *locale.Language, view evidence.View, st *evidence.Study, what string, at int, in inputs) error {
	p := s.studyForm(r, l, st)
	p.Buttons = []choice{{"save", l.T("desk.save"), true}}
	words := view.Words
	if what == "appraisals" {
		tool := in.field("tool", "choose", l.T("code.tool"))
		for _, t := range append(tools, "other") {
			label := t
			if t == "other" {
				label = l.T("code.word.other")
			}
			tool.Choices = append(tool.Choices, choice{t, label, in.fields.First("tool") == t})
		}
		domains := in.lines("domain", "code.domains")
		domains.Hint = l.T("code.domains.hint")
		return s.showInputs(w, p, in, formGroup{l.T("code.appraisal"), []formField{tool, in.line("version", "indicator.version"), in.from("overall", "choose", "evidence.facet.rating", words.Ratings),
			domains, in.date("date", "field.date"), in.box("agreed", "code.agreed"), in.box("current", "code.current")}})
	}
	if at >= 0 {
		p.Grave = &link{Label: l.T("code.remove"), URL: r.URL.Path}
	}
	f, ok := view.Framework(st.Framework)
	if !ok {
		return library.Errorf(library.NotFound, "the framework of study %s is not to be seen", st.ID)
	}
	cell := []formField{in.tree("intervention", f.Trees[0]), in.tree("outcome", f.Trees[1]), in.from("population", "all", "evidence.facet.population", words.Populations), in.tick(library.FieldCountry)}
	effect := []formField{in.from("direction", "choose", "evidence.facet.direction", words.Directions), in.line("metric", "code.metric"), in.line("value", "indicator.value"), in.line("low", "code.low"),
		in.line("high", "code.high"), in.line("n", "evidence.participants.label"), in.line("months", "code.months"), in.from("certainty", "choose", "evidence.column.certainty", words.Certainties),
		in.words("harms", "code.harms", "reported", "sought-none", "not-reported")}
	where := []formField{in.line("at.page", "code.page"), in.line("at.label", "code.place")}
	if len(st.Publications) > 1 {
		where = append(where, in.line("at.resource", "code.study.from"))
	} else {
		p.Hidden = append(p.Hidden, hidden{"at.resource", in.fields.First("at.resource")})
	}
	p.Hidden = append(p.Hidden, hidden{"at.file", in.fields.First("at.file")})
	return s.showInputs(w, p, in, formGroup{l.T("evidence.column.cell"), cell}, formGroup{l.T("evidence.column.effect"), effect}, formGroup{l.T("evidence.column.page"), where},
		formGroup{l.T("code.plain"), in.texts("plain", "code.plain")})
}

// tree makes an input to choose a code of a tree of a framework.
func (in inputs) tree(name string, t evidence.Tree) formField {
	f := in.from(name, "choose", "code.title", t.List())
	f.Label, _ = t.Labels.In(in.l.Tag)
	return f
}
