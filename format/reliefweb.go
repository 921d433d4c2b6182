package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"waymark/library"
)

// rwItem is an item of an answer of ReliefWeb's API, versions 1 and 2
// (https://apidoc.reliefweb.int), with the fields of a report that are taken.
type rwItem struct {
	ID     loose `json:"id"`
	Fields struct {
		Title    string   `json:"title"`
		Body     string   `json:"body"` // Markdown
		BodyHTML string   `json:"body-html"`
		Headline struct { // of reports on the front page
			Summary string `json:"summary"`
		} `json:"headline"`
		Date struct {
			Original string `json:"original"` // when the work was published
			Created  string `json:"created"`  // when ReliefWeb took it in
		} `json:"date"`
		Source     rwTerms `json:"source"`
		Country    rwTerms `json:"country"`
		Primary    rwTerms `json:"primary_country"`
		Theme      rwTerms `json:"theme"`
		Disaster   rwTerms `json:"disaster"`
		Kind       rwTerms `json:"disaster_type"`
		Vulnerable rwTerms `json:"vulnerable_groups"`
		Language   rwTerms `json:"language"`
		Format     rwTerms `json:"format"`
		File       rwTerms `json:"file"`
		URL        string  `json:"url"`
		Alias      string  `json:"url_alias"`
		Origin     string  `json:"origin"` // where the publisher has the work
	} `json:"fields"`
}

// rwTerm is a term of one of ReliefWeb's lists, or a file.
type rwTerm struct {
	Name string `json:"name"`
	Code string `json:"code"` // of languages
	URL  string `json:"url"`  // of files
}

// rwTerms is a list of terms; one that stands alone, and a mere name, are
// taken too.
type rwTerms []rwTerm

// UnmarshalJSON implements json.Unmarshaler.
func (t *rwTerms) UnmarshalJSON(b []byte) error {
	*t = nil
	var name string
	switch b = bytes.TrimSpace(b); {
	case bytes.Equal(b, []byte("null")):
	case bytes.HasPrefix(b, []byte("{")):
		var one rwTerm
		if err := json.Unmarshal(b, &one); err != nil {
			return err
		}
		*t = rwTerms{one}
	case bytes.HasPrefix(b, []byte("[")):
		var parts []json.RawMessage
		if err := json.Unmarshal(b, &parts); err != nil {
			return err
		}
		for _, part := range parts {
			if bytes.HasPrefix(part, []byte("[")) {
				return fmt.Errorf("a list within a list of terms")
			}
			var one rwTerms
			if err := one.UnmarshalJSON(part); err != nil {
				return err
			}
			*t = append(*t, one...)
		}
	default:
		if err := json.Unmarshal(b, &name); err != nil {
			return err
		}
		*t = rwTerms{{Name: name}}
	}
	return nil
}

// ReliefWeb reads an answer of ReliefWeb's API: its sources are the authors,
// its themes, disasters and groups of people subjects. A body longer than an
// abstract may be is taken up to the end of a paragraph.
func ReliefWeb(r io.Reader) Drafts {
	return func(yield func(Draft, error) bool) {
		itemsIn(r, "data", func(line int, raw json.RawMessage) bool {
			var item rwItem
			if err := json.Unmarshal(raw, &item); err != nil {
				return yield(Draft{}, &Problem{line, fmt.Sprintf("the item is none of ReliefWeb's: %v", err)})
			}
			return yield(item.draft(line), nil)
		}, func(err error) { yield(Draft{}, err) })
	}
}

// isReliefWeb tells an answer of the API by its members.
func isReliefWeb(head []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(head), []byte("{")) && bytes.Contains(head, []byte(`"data"`)) && bytes.Contains(head, []byte(`"fields"`))
}

func (item rwItem) draft(line int) Draft {
	f := item.Fields
	values := func(lists ...rwTerms) (vs []Value) {
		seen := map[string]bool{}
		for _, list := range lists {
			for _, t := range list {
				if name := squeeze(t.Name); name != "" && !seen[name] {
					seen[name] = true
					vs = append(vs, Value{line, name})
				}
			}
		}
		return vs
	}
	d := Draft{Line: line, Key: string(item.ID), Titles: library.Text{library.Undetermined: squeeze(plainText(f.Title))}, Authors: values(f.Source),
		Countries: values(f.Primary, f.Country), Subjects: values(f.Theme, f.Disaster, f.Kind, f.Vulnerable)}
	body := f.Headline.Summary
	if body == "" {
		body = f.Body
	}
	if body = markedText(body); body == "" {
		body = plainText(f.BodyHTML)
	}
	if body != "" {
		d.Abstracts = library.Text{library.Undetermined: beginning(body)}
	}
	for _, date := range []string{f.Date.Created, f.Date.Original} { // the later wins
		if m := datedForm.FindStringSubmatch(date); m != nil {
			d.Date = Value{line, m[1]}
		}
	}
	for _, t := range f.Language {
		if code := strings.TrimSpace(t.Code); code != "" {
			t.Name = code
		}
		d.Languages = append(d.Languages, values(rwTerms{t})...)
	}
	if kinds := values(f.Format); len(kinds) > 0 {
		d.Category = kinds[0]
	}
	page := f.Alias
	if page == "" {
		page = f.URL
	}
	for _, address := range append([]string{page, f.Origin}, addresses(f.File)...) {
		d.link(strings.TrimSpace(address))
	}
	return d
}

func addresses(files rwTerms) (list []string) {
	for _, f := range files {
		list = append(list, f.URL)
	}
	return list
}
