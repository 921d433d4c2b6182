package app

import (
	"bytes"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waymark/format"
	"waymark/library"
)

// TestExportsReadBack: what the site writes of a record, a search and a list is
// read by our own readers with the same number of records and their titles.
func TestExportsReadBack(t *testing.T) {
	_, site := demoSite(t)
	for _, f := range format.Formats() {
		if f.Write == nil {
			continue
		}
		for _, c := range []struct {
			address string
			count   int
			title   string
		}{
			{"/r/" + palermo + "/export/" + f.Name, 1, "Protocol to Prevent"},
			{"/en/search/export/" + f.Name + "?country=Sudan", 1, "Strategy to Address"},
			{"/en/search/export/" + f.Name, 108, "Protocol to Prevent"},
			{"/fr/list/export/" + f.Name + "?r=" + sudan + "&r=" + palermo, 2, "Protocol to Prevent"},
		} {
			res, body := get(t, "GET", site+c.address, "en")
			if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), f.Type) {
				t.Fatalf("%s answers %d, %s", c.address, res.StatusCode, res.Header.Get("Content-Type"))
			}
			if d := res.Header.Get("Content-Disposition"); !strings.Contains(d, "attachment") || !strings.Contains(d, f.Extension) {
				t.Errorf("%s is disposed of as %q", c.address, d)
			}
			n, found := 0, false
			for d, err := range format.Read(bytes.NewReader([]byte(body)), format.Options{Format: f.Name}) {
				if err != nil {
					t.Fatalf("%s: %v", c.address, err)
				}
				n++
				for _, title := range d.Titles {
					found = found || strings.Contains(title, c.title)
				}
			}
			if n != c.count || !found {
				t.Errorf("%s holds %d records, want %d; the title is there: %v", c.address, n, c.count, found)
			}
		}
	}
}

// TestReadingListGoesAlong goes the way of a reader who gathers publications by
// links alone: each is added and taken off, through search, records and
// languages, and the end is the address of the list.
func TestReadingListGoesAlong(t *testing.T) {
	_, site := demoSite(t)
	follow := func(path, pattern string) string {
		t.Helper()
		_, body := get(t, "GET", site+path, "en")
		m := regexp.MustCompile(pattern).FindStringSubmatch(body)
		if m == nil {
			t.Fatalf("%s has no link like %s", path, pattern)
		}
		return strings.ReplaceAll(m[1], "&amp;", "&")
	}
	path := follow("/en/r/"+palermo, `class="keep" href="([^"]+)"`)
	path = follow(path, `href="(/en/topics\?[^"]+)"`)
	path = follow(path, `href="(/en/topics/armed-conflict\?[^"]+)"`)
	path = follow(path, `href="(/fr/topics/armed-conflict\?[^"]+)"`)
	path = follow(path, `<h3[^>]*><a href="([^"]+)"`)
	path = follow(path, `class="keep" href="([^"]+)"`)
	path = follow(path, `class="basket" aria-label="[^"]*"><p class="wide"><a href="([^"]+)"`)
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	list := u.Query()["r"]
	if u.Path != "/fr/list" || len(list) != 2 || list[0] != palermo || !slices.ContainsFunc(list, func(s string) bool { return library.ID(s).Valid() && s != palermo }) {
		t.Fatalf("the list is %s", path)
	}
	path = follow(path, `class="keep" href="(/fr/list[^"]+)"`)
	if path != "/fr/list?r="+list[1] {
		t.Errorf("without its first, the list is %s", path)
	}
}

// TestReadingListFollowsMerges: one that was merged stands in a list under its
// new address, once.
func TestReadingListFollowsMerges(t *testing.T) {
	h, site := demoSite(t)
	if _, err := h.desk().Merge(t.Context(), library.Viewer{Name: "test", Role: library.Curator}, palermo, sudan, "a test"); err != nil {
		t.Fatal(err)
	}
	_, body := get(t, "GET", site+"/en/list?r="+sudan+"&r="+palermo, "en")
	if n := strings.Count(body, `<p class="citation">`); n != 1 || strings.Contains(body, "is not in the library") {
		t.Errorf("%d publications", n)
	}
}
