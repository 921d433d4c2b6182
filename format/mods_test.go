package format

import (
	"strings"
	"testing"

	"waymark/library"
)

const modsSample = `<?xml version="1.0" encoding="UTF-8"?>
<modsCollection xmlns="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink">
<mods version="3.7">
 <titleInfo lang="fre"><nonSort>L'</nonSort><title>identification des victimes</title><subTitle>un guide</subTitle><partNumber>2</partNumber></titleInfo>
 <titleInfo type="translated" xml:lang="en"><title>Identifying victims</title></titleInfo>
 <titleInfo type="alternative"><title>Le guide bleu</title></titleInfo>
 <titleInfo type="alternative" xml:lang="es"><title>La guía</title></titleInfo>
 <titleInfo type="abbreviated" lang="eng"><title>Ident. vict.</title></titleInfo>
 <name type="personal"><namePart type="family">Gusak</namePart><namePart type="given">Nataliya</namePart><namePart type="termsOfAddress">Jr</namePart><namePart type="date">1970-</namePart><role><roleTerm type="code">aut</roleTerm></role></name>
 <name type="corporate"><namePart>International Organization for Migration</namePart><namePart>Mission in Sudan</namePart></name>
 <name><namePart>Berg, Anna</namePart><role><roleTerm type="text">Editor.</roleTerm></role></name>
 <name><namePart>Turner, Tom</namePart><role><roleTerm type="text">translator</roleTerm></role></name>
 <name><namePart>University of X</namePart><role><roleTerm authorityURI="http://id.loc.gov/vocabulary/relators">degree grantor</roleTerm></role></name>
 <typeOfResource>text</typeOfResource><genre authority="local">Blue books</genre><genre authority="marcgt">technical report</genre>
 <originInfo><place><placeTerm type="text">Geneva</placeTerm></place><publisher>IOM</publisher><dateIssued>[2015?]</dateIssued><dateIssued encoding="iso8601">20150309</dateIssued><edition>2nd ed.</edition></originInfo>
 <language><languageTerm type="text">French</languageTerm><languageTerm type="code" authority="iso639-2b">fre</languageTerm></language>
 <language objectPart="summary"><languageTerm type="code">eng</languageTerm></language>
 <physicalDescription><extent>120 p.</extent></physicalDescription>
 <abstract lang="eng">An abstract &amp; more.</abstract><abstract lang="fre">Un résumé.</abstract>
 <subject authority="lcsh"><topic>Human trafficking</topic><geographic>Khartoum (Sudan)</geographic><temporal>2010s</temporal></subject>
 <subject><hierarchicalGeographic><continent>Africa</continent><country>Sudan</country><city>Khartoum</city></hierarchicalGeographic></subject>
 <relatedItem type="series"><titleInfo><title>Blue series</title><partNumber>no. 4</partNumber></titleInfo></relatedItem>
 <relatedItem type="original"><titleInfo><title>The original</title></titleInfo><identifier type="waymark">01K0000000000000000000000A</identifier></relatedItem>
 <relatedItem type="preceding"><identifier type="waymark">01K0000000000000000000000B</identifier><identifier type="waymark">nonsense</identifier></relatedItem>
 <identifier type="isbn">978-92-9068-706-3 (pbk.)</identifier><identifier type="isbn" invalid="yes">9780306406157</identifier><identifier type="doi">https://doi.org/10.1234/ABC</identifier>
 <identifier type="local">12</identifier><identifier type="stock number">44</identifier><identifier type="uri">https://example.org/u</identifier><identifier type="un-symbol">A/RES/55/25</identifier>
 <location><physicalLocation>Shelf 2</physicalLocation><url access="preview">https://example.org/small.png</url><url usage="primary">https://example.org/a</url></location>
 <accessCondition type="restriction on access">Open</accessCondition><accessCondition type="use and reproduction" xlink:href="https://creativecommons.org/licenses/by/4.0/">CC BY</accessCondition>
 <recordInfo><recordIdentifier source="x">rec-7</recordIdentifier></recordInfo>
</mods>
<mods><titleInfo><title>An article</title></titleInfo><typeOfResource>moving image</typeOfResource>
 <relatedItem type="series"><titleInfo><title>Not this</title><partNumber>9</partNumber></titleInfo></relatedItem>
 <relatedItem type="host"><titleInfo><title>A Journal</title></titleInfo><identifier type="issn">1234-567X</identifier>
 <part><detail type="volume"><number>3</number></detail><detail type="issue"><caption>no. 2</caption></detail><extent unit="pages"><start>11</start><end>19</end></extent><date>1999</date></part></relatedItem></mods>
</modsCollection>`

