package app

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"waymark/format"
	"waymark/library"
)

// asking asks as a program does that names what it takes.
func asking(t *testing.T, address, accept string, fields ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	for i := 0; i < len(fields); i += 2 {
		req.Header.Set(fields[i], fields[i+1])
	}
	res, err := client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

// TestNegotiation: the lasting address of a record gives what it is asked for.
func TestNegotiation(t *testing.T) {
	_, site := demoSite(t)
	const page = "text/html; charset=utf-8"
	for _, c := range []struct{ end, accept, kind, want string }{
		{"", "", page, ""},
		{"", "*/*", page, ""},
		{"", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", page, ""}, // browsers
		{"", "application/json", "application/json", `"titles"`},
		{"", "application/ld+json", "application/ld+json", `"@type":"Legislation"`},
		{"", "application/x-bibtex", "application/x-bibtex; charset=utf-8", "title = {Protocol to Prevent"},
		{"", "application/x-bibtex;q=0.5, application/x-research-info-systems", "application/x-research-info-systems; charset=utf-8", "TI  - Protocol to Prevent"},
		{"", "application/vnd.citationstyles.csl+json, text/html;q=0.1", "application/vnd.citationstyles.csl+json", `"title"`},
		{"", "application/json;q=0, */*", page, ""},
		{"", "application/json;q=0.5, text/html;q=0.6", page, ""},
		{"", "text/turtle", page, ""},
		{".json", "", "application/json", `"titles"`},
		{".jsonld", "text/html", "application/ld+json", `"@context":"https://schema.org"`},
		{".bib", "", "application/x-bibtex; charset=utf-8", "title = {Protocol"},
		{".ris", "", "application/x-research-info-systems; charset=utf-8", "TY  - "},
		{".csl", "", "application/vnd.citationstyles.csl+json", `"title"`},
		{".enw", "", "application/x-endnote-refer; charset=utf-8", "%T Protocol"},
		{".mrc", "", "application/marc", "Protocol to Prevent"},
		{".marcxml", "", "application/marcxml+xml", "Protocol to Prevent"},
		{".dc", "", "application/xml; charset=utf-8", "<dc:title"},
	} {
		res, body := asking(t, site+"/r/"+palermo+c.end, c.accept)
		status := http.StatusOK
		if c.kind == page {
			status = http.StatusFound
		}
		if res.StatusCode != status || res.Header.Get("Content-Type") != c.kind || !strings.Contains(body, c.want) {
			t.Errorf("%q for %q answers %d %s\n%.300s", c.end, c.accept, res.StatusCode, res.Header.Get("Content-Type"), body)
		}
		if vary := strings.Join(res.Header.Values("Vary"), ","); !strings.Contains(vary, "Accept,") && !strings.Contains(vary, "Accept, ") {
			t.Errorf("%q varies by %q", c.end, vary)
		}
		if c.kind == page || c.end == ".jsonld" || c.want == `"@type":"Legislation"` {
			continue
		}
		for d, err := range format.Read(strings.NewReader(body), format.Options{}) {
			if err != nil || len(d.Titles) == 0 && c.end != "" {
				t.Errorf("%q for %q cannot be read back: %v", c.end, c.accept, err)
			}
		}
	}
	for path, want := range map[string]int{"/r/" + palermo + ".pdf": 404, "/r/" + palermo + ".": 302, "/r/01ARZ3NDEKTSV4RRFFQ69G5FAV.bib": 404, "/r/x.json": 404,
		"/r/" + strings.ToLower(palermo) + ".bib": 200, "/unapi": 200, "/unapi?id=" + palermo: 300, "/unapi?id=" + palermo + "&format=ris": 200,
		"/unapi?id=" + palermo + "&format=x": 406, "/unapi?id=none": 404, "/unapi?id=none&format=ris": 404, "/sitemaps/x.xml": 404, "/sitemaps/pages": 404,
		"/r/" + palermo + "/linkset.json": 200, "/r/none/linkset.json": 404, "/en/opensearch.xml": 200} {
		if res, body := asking(t, site+path, ""); res.StatusCode != want {
			t.Errorf("%s answers %d, want %d\n%.200s", path, res.StatusCode, want, body)
		}
	}
}

// TestMovedForms: a merged record's forms lead to those of what took it in.
func TestMovedForms(t *testing.T) {
	h, site := demoSite(t)
	const other = library.ID("01KDVDQCD0FAM1ERYETTRZYD2A")
	edit(t, h, other, func(e *library.Entry, _ *library.Resource) { e.Status, e.MergedInto = library.Merged, palermo })
	res, _ := asking(t, site+"/r/"+string(other)+".bib", "")
	if res.StatusCode != 301 || res.Header.Get("Location") != "/r/"+palermo+".bib" {
		t.Errorf("answers %d to %s", res.StatusCode, res.Header.Get("Location"))
	}
}

var linkTarget = regexp.MustCompile(`<([^>]*)>; rel="([^"]*)"`)

// TestSignposts: the links of the page, those of its set and those of every
// target back to it agree, and each leads somewhere.
func TestSignposts(t *testing.T) {
	_, site := demoSite(t)
	lasting := site + "/r/" + palermo
	res, _ := asking(t, site+"/en/r/"+palermo, "")
	head := map[string][]string{}
	for _, m := range linkTarget.FindAllStringSubmatch(res.Header.Get("Link"), -1) {
		head[m[2]] = append(head[m[2]], m[1])
	}
	_, body := asking(t, lasting+"/linkset.json", "")
	var set struct{ Linkset []map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(body), &set); err != nil {
		t.Fatal(err)
	}
	same := map[string][]string{}
	back := 0
	for _, context := range set.Linkset {
		var anchor string
		if err := json.Unmarshal(context["anchor"], &anchor); err != nil {
			t.Fatal(err)
		}
		delete(context, "anchor")
		for rel, raw := range context {
			var places []struct{ Href string }
			if err := json.Unmarshal(raw, &places); err != nil {
				t.Fatal(err)
			}
			for _, p := range places {
				if anchor == lasting {
					same[rel] = append(same[rel], p.Href)
				} else if back++; p.Href != lasting {
					t.Errorf("%s has the link %s to %s", anchor, rel, p.Href)
				}
			}
		}
	}
	if !maps.EqualFunc(head, same, slices.Equal) || back != len(head["describedby"]) || len(head["cite-as"]) != 1 || len(head["type"]) != 2 {
		t.Errorf("the page has the links\n%v, and their set\n%v with %d back", head, same, back)
	}
	for _, to := range append(head["describedby"], head["linkset"]...) {
		if res, _ := asking(t, to, ""); res.StatusCode != 200 || to != head["linkset"][0] && !strings.Contains(res.Header.Get("Link"), "<"+lasting+`>; rel="describes"`) {
			t.Errorf("%s answers %d with the links %q", to, res.StatusCode, res.Header.Get("Link"))
		}
	}
}

// TestHeadForMachines: every page of a publication has JSON-LD that a JSON
// reader takes, the tags that citation programs need, and links to each form.
func TestHeadForMachines(t *testing.T) {
	h, site := demoSite(t)
	const evil = `</script><script>alert(1)</script> "quoted" & <b> ` + "\u2028"
	edit(t, h, palermo, func(_ *library.Entry, r *library.Resource) {
		r.Titles["en"] = evil
		r.Identifiers = append(r.Identifiers, library.Identifier{Scheme: "doi", Value: "10.1000/182"})
	})
	entries, err := h.store.Scan(t.Context(), library.Viewer{}, library.KindResource, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range entries {
		lang := []string{"en", "ar", "zh"}[i%3]
		if e.ID == palermo {
			lang = "en"
		}
		_, body := get(t, "GET", site+"/"+lang+"/r/"+string(e.ID), lang)
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		names, schema := map[string]string{}, ""
		for n := range doc.Descendants() {
			attrs := map[string]string{}
			for _, a := range n.Attr {
				attrs[a.Key] = a.Val
			}
			switch {
			case n.Data == "meta":
				names[attrs["name"]+attrs["property"]] = attrs["content"]
			case n.Data == "script" && attrs["type"] == "application/ld+json":
				schema = n.FirstChild.Data
			case n.Data == "script" && attrs["src"] == "":
				t.Errorf("%s has a script in the page: %s", e.ID, n.FirstChild.Data)
			}
		}
		var o struct {
			Context string `json:"@context"`
			ID      string `json:"@id"`
			Type    string `json:"@type"`
			Name    string
		}
		if err := json.Unmarshal([]byte(schema), &o); err != nil || o.Context != "https://schema.org" || o.ID != site+"/r/"+string(e.ID) || o.Type == "" || o.Name == "" {
			t.Errorf("%s: %v %+v\n%s", e.ID, err, o, schema)
		}
		for _, name := range []string{"citation_title", "DC.title", "DC.identifier", "og:title", "og:url"} {
			if names[name] == "" {
				t.Errorf("%s has no %s", e.ID, name)
			}
		}
		if e.ID == palermo && (o.Name != evil || names["citation_doi"] != "10.1000/182" || names["DC.identifier"] != "https://doi.org/10.1000/182") {
			t.Errorf("the title is %q in the JSON, and the tags are %v", o.Name, names)
		}
	}
}

// TestSitemaps: every page that a sitemap names answers, in every language, and
// the records are all there are.
func TestSitemaps(t *testing.T) {
	_, site := demoSite(t)
	type urls struct {
		URLs []struct {
			Loc     string `xml:"loc"`
			Changed string `xml:"lastmod"`
			Others  []struct {
				Lang string `xml:"hreflang,attr"`
				Href string `xml:"href,attr"`
			} `xml:"http://www.w3.org/1999/xhtml link"`
		} `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 url"`
	}
	_, body := asking(t, site+"/robots.txt", "")
	_, address, _ := strings.Cut(body, "Sitemap: ")
	var index struct {
		Maps []string `xml:"sitemap>loc"`
	}
	_, body = asking(t, strings.TrimSpace(address), "")
	if err := xml.Unmarshal([]byte(body), &index); err != nil || len(index.Maps) != 2 {
		t.Fatalf("%v: the index lists %q", err, index.Maps)
	}
	records := 0
	for _, to := range index.Maps {
		var m urls
		res, body := asking(t, to, "")
		if err := xml.Unmarshal([]byte(body), &m); err != nil || !strings.HasPrefix(res.Header.Get("Content-Type"), "application/xml") {
			t.Fatalf("%s: %v", to, err)
		}
		for i, u := range m.URLs {
			record := strings.Contains(u.Loc, "/r/")
			want := 6
			if record || strings.Count(u.Loc, "/") == 4 && strings.HasSuffix(u.Loc, "/") {
				want = 7 // with the address that suits itself to the reader
			}
			if len(u.Others) != want || record != (u.Changed != "") {
				t.Errorf("%s has %d others and was changed %q", u.Loc, len(u.Others), u.Changed)
			}
			if record && strings.Contains(u.Loc, "/en/") {
				records++
			}
			if i%17 == 0 {
				if res, _ := asking(t, u.Loc, ""); res.StatusCode != 200 {
					t.Errorf("%s answers %d", u.Loc, res.StatusCode)
				}
			}
		}
	}
	if records != 108 {
		t.Errorf("the sitemaps name %d records, want 108", records)
	}
}
