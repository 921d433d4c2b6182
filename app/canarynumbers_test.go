package app

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"waymark/evidence"
	"waymark/indicator"
	"waymark/library"
)

// quiet puts words into everything of evidence and indicators that is not for
// readers: drafts, sheets of coders, coders' names, observations before their
// release, drafts of definitions, and studies of publications for staff.
func quiet(t *testing.T, h *house) {
	t.Helper()
	ctx := t.Context()
	desk, numbers := h.evidenceDesk(), h.indicatorDesk()
	coder := library.Viewer{Name: "Zyzzcoder Canarybird", Role: library.Curator, Audiences: []library.Audience{library.Staff}}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	begin := func(title string, publish bool) library.ID {
		t.Helper()
		s, err := desk.Begin(ctx, coder, palermo)
		must(err)
		f := s.Fields()
		f["kind"], f["title.en"] = []string{"qualitative"}, []string{title}
		id, err := desk.Describe(ctx, coder, evidence.Change{Fields: f}, publish)
		must(err)
		return id
	}
	begin("A Zyzzcanary draft of a study", false)
	open := begin("A study that all may see", true)
	code := []evidence.SheetCode{{Intervention: "assistance-shelter", Outcome: "safety", Note: "zyzzcanary on a sheet"}}
	must(desk.Code(ctx, coder, open, code, false))
	must(desk.SaveAppraisal(ctx, coder, evidence.Change{ID: open, Fields: library.Fields{"tool": {"MMAT"}, "overall": {"low"}, "current": {"yes"}}}, -1))
	gone := begin("A zyzzcanary study that was taken off the map", true)
	view, err := h.evidence.View(ctx, coder)
	must(err)
	s, _ := view.Study(gone)
	must(desk.Withdraw(ctx, coder, gone, s.Version))

	ids := hidden(t, h) // a publication for staff, and its study
	for _, id := range ids {
		if r := recordOf(t, h, id); r.Audience == library.Staff {
			s, err := desk.Begin(ctx, coder, id)
			must(err)
			f := s.Fields()
			f["kind"] = []string{"qualitative"}
			_, err = desk.Describe(ctx, coder, evidence.Change{Fields: f}, true)
			must(err)
		}
	}

	sheet, err := indicator.ReadSheet(strings.NewReader("indicator,area,period,sex,value,source,note\nresponders-trained,BT,2024,_T,8137,The Zyzzcanary Ministry,zyzzcanary\n"))
	must(err)
	d, err := numbers.Judge(ctx, coder, sheet)
	must(err)
	_, err = numbers.Take(ctx, coder, "zyzzcanary.csv", d, nil)
	must(err)
	reg, err := h.indicators.View(ctx, coder)
	must(err)
	ind, _ := reg.Indicator("responders-trained")
	draft := ind.Draft()
	f := draft.Fields()
	f["definition.en"] = []string{"A zyzzcanary definition that is being written."}
	must(numbers.Define(ctx, coder, indicator.Change{Code: ind.Code, Base: ind.Version, Fields: f}, false))
	f = draft.Fields()
	f["title.en"] = []string{"A zyzzcanary indicator"}
	must(numbers.Define(ctx, coder, indicator.Change{Code: "zyzzcanary-draft", Fields: f}, false))
	_, err = h.freeze(ctx, "test", "")
	must(err)
	must(h.follower.CatchUp(ctx))
}

// TestCanaryOfNumbers: a reader who walks the pages of evidence and indicators
// and takes every export finds no trace of what is not for readers, in the
// living map and in a snapshot of it.
func TestCanaryOfNumbers(t *testing.T) {
	h, site := demoSite(t)
	quiet(t, h)
	view, err := h.evidence.View(t.Context(), library.Viewer{})
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{"/en/evidence", "/en/evidence/studies", "/en/evidence/gaps", "/en/indicators", "/en/indicators/responders-trained", "/en/indicators/responders-trained?area=BT",
		"/en/indicators/responders-trained/sources", "/en/results/demo", "/en/r/" + palermo, "/en/search?q=zyzzcan*", "/en/search?kind=study"}
	for _, base := range []string{"/en/evidence", "/en/evidence/snapshots/" + view.Snapshots[len(view.Snapshots)-1].Hash} {
		paths = append(paths, base+"?open=all")
		for _, f := range []string{"csv", "ris", "eppi", "svg", "json", "zip"} {
			paths = append(paths, base+"/export/"+f)
		}
	}
	for _, s := range view.Studies {
		paths = append(paths, "/en/evidence/studies/"+string(s.ID))
	}
	for _, f := range []string{"csv", "csvw", "sdmx", "jsonstat", "json"} {
		paths = append(paths, "/en/indicators/responders-trained/data/"+f)
	}
	for _, path := range paths {
		res, body := get(t, "GET", site+path, "en")
		if strings.HasSuffix(path, "/zip") {
			all := unzipped(t, body)
			body = strings.Join(slices.Collect(maps.Values(all)), "\n")
		}
		for _, c := range append(canaries, "zyzzcoder", "8137", "8,137", "8130") {
			if strings.Contains(strings.ToLower(body), strings.ToLower(c)) && !strings.Contains(path, "q=") {
				t.Errorf("%s (%d) tells of %q", path, res.StatusCode, c)
			}
		}
	}
	for path, want := range map[string]int{"/en/indicators/zyzzcanary-draft": 404, "/en/indicators/responders-trained/value?area=BT&period=2024&source=administrative": 404} {
		if res, _ := get(t, "GET", site+path, "en"); res.StatusCode != want {
			t.Errorf("%s answers %d, want %d", path, res.StatusCode, want)
		}
	}
}
