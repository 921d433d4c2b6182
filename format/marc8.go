package format

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// marc8Packed are the code tables of the Library of Congress; see generate.
//
//go:embed marc8.bin.gz
var marc8Packed []byte

// marc8Sign is a character of MARC-8. A mark stands before what it is over or under.
type marc8Sign struct {
	char rune
	mark bool
}

// The sets of MARC-8 by the final characters of their escape sequences.
const (
	marc8Latin    = 'B' // ASCII
	marc8Extended = 'E' // ANSEL; its escape sequence ends in "!E"
	marc8Asian    = '1' // EACC, three bytes a character
	escapeByte    = 0x1b
)

// marc8Tables gives the signs of each set by their codes in seven bits.
var marc8Tables = sync.OnceValues(func() (map[byte]map[uint32]marc8Sign, error) {
	packed, err := gzip.NewReader(bytes.NewReader(marc8Packed))
	if err != nil {
		return nil, fmt.Errorf("read the tables of MARC-8: %w", err)
	}
	plain, err := io.ReadAll(packed)
	if err != nil {
		return nil, fmt.Errorf("read the tables of MARC-8: %w", err)
	}
	in, tables := bytes.NewReader(plain), map[byte]map[uint32]marc8Sign{}
	for in.Len() > 0 {
		set, err1 := in.ReadByte()
		n, err2 := binary.ReadUvarint(in)
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("read the tables of MARC-8: %v, %v", err1, err2)
		}
		tables[set] = make(map[uint32]marc8Sign, n)
		code, char := uint64(0), int64(0)
		for range n {
			step, err1 := binary.ReadUvarint(in)
			change, err2 := binary.ReadVarint(in)
			if err1 != nil || err2 != nil {
				return nil, fmt.Errorf("read the tables of MARC-8: %v, %v", err1, err2)
			}
			code, char = code+step, char+change>>1
			tables[set][uint32(code)] = marc8Sign{rune(char), change&1 == 1}
		}
	}
	return tables, nil
})

// inMARC8 tells MARC-8 from UTF-8, in records that do not say that they are in
// UTF-8 and may be all the same: the marks of MARC-8 and what they stand over
// are no whole characters there.
func inMARC8(data []byte) bool {
	return bytes.IndexByte(data, escapeByte) >= 0 || !utf8.Valid(data)
}

// marc8Error says what cannot be decoded, at which byte.
type marc8Error struct {
	at   int
	text string
}

// Error implements error.
func (e *marc8Error) Error() string { return fmt.Sprintf("at byte %d: %s", e.at, e.text) }

// marc8 is the decoding of one field.
type marc8 struct {
	tables map[byte]map[uint32]marc8Sign
	g0, g1 byte   // the sets of bytes without and with the eighth bit
	out    []byte // in UTF-8
	marks  []rune // that wait for what they stand over
}

// decodeMARC8 gives the data of a field, from its indicators to its end, in
// Unicode normalised to NFC. Each subfield begins with the Latin sets, as the
// specification has it. The error is a *marc8Error.
func decodeMARC8(data []byte) (string, error) {
	tables, err := marc8Tables()
	if err != nil {
		return "", err
	}
	d := marc8{tables: tables, g0: marc8Latin, g1: marc8Extended}
	for i := 0; i < len(data); {
		n, text := d.next(data[i:])
		if text != "" {
			return "", &marc8Error{i, text}
		}
		i += n
	}
	return string(norm.NFC.Bytes(numbered(d.out))), nil
}

// next decodes what stands first and tells how many bytes that is, or what is
// wrong with it.
func (d *marc8) next(data []byte) (n int, wrong string) {
	c := data[0]
	switch {
	case c == escapeByte:
		return d.escape(data)
	case c < ' ':
		d.marks = d.marks[:0] // there is nothing that they stand over
		d.out = append(d.out, c)
		if c == marcSubSign {
			d.g0, d.g1 = marc8Latin, marc8Extended
			if len(data) > 1 && data[1] >= ' ' && data[1] < 0x7f { // the code is always Latin
				d.out = append(d.out, data[1])
				return 2, ""
			}
		}
		return 1, ""
	case c == ' ':
		d.put(' ')
		return 1, ""
	case c == 0x88, c == 0x89: // begin and end of what is not sorted by
		return 1, ""
	case c == 0x8d:
		d.put('\u200d')
		return 1, ""
	case c == 0x8e:
		d.put('\u200c')
		return 1, ""
	}
	return d.sign(data)
}

