package feed

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/fetch"
)

// work is a page that describes a work.
func work(title string) handler {
	return say(`<html><head><script type="application/ld+json">{"@context":"https://schema.org","@type":"Report","name":"` + title + `"}</script></head>`)
}

// urlset lists addresses, each with what follows a space as its lastmod.
func urlset(addresses ...string) string {
	return list("urlset", "url", addresses)
}

func sitemapindex(addresses ...string) string {
	return list("sitemapindex", "sitemap", addresses)
}

func list(root, element string, addresses []string) string {
	text := `<?xml version="1.0"?><` + root + ` xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`
	for _, a := range addresses {
		loc, lastmod, dated := strings.Cut(a, " ")
		if text += "<" + element + "><loc>" + loc + "</loc>"; dated {
			text += "<lastmod>" + lastmod + "</lastmod>"
		}
		text += "</" + element + ">"
	}
	return text + "</" + root + ">"
}

// TestSitemapsThatLie plays every fault of sitemaps and their pages.
func TestSitemapsThatLie(t *testing.T) {
	failing := map[string]handler{"/start": say(urlset("HOST/1", "HOST/2", "HOST/3", "HOST/4", "HOST/5", "HOST/6", "HOST/7"))}
	for i := range 6 {
		failing[fmt.Sprint("/", i+1)] = status(503)
	}
	failing["/7"] = work("g")
	for _, c := range []struct {
		name    string
		pages   map[string]handler
		titles  string
		problem string
		err     string
	}{
		{"sound", map[string]handler{"/start": say(urlset("HOST/a", "HOST/b", "HOST/c.pdf", "HOST/a")), "/a": work("a"), "/b": say("<html><title>About</title>")}, "a +1", "", ""},
		{"an index, packed", map[string]handler{"/start": say(sitemapindex("HOST/1.xml.gz", "HOST/2.xml")), "/1.xml.gz": packed(urlset("HOST/a")), "/2.xml": say(urlset("HOST/b")), "/a": work("a"), "/b": work("b")}, "a b", "", ""},
		{"indexes in a circle", map[string]handler{"/start": say(sitemapindex("HOST/2", "HOST/start")), "/2": say(sitemapindex("HOST/start", "HOST/2", "HOST/3")), "/3": say(urlset("HOST/a")), "/a": work("a")}, "a", "", ""},
		{"indexes without an end", map[string]handler{"/start": say(sitemapindex("HOST/2")), "/2": say(sitemapindex("HOST/3")), "/3": say(sitemapindex("HOST/4")), "/4": say(sitemapindex("HOST/5")), "/5": say(urlset("HOST/a"))}, "", "", ""},
		{"one sitemap is gone", map[string]handler{"/start": say(sitemapindex("HOST/1", "HOST/2")), "/2": say(urlset("HOST/b")), "/b": work("b")}, "b", "", "/1 answers 404"},
		{"one is a web page", map[string]handler{"/start": say(sitemapindex("HOST/1", "HOST/2")), "/1": say("<html>Sign in"), "/2": say(urlset("HOST/b")), "/b": work("b")}, "b", "", "/1 is a web page"},
		{"a web page", map[string]handler{"/start": say("<html>")}, "", "", "is a web page"},
		{"cut in the middle", map[string]handler{"/start": say(urlset("HOST/a", "HOST/b")[:130]), "/a": work("a")}, "a", "", "damaged"},
		{"bad bytes", map[string]handler{"/start": say(urlset("HOST/a\xff\x00", "HOST/b")), "/b": work("b")}, "! b", "answers 404", ""},
		{"a bomb", map[string]handler{"/start": bomb}, "", "", "larger than"},
		{"a huge page", map[string]handler{"/start": say(urlset("HOST/a", "HOST/b")), "/a": say(strings.Repeat("x", maxPage+1)), "/b": work("b")}, "! b", "larger than", ""},
		{"a page gone", map[string]handler{"/start": say(urlset("HOST/a", "HOST/b")), "/b": work("b")}, "! b", "answers 404", ""},
		{"slow drip", map[string]handler{"/start": say(urlset("HOST/a", "HOST/b")), "/a": drip, "/b": work("b")}, "! b", "ended early", ""},
		{"other hosts", map[string]handler{"/start": say(urlset("http://192.0.2.1/a", "file:///etc/passwd", "HOST/b")), "/b": work("b")}, "b !", "2 pages of the sitemap are on other hosts", ""},
		{"pages that lead away", map[string]handler{"/start": say(urlset("HOST/a", "HOST/b")), "/a": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "ftp://192.0.2.1/", http.StatusFound)
		}, "/b": work("b")}, "! b", "not an address of the web", ""},
		{"robots.txt", map[string]handler{"/start": say(urlset("HOST/inner/a", "HOST/b")), "/robots.txt": say("User-agent: *\nDisallow: /inner"), "/inner/a": work("a"), "/b": work("b")}, "! b", "robots.txt", ""},
		{"pages that fail on a host that is well", failing, "! ! ! ! ! ! g", "answers 503", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, client := serve(t, c.pages)
			defer func() {
				if once := slices.Compact(slices.Sorted(slices.Values(s.asked))); len(once) != len(s.asked) && c.name != "pages that fail on a host that is well" {
					t.Errorf("asked again: %q", s.asked)
				}
			}()
			if c.name == "slow drip" {
				client.Web.(*fetch.Client).Timeout = 200 * time.Millisecond
			}
			titles, problems, err := told(t, client.Pages(t.Context(), Ask{}))
			if titles != c.titles || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q, %v; want %q, %q", titles, err, c.titles, c.err)
			}
			if all := strings.Join(problems, "; "); !strings.Contains(all, c.problem) || (all == "") != (c.problem == "") {
				t.Errorf("problems %q, want %q", all, c.problem)
			}
		})
	}
}

