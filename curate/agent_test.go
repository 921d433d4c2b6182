package curate

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"waymark/library"
	"waymark/store"
)

func putAgents(t *testing.T, st *store.Store, agents ...*library.Agent) {
	t.Helper()
	edit := library.Edit{At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Actor: "the tests", Action: "edit"}
	for _, a := range agents {
		if err := add(&edit, a.Version, a); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := st.Commit(t.Context(), edit); err != nil {
		t.Fatal(err)
	}
}

// TestMergeAgentsAndBack: a merge gives every work to one; taken back, agents
// and works are exactly what they were.
func TestMergeAgentsAndBack(t *testing.T) {
	d, st := desk(t)
	rnd := rand.New(rand.NewPCG(5, 6))
	for n := 10; n < 400; n += 5 {
		word := func() string { return fmt.Sprint("Name ", rnd.IntN(4)) }
		agent := func(n int) *library.Agent {
			a := &library.Agent{ID: id(n), Type: library.Organisation, Names: library.Text{"und": word()}, Acronym: []string{"", "A", "B"}[rnd.IntN(3)]}
			if rnd.IntN(2) == 0 {
				a.Names["fr"] = word()
			}
			for range rnd.IntN(3) {
				a.Variants = append(a.Variants, word())
			}
			if rnd.IntN(2) == 0 {
				a.Identifiers = []library.Identifier{{Scheme: "wikidata", Value: fmt.Sprint("Q", n)}}
			}
			return a
		}
		keep, drop := agent(n), agent(n+1)
		putAgents(t, st, keep, drop)
		var works []*library.Resource
		for i := 2; i < 5; i++ {
			r := record(rnd, n+i)
			r.Contributors = nil
			for _, role := range []library.ContributorRole{library.Author, library.Publisher} {
				for _, a := range []library.ID{drop.ID, keep.ID, id(5)}[rnd.IntN(3):] {
					r.Contributors = append(r.Contributors, library.Contributor{Agent: a, Role: role})
				}
			}
			works = append(works, r)
		}
		put(t, st, works...)
		var before []library.Entry
		for i := range 5 {
			before = append(before, read(t, st, n+i))
		}
		if _, err := d.MergeAgents(t.Context(), curator, keep.ID, drop.ID, ""); err != nil {
			t.Fatal(err)
		}
		_, err := st.Entry(t.Context(), library.Viewer{}, drop.ID)
		if to, ok := library.MovedTo(err); !ok || to != keep.ID {
			t.Fatalf("the dropped agent answers %v", err)
		}
		for i := 2; i < 5; i++ {
			r, err := library.ResourceOf(read(t, st, n+i))
			if err != nil || has(r, library.Contributor{Agent: drop.ID, Role: library.Author}) {
				t.Fatalf("%+v, %v", r, err)
			}
		}
		if _, err := d.UnmergeAgents(t.Context(), curator, drop.ID, ""); err != nil {
			t.Fatal(err)
		}
		for i, was := range before {
			if is := read(t, st, n+i); !bytes.Equal(is.Body, was.Body) || is.Status != was.Status || !reflect.DeepEqual(is.Keys, was.Keys) {
				t.Fatalf("entry %d was\n%s\nand is\n%s", n+i, was.Body, is.Body)
			}
		}
	}
}

func TestIdentify(t *testing.T) {
	d, st := desk(t)
	one := &library.Agent{ID: id(1), Type: library.Person, Names: library.Text{"und": "One"}}
	two := &library.Agent{ID: id(2), Type: library.Person, Names: library.Text{"und": "Two"}}
	putAgents(t, st, one, two)
	orcid := library.Identifier{Scheme: "orcid", Value: "0000-0002-1825-0097"}
	for _, c := range []struct {
		viewer library.Viewer
		agent  int
		id     library.Identifier
		kind   library.ErrorKind
	}{
		{library.Viewer{}, 1, orcid, library.Forbidden},
		{curator, 3, orcid, library.NotFound},
		{curator, 1, library.Identifier{Scheme: "orcid", Value: "0000-0002-1825-0098"}, library.Invalid},
		{curator, 1, orcid, ""},
		{curator, 1, orcid, ""}, // once more
		{curator, 2, orcid, library.Conflict},
	} {
		if _, err := d.Identify(t.Context(), c.viewer, id(c.agent), c.id); library.KindOf(err) != c.kind {
			t.Errorf("%d %+v: %v, want %q", c.agent, c.id, err, c.kind)
		}
	}
	a, err := library.AgentOf(read(t, st, 1))
	if err != nil || len(a.Identifiers) != 1 {
		t.Errorf("%+v, %v", a, err)
	}
}