// sign decodes a character of the sets that are in force.
func (d *marc8) sign(data []byte) (n int, wrong string) {
	set, high := d.g0, data[0]&0x80
	if high != 0 {
		set = d.g1
	}
	n = 1
	if set == marc8Asian {
		n = 3
	}
	if len(data) < n {
		return 0, "the last character is cut off"
	}
	code := uint32(0)
	for _, c := range data[:n] {
		if c&0x80 != high {
			return 0, fmt.Sprintf("% x is no character of the East Asian set", data[:n])
		}
		code = code<<8 | uint32(c&0x7f)
	}
	if set == marc8Latin && code > ' ' && code < 0x7f {
		d.put(rune(code))
		return n, ""
	}
	s, ok := d.tables[set][code]
	switch {
	case !ok:
		return 0, fmt.Sprintf("% x is no character of the set %q", data[:n], rune(set))
	case s.mark:
		d.marks = append(d.marks, s.char)
	default:
		d.put(s.char)
	}
	return n, ""
}

// put writes a character with the marks that wait for it.
func (d *marc8) put(r rune) {
	d.out = utf8.AppendRune(d.out, r)
	for _, m := range d.marks {
		d.out = utf8.AppendRune(d.out, m)
	}
	d.marks = d.marks[:0]
}

// escape takes an escape sequence of ISO 2022 in the forms that MARC-8 has: a
// set for bytes without the eighth bit ("(", ","), with it (")", "-"), of
// several bytes ("$" before or instead of those), or one letter alone.
func (d *marc8) escape(data []byte) (n int, wrong string) {
	rest := data[1:]
	set := &d.g0
	switch {
	case bytes.HasPrefix(rest, []byte("s")):
		d.g0 = marc8Latin
		return 2, ""
	case len(rest) > 0 && bytes.IndexByte([]byte("gbp"), rest[0]) >= 0: // Greek signs, below, above the line
		d.g0 = rest[0]
		return 2, ""
	}
	several := bytes.HasPrefix(rest, []byte("$"))
	if several {
		rest = rest[1:]
	}
	switch {
	case len(rest) > 0 && (rest[0] == '(' || rest[0] == ','):
		rest = rest[1:]
	case len(rest) > 0 && (rest[0] == ')' || rest[0] == '-'):
		set, rest = &d.g1, rest[1:]
	case !several:
		return 0, "the escape sequence is not of MARC-8"
	}
	rest = bytes.TrimPrefix(rest, []byte("!"))
	if len(rest) == 0 {
		return 0, "the escape sequence is cut off"
	}
	final := rest[0]
	if _, known := d.tables[final]; !known && final != marc8Latin || several != (final == marc8Asian) {
		return 0, fmt.Sprintf("the escape sequence names the set %q, which MARC-8 does not have", rune(final))
	}
	*set = final
	return len(data) - len(rest) + 1, ""
}

var numberedForm = regexp.MustCompile(`&#x([0-9A-Fa-f]{4,6});`)

// numbered puts characters for the references by which MARC-8 holds those that
// its sets do not have.
func numbered(text []byte) []byte {
	if !bytes.Contains(text, []byte("&#x")) {
		return text
	}
	return numberedForm.ReplaceAllFunc(text, func(m []byte) []byte {
		n, err := strconv.ParseUint(string(m[3:len(m)-1]), 16, 32)
		if r := rune(n); err == nil && r >= 0xa0 && utf8.ValidRune(r) {
			return utf8.AppendRune(nil, r)
		}
		return m
	})
}
