package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"waymark/evidence"
	"waymark/library"
)

// cy is a curator who is none of two coders; li one of Sudan alone.
var (
	cy = library.Viewer{Name: "Cy", Role: library.Curator}
	li = library.Viewer{Name: "Li", Role: library.Curator, Countries: []string{"SD"}}
)

// ok answers the page of an address that must be there.
func ok(t testing.TB, address string) string {
	t.Helper()
	res, body := get(t, "GET", address, "en")
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %d\n%s", address, res.StatusCode, body)
	}
	return body
}

// saved posts a form that must be taken, and gives where it leads.
func saved(t testing.TB, address string, values url.Values) string {
	t.Helper()
	res, body := post(t, address, values)
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s answers %d\n%s", address, res.StatusCode, body)
	}
	return res.Header.Get("Location")
}

// TestStudyAtTheDesk goes the way of a study: described, coded by two, settled
// by a third, with a finding that clashes, until it stands on the public map.
func TestStudyAtTheDesk(t *testing.T) {
	h, anonymous := demoSite(t)
	first, second, third := doorFor(t, h, ana), doorFor(t, h, library.Viewer{Name: "Bo", Role: library.Curator}), doorFor(t, h, cy)
	form := formOf(t, ok(t, first+"/en/desk/evidence/studies/new?publication="+url.QueryEscape("https://example.org/en/r/"+palermo+"/")))
	form.Set("do", "save")
	form.Set("kind", "qualitative")
	form.Set("participants", "many")
	if res, body := post(t, first+"/en/desk/evidence/studies/new", form); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "Write a whole number") || !strings.Contains(body, `value="many"`) {
		t.Fatalf("a word for a number answers %d", res.StatusCode)
	}
	form.Set("participants", "1234")
	form.Set("country+", "Sudan")
	own, _, _ := strings.Cut(saved(t, first+"/en/desk/evidence/studies/new", form), "?")
	id := own[strings.LastIndex(own, "/")+1:]
	public := anonymous + "/en/evidence/studies/" + id
	if res, _ := get(t, "GET", public, "en"); res.StatusCode != http.StatusNotFound {
		t.Errorf("a draft is seen: %d", res.StatusCode)
	}

	sheet := url.Values{"row.0": {"assistance-shelter"}, "column.0": {"safety"}, "page.0": {"7"}, "note.0": {"Ana's own remark"}, "do": {"handin"}}
	saved(t, first+own+"/coding", sheet)
	if body := ok(t, second+own+"/coding"); strings.Contains(body, "Ana") || strings.Contains(body, `value="assistance-shelter" selected`) {
		t.Error("the second coder is shown what the first decided")
	}
	if body := ok(t, second+own); strings.Contains(body, "remark") {
		t.Error("the form of the study tells of a sheet")
	}
	sheet.Set("row.1", "awareness")
	if res, _ := post(t, second+own+"/coding", sheet); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("half a cell is taken: %d", res.StatusCode)
	}
	sheet.Set("column.1", "knowledge")
	saved(t, second+own+"/coding", sheet)
	page := ok(t, third+own+"/settle")
	if !strings.Contains(page, "Awareness") || !strings.Contains(page, ">Ana<") || !strings.Contains(page, "does not belong here") {
		t.Errorf("the dispute is not shown side by side:\n%s", page)
	}
	if body := ok(t, second+own+"/settle"); strings.Contains(body, `name="settled.1"`) || !strings.Contains(body, "a third person decides") {
		t.Error("one of the two may settle it")
	}
	settled := formOf(t, page)
	settled.Set("settled.1", "yes")
	saved(t, third+own+"/settle", settled)

	finding := url.Values{"base": formOf(t, ok(t, first+own+"/findings/new"))["base"], "intervention": {"assistance-shelter"}, "outcome": {"safety"}, "direction": {"favours"}, "certainty": {"low"}, "plain.en": {"Fewer were hurt."}}
	if res, body := post(t, first+own+"/findings/new", finding); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "needs the page") {
		t.Errorf("a rated finding without a page: %d", res.StatusCode)
	}
	finding.Set("at.page", "7")
	saved(t, first+own+"/findings/new", finding)
	one, two := formOf(t, ok(t, first+own+"/findings/1")), formOf(t, ok(t, second+own+"/findings/1"))
	one.Set("direction", "mixed")
	saved(t, first+own+"/findings/1", one)
	two.Set("direction", "unfavourable")
	res, body := post(t, second+own+"/findings/1", two)
	if res.StatusCode != http.StatusConflict || !strings.Contains(body, "Mixed") || !strings.Contains(body, `name="take" value="direction"`) {
		t.Fatalf("a clash answers %d\n%s", res.StatusCode, body)
	}
	again := formOf(t, body)
	again.Set("take", "direction")
	saved(t, second+own+"/findings/1", again)
	appraisal := url.Values{"tool": {"MMAT"}, "overall": {"moderate"}, "current": {"yes"}, "domain": {"Sampling: fit: page 3"}}
	saved(t, first+own+"/appraisals/new", appraisal)

	form = formOf(t, ok(t, first+own))
	form.Set("do", "publish")
	saved(t, first+own, form)
	page = ok(t, public)
	for _, want := range []string{"Fewer were hurt.", "Mixed", "MMAT", "two coders agree", "a third settled it", "1,234"} {
		if !strings.Contains(page, want) {
			t.Errorf("the public page lacks %q", want)
		}
	}
	for _, name := range []string{"Ana", ">Bo<", "Cy"} {
		if strings.Contains(page, name) {
			t.Errorf("the public page names the coder %s", name)
		}
	}
	if body := ok(t, anonymous+"/en/evidence/studies?row=awareness&col=knowledge"); !strings.Contains(body, id) {
		t.Error("the settled cell does not hold the study")
	}
	if body := ok(t, anonymous+"/en/r/"+palermo); !strings.Contains(body, id) {
		t.Error("the publication does not lead to its study")
	}
}

