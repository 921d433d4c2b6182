package indicator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/library"
)

// Delivery is a table of observations read and judged. Only one without a
// blocking issue can be taken in.
type Delivery struct {
	Rows   []Row
	Issues []Issue
}

// Blocked tells whether any rule forbids to take the delivery in.
func (d Delivery) Blocked() bool {
	return slices.ContainsFunc(d.Issues, func(i Issue) bool { return i.Severity == Block })
}

// columns are the columns of a delivery by what SDMX-CSV calls them; the plain
// names come first. A dimension's column has its name, or its name in capitals.
var columns = map[string]string{
	"indicator": "indicator", "structure_id": "structure", "version": "version", "area": "area", "ref_area": "area", "period": "period", "time_period": "period",
	"value": "value", "obs_value": "value", "numerator": "numerator", "denominator": "denominator", "n": "n", "low": "low", "high": "high",
	"status": "status", "obs_status": "status", "conf": "conf", "conf_status": "conf", "source_kind": "source_kind", "source": "source", "resource": "resource",
	"page": "page", "method": "method", "group": "group", "note": "note", "synthetic": "synthetic",
	"structure": "", "action": "", "unit_measure": "unit", "unit_mult": "mult", "decimals": "", "area_name": "", "indicator_name": "", "release": "",
}

// Read judges a delivery: a table in our own columns or in those of SDMX-CSV.
// Areas tells whether a code is one. Every issue names its line.
func Read(sheet Sheet, w *Words, registry map[string]*Indicator, areas func(string) bool, now time.Time) Delivery {
	r := &reading{words: w, registry: registry, areas: areas, now: now, at: map[string]int{}, versions: map[string]Version{}}
	r.header(sheet)
	if r.Blocked() {
		return r.Delivery
	}
	for _, row := range sheet.Rows {
		r.row(row)
	}
	r.Issues = append(r.Issues, checkTables(r.Rows, r.versions)...)
	slices.SortStableFunc(r.Issues, func(a, b Issue) int { return a.Line - b.Line })
	return r.Delivery
}

type reading struct {
	Delivery
	words    *Words
	registry map[string]*Indicator
	areas    func(string) bool
	now      time.Time
	at       map[string]int // columns
	versions map[string]Version
}

func (r *reading) say(line int, column, rule, format string, args ...any) {
	r.Issues = append(r.Issues, Issue{line, column, rule, Block, fmt.Sprintf(format, args...)})
}

func (r *reading) header(s Sheet) {
	for i, name := range s.Columns {
		as, known := columns[name]
		if _, dimension := r.words.Dimensions.Get(name); dimension {
			as, known = "dim:"+name, true
		}
		switch {
		case !known:
			r.say(1, name, "column", "there is no column %q", name)
		case as == "":
		default:
			if _, twice := r.at[as]; twice {
				r.say(1, name, "column", "the column %s stands twice", name)
			}
			r.at[as] = i
		}
	}
	_, plain := r.at["indicator"]
	_, sdmx := r.at["structure"]
	for _, needed := range []string{"area", "period", "value"} {
		if _, ok := r.at[needed]; !ok {
			r.say(1, needed, "column", "the column %s is missing", needed)
		}
	}
	if !plain && !sdmx {
		r.say(1, "indicator", "column", "the column indicator (or STRUCTURE_ID) is missing")
	}
}

// row reads one line; what cannot be read is an issue, and the rest is judged.
func (r *reading) row(in SheetRow) {
	cell := func(name string) string {
		if i, ok := r.at[name]; ok && i < len(in.Cells) {
			return in.Cells[i]
		}
		return ""
	}
	row := Row{Line: in.Line, Area: cell("area"), Method: cell("method"), Group: cell("group"), Synthetic: cell("synthetic") == "true", Dimensions: map[string]string{},
		Source: Source{Kind: cell("source_kind"), Name: cell("source"), Resource: library.ID(cell("resource"))}}
	v, ok := r.version(&row, cell("indicator"), cell("version"), cell("structure"))
	if !ok {
		return
	}
	before := len(r.Issues)
	if !r.areas(row.Area) {
		r.say(in.Line, "area", "code", "%q is no country or area: write a code of ISO 3166-1 such as SD", row.Area)
	}
	r.dimensions(&row, v, cell)
	if row.Source.Kind == "" && len(v.Sources) > 0 {
		row.Source.Kind = v.Sources[0]
	}
	if _, ok := r.words.Sources.Get(row.Source.Kind); !ok {
		r.say(in.Line, "source_kind", "code", "%q is no kind of source", row.Source.Kind)
	}
	if row.Source.Resource != "" && !row.Source.Resource.Valid() {
		r.say(in.Line, "resource", "code", "%q is no identifier of a publication", row.Source.Resource)
	}
	if unit := cell("unit"); unit != "" && unit != v.Unit {
		r.say(in.Line, "unit_measure", "unit", "the unit is %s, that of version %d is %s", unit, v.Number, v.Unit)
	}
	if mult := cell("mult"); mult != "" && mult != "0" {
		r.say(in.Line, "unit_mult", "unit", "the values are multiplied by 10 to the power of %s: write them out", mult)
	}
	r.numbers(&row.Observation, in.Line, cell)
	if len(r.Issues) == before {
		r.Issues = append(r.Issues, checkRow(row, v, r.now)...)
	}
	r.Rows = append(r.Rows, row)
}

