package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"waymark/library"
)

// ada governs.
var ada = library.Viewer{Name: "Ada", Role: library.Administrator, Audiences: []library.Audience{library.Staff}}

// TestVocabularyAtDesk: what an administrator changes about topics is what
// readers find, filter and follow, and other programs download.
func TestVocabularyAtDesk(t *testing.T) {
	h, public := demoSite(t)
	desk := doorFor(t, h, ada)
	ok := func(path string, values url.Values) {
		t.Helper()
		if res, body := post(t, desk+"/en/desk/vocabularies/"+path, values); res.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s %v: %d\n%s", path, values, res.StatusCode, body)
		}
		if err := h.follower.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	count := func(words string) int { t.Helper(); return total(t, h, library.Viewer{}, queryText(words)) }
	before := count("topic:data-collection")
	if before == 0 {
		t.Fatal("no publication of the demonstration is about data")
	}
	_, page := get(t, "GET", desk+"/en/desk/vocabularies/topics/data-collection", "en")
	form := formOf(t, page)
	form.Set("label.en", "Counting and Statistics")
	form.Set("label.fr", "Compter les victimes")
	form.Set("do", "save")
	ok("topics/data-collection", form)
	for path, want := range map[string]string{"/en/topics": "Counting and Statistics", "/fr/topics/data-collection": "Compter les victimes", "/en/search?q=compter+les+victimes": "topics/data-collection"} {
		if _, body := get(t, "GET", public+path, "en"); !strings.Contains(body, want) {
			t.Errorf("%s does not say %q", path, want)
		}
	}
	if n := count(`"counting and statistics"`); n < before {
		t.Errorf("%d publications are found by the new name, want %d", n, before)
	}
	ok("topics", url.Values{"label.en": {"Knowing"}})
	ok("topics/data-collection", url.Values{"do": {"merge"}, "into": {"knowing"}, "version": {"1"}, "why": {"one topic"}})
	for _, asked := range []string{"topic:knowing", "topic:data-collection", `topic:"Counting and Statistics"`} {
		if n := count(asked); n != before {
			t.Errorf("%s finds %d, want %d", asked, n, before)
		}
	}
	for path, to := range map[string]string{"/en/topics/data-collection": "/en/topics/knowing", "/vocabularies/topics/data-collection": "/vocabularies/topics/knowing"} {
		if res, _ := get(t, "GET", public+path, "en"); res.StatusCode != http.StatusMovedPermanently || res.Header.Get("Location") != to {
			t.Errorf("%s answers %d to %s", path, res.StatusCode, res.Header.Get("Location"))
		}
	}
	if _, body := get(t, "GET", public+"/vocabularies/topics.ttl", "en"); !strings.Contains(body, `"Compter les victimes"@fr`) || !strings.Contains(body, "dct:isReplacedBy <"+public+"/vocabularies/topics/knowing>") {
		t.Errorf("the file of topics lacks what was changed:\n%.3000s", body)
	}
	_, page = get(t, "GET", desk+"/en/desk/vocabularies/topics/data-collection", "en")
	for _, want := range []string{"one topic", "Ada", "Data Collection</bdi></del>", "Merged into Knowing"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of the term lacks %q", want)
		}
	}
	ok("topics/data-collection", url.Values{"do": {"unmerge"}, "version": {"2"}})
	if n := count("topic:data-collection"); n != before {
		t.Errorf("%d publications are about data again, want %d", n, before)
	}
	if n := count("topic:knowing"); n != 0 {
		t.Errorf("%d publications stay with the other topic", n)
	}
}

