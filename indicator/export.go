package indicator

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Table is released values to be taken away: the same cells in every form.
type Table struct {
	Indicator *Indicator
	Version   Version
	Release   *Release
	Words     *Words
	Areas     func(string) string // names of areas
	Lang      string
	Base      string // address of the indicator's page
	Rows      []Datum
}

// Datum is one released value with what places it.
type Datum struct {
	Area       string
	Dimensions map[string]string
	Source     Source
	Method     string
	Point
}

// SyntheticNote labels numbers that were made up.
const SyntheticNote = "SYNTHETIC: generated for a demonstration; no statement about any country"

// Select gives the values of a release for some areas, codes and years. A
// dimension that is not asked for is given in all its codes.
func Select(r *Release, v Version, q Question, members func(string) []string) (rows []Datum) {
	wanted := map[string]bool{}
	for _, a := range q.Areas {
		wanted[a] = true
		for _, m := range members(a) {
			wanted[m] = true
		}
	}
	for _, s := range r.Series {
		if len(wanted) > 0 && !wanted[s.Area] {
			continue
		}
		codes := Parts(s.Dimensions)
		fits := true
		full := map[string]string{}
		for _, d := range v.Dimensions {
			if full[d.Code] = codes[d.Code]; full[d.Code] == "" {
				full[d.Code] = Total
			}
			if ask := q.Dimensions[d.Code]; ask != "" && ask != full[d.Code] {
				fits = false
			}
		}
		if !fits {
			continue
		}
		for _, p := range between(s, q).Points {
			rows = append(rows, Datum{s.Area, full, s.Source, s.Method, p})
		}
	}
	return rows
}

