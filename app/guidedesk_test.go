package app

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"waymark/guide"
	"waymark/library"
)

// formAt reads the form of a page of the desk that posts to an address.
func formAt(t testing.TB, page, action string) url.Values {
	t.Helper()
	for {
		i := strings.Index(page, "<form ")
		if i < 0 {
			t.Fatalf("no form posts to %s", action)
		}
		page = page[i+len("<form "):]
		tag, rest, _ := strings.Cut(page, ">")
		if strings.Contains(tag, `action="`+action+`"`) {
			return formOf(t, `<form class="record"`+rest)
		}
	}
}

// ledOn posts a form and wants to be led on.
func ledOn(t testing.TB, address string, values url.Values) string {
	t.Helper()
	res, body := post(t, address, values)
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s answers %d\n%s", address, res.StatusCode, body)
	}
	return res.Header.Get("Location")
}

// TestGuideDesk goes the way of one who keeps the framework: a change is
// written, looked at, shown with whom it touches, and published; another that
// was made at once clashes; the text is reviewed; an edition is issued.
func TestGuideDesk(t *testing.T) {
	h, anonymous := demoSite(t)
	site := doorFor(t, h, ana)
	scope := sectionOf(t, h, "global-sop", "screening/initial")
	path := "/en/desk/sections/" + string(scope.ID)
	_, page := get(t, "GET", site+path, "en")
	first, second := formOf(t, page), formOf(t, page)
	first.Set("body", first.Get("body")+"\n\nAsk again later.")
	first.Set("do", "preview")
	if res, body := post(t, site+path, first); res.StatusCode != 200 || !strings.Contains(body, "<p>Ask again later.</p>") {
		t.Errorf("the preview answers %d\n%s", res.StatusCode, body)
	}
	first.Set("do", "next")
	if res, body := post(t, site+path, first); res.StatusCode != 422 || !strings.Contains(body, "Say how much the change matters.") || !strings.Contains(body, "Ask again later.") {
		t.Errorf("a change without a class answers %d", res.StatusCode)
	}
	first.Set("class", "safety-legal")
	first.Set("summary", "Ask again")
	res, body := post(t, site+path, first)
	for _, want := range []string{"<ins>", "Adaptations touched: 3", "must look its own text through", "has the text as it is", "answer due by", "Safety or law"} {
		if res.StatusCode != 200 || !strings.Contains(body, want) {
			t.Errorf("the dialog answers %d and lacks %q", res.StatusCode, want)
		}
	}
	if now := sectionOf(t, h, "global-sop", "screening/initial"); now.Version != scope.Version {
		t.Fatal("the dialog publishes")
	}
	unseen := url.Values{}
	for name, values := range first {
		unseen[name] = values
	}
	unseen.Set("do", "publish")
	if res, _ := post(t, site+path, unseen); res.StatusCode != 200 {
		t.Errorf("a change is published without its dialog: %d", res.StatusCode)
	}
	dialog := formOf(t, body)
	dialog.Set("do", "publish")
	if to := ledOn(t, site+path, dialog); !strings.Contains(to, "done=published") {
		t.Error(to)
	}
	now := sectionOf(t, h, "global-sop", "screening/initial")
	if !strings.Contains(now.Text.Body, "Ask again later.") || now.Last("en").Class != library.Safety {
		t.Fatalf("%+v", now.Last("en"))
	}
	if waits := sectionOf(t, h, "sop-merinia", "screening/initial"); waits.Drift.Class != library.Safety || !waits.Drift.State.Waiting() {
		t.Errorf("a place is told of %+v", waits.Drift)
	}

	second.Set("body", second.Get("body")+"\n\nMine.")
	second.Set("class", "editorial")
	second.Set("summary", "Mine")
	second.Set("do", "next")
	res, body = post(t, site+path, second)
	if res.StatusCode != 409 || !strings.Contains(body, "Mine.") || !strings.Contains(body, `name="take" value="body"`) || strings.Contains(body, `name="take" value="heading"`) {
		t.Fatalf("a clash answers %d\n%s", res.StatusCode, body)
	}
	clash := formOf(t, body)
	clash.Set("take", "body")
	clash.Set("do", "next")
	if res, body := post(t, site+path, clash); res.StatusCode != 200 || !strings.Contains(body, "nobody is touched") {
		t.Errorf("taking theirs answers %d", res.StatusCode)
	}

	review := formAt(t, page, path+"/review")
	if res, body := post(t, site+path+"/review", review); res.StatusCode != 422 || !strings.Contains(body, "changed by somebody else") {
		t.Errorf("a text that is no more is reviewed: %d", res.StatusCode)
	}
	_, page = get(t, "GET", site+path, "en")
	ledOn(t, site+path+"/review", formAt(t, page, path+"/review"))
	if _, ok := sectionOf(t, h, "global-sop", "screening/initial").Review("en"); !ok {
		t.Error("the review is not noted")
	}
	base := "/en/desk/guides/global-sop"
	ledOn(t, site+base, url.Values{"do": {"issue"}, "date": {"2026-11-26"}, "note": {"With what to ask"}})
	for who, door := range map[string]string{"one who keeps it": site, "a reader": anonymous} {
		if _, body := get(t, "GET", door+"/en/guides/global-sop/screening", "en"); strings.Contains(body, "Edit at the desk") != (door == site) {
			t.Errorf("the way to the desk is wrong for %s", who)
		}
	}
	if _, body := get(t, "GET", site+"/en/guides/global-sop?edition=3", "en"); !strings.Contains(body, "You are reading edition 3") {
		t.Error("the edition is not there")
	}
}

