package analysis

import (
	"unicode"
	"unicode/utf8"
)

// class is what a rune is to the cutting of words.
type class uint8

const (
	other      class = iota // parts words
	letter                  // of a script that parts words by spaces
	digitClass              // decimal digit
	mark                    // belongs to the letter before it
	format                  // invisible: joiners, soft hyphen
	apostrophe              // joins letters, or ends an elided article
	dense                   // of a script without spaces
)

// asciiClass holds the class of every ASCII byte.
var asciiClass = func() (t [utf8.RuneSelf]class) {
	for c := range t {
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			t[c] = letter
		case '0' <= c && c <= '9':
			t[c] = digitClass
		case c == '\'' || c == '`':
			t[c] = apostrophe
		}
	}
	return t
}()

// classOf returns the class of a rune, the frequent scripts first.
func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		return asciiClass[r]
	case 0xC0 <= r && r < 0x250 && r != 0xD7 && r != 0xF7,
		0x400 <= r && r <= 0x481, 0x620 <= r && r <= 0x64A:
		return letter
	case 0x4E00 <= r && r <= 0x9FFF, 0xAC00 <= r && r <= 0xD7A3:
		return dense
	case r == '´':
		return apostrophe
	case 0xFF9E <= r && r <= 0xFF9F: // half-width voicing of kana
		return mark
	}
	if plain, ok := plainLetter(r); ok && plain == "'" {
		return apostrophe
	}
	switch {
	case unicode.IsMark(r):
		return mark
	case unicode.Is(unicode.Nd, r):
		return digitClass
	case unicode.Is(unicode.Cf, r):
		return format
	case r == 0x30FC || r == 0xFF70 || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana,
		unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
		if unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) {
			return dense
		}
	case unicode.IsLetter(r), unicode.Is(unicode.Nl, r):
		return letter
	}
	return other
}

// piece is one word of a text: a run of letters and digits, or one letter of
// a dense script with its marks.
type piece struct {
	start, end      int  // bytes of the text
	cut             int  // end of the first maxRunes runes
	letters, digits bool // what it holds
	joined          bool // holds apostrophes or invisible characters
	dense           bool
	follows         bool // dense, and so is what stands right before it
}

// maxRunes bounds a token, so that a hostile text costs nothing.
const maxRunes = 64

// scanner cuts a text into pieces.
type scanner struct {
	text    string
	turkish bool // what follows an apostrophe is a suffix
	at      int
	dense   int // where the last dense piece ended
}

func newScanner(text, lang string) scanner {
	return scanner{text: text, turkish: lang == "tr" || lang == "az", dense: -1}
}

// next returns the next piece of the text, false at its end.
func (s *scanner) next() (piece, bool) {
	for s.at < len(s.text) {
		c, size := s.peek(s.at)
		switch c {
		case letter, digitClass:
			if p, ok := s.word(); ok {
				return p, true
			}
		case dense:
			return s.cluster(size), true
		default:
			s.at += size
		}
	}
	return piece{}, false
}

// peek returns the class and size of the rune at byte i; other at the end.
func (s *scanner) peek(i int) (class, int) {
	if i >= len(s.text) {
		return other, 0
	}
	if b := s.text[i]; b < utf8.RuneSelf {
		return asciiClass[b], 1
	}
	r, size := utf8.DecodeRuneInString(s.text[i:])
	return classOf(r), size
}

// cluster reads a letter of a dense script and the marks on it.
func (s *scanner) cluster(size int) piece {
	p := piece{start: s.at, dense: true, letters: true, follows: s.at == s.dense}
	s.at += size
	p.cut = s.at
	for marks := 0; ; marks++ {
		c, size := s.peek(s.at)
		if c != mark && c != format {
			break
		}
		s.at += size
		p.joined = p.joined || c == format
		if marks < maxRunes {
			p.cut = s.at
		}
	}
	p.end, s.dense = s.at, s.at
	return p
}

// word reads a run of letters, digits and marks. An elided article before an
// apostrophe is dropped and the English possessive ends the word before it;
// other apostrophes between letters join them, as in Ukrainian.
func (s *scanner) word() (piece, bool) {
	p := piece{start: s.at, end: s.at, cut: s.at}
	i, runes := s.at, 0
	for {
		c, size := s.peek(i)
		switch c {
		case letter, digitClass, mark:
			p.letters = p.letters || c == letter
			p.digits = p.digits || c == digitClass
			i += size
			p.end = i
			if runes < maxRunes {
				p.cut = i
			}
			runes++
			continue
		case format:
			p.joined = true
			i += size
			continue
		case apostrophe:
			if next, _ := s.peek(i + size); next != letter || p.digits {
				break
			}
			if s.elides(p.start, p.end, i+size) {
				p = piece{start: i + size, end: i + size, cut: i + size}
				i, runes = i+size, 0
				continue
			}
			if suffix := s.suffix(i + size); suffix > 0 {
				s.at = suffix
				return p, true
			}
			p.joined = true
			i += size
			continue
		}
		s.at = max(i, s.at+1)
		return p, p.end > p.start
	}
}

// elides reports whether text[start:end] is an article or pronoun that
// French, Italian or Catalan shortens before the vowel at next.
func (s *scanner) elides(start, end, next int) bool {
	var low [8]byte
	if end-start > len(low) {
		return false
	}
	for i := range end - start {
		c := s.text[start+i]
		if c >= utf8.RuneSelf {
			return false
		}
		low[i] = c | 0x20
	}
	switch string(low[:end-start]) {
	case "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu",
		"un", "dell", "nell", "sull", "all", "dall", "gl", "quell", "quest", "sant":
	default:
		return false
	}
	r, _ := utf8.DecodeRuneInString(s.text[next:])
	if r >= utf8.RuneSelf {
		if r >= 0x250 {
			return false
		}
		var room [8]byte
		folded := appendFold(room[:0], s.text[next:next+utf8.RuneLen(r)])
		r = rune(folded[0])
	}
	switch r | 0x20 {
	case 'a', 'e', 'i', 'o', 'u', 'y', 'h':
		return true
	}
	return false
}

// suffix returns the end of the letters at i if they are a suffix that the
// apostrophe before them sets off ('s, 're, 've, 'll, 'm, 'd), 0 otherwise.
func (s *scanner) suffix(i int) int {
	end := i
	for {
		c, size := s.peek(end)
		if c != letter && c != mark || end-i > maxRunes && !s.turkish {
			break
		}
		end += size
	}
	if s.turkish {
		return end
	}
	switch s.text[i:end] {
	case "s", "re", "ve", "ll", "m", "d", "S", "RE", "VE", "LL", "M", "D":
		return end
	}
	return 0
}
