package match

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Likeness says how surely two records are the same work.
type Likeness int

// The degrees of likeness. Certain pairs may be merged without asking,
// suspected ones are shown to a person.
const (
	Different Likeness = iota
	Suspected
	Certain
)

// The relations in which two works may stand instead of being one; the names
// are those of library.RelationType.
const (
	TranslationOf = "translation-of"
	Supersedes    = "supersedes"
)

// Verdict is what Compare thinks of two records.
type Verdict struct {
	Likeness Likeness
	Reasons  []string // in English, the one that decided first
	Relation string   // in which the two may stand; empty when nothing speaks for one
	Score    float64  // from 0 to 1, to put verdicts in order: how much of all that is said is the same
}

// Reason gives the reasons in one line.
func (v Verdict) Reason() string { return strings.Join(v.Reasons, "; ") }

func verdict(l Likeness, format string, args ...any) Verdict {
	return Verdict{Likeness: l, Reasons: []string{fmt.Sprintf(format, args...)}}
}

func related(relation, format string, args ...any) Verdict {
	v := verdict(Different, format, args...)
	v.Relation = relation
	return v
}

// Compare says whether two records describe the same work, and is symmetric.
// Translations and editions are other works: they are Different.
func Compare(a, b *Record) Verdict {
	v := judge(a, b)
	if v.Likeness != Different || v.Relation != "" {
		v.Score = score(a, b)
	}
	return v
}

func judge(a, b *Record) Verdict {
	if v, ok := transcription(a, b); ok {
		return v
	}
	if translated(a, b) {
		return translation(a, b)
	}
	best := Verdict{}
	for i := range a.titles {
		for j := range b.titles {
			if v := compareTitles(a, b, &a.titles[i], &b.titles[j]); v.before(best) {
				best = v
			}
		}
	}
	id, sameID := sharedIdentifier(a, b)
	sameURL := overlap(a.urls, b.urls)
	switch {
	case sameID && best.Likeness == Suspected && best.Relation == "":
		return verdict(Certain, "the same %s %s and a near title", id.Scheme, id.Value)
	case sameID && best.Likeness == Different && best.Relation == "":
		return verdict(Suspected, "the same %s %s under another title", id.Scheme, id.Value)
	case best.Likeness == Certain && !sameID:
		return doubt(a, b, best)
	case sameURL && best.Likeness == Suspected:
		best.Reasons = append(best.Reasons, "the same address")
	case best.Likeness == Suspected && a.pages.same(b.pages):
		best.Reasons = append(best.Reasons, "the same pages")
	}
	return best
}

// before tells whether a verdict on two titles says more than one on others:
// the likeness first, then a relation, then, so that no order of titles
// matters, the words of the reason.
func (v Verdict) before(o Verdict) bool {
	return cmp.Or(cmp.Compare(v.Likeness, o.Likeness), cmp.Compare(v.Relation, o.Relation), cmp.Compare(v.Reason(), o.Reason())) > 0
}

// translated tells that both languages are known and differ.
func translated(a, b *Record) bool {
	return len(a.languages) > 0 && len(b.languages) > 0 && !overlap(a.languages, b.languages)
}

// translation judges two records in different languages.
func translation(a, b *Record) Verdict {
	if id, ok := sharedIdentifier(a, b); ok { // a document of the United Nations has one symbol in all languages
		return related(TranslationOf, "the same %s %s in another language", id.Scheme, id.Value)
	}
	if overlap(a.urls, b.urls) {
		return related(TranslationOf, "the same address in another language")
	}
	for i := range a.titles {
		for j := range b.titles {
			s, t := &a.titles[i], &b.titles[j]
			if len(s.key) >= 3 && slices.Equal(s.key, t.key) && (s.year == 0 || t.year == 0 || between(s.year, t.year) <= 3 && !(s.dated || t.dated)) {
				return related(TranslationOf, "the same title, but the works are in different languages")
			}
		}
	}
	return verdict(Different, "another language")
}

// transcription judges two records of which one seems to give the title of the
// other in Latin letters.
func transcription(a, b *Record) (Verdict, bool) {
	for i := range a.titles {
		for j := range b.titles {
			s, t := &a.titles[i], &b.titles[j]
			if s.other == t.other || s.year != 0 && t.year != 0 && s.year != t.year {
				continue
			}
			if k := skeleton(s.key); k != "" && k == skeleton(t.key) {
				v := verdict(Suspected, "one title seems to be the other in Latin letters")
				if shared(a, b) == inLatin {
					v.Reasons = append(v.Reasons, "so does the name of a contributor")
				}
				return v, true
			}
		}
	}
	return Verdict{}, false
}

// sharedIdentifier gives an identifier that both have, the first in order.
func sharedIdentifier(a, b *Record) (first Identifier, ok bool) {
	for _, id := range a.identifiers {
		if slices.Contains(b.identifiers, id) && (!ok || id.Scheme+" "+id.Value < first.Scheme+" "+first.Value) {
			first, ok = id, true
		}
	}
	return first, ok
}

