package site

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"waymark/access"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// auditPage is pages/audit.html: who did what.
type auditPage struct {
	deskFrame
	Rows     []actRow
	Who      string
	From, To string
	Acts     []choice
	Next     string
	Files    []link
	Problem  string
	Keeps    string // how long sign-ins are kept, in words
}

// actRow is one act.
type actRow struct {
	At, Machine  string // for a person, and RFC 3339
	Who, Did     string
	Untold       bool // the act has no name in the reader's language
	Subject      link
	Detail, From string
}

// actsPerPage is how many acts one page lists.
const actsPerPage = 100

// acts are the acts that can be chosen by name, beside any that stands in an
// address.
func acts() []string {
	return []string{library.SignedIn, library.SignedOut, "person-added", "person-changed", "person-removed", "role", "kept-out", "let-in", "password",
		"rule-added", "rule-removed", "token-added", "token-removed", "passkey-added", "passkey-removed",
		"change the settings", "add a term", "change a term", "merge a term", "take a merge of terms back", "deprecate a term", "offer a term again", "import terms",
		"import", "harvest", "submit", "edit", "publish", "withdraw", "restore", "undo", "merge", "unmerge", "relate",
		"evidence", "indicators", "observations", "release", "snapshot"}
}

// actName names an act in the reader's language; one that has no name there by
// itself.
func actName(l *locale.Language, did string) string {
	for _, key := range []string{"audit.act." + actKey(did), "desk.action." + did} {
		if s := l.T(key); s != key {
			return s
		}
	}
	return did
}

// auditFilter reads which acts are asked for; to is the last day.
func auditFilter(q url.Values) (f library.ActFilter, err error) {
	f = library.ActFilter{Who: strings.TrimSpace(q.Get("who")), Did: q.Get("did"), After: q.Get("after"), Limit: actsPerPage}
	for _, day := range []struct {
		name string
		to   *time.Time
	}{{"from", &f.From}, {"to", &f.To}} {
		if s := q.Get(day.name); s != "" {
			if *day.to, err = time.Parse(time.DateOnly, s); err != nil {
				return f, &library.Error{Kind: library.Invalid, Field: day.name, Err: err}
			}
		}
	}
	if !f.To.IsZero() {
		f.To = f.To.AddDate(0, 0, 1)
	}
	return f, nil
}

func (s *Site) audit(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	asked := r.URL.Query()
	p := auditPage{deskFrame: s.deskFrame(r, l, l.T("audit.title")), Who: asked.Get("who"), From: asked.Get("from"), To: asked.Get("to")}
	p.Keeps = l.T("audit.keeps", "Days", l.Number(int(s.Journal.SignIns.Hours()/24)))
	p.Acts = []choice{{"", l.T("audit.any"), asked.Get("did") == ""}}
	for _, did := range acts() {
		p.Acts = append(p.Acts, choice{did, actName(l, did), did == asked.Get("did")})
	}
	chosen := url.Values{}
	for _, name := range []string{"who", "did", "from", "to"} {
		if v := asked.Get(name); v != "" {
			chosen.Set(name, v)
		}
	}
	for _, format := range access.ActFormats() {
		p.Files = append(p.Files, link{Label: strings.ToUpper(format), URL: p.URL("/desk/audit/"+format) + "?" + chosen.Encode()})
	}
	status := http.StatusOK
	f, err := auditFilter(asked)
	var all []library.Act
	if err == nil {
		all, err = s.Journal.List(r.Context(), serve.Viewer(r), f)
	}
	if library.KindOf(err) == library.Invalid {
		status, p.Problem, err = http.StatusBadRequest, l.T("audit.invalid"), nil
	}
	if err != nil {
		return err
	}
	for _, a := range all {
		p.Rows = append(p.Rows, s.actRow(l, a))
	}
	if len(all) == actsPerPage {
		chosen.Set("after", all[len(all)-1].Cursor())
		p.Next = p.URL("/desk/audit") + "?" + chosen.Encode()
	}
	return s.show(w, status, "audit", p)
}

func (s *Site) actRow(l *locale.Language, a library.Act) actRow {
	row := actRow{At: l.Day(a.At) + " " + a.At.Format("15:04"), Machine: a.At.Format(time.RFC3339), Who: a.Name, Did: actName(l, a.Did), Detail: a.Detail, From: a.Address}
	row.Untold = row.Did == a.Did
	row.Subject = link{Label: a.Subject}
	switch {
	case a.Edit && strings.HasSuffix(a.Did, " term"): // its note says more than its ID
		row.Subject.Label, row.Detail, _ = strings.Cut(a.Detail, ": ")
	case a.Edit && a.Did == "change the settings":
		row.Subject.Label = ""
	case a.Edit && a.Changes > 1:
		row.Subject.Label = l.T("audit.entries", "Count", l.Number(a.Changes))
	case a.Edit && slices.Contains([]string{"import", "harvest", "submit", "edit", "publish", "restore"}, a.Did) && a.Subject != "":
		row.Subject.URL = "/" + l.Tag + "/desk/r/" + a.Subject + "/history"
	case strings.HasPrefix(a.Did, "person-") && a.Did != "person-removed" || a.Did == "role":
		row.Subject.URL = "/" + l.Tag + "/people/" + a.Subject
	}
	return row
}

// auditFile writes the acts that are asked for as a file.
func (s *Site) auditFile(w http.ResponseWriter, r *http.Request, _ *locale.Language) error {
	format := r.PathValue("format")
	kind, known := map[string]string{"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}[format]
	if !known {
		return library.Errorf(library.NotFound, "the audit is not written as %q", format)
	}
	f, err := auditFilter(r.URL.Query())
	if err != nil {
		return err
	}
	f.After = ""
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="audit.`+format+`"`)
	return s.Journal.Write(r.Context(), serve.Viewer(r), f, format, w)
}
