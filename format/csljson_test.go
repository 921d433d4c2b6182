package format

import (
	"fmt"
	"strings"
	"testing"
)

const cslSample = `[
 {"id": "gusak2015", "type": "report", "title": "Of people at borders", "author": [{"family":"Gusak","given":"Nataliya"},{"literal":"IOM"},{"family":"Berg","non-dropping-particle":"van der","given":"A."}],
  "issued": {"date-parts": [["2015", 3]]}, "volume": 7, "ISBN": "9789290687063", "DOI": "10.1234/ABC", "URL": "https://example.org/a", "keyword": "crisis, camps", "language": "en", "note": "x"},
 {"id": 4, "type": "article-journal", "title": "Second", "container-title": "A Journal", "issued": {"raw": "1999/12/31"}, "page": "11-19"},
 {"type": "report", "title": 5},
 {"type": "odd", "title": "Last"`

func TestCSLJSON(t *testing.T) {
	if !isCSLJSON([]byte(cslSample)) || isCSLJSON([]byte(`{"titles":{}}`)) {
		t.Error("CSL-JSON is not told from others")
	}
	got, problems := all(CSLJSON(strings.NewReader(cslSample)))
	want := []string{
		`{"Authors":[{"Text":"Gusak, Nataliya"},{"Text":"IOM"},{"Text":"van der Berg, A."}],"Category":{"Text":"Report"},"Date":{"Text":"2015-03"},"ID":"","Identifiers":[{"scheme":"doi","value":"10.1234/abc"},{"scheme":"isbn","value":"9789290687063"}],"Key":"gusak2015","Languages":[{"Text":"en"}],"Links":[{"url":"https://example.org/a"}],"Subjects":[{"Text":"crisis"},{"Text":"camps"}],"Titles":{"und":"Of people at borders"},"Volume":{"Text":"7"}}`,
		`{"Category":{"Text":"Journal Article"},"Container":{"Text":"A Journal"},"Date":{"Text":"1999-12-31"},"ID":"","Key":"4","Pages":{"Text":"11-19"},"Titles":{"und":"Second"}}`,
	}
	if len(got) != 2 || len(problems) != 2 || !strings.Contains(problems[0], "no CSL-JSON") || !strings.Contains(problems[1], "damaged") {
		t.Fatalf("%d records, %q", len(got), problems)
	}
	if got[0].Line != 2 || got[1].Line != 4 || !strings.HasPrefix(problems[0], "line 5: ") || !strings.HasPrefix(problems[1], "line 5: ") {
		t.Errorf("lines %d and %d, %q", got[0].Line, got[1].Line, problems)
	}
	for i, w := range want {
		if g := without(t, got[i]); g != w {
			t.Errorf("record %d is\n%s\nwant\n%s", i, g, w)
		}
	}
}

func TestCSLJSONRoundTrip(t *testing.T) {
	n := 0
	roundTrip(t, func(b *strings.Builder) Writer { return WriteCSLJSON(b) }, func(r *strings.Reader) Drafts { return CSLJSON(r) }, func(d *Draft) {
		n++
		d.Key = fmt.Sprint("k", n)
		for i := range d.Subjects {
			d.Subjects[i].Text = strings.ReplaceAll(d.Subjects[i].Text, ";", "")
		}
	})
	var b strings.Builder
	if err := WriteCSLJSON(&b).Close(); err != nil || b.String() != "[]\n" {
		t.Errorf("an empty list is %q, %v", b.String(), err)
	}
}

func FuzzCSLJSON(f *testing.F) {
	f.Add([]byte(cslSample))
	f.Fuzz(func(t *testing.T, data []byte) {
		for range CSLJSON(strings.NewReader(string(data))) {
		}
	})
}
