package app

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser starts a headless Chromium. Where none is installed the test is
// skipped, unless WAYMARK_TEST_BROWSER=required, as .ci/run has it. Tests with a
// browser run beside each other, since most of their time is its own.
func browser(t *testing.T) context.Context {
	t.Helper()
	t.Parallel()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		if os.Getenv("WAYMARK_TEST_BROWSER") == "required" {
			t.Fatal("no Chromium is installed, and WAYMARK_TEST_BROWSER=required")
		}
		t.Skip("no Chromium is installed: the pages were not looked at in a browser")
	}
	ctx, stop := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true)))
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	ctx, stop = context.WithTimeout(ctx, 8*time.Minute)
	t.Cleanup(stop)
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func eval[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

var everyLook = flag.Bool("looks", false, "look at every page in English and Arabic at every width, not once in each")

// glance tells whether a page is looked at in a language at a width: in English
// on a telephone and in Arabic on a wide screen, unless all looks are asked for.
func glance(lang string, width int64) bool {
	return *everyLook || os.Getenv("WAYMARK_TEST_SCREENSHOTS") != "" || (lang == "en") == (width == 360) && width != 768
}

// journey is what a reader visits.
func journey(lang string) map[string]string {
	return map[string]string{
		"home":     "/" + lang + "/",
		"topic":    "/" + lang + "/topics/armed-conflict",
		"search":   "/" + lang + "/search?q=trafficking&topic=armed-conflict",
		"resource": "/" + lang + "/r/" + palermo,
		"also":     "/" + lang + "/search?q=forced+labour",
		"values":   "/" + lang + "/search/values/author?q=trafficking",
		"index":    "/" + lang + "/countries",
		"about":    "/" + lang + "/about",
		"error":    "/" + lang + "/nothing",
		"map":      "/" + lang + "/evidence",
		"mapped":   "/" + lang + "/evidence?open=all&by=rating&swap=1&setting=armed-conflict",
		"studies":  "/" + lang + "/evidence/studies?row=assistance&col=access-services",
		"study":    "/" + lang + "/evidence/studies/01KEVDP3CGFBANAT3JSFXV1REC",
		"gaps":     "/" + lang + "/evidence/gaps",
		"registry": "/" + lang + "/indicators",
		"compare":  "/" + lang + "/indicators/shelter-in-time",
		"number":   "/" + lang + "/indicators/shelter-in-time/value?area=AL&period=2014&source=case-management",
		"sources":  "/" + lang + "/indicators/shelter-in-time/sources",
		"results":  "/" + lang + "/results/demo",
		"mapworld": "/" + lang + "/indicators/shelter-in-time/map",
		"coverage": "/" + lang + "/indicators/shelter-in-time/coverage",

		"guides":          "/" + lang + "/guides",
		"guide":           "/" + lang + "/guides/crisis-handbook",
		"guideentry":      "/" + lang + "/guides/crisis-handbook/first-conversation",
		"guidechecklist":  "/" + lang + "/guides/crisis-handbook/map-the-services",
		"guidetable":      "/" + lang + "/guides/crisis-handbook/who-does-what",
		"guideterms":      "/" + lang + "/guides/crisis-handbook/words-we-use",
		"guideadapted":    "/" + lang + "/guides/sop-merinia/screening",
		"guidecomparison": "/" + lang + "/guides/sop-merinia/-/comparison",
		"guidecountries":  "/" + lang + "/guides/global-sop/-/countries",
		"guidechanges":    "/" + lang + "/guides/crisis-handbook/-/changes?from=1&to=2",
		"cite":            "/" + lang + "/r/" + palermo + "/cite",
		"reading":         "/" + lang + "/list?r=" + palermo + "&r=01KDVDQV1R8JW6JZZ0NRRNBMNT&r=01KDVDQBDRYKX49KW6GH1YNBNJ&style=mla",
		"open":            "/" + lang + "/r/01KDVDQBDRYKX49KW6GH1YNBNJ?list=" + palermo,
	}
}

// TestPagesInBrowser looks at each page in a real browser, wide and narrow,
// light and dark: no accessibility fault by axe-core, no wider than the
// screen, nothing from another host, and a first view within its budget.
func TestPagesInBrowser(t *testing.T) {
	ctx := browser(t)
	h, site := demoSite(t)
	guide := filepath.Join(t.TempDir(), "a guide to quiet interviews.pdf")
	smallPDF(t, guide, "A Guide to Quiet Interviews", "The interpreter sits beside the victim.", "The victim may ask for another interpreter at any time.")
	bring(t, h, "", guide)
	held, _ := fileOf(t, h, filepath.Base(guide))
	axe, err := os.ReadFile("../testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "ar"} {
		paths := journey(lang)
		paths["held"] = "/" + lang + "/r/" + string(held) + "?inside=interpreter"
		waits := string(sectionOf(t, h, "sop-merinia", "screening/risk").ID)
		paths["guideupdate"] = "/" + lang + "/guides/sop-merinia/-/update/" + waits
		paths["guidefeedback"] = "/" + lang + "/guides/sop-merinia/-/feedback/" + waits
		paths["guideeverywhere"] = "/" + lang + "/guides/global-sop/-/sections/" + string(sectionOf(t, h, "global-sop", "screening/risk").ID)
		paths["pages"] = "/" + lang + "/search?q=interpreter+interviews"
		for name, path := range paths {
			for _, view := range []struct {
				width  int64
				scheme string
				axe    bool // what it finds differs by scheme and by narrow and wide
			}{{360, "light", true}, {1280, "dark", true}, {768, "light", false}} {
				if !glance(lang, view.width) {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/%d %s", lang, name, view.width, view.scheme), func(t *testing.T) {
					scheme(t, ctx, view.scheme)
					do(t, ctx, chromedp.EmulateViewport(view.width, 800), chromedp.Navigate(site+path))
					if wide := eval[float64](t, ctx, `document.documentElement.scrollWidth`); wide > float64(view.width) {
						t.Errorf("the page is %.0f pixels wide on a screen of %d: %v", wide, view.width, eval[[]string](t, ctx, tooWide))
					}
					for _, url := range eval[[]string](t, ctx, `performance.getEntriesByType("resource").map(e => e.name)`) {
						if !strings.HasPrefix(url, site) {
							t.Errorf("asks another host: %s", url)
						}
					}
					if view.axe {
						eval[bool](t, ctx, string(axe)+";true")
						for _, v := range violations(t, ctx) {
							t.Error(v)
						}
					}
					look(t, ctx, fmt.Sprintf("%s-%s-%d-%s", lang, name, view.width, view.scheme))
				})
			}
		}
	}
}

