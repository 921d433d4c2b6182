package format

import (
	"fmt"
	"io"
	"strings"
)

// WriteZotero writes the RDF that Zotero imports. It cannot hold: titles and
// abstracts in more than one language and the languages they are in, languages
// and publishers after the first, countries, regions and topics (they go out as
// keywords), relations, withdrawals, and identifiers other than DOI, ISBN, ISSN
// and the symbols of the United Nations.
func WriteZotero(w io.Writer) Writer {
	z := &zoteroWriter{}
	z.xmlWriter = xmlWriter{w: w, shut: `</rdf:RDF>`, marshal: z.record,
		open: `<rdf:RDF xmlns:rdf="` + nsRDF + `" xmlns:z="` + nsZotero + `" xmlns:dcterms="` + nsTerms + `" xmlns:bib="` + nsBiblio + `" xmlns:foaf="` + nsFOAF + `" xmlns:dc="` + nsDC + `" xmlns:prism="` + nsPRISM12 + `">`}
	return z
}

// zoteroWriter numbers the records, whose names must be addresses.
type zoteroWriter struct {
	xmlWriter
	written int
}

// record gives a record with what it stands in.
func (z *zoteroWriter) record(d Draft) ([]byte, error) {
	z.written++
	kind := zoteroKinds[len(zoteroKinds)-1]
	word := codeOf(d.Category.Text, "", func(i int) string { return kinds[i].word })
	for _, k := range zoteroKinds {
		if k.word == word && word != "" {
			kind = k
			break
		}
	}
	var m markup
	m.open(kind.class, "rdf:about", fmt.Sprint("#item_", z.written))
	m.leaf("z:itemType", kind.item)
	if d.Category.Text != word {
		m.leaf("z:type", d.Category.Text) // a type of report in Zotero
	}
	within := func(m *markup) {
		m.leaf("prism:volume", d.Volume.Text)
		m.leaf("prism:number", d.Issue.Text)
	}
	if d.Container.Text != "" {
		m.open("dcterms:isPartOf")
		m.open(kind.within)
		m.leaf("dc:title", d.Container.Text)
		within(&m)
		m.shut(kind.within)
		m.shut("dcterms:isPartOf")
	} else {
		within(&m)
	}
	m.zoteroNames("bib:authors", d.Authors)
	m.zoteroNames("bib:editors", d.Editors)
	m.zoteroTexts(d)
	m.zoteroFound(d)
	m.shut(kind.class)
	return m.Bytes(), nil
}

// zoteroNames writes names in parts where they say which is which.
func (m *markup) zoteroNames(tag string, names []Value) {
	m.within(tag, func(m *markup) {
		m.within("rdf:Seq", func(m *markup) {
			for _, v := range names {
				m.open("rdf:li")
				m.open("foaf:Person")
				family, given, _ := strings.Cut(v.Text, ", ")
				m.leaf("foaf:surname", family)
				m.leaf("foaf:givenName", given)
				m.shut("foaf:Person")
				m.shut("rdf:li")
			}
		})
	})
}

func (m *markup) zoteroTexts(d Draft) {
	title, lang := d.Titles.In(words(d.Languages)...)
	abstract, _ := d.Abstracts.In(lang)
	for _, list := range [][]Value{d.Subjects, d.Topics, d.Countries, d.Regions} {
		for _, v := range list {
			m.leaf("dc:subject", v.Text)
		}
	}
	m.leaf("dc:title", title)
	m.leaf("dcterms:abstract", abstract)
	m.leaf("dc:date", d.Date.Text)
	if len(d.Languages) > 0 {
		m.leaf("z:language", d.Languages[0].Text)
	}
	if len(d.Publishers) > 0 {
		m.within("dc:publisher", func(m *markup) {
			m.within("foaf:Organization", func(m *markup) { m.leaf("foaf:name", d.Publishers[0].Text) })
		})
	}
	m.leaf("dc:rights", d.Rights.Text)
	m.leaf("prism:edition", d.Edition.Text)
	if modsInPart(d) {
		m.leaf("bib:pages", d.Pages.Text)
	} else {
		m.leaf("z:numPages", strings.TrimSuffix(d.Pages.Text, " p."))
	}
	m.leaf("z:citationKey", keyOf(d))
}

// zoteroFound writes what the work is named and found by.
func (m *markup) zoteroFound(d Draft) {
	for _, id := range d.Identifiers {
		switch id.Scheme {
		case "doi", "isbn", "issn":
			m.leaf("dc:identifier", strings.ToUpper(id.Scheme)+" "+id.Value)
		case "un-symbol":
			m.leaf("prism:number", id.Value)
		}
	}
	for _, l := range d.Links {
		m.within("dc:identifier", func(m *markup) {
			m.within("dcterms:URI", func(m *markup) { m.leaf("rdf:value", l.URL) })
		})
	}
}
