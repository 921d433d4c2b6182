package library

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hbollon/go-edlib"

	"waymark/analysis"
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

// Match is the verdict on two records, with the reason in words for a report.
type Match struct {
	Likeness Likeness
	Reason   string
	Relation RelationType // in which the two may stand instead of being one work; empty when nothing speaks for one
}

// TitleKey is the form in which two titles are the same: folded words without
// punctuation and without a trailing date ("December 2015", "2015") of the
// work's own year. A year of 0 takes any trailing year for one.
func TitleKey(title string, year int) string {
	words, _ := titleWords(title, year)
	return strings.Join(words, " ")
}

// titleWords gives the words of TitleKey and whether a date was taken off.
func titleWords(title string, year int) (words []string, dated bool) {
	words = analysis.Words(title)
	n := len(words)
	if n < 2 || !isYear(words[n-1], year) {
		return words, false
	}
	n--
	if n > 1 && slices.Contains(months, words[n-1]) {
		n--
	}
	return words[:n], true
}

func isYear(word string, year int) bool {
	n, err := strconv.Atoi(word)
	if err != nil || len(word) != 4 {
		return false
	}
	return n == year || year == 0 && n >= 1900 && n < 2100
}

// months are the folded names of the months in English, French, Spanish and
// Russian (nominative and genitive), which may stand before a trailing year.
var months = strings.Fields(`january february march april may june july august september october november december
	janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
	enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
	январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
	января февраля марта апреля мая июня июля августа сентября октября ноября декабря`)

// editionWords mark a title as another edition of the same text.
var editionWords = strings.Fields(`edition ed revised updated update edicion actualizada revisee издание 版 修订`)

// EnoughWeight is how much the keys that two records share must weigh for them
// to be worth comparing.
const EnoughWeight = 2

// Weight says how much it means that two records share the key. One pair of
// words is too little where a title has six of them: a typing error spoils
// three.
func (k Key) Weight() int {
	if k.Scheme == KeyNear && strings.HasPrefix(k.Value, pairSign) {
		return 1
	}
	return EnoughWeight
}

// pairSign stands before a pair of words of a title that has six such pairs.
const pairSign = "+"