// tooWide names the elements that reach over the edge of the screen.
const tooWide = `[...document.querySelectorAll("body *")].filter(e => {
	const r = e.getBoundingClientRect();
	return r.width > 0 && (r.right > innerWidth + 1 || r.left < -1) && !e.closest(".menu");
}).map(e => e.outerHTML.slice(0, 120))`

// scheme has the browser prefer light or dark.
func scheme(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
	if err != nil {
		t.Fatal(err)
	}
}

// violations runs axe-core in the page.
func violations(t *testing.T, ctx context.Context) []string {
	t.Helper()
	raw := eval[string](t, ctx, `axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => JSON.stringify(r.violations))`)
	var found []struct {
		ID, Help string
		Nodes    []struct{ HTML, FailureSummary string }
	}
	if err := json.Unmarshal([]byte(raw), &found); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, v := range found {
		for _, n := range v.Nodes {
			out = append(out, fmt.Sprintf("axe %s: %s\n%s\n%s", v.ID, v.Help, n.HTML, n.FailureSummary))
		}
	}
	return out
}

// look keeps a screenshot in the folder that WAYMARK_TEST_SCREENSHOTS names,
// for a person to look at.
func look(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("WAYMARK_TEST_SCREENSHOTS")
	if dir == "" {
		return
	}
	shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), shot, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestReaderFindsWithKeyboard goes the way of a reader who uses no mouse: the
