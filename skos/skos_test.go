package skos

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"waymark/library"
	"waymark/vocabulary"
)

const base = "https://library.example/vocabularies"

// tidy brings what has no order in RDF into one.
func tidy(terms []vocabulary.Term) []vocabulary.Term {
	terms = slices.Clone(terms)
	for i := range terms {
		t := &terms[i]
		t.Order = 0
		t.Variants = slices.Clone(t.Variants)
		slices.SortFunc(t.Variants, vocabulary.CompareVariants)
		t.Variants = slices.Compact(t.Variants)
		if len(t.Variants) == 0 {
			t.Variants = nil
		}
		if len(t.Members) == 0 {
			t.Members = nil
		}
	}
	slices.SortFunc(terms, func(a, b vocabulary.Term) int { return strings.Compare(a.Code, b.Code) })
	return terms
}

// back writes a scheme and reads it again.
func back(t *testing.T, f Format, s Scheme) []vocabulary.Term {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f, s); err != nil {
		t.Fatal(err)
	}
	as, err := Read(bytes.NewReader(b.Bytes()), f, s.List, s.Base)
	if err != nil {
		t.Fatalf("%s: %v\n%.2000s", f, err, b.String())
	}
	var terms []vocabulary.Term
	for _, a := range as {
		terms = append(terms, a.Term)
	}
	return terms
}

func compare(t *testing.T, name string, got, want []vocabulary.Term) {
	t.Helper()
	got, want = tidy(got), tidy(want)
	if len(got) != len(want) {
		t.Errorf("%s: %d terms came back of %d", name, len(got), len(want))
		return
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("%s: came back as\n%+v\nwas\n%+v", name, got[i], want[i])
			return
		}
	}
}

// TestVocabulariesComeBack: every vocabulary of the library, written and read.
func TestVocabulariesComeBack(t *testing.T) {
	v, err := vocabulary.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range vocabulary.Amendable() {
		for _, f := range Formats() {
			s := Scheme{List: list, Base: base, Terms: v.List(list).Every()}
			compare(t, list+" as "+string(f), back(t, f, s), s.Terms)
		}
	}
}

// TestTermsComeBack: made-up terms with every kind of character and statement.
func TestTermsComeBack(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 2026))
	signs := []rune(`abz "'\<>{}|^@.,;:#%_~/()[]` + "\u0085\u200fهЖ中é’𝄞-")
	name := func() string {
		var b strings.Builder
		b.WriteByte('n')
		for range 1 + random.IntN(12) {
			b.WriteRune(signs[random.IntN(len(signs))])
		}
		return clean(b.String())
	}
	for range 200 {
		var terms []vocabulary.Term
		for n := range 1 + random.IntN(6) {
			t := vocabulary.Term{Code: fmt.Sprintf("term-%d", n), Labels: library.Text{"en": name()}, Scheme: vocabulary.FieldScheme, Deprecated: random.IntN(3) == 0}
			for _, lang := range []string{"fr", "ar", "zh"} {
				if random.IntN(2) == 0 {
					t.Labels[lang] = name()
				}
				for range random.IntN(3) {
					t.Variants = append(t.Variants, vocabulary.Variant{Lang: []string{"", lang}[random.IntN(2)], Text: name()})
				}
			}
			for _, c := range []string{"BI", "RW", "UG"} {
				if random.IntN(3) == 0 {
					t.Members = append(t.Members, c)
				}
			}
			if n > 0 && random.IntN(2) == 0 {
				t.Broader = fmt.Sprintf("term-%d", random.IntN(n))
			}
			if n > 0 && random.IntN(4) == 0 {
				t.Into = fmt.Sprintf("term-%d", random.IntN(n))
			}
			terms = append(terms, t)
		}
		for _, f := range Formats() {
			compare(t, string(f), back(t, f, Scheme{List: "regions", Base: base, Terms: terms}), terms)
		}
		if t.Failed() {
			return
		}
	}
}

// TestReadTurtle: the ways of writing that other programs use.
func TestReadTurtle(t *testing.T) {
	file := `# a thesaurus of another house
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
@base <https://other.example/> .
@prefix : <https://other.example/c/> .
:c1 a skos:Concept; skos:prefLabel "Debt bondage"@en , '''Servitude
 pour dettes'''@fr-CA; skos:altLabel "bonded \u006cabour"@EN ;
 skos:related [ skos:note ( 1 2.5 true "x" ) ] ; skos:notation "db" ; .
<c/c2> a skos:Concept ; skos:prefLabel "Peonage, modern"@en ; skos:broader :c1.
[] skos:note """with "marks" in it""""  .
_:b1 skos:note -1.5e3 .`
	got, err := Read(strings.NewReader(file), Turtle, "thesaurus", base)
	want := []vocabulary.Amendment{
		{List: "thesaurus", Term: vocabulary.Term{Code: "db", Labels: library.Text{"en": "Debt bondage", "fr": "Servitude pour dettes"}, Variants: []vocabulary.Variant{{Lang: "en", Text: "bonded labour"}}}},
		{List: "thesaurus", Term: vocabulary.Term{Code: "peonage-modern", Labels: library.Text{"en": "Peonage, modern"}, Broader: "db"}},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read\n%+v (%v), want\n%+v", got, err, want)
	}
}

