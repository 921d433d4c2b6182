package analysis

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns s in the form in which words are compared: compatibility
// decomposed and recomposed (NFKC), lower case, without accents, Arabic and
// Hebrew vowel signs, tatweel and invisible characters; digits of every
// script are ASCII, apostrophes are ', dashes are -. Letters with a stroke
// and ligatures become plain letters (ł→l, œ→oe, ß→ss), Arabic alef, ya, kaf
// and ha are unified, Cyrillic ё is е while й, ї, ў, ѓ and ќ stay letters of
// their own. Signs that carry meaning in other scripts (Devanagari vowels,
// kana voicing, Thai tones) are kept. Fold is idempotent and its result is
// valid UTF-8.
func Fold(s string) string {
	i := 0
	for i < len(s) && asciiFolded(s[i]) {
		i++
	}
	if i == len(s) {
		return s
	}
	return string(appendFold(make([]byte, 0, len(s)+8), s))
}

// asciiFolded reports whether c is ASCII and its own folded form.
func asciiFolded(c byte) bool {
	return c < utf8.RuneSelf && (c < 'A' || c > 'Z') && c != '`'
}

// appendFold appends the folded form of s to dst. It handles what the table
// knows rune by rune and hands anything else, whole, to the slow path.
func appendFold(dst []byte, s string) []byte {
	start := len(dst)
	var table *foldTable
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			switch {
			case 'A' <= c && c <= 'Z':
				c += 'a' - 'A'
			case c == '`':
				c = '\''
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r >= foldTableSize {
			switch {
			case inert(r):
				dst = append(dst, s[i:i+size]...)
			case 0xFF01 <= r && r <= 0xFF5E: // full-width ASCII
				var one [1]byte
				one[0] = byte(r - 0xFF01 + '!')
				dst = appendFold(dst, string(one[:]))
			default:
				return appendFoldSlow(dst[:start], s)
			}
			i += size
			continue
		}
		if table == nil {
			table = foldings()
		}
		switch f := table.of[r]; {
		case f < utf8.MaxRune:
			if f != 0 {
				dst = utf8.AppendRune(dst, rune(f))
			}
		case f&foldString != 0:
			dst = append(dst, table.strings[f&^foldString]...)
		case f == foldAccent:
			dst = accent(dst, start, r)
		case f == foldAlone && !sign(dst[start:]):
			dst = utf8.AppendRune(dst, r)
		default:
			return appendFoldSlow(dst[:start], s)
		}
		i += size
	}
	return dst
}

// inert reports whether r, beyond the table, is its own folded form whatever
// stands before it: Han, Hangul syllables and the plain kana.
func inert(r rune) bool {
	return 0x4E00 <= r && r <= 0x9FFF || 0xAC00 <= r && r <= 0xD7A3 ||
		0x3041 <= r && r <= 0x3096 || 0x30A1 <= r && r <= 0x30FE ||
		0x3400 <= r && r <= 0x4DBF || 0x3001 <= r && r <= 0x3029 && r != 0x3000
}

// appendFoldSlow is the definition of folding: decompose, map every rune,
// compose what is left.
func appendFoldSlow(dst []byte, s string) []byte {
	var room [256]byte
	buf, start := room[:0], 0
	s = strings.ToValidUTF8(s, "\uFFFD") // norm takes broken runes with what follows
	s = strings.ReplaceAll(s, "´", "'")  // would decompose to a space and an accent
	for _, r := range norm.NFKD.String(s) {
		switch {
		case r == 0x0301 || r == 0x0306 || r == 0x0308:
			buf = accent(buf, start, r)
		case stripped(r):
		case unicode.Is(unicode.Nd, r):
			buf = append(buf, '0'+digit(r))
		default:
			if r != 'ß' && r != 'ẞ' {
				r = unicode.ToLower(unicode.ToUpper(r))
			}
			if plain, ok := plainLetter(r); ok {
				buf = append(buf, plain...)
			} else {
				buf = utf8.AppendRune(buf, r)
			}
		}
	}
	return norm.NFC.Append(dst, buf...)
}

// accent joins an accent to the Cyrillic letter before it where the two are a
// letter of an alphabet, and drops it otherwise.
func accent(buf []byte, start int, mark rune) []byte {
	r, size := utf8.DecodeLastRune(buf[start:])
	joined := rune(0)
	switch {
	case mark == 0x0306 && r == 'и':
		joined = 'й'
	case mark == 0x0306 && r == 'у':
		joined = 'ў'
	case mark == 0x0308 && r == 'і':
		joined = 'ї'
	case mark == 0x0301 && r == 'г':
		joined = 'ѓ'
	case mark == 0x0301 && r == 'к':
		joined = 'ќ'
	default:
		return buf
	}
	return utf8.AppendRune(buf[:len(buf)-size], joined)
}

