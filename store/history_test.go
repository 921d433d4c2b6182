package store

import (
	"fmt"
	"testing"
	"time"

	"waymark/library"
)

// testHistory: each version, and the state at each time, is given as it was, to
// those who may see it both as it was and as its entry stands.
func testHistory(t *testing.T, open func() *Store) {
	s := open()
	day := func(n int) time.Time { return at.AddDate(0, 0, n) }
	put := func(on int, changes ...library.Change) {
		t.Helper()
		e := edit(changes...)
		e.At = day(on)
		commit(t, s, e)
	}
	put(0, library.Change{Entry: entry(1, "first")}, library.Change{Entry: with(entry(2, ""), library.Draft, library.Public, "")})
	put(10, library.Change{Read: 1, Entry: entry(1, "second")}, library.Change{Read: 1, Entry: entry(2, "open")}, library.Change{Entry: entry(3, "shut later")})
	put(20, library.Change{Read: 2, Entry: entry(1, "third")}, library.Change{Read: 1, Entry: with(entry(3, ""), library.Published, library.Staff, "")})
	ids := []library.ID{id(3), id(2), id(1), id(1), id(9)}
	told := func(entries []library.Entry) string {
		var all []string
		for _, e := range entries {
			all = append(all, fmt.Sprintf("%s.%d", e.ID[len(e.ID)-1:], e.Version))
		}
		return fmt.Sprint(all)
	}
	for _, row := range []struct {
		viewer library.Viewer
		at     time.Time
		want   string
	}{
		{reader, day(-1), "[]"},
		{reader, day(0), "[1.1]"},
		{curator, day(0), "[1.1 2.1]"},
		{reader, day(9), "[1.1]"},
		{reader, day(10), "[1.2 2.2]"},
		{staff, day(10), "[1.2 2.2 3.1]"},
		{staff, day(99), "[1.3 2.2 3.2]"},
		{reader, day(99), "[1.3 2.2]"},
	} {
		if got := told(must[[]library.Entry](t)(s.AsOf(t.Context(), row.viewer, ids, row.at))); got != row.want {
			t.Errorf("as of %s %q sees %s, want %s", row.at, row.viewer.Name, got, row.want)
		}
	}
	refs := []library.Ref{{ID: id(1), Version: 2}, {ID: id(3), Version: 1}, {ID: id(2), Version: 1}, {ID: id(1), Version: 1}, {ID: id(1), Version: 2}, {ID: id(1), Version: 9}}
	for _, row := range []struct {
		viewer library.Viewer
		want   string
	}{{reader, "[1.2 1.1]"}, {staff, "[1.2 3.1 1.1]"}, {curator, "[1.2 2.1 1.1]"}} {
		if got := told(must[[]library.Entry](t)(s.Versions(t.Context(), row.viewer, refs))); got != row.want {
			t.Errorf("%q sees the versions %s, want %s", row.viewer.Name, got, row.want)
		}
	}
	old := must[[]library.Entry](t)(s.Versions(t.Context(), reader, refs[:1]))[0]
	now := must[library.Entry](t)(s.Entry(t.Context(), reader, id(1)))
	if string(old.Body) == string(now.Body) || !old.Updated.Equal(day(10).UTC().Truncate(time.Microsecond)) {
		t.Errorf("version 2 is %s of %s", old.Body, old.Updated)
	}
}
