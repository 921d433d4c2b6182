package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"waymark/format"
	"waymark/library"
	"waymark/store"
	"waymark/vocabulary"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const portalPage = "../testdata/portal/capacity-building.txt"

// desk is an importer over a real store in a temporary folder, with a fixed
// clock and fixed ids.
type desk struct {
	t  testing.TB
	st *store.Store
	im *Importer
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "library.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	v, err := vocabulary.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	seed := [32]byte{1}
	return &desk{t, st, &Importer{Store: st, Vocabularies: v, Actor: "test",
		Now:     func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) },
		Entropy: ulid.Monotonic(rand.NewChaCha8(seed), 0)}}
}

func (d *desk) add(name, source string) Report {
	d.t.Helper()
	isTopic := func(s string) bool { _, ok := d.im.Vocabularies.Topics.Find(s); return ok }
	rep, err := d.im.Import(d.t.Context(), name, format.Read(strings.NewReader(source), format.Options{IsTopic: isTopic}))
	if err != nil {
		d.t.Fatal(err)
	}
	if got := rep.Added + rep.There(); got+countRefused(rep) != rep.Read {
		d.t.Errorf("%s: %d read, but %d added, %d there, %d refused", name, rep.Read, rep.Added, rep.There(), len(rep.Refused))
	}
	return rep
}

func countRefused(rep Report) int {
	n := 0
	for _, r := range rep.Refused {
		if r.Line > 0 {
			n++
		}
	}
	return n
}

