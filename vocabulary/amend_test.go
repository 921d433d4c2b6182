package vocabulary

import (
	"strings"
	"testing"

	"waymark/library"
)

// amended loads the vocabularies and puts amendments in force.
func amended(t *testing.T, as ...Amendment) *Vocabularies {
	t.Helper()
	v, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Check(as); err != nil {
		t.Fatal(err)
	}
	if err := v.Amend(as); err != nil {
		t.Fatal(err)
	}
	return v
}

// ofFiles gives an amendment that says what the built-in term says.
func ofFiles(t *testing.T, list, code string) Amendment {
	t.Helper()
	v, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	term, ok := v.List(list).Get(code)
	if !ok {
		t.Fatalf("%s has no %s", list, code)
	}
	return Amendment{list, term}
}

func TestAmend(t *testing.T) {
	renamed := ofFiles(t, "topics", "protection")
	renamed.Labels = library.Text{"en": "Care", "fr": "Soins"}
	renamed.Variants = append(renamed.Variants, Variant{"en", "Protection"})
	merged := ofFiles(t, "topics", "capacity-building")
	merged.Into = "training-of-staff"
	added := Amendment{"topics", Term{Code: "training-of-staff", Labels: library.Text{"en": "Training of Staff"}}}
	v := amended(t, renamed, merged, added)
	before := len(v.Topics.terms)

	if got := v.Topics.Label("protection", "fr"); got != "Soins" {
		t.Errorf("the renamed topic is called %q", got)
	}
	for _, name := range []string{"capacity-building", "Capacity Development", "بناء القدرات", "training of staff"} {
		if got, _ := v.Topics.Find(name); got.Code != "training-of-staff" {
			t.Errorf("%q leads to %q", name, got.Code)
		}
	}
	if got, ok := v.Topics.Get("capacity-building"); !ok || got.Code != "training-of-staff" {
		t.Errorf("the merged code gives %q", got.Code)
	}
	if got := v.Canonical(library.FieldTopic, []string{"capacity-building", "protection", "training-of-staff"}); strings.Join(got, " ") != "training-of-staff protection" {
		t.Errorf("the canonical codes are %v", got)
	}
	for _, code := range []string{"capacity-building", "training-of-staff"} {
		if got := v.Alike(library.FieldTopic, []string{code}); len(got) != 2 {
			t.Errorf("%s is %v", code, got)
		}
	}
	if got := v.Alike(library.FieldTopic, []string{"protection"}); len(got) != 1 {
		t.Errorf("protection is %v", got)
	}
	if n := len(v.Topics.All()); n != before { // one more, one merged
		t.Errorf("there are %d topics, before %d", n, before)
	}
	if n := len(v.Topics.Every()); n != before+1 {
		t.Errorf("%d topics were written, want %d", n, before+1)
	}
	if n, c := v.Recognise([]string{"renforcement", "des", "capacites"}); n != 3 || len(c.Terms) != 1 || c.Terms[0].Code != "training-of-staff" {
		t.Errorf("the old name in French means %v", c.Terms)
	}
	if got := v.Beginning("care"); len(got) != 1 || got[0].Code != "protection" {
		t.Errorf("'care' begins %v", got)
	}
	if err := v.Amend(nil); err != nil || v.Topics.Label("protection", "en") != "Protection" {
		t.Error("without amendments the files are not in force again", err)
	}
}

// TestAmendRegion: a region's members decide where records stand.
func TestAmendRegion(t *testing.T) {
	lakes := Amendment{"regions", Term{Code: "great-lakes", Scheme: FieldScheme, Labels: library.Text{"en": "Great Lakes"}, Members: []string{"UG", "BI", "RW"}}}
	v := amended(t, lakes)
	if got := strings.Join(v.RegionsOf([]string{"BI"}, nil), " "); !strings.Contains(got, "great-lakes") {
		t.Errorf("Burundi stands in %s", got)
	}
}

// TestAmendmentsRefused: each is refused, and names its term.
func TestAmendmentsRefused(t *testing.T) {
	topic := func(code string, change func(*Term)) Amendment {
		a := Amendment{"topics", Term{Code: code, Labels: library.Text{"en": "A name of " + code}}}
		if change != nil {
			change(&a.Term)
		}
		return a
	}
	ukraine := ofFiles(t, "countries", "UA")
	ukraine.Into = "PL"
	for name, as := range map[string][]Amendment{
		"no code":                 {topic("Not A Code", nil)},
		"no English name":         {topic("x", func(t *Term) { t.Labels = library.Text{"fr": "Nom"} })},
		"another language":        {topic("x", func(t *Term) { t.Labels["de"] = "Name" })},
		"a line break":            {topic("x", func(t *Term) { t.Labels["fr"] = "a\nb" })},
		"a name of another":       {topic("x", func(t *Term) { t.Variants = []Variant{{"en", "Protection"}} })},
		"merged into nothing":     {topic("x", func(t *Term) { t.Into = "nowhere" })},
		"merged into itself":      {topic("x", func(t *Term) { t.Into = "x" })},
		"merged in a circle":      {topic("x", func(t *Term) { t.Into = "y" }), topic("y", func(t *Term) { t.Into = "x" })},
		"under nothing":           {topic("x", func(t *Term) { t.Broader = "nowhere" })},
		"above itself":            {topic("x", func(t *Term) { t.Broader = "y" }), topic("y", func(t *Term) { t.Broader = "x" })},
		"a country merged":        {ukraine},
		"a list of others":        {{"languages", Term{Code: "xx", Labels: library.Text{"en": "X"}}}},
		"a member of no land":     {{"regions", Term{Code: "x", Scheme: FieldScheme, Labels: library.Text{"en": "X land"}, Members: []string{"ZZ"}}}},
		"members of everything":   {{"regions", Term{Code: library.Worldwide, Scheme: FieldScheme, Labels: library.Text{"en": "X land"}, Members: []string{"UG"}}}},
		"a category for nobody":   {{"categories", Term{Code: "x", Labels: library.Text{"en": "X"}}}},
		"a region of M49 made up": {{"regions", Term{Code: "999", Scheme: M49, Labels: library.Text{"en": "X"}}}},
	} {
		v, err := Load(nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := v.Check(as); library.KindOf(err) != library.Invalid || !strings.Contains(err.Error(), as[0].Code) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAmendLenient: what fits the files no more does not keep the library shut.
func TestAmendLenient(t *testing.T) {
	v, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	err = v.Amend([]Amendment{
		{"topics", Term{Code: "x", Labels: library.Text{"en": "X"}, Broader: "gone", Variants: []Variant{{"en", "Protection"}}}},
		{"topics", Term{Code: "y", Labels: library.Text{"en": "Y"}, Into: "gone"}},
	})
	if err == nil {
		t.Error("nothing was said")
	}
	if x, ok := v.Topics.Get("x"); !ok || x.Broader != "" {
		t.Errorf("x is %+v", x)
	}
	if y, _ := v.Topics.Get("y"); y.Code != "y" {
		t.Errorf("y leads to %q", y.Code)
	}
	if p, _ := v.Topics.Find("Protection"); p.Code != "protection" {
		t.Errorf("Protection leads to %q", p.Code)
	}
}
