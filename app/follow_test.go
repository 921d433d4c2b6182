package app

import (
	"context"
	"testing"
	"time"

	"waymark/library"
	"waymark/search"
)

// edit changes one resource as a curator would.
func edit(t *testing.T, h *house, id library.ID, change func(*library.Entry, *library.Resource)) {
	t.Helper()
	e, err := h.store.Entry(t.Context(), library.House(), id)
	if err != nil {
		t.Fatal(err)
	}
	r, err := library.ResourceOf(e)
	if err != nil {
		t.Fatal(err)
	}
	change(&e, r)
	next, err := r.Entry()
	if err != nil {
		t.Fatal(err)
	}
	next.Status, next.Audience, next.MergedInto = e.Status, e.Audience, e.MergedInto
	commit(t, h, next, r.Version)
}

func commit(t *testing.T, h *house, e library.Entry, read int64) {
	t.Helper()
	_, err := h.store.Commit(t.Context(), library.Edit{At: time.Now(), Actor: "test", Action: "edit",
		Changes: []library.Change{{Read: read, Entry: e}}})
	if err != nil {
		t.Fatal(err)
	}
}

func total(t *testing.T, h *house, v library.Viewer, q search.Query) int {
	t.Helper()
	a, err := h.searcher.Find(t.Context(), v, q, "en")
	if err != nil {
		t.Fatal(err)
	}
	return a.Total
}

// TestIndexFollowsEdits: what changes in the store is found as it stands after
// the follower has caught up, and as a rebuilt index has it.
func TestIndexFollowsEdits(t *testing.T) {
	h, _ := demoSite(t)
	steps := []struct {
		name   string
		change func()
		query  search.Query
		viewer library.Viewer
		want   int
	}{
		{"a new title", func() {
			edit(t, h, palermo, func(_ *library.Entry, r *library.Resource) { r.Titles["en"] += " (Zyzzyva)" })
		}, search.Query{Text: "zyzzyva"}, library.Viewer{}, 1},
		{"closed to the public", func() {
			edit(t, h, palermo, func(e *library.Entry, _ *library.Resource) { e.Audience = library.Staff })
		}, search.Query{Text: "zyzzyva"}, library.Viewer{}, 0},
		{"open to staff", func() {}, search.Query{Text: "zyzzyva"}, library.Viewer{Audiences: []library.Audience{library.Staff}}, 1},
		{"withdrawn", func() {
			edit(t, h, palermo, func(e *library.Entry, _ *library.Resource) { e.Status = library.Withdrawn })
		}, search.Query{Text: "zyzzyva"}, library.House(), 0},
		{"everything else is there", func() {}, search.Query{}.With(library.FieldKind, library.KindPublication), library.Viewer{}, 107},
		{"an author's new name", func() {
			ids, err := h.catalogue.AgentNamed(t.Context(), library.Viewer{}, "GAATW")
			if err != nil || len(ids) != 1 {
				t.Fatal(ids, err)
			}
			e, err := h.store.Entry(t.Context(), library.House(), ids[0])
			if err != nil {
				t.Fatal(err)
			}
			a, err := library.AgentOf(e)
			if err != nil {
				t.Fatal(err)
			}
			a.Variants = append(a.Variants, "Qwertzuiop Alliance")
			next, err := a.Entry()
			if err != nil {
				t.Fatal(err)
			}
			commit(t, h, next, a.Version)
		}, search.Query{Text: "qwertzuiop"}, library.Viewer{}, 1},
	}
	for _, s := range steps {
		s.change()
		if err := h.follower.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := total(t, h, s.viewer, s.query); got != s.want {
			t.Errorf("%s: %d found, want %d", s.name, got, s.want)
		}
	}
	seq, err := h.store.Seq(t.Context())
	if err != nil || seq != h.searcher.Index.Seq() {
		t.Errorf("the store is at %d, the index at %d, %v", seq, h.searcher.Index.Seq(), err)
	}
}

// TestRunSeesAnotherProcess: a follower at work sees what another process
// writes, without being told.
func TestRunSeesAnotherProcess(t *testing.T) {
	data := t.TempDir()
	cfg := Config{Data: data}
	h, err := cfg.openSearch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer h.close(&err)
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	done := make(chan struct{})
	go func() { defer close(done); h.follower.Run(ctx, h.store.Changed) }()
	if code, out, errs := waymark(t, data, "import", portalPage); code != exitWell {
		t.Fatalf("%s%s", out, errs)
	}
	for total(t, h, library.Viewer{}, search.Query{}) != 9 {
		select {
		case <-ctx.Done():
			t.Fatal("the follower has not seen the import")
		case <-time.After(20 * time.Millisecond):
		}
	}
	stop()
	<-done
}

func queryText(text string) search.Query { return search.Query{Text: text} }