// TestGapAtTheDesk: a gap is recorded, and with its rules.
func TestGapAtTheDesk(t *testing.T) {
	h, anonymous := demoSite(t)
	desk := doorFor(t, h, ana)
	address := desk + "/en/desk/evidence/maps/crises/gaps/new"
	form := formOf(t, ok(t, address))
	form.Set("row", "livelihoods-credit")
	form.Set("column", "physical-health")
	form.Set("statement", "no-effect")
	if res, body := post(t, address, form); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "needs a finding") {
		t.Errorf("no effect without a finding: %d", res.StatusCode)
	}
	form.Set("statement", "not-found")
	form.Set("gap", "absolute")
	form.Set("basis.en", "Searched in three languages.")
	saved(t, address, form)
	if body := ok(t, anonymous+"/en/evidence/gaps"); !strings.Contains(body, "Searched in three languages.") {
		t.Error("the gap is not on the page of gaps")
	}
}

// delivered uploads a file as a browser does.
func delivered(t testing.TB, address, do, file string) (*http.Response, string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreateFormFile("file", "numbers.csv")
	if err == nil {
		_, err = io.WriteString(part, file)
	}
	if err == nil {
		err = form.WriteField("do", do)
	}
	if err != nil || form.Close() != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), "POST", address, &b)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

