package app

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// demoSite opens the whole program over a new folder with the demonstration
// collection and gives its address.
func demoSite(t testing.TB) (*house, string) {
	t.Helper()
	return siteOf(t, t.TempDir(), true)
}

// siteOf opens the whole program over a library's folder.
func siteOf(t testing.TB, data string, demo bool) (*house, string) {
	t.Helper()
	ctx := t.Context()
	cfg := Config{Data: data}
	h, err := cfg.openSearch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if h.close(&err); err != nil {
			t.Error(err)
		}
	})
	if demo {
		if err := h.importDemo(ctx, io.Discard); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.follower.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	handler, err := h.doors(&cfg, demo)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return h, server.URL
}

// client follows no redirect.
func client() *http.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func get(t testing.TB, method, address, accept string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Language", accept)
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

const sudan = "01KDVDNJS8DXTD579KJCPMCCHX" // the strategy for Sudan there

const palermo = "01KDVDP5B0PRG1AGFB2RCVAD5J" // the protocol of 2000, in the demonstration collection

func TestDoors(t *testing.T) {
	_, site := demoSite(t)
	long := url.QueryEscape(strings.Repeat("trafficking ", 900))
	for _, c := range []struct {
		name, method, path, accept string
		status                     int
		location                   string
		want, refuse               []string
	}{
		{name: "the root leads to the reader's language", path: "/", accept: "ar,en;q=0.5", status: 302, location: "/ar/"},
		{name: "a lasting address too, with its query", path: "/r/" + palermo + "?x=1", accept: "fr", status: 302, location: "/fr/r/" + palermo + "?x=1"},
		{name: "home", path: "/en/", status: 200, want: []string{"108 publications", `href="/en/topics/`, `lang="en" dir="ltr"`}},
		{name: "home in Arabic", path: "/ar/", status: 200, want: []string{`lang="ar" dir="rtl"`}},
		{name: "topic", path: "/en/topics/armed-conflict", status: 200, want: []string{"Armed Conflict", "Targeting Vulnerabilities"}},
		{name: "a name stands for its code", path: "/en/countries/Sudan", status: 301, location: "/en/countries/SD"},
		{name: "country", path: "/en/countries/SD", status: 200, want: []string{"Strategy to Address Human Trafficking"}},
		{name: "a region lists its members' works", path: "/en/regions/east-horn-africa", status: 200, want: []string{"Listed here through Sudan"}},
		{name: "year", path: "/en/years/2009", status: 200, want: []string{"Model Law against Trafficking"}},
		{name: "language", path: "/en/languages/ru", status: 200, want: []string{"Национальные механизмы"}},
		{name: "all countries", path: "/fr/countries", status: 200, want: []string{"Soudan"}},
		{name: "all years", path: "/en/years", status: 200, want: []string{"/en/years/1926"}},
		{name: "about", path: "/ru/about", status: 200},
		{name: "record", path: "/en/r/" + palermo, status: 200, want: []string{"Protocol to Prevent, Suppress and Punish", "http://", "2000"}},
		{name: "record, lower case", path: "/en/r/" + strings.ToLower(palermo), status: 301, location: "/en/r/" + palermo},
		{name: "a newer edition is named first", path: "/en/r/01KDVDQBDRYKX49KW6GH1YNBNJ", status: 200, want: []string{"A newer edition replaces this one", "/en/r/01KDVDQCD0FAM1ERYETTRZYD2A", "In other languages", "Национальные механизмы"}},
		{name: "and the older one by the newer", path: "/en/r/01KDVDQCD0FAM1ERYETTRZYD2A", status: 200, want: []string{"Replaces", "/en/r/01KDVDQBDRYKX49KW6GH1YNBNJ"}, refuse: []string{"A newer edition"}},
		{name: "translations know each other", path: "/zh/r/01KDVDQV1R8JW6JZZ0NRRNBMNT", status: 200, want: []string{"/zh/r/01KDVDQW10SDE1GD8XSY6GMWEW", "/zh/r/01KDVDQS38G0GKMSR7RMBFPBZG", "A/RES/64/293"}},
		{name: "search marks its words", path: "/en/search?q=trafficked+ukraine", status: 200, want: []string{"<mark>Trafficking</mark>", "<mark>Ukraine</mark>"}},
		{name: "search with a facet", path: "/en/search?country=SD", status: 200, want: []string{"Country: Sudan", `rel="nofollow"`, "noindex"}},
		{name: "a name as a facet", path: "/en/search?country=Soudan", status: 200, want: []string{"Country: Sudan"}},
		{name: "a phrase", path: "/en/search?q=" + url.QueryEscape(`"criminal justice practitioners"`), status: 200, want: []string{"1 publication<", "Anti-Human Trafficking Manual"}},
		{name: "field and name in another language", path: "/en/search?q=" + url.QueryEscape("country:Soudan"), status: 200, want: []string{"1 publication<", "Strategy to Address"}},
		{name: "author by acronym, without a word", path: "/en/search?q=" + url.QueryEscape("author:GAATW -children"), status: 200, want: []string{"1 publication<", "Collateral Damage"}},
		{name: "an unknown name is a word", path: "/en/search?q=" + url.QueryEscape("country:Atlantis"), status: 200, want: []string{"Nothing was found"}},
		{name: "a year that is none is a word", path: "/en/search?q=" + url.QueryEscape("year:20x9"), status: 200, want: []string{"Nothing was found"}},
		{name: "either of two, begun", path: "/en/search?q=" + url.QueryEscape("(parliamentar* OR SAARC) year:2000..2010"), status: 200, want: []string{"2 publications<", "<mark>Parliamentarians</mark>"}},
		{name: "Chinese marks whole words", path: "/zh/search?q=" + url.QueryEscape("人口贩运"), status: 200, want: []string{"<mark>人口贩运</mark>"}, refuse: []string{"<mark>人</mark>"}},
		{name: "a misspelt word", path: "/en/search?q=traficking+ukrane&language=en", status: 200,
			want: []string{"Nothing was found for “traficking ukrane”", "<strong>trafficking ukraine</strong>", "/en/search?q=traficking&#43;ukrane&amp;exact=1&amp;language=en"}},
		{name: "a misspelt word, all the same", path: "/en/search?q=traficking&exact=1", status: 200, want: []string{"Did you mean", "/en/search?q=trafficking&amp;exact=1", "Search other names"}},
		{name: "other names of a concept", path: "/en/search?q=forced+labour", status: 200, want: []string{"Also searched:", "travail forcé", "trabajo forzoso", "/en/search?q=forced&#43;labour&amp;exact=1"}},
		{name: "only the words", path: "/en/search?q=forced+labour&exact=1", status: 200, want: []string{"Only your own words"}, refuse: []string{"travail forcé"}},
		{name: "suggestions", path: "/fr/suggest?q=soud", status: 200, want: []string{`"label":"Soudan","kind":"Pays"`, `"url":"/fr/countries/SD"`}},
		{name: "suggestions of an organisation by a word of its name", path: "/en/suggest?q=migration", status: 200, want: []string{`"label":"International Organization for Migration`, `"kind":"Author"`}},
		{name: "suggestions of titles", path: "/en/suggest?q=referral+mech", status: 200, want: []string{`"kind":"Publication"`, "/en/r/"}},
		{name: "no suggestions", path: "/en/suggest?q=zzyzx", status: 200, want: []string{"[]"}},
		{name: "suggestions of nothing", path: "/en/suggest", status: 200, want: []string{"[]"}},
		{name: "values of a field", path: "/en/search/values/author?q=trafficking", status: 200, want: []string{"Find by name", "/en/search?q=trafficking&amp;author="}},
		{name: "values by name", path: "/en/search/values/country?q=trafficking&find=souda", status: 200, want: []string{"country=SD"}, refuse: []string{"country=UA"}},
		{name: "no values by name", path: "/en/search/values/author?find=zzyzx", status: 200, want: []string{"No name in these results"}},
		{name: "deeper than any list", path: "/en/search?page=99999", status: 404, want: []string{"There is no page 1,001"}},
		{name: "values of no field", path: "/en/search/values/colour", status: 404},
		{name: "unfinished", path: "/en/search?q=" + url.QueryEscape(`(("traffick OR -`), status: 200},
		{name: "nothing found helps", path: "/en/search?q=zzyzx", status: 200, want: []string{"Nothing was found", "Use fewer words"}},
		{name: "SQL", path: "/en/search?q=" + url.QueryEscape(`'; DROP TABLE entries; --`), status: 200},
		{name: "HTML is escaped", path: "/en/search?q=" + url.QueryEscape(`"><script>alert(1)</script>`), status: 200, refuse: []string{"<script>alert"}},
		{name: "10 KB of words", path: "/en/search?q=" + long, status: 200, want: []string{"only its beginning was searched"}},
		{name: "broken UTF-8", path: "/en/search?q=%ff%fe", status: 200},
		{name: "a NUL", path: "/en/search?q=%00", status: 200},
		{name: "unknown parameters are passed over", path: "/en/search?utm_source=x", status: 200},
		{name: "a year that is none", path: "/en/search?year=20x9", status: 400, want: []string{"Year: 20x9"}},
		{name: "years the wrong way round", path: "/en/search?year=2016..2009", status: 200, want: []string{"2009..2016"}},
		{name: "years from a form", path: "/en/search?year=2009&year=2010", status: 200, want: []string{"2009..2010"}},
		{name: "an unknown country", path: "/en/search?country=Atlantis", status: 400, want: []string{"Country: Atlantis"}},
		{name: "an unknown author", path: "/en/search?author=nobody", status: 400, want: []string{"Author: nobody"}},
		{name: "an unknown order", path: "/en/search?sort=colour", status: 400, want: []string{"Order: colour"}},
		{name: "page zero", path: "/en/search?page=0", status: 400},
		{name: "page minus one", path: "/en/search?page=-1", status: 400},
		{name: "page past the end", path: "/en/search?kind=publication&page=99", status: 404, want: []string{"This list ends on page 11", "page=11"}},
		{name: "page past the end of a topic", path: "/en/topics/armed-conflict?page=99", status: 404, want: []string{"Go to the last page"}},
		{name: "unknown page", path: "/en/nothing", status: 404, want: []string{"This page does not exist", `action="/en/search"`}},
		{name: "unknown page without a language", path: "/nothing", accept: "es", status: 404, want: []string{`lang="es"`}},
		{name: "the evidence map", path: "/en/evidence", status: 200, want: []string{"52 studies", "Direct assistance × Access to services: ", "Demonstration: the publications are real"}},
		{name: "its axes swap and filters count", path: "/en/evidence?swap=1&setting=camp", status: 200, want: []string{"Outcome × Intervention", "of 52 studies", "hidden by your filters"}},
		{name: "a cell", path: "/en/evidence/studies?row=assistance&col=access-services", status: 200, want: []string{"Direct assistance × Access to services", "/en/evidence/studies/01KEV"}},
		{name: "no such cell", path: "/en/evidence/studies?row=magic", status: 404},
		{name: "no such bars", path: "/en/evidence?by=colour", status: 400},
		{name: "a study", path: "/en/evidence/studies/01KEVDP3CGFBANAT3JSFXV1REC", status: 200, want: []string{"two coders agree", "/en/r/01KDVDP3CGFBANAT3JSFXV1REC"}, refuse: []string{"demonstration A"}},
		{name: "its publication leads to it", path: "/en/r/01KDVDP3CGFBANAT3JSFXV1REC", status: 200, want: []string{"In the evidence map"}},
		{name: "gaps", path: "/fr/evidence/gaps", status: 200, want: []string{"Cela ne dit rien de l&#39;effet", "Lacunes consignées"}},
		{name: "a map as JSON", path: "/en/evidence/export/json", status: 200, want: []string{`"demo": true`}, refuse: []string{"demonstration A"}},
		{name: "a map in no format", path: "/en/evidence/export/doc", status: 404},
		{name: "indicators", path: "/en/indicators", status: 200, want: []string{"Safe place within 48 hours", "Synthetic:"}},
		{name: "an indicator", path: "/en/indicators/shelter-in-time", status: 200, want: []string{"Not comparable with the panels above: the kinds of source differ", "Synthetic:", `role="img"`}},
		{name: "never ranked", path: "/en/indicators/identified-victims?rank=1", status: 200, want: []string{"No ranking: more is neither better nor worse"}},
		{name: "a number leads to its source", path: "/en/indicators/shelter-in-time/value?area=AL&period=2014&source=case-management", status: 200, want: []string{"/en/indicators/shelter-in-time/sources#s-AL-case-management", "Synthetic:", "As it was released"}},
		{name: "its source", path: "/en/indicators/shelter-in-time/sources", status: 200, want: []string{`id="s-AL-case-management"`, "generator with a fixed seed"}},
		{name: "a region", path: "/en/indicators/shelter-in-time?area=middle-east", status: 200, want: []string{"Put together from"}},
		{name: "no such area", path: "/en/indicators/shelter-in-time?area=Atlantis", status: 400},
		{name: "no such code", path: "/en/indicators/shelter-in-time?sex=X", status: 400},
		{name: "numbers as JSON-stat", path: "/en/indicators/shelter-in-time/data/jsonstat", status: 200, want: []string{"SYNTHETIC"}},
		{name: "results", path: "/en/results/demo", status: 200, want: []string{"Baseline", "Synthetic:"}},
		{name: "unknown record", path: "/en/r/01ARZ3NDEKTSV4RRFFQ69G5FAV", status: 404},
		{name: "no id at all", path: "/en/r/x'y", status: 404},
		{name: "unknown topic", path: "/en/topics/nothing", status: 404},
		{name: "a year that is none, as a page", path: "/en/years/20x9", status: 404},
		{name: "a range is no page of a year", path: "/en/years/2009..2010", status: 404},
		{name: "writing is refused", method: "POST", path: "/en/search", status: 405, want: []string{"This page can only be read"}},
		{name: "unknown asset", path: "/assets/none.css", status: 404},
		{name: "citations", path: "/en/r/" + palermo + "/cite", status: 200, want: []string{"APA 7", "(2000). <i>Protocol to Prevent, Suppress and Punish", "/r/" + palermo + "/export/bibtex"}},
		{name: "citations in Arabic", path: "/ar/r/" + palermo + "/cite", status: 200, want: []string{"<bdi"}},
		{name: "citations of nothing", path: "/en/r/01ARZ3NDEKTSV4RRFFQ69G5FAV/cite", status: 404},
		{name: "a format that is not written", path: "/r/" + palermo + "/export/page", status: 404},
		{name: "no format", path: "/en/search/export/nothing?q=trafficking", status: 404},
		{name: "export of a search that cannot be", path: "/en/search/export/ris?year=20x9", status: 400},
		{name: "an empty reading list", path: "/en/list", status: 200, want: []string{"This list is empty"}},
		{name: "a reading list", path: "/en/list?r=" + palermo + "&r=" + sudan, status: 200,
			want: []string{"2 publications", "/en/list?r=" + sudan + "\"", "/en/list/export/csv?r=" + palermo + "&amp;r=" + sudan, "/en/search?list=" + palermo + "." + sudan, "noindex"}},
		{name: "of what is not there", path: "/en/list?r=" + palermo + "&r=01ARZ3NDEKTSV4RRFFQ69G5FAV&r=x%22%3E&r=" + palermo, status: 200, want: []string{"1 publication<", "1 publication of this list is not"}, refuse: []string{`x">`}},
		{name: "in another style", path: "/en/list?r=" + palermo + "&style=un", status: 200, want: []string{"United Nations</bdi></a>", `style=un" rel="nofollow" aria-current`}},
		{name: "an open list goes along", path: "/en/search?q=sudan&list=" + palermo, status: 200,
			want: []string{`<nav class="basket"`, `name="list" value="` + palermo + `"`, "/en/r/" + sudan + "?list=" + palermo, "/en/topics?list=", "list=" + palermo + "." + sudan, "&amp;list=" + palermo}},
		{name: "and can be taken from", path: "/en/r/" + palermo + "?list=" + palermo, status: 200, want: []string{"Remove from the list", "/en/r/" + palermo + "?list=\""}},
		{name: "robots", path: "/robots.txt", status: 200, want: []string{"Disallow: /ar/search"}},
		{name: "health", path: "/healthz", status: 200, want: []string{"ok"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			method := c.method
			if method == "" {
				method = "GET"
			}
			accept := c.accept
			if accept == "" {
				accept = "en"
			}
			res, body := get(t, method, site+c.path, accept)
			if res.StatusCode != c.status {
				t.Fatalf("status %d, want %d\n%.600s", res.StatusCode, c.status, body)
			}
			if got := res.Header.Get("Location"); got != c.location {
				t.Errorf("leads to %q, want %q", got, c.location)
			}
			for _, s := range c.want {
				if !strings.Contains(body, s) {
					t.Errorf("lacks %q", s)
				}
			}
			for _, s := range append(c.refuse, "%!", "ZgotmplZ", "no such table") {
				if strings.Contains(body, s) {
					t.Errorf("holds %q", s)
				}
			}
			if csp := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'self'") {
				t.Errorf("content security policy %q", csp)
			}
		})
	}
}

