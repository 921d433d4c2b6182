package format

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"waymark/library"
)

// nsDataCite is the name space of DataCite's schema 4, in all versions 4.x.
const nsDataCite = "http://datacite.org/schema/kernel-4"

// WriteDataCite writes DataCite's JSON as its REST API answers it: a list of
// records of the schema. What the schema wants and nobody knows is :unav, an
// unknown year 0000. It cannot hold: languages, publishers and contributors
// other than editors after the first, what is place, topic or keyword,
// relations, for which it wants addresses, and withdrawals.
func WriteDataCite(w io.Writer) Writer { return &dataCiteWriter{w: w} }

type dataCiteWriter struct {
	w       io.Writer
	written int
}

// Write writes one record.
func (c *dataCiteWriter) Write(d Draft) error {
	sign := ",\n"
	if c.written == 0 {
		sign = `{"data":[` + "\n"
	}
	c.written++
	rec := dataCiteOf(d)
	id := rec.ID
	if rec.ID = ""; id == "" {
		id = rec.DOI
	}
	if id == "" {
		id = loose(strconv.Itoa(c.written))
	}
	b, err := json.Marshal(struct {
		ID         loose     `json:"id"`
		Type       string    `json:"type"`
		Attributes *dataCite `json:"attributes"`
	}{id, "dois", rec})
	if err == nil {
		_, err = c.w.Write(append([]byte(sign), b...))
	}
	if err != nil {
		return fmt.Errorf("write DataCite JSON: %w", err)
	}
	return nil
}

// Close ends the list.
func (c *dataCiteWriter) Close() error {
	end := "\n]}\n"
	if c.written == 0 {
		end = `{"data":[],"meta":{"schema":"` + nsDataCite + `"}}` + "\n"
	}
	_, err := io.WriteString(c.w, end)
	return err
}

const unavailable = ":unav"

// dataCiteOf gives a record as the schema has it.
func dataCiteOf(d Draft) *dataCite {
	rec := &dataCite{ID: loose(keyOf(d)), Publisher: dataCitePublisher{unavailable}, Year: "0000", Version: loose(d.Edition.Text), SchemaVersion: nsDataCite,
		Creators: dataCiteNames(d.Authors, ""), Contributors: dataCiteNames(d.Editors, "Editor"), Types: dataCiteTypes{"Text", loose(d.Category.Text)}}
	if len(rec.Creators) == 0 {
		rec.Creators = []dataCiteName{{Name: unavailable}}
	}
	if len(d.Publishers) > 0 {
		rec.Publisher.Name = loose(d.Publishers[0].Text)
	}
	if date, err := library.ParseDate(d.Date.Text); err == nil {
		rec.Year = loose(date[:4])
		rec.Dates = []dataCiteDate{{loose(date), "Issued"}}
	}
	word := codeOf(d.Category.Text, "", func(i int) string { return kinds[i].word })
	for _, k := range dataCiteKinds {
		if k.word == word && rec.Types.General == "Text" {
			rec.Types.General = loose(k.general)
		}
	}
	if len(d.Languages) > 0 {
		rec.Language = loose(d.Languages[0].Text)
	}
	for _, list := range [][]Value{d.Topics, d.Subjects} {
		for _, v := range list {
			rec.Subjects = append(rec.Subjects, dataCiteSubject{loose(v.Text)})
		}
	}
	for _, list := range [][]Value{d.Countries, d.Regions} {
		for _, v := range list {
			rec.Places = append(rec.Places, dataCitePlace{loose(v.Text)})
		}
	}
	if strings.HasPrefix(d.Rights.Text, "http") {
		rec.Rights = []dataCiteRights{{URI: loose(d.Rights.Text)}}
	} else if d.Rights.Text != "" {
		rec.Rights = []dataCiteRights{{Rights: loose(d.Rights.Text)}}
	}
	rec.addTexts(d)
	rec.addContainer(d)
	rec.addFound(d)
	return rec
}

// dataCiteNames gives names with their parts where they say which is which.
func dataCiteNames(values []Value, role string) (names []dataCiteName) {
	for _, v := range values {
		n := dataCiteName{Name: loose(v.Text), Kind: "Organizational", Contributor: loose(role)}
		if family, given, ok := strings.Cut(v.Text, ", "); ok {
			n.Kind, n.Family, n.Given = "Personal", loose(family), loose(given)
		}
		names = append(names, n)
	}
	return names
}

func (rec *dataCite) addTexts(d Draft) {
	title, lang := d.Titles.In(words(d.Languages)...)
	if title == "" {
		title = unavailable
	}
	rec.Titles = []dataCiteTitle{{Title: loose(title), Lang: loose(spoken(lang))}}
	for _, l := range d.Titles.Languages() {
		if l != lang {
			rec.Titles = append(rec.Titles, dataCiteTitle{loose(d.Titles[l]), "TranslatedTitle", loose(spoken(l))})
		}
	}
	for _, l := range d.Abstracts.Languages() {
		rec.Descriptions = append(rec.Descriptions, dataCiteAbstract{loose(d.Abstracts[l]), "Abstract", loose(spoken(l))})
	}
}

func (rec *dataCite) addContainer(d Draft) {
	within := dataCiteContainer{Title: loose(d.Container.Text), Volume: loose(d.Volume.Text), Issue: loose(d.Issue.Text)}
	if modsInPart(d) {
		first, last, _ := strings.Cut(d.Pages.Text, "-")
		within.First, within.Last = loose(first), loose(last)
	} else if d.Pages.Text != "" {
		rec.Sizes = []loose{loose(d.Pages.Text)}
	}
	if within != (dataCiteContainer{}) {
		rec.Container = &within
	}
}

// addFound adds what the work is named and found by.
func (rec *dataCite) addFound(d Draft) {
	for _, id := range d.Identifiers {
		if id.Scheme == "doi" && rec.DOI == "" {
			rec.DOI = loose(id.Value)
			continue
		}
		rec.Alternate = append(rec.Alternate, dataCiteOtherID{loose(id.Value), loose(id.Scheme)})
	}
	for i, l := range d.Links {
		if i == 0 {
			rec.URL = loose(l.URL)
			continue
		}
		rec.Alternate = append(rec.Alternate, dataCiteOtherID{loose(l.URL), "URL"})
	}
}
