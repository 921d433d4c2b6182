package app

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"waymark/format"
	"waymark/library"
	"waymark/serve"
)

// ana curates and may read what is for staff; bo hands records in.
var (
	ana = library.Viewer{Name: "Ana", Role: library.Curator, Audiences: []library.Audience{library.Staff}}
	bo  = library.Viewer{Name: "Bo", Role: library.Submitter}
)

// doorFor opens the site of a house as a viewer sees it.
func doorFor(t testing.TB, h *house, v library.Viewer) string {
	t.Helper()
	handler, err := h.site("", true)
	if err != nil {
		t.Fatal(err)
	}
	return doorOf(t, handler, v)
}

// doorOf opens a handler as that of a viewer.
func doorOf(t testing.TB, handler http.Handler, v library.Viewer) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, serve.As(r, v)) }))
	t.Cleanup(server.Close)
	return server.URL
}

// post sends a form as a browser does that stands on the site itself.
func post(t testing.TB, address string, values url.Values) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", address, strings.NewReader(values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
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

var (
	inputs    = regexp.MustCompile(`<input ([^>]*)>`)
	areas     = regexp.MustCompile(`(?s)<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>`)
	selects   = regexp.MustCompile(`(?s)<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>`)
	selected  = regexp.MustCompile(`<option value="([^"]*)" selected`)
	attribute = regexp.MustCompile(`(name|value|type)="([^"]*)"`)
	unescape  = strings.NewReplacer("&#43;", "+", "&amp;", "&", "&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">")
)

// formOf reads the form of a record as a browser would send it unchanged.
func formOf(t testing.TB, page string) url.Values {
	t.Helper()
	_, page, ok := strings.Cut(page, `<form class="record"`)
	if !ok {
		t.Fatalf("there is no form:\n%s", page)
	}
	page, _, _ = strings.Cut(page, "</form>")
	values := url.Values{}
	for _, m := range inputs.FindAllStringSubmatch(page, -1) {
		a := map[string]string{}
		for _, pair := range attribute.FindAllStringSubmatch(m[1], -1) {
			a[pair[1]] = unescape.Replace(pair[2])
		}
		ticked := a["type"] != "checkbox" || strings.HasSuffix(m[1], " checked")
		if a["name"] != "" && ticked {
			values.Add(a["name"], a["value"])
		}
	}
	for _, m := range areas.FindAllStringSubmatch(page, -1) {
		values.Add(m[1], unescape.Replace(m[2]))
	}
	for _, m := range selects.FindAllStringSubmatch(page, -1) {
		if s := selected.FindStringSubmatch(m[2]); s != nil {
			values.Add(unescape.Replace(m[1]), s[1])
		}
	}
	return values
}

// recordOf reads a record as the house has it.
func recordOf(t testing.TB, h *house, id library.ID) *library.Resource {
	t.Helper()
	entries, err := h.store.Entries(t.Context(), library.House(), []library.ID{id})
	if err != nil || len(entries) != 1 {
		t.Fatal(entries, err)
	}
	r, err := library.ResourceOf(entries[0])
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestFormChangesNothing: the form of each record of the collection, sent as it
// is, leaves the record as it was.
func TestFormChangesNothing(t *testing.T) {
	h, _ := demoSite(t)
	site := doorFor(t, h, ana)
	entries, err := h.store.Scan(t.Context(), library.House(), library.KindResource, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range entries {
		before, err := library.ResourceOf(e)
		if err != nil {
			t.Fatal(err)
		}
		lang := []string{"en", "ar", "zh"}[i%3]
		address := site + "/" + lang + "/desk/r/" + string(e.ID) + "/edit"
		_, page := get(t, "GET", address, lang)
		values := formOf(t, page)
		values.Set("do", "save")
		if res, body := post(t, address, values); res.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s answers %d\n%s", address, res.StatusCode, body)
		}
		after := recordOf(t, h, e.ID)
		if differing := before.Fields().Differing(after.Fields()); len(differing) > 0 {
			for _, name := range differing {
				t.Errorf("%s: %s was %q and is %q", e.ID, name, before.Fields()[name], after.Fields()[name])
			}
		}
		if after.Version != before.Version || after.Status != library.Published || len(after.Sources) != len(before.Sources) {
			t.Errorf("%s is %+v", e.ID, after)
		}
	}
}

// TestDesk goes the ways of a curator and a contributor over HTTP: a record is
// handed in, published, changed by two at once, withdrawn and restored.
func TestDesk(t *testing.T) {
	h, anonymous := demoSite(t)
	desk, door := doorFor(t, h, ana), doorFor(t, h, bo)

	_, page := get(t, "GET", door+"/en/desk/submit", "en")
	values := formOf(t, page)
	id := library.ID(values.Get("id"))
	for name, value := range map[string]string{"title.en": "A Zephyr Guide to Safe Harbours", "author": "Ana Zephyr\nIOM", "country+": "Soudan; Чад", "language+": "English",
		"identifier": "doi: 10.1234/zephyr", "link": "https://example.org/zephyr", "date": "2021-03", "do": "save", "audience": "staff"} {
		values.Set(name, value)
	}
	if res, body := post(t, door+"/en/desk/submit", values); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("submitting answers %d\n%s", res.StatusCode, body)
	}
	r := recordOf(t, h, id)
	if r.Status != library.Draft || r.Audience != library.Public || strings.Join(r.Countries, " ") != "SD TD" || len(r.Contributors) != 2 || r.Review.Submitted != "Bo" || r.Identifiers[0].Value != "10.1234/zephyr" {
		t.Fatalf("what was submitted is %+v", r)
	}
	for who, site := range map[string]string{"anyone": anonymous, "Bo": door} {
		if res, _ := get(t, "GET", site+"/en/r/"+string(id), "en"); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s sees the draft: %d", who, res.StatusCode)
		}
	}
	again := formOf(t, page)
	again.Set("title.en", "A zephyr guide to safe harbours")
	again.Set("do", "save")
	if err := h.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}

	edit := desk + "/en/desk/r/" + string(id) + "/edit"
	_, page = get(t, "GET", desk+"/en/desk", "en")
	if !strings.Contains(page, "A Zephyr Guide") || !strings.Contains(page, "Bo") {
		t.Errorf("the queue does not show it:\n%s", page)
	}
	_, page = get(t, "GET", edit, "en")
	first, second := formOf(t, page), formOf(t, page)
	first.Set("do", "publish")
	first.Set("date", "2022")
	if res, body := post(t, edit, first); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("publishing answers %d\n%s", res.StatusCode, body)
	}
	second.Set("do", "save")
	second.Set("edition", "2nd")
	second.Set("date", "2020")
	res, body := post(t, edit, second)
	if res.StatusCode != http.StatusConflict || !strings.Contains(body, `value="2020"`) || !strings.Contains(body, "2022") || !strings.Contains(body, `name="take" value="date"`) {
		t.Fatalf("a clash answers %d\n%s", res.StatusCode, body)
	}
	clash := formOf(t, body)
	if clash.Get("edition") != "2nd" {
		t.Errorf("what was written is lost: %v", clash)
	}
	clash.Set("do", "save")
	clash.Set("take", "date")
	if res, body := post(t, edit, clash); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("saving after a clash answers %d\n%s", res.StatusCode, body)
	}
	if r := recordOf(t, h, id); r.Date != "2022" || r.Edition != "2nd" || r.Status != library.Published {
		t.Errorf("after the clash it is %+v", r)
	}
	// A new one with that title asks first.
	if res, body := post(t, door+"/en/desk/submit", again); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "/en/r/"+string(id)) {
		t.Errorf("a second record of the work is taken: %d", res.StatusCode)
	}

	values = url.Values{"base": {fmt.Sprint(recordOf(t, h, id).Version)}, "why": {"it was a test"}}
	if res, body := post(t, desk+"/en/desk/r/"+string(id)+"/withdraw", values); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("withdrawing answers %d\n%s", res.StatusCode, body)
	}
	if res, body := get(t, "GET", anonymous+"/en/r/"+string(id), "en"); res.StatusCode != http.StatusGone || !strings.Contains(body, "it was a test") {
		t.Errorf("a withdrawn record answers %d\n%s", res.StatusCode, body)
	}
	history := desk + "/en/desk/r/" + string(id) + "/history"
	if _, page = get(t, "GET", history, "en"); !strings.Contains(page, "<del><bdi>March 2021</bdi></del>") || !strings.Contains(page, "it was a test") {
		t.Errorf("the history is\n%s", page)
	}
	if res, body := post(t, history, url.Values{"version": {"3"}}); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("restoring answers %d\n%s", res.StatusCode, body)
	}
	if res, _ := get(t, "GET", anonymous+"/en/r/"+string(id), "en"); res.StatusCode != http.StatusOK {
		t.Errorf("a restored record answers %d", res.StatusCode)
	}
}

