package format

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// marcField is a field of MARC 21: one of control has data, the others have
// indicators and subfields.
type marcField struct {
	tag        string
	data       string
	ind1, ind2 byte
	sub        []marcSub
}

type marcSub struct {
	code  byte
	value string
}

// The signs of ISO 2709.
const (
	marcRecordEnd = 0x1d
	marcFieldEnd  = 0x1e
	marcSubSign   = 0x1f
	marcLeader    = 24
)

// MARC reads MARC 21 as ISO 2709 records, in UTF-8 or MARC-8. A damaged record
// is a Problem, numbered by its place in the file, and the reading goes on
// behind the next end of a record.
func MARC(r io.Reader) Drafts {
	return func(yield func(Draft, error) bool) {
		in := newPeeker(r)
		start := 0 // of the record in the file
		for number := 1; ; number++ {
			raw, size, err := marcRecord(in)
			begins := start + size - len(raw)
			start += size
			if errors.Is(err, io.EOF) && len(bytes.TrimSpace(raw)) == 0 {
				return
			}
			switch {
			case errors.Is(err, io.EOF):
				yield(Draft{}, &Problem{number, "the last record is cut off: it was not read"})
				return
			case errors.Is(err, errLong):
				if !yield(Draft{}, &Problem{number, "the record is larger than 4 MiB: it was not read"}) {
					return
				}
				continue
			case err != nil:
				yield(Draft{}, fmt.Errorf("read record %d: %w", number, err))
				return
			}
			fields, leader, err := marcFields(raw)
			if err != nil {
				text := "the MARC record is damaged: " + err.Error()
				if bad, ok := errors.AsType[*marc8Error](err); ok {
					text = fmt.Sprintf("the MARC record is in MARC-8 and cannot be decoded at byte %d of the file: %s; have it mended or converted to UTF-8, for example by MarcEdit or yaz-marcdump", begins+bad.at, bad.text)
				}
				if !yield(Draft{}, &Problem{number, text}) {
					return
				}
				continue
			}
			if !yield(marcDraft(number, leader, fields), nil) {
				return
			}
		}
	}
}

var errLong = errors.New("too long")

// marcRecord reads up to the end of a record and tells how many bytes that was;
// of one that is too long it keeps nothing.
func marcRecord(in peeker) (raw []byte, size int, err error) {
	long := false
	for {
		part, err := in.ReadSlice(marcRecordEnd)
		size += len(part)
		if !long {
			raw = append(raw, part...)
		}
		if len(raw) > maxLine {
			raw, long = nil, true
		}
		if err == nil && long {
			return nil, size, errLong
		}
		if err == nil {
			return bytes.TrimLeft(raw, "\r\n \x00"), size, nil
		}
		if err.Error() != "bufio: buffer full" {
			return raw, size, err
		}
	}
}

// marcFields reads a record by its directory.
func marcFields(raw []byte) (fields []marcField, leader string, err error) {
	if len(raw) < marcLeader+2 {
		return nil, "", errors.New("it is too short")
	}
	leader = string(raw[:marcLeader])
	base, err := strconv.Atoi(leader[12:17])
	if err != nil || base <= marcLeader || base > len(raw) {
		return nil, "", errors.New("its leader does not say where the fields begin")
	}
	old := leader[9] != 'a' && inMARC8(raw[base:])
	if !old && !utf8.Valid(raw[base:]) {
		return nil, "", errors.New("it says that it is in UTF-8 and is not")
	}
	for directory := raw[marcLeader : base-1]; len(directory) >= 12; directory = directory[12:] {
		length, err1 := strconv.Atoi(string(directory[3:7]))
		start, err2 := strconv.Atoi(string(directory[7:12]))
		if err1 != nil || err2 != nil || start < 0 || length < 1 || base+start+length > len(raw) {
			return nil, "", fmt.Errorf("its directory points out of it at field %q", directory[:3])
		}
		data := bytes.TrimRight(raw[base+start:base+start+length], "\x1e\x1d")
		text := string(data)
		if old {
			if text, err = decodeMARC8(data); err != nil {
				if bad, ok := errors.AsType[*marc8Error](err); ok {
					bad.at += base + start
				}
				return nil, "", err
			}
		}
		fields = append(fields, marcFieldOf(string(directory[:3]), text))
	}
	return fields, leader, nil
}

func marcFieldOf(tag, data string) marcField {
	f := marcField{tag: tag, ind1: ' ', ind2: ' '}
	if tag < "010" {
		f.data = data
		return f
	}
	parts := strings.Split(data, string(rune(marcSubSign)))
	if len(parts[0]) >= 2 {
		f.ind1, f.ind2 = parts[0][0], parts[0][1]
	}
	for _, p := range parts[1:] {
		if p != "" {
			f.sub = append(f.sub, marcSub{p[0], p[1:]})
		}
	}
	return f
}

