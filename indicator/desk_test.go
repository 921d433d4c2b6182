package indicator_test

import (
	"crypto/rand"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"waymark/indicator"
	"waymark/library"
	"waymark/store"
)

var ana = library.Viewer{Name: "Ana", Role: library.Curator}

// desk gives a desk over a real store with one indicator, a count by sex.
func desk(t *testing.T) *indicator.Desk {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "w.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	w, err := indicator.ReadWords()
	if err != nil {
		t.Fatal(err)
	}
	d := &indicator.Desk{Base: &indicator.Base{Store: s, Words: w}, Store: s, IsArea: func(c string) bool { return len(c) == 2 }, Now: time.Now, Entropy: ulid.Monotonic(rand.Reader, 0)}
	kind(t, d.Define(t.Context(), ana, indicator.Change{Code: "identified", Fields: definition()}, true), "")
	return d
}

func definition() library.Fields {
	return library.Fields{"title.en": {"Identified"}, "definition.en": {"Persons identified."}, "measure": {"count"}, "unit": {"persons"}, "direction": {"ambiguous"}, "level": {"output"},
		"pillar": {"protection"}, "counting": {"new"}, "frequency": {"A"}, "source": {"case-management"}, "dimension": {"sex"}, "required": {"sex"}}
}

func kind(t *testing.T, err error, want library.ErrorKind) {
	t.Helper()
	if library.KindOf(err) != want {
		t.Errorf("answers %v, want %q", err, want)
	}
}