// TestTranslationAtTheDesk: a translation is written beside the original, in
// which what changed since is marked.
func TestTranslationAtTheDesk(t *testing.T) {
	h, _ := demoSite(t)
	site := doorFor(t, h, ana)
	stop := sectionOf(t, h, "crisis-handbook", "first-conversation/stop")
	path := "/en/desk/sections/" + string(stop.ID)
	_, page := get(t, "GET", site+path+"?lang=fr", "en")
	if !strings.Contains(page, "Marked is what changed") || !strings.Contains(page, "<ins>") {
		t.Error("the original is not beside it")
	}
	f := formOf(t, page)
	if f.Get("lang") != "fr" || f.Get("class") != "editorial" {
		t.Fatalf("%v", f)
	}
	f.Set("body", f.Get("body")+"\n\nEt plus.")
	f.Set("summary", "Traduit")
	f.Set("do", "keep")
	ledOn(t, site+path, f)
	if _, desk := get(t, "GET", site+"/en/desk?queue=mine", "en"); !strings.Contains(desk, path+"?kept=1") {
		t.Error("what was kept is not at the desk")
	}
	_, page = get(t, "GET", site+path+"?kept=1", "en")
	if f = formOf(t, page); !strings.Contains(f.Get("body"), "Et plus.") {
		t.Fatal("what was kept is lost")
	}
	f.Set("do", "next")
	_, dialog := post(t, site+path, f)
	f = formOf(t, dialog)
	f.Set("do", "publish")
	ledOn(t, site+path, f)
	if now := sectionOf(t, h, "crisis-handbook", "first-conversation/stop"); now.Tongues["fr"] != guide.Fresh {
		t.Errorf("the translation is %s", now.Tongues["fr"])
	}
}

