package site

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"waymark/library"
	"waymark/locale"
	"waymark/serve"
	"waymark/vocabulary"
)

// termPage is pages/term.html: one term in all languages.
type termPage struct {
	deskFrame
	Heading string
	Back    link
	Action  string
	Term    vocabulary.Term
	Version int64
	Names   []termNames
	Any     string // other names of no language, a line each
	Broader []choice
	Others  []choice // to merge it into
	Into    string
	Members string
	Region  bool
	Filed   bool // resources of this category have an audience
	Merges  bool
	Uses    link
	Problem problem
	Past    []past
	Again   string // empty: versions of a term are not restored as such
}

// termNames are the names of a term in one language.
type termNames struct {
	Tag, Own, Dir string
	Label, Others string // others a line each
}

func (s *Site) term(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	t, version, ok := s.Terms.Term(r.PathValue("list"), r.PathValue("code"))
	if _, err := s.amendable(r.PathValue("list")); err != nil || !ok || t.Scheme == vocabulary.M49 {
		return library.Errorf(library.NotFound, "there is no term %s/%s to change", r.PathValue("list"), r.PathValue("code"))
	}
	return s.showTerm(w, r, l, http.StatusOK, t, version, problem{})
}

func (s *Site) showTerm(w http.ResponseWriter, r *http.Request, l *locale.Language, status int, t vocabulary.Term, version int64, trouble problem) error {
	name := r.PathValue("list")
	label, _ := t.Labels.In(l.Tag)
	p := termPage{deskFrame: s.deskFrame(r, l, label), Heading: label, Action: r.URL.Path, Term: t, Version: version, Problem: trouble,
		Region: name == "regions" && t.Code != library.Worldwide, Filed: name == "categories", Merges: name != "countries",
		Members: strings.Join(t.Members, " ")}
	p.Said, _ = said(r, l)
	p.Back = link{Label: l.T("vocab." + name), URL: p.URL("/desk/vocabularies/" + name)}
	for _, other := range s.Locale.All() {
		p.Names = append(p.Names, termNames{Tag: other.Tag, Own: other.Own, Dir: locale.Direction(other.Tag), Label: t.Labels[other.Tag], Others: othersIn(t, other.Tag)})
	}
	p.Any = othersIn(t, "")
	if name == "topics" || name == "thesaurus" {
		p.Broader = append([]choice{{"", "–", t.Broader == ""}}, s.termChoices(l, name, t.Code, t.Broader)...)
	}
	if t.Into != "" {
		p.Into = s.Vocabularies.List(name).Label(t.Into, l.Tag)
	} else {
		p.Others = s.termChoices(l, name, t.Code, "")
	}
	uses, err := s.uses(r, l, name)
	if err != nil {
		return err
	}
	p.Uses = s.termRow(l, name, t, uses).Uses
	if p.Past, err = s.termPast(r, l, name, t.Code); err != nil {
		return err
	}
	return s.show(w, status, "term", p)
}

// othersIn gives the other names of a term in one language, a line each.
func othersIn(t vocabulary.Term, lang string) string {
	var lines []string
	for _, v := range t.Variants {
		if v.Lang == lang {
			lines = append(lines, v.Text)
		}
	}
	return strings.Join(lines, "\n")
}

// termChoices gives the terms of a list beside one, by name.
func (s *Site) termChoices(l *locale.Language, name, but, chosen string) []choice {
	var all []choice
	for _, t := range s.Vocabularies.List(name).All() {
		if t.Code != but && t.Scheme != vocabulary.M49 {
			label, _ := t.Labels.In(l.Tag)
			all = append(all, choice{t.Code, label, t.Code == chosen})
		}
	}
	slices.SortFunc(all, func(a, b choice) int { return l.Compare(a.Label, b.Label) })
	return all
}

// termPast gives the history of a term, the last first.
func (s *Site) termPast(r *http.Request, l *locale.Language, name, code string) ([]past, error) {
	revisions, err := s.Terms.History(r.Context(), serve.Viewer(r), name, code)
	if err != nil {
		return nil, err
	}
	var all []past
	for i, rev := range revisions {
		before, _ := s.Vocabularies.BuiltIn(name, code)
		if i+1 < len(revisions) {
			before = revisions[i+1].Amendment.Term
		}
		all = append(all, past{Version: rev.Version, When: l.Day(rev.At), Who: rev.Who, Did: l.T("audit.act." + actKey(rev.Did)), Why: rev.Why, Current: i == 0,
			Changes: s.termChanges(l, before, rev.Amendment.Term)})
	}
	return all, nil
}

