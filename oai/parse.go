package oai

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// parse reads an answer to ListRecords record by record, so that one that is
// too large or damaged loses only itself where that can be.
func parse(body []byte) (Page, error) {
	var page Page
	d := xml.NewDecoder(bytes.NewReader(body))
	known := false // that it is an answer of the protocol
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if !known {
				return page, noProtocol(body, errors.New("it is not OAI-PMH"))
			}
			return page, nil
		}
		if err != nil {
			return page, noProtocol(body, err)
		}
		if _, dtd := token.(xml.Directive); dtd && !known {
			return page, noProtocol(body, errors.New("it has a document type"))
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		known = known || start.Name.Local == "OAI-PMH"
		if !known {
			return page, noProtocol(body, fmt.Errorf("it begins with <%s>", start.Name.Local))
		}
		if err := page.take(d, start, body); err != nil {
			return page, err
		}
	}
}

// take reads one element of an answer.
func (p *Page) take(d *xml.Decoder, start xml.StartElement, body []byte) error {
	switch start.Name.Local {
	case "OAI-PMH", "ListRecords":
		p.scope = p.scope.with(start)
	case "responseDate":
		return text(d, start, &p.Date, body)
	case "resumptionToken":
		return text(d, start, &p.Token, body)
	case "error":
		var f fault
		if err := d.DecodeElement(&f, &start); err != nil {
			return noProtocol(body, err)
		}
		return f.error()
	case "record":
		r, err := record(d, body, p.scope.with(start))
		if err != nil {
			return noProtocol(body, err)
		}
		p.Records = append(p.Records, r)
	}
	return nil
}

func text(d *xml.Decoder, start xml.StartElement, to *string, body []byte) error {
	if err := d.DecodeElement(to, &start); err != nil {
		return noProtocol(body, err)
	}
	*to = strings.TrimSpace(*to)
	return nil
}

// scope holds the declarations of namespaces by prefix; that without one has "".
type scope map[string]string

// with gives the scope within an element.
func (s scope) with(e xml.StartElement) scope {
	inner := maps.Clone(s)
	if inner == nil {
		inner = scope{}
	}
	for _, a := range e.Attr {
		switch {
		case a.Name.Space == "xmlns":
			inner[a.Name.Local] = a.Value
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			inner[""] = a.Value
		}
	}
	return inner
}

// wrap puts XML into an element that declares the scope.
func (s scope) wrap(inner []byte) []byte {
	var b bytes.Buffer
	b.WriteString("<metadata")
	for _, prefix := range slices.Sorted(maps.Keys(s)) {
		name := "xmlns"
		if prefix != "" {
			name += ":" + prefix
		}
		b.WriteString(" " + name + `="`)
		_ = xml.EscapeText(&b, []byte(s[prefix])) // a Buffer takes all
		b.WriteString(`"`)
	}
	b.WriteString(">")
	b.Write(inner)
	b.WriteString("</metadata>")
	return b.Bytes()
}

// record reads a record to its end.
func record(d *xml.Decoder, body []byte, around scope) (Record, error) {
	var r Record
	for {
		token, err := d.Token()
		if err != nil {
			return r, err
		}
		switch t := token.(type) {
		case xml.EndElement:
			if !r.Deleted && r.Metadata == nil && r.Problem == "" {
				r.Problem = "the record has no metadata"
			}
			return r, nil
		case xml.StartElement:
			switch t.Name.Local {
			case "header":
				var h struct {
					Status     string   `xml:"status,attr"`
					Identifier string   `xml:"identifier"`
					Datestamp  string   `xml:"datestamp"`
					Sets       []string `xml:"setSpec"`
				}
				if err := d.DecodeElement(&h, &t); err != nil {
					return r, err
				}
				r.Identifier, r.Datestamp, r.Sets = strings.TrimSpace(h.Identifier), strings.TrimSpace(h.Datestamp), h.Sets
				r.Deleted = h.Status == "deleted"
			case "metadata":
				from := d.InputOffset()
				if err := d.Skip(); err != nil {
					return r, err
				}
				inner := body[from:d.InputOffset()]
				inner = bytes.TrimSpace(inner[:bytes.LastIndexByte(inner, '<')])
				if len(inner) > maxRecord {
					r.Problem = fmt.Sprintf("the record has %d bytes and at most %d are taken", len(inner), maxRecord)
				} else if len(inner) > 0 {
					r.Metadata = around.with(t).wrap(inner)
				}
			default:
				if err := d.Skip(); err != nil {
					return r, err
				}
			}
		}
	}
}
