package format

import (
	"strings"
	"testing"
)

const rssSample = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>New publications</title><link>https://a.example/</link><atom:link rel="self" href="https://a.example/feed"/><image><title>no</title></image>
<item><title>Of people &amp;amp; borders</title><link>https://a.example/1</link><guid isPermaLink="false">oai:a:1</guid><description>&lt;p&gt;An &lt;b&gt;abstract&lt;/b&gt;.&lt;/p&gt;</description>
<dc:creator>Gusak, Nataliya</dc:creator><dc:date>2015-03-09T00:00:00Z</dc:date><dc:publisher>IOM</dc:publisher><dc:language>en</dc:language><category>borders</category><category>camps</category>
<pubDate>Mon, 06 Apr 2015 23:30:00 +0200</pubDate><prism:doi>10.1234/ABC</prism:doi><prism:publicationName>A Journal</prism:publicationName><prism:issn>1234-567X</prism:issn>
<prism:volume>7</prism:volume><prism:number>2</prism:number><prism:startingPage>11</prism:startingPage><prism:endingPage>19</prism:endingPage>
<enclosure url="https://a.example/1.pdf" type="application/pdf"/><media:group><media:content url="https://a.example/1.jpg" type="image/jpeg"/><media:keywords>tents, shelters</media:keywords></media:group></item>
<item><title>Second</title><guid>https://a.example/2</guid><author>a@a.example (Ann Author)</author><pubDate>Tue, 7 Apr 2015 01:00:00 GMT</pubDate><content:encoded><![CDATA[<p>The whole text.</p><script>x()</script>]]></content:encoded></item>
<item><description>without a title</description></item>
</channel></rss>`

const atomSample = `<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/terms/"><title>Nouvelles</title><id>urn:f</id>
<link rel="next" href="?page=2"/>
<entry><id>tag:a.example,2015:1</id><title type="html" xml:lang="fr">Des &lt;i&gt;personnes&lt;/i&gt;</title><link href="/fr/1"/><link rel="enclosure" href="1.pdf"/><link rel="edit" href="/edit"/>
<author><name>OIM</name><email>x@a.example</email></author><contributor><name>Un Éditeur</name></contributor><category term="x1" label="frontières"/><published>2015-03-09T10:00:00+02:00</published><updated>2016-01-01T00:00:00Z</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Le texte</p><p>entier</p></div></content><rights>CC BY</rights><dc:identifier>10.1234/xyz</dc:identifier></entry>
<entry><id>https://a.example/2</id><title>Deux</title><link rel="alternate" href="https://a.example/2"/><updated>2016-02-03T00:00:00Z</updated><summary>Bref</summary><content>Long</content></entry>
<entry><title>Trois</ti`

func TestFeed(t *testing.T) {
	for _, c := range []struct {
		name, feed string
		want       []string
		problem    string
	}{
		{"RSS", rssSample, []string{
			`{"Abstracts":{"und":"An abstract."},"Authors":[{"Text":"Gusak, Nataliya"}],"Container":{"Text":"A Journal"},"Date":{"Text":"2015-03-09"},"ID":"","Identifiers":[{"scheme":"doi","value":"10.1234/abc"},{"scheme":"issn","value":"1234-567X"}],"Issue":{"Text":"2"},"Key":"oai:a:1","Languages":[{"Text":"en"}],"Links":[{"url":"https://a.example/1"},{"url":"https://a.example/1.pdf"}],"Pages":{"Text":"11-19"},"Publishers":[{"Text":"IOM"}],"Subjects":[{"Text":"borders"},{"Text":"camps"},{"Text":"tents"},{"Text":"shelters"}],"Titles":{"und":"Of people \u0026 borders"},"Volume":{"Text":"7"}}`,
			`{"Abstracts":{"und":"The whole text."},"Authors":[{"Text":"Ann Author"}],"Date":{"Text":"2015-04-07"},"ID":"","Key":"https://a.example/2","Links":[{"url":"https://a.example/2"}],"Titles":{"und":"Second"}}`,
			`{"Abstracts":{"und":"without a title"},"ID":""}`}, ""},
		{"Atom", atomSample, []string{
			`{"Abstracts":{"und":"Le texte entier"},"Authors":[{"Text":"OIM"}],"Date":{"Text":"2015-03-09"},"Editors":[{"Text":"Un Éditeur"}],"ID":"","Identifiers":[{"scheme":"doi","value":"10.1234/xyz"}],"Key":"tag:a.example,2015:1","Links":[{"url":"https://a.example/fr/1"},{"url":"https://a.example/feeds/1.pdf"}],"Rights":{"Text":"CC BY"},"Subjects":[{"Text":"frontières"}],"Titles":{"fr":"Des personnes"}}`,
			`{"Abstracts":{"und":"Bref"},"Date":{"Text":"2016-02-03"},"ID":"","Key":"https://a.example/2","Links":[{"url":"https://a.example/2"}],"Titles":{"und":"Deux"}}`}, "line 7: the XML is damaged"},
		{"RSS 1.0", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>x</title></channel><item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link><dc:date>2015</dc:date></item></rdf:RDF>`,
			[]string{`{"Date":{"Text":"2015"},"ID":"","Key":"https://a.example/1","Links":[{"url":"https://a.example/1"}],"Titles":{"und":"One"}}`}, ""},
	} {
		got, problems := all(Read(strings.NewReader(c.feed), Options{Address: "https://a.example/feeds/new"}))
		if len(got) != len(c.want) || (len(problems) == 0) != (c.problem == "") || len(problems) > 0 && !strings.Contains(problems[0], c.problem) {
			t.Errorf("%s: %d records, %q", c.name, len(got), problems)
			continue
		}
		for i, w := range c.want {
			if g := without(t, got[i]); g != w {
				t.Errorf("%s: record %d is\n%s\nwant\n%s", c.name, i, g, w)
			}
		}
	}
	got, _ := all(Feed(strings.NewReader(rssSample), ""))
	if got[0].Line != 4 || got[1].Line != 9 {
		t.Errorf("lines %d and %d", got[0].Line, got[1].Line)
	}
	if isFeed([]byte(dcSample)) || isFeed([]byte(citedPage)) || isDublinCore([]byte(rssSample)) {
		t.Error("a feed is not told from others")
	}
}

func FuzzFeed(f *testing.F) {
	f.Add([]byte(rssSample))
	f.Add([]byte(atomSample))
	f.Fuzz(func(t *testing.T, data []byte) {
		for range Feed(strings.NewReader(string(data)), "https://a.example/") {
		}
	})
}
