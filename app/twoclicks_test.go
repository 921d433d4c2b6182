package app

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var (
	cellLinks  = regexp.MustCompile(`href="(/en/evidence/studies\?[^"]*row=[^"]*)"`)
	valueLinks = regexp.MustCompile(`href="(/en/indicators/[a-z-]+/value\?[^"]*)"`)
	pageLinks  = regexp.MustCompile(`href="(/r/[0-9A-Z]{26}/files/[0-9a-f]+/[^"#]*)#page=([0-9]+)"`)
	cards      = regexp.MustCompile(`(?s)<article[^>]*>.*?</article>`)
)

// documentPage follows a link to a page of a document and tells whether a
// reader gets a document there.
func documentPage(t *testing.T, site string, body string, asked map[string]bool) bool {
	t.Helper()
	found := pageLinks.FindAllStringSubmatch(body, -1)
	for _, m := range found {
		if asked[m[1]] {
			continue
		}
		asked[m[1]] = true
		res, file := get(t, "GET", site+html.UnescapeString(m[1]), "en")
		if res.StatusCode != http.StatusOK || !strings.HasPrefix(file, "%PDF-") {
			t.Errorf("%s answers %d", m[1], res.StatusCode)
		}
	}
	return len(found) > 0
}

// TestEveryNumberReachesItsPage follows the links of rendered pages: from each
// number of the map to its studies and from there to the page of a document;
// from each number of a comparison to the value and from there to the page of
// its source. That is two clicks.
func TestEveryNumberReachesItsPage(t *testing.T) {
	h, site := demoSite(t)
	if err := h.importDemoNotes(t.Context()); err != nil {
		t.Fatal(err)
	}
	asked := map[string]bool{}
	cells := cellLinks.FindAllStringSubmatch(ok(t, site+"/en/evidence?open=all"), -1)
	if len(cells) < 50 {
		t.Fatalf("the map leads to %d cells", len(cells))
	}
	for i, m := range cells {
		if testing.Short() && i%7 != 0 {
			continue
		}
		body := ok(t, site+html.UnescapeString(m[1]))
		studies := cards.FindAllString(body, -1)
		if len(studies) == 0 {
			t.Errorf("%s holds no study", m[1])
		}
		for _, card := range studies {
			if !documentPage(t, site, card, asked) {
				t.Errorf("a study of %s leads to no page of a document:\n%s", m[1], card)
			}
		}
	}
	indexed := regexp.MustCompile(`href="(/en/indicators/[a-z-]+)"`).FindAllStringSubmatch(ok(t, site+"/en/indicators"), -1)
	if len(indexed) < 30 {
		t.Fatalf("%d indicators", len(indexed))
	}
	for i, m := range indexed {
		values := valueLinks.FindAllStringSubmatch(ok(t, site+m[1]), -1)
		if len(values) == 0 {
			t.Errorf("%s leads to no value", m[1])
		}
		for j, to := range values {
			if (i+j)%23 != 0 { // some of each
				continue
			}
			if !documentPage(t, site, ok(t, site+html.UnescapeString(to[1])), asked) {
				t.Errorf("%s leads to no page of its source", to[1])
			}
		}
	}
	if len(asked) == 0 {
		t.Error("no document was asked for")
	}
}
