package vocabulary

import (
	"slices"
	"unicode/utf8"

	"github.com/hbollon/go-edlib"

	"waymark/library"
)

// The schemes of regions.
const (
	FieldScheme = "field" // regions as those who work in the field divide the world
	M49         = "m49"   // the United Nations' standard country or area codes
)

// Term is one row of a vocabulary. A field that its list has no column for is
// empty.
type Term struct {
	Code     string       // stable for ever: it stands in records and addresses
	Scheme   string       // of a region: FieldScheme or M49
	Labels   library.Text // what readers see; all six languages but for organisations
	Variants []Variant    // other names under which the term is found
	Broader  string       // code of the wider term in the same list
	Members  []string     // of a region: its countries, sorted; none for worldwide
	Acronym  string
	Website  string
	Alpha3   string // of a country: ISO 3166-1 alpha-3
	M49      string // of a country: its UN M49 number
	Audience string // of a category: who may read resources of this type
	Own      string // of a language: its name in itself
	Order    int    // place in its list, from 0
}

// Variant is another name of a term. Lang is empty for a name that belongs to
// no language in particular, such as an acronym.
type Variant struct{ Lang, Text string }

// List is one vocabulary.
type List struct {
	Name string // "countries": the file without its ending

	terms  []Term
	lines  []int          // where each term stands in its file
	byCode map[string]int // index into terms
	byName map[string]int // by the key of every name
	whole  bool           // false when the file broke off
	source string         // the file as errors name it
}

// Get gives the term of exactly this code.
func (l *List) Get(code string) (Term, bool) {
	i, ok := l.byCode[code]
	if !ok {
		return Term{}, false
	}
	return l.terms[i], true
}

// All gives the terms in the order of their file.
func (l *List) All() []Term { return slices.Clone(l.terms) }

// Label gives the label of a code in the first of the languages that has one,
// else in English; for a code that the list does not know, the code itself.
func (l *List) Label(code string, langs ...string) string {
	if t, ok := l.Get(code); ok {
		label, _ := t.Labels.In(langs...)
		return label
	}
	return code
}

// Find gives the term that has this name: its code, its label in any
// language, its acronym or a variant. Case, accents, punctuation, spacing and
// English articles do not count; nor does an acronym in brackets behind the
// name, unless it is the name of another term.
func (l *List) Find(name string) (Term, bool) {
	if i, ok := l.byName[key(name)]; ok {
		return l.terms[i], true
	}
	head, inside, ok := bracketed(name)
	if !ok {
		return Term{}, false
	}
	i, known := l.byName[key(head)]
	j, other := l.byName[key(inside)]
	if known && (other && i == j || !other && isAcronym(inside)) {
		return l.terms[i], true
	}
	return Term{}, false
}

// Longest and shortest names, in characters, for which Near looks: the
// longest bounds the work that a request can cause, and among short names a
// near one means nothing.
const (
	nearLongest  = 100
	nearShortest = 4
)

// Near gives the term with the name nearest to a misspelt one, for 'did you
// mean': at most one letter in eight wrong and one more. Of several equally
// near it gives the first of the list.
func (v *Vocabularies) Near(l *List, name string) (Term, bool) {
	name = key(name)
	length := utf8.RuneCountInString(name)
	if length < nearShortest || length > nearLongest {
		return Term{}, false
	}
	best, at := 1+length/8, -1
	for have, i := range l.byName {
		n := utf8.RuneCountInString(have)
		if n < nearShortest || max(n-length, length-n) > best {
			continue
		}
		d := edlib.OSADamerauLevenshteinDistance(name, have)
		if d < best || d == best && (at < 0 || i < at) {
			best, at = d, i
		}
	}
	if at < 0 {
		return Term{}, false
	}
	return l.terms[at], true
}
