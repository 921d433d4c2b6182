package vocabulary

import (
	"slices"
	"sync/atomic"
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
	Code       string       `json:"code"`               // stable for ever: it stands in records and addresses
	Scheme     string       `json:"scheme,omitempty"`   // of a region: FieldScheme or M49
	Labels     library.Text `json:"labels"`             // what readers see; all six languages but for organisations
	Variants   []Variant    `json:"variants,omitempty"` // other names under which the term is found
	Broader    string       `json:"broader,omitempty"`  // code of the wider term in the same list
	Members    []string     `json:"members,omitempty"`  // of a region: its countries, sorted; none for worldwide
	Acronym    string       `json:"acronym,omitempty"`
	Website    string       `json:"website,omitempty"`
	Alpha3     string       `json:"alpha3,omitempty"`     // of a country: ISO 3166-1 alpha-3
	M49        string       `json:"m49,omitempty"`        // of a country: its UN M49 number
	Audience   string       `json:"audience,omitempty"`   // of a category: who may read resources of this type
	Own        string       `json:"own,omitempty"`        // of a language: its name in itself
	Deprecated bool         `json:"deprecated,omitempty"` // kept for what has it, and offered no more
	Into       string       `json:"into,omitempty"`       // code of the term that took its place: it was merged
	Order      int          `json:"-"`                    // place in its list, from 0
}

// Variant is another name of a term. Lang is empty for a name that belongs to
// no language in particular, such as an acronym.
type Variant struct {
	Lang string `json:"lang,omitempty"`
	Text string `json:"text"`
}

// List is one vocabulary.
type List struct {
	Name string // "countries": the file without its ending

	terms  []Term
	lines  []int          // where each term stands in its file; 0 for an amendment
	byCode map[string]int // index into terms; of a merged term, into the one that took its place
	byName map[string]int // by the key of every name
	whole  bool           // false when the file broke off
	source string         // the file as errors name it
	every  []Term         // of an amended list: its terms before merging

	amended atomic.Pointer[List] // in force instead of this one
}

// now gives the list that is in force.
func (l *List) now() *List {
	if a := l.amended.Load(); a != nil {
		return a
	}
	return l
}

// Get gives the term of exactly this code, and for a merged one the term that
// took its place.
func (l *List) Get(code string) (Term, bool) {
	l = l.now()
	i, ok := l.byCode[code]
	if !ok {
		return Term{}, false
	}
	return l.terms[i], true
}

// All gives the terms in the order of their file, without merged ones.
func (l *List) All() []Term { return slices.Clone(l.now().terms) }

// Every gives the terms as they were written, merged ones among them.
func (l *List) Every() []Term {
	if l = l.now(); l.every != nil {
		return slices.Clone(l.every)
	}
	return slices.Clone(l.terms)
}

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
	l = l.now()
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
	l = l.now()
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
