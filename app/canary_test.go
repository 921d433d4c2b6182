package app

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waymark/access"
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
	for _, prefix := range []string{"oai_dc", "marcxml", "mods", "qdc", "datacite"} {
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
		for _, end := range []string{".json", ".jsonld", ".bib", ".ris", ".csl", ".enw", ".mrc", ".marcxml", ".mods", ".datacite", ".dc", "/linkset.json"} {
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
		checkNone("/en/search/export/jsonl?q="+asked, 0)
		checkNone("/en/search/export/ris", 0)
		checkNone("/en/list?r="+string(ids[0])+"&r="+string(ids[1]), 0)
		checkNone("/en/list/export/csv?r="+string(ids[0])+"&r="+string(ids[1]), 0)
		for _, f := range format.Formats() {
			if f.Write != nil {
				checkNone("/r/"+palermo+"/export/"+f.Name, 0)
			}
		}
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
		"/en/r/" + string(ids[0]) + "/cite": 404, "/r/" + string(ids[1]) + "/export/jsonl": 404,
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

// TestCanaryBetweenAudiences: what is for staff is not for partners, nor the
// other way round, whoever is signed in, and a curator sees drafts of their own
// audiences only.
func TestCanaryBetweenAudiences(t *testing.T) {
	h, site := demoSite(t)
	ids := map[library.Audience]library.ID{}
	for _, audience := range []library.Audience{"staff", "partners"} {
		line := `{"titles":{"en":"The Zyzz` + string(audience) + ` Handbook of Quiet Rooms"},"year":2030,"authors":["Xanthippe ` + string(audience) + `bird"]}`
		if rep, err := h.importer("test").Import(t.Context(), string(audience)+".jsonl", format.JSONLines(strings.NewReader(line))); err != nil || rep.Added != 1 {
			t.Fatal(rep, err)
		}
		if err := h.follower.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		found, err := h.searcher.Find(t.Context(), library.House(), queryText("zyzz"+string(audience)), "en")
		if err != nil || len(found.Hits) != 1 {
			t.Fatal(found.Total, err)
		}
		ids[audience] = found.Hits[0].ID
		edit(t, h, ids[audience], func(e *library.Entry, _ *library.Resource) { e.Audience = audience })
	}
	if err := h.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		address   string
		role      library.Role
		audiences []library.Audience
	}{
		{"staff@example.org", library.Reader, []library.Audience{"staff"}},
		{"partner@example.org", library.Reader, []library.Audience{"partners"}},
		{"both@example.org", library.Reader, []library.Audience{"partners", "staff"}},
		{"none@example.org", library.Submitter, nil},
		{"curator@example.org", library.Curator, []library.Audience{"partners"}},
		{"admin@example.org", library.Administrator, nil},
	} {
		person(t, h, access.Person{Address: c.address, Role: c.role, Audiences: c.audiences})
		v := visit(t, site).signIn(c.address)
		for audience, id := range ids {
			may := strings.Contains(join(c.audiences), string(audience))
			want := map[bool]int{true: 200, false: 404}[may]
			if res, body := v.ask("/en/r/"+string(id), nil); res.StatusCode != want || strings.Contains(body, "Quiet Rooms") != may {
				t.Errorf("%s is answered %d for what is for %s", c.address, res.StatusCode, audience)
			}
			for _, path := range []string{"/en/search?q=zyzz" + string(audience), "/en/suggest?q=zyzz" + string(audience[:3]), "/en/", "/en/years/2030", "/en/search?q=quiet+rooms",
				"/en/search/values/author?find=xanthippe+" + string(audience[:3]), "/en/desk/audit", "/en/desk/audit/csv", "/en/desk/audit/jsonl", "/en/desk/vocabularies/topics", "/en/desk/settings"} {
				_, body := v.ask(path, nil)
				traces := strings.Count(body, string(id))*strings.Count(path, "/audit") + strings.Count(body, "Zyzz"+string(audience)) + strings.Count(body, "Xanthippe "+string(audience))
				if traces > 0 && !may || traces == 0 && may && strings.Contains(path, "zyzz") {
					t.Errorf("%s shows %s %d traces of what is for %s", path, c.address, traces, audience)
				}
			}
		}
	}
}

// TestCanaryAPI asks every operation that reads, by what is hidden and by what
// stands near it: an anonymous program finds no word and no ID of it, while one
// for whom it is does.
func TestCanaryAPI(t *testing.T) {
	h, site := demoSite(t)
	ids := hidden(t, h)
	edit(t, h, palermo, func(_ *library.Entry, r *library.Resource) { // an open record that points to hidden ones
		r.Relations = append(r.Relations, library.Relation{Type: library.PartOf, Target: ids[0]}, library.Relation{Type: library.Supersedes, Target: ids[1]})
	})
	if err := h.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	traces := []string{"Bhutan", `"2031`, string(ids[0]), string(ids[1])}
	staff := library.Viewer{Name: "staff", Role: library.Curator, Audiences: []library.Audience{library.Staff}}
	for _, agent := range agentsOf(t, h, staff, ids[0]) {
		traces = append(traces, string(agent))
	}
	open := apiOf(t, h, library.Viewer{})
	inside := apiOf(t, h, staff)
	asked := map[string]bool{} // operations
	found := 0
	for _, path := range apiPaths(ids, traces[4]) {
		asked[path.operation] = true
		_, body := ask(t, "GET", open+v1+path.address, "")
		low := strings.ToLower(body)
		for _, c := range append(canaries, traces...) {
			if strings.Contains(low, strings.ToLower(c)) && !path.says(c) {
				t.Errorf("%s tells of %q", path.address, c)
			}
		}
		if _, body := ask(t, "GET", inside+v1+path.address, ""); strings.Contains(strings.ToLower(body), "canary") {
			found++
		}
	}
	// A hidden author is refused with the words for one that is nowhere.
	const nowhere = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
	_, hidden := ask(t, "GET", open+v1+"/search?author="+traces[4], "")
	if _, none := ask(t, "GET", open+v1+"/search?author="+nowhere, ""); strings.ReplaceAll(hidden, traces[4], nowhere) != none {
		t.Errorf("a hidden author is refused with %s, another with %s", hidden, none)
	}
	if found < 10 {
		t.Errorf("only %d addresses tell those for whom it is", found)
	}
	for _, operation := range readingOperations(t, site) {
		if !asked[operation] {
			t.Errorf("the operation %s was not asked", operation)
		}
	}
}

// apiPath is an address of an operation.
type apiPath struct{ operation, address string }

// says tells that an answer may hold a word which the question holds, or which
// stands in a vocabulary that is open to all.
func (p apiPath) says(word string) bool {
	return strings.HasSuffix(p.address, "author="+word) || word == "Bhutan" && (strings.HasPrefix(p.address, "/vocabularies/") || strings.HasSuffix(p.address, "country=BT"))
}

func apiPaths(ids []library.ID, agent string) []apiPath {
	out := []apiPath{
		{"list-resources", "/resources?limit=200"}, {"list-agents", "/agents?limit=200"}, {"list-changes", "/changes"}, {"list-vocabularies", "/vocabularies"},
		{"list-indicators", "/indicators"}, {"get-indicator", "/indicators/shelter-in-time"}, {"list-observations", "/indicators/shelter-in-time/observations"},
		{"list-studies", "/studies?limit=200"}, {"get-study", "/studies/01KEVDP3CGFBANAT3JSFXV1REC"},
		{"get-vocabulary", "/vocabularies/countries"}, {"get-vocabulary", "/vocabularies/organisations"}, {"get-agent", "/agents/" + agent},
		{"search", "/search?limit=100"}, {"search", "/search?sort=newest"}, {"search", "/search?year=2031"}, {"search", "/search?country=BT"}, {"search", "/search?author=" + agent},
		{"suggest", "/suggestions?q=zyzz"}, {"suggest", "/suggestions?q=xanth"}, {"suggest", "/suggestions?q=canarybird"},
		{"get-resource", "/resources/" + palermo}, {"list-files", "/resources/" + palermo + "/files"},
	}
	for _, word := range []string{"zyzzcanary", "zyzzcanar*", "zyzzcanarx", "xanthippe"} {
		out = append(out, apiPath{"search", "/search?q=" + word})
	}
	for _, f := range format.Formats() {
		if f.Write != nil {
			out = append(out, apiPath{"export-search", "/exports/" + f.Name}, apiPath{"export-search", "/exports/" + f.Name + "?q=zyzzcanary"}, apiPath{"export-resource", "/resources/" + palermo + "/exports/" + f.Name})
		}
	}
	for _, id := range ids {
		out = append(out, apiPath{"get-resource", "/resources/" + string(id)}, apiPath{"list-files", "/resources/" + string(id) + "/files"}, apiPath{"export-resource", "/resources/" + string(id) + "/exports/jsonl"})
	}
	return out
}

// agentsOf gives the contributors of a record.
func agentsOf(t *testing.T, h *house, v library.Viewer, id library.ID) []library.ID {
	t.Helper()
	rec, err := h.catalogue.Record(t.Context(), v, id)
	if err != nil {
		t.Fatal(err)
	}
	return rec.AgentIDs()
}

// readingOperations gives the operations that the OpenAPI document has for GET.
func readingOperations(t *testing.T, site string) (ids []string) {
	t.Helper()
	res, body := ask(t, http.MethodGet, site+v1+"/openapi.json", "")
	var doc struct {
		Paths map[string]struct{ Get struct{ OperationID string } }
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(err)
	}
	for _, p := range doc.Paths {
		if p.Get.OperationID != "" {
			ids = append(ids, p.Get.OperationID)
		}
	}
	return ids
}
