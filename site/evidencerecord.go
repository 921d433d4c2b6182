package site

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"waymark/catalogue"
	"waymark/evidence"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// evidenceStudyPage is pages/evidencestudy.html: how one study was coded.
type evidenceStudyPage struct {
	frame
	Heading      text
	Map          link
	Kind         string
	Edit         string // for curators
	Notes        []string
	Publications []studyPublication
	Fields       []row
	Codings      []codingRow
	Findings     []findingRow
	Appraisals   []row
}

type studyPublication struct {
	Title text
	URL   string
	Pages []link
}

type codingRow struct {
	Cell    link
	Coders  string
	Note    string
	Locator link
}

type findingRow struct {
	Cell                link
	Direction, Estimate string
	Certainty           string
	Plain               text
	Locator             link
}

func (s *Site) evidenceStudy(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	b, err := s.evidenceOf(r)
	if err != nil {
		return err
	}
	st, ok := b.view.Study(library.ID(r.PathValue("study")))
	if !ok {
		return library.Errorf(library.NotFound, "there is no study %s", r.PathValue("study"))
	}
	f, ok := b.view.Framework(st.Framework)
	if !ok {
		return library.Errorf(library.NotFound, "the framework of study %s is not to be seen", st.ID)
	}
	title, lang := st.Titles.In(append([]string{l.Tag}, st.Languages...)...)
	p := evidenceStudyPage{frame: s.frame(r, l, title, b.path+"/studies/"+string(st.ID)), Heading: plain(title, lang)}
	p.Kind = b.view.Words.Kinds.Label(st.Kind, l.Tag)
	p.Map = link{Label: l.T("evidence.title"), URL: p.URL(b.path)}
	for _, m := range b.view.Maps {
		if m.Framework == st.Framework {
			label, _ := m.Titles.In(l.Tag)
			p.Map = link{Label: label, URL: b.url(p.frame, evidence.Query{Map: m.Code})}
			break
		}
	}
	if st.Demo {
		p.Notes = append(p.Notes, l.T("evidence.demo"))
	}
	if b.snapshot == nil && serve.Viewer(r).Role >= library.Curator {
		p.Edit = p.URL(studyDesk(st.ID))
	}
	records, err := s.recordsOf(r, b.view, []*evidence.Study{st})
	if err != nil {
		return err
	}
	first := firstOf(st, records)
	for _, pub := range st.Publications {
		rec, ok := records[pub.Resource]
		if !ok {
			continue
		}
		title, lang := rec.Title(l.Tag)
		p.Publications = append(p.Publications, studyPublication{plain(title, lang), p.URL("/r/" + string(rec.ID)), nil})
		if rec.ID == first.ID {
			p.Publications[len(p.Publications)-1].Pages = locatorLinks(l, st, first, records)
		}
		if pub.Hash != evidence.FingerprintOf(rec.Resource) {
			p.Notes = append(p.Notes, l.T("evidence.changed"))
		}
	}
	s.studyFields(&p, b, st)
	p.studyCodings(b, f, st, first, records)
	return s.show(w, http.StatusOK, "evidencestudy", p)
}

// studyFields lists how the study is described.
func (s *Site) studyFields(p *evidenceStudyPage, b evidenceBase, st *evidence.Study) {
	l, words := p.L, b.view.Words
	add := func(key string, labels ...string) {
		var values []link
		for _, label := range labels {
			if label != "" {
				values = append(values, link{Label: label})
			}
		}
		if len(values) > 0 {
			p.Fields = append(p.Fields, row{l.T(key), values})
		}
	}
	all := func(f evidence.Facet, codes []string) (labels []string) {
		for _, c := range codes {
			labels = append(labels, s.evidenceLabel(words, f, c, l.Tag))
		}
		return labels
	}
	for _, f := range []struct {
		facet evidence.Facet
		codes []string
	}{{"design", []string{st.Design}}, {"rating", []string{st.Rating()}}, {"setting", st.Settings}, {"population", st.Populations},
		{"form", st.Forms}, {"pillar", st.Pillars}, {"country", st.Countries}} {
		if len(f.codes) > 0 && f.codes[0] != "" {
			add("evidence.facet."+string(f.facet), all(f.facet, f.codes)...)
		}
	}
	if st.Year > 0 {
		add("evidence.facet.year", strconv.Itoa(st.Year))
	}
	if st.Participants != nil {
		add("evidence.participants.label", l.Number(*st.Participants))
	}
	add("evidence.registration", st.Registration)
	for _, a := range st.Appraisals {
		labels := []link{{Label: words.Ratings.Label(a.Overall, l.Tag)}}
		for _, d := range a.Domains {
			labels = append(labels, link{Label: d.Name + ": " + d.Judgement})
		}
		p.Appraisals = append(p.Appraisals, row{strings.TrimSpace(a.Tool + " " + a.Version), labels})
	}
}

