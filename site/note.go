package site

import (
	"net/http"

	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// noteRow is what a person said about a record.
type noteRow struct {
	Who, At, Text string
	Mine          bool
}

// notes puts what was said about a record, and how far it is, into its form.
func (s *Site) notes(r *http.Request, p *editPage, rec *library.Resource) error {
	if p.New {
		return nil
	}
	v := serve.Viewer(r)
	said, err := s.Desk.Said(r.Context(), v, rec.ID)
	if err != nil {
		return err
	}
	for _, n := range said {
		row := noteRow{Who: n.Author, At: p.L.Day(n.At), Text: n.Text, Mine: n.Author == v.Name && v.Name != ""}
		if row.Who == "" {
			row.Who = p.L.T("desk.unnamed")
		}
		if row.Text != "" {
			p.Notes = append(p.Notes, row)
		}
	}
	p.Say = p.URL("/desk/r/" + string(rec.ID) + "/notes")
	if rec.Status == library.Draft && (rec.Review.Submitted != "" || rec.Review.Unnamed) {
		p.State = p.L.T("desk.stage." + string(stageWord(rec.Review.Stage)))
		p.Begins = p.Curator && rec.Review.Stage != library.StageReview
		p.Returns = p.Curator && rec.Review.Submitted != "" && rec.Review.Submitted != v.Name && rec.Review.Stage != library.StageReturned
	}
	return nil
}

// stageWord names a stage in the keys of messages.
func stageWord(s library.Stage) library.Stage {
	if s == library.StageWaiting {
		return "waiting"
	}
	return s
}

// saveNote keeps what a person says about a record, and begins or ends its
// review with it.
func (s *Site) saveNote(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	r.Body = http.MaxBytesReader(w, r.Body, formMost)
	v, id, say := serve.Viewer(r), library.ID(r.PathValue("id")), r.PostFormValue("say")
	done := "said"
	var err error
	switch do := library.Stage(r.PostFormValue("do")); do {
	case library.StageReview, library.StageReturned:
		done = string(do)
		_, err = s.Desk.Stage(r.Context(), v, id, do, say)
	default:
		err = s.Desk.Say(r.Context(), v, id, say)
	}
	to := "/" + l.Tag + "/desk/r/" + string(id) + "/edit"
	if fault, ok := asError(err); ok && fault.Key != "" { // nothing was written: say so where it is to be
		http.Redirect(w, r, to+"?done=unsaid&n=1#notes", http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, to+query("done", done, "n", "1"), http.StatusSeeOther)
	return nil
}
