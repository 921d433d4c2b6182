package store

import (
	"bytes"
	"testing"
	"time"

	"waymark/library"
)

// testFollows: an address follows a search once, a letter that is due goes to
// one process at a time, and what is forgotten is gone.
func testFollows(t *testing.T, open func() *Store) {
	ctx, a, b := t.Context(), open().Follows(), open().Follows()
	now := at.UTC().Truncate(time.Microsecond)
	f := library.Follow{ID: id(1), Address: "a@example.org", Query: "q=x", Every: library.EveryDay, Language: "ar", Since: 7, Due: now}
	same(t, "kept", must[library.Follow](t)(a.Save(ctx, f)), f)
	again := library.Follow{ID: id(2), Address: "a@example.org", Query: "q=x", Every: library.EveryWeek, Language: "fr", Since: 9, Due: now.Add(time.Hour)}
	f.Every, f.Language, f.Due = again.Every, again.Language, again.Due
	same(t, "followed again", must[library.Follow](t)(b.Save(ctx, again)), f)
	same(t, "read", must[library.Follow](t)(b.Follow(ctx, id(1))), f)
	_, err := a.Lease(ctx, now, now.Add(time.Minute))
	wantKind(t, err, library.NotFound)

	now = f.Due
	got := must[library.Follow](t)(a.Lease(ctx, now, now.Add(time.Minute)))
	f.Leased = now.Add(time.Minute)
	same(t, "leased", got, f)
	_, err = b.Lease(ctx, now.Add(time.Second), now.Add(time.Hour))
	wantKind(t, err, library.NotFound)
	if err := a.Begin(ctx, got, 12); err != nil {
		t.Fatal(err)
	}
	// The process dies; another takes over, and the first may no longer write.
	late := now.Add(2 * time.Minute)
	taken := must[library.Follow](t)(b.Lease(ctx, late, late.Add(time.Minute)))
	if taken.UpTo != 12 || taken.Begun != 1 || taken.Since != 7 {
		t.Errorf("a letter that was begun is %+v", taken)
	}
	wantKind(t, a.Begin(ctx, got, 13), library.NotFound)
	wantKind(t, a.Settle(ctx, got), library.NotFound)
	taken.Since, taken.UpTo, taken.Begun, taken.Due = 12, 0, 0, late.Add(24*time.Hour)
	if err := b.Settle(ctx, taken); err != nil {
		t.Fatal(err)
	}
	taken.Leased = time.Time{}
	same(t, "settled", must[library.Follow](t)(a.Follow(ctx, id(1))), taken)

	other := again
	other.Query = "q=y"
	must[library.Follow](t)(a.Save(ctx, other))
	if err := a.Change(ctx, id(2), library.EveryDay, now); err != nil {
		t.Fatal(err)
	}
	if f := must[library.Follow](t)(b.Follow(ctx, id(2))); f.Every != library.EveryDay || !f.Due.Equal(now) {
		t.Errorf("changed is %+v", f)
	}
	if err := a.Remove(ctx, id(1), false); err != nil {
		t.Fatal(err)
	}
	_, err = b.Follow(ctx, id(1))
	wantKind(t, err, library.NotFound)
	again.ID = id(3)
	must[library.Follow](t)(a.Save(ctx, again))
	if err := a.Remove(ctx, id(3), true); err != nil {
		t.Fatal(err)
	}
	_, err = b.Follow(ctx, id(2))
	wantKind(t, err, library.NotFound)
	wantKind(t, a.Change(ctx, id(2), library.EveryWeek, now), library.NotFound)

	k := must[[]byte](t)(a.Key(ctx))
	if other := must[[]byte](t)(b.Key(ctx)); len(k) != 32 || !bytes.Equal(k, other) {
		t.Errorf("two processes sign with %x and %x", k, other)
	}
	for n := range followsEach {
		f.Query, f.ID = "q="+string(id(n)), id(100+n)
		must[library.Follow](t)(a.Save(ctx, f))
	}
	f.Query, f.ID = "q=one too many", id(99)
	_, err = a.Save(ctx, f)
	wantKind(t, err, library.Invalid)
}

// testAppeared: what a viewer came to see, not what was only changed, and
// nothing that they no longer see.
func testAppeared(t *testing.T, open func() *Store) {
	s := open()
	commit(t, s, fresh(entry(1, "old"), with(entry(2, "draft"), library.Draft, library.Public, ""), with(entry(3, "staff"), library.Published, library.Staff, "")))
	commit(t, s, edit(library.Change{Read: 1, Entry: entry(1, "old, mended")}, library.Change{Read: 1, Entry: entry(2, "published")}))
	commit(t, s, fresh(entry(4, "new"), with(entry(5, "for staff"), library.Published, library.Staff, ""), entry(6, "withdrawn soon")))
	commit(t, s, edit(library.Change{Read: 1, Entry: with(entry(6, ""), library.Withdrawn, library.Public, "")}, library.Change{Read: 1, Entry: entry(3, "opened")}))
	for _, c := range []struct {
		name        string
		viewer      library.Viewer
		after, upTo int64
		limit       int
		want        []library.ID
	}{
		{"all of it, the last first", reader, 1, 4, 9, []library.ID{id(3), id(4), id(2)}},
		{"from the beginning", reader, 0, 4, 9, []library.ID{id(3), id(4), id(2), id(1)}},
		{"the last two", reader, 1, 4, 2, []library.ID{id(3), id(4)}},
		{"to an edit", reader, 1, 2, 9, []library.ID{id(2)}},
		{"nothing after the end", reader, 4, 9, 9, nil},
		{"staff knew what was opened", staff, 1, 4, 9, []library.ID{id(4), id(5), id(2)}},
	} {
		same(t, c.name, must[[]library.ID](t)(s.Appeared(t.Context(), c.viewer, library.KindResource, c.after, c.upTo, c.limit)), c.want)
	}
}

// testUsage: counts add up, a merged record's are those of the one that took it
// in, and nobody is told of what they do not see.
func testUsage(t *testing.T, open func() *Store) {
	s, ctx := open(), t.Context()
	commit(t, s, fresh(entry(1, ""), entry(2, ""), with(entry(3, ""), library.Published, library.Staff, "")))
	for range 2 {
		if err := s.AddUsage(ctx, []library.Usage{{Entry: id(1), Month: "2026-11", Views: 1, Downloads: 2}, {Entry: id(2), Month: "2026-11", Views: 10}, {Entry: id(3), Month: "2026-10", Views: 5}}); err != nil {
			t.Fatal(err)
		}
	}
	want := []library.Usage{{Entry: id(1), Month: "2026-11", Views: 2, Downloads: 4}, {Entry: id(2), Month: "2026-11", Views: 20}}
	same(t, "a reader", must[[]library.Usage](t)(s.Usage(ctx, reader, "")), want)
	same(t, "a reader of what is for staff", len(must[[]library.Usage](t)(s.Usage(ctx, reader, id(3)))), 0)
	same(t, "staff", must[[]library.Usage](t)(s.Usage(ctx, staff, id(3))), []library.Usage{{Entry: id(3), Month: "2026-10", Views: 10}})
	commit(t, s, edit(library.Change{Read: 1, Entry: with(entry(2, ""), library.Merged, library.Public, id(1))}))
	same(t, "merged", must[[]library.Usage](t)(s.Usage(ctx, reader, id(1))), []library.Usage{{Entry: id(1), Month: "2026-11", Views: 22, Downloads: 4}})
}
