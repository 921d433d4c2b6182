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
type jsonRecord struct {
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
}

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
	return Draft{
		Line: l.number, ID: rec.ID, Titles: rec.Titles, Abstracts: rec.Abstracts,
		Authors: at(rec.Authors), Countries: at(rec.Countries), Regions: at(rec.Regions), Topics: at(rec.Topics),
		Category: Value{l.number, rec.Category}, Date: Value{l.number, date}, Languages: at(rec.Languages),
		Identifiers: rec.Identifiers, Links: rec.Links, Relations: rec.Relations,
	}, nil
}
