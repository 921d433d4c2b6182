package app

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"waymark/library"
	"waymark/match"
)

// TestCheckLinks goes the way of a librarian: addresses are visited once a
// week, broken ones are listed, and readers are told beside the copy held.
func TestCheckLinks(t *testing.T) {
	var asked atomic.Int64
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /closed")
		case "/there":
			asked.Add(1)
		case "/moved":
			http.Redirect(w, r, "/there", http.StatusMovedPermanently)
		default:
			http.NotFound(w, r)
		}
	}))
	defer host.Close()
	data, lines := filepath.Join(t.TempDir(), "data"), ""
	for _, name := range []string{"there", "moved", "lost", "closed"} {
		lines += fmt.Sprintf(`{"titles":{"en":"A study of what is %s today"},"year":2015,"languages":["en"],"links":[{"url":"%s/%s"}]}`+"\n", name, host.URL, name)
	}
	if code, out, errs := waymark(t, data, "import", write(t, "records.jsonl", lines)); code != exitWell {
		t.Fatal(code, out, errs)
	}
	links := func(again, private bool) (string, error) {
		t.Helper()
		var out, errs strings.Builder
		c := checkLinksCommand{Again: again, pause: time.Millisecond}
		err := c.Run(t.Context(), &Config{Data: data, PrivateAddresses: private}, streams{nil, &out, &errs})
		return out.String() + errs.String(), err
	}
	out, err := links(false, true)
	if err != errRefused || !strings.Contains(out, "A study of what is lost today\n  "+host.URL+"/lost: answers 404 since ") ||
		!strings.Contains(out, "Visited 4 of 4 addresses. 2 answer (1 of them have moved), 1 may be gone, 0 did not answer this time, 1 were not ours to ask.") {
		t.Errorf("%v\n%s", err, out)
	}
	before := asked.Load()
	if out, err := links(false, true); err != errRefused || !strings.Contains(out, "Visited 0 of 4") || asked.Load() != before {
		t.Errorf("a second time: %v\n%s", err, out)
	}
	if out, _ := links(true, false); !strings.Contains(out, "Visited 4 of 4 addresses. 0 answer") || asked.Load() != before {
		t.Errorf("private addresses were asked: %s", out)
	}

	if out, _ := links(true, true); !strings.Contains(out, "2 answer") {
		t.Errorf("again: %s", out)
	}
	workers(t, data)
	folder := t.TempDir()
	wordFile(t, filepath.Join(folder, "lost.docx"), "A study of what is lost today", "A study of 2015 in many words of English.")
	if code, out, errs := waymark(t, data, "import", folder); code != exitWell {
		t.Fatal(code, out, errs)
	}
	h, site := siteOf(t, data, false)
	for name, want := range map[string]bool{"there": false, "lost": true, "closed": false} {
		page := pageOf(t, h, site, "A study of what is "+name+" today")
		if got := strings.Contains(page, "address may be gone"); got != want {
			t.Errorf("%s: may be gone is %v", name, got)
		}
		if got := strings.Contains(page, "The library holds the publication itself"); got != want {
			t.Errorf("%s: held is %v", name, got)
		}
		if !strings.Contains(page, host.URL+"/"+name) {
			t.Errorf("%s: the address is not there", name)
		}
	}
}

// pageOf gives the page of the record with a title.
func pageOf(t *testing.T, h *house, site, title string) string {
	t.Helper()
	entries, err := h.store.Find(context.Background(), library.House(), library.KindResource,
		[]library.Key{{Scheme: library.KeyTitle, Value: match.TitleKey(title, 0)}}, 1)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%d records of %q, %v", len(entries), title, err)
	}
	_, body := get(t, http.MethodGet, site+"/en/r/"+string(entries[0].ID), "")
	return body
}
