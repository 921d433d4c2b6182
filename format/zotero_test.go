package format

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"waymark/library"
)

const zoteroHead = `<rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:bib="http://purl.org/net/biblio#"
 xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:vcard="http://nwalsh.com/rdf/vCard#"
 xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/">
`

const zoteroSample = zoteroHead + `<bib:Article rdf:about="https://example.org/article">
 <z:itemType>journalArticle</z:itemType><dcterms:isPartOf rdf:resource="urn:issn:1234-567X"/>
 <bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Gusak</foaf:surname><foaf:givenName>Nataliya</foaf:givenName></foaf:Person></rdf:li>
  <rdf:li><foaf:Person><foaf:surname>International Organization for Migration</foaf:surname></foaf:Person></rdf:li></rdf:Seq></bib:authors>
 <link:link rdf:resource="#item_3"/><dc:subject>crisis</dc:subject><dc:subject><z:AutomaticTag><rdf:value>camps</rdf:value></z:AutomaticTag></dc:subject>
 <dc:title>Of people &amp; borders</dc:title><dcterms:abstract>Short.</dcterms:abstract><dc:date>2015/3/9</dc:date><z:language>en-US</z:language>
 <dc:identifier><dcterms:URI><rdf:value>https://example.org/article</rdf:value></dcterms:URI></dc:identifier><dcterms:dateSubmitted>2020-01-02</dcterms:dateSubmitted>
 <dc:rights>CC BY</dc:rights><dc:description>An extra note</dc:description><bib:pages>11–19</bib:pages></bib:Article>
<z:Attachment rdf:about="#item_3"><z:itemType>attachment</z:itemType><dc:title>Full Text</dc:title></z:Attachment>
<bib:Memo rdf:about="#item_4"><rdf:value>a note</rdf:value></bib:Memo>
<bib:Journal rdf:about="urn:issn:1234-567X"><prism:volume>3</prism:volume><dc:title>A Journal</dc:title><dc:identifier>DOI 10.1234/ABC</dc:identifier><prism:number>2</prism:number><dc:identifier>ISSN 1234-567X</dc:identifier></bib:Journal>
<rdf:Description rdf:about="urn:isbn:978-92-9068-706-3"><z:itemType>conferencePaper</z:itemType><dcterms:isPartOf><bib:Journal><dcterms:isPartOf><bib:Series><dc:title>A series</dc:title></bib:Series></dcterms:isPartOf><dc:title>Proceedings</dc:title><dc:identifier>ISBN 978-92-9068-706-3</dc:identifier></bib:Journal></dcterms:isPartOf>
 <bib:presentedAt><bib:Conference><dc:title>A conference</dc:title></bib:Conference></bib:presentedAt><dc:title>A paper</dc:title><z:citationKey>paper2015</z:citationKey></rdf:Description>
<bib:Report rdf:about="#item_9"><z:itemType>report</z:itemType><z:type>Guidance</z:type><dcterms:isPartOf><bib:Series><dc:title>Blue papers</dc:title></bib:Series></dcterms:isPartOf><bib:editors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Editor</foaf:surname><foaf:givenname>An</foaf:givenname></foaf:Person></rdf:li></rdf:Seq></bib:editors>
 <dc:title>A report</dc:title><dc:publisher><foaf:Organization><vcard:adr><vcard:Address><vcard:locality>Geneva</vcard:locality></vcard:Address></vcard:adr><foaf:name>IOM</foaf:name></foaf:Organization></dc:publisher>
 <prism:number>A/RES/55/25</prism:number><z:numPages>120</z:numPages><dc:identifier>ISBN 978-92-9068-706-3 9290687062</dc:identifier></bib:Report>
<bib:Article rdf:about="#item_10"><z:itemType>journalArticle</z:itemType><dcterms:isPartOf rdf:resource="urn:issn:0000-0000"/><dc:title>Its journal is missing</dc:title></bib:Article>
<bib:Book rdf:about="#item_11"><dc:title>Without a type</dc:title><dcterms:isPartOf rdf:resource="urn:issn:1234-567X"/></bib:Book>
<z:Collection rdf:about="#collection_1"><dc:title>Mine</dc:title><dcterms:hasPart rdf:resource="#item_9"/></z:Collection>
</rdf:RDF>`

