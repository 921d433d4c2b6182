package evidence_test

import (
	"crypto/rand"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"waymark/evidence"
	"waymark/library"
	"waymark/store"
)

var (
	ana = library.Viewer{Name: "Ana", Role: library.Curator}
	bo  = library.Viewer{Name: "Bo", Role: library.Curator}
	cy  = library.Viewer{Name: "Cy", Role: library.Curator}
)

// desk gives a desk over a real store with one publication on the topic
// "protection" and in Sudan, and a map.
func desk(t *testing.T) (*evidence.Desk, library.ID) {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "w.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w, f, err := evidence.ReadWords()
	if err != nil {
		t.Fatal(err)
	}
	d := &evidence.Desk{Base: &evidence.Base{Store: s, Words: w}, Store: s, Now: time.Now, Entropy: ulid.Monotonic(rand.Reader, 0)}
	id := func() library.ID {
		id, err := library.NewID(time.Now(), d.Entropy)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	r := &library.Resource{ID: id(), Status: library.Published, Audience: library.Public, Titles: library.Text{"en": "A report"}, Date: "2020", Countries: []string{"SD"}, Topics: []string{"protection"}}
	m := &evidence.Map{Code: "m", Framework: "waymark/1", Titles: library.Text{"en": "Map"}, Rows: "intervention", Columns: "outcome", Searched: "2026-01-01", Due: "2027-01-01", Languages: []string{"en"}}
	f.Head = library.Head{ID: id(), Status: library.Published, Audience: library.Public}
	m.Head = library.Head{ID: id(), Status: library.Published, Audience: library.Public}
	e := library.Edit{At: time.Now(), Actor: "test", Action: "test"}
	for _, entry := range []func() (library.Entry, error){r.Entry, m.Entry, f.Entry} {
		one, err := entry()
		if err != nil {
			t.Fatal(err)
		}
		e.Changes = append(e.Changes, library.Change{Entry: one})
	}
	if _, err := s.Commit(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	return d, r.ID
}

// begun gives a study of the publication, published.
func begun(t *testing.T, d *evidence.Desk, publication library.ID) library.ID {
	t.Helper()
	s, err := d.Begin(t.Context(), ana, publication)
	if err != nil {
		t.Fatal(err)
	}
	f := s.Fields()
	f["kind"] = []string{"impact-evaluation"}
	id, err := d.Describe(t.Context(), ana, evidence.Change{Fields: f}, true)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func study(t *testing.T, d *evidence.Desk, v library.Viewer, id library.ID) *evidence.Study {
	t.Helper()
	view, err := d.Base.View(t.Context(), v)
	if err != nil {
		t.Fatal(err)
	}
	s, ok := view.Study(id)
	if !ok {
		t.Fatalf("%s does not see study %s", v.Name, id)
	}
	return s
}

func kind(t *testing.T, err error, want library.ErrorKind) {
	t.Helper()
	if library.KindOf(err) != want {
		t.Errorf("answers %v, want %q", err, want)
	}
}

// TestTwoCodersAndAThird: two code on their own, and where they differ a third
// settles it; the study stands in a cell only then.
func TestTwoCodersAndAThird(t *testing.T) {
	d, publication := desk(t)
	ctx := t.Context()
	id := begun(t, d, publication)
	shelter := evidence.SheetCode{Intervention: "assistance-shelter", Outcome: "safety", Locator: evidence.Locator{Page: 12}}
	health := evidence.SheetCode{Intervention: "assistance-health", Outcome: "physical-health"}
	kind(t, d.Code(ctx, ana, id, []evidence.SheetCode{{Intervention: "magic", Outcome: "safety"}}, true), library.Invalid)
	kind(t, d.Code(ctx, ana, id, []evidence.SheetCode{shelter}, true), "")
	kind(t, d.Code(ctx, ana, id, []evidence.SheetCode{health}, true), library.Invalid) // handed in
	if s := study(t, d, ana, id); len(s.Codings) != 0 {
		t.Errorf("one coder's sheet is on the study: %+v", s.Codings)
	}
	view, err := d.Base.View(ctx, bo)
	if err != nil {
		t.Fatal(err)
	}
	if c := view.CodingOf(id, bo); c.Own != nil || c.Begun != 1 {
		t.Errorf("the second coder sees %+v", c)
	}
	kind(t, d.Code(ctx, bo, id, []evidence.SheetCode{shelter, health}, false), "")
	kind(t, d.Code(ctx, cy, id, []evidence.SheetCode{shelter}, true), library.Invalid) // two are at it
	kind(t, d.Code(ctx, bo, id, []evidence.SheetCode{shelter, health}, true), "")
	s := study(t, d, cy, id)
	if len(s.Codings) != 2 || s.Codings[0].State() != evidence.Agreed || s.Codings[0].Locator.Page != 12 || s.Codings[1].State() != evidence.Open || s.Codings[1].Counts() {
		t.Fatalf("codings %+v", s.Codings)
	}
	places := s.Disputed()
	if !slices.Equal(places, []int{1}) {
		t.Errorf("disputed %v", places)
	}
	kind(t, d.Settle(ctx, bo, id, s.Version, map[int]evidence.Decision{1: {Yes: true}}), library.Forbidden)
	kind(t, d.Settle(ctx, cy, id, s.Version-1, map[int]evidence.Decision{1: {Yes: true}}), library.Conflict)
	kind(t, d.Settle(ctx, cy, id, s.Version, map[int]evidence.Decision{0: {Yes: true}}), library.Invalid)
	kind(t, d.Settle(ctx, cy, id, s.Version, map[int]evidence.Decision{1: {Yes: true, Note: "A chapter of its own."}}), "")
	if s = study(t, d, cy, id); s.Codings[1].State() != evidence.Adjudicated || s.Codings[1].Adjudicated.By != "Cy" || !s.Codings[1].Counts() {
		t.Errorf("settled as %+v", s.Codings[1].Adjudicated)
	}
	// They read it again: what both decide as before stays settled.
	kind(t, d.Code(ctx, bo, id, []evidence.SheetCode{shelter, health}, true), "")
	kind(t, d.Code(ctx, ana, id, []evidence.SheetCode{shelter, health}, true), "")
	if s = study(t, d, cy, id); s.Codings[1].State() != evidence.Agreed {
		t.Errorf("after the second reading %+v", s.Codings)
	}
}

// TestLimitsOfCurators: topics are asked of the publication, countries of the
// study, before and after.
func TestLimitsOfCurators(t *testing.T) {
	d, publication := desk(t)
	ctx := t.Context()
	id := begun(t, d, publication)
	limited := func(topics, countries []string) library.Viewer {
		return library.Viewer{Name: "Li", Role: library.Curator, Topics: topics, Countries: countries}
	}
	for _, c := range []struct {
		v    library.Viewer
		want library.ErrorKind
	}{{limited(nil, []string{"SD"}), ""}, {limited([]string{"protection"}, nil), ""}, {limited(nil, []string{"KE"}), library.Forbidden},
		{limited([]string{"prevention"}, nil), library.Forbidden}, {library.Viewer{Name: "Bo", Role: library.Submitter}, library.Forbidden}, {library.Viewer{}, library.Forbidden}} {
		s := study(t, d, ana, id)
		f := s.Fields()
		f["comparison"] = []string{"by " + strings.Join(append(c.v.Topics, c.v.Countries...), "")}
		_, err := d.Describe(ctx, c.v, evidence.Change{ID: id, Base: s.Version, Fields: f}, false)
		kind(t, err, c.want)
		kind(t, d.Code(ctx, c.v, id, nil, false), c.want)
		_, err = d.Begin(ctx, c.v, publication)
		kind(t, err, c.want)
		want := c.want
		if len(c.v.Topics)+len(c.v.Countries) > 0 {
			want = library.Forbidden
		}
		if want != "" {
			kind(t, d.SaveGap(ctx, c.v, "m", evidence.Change{Fields: library.Fields{"row": {"awareness"}}}), want)
		}
	}
	s := study(t, d, ana, id)
	f := s.Fields()
	f["country"] = []string{"KE"}
	_, err := d.Describe(ctx, limited(nil, []string{"SD"}), evidence.Change{ID: id, Base: s.Version, Fields: f}, false)
	kind(t, err, library.Forbidden)
}

// TestDescribeMeetsAnother: two describe a study at once; what only one has
// changed stays, what both have is a clash that loses nothing.
func TestDescribeMeetsAnother(t *testing.T) {
	d, publication := desk(t)
	ctx := t.Context()
	id := begun(t, d, publication)
	s := study(t, d, ana, id)
	with := func(name, value string) library.Fields {
		f := s.Fields()
		f[name] = []string{value}
		return f
	}
	save := func(v library.Viewer, f library.Fields) error {
		_, err := d.Describe(ctx, v, evidence.Change{ID: id, Base: s.Version, Fields: f}, false)
		return err
	}
	kind(t, save(ana, with("design", "cohort")), "")
	kind(t, save(bo, with("participants", "120")), "")
	if now := study(t, d, ana, id); now.Design != "cohort" || *now.Participants != 120 {
		t.Errorf("together they say %+v", now)
	}
	err := save(bo, with("design", "qualitative"))
	clash, ok := errors.AsType[*library.Clash](err)
	if !ok || !slices.Equal(clash.Fields, []string{"design"}) || clash.Theirs.First("design") != "cohort" || clash.Merged.First("participants") != "120" || clash.Actor != "Bo" {
		t.Fatalf("%v %+v", err, clash)
	}
	s = study(t, d, bo, id)
	kind(t, save(bo, with("participants", "many")), library.Invalid)
	kind(t, save(bo, with("setting", "moon")), library.Invalid)
}

// TestPartsKeepTheirPlace: a finding that was not changed is found again where
// it stands; one that was is a clash; one that a gap rests on stays.
func TestPartsKeepTheirPlace(t *testing.T) {
	d, publication := desk(t)
	ctx := t.Context()
	id := begun(t, d, publication)
	finding := func(outcome, direction string) library.Fields {
		return library.Fields{"intervention": {"assistance-shelter"}, "outcome": {outcome}, "direction": {direction}, "certainty": {"low"}, "at.page": {"7"}}
	}
	for _, outcome := range []string{"safety", "education"} {
		kind(t, d.SaveFinding(ctx, ana, evidence.Change{ID: id, Fields: finding(outcome, "favours")}, -1), "")
	}
	missing := finding("safety", "favours")
	delete(missing, "at.page")
	kind(t, d.SaveFinding(ctx, ana, evidence.Change{ID: id, Fields: missing}, -1), library.Invalid)
	base := study(t, d, ana, id).Version
	kind(t, d.RemoveFinding(ctx, ana, id, base, 0), "")
	kind(t, d.RemoveFinding(ctx, ana, id, base, 0), library.Conflict)
	// The second stands first now.
	kind(t, d.SaveFinding(ctx, bo, evidence.Change{ID: id, Base: base, Fields: finding("education", "no-clear-effect")}, 1), "")
	s := study(t, d, ana, id)
	if len(s.Findings) != 1 || s.Findings[0].Direction != "no-clear-effect" {
		t.Fatalf("findings %+v", s.Findings)
	}
	err := d.SaveFinding(ctx, ana, evidence.Change{ID: id, Base: base, Fields: finding("education", "mixed")}, 1)
	if clash, ok := evidence.AsClash(err); !ok || len(clash.Fields) == 0 {
		t.Errorf("a finding that was changed: %v", err)
	}
	gap := library.Fields{"row": {"assistance-shelter"}, "column": {"education"}, "statement": {"no-effect"}, "searched": {"2026-01-02"}, "finding": {string(id) + "/1"}}
	kind(t, d.SaveGap(ctx, ana, "m", evidence.Change{Fields: gap}), "")
	kind(t, d.RemoveFinding(ctx, ana, id, s.Version, 0), library.Invalid)
	kind(t, d.Withdraw(ctx, ana, id, s.Version), library.Invalid)
	view, _ := d.Base.View(ctx, ana)
	g := view.Gaps[0]
	gap["closed"] = []string{"2026-02-01"}
	kind(t, d.SaveGap(ctx, bo, "m", evidence.Change{ID: g.ID, Base: g.Version, Fields: gap}), "")
	if err := d.SaveGap(ctx, ana, "m", evidence.Change{ID: g.ID, Base: g.Version, Fields: gap}); library.KindOf(err) != library.Conflict {
		t.Errorf("a gap that was changed: %v", err)
	}
	for _, overall := range []string{"low", "moderate"} {
		kind(t, d.SaveAppraisal(ctx, ana, evidence.Change{ID: id, Fields: library.Fields{"tool": {"MMAT"}, "overall": {overall}, "current": {"yes"}, "domain": {"Sampling: good: page 3"}}}, -1), "")
	}
	if s = study(t, d, ana, id); s.Rating() != "moderate" || s.Appraisals[0].Current || s.Appraisals[1].By[0] != "Ana" || s.Appraisals[1].Domains[0].Support != "page 3" {
		t.Errorf("appraisals %+v", s.Appraisals)
	}
}

// TestFieldsLoseNothing: what a form shows, sent as it is, changes nothing.
func TestFieldsLoseNothing(t *testing.T) {
	n, year := 3, 2020
	v, low, high := 0.5, 0.25, 1.0
	s := &evidence.Study{Titles: library.Text{"en": "A", "fr": "B"}, Kind: "qualitative", State: "ongoing", Year: year, Sites: &n, Countries: []string{"SD", "KE"}, CostData: true,
		Publications: []evidence.Publication{{Resource: "P", Hash: "h"}}, Settings: []string{"camp"}}
	f := &evidence.Finding{Intervention: "a", Outcome: "b", Direction: "mixed", Value: &v, Low: &low, High: &high, N: &n, Certainty: "low", Locator: evidence.Locator{Page: 2, Label: "table 1", Resource: "P"}, Plain: library.Text{"ar": "x"}}
	g := &evidence.Gap{Row: "a", Column: "b", Statement: "no-effect", Priority: 2, Searched: "2026-01-01", Findings: []evidence.FindingRef{{Study: "S", Finding: 1}}, Basis: library.Text{"en": "x"}}
	a := &evidence.Appraisal{Tool: "MMAT", Overall: "low", Agreed: true, Domains: []evidence.Domain{{Name: "x", Judgement: "y", Support: "z"}}}
	for _, one := range []interface {
		Fields() library.Fields
		SetFields(library.Fields) error
	}{s, f, g, a} {
		before := one.Fields()
		if err := one.SetFields(before); err != nil {
			t.Error(err)
		}
		if differing := before.Differing(one.Fields()); len(differing) > 0 {
			t.Errorf("%T differs in %v", one, differing)
		}
	}
	if s.Countries[0] != "SD" || s.Publications[0].Hash != "h" {
		t.Errorf("the study is %+v", s)
	}
}
