package site

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/catalogue"
	"waymark/curate"
	"waymark/format"
	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
)

// tablePage is pages/table.html: a table of records that comes back edited, and
// what it would change.
type tablePage struct {
	deskFrame
	Action  string
	Problem string
	Table   string // the table itself, on its way to be applied
	Rows    []tableRow
	Ready   int // records that would change
	Same    int // records that would not
}

// tableRow is what a row of the table would make of a record.
type tableRow struct {
	Line    int
	Title   text
	URL     string
	Refused string
	Changes []change
}

// exportTable answers the records of a queue, or of a search, as a table to be
// edited in a spreadsheet.
func (s *Site) exportTable(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v, asked := serve.Viewer(r), r.URL.Query()
	var records []*library.Resource
	var err error
	if queue := asked.Get("queue"); queue != "" {
		records, err = s.Desk.Waiting(r.Context(), v, library.Queue(queue), filterOf(asked))
	} else {
		var q search.Query
		if q, err = search.Parse(asked); err != nil {
			return err
		}
		q = q.With(library.FieldKind, library.KindPublication).At(0)
		q.Size = maxBulk
		records, err = s.searched(r, l, q)
	}
	if err != nil {
		return err
	}
	records = records[:min(len(records), maxBulk)]
	versions := map[library.ID]int64{}
	for _, rec := range records {
		versions[rec.ID] = rec.Version
	}
	return serve.Download(w, r, "waymark-desk.csv", "text/csv", func(out io.Writer) error {
		writer := format.WriteVersions(out, func(id library.ID) int64 { return versions[id] })
		return s.Catalogue.Export(r.Context(), v, curate.IDs(records), writer, s.Vocabularies)
	})
}

// searched gives the records that a search finds and the viewer may read.
func (s *Site) searched(r *http.Request, l *locale.Language, q search.Query) (records []*library.Resource, err error) {
	v := serve.Viewer(r)
	answer, err := s.Searcher.Find(r.Context(), v, q, l.Tag)
	if err != nil {
		return nil, err
	}
	all, err := s.Catalogue.Records(r.Context(), v, ids(answer.Hits))
	for _, rec := range all {
		if !rec.Locked {
			records = append(records, rec.Resource)
		}
	}
	return records, err
}

// filterOf reads a filter of the desk from an address.
func filterOf(asked url.Values) curate.Filter {
	return curate.Filter{Assigned: asked.Get("assigned"), Topic: asked.Get("topic"), Country: asked.Get("country")}
}

// table shows the form that takes a table back.
func (s *Site) table(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	return s.show(w, http.StatusOK, "table", s.tablePage(r, l))
}

func (s *Site) tablePage(r *http.Request, l *locale.Language) tablePage {
	p := tablePage{deskFrame: s.deskFrame(r, l, l.T("desk.table"))}
	p.Action = p.URL("/desk/table")
	return p
}

// takeTable shows what a table would change, and changes it when that is
// confirmed.
func (s *Site) takeTable(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	p := s.tablePage(r, l)
	r.Body = http.MaxBytesReader(w, r.Body, 2*maxForm)
	if err := r.ParseMultipartForm(2 * maxForm); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			p.Problem = l.T("desk.table.large", "Count", l.Number(maxBulk))
			return s.show(w, http.StatusUnprocessableEntity, "table", p)
		}
		return library.Errorf(library.Invalid, "read the form: %w", err)
	}
	p.Table = r.PostFormValue("table")
	if file, _, err := r.FormFile("file"); err == nil {
		b, err := io.ReadAll(file)
		if err != nil {
			return library.Errorf(library.Invalid, "read the table: %w", err)
		}
		p.Table = string(b)
	}
	rows, err := format.Rows(strings.NewReader(p.Table), maxBulk)
	if problem, ok := errors.AsType[*format.Problem](err); ok {
		p.Problem = l.T("desk.table.bad", "Line", l.Number(problem.Line), "Why", problem.Text)
		return s.show(w, http.StatusUnprocessableEntity, "table", p)
	} else if err != nil {
		return err
	}
	change, err := s.tableChange(r, l, rows)
	if err != nil {
		return err
	}
	if r.PostFormValue("sure") != "" {
		edit, done, err := s.Desk.SaveAll(r.Context(), serve.Viewer(r), change.revisions, change.agents, r.PostFormValue("why"))
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
	return s.showTable(w, r, p, change)
}

// tableChange is what a table wants changed.
type tableChange struct {
	lines     []int
	revisions []curate.Revision
	agents    []*library.Agent
	refused   map[int]string // by place among the rows: what cannot be read
}

