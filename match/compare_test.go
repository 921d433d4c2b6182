package match

import (
	"slices"
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	const title = "Findings of the Study Human Trafficking in the Context of Armed Conflict in Ukraine"
	work := func(title string, year int, change ...func(*Facts)) Facts {
		f := Facts{Titles: []Title{{Text: title}}, Year: year}
		for _, c := range change {
			c(&f)
		}
		return f
	}
	by := func(names ...string) func(*Facts) {
		return func(f *Facts) {
			for _, n := range names {
				f.Contributors = append(f.Contributors, Contributor{Names: []string{n}})
			}
		}
	}
	at := func(u string) func(*Facts) { return func(f *Facts) { f.URLs = []string{u} } }
	in := func(lang string) func(*Facts) { return func(f *Facts) { f.Languages = []string{lang} } }
	long := func(pages string) func(*Facts) { return func(f *Facts) { f.Pages = pages } }
	ed := func(e string) func(*Facts) { return func(f *Facts) { f.Edition = e } }
	id := func(scheme, value string) func(*Facts) {
		return func(f *Facts) { f.Identifiers = []Identifier{{scheme, value}} }
	}
	issue := func(volume, issue string) func(*Facts) {
		return func(f *Facts) { f.Container, f.Volume, f.Issue = "Journal of Migration", volume, issue }
	}
	for name, c := range map[string]struct {
		a, b     Facts
		want     Likeness
		relation string
		reason   string // part of the reasons
	}{
		"initials":                  {work(title, 2019, by("John A. Smith")), work(title, 2019, by("Smith, J.")), Certain, "", ""},
		"initials as in medicine":   {work(title, 2019, by("John A. Smith")), work(title, 2019, by("Smith JA")), Certain, "", ""},
		"other initials":            {work(title, 2019, by("John Smith")), work(title, 2019, by("P. Smith")), Suspected, "", "other authors"},
		"an acronym":                {work(title, 2019, by("International Organization for Migration")), work(title, 2019, by("IOM")), Certain, "", ""},
		"an acronym in brackets":    {work(title, 2019, by("Foo Bar Network (FBN)")), work(title, 2019, by("FBN")), Certain, "", ""},
		"another acronym":           {work(title, 2019, by("International Organization for Migration")), work(title, 2019, by("ILO")), Suspected, "", "other authors"},
		"one of many authors":       {work(title, 2019, by("Ana Ruiz", "Li Wei")), work(title, 2019, by("W. Li", "A. Ruiz", "B. Ong")), Certain, "", ""},
		"an author in Cyrillic":     {work(title, 2019, by("Наталия Гусак")), work(title, 2019, by("Nataliya Gusak")), Suspected, "", "in Latin letters"},
		"an author in Arabic":       {work(title, 2019, by("محمد سالم")), work(title, 2019, by("Muhammad Salim")), Suspected, "", "in Latin letters"},
		"a title in Latin letters":  {work("Торговля людьми в условиях вооружённого конфликта", 2019), work("Torgovlia liud'mi v usloviiakh vooruzhennogo konflikta", 2019, in("ru")), Suspected, "", "in Latin letters"},
		"another transcription":     {work("Торговля людьми в условиях вооружённого конфликта", 2019), work("Torgovlya lyudmi v usloviyakh vooruzhonnogo konflikta", 2019), Suspected, "", "in Latin letters"},
		"Arabic in Latin letters":   {work("الاتجار بالأشخاص في السودان", 2019), work("al-Ittijār bi-al-ashkhāṣ fī al-Sūdān", 2019, in("ar")), Suspected, "", "in Latin letters"},
		"the same address":          {work(title, 2019, at("https://www.example.org/a/1/")), work("Armed conflict in Ukraine", 2019, at("http://example.org/a/1")), Different, "", ""},
		"an address and no year":    {work(title, 2019, at("https://www.example.org/a/1/")), work(title, 0, at("http://example.org/a/1#top")), Suspected, "", "the same address"},
		"a host is no address":      {work(title, 2019, at("https://example.org/")), work(title, 0, at("http://example.org")), Suspected, "", "has no year"},
		"an address, other tongue":  {work(title, 2019, at("https://example.org/a"), in("en")), work("Constats de l'étude", 2019, at("https://example.org/a"), in("fr")), Different, TranslationOf, "address"},
		"a title kept":              {work(title, 2019, in("en")), work(title, 2020, in("fr")), Different, TranslationOf, ""},
		"a title kept, years after": {work(title, 2009, in("en")), work(title, 2019, in("fr")), Different, "", ""},
		"a report and its summary":  {work(title, 2019, long("120 p.")), work(title, 2019, long("8 pages")), Suspected, "", "8 and 120 pages"},
		"nearly as many pages":      {work(title, 2019, long("xii, 120 p.")), work(title, 2019, long("118 pages")), Certain, "", ""},
		"the same pages, no year":   {work(title, 2019, long("12-34")), work(title, 0, long("pp. 12–34")), Suspected, "", "the same pages"},
		"other editions":            {work(title, 2019, ed("2nd ed.")), work(title, 2019, ed("Third edition")), Different, Supersedes, "editions 2 and 3"},
		"one edition in two ways":   {work(title, 2019, ed("2nd ed.")), work(title, 2019, ed("Second edition")), Certain, "", ""},
		"an edition in the title":   {work(title, 2019, by("A. Ruiz")), work(title+", third edition", 2022, by("Ana Ruiz")), Different, Supersedes, ""},
		"another DOI":               {work(title, 2019, id("doi", "10.1/a")), work(title, 2019, id("doi", "10.1/b")), Suspected, "", "the doi 10.1/a and 10.1/b"},
		"one DOI in two ways":       {work(title, 2019, id("doi", "10.1/A")), work(title+": a summary", 2019, id("doi", "https://doi.org/10.1/a")), Certain, "", "the same doi"},
		"one ISBN in two ways":      {work(title, 2019, id("isbn", "0-306-40615-2")), work(title+": a study", 2019, id("isbn", "9780306406157")), Certain, "", "the same isbn"},
		"another issue":             {work("Notes from the editors", 2019, issue("3", "1")), work("Notes from the editors", 2019, issue("3", "2")), Suspected, "", "volume or issue"},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := New(c.a), New(c.b)
			ab, ba := Compare(a, b), Compare(b, a)
			if ab.Likeness != c.want || ab.Relation != c.relation || !strings.Contains(ab.Reason(), c.reason) {
				t.Errorf("got %d %q (%s), want %d %q (%s)", ab.Likeness, ab.Relation, ab.Reason(), c.want, c.relation, c.reason)
			}
			if ab.Likeness != ba.Likeness || ab.Relation != ba.Relation || ab.Reason() != ba.Reason() || ab.Score != ba.Score {
				t.Errorf("not symmetric: %+v and %+v", ab, ba)
			}
			if ab.Score < 0 || ab.Score > 1 {
				t.Errorf("score %f", ab.Score)
			}
			if c.want != Different || c.relation != "" {
				weight := 0
				theirs := b.Keys()
				for _, k := range a.Keys() {
					if slices.Contains(theirs, k) {
						weight += k.Weight()
					}
				}
				if weight < EnoughWeight {
					t.Error("no key leads from one to the other")
				}
			}
		})
	}
}

