package format

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
)

// DataCiteXML reads records in DataCite's schema 4 in XML wherever they stand
// in a source: alone, or in an answer of OAI-PMH.
func DataCiteXML(r io.Reader) Drafts {
	return func(yield func(Draft, error) bool) {
		wanted := func(n xml.Name) bool {
			return n.Local == "resource" && strings.HasPrefix(n.Space, "http://datacite.org/schema/kernel-")
		}
		elements(r, wanted, func(e *element, err error) bool {
			if err != nil {
				return yield(Draft{}, err)
			}
			return yield(dataCiteOfXML(e).draft(e.line), nil)
		})
	}
}

// isDataCiteXML tells XML with records of DataCite.
func isDataCiteXML(head []byte) bool {
	return isXML(head) && bytes.Contains(head, []byte(`datacite.org/schema/kernel-`)) && !isMODS(head) && !isMARCXML(head) && !isQualifiedDC(head)
}

// each gives the trimmed elements of a list, "subject" in "subjects".
func (e *element) each(list, item string) (all []*element) {
	for _, l := range e.named(list) {
		all = append(all, l.named(item)...)
	}
	return all
}

func (e *element) loose(attribute string) loose {
	if attribute != "" {
		return loose(e.attr[attribute])
	}
	return loose(squeeze(e.text))
}

// dataCiteOfXML gives a record as it stands in JSON.
func dataCiteOfXML(e *element) *dataCite {
	rec := &dataCite{Publisher: dataCitePublisher{loose(e.first("publisher"))}, Year: loose(e.first("publicationYear")), Language: loose(e.first("language")), Version: loose(e.first("version"))}
	for _, c := range e.named("identifier") {
		rec.ID = c.loose("")
		rec.Identifiers = append(rec.Identifiers, dataCiteID{c.loose(""), c.loose("identifierType")})
	}
	name := func(c *element, tag string) dataCiteName {
		n := dataCiteName{Name: loose(c.first(tag)), Given: loose(c.first("givenName")), Family: loose(c.first("familyName")), Contributor: c.loose("contributorType")}
		for _, inner := range c.named(tag) {
			n.Kind = inner.loose("nameType")
		}
		return n
	}
	for _, c := range e.each("creators", "creator") {
		rec.Creators = append(rec.Creators, name(c, "creatorName"))
	}
	for _, c := range e.each("contributors", "contributor") {
		rec.Contributors = append(rec.Contributors, name(c, "contributorName"))
	}
	rec.Titles = dataCiteTitles(e)
	for _, c := range e.named("resourceType") {
		rec.Types = dataCiteTypes{c.loose("resourceTypeGeneral"), c.loose("")}
	}
	for _, c := range e.each("subjects", "subject") {
		rec.Subjects = append(rec.Subjects, dataCiteSubject{c.loose("")})
	}
	for _, c := range e.each("dates", "date") {
		rec.Dates = append(rec.Dates, dataCiteDate{c.loose(""), c.loose("dateType")})
	}
	for _, c := range e.each("alternateIdentifiers", "alternateIdentifier") {
		rec.Alternate = append(rec.Alternate, dataCiteOtherID{c.loose(""), c.loose("alternateIdentifierType")})
	}
	for _, c := range e.each("sizes", "size") {
		rec.Sizes = append(rec.Sizes, c.loose(""))
	}
	for _, c := range e.each("rightsList", "rights") {
		rec.Rights = append(rec.Rights, dataCiteRights{c.loose(""), c.loose("rightsURI")})
	}
	for _, c := range e.each("descriptions", "description") {
		rec.Descriptions = append(rec.Descriptions, dataCiteAbstract{c.loose(""), c.loose("descriptionType"), c.loose("lang")})
	}
	for _, c := range e.each("geoLocations", "geoLocation") {
		rec.Places = append(rec.Places, dataCitePlace{loose(c.first("geoLocationPlace"))})
	}
	for _, c := range e.each("relatedItems", "relatedItem") {
		rec.Related = append(rec.Related, dataCiteRelated{c.loose("relationType"), dataCiteTitles(c),
			dataCiteContainer{Volume: loose(c.first("volume")), Issue: loose(c.first("issue")), First: loose(c.first("firstPage")), Last: loose(c.first("lastPage"))}})
	}
	return rec
}

func dataCiteTitles(e *element) (titles []dataCiteTitle) {
	for _, c := range e.each("titles", "title") {
		titles = append(titles, dataCiteTitle{c.loose(""), c.loose("titleType"), c.loose("lang")})
	}
	return titles
}

