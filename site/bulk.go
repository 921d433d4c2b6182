package site

import (
	"net/http"
	"strconv"

	"waymark/curate"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// bulkPage is pages/bulk.html: what an act would do to many records.
type bulkPage struct {
	deskFrame
	Heading string
	Action  string
	Deed    string
	Value   string
	Problem string
	Rows    []planned
	Ready   int
}

// planned is what the act would do to one record.
type planned struct {
	ID      library.ID
	Title   text
	Refused string
	Nothing bool
}

// maxBulk bounds the records of one act.
const maxBulk = 500

// bulk shows what an act would do, and does it when that is confirmed.
func (s *Site) bulk(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	act := curate.Act{Do: curate.Deed(r.PostFormValue("deed")), Value: r.PostFormValue("value")}
	if act.Do == curate.DoAssign && act.Value == "" && r.PostFormValue("me") != "" {
		act.Value = v.Name
	}
	p := bulkPage{deskFrame: s.deskFrame(r, l, l.T("desk.bulk")), Heading: l.T("desk.bulk"), Action: r.URL.Path}
	var list *library.Field
	for deed, f := range map[curate.Deed]library.Field{curate.DoTopic: library.FieldTopic, curate.DoCountry: library.FieldCountry, curate.DoCategory: library.FieldCategory} {
		if act.Do == deed {
			list = &f
		}
	}
	p.Deed, p.Value = string(act.Do), act.Value
	if list != nil {
		if term, ok := s.Vocabularies.Field(*list).Find(act.Value); ok {
			act.Value = term.Code
			p.Value, _ = term.Labels.In(l.Tag)
		} else {
			p.Problem = l.T("desk.fault.unknown", "Name", act.Value)
		}
	}
	var ids []library.ID
	for _, id := range r.PostForm["id"] {
		if len(ids) < maxBulk {
			ids = append(ids, library.ID(id))
		}
	}
	if r.PostFormValue("sure") != "" && p.Problem == "" {
		edit, done, err := s.Desk.Bulk(r.Context(), v, ids, act)
		if err != nil {
			return err
		}
		values := []string{"done", "changed", "n", strconv.Itoa(len(done)), "seq", strconv.FormatInt(edit.Seq, 10)}
		for _, id := range done {
			values = append(values, "id", string(id))
		}
		http.Redirect(w, r, "/"+l.Tag+"/desk"+query(values...), http.StatusSeeOther)
		return nil
	}
	return s.showBulk(w, r, p, ids, act)
}

// showBulk shows what an act would do to each record.
func (s *Site) showBulk(w http.ResponseWriter, r *http.Request, p bulkPage, ids []library.ID, act curate.Act) error {
	l := p.L
	if p.Problem == "" && len(ids) == 0 {
		p.Problem = l.T("desk.bulk.none")
	}
	if p.Problem == "" {
		rows, err := s.Desk.Plan(r.Context(), serve.Viewer(r), ids, act)
		if fault, ok := asError(err); ok && fault.Kind == library.Invalid && fault.Key != "" {
			p.Problem = l.T(fault.Key)
		} else if err != nil {
			return err
		}
		for _, row := range rows {
			title, lang := row.Title(l.Tag)
			one := planned{ID: row.ID, Title: plain(title, lang), Nothing: !row.Changed}
			if row.Refused != nil {
				one.Refused = l.T("desk.bulk.refused")
			} else if row.Changed {
				p.Ready++
			}
			p.Rows = append(p.Rows, one)
		}
	}
	status := http.StatusOK
	if p.Problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.show(w, status, "bulk", p)
}
