package app

import (
	"fmt"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"waymark/library"
)

// TestFollowInBrowser looks at the pages of what is followed as
// TestPagesInBrowser does at others, and follows a search by keyboard and button.
func TestFollowInBrowser(t *testing.T) {
	ctx := browser(t)
	r := openReading(t)
	axe, err := os.ReadFile("../testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	found, err := r.searcher.Find(t.Context(), library.Viewer{}, queryText("handbook"), "en")
	if err != nil || len(found.Hits) != 1 {
		t.Fatal(found.Total, err)
	}
	used := found.Hits[0].ID
	r.usage.Public = true
	for _, lang := range []string{"en", "ar"} {
		r.ask(t, lang, "reader-"+lang+"@example.org", "q=shelter&year=2000..", "day")
		link := confirmIn.FindStringSubmatch(r.box.open(t).text)
		confirm := r.site + "/" + lang + "/follow/confirm?key=" + link[1]
		look3 := func(name, address string) {
			for _, view := range []struct {
				width  int64
				scheme string
			}{{360, "light"}, {1280, "dark"}, {360, "dark"}, {1280, "light"}} {
				scheme(t, ctx, view.scheme)
				do(t, ctx, chromedp.EmulateViewport(view.width, 800), chromedp.Navigate(address))
				eval[bool](t, ctx, `document.querySelectorAll("details.follow").forEach(d => d.open = true); true`)
				if wide := eval[float64](t, ctx, `document.documentElement.scrollWidth`); wide > float64(view.width) {
					t.Errorf("%s %s is %.0f pixels wide on a screen of %d", lang, name, wide, view.width)
				}
				eval[bool](t, ctx, string(axe)+";true")
				for _, v := range violations(t, ctx) {
					t.Errorf("%s %s: %s", lang, name, v)
				}
				look(t, ctx, fmt.Sprintf("%s-%s-%d-%s", lang, name, view.width, view.scheme))
			}
		}
		look3("followsearch", r.site+"/"+lang+"/search?q=shelter")
		look3("used", r.site+"/"+lang+"/r/"+string(used))
		look3("follow", r.site+"/"+lang+"/follow?q=shelter")
		look3("followconfirm", confirm)
		do(t, ctx, chromedp.Navigate(confirm), chromedp.Click("main form button"), chromedp.WaitVisible(`main [role="status"]`))
		r.add(t, fmt.Sprintf(`{"titles":{"en":"A shelter near %s"},"year":2022}`, lang))
		letters := r.later(t, 25*time.Hour)
		manage := regexp.MustCompile(`http://\S+/follow/manage\?\S+`).FindString(letters[len(letters)-1].text)
		look3("followmanage", manage)
		do(t, ctx, chromedp.Navigate(letters[len(letters)-1].unsubscribe), chromedp.Click(`main form[action^="/follow/stop"] button`), chromedp.WaitVisible(`main [role="status"]`))
		if got := eval[int](t, ctx, `document.querySelectorAll("main form").length`); got != 0 {
			t.Errorf("after the end there are %d forms", got)
		}
		r.now = r.now.Add(time.Hour)
	}
}
