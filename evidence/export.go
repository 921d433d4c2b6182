package evidence

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"strconv"
	"strings"

	"waymark/format"
	"waymark/library"
)

// Item is a study with the record of its publication, as it is exchanged.
type Item struct {
	Study  *Study
	Draft  format.Draft // of the first publication that the viewer sees; empty when there is none
	Record string       // address of the record, empty without one
}

// citation gives what an exchange format says of the publication, from the
// record of the catalogue or from what an import said.
func (it Item) citation() format.Draft {
	if it.Draft.ID != "" {
		return it.Draft
	}
	d := format.Draft{Titles: it.Study.Titles}
	if it.Study.Year > 0 {
		d.Date = format.Value{Text: strconv.Itoa(it.Study.Year)}
	}
	if c := it.Study.Citation; c != nil {
		for _, a := range c.Authors {
			d.Authors = append(d.Authors, format.Value{Text: a})
		}
		if c.DOI != "" {
			d.Identifiers = append(d.Identifiers, library.Identifier{Scheme: "doi", Value: c.DOI})
		}
		if c.URL != "" {
			d.Links = append(d.Links, library.Link{URL: c.URL})
		}
		if c.Abstract != "" {
			d.Abstracts = library.Text{library.Undetermined: c.Abstract}
		}
		d.Container, d.Volume, d.Issue, d.Pages = format.Value{Text: c.Parent}, format.Value{Text: c.Volume}, format.Value{Text: c.Issue}, format.Value{Text: c.Pages}
	}
	return d
}

// codes gives every code of a study as "scheme:code", in a fixed order.
func (s *Study) codes() (out []string) {
	add := func(scheme string, codes ...string) {
		for _, c := range codes {
			if c != "" {
				out = append(out, scheme+":"+c)
			}
		}
	}
	seen := map[string]bool{}
	for _, c := range s.Codings {
		if c.Counts() && len(s.Codes) == 0 {
			for _, code := range []string{TreeIntervention + ":" + c.Intervention, TreeOutcome + ":" + c.Outcome} {
				if !seen[code] {
					seen[code] = true
					out = append(out, code)
				}
			}
		}
	}
	for _, c := range s.Codes {
		out = append(out, c.Tree+":"+c.Node)
	}
	add("kind", s.Kind)
	add("design", s.Design)
	add("setting", s.Settings...)
	add("population", s.Populations...)
	add("form", s.Forms...)
	add("pillar", s.Pillars...)
	add("country", s.Countries...)
	return out
}

// WriteRIS writes studies as RIS; codes go into KW as "scheme:code".
func WriteRIS(w io.Writer, items []Item) error {
	out := format.WriteRIS(w)
	for _, it := range items {
		d := it.citation()
		for _, c := range it.Study.codes() {
			d.Subjects = append(d.Subjects, format.Value{Text: c})
		}
		if err := out.Write(d); err != nil {
			return fmt.Errorf("write RIS: %w", err)
		}
	}
	return out.Close()
}

// csvHead names the columns of the table of an evidence map.
var csvHead = []string{"study", "publication", "title", "authors", "year", "kind", "design", "rating", "intervention", "outcome", "coding", "page",
	"direction", "certainty", "metric", "value", "low", "high", "n", "follow_up_months", "countries", "settings", "populations", "forms", "pillars", "demonstration"}

// WriteCSV writes the long table: one row a finding, and one for a coding
// without a finding. It is UTF-8 with a mark, for spreadsheets.
func WriteCSV(w io.Writer, items []Item) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(csvHead); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	for _, it := range items {
		for _, row := range it.rows() {
			for i, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) && !number(cell) {
					row[i] = "'" + cell // a spreadsheet would take it for a formula
				}
			}
			if err := out.Write(row); err != nil {
				return fmt.Errorf("write the table: %w", err)
			}
		}
	}
	out.Flush()
	return out.Error()
}

func number(s string) bool { _, err := strconv.ParseFloat(s, 64); return err == nil }

func (it Item) rows() (rows [][]string) {
	s := it.Study
	d := it.citation()
	title, _ := s.Titles.In("en")
	var authors []string
	for _, a := range d.Authors {
		authors = append(authors, a.Text)
	}
	year := ""
	if s.Year > 0 {
		year = strconv.Itoa(s.Year)
	}
	base := []string{string(s.ID), string(d.ID), title, strings.Join(authors, "; "), year, s.Kind, s.Design, s.Rating()}
	tail := []string{strings.Join(s.Countries, " "), strings.Join(s.Settings, " "), strings.Join(s.Populations, " "), strings.Join(s.Forms, " "), strings.Join(s.Pillars, " "), strconv.FormatBool(s.Demo)}
	found := map[Cell]bool{}
	for _, n := range s.Findings {
		found[Cell{n.Intervention, n.Outcome}] = true
		mid := []string{n.Intervention, n.Outcome, "finding", n.Locator.String(), n.Direction, n.Certainty, n.Metric,
			decimal(n.Value), decimal(n.Low), decimal(n.High), whole(n.N), whole(n.Months)}
		rows = append(rows, append(append(append([]string{}, base...), mid...), tail...))
	}
	for _, c := range s.Codings {
		if !found[Cell{c.Intervention, c.Outcome}] && c.Counts() {
			mid := []string{c.Intervention, c.Outcome, c.State(), c.Locator.String(), "", "", "", "", "", "", "", ""}
			rows = append(rows, append(append(append([]string{}, base...), mid...), tail...))
		}
	}
	return rows
}

// String writes the place as "p. 12, table 3".
func (l Locator) String() string {
	var parts []string
	if l.Page > 0 {
		parts = append(parts, "p. "+strconv.Itoa(l.Page))
	}
	if l.Label != "" {
		parts = append(parts, l.Label)
	}
	return strings.Join(parts, ", ")
}

func decimal(f *float64) string {
	if f == nil {
		return ""
	}
	return strconv.FormatFloat(*f, 'f', -1, 64)
}

func whole(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// WriteJSON writes the map and its studies whole, without the names of coders.
func WriteJSON(w io.Writer, m *Map, f *Framework, items []Item, gaps []*Gap) error {
	type line struct {
		ID     library.ID `json:"id"`
		Record string     `json:"record,omitempty"`
		Study  Study      `json:"study"`
	}
	out := struct {
		Map       *Map       `json:"map"`
		Framework *Framework `json:"framework"`
		Studies   []line     `json:"studies"`
		Gaps      []Gap      `json:"gaps"`
	}{Map: m, Framework: f, Studies: []line{}, Gaps: []Gap{}}
	for _, it := range items {
		out.Studies = append(out.Studies, line{it.Study.ID, it.Record, anonymous(*it.Study)})
	}
	for _, g := range gaps {
		one := *g
		one.By = ""
		out.Gaps = append(out.Gaps, one)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("write the map: %w", err)
	}
	return nil
}

// eppiNumber gives the number of a code of ours in EPPI's files: the same
// code has the same number in every file. It is no more than 2⁵³.
func eppiNumber(parts ...string) json.Number {
	h := fnv.New64a()
	for _, p := range parts {
		fmt.Fprintf(h, "%s\x1f", p)
	}
	return json.Number(strconv.FormatUint(h.Sum64()>>12, 10))
}
