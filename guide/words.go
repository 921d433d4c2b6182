package guide

import (
	"unicode"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Mark is a run of a comparison of two texts.
type Mark struct {
	Op   Op
	Text string
}

// Op says in which of two texts a run stands.
type Op int

// The places of a run.
const (
	Same Op = iota
	Inserted
	Deleted
)

// Words compares two texts word by word; in scripts without spaces between
// words, sign by sign. The runs that are not Inserted joined are the first
// text, those that are not Deleted the second.
func Words(before, after string) []Mark {
	numbers, words := map[string]rune{}, []string{}
	coded := func(text string) []rune {
		var code []rune
		for _, w := range wordsOf(text) {
			n, ok := numbers[w]
			if !ok {
				n = rune(len(words))
				numbers[w] = n
				words = append(words, w)
			}
			code = append(code, n+runeOffset(n))
		}
		return code
	}
	a, b := coded(before), coded(after)
	dmp := diffmatchpatch.New()
	var marks []Mark
	for _, d := range dmp.DiffCleanupMerge(dmp.DiffMainRunes(a, b, false)) {
		text := ""
		for _, r := range d.Text {
			text += words[r-runeOffset(r)]
		}
		op := map[diffmatchpatch.Operation]Op{diffmatchpatch.DiffInsert: Inserted, diffmatchpatch.DiffDelete: Deleted}[d.Type]
		if text != "" {
			marks = append(marks, Mark{op, text})
		}
	}
	return marks
}

// surrogates are no valid runes: numbers from there on stand above them.
const firstSurrogate, surrogates = 0xD800, 0x800

func runeOffset(n rune) rune {
	if n >= firstSurrogate {
		return surrogates
	}
	return 0
}

// wordsOf cuts a text into words, signs and white space.
func wordsOf(text string) []string {
	var words []string
	start, last := 0, 0
	for i, r := range text {
		kind := 3
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			kind = 4
		case unicode.IsSpace(r):
			kind = 1
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r):
			kind = 2
		}
		if i > start && (kind != last || kind > 2) {
			words = append(words, text[start:i])
			start = i
		}
		last = kind
	}
	if start < len(text) {
		words = append(words, text[start:])
	}
	return words
}
