package extract

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// The names of XMP (ISO 16684-1, 8.3 and 8.4; PRISM 3.0) that are read.
const (
	nsRDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsDC  = "http://purl.org/dc/elements/1.1/"
	nsXMP = "http://ns.adobe.com/xap/1.0/"
)

// maxXMP bounds a packet of XMP, and maxPackets those of a file, in which each
// picture may have its own.
const (
	maxXMP     = 1 << 20
	maxPackets = 200
)

var (
	packetBegin = []byte("<x:xmpmeta")
	packetEnd   = []byte("</x:xmpmeta>")
	catalogue   = regexp.MustCompile(`/Type\s*/Catalog\b`)
	metadataOf  = regexp.MustCompile(`/Metadata\s+(\d+)\s+(\d+)\s+R`)
)

// readXMP gives what a PDF says of itself in XMP: the packet that its catalogue
// names (ISO 32000-1, 14.3.2), where that is not compressed, else the last one
// that has a title. Packets are kept in the clear, so that
// they can be found without reading the file (ISO 16684-1, 7.3).
func readXMP(data []byte) Meta {
	if at := catalogue.FindIndex(data); at != nil {
		begin, end := bytes.LastIndex(data[:at[0]], []byte(" obj")), bytes.Index(data[at[0]:], []byte("endobj"))
		if m := metadataOf.FindSubmatch(data[max(begin, 0) : at[0]+max(end, 0)]); m != nil {
			object := data[max(bytes.LastIndex(data, fmt.Appendf(nil, "\n%s %s obj", m[1], m[2])), 0):]
			if packet := packetIn(object[:max(bytes.Index(object, []byte("endstream")), 0)]); packet != nil {
				return parseXMP(packet)
			}
		}
	}
	var last Meta
	for range maxPackets {
		packet := packetIn(data)
		if packet == nil {
			break
		}
		if m := parseXMP(packet); m.Title != "" {
			last = m
		}
		data = data[bytes.Index(data, packetBegin)+len(packet):]
	}
	return last
}

// packetIn gives the first whole packet of some bytes.
func packetIn(data []byte) []byte {
	at := bytes.Index(data, packetBegin)
	if at < 0 {
		return nil
	}
	data = data[at:min(len(data), at+maxXMP)]
	end := bytes.Index(data, packetEnd)
	if end < 0 {
		return nil
	}
	return data[:end+len(packetEnd)]
}

// parseXMP reads a packet: properties as elements, with their values in arrays
// or alone, or as attributes of their description.
func parseXMP(packet []byte) Meta {
	var m Meta
	var property xml.Name
	d := xml.NewDecoder(bytes.NewReader(packet))
	var text strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				return Meta{} // a broken packet says nothing
			}
			m.Title = telling(m.Title)
			return m
		}
		switch t := token.(type) {
		case xml.StartElement:
			text.Reset()
			if t.Name.Space == nsRDF {
				for _, a := range t.Attr {
					m.state(a.Name, a.Value)
				}
				continue
			}
			property = t.Name
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			m.state(property, text.String())
			text.Reset()
		}
	}
}

// state takes one value of a property; of titles and languages the first counts,
// which in XMP is the one that is meant for everybody.
func (m *Meta) state(property xml.Name, value string) {
	value = strings.Join(strings.Fields(value), " ")
	if value == "" || len(value) > maxTitle {
		return
	}
	prism := strings.Contains(property.Space, "/prism/") || strings.Contains(property.Space, "prismstandard.org")
	switch name := property.Local; {
	case property.Space == nsDC && name == "title" && m.Title == "":
		m.Title = value
	case property.Space == nsDC && name == "creator" && len(m.Authors) < maxAuthors:
		m.Authors = append(m.Authors, people(value)...)
	case property.Space == nsDC && name == "language" && m.Language == "" && value != "x-default":
		m.Language = value
	case property.Space == nsDC && name == "date", prism && name == "publicationDate":
		m.Date = isoDate(value)
	case property.Space == nsXMP && name == "CreateDate" && m.Date == "":
		m.Date = isoDate(value)
	case prism && (name == "doi" || name == "isbn"):
		m.Identifiers = append(m.Identifiers, name+":"+value)
	case property.Space == nsDC && name == "identifier" && len(m.Identifiers) < maxAuthors:
		m.Identifiers = append(m.Identifiers, value)
	}
}

// maxAuthors bounds the names that are taken from a file.
const maxAuthors = 100
