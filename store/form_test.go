package store

import (
	"bytes"
	"testing"
	"time"

	"waymark/library"
)

// testForms: what a person has written is theirs alone, the last of it counts,
// and nobody can fill the database with it.
func testForms(t *testing.T, open func() *Store) {
	s, ctx := open(), t.Context()
	ana, li := library.Viewer{Name: "ana"}, library.Viewer{Name: "li", Role: library.Curator}
	when := at.Truncate(time.Microsecond).UTC()
	for i, body := range []string{"first", "second"} {
		if err := s.KeepForm(ctx, ana, library.Form{Subject: id(1), Base: 3, Body: []byte(body), At: when.Add(time.Duration(i) * time.Minute)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.KeepForm(ctx, ana, library.Form{Subject: id(2), Body: []byte("other"), At: when}); err != nil {
		t.Fatal(err)
	}
	mine := must[[]library.Form](t)(s.Forms(ctx, ana, ""))
	if len(mine) != 2 || mine[0].Subject != id(1) || string(mine[0].Body) != "second" || mine[0].Base != 3 || !mine[0].At.Equal(when.Add(time.Minute)) {
		t.Errorf("ana has %+v", mine)
	}
	for _, v := range []library.Viewer{li, reader, library.House()} {
		if err := s.DropForm(ctx, v, id(1)); err != nil {
			t.Error(err)
		}
		if forms := must[[]library.Form](t)(s.Forms(ctx, v, "")); len(forms) != 0 {
			t.Errorf("%q sees %+v", v.Name, forms)
		}
	}
	wantKind(t, s.KeepForm(ctx, reader, library.Form{Subject: id(1)}), library.Forbidden)
	wantKind(t, s.KeepForm(ctx, ana, library.Form{Subject: id(1), Body: bytes.Repeat([]byte("a"), formSize+1)}), library.Invalid)
	for n := range formsEach - 2 {
		if err := s.KeepForm(ctx, ana, library.Form{Subject: id(10 + n), At: when}); err != nil {
			t.Fatal(err)
		}
	}
	wantKind(t, s.KeepForm(ctx, ana, library.Form{Subject: id(9), At: when}), library.Invalid)
	if err := s.KeepForm(ctx, ana, library.Form{Subject: id(1), Body: []byte("third"), At: when}); err != nil {
		t.Errorf("one that is there already: %v", err)
	}
	if err := s.DropForm(ctx, ana, id(1)); err != nil || len(must[[]library.Form](t)(s.Forms(ctx, ana, id(1)))) != 0 {
		t.Errorf("a dropped form stays: %v", err)
	}
}
