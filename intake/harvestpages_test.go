package intake

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"waymark/feed"
	"waymark/fetch"
	"waymark/library"
)

// TestSitemapStoppedOnTheWay: a harvest that is stopped goes on where the
// library remembers; later runs ask for what is new only.
func TestSitemapStoppedOnTheWay(t *testing.T) {
	const pages = 60
	lastmod := map[int]string{}
	words := strings.Fields("Shelter Hotline Interpreter Passport Border Ferry Orchard Quarry Kiln Garment Fishery Mine")
	titles := map[int]string{}
	for i := range pages {
		lastmod[i] = "<lastmod>2025-12-01</lastmod>"
		titles[i] = fmt.Sprintf("%s and %s in district %c%c", words[i%12], words[i/12], 'A'+i/26, 'A'+i%26)
	}
	var asked []string
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var n int
		switch _, err := fmt.Sscanf(r.URL.Path, "/p/%d", &n); {
		case r.URL.Path == "/sitemap.xml":
			fmt.Fprint(w, "<urlset>")
			for i := range pages {
				fmt.Fprintf(w, "<url><loc>http://%s/p/%d</loc>%s</url>", r.Host, i, lastmod[i])
			}
			fmt.Fprint(w, "</urlset>")
		case err == nil:
			asked = append(asked, fmt.Sprint(n))
			if n == 55 && len(asked) == 56 {
				stop()
			}
			fmt.Fprintf(w, `<html><meta name="citation_title" content="%s"><meta name="citation_publication_date" content="2015">`, titles[n])
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer s.Close()
	d := newDesk(t)
	d.im.History = d.st
	id, err := library.NewID(d.im.Now(), d.im.Entropy)
	if err != nil {
		t.Fatal(err)
	}
	start := &library.Harvest{ID: id, Name: "map", URL: s.URL + "/sitemap.xml", Type: library.HarvestSitemap}
	run := func(ctx context.Context, source *library.Harvest) (Report, error) {
		return (&Harvester{Importer: d.im, Source: source, Feed: &feed.Client{Address: source.URL, Web: &fetch.Client{AllowPrivate: true, Pause: time.Microsecond}}}).Run(ctx)
	}
	kept := func() *library.Harvest {
		t.Helper()
		e, err := d.st.Entry(t.Context(), library.House(), id)
		if err != nil {
			t.Fatal(err)
		}
		source, err := library.HarvestOf(e)
		if err != nil {
			t.Fatal(err)
		}
		return source
	}
	expect := func(rep Report, err error, added, updated, requests int) {
		t.Helper()
		if err != nil || rep.Added != added || rep.Updated != updated || len(asked) != requests || len(rep.Refused) > 0 {
			t.Errorf("added %d, updated %d, asked %q, refused %v, %v", rep.Added, rep.Updated, asked, rep.Refused, err)
		}
		asked = nil
	}
	if rep, err := run(ctx, start); err == nil || rep.Added != 50 {
		t.Fatalf("the first run: %d added, %v", rep.Added, err)
	}
	if source := kept(); !strings.HasSuffix(source.Token, "/p/49") || source.From != "" {
		t.Fatalf("kept: token %q, from %q", source.Token, source.From)
	}
	asked = nil
	rep, err := run(t.Context(), kept())
	expect(rep, err, 10, 0, 10)

	day := 24 * time.Hour
	clock := d.im.Now()
	d.im.Now = func() time.Time { return clock }
	lastmod[3], titles[3] = "<lastmod>"+clock.Format(time.DateOnly)+"</lastmod>", "Another word of it in district AD"
	lastmod[4], lastmod[5] = "", ""
	clock = clock.Add(3 * day)
	rep, err = run(t.Context(), kept())
	expect(rep, err, 0, 1, 1)

	titles[4] = "Yet another word in district AE"
	clock = clock.Add(31 * day)
	rep, err = run(t.Context(), kept())
	expect(rep, err, 0, 1, 2) // the two that are not dated
}

// TestFeedEndsAtWhatIsKnown: a feed of many pages is read to its end once, and
// then up to the first page on which nothing is new.
func TestFeedEndsAtWhatIsKnown(t *testing.T) {
	entries := []string{"Of shelters", "Of hotlines", "Of passports", "Of ferries"}
	var asked []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RequestURI())
		n := 0
		_, _ = fmt.Sscanf(r.URL.RawQuery, "%d", &n)
		fmt.Fprint(w, `<feed xmlns="http://www.w3.org/2005/Atom">`)
		if n+1 < len(entries) {
			fmt.Fprintf(w, `<link rel="next" href="?%d"/>`, n+1)
		}
		fmt.Fprintf(w, `<entry><id>%[1]s</id><title>%[1]s</title><published>2015-01-01T00:00:00Z</published></entry></feed>`, entries[n])
	}))
	defer s.Close()
	d := newDesk(t)
	d.im.History = d.st
	id, err := library.NewID(d.im.Now(), d.im.Entropy)
	if err != nil {
		t.Fatal(err)
	}
	source := &library.Harvest{ID: id, Name: "f", URL: s.URL + "/feed", Type: library.HarvestFeed}
	h := &Harvester{Importer: d.im, Source: source, Feed: &feed.Client{Address: source.URL, Web: &fetch.Client{AllowPrivate: true, Pause: time.Microsecond}}}
	for _, c := range []struct {
		first          string
		added, updated int
		asked          string
	}{{"Of shelters", 4, 0, "/feed /feed?1 /feed?2 /feed?3"}, {"Of shelters", 0, 0, "/feed"}, {"Of orchards", 1, 0, "/feed /feed?1"}} {
		entries[0], asked = c.first, nil
		rep, err := h.Run(t.Context())
		if err != nil || rep.Added != c.added || rep.Updated != c.updated || strings.Join(asked, " ") != c.asked {
			t.Errorf("%s: added %d, updated %d, asked %q, %v", c.first, rep.Added, rep.Updated, asked, err)
		}
	}
}
