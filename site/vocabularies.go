package site

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
	"waymark/skos"
	"waymark/terms"
	"waymark/vocabulary"
)

// vocabulariesPage is pages/vocabularies.html: the terms of one vocabulary.
type vocabulariesPage struct {
	deskFrame
	Lists   []link
	List    string
	Rows    []termRow
	Problem problem
	New     url.Values // what was typed of a term that could not be added
	Adds    bool       // the list takes new terms
	Told    *terms.Report
	Files   []link
}

// problem is why something was not done: for the reader, and the detail as the
// program has it.
type problem struct{ Text, Detail string }

// termRow is one term of a vocabulary.
type termRow struct {
	Code, Label, URL string
	Uses             link   // empty where the vocabulary stands in no field
	Missing          string // languages without a label
	State            string // deprecated, or what it was merged into
}

// governed are the routes of the desk that are for administrators.
func (s *Site) governed() map[string]deskRoute {
	routes := map[string]handler{
		"GET /audit":                       s.audit,
		"GET /audit/{format}":              s.auditFile,
		"GET /settings":                    s.settings,
		"POST /settings":                   s.saveSettings,
		"GET /vocabularies":                s.vocabularies,
		"GET /vocabularies/{list}":         s.vocabularies,
		"POST /vocabularies/{list}":        s.addTerm,
		"POST /vocabularies/{list}/import": s.importTerms,
		"GET /vocabularies/{list}/{code}":  s.term,
		"POST /vocabularies/{list}/{code}": s.saveTerm,
	}
	all := map[string]deskRoute{}
	for path, h := range routes {
		all[path] = deskRoute{library.Administrator, h}
	}
	return all
}

// fieldOf gives the field of resources that takes its values from a list.
func fieldOf(list string) (library.Field, bool) {
	f, ok := map[string]library.Field{"topics": library.FieldTopic, "categories": library.FieldCategory,
		"regions": library.FieldRegion, "countries": library.FieldCountry}[list]
	return f, ok
}

func (s *Site) vocabularies(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	return s.showVocabulary(w, r, l, http.StatusOK, vocabulariesPage{New: url.Values{}})
}

// showVocabulary shows the terms of a list, with what p says beside.
func (s *Site) showVocabulary(w http.ResponseWriter, r *http.Request, l *locale.Language, status int, p vocabulariesPage) error {
	if p.List = r.PathValue("list"); p.List == "" {
		p.List = vocabulary.Amendable()[0]
	}
	list, err := s.amendable(p.List)
	if err != nil {
		return err
	}
	p.deskFrame = s.deskFrame(r, l, l.T("vocab.title"))
	p.Said, _ = said(r, l)
	p.Adds = p.List != "countries"
	for _, name := range vocabulary.Amendable() {
		p.Lists = append(p.Lists, link{Label: l.T("vocab." + name), URL: p.URL("/desk/vocabularies/" + name), Current: name == p.List})
	}
	p.Files = skosFiles(p.List)
	uses, err := s.uses(r, l, p.List)
	if err != nil {
		return err
	}
	for _, t := range list.Every() {
		if t.Scheme != vocabulary.M49 {
			p.Rows = append(p.Rows, s.termRow(l, p.List, t, uses))
		}
	}
	return s.show(w, status, "vocabularies", p)
}

// skosFiles are the files of a vocabulary for other programs.
func skosFiles(list string) (files []link) {
	for _, f := range skos.Formats() {
		files = append(files, link{Label: "SKOS (" + strings.ToUpper(f.Ending()) + ")", URL: "/vocabularies/" + list + "." + f.Ending()})
	}
	return files
}

// vocabularyFiles are those of the vocabulary of a field; none for other fields.
func vocabularyFiles(f library.Field) []link {
	for _, list := range vocabulary.Amendable() {
		if of, ok := fieldOf(list); ok && of == f {
			return skosFiles(list)
		}
	}
	return nil
}

// amendable gives a list that administrators change.
func (s *Site) amendable(name string) (*vocabulary.List, error) {
	if !slices.Contains(vocabulary.Amendable(), name) {
		return nil, library.Errorf(library.NotFound, "there is no vocabulary %q to change", name)
	}
	return s.Vocabularies.List(name), nil
}