// TestNumbersAtTheDesk goes the way of a number: the indicator is defined, a
// delivery refused line by line, another taken, looked at and released.
func TestNumbersAtTheDesk(t *testing.T) {
	h, anonymous := demoSite(t)
	desk, limited := doorFor(t, h, ana), doorFor(t, h, li)
	form := formOf(t, ok(t, desk+"/en/desk/indicators/new"))
	for name, value := range map[string]string{"code": "safe-beds", "title.en": "Safe beds", "measure": "count", "unit": "persons", "direction": "up-good", "level": "output", "pillar": "protection",
		"counting": "new", "frequency": "A", "source": "case-management", "dimension": "sex", "required": "sex", "do": "publish"} {
		form.Set(name, value)
	}
	if res, body := post(t, desk+"/en/desk/indicators/new", form); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "definition are needed") {
		t.Fatalf("without a definition: %d", res.StatusCode)
	}
	form.Set("definition.en", "Persons given a bed.")
	saved(t, desk+"/en/desk/indicators/new", form)
	next := formOf(t, ok(t, desk+"/en/desk/indicators/safe-beds"))
	next.Set("definition.en", "Persons given a bed in another way.")
	next.Set("do", "save")
	saved(t, desk+"/en/desk/indicators/safe-beds", next)
	if body := ok(t, anonymous+"/en/indicators/safe-beds"); !strings.Contains(body, "Persons given a bed.") || strings.Contains(body, "another way") {
		t.Error("a draft of a definition is public, or the published one is not")
	}

	head := "indicator,area,period,sex,value,source,page\n"
	bad := head + "safe-beds,SD,2024,_T,70,Ministry,3\nsafe-beds,SD,2024,F,4O,Ministry,3\nsafe-beds,XX,2024,M,30,Ministry,3\n"
	before, err := h.store.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, do := range []string{"check", "take"} {
		res, body := delivered(t, desk+"/en/desk/deliveries", do, bad)
		if after, err := h.store.Seq(t.Context()); res.StatusCode != http.StatusUnprocessableEntity || err != nil || after != before {
			t.Errorf("a faulty delivery answers %d and makes %d edits", res.StatusCode, after-before)
		}
		for _, want := range []string{`>3</th><td[^>]*><bdi>value</bdi>`, `>4</th><td[^>]*><bdi>area</bdi>`, "none was written"} {
			if !regexp.MustCompile(want).MatchString(body) {
				t.Errorf("the page lacks %q:\n%s", want, body)
			}
		}
	}
	good := head + "safe-beds,SD,2024,_T,78,Ministry,3\nsafe-beds,SD,2024,F,45,Ministry,3\nsafe-beds,SD,2024,M,33,Ministry,3\n"
	if res, body := delivered(t, limited+"/ar/desk/deliveries", "check", strings.ReplaceAll(good, "SD", "KE")); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "KE") {
		t.Errorf("a curator of Sudan delivers for Kenya: %d", res.StatusCode)
	}
	if res, body := delivered(t, limited+"/en/desk/deliveries", "take", good); res.StatusCode != http.StatusOK || !strings.Contains(body, "3 series changed") {
		t.Errorf("a good delivery answers %d", res.StatusCode)
	}
	value := formOf(t, ok(t, limited+"/en/desk/indicators/safe-beds/value"))
	for name, text := range map[string]string{"area": "SD", "period": "2023", "sex": "_T", "value": "sixty", "source_kind": "case-management", "source": "Ministry", "page": "4", "resource": palermo, "do": "save"} {
		value.Set(name, text)
	}
	if res, body := post(t, limited+"/en/desk/indicators/safe-beds/value", value); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "This is no number.") {
		t.Errorf("a word for a number answers %d", res.StatusCode)
	}
	value.Set("value", "60")
	saved(t, limited+"/en/desk/indicators/safe-beds/value", value)

	if body := ok(t, anonymous+"/en/indicators/safe-beds"); strings.Contains(body, ">70<") || strings.Contains(body, ">78<") {
		t.Error("numbers are seen before their release")
	}
	if res, _ := get(t, "GET", limited+"/en/desk/indicators/safe-beds/release", "en"); res.StatusCode != http.StatusForbidden {
		t.Errorf("a curator with limits looks at a release: %d", res.StatusCode)
	}
	page := ok(t, desk+"/en/desk/indicators/safe-beds/release")
	if !strings.Contains(page, "<bdi>70 </bdi>") || !strings.Contains(page, "<bdi>60 </bdi>") || strings.Contains(page, "78") {
		t.Errorf("the preview is not the rounded release:\n%s", page)
	}
	_, confirm, _ := strings.Cut(page, `<form method="post"`)
	release := formOf(t, `<form class="record"`+confirm)
	if res, _ := post(t, desk+"/en/desk/indicators/safe-beds/release", url.Values{"mode": {"round"}}); res.StatusCode != http.StatusBadRequest {
		t.Errorf("a release that nobody looked at: %d", res.StatusCode)
	}
	saved(t, desk+"/en/desk/indicators/safe-beds/release", release)
	if res, _ := post(t, desk+"/en/desk/indicators/safe-beds/release?mode=none", url.Values{"mode": {"none"}, "seen": {release.Get("seen")}}); res.StatusCode < 400 {
		t.Errorf("counts of people are released as they are: %d", res.StatusCode)
	}
	if body := ok(t, anonymous+"/en/indicators/safe-beds"); !strings.Contains(body, "70") || strings.Contains(body, "78") {
		t.Error("what is public is not what was looked at")
	}
}

