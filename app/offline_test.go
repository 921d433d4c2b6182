package app

import (
	"archive/zip"
	"io"
	"regexp"
	"strings"
	"testing"

	"waymark/library"
)

// unzipped gives the files of an offline map.
func unzipped(t testing.TB, body string) map[string]string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(raw)
	}
	return files
}

var (
	anchors = regexp.MustCompile(`href="#([^"]+)"`)
	marks   = regexp.MustCompile(` id="([^"]+)"`)
	outside = regexp.MustCompile(`(?:src|<link [^>]*href)="[^"]*"|url\(|@import`)
)

// TestMapWithoutNetwork: the offline map needs nothing that it does not hold,
// its cells lead to their studies, it names its day and edition, and it holds
// what the other exports hold.
func TestMapWithoutNetwork(t *testing.T) {
	h, site := demoSite(t)
	view, err := h.evidence.View(t.Context(), library.Viewer{})
	if err != nil {
		t.Fatal(err)
	}
	hash := view.Snapshots[0].Hash
	for _, base := range []string{"/en/evidence", "/ar/evidence/snapshots/" + hash} {
		res, body := get(t, "GET", site+base+"/export/zip", "en")
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != "application/zip" {
			t.Fatalf("%s answers %d", base, res.StatusCode)
		}
		files := unzipped(t, body)
		page := files["index.html"]
		if hit := outside.FindString(page); hit != "" {
			t.Errorf("%s: the page needs %s", base, hit)
		}
		there := map[string]bool{}
		for _, m := range marks.FindAllStringSubmatch(page, -1) {
			if there[m[1]] {
				t.Errorf("%s: %s stands twice", base, m[1])
			}
			there[m[1]] = true
		}
		links := anchors.FindAllStringSubmatch(page, -1)
		for _, m := range links {
			if !there[m[1]] {
				t.Errorf("%s: leads nowhere: %s", base, m[1])
			}
		}
		if len(links) < 200 {
			t.Errorf("%s: %d links", base, len(links))
		}
		if base != "/en/evidence" && !strings.Contains(files["README.txt"], hash) {
			t.Errorf("%s: the edition is not named: %s", base, files["README.txt"])
		}
		for _, f := range []string{"csv", "json", "ris"} {
			if _, alone := get(t, "GET", site+base+"/export/"+f, "en"); alone != files["evidence-map."+f] {
				t.Errorf("%s: the %s of the zip is not the one to be had alone", base, f)
			}
		}
	}
	if res, body := get(t, "GET", site+"/en/evidence/snapshots/"+hash+"/studies", "en"); res.StatusCode != 200 || !strings.Contains(body, "/snapshots/"+hash+"/studies/") {
		t.Errorf("the snapshot's studies answer %d", res.StatusCode)
	}
}