// TestDeskRefuses: the desk is not there for others, and no other site can act
// through a curator's browser.
func TestDeskRefuses(t *testing.T) {
	h, anonymous := demoSite(t)
	desk, door := doorFor(t, h, ana), doorFor(t, h, bo)
	edit := "/en/desk/r/" + palermo + "/edit"
	for _, c := range []struct {
		who, site, method, path string
		status                  int
	}{
		{"anyone", anonymous, "GET", "/en/desk", 404}, {"anyone", anonymous, "GET", "/en/desk/submit", 404}, {"anyone", anonymous, "GET", edit, 404},
		{"anyone", anonymous, "POST", edit, 404}, {"anyone", anonymous, "POST", "/en/desk/undo", 404}, {"anyone", anonymous, "POST", "/en/desk/bulk", 404},
		{"a contributor", door, "GET", edit, 404}, {"a contributor", door, "POST", edit, 404}, {"a contributor", door, "POST", "/en/desk/bulk", 404},
		{"a contributor", door, "GET", "/en/desk/r/" + palermo + "/history", 404}, {"a contributor", door, "GET", "/en/desk", 200},
		{"a curator", desk, "GET", "/en/desk?queue=nothing", 404}, {"a curator", desk, "GET", "/en/desk?queue=pairs", 200}, {"a curator", desk, "GET", edit, 200},
	} {
		var res *http.Response
		if c.method == "GET" {
			res, _ = get(t, "GET", c.site+c.path, "en")
		} else {
			res, _ = post(t, c.site+c.path, url.Values{"deed": {"publish"}, "base": {"1"}, "seq": {"1"}})
		}
		if res.StatusCode != c.status {
			t.Errorf("%s %s %s answers %d, want %d", c.who, c.method, c.path, res.StatusCode, c.status)
		}
		if strings.HasPrefix(c.path, "/en/desk") && res.StatusCode == 200 && res.Header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s may be kept: %s", c.path, res.Header.Get("Cache-Control"))
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), "POST", desk+edit, strings.NewReader("do=save&base=1"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusForbidden || recordOf(t, h, palermo).Version != 1 {
		t.Errorf("another site changes a record: %d", res.StatusCode)
	}
}

// TestDeskInBrowser looks at the pages of the desk like TestPagesInBrowser.
func TestDeskInBrowser(t *testing.T) {
	ctx := browser(t)
	h, _ := demoSite(t)
	site := doorFor(t, h, ana)
	line := `{"titles":{"en":"%s"},"year":2016,"authors":["IOM"],"countries":["Sudan"],"topics":["Protection"]}` + "\n"
	rep, err := h.importer("test").Import(t.Context(), "register.jsonl", format.JSONLines(strings.NewReader(
		fmt.Sprintf(line, "A Long Handbook of Identification and Referral for Officers")+fmt.Sprintf(line, "Long Handbook of Identification and Referral for Officer"))))
	if err != nil || len(rep.Suspected) != 1 {
		t.Fatal(rep, err)
	}
	pairs, err := h.desk().Duplicates(t.Context(), ana, 1)
	if err != nil {
		t.Fatal(err)
	}
	draft := pairs[0].First.ID
	edit(t, h, draft, func(e *library.Entry, r *library.Resource) {
		e.Status, r.Status = library.Draft, library.Draft
		r.Review.Assigned = "Bo"
	})
	if _, err := h.desk().Undo(t.Context(), ana, 0, nil); err == nil {
		t.Fatal("an undo of nothing")
	}
	axe, err := os.ReadFile("../testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "ar"} {
		for name, path := range map[string]string{
			"desk": "/desk?queue=proposed", "pairs": "/desk?queue=pairs", "edit": "/desk/r/" + palermo + "/edit?done=saved&n=1&seq=1&id=x", "submit": "/desk/submit",
			"history": "/desk/r/" + string(draft) + "/history", "pair": "/desk/pairs/" + string(pairs[0].First.ID) + "/" + string(pairs[0].Second.ID),
		} {
			for _, view := range []struct {
				width  int64
				scheme string
			}{{360, "light"}, {1280, "dark"}, {768, "light"}} {
				if !glance(lang, view.width) {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/%d %s", lang, name, view.width, view.scheme), func(t *testing.T) {
					scheme(t, ctx, view.scheme)
					do(t, ctx, chromedp.EmulateViewport(view.width, 800), chromedp.Navigate(site+"/"+lang+path))
					if wide := eval[float64](t, ctx, `document.documentElement.scrollWidth`); wide > float64(view.width) {
						t.Errorf("the page is %.0f pixels wide on a screen of %d: %v", wide, view.width, eval[[]string](t, ctx, tooWide))
					}
					eval[bool](t, ctx, string(axe)+";true")
					for _, v := range violations(t, ctx) {
						t.Error(v)
					}
					look(t, ctx, fmt.Sprintf("desk-%s-%s-%d-%s", lang, name, view.width, view.scheme))
				})
			}
		}
	}
}

