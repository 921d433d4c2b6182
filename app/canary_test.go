package app

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waymark/format"
	"waymark/library"
)

// canaries are words that stand in hidden records alone.
var canaries = []string{"zyzzcanary", "Xanthippe Canarybird"}

// hidden puts records with canary words into the library, open to staff or not
// published, and gives their ids: one alone, one as a newer edition of a public
// record, one merged into another.
func hidden(t *testing.T, h *house) []library.ID {
	t.Helper()
	line, err := json.Marshal(map[string]any{
		"titles":    map[string]string{"en": "The Zyzzcanary Manual for Field Staff Alone"},
		"abstracts": map[string]string{"en": "A zyzzcanary abstract."},
		"year":      2031, "authors": []string{"Xanthippe Canarybird"}, "countries": []string{"BT"}, "topics": []string{"Protection"},
		"relations": []map[string]string{{"type": "supersedes", "target": palermo}},
	})
	if err != nil {
		t.Fatal(err)
	}
	draft := strings.Replace(string(line), "The Zyzzcanary Manual for Field Staff", "Another Zyzzcanary Draft of Something", 1)
	rep, err := h.importer("test").Import(t.Context(), "zyzzcanary.jsonl", format.JSONLines(strings.NewReader(string(line)+"\n"+draft)))
	if err != nil || rep.Added != 2 {
		t.Fatal(rep, err)
	}
	entries, err := h.store.Find(t.Context(), library.House(), library.KindResource, []library.Key{{Scheme: library.KeyRelation, Value: palermo}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	var ids []library.ID
	for i, e := range entries {
		ids = append(ids, e.ID)
		edit(t, h, e.ID, func(e *library.Entry, _ *library.Resource) {
			if e.Audience = library.Staff; i == 0 {
				e.Audience, e.Status = library.Public, library.Draft
			}
		})
	}
	if err := h.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	return ids
}

// channels gives the addresses by which machines read the library: the whole of
// each channel, and what asks for hidden records by their words and ids.
func channels(t *testing.T, h *house, site string, hidden []library.ID, words string) []string {
	t.Helper()
	all := []string{"/sitemap.xml", "/sitemaps/pages.xml", "/robots.txt", "/unapi", "/en/opensearch.xml", "/oai?verb=Identify", "/oai?verb=ListSets", "/oai?verb=ListMetadataFormats",
		"/oai?verb=ListRecords&metadataPrefix=oai_dc&set=country:BT", "/oai?verb=ListIdentifiers&metadataPrefix=marcxml"}
	for _, prefix := range []string{"oai_dc", "marcxml"} {
		all = append(all, "/oai?verb=ListRecords&metadataPrefix="+prefix)
	}
	for _, end := range []string{"atom", "rss", "json"} {
		all = append(all, "/en/feed."+end, "/ar/feed."+end, "/en/search."+end+"?q="+words, "/en/topics/protection/feed."+end, "/en/countries/BT/feed."+end)
	}
	entries, err := h.store.Scan(t.Context(), library.House(), library.KindResource, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		id := string(e.ID)
		all = append(all, "/sitemaps/"+id+".xml", "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:waymark.localhost:"+id)
		if !slices.Contains(hidden, e.ID) && e.ID != palermo {
			continue
		}
		for _, end := range []string{".json", ".jsonld", ".bib", ".ris", ".csl", ".enw", ".mrc", ".marcxml", ".dc", "/linkset.json"} {
			all = append(all, "/r/"+id+end)
		}
		all = append(all, "/r/"+id, "/unapi?id="+id, "/unapi?id="+id+"&format=ris")
	}
	return all
}

// TestCanaryIDs: what everyone may read does not tell which hidden records there
// are either, though a public one is related to them.
func TestCanaryIDs(t *testing.T) {
	h, site := demoSite(t)
	var ids []library.ID
	for i, id := range []library.ID{"01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAW"} { // never open to everyone
		r := &library.Resource{ID: id, Status: library.Published, Audience: library.Staff, Titles: library.Text{"en": "Of nobody's business"}, Countries: []string{"BT"}}
		if i == 0 {
			r.Status, r.Audience = library.Draft, library.Public
		}
		e, err := r.Entry()
		if err != nil {
			t.Fatal(err)
		}
		commit(t, h, e, 0)
		ids = append(ids, id)
	}
	if err := h.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	edit(t, h, palermo, func(_ *library.Entry, r *library.Resource) {
		for _, id := range ids {
			r.Relations = append(r.Relations, library.Relation{Type: library.PartOf, Target: id}, library.Relation{Type: library.Supersedes, Target: id})
		}
	})
	for _, path := range append(channels(t, h, site, nil, "protocol"), "/en/r/"+palermo, "/r/"+palermo+"?x") {
		res, body := get(t, "GET", site+path, "en")
		for _, id := range ids {
			asked := strings.Count(path, string(id)) * strings.Count(body, string(id)) // repeats the question
			if told := strings.Count(body+res.Header.Get("Link"), string(id)); told > asked {
				t.Errorf("%s tells of %s", path, id)
			}
		}
	}
	for _, id := range ids {
		for path, want := range map[string]int{"/r/" + string(id) + ".json": 404, "/unapi?id=" + string(id): 404, "/r/" + string(id) + "/linkset.json": 404} {
			if res, _ := get(t, "GET", site+path, "en"); res.StatusCode != want {
				t.Errorf("%s answers %d, want %d", path, res.StatusCode, want)
			}
		}
	}
}

// TestCanary: an anonymous reader who walks every page and asks for what is
// hidden by its own words finds no trace of it.
func TestCanary(t *testing.T) {
	h, site := demoSite(t)
	ids := hidden(t, h)
	for _, c := range canaries {
		checkNone := func(path string, echoes int) {
			t.Helper()
			_, body := get(t, "GET", site+path, "en")
			if n := strings.Count(strings.ToLower(body), strings.ToLower(c)); n > echoes {
				t.Errorf("%s tells of %q %d times, of which %d repeat the question", path, c, n, echoes)
			}
		}
		asked := url.QueryEscape(c)
		_, unknown := get(t, "GET", site+"/en/search?q=qqqqqq", "en")
		echoes := strings.Count(unknown, "qqqqqq")
		checkNone("/en/search?q="+asked, echoes)
		checkNone("/en/search?q="+asked[:len(asked)-1]+"x", 0) // did you mean
		checkNone("/en/search?q="+asked[:5]+"*", 0)
		checkNone("/en/suggest?q="+asked, 0)
		checkNone("/en/suggest?q="+asked[:4], 0)
		checkNone("/en/search/values/author?find="+asked[:4], strings.Count(strings.ToLower(asked[:4]), strings.ToLower(c)))
		for _, path := range channels(t, h, site, ids, asked) {
			echoes := 0
			if strings.Contains(path, "/search.") { // a feed has its own address, and its title has the words
				_, unknown := get(t, "GET", site+strings.Replace(path, asked, "qqqqqq", 1), "en")
				echoes = strings.Count(unknown, "qqqqqq")
			}
			checkNone(path, echoes)
		}
		walk(t, site, func(path, body string) {
			if strings.Contains(strings.ToLower(body), strings.ToLower(c)) {
				t.Errorf("%s tells of %q", path, c)
			}
		})
	}
	for path, want := range map[string]int{
		"/en/r/" + string(ids[0]): 404, "/en/r/" + string(ids[1]): 404, "/en/years/2031": 200,
		"/en/search?author=Xanthippe+Canarybird": 400, "/en/search?author=Xanthippe+Nobody": 400,
	} {
		if res, body := get(t, "GET", site+path, "en"); res.StatusCode != want || strings.Contains(body, "Zyzz") {
			t.Errorf("%s answers %d, want %d", path, res.StatusCode, want)
		}
	}
	for path, trace := range map[string]string{"/en/countries": "Bhutan", "/en/years": "2031", "/en/search": "Bhutan", "/en/r/" + palermo: "newer edition"} {
		if _, body := get(t, "GET", site+path, "en"); strings.Contains(body, trace) {
			t.Errorf("%s tells of %s, which only hidden records have", path, trace)
		}
	}
	staff := library.Viewer{Audiences: []library.Audience{library.Staff}}
	if got := total(t, h, staff, queryText("zyzzcanary")); got != 1 {
		t.Errorf("staff find %d records, want the one that is theirs", got)
	}
}
