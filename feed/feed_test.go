package feed

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/fetch"
)

type handler = func(w http.ResponseWriter, r *http.Request)

// source is a host under test that remembers what was asked.
type source struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
	pages map[string]handler
}

// serve answers each path by what pages has for it; "HOST" in a text is the
// host itself.
func serve(t *testing.T, pages map[string]handler) (*source, *Client) {
	t.Helper()
	s := &source{pages: pages}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		if r.URL.Path != "/robots.txt" {
			s.asked = append(s.asked, r.URL.RequestURI())
		}
		page := s.pages[r.URL.RequestURI()]
		s.mu.Unlock()
		if page == nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		page(w, r)
	}))
	t.Cleanup(s.Close)
	web := &fetch.Client{AllowPrivate: true, Pause: time.Millisecond, Timeout: time.Minute, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
	return s, &Client{Address: s.URL + "/start", Web: web}
}

func say(text string) handler {
	return func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, strings.ReplaceAll(text, "HOST", "http://"+r.Host))
	}
}

// packed answers with gzip in the file itself, as sitemaps are kept.
func packed(text string) handler {
	return func(w http.ResponseWriter, r *http.Request) {
		z := gzip.NewWriter(w)
		fmt.Fprint(z, strings.ReplaceAll(text, "HOST", "http://"+r.Host))
		z.Close()
	}
}

// bomb answers with many bytes from few.
func bomb(w http.ResponseWriter, _ *http.Request) {
	z := gzip.NewWriter(w)
	for range maxSource>>20 + 2 {
		z.Write(bytes.Repeat([]byte(" "), 1<<20))
	}
	z.Close()
}

// drip answers a beginning and then nothing more.
func drip(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, "<rss")
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

func status(code int) handler {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func rss(next string, titles ...string) string {
	text := `<?xml version="1.0"?><rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>A  Feed</title>`
	if next != "" {
		text += `<a:link rel="next" href="` + next + `"/>`
	}
	for _, title := range titles {
		text += `<item><title>` + title + `</title><guid isPermaLink="false">` + title + `</guid></item>`
	}
	return text + `</channel></rss>`
}

// told gives the titles of the records that come, "!" for one that could not be
// read, "+n" for pages passed over, and the error.
func told(t *testing.T, batches func(func(Batch, error) bool)) (titles string, problems []string, err error) {
	t.Helper()
	n := 0
	for batch, e := range batches {
		if err = e; e != nil {
			break
		}
		for _, r := range batch.Records {
			if r.Problem != "" {
				titles += "! "
				problems = append(problems, r.Problem)
				continue
			}
			title, _ := r.Draft.Titles.In()
			titles += title + " "
		}
		if batch.Passed > 0 {
			titles += fmt.Sprintf("+%d ", batch.Passed)
		}
		if n++; n > 50 {
			t.Fatal("the harvest does not end")
		}
	}
	return strings.TrimSpace(titles), problems, err
}

// TestFeedsThatLie plays every fault that readers of feeds meet.
func TestFeedsThatLie(t *testing.T) {
	for _, c := range []struct {
		name   string
		pages  map[string]handler
		titles string
		err    string
	}{
		{"sound", map[string]handler{"/start": say(rss("/2", "a", "b")), "/2": say(rss("", "c"))}, "a b c", ""},
		{"pages in a circle", map[string]handler{"/start": say(rss("/2", "a")), "/2": say(rss("/start", "b"))}, "a b", ""},
		{"a next page elsewhere", map[string]handler{"/start": say(rss("http://192.0.2.1/2", "a"))}, "a", ""},
		{"a web page", map[string]handler{"/start": say(`<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head>`)}, "", "it names the feed"},
		{"a next page that is a web page", map[string]handler{"/start": say(rss("/2", "a")), "/2": say("<html><title>Sign in</title>")}, "a", "is a web page and no feed"},
		{"a sitemap", map[string]handler{"/start": say("<urlset/>")}, "", "begins with <urlset>"},
		{"no XML", map[string]handler{"/start": say("{}")}, "", "is no feed"},
		{"gone", map[string]handler{}, "", "answers 404"},
		{"out of order", map[string]handler{"/start": status(500)}, "", "answers 500"},
		{"packed", map[string]handler{"/start": packed(rss("", "a"))}, "a", ""},
		{"a bomb", map[string]handler{"/start": bomb}, "", "larger than"},
		{"slow drip", map[string]handler{"/start": drip}, "", "ended early"},
		{"bad bytes", map[string]handler{"/start": say(rss("", "caf\xe9\x0b", "b"))}, "caf\ufffd\ufffd b", ""},
		{"declared Latin-1", map[string]handler{"/start": say(strings.Replace(rss("", "caf\xe9"), `"1.0"`, `"1.0" encoding="ISO-8859-1"`, 1))}, "café", ""},
		{"cut in the middle", map[string]handler{"/start": say(rss("", "a", "b")[:200])}, "a !", ""},
		{"a document type", map[string]handler{"/start": say(`<!DOCTYPE rss [<!ENTITY a "b">]>` + rss("", "a"))}, "!", ""},
		{"a redirect in a circle", map[string]handler{"/start": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/start", http.StatusFound) }}, "", "too many redirects"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, client := serve(t, c.pages)
			if c.name == "slow drip" {
				client.Web.(*fetch.Client).Timeout = 200 * time.Millisecond
			}
			titles, _, err := told(t, client.Entries(t.Context(), ""))
			if titles != c.titles || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q, %v; want %q, %q", titles, err, c.titles, c.err)
			}
		})
	}
}

