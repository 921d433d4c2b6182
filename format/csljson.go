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

// cslItem is an item of CSL-JSON, the input data schema of the Citation Style
// Language 1.0.2. Programs write numbers where it wants strings and the other
// way round: what may be either is loose.
type cslItem struct {
	ID        loose     `json:"id,omitempty"`
	Type      string    `json:"type"`
	Title     string    `json:"title,omitempty"`
	Author    []cslName `json:"author,omitempty"`
	Editor    []cslName `json:"editor,omitempty"`
	Issued    *cslDate  `json:"issued,omitempty"`
	Abstract  string    `json:"abstract,omitempty"`
	Container string    `json:"container-title,omitempty"`
	Series    string    `json:"collection-title,omitempty"`
	Publisher string    `json:"publisher,omitempty"`
	Volume    loose     `json:"volume,omitempty"`
	Issue     loose     `json:"issue,omitempty"`
	Page      loose     `json:"page,omitempty"`
	Edition   loose     `json:"edition,omitempty"`
	Language  string    `json:"language,omitempty"`
	DOI       string    `json:"DOI,omitempty"`
	ISBN      loose     `json:"ISBN,omitempty"`
	ISSN      loose     `json:"ISSN,omitempty"`
	URL       string    `json:"URL,omitempty"`
	Keyword   string    `json:"keyword,omitempty"`
	License   string    `json:"license,omitempty"`
}

type cslName struct {
	Family      string `json:"family,omitempty"`
	Given       string `json:"given,omitempty"`
	Dropping    string `json:"dropping-particle,omitempty"`
	NonDropping string `json:"non-dropping-particle,omitempty"`
	Suffix      string `json:"suffix,omitempty"`
	Literal     string `json:"literal,omitempty"`
}

type cslDate struct {
	Parts   [][]datePart `json:"date-parts,omitempty"`
	Raw     string       `json:"raw,omitempty"`
	Literal string       `json:"literal,omitempty"`
}

// loose is a string that may be written as a number, or as a list of which the
// parts are joined by spaces.
type loose string

// UnmarshalJSON implements json.Unmarshaler.
func (l *loose) UnmarshalJSON(b []byte) error {
	var v any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return err
	}
	switch v := v.(type) {
	case nil:
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, fmt.Sprint(x))
		}
		*l = loose(strings.Join(parts, " "))
	default:
		*l = loose(fmt.Sprint(v))
	}
	return nil
}

// datePart is a number that may be written as a string.
type datePart string

// UnmarshalJSON implements json.Unmarshaler.
func (p *datePart) UnmarshalJSON(b []byte) error { return (*loose)(p).UnmarshalJSON(b) }

// MarshalJSON implements json.Marshaler.
func (p datePart) MarshalJSON() ([]byte, error) {
	if n, err := strconv.Atoi(string(p)); err == nil {
		return []byte(strconv.Itoa(n)), nil
	}
	return json.Marshal(string(p))
}

// CSLJSON reads CSL-JSON: a list of items, or one item.
func CSLJSON(r io.Reader) Drafts {
	return func(yield func(Draft, error) bool) {
		items(r, func(line int, raw json.RawMessage) bool {
			var item cslItem
			if err := json.Unmarshal(raw, &item); err != nil {
				return yield(Draft{}, &Problem{line, fmt.Sprintf("the item is no CSL-JSON: %v", err)})
			}
			return yield(item.draft(line), nil)
		}, func(err error) { yield(Draft{}, err) })
	}
}

// items gives each value of a JSON list with the line where it begins.
func items(r io.Reader, give func(line int, raw json.RawMessage) bool, fail func(error)) {
	in := &jsonItems{in: newCounted(r)}
	in.d = json.NewDecoder(in.in)
	first, err := in.d.Token()
	switch {
	case err != nil:
		fail(in.broken(err))
	case first != json.Delim('['):
		fail(&Problem{1, "the JSON is no list of records"})
	default:
		in.each(give, fail)
	}
}

