package evidence

import (
	"bytes"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// Repairs counts what was put right or left out while a file was read.
type Repairs struct {
	Surrogates int // halves of characters written as three bytes each (CESU-8), joined
	Controls   int // control characters that JSON forbids, taken out
	Broken     int // bytes that are no UTF-8, replaced
	Passages   int // copied from publications, dropped
	Names      int // of persons and files, dropped
	Headings   int // codes on headings: kept, but counted in no cell
	Unknown    int // codes that no code set of the file holds: kept under a tree of their own
}

// repair makes text of JSON that the field's programs write: CESU-8 becomes
// UTF-8, and raw control characters within strings go. It changes nothing else.
func repair(raw []byte, r *Repairs) []byte {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	out := make([]byte, 0, len(raw))
	quoted, escaped := false, false
	for i := 0; i < len(raw); {
		c := raw[i]
		if c < utf8.RuneSelf {
			switch {
			case c < 0x20 && quoted:
				r.Controls++
				i++
				escaped = false
				continue
			case c < 0x20 && c != '\n' && c != '\r' && c != '\t':
				r.Controls++
				i++
				continue
			}
			switch {
			case escaped:
				escaped = false
			case c == '\\':
				escaped = quoted
			case c == '"':
				quoted = !quoted
			}
			out = append(out, c)
			i++
			continue
		}
		escaped = false
		n, width := decode(raw[i:], r)
		out = utf8.AppendRune(out, n)
		i += width
	}
	return out
}

// decode reads one character, which may be a surrogate pair of six bytes.
func decode(raw []byte, r *Repairs) (rune, int) {
	if n, width := utf8.DecodeRune(raw); n != utf8.RuneError || width > 1 {
		return n, width
	}
	if high, ok := surrogate(raw); ok {
		if low, ok := surrogate(raw[3:]); ok {
			if n := utf16.DecodeRune(high, low); n != utf8.RuneError {
				r.Surrogates++
				return n, 6
			}
		}
		r.Broken++
		return utf8.RuneError, 3
	}
	r.Broken++
	return utf8.RuneError, 1
}

// surrogate reads half a character as CESU-8 writes it.
func surrogate(raw []byte) (rune, bool) {
	if len(raw) < 3 || raw[0] != 0xED || raw[1] < 0xA0 || raw[1] > 0xBF || raw[2]&0xC0 != 0x80 {
		return 0, false
	}
	return rune(raw[0]&0x0F)<<12 | rune(raw[1]&0x3F)<<6 | rune(raw[2]&0x3F), true
}

// Lines says in English what was done, one sentence a kind of repair.
func (r Repairs) Lines() (lines []string) {
	for _, l := range []struct {
		n    int
		text string
	}{
		{r.Surrogates, "characters written in two halves (CESU-8) were joined"},
		{r.Controls, "control characters that JSON forbids were taken out"},
		{r.Broken, "bytes that are no UTF-8 were replaced"},
		{r.Passages, "passages copied from publications were dropped; the page that they stood on was kept"},
		{r.Names, "names of persons and files were dropped"},
		{r.Headings, "codes on headings were kept and stand in no cell of the map"},
		{r.Unknown, "codes that no code set of the file holds were kept under a set of their own"},
	} {
		if l.n > 0 {
			lines = append(lines, fmt.Sprintf("%d %s.", l.n, l.text))
		}
	}
	return lines
}