// TestScore: what says more alike stands before what says less.
func TestScore(t *testing.T) {
	a := Facts{Titles: []Title{{Text: "Shelter standards for the first ninety days"}}, Year: 2016, Contributors: []Contributor{{Names: []string{"Ana Ruiz"}}}}
	b, c, d := a, a, a
	c.Year = 0
	d.Titles = []Title{{Text: "Shelter standards for the first days"}}
	d.Contributors = []Contributor{{Names: []string{"Li Wei"}}}
	last := 2.0
	for i, f := range []Facts{b, c, d} {
		s := score(New(a), New(f))
		if s >= last {
			t.Errorf("%d: %f is not below %f", i, s, last)
		}
		last = s
	}
}

func TestExtent(t *testing.T) {
	for s, want := range map[string]extent{
		"12-34": {12, 34, 23}, "pp. 112–9": {112, 119, 8}, "120 p.": {0, 0, 120}, "xii, 120 pages": {0, 0, 120}, "120": {0, 0, 120},
		"": {}, "S. 5": {0, 0, 5}, "n/a": {}, "99999999-3": {0, 0, 3}, "34-12": {},
	} {
		if got := extentOf(s); got != want {
			t.Errorf("extentOf(%q) = %v, want %v", s, got, want)
		}
	}
}

// FuzzCompare: whatever is compared, the verdict is symmetric, a record is
// like itself, and nothing panics.
func FuzzCompare(f *testing.F) {
	f.Add("Trafficking in persons 2019", "Торговля людьми", "Smith, J.", "IOM", "12-3", 2019, 0)
	f.Fuzz(func(t *testing.T, s, u, n, m, pages string, ya, yb int) {
		x := Facts{Titles: []Title{{Text: s}}, Year: ya, Contributors: []Contributor{{Names: []string{n}}}, Pages: pages, Edition: m, URLs: []string{u}}
		y := Facts{Titles: []Title{{Text: u}, {Text: s}}, Year: yb, Contributors: []Contributor{{Names: []string{m, n}, Acronym: m}}, Edition: pages,
			Identifiers: []Identifier{{"isbn", s}, {"doi", u}}}
		a, b := New(x), New(y)
		ab, ba := Compare(a, b), Compare(b, a)
		if ab.Likeness != ba.Likeness || ab.Reason() != ba.Reason() || ab.Relation != ba.Relation {
			t.Errorf("%+v and %+v", ab, ba)
		}
		a.Keys()
		b.Keys()
	})
}
