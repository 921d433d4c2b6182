package store

import (
	"testing"

	"waymark/library"
)

// testNotes: notes are read by the house alone, in order, and addresses can be
// forgotten without what was said.
func testNotes(t *testing.T, open func() *Store) {
	s, ctx, house := open(), t.Context(), library.House()
	for n, text := range []string{"first", "second"} {
		note := library.Note{ID: id(20 - n), Subject: id(1), Author: "ana", Address: "a@example.org", Lang: "fr", Text: text, At: at.AddDate(0, 0, n)}
		wantKind(t, s.AddNote(ctx, curator, note), library.Forbidden)
		if err := s.AddNote(ctx, house, note); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range []library.Viewer{reader, staff, curator} {
		if notes, err := s.Notes(ctx, v, id(1)); len(notes) > 0 || library.KindOf(err) != library.Forbidden {
			t.Errorf("%q reads %v %v", v.Name, notes, err)
		}
		wantKind(t, s.ForgetAddresses(ctx, v, id(1)), library.Forbidden)
	}
	notes := must[[]library.Note](t)(s.Notes(ctx, house, id(1)))
	if len(notes) != 2 || notes[0].Text != "first" || notes[1].Address != "a@example.org" || notes[1].Lang != "fr" || !notes[1].At.Equal(at.Truncate(1000).AddDate(0, 0, 1)) {
		t.Errorf("the notes are %+v", notes)
	}
	if err := s.ForgetAddresses(ctx, house, id(1)); err != nil {
		t.Fatal(err)
	}
	if notes = must[[]library.Note](t)(s.Notes(ctx, house, id(1))); notes[0].Address+notes[1].Address != "" || notes[1].Text != "second" {
		t.Errorf("after forgetting they are %+v", notes)
	}
}
