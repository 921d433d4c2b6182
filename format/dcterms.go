package format

import (
	"bytes"
	"io"
	"net/url"
	"regexp"
	"strings"

	"waymark/library"
)

// isQualifiedDC tells XML with records of Dublin Core in the containers that
// providers use for the qualified form.
func isQualifiedDC(head []byte) bool {
	return isXML(head) && !isMODS(head) && !isMARCXML(head) && (bytes.Contains(head, []byte(":qualifieddc")) || bytes.Contains(head, []byte("<qualifieddc")) ||
		bytes.Contains(head, []byte(":dcterms>")) || bytes.Contains(head, []byte(":dcterms ")))
}

var (
	fileSize    = regexp.MustCompile(`(?i)\d\s*(bytes|[kmg]i?b)\.?$`)
	countryCode = regexp.MustCompile(`^[A-Z]{2}$|^[A-Z]{3}$`)
	citedPlace  = regexp.MustCompile(`^(.+?)[,.]? (?:[Vv]ol\. ?)?(\d+)(?: ?\((\d[^)]*)\)|, (?:[Nn]o|[Ii]ssue)\.? ?(\d+))?[,:] ?(?:pp?\.? ?)?(\d+[-–]\d+)\b`)
	tagForm     = regexp.MustCompile(`^([A-Za-z]{2,3})(?:[_-][A-Za-z0-9_-]+)?$`)
)

// citationSign begins a citation for machines.
const citationSign = "ctx_ver=Z39.88-2004"

// languageTag gives the language of a tag or code, "en" for "en_US" and "eng":
// what is neither stays as it is.
func languageTag(s string) string {
	m := tagForm.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	return languageOf(strings.ToLower(m[1]))
}

// dcRefined takes the terms of which one stands before another.
func (d *Draft) dcRefined(rec *element) {
	each := func(name string, do func(*element, Value)) {
		for _, c := range rec.named(name) {
			if s := squeeze(c.text); s != "" {
				do(c, Value{c.line, s})
			}
		}
	}
	each("alternative", func(c *element, v Value) {
		if len(d.Titles) == 0 || c.attr["lang"] != "" {
			speak(&d.Titles, c, v.Text)
		}
	})
	for _, name := range []string{"abstract", "description"} {
		each(name, func(c *element, v Value) { speak(&d.Abstracts, c, v.Text) })
	}
	for _, name := range []string{"issued", "date", "created", "dateCopyrighted", "available"} {
		each(name, func(_ *element, v Value) { d.dcDate(v) })
	}
	each("source", func(_ *element, v Value) {
		if d.Container.Text == "" && !strings.Contains(v.Text, "://") {
			d.Container = v
		}
	})
	for _, name := range []string{"license", "rights"} {
		each(name, func(_ *element, v Value) {
			if d.Rights.Text == "" {
				d.Rights = v
			}
		})
	}
	each("bibliographicCitation", func(_ *element, v Value) { d.cited(v) })
}

// dcDate takes a date unless there is one; words give way to a date.
func (d *Draft) dcDate(v Value) {
	m := datedForm.FindStringSubmatch(v.Text)
	if _, err := library.ParseDate(d.Date.Text); m != nil && err != nil {
		d.Date = Value{v.Line, m[1]}
	} else if d.Date.Text == "" {
		d.Date = v
	}
}

// dcPlace takes a place: a country when it says so by a code of ISO 3166.
func (d *Draft) dcPlace(c *element, v Value) {
	if strings.HasSuffix(c.attr["type"], "ISO3166") || strings.HasSuffix(c.attr["type"], "ISO3166-1") {
		if countryCode.MatchString(v.Text) {
			d.Countries = append(d.Countries, v)
			return
		}
	}
	d.Places = append(d.Places, v)
}

// dcRelations are the terms that are relations. Their inverses, as hasVersion,
// are for the other record to say.
var dcRelations = []struct {
	term string
	is   library.RelationType
}{{"isVersionOf", library.TranslationOf}, {"replaces", library.Supersedes}, {"isPartOf", library.PartOf}}

// dcRelation takes a relation to a record of Waymark; another whole is known by
// its title only.
func (d *Draft) dcRelation(term string, v Value) {
	id := v.Text[strings.LastIndexAny(v.Text, ":/")+1:]
	if library.ID(id).Valid() {
		for _, rel := range dcRelations {
			if rel.term == term {
				d.Relations = append(d.Relations, library.Relation{Type: rel.is, Target: library.ID(id)})
			}
		}
		return
	}
	if lower := strings.ToLower(v.Text); term == "isPartOf" && !strings.Contains(lower, "://") && !strings.HasPrefix(lower, "urn:") && !strings.HasPrefix(lower, "issn") && serial(v.Text) == "" {
		d.Container = v
	}
}

