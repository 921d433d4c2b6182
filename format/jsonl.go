package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"waymark/library"
)

// jsonRecord is a line of Waymark's JSON Lines: names rather than codes, so
// that a person can write one. The first of languages is the original.
//
// The schema is version 1, which a record may say; members are only ever added
// to it, and a record of a later version is refused.
type jsonRecord struct {
	Schema      int                  `json:"schema,omitempty"`
	ID          library.ID           `json:"id,omitempty"`
	Titles      library.Text         `json:"titles"`
	Abstracts   library.Text         `json:"abstracts,omitempty"`
	Year        int                  `json:"year,omitempty"`
	Date        string               `json:"date,omitempty"` // EDTF level 0, when more than the year is known
	Authors     []string             `json:"authors,omitempty"`
	Countries   []string             `json:"countries,omitempty"`
	Regions     []string             `json:"regions,omitempty"`
	Topics      []string             `json:"topics,omitempty"`
	Category    string               `json:"category,omitempty"`
	Languages   []string             `json:"languages,omitempty"`
	Identifiers []library.Identifier `json:"identifiers,omitempty"`
	Links       []library.Link       `json:"links,omitempty"`
	Relations   []library.Relation   `json:"relations,omitempty"`
	Key         string               `json:"key,omitempty"`
	Deleted     bool                 `json:"deleted,omitempty"`
	Editors     []string             `json:"editors,omitempty"`
	Publishers  []string             `json:"publishers,omitempty"`
	Subjects    []string             `json:"subjects,omitempty"`
	Container   string               `json:"container,omitempty"`
	Volume      string               `json:"volume,omitempty"`
	Issue       string               `json:"issue,omitempty"`
	Pages       string               `json:"pages,omitempty"`
	Edition     string               `json:"edition,omitempty"`
	Rights      string               `json:"rights,omitempty"`
}

// jsonSchema is the version of the schema that is written.
const jsonSchema = 1

// JSONLines reads Waymark's JSON Lines: one record a line, unknown members
// refused so that a misspelt name loses nothing in silence.
func JSONLines(r io.Reader) Drafts {
	return func(yield func(Draft, error) bool) {
		for l, err := range lines(r) {
			if err != nil {
				yield(Draft{}, err)
				return
			}
			if strings.TrimSpace(l.text) == "" {
				continue
			}
			if !yield(jsonDraft(l)) {
				return
			}
		}
	}
}

func jsonDraft(l line) (Draft, error) {
	if !l.valid {
		return Draft{}, &Problem{l.number, "the record is not valid UTF-8: save the file as UTF-8 and import it again"}
	}
	var rec jsonRecord
	in := json.NewDecoder(bytes.NewReader([]byte(l.text)))
	in.DisallowUnknownFields()
	if err := in.Decode(&rec); err != nil {
		return Draft{}, &Problem{l.number, fmt.Sprintf("not a record in JSON: %v", err)}
	}
	if in.More() {
		return Draft{}, &Problem{l.number, "more than one record on the line: write one a line"}
	}
	if rec.Schema > jsonSchema {
		return Draft{}, &Problem{l.number, fmt.Sprintf("the record is of schema %d and this Waymark knows %d: use a newer one", rec.Schema, jsonSchema)}
	}
	date := rec.Date
	if date == "" && rec.Year != 0 {
		date = strconv.Itoa(rec.Year)
	}
	at := func(words []string) []Value {
		var vs []Value
		for _, w := range words {
			vs = append(vs, Value{l.number, w})
		}
		return vs
	}
	one := func(word string) Value {
		if word == "" {
			return Value{}
		}
		return Value{l.number, word}
	}
	return Draft{
		Line: l.number, ID: rec.ID, Titles: rec.Titles, Abstracts: rec.Abstracts,
		Authors: at(rec.Authors), Countries: at(rec.Countries), Regions: at(rec.Regions), Topics: at(rec.Topics),
		Category: Value{l.number, rec.Category}, Date: Value{l.number, date}, Languages: at(rec.Languages),
		Identifiers: rec.Identifiers, Links: rec.Links, Relations: rec.Relations,
		Key: rec.Key, Deleted: rec.Deleted, Editors: at(rec.Editors), Publishers: at(rec.Publishers), Subjects: at(rec.Subjects),
		Container: one(rec.Container), Volume: one(rec.Volume), Issue: one(rec.Issue), Pages: one(rec.Pages),
		Edition: one(rec.Edition), Rights: one(rec.Rights),
	}, nil
}

// WriteJSONLines writes Waymark's JSON Lines, which can hold all of a Draft.
func WriteJSONLines(w io.Writer) Writer { return &jsonWriter{json.NewEncoder(w)} }

type jsonWriter struct{ out *json.Encoder }

// Write writes one line.
func (j *jsonWriter) Write(d Draft) error {
	return j.out.Encode(jsonRecord{
		Schema: jsonSchema, ID: d.ID, Titles: d.Titles, Abstracts: d.Abstracts, Date: d.Date.Text,
		Authors: words(d.Authors), Countries: words(d.Countries), Regions: words(d.Regions), Topics: words(d.Topics),
		Category: d.Category.Text, Languages: words(d.Languages), Identifiers: d.Identifiers, Links: d.Links, Relations: d.Relations,
		Key: d.Key, Deleted: d.Deleted, Editors: words(d.Editors), Publishers: words(d.Publishers), Subjects: words(d.Subjects),
		Container: d.Container.Text, Volume: d.Volume.Text, Issue: d.Issue.Text, Pages: d.Pages.Text, Edition: d.Edition.Text, Rights: d.Rights.Text,
	})
}

// Close does nothing: each line stands by itself.
func (j *jsonWriter) Close() error { return nil }

// words gives the texts of values.
func words(values []Value) []string {
	var list []string
	for _, v := range values {
		list = append(list, v.Text)
	}
	return list
}
