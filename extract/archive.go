package extract

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The limits of files that are archives: what is more is taken for a bomb.
const (
	maxEntries = 10_000
	maxEntry   = 64 << 20  // bytes of one entry, unpacked
	maxArchive = 256 << 20 // bytes of all that is read, unpacked
	maxRatio   = 200       // of an entry's size to its packed size, when it is over a megabyte
	maxDepth   = 256       // of elements within each other
)

// archive is an open ZIP file of which only so much is unpacked.
type archive struct {
	*zip.Reader
	read int64
}

func openArchive(src source) (*archive, error) {
	z, err := zip.NewReader(src, src.size)
	if err != nil {
		return nil, refuse("the file is damaged or cut off")
	}
	if len(z.File) > maxEntries {
		return nil, refuse(fmt.Sprintf("the file holds %d parts, and at most %d are read", len(z.File), maxEntries))
	}
	return &archive{Reader: z}, nil
}

// entry reads a part of the archive; nil when it is not there. Sizes are those
// that are met, not those that the archive declares.
func (a *archive) entry(name string) ([]byte, error) {
	for _, f := range a.File {
		if f.Name != name {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, refuse("the file is damaged: " + name + " cannot be unpacked")
		}
		defer r.Close()
		limit := int64(maxEntry)
		if packed := int64(f.CompressedSize64) * maxRatio; packed < limit {
			limit = max(packed, 1<<20)
		}
		data, err := io.ReadAll(io.LimitReader(r, limit+1))
		a.read += int64(len(data))
		switch {
		case int64(len(data)) > limit || a.read > maxArchive:
			return nil, refuse("the file unpacks to far more than it should: it may be made to do harm")
		case err != nil:
			return nil, refuse("the file is damaged: " + name + " cannot be unpacked")
		}
		return data, nil
	}
	return nil, nil
}

// walk goes through the elements of an XML text: start and end are called for
// each, text for what stands in them. A document type, with which entities come
// in, and elements too deep within each other are refused.
func walk(data []byte, start func(e xml.StartElement), text func(string), end func(name string)) error {
	d := xml.NewDecoder(strings.NewReader(string(data)))
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) {
		return nil, errors.New("another encoding than UTF-8")
	}
	for depth := 0; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refuse("the file is damaged: " + err.Error())
		}
		switch t := token.(type) {
		case xml.Directive:
			return refuse("the file declares entities, which office files do not: it may be made to do harm")
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return refuse("the file has elements too deep within each other")
			}
			start(t)
		case xml.EndElement:
			depth--
			end(t.Name.Local)
		case xml.CharData:
			text(string(t))
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// pager cuts text without pages into runs, and gives them out as pages.
type pager struct {
	emit   func(Page) error
	b      strings.Builder
	number int
	size   int
	err    error
}

// run is how many bytes make a page where the format has none.
const run = 4000

func (p *pager) write(s string) {
	if p.size += len(s); p.size > maxText && p.err == nil {
		p.err = refuse("the file has more than 64 MB of text")
	}
	if p.err == nil {
		p.b.WriteString(s)
	}
}

// paragraph ends a paragraph, and a page that is full.
func (p *pager) paragraph() {
	if p.b.Len() > 0 && !strings.HasSuffix(p.b.String(), "\n") {
		p.write("\n")
	}
	if p.b.Len() > run {
		p.page()
	}
}

// page ends a page that has text.
func (p *pager) page() {
	if strings.TrimSpace(p.b.String()) == "" {
		p.b.Reset()
		return
	}
	p.number++
	if p.number > maxPages && p.err == nil {
		p.err = refuse(fmt.Sprintf("the file has more than %d pages", maxPages))
	}
	if p.err == nil {
		p.err = p.emit(Page{p.number, p.b.String()})
	}
	p.b.Reset()
}

func (p *pager) end() error {
	p.page()
	return p.err
}