// TestErrorsOf5000LinesInTheBrowser holds the time in which a curator is told
// of every fault of a long delivery: 2 seconds.
func TestErrorsOf5000LinesInTheBrowser(t *testing.T) {
	h, _ := demoSite(t)
	desk := doorFor(t, h, ana)
	var b strings.Builder
	b.WriteString("indicator,area,period,sex,value,source,page\n")
	areas := h.vocabularies.Countries.All()
	for i := range 5000 {
		value := "10"
		if i%100 == 99 {
			value = "1O"
		}
		fmt.Fprintf(&b, "responders-trained,%s,%d,_T,%s,Ministry,3\n", areas[i%200].Code, 1990+i/200, value)
	}
	began := time.Now()
	res, body := delivered(t, desk+"/en/desk/deliveries", "take", b.String())
	took := time.Since(began)
	if n := strings.Count(body, "<bdi>value</bdi>"); res.StatusCode != http.StatusUnprocessableEntity || n != 50 || !strings.Contains(body, `>5,001</th>`) {
		t.Errorf("answers %d with %d faults", res.StatusCode, n)
	}
	t.Logf("5,000 lines in %s", took)
	if took > 2*time.Second {
		t.Errorf("5,000 lines are judged in %s", took)
	}
}

// TestDeskOfNumbersRefuses: the desk of studies and numbers is not there for
// readers and contributors, and limited for limited curators.
func TestDeskOfNumbersRefuses(t *testing.T) {
	h, anonymous := demoSite(t)
	door, limited := doorFor(t, h, bo), doorFor(t, h, li)
	view, err := h.evidence.View(t.Context(), library.House())
	if err != nil {
		t.Fatal(err)
	}
	var elsewhere *evidence.Study // coded for other countries than Sudan
	for _, s := range view.Studies {
		if len(s.Countries) > 0 && !strings.Contains(strings.Join(s.Countries, " "), "SD") {
			elsewhere = s
		}
	}
	study := "/desk/evidence/studies/" + string(elsewhere.ID)
	paths := []string{"/desk/evidence", "/desk/evidence/studies/new?publication=" + palermo, study, study + "/coding", study + "/settle", study + "/findings/new", study + "/appraisals/new",
		"/desk/evidence/maps/crises/gaps/new", "/desk/indicators", "/desk/indicators/new", "/desk/indicators/shelter-in-time", "/desk/indicators/shelter-in-time/value",
		"/desk/indicators/shelter-in-time/release", "/desk/deliveries"}
	before, err := h.store.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, site := range []string{anonymous, door} {
		for _, path := range paths {
			if res, _ := get(t, "GET", site+"/en"+path, "en"); res.StatusCode != http.StatusNotFound {
				t.Errorf("GET %s answers %d", path, res.StatusCode)
			}
			if path == "/desk/evidence" || path == "/desk/indicators" {
				continue
			}
			if res, _ := post(t, site+"/en"+path, url.Values{"do": {"save"}, "seen": {"x"}}); res.StatusCode != http.StatusNotFound {
				t.Errorf("POST %s answers %d", path, res.StatusCode)
			}
		}
	}
	for _, path := range paths[2:] {
		want := http.StatusForbidden
		if path == "/desk/indicators" || path == "/desk/deliveries" || strings.HasSuffix(path, "/value") {
			want = http.StatusOK
		}
		if res, _ := get(t, "GET", limited+"/en"+path, "en"); res.StatusCode != want {
			t.Errorf("a curator of Sudan is answered %d at %s, want %d", res.StatusCode, path, want)
		}
		if want == http.StatusForbidden {
			if res, _ := post(t, limited+"/en"+path, url.Values{"do": {"save"}, "seen": {"x"}, "settled.0": {"yes"}}); res.StatusCode != want {
				t.Errorf("a curator of Sudan is answered %d on sending %s", res.StatusCode, path)
			}
		}
	}
	if after, err := h.store.Seq(t.Context()); err != nil || after != before {
		t.Errorf("%d edits were made", after-before)
	}
}

