package store

import (
	"fmt"
	"testing"
	"time"

	"waymark/library"
)

// testUploads: a file that somebody has brought is theirs alone until it is
// saved; the house knows that it is there, and forgets it in time.
func testUploads(t *testing.T, open func() *Store) {
	s, ctx := open(), t.Context()
	ana, li := library.Viewer{Name: "ana"}, library.Viewer{Name: "li", Role: library.Curator}
	when := at.Truncate(time.Microsecond).UTC()
	up := func(n int, digest string, days int) library.Upload {
		return library.Upload{Subject: id(n), File: library.File{Digest: digest, Name: digest + ".pdf", Size: 7}, At: when.AddDate(0, 0, days)}
	}
	for _, u := range []library.Upload{up(1, "b", 1), up(1, "a", 0), up(2, "c", 2), up(1, "a", 0)} {
		if err := s.KeepUpload(ctx, ana, u); err != nil {
			t.Fatal(err)
		}
	}
	if got := must[[]library.Upload](t)(s.Uploads(ctx, ana, id(1))); len(got) != 2 || got[0].File.Name != "a.pdf" || got[0].File.Size != 7 || !got[1].At.Equal(when.AddDate(0, 0, 1)) {
		t.Errorf("ana has %+v", got)
	}
	for _, v := range []library.Viewer{li, reader, library.House()} {
		if err := s.DropUploads(ctx, v, id(1), ""); err != nil {
			t.Error(err)
		}
		if got := must[[]library.Upload](t)(s.Uploads(ctx, v, id(1))); len(got) != 0 {
			t.Errorf("%q has %+v", v.Name, got)
		}
		known := must[[]library.Upload](t)(s.Uploaded(ctx, v, "a"))
		if (len(known) == 1) != (v.Role == library.System) {
			t.Errorf("%q is told of %+v", v.Name, known)
		}
	}
	wantKind(t, s.KeepUpload(ctx, reader, up(1, "a", 0)), library.Forbidden)
	wantKind(t, s.ForgetUploads(ctx, li, when.AddDate(1, 0, 0)), library.Forbidden)
	if err := s.ForgetUploads(ctx, library.House(), when.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	if got := must[[]library.Upload](t)(s.Uploads(ctx, ana, id(1))); len(got) != 1 || got[0].File.Digest != "b" {
		t.Errorf("of the old and the new there stay %+v", got)
	}
	for n := range uploadsEach - 2 {
		if err := s.KeepUpload(ctx, ana, up(3, fmt.Sprint(n), 0)); err != nil {
			t.Fatal(err)
		}
	}
	wantKind(t, s.KeepUpload(ctx, ana, up(3, "more", 0)), library.Invalid)
	if err := s.DropUploads(ctx, ana, id(3), "5"); err != nil || len(must[[]library.Upload](t)(s.Uploads(ctx, ana, id(3)))) != uploadsEach-3 {
		t.Errorf("one file is not dropped: %v", err)
	}
	if err := s.DropUploads(ctx, ana, id(3), ""); err != nil || len(must[[]library.Upload](t)(s.Uploads(ctx, ana, id(3)))) != 0 {
		t.Errorf("all files of a subject are not dropped: %v", err)
	}
}