// isMARC tells ISO 2709 by the leader of the first record.
func isMARC(head []byte) bool {
	head = bytes.TrimLeft(head, "\r\n \x00")
	if len(head) < marcLeader+12 || bytes.IndexByte(head, marcFieldEnd) < 0 {
		return false
	}
	_, err1 := strconv.Atoi(string(head[:5]))
	_, err2 := strconv.Atoi(string(head[12:17]))
	return err1 == nil && err2 == nil && string(head[20:22]) == "45"
}

// nsMARC is the name space of MARCXML.
const nsMARC = "http://www.loc.gov/MARC21/slim"

// MARCXML reads MARC 21 records in XML, wherever they stand in a source.
func MARCXML(r io.Reader) Drafts {
	return func(yield func(Draft, error) bool) {
		wanted := func(n xml.Name) bool { return n.Local == "record" && (n.Space == nsMARC || n.Space == "marc") }
		elements(r, wanted, func(e *element, err error) bool {
			if err != nil {
				return yield(Draft{}, err)
			}
			var fields []marcField
			for _, c := range e.children {
				f := marcField{tag: c.attr["tag"], ind1: ' ', ind2: ' '}
				switch c.name.Local {
				case "controlfield":
					f.data = c.text
				case "datafield":
					if s := c.attr["ind1"]; s != "" {
						f.ind1 = s[0]
					}
					if s := c.attr["ind2"]; s != "" {
						f.ind2 = s[0]
					}
					for _, s := range c.named("subfield") {
						if code := s.attr["code"]; code != "" {
							f.sub = append(f.sub, marcSub{code[0], s.text})
						}
					}
				default:
					continue
				}
				fields = append(fields, f)
			}
			return yield(marcDraft(e.line, e.first("leader"), fields), nil)
		})
	}
}

// isMARCXML tells MARC 21 in XML.
func isMARCXML(head []byte) bool { return isXML(head) && bytes.Contains(head, []byte(nsMARC)) }

// WriteMARC writes MARC 21 as ISO 2709 in UTF-8. It cannot hold: titles and
// abstracts in languages other than the record's first but as they are, topics
// apart from keywords, regions apart from countries, relations, withdrawals,
// and identifiers of schemes without a source code of MARC but under their names.
func WriteMARC(w io.Writer) Writer { return &marcWriter{w} }

type marcWriter struct{ w io.Writer }

// Write writes one record.
func (m *marcWriter) Write(d Draft) error {
	var directory, data bytes.Buffer
	for _, f := range marcOf(d) {
		start := data.Len()
		if f.tag < "010" {
			data.WriteString(f.data)
		} else {
			data.Write([]byte{f.ind1, f.ind2})
			for _, s := range f.sub {
				data.Write([]byte{marcSubSign, s.code})
				data.WriteString(marcClean.Replace(s.value))
			}
		}
		data.WriteByte(marcFieldEnd)
		if data.Len()-start > 9999 || data.Len() > 99_000 {
			data.Truncate(start) // no field is longer: the text stays in the library
			continue
		}
		fmt.Fprintf(&directory, "%s%04d%05d", f.tag, data.Len()-start, start)
	}
	directory.WriteByte(marcFieldEnd)
	base := marcLeader + directory.Len()
	length := base + data.Len() + 1
	if length > 99_999 {
		return fmt.Errorf("write MARC: the record %q is longer than 99,999 bytes", d.Key)
	}
	record := fmt.Sprintf("%05dnam a22%05d   4500", length, base) + directory.String() + data.String() + string(rune(marcRecordEnd))
	if _, err := io.WriteString(m.w, record); err != nil {
		return fmt.Errorf("write MARC: %w", err)
	}
	return nil
}

// Close does nothing: each record stands by itself.
func (m *marcWriter) Close() error { return nil }

// marcClean takes out the signs by which records are cut.
var marcClean = strings.NewReplacer("\x1d", " ", "\x1e", " ", "\x1f", " ")

// WriteMARCXML writes a collection of records in MARCXML; see WriteMARC for what
// it cannot hold.
func WriteMARCXML(w io.Writer) Writer {
	return &xmlWriter{w: w, open: `<collection xmlns="` + nsMARC + `">`, shut: `</collection>`, marshal: MarshalMARCXML}
}

// MarshalMARCXML gives one record as an element of MARCXML.
func MarshalMARCXML(d Draft) ([]byte, error) {
	b := bytes.NewBufferString(`<record xmlns="` + nsMARC + `"><leader>     nam a22     uu 4500</leader>`)
	for _, f := range marcOf(d) {
		if f.tag < "010" {
			fmt.Fprintf(b, `<controlfield tag="%s">%s</controlfield>`, f.tag, escape(f.data))
			continue
		}
		fmt.Fprintf(b, `<datafield tag="%s" ind1="%c" ind2="%c">`, f.tag, f.ind1, f.ind2)
		for _, s := range f.sub {
			fmt.Fprintf(b, `<subfield code="%c">%s</subfield>`, s.code, escape(s.value))
		}
		b.WriteString(`</datafield>`)
	}
	b.WriteString(`</record>`)
	return b.Bytes(), nil
}
