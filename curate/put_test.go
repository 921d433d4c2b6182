package curate

import (
	"testing"

	"waymark/library"
)

// TestPut: a record is made with its new agents in one edit, the same work is
// not made twice, an old version is refused, and a withdrawn one says so.
func TestPut(t *testing.T) {
	d, st := desk(t)
	work := func() *library.Resource {
		return &library.Resource{Status: library.Published, Audience: library.Public, Titles: library.Text{"en": "A Guide to Quiet Interviews with Survivors of Trafficking in Shelters"}, Date: "2020",
			Languages: []string{"en"}, Contributors: []library.Contributor{{Role: library.Author}, {Role: library.Publisher}, {Role: library.Editor}}}
	}
	names := func() Named {
		return Named{0: library.NewAgent("Ana Ruiz"), 1: library.NewAgent("Harbour Network"), 2: library.NewAgent("Ruiz, Ana")}
	}
	if _, err := d.Put(t.Context(), library.Viewer{}, work(), nil, ""); library.KindOf(err) != library.Forbidden {
		t.Errorf("a reader writes: %v", err)
	}
	r, err := d.Put(t.Context(), curator, work(), names(), "by hand")
	if err != nil {
		t.Fatal(err)
	}
	if seq, err := st.Seq(t.Context()); err != nil || seq != 1 || r.Version != 1 {
		t.Errorf("edit %d, version %d: %v", seq, r.Version, err)
	}
	if ids := r.AgentIDs(); len(ids) != 2 || r.Contributors[0].Agent != r.Contributors[2].Agent {
		t.Errorf("one person under two names has %d records", len(ids))
	}
	if _, err := d.Own(t.Context(), curator, r.Contributors[0].Agent); library.KindOf(err) != library.NotFound {
		t.Errorf("an agent is taken for a record: %v", err)
	}
	again, err := d.Put(t.Context(), curator, work(), names(), "")
	if e, ok := err.(*library.Error); !ok || e.Kind != library.Conflict || e.To != r.ID {
		t.Errorf("made twice: %v, %v", again, err)
	}
	old := *r
	r.Date = "2021"
	if r, err = d.Put(t.Context(), curator, r, nil, ""); err != nil || r.Version != 2 || r.Date != "2021" {
		t.Fatal(r, err)
	}
	if _, err := d.Put(t.Context(), curator, &old, nil, ""); library.KindOf(err) != library.Conflict {
		t.Errorf("an old version was taken: %v", err)
	}
	r.Relations = []library.Relation{{Type: library.PartOf, Target: id(7)}}
	if _, err := d.Put(t.Context(), curator, r, nil, ""); library.KindOf(err) != library.Invalid {
		t.Errorf("a relation to nothing: %v", err)
	}
	r.Relations, r.Audience = nil, library.Staff
	if _, err := d.Put(t.Context(), curator, r, nil, ""); library.KindOf(err) != library.Forbidden {
		t.Errorf("for an audience of others: %v", err)
	}
	if _, err := d.Withdraw(t.Context(), curator, r.ID, 1, "retracted"); library.KindOf(err) != library.Conflict {
		t.Errorf("an old version was withdrawn: %v", err)
	}
	if _, err := d.Withdraw(t.Context(), curator, r.ID, 2, "retracted"); err != nil {
		t.Fatal(err)
	}
	if _, err := st.Entry(t.Context(), library.Viewer{}, r.ID); library.KindOf(err) != library.Gone {
		t.Errorf("withdrawn, it answers %v", err)
	}
}
