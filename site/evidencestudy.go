package site

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"waymark/catalogue"
	"waymark/evidence"
	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
)

// evidenceStudiesPage is pages/evidencestudies.html: the studies in a cell, or
// on the whole map.
type evidenceStudiesPage struct {
	frame
	Heading string
	Map     link
	Range   string
	Notes   []string
	Cards   []studyCard
	Pager   pager
}

// studyCard is a study in a list.
type studyCard struct {
	L      *locale.Language
	URL    string
	Title  text
	Kind   string
	Facts  []string
	Plain  text
	Said   []string // directions of its findings in the cell
	Places []link   // the publication, and the page of its file
}

// studiesShown is how many studies stand on a page.
const studiesShown = search.PageSize

func (s *Site) evidenceStudies(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	b, err := s.evidenceOf(r)
	if err != nil {
		return err
	}
	q, err := evidence.Parse(r.URL.Query())
	if err != nil {
		return err
	}
	studies, err := b.view.Chosen(q)
	if err != nil {
		return err
	}
	last := max(1, (len(studies)+studiesShown-1)/studiesShown)
	at := func(page int) string { next := q; next.Page = page; return evidencePath(b.path+"/studies", next) }
	if q.Page > last {
		return s.showBeyond(w, r, l, q.Page, last, at)
	}
	m, _ := b.view.Map(q.Map)
	f, _ := b.view.Framework(m.Framework)
	p := evidenceStudiesPage{frame: s.frame(r, l, cellName(f, m, q, l), at(q.Page))}
	p.Heading, p.NoIndex = p.Title, true
	title, _ := m.Titles.In(l.Tag)
	p.Map = link{Label: title, URL: b.url(p.frame, q.Whole())}
	p.Range = l.N("evidence.studies", len(studies))
	if m.Demo {
		p.Notes = append(p.Notes, l.T("evidence.demo"))
	}
	shown := studies[(q.Page-1)*studiesShown : min(q.Page*studiesShown, len(studies))]
	records, err := s.recordsOf(r, b.view, shown)
	if err != nil {
		return err
	}
	for _, st := range shown {
		p.Cards = append(p.Cards, s.studyCard(p.frame, b, st, q, records))
	}
	p.Pager = newPager(l, len(studies), q.Page, func(page int) string { return p.URL(at(page)) })
	return s.show(w, http.StatusOK, "evidencestudies", p)
}

// cellName says which cell a query lists.
func cellName(f *evidence.Framework, m *evidence.Map, q evidence.Query, l *locale.Language) string {
	rows, _ := f.Tree(m.Rows)
	columns, _ := f.Tree(m.Columns)
	var parts []string
	if q.Row != "" {
		parts = append(parts, rows.List().Label(q.Row, l.Tag))
	}
	if q.Column != "" {
		parts = append(parts, columns.List().Label(q.Column, l.Tag))
	}
	if len(parts) == 0 {
		return l.T("evidence.all")
	}
	return strings.Join(parts, " × ")
}

// recordsOf reads the publications of studies that the reader may see.
func (s *Site) recordsOf(r *http.Request, view evidence.View, studies []*evidence.Study) (map[library.ID]catalogue.Record, error) {
	var wanted []library.ID
	for _, st := range studies {
		for _, id := range placesOf(st) {
			wanted = append(wanted, view.Now(id))
		}
	}
	records, err := s.Catalogue.Records(r.Context(), serve.Viewer(r), wanted)
	if err != nil {
		return nil, err
	}
	by := make(map[library.ID]catalogue.Record, len(records))
	for _, rec := range records {
		by[rec.ID] = rec
	}
	for _, st := range studies {
		for _, id := range placesOf(st) {
			if rec, ok := by[view.Now(id)]; ok {
				by[id] = rec
			}
		}
	}
	return by, nil
}

// placesOf gives the records that a study or a place in it names.
func placesOf(st *evidence.Study) (ids []library.ID) {
	add := func(id library.ID) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, p := range st.Publications {
		add(p.Resource)
	}
	for _, c := range st.Codings {
		add(c.Locator.Resource)
	}
	for _, n := range st.Findings {
		add(n.Locator.Resource)
	}
	return ids
}

func (s *Site) studyCard(f frame, b evidenceBase, st *evidence.Study, q evidence.Query, records map[library.ID]catalogue.Record) studyCard {
	l, words := f.L, b.view.Words
	title, lang := st.Titles.In(append([]string{l.Tag}, st.Languages...)...)
	c := studyCard{L: l, URL: f.URL(b.path + "/studies/" + string(st.ID)), Title: plain(title, lang), Kind: words.Kinds.Label(st.Kind, l.Tag)}
	if st.Design != "" {
		c.Facts = append(c.Facts, words.Designs.Label(st.Design, l.Tag))
	}
	c.Facts = append(c.Facts, words.Ratings.Label(st.Rating(), l.Tag))
	if st.Participants != nil {
		c.Facts = append(c.Facts, l.N("evidence.participants", *st.Participants))
	}
	for _, code := range st.Countries {
		c.Facts = append(c.Facts, s.Vocabularies.Countries.Label(code, l.Tag))
	}
	if st.Year > 0 {
		c.Facts = append(c.Facts, fmt.Sprint(st.Year))
	}
	said := map[string]bool{}
	for _, n := range st.Findings {
		if !b.view.Stands(st, n, q) {
			continue
		}
		if words := words.Directions.Label(n.Direction, l.Tag); !said[words] {
			said[words] = true
			c.Said = append(c.Said, words)
		}
		if plainText, lang := n.Plain.In(l.Tag); plainText != "" && len(c.Plain.Spans) == 0 {
			c.Plain = plain(plainText, lang)
		}
	}
	for _, p := range st.Publications {
		if rec, ok := records[p.Resource]; ok {
			title, _ := rec.Title(l.Tag)
			c.Places = append(c.Places, link{Label: l.T("evidence.publication", "Title", title), URL: f.URL("/r/" + string(rec.ID))})
		}
	}
	c.Places = append(c.Places, locatorLinks(l, st, firstOf(st, records), records)...)
	return c
}