// numbers reads what was observed.
func (r *reading) numbers(o *Observation, line int, cell func(string) string) {
	o.Period, o.Status, o.Conf, o.Note = cell("period"), cell("status"), cell("conf"), cell("note")
	if o.Status == "" {
		o.Status = "A"
	}
	if _, ok := r.words.Statuses.Get(o.Status); !ok {
		r.say(line, "status", "code", "%q is no status", o.Status)
	}
	for name, into := range map[string]**float64{"value": &o.Value, "numerator": &o.Numerator, "denominator": &o.Denominator, "low": &o.Low, "high": &o.High} {
		if text := cell(name); text != "" {
			f, err := strconv.ParseFloat(text, 64)
			if err != nil {
				r.say(line, name, "type", "%q is no number: write it with a point and without separators", text)
				continue
			}
			*into = &f
		}
	}
	for name, set := range map[string]func(int){"n": func(n int) { o.N = &n }, "page": func(n int) { o.Page = n }} {
		if text := cell(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 0 {
				r.say(line, name, "type", "%q is no whole number", text)
				continue
			}
			set(n)
		}
	}
}

// version finds what is measured: "structure" is SDMX's "WAYMARK:CODE(2.0)".
func (r *reading) version(row *Row, code, number, structure string) (Version, bool) {
	if code == "" {
		_, id, _ := strings.Cut(structure, ":")
		name, version, _ := strings.Cut(id, "(")
		code = strings.ToLower(strings.ReplaceAll(name, "_", "-"))
		number, _, _ = strings.Cut(strings.TrimSuffix(version, ")"), ".")
	}
	ind := r.registry[code]
	if ind == nil {
		r.say(row.Line, "indicator", "code", "there is no indicator %q", code)
		return Version{}, false
	}
	v := ind.Last()
	if number != "" {
		n, err := strconv.Atoi(number)
		if found, ok := ind.VersionOf(n); err == nil && ok {
			v = found
		} else {
			r.say(row.Line, "version", "code", "the indicator %s has no version %q", code, number)
			return Version{}, false
		}
	}
	row.Indicator, row.Number = code, v.Number
	r.versions[row.key()] = v
	return v, true
}

func (r *reading) dimensions(row *Row, v Version, cell func(string) string) {
	for _, d := range r.words.Dimensions.All() {
		code := cell("dim:" + d.Code)
		i := slices.IndexFunc(v.Dimensions, func(own Dimension) bool { return own.Code == d.Code })
		switch {
		case code == "":
		case i < 0 && code != Total && code != NotApplicable:
			r.say(row.Line, d.Code, "dimension", "version %d of %s is not broken down by %s", v.Number, row.Indicator, d.Code)
		case i >= 0:
			if _, ok := r.words.Lists[v.Dimensions[i].List].Get(code); !ok {
				r.say(row.Line, d.Code, "code", "%q is no code of the list %s", code, v.Dimensions[i].List)
			}
			row.Dimensions[d.Code] = code
		}
	}
}

// Take gives the series that a delivery makes or changes, with what they were;
// those in which nothing changes are left out. It answers Invalid for a
// delivery that is blocked: then nothing is to be written.
func (d Delivery) Take(have []*Series, by string, at time.Time) ([]*Series, error) {
	if d.Blocked() {
		return nil, invalid("file", "the delivery breaks rules that block it; nothing was written")
	}
	known := map[string]*Series{}
	for _, s := range have {
		known[s.Identity()] = s
	}
	changed := map[string]bool{}
	var order []string
	for _, r := range d.Rows {
		one := &Series{Indicator: r.Indicator, Number: r.Number, Area: r.Area, Source: r.Source, Method: r.Method, Group: r.Group, Dimensions: r.Dimensions, Synthetic: r.Synthetic}
		one.Status, one.Audience = library.Published, library.Staff // readers see releases
		id := one.Identity()
		s, ok := known[id]
		if !ok {
			s = one
		}
		if !changed[id] {
			copied := *s
			copied.Observations = slices.Clone(s.Observations)
			s = &copied
			known[id] = s
		}
		o := r.Observation
		o.Recorded, o.EnteredBy = at.UTC().Truncate(time.Microsecond), by
		if s.Revise(o) && !changed[id] {
			changed[id] = true
			order = append(order, id)
		}
	}
	out := make([]*Series, len(order))
	for i, id := range order {
		out[i] = known[id]
	}
	return out, nil
}
