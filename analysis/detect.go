package analysis

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// judged is how many letters of a text are enough to tell its language.
const judged = 2000

// Detect returns the BCP 47 primary tag of the text's most likely language
// and how sure it is, from 0 to 1; "" when there is nothing to judge. The
// script decides first; languages that share a script are told apart by the
// letters only some of them have and by n-grams (see model.go).
func Detect(text string) (lang string, confidence float64) {
	counts, letters := countScripts(text)
	script, most, total := "", 0, 0
	for i, n := range counts {
		total += n
		if n > most {
			script, most = scripts[i].name, n
		}
	}
	if total == 0 {
		return "", 0
	}
	share := float64(most) / float64(total)
	switch script {
	case "Han", "Kana":
		kana, han := counts[scriptIndex("Kana")], counts[scriptIndex("Han")]
		if kana*20 > han {
			return "ja", min(1, float64(kana+han)/float64(total))
		}
		return "zh", share
	case "Latin", "Cyrillic", "Arabic", "Devanagari":
		if l := byLetters(script, letters); l != "" {
			return l, share
		}
		lang, confidence = languageModel().groups[script].guess(letters)
		return lang, confidence * share
	case "Ethiopic", "Hebrew", "Bengali":
		if l := byLetters(script, letters); l != "" {
			return l, share
		}
	}
	return scripts[scriptIndex(script)].lang, share
}

// scripts lists what the gate tells apart, the language a script stands for
// when it has no rivals, and how much one of its letters weighs beside a
// Latin one: a Han character is a word.
var scripts = []struct {
	name, lang string
	weight     int
	table      *unicode.RangeTable
}{
	{"Latin", "", 1, unicode.Latin}, {"Cyrillic", "", 1, unicode.Cyrillic}, {"Arabic", "", 1, unicode.Arabic},
	{"Han", "zh", 3, unicode.Han}, {"Kana", "ja", 2, kana}, {"Hangul", "ko", 2, unicode.Hangul},
	{"Devanagari", "", 1, unicode.Devanagari}, {"Bengali", "bn", 1, unicode.Bengali},
	{"Ethiopic", "am", 2, unicode.Ethiopic}, {"Thai", "th", 1, unicode.Thai}, {"Greek", "el", 1, unicode.Greek},
	{"Hebrew", "he", 1, unicode.Hebrew}, {"Georgian", "ka", 1, unicode.Georgian},
	{"Armenian", "hy", 1, unicode.Armenian}, {"Myanmar", "my", 1, unicode.Myanmar},
	{"Khmer", "km", 1, unicode.Khmer}, {"Lao", "lo", 1, unicode.Lao}, {"Sinhala", "si", 1, unicode.Sinhala},
	{"Tamil", "ta", 1, unicode.Tamil}, {"Telugu", "te", 1, unicode.Telugu}, {"Kannada", "kn", 1, unicode.Kannada},
	{"Malayalam", "ml", 1, unicode.Malayalam}, {"Gujarati", "gu", 1, unicode.Gujarati},
	{"Gurmukhi", "pa", 1, unicode.Gurmukhi}, {"Oriya", "or", 1, unicode.Oriya}, {"Tibetan", "bo", 1, unicode.Tibetan},
	{"Thaana", "dv", 1, unicode.Thaana}, {"Mongolian", "mn", 1, unicode.Mongolian},
	{"Tifinagh", "zgh", 1, unicode.Tifinagh}, {"Nko", "nqo", 1, unicode.Nko},
}

// kana is hiragana, katakana and the long vowel sign.
var kana = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x3041, Hi: 0x3096, Stride: 1}, {Lo: 0x30A1, Hi: 0x30FA, Stride: 1}, {Lo: 0x30FC, Hi: 0x30FF, Stride: 1}}}

func scriptIndex(name string) int {
	for i := range scripts {
		if scripts[i].name == name {
			return i
		}
	}
	return 0
}

// countScripts weighs the letters of text by script and returns its first
// letters in lower case, composed, words parted by one 0.
func countScripts(text string) (counts []int, letters []rune) {
	counts = make([]int, len(scripts))
	if len(text) > judged*utf8.UTFMax {
		text = text[:judged*utf8.UTFMax]
	}
	if !norm.NFC.IsNormalString(text) {
		text = norm.NFC.String(text)
	}
	last := 0
	letters = make([]rune, 0, min(len(text), judged)+2)
	for _, r := range text {
		switch {
		case r < utf8.RuneSelf && ('a' <= r|0x20 && r|0x20 <= 'z'):
			counts[0]++
			letters = append(letters, r|0x20)
			continue
		case r < utf8.RuneSelf || !unicode.IsLetter(r) && !unicode.IsMark(r):
			if len(letters) > 0 && letters[len(letters)-1] != 0 {
				letters = append(letters, 0)
			}
			continue
		case r == 'ـ' || unicode.IsMark(r) && !unicode.Is(unicode.Devanagari, r):
			continue // tatweel and vowel signs say nothing, and stand in no model
		case !unicode.Is(scripts[last].table, r):
			for i := range scripts {
				if unicode.Is(scripts[i].table, r) {
					last = i
					break
				}
			}
			if !unicode.Is(scripts[last].table, r) {
				continue
			}
		}
		if !unicode.IsMark(r) {
			counts[last] += scripts[last].weight
		}
		letters = append(letters, unicode.ToLower(r))
		if len(letters) >= judged {
			break
		}
	}
	return counts, letters
}