// WriteDataCiteXML writes records in DataCite's schema 4 in XML. It cannot hold
// what DataCite's JSON cannot, nor a volume or pages within nothing, nor that a
// type is not known: that is the kind of resource "Other".
func WriteDataCiteXML(w io.Writer) Writer {
	return &xmlWriter{w: w, open: `<resources>`, shut: `</resources>`, marshal: MarshalDataCite}
}

// MarshalDataCite gives one record as the element resource of DataCite's schema
// 4.6. A record without a DOI is named by its key, which the schema lets have
// any type.
func MarshalDataCite(d Draft) ([]byte, error) {
	rec := dataCiteOf(d)
	var m markup
	m.open("resource", "xmlns", nsDataCite, "xmlns:xsi", nsSchema, "xsi:schemaLocation", nsDataCite+" https://schema.datacite.org/meta/kernel-4.6/metadata.xsd")
	switch {
	case rec.DOI != "":
		m.leaf("identifier", string(rec.DOI), "identifierType", "DOI")
		if d.Key != "" {
			rec.Alternate = append(rec.Alternate, dataCiteOtherID{loose(d.Key), "local"})
		}
	case rec.ID != "":
		m.leaf("identifier", string(rec.ID), "identifierType", "Other")
	default:
		m.leaf("identifier", unavailable, "identifierType", "Other")
	}
	m.dataCiteNames("creator", rec.Creators)
	m.within("titles", func(m *markup) {
		for _, t := range rec.Titles {
			m.leaf("title", string(t.Title), "xml:lang", string(t.Lang), "titleType", string(t.Kind))
		}
	})
	m.leaf("publisher", string(rec.Publisher.Name))
	m.leaf("publicationYear", string(rec.Year))
	kind := string(rec.Types.Type)
	if kind == "" {
		kind, rec.Types.General = unavailable, "Other"
	}
	m.leaf("resourceType", kind, "resourceTypeGeneral", string(rec.Types.General))
	m.within("subjects", func(m *markup) {
		for _, s := range rec.Subjects {
			m.leaf("subject", string(s.Subject))
		}
	})
	m.dataCiteNames("contributor", rec.Contributors)
	m.within("dates", func(m *markup) {
		for _, date := range rec.Dates {
			m.leaf("date", string(date.Date), "dateType", string(date.Kind))
		}
	})
	m.leaf("language", string(rec.Language))
	m.dataCiteMore(rec)
	m.shut("resource")
	return m.Bytes(), nil
}

func (m *markup) dataCiteNames(tag string, names []dataCiteName) {
	m.within(tag+"s", func(m *markup) {
		for _, n := range names {
			m.within(tag, func(m *markup) {
				m.leaf(tag+"Name", string(n.Name), "nameType", string(n.Kind))
				m.leaf("givenName", string(n.Given))
				m.leaf("familyName", string(n.Family))
			}, "contributorType", string(n.Contributor))
		}
	})
}

// dataCiteMore writes what follows the language in the schema's examples.
func (m *markup) dataCiteMore(rec *dataCite) {
	m.within("alternateIdentifiers", func(m *markup) {
		m.leaf("alternateIdentifier", string(rec.URL), "alternateIdentifierType", "URL")
		for _, id := range rec.Alternate {
			m.leaf("alternateIdentifier", string(id.Value), "alternateIdentifierType", string(id.Kind))
		}
	})
	m.within("sizes", func(m *markup) {
		for _, s := range rec.Sizes {
			m.leaf("size", string(s))
		}
	})
	m.leaf("version", string(rec.Version))
	m.within("rightsList", func(m *markup) {
		for _, r := range rec.Rights {
			text := r.Rights
			if text == "" {
				text = r.URI
			}
			m.leaf("rights", string(text), "rightsURI", string(r.URI))
		}
	})
	m.within("descriptions", func(m *markup) {
		for _, t := range rec.Descriptions {
			m.leaf("description", string(t.Text), "xml:lang", string(t.Lang), "descriptionType", string(t.Kind))
		}
	})
	m.within("geoLocations", func(m *markup) {
		for _, p := range rec.Places {
			m.within("geoLocation", func(m *markup) { m.leaf("geoLocationPlace", string(p.Place)) })
		}
	})
	if c := rec.Container; c != nil && c.Title != "" {
		m.open("relatedItems")
		m.open("relatedItem", "relatedItemType", "Other", "relationType", "IsPublishedIn")
		m.within("titles", func(m *markup) { m.leaf("title", string(c.Title)) })
		m.leaf("volume", string(c.Volume))
		m.leaf("issue", string(c.Issue))
		m.leaf("firstPage", string(c.First))
		m.leaf("lastPage", string(c.Last))
		m.shut("relatedItem")
		m.shut("relatedItems")
	}
}
