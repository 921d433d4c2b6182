package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"

	"waymark/evidence"
	"waymark/indicator"
	"waymark/library"
)

// fill commits entries a thousand at a time.
func fill(t *testing.T, h *house, entries []library.Entry) {
	t.Helper()
	for some := range slices.Chunk(entries, 1000) {
		edit := library.Edit{At: time.Now(), Actor: "test", Action: "test"}
		for _, e := range some {
			edit.Changes = append(edit.Changes, library.Change{Entry: e})
		}
		if _, err := h.store.Commit(context.Background(), edit); err != nil {
			t.Fatal(err)
		}
	}
}

// served answers an address often and gives the 95th percentile of the time
// and the compressed size.
func served(t *testing.T, address string) (time.Duration, int) {
	t.Helper()
	var times []time.Duration
	body := ""
	for range 60 {
		began := time.Now()
		res, text := get(t, "GET", address, "en")
		if res.StatusCode != 200 {
			t.Fatalf("%s answers %d", address, res.StatusCode)
		}
		times, body = append(times, time.Since(began)), text
	}
	slices.Sort(times)
	return times[len(times)*95/100], compressed(t, body)
}

// TestMapOf5000Studies holds the map to its budget: 5,000 studies, 30 × 25
// cells, at most 120 KB compressed and 150 ms, without script of its own.
func TestMapOf5000Studies(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	h, site := siteOf(t, t.TempDir(), false)
	w, _, err := evidence.ReadWords()
	if err != nil {
		t.Fatal(err)
	}
	f := &evidence.Framework{Code: "made", Number: 1}
	for axis, size := range []int{30, 25} {
		tree := evidence.Tree{Code: []string{"intervention", "outcome"}[axis]}
		for i := range size {
			tree.Nodes = append(tree.Nodes, evidence.Node{Code: fmt.Sprint("c", i), Labels: library.Text{"en": fmt.Sprintf("A name of some length, number %d of %s", i, tree.Code)}})
		}
		f.Trees = append(f.Trees, tree)
	}
	m := &evidence.Map{Code: "m", Framework: "made/1", Titles: library.Text{"en": "A map"}, Rows: "intervention", Columns: "outcome", Searched: "2026-01-01", Due: "2027-01-01", Languages: []string{"en"}}
	entropy := ulid.Monotonic(rand.Reader, 0)
	var entries []library.Entry
	keep := func(head *library.Head, entry func() (library.Entry, error)) {
		t.Helper()
		if head.ID, err = library.NewID(time.Now(), entropy); err != nil {
			t.Fatal(err)
		}
		head.Status, head.Audience = library.Published, library.Public
		e, err := entry()
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	keep(&f.Head, f.Entry)
	keep(&m.Head, m.Entry)
	kinds, settings := w.Kinds.All(), w.Settings.All()
	for i := range 5000 {
		s := &evidence.Study{Framework: "made/1", Titles: library.Text{"en": "A study"}, Kind: kinds[5+i%10].Code, Design: "cohort", Year: 1990 + i%35,
			Settings: []string{settings[i%7].Code}, Countries: []string{[]string{"SD", "UA", "KE", "PH"}[i%4]}}
		for j := range 3 {
			s.Codings = append(s.Codings, evidence.Coding{Intervention: fmt.Sprint("c", (i*7+j*11)%30), Outcome: fmt.Sprint("c", (i*13+j*5+i/30)%25)})
		}
		keep(&s.Head, s.Entry)
	}
	fill(t, h, entries)
	for _, path := range []string{"/en/evidence", "/en/evidence?setting=camp&setting=post-conflict&by=rating&swap=1"} {
		slow, size := served(t, site+path)
		t.Logf("%s: p95 %s, %d bytes compressed", path, slow, size)
		if size > 120<<10 || slow > 150*time.Millisecond {
			t.Errorf("%s takes %s and %d bytes, over its budget", path, slow, size)
		}
	}
}

// TestNumbersOf100000 holds a page over 100,000 released observations to 200 ms.
func TestNumbersOf100000(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	h, site := siteOf(t, t.TempDir(), false)
	var indicators []*indicator.Indicator
	if err := json.Unmarshal(demoIndicators, &indicators); err != nil {
		t.Fatal(err)
	}
	indicators = slices.DeleteFunc(indicators, func(i *indicator.Indicator) bool { return i.Code != "presumed-victims" })
	if err := h.register(t.Context(), "test", indicators); err != nil {
		t.Fatal(err)
	}
	var rows []indicator.Row
	v := indicators[0].Last()
	for _, c := range h.vocabularies.Countries.All()[:200] {
		for year := 1984; year < 2026; year++ {
			for _, sex := range []string{"F", "M", "_T"} {
				for _, age := range []string{"Y0T17", "Y18T29", "Y_GE30", "_T"} {
					n := 100.0
					if sex == "_T" {
						n *= 2
					}
					if age == "_T" {
						n *= 3
					}
					rows = append(rows, indicator.Row{Indicator: indicators[0].Code, Number: v.Number, Area: c.Code, Source: indicator.Source{Kind: "case-management", Name: "x"},
						Dimensions: map[string]string{"sex": sex, "age": age}, Observation: indicator.Observation{Period: fmt.Sprint(year), Value: &n, Status: "A"}})
				}
			}
		}
	}
	if _, err := h.indicatorDesk().Take(t.Context(), acting("test"), "x", indicator.Delivery{Rows: rows}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := h.indicatorDesk().Release(t.Context(), acting("test"), indicator.Wanted{Code: indicators[0].Code, Protection: indicator.Default()}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", "?area=SD&area=KE&area=ET&area=UA&sex=F", "?area=west-central-africa"} {
		slow, size := served(t, site+"/en/indicators/presumed-victims"+path)
		t.Logf("%s over %d observations: p95 %s, %d bytes compressed", path, len(rows), slow, size)
		if slow > 200*time.Millisecond {
			t.Errorf("%s takes %s", path, slow)
		}
	}
}

// TestImportsFromTheCommandLine goes the way of a review and of a delivery: the
// review appears on its map, a faulty delivery writes nothing.
func TestImportsFromTheCommandLine(t *testing.T) {
	data := t.TempDir()
	run := func(args ...string) (string, int) {
		var out strings.Builder
		code := Main(append(args, "--data", data), strings.NewReader(""), &out, &out)
		return out.String(), code
	}
	h, site := siteOf(t, data, true)
	out, code := run("evidence", "import", "../evidence/testdata/eppi.json", "--name", "A review", "--searched", "2026-01-01")
	if code != 0 || !strings.Contains(out, "Read 2 studies with 5 codes") || !strings.Contains(out, "passages copied from publications were dropped") {
		t.Errorf("import gives %d:\n%s", code, out)
	}
	if _, body := get(t, "GET", site+"/en/evidence?map=a-review&open=all", "en"); !strings.Contains(body, "Shelter") || strings.Contains(body, "Ann Coder") {
		t.Error("the review is not on its map, or names a coder")
	}
	file := filepath.Join(t.TempDir(), "delivery.csv")
	faulty := "indicator,area,period,value,sex\nresponders-trained,SD,2024,40,_T\nresponders-trained,SD,2024,x,F\n"
	if err := os.WriteFile(file, []byte(faulty), 0o600); err != nil {
		t.Fatal(err)
	}
	before, err := h.store.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out, code = run("indicators", "import", file)
	after, err := h.store.Seq(t.Context())
	if code != 1 || err != nil || after != before || !strings.Contains(out, "line 3, column value") {
		t.Errorf("a faulty delivery gives %d and %d edits:\n%s", code, after-before, out)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(faulty, ",x,F", ",30,F\nresponders-trained,SD,2024,10,M", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, code = run("indicators", "import", file); code != 0 || !strings.Contains(out, "3 series changed") {
		t.Errorf("a good delivery gives %d:\n%s", code, out)
	}
	if out, code = run("indicators", "release", "responders-trained"); code != 0 || !strings.Contains(out, "release 2") {
		t.Errorf("a release gives %d:\n%s", code, out)
	}
	if err := h.importDemo(t.Context(), io.Discard); err != nil {
		t.Errorf("the demonstration a second time: %v", err)
	}
}
