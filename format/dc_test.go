package format

import (
	"strings"
	"testing"
)

const dcSample = `<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><x:dc xmlns:x="http://www.openarchives.org/OAI/2.0/oai_dc/">
<dc:title xml:lang="en">Trafficking in   Persons &amp; Crisis</dc:title><dc:title xml:lang="fr">La traite</dc:title>
<dc:creator>Gusak, Nataliya</dc:creator><dc:subject>crisis</dc:subject><dc:coverage>Sudan</dc:coverage>
<dc:date>2015-03-09T10:00:00Z</dc:date><dc:date>2001</dc:date><dc:type>info:eu-repo/semantics/report</dc:type><dc:type>Report</dc:type>
<dc:identifier>https://doi.org/10.1234/ABC</dc:identifier><dc:identifier>A/RES/55/25</dc:identifier><dc:identifier>ISBN 978-92-9068-706-3</dc:identifier>
<dc:identifier>https://example.org/a</dc:identifier><dc:identifier>internal 12</dc:identifier><dc:description>Short.</dc:description></x:dc></metadata>`

func TestDublinCore(t *testing.T) {
	if !isDublinCore([]byte(dcSample)) || isDublinCore([]byte("<html>"+nsOAIDC)) || isDublinCore([]byte("<mods/>")) {
		t.Error("Dublin Core is not told from others")
	}
	got, problems := all(DublinCore(strings.NewReader(dcSample)))
	want := `{"Abstracts":{"und":"Short."},"Authors":[{"Text":"Gusak, Nataliya"}],"Category":{"Text":"Report"},"Date":{"Text":"2015-03-09"},"ID":"","Identifiers":[{"scheme":"doi","value":"10.1234/abc"},{"scheme":"un-symbol","value":"A/RES/55/25"},{"scheme":"isbn","value":"9789290687063"}],"Links":[{"url":"https://example.org/a"}],"Places":[{"Text":"Sudan"}],"Subjects":[{"Text":"crisis"}],"Titles":{"en":"Trafficking in Persons \u0026 Crisis","fr":"La traite"}}`
	if len(got) != 1 || len(problems) != 0 || without(t, got[0]) != want {
		t.Errorf("%q\n%s\nwant\n%s", problems, without(t, got[0]), want)
	}
	for source, want := range map[string]string{
		`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x/>`:                                                         "document type",
		`<records><oai_dc:dc xmlns:oai_dc="` + nsOAIDC + `"><a>`:                                                             "the XML is damaged",
		`<r><o:dc xmlns:o="` + nsOAIDC + `">` + strings.Repeat("<a>", 70) + strings.Repeat("</a>", 70) + `</o:dc></r>`:       "too deeply nested",
		`<r><o:dc xmlns:o="` + nsOAIDC + `"><a>` + strings.Repeat("x", maxLine) + `</a></o:dc><o:dc xmlns:o="x"></o:dc></r>`: "larger than 4 MiB",
	} {
		if got, problems := all(DublinCore(strings.NewReader(source))); len(problems) != 1 || !strings.Contains(problems[0], want) {
			t.Errorf("%.60s: %d records, %q, want %q", source, len(got), problems, want)
		}
	}
}

func TestDublinCoreRoundTrip(t *testing.T) {
	roundTrip(t, func(b *strings.Builder) Writer { return WriteDublinCore(b) }, func(r *strings.Reader) Drafts { return DublinCore(r) }, func(d *Draft) {
		d.Volume, d.Edition, d.Pages, d.Key = Value{}, Value{}, Value{}, ""
	})
}

func FuzzDublinCore(f *testing.F) {
	f.Add([]byte(dcSample))
	f.Add([]byte(qdcSample))
	f.Fuzz(func(t *testing.T, data []byte) {
		for range DublinCore(strings.NewReader(string(data))) {
		}
	})
}
