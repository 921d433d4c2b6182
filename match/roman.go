package match

import (
	"strings"
	"unicode"
)

// otherScripts are the languages whose titles catalogues often give in Latin
// letters (BCP 47).
var otherScripts = strings.Fields(`und ru uk be bg sr mk kk ky mn tg uz tk az ar fa ur ps ku`)

// leastRoman is the length from which a skeleton tells one title from another.
const leastRoman = 8

// transcribed tells whether a text is in a script that Latin letters can
// stand for here: Cyrillic or Arabic.
func transcribed(s string) bool {
	for _, r := range s {
		if r >= 0x400 && unicode.In(r, unicode.Cyrillic, unicode.Arabic) {
			return true
		}
	}
	return false
}

// sounds gives for a letter the consonants that are left of it in any of the
// usual ways to write it in Latin letters; vowels, semivowels and all that some
// ways drop are left out. Of Latin digraphs see skeleton.
var sounds = func() map[rune]string {
	m := map[rune]string{}
	for consonant, letters := range map[string]string{
		"b": "bб" + "ب", "v": "vв", "g": "gгґ" + "غگ", "d": "dд" + "دضذ", "z": "zзж" + "زظژ", "k": "kqк" + "كقک",
		"l": "lл" + "ل", "m": "mм" + "م", "n": "nн" + "ن", "p": "pп" + "پ", "r": "rр" + "ر", "s": "scсцчшщ" + "سشصچ",
		"t": "tт" + "تطث", "f": "fф" + "ف", "ks": "x",
	} {
		for _, r := range letters {
			m[r] = consonant
		}
	}
	return m
}()

// skeleton gives the consonants of a title, by which one in Cyrillic or Arabic
// letters and its form in Latin ones are the same: "Торговля людьми", "Torgovlia
// liud'mi" and "Torgovlya lyudmi" are "trgvldm". It is rough: equal skeletons
// are a reason to look, no more. Short ones tell nothing and are left out.
func skeleton(words []string) string {
	if s := consonants(strings.Join(words, "")); len(s) >= leastRoman {
		return s
	}
	return ""
}

// consonants gives what skeleton keeps of folded letters, each sound once
// where it is doubled.
func consonants(letters string) string {
	letters = digraphs.Replace(letters)
	var b []byte
	for _, r := range letters {
		for i := range len(sounds[r]) {
			if c := sounds[r][i]; len(b) == 0 || b[len(b)-1] != c {
				b = append(b, c)
			}
		}
	}
	return string(b)
}

// digraphs are Latin letters that stand for one sound and would be two here.
var digraphs = strings.NewReplacer("kh", "", "ts", "s")
