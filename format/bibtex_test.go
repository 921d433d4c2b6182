package format

import (
	"fmt"
	"strings"
	"testing"
)

const bibSample = `A comment with mail to a@b.example.
@string{iom = "International Organization for Migration"}
@Comment{ignored = {x}}
@techreport{Gusak2015, % a note
  title = {Trafficking in {Persons} in Times of Cris{\'e}s: {50\,\%} of \'Etudes},
  author = "Gusak, Nataliya and {International Organization for Migration (IOM)} and Ludwig van Beethoven and King, Jr, Martin and others",
  institution = iom # { (} # "IOM)", year = 2015, month = mar,
  doi = {https://doi.org/10.1234/A\_B}, isbn = {978-92-9068-706-3}, url = {https://example.org/a\_b}, keywords = {crisis; camps},
  abstract = {Two --- dashes ` + "``quoted''" + ` \textit{and} \c{c}a \o{} \v{s} \"{\i} {\ae} na\"\i{}ve.}, langid = {english}
}
@inproceedings{part, title = "Part", crossref = "Whole", pages = {11--19}}
@proceedings(Whole, title = "The Whole Book", year = "1999", editor = {An Editor})
@article{broken, title {x}, year = 3}
@article{noend, title = {never closed`

func TestBibTeX(t *testing.T) {
	if !isBibTeX([]byte(bibSample)) || isBibTeX([]byte("TY  - RPRT")) || isBibTeX([]byte("<a>\n@x{")) {
		t.Error("BibTeX is not told from others")
	}
	got, problems := all(BibTeX(strings.NewReader(bibSample)))
	want := []string{
		`{"Abstracts":{"und":"Two — dashes “quoted” and ça ø š ï æ naïve."},"Authors":[{"Text":"Gusak, Nataliya"},{"Text":"International Organization for Migration (IOM)"},{"Text":"van Beethoven, Ludwig"},{"Text":"King, Martin, Jr"}],"Category":{"Text":"Report"},"Date":{"Text":"2015-03"},"ID":"","Identifiers":[{"scheme":"doi","value":"10.1234/a_b"},{"scheme":"isbn","value":"9789290687063"}],"Key":"Gusak2015","Languages":[{"Text":"english"}],"Links":[{"url":"https://example.org/a_b"}],"Publishers":[{"Text":"International Organization for Migration (IOM)"}],"Subjects":[{"Text":"crisis"},{"Text":"camps"}],"Titles":{"und":"Trafficking in Persons in Times of Crisés: 50,% of Études"}}`,
		`{"Category":{"Text":"Book"},"Date":{"Text":"1999"},"Editors":[{"Text":"Editor, An"}],"ID":"","Key":"Whole","Titles":{"und":"The Whole Book"}}`,
		`{"Category":{"Text":"Conference Paper"},"Container":{"Text":"The Whole Book"},"Date":{"Text":"1999"},"Editors":[{"Text":"Editor, An"}],"ID":"","Key":"part","Pages":{"Text":"11-19"},"Titles":{"und":"Part"}}`,
	}
	if len(got) != len(want) || len(problems) != 2 || !strings.Contains(problems[0], `"broken" is damaged: after "title"`) || !strings.Contains(problems[1], "no end") {
		t.Errorf("%d records, %q", len(got), problems)
	}
	for i, w := range want {
		if i < len(got) {
			if g := without(t, got[i]); g != w {
				t.Errorf("record %d is\n%s\nwant\n%s", i, g, w)
			}
		}
	}
	if got[0].Line != 4 {
		t.Errorf("the first begins in line %d", got[0].Line)
	}
}

func TestBibTeXRoundTrip(t *testing.T) {
	n := 0
	roundTrip(t, func(b *strings.Builder) Writer { return WriteBibTeX(b) }, func(r *strings.Reader) Drafts { return BibTeX(r) }, func(d *Draft) {
		n++
		d.Key = fmt.Sprint("k", n)
		for i := range d.Subjects {
			d.Subjects[i].Text = strings.NewReplacer(";", "", ",", "").Replace(d.Subjects[i].Text)
		}
	})
	var b strings.Builder
	w := WriteBibTeX(&b)
	for range 2 {
		if err := w.Write(Draft{Titles: map[string]string{"en": "On Shelters"}, Authors: []Value{{Text: "Gusak, N."}}, Date: Value{Text: "2015-03"}, Key: "bad key,"}); err != nil {
			t.Fatal(err)
		}
	}
	if s := b.String(); !strings.Contains(s, "@misc{gusak_2015_shelters,") || !strings.Contains(s, "@misc{gusak_2015_shelters_2,") {
		t.Errorf("keys in\n%s", s)
	}
}

// TestBibTeXBomb: macros of macros do not grow without end, and what a file has
// kept for others to name is bounded.
func TestBibTeXBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("@string{a0 = {" + strings.Repeat("x", 1000) + "}}\n")
	for i := range 40 {
		fmt.Fprintf(&b, "@string{a%d = a%d # a%[2]d # a%[2]d # a%[2]d}\n", i+1, i)
	}
	b.WriteString("@book{k, title = {Well}, note = a4 # a5 # a5 # a5 # a5}\n@book{l, title = {Quite well}}")
	got, problems := all(BibTeX(strings.NewReader(b.String())))
	if len(got) != 1 || len(problems) < 2 || !strings.Contains(problems[0], "macros") {
		t.Errorf("%d records, %d problems, %q", len(got), len(problems), problems[0])
	}
	if title, _ := got[0].Titles.In(); title != "Quite well" {
		t.Errorf("%+v", got[0])
	}
}

func FuzzBibTeX(f *testing.F) {
	f.Add([]byte(bibSample))
	f.Fuzz(func(t *testing.T, data []byte) {
		for range BibTeX(strings.NewReader(string(data))) {
		}
	})
}
