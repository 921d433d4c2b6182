package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/library"
)

// made gives a view with n studies coded at random over a framework of rows
// and columns, the same for the same seed.
func made(t testing.TB, n, rows, columns int) View {
	t.Helper()
	w, _, err := ReadWords()
	if err != nil {
		t.Fatal(err)
	}
	f := &Framework{Code: "made", Number: 1}
	for axis, size := range []int{rows, columns} {
		tree := Tree{Code: []string{TreeIntervention, TreeOutcome}[axis]}
		for i := range size {
			node := Node{Code: fmt.Sprintf("c%d", i), Labels: library.Text{"en": fmt.Sprintf("A rather long name of code number %d", i)}}
			if i%5 != 0 {
				node.Broader = fmt.Sprintf("c%d", i-i%5)
			}
			tree.Nodes = append(tree.Nodes, node)
		}
		f.Trees = append(f.Trees, tree)
	}
	if err := f.Check(); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 7))
	v := View{Words: w, Frameworks: []*Framework{f}, Maps: []*Map{{Code: "m", Framework: "made/1", Rows: TreeIntervention, Columns: TreeOutcome}}}
	kinds, settings := w.Kinds.All(), w.Settings.All()
	for i := range n {
		s := &Study{Framework: "made/1", Kind: kinds[5+r.IntN(len(kinds)-5)].Code, Year: 1990 + r.IntN(35), Titles: library.Text{"en": "A study"},
			Settings: []string{settings[r.IntN(len(settings))].Code}, Countries: []string{"SD"}, Design: "cohort"}
		s.ID = library.ID(fmt.Sprintf("01KE%022d", i))
		if r.IntN(3) == 0 {
			s.Appraisals = []Appraisal{{Overall: []string{"high", "low"}[r.IntN(2)], Current: true}}
		}
		for range 1 + r.IntN(4) {
			s.Codings = append(s.Codings, Coding{Intervention: fmt.Sprintf("c%d", r.IntN(rows)), Outcome: fmt.Sprintf("c%d", r.IntN(columns))})
		}
		v.Studies = append(v.Studies, s)
	}
	return v
}

// TestGridCountsWhatListsHold compares every cell and every option with the
// list of studies that it leads to.
func TestGridCountsWhatListsHold(t *testing.T) {
	v := made(t, 400, 12, 10)
	for _, address := range []string{"", "open=all", "rows=c5&setting=camp&by=rating", "setting=camp&setting=post-conflict&year=2001&year=2002&year=2003&year=2004&open=all"} {
		values, _ := url.ParseQuery(address)
		q, err := Parse(values)
		if err != nil {
			t.Fatal(err)
		}
		g, err := v.Grid(q)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range g.Rows {
			for j, column := range g.Columns {
				c := g.Cells[i][j]
				want, err := v.Chosen(q.Cell(row.Code, column.Code))
				if err != nil {
					t.Fatal(err)
				}
				sum := 0
				for _, n := range c.Segments {
					sum += n
				}
				all, _ := v.Chosen(q.Cleared().Cell(row.Code, column.Code))
				if c.Studies != len(want) || sum != c.Studies || c.Hidden != len(all)-len(want) {
					t.Errorf("%q: %s × %s has %d studies (%d in segments, %d hidden), want %d of %d", address, row.Code, column.Code, c.Studies, sum, c.Hidden, len(want), len(all))
				}
			}
		}
		for f, options := range g.Options {
			for _, o := range options {
				alone := q
				for _, value := range q.Values(f) {
					alone = alone.Without(f, value)
				}
				if want, _ := v.Chosen(alone.With(f, o.Code)); len(want) != o.Count {
					t.Errorf("%q: %s %s counts %d, want %d", address, f, o.Code, o.Count, len(want))
				}
			}
		}
		back, err := Parse(mustQuery(t, q.Encode()))
		if err != nil || back.Encode() != q.Encode() {
			t.Errorf("%q is written %q and read back as %q (%v)", address, q.Encode(), back.Encode(), err)
		}
	}
}