func compareTitles(a, b *Record, s, t *title) Verdict {
	if slices.Equal(s.words, t.words) {
		return compareSameTitle(a, b, s.year, t.year, len(s.words), false)
	}
	if slices.Equal(s.key, t.key) {
		return compareSameTitle(a, b, s.year, t.year, len(s.key), s.dated || t.dated)
	}
	if edition(s.key, t.key) && shared(a, b) == certain {
		return related(Supersedes, "the titles differ by the words for an edition")
	}
	short, long := counting(s.key), counting(t.key)
	if s.year != 0 && t.year != 0 && between(s.year, t.year) > 2 || !slices.Equal(numbers(short), numbers(long)) {
		return Verdict{}
	}
	if len(short) > len(long) {
		short, long = long, short
	}
	if reason, ok := near(short, long); ok {
		return verdict(Suspected, "%s", reason)
	}
	if s.year == t.year && len(short) >= 4 && sameAuthors(a, b) && alike(short, long) >= muchAlike && !overlap(difference(long, short), editionWords) {
		return verdict(Suspected, "the same authors and year, and titles that have much in common")
	}
	return Verdict{}
}

// muchAlike is from where titles of the same authors and year may be two forms
// of one.
const muchAlike = 0.6

// compareSameTitle judges two records whose titles are equal.
func compareSameTitle(a, b *Record, ya, yb, words int, dated bool) Verdict {
	who := shared(a, b)
	switch {
	case ya != 0 && yb != 0 && ya != yb && dated:
		return verdict(Different, "another year of a series")
	case a.edition != "" && b.edition != "" && a.edition != b.edition:
		return related(Supersedes, "the same title in the editions %s and %s", min(a.edition, b.edition), max(a.edition, b.edition))
	case ya != 0 && yb != 0 && ya != yb:
		v := verdict(Suspected, "the same title, but of %d and %d", min(ya, yb), max(ya, yb))
		if who == certain && between(ya, yb) > 1 {
			v.Relation = Supersedes
		}
		return v
	case who == inLatin:
		return verdict(Suspected, "the same title, and the name of one author seems to be that of the other in Latin letters")
	case len(a.contributors) > 0 && len(b.contributors) > 0 && who == notSame:
		return verdict(Suspected, "the same title by other authors")
	case ya != yb:
		return verdict(Suspected, "the same title, but one has no year")
	case who == notSame && (words < 3 || ya == 0):
		return verdict(Suspected, "the same short title, and no author to tell by")
	}
	return verdict(Certain, "the same title but for case, punctuation or a date")
}

// doubt looks for what speaks against two records with one title being one
// work after all.
func doubt(a, b *Record, v Verdict) Verdict {
	for _, scheme := range []string{"doi", "un-symbol"} {
		x, y := a.identifier(scheme), b.identifier(scheme)
		if x != "" && y != "" {
			return verdict(Suspected, "the same title, but the %s %s and %s", scheme, min(x, y), max(x, y))
		}
	}
	switch {
	case otherAuthors(a, b):
		return verdict(Suspected, "the same title, but most of the authors are others")
	case a.pages.apart(b.pages):
		return verdict(Suspected, "the same title, but %d and %d pages", min(a.pages.count, b.pages.count), max(a.pages.count, b.pages.count))
	case a.container == b.container && (differ(a.volume, b.volume) || differ(a.issue, b.issue)):
		return verdict(Suspected, "the same title, but another volume or issue")
	}
	return v
}

func differ(a, b string) bool { return a != "" && b != "" && a != b }

func between(a, b int) int { return max(a-b, b-a) }

// identifier gives the first identifier of a scheme.
func (r *Record) identifier(scheme string) string {
	for _, id := range r.identifiers {
		if id.Scheme == scheme {
			return id.Value
		}
	}
	return ""
}

// score adds up what two records say alike: the titles for six tenths, years
// and contributors for three twentieths each, of which half is given where one
// does not say, and identifiers, addresses and pages for the rest.
func score(a, b *Record) float64 {
	var titles float64
	for i := range a.titles {
		for j := range b.titles {
			titles = max(titles, alike(a.titles[i].key, b.titles[j].key))
		}
	}
	sum := 0.6 * titles
	part := func(known, same bool) {
		switch {
		case !known:
			sum += 0.075
		case same:
			sum += 0.15
		}
	}
	part(a.year != 0 && b.year != 0, a.year == b.year)
	part(len(a.contributors) > 0 && len(b.contributors) > 0, shared(a, b) != notSame)
	if _, ok := sharedIdentifier(a, b); ok || overlap(a.urls, b.urls) || a.pages.same(b.pages) {
		sum += 0.1
	}
	return sum
}