// TestGuideShapeAtTheDesk: entries and sections are added, moved and ended, and
// closed to readers.
func TestGuideShapeAtTheDesk(t *testing.T) {
	h, anonymous := demoSite(t)
	site := doorFor(t, h, ana)
	base := "/en/desk/guides/crisis-handbook"
	entry := ledOn(t, site+base, url.Values{"do": {"entry"}, "title": {"Boats"}, "slug": {"boats"}, "parent": {""}, "audience": {""}})
	entry, _, _ = strings.Cut(entry, "?")
	if res, _ := post(t, site+base, url.Values{"do": {"entry"}, "title": {"Boats"}, "slug": {"boats"}}); res.StatusCode != 422 {
		t.Errorf("a slug is given twice: %d", res.StatusCode)
	}
	add := url.Values{"heading": {"At sea"}, "body": {"Call the coast guard. [x](/r/01ARZ3NDEKTSV4RRFFQ69G5FAV)"}, "kind": {"warning"}, "force": {"must"}, "audience": {""}, "do": {"publish"}}
	if res, body := post(t, site+entry+"/sections", add); res.StatusCode != 422 || !strings.Contains(body, "These links lead nowhere: /r/01ARZ3NDEKTSV4RRFFQ69G5FAV") || !strings.Contains(body, "coast guard") {
		t.Errorf("a dead link is taken: %d", res.StatusCode)
	}
	add.Set("body", "Call the coast guard.")
	section := ledOn(t, site+entry+"/sections", add)
	section, _, _ = strings.Cut(section, "?")
	add.Set("heading", "In port")
	ledOn(t, site+entry+"/sections", add)
	public := anonymous + "/en/guides/crisis-handbook/boats"
	order := func() string {
		_, body := get(t, "GET", public, "en")
		return fmt.Sprint(strings.Index(body, `">At sea <a`) < strings.Index(body, `">In port <a`))
	}
	if order() != "true" {
		t.Error("the new section does not stand last")
	}
	id := section[strings.LastIndex(section, "/")+1:]
	ledOn(t, site+entry, url.Values{"do": {"section-down " + id}})
	if order() != "false" {
		t.Error("the section did not move")
	}
	_, page := get(t, "GET", site+entry, "en")
	f := formAt(t, page[strings.Index(page, `id="entry"`):], entry)
	f.Set("slug", "by-sea")
	f.Set("audience", "staff")
	f.Set("do", "save")
	ledOn(t, site+entry, f)
	for _, path := range []string{"boats", "by-sea"} {
		if res, body := get(t, "GET", anonymous+"/en/guides/crisis-handbook/"+path, "en"); res.StatusCode != 404 || strings.Contains(body, "coast guard") {
			t.Errorf("a closed entry answers %d", res.StatusCode)
		}
	}
	if res, _ := get(t, "GET", anonymous+"/en/g/"+id, "en"); res.StatusCode != 404 {
		t.Errorf("a section of a closed entry answers %d", res.StatusCode)
	}
	if res, _ := get(t, "GET", site+"/en/guides/crisis-handbook/boats", "en"); res.StatusCode != 301 {
		t.Errorf("a former address answers %d", res.StatusCode)
	}
	ledOn(t, site+entry, url.Values{"do": {"end"}, "why": {"Another guide has it"}})
	if _, body := get(t, "GET", site+"/en/guides/crisis-handbook/by-sea", "en"); !strings.Contains(body, "Another guide has it") || strings.Contains(body, "coast guard") {
		t.Error("an ended entry does not say why")
	}
}