func mustQuery(t *testing.T, s string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestCodingsCount(t *testing.T) {
	yes, no := &Decision{By: "a", Yes: true}, &Decision{By: "b"}
	for _, c := range []struct {
		name   string
		coding Coding
		state  string
		counts bool
	}{
		{"nobody has decided otherwise", Coding{}, Single, true},
		{"one coder", Coding{First: yes}, Single, true},
		{"one coder against", Coding{First: no}, Single, false},
		{"both for", Coding{First: yes, Second: yes}, Agreed, true},
		{"both against", Coding{First: no, Second: no}, Agreed, false},
		{"they differ", Coding{First: yes, Second: no}, Open, false},
		{"settled for", Coding{First: yes, Second: no, Adjudicated: yes}, Adjudicated, true},
		{"settled against", Coding{First: yes, Second: no, Adjudicated: no}, Adjudicated, false},
	} {
		if got, counts := c.coding.State(), c.coding.Counts(); got != c.state || counts != c.counts {
			t.Errorf("%s: %s, counts %v", c.name, got, counts)
		}
	}
	s := &Study{Codings: []Coding{{First: yes, Second: yes}, {First: yes, Second: yes}, {First: no, Second: no}, {First: yes, Second: no}}}
	if a := AgreementOf([]*Study{s}); a.Both != 4 || a.Same != 3 || a.Kappa < 0.49 || a.Kappa > 0.51 {
		t.Errorf("agreement %+v, want 3 of 4 and kappa 0.5", a)
	}
}

func TestRules(t *testing.T) {
	w, f, err := ReadWords()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Check(); err != nil {
		t.Fatal(err)
	}
	good := func() *Study {
		return &Study{Titles: library.Text{"en": "x"}, Kind: "impact-evaluation", Design: "cohort",
			Findings: []Finding{{Intervention: "assistance-shelter", Outcome: "safety", Direction: "mixed", Certainty: "low", Locator: Locator{Page: 12}}}}
	}
	for name, spoil := range map[string]func(*Study){
		"":                     func(*Study) {},
		"unknown kind":         func(s *Study) { s.Kind = "rumour" },
		"rated without a page": func(s *Study) { s.Findings[0].Locator = Locator{} },
		"no such cell":         func(s *Study) { s.Findings[0].Outcome = "happiness" },
		"interval alone":       func(s *Study) { low := 1.0; s.Findings[0].Low = &low },
		"two current": func(s *Study) {
			s.Appraisals = []Appraisal{{Overall: "low", Current: true}, {Overall: "high", Current: true}}
		},
		"one coder twice": func(s *Study) {
			s.Codings = []Coding{{Intervention: "awareness", Outcome: "safety", First: &Decision{By: "a"}, Second: &Decision{By: "a"}}}
		},
	} {
		s := good()
		spoil(s)
		if err := s.Check(w, &f); (err == nil) != (name == "") {
			t.Errorf("%q: %v", name, err)
		}
	}
	gap := Gap{Row: "awareness", Column: "safety", Statement: NotFound, Kind: "absolute", Searched: "2026-11-01"}
	if err := gap.Check(w); err != nil {
		t.Error(err)
	}
	gap.Searched = ""
	if gap.Check(w) == nil {
		t.Error("a gap without a search date is let through")
	}
	none := Gap{Statement: NoEffect, Searched: "2026-11-01"}
	if none.Check(w) == nil {
		t.Error("no effect without a finding is let through")
	}
	next := f
	next.Number, next.Trees = 2, []Tree{f.Trees[0], {Code: TreeOutcome, Nodes: f.Trees[1].Nodes[1:]}}
	if next.Succeeds(&f) == nil {
		t.Error("a code disappears and nothing says what it became")
	}
	next.Remaps = []Remap{{Tree: TreeOutcome, Old: "knowledge", New: []string{"risk-behaviour"}}}
	if err := next.Succeeds(&f); err != nil {
		t.Error(err)
	}
	if f.Succeeds(&f) == nil {
		t.Error("a published version is changed")
	}
}

// TestEPPI: all codes and the tree go through; what is copied and who did it does not.
func TestEPPI(t *testing.T) {
	raw, err := os.ReadFile("testdata/eppi.json")
	if err != nil {
		t.Fatal(err)
	}
	raw = bytes.ReplaceAll(raw, []byte("SURROGATES"), []byte("\xed\xa0\xbd\xed\xb8\x80")) // 😀 in CESU-8
	raw = bytes.ReplaceAll(raw, []byte("CONTROL"), []byte{0x1A})
	rv, err := ReadEPPI(bytes.NewReader(raw), "A Review", "", "")
	if err != nil {
		t.Fatal(err)
	}
	want := Repairs{Surrogates: 1, Controls: 1, Passages: 3, Names: 4, Headings: 1, Unknown: 1}
	if rv.Repairs != want {
		t.Errorf("repairs %+v, want %+v", rv.Repairs, want)
	}
	if len(rv.Repairs.Lines()) != 6 {
		t.Errorf("the repairs are told as %q", rv.Repairs.Lines())
	}
	if got := rv.Studies[0].Titles[library.Undetermined]; got != "Shelter 😀 and wellbeing" {
		t.Errorf("title %q", got)
	}
	if got := rv.Studies[0].Codes[0].Page; got != "8" {
		t.Errorf("page %q, want 8", got)
	}
	if got := rv.Studies[0].Codings; len(got) != 1 || got[0].Intervention != "a11" || got[0].Outcome != "a21" {
		t.Errorf("cells %+v", got)
	}
	w, _, _ := ReadWords()
	var items []Item
	for _, s := range rv.Studies {
		items = append(items, Item{Study: s})
	}
	var out bytes.Buffer
	if err := WriteEPPI(&out, w, &rv.Framework, items); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"copied passage", "Ann Coder", "Bo Coder", "thesis-final.pdf", "quoted words"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("the export holds %q", secret)
		}
	}
	again, err := ReadEPPI(bytes.NewReader(out.Bytes()), "A Review", "", "")
	if err != nil {
		t.Fatal(err)
	}
	if again.Codes != rv.Codes || codesOf(again) != codesOf(rv) || treesOf(again) != treesOf(rv) {
		t.Errorf("codes %s → %s\ntrees %s → %s", codesOf(rv), codesOf(again), treesOf(rv), treesOf(again))
	}
}