// TestVocabularyRefused: what cannot be kept is said, and nothing is lost; the
// pages are for administrators alone.
func TestVocabularyRefused(t *testing.T) {
	h, public := demoSite(t)
	desk := doorFor(t, h, ada)
	for _, row := range []struct {
		path   string
		values url.Values
		status int
		says   string
	}{
		{"topics", url.Values{"label.en": {"Protection"}, "code": {"p2"}}, 422, "which leads to protection"},
		{"topics", url.Values{"label.en": {"Protection"}}, 409, "already"},
		{"topics/protection", url.Values{"do": {"merge"}, "version": {"0"}}, 422, "circle"},
		{"topics/protection", url.Values{"do": {"deprecate"}, "version": {"7"}}, 409, "stands at 0"},
		{"topics/protection", url.Values{"do": {"save"}, "version": {"0"}, "label.fr": {"Le mot gardé"}}, 422, "Le mot gardé"},
		{"topics/nothing", url.Values{"do": {"deprecate"}, "version": {"0"}}, 404, ""},
		{"regions/015", url.Values{"do": {"merge"}, "into": {"worldwide"}, "version": {"0"}}, 422, ""},
		{"languages", url.Values{"label.en": {"Elvish"}}, 404, ""},
		{"countries", url.Values{"label.en": {"Utopia"}, "code": {"UT"}}, 422, "ISO 3166-1"},
	} {
		res, body := post(t, desk+"/en/desk/vocabularies/"+row.path, row.values)
		if res.StatusCode != row.status || !strings.Contains(body, row.says) {
			t.Errorf("%s %v: %d, want %d and %q", row.path, row.values, res.StatusCode, row.status, row.says)
		}
	}
	for _, site := range []string{public, doorFor(t, h, ana), doorFor(t, h, bo)} {
		for _, path := range []string{"", "/topics", "/topics/protection"} {
			if res, _ := get(t, "GET", site+"/en/desk/vocabularies"+path, "en"); res.StatusCode != http.StatusNotFound {
				t.Errorf("%s answers %d", path, res.StatusCode)
			}
		}
		if res, _ := post(t, site+"/en/desk/vocabularies/topics", url.Values{"label.en": {"X"}}); res.StatusCode != http.StatusNotFound {
			t.Errorf("adding a term answers %d", res.StatusCode)
		}
	}
}

// TestVocabularyUpload: a file of SKOS is previewed, then taken.
func TestVocabularyUpload(t *testing.T) {
	h, _ := demoSite(t)
	desk := doorFor(t, h, ada)
	send := func(name, content, do string) (*http.Response, string) {
		t.Helper()
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		part, err := w.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		part.Write([]byte(content))
		w.WriteField("do", do)
		w.Close()
		req, err := http.NewRequestWithContext(t.Context(), "POST", desk+"/en/desk/vocabularies/thesaurus/import", &b)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", w.FormDataContentType())
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		return sent(t, req)
	}
	file := `@prefix skos: <http://www.w3.org/2004/02/skos/core#> . <urn:x> a skos:Concept ; skos:prefLabel "pig butchering scheme"@en, "escroquerie au long cours"@fr .`
	if res, body := send("t.ttl", file, "preview"); res.StatusCode != 200 || !strings.Contains(body, "would add 1") {
		t.Errorf("the preview answers %d", res.StatusCode)
	}
	if _, there := h.vocabularies.Concepts.Get("pig-butchering-scheme"); there {
		t.Error("the preview added a term")
	}
	if res, body := send("t.ttl", "nonsense", "import"); res.StatusCode != 422 || !strings.Contains(body, "line 1") {
		t.Errorf("nonsense answers %d", res.StatusCode)
	}
	if res, _ := send("t.ttl", file, "import"); res.StatusCode != http.StatusSeeOther {
		t.Errorf("the import answers %d", res.StatusCode)
	}
	if term, there := h.vocabularies.Concepts.Find("Escroquerie au long cours"); !there || term.Code != "pig-butchering-scheme" {
		t.Errorf("the new term is %+v", term)
	}
}

// TestVocabulariesInBrowser looks at the pages of vocabularies.
func TestVocabulariesInBrowser(t *testing.T) {
	ctx := browser(t)
	h, _ := demoSite(t)
	site := doorFor(t, h, ada)
	lookAt(t, ctx, site, map[string]string{"vocabularies": "/desk/vocabularies", "term": "/desk/vocabularies/regions/asia-pacific"})
	do(t, ctx, chromedp.EmulateViewport(1280, 800), chromedp.Navigate(site+"/en/desk/vocabularies/topics"),
		chromedp.SendKeys("#label-en", "Scam Compounds"), chromedp.SendKeys("#label-en", "\r"), chromedp.WaitVisible("#others-fr"),
		chromedp.SendKeys("#label-fr", "Centres d’escroquerie"), chromedp.SendKeys("#label-fr", "\r"), chromedp.WaitVisible(".past li:nth-child(2)"))
	if got := h.vocabularies.Topics.Label("scam-compounds", "fr"); got != "Centres d’escroquerie" {
		t.Errorf("the topic is called %q in French", got)
	}
}