// all gives the resources as text, with the names of their agents.
func (d *desk) all() []*library.Resource {
	d.t.Helper()
	entries, err := d.st.Scan(d.t.Context(), library.House(), library.KindResource, "", 0)
	if err != nil {
		d.t.Fatal(err)
	}
	var rs []*library.Resource
	for _, e := range entries {
		if e.Status == library.Merged {
			continue
		}
		r, err := library.ResourceOf(e)
		if err != nil {
			d.t.Fatal(err)
		}
		rs = append(rs, r)
	}
	return rs
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestPortalPage imports the real page: nine resources with every field, in a
// golden file, and again nothing.
func TestPortalPage(t *testing.T) {
	d := newDesk(t)
	page := read(t, portalPage)
	rep := d.add("capacity-building.txt", page)
	if rep.Read != 10 || rep.Added != 9 || len(rep.Joined) != 1 || len(rep.Suspected)+len(rep.Refused)+len(rep.Warnings) != 0 {
		t.Errorf("report %+v", rep)
	}
	if rep.Joined[0].Line != 54 || !strings.Contains(rep.Joined[0].Title, "in the context of armed conflict") {
		t.Errorf("joined %+v", rep.Joined)
	}
	golden(t, "testdata/capacity-building.json", d.dump())
	before, err := d.st.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if rep := d.add("copy of the page.txt", page); rep.Added != 0 || rep.Known != 10 {
		t.Errorf("again: %+v", rep)
	}
	if after, _ := d.st.Seq(t.Context()); after != before {
		t.Errorf("importing again wrote %d edits", after-before)
	}
}

// dump writes every field of every resource and agent.
func (d *desk) dump() []byte {
	d.t.Helper()
	type dumped struct {
		ID       library.ID
		Status   library.Status
		Audience library.Audience
		Authors  []string
		Forms    []string
		*library.Resource
	}
	var out []dumped
	for _, r := range d.all() {
		agents, err := library.Agents(d.st.Entries(d.t.Context(), library.Viewer{}, r.AgentIDs()))
		if err != nil {
			d.t.Fatal(err)
		}
		one := dumped{ID: r.ID, Status: r.Status, Audience: r.Audience, Forms: r.Forms(), Resource: r}
		for _, id := range r.AgentIDs() {
			a := agents[id]
			one.Authors = append(one.Authors, fmt.Sprintf("%s: %s", a.Type, a.Label("en")))
		}
		out = append(out, one)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(out); err != nil {
		d.t.Fatal(err)
	}
	return b.Bytes()
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := read(t, name); want != string(got) {
		t.Errorf("%s differs: run with -update and look at the difference\n%s", name, got)
	}
}

// TestDemoCollection: the demonstration's works are all different, and the
// portal's page adds none of its works a second time, in either order.
func TestDemoCollection(t *testing.T) {
	page, demo := read(t, portalPage), read(t, "../app/demo/collection.jsonl")
	t.Run("page after demo", func(t *testing.T) {
		d := newDesk(t)
		if rep := d.add("demo", demo); rep.Added != 108 || len(rep.Suspected)+len(rep.Refused)+len(rep.Warnings) != 0 {
			t.Errorf("demo: added %d, joined %v, suspected %v, refused %v, warnings %v", rep.Added, rep.Joined, rep.Suspected, rep.Refused, rep.Warnings)
		}
		if rep := d.add("page", page); rep.Added != 0 || len(rep.Joined) != 10 || len(rep.Suspected) != 0 {
			t.Errorf("page: %+v", rep)
		}
		if rep := d.add("demo", demo); rep.Known != 108 {
			t.Errorf("demo again: %+v", rep)
		}
		if n := len(d.all()); n != 108 {
			t.Errorf("%d resources", n)
		}
	})
	t.Run("demo after page", func(t *testing.T) {
		d := newDesk(t)
		d.add("page", page)
		if rep := d.add("demo", demo); rep.Added != 99 || len(rep.Joined) != 9 || len(rep.Suspected) != 0 {
			t.Errorf("demo: added %d, joined %d, suspected %v", rep.Added, len(rep.Joined), rep.Suspected)
		}
		if rep := d.add("demo", demo); rep.Known != 108 {
			t.Errorf("demo again: %+v", rep)
		}
		// The framework of 2020 supersedes that of 2009, which came from the page.
		const framework2009 = "01KDVDNAZ80HZQAZ02R8CNEYJS"
		_, err := d.st.Entry(t.Context(), library.Viewer{}, framework2009)
		to, moved := library.MovedTo(err)
		if !moved {
			t.Fatalf("the demonstration's own id answers %v, not Moved", err)
		}
		keys := []library.Key{{Scheme: library.KeyRelation, Value: string(to)}}
		if newer, err := d.st.Find(t.Context(), library.Viewer{}, library.KindResource, keys, 0); err != nil || len(newer) == 0 {
			t.Errorf("nothing supersedes the framework of 2009 any more: %v", err)
		}
	})
}

func entryOf(title, fields string) string {
	return "Capacity Building\n\n" + title + "\n\nAn abstract of the work that is long enough to be told for English.\n" + fields + "Category\n\n"
}

// TestBadInput: each mistake is named with its line, and what is good arrives.
func TestBadInput(t *testing.T) {
	good := "A Good Title of Another Work\n\nIts abstract.\nCountry\nSudan\nYear\n2015\nCategory\n\n"
	for name, c := range map[string]struct {
		source            string
		added             int
		refused, warnings []string
	}{
		"unknown country": {entryOf("A Title", "Country\nAtlantiss\nYear\n2015\n") + good, 2, nil,
			[]string{`7 country "Atlantiss" is not in the vocabulary: the record is taken in without it`}},
		"misspelt country": {entryOf("A Title", "Country\nSuddan\n") + good, 2, nil,
			[]string{`7 country "Suddan" is not in the vocabulary (did you mean "Sudan"?): the record is taken in without it`}},
		"year 20x9": {entryOf("A Title", "Year\n20x9\n") + good, 2, nil,
			[]string{`7 year "20x9" is not a year: the record is taken in without one`}},
		"300 KB abstract": {"Capacity Building\n\nA Title\n\n" + strings.Repeat("word ", 60000) + "\nCountry\nSudan\nCategory\n\n" + good, 1,
			[]string{"3 the abstract has 299999 characters and at most 20000 fit: shorten it, or look for a missing Country line"}, nil},
		"long title": {"Capacity Building\n\n" + strings.Repeat("word ", 300) + "\n\nAbstract.\nCountry\nSudan\nCategory\n\n" + good, 1,
			[]string{"3 the title has 1499 characters and at most 1000 fit: the blank line below it may be missing"}, nil},
		"a title of signs": {entryOf("?!", "Country\nSudan\n") + good, 1, []string{"3 the entry has no title"}, nil},
		"unknown topic": {"Underwater Basketry\n\n" + good, 1, nil,
			[]string{`1 topic "Underwater Basketry" is not in the vocabulary: the record is taken in without it`}},
		"control characters": {entryOf("A \x01Title\x00 of", "Country\nSudan\n"), 0,
			[]string{"0 the file is not text in UTF-8: save it as UTF-8 text, or name the text file it was made from"}, nil},
		"control characters in JSON": {`{"titles":{"en":"A \u0000Title \u0007of a Work"},"authors":["B\u0000ob Miller"],"identifiers":[{"scheme":"","value":"x"}],"links":[{"url":"javascript:alert(1)"}],"relations":[{"type":"supersedes","target":"x"}]}`, 1, nil,
			[]string{`1 identifier "x" of scheme "" lacks one of both: the record is taken in without it`,
				`1 relation supersedes to "x" names no id: the record is taken in without it`,
				`1 link "javascript:alert(1)" is not a web address: the record is taken in without it`}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			rep := d.add("page", c.source)
			if rep.Added != c.added {
				t.Errorf("added %d, want %d", rep.Added, c.added)
			}
			if got := notes(rep.Refused); fmt.Sprint(got) != fmt.Sprint(c.refused) {
				t.Errorf("refused %q, want %q", got, c.refused)
			}
			if got := notes(rep.Warnings); fmt.Sprint(got) != fmt.Sprint(c.warnings) {
				t.Errorf("warnings %q, want %q", got, c.warnings)
			}
			if again := d.add("page", c.source); again.Added != 0 {
				t.Errorf("importing again added %d", again.Added)
			}
		})
	}
}

func notes(ns []Note) []string {
	var out []string
	for _, n := range ns {
		out = append(out, fmt.Sprintf("%d %s", n.Line, n.Text))
	}
	return out
}

// TestNothingIsLost: what a vocabulary does not know stays with the record as
// its source states it.
func TestNothingIsLost(t *testing.T) {
	d := newDesk(t)
	d.add("page", entryOf("A Title of a Work", "Country\nAtlantis\nRegion\nMiddle East\nNorth Africa\nAuthors\nInternational Organization For Migration (IOM)\nNataliya Gusak\nYear\n20x9\n"))
	r := d.all()[0]
	got := fmt.Sprint(r.Countries, r.Regions, r.Date, r.Topics, len(r.Contributors))
	if want := fmt.Sprint([]string{}, []string{"middle-east", "north-africa"}, "", []string{"capacity-building"}, 2); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	body, err := json.Marshal(r.Sources)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"Atlantis", "20x9", "International Organization For Migration (IOM)", "A Title of a Work"} {
		if !bytes.Contains(body, []byte(s)) {
			t.Errorf("the source's statement lacks %q: %s", s, body)
		}
	}
}

