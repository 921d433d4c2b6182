package format

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// accents are the combining characters that TeX's accent commands stand for.
var accents = map[string]rune{
	"`": '\u0300', "'": '\u0301', "^": '\u0302', "~": '\u0303', "=": '\u0304', "u": '\u0306', ".": '\u0307', `"`: '\u0308',
	"r": '\u030a', "H": '\u030b', "v": '\u030c', "d": '\u0323', "c": '\u0327', "k": '\u0328', "b": '\u0331', "t": '\u0361',
}

// signs are TeX's commands for characters.
var signs = map[string]string{
	"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ",
	"dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
	"textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”",
	"ldots": "…", "dots": "…", "textellipsis": "…", "textbackslash": `\`, "textasciitilde": "~", "textasciicircum": "^", "textbar": "|",
	"textless": "<", "textgreater": ">", "textdegree": "°", "texteuro": "€", "euro": "€", "pounds": "£", "copyright": "©", "textregistered": "®",
	"S": "§", "P": "¶", "guillemotleft": "«", "guillemotright": "»", "textbullet": "•", "textunderscore": "_", "slash": "/", "newline": " ", "par": " ", "quad": " ",
}

// untex writes TeX text as plain text in NFC: accents and signs as characters,
// braces and the commands of styles taken off.
func untex(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '\\':
			i = command(&b, s, i+1)
		case c == '{' || c == '}':
			i++
		case c == '~':
			b.WriteByte(' ')
			i++
		case c == '$':
			i++
		case strings.HasPrefix(s[i:], "---"):
			b.WriteString("—")
			i += 3
		case strings.HasPrefix(s[i:], "--"):
			b.WriteString("–")
			i += 2
		case strings.HasPrefix(s[i:], "``"):
			b.WriteString("“")
			i += 2
		case strings.HasPrefix(s[i:], "''"):
			b.WriteString("”")
			i += 2
		default:
			b.WriteByte(c)
			i++
		}
	}
	return norm.NFC.String(squeeze(b.String()))
}

// command writes what the command whose name begins at i stands for, and gives
// where the text goes on.
func command(b *strings.Builder, s string, i int) int {
	if i == len(s) {
		return i
	}
	end := i + 1
	if isLetter(s[i]) {
		for end < len(s) && isLetter(s[end]) {
			end++
		}
	} else if s[i] >= utf8.RuneSelf {
		_, n := utf8.DecodeRuneInString(s[i:])
		b.WriteString(s[i : i+n])
		return i + n
	}
	name := s[i:end]
	if mark, ok := accents[name]; ok {
		return accented(b, s, end, mark)
	}
	if isLetter(name[0]) {
		for end < len(s) && s[end] == ' ' {
			end++
		}
		b.WriteString(signs[name]) // a command of style has none
		return end
	}
	switch name {
	case "\\", " ", "\n", "/":
		b.WriteByte(' ')
	case "-":
	default:
		b.WriteString(name) // \& \% \$ \# \_ \{ \}
	}
	return end
}

// accented writes the letter that follows with an accent.
func accented(b *strings.Builder, s string, i int, mark rune) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '{') {
		i++
	}
	if i == len(s) || s[i] == '}' {
		return i
	}
	letter, n := utf8.DecodeRuneInString(s[i:])
	i += n
	if letter == '\\' { // \'{\i}
		end := i
		for end < len(s) && isLetter(s[end]) {
			end++
		}
		switch s[i:end] {
		case "i":
			letter = 'i'
		case "j":
			letter = 'j'
		default:
			return i - n
		}
		for i = end; i < len(s) && s[i] == ' '; i++ {
		}
	}
	if !unicode.IsLetter(letter) {
		b.WriteRune(letter)
		return i
	}
	b.WriteRune(letter)
	b.WriteRune(mark)
	return i
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// asTeX writes plain text so that TeX sets it and untex reads it as it was. What
// is not ASCII stays as it is: BibTeX's successors read UTF-8.
var asTeX = strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "&", `\&`, "%", `\%`, "$", `\$`, "#", `\#`, "_", `\_`,
	"~", `\textasciitilde{}`, "^", `\textasciicircum{}`, "---", "{-}{-}{-}", "--", "{-}{-}", "``", "{`}{`}", "''", "{'}{'}")
