package app

import (
	"net/http/httptest"
	"strings"
	"testing"

	"waymark/catalogue"
	"waymark/format"
	"waymark/library"
)

// TestLinkedData: a processor of JSON-LD that others wrote makes of each page
// one node of schema.org, named by the lasting address.
func TestLinkedData(t *testing.T) {
	_, site := demoSite(t)
	pages := map[string]string{site + "/en/r/" + palermo: palermo, site + "/ar/r/" + sudan: sudan}
	var args []string
	for page := range pages {
		args = append(args, page)
	}
	got := machine(t, "jsonld.py", args...)
	for page, id := range pages {
		node, _ := got[page].(map[string]any)
		ids, _ := node["ids"].([]any)
		if foreign, ok := node["foreign"].([]any); !ok || len(foreign) > 0 || len(ids) != 1 || ids[0] != site+"/r/"+id {
			t.Errorf("%s expands to %v", page, node)
		}
		if n, _ := node["properties"].(float64); n < 8 {
			t.Errorf("%s has %v properties", page, n)
		}
	}
}

// TestOwnPagesReadBack: what our own importer makes of the page of a record, as
// Zotero's translators would by its tags, is the record.
func TestOwnPagesReadBack(t *testing.T) {
	h, site := demoSite(t)
	records, err := h.catalogue.Walk(t.Context(), library.Viewer{}, "", 200)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range records {
		said := catalogue.Draft(rec, h.vocabularies)
		_, page := get(t, "GET", site+"/en/r/"+string(rec.ID), "en")
		n := 0
		for read, err := range format.HTML(strings.NewReader(page), site+"/en/r/"+string(rec.ID)) {
			if err != nil {
				t.Fatalf("%s: %v", rec.ID, err)
			}
			n++
			for _, field := range []string{"Authors", "Date", "Languages", "Identifiers"} {
				was, is := values(said, field), values(read, field)
				if field == "Languages" && len(was) > 1 { // the tags have one
					was = was[:1]
				}
				for _, v := range was {
					if name, _, ok := strings.Cut(v, " ("); ok && field == "Authors" { // an organisation is known without its acronym too
						v = name
					}
					if !strings.Contains(strings.Join(is, "\n"), v) {
						t.Errorf("%s: %s is %q, read back as %q", rec.ID, field, was, is)
						break
					}
				}
			}
			title, _ := rec.Title("en")
			if all := strings.Join(values(read, "Titles"), "\n"); !strings.Contains(all, title) {
				t.Errorf("%s: the title is %q, read back as %q", rec.ID, title, all)
			}
		}
		if n != 1 {
			t.Errorf("the page of %s is read as %d records", rec.ID, n)
		}
	}
}

// TestFeedsNameTheHub: every form of feed names the hub that is set, and none
// where none is.
func TestFeedsNameTheHub(t *testing.T) {
	h, plain := demoSite(t)
	doors, err := h.doors(&Config{Hub: "https://hub.example/"}, true)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(doors)
	defer server.Close()
	for _, end := range []string{"atom", "rss", "json"} {
		if res, body := get(t, "GET", server.URL+"/en/feed."+end, "en"); strings.Count(body, "https://hub.example/") != 1 || !strings.Contains(res.Header.Get("Link"), `<https://hub.example/>; rel="hub"`) {
			t.Errorf("the feed %s names no hub: %s", end, res.Header.Get("Link"))
		}
		if res, body := get(t, "GET", plain+"/en/feed."+end, "en"); strings.Contains(body, "hub") || res.Header.Get("Link") != "" {
			t.Errorf("the feed %s names a hub", end)
		}
	}
}
