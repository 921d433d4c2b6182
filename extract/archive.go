package extract

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
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
	parts map[string]*zip.File
	read  int64
}

func openArchive(src source) (*archive, error) {
	z, err := zip.NewReader(src, src.size)
	if err != nil {
		return nil, refuse("the file is damaged or cut off")
	}
	if len(z.File) > maxEntries {
		return nil, refuse(fmt.Sprintf("the file holds %d parts, and at most %d are read", len(z.File), maxEntries))
	}
	a := &archive{parts: make(map[string]*zip.File, len(z.File))}
	for _, f := range z.File {
		if a.parts[f.Name] == nil {
			a.parts[f.Name] = f
		}
	}
	return a, nil
}

// entry reads a part of the archive; nil when it is not there. Sizes are those
// that are met, not those that the archive declares.
func (a *archive) entry(name string) ([]byte, error) {
	f := a.parts[name]
	if f == nil {
		return nil, nil
	}
	if f.Flags&1 != 0 {
		return nil, refuse(protected)
	}
	r, err := f.Open()
	if err != nil {
		return nil, refuse("the file is damaged: " + name + " cannot be unpacked")
	}
	defer r.Close()
	limit := int64(maxEntry)
	if f.CompressedSize64 < maxEntry/maxRatio {
		limit = max(int64(f.CompressedSize64)*maxRatio, 1<<20)
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

// protected is why an encrypted file is refused.
const protected = "the file is protected by a password: save it without one"

// content reads a part that a file cannot do without.
func (a *archive) content(name string) ([]byte, error) {
	data, err := a.entry(name)
	if err == nil && data == nil {
		err = refuse("the file is damaged: its content is missing")
	}
	return data, err
}

// unread are elements whose content is no text of the document: what another
// program would show instead, how a word sounds, what was deleted, and where
// the tab stops of a paragraph are.
var unread = []string{"Fallback", "rPh", "tracked-changes", "tabs"}

// walk goes through the elements of an XML text: start and end are called for
// each, text for what stands in them. A document type, with which entities come
// in, and elements too deep within each other are refused; those unread are
// passed over.
func walk(data []byte, start func(e xml.StartElement), text func(string), end func(name string)) error {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(string, io.Reader) (io.Reader, error) {
		return nil, errors.New("another encoding than UTF-8")
	}
	for depth, skipped := 0, 0; ; { // skipped is the depth at which an unread element began
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
			if skipped == 0 && slices.Contains(unread, t.Name.Local) {
				skipped = depth
			}
			if skipped == 0 {
				start(t)
			}
		case xml.EndElement:
			if skipped == 0 {
				end(t.Name.Local)
			}
			if depth == skipped {
				skipped = 0
			}
			depth--
		case xml.CharData:
			if skipped == 0 {
				text(string(t))
			}
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

// space parts two words, unless something does already.
func (p *pager) space() {
	if s := p.b.String(); s != "" && !strings.ContainsRune(" \n\t", rune(s[len(s)-1])) {
		p.write(" ")
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

// page ends a page that has text; one without paragraphs may become several.
func (p *pager) page() {
	text := p.b.String()
	p.b.Reset()
	for len(text) > 2*run {
		end := strings.LastIndexAny(text[:2*run], " \n\t") + 1
		if end == 0 { // a writing without spaces
			for end = 2 * run; end > 2*run-utf8.UTFMax && !utf8.RuneStart(text[end]); end-- {
			}
		}
		p.give(text[:end])
		text = text[end:]
	}
	p.give(text)
}

// give gives out a page that has text.
func (p *pager) give(text string) {
	if strings.TrimSpace(text) != "" {
		p.next(text)
	}
}

// next gives out a page, even one without text.
func (p *pager) next(text string) {
	p.number++
	if p.number > maxPages && p.err == nil {
		p.err = refuse(fmt.Sprintf("the file has more than %d pages", maxPages))
	}
	if p.err == nil {
		p.err = p.emit(Page{p.number, text})
	}
}

func (p *pager) end() error {
	p.page()
	return p.err
}