// lookAt shows pages in English and Arabic, small and large, light and dark: no
// fault of axe-core, nothing wider than the window.
func lookAt(t *testing.T, ctx context.Context, site string, pages map[string]string) {
	t.Helper()
	axe, err := os.ReadFile("../testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for name, path := range pages {
		for _, lang := range []string{"en", "ar"} {
			for width, dark := range map[int64]string{360: "light", 1280: "dark"} {
				scheme(t, ctx, dark)
				do(t, ctx, chromedp.EmulateViewport(width, 800), chromedp.Navigate(site+"/"+lang+path))
				if wide := eval[float64](t, ctx, `document.documentElement.scrollWidth`); wide > float64(width) {
					t.Errorf("%s %s is %.0f pixels wide on a screen of %d: %v", lang, path, wide, width, eval[[]string](t, ctx, tooWide))
				}
				if strings.HasPrefix(path, "/desk") && eval[bool](t, ctx, `document.querySelector("main .desk") === null`) {
					t.Errorf("%s is no page of the desk", path)
				}
				eval[bool](t, ctx, string(axe)+";true")
				for _, v := range violations(t, ctx) {
					t.Errorf("%s %s %d %s: %s", lang, path, width, dark, v)
				}
				look(t, ctx, fmt.Sprintf("%s-%s-%d-%s", name, lang, width, dark))
			}
		}
	}
}

// sent sends a request to a door.
func sent(t testing.TB, req *http.Request) (*http.Response, string) {
	t.Helper()
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

// TestVocabularyExchange: what one library writes with its changes, another reads
// and writes the same, in both formats; a second reading changes nothing.
func TestVocabularyExchange(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	run := func(data string, args ...string) string {
		t.Helper()
		code, out, errs := waymark(t, data, append([]string{"vocabulary"}, args...)...)
		if code != exitWell {
			t.Fatalf("%v: %d %s%s", args, code, out, errs)
		}
		return out
	}
	changes := filepath.Join(t.TempDir(), "changes.ttl")
	if err := os.WriteFile(changes, []byte(`@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dct: <http://purl.org/dc/terms/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
<urn:x:1> a skos:Concept ; skos:notation "scam-compounds" ; skos:prefLabel "Scam compounds"@en, "مجمّعات الاحتيال"@ar ; skos:altLabel "KK Park", "园区"@zh ; skos:broader <urn:x:2> .
<urn:x:2> a skos:Concept ; skos:notation "forced-criminality" ; skos:prefLabel "Forced criminality"@en .
<urn:x:3> a skos:Concept ; skos:notation "organ-removal" ; skos:prefLabel "Organ removal"@en ; dct:isReplacedBy <urn:x:1> ; owl:deprecated true .`), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := run(one, "import", "topics", changes, "--dry-run"); !strings.Contains(out, "1 new, 2 changed, 0 as they were (nothing was written)") {
		t.Error(out)
	}
	run(one, "import", "topics", changes)
	for _, format := range []string{"turtle", "jsonld"} {
		file := filepath.Join(t.TempDir(), "topics."+map[string]string{"turtle": "ttl", "jsonld": "jsonld"}[format])
		first := run(one, "export", "topics", "--format", format)
		if err := os.WriteFile(file, []byte(first), 0o600); err != nil {
			t.Fatal(err)
		}
		run(two, "import", "topics", file)
		if out := run(two, "import", "topics", file); !strings.Contains(out, "0 new, 0 changed") {
			t.Errorf("%s again: %s", format, out)
		}
		if second := run(two, "export", "topics", "--format", format); second != first {
			t.Errorf("%s: the second library writes something else", format)
		}
		two = t.TempDir()
	}
}
