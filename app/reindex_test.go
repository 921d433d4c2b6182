package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/library"
	"waymark/search"
)

// TestReindexAndCheck: check is silent about a sound index, names every
// difference in another, and reindex mends it, also beside a running server.
func TestReindexAndCheck(t *testing.T) {
	data := t.TempDir()
	if code, out, errs := waymark(t, data, "import", portalPage); code != exitWell {
		t.Fatal(out, errs)
	}
	if code, out, errs := waymark(t, data, "check"); code != exitWell || !strings.Contains(out, "the 9 publications") {
		t.Fatalf("check of a sound index: %d %s%s", code, out, errs)
	}
	cfg := Config{Data: data}
	h, err := cfg.openSearch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if h.close(&err); err != nil {
			t.Error(err)
		}
	}()
	stamps, err := h.index.Stamps(t.Context(), library.House(), "", 10)
	if err != nil || len(stamps) != 9 {
		t.Fatal(stamps, err)
	}
	stranger := search.Document{ID: "01ARZ3NDEKTSV4RRFFQ6900000", Sight: search.Sight{Status: library.Published, Audience: library.Public}}
	changed := search.Document{ID: stamps[4].ID, Sight: search.Sight{Status: library.Published, Audience: library.Public}, Title: "changed"}
	if err := h.index.Apply(t.Context(), search.Batch{Documents: []search.Document{stranger, changed}, Remove: []library.ID{stamps[7].ID}}); err != nil {
		t.Fatal(err)
	}
	var got []string
	documents, err := h.follower.Check(t.Context(), func(d search.Difference) { got = append(got, string(d.ID)+" "+d.What) })
	want := []string{string(stranger.ID) + " unknown", string(stamps[4].ID) + " outdated", string(stamps[7].ID) + " missing"}
	if err != nil || documents != 9 || strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Fatalf("%d checked, %v: %v, want %v", documents, err, got, want)
	}
	if code, out, errs := waymark(t, data, "reindex"); code != exitWell {
		t.Fatal(out, errs)
	}
	if err := h.index.Refresh(); err != nil {
		t.Fatal(err)
	}
	if n := total(t, h, library.Viewer{}, search.Query{}); n != 9 {
		t.Errorf("after reindex %d publications are found, want 9", n)
	}
	if code, out, errs := waymark(t, data, "check"); code != exitWell {
		t.Errorf("check after reindex: %d %s%s", code, out, errs)
	}
}

// TestCheckNamesDamage: a damaged index is named, and the next start mends it.
func TestCheckNamesDamage(t *testing.T) {
	data := t.TempDir()
	for _, args := range [][]string{{"import", portalPage}, {"search"}} {
		if code, out, errs := waymark(t, data, args...); code != exitWell {
			t.Fatal(out, errs)
		}
	}
	segments, err := filepath.Glob(filepath.Join(data, "index", "*", "*.segment"))
	if err != nil || len(segments) != 1 {
		t.Fatal(segments, err)
	}
	content, err := os.ReadFile(segments[0])
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/3] ^= 1
	if err := os.WriteFile(segments[0], content, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := waymark(t, data, "check"); code != exitRefused || !strings.Contains(out, "checksum") || !strings.Contains(out, "waymark reindex") {
		t.Errorf("check of a damaged index: %d %s", code, out)
	}
	if code, out, errs := waymark(t, data, "search", "trafficking"); code != exitWell || !strings.Contains(out, "of ") {
		t.Errorf("search after damage: %d %s%s", code, out, errs)
	}
}
