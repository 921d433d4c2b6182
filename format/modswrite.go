package format

import (
	"io"
	"regexp"
	"strings"

	"waymark/library"
)

// WriteMODS writes a collection of records in MODS 3.8. It cannot hold: that a
// record was withdrawn, and topics apart from keywords; the id of Waymark goes
// out as the record's own where it has no other.
func WriteMODS(w io.Writer) Writer {
	return &xmlWriter{w: w, open: `<modsCollection xmlns="` + nsMODS + `">`, shut: `</modsCollection>`, marshal: MarshalMODS}
}

// modsTypes are the types of resource of the words of kinds; others are text.
var modsTypes = map[string]string{"Film": "moving image", "Dataset": "software, multimedia", "Web Page": "software, multimedia"}

// MarshalMODS gives one record as the element mods.
func MarshalMODS(d Draft) ([]byte, error) {
	var m markup
	m.open("mods", "xmlns", nsMODS, "version", "3.8")
	m.modsTitles(d)
	m.modsNames("aut", d.Authors)
	m.modsNames("edt", d.Editors)
	word := codeOf(d.Category.Text, d.Category.Text, func(i int) string { return kinds[i].word })
	kind := "text"
	if t := modsTypes[word]; t != "" {
		kind = t
	}
	m.leaf("typeOfResource", kind)
	m.leaf("genre", d.Category.Text)
	m.modsOrigin(d)
	for _, v := range d.Languages {
		m.within("language", func(m *markup) {
			m.leaf("languageTerm", v.Text, "type", "code", "authority", "rfc3066")
		})
	}
	inPart := modsInPart(d)
	if !inPart {
		m.within("physicalDescription", func(m *markup) { m.leaf("extent", d.Pages.Text) })
	}
	for _, l := range d.Abstracts.Languages() {
		m.leaf("abstract", d.Abstracts[l], "xml:lang", spoken(l))
	}
	m.modsSubjects(d)
	m.modsStandsIn(d, inPart)
	m.modsRelations(d)
	for _, id := range d.Identifiers {
		m.leaf("identifier", id.Value, "type", id.Scheme)
	}
	for _, l := range d.Links {
		m.within("location", func(m *markup) { m.leaf("url", l.URL) })
	}
	m.leaf("accessCondition", d.Rights.Text, "type", "use and reproduction")
	m.within("recordInfo", func(m *markup) { m.leaf("recordIdentifier", keyOf(d)) })
	m.shut("mods")
	return m.Bytes(), nil
}

// keyOf gives the name of a record: its own, else that of Waymark.
func keyOf(d Draft) string {
	if d.Key != "" {
		return d.Key
	}
	return string(d.ID)
}

// spoken gives a language as an attribute says it: not at all, when nobody knows.
func spoken(lang string) string {
	if lang == library.Undetermined {
		return ""
	}
	return lang
}

func (m *markup) modsTitles(d Draft) {
	title, lang := d.Titles.In(words(d.Languages)...)
	m.within("titleInfo", func(m *markup) { m.leaf("title", title) }, "xml:lang", spoken(lang))
	for _, l := range d.Titles.Languages() {
		if l != lang {
			m.within("titleInfo", func(m *markup) { m.leaf("title", d.Titles[l]) }, "type", "translated", "xml:lang", spoken(l))
		}
	}
}

// modsNames writes persons, who are written with a comma, in the parts of
// their names.
func (m *markup) modsNames(role string, names []Value) {
	for _, v := range names {
		kind := "corporate"
		parts := strings.Split(v.Text, ", ")
		if len(parts) == 2 || len(parts) == 3 {
			kind = "personal"
		}
		m.within("name", func(m *markup) {
			if kind == "personal" {
				for i, part := range parts {
					m.leaf("namePart", part, "type", []string{"family", "given", "termsOfAddress"}[i])
				}
			} else {
				m.leaf("namePart", v.Text)
			}
			m.within("role", func(m *markup) { m.leaf("roleTerm", role, "type", "code", "authority", "marcrelator") })
		}, "type", kind)
	}
}

func (m *markup) modsOrigin(d Draft) {
	m.within("originInfo", func(m *markup) {
		for _, v := range d.Publishers {
			m.leaf("publisher", v.Text)
		}
		coding := "w3cdtf"
		if _, err := library.ParseDate(d.Date.Text); err != nil {
			coding = ""
		}
		m.leaf("dateIssued", d.Date.Text, "encoding", coding)
		m.leaf("edition", d.Edition.Text)
	})
}

func (m *markup) modsSubjects(d Draft) {
	for _, list := range [][]Value{d.Topics, d.Subjects} {
		for _, v := range list {
			m.within("subject", func(m *markup) { m.leaf("topic", v.Text) })
		}
	}
	for _, place := range []struct {
		name   string
		values []Value
	}{{"country", d.Countries}, {"region", d.Regions}} {
		for _, v := range place.values {
			m.within("subject", func(m *markup) {
				m.within("hierarchicalGeographic", func(m *markup) { m.leaf(place.name, v.Text) })
			})
		}
	}
}

var pagesForm = regexp.MustCompile(`^[\pL\d]*\d[\pL\d.]*-[\pL\d.]+$`)

// modsInPart tells whether pages say where the work stands in another, rather
// than how many there are.
func modsInPart(d Draft) bool {
	return pagesForm.MatchString(d.Pages.Text) || d.Container.Text != "" && !strings.Contains(d.Pages.Text, " ")
}

// modsStandsIn writes the journal, book or series. What is known of the place
// without it stands by itself.
func (m *markup) modsStandsIn(d Draft, inPart bool) {
	part := func(m *markup) {
		m.within("part", func(m *markup) {
			m.within("detail", func(m *markup) { m.leaf("number", d.Volume.Text) }, "type", "volume")
			m.within("detail", func(m *markup) { m.leaf("number", d.Issue.Text) }, "type", "issue")
			if inPart {
				m.within("extent", func(m *markup) { m.leaf("list", d.Pages.Text) }, "unit", "pages")
			}
		})
	}
	if d.Container.Text == "" {
		part(m)
		return
	}
	m.open("relatedItem", "type", "host")
	m.within("titleInfo", func(m *markup) { m.leaf("title", d.Container.Text) })
	part(m)
	m.shut("relatedItem")
}

func (m *markup) modsRelations(d Draft) {
	for _, rel := range d.Relations {
		for _, r := range modsRelations {
			if r.is == rel.Type {
				m.within("relatedItem", func(m *markup) { m.leaf("identifier", string(rel.Target), "type", "waymark") }, "type", r.mods)
			}
		}
	}
}
