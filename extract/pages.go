package extract

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"

	"waymark/library"
)

// PagesName is the name under which the text of a document is kept beside it.
const PagesName = "pages.zip"

// CoverName is the name under which a cover of a scale is kept.
func CoverName(scale int) string { return fmt.Sprintf("cover-%dx.png", scale) }

// PackPages gives the text of a document as it is kept: a ZIP archive with one
// file a page, so that one page is read without the others and any program can
// read them all.
func PackPages(pages []Page) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range pages {
		w, err := z.Create(fmt.Sprintf("%05d.txt", p.Number))
		if err == nil {
			_, err = io.WriteString(w, p.Text)
		}
		if err != nil {
			return nil, fmt.Errorf("pack page %d: %w", p.Number, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack %d pages: %w", len(pages), err)
	}
	return out.Bytes(), nil
}

// Pages is the text of a document as PackPages has packed it.
type Pages struct{ archive *zip.Reader }

// OpenPages opens packed pages.
func OpenPages(r io.ReaderAt, size int64) (*Pages, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("open the pages of a document: %w", err)
	}
	return &Pages{z}, nil
}

// All gives every page that has text, in order.
func (p *Pages) All() ([]Page, error) {
	pages := make([]Page, 0, len(p.archive.File))
	for _, f := range p.archive.File {
		var number int
		if _, err := fmt.Sscanf(f.Name, "%d.txt", &number); err != nil {
			return nil, fmt.Errorf("the page %q has no number", f.Name)
		}
		text, err := p.text(f.Name)
		if err != nil {
			return nil, err
		}
		pages = append(pages, Page{number, text})
	}
	return pages, nil
}

// Page gives one page. It answers NotFound when that page has no text.
func (p *Pages) Page(number int) (Page, error) {
	text, err := p.text(fmt.Sprintf("%05d.txt", number))
	if errors.Is(err, fs.ErrNotExist) {
		return Page{}, library.Errorf(library.NotFound, "page %s has no text", strconv.Itoa(number))
	}
	return Page{number, text}, err
}

func (p *Pages) text(name string) (string, error) {
	f, err := p.archive.Open(name)
	if err != nil {
		return "", fmt.Errorf("read the page %s: %w", name, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxText))
	if err != nil {
		return "", fmt.Errorf("read the page %s: %w", name, err)
	}
	return string(text), nil
}
