package format

import (
	"fmt"
	"strings"
	"testing"
)

// citedPage has the meta tags that a repository gives of one work, in the terms
// of Highwire Press and of Dublin Core.
const citedPage = `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html lang="en"><head><title>A Repository: Of people at borders</title>
<link rel="schema.DC" href="http://purl.org/dc/elements/1.1/"><link rel="canonical" href="/handle/1/2">
<base href="https://repo.example.org/">
<meta name="citation_title" content="Of people &amp; borders"/>
<meta name="citation_author" content="Gusak, Nataliya"><meta name="citation_author" content="IOM">
<meta name="citation_publication_date" content="2015/3/9"><meta name="citation_date" content="2015">
<meta name="citation_journal_title" content="A Journal"><meta name="citation_volume" content="7"><meta name="citation_issue" content="2">
<meta name="citation_firstpage" content="11"><meta name="citation_lastpage" content="19">
<meta name="citation_doi" content="doi:10.1234/ABC"><meta name="citation_issn" content="1234-567X">
<meta name="citation_pdf_url" content="/bitstream/1/2/a.pdf"><meta name="citation_keywords" content="borders; camps, tents">
<meta name="DC.title" content="Not this title"><meta name="DC.creator" content="Not This Author">
<meta name="DCTERMS.abstract" content="&lt;p&gt;An abstract.&lt;/p&gt;" xml:lang="en"><meta name="DC.language" content="en"><meta name="DC.rights" content="CC BY">
<meta name="DC.publisher" content="A House"><meta name="DC.identifier" content="https://repo.example.org/handle/1/2">
<meta property="og:title" content="Nor this"><meta property="og:type" content="article">
</head><body><p>Text with <meta name="citation_issue" content="9"> a late tag.</p></body></html>`

func TestMetaTags(t *testing.T) {
	const dublin = `<html><head><meta name="DC.Title" content="Une étude" lang="fr"><meta name="DC.title" content="A study" lang="en">
<meta name="DC.contributor.author" content="OIM"><meta name="DC.date.accessioned" content="2020-01-01"><meta name="DCTERMS.issued" content="2015-03-09T10:00:00Z"><meta name="DC.type" content="Report"></head>`
	for _, c := range []struct{ name, page, want string }{
		{"Highwire before Dublin Core", citedPage, `{"Abstracts":{"en":"An abstract."},"Authors":[{"Text":"Gusak, Nataliya"},{"Text":"IOM"}],"Category":{"Text":"Journal Article"},"Container":{"Text":"A Journal"},"Date":{"Text":"2015-03-09"},"ID":"","Identifiers":[{"scheme":"doi","value":"10.1234/abc"},{"scheme":"issn","value":"1234-567X"}],"Issue":{"Text":"2"},"Languages":[{"Text":"en"}],"Links":[{"url":"https://repo.example.org/bitstream/1/2/a.pdf"}],"Pages":{"Text":"11-19"},"Publishers":[{"Text":"A House"}],"Rights":{"Text":"CC BY"},"Subjects":[{"Text":"borders"},{"Text":"camps, tents"}],"Titles":{"und":"Of people \u0026 borders"},"Volume":{"Text":"7"}}`},
		{"Dublin Core", dublin, `{"Authors":[{"Text":"OIM"}],"Category":{"Text":"Report"},"Date":{"Text":"2015-03-09"},"ID":"","Titles":{"en":"A study","fr":"Une étude"}}`},
		{"a thesis", `<meta name=citation_title content=T><meta name=citation_dissertation_institution content="A University"><meta name=citation_publication_date content="12/31/2014">`,
			`{"Category":{"Text":"Thesis"},"Date":{"Text":"2014-12-31"},"ID":"","Publishers":[{"Text":"A University"}],"Titles":{"und":"T"}}`},
		{"OpenGraph alone", `<html><meta property="og:type" content="article"><meta property="og:title" content="A notice"><meta property="og:url" content="https://a.example/n"><meta property="og:locale" content="fr_FR"><meta property="article:published_time" content="2015-03-09T00:00:00+01:00"><meta property="article:author" content="https://a.example/me">`,
			`{"Date":{"Text":"2015-03-09"},"ID":"","Languages":[{"Text":"fr-FR"}],"Links":[{"url":"https://a.example/n"}],"Titles":{"und":"A notice"}}`},
	} {
		if !isHTML([]byte(c.page)) {
			t.Errorf("%s is not told to be a page", c.name)
		}
		got, problems := all(Read(strings.NewReader(c.page), Options{}))
		if len(got) != 1 || len(problems) != 0 {
			t.Errorf("%s: %d records, %q", c.name, len(got), problems)
		} else if g := without(t, got[0]); g != c.want {
			t.Errorf("%s is\n%s\nwant\n%s", c.name, g, c.want)
		}
	}
	got, problems := all(Read(strings.NewReader(citedPage), Options{}))
	if got[0].Line != 6 || got[0].Authors[0].Line != 7 {
		t.Errorf("lines %d and %d, %q", got[0].Line, got[0].Authors[0].Line, problems)
	}
}

