package store

import (
	"fmt"
	"hash/maphash"
	"path/filepath"
	"testing"

	"waymark/library"
)

// TestLookupSeesOthers: a library whose keys are remembered still finds those
// that another process has committed since, and its own.
func TestLookupSeesOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.db")
	a, b := openFile(t, path), openFile(t, path)
	find := func(s *Store, n int) int {
		t.Helper()
		k := key(fmt.Sprint("own", n))
		found, err := s.Lookup(t.Context(), reader, library.KindResource, []library.Key{k}, 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(found[k])
	}
	if find(a, 1) != 0 || !a.filter.on {
		t.Fatalf("an empty library: filter on %v", a.filter.on)
	}
	for n := 1; n <= 60; n++ {
		s := a
		if n%3 == 0 {
			s = b
		}
		commit(t, s, fresh(entry(n, "", key(fmt.Sprint("own", n)))))
		if n%7 == 0 {
			continue // several edits of both before the next look-up
		}
		if find(a, n) != 1 || find(b, n) != 1 || find(a, n+1) != 0 {
			t.Fatalf("%d: one finds %d, the other %d", n, find(a, n), find(b, n))
		}
	}
	for n := 1; n <= 60; n++ {
		if find(a, n) != 1 || find(b, n) != 1 {
			t.Errorf("%d is lost", n)
		}
	}
}

// TestFilter: what was added is there whatever the number, and little else.
func TestFilter(t *testing.T) {
	f := filter{seed: maphash.MakeSeed()}
	const n = firstLayer + firstLayer/2 // two layers
	for i := range n {
		f.add(key(fmt.Sprint(i)))
	}
	wrong := 0
	for i := range n {
		if !f.has(f.hash(key(fmt.Sprint(i)))) {
			t.Fatalf("%d is lost", i)
		}
		if f.has(f.hash(key(fmt.Sprint("other ", i)))) {
			wrong++
		}
	}
	if len(f.layers) != 2 || wrong > n/50 {
		t.Errorf("%d layers, %d of %d keys are wrongly there", len(f.layers), wrong, n)
	}
}
