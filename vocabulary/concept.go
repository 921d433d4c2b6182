package vocabulary

import (
	"cmp"
	"slices"
	"strings"

	"waymark/analysis"
	"waymark/library"
)

// Concept is one thing that a text may name: terms of several lists that share
// a name are one.
type Concept struct {
	Names []Name
	Terms []FieldTerm // under which resources are filed
}

// Name is a name of a concept. Lang is empty when it belongs to no language in
// particular; a label is the name that a list prefers.
type Name struct {
	Lang, Text string
	Label      bool
}

// FieldTerm is a term of a field of resources.
type FieldTerm struct {
	Field library.Field
	Code  string
}

// concepts are the names of all concepts by their words, folded.
type concepts struct {
	byName  map[string][]named
	longest int // words of the longest name
}

// named is a term with the field that it is chosen in; none for a term of the
// thesaurus.
type named struct {
	field library.Field
	term  *Term
}

// shortAcronym is the number of letters from which a name of one word in Latin
// letters is taken for a concept: 'IT' and 'US' are words first.
const shortAcronym = 3

// gather collects the names of topics, categories, places and the thesaurus.
func (v *Vocabularies) gather() {
	v.concepts = concepts{byName: map[string][]named{}}
	for _, l := range []struct {
		field library.Field
		list  *List
	}{{"", v.Concepts}, {library.FieldTopic, v.Topics}, {library.FieldCategory, v.Categories}, {library.FieldCountry, v.Countries}, {library.FieldRegion, v.Regions}} {
		for i := range l.list.terms {
			t := &l.list.terms[i]
			if t.Scheme == M49 {
				continue
			}
			for _, name := range t.spoken() {
				words := analysis.Words(name.Text)
				key := strings.Join(words, " ")
				have := v.concepts.byName[key]
				if key == "" || len(words) == 1 && len([]rune(key)) < shortAcronym && key[0] < 0x80 || slices.ContainsFunc(have, func(n named) bool { return n.term == t }) {
					continue
				}
				v.concepts.byName[key] = append(have, named{l.field, t})
				v.concepts.longest = max(v.concepts.longest, len(words))
			}
		}
	}
}

// spoken gives the names that a person would write, without codes.
func (t *Term) spoken() (names []Name) {
	for _, lang := range t.Labels.Languages() {
		names = append(names, Name{lang, t.Labels[lang], true})
	}
	for _, v := range t.Variants {
		names = append(names, Name{Lang: v.Lang, Text: v.Text})
	}
	return names
}

// Recognise finds the concept with the longest name at the beginning of some
// words, as analysis.Words gives them, and tells how many of them are its name.
func (v *Vocabularies) Recognise(words []string) (n int, c Concept) {
	v = v.now()
	for n = min(len(words), v.concepts.longest); n > 0; n-- {
		found := v.concepts.byName[strings.Join(words[:n], " ")]
		if len(found) == 0 {
			continue
		}
		seen := map[string]bool{}
		for _, f := range found {
			if f.field != "" {
				c.Terms = append(c.Terms, FieldTerm{f.field, f.term.Code})
			}
			for _, name := range f.term.spoken() {
				if key := strings.Join(analysis.Words(name.Text), " "); !seen[key] {
					seen[key] = true
					c.Names = append(c.Names, name)
				}
			}
		}
		return n, c
	}
	return 0, Concept{}
}

// beginning is a name from one of its words on.
type beginning struct {
	words string
	term  FieldTerm
}

// begin collects the beginnings of the names of topics and places.
func (v *Vocabularies) begin() {
	for _, f := range []library.Field{library.FieldTopic, library.FieldCountry, library.FieldRegion} {
		l := v.Field(f)
		for i := range l.terms {
			t := &l.terms[i]
			if t.Scheme == M49 {
				continue
			}
			for _, name := range t.spoken() {
				words := analysis.Words(name.Text)
				for k := range words {
					v.beginnings = append(v.beginnings, beginning{strings.Join(words[k:], " "), FieldTerm{f, t.Code}})
				}
			}
		}
	}
	slices.SortFunc(v.beginnings, func(a, b beginning) int {
		return cmp.Or(cmp.Compare(a.words, b.words), cmp.Compare(a.term.Field, b.term.Field), cmp.Compare(a.term.Code, b.term.Code))
	})
	v.beginnings = slices.Compact(v.beginnings)
}

// Beginning gives the topics and places that have a name, in any language, with
// a word from which on it begins like words, as analysis.Words gives them,
// joined by spaces. Each comes once.
func (v *Vocabularies) Beginning(words string) []FieldTerm {
	v = v.now()
	i, _ := slices.BinarySearchFunc(v.beginnings, words, func(b beginning, words string) int { return cmp.Compare(b.words, words) })
	var terms []FieldTerm
	for ; i < len(v.beginnings) && strings.HasPrefix(v.beginnings[i].words, words); i++ {
		if !slices.Contains(terms, v.beginnings[i].term) {
			terms = append(terms, v.beginnings[i].term)
		}
	}
	return terms
}

// Begins tells whether a name has a word from which on it begins like words, as
// analysis.Words gives them, joined by spaces.
func Begins(name, words string) bool {
	own := analysis.Words(name)
	for k := range own {
		if strings.HasPrefix(strings.Join(own[k:], " "), words) {
			return true
		}
	}
	return false
}