// cited takes where the work stands out of a citation: one for machines, as the
// DCMI's guidelines want it (OpenURL, ANSI/NISO Z39.88), or "Journal 3(2), 11-19".
func (d *Draft) cited(v Value) {
	fill := func(to *Value, s string) {
		if s = squeeze(s); s != "" && to.Text == "" {
			*to = Value{v.Line, s}
		}
	}
	if !strings.Contains(v.Text, citationSign) {
		if m := citedPlace.FindStringSubmatch(v.Text); m != nil {
			fill(&d.Volume, m[2])
			fill(&d.Issue, m[3]+m[4])
			fill(&d.Pages, strings.ReplaceAll(m[5], "–", "-"))
		}
		return
	}
	q, err := url.ParseQuery(v.Text)
	if err != nil {
		return // a citation that nobody can read is no loss of the record
	}
	pages := q.Get("rft.pages")
	if pages == "" && q.Get("rft.spage") != "" {
		pages = strings.TrimSuffix(q.Get("rft.spage")+"-"+q.Get("rft.epage"), "-")
	}
	fill(&d.Volume, q.Get("rft.volume"))
	fill(&d.Issue, q.Get("rft.issue"))
	fill(&d.Pages, pages)
	fill(&d.Edition, q.Get("rft.edition"))
	for _, name := range []string{"rft.jtitle", "rft.btitle", "rft.title"} {
		fill(&d.Container, q.Get(name))
	}
}

// WriteQualifiedDC writes a collection of records in qualified Dublin Core. It
// cannot hold: editors apart from other contributors, what is place, topic or
// keyword, the record's own name, withdrawals, and identifiers of schemes that
// cannot be told by their look.
func WriteQualifiedDC(w io.Writer) Writer {
	return &xmlWriter{w: w, open: `<records>`, shut: `</records>`, marshal: MarshalQualifiedDC}
}

// MarshalQualifiedDC gives one record as the element qdc:qualifieddc, the form
// in which DSpace and others serve qualified Dublin Core over OAI-PMH.
func MarshalQualifiedDC(d Draft) ([]byte, error) {
	var m markup
	m.open("qdc:qualifieddc", "xmlns:qdc", nsQDC, "xmlns:dc", nsDC, "xmlns:dcterms", nsTerms, "xmlns:xsi", nsSchema)
	title, lang := d.Titles.In(words(d.Languages)...)
	m.leaf("dc:title", title, "xml:lang", spoken(lang))
	for _, l := range d.Titles.Languages() {
		switch l {
		case lang:
		case library.Undetermined:
			m.leaf("dc:title", d.Titles[l])
		default:
			m.leaf("dcterms:alternative", d.Titles[l], "xml:lang", l)
		}
	}
	for _, f := range []struct {
		name   string
		values []Value
	}{{"dc:creator", d.Authors}, {"dc:contributor", d.Editors}, {"dc:publisher", d.Publishers}, {"dc:subject", d.Topics}, {"dc:subject", d.Subjects},
		{"dcterms:spatial", d.Countries}, {"dcterms:spatial", d.Regions}} {
		for _, v := range f.values {
			m.leaf(f.name, v.Text)
		}
	}
	for _, l := range d.Abstracts.Languages() {
		m.leaf("dcterms:abstract", d.Abstracts[l], "xml:lang", spoken(l))
	}
	scheme := "dcterms:W3CDTF"
	if _, err := library.ParseDate(d.Date.Text); err != nil {
		scheme = ""
	}
	m.leaf("dcterms:issued", d.Date.Text, "xsi:type", scheme)
	m.leaf("dc:type", d.Category.Text)
	for _, v := range d.Languages {
		m.leaf("dc:language", v.Text, "xsi:type", "dcterms:RFC5646")
	}
	m.dcFound(d)
	m.shut("qdc:qualifieddc")
	return m.Bytes(), nil
}

// dcFound writes what the work is named by, and where it stands.
func (m *markup) dcFound(d Draft) {
	for _, id := range d.Identifiers {
		kind := ""
		if id.Scheme == "doi" {
			kind = "dcterms:URI"
		}
		m.leaf("dc:identifier", dcIdentifier(id), "xsi:type", kind)
	}
	for _, l := range d.Links {
		m.leaf("dc:identifier", l.URL, "xsi:type", "dcterms:URI")
	}
	m.leaf("dcterms:extent", d.Pages.Text)
	m.leaf("dcterms:isPartOf", d.Container.Text)
	for _, rel := range d.Relations {
		for _, r := range dcRelations {
			if r.is == rel.Type {
				m.leaf("dcterms:"+r.term, "waymark:"+string(rel.Target))
			}
		}
	}
	cited := url.Values{}
	for name, v := range map[string]Value{"rft.jtitle": d.Container, "rft.volume": d.Volume, "rft.issue": d.Issue, "rft.edition": d.Edition} {
		if v.Text != "" {
			cited.Set(name, v.Text)
		}
	}
	if len(cited) > 0 {
		m.leaf("dcterms:bibliographicCitation", citationSign+"&"+cited.Encode())
	}
	name := "dc:rights"
	if strings.HasPrefix(d.Rights.Text, "http") {
		name = "dcterms:license"
	}
	m.leaf(name, d.Rights.Text)
}