// TestAdaptationDesk goes the way of a focal point of a country: what waits is
// answered, a locked section supplemented and departed from, a text proposed,
// and the facts of the place filled in.
func TestAdaptationDesk(t *testing.T) {
	h, anonymous := demoSite(t)
	place := sectionOf(t, h, "sop-merinia", "screening/risk")
	o, err := h.guides.Open(t.Context(), library.House(), "sop-merinia", guide.When{})
	if err != nil {
		t.Fatal(err)
	}
	focal := library.Viewer{Name: "Mina", Role: library.Curator, Countries: []string{o.Place}}
	site, frame := doorFor(t, h, focal), doorFor(t, h, ana)
	_, body := get(t, "GET", site+"/en/desk/guides", "en")
	if !strings.Contains(body, "/en/desk/guides/sop-merinia/drift") || strings.Contains(body, `/en/desk/guides/sop-aldoria"`) {
		t.Error("the desk of a country shows other guides, or not its own")
	}
	drift := "/en/desk/guides/sop-merinia/drift"
	_, body = get(t, "GET", site+drift, "en")
	answer := "/en/desk/sections/" + string(place.ID) + "/answer"
	waiting := body[strings.Index(body, `id="d-waits"`):]
	if at := strings.Index(waiting, "/en/desk/sections/"); !strings.HasPrefix(waiting[at:], answer) {
		t.Error("the overdue change on safety is not first")
	}
	ledOn(t, site+drift, url.Values{"do": {"editorial"}})
	_, body = get(t, "GET", site+answer, "en")
	for _, want := range []string{"What changed in the framework", "can be joined", "<ins>", "Leave telephones outside"} {
		if !strings.Contains(body, want) {
			t.Errorf("the three texts lack %q", want)
		}
	}
	f := formOf(t, body)
	f.Set("answer", "adapted")
	f.Set("reason", "")
	f.Set("body", f.Get("body")+"\n\nKeep what was written.")
	if res, body := post(t, site+answer, f); res.StatusCode != 422 || !strings.Contains(body, "Keep what was written.") {
		t.Errorf("an answer without a reason: %d", res.StatusCode)
	}
	if now := sectionOf(t, h, "sop-merinia", "screening/risk"); strings.Contains(now.Text.Body, "Leave telephones") {
		t.Error("a merge is published unseen")
	}
	stale := url.Values{}
	for name, values := range f {
		stale[name] = values
	}
	f.Set("reason", "Both hold here")
	stale.Set("saw", "another text")
	stale.Set("reason", "x")
	if res, _ := post(t, site+answer, stale); res.StatusCode != 422 {
		t.Errorf("what was not seen is answered: %d", res.StatusCode)
	}
	ledOn(t, site+answer, f)
	now := sectionOf(t, h, "sop-merinia", "screening/risk")
	if now.Drift.State != guide.Current || !strings.Contains(now.Text.Body, "Leave telephones") {
		t.Errorf("after the answer it is %s", now.Drift.State)
	}

	ledOn(t, site+answer, url.Values{"do": {"offer"}, "reason": {"The Court helps <b>all</b>"}})
	_, body = get(t, "GET", frame+"/en/desk/feedback", "en")
	if !strings.Contains(body, "Proposal from an adaptation") || !strings.Contains(body, "Keep what was written.") || strings.Contains(body, "<b>all") {
		t.Error("the proposal is not at the global desk")
	}
	if _, mine := get(t, "GET", site+"/en/desk/feedback", "en"); strings.Contains(mine, "Proposal from an adaptation") {
		t.Error("a country's desk decides on the framework")
	}
	said := body[strings.Index(body, `action="/en/desk/feedback/`)+len(`action="`):]
	said = said[:strings.Index(said, `"`)]
	if res, _ := post(t, site+said, url.Values{"state": {"done"}, "reply": {"x"}}); res.StatusCode != 403 {
		t.Errorf("a country decides on its own proposal: %d", res.StatusCode)
	}
	if res, _ := post(t, frame+said, url.Values{"state": {"rejected"}}); res.StatusCode != 422 {
		t.Errorf("a proposal is turned down without a word: %d", res.StatusCode)
	}
	ledOn(t, frame+said, url.Values{"state": {"accepted"}, "reply": {"In the next edition"}})
	if _, body = get(t, "GET", site+answer, "en"); !strings.Contains(body, "In the next edition") {
		t.Error("the place does not see the answer")
	}

	values := "/en/desk/guides/sop-merinia/values"
	_, body = get(t, "GET", site+values, "en")
	f = formOf(t, body)
	for i, key := range f["key"] {
		if key == "hotline" && f["value"][i] != "" {
			f["value"][i] = "777-888"
		}
	}
	ledOn(t, site+values, f)
	if _, body = get(t, "GET", anonymous+"/en/guides/sop-merinia/referral", "en"); !strings.Contains(body, "777-888") {
		t.Error("the hotline is not the new one")
	}
}

// TestLockedAtTheDesk: a section that must stand is supplemented, and replaced
// only under a deviation.
func TestLockedAtTheDesk(t *testing.T) {
	h, anonymous := demoSite(t)
	site := doorFor(t, h, ana)
	risk := sectionOf(t, h, "sop-sahla", "screening/risk")
	path := "/en/desk/sections/" + string(risk.ID)
	_, body := get(t, "GET", site+path, "en")
	if !strings.Contains(body, "must stand as it is") || strings.Contains(body, `name="body"`) {
		t.Error("a locked section has a form")
	}
	_, body = get(t, "GET", site+path+"/answer", "en")
	f := formOf(t, body)
	f.Set("answer", "omitted")
	f.Set("reason", "No")
	if res, body := post(t, site+path+"/answer", f); res.StatusCode != 422 || !strings.Contains(body, "A deviation needs") {
		t.Errorf("a locked section is left out: %d", res.StatusCode)
	}
	ledOn(t, site+path+"/answer", url.Values{"do": {"note"}, "lang": {"ar"}, "note": {"اسألوا **المختار**."}})
	if _, body := get(t, "GET", anonymous+"/ar/guides/sop-sahla/screening", "ar"); !strings.Contains(body, "<strong>المختار</strong>") {
		t.Error("the note is not on the page")
	}
	deviation := url.Values{"do": {"deviation"}, "reason": {"Our law"}, "legal": {"Act 7"}, "authority": {"Ministry"}, "expires": {"2020-01-01"}}
	if res, _ := post(t, site+path+"/answer", deviation); res.StatusCode != 422 {
		t.Errorf("a deviation that has ended is taken: %d", res.StatusCode)
	}
	deviation.Set("expires", "2999-01-01")
	ledOn(t, site+path+"/answer", deviation)
	_, body = get(t, "GET", site+path+"/answer", "en")
	f = formOf(t, body)
	f.Set("answer", "omitted")
	f.Set("reason", "Our law says otherwise")
	ledOn(t, site+path+"/answer", f)
	if now := sectionOf(t, h, "sop-sahla", "screening/risk"); now.Derived.Decision != library.Omitted {
		t.Errorf("it is %s", now.Derived.Decision)
	}
}

