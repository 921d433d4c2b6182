package curate

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"waymark/library"
	"waymark/store"
)

var acts = flag.Int("acts", 1000, "random acts of the property test")

// revisionOf is a revision as it was when it was made.
type revisionOf struct {
	body, status, audience, into string
}

// past is what every entry was, by version from 1.
type pasts map[library.ID][]revisionOf

// note remembers what an edit made.
func (p pasts) note(t *testing.T, e library.Edit) {
	t.Helper()
	for _, c := range e.Changes {
		if n := int64(len(p[c.Entry.ID])); c.Read != n {
			t.Fatalf("edit %d changes version %d of %s, which has %d", e.Seq, c.Read, c.Entry.ID, n)
		}
		p[c.Entry.ID] = append(p[c.Entry.ID], revisionOf{string(c.Entry.Body), string(c.Entry.Status), string(c.Entry.Audience), string(c.Entry.MergedInto)})
	}
}

// clerk does random acts at a desk.
type clerk struct {
	t    *testing.T
	d    *Desk
	st   *store.Store
	rnd  *rand.Rand
	ids  []library.ID
	last library.Edit   // that was done
	on   []library.ID   // the records of it
	did  map[string]int // acts that took effect
}

func (c *clerk) any() library.ID { return c.ids[c.rnd.IntN(len(c.ids))] }

// fields gives what a random record says, without relations to nowhere.
func (c *clerk) fields() library.Fields {
	f := record(c.rnd, c.rnd.IntN(len(c.ids)+1)).Fields()
	delete(f, "relation")
	f["title.en"] = []string{fmt.Sprint("Title ", c.rnd.IntN(40))}
	f[library.FieldAudience] = []string{"public"}
	if c.rnd.IntN(3) == 0 {
		f["relation"] = []string{string(library.Supersedes) + ":" + string(c.any())}
	}
	return f
}

// act does one random act. What is refused changes nothing.
func (c *clerk) act() (name string, e library.Edit, err error) {
	ctx, id := c.t.Context(), c.any()
	version := func() int64 {
		r, err := c.st.Entries(ctx, library.House(), []library.ID{id})
		if err != nil || len(r) == 0 {
			return 0
		}
		return r[0].Version
	}
	names := []string{"new", "edit", "edit", "publish", "old edit", "merge", "unmerge", "withdraw", "restore", "undo", "bulk", "stage", "table"}
	switch name = names[c.rnd.IntN(len(names))]; name {
	case "new":
		if id, err = c.d.NewID(); err == nil {
			e, err = c.d.Save(ctx, curator, Revision{ID: id, Fields: c.fields()})
		}
		if err == nil {
			c.ids = append(c.ids, id)
		}
	case "edit", "publish":
		e, err = c.d.Save(ctx, curator, Revision{ID: id, Base: version(), Fields: c.fields(), Publish: name == "publish"})
	case "old edit":
		e, err = c.d.Save(ctx, curator, Revision{ID: id, Base: 1 + c.rnd.Int64N(max(version(), 1)), Fields: c.fields()})
	case "merge":
		e, err = c.d.Merge(ctx, curator, id, c.any(), "they are one", "date")
	case "unmerge":
		e, err = c.d.Unmerge(ctx, curator, id, "they are two")
	case "withdraw":
		e, err = c.d.Withdraw(ctx, curator, id, version(), "why not")
	case "restore":
		e, err = c.d.Restore(ctx, curator, id, 1+c.rnd.Int64N(max(version(), 1)), "")
	case "undo":
		e, err = c.d.Undo(ctx, curator, c.last.Seq, c.on)
	case "bulk":
		e, _, err = c.d.Bulk(ctx, curator, []library.ID{id, c.any()}, Act{Do: DoCountry, Value: "AL"})
	case "stage":
		e, err = c.d.Stage(ctx, curator, id, library.StageReview, "")
	case "table":
		e, _, err = c.d.SaveAll(ctx, curator, []Revision{{ID: id, Fields: c.fields()}, {ID: c.any(), Fields: c.fields()}}, nil, "")
	}
	return name, e, err
}

// topsAreRight holds what the desk reads of a queue to the queue read whole.
func (c *clerk) topsAreRight() {
	c.t.Helper()
	for _, q := range Queues() {
		all, err := c.d.Waiting(c.t.Context(), curator, q, Filter{})
		if err != nil {
			c.t.Fatal(err)
		}
		top, n, err := c.d.Top(c.t.Context(), curator, q, Filter{}, 3)
		if err != nil || n != len(all) || !slices.Equal(IDs(top), IDs(all[:min(3, len(all))])) {
			c.t.Fatalf("of %s there are %d, first %v; the desk reads %d, first %v (%v)", q, len(all), IDs(all), n, IDs(top), err)
		}
	}
}