// TestNoAuthorForNothing: an author whom only a merged record names is author of
// nothing that stands.
func TestNoAuthorForNothing(t *testing.T) {
	d := newDesk(t)
	d.add("one", entryOf("A Long Enough Title of a Work", "Authors\nIOM\nYear\n2015\n"))
	rep := d.add("two", entryOf("A LONG enough title of a work", "Authors\nIOM\nAnother Spelling\nYear\n2015\n"))
	agents, err := d.st.Scan(t.Context(), library.House(), library.KindAgent, "", 0)
	if err != nil || len(rep.Joined) != 1 || len(agents) != 2 {
		t.Errorf("%+v, %d agents, %v", rep, len(agents), err)
	}
	works := 0
	for _, a := range agents {
		found, err := d.st.Find(t.Context(), library.House(), library.KindResource, []library.Key{{Scheme: library.KeyAgent, Value: string(a.ID)}}, 0)
		if works += len(found); err != nil {
			t.Error(err)
		}
	}
	if works != 1 {
		t.Errorf("the agents have %d works", works)
	}
}

func TestSuspectedIsAddedAndNamed(t *testing.T) {
	d := newDesk(t)
	d.add("one", entryOf("Guide to the Identification of Victims in Camps", "Year\n2015\n"))
	rep := d.add("two", entryOf("Guide to the Identificaction of Victims in Camps", "Year\n2015\n"))
	if rep.Added != 1 || len(rep.Suspected) != 1 || !strings.Contains(rep.Suspected[0].Other, "Identification") {
		t.Errorf("%+v", rep)
	}
}