// itemsIn gives the values of the list that a JSON object has under a name, like items.
func itemsIn(r io.Reader, name string, give func(line int, raw json.RawMessage) bool, fail func(error)) {
	in := &jsonItems{in: newCounted(r)}
	in.d = json.NewDecoder(in.in)
	for depth, isName, first := 0, false, true; ; first = false {
		token, err := in.d.Token()
		if err != nil {
			fail(in.broken(err))
			return
		}
		if first && token != json.Delim('{') {
			fail(&Problem{1, "the JSON is no object with a list of records"})
			return
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
			isName = depth == 1
		case json.Delim('}'), json.Delim(']'):
			if depth--; depth == 0 {
				fail(&Problem{in.in.at(in.d.InputOffset()), fmt.Sprintf("the JSON has no list of records under %q", name)})
				return
			}
			isName = depth == 1
		default:
			if depth != 1 {
				continue
			}
			if isName = !isName; isName || token != name {
				continue
			}
			if list, err := in.d.Token(); err != nil || list != json.Delim('[') {
				fail(&Problem{in.in.at(in.d.InputOffset()), fmt.Sprintf("the JSON has no list of records under %q", name)})
				return
			}
			in.each(give, fail)
			return
		}
	}
}

// jsonItems reads the values of a JSON list.
type jsonItems struct {
	in *counted
	d  *json.Decoder
}

// each gives the values of the list that the reading stands in.
func (j *jsonItems) each(give func(line int, raw json.RawMessage) bool, fail func(error)) {
	for j.d.More() {
		j.in.spare = maxItem
		var raw json.RawMessage
		if err := j.d.Decode(&raw); err != nil {
			fail(j.broken(err))
			return
		}
		line := j.in.at(j.d.InputOffset() - int64(len(raw)))
		if len(raw) > maxLine {
			fail(&Problem{line, "the record is larger than 4 MiB: it was not read"})
			continue
		}
		if !give(line, raw) {
			return
		}
	}
	if _, err := j.d.Token(); err != nil {
		fail(j.broken(err))
	}
}

// broken says what an error of the reading means.
func (j *jsonItems) broken(err error) error { return damaged(j.in.at(j.d.InputOffset()), err) }

// isCSLJSON tells a JSON list of objects with the members of CSL.
func isCSLJSON(head []byte) bool {
	head = bytes.TrimSpace(head)
	return bytes.HasPrefix(head, []byte("[")) && bytes.Contains(head, []byte(`"type"`)) && !isDataCite(head) &&
		(bytes.Contains(head, []byte(`"title"`)) || bytes.Contains(head, []byte(`"issued"`)) || bytes.Contains(head, []byte(`"author"`)))
}

func (n cslName) value(line int) Value {
	if n.Family == "" {
		return Value{line, squeeze(n.Literal + n.Given)}
	}
	name := squeeze(n.Dropping + " " + n.NonDropping + " " + n.Family)
	for _, part := range []string{n.Given, n.Suffix} {
		if part != "" {
			name += ", " + part
		}
	}
	return Value{line, name}
}

func (c *cslDate) value(line int) Value {
	if c == nil {
		return Value{}
	}
	if len(c.Parts) == 0 || len(c.Parts[0]) == 0 {
		return Value{line, slashed(c.Raw + c.Literal)}
	}
	var parts []string
	for _, p := range c.Parts[0] {
		parts = append(parts, string(p))
	}
	return Value{line, slashed(strings.Join(parts, "/"))}
}

func (item cslItem) draft(line int) Draft {
	value := func(s string) Value {
		if s == "" {
			return Value{}
		}
		return Value{line, s}
	}
	container := item.Container
	if container == "" {
		container = item.Series
	}
	d := Draft{Line: line, Key: string(item.ID), Titles: library.Text{library.Undetermined: item.Title},
		Category: value(kindOf(item.Type, func(i int) string { return kinds[i].csl })), Date: item.Issued.value(line),
		Container: value(container), Volume: value(string(item.Volume)), Issue: value(string(item.Issue)),
		Pages: value(string(item.Page)), Edition: value(string(item.Edition)), Rights: value(item.License)}
	if item.Abstract != "" {
		d.Abstracts = library.Text{library.Undetermined: item.Abstract}
	}
	if item.Publisher != "" {
		d.Publishers = []Value{{line, item.Publisher}}
	}
	if item.Language != "" {
		d.Languages = []Value{{line, item.Language}}
	}
	for _, n := range item.Author {
		d.Authors = append(d.Authors, n.value(line))
	}
	for _, n := range item.Editor {
		d.Editors = append(d.Editors, n.value(line))
	}
	for word := range strings.FieldsFuncSeq(item.Keyword, func(r rune) bool { return r == ',' || r == ';' }) {
		d.Subjects = append(d.Subjects, Value{line, strings.TrimSpace(word)})
	}
	d.identify("doi", item.DOI)
	for _, s := range strings.Fields(string(item.ISBN) + " " + string(item.ISSN)) {
		d.identify(serial(s), s)
	}
	d.link(item.URL)
	return d
}