var internal = regexp.MustCompile(`(?:href|src|action)="([^"]+)"`)

// TestEveryLink walks the site from the home page of each language: every
// internal link answers, no page asks another host for a part of itself, and
// each keeps to its budget.
func TestEveryLink(t *testing.T) {
	_, site := demoSite(t)
	const budget = 14 << 10 // bytes of compressed HTML
	pages := walk(t, site, func(path, body string) {
		if n := compressed(t, body); n > budget {
			t.Errorf("%s has %d bytes compressed, more than %d", path, n, budget)
		}
		if strings.Contains(body, `src="http`) || strings.Contains(body, `rel="stylesheet" href="http`) {
			t.Errorf("%s asks another host for a part of itself", path)
		}
	})
	if pages < 200 {
		t.Errorf("only %d pages were reached", pages)
	}
}

// walk visits the pages of every language that links lead to, but for the
// combinations of filters, which have no end, and gives their number.
func walk(t *testing.T, site string, visit func(path, body string)) int {
	t.Helper()
	const most = 400
	queue, seen := []string{"/"}, map[string]bool{"/": true}
	for _, l := range []string{"ar", "zh", "en", "fr", "ru", "es"} {
		queue = append(queue, "/"+l+"/")
	}
	pages := 0
	for len(queue) > 0 && pages < most {
		path := queue[0]
		queue = queue[1:]
		res, body := get(t, "GET", site+path, "en")
		if res.StatusCode >= 400 {
			t.Errorf("%s answers %d", path, res.StatusCode)
		}
		if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			continue
		}
		pages++
		visit(path, body)
		for _, m := range internal.FindAllStringSubmatch(body, -1) {
			to := strings.TrimPrefix(strings.ReplaceAll(m[1], "&amp;", "&"), site)
			to, _, _ = strings.Cut(to, "#")
			if strings.HasPrefix(to, "/") && !endless(to) && !strings.Contains(to, "/sign-in") && !seen[to] {
				seen[to] = true
				queue = append(queue, to)
			}
		}
	}
	return pages
}

// endless tells an address of which there are as many as combinations: of
// filters, and of publications on a reading list.
func endless(address string) bool {
	return strings.Contains(address, "/search?") || strings.Contains(address, "list=")
}

func compressed(t *testing.T, body string) int {
	t.Helper()
	var n counter
	w := gzip.NewWriter(&n)
	if _, err := io.WriteString(w, body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return int(n)
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