func TestDryRunWritesNothing(t *testing.T) {
	d := newDesk(t)
	d.im.DryRun = true
	if rep := d.add("page", read(t, portalPage)); rep.Added != 9 || len(rep.Joined) != 1 {
		t.Errorf("%+v", rep)
	}
	if seq, err := d.st.Seq(t.Context()); seq != 0 || err != nil {
		t.Errorf("a dry run wrote %d edits, %v", seq, err)
	}
}

// overtaken is a store in which another writer changes a record between an
// importer's reading and its commit, the first few times.
type overtaken struct {
	*store.Store
	left int
}

func (o *overtaken) Commit(ctx context.Context, e library.Edit) (library.Edit, error) {
	if o.left > 0 {
		o.left--
		return e, library.Errorf(library.Conflict, "somebody was faster")
	}
	return o.Store.Commit(ctx, e)
}

func TestOvertakenImportGoesAgain(t *testing.T) {
	d := newDesk(t)
	d.im.Store = &overtaken{d.st, 3}
	if rep := d.add("page", read(t, portalPage)); rep.Added != 9 {
		t.Errorf("%+v", rep)
	}
	if n := len(d.all()); n != 9 {
		t.Errorf("%d resources", n)
	}
}

// TestSideBySide: two processes that import the same file at the same time
// add its works once.
func TestSideBySide(t *testing.T) {
	d := newDesk(t)
	page := read(t, portalPage)
	reports := make(chan Report)
	for i := range 4 {
		go func() {
			im := *d.im
			im.Entropy = ulid.Monotonic(rand.NewChaCha8([32]byte{byte(i)}), 0)
			rep, err := im.Import(t.Context(), "page", format.Read(strings.NewReader(page), format.Options{IsTopic: func(s string) bool { return s == "Capacity Building" }}))
			if err != nil {
				t.Error(err)
			}
			reports <- rep
		}()
	}
	added := 0
	for range 4 {
		rep := <-reports
		added += rep.Added
	}
	if n := len(d.all()); n != 9 || added != 9 {
		t.Errorf("%d resources, %d reported as added, want 9", n, added)
	}
}

// TestTooManyNames: a record with more names than a work has is refused, since
// what is done for each pair of them would take for ever.
func TestTooManyNames(t *testing.T) {
	d := newDesk(t)
	for _, c := range []struct {
		line, problem string
	}{
		{`"authors":[` + strings.Repeat(`"A B",`, 10_000) + `"C D"]`, "10001 authors"},
		{`"subjects":[` + strings.Repeat(`"a",`, 1_000_000) + `"b"]`, "1000001 subjects"},
		{`"identifiers":[` + strings.Repeat(`{"scheme":"a","value":"b"},`, 1000) + `{"scheme":"a","value":"c"}]`, "1001 identifiers"},
	} {
		rep := d.add("a.jsonl", `{"titles":{"en":"A title of something"},`+c.line+"}")
		if rep.Added != 0 || len(rep.Refused) != 1 || !strings.Contains(rep.Refused[0].Text, c.problem) {
			t.Errorf("%s: %d added, %+v", c.problem, rep.Added, rep.Refused)
		}
	}
}