// mostPlaces bounds the pages that a study's card leads to.
const mostPlaces = 8

// locatorLinks leads to the pages that the study's findings and codings stand
// on, in records that the reader may see; first is that of the study itself.
func locatorLinks(l *locale.Language, st *evidence.Study, first catalogue.Record, records map[library.ID]catalogue.Record) (links []link) {
	seen := map[string]bool{}
	add := func(at evidence.Locator) {
		if to := locatorLink(l, at, first, records); to.URL != "" && !seen[to.URL] && len(links) < mostPlaces {
			seen[to.URL] = true
			links = append(links, to)
		}
	}
	for _, n := range st.Findings {
		add(n.Locator)
	}
	for _, c := range st.Codings {
		add(c.Locator)
	}
	return links
}

// locatorLink leads to a place in a file of the record that it names, or of the
// first one.
func locatorLink(l *locale.Language, at evidence.Locator, first catalogue.Record, records map[library.ID]catalogue.Record) link {
	to := link{Label: at.Label}
	if at.Page > 0 {
		to.Label = strings.TrimSuffix(l.T("file.page", "N", at.Page)+", "+at.Label, ", ")
	}
	rec := first
	if at.Resource != "" {
		rec = records[at.Resource]
	}
	if at.Page == 0 || rec.Resource == nil {
		return to
	}
	for _, f := range rec.Files {
		if at.File == "" || at.File == f.Digest {
			to.URL = pageURL(rec.ID, f, at.Page)
			break
		}
	}
	return to
}

// firstOf gives the first publication of a study that the reader may see; it
// holds no record when there is none.
func firstOf(st *evidence.Study, records map[library.ID]catalogue.Record) (first catalogue.Record) {
	for _, p := range st.Publications {
		if rec, ok := records[p.Resource]; ok {
			return rec
		}
	}
	return first
}

// evidenceExport writes the studies that a query leaves in a form for other programs.
func (s *Site) evidenceExport(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	var format evidenceFormat
	for _, f := range evidenceFormats() {
		if f.name == r.PathValue("format") {
			format = f
		}
	}
	if format.name == "" {
		return library.Errorf(library.NotFound, "no format of maps is called %q", r.PathValue("format"))
	}
	b, err := s.evidenceOf(r)
	if err != nil {
		return err
	}
	q, err := evidence.Parse(r.URL.Query())
	if err != nil {
		return err
	}
	g, err := b.view.Grid(q)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	switch format.name {
	case "svg":
		err = s.evidencePicture(&out, b, g, l, q)
	case "zip":
		err = s.evidenceZip(&out, r, b, g, q, l)
	default:
		err = s.evidenceData(&out, r, b, g, q, format.name)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", format.media)
	w.Header().Set("Content-Disposition", `attachment; filename="`+format.file+`"`)
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = out.WriteTo(w) // the reader may have gone
	return nil
}

func (s *Site) evidenceData(out *bytes.Buffer, r *http.Request, b evidenceBase, g *evidence.Grid, q evidence.Query, format string) error {
	studies, err := b.view.Chosen(q)
	if err != nil {
		return err
	}
	records, err := s.recordsOf(r, b.view, studies)
	if err != nil {
		return err
	}
	items := make([]evidence.Item, len(studies))
	for i, st := range studies {
		items[i].Study = st
		for _, p := range st.Publications {
			if rec, ok := records[p.Resource]; ok {
				items[i].Draft = catalogue.Draft(rec, s.Vocabularies)
				items[i].Record = s.origin(r) + "/r/" + string(rec.ID)
				break
			}
		}
	}
	switch format {
	case "csv":
		return evidence.WriteCSV(out, items)
	case "ris":
		return evidence.WriteRIS(out, items)
	case "eppi":
		return evidence.WriteEPPI(out, b.view.Words, g.Framework, items)
	}
	return evidence.WriteJSON(out, g.Map, g.Framework, items, b.view.GapsOf(g.Map))
}

func (s *Site) evidencePicture(out *bytes.Buffer, b evidenceBase, g *evidence.Grid, l *locale.Language, q evidence.Query) error {
	title, _ := g.Map.Titles.In(l.Tag)
	by := b.view.Words.Kinds
	if q.By == "rating" {
		by = b.view.Words.Ratings
	}
	credit := l.T("evidence.searched", "Date", l.Date(library.Date(g.Map.Searched)))
	if g.Map.Demo {
		credit += " · " + l.T("evidence.demo")
	}
	return evidence.WriteSVG(out, evidence.Picture{Grid: g, Title: title, Lang: l.Tag, RTL: l.Dir == "rtl", Credit: credit,
		Row:     func(line evidence.Line) string { label, _ := line.Labels.Labels.In(l.Tag); return label },
		Segment: func(code string) string { return by.Label(code, l.Tag) }})
}