// TestAnyHistory: whatever edits, merges, undos and restores follow each other,
// the library stays consistent and every earlier revision reads as it was.
func TestAnyHistory(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			d, st := desk(t)
			d.Notes, d.Latest = st, st
			c := &clerk{t: t, d: d, st: st, rnd: rand.New(rand.NewPCG(seed, 1)), did: map[string]int{}}
			was := pasts{}
			for range 5 {
				id, err := d.NewID()
				if err != nil {
					t.Fatal(err)
				}
				c.ids = append(c.ids, id)
				e, err := d.Save(t.Context(), curator, Revision{ID: id, Fields: library.Fields{"title.en": {"A"}, library.FieldAudience: {"public"}}})
				if err != nil {
					t.Fatal(err)
				}
				was.note(t, e)
			}
			for n := range *acts {
				before := wholeOf(t, st, c.ids)
				name, e, err := c.act()
				if err != nil {
					if kind := library.KindOf(err); kind == library.Internal || kind == library.Busy {
						t.Fatalf("act %d, %s: %v", n, name, err)
					}
					if !reflect.DeepEqual(before, wholeOf(t, st, c.ids)) {
						t.Fatalf("act %d, %s, is refused and changes something: %v", n, name, err)
					}
					continue
				}
				if len(e.Changes) == 0 {
					continue
				}
				c.did[name]++
				was.note(t, e)
				c.last, c.on = e, nil
				for _, change := range e.Changes {
					c.on = append(c.on, change.Entry.ID)
				}
				if n%40 == 0 {
					c.topsAreRight()
				}
				if n%200 == 0 || n == *acts-1 {
					consistent(t, st, was)
				}
			}
			consistent(t, st, was)
			for _, name := range []string{"new", "edit", "publish", "merge", "unmerge", "withdraw", "restore", "undo", "bulk", "stage", "table"} {
				if c.did[name] == 0 && *acts >= 1000 {
					t.Errorf("no %s ever took effect: %v", name, c.did)
				}
			}
		})
	}
}

// wholeOf gives the versions of all records.
func wholeOf(t *testing.T, st *store.Store, ids []library.ID) map[library.ID]int64 {
	t.Helper()
	entries, err := st.Entries(t.Context(), library.House(), ids)
	if err != nil {
		t.Fatal(err)
	}
	all := map[library.ID]int64{}
	for _, e := range entries {
		all[e.ID] = e.Version
	}
	return all
}

// consistent holds the store to what was done: every revision reads as it was,
// edits have no gaps, each entry is its last revision, is found by its keys and
// by no others, and no merge leads nowhere.
func consistent(t *testing.T, st *store.Store, was pasts) {
	t.Helper()
	ctx, house := t.Context(), library.House()
	edits, err := st.Edits(ctx, house, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range edits {
		if e.Seq != int64(i+1) {
			t.Fatalf("edit %d stands at place %d", e.Seq, i+1)
		}
	}
	for id, revisions := range was {
		kept, err := st.Revisions(ctx, house, id)
		if err != nil || len(kept) != len(revisions) {
			t.Fatalf("%s has %d revisions and had %d: %v", id, len(kept), len(revisions), err)
		}
		for i, rev := range kept {
			e := rev.Changes[0].Entry
			if got := (revisionOf{string(e.Body), string(e.Status), string(e.Audience), string(e.MergedInto)}); got != revisions[i] || e.Version != int64(i+1) {
				t.Fatalf("version %d of %s was\n%v\nand reads as\n%v", i+1, id, revisions[i], got)
			}
		}
		current, err := st.Entries(ctx, house, []library.ID{id})
		if err != nil || len(current) != 1 {
			t.Fatal(current, err)
		}
		now, end := current[0], revisions[len(revisions)-1]
		if string(now.Body) != end.body || string(now.Status) != end.status || now.Version != int64(len(revisions)) {
			t.Fatalf("%s is not its last revision", id)
		}
		findable(t, st, now)
		for steps := 0; now.Status == library.Merged; steps++ {
			next, err := st.Entries(ctx, house, []library.ID{now.MergedInto})
			if err != nil || len(next) != 1 || steps > len(was) {
				t.Fatalf("%s was merged into nowhere: %v", id, err)
			}
			now = next[0]
		}
	}
}

// findable holds the keys of an entry to what it says.
func findable(t *testing.T, st *store.Store, e library.Entry) {
	t.Helper()
	if e.Kind != library.KindResource {
		return
	}
	r, err := library.ResourceOf(e)
	if err != nil {
		t.Fatal(err)
	}
	queue := func(q library.Queue) library.Key { return library.Key{Scheme: library.KeyQueue, Value: string(q)} }
	keys := r.Keys()
	for _, k := range append(slices.Clone(keys), queue(library.QueueSubmitted), queue(library.QueueReview), queue(library.QueueProposed)) {
		found, err := st.Find(t.Context(), library.House(), library.KindResource, []library.Key{k}, 0)
		if err != nil {
			t.Fatal(err)
		}
		there := slices.ContainsFunc(found, func(f library.Entry) bool { return f.ID == e.ID })
		if want := slices.Contains(keys, k) && e.Status != library.Merged && e.Status != library.Withdrawn; there != want {
			t.Fatalf("%s, which is %s, is found by %v: %v", e.ID, e.Status, k, there)
		}
	}
}