// TestPrivateAddresses: neither the source nor a redirect leads into a private
// network.
func TestPrivateAddresses(t *testing.T) {
	s, client := serve(t, map[string]handler{"/start": say(rss("", "a"))})
	client.Web = &fetch.Client{Pause: time.Millisecond}
	if _, _, err := told(t, client.Entries(t.Context(), "")); err == nil || !strings.Contains(err.Error(), "private address") || len(s.asked) > 0 {
		t.Errorf("%v after %q", err, s.asked)
	}
}

func TestIdentify(t *testing.T) {
	for _, c := range []struct {
		text string
		want Identity
		err  string
	}{
		{rss("", "a", "b"), Identity{Entries, "A Feed", 2}, ""},
		{`<feed xmlns="http://www.w3.org/2005/Atom"><title>B</title><entry><title>1</title></entry></feed>`, Identity{Entries, "B", 1}, ""},
		{`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>HOST/a</loc></url></urlset>`, Identity{Sitemap, "", 1}, ""},
		{`<sitemapindex><sitemap><loc>HOST/a</loc></sitemap><sitemap><loc>HOST/b</loc></sitemap></sitemapindex>`, Identity{Sitemap, "", 2}, ""},
		{`<OAI-PMH/>`, Identity{}, "begins with <OAI-PMH>"},
		{``, Identity{}, "is no feed"},
	} {
		_, client := serve(t, map[string]handler{"/start": say(c.text)})
		id, err := client.Identify(t.Context())
		if id != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%.30s: %+v, %v", c.text, id, err)
		}
	}
}

// TestEntriesGoOn: a run goes on at the page where an earlier one stopped.
func TestEntriesGoOn(t *testing.T) {
	s, client := serve(t, map[string]handler{"/start": say(rss("/2", "a")), "/2": say(rss("/3", "b")), "/3": say(rss("", "c"))})
	token := ""
	for batch, err := range client.Entries(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		token = batch.Token
		break
	}
	if titles, _, err := told(t, client.Entries(t.Context(), token)); titles != "b c" || err != nil {
		t.Errorf("%q, %v", titles, err)
	}
	if want := []string{"/start", "/2", "/3"}; !slices.Equal(s.asked, want) {
		t.Errorf("asked %q", s.asked)
	}
}
