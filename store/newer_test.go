package store

import (
	"context"
	"testing"

	"waymark/library"
)

// testNewer: what changed of some kinds after an edit is told as it stands, to
// those who see it, and where entries stand is told through merges.
func testNewer(t *testing.T, open func() *Store) {
	s, ctx := open(), context.Background()
	commit := func(changes ...library.Change) {
		t.Helper()
		if _, err := s.Commit(ctx, edit(changes...)); err != nil {
			t.Fatal(err)
		}
	}
	study := entry(3, "a study")
	study.Kind = "study"
	hidden := with(entry(4, "for staff"), library.Published, library.Staff, "")
	hidden.Kind = "study"
	commit(library.Change{Entry: entry(1, "one")}, library.Change{Entry: entry(2, "two")})
	commit(library.Change{Entry: study}, library.Change{Entry: hidden})
	commit(library.Change{Read: 1, Entry: with(entry(1, "one"), library.Merged, library.Public, id(2))})
	for _, c := range []struct {
		name  string
		v     library.Viewer
		after int64
		want  int
	}{{"all", library.House(), 0, 2}, {"a reader", reader, 0, 1}, {"staff", staff, 1, 2}, {"nothing newer", library.House(), 2, 0}, {"level", library.House(), 3, 0}} {
		got, seq, err := s.Newer(ctx, c.v, []library.Kind{"study", "framework"}, c.after)
		if err != nil || len(got) != c.want || seq != 3 {
			t.Errorf("%s: %d entries up to edit %d (%v), want %d up to 3", c.name, len(got), seq, err, c.want)
		}
	}
	places, err := s.Places(ctx, reader, []library.ID{id(1), id(2), id(4), id(9)})
	if err != nil || len(places) != 2 || places[id(1)].ID != id(2) || places[id(2)].ID != id(2) {
		t.Errorf("places %+v (%v), want two, both at the second entry", places, err)
	}
}
