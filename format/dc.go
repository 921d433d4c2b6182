package format

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"

	"waymark/library"
)

// The names of Dublin Core in XML: the fifteen elements of version 1.1, the
// terms that refine them, and the element that OAI-PMH puts around a record.
const (
	nsDC      = "http://purl.org/dc/elements/1.1/"
	nsTerms   = "http://purl.org/dc/terms/"
	nsOAIDC   = "http://www.openarchives.org/OAI/2.0/oai_dc/"
	nsQDC     = "http://dspace.org/qualifieddc/"
	nsSchema  = "http://www.w3.org/2001/XMLSchema-instance"
	xsdOAIDC  = nsOAIDC + " http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
	dcElement = "dc"
)

// DublinCore reads records in Dublin Core, simple or qualified, wherever they
// stand in an XML source: alone, in a collection, in an answer of OAI-PMH.
func DublinCore(r io.Reader) Drafts { return dublinCore(r, nil) }

// dublinCore reads elements of which rules speak by them.
func dublinCore(r io.Reader, rules Rules) Drafts {
	return func(yield func(Draft, error) bool) {
		wanted := func(n xml.Name) bool {
			return n.Local == dcElement && n.Space == nsOAIDC || n.Local == "qualifieddc" || n.Local == "dcterms"
		}
		elements(r, wanted, func(e *element, err error) bool {
			if err != nil {
				return yield(Draft{}, err)
			}
			return yield(rules.core(e), nil)
		})
	}
}

// isDublinCore tells XML that speaks of Dublin Core and of nothing richer.
func isDublinCore(head []byte) bool {
	return isXML(head) && bytes.Contains(head, []byte(nsOAIDC)) && !isMODS(head) && !isMARCXML(head) && !isQualifiedDC(head) && !isDataCiteXML(head)
}

// isXML tells XML by its beginning.
func isXML(head []byte) bool {
	head = bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\ufeff")))
	return bytes.HasPrefix(head, []byte("<?xml")) || bytes.HasPrefix(head, []byte("<")) && !bytes.HasPrefix(bytes.ToLower(head[:min(15, len(head))]), []byte("<!doctype html")) && !bytes.HasPrefix(head, []byte("<html"))
}

var (
	symbolForm = regexp.MustCompile(`^[A-Z]{1,4}(/[A-Z0-9.]+)+(/[\w.]+)*$`)
	datedForm  = regexp.MustCompile(`^(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:T.*)?$`)
)

// dcDraft takes the elements of a record by their names.
func dcDraft(rec *element) Draft {
	d := Draft{Line: rec.line, Titles: library.Text{}}
	for _, c := range rec.children {
		if s := squeeze(c.text); s != "" {
			d.dcElement(c, Value{c.line, s})
		}
	}
	d.dcRefined(rec)
	return d
}

// speak keeps a text under the language of its element, the first of each.
func speak(to *library.Text, c *element, s string) {
	lang := languageTag(c.attr["lang"])
	if lang == "" {
		lang = library.Undetermined
	}
	if *to == nil {
		*to = library.Text{}
	}
	if (*to)[lang] == "" {
		(*to)[lang] = s
	}
}

func (d *Draft) dcElement(c *element, v Value) {
	switch c.name.Local {
	case "title":
		speak(&d.Titles, c, v.Text)
	case "creator":
		d.Authors = append(d.Authors, v)
	case "contributor":
		d.Editors = append(d.Editors, v)
	case "publisher":
		d.Publishers = append(d.Publishers, v)
	case "subject":
		d.Subjects = append(d.Subjects, v)
	case "coverage": // of a time too: intake makes a keyword of what is no place
		d.Places = append(d.Places, v)
	case "spatial":
		d.dcPlace(c, v)
	case "type":
		if d.Category.Text == "" || kindWord(v.Text) {
			d.Category = v
		}
	case "language":
		d.Languages = append(d.Languages, Value{v.Line, languageTag(v.Text)})
	case "identifier":
		d.name(v.Text)
	case "extent":
		if !fileSize.MatchString(v.Text) {
			d.Pages = v
		}
	case "isPartOf", "isVersionOf", "replaces":
		d.dcRelation(c.name.Local, v)
	}
}

// kindWord tells the words that all formats share from others.
func kindWord(s string) bool {
	return codeOf(s, "", func(i int) string { return kinds[i].word }) != ""
}

