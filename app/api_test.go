package app

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"waymark/library"
	"waymark/serve"
)

const v1 = "/api/v1"

// apiOf opens the interface for programs alone, for a viewer and without a
// limit of requests.
func apiOf(t *testing.T, h *house, as library.Viewer) string {
	t.Helper()
	a := h.api("")
	a.PerMinute = 0
	handler, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, serve.As(r, as)) }))
	t.Cleanup(server.Close)
	return server.URL
}

// ask sends a request, with a body when it has one and headers as name and
// value in turn.
func ask(t *testing.T, method, address, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

func TestAPIDoors(t *testing.T) {
	h, site := demoSite(t)
	curator := library.Viewer{Name: "test", Role: library.Curator}
	if _, err := h.desk().Withdraw(t.Context(), curator, sudan, 1, "no longer true"); err != nil {
		t.Fatal(err)
	}
	const merged = "01KDVDNCXR31RFJVW1YPGGWV07" // on times of crisis, in the demonstration collection
	if _, err := h.desk().Merge(t.Context(), curator, palermo, merged, ""); err != nil {
		t.Fatal(err)
	}
	last, err := h.store.Seq(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, method, path string
		status             int
		want, refuse       []string
	}{
		{name: "resources", path: "/resources?limit=2", status: 200, want: []string{`"items":[{"id":"01`, `"next":"`, `"address":"http://127.0.0.1`}},
		{name: "some members", path: "/resources?limit=1&fields=titles,date", status: 200, want: []string{`"titles"`, `"date"`, `"id"`}, refuse: []string{`"languages"`, `"sources"`}},
		{name: "an unknown member", path: "/resources?fields=colour", status: 422, want: []string{"choose from id, address"}},
		{name: "an unknown parameter", path: "/resources?colour=red", status: 422, want: []string{"query.colour"}},
		{name: "no cursor", path: "/resources?cursor=xxx", status: 422},
		{name: "observations", path: "/indicators/shelter-in-time/observations?area=AL&area=SD&from=2014&to=2015", status: 200, want: []string{`"area":"AL"`, `"period":"2014"`}, refuse: []string{`"area":"UA"`, `"period":"2016"`}},
		{name: "no indicator", path: "/indicators/none/observations", status: 404},
		{name: "studies", path: "/studies?limit=1", status: 200, want: []string{`"places":[{"intervention"`, `"next"`}, refuse: []string{`"by"`}},
		{name: "one", path: "/resources/" + palermo, status: 200, want: []string{`"date":"2000"`, `"name":"United Nations"`}},
		{name: "none", path: "/resources/01ARZ3NDEKTSV4RRFFQ69G5FAV", status: 404, want: []string{`"status":404`}},
		{name: "no ID", path: "/resources/x", status: 422},
		{name: "withdrawn", path: "/resources/" + sudan, status: 410},
		{name: "merged", path: "/resources/" + merged, status: 301},
		{name: "files", path: "/resources/" + palermo + "/files", status: 200, want: []string{`"items":[]`}},
		{name: "agents", path: "/agents?limit=3", status: 200, want: []string{`"type":"organisation"`}},
		{name: "no agent", path: "/agents/" + palermo, status: 404},
		{name: "vocabularies", path: "/vocabularies", status: 200, want: []string{`"name":"topics"`}},
		{name: "a vocabulary", path: "/vocabularies/countries", status: 200, want: []string{`"Soudan"`, `"alpha3":"SDN"`}},
		{name: "categories for readers", path: "/vocabularies/categories", status: 200, refuse: []string{"internal-instruction"}},
		{name: "no vocabulary", path: "/vocabularies/colours", status: 404},
		{name: "search", path: "/search?q=ukraine&lang=fr", status: 200, want: []string{`"total":1`, `"label":"Conflits armés"`, `"count":1`}},
		{name: "search by names", path: "/search?country=Ucrania&topic=armed-conflict&year=2019", status: 200, want: []string{`"total":1`}},
		{name: "search for what cannot be", path: "/search?country=Atlantis", status: 400, want: []string{`"location":"country"`}},
		{name: "search in what order", path: "/search?sort=colour", status: 422},
		{name: "suggestions", path: "/suggestions?q=ukrai&lang=fr", status: 200, want: []string{`"field":"country","value":"UA","label":"Ukraine","count":1`}},
		{name: "suggestions of nothing", path: "/suggestions", status: 422},
		{name: "changes", path: "/changes", status: 200, want: []string{fmt.Sprintf(`"seq":%d`, last), `"status":"withdrawn"`, `"status":"merged"`, `"into":"` + palermo}},
		{name: "changes since", path: fmt.Sprintf("/changes?since=%d", last), status: 200, want: []string{fmt.Sprintf(`"items":[],"seq":%d,"more":false`, last)}},
		{name: "an export", path: "/exports/ris?q=ukraine", status: 200, want: []string{"TY  - "}},
		{name: "of one", path: "/resources/" + palermo + "/exports/bibtex", status: 200, want: []string{"@"}},
		{name: "no export", path: "/exports/page", status: 404, want: []string{`"status":404`}},
		{name: "no address", path: "/colours", status: 404, want: []string{`"status":404`}},
		{name: "no method", method: "POST", path: "/search", status: 405},
		{name: "a reader writes", method: "POST", path: "/resources", status: 403},
		{name: "a reader withdraws", method: "DELETE", path: "/resources/" + palermo, status: 403},
		{name: "the page for people", path: "/", status: 200, want: []string{"<h1>API for programs</h1>", "/api/v1/resources/{id}", "schema-Resource"}, refuse: []string{"<script", "https://unpkg", "style="}},
		{name: "its style", path: "/document.css", status: 200},
		{name: "a schema", path: "/schemas/Resource.json", status: 200, want: []string{`"$schema": "https://json-schema.org/draft/2020-12/schema"`, `"#/$defs/Contributor"`}},
		{name: "OpenAPI", path: "/openapi.json", status: 200, want: []string{`"openapi":"3.1.0"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, body := ask(t, cmp.Or(c.method, "GET"), site+v1+c.path, "")
			if res.StatusCode != c.status {
				t.Fatalf("status %d, want %d\n%.600s", res.StatusCode, c.status, body)
			}
			if kind := res.Header.Get("Content-Type"); res.StatusCode >= 400 && kind != "application/problem+json" {
				t.Errorf("a problem comes as %q", kind)
			}
			for _, s := range c.want {
				if !strings.Contains(body, s) {
					t.Errorf("lacks %q in %.900s", s, body)
				}
			}
			for _, s := range append(c.refuse, "%!", "SQL") {
				if strings.Contains(body, s) {
					t.Errorf("holds %q", s)
				}
			}
			if res.Header.Get("Access-Control-Allow-Origin") != "*" || res.Header.Get("RateLimit") == "" {
				t.Errorf("headers %v", res.Header)
			}
		})
	}
}

// TestAPITags: an unchanged answer costs nothing, a preflight is answered, and
// one request too many is refused.
func TestAPITags(t *testing.T) {
	h, site := demoSite(t)
	for _, path := range []string{"/resources/" + palermo, "/search?q=ukraine", "/agents"} {
		res, body := ask(t, "GET", site+v1+path, "")
		tag := res.Header.Get("ETag")
		if tag == "" || body == "" {
			t.Fatalf("%s has no tag", path)
		}
		res, body = ask(t, "GET", site+v1+path, "", "If-None-Match", `"x", W/`+tag)
		if res.StatusCode != 304 || body != "" || res.Header.Get("ETag") != tag {
			t.Errorf("%s answers %d with %.60q", path, res.StatusCode, body)
		}
		if res, _ = ask(t, "HEAD", site+v1+path, ""); res.StatusCode != 200 || res.Header.Get("ETag") != tag {
			t.Errorf("HEAD of %s answers %d, %s", path, res.StatusCode, res.Header.Get("ETag"))
		}
	}
	if res, _ := ask(t, "OPTIONS", site+v1+"/resources", "", "Origin", "https://example.org", "Access-Control-Request-Method", "GET"); res.StatusCode != 204 || res.Header.Get("Access-Control-Allow-Methods") != "GET, HEAD" {
		t.Errorf("preflight: %d %v", res.StatusCode, res.Header)
	}
	curator := apiOf(t, h, library.Viewer{Name: "test", Role: library.Curator})
	if res, _ := ask(t, "POST", curator+v1+"/resources", "{}", "Sec-Fetch-Site", "cross-site"); res.StatusCode != 403 {
		t.Errorf("a page of another site writes: %d", res.StatusCode)
	}
	a := h.api("")
	a.PerMinute = 2
	handler, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	few := httptest.NewServer(handler)
	defer few.Close()
	for i, want := range []int{200, 200, 429} {
		if res, body := ask(t, "GET", few.URL+v1+"/vocabularies", ""); res.StatusCode != want || want == 429 && (res.Header.Get("Retry-After") != "30" || !strings.Contains(body, `"status":429`)) {
			t.Errorf("request %d: %d, %v", i, res.StatusCode, res.Header)
		}
	}
}

// walkAPI leads through a list by its cursors; between is done after each page.
func walkAPI(t *testing.T, first string, between func(page int, given []string)) (ids []string) {
	t.Helper()
	next := first
	for page := 0; ; page++ {
		res, body := ask(t, "GET", next, "")
		var list struct {
			Items []struct {
				ID       string
				Resource struct{ ID string }
			}
			Next string
		}
		if err := json.Unmarshal([]byte(body), &list); err != nil || res.StatusCode != 200 {
			t.Fatalf("%s answers %d: %s", next, res.StatusCode, body)
		}
		for _, it := range list.Items {
			ids = append(ids, it.ID+it.Resource.ID)
		}
		if list.Next == "" {
			return ids
		}
		next = first + "&cursor=" + url.QueryEscape(list.Next)
		between(page, ids)
	}
}

// TestAPICursors: while records are added and withdrawn between the pages,
// every record that stays is given exactly once.
func TestAPICursors(t *testing.T) {
	h, site := demoSite(t)
	curator := library.Viewer{Name: "test", Role: library.Curator}
	for _, first := range []string{"/resources?limit=7&fields=id", "/search?sort=newest&limit=7&facets=false&fields=id", "/search?q=trafficking&limit=7&facets=false&fields=id"} {
		before := walkAPI(t, site+v1+first, func(int, []string) {})
		gone := map[string]bool{}
		after := walkAPI(t, site+v1+first, func(page int, given []string) {
			if page > 4 {
				return
			}
			for _, what := range []string{"Trafficking and the year %d of %s", "Another work on trafficking, the year %d of %s"} {
				r := &library.Resource{Status: library.Published, Audience: library.Public, Titles: library.Text{"en": fmt.Sprintf(what, page, first)},
					Date: library.Date(fmt.Sprint(2029 - page)), Languages: []string{"en"}}
				if _, err := h.desk().Put(t.Context(), curator, r, nil, ""); err != nil {
					t.Fatal(err)
				}
			}
			id := library.ID(given[len(given)-1]) // the hit behind which the next page begins
			e, err := h.store.Entry(t.Context(), curator, id)
			if err == nil {
				_, err = h.desk().Withdraw(t.Context(), curator, id, e.Version, "no longer true")
			}
			if err == nil {
				err = h.follower.CatchUp(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
			gone[string(id)] = true
		})
		times := map[string]int{}
		for _, id := range after {
			if times[id]++; times[id] > 1 {
				t.Errorf("%s gives %s %d times", first, id, times[id])
			}
		}
		for _, id := range before {
			if times[id] == 0 && !gone[id] {
				t.Errorf("%s leaves out %s", first, id)
			}
		}
	}
	if agents := walkAPI(t, site+v1+"/agents?limit=7", func(int, []string) {}); len(agents) < 40 {
		t.Errorf("%d agents", len(agents))
	}
}
