package app

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"waymark/access"
	"waymark/library"
)

// keyboard is a person at a page who has no mouse.
type keyboard struct {
	t   *testing.T
	ctx context.Context
	axe string
}

func keyboardAt(t *testing.T, ctx context.Context) keyboard {
	t.Helper()
	axe, err := os.ReadFile("../testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	return keyboard{t, ctx, string(axe)}
}

// to goes on with the tabulator until it stands on what a selector fits.
func (k keyboard) to(selector string) keyboard {
	k.t.Helper()
	const most = 400
	for range most {
		if eval[bool](k.t, k.ctx, fmt.Sprintf(`document.activeElement.matches(%q)`, selector)) {
			return k
		}
		do(k.t, k.ctx, chromedp.KeyEvent("\t"))
	}
	k.t.Fatalf("the keyboard does not come to %s on %s", selector, eval[string](k.t, k.ctx, "location.href"))
	return k
}

func (k keyboard) press(keys string) keyboard {
	k.t.Helper()
	do(k.t, k.ctx, chromedp.KeyEvent(keys))
	return k
}

// sees waits for what a selector fits, and has axe look at the page.
func (k keyboard) sees(selector string) {
	k.t.Helper()
	do(k.t, k.ctx, chromedp.WaitVisible(selector))
	eval[bool](k.t, k.ctx, k.axe+";true")
	for _, v := range violations(k.t, k.ctx) {
		k.t.Errorf("%s: %s", eval[string](k.t, k.ctx, "location.pathname"), v)
	}
}

func (k keyboard) open(address string) keyboard {
	k.t.Helper()
	do(k.t, k.ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(address))
	return k
}

// TestSubmitToSearchInBrowser goes by keyboard alone from a record that is
// handed in with its file, over review and publication, to an anonymous reader
// who finds it by a word that stands inside.
func TestSubmitToSearchInBrowser(t *testing.T) {
	ctx := browser(t)
	h, anonymous := demoSite(t)
	takesFiles(t, h)
	door, desk := doorFor(t, h, bo), doorFor(t, h, ana)
	name := filepath.Join(t.TempDir(), "harbour.docx")
	wordFile(t, name, "Harbours", "Of 2018.", "The zyzzpelican rests in the harbour.")
	k := keyboardAt(t, ctx)

	k.open(door + "/en/desk").to(`a[href$="/desk/submit"]`).press("\r").sees("form.record")
	k.to("#t-en").press("A Pelican Handbook of Harbours")
	do(t, ctx, chromedp.SetUploadFiles("#f-upload", []string{name})) // the dialog is the system's
	k.to(`button[value="save"]`).press("\r").sees(".said")
	if got := eval[string](t, ctx, `document.querySelector("#files input").value`); got != "harbour.docx" {
		t.Errorf("after handing in the file is %q", got)
	}
	k.open(desk + "/en/desk").to(".waiting a").press("\r").sees("form.record")
	k.to(`button[value="review"]`).press("\r").sees(`.desk:not(:has(button[value="review"])) .said`)
	k.to(`button[value="publish"]`).press("\r").sees(`.desk:not(:has(button[value="publish"])) .said`)
	if err := h.runner(h.documents, 1).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	k.open(anonymous + "/en/").to("#q").press("zyzzpelican\r").sees("#found")
	if got := eval[string](t, ctx, `document.querySelector(".card h3").innerText`); got != "A Pelican Handbook of Harbours" {
		t.Errorf("a reader finds %q", got)
	}
	k.to(".card h3 a").press("\r").sees("article.resource")
}

// TestClashInBrowser: two curators change one record in two windows; the second
// is told field by field, takes one and keeps the other, and nothing is lost.
func TestClashInBrowser(t *testing.T) {
	ctx := browser(t)
	h, _ := demoSite(t)
	eve := library.Viewer{Name: "Eve", Role: library.Curator}
	path := "/en/desk/r/" + palermo + "/edit"
	other, stop := chromedp.NewContext(ctx)
	defer stop()
	one, two := keyboardAt(t, ctx), keyboardAt(t, other)
	one.open(doorFor(t, h, ana) + path).sees("form.record")
	two.open(doorFor(t, h, eve) + path).sees("form.record")
	write := func(k keyboard, selector, text string) {
		t.Helper()
		eval[bool](t, k.ctx, fmt.Sprintf(`(document.querySelector(%q).value = "", true)`, selector))
		do(t, k.ctx, chromedp.SendKeys(selector, text))
	}
	write(two, "#f-edition", "2nd")
	write(two, "#f-date", "2001")
	two.to(`button[value="save"]`).press("\r").sees(".said")
	write(one, "#f-date", "2002")
	write(one, "#f-volume", "7")
	one.to(`button[value="save"]`).press("\r").sees(`#problem`)
	if got := eval[string](t, ctx, `document.querySelector("#problem").innerText`); !strings.Contains(got, "Eve") {
		t.Errorf("the clash says %q", got)
	}
	if got := eval[string](t, ctx, `document.querySelector("#f-volume").value + document.querySelector("#f-edition").value + document.querySelector("#f-date").value`); got != "72nd2002" {
		t.Errorf("of what both wrote there is left %q", got)
	}
	one.to(`input[name="take"][value="date"]`).press(" ").to(`button[value="save"]`).press("\r").sees(".said")
	if r := recordOf(t, h, palermo); r.Date != "2001" || r.Volume != "7" || r.Edition != "2nd" {
		t.Errorf("at last it says %s, %s, %s", r.Date, r.Volume, r.Edition)
	}
}

// TestWorkflowPagesInBrowser looks at the pages of the workflow, narrow and
// wide, light and dark, from left and from right.
func TestWorkflowPagesInBrowser(t *testing.T) {
	ctx := browser(t)
	box, smtp := openMailbox(t)
	_ = box
	h, site := entrance(t, func(c *Config) {
		c.SMTP, c.MailFrom, c.Submissions = smtp, "Waymark <library@example.org>", "anyone"
	})
	takesFiles(t, h)
	desk, open := doorFor(t, h, ana), doorFor(t, h, library.Viewer{})
	person(t, h, access.Person{Address: adminAddress, Name: "Amina", Role: library.Administrator})
	id := handIn(t, h, bo, library.Fields{"title.en": {"A Handbook with Notes"}, "country": {"SD"}})
	for _, v := range []library.Viewer{ana, bo} {
		if err := h.desk().Say(t.Context(), v, id, "A word from "+v.Name+"."); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.store.KeepUpload(t.Context(), ana, library.Upload{Subject: id, File: library.File{Digest: strings.Repeat("a", 64), Name: "new.pdf", Type: "application/pdf"}}); err != nil {
		t.Fatal(err)
	}
	secret, err := h.porter.Begin(t.Context(), current(t, h), "test")
	if err != nil {
		t.Fatal(err)
	}
	k := keyboardAt(t, ctx)
	table := "Waymark ID,Waymark version,Title en,Country\n" + string(id) + ",1,A Handbook with Other Notes,Chad\n" + palermo + ",1,x,\n"
	for _, lang := range []string{"en", "ar"} {
		for name, at := range map[string]string{
			"offer": open + "/" + lang + "/offer", "notes": desk + "/" + lang + "/desk/r/" + string(id) + "/edit", "table": desk + "/" + lang + "/desk/table",
			"desk": desk + "/" + lang + "/desk", "account": site + "/" + lang + "/account",
		} {
			for _, view := range []struct {
				width  int64
				scheme string
			}{{360, "light"}, {1280, "dark"}} {
				if !glance(lang, view.width) {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/%d %s", lang, name, view.width, view.scheme), func(t *testing.T) {
					k := keyboard{t, ctx, k.axe}
					scheme(t, ctx, view.scheme)
					do(t, ctx, chromedp.EmulateViewport(view.width, 800), chromedp.Navigate(at))
					switch name {
					case "account":
						eval[bool](t, ctx, `document.cookie = "waymark=`+url.QueryEscape(secret)+`; path=/", true`)
						do(t, ctx, chromedp.Navigate(at), chromedp.WaitVisible("#notices"))
					case "table":
						eval[bool](t, ctx, fmt.Sprintf(`(() => { const f = document.createElement("form"); f.method = "post"; f.action = location.pathname; const a = document.createElement("textarea"); a.name = "table"; a.value = %q; f.append(a); document.body.append(f); f.submit(); return true })()`, table))
						do(t, ctx, chromedp.WaitVisible(".outcome"))
					}
					if wide := eval[float64](t, ctx, `document.documentElement.scrollWidth`); wide > float64(view.width) {
						t.Errorf("the page is %.0f pixels wide on a screen of %d: %v", wide, view.width, eval[[]string](t, ctx, tooWide))
					}
					k.sees("main h1")
					look(t, ctx, fmt.Sprintf("workflow-%s-%s-%d-%s", lang, name, view.width, view.scheme))
				})
			}
		}
	}
}
