package app

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/library"
	"waymark/serve"
)

var deskRecords = flag.Int("desk", 3000, "records of the library in which the desk is measured; 1000000 for the figures of docs/performance.md")

var deskData = flag.String("deskdata", "", "folder of the library that is made by one run and measured again by others")

// deskLibrary puts records into a library, of which one in fifty waits for a
// curator, and gives the one that was changed last.
func deskLibrary(t testing.TB, h *house, records int) library.ID {
	t.Helper()
	rnd := rand.New(rand.NewPCG(1, 2))
	countries, topics := []string{"AL", "SD", "TD", "NP", "CO", "PH", "UA", "KE"}, []string{"protection", "armed-conflict", "labour-exploitation"}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var last library.ID
	for made := 0; made < records; {
		edit := library.Edit{At: at.Add(time.Duration(made) * time.Millisecond), Actor: "the tests", Action: "import"}
		for len(edit.Changes) < 1000 && made < records {
			r := &library.Resource{ID: mustID(t, h), Status: library.Published, Audience: library.Public,
				Titles:    library.Text{"en": fmt.Sprintf("A record of number %d about %x and %x", made, rnd.Uint32(), rnd.Uint32())},
				Abstracts: library.Text{"en": strings.Repeat(fmt.Sprintf("An abstract of words %x. ", rnd.Uint32()), 20)},
				Countries: []string{countries[rnd.IntN(len(countries))]}, Topics: []string{topics[rnd.IntN(len(topics))]},
				Date: library.Date(fmt.Sprint(1990 + rnd.IntN(35))), Languages: []string{"en"}}
			switch made % 100 {
			case 0:
				r.Status = library.Draft
			case 50:
				r.Status, r.Review.Submitted = library.Draft, "Bo"
			}
			e, err := r.EntryWith(nil)
			if err != nil {
				t.Fatal(err)
			}
			edit.Changes = append(edit.Changes, library.Change{Entry: e})
			last = r.ID
			made++
		}
		if _, err := h.store.Commit(t.Context(), edit); err != nil {
			t.Fatal(err)
		}
	}
	return last
}

// TestDeskAtScale measures the pages of the desk at the server, and what opening
// the desk costs a browser.
func TestDeskAtScale(t *testing.T) {
	data := *deskData
	if data == "" {
		data = t.TempDir()
	}
	h, _ := siteOf(t, data, false)
	began := time.Now()
	last := library.ID("")
	if top, n, err := h.desk().Top(t.Context(), ana, library.QueueProposed, noFilter, 1); err != nil {
		t.Fatal(err)
	} else if n > 0 {
		last = top[0].ID
	} else {
		last = deskLibrary(t, h, *deskRecords)
	}
	t.Logf("%d records made in %v", *deskRecords, time.Since(began).Round(time.Second))
	handler, err := h.site("", false)
	if err != nil {
		t.Fatal(err)
	}
	limited := library.Viewer{Name: "Lim", Role: library.Curator, Countries: []string{"AL"}}
	ask := func(path string, v library.Viewer) (string, time.Duration) {
		r := serve.As(httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil), v)
		w := httptest.NewRecorder()
		start := time.Now()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Fatalf("%s answers %d", path, w.Code)
		}
		return w.Body.String(), time.Since(start)
	}
	const times = 40
	for _, c := range []struct {
		name, path string
		as         library.Viewer
	}{
		{"what was submitted", "/en/desk", ana}, {"proposed by imports", "/en/desk?queue=proposed", ana}, {"review due", "/en/desk?queue=due", ana},
		{"suspected duplicates", "/en/desk?queue=pairs", ana}, {"filtered by country", "/en/desk?queue=proposed&country=SD", ana},
		{"a curator of one country", "/en/desk?queue=proposed", limited}, {"the form of a record", "/en/desk/r/" + string(last) + "/edit", ana},
	} {
		var all []time.Duration
		for range times {
			_, took := ask(c.path, c.as)
			all = append(all, took)
		}
		slices.Sort(all)
		p95 := all[times*95/100]
		t.Logf("%-26s p50 %6.1f ms  p95 %6.1f ms", c.name, ms(all[times/2]), ms(p95))
		if p95 > 2*time.Second { // the figures are for docs; this is to notice a page that reads everything
			t.Errorf("%s takes %v", c.name, p95)
		}
	}
	const budget = 60 << 10 // bytes of compressed HTML, style and script
	page, _ := ask("/en/desk?queue=proposed", ana)
	whole := compressed(t, page)
	for _, m := range regexp.MustCompile(`(?:href|src)="(/assets/[^"]+)"`).FindAllStringSubmatch(page, -1) {
		body, _ := ask(m[1], ana)
		whole += compressed(t, body)
	}
	t.Logf("opening the desk: %.1f KB", float64(whole)/1024)
	if whole > budget {
		t.Errorf("opening the desk needs %d bytes, more than %d", whole, budget)
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
