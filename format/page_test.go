package format

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"waymark/library"
)

func isTopic(s string) bool { return s == "Capacity Building" || s == "Trafficking" }

// readAll gives what a source holds, as short lines.
func readAll(t *testing.T, source string) (drafts []Draft, problems []string) {
	t.Helper()
	for d, err := range Read(strings.NewReader(source), Options{IsTopic: isTopic}) {
		var p *Problem
		switch {
		case errors.As(err, &p):
			problems = append(problems, p.Error())
		case err != nil:
			t.Fatal(err)
		default:
			drafts = append(drafts, d)
		}
	}
	return drafts, problems
}

func TestPortalPage(t *testing.T) {
	page, err := os.ReadFile("../testdata/portal/capacity-building.txt")
	if err != nil {
		t.Fatal(err)
	}
	for name, source := range map[string]string{
		"as served":       string(page),
		"CR LF":           strings.ReplaceAll(string(page), "\n", "\r\n"),
		"byte-order mark": "\ufeff" + string(page),
	} {
		drafts, problems := readAll(t, source)
		if len(problems) > 0 {
			t.Errorf("%s: %q", name, problems)
		}
		var got strings.Builder
		for _, d := range drafts {
			fmt.Fprintf(&got, "%d %.30s|%d|%v|%v|%v|%v|%v|%v\n", d.Line, d.Titles[library.Undetermined], len(d.Abstracts[library.Undetermined]),
				texts(d.Countries), texts(d.Regions), texts(d.Authors), d.Date.Text, d.Category.Text, texts(d.Topics))
		}
		want := `5 Developing Standard Operating |934|[Worldwide]|[Worldwide]|[United Nations High Commissioner For Refugees (UNHCR) International Organization For Migration (IOM)]|2009||[Capacity Building]
`
		if first, _, _ := strings.Cut(got.String(), "\n"); first+"\n" != want {
			t.Errorf("%s: first entry\n%s\nwant\n%s", name, first, want)
		}
		if len(drafts) != 10 {
			t.Errorf("%s: %d entries, want 10\n%s", name, len(drafts), &got)
		}
		if last := drafts[len(drafts)-1]; last.Date.Text != "2009" || last.Date.Line == 0 {
			t.Errorf("%s: last entry %+v", name, last)
		}
	}
}

func texts(vs []Value) []string {
	var out []string
	for _, v := range vs {
		out = append(out, v.Text)
	}
	return out
}

const entry = "A Title of a Work\n\nIts abstract has a sentence.\nCountry\nSudan\nRegion\nNorth Africa\nYear\n2015\nCategory\n\n"

func TestPageShapes(t *testing.T) {
	for name, c := range map[string]struct {
		source   string
		titles   []string
		problems []string
	}{
		"heading":                   {"Skip to main content\n\nCapacity Building\n\n" + entry, []string{"A Title of a Work"}, nil},
		"no heading":                {entry + strings.Replace(entry, "A Title", "B Title", 1), []string{"A Title of a Work", "B Title of a Work"}, nil},
		"heading, no abstract":      {"Trafficking\n\nThe Title\n\nCountry\nSudan\nYear\n2015\n", []string{"The Title"}, nil},
		"unknown heading":           {"Some New Topic\n\n" + entry, []string{"A Title of a Work"}, nil},
		"no country":                {"A Title\n\nAbstract.\nYear\n2015\nCategory\n\n" + entry, []string{"A Title", "A Title of a Work"}, nil},
		"no category":               {strings.Replace(entry, "Category\n", "", 1) + entry, []string{"A Title of a Work", "A Title of a Work"}, nil},
		"category in words":         {strings.Replace(entry, "Category\n", "Category\nToolkit\n", 1), []string{"A Title of a Work"}, nil},
		"hard breaks in abstract":   {strings.Replace(entry, "has a sentence", "has\na broken\nsentence", 1), []string{"A Title of a Work"}, nil},
		"two paragraphs":            {strings.Replace(entry, "sentence.", "sentence.\n\nAnd another one.", 1), []string{"A Title of a Work"}, nil},
		"labels without a title":    {"Country\nSudan\nYear\n2015\n\n" + entry, []string{"A Title of a Work"}, []string{"line 2: the entry has no title"}},
		"cut off after the title":   {entry + "A Lost Title\n\nIts abstract.\n", []string{"A Title of a Work"}, []string{`line 12: "A Lost Title" has no Country, Region or Year below it: the page may be cut off here`}},
		"no entry":                  {"Just some words.\n", nil, []string{"no entry found: a topic page has titles with the lines Country, Region and Year below them"}},
		"empty":                     {"", nil, []string{"the file is empty"}},
		"only blank":                {" \n\n\t\n", nil, []string{"the file is empty"}},
		"only a byte-order mark":    {"\ufeff", nil, []string{"the file is empty"}},
		"binary":                    {"\x7fELF\x00\x00\x01", nil, []string{"the file is not text in UTF-8: save it as UTF-8 text, or name the text file it was made from"}},
		"invalid UTF-8 in one":      {strings.Replace(entry, "abstract", "abstr\xe9ct", 1) + entry, []string{"A Title of a Work"}, []string{"line 3: the entry is not valid UTF-8: save the page as UTF-8 and import it again"}},
		"invalid UTF-8 in the next": {entry + strings.Replace(entry, "A Title", "\xff Title", 1), []string{"A Title of a Work"}, []string{"line 12: the entry is not valid UTF-8: save the page as UTF-8 and import it again"}},
	} {
		t.Run(name, func(t *testing.T) {
			drafts, problems := readAll(t, c.source)
			var titles []string
			for _, d := range drafts {
				titles = append(titles, d.Titles[library.Undetermined])
			}
			if fmt.Sprint(titles) != fmt.Sprint(c.titles) {
				t.Errorf("titles %q, want %q", titles, c.titles)
			}
			if fmt.Sprint(problems) != fmt.Sprint(c.problems) {
				t.Errorf("problems %q, want %q", problems, c.problems)
			}
		})
	}
}

