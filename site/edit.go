package site

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/curate"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// editPage is pages/edit.html: a record as a form, for one that is there or is
// to be.
type editPage struct {
	deskFrame
	Heading  text
	ID       library.ID
	Base     int64
	New      bool
	Curator  bool
	Draft    bool
	State    string // of a draft that was handed in
	Notes    []noteRow
	Say      string // address that takes a note; empty for a new record
	Begins   bool   // the viewer can begin its review
	Returns  bool   // or return it to the one who handed it in
	Action   string
	Keep     string // address that keeps the form unsaved
	Similar  string // address that tells of records with such a title
	Public   string // address of the record's page
	History  string
	Kept     string // when an unsaved form of the record was kept
	KeptURL  string
	Restored bool // the form is the one that was kept
	Problem  string
	Near     []related // records that may be the same work
	Texts    []textRow
	Groups   []formGroup
	Files    []fileRow
	Withdraw string

	UploadMost int64     // bytes that a file may have; 0 where none are taken
	UploadHint string    // what is taken
	Fault      string    // why files were not taken
	Held       []related // records that have one of the files already
	Lists      []suggestions
}

// suggestions are the values that an input offers while a person writes.
type suggestions struct {
	ID     string
	Values []string
}

// textRow is title and abstract in one language.
type textRow struct {
	Lang, Dir, Label string
	Title, Abstract  string
	TheirTitle       string
	TheirAbstract    string
	Said             []string
	Open             bool
}

// formGroup is a part of the form under one heading.
type formGroup struct {
	Heading string
	Fields  []formField
}

// formField is one field of the form.
type formField struct {
	Name, Label string
	Kind        string // "line", "date", "lines", "choose", "tick", "all", "box"
	Value       string
	Choices     []choice // to choose from, or to tick
	Add         string   // what was written to be added
	List        string   // the list of suggestions, or the address that gives them
	Hint        string
	Lang        string // of what is written, for one of several languages
	Fault       string
	Theirs      string   // what another person made of it meanwhile
	Said        []string // what sources say, where it tells more
}

// fileRow is a file of the record in the form.
type fileRow struct {
	Key, Name, Language string
	Opens               string // the day on which it is for all
	Audiences           []choice
	New                 string // the digest of one that is not saved yet
}

