package describe

import (
	"regexp"
	"strings"

	"waymark/library"
)

// Tag is a meta element in the head of a page.
type Tag struct{ Name, Content string }

// tags grow; an empty content is left out.
type tags []Tag

func (t *tags) add(name string, contents ...string) {
	for _, c := range contents {
		if c = squeeze(c); c != "" {
			*t = append(*t, Tag{name, c})
		}
	}
}

// Highwire gives the tags that Google Scholar and Zotero read
// (https://scholar.google.com/intl/en/scholar/inclusion.html#indexing).
func (w Work) Highwire() []Tag {
	var t tags
	title, _ := w.Original()
	t.add("citation_title", title)
	t.add("citation_author", w.names(library.Author, library.Editor)...)
	t.add("citation_publication_date", strings.ReplaceAll(string(w.Date), "-", "/"))
	publisher := "citation_publisher"
	switch w.SchemaType() {
	case "ScholarlyArticle":
		t.add("citation_journal_title", w.Container)
	case "Report":
		publisher = "citation_technical_report_institution"
		fallthrough
	default:
		t.add("citation_series_title", w.Container)
	}
	t.add(publisher, w.names(library.Publisher)...)
	t.add("citation_volume", w.Volume)
	t.add("citation_issue", w.Issue)
	if first, last, ok := w.pages(); ok {
		t.add("citation_firstpage", first)
		t.add("citation_lastpage", last)
	}
	for _, id := range w.Identifiers {
		switch id.Scheme {
		case "doi", "isbn", "issn":
			t.add("citation_"+id.Scheme, id.Value)
		case "un-symbol":
			t.add("citation_technical_report_number", id.Value)
		}
	}
	t.add("citation_language", w.languages()...)
	t.add("citation_abstract_html_url", w.Address())
	for _, f := range w.open() {
		if f.Type == "application/pdf" {
			t.add("citation_pdf_url", w.file(f))
		}
	}
	return t
}

// DublinCore gives the tags of Dublin Core in HTML (DCMI, Expressing Dublin Core
// metadata using HTML/XHTML meta and link elements, 2008), for a page that links
// to schema.DC.
func (w Work) DublinCore() []Tag {
	var t tags
	title, _ := w.Original()
	t.add("DC.title", title)
	t.add("DC.creator", w.names(library.Author, library.Editor)...)
	t.add("DC.publisher", w.names(library.Publisher)...)
	t.add("DC.date", string(w.Date))
	for _, code := range w.Topics {
		t.add("DC.subject", w.label(library.FieldTopic, code))
	}
	t.add("DC.subject", w.Subjects...)
	if w.Category != "" {
		t.add("DC.type", w.label(library.FieldCategory, w.Category))
	}
	t.add("DC.identifier", w.Cite())
	t.add("DC.language", w.languages()...)
	t.add("DC.rights", w.Rights)
	return t
}

// OpenGraph gives the tags that name a page where its address is shared
// (https://ogp.me); they are properties, not names.
func (w Work) OpenGraph(description string) []Tag {
	var t tags
	title, _ := w.Title(w.Lang)
	t.add("og:title", title)
	t.add("og:type", "article")
	t.add("og:url", w.Page)
	t.add("og:site_name", w.Site)
	t.add("og:description", description)
	t.add("og:image", w.cover())
	return t
}

// names gives the names of the contributors in some roles, without acronyms.
func (w Work) names(roles ...library.ContributorRole) []string {
	var names []string
	for _, a := range w.Named(w.In(roles...)) {
		name, _ := a.Names.In(w.Languages...)
		names = append(names, name)
	}
	return names
}

var pageRange = regexp.MustCompile(`^(\w+)\s*[-–]\s*(\w+)$`)

// pages gives the first and the last page of an article.
func (w Work) pages() (first, last string, ok bool) {
	m := pageRange.FindStringSubmatch(strings.TrimSpace(w.Pages))
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}