// nearKeys gives values of which two titles that differ by a typing error, a
// few words or a dropped subtitle share some: the first four words, and each
// pair among the four longest, which tend to be the rare ones.
func nearKeys(title string) []string {
	words := analysis.Words(title)
	if len(words) == 0 {
		return nil
	}
	keys := []string{"^" + strings.Join(words[:min(4, len(words))], " ")}
	slices.SortStableFunc(words, func(a, b string) int {
		if d := len(b) - len(a); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	words = slices.Compact(words)
	sign := ""
	if len(words) >= 4 {
		words, sign = words[:4], pairSign
	}
	for i, a := range words {
		for _, b := range words[i+1:] {
			keys = append(keys, sign+a+" "+b)
		}
	}
	return keys
}

// CandidateKeys gives the keys under which a store finds the records that
// Compare may find the same as r.
func (r *Resource) CandidateKeys() []Key {
	return slices.DeleteFunc(r.Keys(), func(k Key) bool { return k.Scheme == KeyAgent || k.Scheme == KeyRelation })
}

// Compare says whether two records describe the same work. Translations and
// editions are other works: they are Different.
func Compare(a, b *Resource) Match {
	if translated(a, b) {
		if id, ok := sharedIdentifier(a, b); ok { // a document of the United Nations has one symbol in all languages
			return Match{Different, fmt.Sprintf("the same %s %s in another language", id.Scheme, id.Value), TranslationOf}
		}
		return Match{Likeness: Different, Reason: "another language"}
	}
	best := Match{}
	for _, s := range a.allTitles() {
		for _, t := range b.allTitles() {
			if m := compareTitles(a, b, s, t); m.Likeness > best.Likeness || m.Likeness == best.Likeness && best.Relation == "" {
				best = m
			}
		}
	}
	if id, ok := sharedIdentifier(a, b); ok && best.Likeness == Suspected {
		return Match{Likeness: Certain, Reason: fmt.Sprintf("the same %s %s and a near title", id.Scheme, id.Value)}
	} else if ok && best.Likeness == Different {
		return Match{Likeness: Suspected, Reason: fmt.Sprintf("the same %s %s under another title", id.Scheme, id.Value)}
	}
	return best
}

func (r *Resource) allTitles() []string {
	titles := r.Forms()
	for _, lang := range r.Titles.Languages() {
		titles = append(titles, r.Titles[lang])
	}
	return titles
}

// translated tells that both languages are known and differ.
func translated(a, b *Resource) bool {
	return len(a.Languages) > 0 && len(b.Languages) > 0 && !overlap(a.Languages, b.Languages)
}

func sharedIdentifier(a, b *Resource) (Identifier, bool) {
	for _, id := range a.Identifiers {
		if slices.Contains(b.Identifiers, id) {
			return id, true
		}
	}
	return Identifier{}, false
}

func compareTitles(a, b *Resource, s, t string) Match {
	ya, yb := yearOf(a, s), yearOf(b, t)
	ws, datedS := titleWords(s, ya)
	wt, datedT := titleWords(t, yb)
	if whole := analysis.Words(s); slices.Equal(whole, analysis.Words(t)) {
		return compareSameTitle(a, b, ya, yb, len(whole), false)
	}
	if slices.Equal(ws, wt) {
		return compareSameTitle(a, b, ya, yb, len(ws), datedS || datedT)
	}
	if overlap(a.AgentIDs(), b.AgentIDs()) && edition(ws, wt) {
		return Match{Different, "the titles differ by the words for an edition", Supersedes}
	}
	if ya != 0 && yb != 0 && max(ya-yb, yb-ya) > 2 || !slices.Equal(numbers(ws), numbers(wt)) {
		return Match{}
	}
	if len(ws) > len(wt) {
		ws, wt = wt, ws
	}
	if reason, ok := near(ws, wt); ok {
		return Match{Likeness: Suspected, Reason: reason}
	}
	return Match{}
}

// yearOf gives the year of a work; where nobody says it, the one at the end of
// its title, unless that ends a range of years.
func yearOf(r *Resource, title string) int {
	if y := r.Date.Year(); y != 0 {
		return y
	}
	words := analysis.Words(title)
	n := len(words)
	if n < 2 || !isYear(words[n-1], 0) || isYear(words[n-2], 0) {
		return 0
	}
	year, _ := strconv.Atoi(words[n-1]) // isYear has read it
	return year
}

// compareSameTitle judges two records whose titles are equal.
func compareSameTitle(a, b *Resource, ya, yb, words int, dated bool) Match {
	aa, ab := a.AgentIDs(), b.AgentIDs()
	shared := overlap(aa, ab)
	switch {
	case ya != 0 && yb != 0 && ya != yb && dated:
		return Match{Likeness: Different, Reason: "another year of a series"}
	case ya != 0 && yb != 0 && ya != yb:
		m := Match{Likeness: Suspected, Reason: fmt.Sprintf("the same title, but of %d and %d", ya, yb)}
		if shared && max(ya-yb, yb-ya) > 1 {
			m.Relation = Supersedes
		}
		return m
	case len(aa) > 0 && len(ab) > 0 && !shared:
		return Match{Likeness: Suspected, Reason: "the same title by other authors"}
	case ya != yb:
		return Match{Likeness: Suspected, Reason: "the same title, but one has no year"}
	case !shared && (words < 3 || ya == 0):
		return Match{Likeness: Suspected, Reason: "the same short title, and no author to tell by"}
	}
	return Match{Likeness: Certain, Reason: "the same title but for case, punctuation or a date"}
}

// edition tells whether two word lists differ by no more than what says which
// edition it is.
func edition(a, b []string) bool {
	only := append(difference(a, b), difference(b, a)...)
	if len(only) == 0 || len(only) > 3 || !overlap(only, editionWords) {
		return false
	}
	for _, w := range only {
		_, number := strconv.Atoi(w)
		if !slices.Contains(editionWords, w) && !slices.Contains(ordinals, w) && number != nil {
			return false
		}
	}
	return true
}

// ordinals stand before the word for an edition.
var ordinals = strings.Fields(`first second third fourth fifth new 1st 2nd 3rd 4th 5th premiere deuxieme seconde troisieme nouvelle primera segunda tercera nueva`)

// near tells whether two word lists, the shorter first, differ by no more than
// typing errors, a dropped subtitle or a few words.
func near(short, long []string) (reason string, ok bool) {
	if len(short) >= 4 && slices.Equal(short, long[:len(short)]) && !overlap(long[len(short):], editionWords) {
		return "one title begins with the other", true
	}
	onlyS, onlyL := difference(short, long), difference(long, short)
	if overlap(onlyS, editionWords) || overlap(onlyL, editionWords) {
		return "", false
	}
	typos := 0
	for i := 0; i < len(onlyS); i++ {
		j := slices.IndexFunc(onlyL, func(w string) bool { return misspelt(onlyS[i], w) })
		if j < 0 {
			continue
		}
		onlyS, onlyL = slices.Delete(onlyS, i, i+1), slices.Delete(onlyL, j, j+1)
		i--
		typos++
	}
	switch s, l := len(onlyS), len(onlyL); {
	case len(long) < 2:
		return "", false
	case s == 0 && l == 0 && typos > 0:
		return "the titles differ by a typing error", true
	case s == 0 && l == 0:
		return "the titles have the same words in another order", true
	case s == 0 && l*4 <= len(long):
		return "the titles differ by a few words", true
	case s <= 1 && l <= 1 && len(long) >= 10:
		return "the titles differ by one word", true
	}
	return "", false
}

// misspelt tells that two words are within one edit, or two when both are long.
func misspelt(a, b string) bool {
	n := min(len([]rune(a)), len([]rune(b)))
	if n < 4 {
		return false
	}
	return edlib.OSADamerauLevenshteinDistance(a, b) <= 1+n/8
}

// difference gives the words of a that b lacks, counting repetitions.
func difference(a, b []string) []string {
	rest := slices.Clone(b)
	var only []string
	for _, w := range a {
		if i := slices.Index(rest, w); i >= 0 {
			rest = slices.Delete(rest, i, i+1)
		} else {
			only = append(only, w)
		}
	}
	return only
}

func numbers(words []string) []string {
	var ns []string
	for _, w := range words {
		if w[0] >= '0' && w[0] <= '9' {
			ns = append(ns, w)
		}
	}
	return ns
}

func overlap[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(x T) bool { return slices.Contains(b, x) })
}
