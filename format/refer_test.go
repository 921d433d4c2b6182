package format

import (
	"strings"
	"testing"
)

const referSample = "%0 Report\n%T Of people at\nborders\n%A Gusak, Nataliya\n%A IOM\n%E Editor, An\n%D 2015\n%8 2015/03/09\n%I UNODC\n%K crisis; camps\n%@ 978-92-9068-706-3\n%R 10.1234/A\n%U https://example.org/a\n%X Short.\n%G en\n%F key1\n\n" +
	"%0 Journal Article\n%T Second\n%J A Journal\n%V 3\n%N 2\n%P 11-19\n%0 Generic\n%T Third\n%A bad \xff\n\n%0 Book\n%T Last"

func TestRefer(t *testing.T) {
	if !isRefer([]byte(referSample)) || isRefer([]byte("100% of")) || isRefer([]byte(bibSample)) {
		t.Error("Refer is not told from others")
	}
	got, problems := all(Refer(strings.NewReader(referSample)))
	want := []string{
		`{"Abstracts":{"und":"Short."},"Authors":[{"Text":"Gusak, Nataliya"},{"Text":"IOM"}],"Category":{"Text":"Report"},"Date":{"Text":"2015-03-09"},"Editors":[{"Text":"Editor, An"}],"ID":"","Identifiers":[{"scheme":"isbn","value":"9789290687063"},{"scheme":"doi","value":"10.1234/a"}],"Key":"key1","Languages":[{"Text":"en"}],"Links":[{"url":"https://example.org/a"}],"Publishers":[{"Text":"UNODC"}],"Subjects":[{"Text":"crisis"},{"Text":"camps"}],"Titles":{"und":"Of people at borders"}}`,
		`{"Category":{"Text":"Journal Article"},"Container":{"Text":"A Journal"},"ID":"","Issue":{"Text":"2"},"Pages":{"Text":"11-19"},"Titles":{"und":"Second"},"Volume":{"Text":"3"}}`,
		`{"Category":{"Text":"Book"},"ID":"","Titles":{"und":"Last"}}`,
	}
	if len(got) != 3 || len(problems) != 1 || !strings.Contains(problems[0], "not valid UTF-8") {
		t.Fatalf("%d records, %q", len(got), problems)
	}
	for i, w := range want {
		if g := without(t, got[i]); g != w {
			t.Errorf("record %d is\n%s\nwant\n%s", i, g, w)
		}
	}
}

// singleWords takes out of keywords the signs that part them.
func singleWords(d *Draft) {
	noPresentation(d)
	for i := range d.Subjects {
		d.Subjects[i].Text = strings.NewReplacer(";", "", ",", "").Replace(d.Subjects[i].Text)
	}
}

func noPresentation(d *Draft) {
	if d.Category.Text == "Presentation" {
		d.Category = Value{}
	}
}

func TestReferRoundTrip(t *testing.T) {
	roundTrip(t, func(b *strings.Builder) Writer { return WriteRefer(b) }, func(r *strings.Reader) Drafts { return Refer(r) }, singleWords)
}

const endNoteSample = `<?xml version="1.0" encoding="UTF-8" ?><xml><records><record><database name="x.enl">x</database><source-app name="EndNote">EndNote</source-app><rec-number>7</rec-number><ref-type name="Report">27</ref-type>
<contributors><authors><author><style face="normal">Gusak, Nataliya</style></author></authors><secondary-authors><author>Editor, An</author></secondary-authors></contributors>
<titles><title><style face="normal">Of people</style><style face="italic"> at borders</style></title><secondary-title>A series</secondary-title></titles>
<keywords><keyword>crisis</keyword></keywords><dates><year>2015</year><pub-dates><date>March 9</date></pub-dates></dates><publisher>UNODC</publisher><isbn>978-92-9068-706-3</isbn>
<electronic-resource-num>10.1234/A</electronic-resource-num><urls><related-urls><url>https://example.org/a</url></related-urls></urls><abstract>Short.</abstract></record></records></xml>`

func TestEndNote(t *testing.T) {
	if !isEndNote([]byte(endNoteSample)) || isEndNote([]byte(marcXMLSample)) || isMARCXML([]byte(endNoteSample)) {
		t.Error("EndNote is not told from others")
	}
	got, problems := all(EndNote(strings.NewReader(endNoteSample)))
	want := `{"Abstracts":{"und":"Short."},"Authors":[{"Text":"Gusak, Nataliya"}],"Category":{"Text":"Report"},"Container":{"Text":"A series"},"Date":{"Text":"2015"},"Editors":[{"Text":"Editor, An"}],"ID":"","Identifiers":[{"scheme":"doi","value":"10.1234/a"},{"scheme":"isbn","value":"9789290687063"}],"Key":"7","Links":[{"url":"https://example.org/a"}],"Publishers":[{"Text":"UNODC"}],"Subjects":[{"Text":"crisis"}],"Titles":{"und":"Of people at borders"}}`
	if len(got) != 1 || len(problems) != 0 || without(t, got[0]) != want {
		t.Errorf("%q\n%s\nwant\n%s", problems, without(t, got[0]), want)
	}
}

func TestEndNoteRoundTrip(t *testing.T) {
	roundTrip(t, func(b *strings.Builder) Writer { return WriteEndNote(b) }, func(r *strings.Reader) Drafts { return EndNote(r) }, noPresentation)
}

func FuzzRefer(f *testing.F) {
	f.Add([]byte(referSample))
	f.Fuzz(func(t *testing.T, data []byte) {
		for range Refer(strings.NewReader(string(data))) {
		}
	})
}

func FuzzEndNote(f *testing.F) {
	f.Add([]byte(endNoteSample))
	f.Fuzz(func(t *testing.T, data []byte) {
		for range EndNote(strings.NewReader(string(data))) {
		}
	})
}
