package format

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"

	"waymark/library"
)

// endNoteKinds are the types of EndNote's XML, by the names that it gives them.
var endNoteKinds = []struct{ name, number, word string }{
	{"Journal Article", "17", "Journal Article"}, {"Report", "27", "Report"}, {"Government Document", "46", "Report"}, {"Book", "6", "Book"}, {"Edited Book", "28", "Book"},
	{"Book Section", "5", "Book Chapter"}, {"Thesis", "32", "Thesis"}, {"Conference Paper", "47", "Conference Paper"}, {"Conference Proceedings", "10", "Conference Paper"},
	{"Statute", "31", "Legislation"}, {"Bill", "4", "Legislation"}, {"Legal Rule or Regulation", "50", "Legislation"}, {"Dataset", "59", "Dataset"},
	{"Web Page", "12", "Web Page"}, {"Film or Broadcast", "21", "Film"}, {"Audiovisual Material", "3", "Film"},
}

// EndNote reads EndNote's XML export.
func EndNote(r io.Reader) Drafts {
	return func(yield func(Draft, error) bool) {
		elements(r, func(n xml.Name) bool { return n.Local == "record" && n.Space == "" }, func(e *element, err error) bool {
			if err != nil {
				return yield(Draft{}, err)
			}
			return yield(endNoteDraft(e), nil)
		})
	}
}

// isEndNote tells EndNote's XML by the elements around its records.
func isEndNote(head []byte) bool {
	return isXML(head) && bytes.Contains(head, []byte("<records>")) && (bytes.Contains(head, []byte("<ref-type")) || bytes.Contains(head, []byte("<source-app")))
}

func endNoteDraft(e *element) Draft {
	value := func(path ...string) Value {
		if s := e.first(path...); s != "" {
			return Value{e.line, s}
		}
		return Value{}
	}
	many := func(list *[]Value, outer, inner string) {
		for _, o := range e.named(outer) {
			for _, c := range o.named(inner) {
				if s := squeeze(c.text); s != "" {
					*list = append(*list, Value{c.line, s})
				}
			}
		}
	}
	d := Draft{Line: e.line, Key: e.first("rec-number"), Titles: library.Text{library.Undetermined: e.first("titles", "title")},
		Volume: value("volume"), Issue: value("number"), Pages: value("pages"), Edition: value("edition")}
	for _, kind := range e.named("ref-type") {
		for _, k := range endNoteKinds {
			if d.Category.Text == "" && (k.name == kind.attr["name"] || k.number == squeeze(kind.text)) {
				d.Category = Value{e.line, k.word}
			}
		}
	}
	for _, path := range [][]string{{"periodical", "full-title"}, {"titles", "secondary-title"}, {"titles", "tertiary-title"}} {
		if d.Container.Text == "" {
			d.Container = value(path...)
		}
	}
	if abstract := e.first("abstract"); abstract != "" {
		d.Abstracts = library.Text{library.Undetermined: abstract}
	}
	d.endNotePeople(e)
	many(&d.Subjects, "keywords", "keyword")
	for _, c := range e.named("publisher") {
		d.Publishers = append(d.Publishers, Value{c.line, squeeze(c.text)})
	}
	for _, c := range e.named("language") {
		d.Languages = append(d.Languages, Value{c.line, squeeze(c.text)})
	}
	for _, date := range []string{e.first("dates", "pub-dates", "date"), e.first("dates", "year")} {
		if s := slashed(date); d.Date.Text == "" {
			if _, err := library.ParseDate(s); err == nil {
				d.Date = Value{e.line, s}
			}
		}
	}
	d.endNoteNumbers(e)
	return d
}

func (d *Draft) endNotePeople(e *element) {
	for _, c := range e.named("contributors") {
		for _, list := range []struct {
			to    *[]Value
			names string
		}{{&d.Authors, "authors"}, {&d.Editors, "secondary-authors"}} {
			for _, group := range c.named(list.names) {
				for _, name := range group.named("author") {
					if s := squeeze(name.text); s != "" {
						*list.to = append(*list.to, Value{name.line, s})
					}
				}
			}
		}
	}
}