// TestDeskOfNumbersInBrowser looks at the pages where studies are coded and
// numbers entered, like TestPagesInBrowser.
func TestDeskOfNumbersInBrowser(t *testing.T) {
	ctx := browser(t)
	h, _ := demoSite(t)
	site := doorFor(t, h, ana)
	desk := h.evidenceDesk()
	view, err := h.evidence.View(t.Context(), ana)
	if err != nil {
		t.Fatal(err)
	}
	id := view.Studies[0].ID
	code := []evidence.SheetCode{{Intervention: "assistance-shelter", Outcome: "safety", Locator: evidence.Locator{Page: 7}, Note: "A chapter of its own."}}
	if err := errors.Join(desk.Code(t.Context(), cy, id, code, true), desk.Code(t.Context(), library.Viewer{Name: "Bo", Role: library.Curator}, id, nil, true), desk.Code(t.Context(), ana, view.Studies[1].ID, code, false)); err != nil {
		t.Fatal(err)
	}
	axe, err := os.ReadFile("../testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	study := "/desk/evidence/studies/" + string(id)
	faulty := "indicator,area,period,sex,value\nresponders-trained,SD,2024,_T,4O\nresponders-trained,XX,2024,_T,4\n"
	for _, lang := range []string{"en", "ar"} {
		for name, path := range map[string]string{
			"evidence": "/desk/evidence", "study": study, "coding": "/desk/evidence/studies/" + string(view.Studies[1].ID) + "/coding", "settle": study + "/settle", "finding": study + "/findings/1",
			"appraisal": study + "/appraisals/new", "gap": "/desk/evidence/maps/crises/gaps/new", "indicators": "/desk/indicators", "define": "/desk/indicators/shelter-in-time",
			"value": "/desk/indicators/shelter-in-time/value", "release": "/desk/indicators/responders-trained/release?mode=suppress&threshold=11", "delivery": "/desk/deliveries",
		} {
			for _, view := range []struct {
				width  int64
				scheme string
			}{{360, "light"}, {1280, "dark"}} {
				if !glance(lang, view.width) {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/%d %s", lang, name, view.width, view.scheme), func(t *testing.T) {
					scheme(t, ctx, view.scheme)
					do(t, ctx, chromedp.EmulateViewport(view.width, 800), chromedp.Navigate(site+"/"+lang+path))
					if name == "delivery" {
						eval[bool](t, ctx, fmt.Sprintf(`(() => { const d = new DataTransfer(); d.items.add(new File([%q], "n.csv")); document.querySelector("#file").files = d.files; return true })()`, faulty))
						do(t, ctx, chromedp.Click(`button[value="check"]`), chromedp.WaitVisible("#issues"))
					}
					if wide := eval[float64](t, ctx, `document.documentElement.scrollWidth`); wide > float64(view.width) {
						t.Errorf("the page is %.0f pixels wide on a screen of %d: %v", wide, view.width, eval[[]string](t, ctx, tooWide))
					}
					eval[bool](t, ctx, string(axe)+";true")
					for _, v := range violations(t, ctx) {
						t.Error(v)
					}
					look(t, ctx, fmt.Sprintf("numbers-%s-%s-%d-%s", lang, name, view.width, view.scheme))
				})
			}
		}
	}
}
