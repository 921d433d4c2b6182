package app

import (
	"strings"
	"testing"

	"waymark/format"
)

// TestDOIList: published records without a DOI, and no others, are written with
// the one that they may be given, as our own reader reads them.
func TestDOIList(t *testing.T) {
	data := t.TempDir()
	h, _ := siteOf(t, data, false)
	lines := `{"titles":{"en":"Has one"},"year":2020,"identifiers":[{"scheme":"doi","value":"10.1000/1"}]}
{"titles":{"en":"Has none","fr":"N’en a pas"},"year":2021,"authors":["Amina Hassan"],"identifiers":[{"scheme":"isbn","value":"9789241500012"}]}`
	if rep, err := h.importer("test").Import(t.Context(), "x", format.JSONLines(strings.NewReader(lines))); err != nil || rep.Added != 2 {
		t.Fatal(rep, err)
	}
	hidden(t, h)
	code, out, errs := waymark(t, data, "doi", "list", "--doi-prefix", "10.12345")
	if code != exitWell {
		t.Fatal(errs)
	}
	var titles []string
	for d, err := range format.DataCiteXML(strings.NewReader(out)) {
		if err != nil {
			t.Fatal(err)
		}
		titles = append(titles, d.Titles["en"])
		doi := ""
		for _, id := range d.Identifiers {
			if id.Scheme == "doi" {
				doi = id.Value
			}
		}
		if !strings.HasPrefix(doi, "10.12345/01") || doi != strings.ToLower(doi) || len(doi) != len("10.12345/")+26 {
			t.Errorf("the DOI is %q", doi)
		}
	}
	if len(titles) != 1 || titles[0] != "Has none" {
		t.Errorf("the records are %q\n%s", titles, out)
	}
	for _, prefix := range []string{"", "11.12345", "10.12345/", "10.x"} {
		if code, _, errs := waymark(t, data, "doi", "list", "--doi-prefix", prefix); code != exitFailed || !strings.Contains(errs, "doi-prefix") {
			t.Errorf("the prefix %q: %d %s", prefix, code, errs)
		}
	}
}