func TestPageValues(t *testing.T) {
	drafts, _ := readAll(t, "Trafficking\n\n"+strings.Replace(entry, "Category\n", "Authors\nIOM\nAna Ruiz\nCategory\nToolkit\n", 1))
	d := drafts[0]
	want := fmt.Sprint(Value{7, "Sudan"}, Value{9, "North Africa"}, []Value{{13, "IOM"}, {14, "Ana Ruiz"}}, Value{11, "2015"}, Value{16, "Toolkit"}, Value{1, "Trafficking"})
	if got := fmt.Sprint(d.Countries[0], d.Regions[0], d.Authors, d.Date, d.Category, d.Topics[0]); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	two, _ := readAll(t, strings.Replace(entry, "sentence.", "sentence\nbroken.\n\nAnd another one.", 1))
	if got := two[0].Abstracts[library.Undetermined]; got != "Its abstract has a sentence broken.\n\nAnd another one." {
		t.Errorf("abstract %q", got)
	}
}

func TestLongLineEndsReading(t *testing.T) {
	drafts, problems := readAll(t, entry+strings.Repeat("x", maxLine+1))
	if len(drafts) != 1 || len(problems) != 1 || !strings.HasPrefix(problems[0], "line 12: the line is longer than 4 MiB") {
		t.Errorf("%d drafts, problems %q", len(drafts), problems)
	}
}

func TestJSONLines(t *testing.T) {
	drafts, problems := readAll(t, "\ufeff"+`{"titles":{"en":"One"},"year":2015,"authors":["IOM"],"languages":["en"]}

{"titles":{"en":"Two"},"tilte":"x"}
{"titles":{"fr":"Trois"},"date":"2015-12"} {"titles":{}}
{"titles":
{"titles":{"fr":"Quatre"},"date":"2015-12"}`)
	if len(drafts) != 2 || drafts[0].Date.Text != "2015" || drafts[1].Date.Text != "2015-12" || drafts[1].Line != 6 {
		t.Errorf("%+v", drafts)
	}
	for i, want := range []string{`line 3: not a record in JSON: json: unknown field "tilte"`, "line 4: more than one record on the line: write one a line", "line 5: not a record in JSON: unexpected EOF"} {
		if i >= len(problems) || problems[i] != want {
			t.Errorf("problems %q, want %q", problems, want)
		}
	}
}

// FuzzRead: whatever the bytes, reading ends, and every draft has a title and
// a line.
func FuzzRead(f *testing.F) {
	f.Add("Capacity Building\n\n" + entry)
	f.Add(`{"titles":{"en":"One"}}`)
	f.Add("Country\n\nYear\nCategory\n\n\xff\n")
	f.Fuzz(func(t *testing.T, source string) {
		for d, err := range Read(strings.NewReader(source), Options{IsTopic: isTopic}) {
			if err == nil && d.Line == 0 {
				t.Errorf("a draft without a line: %+v", d)
			}
		}
	})
}
