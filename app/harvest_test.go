package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"waymark/library"
)

// TestHarvest goes the way of a librarian with a provider: named, read, read
// again after it changed, gone on with after it broke in the middle.
func TestHarvest(t *testing.T) {
	const around = `<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><responseDate>2026-03-02T09:00:00Z</responseDate>%s</OAI-PMH>`
	record := func(n int, title string) string {
		return fmt.Sprintf(`<record><header><identifier>oai:a:%d</identifier><datestamp>2026-01-01</datestamp></header><metadata><o:dc xmlns:o="http://www.openarchives.org/OAI/2.0/oai_dc/"><dc:title xml:lang="en">%s</dc:title><dc:date>2015</dc:date><dc:language>en</dc:language></o:dc></metadata></record>`, n, title)
	}
	first := record(1, "Of shelter standards for the first days") + record(2, "Interviewing with an interpreter at sea")
	second := record(3, "Hotlines in three countries of the north")
	broken, changed := true, ""
	var asked []string
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		asked = append(asked, q.Get("from")+q.Get("resumptionToken"))
		switch {
		case q.Get("verb") == "Identify":
			fmt.Fprintf(w, around, "<Identify><repositoryName>A Library</repositoryName><granularity>YYYY-MM-DD</granularity><deletedRecord>persistent</deletedRecord></Identify>")
		case q.Get("resumptionToken") == "next" && broken:
			w.WriteHeader(http.StatusInternalServerError)
		case q.Get("resumptionToken") == "next":
			fmt.Fprintf(w, around, "<ListRecords>"+second+"<resumptionToken/></ListRecords>")
		case q.Get("from") != "":
			fmt.Fprintf(w, around, "<ListRecords>"+changed+"</ListRecords>")
		default:
			fmt.Fprintf(w, around, "<ListRecords>"+first+"<resumptionToken>next</resumptionToken></ListRecords>")
		}
	}))
	defer provider.Close()
	t.Setenv("WAYMARK_PRIVATE_ADDRESSES", "true")
	data := t.TempDir()
	check := func(want int, args []string, words ...string) {
		t.Helper()
		code, out, errs := waymark(t, data, args...)
		if code != want {
			t.Errorf("%q: exit code %d\n%s%s", args, code, out, errs)
		}
		for _, w := range words {
			if !strings.Contains(out+errs, w) {
				t.Errorf("%q does not say %q:\n%s%s", args, w, out, errs)
			}
		}
	}
	check(exitFailed, []string{"harvest", "add", "a", "ftp://x"}, "not a web address")
	check(exitWell, []string{"harvest", "add", "a", provider.URL}, `a is "A Library"`, "persistent")
	check(exitFailed, []string{"harvest", "add", "a", provider.URL}, "already")
	check(exitRefused, []string{"harvest", "run"}, "added                 2", "answers 500")
	check(exitWell, []string{"harvest", "list"}, "stopped on the way", "failed: harvest a: 127.0.0.1")
	broken = false
	check(exitWell, []string{"harvest", "run", "a"}, "added                 1")
	if got := asked[len(asked)-1]; got != "next" {
		t.Errorf("the second run asked %q", asked)
	}
	check(exitWell, []string{"search", "interpreter"}, "1 to 1 of 1")
	changed = record(1, "On shelter standards for the first days") + `<record><header status="deleted"><identifier>oai:a:2</identifier></header></record>` + second
	check(exitWell, []string{"harvest", "run"}, "changed               2", "already there         1", "added                 0")
	if got := asked[len(asked)-1]; got != "2026-03-01" {
		t.Errorf("the third run asked since %q", got)
	}
	check(exitWell, []string{"search", "interpreter"}, "Nothing")
	check(exitWell, []string{"search", "shelter"}, "On shelter standards")
	check(exitWell, []string{"harvest", "remove", "a"}, "forgotten")
	check(exitWell, []string{"harvest", "list"}, "No source is named")
	check(exitFailed, []string{"harvest", "run", "a"}, "there is no source")
	check(exitWell, []string{"search", "hotlines"}, "1 to 1 of 1")
}

