package analysis

import (
	"slices"
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
)

// Languages returns the languages that have a stemmer.
func Languages() []string { return []string{"en", "fr", "es", "ru", "ar"} }

// Stem returns the stem of a folded word in a language; the word itself when
// the language has no stemmer or does not write in the word's script. The
// stemmers are those of snowballstem.org, adapted to folded words, and the
// light stemmer of Larkey, Ballesteros and Connell (2007) for Arabic.
func Stem(word, lang string) string {
	if stem := stemmerOf(lang); stem != nil {
		return stem(word)
	}
	return word
}

func stemmerOf(lang string) func(string) string {
	switch lang {
	case "en":
		return stemEnglish
	case "fr":
		return stemFrench
	case "es":
		return stemSpanish
	case "ru":
		return stemRussian
	case "ar":
		return stemArabic
	}
	return nil
}

// latin reports whether word has at least three letters, all a to z.
func latin(word string) bool {
	if len(word) < 3 {
		return false
	}
	for i := range len(word) {
		if word[i] < 'a' || word[i] > 'z' {
			return false
		}
	}
	return true
}

// run runs a Snowball stemmer.
func run(stem func(*snowballstem.Env) bool, word string) string {
	env := snowballstem.NewEnv(word)
	stem(env)
	return env.Current()
}

// stemEnglish is Porter2 on American spelling, with the irregular plurals
// that matter to the field, and without its confusions that hurt there:
// organs are removed, organisations are not.
func stemEnglish(word string) string {
	if !latin(word) {
		return word
	}
	switch word {
	case "women":
		return "woman"
	case "men":
		return "man"
	case "children":
		return "child"
	case "wives":
		return "wife"
	case "lives":
		return "life"
	case "authority", "authorities":
		return "authorit"
	}
	word = american(word)
	if strings.HasPrefix(word, "organiz") {
		return "organiz"
	}
	return run(english.Stem, word)
}

// american turns the British spellings of a word's ending and the commonest
// ones of its stem into the American ones; both are then stemmed alike.
func american(word string) string {
	switch word {
	case "centre", "centres":
		return "center"
	case "programme", "programmes":
		return "program"
	case "defence", "offence", "licence", "defences", "offences", "licences":
		return strings.TrimSuffix(word, "s")[:strings.LastIndex(word, "c")] + "se"
	}
	if i := strings.LastIndex(word, "is"); i >= 4 {
		switch word[i+2:] {
		case "e", "es", "ed", "er", "ers", "ing", "ation", "ations", "ational":
			word = word[:i+1] + "z" + word[i+2:]
		}
	}
	if i := strings.Index(word, "our"); i >= 3 && strings.IndexByte("bvlndmi", word[i-1]) >= 0 && len(word) > 5 {
		word = word[:i+1] + word[i+2:] // labour, behaviour; contour, too, in all its forms
	}
	return word
}

// stemFrench runs Snowball and then takes off the e and i that folded
// participles keep: exploitée, exploiter and exploitation meet.
func stemFrench(word string) string {
	if !latin(word) {
		return word
	}
	if word == "travaux" {
		word = "travail"
	}
	s := run(french.Stem, word)
	for len(s) > 4 && (s[len(s)-1] == 'e' || s[len(s)-1] == 'i') {
		s = s[:len(s)-1]
	}
	return strings.ToLower(s) // Snowball marks vowels that sound as consonants
}

// stemSpanish gives back the accents that Snowball's suffixes need, and takes
// the plural off nouns like mujer, which Snowball stems as infinitives.
func stemSpanish(word string) string {
	if !latin(word) {
		return word
	}
	accented := word
	switch {
	case strings.HasSuffix(word, "cion"), strings.HasSuffix(word, "sion"):
		accented = word[:len(word)-2] + "ón"
	case len(word) > 6 && (strings.HasSuffix(word, "ares") || strings.HasSuffix(word, "eres") || strings.HasSuffix(word, "ires")):
		accented = word[:len(word)-2]
	case strings.HasSuffix(word, "logia"):
		accented = word[:len(word)-2] + "ía"
	case strings.HasSuffix(word, "logias"):
		accented = word[:len(word)-3] + "ías"
	}
	s := run(spanish.Stem, accented)
	if accented != word {
		return Fold(s)
	}
	return s
}

// stemRussian is Snowball; folding has already made ё an е.
func stemRussian(word string) string {
	if len(word) < 6 || word[0] != 0xD0 && word[0] != 0xD1 {
		return word
	}
	return run(russian.Stem, word)
}

// arabicPrefixes and arabicSuffixes are those of light10 on folded letters,
// the article after two particles, and -hum; each list longest first.
var (
	arabicPrefixes = []string{"وبال", "ولل", "وال", "بال", "كال", "فال", "ال", "لل"}
	arabicSuffixes = []string{"ها", "هم", "ان", "ات", "ون", "ين", "يه", "ه", "ي", "ء"}
)

// stemArabic takes the article with what is written to it off a folded word,
// then the endings of number, gender and possession, as long as three letters
// stay.
func stemArabic(word string) string {
	const two = 2 // bytes of an Arabic letter
	if len(word) < 4*two || word[0] < 0xD8 || word[0] > 0xDB {
		return word
	}
	s := word
	for _, p := range arabicPrefixes {
		if strings.HasPrefix(s, p) && len(s)-len(p) >= 3*two {
			s = s[len(p):]
			break
		}
	}
	// One letter may be a word (and, for, with) or the first of the noun
	// (وثيقة): taken off with and without the article, both still meet.
	switch {
	case strings.HasPrefix(s, "و") && len(s) >= 5*two:
		s = s[two:]
	case (strings.HasPrefix(s, "ل") || strings.HasPrefix(s, "ب")) && len(s) >= 6*two &&
		strings.HasSuffix(s, "ه") && !strings.HasPrefix(s[two:], "ا"):
		s = s[two:]
	}
	for {
		i := slices.IndexFunc(arabicSuffixes, func(end string) bool {
			return strings.HasSuffix(s, end) && len(s)-len(end) >= 3*two
		})
		if i < 0 {
			return s
		}
		s = s[:len(s)-len(arabicSuffixes[i])]
	}
}
