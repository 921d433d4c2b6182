package guide_test

import (
	"strings"
	"testing"

	"waymark/guide"
	"waymark/library"
)

// TestOnlyStaffReadsStaff: entries and sections for staff are not there for
// others, in no state of the guide.
func TestOnlyStaffReadsStaff(t *testing.T) {
	s := newShelf(t)
	s.bring(0, "handbook")
	if _, err := s.Issue(t.Context(), desk, "crisis-handbook", "2026-01-01", ""); err != nil {
		t.Fatal(err)
	}
	hidden := s.sections(s.open(staff, "crisis-handbook", guide.When{}), "en")["duty-roster/how"]
	for _, when := range []guide.When{{}, {Edition: 1}, {At: day0.AddDate(0, 0, 1)}} {
		o := s.open(reader, "crisis-handbook", when)
		all := s.sections(o, "en")
		for name, r := range all {
			if strings.Contains(r.Text.Body, "canarydemo") || strings.HasPrefix(name, "duty-roster") {
				t.Errorf("%+v: a reader sees %s", when, name)
			}
		}
		if o.Named("duty-roster") != nil || o.Named("office") != nil {
			t.Errorf("%+v: a reader sees that there is an entry for staff", when)
		}
		if own := s.open(staff, "crisis-handbook", when); own.Named("duty-roster") == nil {
			t.Errorf("%+v: staff do not see their entry", when)
		}
	}
	if _, err := s.Place(t.Context(), reader, hidden.ID); library.KindOf(err) != library.NotFound {
		t.Error("a lasting address tells of a hidden section", err)
	}
	if p, err := s.Place(t.Context(), staff, hidden.ID); err != nil || p.Entry != "duty-roster" || p.Section != hidden.ID {
		t.Error(p, err)
	}
	if err := s.Say(t.Context(), reader, library.Feedback{Section: hidden.ID, Kind: library.FeedbackError, Text: "x"}); library.KindOf(err) != library.NotFound {
		t.Error("a reader speaks about what they do not see", err)
	}
}

// TestClosedChapter: closing a chapter closes the entries and sections in it,
// also those that the draft which closes it does not hold.
func TestClosedChapter(t *testing.T) {
	s := newShelf(t)
	s.bring(0, "handbook")
	consent := s.sections(s.open(reader, "crisis-handbook", guide.When{}), "en")["consent/glance"]
	d := &guide.Draft{Slug: "crisis-handbook", Type: library.Handbook, Titles: library.Text{"en": "x"}, Languages: []string{"en"},
		Pages: []*guide.DraftPage{{Slug: "protection", Audience: library.Staff}}}
	if _, err := s.Import(t.Context(), desk, d); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Place(t.Context(), reader, consent.ID); library.KindOf(err) != library.NotFound {
		t.Error("a section of a closed chapter has a place", err)
	}
	for _, v := range []library.Viewer{reader, staff} {
		entries, err := s.Store.Entries(t.Context(), v, []library.ID{consent.ID, consent.In})
		if want := 2 * len(v.Audiences); err != nil || len(entries) != want {
			t.Errorf("%q sees %d of the closed parts, want %d", v.Name, len(entries), want)
		}
	}
}
