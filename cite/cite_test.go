package cite

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"waymark/library"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// record is an item of testdata/records.json, in CSL-JSON.
type record struct {
	ID, Type, Title, Language, Publisher, Volume, Issue, Page, Edition, Number, DOI, URL string

	Container  string `json:"container-title"`
	Translated string `json:"x-translated"`
	Author     []Name
	Editor     []Name
	Issued     cslDate
	Accessed   cslDate
}

type cslDate struct {
	Parts [][]int `json:"date-parts"`
}

func (d cslDate) date() library.Date {
	if len(d.Parts) == 0 {
		return ""
	}
	s := ""
	for i, n := range d.Parts[0] {
		s += strings.Repeat("-", min(i, 1)) + fmt.Sprintf("%02d", n)
	}
	return library.Date(s)
}

func records(t testing.TB) (ids []string, items map[string]Item) {
	t.Helper()
	data, err := os.ReadFile("testdata/records.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []record
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]Kind{"book": Book, "report": Report, "article-journal": Article, "chapter": Chapter, "webpage": Web}
	items = map[string]Item{}
	for _, r := range all {
		it := Item{Kind: kinds[r.Type], Authors: r.Author, Editors: r.Editor, Date: r.Issued.date(), Title: r.Title, Translated: r.Translated,
			Language: r.Language, Container: r.Container, Volume: r.Volume, Issue: r.Issue, Pages: r.Page, Edition: r.Edition,
			Number: r.Number, DOI: r.DOI, URL: r.URL, Accessed: r.Accessed.date()}
		if r.Publisher != "" {
			it.Publishers = []string{r.Publisher}
		}
		ids, items[r.ID] = append(ids, r.ID), it
	}
	return ids, items
}