// WriteCSLJSON writes CSL-JSON. It cannot hold: titles and abstracts in more
// than one language and the languages they are in, languages after the first,
// publishers and links after the first, countries, regions and topics (they go
// out as keywords), relations, ids of Waymark, withdrawals, and identifiers
// other than DOI, ISBN and ISSN.
func WriteCSLJSON(w io.Writer) Writer { return &cslWriter{w: w} }

type cslWriter struct {
	w       io.Writer
	written int
}

// Write writes one item.
func (c *cslWriter) Write(d Draft) error {
	sign := ",\n"
	if c.written == 0 {
		sign = "[\n"
	}
	c.written++
	item := cslOf(d)
	if item.ID == "" {
		item.ID = loose(strconv.Itoa(c.written))
		if d.ID != "" {
			item.ID = loose(d.ID)
		}
	}
	b, err := json.Marshal(item)
	if err == nil {
		_, err = c.w.Write(append([]byte(sign), b...))
	}
	if err != nil {
		return fmt.Errorf("write CSL-JSON: %w", err)
	}
	return nil
}

// Close ends the list.
func (c *cslWriter) Close() error {
	end := "\n]\n"
	if c.written == 0 {
		end = "[]\n"
	}
	_, err := io.WriteString(c.w, end)
	return err
}

// cslOf gives a record as an item.
func cslOf(d Draft) cslItem {
	title, lang := d.Titles.In(words(d.Languages)...)
	abstract, _ := d.Abstracts.In(lang)
	item := cslItem{ID: loose(d.Key), Type: codeOf(d.Category.Text, "document", func(i int) string { return kinds[i].csl }), Title: title,
		Author: cslNames(d.Authors), Editor: cslNames(d.Editors), Abstract: abstract, Container: d.Container.Text, Volume: loose(d.Volume.Text),
		Issue: loose(d.Issue.Text), Page: loose(d.Pages.Text), Edition: loose(d.Edition.Text), License: d.Rights.Text}
	if len(d.Publishers) > 0 {
		item.Publisher = d.Publishers[0].Text
	}
	if len(d.Languages) > 0 {
		item.Language = d.Languages[0].Text
	}
	if _, err := library.ParseDate(d.Date.Text); err == nil {
		var parts []datePart
		for part := range strings.SplitSeq(d.Date.Text, "-") {
			parts = append(parts, datePart(strings.TrimLeft(part, "0")))
		}
		item.Issued = &cslDate{Parts: [][]datePart{parts}}
	} else if d.Date.Text != "" {
		item.Issued = &cslDate{Literal: d.Date.Text}
	}
	for _, id := range d.Identifiers {
		switch id.Scheme {
		case "doi":
			item.DOI = id.Value
		case "isbn":
			item.ISBN = loose(squeeze(string(item.ISBN) + " " + id.Value))
		case "issn":
			item.ISSN = loose(squeeze(string(item.ISSN) + " " + id.Value))
		}
	}
	if len(d.Links) > 0 {
		item.URL = d.Links[0].URL
	}
	var keywords []string
	for _, v := range append(append(append(append([]Value{}, d.Subjects...), d.Topics...), d.Countries...), d.Regions...) {
		keywords = append(keywords, strings.NewReplacer(",", " ", ";", " ").Replace(v.Text))
	}
	item.Keyword = strings.Join(keywords, ", ")
	return item
}

// cslNames gives names in parts where they say which is which.
func cslNames(values []Value) (names []cslName) {
	for _, v := range values {
		parts := strings.Split(v.Text, ", ")
		switch len(parts) {
		case 2:
			names = append(names, cslName{Family: parts[0], Given: parts[1]})
		case 3:
			names = append(names, cslName{Family: parts[0], Given: parts[1], Suffix: parts[2]})
		default:
			names = append(names, cslName{Literal: v.Text})
		}
	}
	return names
}