// TestWorks reads schema.org in JSON-LD as pages write it.
func TestWorks(t *testing.T) {
	ld := func(json ...string) string {
		return "<!DOCTYPE html>\n<html><head>\n<script type=\"application/ld+json\">" + strings.Join(json, "</script><script type='application/LD+JSON; charset=utf-8'>") + "</script></head>"
	}
	const article = `{"@context":"https://schema.org","@type":"ScholarlyArticle","@id":"https://a.example/article/1","headline":"Of people at borders","description":"<p>An abstract.</p>",
 "author":[{"@type":"Person","familyName":"Gusak","givenName":"Nataliya","name":"Nataliya Gusak"},{"@type":"Organization","name":"IOM"},"A. Writer"],"publisher":{"@type":"Organization","name":"A House"},
 "datePublished":"2015-03-09T00:00:00Z","inLanguage":{"@type":"Language","name":"English","alternateName":"en"},"keywords":"borders, camps","about":[{"@type":"Thing","name":"Shelter"}],
 "isPartOf":{"@type":"PublicationIssue","issueNumber":"2","isPartOf":{"@type":["PublicationVolume","Periodical"],"volumeNumber":7,"name":"ignored","isPartOf":{"@type":"Periodical","name":"A Journal","issn":["1234-567X"]}}},
 "pageStart":11,"pageEnd":"19","license":{"@type":"CreativeWork","url":"https://creativecommons.org/licenses/by/4.0/"},
 "identifier":[{"@type":"PropertyValue","propertyID":"DOI","value":"10.1234/ABC"},{"@type":"PropertyValue","name":"UN symbol","value":"A/RES/64/293"},"https://hdl.example/1"],
 "sameAs":"https://doi.org/10.1234/abc","spatialCoverage":[{"@type":"Country","name":"Sudan"},"the Sahel"],"encoding":{"@type":"MediaObject","contentUrl":"/a.pdf"}}`
	const articleIs = `{"Abstracts":{"und":"An abstract."},"Authors":[{"Text":"Gusak, Nataliya"},{"Text":"IOM"},{"Text":"A. Writer"}],"Category":{"Text":"Journal Article"},"Container":{"Text":"A Journal"},"Countries":[{"Text":"Sudan"}],"Date":{"Text":"2015-03-09"},"ID":"","Identifiers":[{"scheme":"issn","value":"1234-567X"},{"scheme":"doi","value":"10.1234/abc"},{"scheme":"un-symbol","value":"A/RES/64/293"}],"Issue":{"Text":"2"},"Key":"https://a.example/article/1","Languages":[{"Text":"en"}],"Links":[{"url":"https://hdl.example/1"},{"url":"https://a.example/a.pdf"}],"Pages":{"Text":"11-19"},"Publishers":[{"Text":"A House"}],"Rights":{"Text":"https://creativecommons.org/licenses/by/4.0/"},"Subjects":[{"Text":"borders"},{"Text":"camps"},{"Text":"Shelter"},{"Text":"the Sahel"}],"Titles":{"und":"Of people at borders"},"Volume":{"Text":"7"}}`
	for _, c := range []struct {
		name, page string
		want       []string
	}{
		{"an article", ld(article), []string{articleIs}},
		{"a graph with references", ld(`{"@context":{"@vocab":"http://schema.org/","@language":"fr"},"@graph":[{"@type":"WebSite","name":"A Site","@id":"#site"},{"@type":"Organization","@id":"#org","name":"OIM"},
 {"@type":"WebPage","mainEntity":{"@id":"#r"}},{"@type":["Report","CreativeWork"],"@id":"#r","name":"Un rapport","author":{"@id":"#org"},"isPartOf":{"@id":"#site"},"numberOfPages":120,"url":"/r"}]}`),
			[]string{`{"Authors":[{"Text":"OIM"}],"Category":{"Text":"Report"},"ID":"","Key":"https://a.example/page#r","Links":[{"url":"https://a.example/r"}],"Pages":{"Text":"120 p."},"Titles":{"fr":"Un rapport"}}`}},
		{"full names, values with languages", ld(`[{"@type":"http://schema.org/Book","http://schema.org/name":[{"@value":"A book","@language":"en"},{"@value":"Un livre","@language":"fr"}],"http://schema.org/isbn":"978-92-9068-706-3","schema:copyrightYear":2015}]`),
			[]string{`{"Category":{"Text":"Book"},"Date":{"Text":"2015"},"ID":"","Identifiers":[{"scheme":"isbn","value":"9789290687063"}],"Titles":{"en":"A book","fr":"Un livre"}}`}},
		{"a translation beside its original", ld(`{"@context":"https://schema.org/","@type":"Book","name":"Un manuel","inLanguage":"fr","translationOfWork":{"@type":"Book","name":"A manual","inLanguage":"en","url":"https://a.example/en"},"workTranslation":{"@type":"Book","name":"a mere mention"}}`),
			[]string{`{"Category":{"Text":"Book"},"ID":"","Key":"https://a.example/page#Un%20manuel","Languages":[{"Text":"fr"}],"Originals":["https://a.example/en"],"Titles":{"und":"Un manuel"}}`,
				`{"Category":{"Text":"Book"},"ID":"","Key":"https://a.example/en","Languages":[{"Text":"en"}],"Links":[{"url":"https://a.example/en"}],"Titles":{"und":"A manual"}}`}},
		{"an original with translations, one of them elsewhere", ld(`{"@context":"https://schema.org/","@graph":[{"@type":"Report","@id":"/r","headline":"A report","inLanguage":"en","workTranslation":[{"@id":"/r/ar"},{"@type":"Report","headline":"Un rapport","inLanguage":"fr","translationOfWork":{"@id":"/r"}},"https://a.example/r/ru",{"@id":"_:b1"}]}]}`),
			[]string{`{"Category":{"Text":"Report"},"ID":"","Key":"https://a.example/r","Languages":[{"Text":"en"}],"Titles":{"und":"A report"},"Translations":["https://a.example/r/ar","https://a.example/page#Un%20rapport","https://a.example/r/ru"]}`,
				`{"Category":{"Text":"Report"},"ID":"","Key":"https://a.example/page#Un%20rapport","Languages":[{"Text":"fr"}],"Originals":["https://a.example/r"],"Titles":{"und":"Un rapport"}}`}},
		{"a list, in two scripts, one damaged", ld("<!-- {\"@context\":\"https://schema.org\",\"@type\":\"ItemList\",\"itemListElement\":[{\"@type\":\"ListItem\",\"item\":{\"@type\":\"Dataset\",\"name\":\"One\nset\",\"url\":\"/1\"}},{\"@type\":\"ListItem\",\"item\":{\"@type\":\"Dataset\",\"name\":\"Two\",\"url\":\"/2\"}},{\"@type\":\"ListItem\",\"item\":{\"@type\":\"Product\",\"name\":\"No\",\"url\":\"/3\"}}]} -->", `{"@type":`),
			[]string{`{"Category":{"Text":"Dataset"},"ID":"","Key":"https://a.example/1","Links":[{"url":"https://a.example/1"}],"Titles":{"und":"One set"}}`,
				`{"Category":{"Text":"Dataset"},"ID":"","Key":"https://a.example/2","Links":[{"url":"https://a.example/2"}],"Titles":{"und":"Two"}}`}},
		{"JSON-LD before meta tags, field by field", ld(`{"@context":"https://schema.org","@type":"Report","name":"By JSON-LD","identifier":{"@type":"PropertyValue","propertyID":"doi","value":"10.1234/ld"}}`) + `<meta name="citation_title" content="By tags"><meta name="citation_doi" content="10.1234/tags"><meta name="citation_isbn" content="9789290687063"><meta name="citation_author" content="IOM">`,
			[]string{`{"Authors":[{"Text":"IOM"}],"Category":{"Text":"Report"},"ID":"","Identifiers":[{"scheme":"doi","value":"10.1234/ld"},{"scheme":"isbn","value":"9789290687063"}],"Titles":{"und":"By JSON-LD"}}`}},
	} {
		got, problems := all(HTML(strings.NewReader(c.page), "https://a.example/page"))
		if len(got) != len(c.want) || len(problems) != 0 {
			t.Errorf("%s: %d records, %q", c.name, len(got), problems)
			continue
		}
		for i, w := range c.want {
			if g := without(t, got[i]); g != w {
				t.Errorf("%s is\n%s\nwant\n%s", c.name, g, w)
			}
		}
		if got[0].Line != 3 {
			t.Errorf("%s: line %d", c.name, got[0].Line)
		}
	}
}