// uses counts the resources that the viewer sees by the terms of a list.
func (s *Site) uses(r *http.Request, l *locale.Language, list string) (map[string]int, error) {
	f, ok := fieldOf(list)
	if !ok {
		return nil, nil
	}
	res, err := s.Searcher.Find(r.Context(), serve.Viewer(r), search.Query{}, l.Tag)
	if err != nil {
		return nil, err
	}
	uses := map[string]int{}
	if len(res.Facets[f]) < search.MaxCounts { // else those that are not counted may have some
		for _, t := range s.Vocabularies.List(list).All() {
			uses[t.Code] = 0
		}
	}
	for _, v := range res.Facets[f] {
		uses[v.Value] = v.Count
	}
	return uses, nil
}

func (s *Site) termRow(l *locale.Language, list string, t vocabulary.Term, uses map[string]int) termRow {
	row := termRow{Code: t.Code, URL: "/" + l.Tag + "/desk/vocabularies/" + list + "/" + t.Code}
	row.Label, _ = t.Labels.In(l.Tag)
	if n, counted := uses[t.Code]; counted {
		f, _ := fieldOf(list)
		if row.Uses.Label = l.Number(n); n > 0 {
			row.Uses.URL = "/" + l.Tag + "/" + section(f) + "/" + t.Code
		}
	}
	var missing []string
	for _, other := range s.Locale.All() {
		if t.Labels[other.Tag] == "" {
			missing = append(missing, other.Own)
		}
	}
	row.Missing = l.List(missing)
	switch {
	case t.Into != "":
		row.State = l.T("vocab.merged", "Name", s.Vocabularies.List(list).Label(t.Into, l.Tag))
	case t.Deprecated:
		row.State = l.T("vocab.deprecated")
	}
	return row
}

// addTerm adds a term of which the name is known, and leads to its other names.
func (s *Site) addTerm(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if _, err := s.amendable(r.PathValue("list")); err != nil {
		return err
	}
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	name := oneLine(r.PostForm.Get("label.en"))
	a := vocabulary.Amendment{List: r.PathValue("list"), Term: vocabulary.Term{Code: strings.TrimSpace(r.PostForm.Get("code")), Labels: library.Text{"en": name}}}
	if a.Code == "" {
		a.Code = skos.Slug(name)
	}
	switch a.List {
	case "regions":
		a.Scheme = vocabulary.FieldScheme
	case "categories":
		a.Audience = string(library.Public)
	}
	if err := s.Terms.Add(r.Context(), serve.Viewer(r), a, oneLine(r.PostForm.Get("why"))); err != nil {
		trouble, status, err := s.trouble(l, err)
		if err != nil {
			return err
		}
		return s.showVocabulary(w, r, l, status, vocabulariesPage{Problem: trouble, New: r.PostForm})
	}
	http.Redirect(w, r, "/"+l.Tag+"/desk/vocabularies/"+a.List+"/"+a.Code+query("done", "saved", "n", "1"), http.StatusSeeOther)
	return nil
}

// trouble tells a person why something was not done, if that is theirs to mend;
// else it gives the error back.
func (s *Site) trouble(l *locale.Language, err error) (problem, int, error) {
	switch library.KindOf(err) {
	case library.Invalid:
		return problem{l.T("govern.invalid"), err.Error()}, http.StatusUnprocessableEntity, nil
	case library.Conflict:
		return problem{l.T("govern.conflict"), err.Error()}, http.StatusConflict, nil
	}
	return problem{}, 0, err
}

// oneLine gives a text without breaks and doubled spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// maxUpload bounds a file of terms that is sent, in bytes.
const maxUpload = 8 << 20

// importTerms takes the terms of a file of SKOS, or says what that would do.
func (s *Site) importTerms(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	name := r.PathValue("list")
	if _, err := s.amendable(name); err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	file, header, err := r.FormFile("file")
	if err != nil {
		return library.Errorf(library.Invalid, "read the file that was sent: %w", err)
	}
	defer file.Close()
	dry := r.FormValue("do") != "import"
	p := vocabulariesPage{New: url.Values{}}
	as, err := skos.Read(file, skos.FormatOf(header.Filename), name, s.origin(r)+"/vocabularies")
	if err == nil {
		var rep terms.Report
		rep, err = s.Terms.Import(r.Context(), serve.Viewer(r), as, oneLine(header.Filename), dry)
		p.Told = &rep
	}
	if err != nil {
		status := 0
		if p.Problem, status, err = s.trouble(l, err); err != nil {
			return err
		}
		p.Told = nil
		return s.showVocabulary(w, r, l, status, p)
	}
	if dry {
		return s.showVocabulary(w, r, l, http.StatusOK, p)
	}
	http.Redirect(w, r, "/"+l.Tag+"/desk/vocabularies/"+name+query("done", "changed", "n", strconv.Itoa(len(p.Told.Added)+len(p.Told.Changed))), http.StatusSeeOther)
	return nil
}