// skip link first, words in the box, a facet, a record; and without script.
func TestReaderFindsWithKeyboard(t *testing.T) {
	ctx := browser(t)
	_, site := demoSite(t)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(site+"/en/"))
	press := func(keys string) { t.Helper(); do(t, ctx, chromedp.KeyEvent(keys)) }
	focused := func() string {
		t.Helper()
		return eval[string](t, ctx, `document.activeElement.innerText.trim() || document.activeElement.name`)
	}
	press("\t")
	if got := focused(); got != "Skip to main content" {
		t.Errorf("the first stop of the keyboard is %q", got)
	}
	do(t, ctx, chromedp.SendKeys("#q", "conflict ukraine\n"), chromedp.WaitVisible("#found"))
	if got := eval[string](t, ctx, `document.querySelector(".card h3").innerText`); !strings.Contains(got, "Ukraine") {
		t.Errorf("the first hit is %q", got)
	}
	do(t, ctx, chromedp.Focus(`.facet a[href*="topic=armed-conflict"]`), chromedp.KeyEvent("\r"), chromedp.WaitVisible(".chosen-filters"))
	do(t, ctx, chromedp.Focus(".card h3 a"), chromedp.KeyEvent("\r"), chromedp.WaitVisible(".facts"))
	if got := eval[string](t, ctx, `document.querySelector("h1").innerText`); !strings.Contains(got, "Ukraine") {
		t.Errorf("the record is %q", got)
	}
}

// TestSuggestions: what a reader writes is completed, can be chosen with the
// keyboard, and can be passed over.
func TestSuggestions(t *testing.T) {
	ctx := browser(t)
	_, site := demoSite(t)
	axe, err := os.ReadFile("../testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "ar"} {
		do(t, ctx, chromedp.EmulateViewport(360, 800), chromedp.Navigate(site+"/"+lang+"/"), chromedp.SendKeys("#q", "suda"), chromedp.WaitVisible(".suggestions li"))
		eval[bool](t, ctx, string(axe)+";true")
		for _, v := range violations(t, ctx) {
			t.Error(v)
		}
		look(t, ctx, lang+"-suggestions")
		do(t, ctx, chromedp.KeyEvent(kb.Escape))
		if eval[bool](t, ctx, `!document.querySelector(".suggestions").hidden`) {
			t.Error("Escape does not close the suggestions")
		}
		do(t, ctx, chromedp.SendKeys("#q", "n"), chromedp.WaitVisible(".suggestions li"), chromedp.KeyEvent(kb.ArrowDown))
		if got := eval[string](t, ctx, `document.getElementById(document.querySelector("#q").getAttribute("aria-activedescendant")).innerText`); !strings.Contains(got, "1") {
			t.Errorf("the first suggestion is %q, without its count", got)
		}
		do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(`link[rel=canonical][href$="/countries/SD"]`))
		if got := eval[string](t, ctx, `location.pathname`); got != "/"+lang+"/countries/SD" {
			t.Errorf("the suggestion leads to %s", got)
		}
	}
}

// TestQuickExit: the button takes the page out of the history, and is a plain
// link without script.
func TestQuickExit(t *testing.T) {
	ctx := browser(t)
	_, site := demoSite(t)
	do(t, ctx, chromedp.Navigate(site+"/en/about"), chromedp.Navigate(site+"/en/topics"))
	// The neutral page itself is out of the test's reach: an own page stands in.
	eval[bool](t, ctx, `document.getElementById("leave").href = "/en/regions"; true`)
	do(t, ctx, chromedp.Click("#leave"), chromedp.WaitReady(`.menu a[href="/en/regions"][aria-current]`))
	history, err := chromedp.Call(ctx, page.GetNavigationHistory, cdp.Empty{})
	if err != nil {
		t.Fatal(err)
	}
	var visited []string
	for _, entry := range history.Entries {
		visited = append(visited, strings.TrimPrefix(entry.URL, site))
	}
	if got := strings.Join(visited, " "); !strings.HasSuffix(got, "/en/about /en/regions") {
		t.Errorf("the history is %s, with the page that was left", got)
	}
}
