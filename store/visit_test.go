package store

import (
	"context"
	"testing"
	"time"

	"waymark/library"
)

// testVisits: the last visit to an address is kept with the time since which
// it has been in its state, and only the house is told.
func testVisits(t *testing.T, open func() *Store) {
	s, ctx := open(), context.Background()
	const url = "https://a.example/x"
	day := func(n int) time.Time {
		return at.Truncate(time.Microsecond).Add(time.Duration(n) * 24 * time.Hour).UTC()
	}
	for _, row := range []struct {
		day, since int
		state      library.VisitState
		broken     bool
	}{
		{1, 1, library.VisitOK, false},
		{2, 2, library.VisitFailed, false},
		{4, 2, library.VisitFailed, false},
		{3, 2, library.VisitFailed, false}, // noted late: the visit of day 4 stays
		{9, 2, library.VisitFailed, true},
		{10, 10, library.VisitOK, false},
		{11, 11, library.VisitGone, true},
	} {
		if err := s.Visited(ctx, library.Visit{URL: url, State: row.state, Status: 200 + row.day, Moved: "m", Reason: "r", At: day(row.day)}); err != nil {
			t.Fatal(err)
		}
		visits, err := s.Visits(ctx, library.House(), []string{url, "https://never.example/"})
		if err != nil || len(visits) != 1 {
			t.Fatalf("%+v, %v", visits, err)
		}
		v := visits[url]
		last := max(row.day, 0)
		if row.day == 3 {
			last = 4
		}
		want := library.Visit{URL: url, State: row.state, Status: 200 + last, Moved: "m", Reason: "r", At: day(last), Since: day(row.since)}
		broken, err := s.Broken(ctx, library.House())
		if err != nil || len(broken) == 1 != row.broken || row.broken && broken[0] != want {
			t.Errorf("day %d: broken are %+v, %v", row.day, broken, err)
		}
		if v != want || v.Broken() != row.broken {
			t.Errorf("day %d: %+v, want %+v", row.day, v, want)
		}
	}
	for _, v := range []library.Viewer{reader, staff, curator} {
		if _, err := s.Visits(ctx, v, []string{url}); library.KindOf(err) != library.Forbidden {
			t.Errorf("%s is told: %v", v.Name, err)
		}
		if _, err := s.Broken(ctx, v); library.KindOf(err) != library.Forbidden {
			t.Errorf("%s is told of broken ones: %v", v.Name, err)
		}
	}
}