// TestDeskComfort: the script of the form warns of a work that is there, offers
// names, and keeps what is written; without saving, it is there the next time.
func TestDeskComfort(t *testing.T) {
	ctx := browser(t)
	h, _ := demoSite(t)
	site := doorFor(t, h, bo)
	do(t, ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(site+"/en/desk/submit"),
		chromedp.SendKeys("#t-en", "Protocol to Prevent, Suppress and Punish Trafficking in Persons, Especially Women and Children"), chromedp.WaitVisible(".similar a"))
	if got := eval[string](t, ctx, `document.querySelector(".similar a").href`); !strings.HasSuffix(got, palermo) {
		t.Errorf("the work that is there is %s", got)
	}
	do(t, ctx, chromedp.SendKeys("#f-author", "International Organization for Migr"), chromedp.WaitVisible(".offers button"), chromedp.Click(".offers button"))
	if got := eval[string](t, ctx, `document.querySelector("#f-author").value`); got != "International Organization for Migration\n" {
		t.Errorf("the name is completed as %q", got)
	}
	kept := `new Promise(done => { const look = () => document.getElementById("kept").textContent ? done(true) : requestAnimationFrame(look); look(); })`
	eval[bool](t, ctx, kept)
	do(t, ctx, chromedp.Navigate(site+"/en/desk"), chromedp.Click(".unsaved a"), chromedp.WaitVisible("form.record"))
	if got := eval[string](t, ctx, `document.querySelector("#f-author").value`); !strings.HasPrefix(got, "International Organization") {
		t.Errorf("what was kept says %q", got)
	}
}