// tableChange makes revisions of the cells that differ from what was written.
func (s *Site) tableChange(r *http.Request, l *locale.Language, rows []format.Row) (tableChange, error) {
	out := tableChange{refused: map[int]string{}}
	v, fresh := serve.Viewer(r), map[string]library.ID{}
	for i, row := range rows {
		rev := curate.Revision{ID: library.ID(row.Cells[format.TableID])}
		out.lines = append(out.lines, row.Line)
		rev.Base, _ = strconv.ParseInt(row.Cells[format.TableVersion], 10, 64)
		base, err := s.Desk.At(r.Context(), v, rev.ID, rev.Base)
		switch library.KindOf(err) {
		case library.NotFound, library.Gone, library.Moved, library.Forbidden:
			out.refused[i] = l.T("desk.table.none", "ID", rev.ID)
		default:
			if err != nil {
				return out, err
			}
			rev.Base = base.Version
			f, err := s.rowForm(r, l, base, row.Cells, fresh)
			if err != nil {
				return out, err
			}
			rev.Fields = f.fields
			out.agents = append(out.agents, f.agents...)
			if len(f.faults) > 0 {
				out.refused[i] = strings.Join(slices.Sorted(maps.Values(f.faults)), " ")
			}
		}
		out.revisions = append(out.revisions, rev)
	}
	for i := range out.refused { // nothing is tried of what cannot be read
		out.revisions[i].Fields, out.revisions[i].ID = nil, ""
	}
	return out, nil
}

// rowForm fills in the form of a record with the cells of a row that differ from
// what was written of it.
func (s *Site) rowForm(r *http.Request, l *locale.Language, base *library.Resource, cells map[string]string, fresh map[string]library.ID) (form, error) {
	fields := base.Fields()
	names, err := s.labels(r, l, fields)
	if err != nil {
		return form{}, err
	}
	known := maps.Clone(fresh)
	for id := range names.agents {
		known[names.agent(id)] = id
	}
	values := url.Values{}
	for name, all := range fields {
		switch {
		case slices.Contains(contributors, name):
			values.Set(name, strings.Join(names.values(name, all), "\n"))
		case slices.Contains(lineFields, name):
			values.Set(name, strings.Join(all, "\n"))
		default:
			values[name] = slices.Clone(all)
		}
	}
	full := catalogue.Record{Resource: base}
	for _, a := range names.agents {
		full.Agents = append(full.Agents, a)
	}
	was := format.TableCells(catalogue.Draft(full, s.Vocabularies))
	for heading, cell := range cells {
		if before, ok := was[heading]; ok && before != cell && heading != format.TableID {
			setCell(values, base, heading, cell)
		}
	}
	f, err := s.readForm(r.Context(), l, values, known)
	for _, a := range f.agents { // the next row means the same ones
		for name, id := range known {
			if id == a.ID {
				fresh[name] = id
			}
		}
	}
	return f, err
}

// setCell puts an edited cell into the values of a form.
func setCell(values url.Values, base *library.Resource, heading, cell string) {
	column := format.Columns([]string{heading}, nil)[0]
	name, several := column.Field, strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '|' })
	switch {
	case name == "title" || name == "abstract":
		lang := column.Language
		if texts := map[string]library.Text{"title": base.Titles, "abstract": base.Abstracts}[name]; lang == "" {
			if lang = library.Undetermined; texts[lang] == "" && len(base.Languages) > 0 {
				lang = base.Languages[0]
			}
		}
		values.Set(name+"."+lang, cell)
	case slices.Contains(coded, name):
		values.Del(name)
		values.Set(name+added, strings.Join(several, ";"))
	case name == "identifier":
		for i, id := range several {
			if id = strings.TrimSpace(id); !strings.Contains(id, ":") {
				several[i] = "un-symbol:" + id
			}
		}
		values.Set(name, strings.Join(several, "\n"))
	case slices.Contains(lineFields, name), slices.Contains(contributors, name):
		values.Set(name, strings.Join(several, "\n"))
	case slices.Contains(textFields, name):
		values.Set(name, cell)
	}
}

// showTable shows what a table would change, before and after.
func (s *Site) showTable(w http.ResponseWriter, r *http.Request, p tablePage, c tableChange) error {
	l := p.L
	var asked []curate.Revision
	var place []int
	for i, rev := range c.revisions {
		if _, refused := c.refused[i]; refused {
			p.Rows = append(p.Rows, tableRow{Line: c.lines[i], Refused: c.refused[i]})
			continue
		}
		asked, place = append(asked, rev), append(place, i)
	}
	outcomes, _, err := s.Desk.PlanAll(r.Context(), serve.Viewer(r), asked, c.agents, "")
	if err != nil {
		return err
	}
	var all []library.Fields
	for _, o := range outcomes {
		all = append(all, o.Before, o.After)
	}
	names, err := s.labels(r, l, all...)
	if err != nil {
		return err
	}
	for _, a := range c.agents {
		names.agents[a.ID] = a
	}
	for i, o := range outcomes {
		row := tableRow{Line: c.lines[place[i]], Title: heading(l, o.Before), URL: p.URL("/desk/r/" + string(o.ID) + "/edit")}
		if o.Refused != nil {
			row.Title, row.Refused = heading(l, o.Fields), l.T("desk.table.refused")
			if clash, ok := errors.AsType[*curate.Clash](o.Refused); ok {
				row.Refused = l.T("desk.clash", "Who", clash.Actor, "Date", l.Day(clash.At))
			}
		} else if len(o.Changed) == 0 {
			p.Same++
			continue
		} else {
			p.Ready++
		}
		for _, name := range o.Changed {
			row.Changes = append(row.Changes, change{names.name(name), names.values(name, o.Before[name]), names.values(name, o.After[name])})
		}
		p.Rows = append(p.Rows, row)
	}
	slices.SortStableFunc(p.Rows, func(a, b tableRow) int { return a.Line - b.Line })
	return s.show(w, http.StatusOK, "table", p)
}