// studyCodings lists the cells that the study stands in and what it found there.
func (p *evidenceStudyPage) studyCodings(b evidenceBase, f *evidence.Framework, st *evidence.Study, first catalogue.Record, records map[library.ID]catalogue.Record) {
	l := p.L
	rows, columns := f.Trees[0].List(), f.Trees[1].List()
	cell := func(row, column string) link {
		return link{Label: rows.Label(row, l.Tag) + " × " + columns.Label(column, l.Tag),
			URL: p.URL(evidencePath(b.path+"/studies", evidence.Query{}.Cell(row, column)))}
	}
	place := func(at evidence.Locator) link {
		return locatorLink(l, at, first, records)
	}
	for _, c := range st.Codings {
		if !c.Counts() && c.State() != evidence.Open {
			continue
		}
		one := codingRow{Cell: cell(c.Intervention, c.Outcome), Coders: l.T("evidence.coding." + c.State()), Note: c.Note, Locator: place(c.Locator)}
		p.Codings = append(p.Codings, one)
	}
	for _, n := range st.Findings {
		if n.Direction == "not-estimated" && n.Value == nil && len(n.Plain) == 0 {
			continue // said by the coding alone
		}
		words, lang := n.Plain.In(l.Tag)
		p.Findings = append(p.Findings, findingRow{Cell: cell(n.Intervention, n.Outcome), Direction: b.view.Words.Directions.Label(n.Direction, l.Tag),
			Estimate: estimate(n), Certainty: b.view.Words.Certainties.Label(n.Certainty, l.Tag), Plain: plain(words, lang), Locator: place(n.Locator)})
	}
}

// evidenceGapsPage is pages/evidencegaps.html: what is not known.
type evidenceGapsPage struct {
	frame
	Map    link
	Notes  []string
	Gaps   []gapRow
	Empty  []group // computed: outcomes without a study, by intervention
	Claims []claimRow
}

type gapRow struct {
	ID, Cell, Kind, Said, Searched string
	Priority                       string
	Basis                          text
}

type claimRow struct {
	Text      text
	Certainty string
	Rests     []link
	Due       string
}

func (s *Site) evidenceGaps(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	b, err := s.evidenceOf(r)
	if err != nil {
		return err
	}
	q, err := evidence.Parse(r.URL.Query())
	if err != nil {
		return err
	}
	q = evidence.Query{Map: q.Map}
	g, err := b.view.Grid(q)
	if err != nil {
		return err
	}
	p := evidenceGapsPage{frame: s.frame(r, l, l.T("evidence.gaps"), evidencePath(b.path+"/gaps", q))}
	title, _ := g.Map.Titles.In(l.Tag)
	p.Map = link{Label: title, URL: b.url(p.frame, q)}
	if g.Map.Demo {
		p.Notes = append(p.Notes, l.T("evidence.demo"))
	}
	rows, _ := g.Framework.Tree(g.Map.Rows)
	columns, _ := g.Framework.Tree(g.Map.Columns)
	rowTerms, columnTerms := rows.List(), columns.List()
	gaps := slices.Clone(b.view.GapsOf(g.Map))
	slices.SortStableFunc(gaps, func(a, b *evidence.Gap) int { return cmp.Compare(a.Priority, b.Priority) })
	for _, gap := range gaps {
		basis, lang := gap.Basis.In(l.Tag)
		one := gapRow{ID: gapID(gap), Cell: rowTerms.Label(gap.Row, l.Tag) + " × " + columnTerms.Label(gap.Column, l.Tag), Kind: b.view.Words.Gaps.Label(gap.Kind, l.Tag),
			Said: l.T("evidence.gap." + gap.Statement), Searched: l.T("evidence.searched", "Date", l.Date(library.Date(gap.Searched))), Basis: plain(basis, lang)}
		if gap.Priority > 0 {
			one.Priority = l.T("evidence.priority", "N", l.Number(gap.Priority))
		}
		p.Gaps = append(p.Gaps, one)
	}
	for i, row := range g.Rows {
		one := group{Heading: rowTerms.Label(row.Code, l.Tag)}
		for j, column := range g.Columns {
			if c := g.Cells[i][j]; c.Studies == 0 && !c.Outside {
				one.Values = append(one.Values, link{Label: columnTerms.Label(column.Code, l.Tag)})
			}
		}
		p.Empty = append(p.Empty, one)
	}
	p.claims(b)
	return s.show(w, http.StatusOK, "evidencegaps", p)
}

// claims lists what persons have concluded, with the studies they rest on.
func (p *evidenceGapsPage) claims(b evidenceBase) {
	for _, c := range b.view.Claims {
		words, lang := c.Texts.In(p.L.Tag)
		one := claimRow{Text: plain(words, lang), Certainty: b.view.Words.Certainties.Label(c.Certainty, p.L.Tag), Due: p.L.Date(library.Date(c.ReviewDue))}
		for _, ref := range append(slices.Clone(c.Supporting), c.Contradicting...) {
			if st, ok := b.view.Study(ref.Study); ok {
				title, _ := st.Titles.In(p.L.Tag)
				one.Rests = append(one.Rests, link{Label: title, URL: p.URL(b.path + "/studies/" + string(st.ID))})
			}
		}
		p.Claims = append(p.Claims, one)
	}
}

// estimate writes the size of an effect with its interval.
func estimate(n evidence.Finding) string {
	if n.Value == nil {
		return ""
	}
	s := n.Metric + " " + decimal(*n.Value)
	if n.Low != nil && n.High != nil {
		s += " (" + decimal(*n.Low) + " – " + decimal(*n.High) + ")"
	}
	return strings.TrimSpace(s)
}

// decimal writes a number with as many digits as it has.
func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// fromStudies leads from a publication to the studies it tells of.
func (s *Site) fromStudies(r *http.Request, l *locale.Language, id library.ID) ([]link, error) {
	b, err := s.evidenceOf(r)
	if err != nil {
		return nil, err
	}
	var links []link
	for _, st := range b.view.About(id)[id] {
		links = append(links, link{Label: b.view.Words.Kinds.Label(st.Kind, l.Tag), URL: "/" + l.Tag + "/evidence/studies/" + string(st.ID)})
	}
	return links, nil
}
