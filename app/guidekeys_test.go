package app

import (
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestGuidesByKeyboard goes the ways of a reader and of one who keeps a guide
// with keys alone and without script, in three languages: into an entry and to
// a section; and from the form of a section through the dialog to its
// publication. Each page on the way is without a fault to axe-core.
func TestGuidesByKeyboard(t *testing.T) {
	axe, err := os.ReadFile("../testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	h, anonymous := demoSite(t)
	site := doorFor(t, h, ana)
	stop := sectionOf(t, h, "global-sop", "screening/initial")
	ctx := browser(t)
	sound := func(name string) {
		t.Helper()
		eval[bool](t, ctx, string(axe)+";true")
		for _, v := range violations(t, ctx) {
			t.Errorf("%s: %s", name, v)
		}
		look(t, ctx, "guidekeys-"+name)
	}
	// tab goes on until what a selector names has the focus.
	tab := func(selector string) {
		t.Helper()
		for range 150 {
			if eval[bool](t, ctx, `document.activeElement.matches('`+selector+`')`) {
				return
			}
			do(t, ctx, chromedp.KeyEvent(kb.Tab))
		}
		t.Fatalf("no key leads to %s", selector)
	}
	script := func(off bool) {
		t.Helper()
		if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off}); err != nil {
			t.Fatal(err)
		}
	}
	for _, lang := range []string{"en", "fr", "ar"} {
		script(false)
		for _, path := range []string{"/guides", "/guides/crisis-handbook/first-conversation", "/guides/sop-merinia/-/comparison", "/guides/global-sop/-/countries"} {
			do(t, ctx, chromedp.EmulateViewport(360, 800), chromedp.Navigate(anonymous+"/"+lang+path))
			sound(lang + strings.ReplaceAll(path, "/", "-"))
		}
		script(true)
		do(t, ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(anonymous+"/"+lang+"/guides/crisis-handbook"))
		tab(`.tree a[href$="/first-conversation"]`)
		do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".onpage a"))
		tab(`.onpage a[href^="#s-"]`)
		do(t, ctx, chromedp.KeyEvent(kb.Enter))
		if got := eval[string](t, ctx, `location.hash`); !strings.HasPrefix(got, "#s-") {
			t.Errorf("%s: the list of the page leads to %q", lang, got)
		}

		do(t, ctx, chromedp.Navigate(site+"/"+lang+"/desk/sections/"+string(stop.ID)))
		tab("#f-body")
		do(t, ctx, chromedp.KeyEvent("New "+lang+" "))
		tab("#f-class")
		do(t, ctx, chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
		tab("#f-summary")
		do(t, ctx, chromedp.KeyEvent("By keys "+lang))
		tab(`button[value="next"]`)
		do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#p-touch"))
		for _, width := range []int64{360, 1280} {
			do(t, ctx, chromedp.EmulateViewport(width, 900))
			if wide := eval[float64](t, ctx, `document.documentElement.scrollWidth`); wide > float64(width) {
				t.Errorf("%s: the dialog is %.0f pixels wide on a screen of %d", lang, wide, width)
			}
			script(false) // what looks at the page needs it
			sound(lang + "-publish")
			script(true)
		}
		tab(`button[value="publish"]`)
		do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".said"))
		now := sectionOf(t, h, "global-sop", "screening/initial")
		if last := now.Last("en"); last.Summary != "By keys "+lang || last.By != "Ana" || !strings.Contains(now.Text.Body, "New "+lang) {
			t.Errorf("%s: what was published is %+v", lang, last)
		}
	}
}
