package intake

import (
	"fmt"
	"testing"

	"waymark/format"
	"waymark/library"
)

// TestHarvestAgain: what a source says of a record anew takes the place of what
// it said before, but not of what a person wrote; what it withdraws is
// withdrawn, unless somebody else stands for it.
func TestHarvestAgain(t *testing.T) {
	d := newDesk(t)
	d.im.History = d.st
	take := func(source string, drafts ...format.Draft) Report {
		t.Helper()
		rep, err := d.im.Import(t.Context(), source, func(yield func(format.Draft, error) bool) {
			for _, draft := range drafts {
				if !yield(draft, nil) {
					return
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return rep
	}
	draft := func(key, title, abstract, year string) format.Draft {
		return format.Draft{Key: key, Titles: library.Text{"en": title}, Abstracts: library.Text{"en": abstract}, Date: format.Value{Text: year},
			Languages: []format.Value{{Text: "en"}}}
	}
	find := func(key string) *library.Resource {
		t.Helper()
		k := library.Key{Scheme: library.KeyRecord, Value: "s " + key}
		found, err := d.st.Lookup(t.Context(), library.House(), library.KindResource, []library.Key{k}, 9)
		if err != nil || len(found[k]) != 1 {
			t.Fatalf("%s: %d records, %v", key, len(found[k]), err)
		}
		entries, err := d.st.Entries(t.Context(), library.House(), found[k])
		if err != nil {
			t.Fatal(err)
		}
		r, err := library.ResourceOf(entries[0])
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	one := draft("1", "Of the identification of people at borders", "Short.", "2015")
	two := draft("2", "Shelter standards for the first ninety days", "Long.", "2016")
	if rep := take("s", one, two); rep.Added != 2 {
		t.Fatalf("%+v", rep)
	}
	if rep := take("s", one, two); rep.Known != 2 || rep.Updated != 0 {
		t.Errorf("again: %+v", rep)
	}
	// A person corrects the title; then the source says another title, abstract and year.
	r := find("1")
	r.Titles["en"] = "On the identification of people at borders"
	e, err := r.Entry()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.st.Commit(t.Context(), library.Edit{At: d.im.Now(), Actor: "a person", Action: "edit", Changes: []library.Change{{Read: r.Version, Entry: e}}}); err != nil {
		t.Fatal(err)
	}
	changed := draft("1", "Of identification", "A better abstract.", "")
	if rep := take("s", changed); rep.Updated != 1 || rep.Added != 0 {
		t.Errorf("changed: %+v", rep)
	}
	r = find("1")
	if got := fmt.Sprintf("%v %v %q %d", r.Titles, r.Abstracts, r.Date, len(r.Sources)); got != `map[en:On the identification of people at borders] map[en:A better abstract.] "" 1` {
		t.Errorf("after the change: %s", got)
	}
	gone := func(key string) format.Draft { return format.Draft{Key: key, Deleted: true} }
	if rep := take("s", gone("1"), gone("2"), gone("3")); rep.Updated != 1 || rep.Known != 2 || len(rep.Warnings) != 1 || rep.Added != 0 {
		t.Errorf("withdrawn: %+v", rep)
	}
	if a, b := find("1").Status, find("2").Status; a != library.Published || b != library.Withdrawn {
		t.Errorf("the one a person worked on is %s, the other %s", a, b)
	}
	// A source repeats what it withdrew: that is nothing new.
	before, err := d.st.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if rep := take("s", gone("2")); rep.Updated != 0 || rep.Known != 1 || len(rep.Warnings) != 0 {
		t.Errorf("withdrawn again: %+v", rep)
	}
	if after, err := d.st.Seq(t.Context()); err != nil || after != before || find("2").Version != 2 {
		t.Errorf("withdrawn again: edit %d after %d, version %d, %v", after, before, find("2").Version, err)
	}
	if rep := take("s", two); rep.Updated != 1 || find("2").Status != library.Published {
		t.Errorf("back again: %+v", rep)
	}
	// What a person withdrew stays so, whoever brings it.
	r = find("2")
	r.Status = library.Withdrawn
	if e, err = r.Entry(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.st.Commit(t.Context(), library.Edit{At: d.im.Now(), Actor: "a person", Action: "withdraw", Changes: []library.Change{{Read: r.Version, Entry: e}}}); err != nil {
		t.Fatal(err)
	}
	if rep := take("s", gone("2")); rep.Updated != 0 || len(rep.Warnings) != 0 {
		t.Errorf("what a person withdrew, by the source too: %+v", rep)
	}
	two.Abstracts["en"] = "Longer."
	if rep := take("s", two); rep.Updated != 0 || find("2").Status != library.Withdrawn {
		t.Errorf("what a person withdrew: %+v", rep)
	}
	d.im.History = nil
	if rep := take("a file", two); rep.Added != 0 || len(rep.Warnings) != 1 {
		t.Errorf("from a file: %+v", rep)
	}
}
