package format

import (
	"strings"
	"testing"
)

const marcXMLSample = `<?xml version="1.0"?><collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>00000nam a22000005i 4500</leader>
<controlfield tag="001">rec-7</controlfield><controlfield tag="008">150309s2015    sz            000 0 eng d</controlfield>
<datafield tag="020" ind1=" " ind2=" "><subfield code="a">978-92-9068-706-3 (pbk.)</subfield></datafield>
<datafield tag="024" ind1="7" ind2=" "><subfield code="a">10.1234/ABC</subfield><subfield code="2">doi</subfield></datafield>
<datafield tag="100" ind1="1" ind2=" "><subfield code="a">Gusak, N.,</subfield><subfield code="e">author.</subfield></datafield>
<datafield tag="245" ind1="1" ind2="0"><subfield code="a">Trafficking in persons :</subfield><subfield code="b">a guide /</subfield><subfield code="c">by N. Gusak.</subfield></datafield>
<datafield tag="246" ind1="1" ind2="1"><subfield code="a">Varying title</subfield></datafield>
<datafield tag="250" ind1=" " ind2=" "><subfield code="a">Second edition.</subfield></datafield>
<datafield tag="264" ind1=" " ind2="1"><subfield code="a">Geneva :</subfield><subfield code="b">IOM,</subfield><subfield code="c">[2015]</subfield></datafield>
<datafield tag="300" ind1=" " ind2=" "><subfield code="a">120 p. ;</subfield><subfield code="c">30 cm</subfield></datafield>
<datafield tag="490" ind1="0" ind2=" "><subfield code="a">A series ;</subfield><subfield code="v">no. 4</subfield></datafield>
<datafield tag="520" ind1=" " ind2=" "><subfield code="a">An abstract &amp; more.</subfield></datafield>
<datafield tag="650" ind1=" " ind2="0"><subfield code="a">Human trafficking.</subfield></datafield>
<datafield tag="700" ind1="1" ind2=" "><subfield code="a">Berg, Anna,</subfield><subfield code="e">editor.</subfield></datafield>
<datafield tag="710" ind1="2" ind2=" "><subfield code="a">International Organization for Migration.</subfield><subfield code="b">Mission in Sudan.</subfield></datafield>
<datafield tag="856" ind1="4" ind2="0"><subfield code="u">https://example.org/a</subfield></datafield></record>
<record><leader>00000dam a2200000</leader><controlfield tag="001">gone</controlfield></record></collection>`

func TestMARCXML(t *testing.T) {
	if !isMARCXML([]byte(marcXMLSample)) || isMARCXML([]byte(dcSample)) || isDublinCore([]byte(marcXMLSample)) {
		t.Error("MARCXML is not told from others")
	}
	got, problems := all(MARCXML(strings.NewReader(marcXMLSample)))
	want := []string{
		`{"Abstracts":{"und":"An abstract \u0026 more."},"Authors":[{"Text":"Gusak, N."},{"Text":"International Organization for Migration. Mission in Sudan"}],"Container":{"Text":"A series"},"Date":{"Text":"2015"},"Edition":{"Text":"Second edition"},"Editors":[{"Text":"Berg, Anna"}],"ID":"","Identifiers":[{"scheme":"isbn","value":"9789290687063"},{"scheme":"doi","value":"10.1234/abc"}],"Key":"rec-7","Languages":[{"Text":"en"}],"Links":[{"url":"https://example.org/a"}],"Pages":{"Text":"120 p."},"Publishers":[{"Text":"IOM"}],"Subjects":[{"Text":"Human trafficking"}],"Titles":{"und":"Trafficking in persons: a guide"},"Volume":{"Text":"no. 4"}}`,
		`{"Deleted":true,"ID":"","Key":"gone"}`,
	}
	if len(got) != 2 || len(problems) != 0 {
		t.Fatalf("%d records, %q", len(got), problems)
	}
	for i, w := range want {
		if g := without(t, got[i]); g != strings.Replace(w, `"Key":"gone"`, `"Key":"gone","Titles":{}`, 1) && g != w {
			t.Errorf("record %d is\n%s\nwant\n%s", i, g, w)
		}
	}
}

// marcFit keeps what MARC can hold as it is written.
func marcFit(d *Draft) {
	for _, v := range []*Value{&d.Container, &d.Volume, &d.Edition, &d.Pages} {
		v.Text = trimmed(v.Text)
	}
	if d.Volume.Text != "" && d.Container.Text == "" {
		d.Volume = Value{}
	}
	if len(d.Date.Text) > 4 {
		d.Date.Text = d.Date.Text[:4]
	}
	for _, list := range []*[]Value{&d.Subjects, &d.Publishers, &d.Authors, &d.Editors} {
		for i := range *list {
			(*list)[i].Text = trimmed((*list)[i].Text)
		}
	}
	for lang, s := range d.Titles {
		d.Titles[lang] = trimmed(s)
	}
	if d.Key == "" {
		d.Key = "k"
	}
}

func TestMARCRoundTrip(t *testing.T) {
	roundTrip(t, func(b *strings.Builder) Writer { return WriteMARCXML(b) }, func(r *strings.Reader) Drafts { return MARCXML(r) }, marcOrder)
	roundTrip(t, func(b *strings.Builder) Writer { return WriteMARC(b) }, func(r *strings.Reader) Drafts { return MARC(r) }, marcOrder)
}

// marcOrder also puts identifiers in the order of their fields.
func marcOrder(d *Draft) {
	marcFit(d)
	if len(d.Identifiers) == 2 {
		d.Identifiers[0], d.Identifiers[1] = d.Identifiers[1], d.Identifiers[0]
	}
}

func TestMARCDamage(t *testing.T) {
	var b strings.Builder
	w := WriteMARC(&b)
	for _, title := range []string{"One sound record", "Another sound record"} {
		if err := w.Write(Draft{Titles: map[string]string{"en": title}, Key: "k"}); err != nil {
			t.Fatal(err)
		}
	}
	one, two, _ := strings.Cut(b.String(), "\x1d")
	one += "\x1d"
	if !isMARC([]byte(one)) || isMARC([]byte(risSample)) {
		t.Error("MARC is not told from others")
	}
	for name, bad := range map[string]string{
		"no length":         "xxxxx" + one[5:12] + "xxxxx" + one[17:],
		"a false directory": one[:27] + "9999" + one[31:],
		"bad UTF-8":         strings.Replace(one, "One sound", "One \xff", 1),
		"MARC-8":            one[:9] + " " + strings.Replace(one[10:], "One sound", "One \xe2e", 1),
		"too short":         "00005\x1d",
	} {
		got, problems := all(MARC(strings.NewReader(one + bad + two)))
		if len(got) != 2 || len(problems) != 1 || !strings.HasPrefix(problems[0], "line 2: the MARC record is damaged: ") {
			t.Errorf("%s: %d records, %q", name, len(got), problems)
		}
	}
	if got, problems := all(MARC(strings.NewReader(one + two[:20]))); len(got) != 1 || len(problems) != 1 || !strings.Contains(problems[0], "cut off") {
		t.Errorf("cut off: %d records, %q", len(got), problems)
	}
}

func FuzzMARC(f *testing.F) {
	var b strings.Builder
	if err := WriteMARC(&b).Write(Draft{Titles: map[string]string{"en": "One"}}); err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(b.String()))
	f.Fuzz(func(t *testing.T, data []byte) {
		for range MARC(strings.NewReader(string(data))) {
		}
	})
}