// TestHarvestOfPages: the kind of a source is told by what it answers, and its
// records come in.
func TestHarvestOfPages(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/rss":
			fmt.Fprint(w, `<rss version="2.0"><channel><title>New here</title><item><title>Of shelter standards for the first days</title><guid>https://a.example/1</guid></item></channel></rss>`)
		case "/sitemap.xml":
			fmt.Fprintf(w, `<urlset><url><loc>http://%s/a</loc></url><url><loc>http://%[1]s/b</loc></url></urlset>`, r.Host)
		case "/a":
			fmt.Fprint(w, `<html><meta name="citation_title" content="Interviewing with an interpreter at sea">`)
		case "/b":
			fmt.Fprint(w, `<html><title>About us</title>`)
		case "/":
			fmt.Fprint(w, `<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head>`)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer s.Close()
	t.Setenv("WAYMARK_PRIVATE_ADDRESSES", "true")
	data := t.TempDir()
	for _, c := range []struct {
		code int
		args []string
		want []string
	}{
		{exitFailed, []string{"add", "home", s.URL + "/"}, []string{"no provider of OAI-PMH", "it names the feed " + s.URL + "/rss"}},
		{exitFailed, []string{"add", "news", s.URL + "/rss", "--type", "sitemap"}, []string{"answers with a feed and not with a sitemap"}},
		{exitFailed, []string{"add", "news", s.URL + "/rss", "--set", "x"}, []string{"a set is of OAI-PMH"}},
		{exitWell, []string{"add", "news", s.URL + "/rss"}, []string{`news is the feed "New here" of 1 entries`}},
		{exitWell, []string{"add", "site", s.URL + "/sitemap.xml", "--type", "sitemap"}, []string{"site is a sitemap of 2 addresses"}},
		{exitWell, []string{"run"}, []string{"added                 1", "1 pages describe no publication"}},
		{exitWell, []string{"list"}, []string{"(feed)", "(sitemap)", "1 records"}},
	} {
		code, out, errs := waymark(t, data, append([]string{"harvest"}, c.args...)...)
		if code != c.code {
			t.Errorf("%q: exit code %d\n%s%s", c.args, code, out, errs)
		}
		for _, w := range c.want {
			if !strings.Contains(out+errs, w) {
				t.Errorf("%q does not say %q:\n%s%s", c.args, w, out, errs)
			}
		}
	}
	for _, words := range []string{"shelter", "interpreter"} {
		if code, out, _ := waymark(t, data, "search", words); code != exitWell || !strings.Contains(out, "1 to 1 of 1") {
			t.Error(words, code, out)
		}
	}
}

// TestHarvestWaymark: one library harvests another, and later what became of
// its records.
func TestHarvestWaymark(t *testing.T) {
	h, site := demoSite(t)
	t.Setenv("WAYMARK_PRIVATE_ADDRESSES", "true")
	data := t.TempDir()
	check := func(args []string, words ...string) {
		t.Helper()
		code, out, errs := waymark(t, data, args...)
		if code != exitWell {
			t.Errorf("%q: exit code %d\n%s%s", args, code, out, errs)
		}
		for _, w := range words {
			if !strings.Contains(out+errs, w) {
				t.Errorf("%q does not say %q:\n%s%s", args, w, out, errs)
			}
		}
	}
	check([]string{"harvest", "add", "demo", site + "/oai", "--prefix", "marcxml"}, "persistent")
	check([]string{"harvest", "run"}, "read                  108", "refused               0")
	check([]string{"search", "Protocol to Prevent, Suppress and Punish"}, "Protocol to Prevent, Suppress and Punish")
	edit(t, h, palermo, func(e *library.Entry, r *library.Resource) { r.Titles["en"] = "The Protocol under a Quaintly New Name" })
	entries, err := h.store.Scan(t.Context(), library.House(), library.KindResource, "", 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		edit(t, h, e.ID, func(e *library.Entry, _ *library.Resource) { e.Status = library.Withdrawn })
	}
	check([]string{"harvest", "run"}, "read                  108", "changed               4", "added                 0")
	check([]string{"search", "quaintly new name"}, "under a Quaintly New Name")
	check([]string{"search"}, "of 105")
	check([]string{"harvest", "run"}, "already there         108", "added                 0")
}