// signs are letters that only one of the languages of a script writes, for
// languages without an n-gram model: two of them decide.
var signs = []struct{ script, lang, letters string }{
	{"Arabic", "ps", "ټډړښګځڅېۍڼ"},
	{"Arabic", "ckb", "ێۆڵڕە"},
	{"Arabic", "ug", "ۈۋېڭۇۆ"},
	{"Arabic", "sd", "ڄڃٻڀڊڍڏٿٽڦڻ"},
	{"Cyrillic", "tg", "ҷӣӯҳ"},
	{"Ethiopic", "ti", "ኣዓኸኹኺኻኼኽኾቐቑቒቓቔቕቖ"},
	{"Hebrew", "yi", "ײױװ"},
	{"Bengali", "as", "ৰৱ"},
	{"Latin", "az", "ə"},
	{"Latin", "ha", "ɓɗƙƴ"},
}

// byLetters returns the language whose own letters stand in the text, if they
// are at least two and at least 3 % of it.
func byLetters(script string, letters []rune) string {
	best, most := "", 1
	for _, s := range signs {
		if s.script != script {
			continue
		}
		n := 0
		for _, r := range letters {
			if r >= utf8.RuneSelf && strings.ContainsRune(s.letters, r) {
				n++
			}
		}
		if n > most && n*33 >= len(letters) {
			best, most = s.lang, n
		}
	}
	if best == "" && script == "Devanagari" {
		return nepali(letters)
	}
	return best
}

// nepali tells Nepali from Hindi and Marathi by its plural ending हरू and its
// postpositions ले and को, लाई.
func nepali(letters []rune) string {
	n := 0
	for i := range letters {
		rest := string(letters[i:min(i+4, len(letters))])
		switch {
		case strings.HasPrefix(rest, "हरू"), strings.HasPrefix(rest, "हरु"), strings.HasPrefix(rest, "लाई"):
			n += 2
		case strings.HasPrefix(rest, "को\x00"), strings.HasPrefix(rest, "मा\x00"), strings.HasPrefix(rest, "ले\x00"):
			if i > 0 && letters[i-1] != 0 {
				n++ // written together with the noun
			}
		}
	}
	if n >= 2 {
		return "ne"
	}
	return ""
}

// confidenceScale tempers the likelihood: n-grams overlap, so naive Bayes
// counts the same evidence about three times.
const confidenceScale = 0.35

// guess returns the most likely language of the group and its share of the
// tempered likelihood.
func (g *languageGroup) guess(letters []rune) (string, float64) {
	scores := g.score(letters)
	g.addTitleWords(scores, letters)
	best := 0
	for i, s := range scores {
		if s > scores[best] {
			best = i
		}
	}
	sum := 0.0
	for _, s := range scores {
		sum += math.Exp((s - scores[best]) * confidenceScale)
	}
	return g.langs[best], 1 / sum
}

// titleWords are words of which titles are made, as folded: too short a text
// for n-grams is often just these.
var titleWords = map[string]string{
	"en": " annual report reports guide guidelines handbook manual toolkit training data protection principles law act removal review ",
	"fr": " rapport rapports annuel guide lignes manuel formation donnees principes loi code lutte droits ",
	"es": " informe informes anual guia directrices manual capacitacion datos proteccion principios ley codigo derechos ",
	"pt": " relatorio anual guia diretrizes formacao dados protecao principios lei codigo direitos ",
	"it": " relazione rapporto annuale guida linee manuale formazione dati protezione principi legge codice diritti ",
	"de": " bericht jahresbericht leitfaden leitlinien handbuch daten schutz gesetz rechte ",
	"ru": " доклад отчет руководство пособие защита закон кодекс права жертв помощь данные ",
	"uk": " доповідь звіт керівництво посібник захист закон кодекс права жертв допомога дані ",
	"bg": " доклад отчет ръководство наръчник защита закон кодекс права жертви помощ данни борба ",
	"mk": " извештај водич прирачник заштита закон законик права жртви жртвите помош податоци ",
	"sr": " извештај водич приручник заштита закон законик права жртава помоћ подаци ",
}

// titleWordWeight is what a title word adds to the log-likelihood of its
// language, and titleLetters up to how long a text they count.
const (
	titleWordWeight = 2
	titleLetters    = 120
)

// addTitleWords raises the scores of the languages whose title words stand in
// a short text.
func (g *languageGroup) addTitleWords(scores []float64, letters []rune) {
	if len(letters) > titleLetters {
		return
	}
	for _, word := range strings.Split(string(letters), "\x00") {
		if len(word) < 3 {
			continue
		}
		word = " " + Fold(word) + " "
		for i, lang := range g.langs {
			if strings.Contains(titleWords[lang], word) {
				scores[i] += titleWordWeight
			}
		}
	}
}
