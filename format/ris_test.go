package format

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"waymark/library"
)

// all reads every record; problems come as their text.
func all(drafts Drafts) (list []Draft, problems []string) {
	for d, err := range drafts {
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		list = append(list, d)
	}
	return list, problems
}

// without gives a draft without its lines, as JSON to compare.
func without(t testing.TB, d Draft) string {
	t.Helper()
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	var clear func(v any)
	clear = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			delete(v, "Line")
			for name, x := range v {
				if clear(x); x == nil || fmt.Sprint(x) == "map[Text:]" || fmt.Sprint(x) == "[]" {
					delete(v, name)
				}
			}
		case []any:
			for _, x := range v {
				clear(x)
			}
		}
	}
	clear(v)
	if b, err = json.Marshal(v); err != nil {
		t.Fatal(err)
	}
	return string(b)
}

const risSample = "\ufeffTY  - RPRT\r\nTI  - Trafficking in Persons in Times\r\nof Crisis\r\nAU  - Gusak, Nataliya\r\nAU  - International Organization for Migration (IOM)\r\n" +
	"PY  - 2015/3//\r\nAB  - An abstract\r\n  over two lines.\r\nKW  - crisis\r\nKW  - migration\r\nPB  - IOM\r\nSN  - 978-92-9068-706-3\r\nDO  - https://doi.org/10.1234/ABC.5\r\n" +
	"UR  - https://example.org/a https://doi.org/10.1234/abc.5\r\nN1  - a note\r\nLA  - en\r\nID  - Gusak2015\r\nER  - \r\n\r\n" +
	"TY  - JOUR\nT1  - Second\nT2  - A Journal\nVL  - 3\nIS  - 2\nSP  - 11\nEP  - 19\nSN  - 1234-567X\nY1  - 1999\n" + // ER is missing
	"TY  - CHAP\nTI  - Third\nBT  - A Book\nED  - Editor, An\nDA  - Winter 2001\nER  -\n" +
	"TI  - without a beginning\nER  - \nTY  - GEN\nTI  - bad \xff bytes\nER  - \nTY  - BOOK\nBT  - Last\nUR  - ftp://example.org/x"

func TestRIS(t *testing.T) {
	if !isRIS([]byte(risSample)) || isRIS([]byte("TI  - x")) || isRIS([]byte("{}")) || isRIS([]byte("Title\nTY  - ")) {
		t.Error("RIS is not told from others")
	}
	got, problems := all(RIS(strings.NewReader(risSample)))
	want := []string{
		`{"Abstracts":{"und":"An abstract over two lines."},"Authors":[{"Text":"Gusak, Nataliya"},{"Text":"International Organization for Migration (IOM)"}],"Category":{"Text":"Report"},"Date":{"Text":"2015-03"},"ID":"","Identifiers":[{"scheme":"isbn","value":"9789290687063"},{"scheme":"doi","value":"10.1234/abc.5"}],"Key":"Gusak2015","Languages":[{"Text":"en"}],"Links":[{"url":"https://example.org/a"}],"Publishers":[{"Text":"IOM"}],"Subjects":[{"Text":"crisis"},{"Text":"migration"}],"Titles":{"und":"Trafficking in Persons in Times of Crisis"}}`,
		`{"Category":{"Text":"Journal Article"},"Container":{"Text":"A Journal"},"Date":{"Text":"1999"},"ID":"","Identifiers":[{"scheme":"issn","value":"1234-567X"}],"Issue":{"Text":"2"},"Pages":{"Text":"11-19"},"Titles":{"und":"Second"},"Volume":{"Text":"3"}}`,
		`{"Category":{"Text":"Book Chapter"},"Container":{"Text":"A Book"},"Date":{"Text":"Winter 2001"},"Editors":[{"Text":"Editor, An"}],"ID":"","Titles":{"und":"Third"}}`,
		`{"Category":{"Text":"Book"},"ID":"","Titles":{"und":"Last"}}`,
	}
	for i, w := range want {
		if i >= len(got) {
			t.Fatalf("%d records, %q", len(got), problems)
		}
		if g := without(t, got[i]); g != w {
			t.Errorf("record %d is\n%s\nwant\n%s", i, g, w)
		}
	}
	if got[0].Line != 1 || got[0].Authors[0].Line != 4 || got[3].Line != 40 {
		t.Errorf("lines %d %d %d", got[0].Line, got[0].Authors[0].Line, got[3].Line)
	}
	if len(problems) != 2 || !strings.HasPrefix(problems[0], "line 35: the record does not begin") || !strings.HasPrefix(problems[1], "line 38: the record is not valid UTF-8") {
		t.Errorf("problems %q", problems)
	}
}

