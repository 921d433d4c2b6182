package format

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

const dataCiteRecord = `{"id":"10.1234/abc","type":"dois","attributes":{"doi":"10.1234/ABC","identifiers":[{"identifier":"oai:x:1","identifierType":"oai"},{"identifier":"12","identifierType":"Local accession number"}],
 "creators":[{"name":"Gusak, Nataliya","nameType":"Personal","givenName":"Nataliya","familyName":"Gusak","affiliation":[],"nameIdentifiers":[]},{"name":"IOM","nameType":"Organizational"},{"name":"Anna Berg","givenName":"Anna","familyName":"Berg"}],
 "titles":[{"title":"Of people","lang":"en-GB"},{"title":"at borders","titleType":"Subtitle"},{"title":"Des gens","titleType":"TranslatedTitle","lang":"fr"},{"title":"The blue book","titleType":"AlternativeTitle"}],
 "publisher":{"name":"Zenodo","lang":"en"},"container":{"type":"Journal","title":"A Journal","volume":3,"issue":"2","firstPage":"11","lastPage":"19","identifier":"1234-567X","identifierType":"ISSN"},
 "publicationYear":2015,"subjects":[{"subject":"crisis","lang":"en"},{"subject":":none"}],"contributors":[{"name":"Editor, An","contributorType":"Editor"},{"name":"CERN","contributorType":"HostingInstitution"}],
 "dates":[{"date":"2015-03-09","dateType":"Issued"},{"date":"2016","dateType":"Available"}],"language":"eng","types":{"ris":"JOUR","resourceTypeGeneral":"JournalArticle","resourceType":"Peer-reviewed"},
 "alternateIdentifiers":[{"alternateIdentifier":"978-92-9068-706-3","alternateIdentifierType":"ISBN"}],"sizes":["2 MB"],"version":null,
 "rightsList":[{"rights":"Open Access","rightsUri":"info:eu-repo/semantics/openAccess"},{"rights":"CC BY","rightsUri":"https://creativecommons.org/licenses/by/4.0/"}],
 "descriptions":[{"description":"Notes","descriptionType":"Other"},{"description":"Short.","descriptionType":"Abstract"}],"geoLocations":[{"geoLocationPlace":"Sudan"}],"url":"https://example.org/a","state":"findable","schemaVersion":"http://datacite.org/schema/kernel-4"}}`

const dataCitePlain = `{"id":"https://doi.org/10.1234/x","types":{"resourceTypeGeneral":"Dataset"},"creators":{"name":"(:unav)"},"titles":[{"title":"A dataset"}],"publisher":"IOM","publicationYear":"0000","sizes":["120 p."],
 "relatedItems":[{"relatedItemType":"Book","relationType":"IsPublishedIn","titles":[{"title":"A Book"}],"volume":"7"}],"version":"2.0","schemaVersion":"http://datacite.org/schema/kernel-4"}`

const (
	dataCiteWant = `{"Abstracts":{"und":"Short."},"Authors":[{"Text":"Gusak, Nataliya"},{"Text":"IOM"},{"Text":"Berg, Anna"}],"Category":{"Text":"Journal Article"},"Container":{"Text":"A Journal"},"Date":{"Text":"2015-03-09"},"Editors":[{"Text":"Editor, An"}],"ID":"","Identifiers":[{"scheme":"doi","value":"10.1234/abc"},{"scheme":"oai","value":"oai:x:1"},{"scheme":"isbn","value":"9789290687063"}],"Issue":{"Text":"2"},"Key":"10.1234/abc","Languages":[{"Text":"en"}],"Links":[{"url":"https://example.org/a"}],"Pages":{"Text":"11-19"},"Places":[{"Text":"Sudan"}],"Publishers":[{"Text":"Zenodo"}],"Rights":{"Text":"https://creativecommons.org/licenses/by/4.0/"},"Subjects":[{"Text":"crisis"}],"Titles":{"en":"Of people: at borders","fr":"Des gens"},"Volume":{"Text":"3"}}`
	plainWant    = `{"Category":{"Text":"Dataset"},"Container":{"Text":"A Book"},"Edition":{"Text":"2.0"},"ID":"","Key":"https://doi.org/10.1234/x","Pages":{"Text":"120 p."},"Publishers":[{"Text":"IOM"}],"Titles":{"und":"A dataset"},"Volume":{"Text":"7"}}`
)

