package format

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"waymark/library"
)

// referKinds are the types of Refer, as EndNote exports them.
var referKinds = map[string]string{"journal article": "Journal Article", "report": "Report", "government document": "Report", "book": "Book",
	"edited book": "Book", "book section": "Book Chapter", "thesis": "Thesis", "conference paper": "Conference Paper", "conference proceedings": "Conference Paper",
	"legal rule or regulation": "Legislation", "statute": "Legislation", "bill": "Legislation", "dataset": "Dataset", "web page": "Web Page",
	"audiovisual material": "Film", "film or broadcast": "Film", "generic": ""}

// Refer reads the tagged format of Refer and BibIX as EndNote exports it: a
// percent sign, one letter, a value; an empty line, or the next %0, ends a
// record. A line without a tag goes on with the one before.
func Refer(r io.Reader) Drafts {
	return func(yield func(Draft, error) bool) {
		var fields []field
		broken := 0
		give := func() bool {
			if len(fields) == 0 {
				return true
			}
			d := referDraft(fields)
			problem := broken
			fields, broken = nil, 0
			if problem > 0 {
				return yield(Draft{}, &Problem{problem, "the record is not valid UTF-8: save the file as UTF-8 and import it again"})
			}
			return yield(d, nil)
		}
		size := 0
		for l, err := range lines(r) {
			if err != nil {
				yield(Draft{}, err)
				return
			}
			text := strings.TrimSpace(l.text)
			tagged := len(text) > 1 && text[0] == '%' && (len(text) == 2 || text[2] == ' ')
			if text == "" || tagged && text[1] == '0' {
				if !give() {
					return
				}
				size = 0
			}
			if size += len(text); size > maxLine {
				fields, size = nil, 0
				if !yield(Draft{}, &Problem{l.number, "the record is longer than 4 MiB: the empty line behind it may be missing"}) {
					return
				}
				continue
			}
			if !l.valid {
				broken = l.number
			}
			switch {
			case tagged:
				fields = append(fields, field{line: l.number, tag: text[1:2], value: strings.TrimSpace(text[2:])})
			case text != "" && len(fields) > 0:
				last := &fields[len(fields)-1]
				last.more = append(last.more, text)
			}
		}
		give()
	}
}

// isRefer tells Refer by its first tag.
func isRefer(head []byte) bool {
	head = bytes.TrimSpace(head)
	return len(head) > 3 && head[0] == '%' && head[2] == ' ' && bytes.IndexByte([]byte("0ATFX"), head[1]) >= 0
}

func referDraft(fields []field) Draft {
	d := Draft{Line: fields[0].line, Titles: library.Text{}}
	for _, f := range fields {
		f.value = f.text()
		v := Value{f.line, f.value}
		if f.value == "" {
			continue
		}
		if to := map[string]*[]Value{"A": &d.Authors, "Q": &d.Authors, "E": &d.Editors, "I": &d.Publishers, "G": &d.Languages}[f.tag]; to != nil {
			*to = append(*to, v)
			continue
		}
		if to := map[string]*Value{"J": &d.Container, "B": &d.Container, "V": &d.Volume, "N": &d.Issue, "P": &d.Pages, "7": &d.Edition}[f.tag]; to != nil {
			*to = v
			continue
		}
		switch f.tag {
		case "0":
			d.Category = Value{f.line, referKinds[strings.ToLower(f.value)]}
		case "T":
			d.Titles[library.Undetermined] = f.value
		case "X":
			d.Abstracts = library.Text{library.Undetermined: f.value}
		case "D", "8":
			if date := slashed(f.value); len(date) > len(d.Date.Text) {
				d.Date = Value{f.line, date}
			}
		case "K":
			for word := range strings.FieldsFuncSeq(f.value, func(r rune) bool { return r == ';' || r == ',' }) {
				d.Subjects = append(d.Subjects, Value{f.line, strings.TrimSpace(word)})
			}
		case "F":
			d.Key = f.value
		case "@":
			d.identify(serial(f.value), f.value)
		case "R":
			d.identify("doi", f.value)
		case "U":
			d.link(f.value)
		}
	}
	return d
}

// WriteRefer writes Refer as EndNote imports it. It cannot hold what RIS cannot,
// nor that a work is a presentation.
func WriteRefer(w io.Writer) Writer { return &referWriter{w} }

type referWriter struct{ w io.Writer }

// Write writes one record.
func (r *referWriter) Write(d Draft) error {
	var b strings.Builder
	put := func(tag, value string) {
		if value = squeeze(value); value != "" {
			b.WriteString("%" + tag + " " + value + "\n")
		}
	}
	kind := "Generic"
	word := codeOf(d.Category.Text, "", func(i int) string { return kinds[i].word })
	for _, name := range []string{"Journal Article", "Report", "Book", "Book Section", "Thesis", "Conference Paper", "Statute", "Dataset", "Web Page", "Film or Broadcast"} {
		if word != "" && referKinds[strings.ToLower(name)] == word {
			kind = name
			break
		}
	}
	put("0", kind)
	title, lang := d.Titles.In(words(d.Languages)...)
	abstract, _ := d.Abstracts.In(lang)
	put("T", title)
	for _, f := range []struct {
		tag    string
		values []Value
	}{{"A", d.Authors}, {"E", d.Editors}, {"I", d.Publishers}, {"D", []Value{{Text: strings.ReplaceAll(d.Date.Text, "-", "/")}}}, {"J", []Value{d.Container}},
		{"V", []Value{d.Volume}}, {"N", []Value{d.Issue}}, {"P", []Value{d.Pages}}, {"7", []Value{d.Edition}}, {"G", d.Languages},
		{"K", d.Subjects}, {"K", d.Topics}, {"K", d.Countries}, {"K", d.Regions}} {
		for _, v := range f.values {
			text := v.Text
			if f.tag == "K" {
				text = strings.NewReplacer(",", " ", ";", " ").Replace(text)
			}
			put(f.tag, text)
		}
	}
	put("X", abstract)
	for _, id := range d.Identifiers {
		if tag := map[string]string{"doi": "R", "isbn": "@", "issn": "@"}[id.Scheme]; tag != "" {
			put(tag, id.Value)
		}
	}
	for _, l := range d.Links {
		put("U", l.URL)
	}
	put("F", d.Key)
	b.WriteString("\n")
	if _, err := io.WriteString(r.w, b.String()); err != nil {
		return fmt.Errorf("write Refer: %w", err)
	}
	return nil
}

// Close writes nothing more.
func (r *referWriter) Close() error { return nil }
