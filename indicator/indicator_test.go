package indicator

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"waymark/library"
)

var today = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)

// registry has a count by sex and a percentage.
func registry(t testing.TB) (*Words, map[string]*Indicator) {
	t.Helper()
	w, err := ReadWords()
	if err != nil {
		t.Fatal(err)
	}
	base := Version{Number: 1, Titles: library.Text{"en": "x"}, Definition: library.Text{"en": "x"}, Direction: "up-good", Level: "output", Pillar: "protection",
		Counting: "new", Sources: []string{"case-management"}, Frequency: "A", State: "active"}
	count, share := base, base
	count.Measure, count.Unit, count.Dimensions = "count", "persons", []Dimension{{"sex", "sex-1", true, true}}
	share.Measure, share.Unit, share.Decimals = "percent", "percent", 1
	share.Numerator, share.Denominator = library.Text{"en": "some"}, library.Text{"en": "all"}
	all := map[string]*Indicator{"identified": {Code: "identified", Versions: []Version{count}}, "sheltered": {Code: "sheltered", Versions: []Version{share}}}
	for _, ind := range all {
		if err := ind.Check(w); err != nil {
			t.Fatal(err)
		}
	}
	return w, all
}

func isArea(code string) bool { return len(code) == 2 && code == strings.ToUpper(code) }

const head = "indicator,area,period,sex,value,numerator,denominator,source_kind,source,resource,page,status\n"

// TestDeliveriesAreJudgedByLine: each mistake is named with its line and
// column, and nothing is taken in with one of them.
func TestDeliveriesAreJudgedByLine(t *testing.T) {
	w, all := registry(t)
	good := "identified,SD,2024,_T,30,,,,Ministry,,3,\nidentified,SD,2024,F,20,,,,Ministry,,3,\nidentified,SD,2024,M,10,,,,Ministry,,3,\n"
	for _, c := range []struct{ name, row, want string }{
		{"good", "", ""},
		{"a letter for a number", "identified,SD,2023,_T,3O,,,,Ministry,,3,", `line 5, column value: "3O" is no number`},
		{"no country", "identified,Sudan,2023,_T,3,,,,Ministry,,3,", "line 5, column area"},
		{"no period", "identified,SD,23,_T,3,,,,Ministry,,3,", "line 5, column period"},
		{"the future", "identified,SD,2026,_T,3,,,,Ministry,,3,", "has not ended"},
		{"half a person", "identified,SD,2023,_T,3.5,,,,Ministry,,3,", "is no count"},
		{"no such code", "identified,SD,2023,X,3,,,,Ministry,,3,", "line 5, column sex"},
		{"left out", "identified,SD,2023,,3,,,,Ministry,,3,", "is left out"},
		{"twice", "identified,SD,2024,F,21,,,,Ministry,,3,", "line 5: the same area, period, source and dimensions stand on line 3"},
		{"parts do not add up", "identified,SD,2024,_U,4,,,,Ministry,,3,", "line 2, column value: the total is 30, its parts by sex add up to 34"},
		{"more than all", "sheltered,SD,2024,,120,,,,Ministry,,3,", "no percentage"},
		{"numerator above", "sheltered,SD,2024,,50,20,10,,Ministry,,3,", "larger than the denominator"},
		{"not that share", "sheltered,SD,2024,,90,10,20,,Ministry,,3,", "is not 10 of 20"},
		{"a share of nothing", "sheltered,SD,2024,,90,,,,Ministry,,3,", "needs its numerator and denominator"},
		{"unknown indicator", "happiness,SD,2024,,90,,,,Ministry,,3,", `line 5, column indicator: there is no indicator "happiness"`},
		{"empty", "identified,SD,2023,_T,,,,,Ministry,,3,", "the value is empty"},
		{"missing and there", "identified,SD,2023,_T,3,,,,Ministry,,3,O", "says that there is none"},
	} {
		sheet, err := ReadSheet(strings.NewReader(head + good + c.row))
		if err != nil {
			t.Fatal(err)
		}
		d := Read(sheet, w, all, isArea, today)
		said := fmt.Sprint(d.Issues)
		if d.Blocked() != (c.want != "") || !strings.Contains(said, c.want) {
			t.Errorf("%s: blocked %v, %s", c.name, d.Blocked(), said)
		}
		taken, err := d.Take(nil, "me", today)
		if (err != nil) != (c.want != "") || err != nil && len(taken) > 0 {
			t.Errorf("%s: %d series are taken (%v)", c.name, len(taken), err)
		}
	}
}

