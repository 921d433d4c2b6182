package site

import (
	"net/http"
	"strconv"
	"strings"

	"waymark/curate"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// historyPage is pages/history.html: every version of a record, the last first.
type historyPage struct {
	deskFrame
	Heading text
	Edit    string
	Action  string
	Gone    bool // the record is withdrawn
	Past    []past
}

// past is one version of a record.
type past struct {
	Version   int64
	When, Who string
	Did, Why  string
	Current   bool
	Changes   []change
}

// change is a field in which a version differs from the one before.
type change struct {
	Label       string
	Before, Now []string
}

// history shows the history of a record.
func (s *Site) history(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	id := library.ID(r.PathValue("id"))
	versions, err := s.Desk.History(r.Context(), v, id)
	if err != nil {
		return err
	}
	var all []library.Fields
	for _, version := range versions {
		all = append(all, version.Fields)
	}
	names, err := s.labels(r, l, all...)
	if err != nil {
		return err
	}
	p := historyPage{deskFrame: s.deskFrame(r, l, l.T("desk.history")), Action: r.URL.Path, Gone: versions[0].Status == library.Withdrawn,
		Edit: "/" + l.Tag + "/desk/r/" + string(id) + "/edit"}
	p.Said, p.Undo = said(r, l)
	p.Heading = heading(l, versions[0].Fields)
	for i, version := range versions {
		shown := past{Version: version.Version, When: l.Day(version.At), Who: version.Actor, Did: l.T("desk.action." + action(version)), Why: version.Note, Current: i == 0}
		before := library.Fields{}
		if i+1 < len(versions) {
			before = versions[i+1].Fields
		}
		for _, name := range version.Changed {
			shown.Changes = append(shown.Changes, change{names.name(name), names.values(name, before[name]), names.values(name, version.Fields[name])})
		}
		p.Past = append(p.Past, shown)
	}
	return s.show(w, http.StatusOK, "history", p)
}

// heading gives a title that some fields say.
func heading(l *locale.Language, f library.Fields) text {
	titles := library.Text{}
	for name, values := range f {
		if lang, ok := strings.CutPrefix(name, "title."); ok {
			titles[lang] = values[0]
		}
	}
	return plain(titles.In(append([]string{l.Tag}, f["language"]...)...))
}

// action gives the kind of act of a version, of those that have words.
func action(p curate.Past) string {
	switch p.Action {
	case "import", "harvest", "read", "submit", "edit", "publish", "withdraw", "restore", "undo", "merge", "unmerge", "relate", "review", "return", "open", "table":
		return p.Action
	}
	return "edit"
}

// restore makes a record say again what it said in an earlier version.
func (s *Site) restore(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	version, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	if err != nil {
		return &library.Error{Kind: library.Invalid, Field: "version", Err: err}
	}
	if _, err := s.Desk.Restore(r.Context(), v, library.ID(r.PathValue("id")), version, r.PostFormValue("why")); err != nil {
		return err
	}
	http.Redirect(w, r, r.URL.Path+query("done", "restored", "n", "1"), http.StatusSeeOther)
	return nil
}

// withdraw takes a record out of the library, with a reason.
func (s *Site) withdraw(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	base, err := strconv.ParseInt(r.PostFormValue("base"), 10, 64)
	if err != nil {
		return &library.Error{Kind: library.Invalid, Field: "base", Err: err}
	}
	id := library.ID(r.PathValue("id"))
	edit, err := s.Desk.Withdraw(r.Context(), v, id, base, r.PostFormValue("why"))
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/"+l.Tag+"/desk"+query("done", "withdrawn", "n", "1", "seq", strconv.FormatInt(edit.Seq, 10), "id", string(id)), http.StatusSeeOther)
	return nil
}

// undoEdit takes back what was just done to some records.
func (s *Site) undoEdit(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	seq, err := strconv.ParseInt(r.PostFormValue("seq"), 10, 64)
	if err != nil {
		return &library.Error{Kind: library.Invalid, Field: "seq", Err: err}
	}
	var ids []library.ID
	for _, id := range r.PostForm["id"] {
		ids = append(ids, library.ID(id))
	}
	if _, err := s.Desk.Undo(r.Context(), v, seq, ids); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+l.Tag+"/desk"+query("done", "undone", "n", strconv.Itoa(len(ids))), http.StatusSeeOther)
	return nil
}
