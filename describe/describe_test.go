package describe

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"waymark/catalogue"
	"waymark/library"
	"waymark/vocabulary"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// whole is a record with all that can be said, and bare one with nothing.
func works(t *testing.T) map[string]Work {
	t.Helper()
	v, err := vocabulary.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	author := &library.Agent{ID: "A1", Type: library.Person, Names: library.Text{"und": "Ana Ruiz"}, Identifiers: []library.Identifier{{Scheme: "viaf", Value: "12"}, {Scheme: "orcid", Value: "0000-0002-1825-0097"}}}
	publisher := &library.Agent{ID: "A2", Type: library.Organisation, Names: library.Text{"en": "International Organization for Migration"}, Acronym: "IOM", Website: "https://www.iom.int/"}
	whole := &library.Resource{ID: "01ARZ3NDEKTSV4RRFFQ69G5FAV", Status: library.Published, Audience: library.Public,
		Titles: library.Text{"en": "A <Whole> \"Work\" & more", "fr": "Une œuvre"}, Abstracts: library.Text{"en": "Of\n many  things."}, Date: "2015-12-31",
		Contributors: []library.Contributor{{Agent: "A1", Role: library.Author}, {Agent: "A2", Role: library.Publisher}},
		Countries:    []string{"SD"}, Regions: []string{"worldwide"}, Topics: []string{"protection", "trafficking"}, Category: "journal-article", Languages: []string{"en", "und"},
		Identifiers: []library.Identifier{{Scheme: "doi", Value: "10.1000/a<b>"}, {Scheme: "issn", Value: "1234-5679"}, {Scheme: "un-symbol", Value: "A/RES/64/293"}},
		Links:       []library.Link{{URL: "https://example.org/a?b=c&d=e"}}, Subjects: []string{"sea"}, Container: "A Journal", Volume: "3", Issue: "2", Pages: "12–34",
		Edition: "2nd", Rights: "https://creativecommons.org/licenses/by/4.0/",
		Files: []library.File{{Digest: "d1", Name: "for staff.pdf", Type: "application/pdf", Size: 5, Audience: library.Staff, Cover: true},
			{Digest: "d2", Name: "the work.pdf", Type: "application/pdf", Size: 70_000, Language: "en", Cover: true}, {Digest: "d3", Name: "annex.csv", Type: "text/csv", Size: 9}},
		Relations: []library.Relation{{Type: library.TranslationOf, Target: "T1"}, {Type: library.Supersedes, Target: "T2"}, {Type: library.PartOf, Target: "T3"}}}
	bare := &library.Resource{ID: "01ARZ3NDEKTSV4RRFFQ69G5FAW", Titles: library.Text{"und": "Bare"}}
	work := func(r *library.Resource, agents ...*library.Agent) Work {
		return Work{Record: catalogue.Record{Resource: r, Agents: agents}, Vocabularies: v, Origin: "https://library.example.org", Site: "A Library", Lang: "fr",
			Page: "https://library.example.org/fr/r/" + string(r.ID)}
	}
	return map[string]Work{"whole": work(whole, author, publisher), "bare": work(bare)}
}

// TestGolden: what is said of a work to machines, in each of their tongues. A
// file for staff has no part in it.
func TestGolden(t *testing.T) {
	forms := []Form{{".ris", "application/x-research-info-systems"}}
	for name, w := range works(t) {
		var b bytes.Buffer
		schema, err := w.SchemaOrg()
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Indent(&b, schema, "", "  "); err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n\n")
		for _, tag := range append(append(w.Highwire(), w.DublinCore()...), w.OpenGraph("What it is about")...) {
			fmt.Fprintf(&b, "%s: %s\n", tag.Name, tag.Content)
		}
		fmt.Fprintf(&b, "\n%s\n\n", Header(w.Signposts(forms)))
		set, err := Set(append(w.Signposts(forms), w.BackLinks(forms)...))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Indent(&b, set, "", "  "); err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n")
		if bytes.Contains(b.Bytes(), []byte("staff")) || bytes.Contains(b.Bytes(), []byte("d1")) {
			t.Errorf("%s tells of a file for staff", name)
		}
		file := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), want) {
			t.Errorf("%s differs: run with -update and look at the difference\n%s", file, b.Bytes())
		}
	}
}
