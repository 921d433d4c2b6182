package app

import (
	"strings"
	"testing"

	"waymark/format"
	"waymark/library"
)

// TestListed: of a listed record others are told the title, in search and at
// its address, and not a word more; of a hidden one nothing; those of its
// audience read it as any other.
func TestListed(t *testing.T) {
	h, anonymous := demoSite(t)
	staff := doorFor(t, h, library.Viewer{Name: "Sam", Audiences: []library.Audience{library.Staff}})
	partner := doorFor(t, h, library.Viewer{Name: "Pat", Audiences: []library.Audience{"partners"}})
	curator := doorFor(t, h, library.Viewer{Name: "Cy", Role: library.Curator})
	const line = `{"titles":{"en":"Quokka Rota of Field Staff"},"abstracts":{"en":"A zyzzcanary abstract."},"year":2031,"authors":["Xanthippe Canarybird"],"countries":["BT"],"topics":["Protection"],"links":[{"url":"https://zyzzcanary.example/"}]}`
	if rep, err := h.importer("test").Import(t.Context(), "x.jsonl", format.JSONLines(strings.NewReader(line))); err != nil || rep.Added != 1 {
		t.Fatal(rep, err)
	}
	entries, err := h.store.Scan(t.Context(), library.House(), library.KindResource, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	id := entries[len(entries)-1].ID
	canary := func(body string) bool {
		return strings.Contains(body, "zyzz") || strings.Contains(body, "Canarybird") || strings.Contains(body, "2031") || strings.Contains(body, "Bhutan")
	}
	for _, state := range []struct{ listed, open bool }{{true, false}, {false, false}, {true, true}} {
		edit(t, h, id, func(e *library.Entry, r *library.Resource) {
			e.Audience, r.Audience, r.Listed = library.Staff, library.Staff, state.listed
			if state.open {
				e.Audience, r.Audience = library.Public, library.Public
			}
		})
		if err := h.follower.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, body := ask(t, "GET", apiOf(t, h, library.Viewer{})+v1+"/resources/"+string(id), ""); state.listed && !state.open {
			for _, member := range []string{`"version"`, `"audience"`, `"created"`, `"updated"`, "zyzz", "2031"} {
				if !strings.Contains(body, "Quokka") || strings.Contains(body, member) {
					t.Errorf("%+v: the API tells %s of what is listed: %s", state, member, body)
				}
			}
		}
		for name, site := range map[string]string{"anyone": anonymous, "a partner": partner, "a curator": curator, "staff": staff} {
			full := name == "staff" || state.open
			res, page := get(t, "GET", site+"/en/r/"+string(id), "en")
			_, found := get(t, "GET", site+"/en/search?q=quokka+rota", "en")
			_, by := get(t, "GET", site+"/en/search?q=zyzzcanary&exact=1", "en")
			_, facets := get(t, "GET", site+"/en/search?country=BT", "en")
			told := state.listed || full
			if (res.StatusCode == 200) != told || strings.Contains(page, "Quokka Rota") != told || strings.Contains(found, "/en/r/"+string(id)) != told {
				t.Errorf("%s, %+v: the record answers %d, search tells %v", name, state, res.StatusCode, strings.Contains(found, string(id)))
			}
			if canary(page) != full || canary(found) != full || strings.Contains(by, string(id)) != full || strings.Contains(facets, string(id)) != full {
				t.Errorf("%s, %+v: more or less is told than may be: %v %v %v %v\n%s", name, state, canary(page), canary(found), strings.Contains(by, string(id)), strings.Contains(facets, string(id)), page)
			}
			if dated := strings.Contains(page, "Record changed on"); dated != full && res.StatusCode == 200 {
				t.Errorf("%s, %+v: the page tells when the record changed: %v", name, state, dated)
			}
			if locked := strings.Contains(page, `class="locked"`); locked != (told && !full) {
				t.Errorf("%s, %+v: locked %v", name, state, locked)
			}
		}
	}
}
