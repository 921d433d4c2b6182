package format

import (
	"bufio"
	"bytes"
	"io"
	"regexp"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"waymark/analysis"
)

// inUTF8 gives a source in UTF-8 without a mark: one in UTF-16 by its mark or
// its zero bytes, one in another encoding by what it declares, else in a code
// page of Windows (1252 with Latin-1, 1251, 1256) by which of them makes it a
// language. Bytes that belong to no text, as in MARC, are left as they are.
func inUTF8(r *bufio.Reader) *bufio.Reader {
	head, _ := r.Peek(charsetSniff) // an error comes again on reading
	var e encoding.Encoding
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = r.Discard(3) // they were peeked at
		return r
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		e = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case len(head) > 3 && head[1] == 0 && head[3] == 0 && head[0] != 0:
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case len(head) > 3 && head[0] == 0 && head[2] == 0 && head[1] != 0:
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case validHead(head) || bytes.IndexByte(head, 0) >= 0 || bytes.IndexByte(head, 0x1e) >= 0:
		return r
	case declared(head) != nil:
		e = declared(head)
	case mostlyValid(head):
		return r
	default:
		e = codePage(head)
	}
	return bufio.NewReaderSize(transform.NewReader(io.Reader(r), e.NewDecoder()), maxLine)
}

// labelForm is the encoding that XML and web pages declare.
var labelForm = regexp.MustCompile(`(?i)^\s*<\?xml[^>]{0,200}\sencoding=["']([\w:.-]+)|<meta\s[^>]{0,200}charset=["']?([\w:.-]+)`)

// declared gives the encoding that a text declares, nil when it declares none
// that is known.
func declared(head []byte) encoding.Encoding {
	m := labelForm.FindSubmatch(head[:min(len(head), sniff)])
	if m == nil {
		return nil
	}
	e, err := htmlindex.Get(string(append(m[1], m[2]...)))
	if err != nil || e == unicode.UTF8 {
		return nil
	}
	return e
}

// charsetSniff is how much of a source is looked at.
const charsetSniff = 256 << 10

// validHead tells UTF-8 of which the last character may be cut.
func validHead(head []byte) bool {
	for range utf8.UTFMax {
		if utf8.Valid(head) {
			return true
		}
		if len(head) == 0 {
			return false
		}
		head = head[:len(head)-1]
	}
	return false
}

// mostlyValid tells UTF-8 with some damage from text in a code page: of the
// bytes beyond ASCII nearly all belong to whole characters, or there is but one.
func mostlyValid(head []byte) bool {
	whole, broken := 0, 0
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 {
			broken++
		} else if n > 1 {
			whole++
		}
		head = head[n:]
	}
	return whole > 4*broken || broken < 2
}

// codePage gives the code page in which a text makes the surest language, of
// the words that hold letters beyond ASCII.
func codePage(head []byte) encoding.Encoding {
	var telling []byte
	for word := range bytes.FieldsFuncSeq(head, func(r rune) bool { return r < 0x80 && (r < 'A' || r > 'z') }) {
		if bytes.IndexFunc(word, func(r rune) bool { return r >= 0x80 }) >= 0 {
			telling = append(append(telling, word...), ' ')
		}
	}
	best, surest := encoding.Encoding(charmap.Windows1252), 0.0
	for _, c := range []struct {
		page *charmap.Charmap
		lang []string
	}{{charmap.Windows1252, []string{"en", "fr", "es", "de", "pt", "it"}}, {charmap.Windows1251, []string{"ru", "uk", "bg", "be", "sr"}}, {charmap.Windows1256, []string{"ar", "fa", "ur"}}} {
		text, err := c.page.NewDecoder().Bytes(telling)
		if err != nil {
			continue
		}
		lang, sure := analysis.Detect(string(text))
		for _, l := range c.lang {
			if l == lang && sure > surest {
				best, surest = c.page, sure
			}
		}
	}
	return best
}
