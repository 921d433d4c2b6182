package curate

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"waymark/library"
	"waymark/match"
	"waymark/store"
)

var curator = library.Viewer{Name: "the tests", Role: library.Curator}

func desk(t *testing.T) (*Desk, *store.Store) {
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
	now := func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }
	return &Desk{Store: st, Visits: st, Now: now, Entropy: ulid.Monotonic(rand.NewChaCha8([32]byte{1}), 0)}, st
}

func id(n int) library.ID { return library.ID(fmt.Sprintf("01ARZ3NDEKTSV4RRFF%08d", n)) }

// record makes a resource of few values, so that two of them share some.
func record(rnd *rand.Rand, n int) *library.Resource {
	some := func(prefix string) (list []string) {
		for i := range 3 {
			if rnd.IntN(2) == 0 {
				list = append(list, fmt.Sprint(prefix, i))
			}
		}
		return list
	}
	text := func() library.Text {
		t := library.Text{}
		for _, lang := range []string{"en", "fr", "ar"} {
			if rnd.IntN(2) == 0 {
				t[lang] = fmt.Sprint(lang, rnd.IntN(3))
			}
		}
		if len(t) == 0 {
			return nil
		}
		return t
	}
	word := func() string { return []string{"", "a", "b"}[rnd.IntN(3)] }
	r := &library.Resource{ID: id(n), Status: library.Published, Audience: library.Public,
		Titles: library.Text{"en": "A title", "es": fmt.Sprint("Un título ", rnd.IntN(2))}, Abstracts: text(),
		Topics: some("t"), Countries: some("c"), Regions: some("r"), Languages: some("l"), Subjects: some("s"),
		Date: library.Date([]string{"", "2009", "2010"}[rnd.IntN(3)]), Category: word(), Edition: word(), Rights: word(),
		Container: word(), Volume: word(), Issue: word(), Pages: word(),
		Sources: []library.Source{{Name: "a file", Digest: fmt.Sprint("digest", n), Stated: []library.Stated{{Field: "title", Values: []string{fmt.Sprint("form", n)}}}}}}
	for _, v := range some("10.1/") {
		r.Identifiers = append(r.Identifiers, library.Identifier{Scheme: "doi", Value: v})
	}
	for _, v := range some("https://a.example/") {
		r.Links = append(r.Links, library.Link{URL: v})
	}
	for i := range rnd.IntN(3) {
		r.Contributors = append(r.Contributors, library.Contributor{Agent: id(900 + i), Role: library.Author})
		r.Files = append(r.Files, library.File{Digest: fmt.Sprint("file", n*rnd.IntN(2), i), Name: "x"})
	}
	return r
}

