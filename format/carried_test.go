package format

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"waymark/library"
)

var update = flag.Bool("update", false, "rewrite the table of what each format carries")

// full is a draft that says everything, of several where several can be.
func full() Draft {
	list := func(words ...string) (values []Value) {
		for _, w := range words {
			values = append(values, Value{Text: w})
		}
		return values
	}
	return Draft{ID: "01KDVDP5B0PRG1AGFB2RCVAD5J",
		Titles:    library.Text{"en": "A handbook of quiet rooms", "fr": "Un manuel des chambres calmes"},
		Abstracts: library.Text{"en": "What rooms are quiet.", "fr": "Quelles chambres sont calmes."},
		Authors:   list("Hassan, Amina", "International Organization for Migration"), Editors: list("Okafor, Ngozi"), Publishers: list("UNODC", "IOM"),
		Countries: list("Sudan", "Kenya"), Regions: list("East and Horn of Africa"), Topics: list("Protection", "Armed Conflict"),
		Category: Value{Text: "Handbook"}, Date: Value{Text: "2021-05-04"}, Languages: list("en", "fr"), Subjects: list("rooms", "quiet"),
		Container: Value{Text: "Journal of Quiet Tests"}, Volume: Value{Text: "12"}, Issue: Value{Text: "3"}, Pages: Value{Text: "44-61"},
		Edition: Value{Text: "2"}, Rights: Value{Text: "https://creativecommons.org/licenses/by/4.0/"},
		Identifiers: []library.Identifier{{Scheme: "doi", Value: "10.1000/182"}, {Scheme: "isbn", Value: "9789210541060"}, {Scheme: "un-symbol", Value: "A/RES/55/25"}},
		Links:       []library.Link{{URL: "https://example.org/handbook"}, {URL: "https://example.org/handbook.pdf"}},
		Relations:   []library.Relation{{Type: library.Supersedes, Target: "01KDVDQBDRYKX49KW6GH1YNBNJ"}}}
}

// said gives what a draft says in each field, as words.
func said(d Draft) (fields []string, words map[string][]string) {
	words = map[string][]string{}
	put := func(field string, said ...string) {
		if !slices.Contains(fields, field) {
			fields = append(fields, field)
		}
		for _, w := range said {
			if w != "" {
				words[field] = append(words[field], w)
			}
		}
	}
	texts := func(field string, t library.Text) {
		put(field)
		for _, lang := range t.Languages() {
			put(field, lang+" "+t[lang])
		}
	}
	values := func(field string, list []Value) {
		put(field)
		for _, v := range list {
			put(field, v.Text)
		}
	}
	texts("Titles", d.Titles)
	texts("Abstracts", d.Abstracts)
	values("Authors", d.Authors)
	values("Editors", d.Editors)
	values("Publishers", d.Publishers)
	put("Date", d.Date.Text)
	values("Countries", d.Countries)
	values("Regions", d.Regions)
	values("Topics", d.Topics)
	put("Category", d.Category.Text)
	values("Languages", d.Languages)
	values("Subjects", d.Subjects)
	put("Container", d.Container.Text)
	put("Volume", d.Volume.Text)
	put("Issue", d.Issue.Text)
	put("Pages", d.Pages.Text)
	put("Edition", d.Edition.Text)
	put("Rights", d.Rights.Text)
	for _, id := range d.Identifiers {
		put("Identifiers", id.Scheme+" "+id.Value)
	}
	for _, l := range d.Links {
		put("Links", l.URL)
	}
	for _, r := range d.Relations {
		put("Relations", string(r.Type)+" "+string(r.Target))
	}
	for _, list := range [][]Value{d.Countries, d.Regions, d.Topics, d.Places, d.Subjects} {
		values("any", list)
	}
	return fields[:len(fields)-1], words
}

// TestCarried writes a full record in each format, reads it back, and holds what
// came to the table in docs/interoperability.md.
func TestCarried(t *testing.T) {
	fields, sent := said(full())
	var names []string
	cells := map[string]map[string]string{}
	for _, f := range Formats() {
		if f.Write == nil {
			continue
		}
		var b strings.Builder
		w := f.Write(&b)
		if err := w.Write(full()); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		got, problems := all(f.read(bufio.NewReader(strings.NewReader(b.String())), Options{}))
		if len(got) != 1 || len(problems) > 0 {
			t.Fatalf("%s gives %d records, %q\n%s", f.Name, len(got), problems, b.String())
		}
		names = append(names, f.Name)
		_, came := said(got[0])
		cells[f.Name] = map[string]string{}
		for _, field := range fields {
			cells[f.Name][field] = carried(sent[field], came[field], came["any"])
		}
	}
	var table strings.Builder
	fmt.Fprintf(&table, "| field | %s |\n|%s\n", strings.Join(names, " | "), strings.Repeat(" --- |", len(names)+1))
	for _, field := range fields {
		fmt.Fprintf(&table, "| %s |", field)
		for _, name := range names {
			fmt.Fprintf(&table, " %s |", cells[name][field])
		}
		table.WriteString("\n")
	}
	holdTable(t, table.String())
}

// carried says how much of what was said came.
func carried(sent, came, anywhere []string) string {
	in := func(list []string) (n int) {
		for _, w := range sent {
			if slices.Contains(list, w) {
				n++
			}
		}
		return n
	}
	switch own := in(came); {
	case own == len(sent):
		return "all"
	case in(anywhere) == len(sent):
		return "word"
	case len(came) > 0 || in(anywhere) > 0:
		return "part"
	}
	return "–"
}

func holdTable(t *testing.T, table string) {
	t.Helper()
	const name, begin, end = "../docs/interoperability.md", "<!-- what each format carries -->\n", "<!-- end of what each format carries -->"
	doc, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(doc), begin)
	was, after, ok2 := strings.Cut(rest, end)
	switch {
	case !ok || !ok2:
		t.Fatalf("%s has no place for the table", name)
	case was == table:
	case *update:
		if err := os.WriteFile(name, []byte(before+begin+table+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s says otherwise (-update rewrites it):\n%s", name, table)
	}
}
