package site

import (
	"archive/zip"
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strings"
	"time"

	"waymark/evidence"
	"waymark/library"
	"waymark/locale"
)

//go:embed offline/map.html
var offlineFiles embed.FS

// offlineMap is offline/map.html: a whole map in one file that needs no other.
type offlineMap struct {
	L                              *locale.Language
	Heading, Question, Corner, All string
	Notes, Facts                   []string
	Columns                        []axisHead
	Rows                           []offlineRow
	Studies                        []*offlineStudy
	Cells                          []offlineCell
}

type offlineRow struct {
	axisHead
	Cells []offlineCell
}

// offlineCell is a cell with the studies that stand in it.
type offlineCell struct {
	ID, Name, Count, URL string
	Studies              []*offlineStudy
}

type offlineStudy struct {
	ID            string
	Title         text
	Facts, Record string
}

// evidenceZip writes a map to be read without a network: a page that needs
// nothing else, the table, the data, and what edition it is of which day.
func (s *Site) evidenceZip(out *bytes.Buffer, r *http.Request, b evidenceBase, g *evidence.Grid, q evidence.Query, l *locale.Language) error {
	now := s.Now().UTC()
	frozen, err := evidence.Freeze(*g.Map, *g.Framework, b.view.On(g.Map), b.view.GapsOf(g.Map), now)
	if err != nil {
		return err
	}
	if b.snapshot != nil {
		frozen, now = *b.snapshot, b.snapshot.Taken
	}
	z := zip.NewWriter(out)
	put := func(name string, write func(io.Writer) error) error {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: now.Truncate(24 * time.Hour)})
		if err == nil {
			err = write(w)
		}
		if err != nil {
			return fmt.Errorf("write %s of the offline map: %w", name, err)
		}
		return nil
	}
	for _, f := range []struct{ name, format string }{{"evidence-map.csv", "csv"}, {"evidence-map.json", "json"}, {"evidence-map.ris", "ris"}} {
		var data bytes.Buffer
		if err := s.evidenceData(&data, r, b, g, q, f.format); err != nil {
			return err
		}
		if err := put(f.name, func(w io.Writer) error { _, err := data.WriteTo(w); return err }); err != nil {
			return err
		}
	}
	page, err := s.offline(r, b, g, q, l)
	if err != nil {
		return err
	}
	t, err := template.ParseFS(offlineFiles, "offline/map.html")
	if err != nil {
		return fmt.Errorf("parse the offline map: %w", err)
	}
	if err := put("index.html", func(w io.Writer) error { return t.Execute(w, page) }); err != nil {
		return err
	}
	address := s.origin(r) + "/" + l.Tag + evidencePath(b.path, q)
	if err := put("README.txt", func(w io.Writer) error { return readme(w, l, page, frozen, address, now) }); err != nil {
		return err
	}
	return z.Close()
}

// readme says what the files are and of which edition.
func readme(w io.Writer, l *locale.Language, p offlineMap, frozen evidence.Snapshot, address string, at time.Time) error {
	lines := append([]string{p.Heading, strings.Repeat("=", 8), "", l.T("evidence.offline.edition", "Date", l.Day(at), "Hash", frozen.Hash), frozen.Citations, address, ""}, p.Notes...)
	lines = append(append(lines, p.Facts...), "", "index.html – "+l.T("evidence.offline.page"), "evidence-map.csv – "+l.T("evidence.offline.csv"), "evidence-map.json – "+l.T("evidence.offline.json"), "evidence-map.ris – "+l.T("evidence.publications"), "")
	_, err := io.WriteString(w, "\ufeff"+strings.Join(lines, "\r\n"))
	return err
}

// offline fills the page: every level open, with the studies that the query leaves.
func (s *Site) offline(r *http.Request, b evidenceBase, g *evidence.Grid, q evidence.Query, l *locale.Language) (offlineMap, error) {
	title, _ := g.Map.Titles.In(l.Tag)
	question, _ := g.Map.Question.In(l.Tag)
	p := offlineMap{L: l, Heading: title, Question: question, All: l.T("evidence.all"), Corner: treeName(g.Framework, g.Map.Rows, l.Tag) + " × " + treeName(g.Framework, g.Map.Columns, l.Tag)}
	facts := evidencePage{frame: frame{L: l}}
	s.evidenceFacts(&facts, b, g.Map, s.Now())
	p.Notes, p.Facts = facts.Notes, facts.Facts
	q.Full = true
	whole, err := b.view.Grid(q)
	if err != nil {
		return p, err
	}
	studies, err := b.view.Chosen(q.Whole())
	if err != nil {
		return p, err
	}
	records, err := s.recordsOf(r, b.view, studies)
	if err != nil {
		return p, err
	}
	by := map[library.ID]*offlineStudy{}
	for _, st := range studies {
		card := s.studyCard(frame{L: l}, b, st, q, records)
		one := &offlineStudy{ID: "s-" + string(st.ID), Title: card.Title, Facts: strings.Join(append([]string{card.Kind}, card.Facts...), " · ")}
		for _, pub := range st.Publications {
			if rec, ok := records[pub.Resource]; ok && one.Record == "" {
				one.Record = s.origin(r) + "/r/" + string(rec.ID)
			}
		}
		by[st.ID] = one
		p.Studies = append(p.Studies, one)
	}
	name := func(line evidence.Line) string { label, _ := line.Labels.Labels.In(l.Tag); return label }
	for _, c := range whole.Columns {
		p.Columns = append(p.Columns, axisHead{Label: name(c), Child: c.Broader != ""})
	}
	for i, line := range whole.Rows {
		row := offlineRow{axisHead: axisHead{Label: name(line), Child: line.Broader != ""}}
		for j, column := range whole.Columns {
			c := whole.Cells[i][j]
			cell := offlineCell{ID: "c-" + line.Code + "-" + column.Code, Count: l.Number(c.Studies), Name: name(line) + " × " + name(column) + ": " + l.N("evidence.studies", c.Studies)}
			if c.Studies == 0 {
				cell.Count = "–"
				row.Cells = append(row.Cells, cell)
				continue
			}
			in, err := b.view.Chosen(q.Cell(line.Code, column.Code))
			if err != nil {
				return p, err
			}
			for _, st := range in {
				cell.Studies = append(cell.Studies, by[st.ID])
			}
			cell.URL = "#" + cell.ID
			row.Cells = append(row.Cells, cell)
			p.Cells = append(p.Cells, cell)
		}
		p.Rows = append(p.Rows, row)
	}
	return p, nil
}