// TestLinksOfTheDemonstration: the texts of the demonstration lead to records, a
// study and indicators; the desk names a link that leads nowhere any more.
func TestLinksOfTheDemonstration(t *testing.T) {
	h, anonymous := demoSite(t)
	site := doorFor(t, h, ana)
	for path, wants := range map[string][]string{
		"/guides/global-sop/review":              {"/r/01KDVDNAZ80HZQAZ02R8CNEYJS", "/r/01KDVDNBYGR19XD5Z72HKMSE7R"},
		"/guides/crisis-handbook/plan-and-funds": {"/indicators/shelter-in-time", "/evidence/studies/01KEVDP3CGFBANAT3JSFXV1REC"},
	} {
		_, body := get(t, "GET", anonymous+"/en"+path, "en")
		for _, want := range wants {
			if !strings.Contains(body, `href="/en`+want+`"`) {
				t.Errorf("%s has no link to %s", path, want)
			}
			if res, _ := get(t, "GET", anonymous+"/en"+want, "en"); res.StatusCode != 200 {
				t.Errorf("%s answers %d", want, res.StatusCode)
			}
		}
	}
	if _, body := get(t, "GET", site+"/en/desk/links", "en"); !strings.Contains(body, `class="note"`) {
		t.Errorf("links of the demonstration lead nowhere:\n%s", body)
	}
	edit(t, h, "01KDVDNAZ80HZQAZ02R8CNEYJS", func(e *library.Entry, _ *library.Resource) { e.Audience = library.Staff })
	if _, body := get(t, "GET", site+"/en/desk/links", "en"); !strings.Contains(body, "/r/01KDVDNAZ80HZQAZ02R8CNEYJS") {
		t.Error("a link that readers cannot follow is not named")
	}
}

// TestBeginAdaptation: a place begins its adaptation with the facts that the
// framework asks for, and none without.
func TestBeginAdaptation(t *testing.T) {
	h, anonymous := demoSite(t)
	site := doorFor(t, h, ana)
	f := url.Values{"base": {"global-sop"}, "title": {"Procedures of Kenya"}, "slug": {"sop-kenya"}, "owner": {"Ministry"}, "languages": {"en, fr"}, "place": {"KE"}, "audience": {"public"}}
	res, body := post(t, site+"/en/desk/guides", f)
	if res.StatusCode != 200 || !strings.Contains(body, `name="value.hotline"`) {
		t.Fatalf("the facts are not asked for: %d", res.StatusCode)
	}
	f = formAt(t, body, "/en/desk/guides")
	if res, _ := post(t, site+"/en/desk/guides", f); res.StatusCode != 422 {
		t.Errorf("an adaptation without its facts: %d", res.StatusCode)
	}
	for name := range f {
		if strings.HasPrefix(name, "value.") {
			f.Set(name, "1195")
		}
	}
	f.Set("source", "Gazette 12")
	ledOn(t, site+"/en/desk/guides", f)
	if _, body := get(t, "GET", anonymous+"/en/guides/sop-kenya/referral", "en"); !strings.Contains(body, "1195") {
		t.Error("the adaptation is not there")
	}
	if res, _ := post(t, site+"/en/desk/guides", f); res.StatusCode != 422 {
		t.Errorf("a slug is given twice: %d", res.StatusCode)
	}
}

// wordless finds keys of messages that have no words.
var wordless = regexp.MustCompile(`>\s*(guidedesk|guide|desk|field)\.[a-z.-]+\s*<`)

