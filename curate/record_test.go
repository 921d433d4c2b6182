package curate

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"

	"waymark/library"
)

// kept reads a record as it stands, whatever its status.
func kept(t *testing.T, d *Desk, id library.ID) *library.Resource {
	t.Helper()
	r, err := d.asItIs(t.Context(), library.House(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// saying gives the fields of a record with some of them changed.
func saying(r *library.Resource, change map[string][]string) library.Fields {
	f := r.Fields()
	for name, values := range change {
		if delete(f, name); len(values) > 0 {
			f[name] = values
		}
	}
	return f
}

// TestSave: two curators who change other fields of one record both have their
// way; where both change the same, the second is told, and loses nothing.
func TestSave(t *testing.T) {
	d, st := desk(t)
	put(t, st, &library.Resource{ID: id(1), Status: library.Published, Audience: library.Public, Titles: library.Text{"en": "A"}, Date: "2019", Topics: []string{"a", "b"}})
	first := kept(t, d, id(1))
	li := library.Viewer{Name: "Li", Role: library.Curator}
	if _, err := d.Save(t.Context(), li, Revision{ID: id(1), Base: 1, Fields: saying(first, map[string][]string{"date": {"2020"}, "topic": {"a", "c"}})}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Save(t.Context(), curator, Revision{ID: id(1), Base: 1, Fields: saying(first, map[string][]string{"title.en": {"B"}, "topic": {"a", "b", "d"}})}); err != nil {
		t.Fatal(err)
	}
	r := kept(t, d, id(1))
	if r.Date != "2020" || r.Titles["en"] != "B" || !slices.Equal(r.Topics, []string{"a", "c", "d"}) {
		t.Errorf("together they made %+v", r)
	}
	_, err := d.Save(t.Context(), curator, Revision{ID: id(1), Base: 1, Fields: saying(first, map[string][]string{"date": {"2018"}, "edition": {"2nd"}})})
	clash, ok := errors.AsType[*Clash](err)
	if !ok || library.KindOf(err) != library.Conflict || !slices.Equal(clash.Fields, []string{"date"}) || clash.Actor != "the tests" {
		t.Fatalf("a clash is told as %v", err)
	}
	if clash.Merged.First("date") != "2018" || clash.Merged.First("title.en") != "B" || clash.Merged.First("edition") != "2nd" || clash.Theirs.First("date") != "2020" {
		t.Errorf("the clash holds %+v", clash)
	}
	if _, err := d.Save(t.Context(), curator, Revision{ID: id(1), Base: clash.Version, Fields: clash.Merged}); err != nil {
		t.Fatal(err)
	}
	if r := kept(t, d, id(1)); r.Date != "2018" || r.Edition != "2nd" || r.Titles["en"] != "B" {
		t.Errorf("after that it says %+v", r)
	}
}

// TestSaveTogether: many who save at one moment all find their topic in it.
func TestSaveTogether(t *testing.T) {
	d, st := desk(t)
	put(t, st, &library.Resource{ID: id(1), Status: library.Published, Audience: library.Public, Titles: library.Text{"en": "A"}})
	base := kept(t, d, id(1))
	topics := []string{"a", "b", "c", "d"}
	var all sync.WaitGroup
	for _, topic := range topics {
		all.Go(func() {
			for {
				_, err := d.Save(t.Context(), curator, Revision{ID: id(1), Base: 1, Fields: saying(base, map[string][]string{"topic": {topic}})})
				if library.KindOf(err) == library.Conflict {
					continue
				}
				if err != nil {
					t.Error(err)
				}
				return
			}
		})
	}
	all.Wait()
	got := slices.Sorted(slices.Values(kept(t, d, id(1)).Topics))
	if !slices.Equal(got, topics) {
		t.Errorf("the record has the topics %v", got)
	}
}

// TestWho: who may submit, change and publish what.
func TestWho(t *testing.T) {
	d, st := desk(t)
	put(t, st, &library.Resource{ID: id(1), Status: library.Published, Audience: library.Public, Titles: library.Text{"en": "A"}, Topics: []string{"a"}, Countries: []string{"SD"}},
		&library.Resource{ID: id(2), Status: library.Published, Audience: library.Staff, Titles: library.Text{"en": "B"}})
	ana := library.Viewer{Name: "Ana", Role: library.Submitter}
	fields := library.Fields{"title.en": {"Mine"}, "audience": {"staff"}, "listed": {"yes"}}
	if _, err := d.Save(t.Context(), ana, Revision{ID: id(3), Fields: fields}); err != nil {
		t.Fatal(err)
	}
	mine := kept(t, d, id(3))
	if mine.Status != library.Draft || mine.Audience != library.Public && mine.Audience != "" || mine.Listed || mine.Review.Submitted != "Ana" {
		t.Errorf("what Ana submitted is %+v", mine)
	}
	limited := func(topic, country string) library.Viewer {
		v := library.Viewer{Name: "Li", Role: library.Curator}
		if topic != "" {
			v.Topics = []string{topic}
		}
		if country != "" {
			v.Countries = []string{country}
		}
		return v
	}
	for _, c := range []struct {
		name    string
		v       library.Viewer
		id      library.ID
		publish bool
		want    library.ErrorKind
	}{
		{"anyone", library.Viewer{}, id(1), false, library.Forbidden},
		{"a contributor changes another's", ana, id(1), false, library.NotFound},
		{"a contributor changes their own", ana, id(3), false, ""},
		{"a contributor publishes", ana, id(3), true, library.Forbidden},
		{"another contributor", library.Viewer{Name: "Eve", Role: library.Submitter}, id(3), false, library.NotFound},
		{"a contributor without a name", library.Viewer{Role: library.Submitter}, id(3), false, library.NotFound},
		{"a curator of the topic", limited("a", ""), id(1), false, ""},
		{"a curator of another topic", limited("b", ""), id(1), false, library.Forbidden},
		{"a curator of another country", limited("a", "TD"), id(1), false, library.Forbidden},
		{"a curator who does not see it", limited("", ""), id(2), false, library.NotFound},
		{"a curator publishes", curator, id(3), true, ""},
	} {
		r := kept(t, d, c.id)
		_, err := d.Save(t.Context(), c.v, Revision{ID: c.id, Base: r.Version, Fields: r.Fields(), Publish: c.publish})
		if library.KindOf(err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	put(t, st, &library.Resource{ID: id(7), Status: library.Withdrawn, Audience: library.Staff, Titles: library.Text{"en": "C"}})
	edit := library.Edit{At: d.Now(), Actor: "the tests", Action: "merge", Changes: []library.Change{{Entry: library.Entry{ID: id(8), Kind: library.KindResource,
		Status: library.Merged, MergedInto: id(2), Audience: library.Staff, Body: []byte("{}")}}}}
	if _, err := st.Commit(t.Context(), edit); err != nil {
		t.Fatal(err)
	}
	for _, hidden := range []library.ID{id(7), id(8)} {
		if _, err := d.Own(t.Context(), ana, hidden); library.KindOf(err) != library.NotFound {
			t.Errorf("a contributor is told of %s: %v", hidden, err)
		}
	}
	r := kept(t, d, id(1))
	if _, err := d.Save(t.Context(), limited("a", ""), Revision{ID: id(1), Base: r.Version, Fields: saying(r, map[string][]string{"topic": {"b"}})}); library.KindOf(err) != library.Forbidden {
		t.Errorf("a curator moves a record out of their topic: %v", err)
	}
	if r := kept(t, d, id(3)); r.Status != library.Published {
		t.Errorf("it is %s", r.Status)
	}
	if _, err := d.Save(t.Context(), library.Viewer{}, Revision{ID: id(4), Fields: fields}); library.KindOf(err) != library.Forbidden {
		t.Errorf("anyone submits: %v", err)
	}
}

// TestFaults: each field at fault is named.
func TestFaults(t *testing.T) {
	d, _ := desk(t)
	_, err := d.Save(t.Context(), curator, Revision{ID: id(1), Fields: library.Fields{"date": {"soon"}, "link": {"javascript:alert(1)"}, "identifier": {"doi:"}, "due": {"x"}}})
	var fields []string
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatal(err)
	}
	for _, e := range joined.Unwrap() {
		if fault, ok := errors.AsType[*library.Error](e); ok && fault.Kind == library.Invalid {
			fields = append(fields, fault.Field)
		}
	}
	slices.Sort(fields)
	if !slices.Equal(fields, []string{"audience", "date", "due", "identifier", "link", "title"}) {
		t.Errorf("at fault are %v", fields)
	}
}

// TestWithdrawRestoreUndo: what was done is seen in the history and can be taken
// back, each exactly.
func TestWithdrawRestoreUndo(t *testing.T) {
	d, st := desk(t)
	put(t, st, &library.Resource{ID: id(1), Status: library.Published, Audience: library.Public, Titles: library.Text{"en": "A"}, Date: "2019"},
		&library.Resource{ID: id(2), Status: library.Draft, Audience: library.Public, Titles: library.Text{"en": "B"}})
	before := kept(t, d, id(1)).Fields()
	if _, err := d.Withdraw(t.Context(), curator, id(1), 1, ""); library.KindOf(err) != library.Invalid {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := d.Withdraw(t.Context(), curator, id(1), 1, "it names a person"); err != nil {
		t.Fatal(err)
	}
	if _, err := st.Entry(t.Context(), library.Viewer{}, id(1)); library.KindOf(err) != library.Gone {
		t.Errorf("a withdrawn record answers %v", err)
	}
	if _, err := d.Restore(t.Context(), curator, id(1), 1, "it does not"); err != nil {
		t.Fatal(err)
	}
	if r := kept(t, d, id(1)); r.Status != library.Published || !maps.EqualFunc(r.Fields(), before, slices.Equal) {
		t.Errorf("restored it is %+v", r)
	}
	edit, done, err := d.Bulk(t.Context(), curator, []library.ID{id(1), id(2)}, Act{DoTopic, "t"})
	if err != nil || len(done) != 2 {
		t.Fatal(done, err)
	}
	if _, err := d.Undo(t.Context(), curator, edit.Seq, done); err != nil {
		t.Fatal(err)
	}
	if r := kept(t, d, id(1)); !maps.EqualFunc(r.Fields(), before, slices.Equal) {
		t.Errorf("undone it says %+v", r.Fields())
	}
	if _, err := d.Undo(t.Context(), curator, edit.Seq, done); library.KindOf(err) != library.Conflict {
		t.Errorf("undone twice: %v", err)
	}
	if edit, done, err = d.Bulk(t.Context(), curator, []library.ID{id(1), id(2)}, Act{Do: DoPublish}); err != nil || !slices.Equal(done, []library.ID{id(2)}) {
		t.Errorf("published %v: %v", done, err)
	}
	if _, err = d.Undo(t.Context(), curator, edit.Seq, done); err != nil || kept(t, d, id(2)).Status != library.Draft {
		t.Errorf("the publishing is not undone: %v", err)
	}
	history, err := d.History(t.Context(), curator, id(1))
	if err != nil || len(history) != 5 || history[0].Action != "undo" || history[3].Action != "withdraw" || history[3].Note != "it names a person" || !slices.Equal(history[1].Changed, []string{"topic"}) {
		t.Errorf("the history is %+v, %v", history, err)
	}
}

// TestQueues: a record waits where it should and for those who may change it.
func TestQueues(t *testing.T) {
	d, st := desk(t)
	put(t, st, &library.Resource{ID: id(1), Status: library.Draft, Audience: library.Public, Titles: library.Text{"en": "A"}, Topics: []string{"a"}, Review: library.Review{Submitted: "Ana", Assigned: "Li"}},
		&library.Resource{ID: id(2), Status: library.Draft, Audience: library.Public, Titles: library.Text{"en": "B"}},
		&library.Resource{ID: id(3), Status: library.Published, Audience: library.Public, Titles: library.Text{"en": "C"}, Files: []library.File{{Digest: "d", Text: library.TextRefused}}},
		&library.Resource{ID: id(4), Status: library.Published, Audience: library.Public, Titles: library.Text{"en": "D"}, Review: library.Review{Due: "2025-12-31"}},
		&library.Resource{ID: id(5), Status: library.Published, Audience: library.Public, Titles: library.Text{"en": "E"}, Review: library.Review{Due: "2026-01-20"}},
		&library.Resource{ID: id(6), Status: library.Draft, Audience: library.Staff, Titles: library.Text{"en": "F"}},
		&library.Resource{ID: id(7), Status: library.Withdrawn, Audience: library.Public, Titles: library.Text{"en": "G"}, Review: library.Review{Due: "2025-12-31"}})
	put(t, st, &library.Resource{ID: id(8), Status: library.Published, Audience: library.Public, Titles: library.Text{"en": "H"}, Links: []library.Link{{URL: "https://gone.example/a"}}},
		&library.Resource{ID: id(9), Status: library.Published, Audience: library.Staff, Titles: library.Text{"en": "I"}, Links: []library.Link{{URL: "https://gone.example/a"}}})
	for _, visit := range []library.Visit{{URL: "https://gone.example/a", State: library.VisitGone}, {URL: "https://gone.example/b", State: library.VisitGone}} {
		if err := st.Visited(t.Context(), visit); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		v      library.Viewer
		q      library.Queue
		filter Filter
		want   []library.ID
	}{
		{curator, library.QueueSubmitted, Filter{}, []library.ID{id(1)}},
		{curator, library.QueueSubmitted, Filter{Assigned: "Li"}, []library.ID{id(1)}},
		{curator, library.QueueSubmitted, Filter{Assigned: Nobody}, nil},
		{curator, library.QueueProposed, Filter{}, []library.ID{id(2)}},
		{curator, library.QueueUnread, Filter{}, []library.ID{id(3)}},
		{curator, library.QueueDue, Filter{}, []library.ID{id(4)}},
		{curator, library.QueueLinks, Filter{}, []library.ID{id(8)}},
		{library.Viewer{Name: "S", Role: library.Curator, Audiences: []library.Audience{library.Staff}}, library.QueueProposed, Filter{}, []library.ID{id(6), id(2)}},
		{library.Viewer{Name: "T", Role: library.Curator, Topics: []string{"z"}}, library.QueueSubmitted, Filter{}, nil},
	} {
		waiting, err := d.Waiting(t.Context(), c.v, c.q, c.filter)
		var got []library.ID
		for _, r := range waiting {
			got = append(got, r.ID)
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s of %s with %+v: %v, %v", c.q, c.v.Name, c.filter, got, err)
		}
	}
	if mine, err := d.Mine(t.Context(), library.Viewer{Name: "Ana", Role: library.Submitter}); err != nil || len(mine) != 1 || mine[0].ID != id(1) {
		t.Errorf("Ana has %v, %v", mine, err)
	}
	if mine, err := d.Mine(t.Context(), library.Viewer{Name: "Eve", Role: library.Submitter}); err != nil || len(mine) != 0 {
		t.Errorf("Eve has %v, %v", mine, err)
	}
}