// TestGolden holds every record in every style and language, which were looked
// at by hand and held against the manuals.
func TestGolden(t *testing.T) {
	ids, items := records(t)
	for _, s := range Styles() {
		for _, lang := range []string{"ar", "zh", "en", "fr", "ru", "es"} {
			var b strings.Builder
			for _, id := range ids {
				fmt.Fprintf(&b, "%s\t%s\n", id, s.Cite(items[id], lang).HTML())
			}
			name := filepath.Join("testdata", "golden", s.Name+"-"+lang+".tsv")
			if *update {
				if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if b.String() != string(want) {
				t.Errorf("%s differs: run with -update and look at the difference", name)
			}
		}
	}
}

// differs are the records in which we leave a citation processor on purpose,
// by style and record, with the reason.
var differs = func() map[string]string {
	const (
		own        = "the author is the publisher, who is not named twice"
		translated = "CSL has no title in the reader's language"
		year       = "the year stands behind the author already"
		many       = "the processor names more to tell records of its list apart"
		month      = "the manual keeps June, July and Sept."
	)
	all := map[string]string{
		"mla report-own-publisher": "a work that its publisher wrote begins with the title", "mla report-two-organisations": month, "mla report-accessed": month,
		"mla article-eight-authors": many, "mla article-twelve-authors": many,
		"chicago article-eight-authors": year, "chicago article-no-issue": year, "chicago article-hyphen-suffix": year,
		"harvard article-no-issue": "not every article without a volume is a preprint", "harvard chapter-no-editor": "a chapter is in a book",
		"vancouver report-symbol": "a document symbol is no number of a report", "vancouver web-page": "the month is known",
	}
	for _, s := range []string{"apa", "chicago", "harvard"} {
		all[s+" report-own-publisher"] = own
	}
	for _, s := range Styles() {
		all[s.Name+" translated-title"], all[s.Name+" translated-article"] = translated, translated
	}
	return all
}()

// TestOracle holds the styles against what citation processors make of the same
// records (testdata/oracle.sh): the words and signs, but for the case of titles.
func TestOracle(t *testing.T) {
	ids, items := records(t)
	for _, s := range Styles() {
		name := filepath.Join("testdata", "oracle", s.Name+".tsv")
		data, err := os.ReadFile(name)
		if s.Name == "un" {
			continue // no processor has it
		}
		if err != nil {
			t.Fatal(err)
		}
		theirs := map[string]string{}
		for line := range strings.Lines(string(data)) {
			id, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
			theirs[id] = text
		}
		for _, id := range ids {
			ours := s.Cite(items[id], "en").HTML()
			why, allowed := differs[s.Name+" "+id]
			if same := plain(ours) == plain(theirs[id]); same == allowed {
				t.Errorf("%s %s (%s)\nours   %s\ntheirs %s", s.Name, id, why, ours, theirs[id])
			}
		}
	}
}

// plain makes two processors' habits the same: bdi, case, and the shape of
// apostrophes.
func plain(s string) string {
	return strings.ToLower(strings.NewReplacer("<bdi>", "", "</bdi>", "", `<bdi lang="ar">`, "", "&#39;", "’", "'", "’").Replace(s))
}

// TestHTMLIsSafe: whatever a record says, only i and bdi come out of it.
func TestHTMLIsSafe(t *testing.T) {
	evil := `<script>alert("1")</script>`
	it := Item{Kind: Chapter, Authors: []Name{{Literal: evil}, {Family: evil, Given: evil}}, Editors: []Name{{Literal: evil}}, Title: evil, Translated: "ا" + evil,
		Language: `"><b>`, Container: evil, Volume: evil, Issue: evil, Pages: evil, Edition: evil, Publishers: []string{evil}, Number: evil, URL: `javascript:"<b>`, Date: "2015"}
	for _, s := range Styles() {
		for _, lang := range []string{"en", "ar"} {
			for kind := Book; kind <= Film; kind++ {
				it.Kind = kind
				out := s.Cite(it, lang).HTML()
				z := html.NewTokenizer(strings.NewReader(out))
				for z.Next() != html.ErrorToken {
					if name, _ := z.TagName(); len(name) > 0 && string(name) != "i" && string(name) != "bdi" {
						t.Fatalf("%s: the element %q in %s", s.Name, name, out)
					}
				}
			}
		}
	}
}

// FuzzCite: no item makes a style fail, and no citation holds two full stops or
// a space too many of its own making.
func FuzzCite(f *testing.F) {
	f.Add("A", "B", "C", "2015", "12-34", "2", "x", 0)
	f.Add("", "", "", "", "", "", "", 3)
	f.Fuzz(func(t *testing.T, name, title, container, date, pages, edition, publisher string, kind int) {
		it := Item{Kind: Kind(kind & 7), Title: title, Container: container, Date: library.Date(date), Pages: pages, Edition: edition, Authors: []Name{ParseName(name)}, Publishers: []string{publisher}}
		for _, s := range Styles() {
			for _, lang := range []string{"en", "ar", "zh"} {
				c := s.Cite(it, lang)
				_, _ = c.Text(), c.HTML()
			}
		}
	})
}

func TestParseName(t *testing.T) {
	for in, want := range map[string]Name{
		"Nataliya Gusak":           {Family: "Gusak", Given: "Nataliya"},
		"Gusak, Nataliya":          {Family: "Gusak", Given: "Nataliya"},
		"Harmen van der Wilt":      {Family: "van der Wilt", Given: "Harmen"},
		"Martin Luther King Jr.":   {Family: "King", Given: "Martin Luther", Suffix: "Jr."},
		"King, Martin Luther, Jr.": {Family: "King", Given: "Martin Luther", Suffix: "Jr."},
		"Plato":                    {Literal: "Plato"},
		"王芳":                       {Literal: "王芳"},
		"محمد علي":                 {Literal: "محمد علي"},
	} {
		if got := ParseName(in); got != want {
			t.Errorf("%q is %+v, want %+v", in, got, want)
		}
	}
}

// TestText: a title of the other direction is isolated, in text and in HTML.
func TestText(t *testing.T) {
	_, items := records(t)
	apa := Styles()[0]
	if got := apa.Cite(items["arabic-book"], "en").Text(); !strings.Contains(got, "\u2068مكافحة الاتجار بالأشخاص\u2069") {
		t.Errorf("not isolated: %q", got)
	}
	if got := apa.Cite(items["arabic-book"], "ar").Text(); strings.Contains(got, "\u2068") {
		t.Errorf("isolated without need: %q", got)
	}
	if got := apa.Cite(items["report-organisation"], "ar").HTML(); !strings.Contains(got, "<bdi>https://") {
		t.Errorf("the address is not isolated: %s", got)
	}
}
