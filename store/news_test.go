package store

import (
	"testing"
	"time"

	"waymark/library"
)

// testNews: news and how far they reach are kept together, are the
// house's alone, and wait until they are due.
func testNews(t *testing.T, open func() *Store) {
	s, ctx, house := open(), t.Context(), library.House()
	mark := must[library.NewsMark](t)(s.NewsMark(ctx, house))
	when := at.Truncate(time.Microsecond).UTC()
	to := library.NewsMark{Seq: mark.Seq + 5, Note: when}
	all := []library.News{
		{ID: id(1), Address: "b@example.org", Person: id(7), Lang: "fr", Kind: library.NewsSaid, Subject: id(3), Who: "ana", Why: "why", At: when, Due: when},
		{ID: id(2), Address: "a@example.org", Kind: library.NewsPublished, Subject: id(3), At: when, Due: when.Add(time.Hour)},
	}
	wantKind(t, s.AddNews(ctx, curator, mark, to, all), library.Forbidden)
	if err := s.AddNews(ctx, house, mark, to, all); err != nil {
		t.Fatal(err)
	}
	wantKind(t, s.AddNews(ctx, house, mark, to, []library.News{{ID: id(9)}}), library.Conflict)
	if got := must[library.NewsMark](t)(s.NewsMark(ctx, house)); got.Seq != to.Seq || !got.Note.Equal(when) {
		t.Errorf("the mark is %+v", got)
	}
	due := must[[]library.News](t)(s.News(ctx, house, when))
	if len(due) != 1 || due[0] != all[0] {
		t.Errorf("due are %+v", due)
	}
	if err := s.PutOff(ctx, house, id(1), when.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if due = must[[]library.News](t)(s.News(ctx, house, when.Add(time.Hour))); len(due) != 1 || due[0].ID != id(2) {
		t.Errorf("after putting off, due are %+v", due)
	}
	if err := s.DropNews(ctx, house, id(2)); err != nil {
		t.Fatal(err)
	}
	if due = must[[]library.News](t)(s.News(ctx, house, when.Add(3*time.Hour))); len(due) != 1 || due[0].Attempt != 1 {
		t.Errorf("at last there are %+v", due)
	}
	_, err := s.NewsMark(ctx, curator)
	wantKind(t, err, library.Forbidden)
	_, err = s.News(ctx, staff, when)
	wantKind(t, err, library.Forbidden)
	_, err = s.NotesAfter(ctx, curator, when)
	wantKind(t, err, library.Forbidden)
	wantKind(t, s.DropNews(ctx, curator, id(1)), library.Forbidden)
	wantKind(t, s.PutOff(ctx, curator, id(1), when), library.Forbidden)

	ana, li := library.Viewer{Person: id(7), Name: "ana"}, library.Viewer{Person: id(8), Role: library.Administrator}
	_, err = s.Wish(ctx, ana, id(7))
	wantKind(t, err, library.NotFound)
	for _, often := range []library.Often{library.Daily, library.Never} {
		if err := s.SetWish(ctx, ana, library.Wish{Person: id(7), Often: often, Lang: "ar"}); err != nil {
			t.Fatal(err)
		}
	}
	if w := must[library.Wish](t)(s.Wish(ctx, ana, id(7))); w.Often != library.Never || w.Lang != "ar" {
		t.Errorf("ana wishes %+v", w)
	}
	_, err = s.Wish(ctx, li, id(7))
	wantKind(t, err, library.Forbidden)
	_, err = s.Wish(ctx, reader, "")
	wantKind(t, err, library.Forbidden)
	wantKind(t, s.SetWish(ctx, li, library.Wish{Person: id(7)}), library.Forbidden)
}