// stripped reports whether folding drops r: accents of the European scripts,
// Hebrew, Arabic and Syriac points, variation selectors, invisible controls.
func stripped(r rune) bool {
	switch {
	case r < 0x00AD:
		return false
	case r == 0x0640: // tatweel
		return true
	case unicode.Is(unicode.Cf, r):
		return true
	case r < 0x0900, 0x1AB0 <= r && r <= 0x1AFF, 0x1DC0 <= r && r <= 0x1DFF,
		0x20D0 <= r && r <= 0x20FF, 0xFE00 <= r && r <= 0xFE2F, 0xE0100 <= r && r <= 0xE01EF:
		return unicode.Is(unicode.M, r)
	}
	return false
}

// digit returns the value of a decimal digit of any script. Unicode gives the
// digits of a script ten consecutive places, and its ranges begin with zeros.
func digit(r rune) byte {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	return 0
}

// plainLetter returns what a reader without the key types for r.
func plainLetter(r rune) (string, bool) {
	switch r {
	case 'ß', 'ẞ':
		return "ss", true
	case 'œ':
		return "oe", true
	case 'æ':
		return "ae", true
	case 'þ':
		return "th", true
	case 'ł':
		return "l", true
	case 'ø':
		return "o", true
	case 'đ', 'ð', 'ɗ', 'ɖ':
		return "d", true
	case 'ı':
		return "i", true
	case 'ħ':
		return "h", true
	case 'ŧ':
		return "t", true
	case 'ɓ':
		return "b", true
	case 'ƙ':
		return "k", true
	case 'ƴ':
		return "y", true
	case 'ٱ':
		return "ا", true
	case 'ى', 'ی', 'ې', 'ے':
		return "ي", true
	case 'ک', 'ڪ':
		return "ك", true
	case 'ة', 'ہ', 'ھ', 'ۃ', 'ە':
		return "ه", true
	case '`', '‘', '’', '‛', '′', 'ʹ', 'ʻ', 'ʼ', 'ʽ', 'ʾ', 'ʿ', '՚', '׳':
		return "'", true
	case '‐', '‑', '‒', '–', '—', '―', '−', '־', '⁃', '⸺', '⸻':
		return "-", true
	}
	return "", false
}

// sign reports whether buf ends in a sign that normalisation may reorder.
func sign(buf []byte) bool {
	r, _ := utf8.DecodeLastRune(buf)
	return r >= 0x0300 && lone(r)
}

// lone reports whether r is one of the frequent signs of Indic scripts, Thai
// and Lao that fold to themselves when no other sign stands before them.
func lone(r rune) bool {
	return r == 0x094D || r == 0x09CD || 0x0E38 <= r && r <= 0x0E3A || 0x0E48 <= r && r <= 0x0E4B ||
		0x0EC8 <= r && r <= 0x0ECB
}

// The kinds of entries in a foldTable beside plain runes; 0 drops the rune.
const (
	foldTableSize        = 0x2070
	foldString    uint32 = 1 << 31 // an index into strings
	foldSlow      uint32 = 1 << 30 // only the slow path knows
	foldAccent    uint32 = 1 << 29 // may join the letter before
	foldAlone     uint32 = 1 << 28 // itself, unless a sign stands before it
)

type foldTable struct {
	of      [foldTableSize]uint32
	strings []string
}

// foldings computes the fold of every single rune of the scripts in which
// folding looks at one rune at a time: Latin, Greek, Cyrillic, Armenian,
// Hebrew, Arabic and punctuation; of others, of the runes that normalisation
// never joins to what stands before them.
var foldings = sync.OnceValue(func() *foldTable {
	t := new(foldTable)
	for r := rune(utf8.RuneSelf); r < foldTableSize; r++ {
		if lone(r) {
			t.of[r] = foldAlone
			continue
		}
		if r == 0x0344 || 0x0700 <= r && r < 0x1E00 &&
			(0x1100 <= r && r <= 0x11FF || !norm.NFKC.PropertiesString(string(r)).BoundaryBefore()) {
			t.of[r] = foldSlow
			continue
		}
		if d := norm.NFKD.String(string(r)); d == "\u0301" || d == "\u0306" || d == "\u0308" {
			t.of[r] = foldAccent
			continue
		}
		f := string(appendFoldSlow(nil, string(r)))
		switch n := utf8.RuneCountInString(f); {
		case n == 0:
		case n > 1 && 0x0700 <= r && r < 0x1E00: // may end in a sign
			t.of[r] = foldSlow
		case n == 1:
			only, _ := utf8.DecodeRuneInString(f)
			t.of[r] = uint32(only)
		default:
			t.of[r] = foldString | uint32(len(t.strings))
			t.strings = append(t.strings, f)
		}
	}
	return t
})
