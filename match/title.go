package match

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hbollon/go-edlib"

	"waymark/analysis"
)

// editionWords mark a title as another edition of the same text.
var editionWords = strings.Fields(`edition ed revised updated update edicion actualizada revisee издание 版 修订`)

// ordinals stand before the word for an edition.
var ordinals = strings.Fields(`first second third fourth fifth new 1st 2nd 3rd 4th 5th premiere deuxieme seconde troisieme nouvelle primera segunda tercera nueva`)

// counted gives the number that an ordinal of the list stands for.
var counted = map[string]string{
	"first": "1", "1st": "1", "premiere": "1", "primera": "1", "1re": "1", "1ere": "1",
	"second": "2", "2nd": "2", "deuxieme": "2", "seconde": "2", "segunda": "2", "2e": "2", "2eme": "2", "2a": "2", "2d": "2",
	"third": "3", "3rd": "3", "troisieme": "3", "tercera": "3", "3e": "3", "3eme": "3", "3a": "3",
	"fourth": "4", "4th": "4", "fifth": "5", "5th": "5",
}

// editionOf gives which edition a statement names: its number where it has
// one, else its words; "" when it names none.
func editionOf(statement string) string {
	var rest []string
	for _, w := range analysis.Words(statement) {
		if n, ok := counted[w]; ok {
			return n
		}
		digits := strings.TrimRight(w, "abcdefghijklmnopqrstuvwxyz")
		if n, err := strconv.Atoi(digits); err == nil && n < 100 {
			return strconv.Itoa(n)
		}
		if w != "edition" && w != "ed" && w != "edicion" && w != "издание" && w != "版" {
			rest = append(rest, w)
		}
	}
	return strings.Join(rest, " ")
}

// edition tells whether two word lists differ by no more than what says which
// edition it is.
func edition(a, b []string) bool {
	if len(a)-len(b) > 3 || len(b)-len(a) > 3 {
		return false
	}
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

// near tells whether two word lists, the shorter first, differ by no more than
// typing errors, a dropped subtitle or a few words.
func near(short, long []string) (reason string, ok bool) {
	if len(short) >= 4 && slices.Equal(short, long[:len(short)]) && !overlap(long[len(short):], editionWords) {
		return "one title begins with the other", true
	}
	if len(short) >= 5 && slices.Equal(short, long[len(long)-len(short):]) && !overlap(long[:len(long)-len(short)], editionWords) {
		return "one title ends with the other", true
	}
	onlyS, onlyL := difference(short, long), difference(long, short)
	if weighty(onlyS)+weighty(onlyL) == 0 && len(onlyS)+len(onlyL) > 0 && len(short) >= 4 {
		return "the titles differ by small words", true
	}
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

// weighty counts the words that are no articles and the like.
func weighty(words []string) int {
	n := 0
	for _, w := range words {
		if !slices.Contains(small, w) {
			n++
		}
	}
	return n
}

// spelledOut are ordinals as they stand in titles; first and second have other
// uses too often.
var spelledOut = map[string]string{"third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th", "seventh": "7th", "eighth": "8th", "ninth": "9th", "tenth": "10th"}

// counting gives the words with ordinals in digits.
func counting(words []string) []string {
	for i, w := range words {
		if digits, ok := spelledOut[w]; ok {
			words = slices.Clone(words)
			words[i] = digits
		}
	}
	return words
}

// misspelt tells that two words are within one edit, or two when both are long.
func misspelt(a, b string) bool {
	m, n := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	most := 1 + min(m, n)/8
	if min(m, n) < 4 || m-n > most || n-m > most {
		return false
	}
	return edlib.OSADamerauLevenshteinDistance(a, b) <= most
}

// difference gives the words of a that b lacks, counting repetitions.
func difference(a, b []string) []string {
	rest := slices.Clone(b)
	var only []string
	for _, w := range a {
		if i := slices.Index(rest, w); i >= 0 {
			rest[i] = rest[len(rest)-1]
			rest = rest[:len(rest)-1]
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

// alike says how much two titles have in common, from 0 to 1: Dice's
// coefficient of their words.
func alike(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	return 1 - float64(len(difference(a, b))+len(difference(b, a)))/float64(len(a)+len(b))
}