func TestZotero(t *testing.T) {
	got, problems := all(Zotero(strings.NewReader(zoteroSample)))
	want := []string{
		`{"Abstracts":{"und":"Short."},"Authors":[{"Text":"Gusak, Nataliya"},{"Text":"International Organization for Migration"}],"Category":{"Text":"Journal Article"},"Container":{"Text":"A Journal"},"Date":{"Text":"2015-03-09"},"ID":"","Identifiers":[{"scheme":"doi","value":"10.1234/abc"}],"Issue":{"Text":"2"},"Key":"https://example.org/article","Languages":[{"Text":"en"}],"Links":[{"url":"https://example.org/article"}],"Pages":{"Text":"11-19"},"Rights":{"Text":"CC BY"},"Subjects":[{"Text":"crisis"},{"Text":"camps"}],"Titles":{"und":"Of people \u0026 borders"},"Volume":{"Text":"3"}}`,
		`{"Category":{"Text":"Conference Paper"},"Container":{"Text":"Proceedings"},"ID":"","Key":"paper2015","Titles":{"und":"A paper"}}`,
		`{"Category":{"Text":"Guidance"},"Container":{"Text":"Blue papers"},"Editors":[{"Text":"Editor, An"}],"ID":"","Identifiers":[{"scheme":"un-symbol","value":"A/RES/55/25"},{"scheme":"isbn","value":"9789290687063"},{"scheme":"isbn","value":"9290687062"}],"Key":"#item_9","Pages":{"Text":"120 p."},"Publishers":[{"Text":"IOM"}],"Titles":{"und":"A report"}}`,
		`{"Category":{"Text":"Journal Article"},"ID":"","Key":"#item_10","Titles":{"und":"Its journal is missing"}}`,
		`{"Category":{"Text":"Book"},"Container":{"Text":"A Journal"},"ID":"","Issue":{"Text":"2"},"Key":"#item_11","Titles":{"und":"Without a type"},"Volume":{"Text":"3"}}`,
	}
	if len(got) != len(want) || len(problems) != 0 {
		t.Fatalf("%d records, %q", len(got), problems)
	}
	for i, w := range want {
		if g := without(t, got[i]); g != w {
			t.Errorf("record %d is\n%s\nwant\n%s", i, g, w)
		}
	}
	if got[0].Line != 11 {
		t.Errorf("the first begins in line %d", got[0].Line)
	}
}

// TestZoteroWaits: of records that wait for a journal no more are kept than may
// be, and a book that others stand in is no record.
func TestZoteroWaits(t *testing.T) {
	article := `<bib:BookSection><z:itemType>bookSection</z:itemType><dcterms:isPartOf rdf:resource="urn:x"/><dc:title>%d</dc:title><dcterms:abstract>` + strings.Repeat("x", 1<<20) + `</dcterms:abstract></bib:BookSection>`
	var b strings.Builder
	b.WriteString(zoteroHead)
	for i := range 12 {
		fmt.Fprintf(&b, article, i)
	}
	b.WriteString(`<bib:Book rdf:about="urn:x"><dc:title>The whole</dc:title></bib:Book></rdf:RDF>`)
	got, problems := all(Zotero(strings.NewReader(b.String())))
	if len(got) != 12 || len(problems) != 0 || got[0].Container.Text != "" || got[11].Container.Text != "The whole" || got[4].Titles[library.Undetermined] != "4" {
		t.Errorf("%d records, %q, %q in %q", len(got), problems, got[0].Container.Text, got[11].Container.Text)
	}
}

// TestZoteroGivesAtOnce: a record waits for its journal and no longer.
func TestZoteroGivesAtOnce(t *testing.T) {
	head, _, _ := strings.Cut(zoteroSample, "<rdf:Description")
	for d, err := range Zotero(io.MultiReader(strings.NewReader(head), iotest.ErrReader(io.ErrClosedPipe))) {
		if err != nil || d.Container.Text != "A Journal" {
			t.Errorf("first comes %+v, %v", d, err)
		}
		return
	}
}

func TestZoteroRoundTrip(t *testing.T) {
	n := 0
	roundTrip(t, func(b *strings.Builder) Writer { return WriteZotero(b) }, func(r *strings.Reader) Drafts { return Zotero(r) }, func(d *Draft) {
		n++
		d.Key = fmt.Sprint("k", n)
		switch n % 4 {
		case 0:
			d.Pages = Value{Text: "120 p."}
		case 1:
			d.Issue, d.Rights = Value{Text: "2/3"}, Value{Text: "CC BY"}
		case 2:
			d.Identifiers = []library.Identifier{{Scheme: "un-symbol", Value: "A/RES/55/25"}, {Scheme: "issn", Value: "1234-567X"}}
			d.Category = Value{Text: "Guidance"}
		case 3:
			d.Authors = []Value{{Text: "King, Martin, Jr"}, {Text: "International Organization for Migration (IOM)"}}
		}
	})
}

func FuzzZotero(f *testing.F) {
	f.Add([]byte(zoteroSample))
	f.Fuzz(func(t *testing.T, data []byte) {
		for range Zotero(strings.NewReader(string(data))) {
		}
	})
}