// edit shows the form of a record.
func (s *Site) edit(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	rec, err := s.Desk.Own(r.Context(), v, library.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	p := s.editFrame(r, l, rec)
	p.Said, p.Undo = said(r, l)
	kept, values, err := s.kept(r, rec.ID)
	if err != nil {
		return err
	}
	fields := rec.Fields()
	if kept != nil {
		p.Kept, p.KeptURL = l.T("desk.kept", "Date", l.Day(kept.At)), p.Action+"?kept=1"
	}
	if kept != nil && r.URL.Query().Get("kept") != "" {
		p.Restored, p.Base = true, kept.Base
		return s.showForm(w, r, p, rec, form{values: values}, nil)
	}
	return s.showForm(w, r, p, rec, form{fields: fields}, nil)
}

func (s *Site) editFrame(r *http.Request, l *locale.Language, rec *library.Resource) editPage {
	title, lang := rec.Title(l.Tag)
	base := "/desk/r/" + string(rec.ID)
	v := serve.Viewer(r)
	p := editPage{deskFrame: s.deskFrame(r, l, l.T("desk.edit")), Heading: plain(title, lang), ID: rec.ID, Base: rec.Version,
		Curator: v.Role >= library.Curator, Draft: rec.Status == library.Draft}
	p.Action, p.History, p.Withdraw, p.Public = p.URL(base+"/edit"), p.URL(base+"/history"), p.URL(base+"/withdraw"), p.URL("/r/"+string(rec.ID))
	p.Keep = p.URL(base + "/keep")
	return p
}

// kept gives the form of a record that the viewer has not saved.
func (s *Site) kept(r *http.Request, id library.ID) (*library.Form, url.Values, error) {
	forms, err := s.Forms.Forms(r.Context(), serve.Viewer(r), id)
	if err != nil || len(forms) == 0 {
		return nil, nil, err
	}
	values, err := url.ParseQuery(string(forms[0].Body))
	if err != nil {
		return nil, nil, nil // of another build
	}
	return &forms[0], values, nil
}

// maxForm bounds a filled-in form, in bytes.
const maxForm = 1 << 20

// filled reads the posted form of a request with the agents that a record has.
// Files that it brings are kept for the record.
func (s *Site) filled(w http.ResponseWriter, r *http.Request, l *locale.Language, rec *library.Resource) (form, error) {
	values, files, err := s.posted(w, r)
	if err != nil {
		return form{}, err
	}
	for _, file := range files {
		defer file.close()
	}
	if rec.ID == "" {
		if rec.ID = library.ID(values.Get("id")); !rec.ID.Valid() {
			return form{}, &library.Error{Kind: library.Invalid, Field: "id", Err: library.Errorf(library.Invalid, "%q is no id", rec.ID)}
		}
	}
	names, err := s.labels(r, l, rec.Fields())
	if err != nil {
		return form{}, err
	}
	known := map[string]library.ID{}
	for id := range names.agents {
		known[names.agent(id)] = id
	}
	f, err := s.readForm(r.Context(), l, values, known)
	if err != nil {
		return form{}, err
	}
	return f, s.takeUploads(r, l, rec.ID, files, &f)
}

// saveEdit takes the form of a record: it is saved, published, kept or looked at.
func (s *Site) saveEdit(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	rec, err := s.Desk.Own(r.Context(), v, library.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f, err := s.filled(w, r, l, rec)
	if err != nil {
		return err
	}
	p := s.editFrame(r, l, rec)
	if p.Base, err = strconv.ParseInt(f.values.Get("base"), 10, 64); err != nil {
		return &library.Error{Kind: library.Invalid, Field: "base", Err: err}
	}
	for _, name := range f.values["take"] { // what the other person made of it is taken
		if delete(f.fields, name); len(rec.Fields()[name]) > 0 {
			f.fields[name] = rec.Fields()[name]
		}
	}
	return s.saveForm(w, r, p, rec, f)
}

// saveForm does what the button says with a filled-in form.
func (s *Site) saveForm(w http.ResponseWriter, r *http.Request, p editPage, rec *library.Resource, f form) error {
	v := serve.Viewer(r)
	do := f.values.Get("do")
	if f.brought || do == inputUpload { // what is written stays with its files, whatever becomes of the page
		if err := s.keepForm(r, rec.ID, p.Base, f.values); err != nil {
			return err
		}
	}
	if len(f.faults) > 0 && do != "keep" {
		p.Problem = p.L.T("desk.faults")
		return s.showForm(w, r, p, rec, f, nil)
	}
	switch do {
	case inputUpload:
		return s.showForm(w, r, p, rec, f, nil)
	case "keep":
		if err := s.keepForm(r, rec.ID, p.Base, f.values); err != nil {
			return err
		}
		http.Redirect(w, r, p.URL("/desk")+"?queue="+queueMine+"&done=kept&n=1", http.StatusSeeOther)
		return nil
	case "preview":
		return s.preview(w, r, p.L, rec, f)
	}
	files, err := s.uploads(r, rec.ID, f.fields)
	if err != nil {
		return err
	}
	_, err = s.Desk.Save(r.Context(), v, curate.Revision{ID: rec.ID, Base: p.Base, Fields: f.fields, Agents: f.agents, Files: files, Publish: do == "publish", Note: f.values.Get("why")})
	if clash, ok := errors.AsType[*curate.Clash](err); ok {
		p.Base, f.fields, f.values = clash.Version, clash.Merged, nil
		p.Problem = p.L.T("desk.clash", "Who", clash.Actor, "Date", p.L.Day(clash.At))
		return s.showForm(w, r, p, rec, f, clash)
	}
	if faulty(p.L, err, &f) {
		p.Problem = p.L.T("desk.faults")
		return s.showForm(w, r, p, rec, f, nil)
	}
	if err != nil {
		return err
	}
	if err := s.dropForm(r, rec.ID); err != nil {
		return err
	}
	done := map[bool]string{true: "published", false: "saved"}[do == "publish"]
	http.Redirect(w, r, p.URL("/desk/r/"+string(rec.ID)+"/edit")+"?done="+done+"&n=1", http.StatusSeeOther)
	return nil
}

// faulty notes in the form which fields an error names, and tells whether it
// names any.
func faulty(l *locale.Language, err error, f *form) bool {
	all := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all = joined.Unwrap()
	}
	found := false
	for _, e := range all {
		if fault, ok := asError(e); ok && fault.Kind == library.Invalid && fault.Key != "" {
			f.faults[fault.Field], found = l.T(fault.Key), true
		}
	}
	return found
}

// showForm shows a form as it is filled in: with the values that a person wrote,
// or with those of fields.
func (s *Site) showForm(w http.ResponseWriter, r *http.Request, p editPage, rec *library.Resource, f form, clash *curate.Clash) error {
	all := []library.Fields{rec.Fields(), f.fields}
	if clash != nil {
		all = append(all, clash.Theirs)
	}
	names, err := s.labels(r, p.L, all...)
	if err != nil {
		return err
	}
	fill := filling{labels: names, rec: rec, form: f, clash: clash, viewer: serve.Viewer(r)}
	if fill.uploads, err = s.uploads(r, rec.ID, f.fields); err != nil {
		return err
	}
	if p.Held, err = s.holding(r, p.L, rec.ID, fill.uploads); err != nil {
		return err
	}
	if err := s.notes(r, &p, rec); err != nil {
		return err
	}
	p.Fault = strings.TrimSpace(f.faults[inputUpload] + " " + f.faults["file"])
	if s.Uploads != nil {
		p.UploadMost = s.UploadMost
		p.UploadHint = p.L.T("desk.upload.hint", "Size", p.L.Number(int(s.UploadMost>>20)))
	}
	p.Texts = fill.texts()
	p.Groups = fill.groups()
	p.Files = fill.files()
	for _, field := range []library.Field{library.FieldCountry, library.FieldRegion, library.FieldLanguage} {
		list := suggestions{ID: "list-" + string(field)}
		for _, c := range s.choices(p.L, field) {
			list.Values = append(list.Values, c.Label)
		}
		p.Lists = append(p.Lists, list)
	}
	status := http.StatusOK
	switch {
	case clash != nil:
		status = http.StatusConflict
	case p.Problem != "":
		status = http.StatusUnprocessableEntity
	}
	slices.SortFunc(p.Near, func(a, b related) int { return cmp.Compare(a.URL, b.URL) })
	return s.show(w, status, "edit", p)
}

// keepForm keeps a form that is not saved.
func (s *Site) keepForm(r *http.Request, id library.ID, base int64, values url.Values) error {
	values = filledIn(values)
	for _, name := range []string{"do", "take", inputUpload, inputUnload} {
		values.Del(name)
	}
	return s.Forms.KeepForm(r.Context(), serve.Viewer(r), library.Form{Subject: id, Base: base, Body: []byte(values.Encode()), At: s.Now()})
}

// filledIn gives the values of a form without the inputs that are empty.
func filledIn(v url.Values) url.Values {
	out := url.Values{}
	for name, values := range v {
		if strings.Join(values, "") != "" {
			out[name] = values
		}
	}
	return out
}

// drop forgets a form that was kept.
func (s *Site) drop(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if err := s.dropForm(r, library.ID(r.PathValue("id"))); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+l.Tag+"/desk"+query("queue", queueMine, "done", "dropped", "n", "1"), http.StatusSeeOther)
	return nil
}

// dropForm forgets what a person has written of a record and brought for it.
func (s *Site) dropForm(r *http.Request, id library.ID) error {
	v := serve.Viewer(r)
	return errors.Join(s.Forms.DropForm(r.Context(), v, id), s.Brought.DropUploads(r.Context(), v, id, ""))
}

// keep keeps a form that a person is still writing; the script of the page asks
// for it now and then.
func (s *Site) keep(w http.ResponseWriter, r *http.Request, _ *locale.Language) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	id := library.ID(r.PathValue("id"))
	base, err := strconv.ParseInt(r.PostForm.Get("base"), 10, 64)
	if err != nil || !id.Valid() {
		return &library.Error{Kind: library.Invalid, Field: "base", Err: err}
	}
	if err := s.keepForm(r, id, base, r.PostForm); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