func TestMODS(t *testing.T) {
	got, problems := all(MODS(strings.NewReader(modsSample)))
	want := []string{
		`{"Abstracts":{"en":"An abstract \u0026 more.","fr":"Un résumé."},"Authors":[{"Text":"Gusak, Nataliya, Jr"},{"Text":"International Organization for Migration. Mission in Sudan"}],"Category":{"Text":"Report"},"Container":{"Text":"Blue series"},"Countries":[{"Text":"Sudan"}],"Date":{"Text":"2015-03-09"},"Edition":{"Text":"2nd ed."},"Editors":[{"Text":"Berg, Anna"}],"ID":"","Identifiers":[{"scheme":"isbn","value":"9789290687063"},{"scheme":"doi","value":"10.1234/abc"},{"scheme":"un-symbol","value":"A/RES/55/25"}],"Key":"rec-7","Languages":[{"Text":"fr"}],"Links":[{"url":"https://example.org/u"},{"url":"https://example.org/a"}],"Pages":{"Text":"120 p."},"Places":[{"Text":"Khartoum (Sudan)"},{"Text":"Khartoum"}],"Publishers":[{"Text":"University of X"},{"Text":"IOM"}],"Regions":[{"Text":"Africa"}],"Relations":[{"target":"01K0000000000000000000000A","type":"translation-of"},{"target":"01K0000000000000000000000B","type":"supersedes"}],"Rights":{"Text":"https://creativecommons.org/licenses/by/4.0/"},"Subjects":[{"Text":"Human trafficking"}],"Titles":{"en":"Identifying victims","es":"La guía","fr":"L'identification des victimes: un guide. 2"},"Volume":{"Text":"no. 4"}}`,
		`{"Category":{"Text":"Film"},"Container":{"Text":"A Journal"},"Date":{"Text":"1999"},"ID":"","Issue":{"Text":"no. 2"},"Pages":{"Text":"11-19"},"Titles":{"und":"An article"},"Volume":{"Text":"3"}}`,
	}
	if len(got) != len(want) || len(problems) != 0 {
		t.Fatalf("%d records, %q", len(got), problems)
	}
	for i, w := range want {
		if g := without(t, got[i]); g != w {
			t.Errorf("record %d is\n%s\nwant\n%s", i, g, w)
		}
	}
	if got[0].Line != 3 || got[0].Editors[0].Line != 11 {
		t.Errorf("lines %d %d", got[0].Line, got[0].Editors[0].Line)
	}
}

// rich adds to a draft what only the richer formats can hold.
func rich() func(*Draft) {
	n := 0
	return func(d *Draft) {
		n++
		d.Titles["ar"], d.Titles["en"] = "الاتجار بالبشر", "A title: with a subtitle"
		if n%2 == 0 {
			delete(d.Titles, library.Undetermined)
			d.Abstracts = library.Text{"fr": "Un résumé", "zh": "摘要"}
			d.Countries, d.Regions = []Value{{Text: "Côte d’Ivoire"}, {Text: "Sudan"}}, []Value{{Text: "Western Africa"}}
			d.Languages = append(d.Languages, Value{Text: "zh"})
			d.Rights = Value{Text: "https://creativecommons.org/licenses/by/4.0/"}
			d.Identifiers = append(d.Identifiers, library.Identifier{Scheme: "un-symbol", Value: "A/RES/55/25"}, library.Identifier{Scheme: "issn", Value: "1234-567X"})
			d.Links = append(d.Links, library.Link{URL: "https://example.org/second"})
			d.Relations = []library.Relation{{Type: library.Supersedes, Target: "01K0000000000000000000000A"}, {Type: library.PartOf, Target: "01K0000000000000000000000B"},
				{Type: library.TranslationOf, Target: "01K0000000000000000000000C"}}
			d.Authors = append(d.Authors, Value{Text: "King, Martin, Jr"}, Value{Text: "International Organization for Migration (IOM)"})
			d.Publishers = append(d.Publishers, Value{Text: "Second & Sons"})
		}
		if n%3 == 0 {
			d.Issue, d.Pages = Value{Text: "2/3"}, Value{Text: "120 p."}
		}
	}
}

func TestMODSRoundTrip(t *testing.T) {
	roundTrip(t, func(b *strings.Builder) Writer { return WriteMODS(b) }, func(r *strings.Reader) Drafts { return MODS(r) }, rich())
}

func FuzzMODS(f *testing.F) {
	f.Add([]byte(modsSample))
	f.Fuzz(func(t *testing.T, data []byte) {
		for range MODS(strings.NewReader(string(data))) {
		}
	})
}
