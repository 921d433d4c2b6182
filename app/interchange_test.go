package app

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"waymark/catalogue"
	"waymark/format"
	"waymark/library"
)

// carried is the table of docs/interoperability.md between its marks.
const carried = "../docs/interoperability.md"

// TestInterchange has an empty library take in the demonstration collection by
// every way from one Waymark to another, and holds what came to the table in
// docs/interoperability.md: of the records that say a field, how many say the
// same there. What only links to the record of the first library is no loss.
func TestInterchange(t *testing.T) {
	own := t.TempDir()
	h, site := siteOf(t, own, true)
	t.Setenv("WAYMARK_PRIVATE_ADDRESSES", "true")
	edit(t, h, palermo, func(_ *library.Entry, r *library.Resource) {
		r.Titles["fr"], r.Abstracts["fr"] = "Le Protocole de Palerme", "Un texte écrit pour cet essai."
		r.Subjects, r.Container, r.Volume, r.Issue, r.Pages = []string{"treaties", "crime"}, "Journal of Quiet Tests", "12", "3", "44-61"
		r.Edition, r.Rights = "2nd", "https://creativecommons.org/licenses/by/4.0/"
		r.Identifiers = append(r.Identifiers, library.Identifier{Scheme: "doi", Value: "10.1000/182"}, library.Identifier{Scheme: "isbn", Value: "9789210541060"})
	})
	sent := drafts(t, h)
	ways := []string{"jsonl", "oai_dc", "qdc", "marcxml", "mods", "datacite"}
	kept := map[string]map[string]int{}
	for _, way := range ways {
		data := t.TempDir()
		var steps [][]string
		if way == "jsonl" {
			lines := filepath.Join(data, "all.jsonl")
			code, _, errs := waymark(t, own, "export", "--format", "jsonl", "-o", lines)
			if code != exitWell {
				t.Fatal(errs)
			}
			steps = [][]string{{"import", "--publish", lines}}
		} else {
			steps = [][]string{{"harvest", "add", "a", site + "/oai", "--prefix", way}, {"harvest", "run"}}
		}
		for _, args := range steps {
			if code, out, errs := waymark(t, data, args...); code != exitWell {
				t.Fatalf("%s: %q: exit code %d\n%s%s", way, args, code, out, errs)
			}
		}
		b, _ := siteOf(t, data, false)
		kept[way] = same(sent, drafts(t, b))
	}
	table := interchangeTable(sent, ways, kept)
	const begin, end = "<!-- what is carried -->\n", "<!-- end of what is carried -->"
	doc, err := os.ReadFile(carried)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(doc), begin)
	was, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the table", carried)
	}
	if was == table {
		return
	}
	if !*update {
		t.Fatalf("%s differs: run with -update and look at the difference\n%s", carried, table)
	}
	if err := os.WriteFile(carried, []byte(before+begin+table+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// drafts gives what everyone may read, by the first title in the order of the
// record's own ID, which sources name.
func drafts(t *testing.T, h *house) map[string]format.Draft {
	t.Helper()
	out := map[string]format.Draft{}
	records, err := h.catalogue.Walk(t.Context(), library.Viewer{}, "", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range records {
		name := string(rec.ID)
		for _, src := range rec.Sources {
			if _, id, ok := strings.Cut(src.Key, "oai:waymark.localhost:"); ok {
				name = id
			}
		}
		out[name] = catalogue.Draft(rec, h.vocabularies)
	}
	return out
}

// exchangedFields are the fields of a draft that a format may carry.
var exchangedFields = []string{"Titles", "Abstracts", "Authors", "Editors", "Publishers", "Date", "Countries", "Regions", "Topics", "Category", "Languages",
	"Subjects", "Container", "Volume", "Issue", "Pages", "Edition", "Rights", "Identifiers", "Links"}

// values gives what a draft says in a field as words in their order.
func values(d format.Draft, field string) []string {
	switch v := reflect.ValueOf(d).FieldByName(field).Interface().(type) {
	case library.Text:
		var out []string
		for _, lang := range v.Languages() {
			out = append(out, lang+": "+v[lang])
		}
		return out
	case format.Value:
		if v.Text == "" {
			return nil
		}
		return []string{v.Text}
	case []format.Value:
		var out []string
		for _, one := range v {
			out = append(out, one.Text)
		}
		return out
	case []library.Identifier:
		var out []string
		for _, one := range v {
			out = append(out, one.Scheme+" "+one.Value)
		}
		return out
	case []library.Link:
		var out []string
		for _, one := range v {
			out = append(out, one.URL)
		}
		return out
	}
	panic(field)
}

// same counts, by field, the drafts that say there all that they say here.
func same(here, there map[string]format.Draft) map[string]int {
	n := map[string]int{}
	for id, a := range here {
		b, ok := there[id]
		for _, field := range exchangedFields {
			said := values(a, field)
			got := values(b, field)
			all := !slices.ContainsFunc(said, func(s string) bool { return !slices.Contains(got, s) })
			if ok && len(said) > 0 && all {
				n[field]++
			}
		}
	}
	return n
}

func interchangeTable(sent map[string]format.Draft, ways []string, kept map[string]map[string]int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| field | records that say it | %s |\n| --- | ---: |%s\n", strings.Join(ways, " | "), strings.Repeat(" ---: |", len(ways)))
	for _, field := range exchangedFields {
		n := 0
		for _, d := range sent {
			if len(values(d, field)) > 0 {
				n++
			}
		}
		fmt.Fprintf(&b, "| %s | %d |", field, n)
		for _, way := range ways {
			fmt.Fprintf(&b, " %d |", kept[way][field])
		}
		b.WriteString("\n")
	}
	return b.String()
}