// someDraft makes a random draft of what the formats of citations can hold.
func someDraft(rnd *rand.Rand) Draft {
	word := func() string {
		return []string{"Trafficking", "de personnes", "Études: «été»", "торговля людьми", "الاتجار بالبشر", "人口贩运", "50% & more", "{braces} \\back", "a_b^c ~ $5 #1", `"quoted"`, "<b>", "O'Neil - x"}[rnd.IntN(12)]
	}
	text := func() string { return word() + " " + word() }
	maybe := func(f func() string) Value {
		if rnd.IntN(2) == 0 {
			return Value{}
		}
		return Value{Text: f()}
	}
	name := func() string {
		return []string{"Gusak, Nataliya", "O'Neil, Ann-Marie", "van der Berg, A.", "Иванов, Пётр"}[rnd.IntN(4)]
	}
	d := Draft{Titles: library.Text{library.Undetermined: text()}, Category: Value{Text: kinds[rnd.IntN(len(kinds))].word},
		Container: maybe(text), Volume: maybe(word), Edition: maybe(word), Pages: maybe(func() string { return fmt.Sprintf("%d-%d", rnd.IntN(9)+1, rnd.IntN(9)+11) }),
		Date: maybe(func() string { return []string{"2015", "2015-03", "2015-03-09"}[rnd.IntN(3)] })}
	if rnd.IntN(2) == 0 {
		d.Abstracts = library.Text{library.Undetermined: text() + " " + text()}
	}
	if rnd.IntN(2) == 0 {
		d.Key = fmt.Sprint("key", rnd.IntN(100))
	}
	for range rnd.IntN(3) {
		d.Authors = append(d.Authors, Value{Text: name()})
		d.Editors = append(d.Editors, Value{Text: name()})
		d.Subjects = append(d.Subjects, Value{Text: strings.ReplaceAll(word(), ",", "")})
	}
	d.Publishers = append(d.Publishers, Value{Text: word()})
	d.Languages = []Value{{Text: []string{"en", "fr", "ar"}[rnd.IntN(3)]}}
	if rnd.IntN(2) == 0 {
		d.Identifiers = []library.Identifier{{Scheme: "doi", Value: "10.1234/x_y(1)"}, {Scheme: "isbn", Value: "9789290687063"}}
	}
	if rnd.IntN(2) == 0 {
		d.Links = []library.Link{{URL: "https://example.org/a?b=1&c=%20_d"}}
	}
	return d
}

// roundTrip: what is written is read again as it was.
func roundTrip(t *testing.T, write func(*strings.Builder) Writer, read func(*strings.Reader) Drafts, fit func(*Draft)) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var drafts []Draft
		var b strings.Builder
		w := write(&b)
		for range 1 + rnd.IntN(3) {
			d := someDraft(rnd)
			fit(&d)
			drafts = append(drafts, d)
			if err := w.Write(d); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		got, problems := all(read(strings.NewReader(b.String())))
		if len(problems) > 0 || len(got) != len(drafts) {
			t.Fatalf("%d records of %d, %q\n%s", len(got), len(drafts), problems, b.String())
		}
		for i := range drafts {
			if g, w := without(t, got[i]), without(t, drafts[i]); g != w {
				t.Fatalf("read\n%s\nwritten\n%s\nas\n%s", g, w, b.String())
			}
		}
	}
}

func TestRISRoundTrip(t *testing.T) {
	roundTrip(t, func(b *strings.Builder) Writer { return WriteRIS(b) }, func(r *strings.Reader) Drafts { return RIS(r) }, func(*Draft) {})
}

func TestJSONLinesRoundTrip(t *testing.T) {
	roundTrip(t, func(b *strings.Builder) Writer { return WriteJSONLines(b) }, func(r *strings.Reader) Drafts { return JSONLines(r) }, func(*Draft) {})
}

func FuzzRIS(f *testing.F) {
	f.Add([]byte(risSample))
	f.Fuzz(func(t *testing.T, data []byte) {
		for range RIS(strings.NewReader(string(data))) {
		}
	})
}

// inUTF8Test is the way of Read from a file to a reader.
func inUTF8Test(r *strings.Reader) *bufio.Reader { return inUTF8(bufio.NewReaderSize(r, maxLine)) }