// TestHostInTrouble: a host that no longer answers is left alone.
func TestHostInTrouble(t *testing.T) {
	pages := map[string]handler{"/a": work("a")}
	var s *source
	pages["/start"] = say(urlset("HOST/a", "HOST/1", "HOST/2", "HOST/3", "HOST/4", "HOST/5", "HOST/6"))
	pages["/1"] = func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		delete(s.pages, "/start")
		s.mu.Unlock()
		w.WriteHeader(http.StatusBadGateway)
	}
	for i := 2; i <= 6; i++ {
		pages[fmt.Sprint("/", i)] = status(502)
	}
	s, client := serve(t, pages)
	titles, _, err := told(t, client.Pages(t.Context(), Ask{}))
	if titles != "" || err == nil || !strings.Contains(err.Error(), "5 pages one after the other") || s.asked[len(s.asked)-1] != "/start" || slices.Contains(s.asked, "/6") {
		t.Errorf("%q, %v after %q", titles, err, s.asked)
	}
}

// TestWhatIsNew: pages and sitemaps that have not changed are not asked for, nor
// those without a date that are known.
func TestWhatIsNew(t *testing.T) {
	s, client := serve(t, map[string]handler{
		"/start": say(sitemapindex("HOST/old 2026-01-01", "HOST/new 2026-03-05T10:00:00+02:00")),
		"/new": say(urlset("HOST/before 2026-02-27", "HOST/day 2026-03-01", "HOST/minute 2026-03-01T00:05Z", "HOST/after 2026-03-02T00:00:00.5Z",
			"HOST/known", "HOST/unknown", "HOST/odd yesterday")),
		"/day": work("day"), "/minute": work("minute"), "/after": work("after"), "/known": work("known"), "/unknown": work("unknown"), "/odd": work("odd"),
	})
	titles, problems, err := told(t, client.Pages(t.Context(), Ask{Since: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Known: func(_ context.Context, address string) (bool, error) {
		return strings.HasSuffix(address, "/known"), nil
	}}))
	if titles != "day minute after unknown odd" || len(problems) > 0 || err != nil {
		t.Errorf("%q, %q, %v", titles, problems, err)
	}
	if slices.Contains(s.asked, "/old") || slices.Contains(s.asked, "/before") || slices.Contains(s.asked, "/known") {
		t.Errorf("asked %q", s.asked)
	}
}

// TestPagesGoOn: a run goes on after the page where an earlier one stopped, and
// begins anew when that is gone.
func TestPagesGoOn(t *testing.T) {
	pages := map[string]handler{"/start": say(sitemapindex("HOST/1", "HOST/2"))}
	var lists [2][]string
	for i := range 2 * batchPages {
		name := fmt.Sprint("p", i)
		pages["/"+name] = work(name)
		lists[i/batchPages] = append(lists[i/batchPages], "HOST/"+name)
	}
	lists[0] = append(lists[0], "HOST/last") // the batch ends with the first sitemap
	pages["/last"] = work("last")
	pages["/1"], pages["/2"] = say(urlset(lists[0][1:]...)), say(urlset(lists[1]...))
	s, client := serve(t, pages)
	token := ""
	for batch, err := range client.Pages(t.Context(), Ask{}) {
		if err != nil || len(batch.Records) != batchPages {
			t.Fatal(len(batch.Records), err)
		}
		token = batch.Token
		break
	}
	if strings.TrimPrefix(token, s.URL) != "/1\n"+s.URL+"/last" {
		t.Fatalf("token %q", token)
	}
	s.asked = nil
	if titles, _, err := told(t, client.Pages(t.Context(), Ask{Token: token})); !strings.HasPrefix(titles, "p25 p26 ") || strings.Count(titles, "p") != batchPages || err != nil {
		t.Errorf("%q, %v", titles, err)
	}
	for _, c := range []struct{ token, first string }{{s.URL + "/gone\n" + s.URL + "/p3", "p1 p2 "}, {s.URL + "/2\n" + s.URL + "/gone", "p25 p26 "}} {
		if titles, _, err := told(t, client.Pages(t.Context(), Ask{Token: c.token})); !strings.HasPrefix(titles, c.first) || err != nil {
			t.Errorf("%q: %q, %v", c.token, titles, err)
		}
	}
}

// TestKeys: each work has a key of its own, and the page as its link.
func TestKeys(t *testing.T) {
	s, client := serve(t, map[string]handler{"/start": say(urlset("HOST/a", "HOST/b")), "/a": work("a"),
		"/b": say(`<html><script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"Book","name":"One"},{"@type":"Book","name":"Two","url":"/two"}]}</script>`)})
	var got []string
	for batch, err := range client.Pages(t.Context(), Ask{}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range batch.Records {
			got = append(got, strings.ReplaceAll(r.Draft.Key+" "+r.Draft.Links[0].URL, s.URL, ""))
		}
	}
	if want := []string{"/a /a", "/b#One /b", "/b#/two /two"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func FuzzSitemap(f *testing.F) {
	f.Add([]byte(urlset("http://a.example/1 2026-01-01", "http://a.example/2")))
	f.Add([]byte(sitemapindex("http://a.example/1")))
	f.Add([]byte(rss("/2", "a")))
	f.Fuzz(func(t *testing.T, data []byte) {
		body := mend(data)
		_, _ = parseSitemap(body)
		_, _, _ = rootOf(body), titleOf(body), nextOf(body, "http://a.example/")
	})
}
