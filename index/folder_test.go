package index

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"waymark/library"
	"waymark/search"
)

// some makes documents that everyone sees.
func some(w world, from, n int) (docs []search.Document) {
	for i := range n {
		d := w.document(from + i)
		d.Status, d.Audience = library.Published, library.Public
		docs = append(docs, d)
	}
	return docs
}

func apply(t testing.TB, e *Embedded, seq int64, docs []search.Document, remove ...library.ID) {
	t.Helper()
	if err := e.Apply(t.Context(), search.Batch{Documents: docs, Remove: remove, Seq: seq}); err != nil {
		t.Fatal(err)
	}
}

func totalOf(t testing.TB, e *Embedded) int {
	t.Helper()
	res, err := e.Search(t.Context(), library.Viewer{}, search.Query{})
	if err != nil {
		t.Fatal(err)
	}
	return res.Total
}

// TestReopen: an index goes on where it was closed, without the dead.
func TestReopen(t *testing.T) {
	root, w := t.TempDir(), world{rand.New(rand.NewPCG(1, 1))}
	docs := some(w, 0, 50)
	e := openSmall(t, root)
	apply(t, e, 7, docs)
	apply(t, e, 8, nil, docs[3].ID, docs[4].ID)
	closeEngine(t, e)
	e = openSmall(t, root)
	if e.Seq() != 8 || totalOf(t, e) != 48 {
		t.Errorf("opened at edit %d with %d documents, want 8 and 48", e.Seq(), totalOf(t, e))
	}
	for i := range 30 { // each dead file replaces the one before, and merges leave none
		apply(t, e, int64(9+i), some(w, 100+i, 2), docs[10+i].ID)
	}
	closeEngine(t, e)
	e = openSmall(t, root)
	defer closeEngine(t, e)
	if e.Seq() != 38 {
		t.Errorf("opened at edit %d, want 38", e.Seq())
	}
	files, err := os.ReadDir(e.folder)
	if err != nil {
		t.Fatal(err)
	}
	if want := 2 + len(e.saved.Segments) + len(slices.DeleteFunc(slices.Clone(e.saved.Segments), func(s segmentEntry) bool { return s.Dead == "" })); len(files) != want {
		t.Errorf("the folder has %d files, want %d", len(files), want)
	}
}

// TestSecondProcess: who comes second reads what is there, keeps its own
// additions in memory, and takes over when the first has ended.
func TestSecondProcess(t *testing.T) {
	root, w := t.TempDir(), world{rand.New(rand.NewPCG(1, 1))}
	first := openSmall(t, root)
	apply(t, first, 1, some(w, 0, 20))
	first.merging.Wait()
	second := openSmall(t, root)
	defer func() { closeEngine(t, second) }()
	if second.lock != nil || totalOf(t, second) != 20 {
		t.Fatalf("the second has the lock (%v) or %d documents, want 20", second.lock, totalOf(t, second))
	}
	apply(t, second, 2, some(w, 20, 20))
	apply(t, first, 2, some(w, 20, 15))
	if totalOf(t, second) != 40 || totalOf(t, first) != 35 {
		t.Errorf("found %d and %d, want 40 and 35", totalOf(t, second), totalOf(t, first))
	}
	closeEngine(t, first)
	if err := second.Refresh(); err != nil || second.lock == nil || totalOf(t, second) != 35 {
		t.Errorf("after the first: %v, lock %v, %d documents; want 35", err, second.lock, totalOf(t, second))
	}
}

// TestInstall: an index is built beside the one in use, which answers until
// the new one takes its place.
func TestInstall(t *testing.T) {
	root, w := t.TempDir(), world{rand.New(rand.NewPCG(1, 1))}
	live := openSmall(t, root)
	defer func() { closeEngine(t, live) }()
	apply(t, live, 1, some(w, 0, 20))
	fresh, err := Anew(root, "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Anew(root, "test"); err == nil {
		t.Error("two processes build anew at once")
	}
	apply(t, fresh, 5, some(w, 0, 12))
	if totalOf(t, live) != 20 {
		t.Errorf("meanwhile %d are found, want 20", totalOf(t, live))
	}
	old := live.folder
	if err := fresh.Install(); err != nil {
		t.Fatal(err)
	}
	if err := live.Refresh(); err != nil || totalOf(t, live) != 12 || live.Seq() != 5 {
		t.Errorf("after the change: %v, %d documents at %d; want 12 at 5", err, totalOf(t, live), live.Seq())
	}
	if _, err := os.Stat(old); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the old index is still there: %v", err)
	}
}