// actKey makes the key of a message of the name of an act.
func actKey(act string) string { return strings.ReplaceAll(act, " ", "-") }

// termChanges tells in what two versions of a term differ.
func (s *Site) termChanges(l *locale.Language, before, now vocabulary.Term) []change {
	var all []change
	tell := func(label, a, b string) {
		if a != b {
			lines := func(s string) []string { return strings.FieldsFunc(s, func(r rune) bool { return r == '\n' }) }
			all = append(all, change{Label: label, Before: lines(a), Now: lines(b)})
		}
	}
	for _, other := range s.Locale.All() {
		tell(other.Own, before.Labels[other.Tag], now.Labels[other.Tag])
		tell(l.T("vocab.others")+" – "+other.Own, othersIn(before, other.Tag), othersIn(now, other.Tag))
	}
	tell(l.T("vocab.others.any"), othersIn(before, ""), othersIn(now, ""))
	tell(l.T("vocab.broader"), before.Broader, now.Broader)
	tell(l.T("vocab.members"), strings.Join(before.Members, " "), strings.Join(now.Members, " "))
	tell(l.T("vocab.audience"), before.Audience, now.Audience)
	tell(l.T("vocab.merge"), before.Into, now.Into)
	return all
}

// saveTerm does what the form of a term asks: save, merge, unmerge, deprecate
// or offer again.
func (s *Site) saveTerm(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	v, name, code := serve.Viewer(r), r.PathValue("list"), r.PathValue("code")
	t, _, ok := s.Terms.Term(name, code)
	if _, err := s.amendable(name); err != nil || !ok {
		return library.Errorf(library.NotFound, "there is no term %s/%s to change", name, code)
	}
	version, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return &library.Error{Kind: library.Invalid, Field: "version", Err: err}
	}
	why := oneLine(r.PostForm.Get("why"))
	switch do := r.PostForm.Get("do"); do {
	case "save":
		t = s.termWritten(r, t)
		err = s.Terms.Save(r.Context(), v, vocabulary.Amendment{List: name, Term: t}, version, why)
	case "merge", "unmerge":
		into := ""
		if do == "merge" {
			into = cmp.Or(r.PostForm.Get("into"), code) // nothing chosen is refused as a merge with itself
		}
		err = s.Terms.Merge(r.Context(), v, name, code, into, version, why)
	case "deprecate", "offer":
		err = s.Terms.Deprecate(r.Context(), v, name, code, do == "deprecate", version, why)
	default:
		return library.Errorf(library.Invalid, "nothing is done by %q", do)
	}
	if err != nil {
		trouble, status, err := s.trouble(l, err)
		if err != nil {
			return err
		}
		return s.showTerm(w, r, l, status, t, version, trouble)
	}
	http.Redirect(w, r, r.URL.Path+query("done", "saved", "n", "1"), http.StatusSeeOther)
	return nil
}

// termWritten reads the form of a term over what the term says.
func (s *Site) termWritten(r *http.Request, t vocabulary.Term) vocabulary.Term {
	f := r.PostForm
	t.Labels, t.Variants = library.Text{}, nil
	others := func(lang, text string) {
		for line := range strings.Lines(text) {
			if line = oneLine(line); line != "" {
				t.Variants = append(t.Variants, vocabulary.Variant{Lang: lang, Text: line})
			}
		}
	}
	for _, lang := range s.Locale.All() {
		if label := oneLine(f.Get("label." + lang.Tag)); label != "" {
			t.Labels[lang.Tag] = label
		}
		others(lang.Tag, f.Get("others."+lang.Tag))
	}
	others("", f.Get("others"))
	if f.Has("broader") {
		t.Broader = f.Get("broader")
	}
	if f.Has("members") {
		t.Members = strings.Fields(strings.ToUpper(f.Get("members")))
		slices.Sort(t.Members)
		t.Members = slices.Compact(t.Members)
	}
	if f.Has("audience") {
		t.Audience = strings.TrimSpace(f.Get("audience"))
	}
	return t
}