func sheet(t *testing.T, rows string) indicator.Sheet {
	t.Helper()
	s, err := indicator.ReadSheet(strings.NewReader("indicator,area,period,sex,value,source,page,resource\n" + rows))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func judged(t *testing.T, d *indicator.Desk, v library.Viewer, rows string) indicator.Delivery {
	t.Helper()
	in, err := d.Judge(t.Context(), v, sheet(t, rows))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// TestDeliveriesMeetWhatIsThere: leaps and sums are judged with the series that
// stand, and what is outside a curator's countries blocks its line.
func TestDeliveriesMeetWhatIsThere(t *testing.T) {
	d := desk(t)
	var past strings.Builder
	for year := 2015; year < 2024; year++ {
		fmt.Fprintf(&past, "identified,SD,%d,_T,%d,Ministry,1,\n", year, 100+year%3)
	}
	past.WriteString("identified,SD,2024,_T,100,Ministry,1,\nidentified,SD,2024,F,60,Ministry,1,\nidentified,SD,2024,M,40,Ministry,1,\n")
	in := judged(t, d, ana, past.String())
	if _, err := d.Take(t.Context(), ana, "past.csv", in, nil); err != nil {
		t.Fatal(err, in.Issues)
	}
	for _, c := range []struct {
		name, rows, want string
		v                library.Viewer
		blocked          bool
	}{
		{"a leap", "identified,SD,2025,_T,9000,Ministry,1,\n", "line 2, column value: SD 2025: 9000 after 100 is a leap", ana, false},
		{"a part alone", "identified,SD,2024,F,50,Ministry,1,\n", "line 2, column value: the total is 100, its parts by sex add up to 90", ana, false},
		{"another's country", "identified,SD,2025,_T,101,Ministry,1,\nidentified,KE,2025,_T,101,Ministry,1,\n", "line 3, column area: the area KE is outside", library.Viewer{Name: "Li", Role: library.Curator, Countries: []string{"SD"}}, true},
		{"no country at all", "identified,KE,2025,_T,101,Ministry,1,\n", "outside", library.Viewer{Name: "Li", Role: library.Curator, Topics: []string{"protection"}}, true},
		{"nothing odd", "identified,SD,2025,_T,101,Ministry,1,\n", "", ana, false},
	} {
		in := judged(t, d, c.v, c.rows)
		said := fmt.Sprint(in.Issues)
		if in.Blocked() != c.blocked || !strings.Contains(said, c.want) || c.want == "" && strings.Contains(said, "leap") {
			t.Errorf("%s: blocked %v: %s", c.name, in.Blocked(), said)
		}
		if c.blocked {
			if n, err := d.Take(t.Context(), c.v, "x", in, nil); err == nil || n != 0 {
				t.Errorf("%s: %d series are written", c.name, n)
			}
		}
	}
	for _, v := range []library.Viewer{{}, {Name: "Re"}, {Name: "Bo", Role: library.Submitter}} {
		_, err := d.Judge(t.Context(), v, indicator.Sheet{})
		kind(t, err, library.Forbidden)
		_, err = d.Series(t.Context(), v, "")
		kind(t, err, library.Forbidden)
		_, err = d.Release(t.Context(), v, indicator.Wanted{Code: "identified", Protection: indicator.Default()})
		kind(t, err, library.Forbidden)
		kind(t, d.Define(t.Context(), v, indicator.Change{Code: "x", Fields: definition()}, false), library.Forbidden)
	}
}

// TestReleaseIsWhatWasLookedAt: numbers that changed after the preview are not
// released unseen.
func TestReleaseIsWhatWasLookedAt(t *testing.T) {
	d := desk(t)
	ctx := t.Context()
	take := func(rows string) {
		t.Helper()
		if _, err := d.Take(ctx, ana, "x", judged(t, d, ana, rows), nil); err != nil {
			t.Fatal(err)
		}
	}
	take("identified,SD,2024,_T,57,Ministry,1,\n")
	next, before, err := d.Preview(ctx, ana, "identified", indicator.Default())
	if err != nil || before != nil || next.Issue != 1 || *next.Series[0].Points[0].Value != 50 {
		t.Fatalf("%+v %v", next, err)
	}
	take("identified,SD,2024,_T,77,Ministry,1,\n")
	wanted := indicator.Wanted{Code: "identified", Protection: indicator.Default(), Seen: next.Hash}
	_, err = d.Release(ctx, ana, wanted)
	kind(t, err, library.Conflict)
	next, _, err = d.Preview(ctx, ana, "identified", indicator.Default())
	if err != nil {
		t.Fatal(err)
	}
	wanted.Seen = next.Hash
	if _, err = d.Release(ctx, ana, wanted); err != nil {
		t.Fatal(err)
	}
	limited := library.Viewer{Name: "Li", Role: library.Curator, Countries: []string{"SD"}}
	_, _, err = d.Preview(ctx, limited, "identified", indicator.Default())
	kind(t, err, library.Forbidden)
	wanted.Protection = indicator.Protection{Mode: indicator.Open}
	_, err = d.Release(ctx, ana, wanted)
	kind(t, err, library.Invalid) // counts of people
}

// TestDefinitionsStay: what is published does not change; what changes is the
// next version, and two who write it at once clash.
func TestDefinitionsStay(t *testing.T) {
	d := desk(t)
	ctx := t.Context()
	of := func() *indicator.Indicator {
		view, err := d.Base.View(ctx, ana)
		if err != nil {
			t.Fatal(err)
		}
		ind, _ := view.Indicator("identified")
		return ind
	}
	first := of()
	f := definition()
	f["definition.en"] = []string{"Persons identified by the police."}
	kind(t, d.Define(ctx, ana, indicator.Change{Code: "identified", Fields: f}, false), library.Invalid) // the code is taken
	kind(t, d.Define(ctx, ana, indicator.Change{Code: "identified", Base: first.Version, Fields: f}, false), "")
	if ind := of(); len(ind.Versions) != 2 || ind.Last().Number != 1 || ind.Draft().Number != 2 {
		t.Fatalf("a draft is in force: %+v", ind.Versions)
	}
	f["definition.fr"] = []string{"Personnes identifiées."}
	err := d.Define(ctx, ana, indicator.Change{Code: "identified", Base: first.Version, Fields: f}, false)
	kind(t, err, library.Conflict)
	kind(t, d.Define(ctx, ana, indicator.Change{Code: "identified", Base: of().Version, Fields: f}, true), "")
	ind := of()
	if ind.Last().Number != 2 || ind.Versions[0].State != "deprecated" || ind.Versions[0].Definition["en"] != "Persons identified." || ind.Last().Definition["fr"] == "" {
		t.Errorf("versions %+v", ind.Versions)
	}
	f["measure"] = []string{"mood"}
	kind(t, d.Define(ctx, ana, indicator.Change{Code: "identified", Base: ind.Version, Fields: f}, true), library.Invalid)
	draft := ind.Draft()
	before := draft.Fields()
	if err := draft.SetFields(before); err != nil || len(before.Differing(draft.Fields())) > 0 {
		t.Errorf("a form sent unchanged changes %v (%v)", before.Differing(draft.Fields()), err)
	}
}

// TestCoverage counts what was reported of what is expected.
func TestCoverage(t *testing.T) {
	f := func(v float64) *float64 { return &v }
	r := &indicator.Release{Series: []indicator.PublicSeries{
		{Area: "SD", Points: []indicator.Point{{Period: "2021", Value: f(1)}, {Period: "2022", Conf: indicator.Hidden}, {Period: "2025", Value: f(2)}}},
		{Area: "KE", Points: []indicator.Point{{Period: "2022", Value: f(1)}, {Period: "2023"}}},
		{Area: "KE", Dimensions: "sex=F", Points: []indicator.Point{{Period: "2022", Value: f(1)}}}}}
	v := indicator.Version{Frequency: "A", Dimensions: []indicator.Dimension{{Code: "sex"}}}
	c := indicator.CoverageOf(r, v, time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC))
	if got := strings.Join(c.Periods, " "); got != "2021 2022 2023 2024 2025" {
		t.Errorf("periods %s", got)
	}
	if got := fmt.Sprint(c.Areas); got != "[{KE [absent there absent absent absent] 1 2022 3 true} {SD [there held absent absent there] 3 2025 0 false}]" {
		t.Errorf("areas %s", got)
	}
	if len(c.Parts) != 1 || c.Parts[0].Reported != 1 || c.Parts[0].Expected != 10 {
		t.Errorf("parts %+v", c.Parts)
	}
	q := indicator.CoverageOf(&indicator.Release{Series: []indicator.PublicSeries{{Area: "SD", Points: []indicator.Point{{Period: "2024-Q3"}}}}}, indicator.Version{Frequency: "Q"}, time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC))
	if got := strings.Join(q.Periods, " "); got != "2024-Q3 2024-Q4 2025-Q1 2025-Q2" {
		t.Errorf("quarters %s", got)
	}
}
