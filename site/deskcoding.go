package site

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"waymark/evidence"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// codingPage is pages/coding.html: the sheet of one coder. What the other has
// decided is nowhere on it.
type codingPage struct {
	formPage
	Blind  string // that one codes on one's own
	State  string // how far both are
	Closed bool   // nothing is to be written
	Trees  []string
	Lines  []codingLine
}

// codingLine is one cell on a sheet.
type codingLine struct {
	N           string
	Name        string // of the inputs
	Row, Column []choice
	Page, Place string
	Note        string
}

// blankLines are how many empty lines a sheet offers.
const blankLines = 3

// coding shows the viewer's own sheet of a study.
func (s *Site) coding(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	view, st, err := s.EvidenceDesk.Own(r.Context(), v, library.ID(r.PathValue("study")))
	if err != nil {
		return err
	}
	var codes []evidence.SheetCode
	if own := view.CodingOf(st.ID, v).Own; own != nil {
		codes = own.Codes
	}
	return s.showCoding(w, r, l, view, st, codes, "")
}

func (s *Site) showCoding(w http.ResponseWriter, r *http.Request, l *locale.Language, view evidence.View, st *evidence.Study, codes []evidence.SheetCode, problem string) error {
	f, ok := view.Framework(st.Framework)
	if !ok {
		return library.Errorf(library.NotFound, "the framework of study %s is not to be seen", st.ID)
	}
	state := view.CodingOf(st.ID, serve.Viewer(r))
	p := codingPage{formPage: s.studyForm(r, l, st), Blind: l.T("code.blind")}
	p.Problem = problem
	p.State = l.N("code.begun", state.Begun)
	if p.Closed = state.Full || state.Own != nil && state.Own.Done; p.Closed {
		key := "code.full"
		if !state.Full {
			key = "code.handed"
		}
		p.Lead = append(p.Lead, l.T(key))
	}
	for _, t := range f.Trees[:2] {
		label, _ := t.Labels.In(l.Tag)
		p.Trees = append(p.Trees, label)
	}
	if state.Full {
		codes = nil
	}
	blank := blankLines
	if p.Closed {
		blank = 0
	}
	in := inputs{s: s, l: l}
	for i := range len(codes) + blank {
		c := evidence.SheetCode{}
		if i < len(codes) {
			c = codes[i]
		}
		in.fields = library.Fields{"row": {c.Intervention}, "column": {c.Outcome}}
		line := codingLine{N: l.T("code.line", "N", l.Number(i+1)), Name: strconv.Itoa(i), Row: in.tree("row", f.Trees[0]).Choices, Column: in.tree("column", f.Trees[1]).Choices,
			Place: c.Locator.Label, Note: c.Note}
		if c.Locator.Page > 0 {
			line.Page = strconv.Itoa(c.Locator.Page)
		}
		p.Lines = append(p.Lines, line)
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return s.show(w, status, "coding", p)
}

// maxCodes bounds the cells on one sheet.
const maxCodes = 500

// sheetOf reads the lines of a sheet; one without a cell is left out.
func sheetOf(l *locale.Language, v url.Values) (codes []evidence.SheetCode, problem string) {
	for i := range maxCodes {
		at := func(name string) string { return strings.TrimSpace(v.Get(fmt.Sprintf("%s.%d", name, i))) }
		if !v.Has(fmt.Sprintf("row.%d", i)) {
			break
		}
		c := evidence.SheetCode{Intervention: at("row"), Outcome: at("column"), Note: at("note"), Locator: evidence.Locator{Label: at("place")}}
		if page := at("page"); page != "" {
			n, err := strconv.Atoi(page)
			if err != nil || n < 1 {
				problem = l.T("code.line", "N", l.Number(i+1)) + ": " + l.T("desk.fault.whole")
			}
			c.Locator.Page = max(n, 0)
		}
		switch {
		case c.Intervention != "" && c.Outcome != "":
		case c == (evidence.SheetCode{}):
			continue
		default:
			problem = l.T("code.line", "N", l.Number(i+1)) + ": " + l.T("desk.fault.cell")
		}
		codes = append(codes, c)
	}
	return codes, problem
}

// saveCoding keeps the viewer's sheet, or hands it in.
func (s *Site) saveCoding(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	if _, err := s.sent(w, r, l); err != nil {
		return err
	}
	view, st, err := s.EvidenceDesk.Own(r.Context(), v, library.ID(r.PathValue("study")))
	if err != nil {
		return err
	}
	codes, problem := sheetOf(l, r.PostForm)
	if problem != "" {
		return s.showCoding(w, r, l, view, st, codes, problem)
	}
	err = s.EvidenceDesk.Code(r.Context(), v, st.ID, codes, r.PostForm.Get("do") == "handin")
	if fault, ok := asError(err); ok && fault.Kind == library.Invalid && fault.Key != "" {
		return s.showCoding(w, r, l, view, st, codes, l.T(fault.Key))
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/"+l.Tag+studyDesk(st.ID)+"/coding"+query("done", "saved", "n", "1"), http.StatusSeeOther)
	return nil
}

// settlePage is pages/settle.html: what two coders see differently, side by side.
type settlePage struct {
	formPage
	Disputes []dispute
	Third    string // that the viewer is one of the two
}

// dispute is a cell on which two coders differ.
type dispute struct {
	Place         string
	Cell          string
	At            link
	First, Second opinion
}

type opinion struct{ Who, Said, Note string }

// settle shows what waits for a third person.
func (s *Site) settle(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	view, st, err := s.EvidenceDesk.Own(r.Context(), v, library.ID(r.PathValue("study")))
	if err != nil {
		return err
	}
	f, ok := view.Framework(st.Framework)
	if !ok {
		return library.Errorf(library.NotFound, "the framework of study %s is not to be seen", st.ID)
	}
	p := settlePage{formPage: s.studyForm(r, l, st)}
	records, err := s.recordsOf(r, view, []*evidence.Study{st})
	if err != nil {
		return err
	}
	rows, columns := f.Trees[0].List(), f.Trees[1].List()
	for _, i := range st.Disputed() {
		c := st.Codings[i]
		if !evidence.MaySettle(v, c) {
			p.Third = l.T("code.third")
		}
		d := dispute{Place: strconv.Itoa(i), Cell: rows.Label(c.Intervention, l.Tag) + " × " + columns.Label(c.Outcome, l.Tag),
			First: opinionOf(l, c.First), Second: opinionOf(l, c.Second)}
		d.At = locatorLink(l, c.Locator, firstOf(st, records), records)
		p.Disputes = append(p.Disputes, d)
	}
	if len(p.Disputes) == 0 {
		p.Lead = append(p.Lead, l.T("code.nothing"))
	}
	return s.show(w, http.StatusOK, "settle", p)
}

func opinionOf(l *locale.Language, d *evidence.Decision) opinion {
	key := "code.no"
	if d.Yes {
		key = "code.yes"
	}
	return opinion{d.By, l.T(key), d.Note}
}

// saveSettled keeps what a third person has decided.
func (s *Site) saveSettled(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if _, err := s.sent(w, r, l); err != nil {
		return err
	}
	decisions := map[int]evidence.Decision{}
	for name := range r.PostForm {
		text, ok := strings.CutPrefix(name, "settled.")
		if n, err := strconv.Atoi(text); ok && err == nil && r.PostForm.Get(name) != "" {
			decisions[n] = evidence.Decision{Yes: r.PostForm.Get(name) == "yes", Note: strings.TrimSpace(r.PostForm.Get("note." + text))}
		}
	}
	id := library.ID(r.PathValue("study"))
	if err := s.EvidenceDesk.Settle(r.Context(), serve.Viewer(r), id, base(r), decisions); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+l.Tag+studyDesk(id)+"/settle"+query("done", "saved", "n", "1"), http.StatusSeeOther)
	return nil
}
