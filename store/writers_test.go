package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"waymark/library"
)

func testChanged(t *testing.T, open func() *Store) {
	s := open()
	before := s.Changed()
	_, err := s.Commit(t.Context(), edit())
	wantKind(t, err, library.Invalid)
	select {
	case <-before:
		t.Error("a refused edit is announced")
	default:
	}
	commit(t, s, fresh(entry(1, "")))
	select {
	case <-before:
	default:
		t.Error("a commit is not announced")
	}
	select {
	case <-s.Changed():
		t.Error("the next commit is announced before it is made")
	default:
	}
}

func testContexts(t *testing.T, open func() *Store) {
	s := open()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Commit(ended, fresh(entry(1, "")))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("commit in an ended context: %v", err)
	}
	if _, err = s.Entry(ended, reader, id(1)); !errors.Is(err, context.Canceled) {
		t.Errorf("read in an ended context: %v", err)
	}
	commit(t, s, fresh(entry(1, ""))) // the writer works on
}

// testContention lets writers change one entry and retry on Conflict: no change
// may be lost.
func testContention(t *testing.T, open func() *Store) {
	const writers, changes = 4, 15
	s := open()
	commit(t, s, fresh(entry(1, "0")))
	var wg sync.WaitGroup
	for range writers {
		own := open()
		wg.Go(func() {
			for done := 0; done < changes; {
				e, err := own.Entry(t.Context(), reader, id(1))
				if err != nil {
					t.Error(err)
					return
				}
				var body struct{ Title int }
				_ = json.Unmarshal(e.Body, &body)
				e.Body = json.RawMessage(fmt.Sprintf(`{"title":%d}`, body.Title+1))
				switch _, err := own.Commit(t.Context(), edit(library.Change{Read: e.Version, Entry: e})); library.KindOf(err) {
				case "":
					done++
				case library.Conflict:
				default:
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	e := must[library.Entry](t)(s.Entry(t.Context(), reader, id(1)))
	if want := fmt.Sprintf(`{"title":%d}`, writers*changes); string(e.Body) != want || e.Version != writers*changes+1 {
		t.Errorf("after all writers the entry is %s at version %d, want %s", e.Body, e.Version, want)
	}
}

// testFollower lets eight writers in two processes commit, some edits refused
// on the way, while a follower in a third reads the list as it grows: it must
// see every edit exactly once, in order and whole.
func testFollower(t *testing.T, open func() *Store) {
	const writers, edits = 8, 60
	stores := []*Store{open(), open()}
	follower := open()
	commit(t, stores[0], fresh(entry(1, "taken")))
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	var wg sync.WaitGroup
	var mu sync.Mutex
	acknowledged := map[int64]string{1: "a note"}
	for w := range writers {
		wg.Go(func() {
			for i := range edits {
				n := 100 + (w*edits+i)*3
				e := fresh(entry(n, "a"), entry(n+1, "b"), entry(n+2, "c"))
				e.Note = fmt.Sprint("writer ", w, " edit ", i)
				if i%10 == 3 { // a refused edit must leave no gap
					if _, err := stores[w%2].Commit(ctx, fresh(entry(n, "x"), entry(1, "taken"))); library.KindOf(err) != library.Conflict {
						t.Errorf("the error is %v, want a conflict", err)
					}
				}
				done, err := stores[w%2].Commit(ctx, e)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				acknowledged[done.Seq] = e.Note
				mu.Unlock()
			}
		})
	}
	seen := map[int64]string{}
	for last := int64(0); last < writers*edits+1 && ctx.Err() == nil && !t.Failed(); {
		for _, e := range must[[]library.Edit](t)(follower.Edits(ctx, library.House(), last, 7)) {
			if e.Seq != last+1 {
				t.Errorf("after edit %d the follower saw %d", last, e.Seq)
			}
			if e.Seq > 1 && len(e.Changes) != 3 {
				t.Errorf("edit %d has %d changes, want 3", e.Seq, len(e.Changes))
			}
			last, seen[e.Seq] = e.Seq, e.Note
		}
	}
	wg.Wait()
	same(t, "what the follower saw", seen, acknowledged)
	same(t, "the last number", must[int64](t)(follower.Seq(t.Context())), int64(len(acknowledged)))
}
