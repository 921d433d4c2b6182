package app

import (
	"encoding/json"
	"encoding/xml"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"waymark/library"
)

// TestFeeds: a feed stands beside each page that lists publications, and holds
// what the page does, newest in the library first.
func TestFeeds(t *testing.T) {
	h, site := demoSite(t)
	for _, c := range []struct {
		page    string
		entries int
	}{
		{"/en/", 30}, {"/ar/", 30}, {"/en/topics/armed-conflict", 11}, {"/zh/countries/SD", 1}, {"/fr/regions/east-horn-africa", 3},
		{"/en/categories/law-or-convention", -1}, {"/ru/languages/ru", -1}, {"/en/search?q=trafficked+ukraine", 1}, {"/en/search", 30},
		{"/es/search?topic=armed-conflict&language=en", -1}, {"/en/search?q=zzyzx", 0}, {"/en/search?q=%3Cb%3E%26", 0},
	} {
		_, body := asking(t, site+c.page, "")
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		counts := map[string]int{}
		for n := range doc.Descendants() {
			attrs := map[string]string{}
			for _, a := range n.Attr {
				attrs[a.Key] = a.Val
			}
			if n.Data == "link" && attrs["rel"] == "alternate" && attrs["type"] != "" {
				counts[attrs["type"]] = readFeed(t, site+attrs["href"], attrs["type"])
			}
		}
		if len(counts) != 3 {
			t.Errorf("%s names the feeds %v", c.page, counts)
		}
		for kind, n := range counts {
			if n != c.entries && (c.entries >= 0 || n < 1) || n != counts["application/atom+xml"] {
				t.Errorf("the feed %s of %s has %d entries, want %d", kind, c.page, n, c.entries)
			}
		}
	}
	for path, want := range map[string]int{"/en/search.atom?year=20x9": 400, "/en/topics/none/feed.atom": 404, "/en/authors/nobody/feed.rss": 404, "/de/feed.atom": 404, "/en/feed.xml": 404} {
		if res, _ := asking(t, site+path, ""); res.StatusCode != want {
			t.Errorf("%s answers %d, want %d", path, res.StatusCode, want)
		}
	}
	unchanged(t, h, site)
}

