package format

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// element is a part of an XML record as a tree.
type element struct {
	name     xml.Name
	line     int
	attr     map[string]string // by local name
	text     string            // all text within, children's too
	children []*element
}

const (
	maxDepth  = 64       // of elements within each other
	maxParts  = 200_000  // elements of a record
	maxCopied = 64 << 20 // bytes of text that the elements of a record hold for each other
)

// named gives the children with a local name.
func (e *element) named(local string) (list []*element) {
	for _, c := range e.children {
		if c.name.Local == local {
			list = append(list, c)
		}
	}
	return list
}

// first gives the trimmed text of the first descendant along a path of local
// names, "" when there is none.
func (e *element) first(path ...string) string {
	if len(path) == 0 {
		return squeeze(e.text)
	}
	for _, c := range e.named(path[0]) {
		if s := c.first(path[1:]...); s != "" {
			return s
		}
	}
	return ""
}

// squeeze writes any white space as one space.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// elements reads an XML source and gives each element that is one of those
// wanted, wherever it stands. A document type, with which entities come in, is
// refused; so is an element that is larger than 4 MiB or too deep. A tag, text
// or comment that is larger than maxItem ends the reading.
func elements(r io.Reader, wanted func(xml.Name) bool, give func(*element, error) bool) {
	in := &spared{r, maxItem}
	d := xml.NewDecoder(in)
	d.Strict = true
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // inUTF8 has seen to it
	fail := func(err error) {
		line, _ := d.InputPos()
		if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
			give(nil, &Problem{line, "the XML is damaged: " + syntax.Msg + "; what follows was not read"})
			return
		}
		if errors.Is(err, errItem) {
			give(nil, &Problem{line, fmt.Sprintf("the XML has a tag, text or comment larger than %d MiB; what follows was not read", maxItem>>20)})
			return
		}
		give(nil, fmt.Errorf("read the source near line %d: %w", line, err))
	}
	for {
		in.spare = maxItem
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			fail(err)
			return
		}
		switch t := token.(type) {
		case xml.Directive:
			line, _ := d.InputPos()
			give(nil, &Problem{line, "the file has a document type, which may bring in what is not in it: remove the <!DOCTYPE …> and import again"})
			return
		case xml.StartElement:
			if !wanted(t.Name) {
				continue
			}
			e, err := grow(d, in, t)
			if err != nil {
				fail(err)
				return
			}
			if e == nil {
				line, _ := d.InputPos()
				if !give(nil, &Problem{line, "the record is larger than 4 MiB or too deeply nested: it was not read"}) {
					return
				}
				continue
			}
			if !give(e, nil) {
				return
			}
		}
	}
}

// grow reads an element to its end; nil for one that is too large, of which no
// more is kept.
func grow(d *xml.Decoder, in *spared, start xml.StartElement) (*element, error) {
	line, _ := d.InputPos()
	begun := d.InputOffset()
	sprout := func(t xml.StartElement) *element {
		e := &element{name: t.Name}
		if e.line, _ = d.InputPos(); len(t.Attr) > 0 {
			e.attr = make(map[string]string, len(t.Attr))
		}
		for _, a := range t.Attr {
			e.attr[a.Name.Local] = a.Value
		}
		return e
	}
	root := sprout(start)
	root.line = line
	path, depth, large := []*element{root}, 1, false
	texts, grown, copied := [][]byte{nil}, 1, 0 // texts of the path
	for depth > 0 {
		in.spare = maxItem
		token, err := d.Token()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		large = large || d.InputOffset()-begun > maxLine || depth > maxDepth || grown > maxParts || copied > maxCopied
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; !large {
				e := sprout(t)
				grown++
				texts = append(texts, nil)
				parent := path[len(path)-1]
				parent.children = append(parent.children, e)
				path = append(path, e)
			}
		case xml.EndElement:
			if depth--; !large && depth > 0 {
				child, text := path[len(path)-1], string(texts[len(path)-1])
				child.text = text
				path = path[:len(path)-1]
				texts = texts[:len(path)]
				texts[len(path)-1] = append(append(texts[len(path)-1], text...), ' ')
				copied += len(text)
			}
		case xml.CharData:
			if !large {
				texts[len(path)-1] = append(texts[len(path)-1], t...)
			}
		}
	}
	if large {
		return nil, nil
	}
	root.text = string(texts[0])
	return root, nil
}