func TestDataCite(t *testing.T) {
	for name, c := range map[string]struct {
		source string
		want   []string
		lost   string
	}{
		"one of the API":         {`{"data":` + dataCiteRecord + `,"included":[{"x":1}]}`, []string{dataCiteWant}, ""},
		"a list of the API":      {`{"meta":{"total":2},"data":[` + dataCiteRecord + "," + dataCiteRecord + `],"links":{}}`, []string{dataCiteWant, dataCiteWant}, ""},
		"one of the schema":      {dataCitePlain, []string{plainWant}, ""},
		"a list of the schema":   {"\n [" + dataCitePlain + "," + dataCitePlain + "]", []string{plainWant, plainWant}, ""},
		"one a line":             {strings.ReplaceAll(dataCiteRecord, "\n", "") + "\n" + strings.ReplaceAll(dataCitePlain, "\n", ""), []string{dataCiteWant, plainWant}, ""},
		"with a bad record":      {`{"data":[{"type":"dois","attributes":{"creators":5,"titles":[{"title":"x"}]}},` + dataCiteRecord + `]}`, []string{dataCiteWant}, "line 1: the record is no DataCite JSON"},
		"with a large record":    {`{"data":[{"type":"dois","x":"` + strings.Repeat("x", maxLine) + `"},` + dataCiteRecord + `]}`, []string{dataCiteWant}, "larger than 4 MiB: it was not read"},
		"with what is no record": {`[` + dataCitePlain + `,"creators",` + dataCiteRecord + `]`, []string{plainWant, dataCiteWant}, "no DataCite JSON"},
		"damaged":                {`{"data":[` + dataCiteRecord + `,` + dataCiteRecord[:200], []string{dataCiteWant}, "the JSON is damaged: it ends in the middle; what follows was not read"},
		"no JSON":                {`{"creators": "titles": 1}`, nil, "line 1: the JSON is damaged: "},
	} {
		if !isDataCite([]byte(c.source)) {
			t.Errorf("%s is not told to be DataCite", name)
		}
		got, problems := all(DataCite(strings.NewReader(c.source)))
		if len(got) != len(c.want) || (len(problems) > 0) != (c.lost != "") || c.lost != "" && !strings.Contains(problems[0], c.lost) {
			t.Fatalf("%s: %d records, %.300q", name, len(got), problems)
		}
		if name == "one a line" && (got[0].Line != 1 || got[1].Line != 2) || name == "a list of the schema" && (got[0].Line != 2 || got[1].Line != 3) {
			t.Errorf("%s: lines %d and %d", name, got[0].Line, got[1].Line)
		}
		for i, w := range c.want {
			if g := without(t, got[i]); g != w {
				t.Errorf("%s: record %d is\n%s\nwant\n%s", name, i, g, w)
			}
		}
	}
	if isCSLJSON([]byte("["+dataCiteRecord+"]")) || isDataCite([]byte(cslSample)) || isDataCite([]byte(`{"titles":{"en":"x"},"authors":["creators"]}`)) || isDataCite([]byte(`[{"itemType":"book","creators":[],"title":"x"}]`)) {
		t.Error("DataCite is not told from others")
	}
}

const dataCiteXMLSample = `<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><metadata><oai_datacite xmlns="http://schema.datacite.org/oai/oai-1.1/"><payload>
<resource xmlns="http://datacite.org/schema/kernel-4"><identifier identifierType="DOI">10.1234/ABC</identifier>
<creators><creator><creatorName nameType="Personal">Gusak, Nataliya</creatorName><givenName>Nataliya</givenName><familyName>Gusak</familyName></creator><creator><creatorName>:unkn</creatorName></creator></creators>
<titles><title xml:lang="en">Of people</title><title xml:lang="fr" titleType="TranslatedTitle">Des gens</title></titles><publisher>Zenodo</publisher><publicationYear>2015</publicationYear>
<resourceType resourceTypeGeneral="Text">Report</resourceType><subjects><subject>crisis</subject></subjects><contributors><contributor contributorType="Editor"><contributorName>Editor, An</contributorName></contributor></contributors>
<dates><date dateType="Issued">2015-03-09T00:00:00Z</date></dates><language>en</language><alternateIdentifiers><alternateIdentifier alternateIdentifierType="un-symbol">A/RES/55/25</alternateIdentifier></alternateIdentifiers>
<sizes><size>120 p.</size></sizes><version>2</version><rightsList><rights rightsURI="https://creativecommons.org/licenses/by/4.0/">CC BY</rights></rightsList><descriptions><description descriptionType="Abstract">Short.</description></descriptions>
<geoLocations><geoLocation><geoLocationPlace>Sudan</geoLocationPlace></geoLocation></geoLocations>
<relatedItems><relatedItem relatedItemType="Journal" relationType="IsPublishedIn"><titles><title>A Journal</title></titles><volume>3</volume><issue>2</issue></relatedItem></relatedItems></resource></payload></oai_datacite></metadata></OAI-PMH>`

func TestDataCiteXML(t *testing.T) {
	got, problems := all(DataCiteXML(strings.NewReader(dataCiteXMLSample)))
	want := `{"Abstracts":{"und":"Short."},"Authors":[{"Text":"Gusak, Nataliya"}],"Category":{"Text":"Report"},"Container":{"Text":"A Journal"},"Date":{"Text":"2015-03-09"},"Edition":{"Text":"2"},"Editors":[{"Text":"Editor, An"}],"ID":"","Identifiers":[{"scheme":"doi","value":"10.1234/abc"},{"scheme":"un-symbol","value":"A/RES/55/25"}],"Issue":{"Text":"2"},"Key":"10.1234/ABC","Languages":[{"Text":"en"}],"Pages":{"Text":"120 p."},"Places":[{"Text":"Sudan"}],"Publishers":[{"Text":"Zenodo"}],"Rights":{"Text":"https://creativecommons.org/licenses/by/4.0/"},"Subjects":[{"Text":"crisis"}],"Titles":{"en":"Of people","fr":"Des gens"},"Volume":{"Text":"3"}}`
	if len(got) != 1 || len(problems) != 0 || without(t, got[0]) != want {
		t.Errorf("%q\n%s\nwant\n%s", problems, without(t, got[0]), want)
	}
}