// name takes an identifier that does not say its scheme.
func (d *Draft) name(s string) {
	lower := strings.ToLower(s)
	for _, prefix := range []string{"doi:", "isbn:", "issn:", "isbn ", "issn ", "urn:isbn:", "urn:issn:", "un-symbol:", "celex:", "cets:", "ilo-code:"} {
		if strings.HasPrefix(lower, prefix) {
			d.identify(strings.Trim(strings.TrimPrefix(prefix, "urn:"), ": "), strings.TrimSpace(s[len(prefix):]))
			return
		}
	}
	switch {
	case strings.HasPrefix(lower, "http://"), strings.HasPrefix(lower, "https://"):
		d.link(s)
	case strings.HasPrefix(lower, "10."):
		d.identify("doi", s)
	case serial(s) != "":
		d.identify(serial(s), s)
	case symbolForm.MatchString(s):
		d.identify("un-symbol", s)
	case strings.HasPrefix(lower, "urn:"):
		d.identify("urn", s)
	}
}

// WriteDublinCore writes a collection of records in oai_dc. Simple Dublin Core
// cannot hold: editors apart from other contributors, what is place, topic or
// keyword, volume, issue, edition and pages, relations but by their addresses,
// ids of Waymark, and identifiers of schemes that cannot be told by their look.
func WriteDublinCore(w io.Writer) Writer {
	return &xmlWriter{w: w, open: `<records>`, shut: `</records>`, marshal: MarshalDublinCore}
}

// xmlWriter writes records one after the other in an element.
type xmlWriter struct {
	w          io.Writer
	open, shut string
	marshal    func(Draft) ([]byte, error)
	began      bool
}

func (x *xmlWriter) begin() error {
	if x.began {
		return nil
	}
	x.began = true
	_, err := io.WriteString(x.w, xml.Header+x.open+"\n")
	return err
}

// Write writes one record.
func (x *xmlWriter) Write(d Draft) error {
	err := x.begin()
	if err == nil {
		var b []byte
		if b, err = x.marshal(d); err == nil {
			_, err = x.w.Write(append(b, '\n'))
		}
	}
	if err != nil {
		return fmt.Errorf("write XML: %w", err)
	}
	return nil
}

// Close ends the collection.
func (x *xmlWriter) Close() error {
	err := x.begin()
	if err == nil {
		_, err = io.WriteString(x.w, x.shut+"\n")
	}
	return err
}

// MarshalDublinCore gives one record as the element oai_dc:dc.
func MarshalDublinCore(d Draft) ([]byte, error) {
	b := bytes.NewBufferString(`<oai_dc:dc xmlns:oai_dc="` + nsOAIDC + `" xmlns:dc="` + nsDC + `" xmlns:xsi="` + nsSchema + `" xsi:schemaLocation="` + xsdOAIDC + `">`)
	put := func(name, lang, value string) {
		if value == "" {
			return
		}
		b.WriteString("<dc:" + name)
		if lang != "" && lang != library.Undetermined {
			b.WriteString(` xml:lang="` + escape(lang) + `"`)
		}
		b.WriteString(">" + escape(value) + "</dc:" + name + ">")
	}
	langs := words(d.Languages)
	title, lang := d.Titles.In(langs...)
	put("title", lang, title)
	for _, l := range d.Titles.Languages() {
		if l != lang {
			put("title", l, d.Titles[l])
		}
	}
	for _, f := range []struct {
		name   string
		values []Value
	}{{"creator", d.Authors}, {"contributor", d.Editors}, {"publisher", d.Publishers}, {"subject", d.Topics}, {"subject", d.Subjects}} {
		for _, v := range f.values {
			put(f.name, "", v.Text)
		}
	}
	for _, l := range d.Abstracts.Languages() {
		put("description", l, d.Abstracts[l])
	}
	put("date", "", d.Date.Text)
	put("type", "", d.Category.Text)
	for _, id := range d.Identifiers {
		put("identifier", "", dcIdentifier(id))
	}
	for _, l := range d.Links {
		put("identifier", "", l.URL)
	}
	for _, v := range d.Languages {
		put("language", "", v.Text)
	}
	for _, v := range append(append([]Value{}, d.Countries...), d.Regions...) {
		put("coverage", "", v.Text)
	}
	put("source", "", d.Container.Text)
	put("rights", "", d.Rights.Text)
	b.WriteString("</oai_dc:dc>")
	return b.Bytes(), nil
}

// dcIdentifier gives an identifier as one text: an address, a symbol that is
// known by its look, or the scheme before the value.
func dcIdentifier(id library.Identifier) string {
	switch {
	case id.Scheme == "doi":
		return "https://doi.org/" + id.Value
	case id.Scheme == "un-symbol" && symbolForm.MatchString(id.Value):
		return id.Value
	}
	return id.Scheme + ":" + id.Value
}

// escape writes text as XML; characters that XML 1.0 does not have become U+FFFD.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes all
	return b.String()
}
