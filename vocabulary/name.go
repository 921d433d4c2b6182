package vocabulary

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"waymark/analysis"
)

// key gives the form in which two names are the same: folded letters and
// digits, without spaces and signs, since sources write 'Côte d’Ivoire' and
// 'Cote d Ivoire'. English articles go too, wherever they stand: lists after
// ISO 3166 say 'Gambia (the)' and 'Korea (the Republic of)'.
func key(name string) string {
	var b strings.Builder
	for word := range strings.FieldsFuncSeq(analysis.Fold(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) // marks are vowels in many scripts
	}) {
		if word != "the" {
			b.WriteString(word)
		}
	}
	return b.String()
}

// bracketed takes 'Name (inside)' apart.
func bracketed(name string) (head, inside string, ok bool) {
	name = strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(name), "（", "("), "）", ")")
	name, ok = strings.CutSuffix(name, ")")
	if !ok {
		return "", "", false
	}
	i := strings.LastIndexByte(name, '(')
	if i < 0 {
		return "", "", false
	}
	return name[:i], name[i+1:], true
}

// isAcronym tells an acronym (IOM, CP AoR) from a qualifier that may make
// another thing of the name before it ('Dutch part').
func isAcronym(s string) bool {
	upper, lower := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLetter(r):
			lower++
		}
	}
	return upper > lower && utf8.RuneCountInString(s) <= 12
}

// Names gives the names of the term that a person would write, in every
// language.
func (t *Term) Names() []string {
	var names []string
	for _, name := range t.spoken() {
		names = append(names, name.Text)
	}
	return names
}

// names gives every name of the term.
func (t *Term) names() []string {
	names := []string{t.Code, t.Alpha3, t.M49, t.Acronym, t.Own}
	for _, lang := range t.Labels.Languages() {
		names = append(names, t.Labels[lang])
	}
	for _, v := range t.Variants {
		names = append(names, v.Text)
	}
	return names
}
