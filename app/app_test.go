package app

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/library"
)

const portalPage = "../testdata/portal/capacity-building.txt"

// waymark runs one command over a library's folder as from a terminal.
func waymark(t *testing.T, data string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main(append(args, "--data", data), strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestImportAndSearch goes the way of the README: the page, again the page,
// and a question.
func TestImportAndSearch(t *testing.T) {
	data := filepath.Join(t.TempDir(), "made", "on", "first use")
	code, out, errs := waymark(t, data, "import", "--dry-run", portalPage)
	if code != exitWell || !strings.Contains(out, "nothing was written") || !strings.Contains(out, "added                 9") {
		t.Fatalf("dry run: %d\n%s%s", code, out, errs)
	}
	code, out, errs = waymark(t, data, "import", portalPage)
	if code != exitWell {
		t.Fatalf("import: %d\n%s%s", code, out, errs)
	}
	for _, s := range []string{"read                  10", "added                 9", "already there         1", "suspected duplicates  0", "refused               0", "line 54: joined"} {
		if !strings.Contains(out, s) {
			t.Errorf("the report lacks %q:\n%s", s, out)
		}
	}
	if code, out, _ = waymark(t, data, "import", portalPage); code != exitWell || !strings.Contains(out, "added                 0") || !strings.Contains(out, "already there         10") {
		t.Errorf("again: %d\n%s", code, out)
	}
	if code, out, _ = waymark(t, data, "search", "trafficking ukraine"); code != exitWell || !strings.Contains(out, "1 to 1 of 1") || !strings.Contains(out, "Armed Conflict in Ukraine") {
		t.Errorf("search: %d\n%s", code, out)
	}
	if code, out, _ = waymark(t, data, "search"); code != exitWell || !strings.Contains(out, "1 to 9 of 9") {
		t.Errorf("browse: %d\n%s", code, out)
	}
}

func TestSearchJSON(t *testing.T) {
	data := t.TempDir()
	waymark(t, data, "import", portalPage)
	for _, c := range []struct {
		args  []string
		total int
		first string
	}{
		{[]string{"trafficking", "ukraine"}, 1, "Findings of the Study"},
		{[]string{"--country", "Soudan"}, 1, "Strategy to Address"},
		{[]string{"--region", "North Africa"}, 1, "Strategy to Address"},
		{[]string{"--region", "worldwide"}, 8, ""},
		{[]string{"--topic", "Capacity Building"}, 9, ""},
		{[]string{"--author", "IOM"}, 1, "Developing Standard"},
		{[]string{"--author", "Nataliya Gusak"}, 1, "Findings"},
		{[]string{"--year", "2009..2010"}, 4, ""},
		{[]string{"--language", "es"}, 1, "Trata de Mujeres"},
		{[]string{"--sort", "title"}, 9, "Addressing Human"},
		{[]string{"--page", "2"}, 9, ""},
		{[]string{"zzyzx qwrtp"}, 0, ""},
	} {
		code, out, errs := waymark(t, data, append([]string{"search", "--json"}, c.args...)...)
		var a struct {
			Total int
			Hits  []struct {
				ID, Title string
				Year      int
			}
			Facets map[string][]struct {
				Value, Label string
				Count        int
			}
			TookMS *float64 `json:"took_ms"`
		}
		if err := json.Unmarshal([]byte(out), &a); err != nil || code != exitWell {
			t.Errorf("%v: %d, %v\n%s%s", c.args, code, err, out, errs)
			continue
		}
		if a.Total != c.total || a.TookMS == nil || a.Hits == nil || len(a.Facets) != len(library.Facets()) {
			t.Errorf("%v: total %d, want %d; %d facets", c.args, a.Total, c.total, len(a.Facets))
		}
		if len(a.Hits) > 0 && !strings.HasPrefix(a.Hits[0].Title, c.first) {
			t.Errorf("%v: first %q, want %q", c.args, a.Hits[0].Title, c.first)
		}
	}
}

// TestSearchUnderstands: the terminal says how words were taken, and takes them
// otherwise when asked.
func TestSearchUnderstands(t *testing.T) {
	data := t.TempDir()
	if code, out, errs := waymark(t, data, "import", portalPage); code != exitWell {
		t.Fatal(out, errs)
	}
	for _, c := range []struct {
		args         []string
		want, refuse string
	}{
		{[]string{"traficking ukrane"}, "Nothing was found for traficking ukrane. These are the results for: trafficking ukraine", "Did you mean"},
		{[]string{"--exact", "traficking ukrane"}, "Did you mean: trafficking ukraine", "These are the results"},
		{[]string{"soudan"}, "Also searched (not with --exact): السودان", "Soudan ·"},
		{[]string{"--exact", "sudan"}, "1 to ", "Also searched"},
		{[]string{"--complete", "soud"}, "1  country    Sudan", "Did you mean"},
		{[]string{"--complete", "--json", "vulner"}, `"label": "Addressing Human Trafficking`, `"field": "country"`},
	} {
		code, out, errs := waymark(t, data, append([]string{"search"}, c.args...)...)
		if code != exitWell || !strings.Contains(out, c.want) || strings.Contains(out, c.refuse) {
			t.Errorf("%v: %d %s%s, want %q and not %q", c.args, code, out, errs, c.want, c.refuse)
		}
	}
}

// TestExitCodes: 0 all well, 1 some refused, 2 could not run; what went wrong
// is named with its file and line.
func TestExitCodes(t *testing.T) {
	good := "Trafficking\n\nA Good Title of a Work\n\nIts abstract.\nCountry\nSudan\nYear\n2015\nCategory\n"
	broken := write(t, "broken.txt", good+"\n\xff Title\n\nAbstract.\nCountry\nSudan\nYear\n2015\nCategory\n")
	empty := write(t, "empty.txt", "")
	binary := write(t, "binary.bin", "\x7fELF\x00\x00")
	folder := t.TempDir()
	unreadableSettings := write(t, "waymark.db", "this is no database, only words that fill some space")
	for _, c := range []struct {
		name string
		args []string
		code int
		want []string
	}{
		{"all well", []string{"import", portalPage}, exitWell, nil},
		{"one entry refused", []string{"import", broken}, exitRefused, []string{"broken.txt", "line 12: refused: the entry is not valid UTF-8", "added                 1"}},
		{"empty file", []string{"import", empty}, exitRefused, []string{"empty.txt", "refused: the file is empty"}},
		{"binary", []string{"import", binary}, exitRefused, []string{"binary.bin", "are not read"}},
		{"folder beside a file", []string{"import", folder, portalPage}, exitRefused, []string{"the folder has no files", "added"}},
		{"only a folder", []string{"import", folder}, exitFailed, []string{"the folder has no files", "no file could be opened"}},
		{"no such file", []string{"import", "/nowhere/at all.txt"}, exitFailed, []string{"there is no such file"}},
		{"no file named", []string{"import"}, exitFailed, []string{"file"}},
		{"no such command", []string{"fetch"}, exitFailed, []string{"fetch"}},
		{"a year that is none", []string{"search", "--year", "20x9"}, exitFailed, []string{`"20x9" is not a year`}},
		{"an unknown country", []string{"search", "--country", "Suddan"}, exitFailed, []string{`"Suddan" is not a country`, `did you mean "Sudan"?`}},
		{"an unknown order", []string{"search", "--sort", "colour"}, exitFailed, []string{"relevance, newest or title"}},
		{"vocabularies", []string{"vocabulary", "check"}, exitWell, []string{"countries"}},
		{"settings", []string{"config"}, exitWell, []string{"data", "from flag", "localhost:8080", "from default"}},
		{"a folder that is a file", []string{"search", "--data", unreadableSettings}, exitFailed, []string{"folder"}},
		{"help", []string{"--help"}, exitWell, []string{"Open the library in a browser"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := waymark(t, t.TempDir(), c.args...)
			if c.name == "a folder that is a file" { // the last --data counts
				var o, e bytes.Buffer
				code = Main(c.args, strings.NewReader(""), &o, &e)
				out, errs = o.String(), e.String()
			}
			if code != c.code {
				t.Errorf("exit %d, want %d", code, c.code)
			}
			for _, s := range c.want {
				if !strings.Contains(out+errs, s) {
					t.Errorf("lacks %q", s)
				}
			}
			if t.Failed() {
				t.Logf("%s%s", out, errs)
			}
		})
	}
}

// TestVocabularyOfOnesOwn: files copied out, edited and broken.
func TestVocabularyOfOnesOwn(t *testing.T) {
	data := t.TempDir()
	if code, out, errs := waymark(t, data, "vocabulary", "copy"); code != exitWell || !strings.Contains(out, "topics.csv") {
		t.Fatalf("copy: %d\n%s%s", code, out, errs)
	}
	name := filepath.Join(data, "vocabulary", "topics.csv")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if code, out, _ := waymark(t, data, "vocabulary", "copy"); code != exitWell || !strings.Contains(out, "left alone") {
		t.Errorf("copying again: %d\n%s", code, out)
	}
	broken := strings.Replace(string(b), "Armed Conflict", "", 1)
	if err := os.WriteFile(name, []byte(broken), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := waymark(t, data, "search"); code != exitFailed || !strings.Contains(errs, "topics.csv") || !strings.Contains(errs, "line") {
		t.Errorf("a broken vocabulary: %d\n%s", code, errs)
	}
}