// TestWorkbookReadsAsTable: a sheet of a workbook is judged like the CSV.
func TestWorkbookReadsAsTable(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range map[string]string{
		"xl/sharedStrings.xml":     `<sst><si><t>indicator</t></si><si><t>area</t></si><si><r><t>per</t></r><r><t>iod</t></r></si><si><t>value</t></si><si><t>identified</t></si><si><t>SD</t></si></sst>`,
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c><c r="E1" t="inlineStr"><is><t>sex</t></is></c></row><row r="4"><c r="A4" t="s"><v>4</v></c><c r="B4" t="s"><v>5</v></c><c r="C4"><v>2024</v></c><c r="E4" t="inlineStr"><is><t>_T</t></is></c></row></sheetData></worksheet>`,
	} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(f, body)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	w, all := registry(t)
	sheet, err := ReadSheet(&b)
	if err != nil {
		t.Fatal(err)
	}
	if d := Read(sheet, w, all, isArea, today); !d.Blocked() || d.Issues[0].Line != 4 || d.Issues[0].Column != "value" {
		t.Errorf("issues %v, want the empty value of line 4", d.Issues)
	}
}

func FuzzSheet(f *testing.F) {
	f.Add([]byte(head + "identified,SD,2024,_T,30,,,,Ministry,,3,\n"))
	f.Add([]byte("PK\x03\x04"))
	w, all := registry(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		sheet, err := ReadSheet(bytes.NewReader(data))
		if err == nil {
			Read(sheet, w, all, isArea, today)
		} else if library.KindOf(err) != library.Invalid {
			t.Errorf("%v is of the kind %s", err, library.KindOf(err))
		}
	})
}

// delivered takes in random counts for some countries and years.
func delivered(t testing.TB, areas, years int, seed uint64) (*Words, *Indicator, []*Series) {
	t.Helper()
	w, all := registry(t)
	r := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	b.WriteString(head)
	for a := range areas {
		for y := range years {
			f, m := r.IntN(60), r.IntN(60)
			for sex, n := range map[string]int{Total: f + m, "F": f, "M": m} {
				fmt.Fprintf(&b, "identified,%c%c,%d,%s,%d,,,,Ministry,,3,\n", 'A'+a/26, 'A'+a%26, 2025-y, sex, n)
			}
		}
	}
	sheet, err := ReadSheet(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	d := Read(sheet, w, all, isArea, today)
	series, err := d.Take(nil, "me", today)
	if err != nil {
		t.Fatal(err, d.Issues[:min(3, len(d.Issues))])
	}
	return w, all["identified"], series
}

// TestExportsHoldTheSameCells: what is written as CSV, SDMX-CSV and JSON-stat
// reads back as the same cells, held back ones and statuses among them.
func TestExportsHoldTheSameCells(t *testing.T) {
	w, ind, series := delivered(t, 4, 5, 3)
	series[0].Breaks = []Break{{After: "2022", Kind: "law"}}
	series[0].Synthetic = true
	for _, s := range series {
		for i := range s.Observations {
			s.Observations[i].Note = "a word of who delivered it"
		}
	}
	r, err := NewRelease(ind, series, nil, nil, Protection{Mode: Suppress, Threshold: 11}, today)
	if err != nil {
		t.Fatal(err)
	}
	none := func(string) []string { return nil }
	tab := Table{Indicator: ind, Version: ind.Last(), Release: r, Words: w, Lang: "en", Areas: func(s string) string { return s }, Rows: Select(r, ind.Last(), Question{}, none)}
	want := map[string]string{}
	held, broken := 0, 0
	for _, d := range tab.Rows {
		want[d.Area+"/"+d.Period+"/"+d.Dimensions["sex"]] = written(d.Value) + "," + d.Status + "," + d.Conf
		if d.Conf == Hidden {
			held++
		}
		if told := d.Note != ""; told == (d.Conf == Hidden) {
			t.Errorf("the note of %s in %s with conf %q is %q", d.Area, d.Period, d.Conf, d.Note)
		}
		if d.Status == "B" {
			broken++
		}
	}
	if len(want) != 60 || held == 0 || broken != 1 {
		t.Fatalf("%d cells, %d held back, %d after a break", len(want), held, broken)
	}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"csv": func(b *bytes.Buffer) error { return tab.WriteCSV(b) }, "sdmx": func(b *bytes.Buffer) error { return tab.WriteSDMX(b) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		sheet, err := ReadSheet(&b)
		if err != nil {
			t.Fatal(err)
		}
		column := func(names ...string) int {
			return slices.IndexFunc(sheet.Columns, func(c string) bool { return slices.Contains(names, c) })
		}
		got := 0
		for _, row := range sheet.Rows {
			cell := func(names ...string) string { return row.Cells[column(names...)] }
			got++
			key := cell("area", "ref_area") + "/" + cell("period", "time_period") + "/" + cell("sex")
			if is := cell("value", "obs_value") + "," + cell("status", "obs_status") + "," + cell("conf", "conf_status"); is != want[key] {
				t.Errorf("%s: %s is %s, want %s", name, key, is, want[key])
			}
			if cell("synthetic") != "true" {
				t.Errorf("%s: line %d is not labelled synthetic", name, row.Line)
			}
		}
		if got != len(want) {
			t.Errorf("%s has %d rows, want %d", name, got, len(want))
		}
	}
	compareJSONStat(t, tab, want)
	compareJSON(t, tab, want)
}

func compareJSON(t *testing.T, tab Table, want map[string]string) {
	t.Helper()
	var b bytes.Buffer
	if err := tab.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var js struct {
		Synthetic    bool
		Observations []struct {
			Area       string
			Dimensions map[string]string
			Point
		}
	}
	if err := json.Unmarshal(b.Bytes(), &js); err != nil || !js.Synthetic || len(js.Observations) != len(want) {
		t.Fatalf("JSON has %d cells, want %d, labelled %v (%v)", len(js.Observations), len(want), js.Synthetic, err)
	}
	for _, o := range js.Observations {
		if is, key := written(o.Value)+","+o.Status+","+o.Conf, o.Area+"/"+o.Period+"/"+o.Dimensions["sex"]; is != want[key] {
			t.Errorf("JSON: %s is %s, want %s", key, is, want[key])
		}
	}
}

func compareJSONStat(t *testing.T, tab Table, want map[string]string) {
	t.Helper()
	var b bytes.Buffer
	if err := tab.WriteJSONStat(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "SYNTHETIC") {
		t.Error("JSON-stat is not labelled synthetic")
	}
	var js struct {
		ID        []string
		Size      []int
		Dimension map[string]struct{ Category struct{ Index []string } }
		Value     map[string]float64
		Status    map[string]string
	}
	if err := json.Unmarshal(b.Bytes(), &js); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for area, a := range js.Dimension["area"].Category.Index {
		for sex, s := range js.Dimension["sex"].Category.Index {
			for period, p := range js.Dimension["time"].Category.Index {
				key := strconv.Itoa(((area*js.Size[1]+sex)*js.Size[2])*js.Size[3] + period)
				value, status, conf := "", "A", ""
				if v, ok := js.Value[key]; ok {
					value = number(v)
				}
				if st, ok := js.Status[key]; ok {
					status, conf, _ = strings.Cut(st, ",")
				}
				seen++
				if is := value + "," + status + "," + conf; is != want[a+"/"+p+"/"+s] {
					t.Errorf("JSON-stat: %s %s %s is %s, want %s", a, p, s, is, want[a+"/"+p+"/"+s])
				}
			}
		}
	}
	if seen != len(want) {
		t.Errorf("JSON-stat has %d cells, want %d", seen, len(want))
	}
}

// TestRevisionsStay: a second delivery supersedes and keeps what was there; the
// next release tells the new number and the state of before can be had.
func TestRevisionsStay(t *testing.T) {
	s := &Series{}
	v1, v2 := 5.0, 7.0
	if !s.Revise(Observation{Period: "2024", Value: &v1, Recorded: today}) || s.Revise(Observation{Period: "2024", Value: &v1, Recorded: today.Add(time.Hour)}) {
		t.Error("the same said again counts as a change, or the first does not")
	}
	if !s.Revise(Observation{Period: "2024", Value: &v2, Recorded: today.Add(2 * time.Hour)}) || len(s.Observations) != 2 {
		t.Fatalf("observations %+v", s.Observations)
	}
	if o, _ := s.Current("2024"); *o.Value != 7 {
		t.Errorf("current %v", *o.Value)
	}
	was := AsOf([]*Series{s}, today.Add(time.Hour))
	if o, ok := was[0].Current("2024"); !ok || *o.Value != 5 {
		t.Errorf("before the revision %+v", was[0].Observations)
	}
}

// TestOnlyWhatComparesIsCompared: kinds of sources and breaks keep series
// apart, and a ranking needs a group.
func TestOnlyWhatComparesIsCompared(t *testing.T) {
	_, all := registry(t)
	v := all["sheltered"].Last()
	val := func(f float64) *float64 { return &f }
	series := func(area, kind, group string, breaks []Break, values ...*float64) PublicSeries {
		s := PublicSeries{Area: area, Source: Source{Kind: kind}, Group: group, Breaks: breaks}
		for i, f := range values {
			top, bottom := val(10*float64(i+1)), val(100)
			s.Points = append(s.Points, Point{Period: strconv.Itoa(2020 + i), Value: f, Numerator: top, Denominator: bottom, Status: "A"})
		}
		return s
	}
	r := &Release{Series: []PublicSeries{
		series("AA", "court", "g", nil, val(1), val(2), nil, val(4)), series("BB", "court", "g", nil, val(9), val(8), val(7), val(6)),
		series("CC", "survey", "", nil, val(5)), series("DD", "court", "g", []Break{{After: "2021", Kind: "law"}}, val(1), val(2), val(3), val(4)),
	}}
	region := func(code string) []string {
		if code == "R" {
			return []string{"AA", "BB"}
		}
		return nil
	}
	c := Compare(r, v, Question{Areas: []string{"AA", "BB"}, Rank: true}, region)
	if !c.Ranked || c.Sets[0].Panels[0].Area != "BB" || len(c.Sets) != 1 || c.Sets[0].High != 9 {
		t.Errorf("ranked %v (%s), first %s, scale to %v", c.Ranked, c.NoRank, c.Sets[0].Panels[0].Area, c.Sets[0].High)
	}
	if p := c.Sets[0].Panels[1]; len(p.Pieces) != 2 {
		t.Errorf("the line over a missing year is drawn in %d pieces", len(p.Pieces))
	}
	if c := Compare(r, v, Question{Areas: []string{"AA", "CC"}, Rank: true}, region); len(c.Sets) != 2 || c.Sets[1].Apart != OtherSource || c.Ranked {
		t.Errorf("a survey and a court compare: %+v", c.Sets)
	}
	c = Compare(r, v, Question{Areas: []string{"AA", "DD"}, Rank: true}, region)
	if c.Ranked || c.NoRank != Broken {
		t.Errorf("ranked over a break: %s", c.NoRank)
	}
	if p := c.Sets[0].Panels[1]; len(p.Pieces) != 2 {
		t.Errorf("the line goes on over a break: %v", p.Pieces)
	}
	c = Compare(r, v, Question{Areas: []string{"R"}}, region)
	if p := c.Sets[0].Panels[0]; !p.Region || *p.Points[0].Value != 10 || p.Points[2].Value != nil {
		t.Errorf("region %+v: shares are worked out from sums, 20 of 200, and a missing member leaves a gap", p.Points)
	}
	v.Direction = "ambiguous"
	if c := Compare(r, v, Question{Areas: []string{"AA", "BB"}, Rank: true}, region); c.NoRank != Ambiguous || c.Ranked {
		t.Error("an ambiguous measure is ranked")
	}
}

func TestVersionsStay(t *testing.T) {
	_, all := registry(t)
	old := all["sheltered"]
	next := *old
	next.Versions = append(slices.Clone(old.Versions), old.Versions[0])
	if err := next.Succeeds(old); err != nil {
		t.Error(err)
	}
	next.Versions[0].Definition = library.Text{"en": "otherwise"}
	if next.Succeeds(old) == nil {
		t.Error("a published definition is changed")
	}
}

// TestDeliveryOf5000Rows holds the time of judging a delivery: 2 seconds.
func TestDeliveryOf5000Rows(t *testing.T) {
	began := time.Now()
	delivered(t, 84, 20, 5) // 5,040 rows
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("judging 5,040 rows took %s", took)
	}
}

func BenchmarkCompare(b *testing.B) {
	_, ind, series := delivered(b, 600, 56, 9) // 100,800 observations
	r, err := NewRelease(ind, series, nil, nil, Default(), today)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Compare(r, ind.Last(), Question{}, func(string) []string { return nil })
	}
}