// TestGuideDeskRefuses: the desk for guides is not there for others, and what a
// curator does not see is not there for them either.
func TestGuideDeskRefuses(t *testing.T) {
	h, anonymous := demoSite(t)
	door, alone := doorFor(t, h, bo), doorFor(t, h, library.Viewer{Name: "C", Role: library.Curator})
	office := sectionOf(t, h, "crisis-handbook", "duty-roster/how")
	open := sectionOf(t, h, "crisis-handbook", "consent/glance")
	paths := []string{"/desk/guides", "/desk/guides/crisis-handbook", "/desk/guides/sop-merinia/drift", "/desk/guides/sop-merinia/values", "/desk/reviews", "/desk/feedback",
		"/desk/links", "/desk/sections/" + string(open.ID), "/desk/guides/crisis-handbook/entries/" + string(open.In), "/desk/guides/crisis-handbook/entries/" + string(open.In) + "/sections"}
	for _, path := range paths {
		for who, site := range map[string]string{"anyone": anonymous, "a contributor": door} {
			if res, _ := get(t, "GET", site+"/en"+path, "en"); res.StatusCode != 404 {
				t.Errorf("%s: %s answers %d", who, path, res.StatusCode)
			}
			if res, _ := post(t, site+"/en"+path, url.Values{"do": {"publish"}}); res.StatusCode != 404 && res.StatusCode != 405 {
				t.Errorf("%s: POST %s answers %d", who, path, res.StatusCode)
			}
		}
		res, body := get(t, "GET", alone+"/en"+path, "en")
		if res.StatusCode != 200 || res.Header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("a curator: %s answers %d, %s", path, res.StatusCode, res.Header.Get("Cache-Control"))
		}
		for _, word := range []string{"canarydemo", "roster", "Handing over a post"} {
			if strings.Contains(strings.ToLower(body), strings.ToLower(word)) {
				t.Errorf("%s tells a curator who is no staff of %q", path, word)
			}
		}
		if wordless.MatchString(body) {
			t.Errorf("%s has keys without words", path)
		}
	}
	for _, path := range []string{"/desk/sections/" + string(office.ID), "/desk/guides/crisis-handbook/entries/" + string(office.In), "/desk/guides/global-sop/drift"} {
		if res, _ := get(t, "GET", alone+"/en"+path, "en"); res.StatusCode != 404 {
			t.Errorf("a curator who is no staff: %s answers %d", path, res.StatusCode)
		}
	}
}

// TestGuideDeskInBrowser looks at the pages of the desk for guides like
// TestPagesInBrowser.
func TestGuideDeskInBrowser(t *testing.T) {
	ctx := browser(t)
	h, _ := demoSite(t)
	site := doorFor(t, h, ana)
	stop, risk := sectionOf(t, h, "crisis-handbook", "first-conversation/stop"), sectionOf(t, h, "sop-merinia", "screening/risk")
	if err := h.guides.Offer(t.Context(), ana, risk.ID, "It works here"); err != nil {
		t.Fatal(err)
	}
	axe, err := os.ReadFile("../testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "fr", "ar"} {
		for name, path := range map[string]string{
			"guides": "/desk/guides", "guide": "/desk/guides/crisis-handbook?done=saved&n=1", "adaptation": "/desk/guides/sop-merinia",
			"entry": "/desk/guides/crisis-handbook/entries/" + string(stop.In), "new": "/desk/guides/sop-merinia/entries/" + string(risk.In) + "/sections",
			"section": "/desk/sections/" + string(stop.ID), "translation": "/desk/sections/" + string(stop.ID) + "?lang=ar",
			"reviews": "/desk/reviews", "feedback": "/desk/feedback", "links": "/desk/links",
			"drift": "/desk/guides/sop-merinia/drift", "answer": "/desk/sections/" + string(risk.ID) + "/answer", "values": "/desk/guides/sop-merinia/values",
		} {
			for _, view := range []struct {
				width  int64
				scheme string
			}{{360, "light"}, {1280, "dark"}} {
				if lang == "fr" && view.width > 360 {
					continue // long words matter where there is little room
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
					look(t, ctx, fmt.Sprintf("guidedesk-%s-%s-%d-%s", lang, name, view.width, view.scheme))
				})
			}
		}
	}
}
