package app

import (
	"encoding/json"
	"net/url"
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
				"/en/search/values/author?find=xanthippe+" + string(audience[:3])} {
				_, body := v.ask(path, nil)
				traces := strings.Count(body, "Zyzz"+string(audience)) + strings.Count(body, "Xanthippe "+string(audience))
				if traces > 0 && !may || traces == 0 && may && strings.Contains(path, "zyzz") {
					t.Errorf("%s shows %s %d traces of what is for %s", path, c.address, traces, audience)
				}
			}
		}
	}
}