func TestReadJSONLD(t *testing.T) {
	file := `{"@context": {"s": "http://www.w3.org/2004/02/skos/core#", "name": {"@id": "s:prefLabel", "@language": "en"}},
 "@id": "https://other.example/c/1", "@type": "s:Concept", "name": "Debt bondage", "s:altLabel": ["DB", {"@value": "servitude", "@language": "fr"}]}`
	got, err := Read(strings.NewReader(file), JSONLD, "thesaurus", base)
	want := []vocabulary.Amendment{{List: "thesaurus", Term: vocabulary.Term{Code: "debt-bondage", Labels: library.Text{"en": "Debt bondage"}, Variants: []vocabulary.Variant{{Text: "DB"}, {Lang: "fr", Text: "servitude"}}}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read\n%+v (%v), want\n%+v", got, err, want)
	}
}

// TestReadRefused: each is refused as Invalid, and the reason names the place.
func TestReadRefused(t *testing.T) {
	const skos = "@prefix skos: <" + core + "> .\n"
	for name, row := range map[string]struct {
		format  Format
		file    string
		because string
	}{
		"no end":           {Turtle, skos + `<a> skos:note "x`, "line 2"},
		"a broken text":    {Turtle, skos + "<a> skos:note \"x\ny\" .", "line 2"},
		"no prefix":        {Turtle, "<a> dct:title \"x\" .", `"dct"`},
		"a literal first":  {Turtle, skos + `"x" skos:note "y" .`, "no subject"},
		"a strange escape": {Turtle, skos + `<a> skos:note "\q" .`, `\q`},
		"half a character": {Turtle, skos + `<a> skos:note "\uD800" .`, "no character"},
		"nested far":       {Turtle, skos + "<a> skos:note " + strings.Repeat("[ skos:note ", 5000) + "1" + strings.Repeat("]", 5000) + ".", "deep"},
		"nothing":          {Turtle, "", "no skos:Concept"},
		"no name":          {Turtle, skos + "<https://a.example/x> a skos:Concept .", "no name in English"},
		"two preferred":    {Turtle, skos + `<a> a skos:Concept ; skos:prefLabel "x"@en, "y"@en .`, "two preferred names"},
		"one code twice":   {Turtle, skos + `<a> a skos:Concept ; skos:prefLabel "x"@en . <b> a skos:Concept ; skos:prefLabel "X"@en .`, "the code x"},
		"far away":         {JSONLD, `{"@context": "https://evil.example/context", "@id": "a"}`, "another host"},
		"an import":        {JSONLD, `{"@context": {"@version": 1.1, "@import": "https://evil.example/context"}, "@id": "https://a.example/"}`, "another host"},
		"no JSON":          {JSONLD, `{"@id": `, "no JSON"},
		"JSON nested far":  {JSONLD, strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "deep"},
		"no format":        {"rdfxml", "", "no format"},
	} {
		_, err := Read(strings.NewReader(row.file), row.format, "thesaurus", base)
		if library.KindOf(err) != library.Invalid || !strings.Contains(err.Error(), row.because) {
			t.Errorf("%s: %v, want %q", name, err, row.because)
		}
	}
}

// FuzzRead: no file breaks a reader, and what is read from Turtle reads the same
// after it was written.
func FuzzRead(f *testing.F) {
	f.Add("@prefix s: <"+core+"> . <a> a s:Concept ; s:prefLabel \"x\"@en ; s:altLabel 'y', [], (1 2) .", false)
	f.Add(`{"@id": "https://a.example/", "@type": "`+core+`Concept", "`+core+`prefLabel": {"@value": "x", "@language": "en"}}`, true)
	f.Fuzz(func(t *testing.T, file string, json bool) {
		format := Turtle
		if json {
			format = JSONLD
		}
		as, err := Read(strings.NewReader(file), format, "thesaurus", base)
		if err != nil {
			if library.KindOf(err) != library.Invalid {
				t.Errorf("%v is not Invalid", err)
			}
			return
		}
		v, _ := vocabulary.Load(nil)
		var terms []vocabulary.Term
		for _, a := range as {
			if v.Check([]vocabulary.Amendment{{List: "thesaurus", Term: vocabulary.Term{Code: a.Code, Labels: a.Labels, Variants: a.Variants}}}) != nil {
				return // no term of the library
			}
			terms = append(terms, a.Term)
		}
		compare(t, file, back(t, format, Scheme{"thesaurus", base, terms}), terms)
	})
}
