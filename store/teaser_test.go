package store

import (
	"encoding/json"
	"strings"
	"testing"

	"waymark/library"
)

// testTeasers: of a listed entry others are told its teaser as long as it is
// published and not for them; of a hidden one nothing.
func testTeasers(t *testing.T, open func() *Store) {
	s := open()
	teased := func(n int, status library.Status, audience library.Audience) library.Entry {
		e := with(entry(n, canary), status, audience, "")
		e.Teaser = json.RawMessage(`{"title":"told"}`)
		return e
	}
	commit(t, s, fresh(teased(1, library.Published, library.Staff), teased(2, library.Draft, library.Staff), teased(3, library.Withdrawn, library.Staff),
		teased(4, library.Published, library.Public), with(entry(5, canary), library.Published, library.Staff, ""), teased(6, library.Published, library.Staff)))
	unlisted := with(entry(6, canary), library.Published, library.Staff, "")
	commit(t, s, edit(library.Change{Read: 1, Entry: unlisted}))
	asked := []library.ID{id(6), id(5), id(4), id(3), id(2), id(1), id(1)}
	for _, row := range []struct {
		v    library.Viewer
		want int
	}{{reader, 1}, {curator, 1}, {staff, 0}, {library.House(), 0}} {
		got := must[[]library.Entry](t)(s.Teasers(t.Context(), row.v, asked))
		b, _ := json.Marshal(got)
		if len(got) != row.want || strings.Contains(string(b), canary) || row.want == 1 && (got[0].ID != id(1) || len(got[0].Keys) != 0) {
			t.Errorf("%q is told %s", row.v.Name, b)
		}
	}
	if got := must[[]library.Entry](t)(s.Entries(t.Context(), reader, asked)); len(got) != 1 || got[0].ID != id(4) {
		t.Errorf("a reader may read %v", got)
	}
}
