package store

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"waymark/library"
)

// testLookup: of more keys than one statement asks for, each has its entries,
// but one that too many have.
func testLookup(t *testing.T, open func() *Store) {
	s, ctx := open(), context.Background()
	var entries []library.Entry
	var keys []library.Key
	for n := 1; n <= 250; n++ {
		own := key(fmt.Sprint("own", n))
		entries = append(entries, entry(n, "", own, key(fmt.Sprint("tenth", n%25)), key("all")))
		keys = append(keys, own, own, key(fmt.Sprint("tenth", n%25)))
	}
	entries[6].Status = library.Draft
	commit(t, s, fresh(entries...))
	found, err := s.Lookup(ctx, reader, library.KindResource, append(keys, key("all"), key("none")), 10)
	if err != nil || len(found) != 249+25 {
		t.Fatalf("%d keys are known, %v", len(found), err)
	}
	same(t, "one's own", fmt.Sprint(found[key("own9")]), fmt.Sprint([]library.ID{id(9)}))
	if got := found[key("tenth7")]; len(got) != 9 || got[0] != id(32) || !slices.IsSorted(got) {
		t.Errorf("a tenth is %q", got) // without the draft
	}
	if found, err = s.Lookup(ctx, reader, library.KindAgent, keys, 10); len(found) != 0 || err != nil {
		t.Errorf("agents: %d, %v", len(found), err)
	}
}