func codesOf(rv Review) string {
	var all []string
	for _, s := range rv.Studies {
		for _, c := range s.Codes {
			all = append(all, s.Citation.ID+":"+c.Node)
		}
	}
	return strings.Join(all, " ")
}

func treesOf(rv Review) string {
	var all []string
	for _, t := range rv.Framework.Trees {
		for _, n := range t.Nodes {
			all = append(all, fmt.Sprintf("%s/%s<%s %v", t.Code, n.Code, n.Broader, n.Heading))
		}
	}
	return strings.Join(all, " ")
}

func FuzzEPPI(f *testing.F) {
	raw, err := os.ReadFile("testdata/eppi.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte("{\"CodeSets\":[]}\xed\xa0\x80\xed"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rv, err := ReadEPPI(bytes.NewReader(data), "x", "", "")
		if err != nil && library.KindOf(err) != library.Invalid {
			t.Errorf("%v is of the kind %s", err, library.KindOf(err))
		}
		for _, s := range rv.Studies {
			if _, err := json.Marshal(s); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestPictureIsWellFormed(t *testing.T) {
	v := made(t, 50, 6, 5)
	g, err := v.Grid(Query{})
	if err != nil {
		t.Fatal(err)
	}
	for _, rtl := range []bool{false, true} {
		var out bytes.Buffer
		if err := WriteSVG(&out, Picture{Grid: g, Title: "A & B <map>", RTL: rtl, Row: func(l Line) string { return l.Code }, Segment: func(s string) string { return s }}); err != nil {
			t.Fatal(err)
		}
		dec := xml.NewDecoder(&out)
		for {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestSnapshotStays: what is frozen shows the same cells, and without names.
func TestSnapshotStays(t *testing.T) {
	v := made(t, 60, 6, 5)
	v.Studies[0].Codings[0].First = &Decision{By: "Ann Coder", Yes: true}
	snap, err := Freeze(*v.Maps[0], *v.Frameworks[0], v.Studies, nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(snap)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), "Ann") {
		t.Error("a snapshot names a coder")
	}
	var back Snapshot
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if hash, err := back.Content.Digest(); err != nil || hash != snap.Hash {
		t.Errorf("the hash of what was read back is %s, want %s (%v)", hash, snap.Hash, err)
	}
	was, _ := v.Grid(Query{})
	is, err := back.At(v.Words).Grid(Query{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range was.Cells {
		for j := range was.Cells[i] {
			if !slices.Equal(was.Cells[i][j].Segments, is.Cells[i][j].Segments) {
				t.Errorf("cell %d, %d differs", i, j)
			}
		}
	}
}

func BenchmarkGrid(b *testing.B) {
	v := made(b, 5000, 30, 25)
	for b.Loop() {
		if _, err := v.Grid(Query{Full: true}); err != nil {
			b.Fatal(err)
		}
	}
}

// fakeStore holds entries in memory, each with the edit that wrote it.
type fakeStore struct {
	entries map[library.ID]library.Entry
	at      map[library.ID]int64
	seq     int64
}

func (f *fakeStore) put(e library.Entry) {
	f.seq++
	f.entries[e.ID], f.at[e.ID] = e, f.seq
}
func (f *fakeStore) Seq(context.Context) (int64, error) { return f.seq, nil }
func (f *fakeStore) Scan(_ context.Context, _ library.Viewer, kind library.Kind, _ library.ID, _ int) (out []library.Entry, _ error) {
	for _, e := range f.entries {
		if e.Kind == kind {
			out = append(out, e)
		}
	}
	return out, nil
}
func (f *fakeStore) Newer(_ context.Context, _ library.Viewer, kinds []library.Kind, after int64) (out []library.Entry, _ int64, _ error) {
	for id, e := range f.entries {
		if f.at[id] > after && slices.Contains(kinds, e.Kind) {
			out = append(out, e)
		}
	}
	return out, f.seq, nil
}
func (f *fakeStore) Places(_ context.Context, _ library.Viewer, ids []library.ID) (map[library.ID]library.Entry, error) {
	out := map[library.ID]library.Entry{}
	for _, id := range ids {
		if e, ok := f.entries[id]; ok {
			out[id] = e
		}
	}
	return out, nil
}

// TestStudiesFollowTheirPublications: a study is for those who may see one of
// its publications, at every moment.
func TestStudiesFollowTheirPublications(t *testing.T) {
	w, _, err := ReadWords()
	if err != nil {
		t.Fatal(err)
	}
	f := &fakeStore{entries: map[library.ID]library.Entry{}, at: map[library.ID]int64{}}
	pub := library.Entry{ID: "P", Kind: library.KindResource, Status: library.Published, Audience: library.Public}
	f.put(pub)
	s := &Study{Head: library.Head{ID: "S", Status: library.Published, Audience: library.Public}, Publications: []Publication{{Resource: "P"}}}
	e, err := s.Entry()
	if err != nil {
		t.Fatal(err)
	}
	f.put(e)
	b := &Base{Store: f, Words: w}
	sees := func(v library.Viewer) int {
		t.Helper()
		view, err := b.View(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		return len(view.Studies)
	}
	staff := library.Viewer{Audiences: []library.Audience{library.Staff}}
	if sees(library.Viewer{}) != 1 || sees(staff) != 1 {
		t.Error("a public study is not seen")
	}
	pub.Audience = library.Staff
	f.put(pub)
	if sees(library.Viewer{}) != 0 || sees(staff) != 1 {
		t.Error("a study of a publication for staff is not theirs alone")
	}
	pub.Status = library.Withdrawn
	f.put(pub)
	if sees(staff) != 0 {
		t.Error("a study of a withdrawn publication is seen")
	}
}
