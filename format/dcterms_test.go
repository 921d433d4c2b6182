package format

import (
	"strings"
	"testing"
)

const qdcSample = `<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><metadata><qdc:qualifieddc xmlns:qdc="http://dspace.org/qualifieddc/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<dc:title xml:lang="es_ES">La trata</dc:title><dcterms:alternative xml:lang="en_US">Trafficking</dcterms:alternative><dcterms:alternative>Without a language</dcterms:alternative>
<dc:creator>Gusak, Nataliya</dc:creator><dc:contributor>Berg, Anna</dc:contributor><dc:publisher>IOM</dc:publisher>
<dc:description xml:lang="es">A note on the thesis</dc:description><dcterms:abstract xml:lang="es">Resumen.</dcterms:abstract>
<dcterms:available xsi:type="dcterms:W3CDTF">2020-01-02T10:00:00Z</dcterms:available><dcterms:created xsi:type="dcterms:W3CDTF">2014</dcterms:created><dcterms:issued xsi:type="dcterms:W3CDTF">2015-03</dcterms:issued>
<dcterms:extent>1.2 MB</dcterms:extent><dcterms:extent>120 p.</dcterms:extent><dc:language xsi:type="dcterms:ISO639-2">spa</dc:language><dc:language>en_US</dc:language>
<dcterms:spatial xsi:type="dcterms:ISO3166">SDN</dcterms:spatial><dcterms:spatial>Khartoum</dcterms:spatial><dc:subject>crisis</dc:subject>
<dcterms:isPartOf>Serie azul</dcterms:isPartOf><dcterms:isPartOf xsi:type="dcterms:URI">https://example.org/series</dcterms:isPartOf><dcterms:isPartOf>https://waymark.example/records/01K0000000000000000000000B</dcterms:isPartOf>
<dcterms:isVersionOf>waymark:01K0000000000000000000000A</dcterms:isVersionOf><dcterms:replaces>An older edition</dcterms:replaces><dcterms:hasVersion>waymark:01K0000000000000000000000C</dcterms:hasVersion>
<dcterms:bibliographicCitation>Journal of Borders 3 (2), pp. 11–19</dcterms:bibliographicCitation><dc:source>Not this</dc:source>
<dc:rights>All rights reserved</dc:rights><dcterms:license>https://creativecommons.org/licenses/by/4.0/</dcterms:license><dc:identifier xsi:type="dcterms:URI">https://example.org/a</dc:identifier><dc:type>Thesis</dc:type>
</qdc:qualifieddc></metadata>
<metadata><oai_dcterms:dcterms xmlns:oai_dcterms="http://www.openarchives.org/OAI/2.0/oai_dcterms/" xmlns:dcterms="http://purl.org/dc/terms/"><dcterms:title>Second</dcterms:title><dcterms:created>about 1990</dcterms:created><dcterms:available>1999</dcterms:available><dcterms:source>A Journal</dcterms:source>
<dcterms:bibliographicCitation>ctx_ver=Z39.88-2004&amp;rft.volume=4&amp;rft.spage=5&amp;rft.epage=9&amp;rft.title=Other</dcterms:bibliographicCitation></oai_dcterms:dcterms></metadata></OAI-PMH>`

func TestQualifiedDC(t *testing.T) {
	got, problems := all(DublinCore(strings.NewReader(qdcSample)))
	want := []string{
		`{"Abstracts":{"es":"Resumen."},"Authors":[{"Text":"Gusak, Nataliya"}],"Category":{"Text":"Thesis"},"Container":{"Text":"Serie azul"},"Countries":[{"Text":"SDN"}],"Date":{"Text":"2015-03"},"Editors":[{"Text":"Berg, Anna"}],"ID":"","Issue":{"Text":"2"},"Languages":[{"Text":"es"},{"Text":"en"}],"Links":[{"url":"https://example.org/a"}],"Pages":{"Text":"120 p."},"Places":[{"Text":"Khartoum"}],"Publishers":[{"Text":"IOM"}],"Relations":[{"target":"01K0000000000000000000000B","type":"part-of"},{"target":"01K0000000000000000000000A","type":"translation-of"}],"Rights":{"Text":"https://creativecommons.org/licenses/by/4.0/"},"Subjects":[{"Text":"crisis"}],"Titles":{"en":"Trafficking","es":"La trata"},"Volume":{"Text":"3"}}`,
		`{"Container":{"Text":"A Journal"},"Date":{"Text":"1999"},"ID":"","Pages":{"Text":"5-9"},"Titles":{"und":"Second"},"Volume":{"Text":"4"}}`,
	}
	if len(got) != len(want) || len(problems) != 0 {
		t.Fatalf("%d records, %q", len(got), problems)
	}
	for i, w := range want {
		if g := without(t, got[i]); g != w {
			t.Errorf("record %d is\n%s\nwant\n%s", i, g, w)
		}
	}
}

func TestQualifiedDCRoundTrip(t *testing.T) {
	more := rich()
	roundTrip(t, func(b *strings.Builder) Writer { return WriteQualifiedDC(b) }, func(r *strings.Reader) Drafts { return DublinCore(r) }, func(d *Draft) {
		more(d)
		d.Key = ""
		d.Countries, d.Regions = nil, nil
	})
}