// WriteCSV writes codes and names, with the status in a column of its own. What
// it writes can be delivered again.
func (t Table) WriteCSV(w io.Writer) error {
	head := []string{"indicator", "indicator_name", "version", "area", "area_name"}
	for _, d := range t.Version.Dimensions {
		head = append(head, d.Code)
	}
	head = append(head, "period", "value", "numerator", "denominator", "status", "conf", "unit_measure", "source_kind", "source", "resource", "page", "method", "note", "release", "synthetic")
	title, _ := t.Version.Titles.In(t.Lang)
	rows := [][]string{head}
	for _, d := range t.Rows {
		row := []string{t.Indicator.Code, title, strconv.Itoa(t.Version.Number), d.Area, t.Areas(d.Area)}
		for _, dim := range t.Version.Dimensions {
			row = append(row, d.Dimensions[dim.Code])
		}
		page := ""
		if d.Page > 0 {
			page = strconv.Itoa(d.Page)
		}
		rows = append(rows, append(row, d.Period, written(d.Value), written(d.Numerator), written(d.Denominator), d.Status, d.Conf, t.Version.Unit,
			d.Source.Kind, d.Source.Name, string(d.Source.Resource), page, d.Method, d.Note, strconv.Itoa(t.Release.Issue), strconv.FormatBool(t.Release.Synthetic)))
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return writeAll(w, rows)
}

// WriteSDMX writes SDMX-CSV 2.0 with codes alone, in the columns of the
// standard and, after them, what our series are told apart by.
func (t Table) WriteSDMX(w io.Writer) error {
	head := []string{"STRUCTURE", "STRUCTURE_ID", "ACTION", "REF_AREA"}
	for _, d := range t.Version.Dimensions {
		head = append(head, strings.ToUpper(d.Code))
	}
	head = append(head, "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "UNIT_MEASURE", "UNIT_MULT", "DECIMALS", "NUMERATOR", "DENOMINATOR", "SOURCE_KIND", "SOURCE", "METHOD", "SYNTHETIC")
	id := fmt.Sprintf("WAYMARK:%s(%d.0)", strings.ToUpper(strings.ReplaceAll(t.Indicator.Code, "-", "_")), t.Version.Number)
	rows := [][]string{head}
	for _, d := range t.Rows {
		row := []string{"dataflow", id, "I", d.Area}
		for _, dim := range t.Version.Dimensions {
			row = append(row, d.Dimensions[dim.Code])
		}
		rows = append(rows, append(row, d.Period, written(d.Value), d.Status, d.Conf, t.Version.Unit, "0", strconv.Itoa(t.Version.Decimals),
			written(d.Numerator), written(d.Denominator), d.Source.Kind, d.Source.Name, d.Method, strconv.FormatBool(t.Release.Synthetic)))
	}
	return writeAll(w, rows)
}

func writeAll(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

func written(v *float64) string {
	if v == nil {
		return ""
	}
	return number(*v)
}

// WriteCSVW writes the metadata of the CSV at an address (W3C, CSV on the Web).
func (t Table) WriteCSVW(w io.Writer, csvURL string) error {
	type column struct {
		Name     string `json:"name"`
		Titles   string `json:"titles"`
		Datatype any    `json:"datatype"`
		About    string `json:"dc:description,omitempty"`
	}
	text := func(name string) column { return column{Name: name, Titles: name, Datatype: "string"} }
	var columns []column
	for _, name := range []string{"indicator", "indicator_name"} {
		columns = append(columns, text(name))
	}
	columns = append(columns, column{"version", "version", "integer", ""}, text("area"), text("area_name"))
	for _, d := range t.Version.Dimensions {
		var codes []string
		for _, c := range t.Words.Lists[d.List].All() {
			codes = append(codes, c.Code)
		}
		columns = append(columns, column{d.Code, d.Code, map[string]string{"base": "string", "format": strings.Join(codes, "|")}, "code list " + d.List})
	}
	columns = append(columns, text("period"))
	for _, name := range []string{"value", "numerator", "denominator"} {
		columns = append(columns, column{name, name, "decimal", ""})
	}
	columns = append(columns, column{"status", "status", "string", "OBS_STATUS of SDMX"}, column{"conf", "conf", "string", "CONF_STATUS of SDMX; C: held back to protect people"},
		text("unit_measure"), text("source_kind"), text("source"), text("resource"), column{"page", "page", "integer", ""}, text("method"), text("note"),
		column{"release", "release", "integer", ""}, column{"synthetic", "synthetic", "boolean", ""})
	title, _ := t.Version.Titles.In(t.Lang)
	definition, _ := t.Version.Definition.In(t.Lang)
	meta := map[string]any{"@context": []any{"http://www.w3.org/ns/csvw", map[string]string{"@language": t.Lang}}, "url": csvURL, "dc:title": title,
		"dc:description": t.labelled(definition), "dc:identifier": t.Release.Hash, "dc:issued": t.Release.Taken.Format(time.DateOnly),
		"tableSchema": map[string]any{"columns": columns}}
	return writeJSON(w, meta)
}

// labelled puts the label of made-up numbers before a text.
func (t Table) labelled(s string) string {
	if t.Release.Synthetic {
		return SyntheticNote + ". " + s
	}
	return s
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// WriteJSON writes the values with their definition, release and audit.
func (t Table) WriteJSON(w io.Writer) error {
	type line struct {
		Area       string            `json:"area"`
		Dimensions map[string]string `json:"dimensions,omitempty"`
		Source     Source            `json:"source"`
		Method     string            `json:"method,omitempty"`
		Point
	}
	lines := make([]line, len(t.Rows))
	for i, d := range t.Rows {
		lines[i] = line(d)
	}
	note := ""
	if t.Release.Synthetic {
		note = SyntheticNote
	}
	return writeJSON(w, map[string]any{"indicator": t.Indicator.Code, "version": t.Version, "release": map[string]any{"issue": t.Release.Issue, "hash": t.Release.Hash,
		"taken": t.Release.Taken, "protection": t.Release.Protection}, "synthetic": t.Release.Synthetic, "note": note, "address": t.Base, "observations": lines})
}

// axis is a dimension of JSON-stat under way.
type axis struct {
	codes []string
	at    map[string]int
}

func newAxis(codes []string) axis {
	slices.Sort(codes)
	a := axis{codes: slices.Compact(codes), at: map[string]int{}}
	for i, c := range a.codes {
		a.at[c] = i
	}
	return a
}

// WriteJSONStat writes a JSON-stat 2.0 data set. The source is a dimension:
// values of two sources are never one series.
func (t Table) WriteJSONStat(w io.Writer) error {
	ids := []string{"area"}
	for _, d := range t.Version.Dimensions {
		ids = append(ids, d.Code)
	}
	ids = append(ids, "source", "time")
	code := func(d Datum, id string) string {
		switch id {
		case "area":
			return d.Area
		case "source":
			return sourceCode(d)
		case "time":
			return d.Period
		}
		return d.Dimensions[id]
	}
	axes, sizes := make([]axis, len(ids)), make([]int, len(ids))
	dimensions := map[string]any{}
	for i, id := range ids {
		var codes []string
		for _, d := range t.Rows {
			codes = append(codes, code(d, id))
		}
		axes[i] = newAxis(codes)
		sizes[i] = len(axes[i].codes)
		dimensions[id] = map[string]any{"label": id, "category": map[string]any{"index": axes[i].codes, "label": t.labels(id, axes[i].codes)}}
	}
	values, status := map[string]float64{}, map[string]string{}
	for _, d := range t.Rows {
		at := 0
		for i, id := range ids {
			at = at*sizes[i] + axes[i].at[code(d, id)]
		}
		key := strconv.Itoa(at)
		if d.Value != nil {
			values[key] = *d.Value
		}
		if s := strings.TrimSuffix(d.Status+","+d.Conf, ","); s != "A" && s != "" {
			status[key] = s
		}
	}
	title, _ := t.Version.Titles.In(t.Lang)
	out := map[string]any{"version": "2.0", "class": "dataset", "label": t.labelled(title), "id": ids, "size": sizes, "role": map[string][]string{"time": {"time"}, "geo": {"area"}},
		"dimension": dimensions, "value": values, "status": status, "updated": t.Release.Taken.Format(time.RFC3339), "href": t.Base,
		"extension": map[string]any{"indicator": t.Indicator.Code, "version": t.Version.Number, "release": t.Release.Issue, "hash": t.Release.Hash, "unit": t.Version.Unit, "synthetic": t.Release.Synthetic}}
	if t.Release.Synthetic {
		out["note"] = []string{SyntheticNote}
	}
	return writeJSON(w, out)
}

func sourceCode(d Datum) string {
	return strings.TrimSuffix(d.Source.Kind+":"+d.Source.Name+"/"+d.Method, "/")
}

// labels names the codes of a dimension.
func (t Table) labels(id string, codes []string) map[string]string {
	out := map[string]string{}
	for _, c := range codes {
		switch id {
		case "area":
			out[c] = t.Areas(c)
		case "source", "time":
			out[c] = c
		default:
			out[c] = c
			for _, d := range t.Version.Dimensions {
				if d.Code == id {
					out[c] = t.Words.Lists[d.List].Label(c, t.Lang)
				}
			}
		}
	}
	return out
}
