package curate

import (
	"testing"

	"waymark/library"
	"waymark/match"
)

// TestLookThrough: of a library that is already there, the pairs that nobody
// was asked about are found; the sure ones can be merged, and asking again
// finds nothing new.
func TestLookThrough(t *testing.T) {
	d, st := desk(t)
	edit := d.edit(curator, "import", "")
	work := func(n int, title, date string, change func(*library.Resource)) *library.Resource {
		t.Helper()
		r := &library.Resource{ID: id(n), Status: library.Published, Audience: library.Public, Titles: library.Text{"en": title},
			Languages: []string{"en"}, Date: library.Date(date)}
		if change != nil {
			change(r)
		}
		if err := add(&edit, 0, r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	by := func(agents ...library.ID) func(*library.Resource) {
		return func(r *library.Resource) {
			for _, a := range agents {
				r.Contributors = append(r.Contributors, library.Contributor{Agent: a, Role: library.Author})
			}
		}
	}
	for n, name := range map[int]string{50: "John A. Smith", 51: "Smith, J.", 52: "Li Wei"} {
		a := library.NewAgent(name)
		a.ID = id(n)
		if err := add(&edit, 0, a); err != nil {
			t.Fatal(err)
		}
	}
	work(1, "Guide to the Identification of Victims in Camps", "2015", by(id(50)))
	work(2, "GUIDE to the identification of victims in camps", "2015", by(id(51))) // sure, by the initials
	work(3, "Guide to the Identificaction of Victims in Camps", "2015", nil)       // suspected beside both
	work(4, "Shelter standards for the first ninety days", "2016", nil)
	work(5, "Shelter standards for the first ninety days", "2016", func(r *library.Resource) { r.Audience = library.Staff }) // certain, but for others
	work(6, "Normes pour les abris", "2016", func(r *library.Resource) {
		r.Titles, r.Languages = library.Text{"fr": "Shelter standards for the first ninety days"}, []string{"fr"}
	})
	work(7, "Of courts and their judges in the provinces", "2012", nil)
	work(8, "Of courts and their judges in the provinces", "2014", nil) // decided below
	work(9, "Shelter standards for the first ninety days", "2016", func(r *library.Resource) { r.Status = library.Withdrawn })
	if err := add(&edit, 0, &library.Pair{ID: id(60), A: id(7), B: id(8), Decision: library.DecidedDifferent, Audience: library.Public}); err != nil {
		t.Fatal(err)
	}
	if _, err := st.Commit(t.Context(), edit); err != nil {
		t.Fatal(err)
	}
	all := library.Viewer{Name: "the tests", Role: library.System}
	if _, err := d.LookThrough(t.Context(), library.Viewer{}, st); library.KindOf(err) != library.Forbidden {
		t.Errorf("a reader: %v", err)
	}
	l, err := d.LookThrough(t.Context(), all, st)
	if err != nil {
		t.Fatal(err)
	}
	got := map[[2]library.ID]Suspicion{}
	last := match.Certain
	for _, s := range l.Found {
		got[[2]library.ID{s.Pair.A, s.Pair.B}] = s
		if s.Verdict.Likeness > last {
			t.Error("the surest do not come first")
		}
		last = s.Verdict.Likeness
	}
	for pair, want := range map[[2]library.ID]struct {
		sure     bool
		proposed library.RelationType
	}{
		{id(1), id(2)}: {true, ""}, {id(1), id(3)}: {false, ""}, {id(2), id(3)}: {false, ""}, {id(4), id(5)}: {false, ""},
		{id(4), id(6)}: {false, library.TranslationOf}, {id(5), id(6)}: {false, library.TranslationOf},
	} {
		s, ok := got[pair]
		if !ok || s.Sure != want.sure || s.Pair.Proposed != want.proposed {
			t.Errorf("%v: found %v, %+v", pair, ok, s)
		}
		delete(got, pair)
	}
	if len(got) > 0 || l.Records != 8 || l.Known != 1 {
		t.Errorf("found beside: %v; %d records, %d known", got, l.Records, l.Known)
	}
	merged, left, err := d.MergeSure(t.Context(), all, l.Found, "")
	if err != nil || merged != 1 || len(left) != 4 {
		t.Errorf("merged %d, left %d, %v", merged, len(left), err)
	}
	if err := d.Ask(t.Context(), all, st, left, ""); err != nil {
		t.Fatal(err)
	}
	if pairs, err := d.Duplicates(t.Context(), all, 0); err != nil || len(pairs) != 4 {
		t.Errorf("%d pairs wait, %v", len(pairs), err)
	}
	again, err := d.LookThrough(t.Context(), all, st)
	if err != nil || len(again.Found) != 0 || again.Known != 5 {
		t.Errorf("again: %+v, %v", again, err)
	}
	if err := d.Ask(t.Context(), all, st, left, ""); err != nil { // as when two look through at once
		t.Fatal(err)
	}
	if pairs, err := d.Duplicates(t.Context(), all, 0); err != nil || len(pairs) != 4 {
		t.Errorf("asked twice: %d pairs wait, %v", len(pairs), err)
	}
}