func (d *Draft) endNoteNumbers(e *element) {
	d.identify("doi", e.first("electronic-resource-num"))
	for s := range strings.FieldsSeq(e.first("isbn")) {
		d.identify(serial(s), s)
	}
	for _, urls := range e.named("urls") {
		for _, group := range urls.children {
			for _, u := range group.named("url") {
				d.link(squeeze(u.text))
			}
		}
	}
}

// WriteEndNote writes EndNote's XML. It cannot hold what RIS cannot, nor that a
// work is a presentation.
func WriteEndNote(w io.Writer) Writer {
	return &xmlWriter{w: w, open: `<xml><records>`, shut: `</records></xml>`, marshal: marshalEndNote}
}

func marshalEndNote(d Draft) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`<record>`)
	put := func(name, value string) {
		if value != "" {
			b.WriteString("<" + name + ">" + escape(value) + "</" + name + ">")
		}
	}
	group := func(name, inner string, values ...[]Value) {
		var all []Value
		for _, v := range values {
			all = append(all, v...)
		}
		if len(all) == 0 {
			return
		}
		b.WriteString("<" + name + ">")
		for _, v := range all {
			put(inner, v.Text)
		}
		b.WriteString("</" + name + ">")
	}
	put("rec-number", d.Key)
	b.WriteString(endNoteType(d))
	b.WriteString("<contributors>")
	group("authors", "author", d.Authors)
	group("secondary-authors", "author", d.Editors)
	b.WriteString("</contributors>")
	title, lang := d.Titles.In(words(d.Languages)...)
	abstract, _ := d.Abstracts.In(lang)
	b.WriteString("<titles>")
	put("title", title)
	put("secondary-title", d.Container.Text)
	b.WriteString("</titles>")
	group("keywords", "keyword", d.Subjects, d.Topics, d.Countries, d.Regions)
	if date := d.Date.Text; date != "" {
		b.WriteString("<dates>")
		put("year", date[:min(4, len(date))])
		b.WriteString("<pub-dates>")
		put("date", date)
		b.WriteString("</pub-dates></dates>")
	}
	for _, v := range d.Publishers {
		put("publisher", v.Text)
	}
	for _, v := range d.Languages {
		put("language", v.Text)
	}
	put("volume", d.Volume.Text)
	put("number", d.Issue.Text)
	put("pages", d.Pages.Text)
	put("edition", d.Edition.Text)
	put("abstract", abstract)
	endNoteLocation(&b, d, put, group)
	b.WriteString(`</record>`)
	return b.Bytes(), nil
}

// endNoteLocation writes what the work is found by.
func endNoteLocation(b *bytes.Buffer, d Draft, put func(name, value string), group func(name, inner string, values ...[]Value)) {
	var serials []string
	for _, id := range d.Identifiers {
		switch id.Scheme {
		case "doi":
			put("electronic-resource-num", id.Value)
		case "isbn", "issn":
			serials = append(serials, id.Value)
		}
	}
	put("isbn", strings.Join(serials, " "))
	if len(d.Links) > 0 {
		b.WriteString("<urls>")
		var links []Value
		for _, l := range d.Links {
			links = append(links, Value{Text: l.URL})
		}
		group("related-urls", "url", links)
		b.WriteString("</urls>")
	}
}

// endNoteType gives the element of a record's type.
func endNoteType(d Draft) string {
	word := codeOf(d.Category.Text, "", func(i int) string { return kinds[i].word })
	for _, k := range endNoteKinds {
		if k.word == word {
			return `<ref-type name="` + k.name + `">` + k.number + `</ref-type>`
		}
	}
	return `<ref-type name="Generic">13</ref-type>`
}