// unchanged asks for a feed again and again: it is sent only when it has changed.
func unchanged(t *testing.T, h *house, site string) {
	for _, end := range []string{"atom", "rss", "json"} {
		address := site + "/en/topics/armed-conflict/feed." + end
		res, _ := asking(t, address, "")
		tag, at := res.Header.Get("ETag"), res.Header.Get("Last-Modified")
		if tag == "" || at == "" {
			t.Errorf("%s has the ETag %q and was modified %q", address, tag, at)
		}
		for _, field := range [][]string{{"If-None-Match", tag}, {"If-Modified-Since", at}, {"If-None-Match", `"x", ` + tag}} {
			if res, body := asking(t, address, "", field...); res.StatusCode != 304 || body != "" {
				t.Errorf("%s with %q answers %d", address, field, res.StatusCode)
			}
		}
		for _, field := range [][]string{{"If-None-Match", `"x"`}, {"If-Modified-Since", "Mon, 01 Jan 2001 00:00:00 GMT"}} {
			if res, _ := asking(t, address, "", field...); res.StatusCode != 200 {
				t.Errorf("%s with %q answers %d", address, field, res.StatusCode)
			}
		}
	}
	address := site + "/en/feed.atom"
	res, _ := asking(t, address, "")
	all, err := h.store.Scan(t.Context(), library.Viewer{}, library.KindResource, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	edit(t, h, all[len(all)-1].ID, func(_ *library.Entry, r *library.Resource) { r.Titles["en"] = "A new name" })
	if err := h.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if res, body := asking(t, address, "", "If-None-Match", res.Header.Get("ETag")); res.StatusCode != 200 || !strings.Contains(body, "A new name") {
		t.Errorf("a feed that has changed answers %d", res.StatusCode)
	}
}

// readFeed holds a feed to the rules of its form and counts its entries.
func readFeed(t *testing.T, address, kind string) int {
	t.Helper()
	res, body := asking(t, address, "")
	if got := res.Header.Get("Content-Type"); !strings.HasPrefix(got, kind) || res.StatusCode != 200 {
		t.Errorf("%s answers %d %s", address, res.StatusCode, got)
	}
	switch kind {
	case "application/atom+xml":
		return readAtom(t, address, body)
	case "application/rss+xml":
		return readRSS(t, address, body)
	}
	return readJSON(t, address, body)
}

// absolute tells an address that can be asked for as it is.
func absolute(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}

func readAtom(t *testing.T, address, body string) int {
	t.Helper()
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	var f struct {
		XMLName  xml.Name  `xml:"http://www.w3.org/2005/Atom feed"`
		IDs      []string  `xml:"id"`
		Titles   []string  `xml:"title"`
		Updated  time.Time `xml:"updated"`
		Links    []link    `xml:"link"`
		Authors  []string  `xml:"author>name"`
		Subtitle string    `xml:"subtitle"`
		Entries  []struct {
			IDs       []string  `xml:"id"`
			Titles    []string  `xml:"title"`
			Updated   time.Time `xml:"updated"`
			Published time.Time `xml:"published"`
			Links     []link    `xml:"link"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal([]byte(body), &f); err != nil {
		t.Fatalf("%s: %v\n%.500s", address, err, body)
	}
	if len(f.IDs) != 1 || !absolute(f.IDs[0]) || len(f.Titles) != 1 || f.Titles[0] == "" || f.Updated.IsZero() || len(f.Authors) != 1 || len(f.Links) != 2 || f.Links[0].Href != address {
		t.Errorf("%s begins %+v", address, f)
	}
	seen, last := map[string]bool{}, ""
	for _, e := range f.Entries {
		if len(e.IDs) != 1 || seen[e.IDs[0]] || !absolute(e.IDs[0]) || len(e.Titles) != 1 || e.Titles[0] == "" || e.Updated.IsZero() || e.Published.IsZero() || len(e.Links) != 1 || !absolute(e.Links[0].Href) {
			t.Fatalf("%s has the entry %+v", address, e)
		}
		if id := e.IDs[0]; last != "" && id > last {
			t.Errorf("%s has %s behind the older %s", address, id, last)
		}
		seen[e.IDs[0]], last = true, e.IDs[0]
	}
	return len(f.Entries)
}

func readRSS(t *testing.T, address, body string) int {
	t.Helper()
	var f struct {
		Version string `xml:"version,attr"`
		Channel struct {
			Title       string   `xml:"title"`
			Links       []string `xml:"link"`
			Description string   `xml:"description"`
			Built       string   `xml:"lastBuildDate"`
			Items       []struct {
				Title     string `xml:"title"`
				Link      string `xml:"link"`
				GUID      string `xml:"guid"`
				Published string `xml:"pubDate"`
			} `xml:"item"`
		} `xml:"channel"`
	}
	if err := xml.Unmarshal([]byte(body), &f); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	c := f.Channel
	if _, err := time.Parse(time.RFC1123, c.Built); err != nil || f.Version != "2.0" || c.Title == "" || !absolute(c.Links[0]) || c.Description == "" {
		t.Errorf("%s begins %+v", address, c)
	}
	for _, i := range c.Items {
		if _, err := time.Parse(time.RFC1123, i.Published); err != nil || i.Title == "" || !absolute(i.Link) || !absolute(i.GUID) {
			t.Errorf("%s has the item %+v", address, i)
		}
	}
	return len(c.Items)
}

func readJSON(t *testing.T, address, body string) int {
	t.Helper()
	var f struct {
		Version, Title, Description, Language string
		Home                                  string `json:"home_page_url"`
		Self                                  string `json:"feed_url"`
		Items                                 []struct {
			ID, URL, Title string
			Content        *string   `json:"content_text"`
			Published      time.Time `json:"date_published"`
		}
	}
	if err := json.Unmarshal([]byte(body), &f); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	if f.Version != "https://jsonfeed.org/version/1.1" || f.Title == "" || f.Self != address || !absolute(f.Home) || f.Items == nil {
		t.Errorf("%s begins %+v", address, f)
	}
	for _, i := range f.Items {
		if !absolute(i.ID) || !absolute(i.URL) || i.Title == "" || i.Content == nil || i.Published.IsZero() {
			t.Errorf("%s has the item %+v", address, i)
		}
	}
	return len(f.Items)
}

// TestFeedReaders: a reader that others wrote finds no fault.
func TestFeedReaders(t *testing.T) {
	_, site := demoSite(t)
	got := machine(t, "feeds.py", site+"/en/feed.atom", site+"/ar/feed.rss", site+"/en/topics/armed-conflict/feed.rss", site+"/zh/search.atom?q=trafficking", site+"/en/search.rss?q=zzyzx")
	for address, entries := range map[string]float64{"/en/feed.atom": 30, "/ar/feed.rss": 30, "/en/topics/armed-conflict/feed.rss": 11, "/en/search.rss?q=zzyzx": 0} {
		feed, _ := got[site+address].(map[string]any)
		if feed["fault"] != "" || feed["entries"] != entries || feed["whole"] != true || feed["again"] != 304.0 {
			t.Errorf("%s reads as %v", address, feed)
		}
	}
}