// TestNoWork: a page that describes no publication says so, and what is damaged.
func TestNoWork(t *testing.T) {
	for _, c := range []struct{ name, page, want string }{
		{"an ordinary page", "<html><title>Home</title><p>Text", "describes no publication"},
		{"the front of a site", `<html><meta property="og:type" content="website"><meta property="og:title" content="Home">`, "describes no publication"},
		{"another vocabulary", `<html><script type="application/ld+json">{"@context":"https://w3id.org/other","@type":"Report","name":"x"}</script>`, "describes no publication"},
		{"damaged JSON-LD", "<html>\n\n<script type=application/ld+json>\n{\"@type\": </script>", "line 3: the JSON-LD is damaged"},
		{"a huge element", "<html><p title='" + strings.Repeat("x", maxLine+1), "more than 4 MiB"},
		{"a huge page", "<html>" + strings.Repeat("<p>"+strings.Repeat("x", 1020)+"</p>", maxHTML>>10), "larger than 16 MiB"},
	} {
		got, problems := all(HTML(strings.NewReader(c.page), ""))
		if len(got) != 0 || len(problems) != 1 || !strings.Contains(problems[0], c.want) {
			t.Errorf("%s: %d records, %q", c.name, len(got), problems)
		}
	}
}

// TestHolds: which files that may be documents are records.
func TestHolds(t *testing.T) {
	for _, c := range []struct {
		name, file string
		want       bool
	}{
		{"a cited page", citedPage, true},
		{"a work", `<html><script type="application/ld+json">{"@context":"https://schema.org","@type":"Report","name":"A"}</script>`, true},
		{"a blog", `<html><meta name="DC.title" content="A"><script type="application/ld+json">{"@context":"https://schema.org","@type":"BlogPosting","name":"A"}</script>`, false},
		{"a page", "<html><title>Report</title>", false},
		{"a workbook of records", xlsxSample(t), true},
		{"another workbook", oneSheet(t, `<row r="1"><c r="A1" t="inlineStr"><is><t>Title</t></is></c><c r="B1"><v>2</v></c></row>`, ""), false},
		{"nothing", "", false},
	} {
		if got := Holds(strings.NewReader(c.file), Options{}); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestLinkedLoops: nodes that point to each other and nest end.
func TestLinkedLoops(t *testing.T) {
	deep := strings.Repeat(`{"@type":"Report","name":"a","url":"/x","hasPart":`, 3000) + "1" + strings.Repeat("}", 3000)
	loop := `{"@context":"https://schema.org","@graph":[{"@id":"#a","@type":"Book","name":{"@id":"#a","x":1},"isPartOf":{"@id":"#b"},"hasPart":{"@id":"#b"},"author":{"@id":"#b"}},{"@id":"#b","@type":"Book","name":"B","isPartOf":{"@id":"#a"},"hasPart":{"@id":"#a"},"url":"/b"}]}`
	var many []string
	for i := range 3000 {
		many = append(many, fmt.Sprintf(`{"@type":"Report","name":"r%d"}`, i))
	}
	for _, text := range []string{deep, loop, "[" + strings.Join(many, ",") + "]"} {
		got, _ := all(HTML(strings.NewReader(`<html><script type="application/ld+json">`+text+`</script>`), ""))
		if len(got) == 0 || len(got) > maxWorks {
			t.Errorf("%.40s: %d works", text, len(got))
		}
	}
}

func FuzzHTML(f *testing.F) {
	f.Add([]byte(citedPage))
	f.Add([]byte(`<html><script type="application/ld+json">{"@context":"https://schema.org","@type":"Report","name":{"en":"A"},"author":{"@id":"#a"},"isPartOf":{"name":"B"}}</script>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for range HTML(strings.NewReader(string(data)), "https://a.example/") {
		}
	})
}