// dataCiteFit keeps of a rich draft what DataCite can hold.
func dataCiteFit(d *Draft) {
	d.Relations, d.Countries, d.Regions = nil, nil, nil
	d.Languages, d.Publishers = d.Languages[:1], d.Publishers[:1]
	noPresentation(d)
	if d.Category.Text == "Legislation" && d.Key == "" {
		d.Category = Value{}
	}
}

func TestDataCiteRoundTrip(t *testing.T) {
	more, n := rich(), 0
	roundTrip(t, func(b *strings.Builder) Writer { return WriteDataCite(b) }, func(r *strings.Reader) Drafts { return DataCite(r) }, func(d *Draft) {
		more(d)
		dataCiteFit(d)
		n++
		d.Key = fmt.Sprint("k", n)
	})
	roundTrip(t, func(b *strings.Builder) Writer { return WriteDataCiteXML(b) }, func(r *strings.Reader) Drafts { return DataCiteXML(r) }, func(d *Draft) {
		more(d)
		dataCiteFit(d)
		if d.Container.Text == "" {
			d.Volume, d.Issue, d.Pages = Value{}, Value{}, Value{}
		}
		if len(d.Identifiers) > 0 && d.Identifiers[0].Scheme == "doi" {
			d.Key = d.Identifiers[0].Value
		}
	})
	var b strings.Builder
	if err := WriteDataCite(&b).Close(); err != nil || !isDataCite([]byte(b.String())) {
		t.Errorf("an empty list is %q, %v", b.String(), err)
	}
	x, err := MarshalDataCite(Draft{})
	for _, must := range []string{"identifier", "creator", "title", "publisher", "publicationYear", "resourceType"} {
		if !strings.Contains(string(x), "<"+must) || err != nil {
			t.Errorf("a record without anything lacks the %s: %s, %v", must, x, err)
		}
	}
}

// TestJSONIsStreamed: of a list without an end no more is read than for the
// records that were asked for, and one record without an end ends the reading.
func TestJSONIsStreamed(t *testing.T) {
	endless := func(part string) io.Reader { return &repeated{part: part} }
	n := 0
	for _, err := range DataCite(io.MultiReader(strings.NewReader(`{"data":[`+dataCitePlain), endless(","+dataCitePlain))) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 1000 {
			break
		}
	}
	for name, read := range map[string]func(io.Reader) Drafts{"datacite": DataCite, "csljson": CSLJSON} {
		if _, problems := all(read(io.MultiReader(strings.NewReader(`[{"creators":"`), endless("x")))); len(problems) != 1 || !strings.Contains(problems[0], "larger than 16 MiB; what follows was not read") {
			t.Errorf("%s: %q", name, problems)
		}
	}
}

// TestXMLIsStreamed: nor is XML read without an end.
func TestXMLIsStreamed(t *testing.T) {
	long := `<x xmlns="` + nsMODS + `">` + strings.Repeat("<x>"+strings.Repeat("text ", 1<<20)+"</x>", 5) + `<mods><titleInfo><title>Last</title></titleInfo></mods></x>`
	if got, problems := all(MODS(strings.NewReader(long))); len(got) != 1 || len(problems) != 0 {
		t.Errorf("a long file: %d records, %q", len(got), problems)
	}
	for _, begin := range []string{"<x><!-- ", "<x>text", `<x a="`, `<mods xmlns="` + nsMODS + `"><titleInfo><title>`} {
		_, problems := all(MODS(io.MultiReader(strings.NewReader(begin), &repeated{part: "more "})))
		if len(problems) != 1 || !strings.Contains(problems[0], "larger than 16 MiB; what follows was not read") {
			t.Errorf("%s: %q", begin, problems)
		}
	}
}

// repeated is a source without an end.
type repeated struct {
	part string
	at   int
}

// Read implements io.Reader.
func (r *repeated) Read(b []byte) (int, error) {
	n := copy(b, r.part[r.at:])
	r.at = (r.at + n) % len(r.part)
	return n, nil
}

func FuzzDataCite(f *testing.F) {
	f.Add([]byte(`{"data":[` + dataCiteRecord + `]}`))
	f.Add([]byte(dataCitePlain))
	f.Fuzz(func(t *testing.T, data []byte) {
		for range DataCite(strings.NewReader(string(data))) {
		}
	})
}

func FuzzDataCiteXML(f *testing.F) {
	f.Add([]byte(dataCiteXMLSample))
	f.Fuzz(func(t *testing.T, data []byte) {
		for range DataCiteXML(strings.NewReader(string(data))) {
		}
	})
}