// TestDamage: whatever of an index is damaged, nothing of it is served: it is
// set aside, said to be busy, and built anew.
func TestDamage(t *testing.T) {
	flip := func(at float64) func(path string) error {
		return func(path string) error {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			b[int(at*float64(len(b)-1))] ^= 0x40
			return os.WriteFile(path, b, 0o600)
		}
	}
	newest := func(pattern string) func(t *testing.T, e *Embedded) string {
		return func(t *testing.T, e *Embedded) string {
			files, err := filepath.Glob(filepath.Join(e.folder, pattern))
			if err != nil || len(files) == 0 {
				t.Fatalf("no %s: %v", pattern, err)
			}
			return files[len(files)-1]
		}
	}
	for name, c := range map[string]struct {
		file   func(t *testing.T, e *Embedded) string
		damage func(path string) error
	}{
		"first byte":     {newest("*.segment"), flip(0)},
		"format version": {newest("*.segment"), func(path string) error { return overwrite(path, 16, 99) }},
		"a section":      {newest("*.segment"), flip(0.3)},
		"the contents":   {newest("*.segment"), flip(0.97)},
		"cut off":        {newest("*.segment"), func(path string) error { return os.Truncate(path, 100) }},
		"empty":          {newest("*.segment"), func(path string) error { return os.Truncate(path, 0) }},
		"gone":           {newest("*.segment"), os.Remove},
		"dead documents": {newest("*.dead"), flip(0.5)},
		"manifest":       {newest("manifest"), flip(0.5)},
	} {
		t.Run(name, func(t *testing.T) {
			root, w := t.TempDir(), world{rand.New(rand.NewPCG(1, 1))}
			docs := some(w, 0, 40)
			e := openSmall(t, root)
			apply(t, e, 1, docs)
			apply(t, e, 2, nil, docs[0].ID)
			closeEngine(t, e)
			if err := c.damage(c.file(t, e)); err != nil {
				t.Fatal(err)
			}
			e = openSmall(t, root)
			defer func() { closeEngine(t, e) }()
			_, err := e.Search(t.Context(), library.Viewer{}, search.Query{Text: "trafficking OR traite OR trata"})
			if library.KindOf(err) != library.Busy {
				t.Fatalf("a damaged index answers: %v", err)
			}
			if err := e.Refresh(); err != nil || e.Seq() != 0 {
				t.Fatalf("set aside: %v, at %d", err, e.Seq())
			}
			apply(t, e, 0, docs[1:20])
			if _, err := e.Search(t.Context(), library.Viewer{}, search.Query{}); library.KindOf(err) != library.Busy {
				t.Errorf("half an index answers: %v", err)
			}
			apply(t, e, 2, docs[20:])
			if n := totalOf(t, e); n != 39 {
				t.Errorf("built anew with %d documents, want 39", n)
			}
			aside, err := filepath.Glob(filepath.Join(root, "*"+damagedMark))
			if err != nil || len(aside) != 1 {
				t.Errorf("set aside: %v, %v", aside, err)
			}
		})
	}
}

func overwrite(path string, at int64, b byte) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteAt([]byte{b}, at)
	return err
}

// ending is a context that ends after it has been looked at some times.
type ending struct {
	context.Context
	left atomic.Int32
}

func (e *ending) Err() error {
	if e.left.Add(-1) < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

// TestSearchEnds: a search whose context ends gives that, not half an answer,
// and the index is none the worse.
func TestSearchEnds(t *testing.T) {
	w := world{rand.New(rand.NewPCG(2, 2))}
	e := openSmall(t, t.TempDir())
	defer closeEngine(t, e)
	apply(t, e, 1, some(w, 0, 60))
	q := search.Query{Text: "t* OR v* OR p* OR (traite -victimes)"}
	want, err := e.Search(t.Context(), library.Viewer{}, q)
	if err != nil {
		t.Fatal(err)
	}
	for looks := range 6 {
		ctx := &ending{Context: t.Context()}
		ctx.left.Store(int32(looks))
		if _, err := e.Search(ctx, library.Viewer{}, q); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after %d looks: %v", looks, err)
		}
	}
	if got, err := e.Search(t.Context(), library.Viewer{}, q); err != nil || got.Total != want.Total {
		t.Errorf("afterwards %d are found, want %d: %v", got.Total, want.Total, err)
	}
}
