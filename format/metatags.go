package format

import (
	"encoding/xml"
	"regexp"
	"slices"
	"strings"

	"waymark/library"
)

// highwire gives what the meta tags of Highwire Press say, which Google Scholar
// and Zotero read: citation_title and its like.
func (p *webPage) highwire() Draft {
	var d Draft
	var first, last string
	for _, m := range p.metas {
		name, ok := strings.CutPrefix(m.name, "citation_")
		if !ok {
			continue
		}
		if d.Line == 0 {
			d.Line = m.line
		}
		v := Value{m.line, squeeze(plainText(m.content))}
		switch name {
		case "firstpage":
			first = v.Text
		case "lastpage":
			last = v.Text
		default:
			d.highwire(name, m, v, p)
		}
	}
	if first != "" {
		d.Pages = Value{d.Line, strings.TrimSuffix(first+"-"+last, "-")}
	}
	return d
}

// highwire takes one tag of a citation.
func (d *Draft) highwire(name string, m metaTag, v Value, p *webPage) {
	set := func(to *Value) {
		if to.Text == "" {
			*to = v
		}
	}
	in := func(kind string) { d.Category = Value{m.line, kind} }
	switch name {
	case "title":
		say(&d.Titles, m.lang, v.Text)
	case "abstract":
		say(&d.Abstracts, m.lang, beginning(plainText(m.content)))
	case "author", "authors":
		d.Authors = append(d.Authors, listed(v, ";")...)
	case "editor", "editors":
		d.Editors = append(d.Editors, listed(v, ";")...)
	case "publication_date", "date", "online_date", "year":
		if date := isoDay(v.Text); d.Date.Text == "" || name == "publication_date" && len(date) >= len(d.Date.Text) {
			d.Date = Value{m.line, date}
		}
	case "journal_title":
		in("Journal Article")
		set(&d.Container)
	case "conference_title", "conference":
		in("Conference Paper")
		set(&d.Container)
	case "inbook_title", "book_title":
		in("Book Chapter")
		set(&d.Container)
	case "series_title":
		set(&d.Container)
	case "technical_report_institution", "dissertation_institution":
		d.Publishers = append(d.Publishers, v)
		if in("Report"); name == "dissertation_institution" {
			in("Thesis")
		}
	case "technical_report_number":
		d.name(v.Text)
	case "publisher":
		d.Publishers = append(d.Publishers, v)
	case "volume":
		set(&d.Volume)
	case "issue":
		set(&d.Issue)
	case "language":
		d.Languages = append(d.Languages, v)
	case "keywords", "keyword":
		d.Subjects = append(d.Subjects, keywords(v)...)
	case "doi", "isbn", "issn":
		d.identify(name, v.Text)
	case "pdf_url", "fulltext_html_url", "abstract_html_url":
		d.link(p.absolute(m.content))
	}
}

// say keeps a text under a language, the first of each.
func say(to *library.Text, lang, text string) {
	if text == "" {
		return
	}
	if lang == "" {
		lang = library.Undetermined
	}
	if *to == nil {
		*to = library.Text{}
	}
	if (*to)[lang] == "" {
		(*to)[lang] = text
	}
}

// listed gives the parts of a value between signs.
func listed(v Value, signs string) (values []Value) {
	for part := range strings.FieldsFuncSeq(v.Text, func(r rune) bool { return strings.ContainsRune(signs, r) }) {
		if part = squeeze(part); part != "" {
			values = append(values, Value{v.Line, part})
		}
	}
	return values
}

// keywords gives the parts of a list of them: between semicolons, else commas
// of any script.
func keywords(v Value) []Value {
	if strings.ContainsAny(v.Text, ";；؛") {
		return listed(v, ";；؛")
	}
	return listed(v, ",，、،")
}

// dayForm is a date at the beginning of a time, or of the form that American
// pages use.
var dayForm = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/(\d{4})$`)

// isoDay gives a date in EDTF; the source's words when it is none.
func isoDay(s string) string {
	if m := datedForm.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	if m := dayForm.FindStringSubmatch(s); m != nil {
		return slashed(m[3] + "/" + m[1] + "/" + m[2])
	}
	return slashed(s)
}

// refined are the elements of Dublin Core that DSpace and others write with a
// qualifier, by the term that says the same.
var refined = map[string]string{
	"date.issued": "issued", "description.abstract": "abstract", "contributor.author": "creator", "title.alternative": "alternative",
	"relation.ispartof": "isPartOf", "ispartof": "isPartOf", "coverage.spatial": "spatial", "format.extent": "extent", "language.iso": "language",
	"contributor.editor": "contributor", "contributor.advisor": "", "description.provenance": "", "date.accessioned": "", "date.available": "",
	"identifier.citation": "", "bibliographiccitation": "", "creator.personalname": "creator", "creator.corporatename": "creator",
}

// dublinCore gives what meta tags in the terms of Dublin Core say
// (https://www.dublincore.org/specifications/dublin-core/dcq-html/).
func (p *webPage) dublinCore() Draft {
	var d Draft
	var all element
	for _, m := range p.metas {
		name, ok := strings.CutPrefix(m.name, "dc.")
		if !ok {
			if name, ok = strings.CutPrefix(m.name, "dcterms."); !ok {
				continue
			}
		}
		if d.Line == 0 {
			d.Line = m.line
		}
		if term, known := refined[name]; known {
			name = term
		} else {
			name, _, _ = strings.Cut(name, ".")
		}
		text := m.content
		switch name {
		case "description", "abstract":
			text = beginning(plainText(text))
		case "identifier":
			text = strings.TrimPrefix(text, "URI:")
		default:
			text = squeeze(plainText(text))
		}
		one := &element{name: xml.Name{Local: name}, line: m.line, attr: map[string]string{"lang": m.lang}, text: text}
		d.dcElement(one, Value{m.line, text})
		all.children = append(all.children, one)
	}
	d.dcRefined(&all)
	return d
}

// openGraph gives what meta tags of the Open Graph protocol (https://ogp.me)
// say of a page that is an article or a book.
func (p *webPage) openGraph() Draft {
	d := Draft{Line: 1}
	kind := ""
	for _, m := range p.metas {
		v := Value{m.line, squeeze(plainText(m.content))}
		switch m.name {
		case "og:type":
			kind = strings.ToLower(v.Text)
		case "og:title":
			say(&d.Titles, "", v.Text)
		case "og:description":
			say(&d.Abstracts, "", v.Text)
		case "og:url":
			d.link(p.absolute(m.content))
		case "og:locale":
			d.Languages = []Value{{m.line, strings.ReplaceAll(v.Text, "_", "-")}}
		case "og:site_name":
			d.Publishers = []Value{v}
		case "article:published_time", "book:release_date":
			d.Date = Value{m.line, isoDay(v.Text)}
		case "article:tag", "book:tag":
			d.Subjects = append(d.Subjects, v)
		case "article:author", "book:author":
			if !strings.Contains(v.Text, "://") { // most give an address of a profile
				d.Authors = append(d.Authors, v)
			}
		case "book:isbn":
			d.identify("isbn", v.Text)
		}
	}
	if !slices.Contains([]string{"article", "book", "books.book"}, kind) {
		d.Titles = nil // the front of a house, or a list
	}
	return d
}
