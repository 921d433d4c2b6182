package format

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// parcel packs parts into a ZIP.
func parcel(t testing.TB, parts map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(parts[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const (
	sheetML   = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relations = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
)

// xlsxSample is a workbook with a sheet of notes, an empty one and one of
// records, whose headings stand in row 3. Styles: 1 is a date, 2 a month, 3 a
// year, 4 a number with signs between its digits.
func xlsxSample(t testing.TB) string {
	return parcel(t, map[string]string{
		"[Content_Types].xml": `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"_rels/.rels":     `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relations + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook ` + sheetML + ` xmlns:r="` + relations + `"><sheets><sheet name="Notes" sheetId="1" r:id="rId1"/><sheet name="Empty" sheetId="2" r:id="rId2"/><sheet name="Publications" sheetId="3" r:id="rId3"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relations + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + relations + `/worksheet" Target="worksheets/sheet2.xml"/>` +
			`<Relationship Id="rId3" Type="` + relations + `/worksheet" Target="worksheets/sheet3.xml"/><Relationship Id="rId4" Type="` + relations + `/styles" Target="styles.xml"/><Relationship Id="rId5" Type="` + relations + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml": `<styleSheet ` + sheetML + `><numFmts count="3"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="mmm yyyy"/><numFmt numFmtId="166" formatCode="yyyy"/></numFmts>` +
			`<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
			`<cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/><xf numFmtId="166" applyNumberFormat="1"/><xf numFmtId="3" applyNumberFormat="1"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":     `<sst ` + sheetML + `><si><t>Title</t></si><si><t>Of people at borders</t></si><si><r><t>IOM</t></r><r><t xml:space="preserve">; Gusak, N.</t></r></si></sst>`,
		"xl/worksheets/sheet1.xml": `<worksheet ` + sheetML + `><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>What is kept here</t></is></c></row></sheetData></worksheet>`,
		"xl/worksheets/sheet2.xml": `<worksheet ` + sheetML + `><sheetData/></worksheet>`,
		"xl/worksheets/sheet3.xml": `<worksheet ` + sheetML + `><sheetData>` +
			`<row r="1"><c r="A1" t="inlineStr"><is><t>Publications of the programme</t></is></c></row>` +
			`<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="inlineStr"><is><t>Authors</t></is></c><c r="C3" t="inlineStr"><is><t>Date</t></is></c><c r="D3" t="inlineStr"><is><t>ISBN</t></is></c><c r="E3" t="inlineStr"><is><t>Odd</t></is></c><c r="F3" t="inlineStr"><is><t>Volume</t></is></c></row>` +
			`<row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4" t="s"><v>2</v></c><c r="C4" s="1"><v>42072</v></c><c r="D4" s="4"><v>9789290687063</v></c><c r="F4"><v>7</v></c></row>` +
			`<row r="5"><c r="A5" t="str"><f>"Sec"&amp;"ond"</f><v>Second</v></c><c r="C5" s="2"><v>42064</v></c></row>` +
			`<row r="7"><c r="A7" t="inlineStr"><is><t>=1+1</t></is></c><c r="C7" s="3"><v>42370</v></c></row>` +
			`<row r="8"><c r="A8" t="inlineStr"><is><t>Fourth</t></is></c><c r="C8"><v>2015</v></c><c r="F8"><v>1.5</v></c></row>` +
			`<row r="9"><c r="A9" t="inlineStr"><is><t>Fifth</t></is></c><c r="C9" s="5"><v>42072</v></c></row>` +
			`</sheetData></worksheet>`,
	})
}

// oneSheet is a workbook of one sheet with rows and shared strings.
func oneSheet(t testing.TB, rows, shared string) string {
	return parcel(t, map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relations + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook ` + sheetML + ` xmlns:r="` + relations + `"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + relations + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/styles.xml":              `<styleSheet ` + sheetML + `><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":       `<sst ` + sheetML + `>` + shared + `</sst>`,
		"xl/worksheets/sheet1.xml":   `<worksheet ` + sheetML + `><sheetData>` + rows + `</sheetData></worksheet>`,
	})
}

func TestXLSX(t *testing.T) {
	sample := xlsxSample(t)
	got, problems := all(Read(strings.NewReader(sample), Options{}))
	want := []string{
		`{"Authors":[{"Text":"IOM"},{"Text":"Gusak, N."}],"Date":{"Text":"2015-03-09"},"ID":"","Identifiers":[{"scheme":"isbn","value":"9789290687063"}],"Titles":{"und":"Of people at borders"},"Volume":{"Text":"7"}}`,
		`{"Date":{"Text":"2015-03"},"ID":"","Titles":{"und":"Second"}}`,
		`{"Date":{"Text":"2016"},"ID":"","Titles":{"und":"=1+1"}}`,
		`{"Date":{"Text":"2015"},"ID":"","Titles":{"und":"Fourth"},"Volume":{"Text":"1.5"}}`,
		`{"Date":{"Text":"2015-03-09"},"ID":"","Titles":{"und":"Fifth"}}`,
	}
	if len(got) != len(want) || len(problems) != 1 || !strings.Contains(problems[0], `passed over: "Odd"`) {
		t.Fatalf("%d records, %q", len(got), problems)
	}
	for i, w := range want {
		if g := without(t, got[i]); g != w {
			t.Errorf("record %d is\n%s\nwant\n%s", i, g, w)
		}
	}
	if got[0].Line != 4 || got[2].Line != 7 {
		t.Errorf("rows %d and %d", got[0].Line, got[2].Line)
	}
	mapping := map[string]string{"Title": "-", "Authors": "title_fr", "Odd": "country"}
	if got, _ := all(XLSX(strings.NewReader(sample), mapping)); fmt.Sprint(got[0].Titles) != "map[fr:IOM; Gusak, N.]" {
		t.Errorf("mapped %v", got[0].Titles)
	}
}

// TestXLSXDamage: what is no workbook of records says so.
func TestXLSXDamage(t *testing.T) {
	sample := xlsxSample(t)
	for _, c := range []struct{ name, file, want string }{
		{"cut", sample[:len(sample)/2], "cannot be opened"},
		{"another package", parcel(t, map[string]string{"[Content_Types].xml": "<Types/>"}), "cannot be opened"},
		{"empty", oneSheet(t, "", ""), "no sheet"},
		{"a row too far", oneSheet(t, `<row r="1"><c r="A1" t="inlineStr"><is><t>Title</t></is></c></row><row r="2"/><row r="2000000"><c><v>1</v></c></row>`, ""), "what follows was not read"},
		{"no titles", oneSheet(t, `<row r="1"><c r="A1" t="inlineStr"><is><t>Budget</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row>`, ""), "no column is a title"},
	} {
		got, problems := all(XLSX(strings.NewReader(c.file), nil))
		if len(got) != 0 || len(problems) != 1 || !strings.Contains(problems[0], c.want) {
			t.Errorf("%s: %d records, %q", c.name, len(got), problems)
		}
	}
}

func TestXLSXRoundTrip(t *testing.T) {
	evil := []string{"=1+1", "+x", "-x", "@x", "'=x", "'quoted'", " spaced  out ", "_x000D_", "line\nline", "00123", "1E5", "TRUE", "42072"}
	n := 0
	roundTrip(t, func(b *strings.Builder) Writer { return WriteXLSX(b) }, func(r *strings.Reader) Drafts { return XLSX(r, nil) }, func(d *Draft) {
		n++
		d.Titles["en"] = strings.TrimSpace(evil[n%len(evil)])
		for _, list := range []*[]Value{&d.Subjects, &d.Publishers, &d.Authors} {
			for i := range *list {
				(*list)[i].Text = strings.NewReplacer(";", "", "|", "").Replace((*list)[i].Text)
			}
		}
	})
}

// TestXLSXHasNoFormula: every cell is a string.
func TestXLSXHasNoFormula(t *testing.T) {
	var b bytes.Buffer
	w := WriteXLSX(&b)
	if err := w.Write(Draft{Titles: map[string]string{"en": "=cmd|'/c calc'!A1"}, Authors: []Value{{Text: "+1"}}, Key: "2015"}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	var xml bytes.Buffer
	if _, err := xml.ReadFrom(sheet); err != nil {
		t.Fatal(err)
	}
	cells, strs := strings.Count(xml.String(), "<c "), strings.Count(xml.String(), `t="inlineStr"`)
	if strings.Contains(xml.String(), "<f>") || cells != strs || cells < 20 {
		t.Errorf("%d cells, %d strings:\n%s", cells, strs, xml.String())
	}
}

func FuzzXLSX(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="inlineStr"><is><t>Title</t></is></c><c r="B1" t="inlineStr"><is><t>Date</t></is></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"><v>42072</v></c></row>`, `<si><t>a</t></si>`)
	f.Fuzz(func(t *testing.T, rows, shared string) {
		if len(rows) > 10_000 {
			return
		}
		book := oneSheet(t, rows, shared)
		for range XLSX(strings.NewReader(book), nil) {
		}
	})
}