func put(t *testing.T, st *store.Store, changes ...*library.Resource) {
	t.Helper()
	edit := library.Edit{At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Actor: "the tests", Action: "edit"}
	for _, r := range changes {
		if err := add(&edit, r.Version, r); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := st.Commit(t.Context(), edit); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, st *store.Store, n int) library.Entry {
	t.Helper()
	e, err := st.Entry(t.Context(), library.House(), id(n))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestMergeAndBack: after merge and unmerge both records, and those that refer
// to them, are exactly what they were.
func TestMergeAndBack(t *testing.T) {
	d, st := desk(t)
	rnd := rand.New(rand.NewPCG(3, 4))
	for n := 10; n < 400; n += 3 {
		keep, drop, third := record(rnd, n), record(rnd, n+1), record(rnd, n+2)
		relations := []library.Relation{{Type: library.TranslationOf, Target: keep.ID}, {Type: library.Supersedes, Target: drop.ID}, {Type: library.PartOf, Target: id(7)}}
		third.Relations = relations[rnd.IntN(3):]
		keep.Relations = []library.Relation{{Type: library.Supersedes, Target: drop.ID}, {Type: library.PartOf, Target: third.ID}}[rnd.IntN(3)%2:]
		put(t, st, keep, drop, third)
		before := []library.Entry{read(t, st, n), read(t, st, n+1), read(t, st, n+2)}
		var picks []string
		for name := range drop.Fields() {
			if rnd.IntN(4) == 0 {
				picks = append(picks, name)
			}
		}
		if _, err := d.Merge(t.Context(), curator, keep.ID, drop.ID, "one work", picks...); err != nil {
			t.Fatal(err)
		}
		_, err := st.Entry(t.Context(), library.Viewer{}, drop.ID)
		if to, ok := library.MovedTo(err); !ok || to != keep.ID {
			t.Fatalf("the dropped record answers %v", err)
		}
		merged, err := library.ResourceOf(read(t, st, n))
		if err != nil || !merged.HasSource(drop.Sources[0].Digest) || !merged.HasSource(keep.Sources[0].Digest) {
			t.Fatalf("sources are lost: %+v, %v", merged.Sources, err)
		}
		for _, name := range picks {
			if mine, theirs := merged.Fields()[name], drop.Fields()[name]; library.Picked(name) && !slices.Equal(mine, theirs) {
				t.Fatalf("%s was picked and is %v, not %v", name, mine, theirs)
			}
		}
		if _, err := d.Unmerge(t.Context(), curator, drop.ID, "two works"); err != nil {
			t.Fatal(err)
		}
		for i, was := range before {
			is := read(t, st, n+i)
			if !bytes.Equal(is.Body, was.Body) || is.Status != was.Status || is.Audience != was.Audience || !reflect.DeepEqual(is.Keys, was.Keys) {
				t.Fatalf("record %d was\n%s %s %s\nand is\n%s %s %s", n+i, was.Body, was.Status, was.Audience, is.Body, is.Status, is.Audience)
			}
		}
	}
}

// TestUnmergeKeepsLaterWork: what a curator did after the merge stays.
func TestUnmergeKeepsLaterWork(t *testing.T) {
	d, st := desk(t)
	keep := &library.Resource{ID: id(1), Status: library.Published, Audience: library.Public, Titles: library.Text{"en": "One"}, Topics: []string{"a"}}
	drop := &library.Resource{ID: id(2), Status: library.Published, Audience: library.Public, Titles: library.Text{"en": "One", "fr": "Un"}, Topics: []string{"b"}, Date: "2010"}
	put(t, st, keep, drop)
	if _, err := d.Merge(t.Context(), curator, id(1), id(2), ""); err != nil {
		t.Fatal(err)
	}
	r, err := library.ResourceOf(read(t, st, 1))
	if err != nil {
		t.Fatal(err)
	}
	r.Titles["en"], r.Topics, r.Date = "One, corrected", append(r.Topics, "c"), "2011"
	put(t, st, r)
	if _, err := d.Unmerge(t.Context(), curator, id(2), ""); err != nil {
		t.Fatal(err)
	}
	r, err = library.ResourceOf(read(t, st, 1))
	if err != nil || r.Titles["en"] != "One, corrected" || r.Titles["fr"] != "" || fmt.Sprint(r.Topics) != "[a c]" || r.Date != "2011" {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestPairs: a suspected pair is asked about until it is decided, and a merge
// decides it and takes the others of the dropped record along.
func TestPairs(t *testing.T) {
	d, st := desk(t)
	var rs []*library.Resource
	for n := range 4 {
		rs = append(rs, record(rand.New(rand.NewPCG(1, uint64(n))), n))
	}
	put(t, st, rs...)
	edit := library.Edit{At: time.Now(), Actor: "the tests", Action: "import"}
	for i, two := range [][2]int{{0, 1}, {1, 2}, {0, 3}, {1, 3}} {
		p := library.NewPair(rs[two[1]], rs[two[0]], match.Verdict{Reasons: []string{"near"}})
		p.ID = id(100 + i)
		if err := add(&edit, 0, p); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := st.Commit(t.Context(), edit); err != nil {
		t.Fatal(err)
	}
	open := func() (list string) {
		pairs, err := d.Duplicates(t.Context(), curator, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pairs {
			list += fmt.Sprintf("%s-%s ", p.First.ID[25:], p.Second.ID[25:])
		}
		return list
	}
	check := func(want string) {
		t.Helper()
		if got := open(); got != want {
			t.Errorf("open are %q, want %q", got, want)
		}
	}
	check("0-1 1-2 0-3 1-3 ")
	if _, err := d.Different(t.Context(), curator, id(3), id(0), ""); err != nil {
		t.Error(err)
	}
	check("0-1 1-2 1-3 ")
	if _, err := d.Merge(t.Context(), curator, id(0), id(1), ""); err != nil {
		t.Error(err)
	}
	check("0-2 ")
	if _, err := d.Unmerge(t.Context(), curator, id(1), ""); err != nil {
		t.Error(err)
	}
	check("0-1 0-2 ")
}

// TestRefused: what cannot be done is answered by kind, and nothing changes.
func TestRefused(t *testing.T) {
	d, st := desk(t)
	open, inner := record(rand.New(rand.NewPCG(1, 1)), 1), record(rand.New(rand.NewPCG(1, 2)), 2)
	inner.Audience = library.Staff
	put(t, st, open, inner)
	staff := library.Viewer{Name: "x", Role: library.Curator, Audiences: []library.Audience{library.Staff}}
	for _, c := range []struct {
		what   string
		viewer library.Viewer
		a, b   int
		kind   library.ErrorKind
	}{
		{"a reader", library.Viewer{}, 1, 2, library.Forbidden},
		{"one with itself", staff, 1, 1, library.Invalid},
		{"another audience", staff, 1, 2, library.Invalid},
		{"one that the curator does not see", curator, 1, 2, library.NotFound},
		{"one that is not there", staff, 1, 3, library.NotFound},
	} {
		if _, err := d.Merge(t.Context(), c.viewer, id(c.a), id(c.b), ""); library.KindOf(err) != c.kind {
			t.Errorf("%s: %v, want %s", c.what, err, c.kind)
		}
		_, err := d.Unmerge(t.Context(), c.viewer, id(c.b), "")
		if k := library.KindOf(err); k != library.Forbidden && k != library.Invalid && k != library.NotFound {
			t.Errorf("%s: unmerge answers %v", c.what, err)
		}
	}
	limited := library.Viewer{Name: "x", Role: library.Curator, Topics: []string{"elsewhere"}}
	if _, err := d.Merge(t.Context(), limited, id(1), id(2), ""); library.KindOf(err) != library.Forbidden {
		t.Errorf("a curator of another topic merges: %v", err)
	}
	if _, err := d.Relate(t.Context(), limited, id(1), library.PartOf, id(2), ""); library.KindOf(err) != library.Forbidden {
		t.Errorf("a curator of another topic relates: %v", err)
	}
	if _, err := d.MergeAgents(t.Context(), limited, id(1), id(2), ""); library.KindOf(err) != library.Forbidden {
		t.Errorf("a limited curator merges agents: %v", err)
	}
	if seq, err := st.Seq(t.Context()); seq != 1 || err != nil {
		t.Errorf("%d edits, %v", seq, err)
	}
	if _, err := d.Duplicates(t.Context(), library.Viewer{}, 0); library.KindOf(err) != library.Forbidden {
		t.Error(err)
	}
}
