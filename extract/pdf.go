package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const (
	// wasmPages bounds the memory of PDFium, in pages of 64 KiB: 256 MiB.
	wasmPages = 4096
	// maxPages bounds the pages of a document.
	maxPages = 20000
	// maxText bounds the text of a document, in bytes.
	maxText = 64 << 20
)

// pdfEngine is PDFium as WebAssembly: it has no files, no network, and the
// memory of its own sandbox only.
type pdfEngine struct {
	pool pdfium.Pool
	pdfium.Pdfium
}

// newPDFEngine makes the engine; the compiled module is kept in a folder, since
// compiling takes seconds.
func newPDFEngine(cache string) (*pdfEngine, error) {
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(wasmPages)
	if cache != "" {
		compiled, err := wazero.NewCompilationCacheWithDir(cache)
		if err != nil {
			return nil, fmt.Errorf("keep the compiled PDF engine in %s: %w", cache, err)
		}
		config = config.WithCompilationCache(compiled)
	}
	pool, err := webassembly.Init(webassembly.Config{
		MaxTotal: 1, MaxIdle: 1, MinIdle: 1, ReuseWorkers: true, Context: context.Background(),
		FSConfig:      wazero.NewFSConfig(), // without it the sandbox would see every file of the machine
		RuntimeConfig: config, Stdout: io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		return nil, fmt.Errorf("start the PDF engine: %w", err)
	}
	instance, err := pool.GetInstance(time.Minute)
	if err != nil {
		return nil, fmt.Errorf("start the PDF engine: %w", err)
	}
	return &pdfEngine{pool, instance}, nil
}

// wanted says what is to be read of a file, and takes it.
type wanted struct {
	pages int                          // at most; 0 for all
	cover func(image.Image) error      // the first page as a picture; nil where none is wanted
	draw  func(int, image.Image) error // a page without text, by its number from 1, as a picture to be read; nil where none is wanted
	emit  func(Page) error
}

// read gives what is wanted of a PDF. It answers the number of all pages.
func (e *pdfEngine) read(data []byte, w wanted) (Meta, int, error) {
	doc, err := e.open(data)
	if err != nil {
		return readXMP(data), 0, err
	}
	defer e.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: doc})
	counted, err := e.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
	if err != nil {
		return Meta{}, 0, pdfRefusal(err)
	}
	if counted.PageCount == 0 {
		return Meta{}, 0, refuse("the PDF has no pages: it may be cut off")
	}
	if counted.PageCount > maxPages {
		return Meta{}, 0, refuse(fmt.Sprintf("the PDF has %d pages, and at most %d are read", counted.PageCount, maxPages))
	}
	meta := readXMP(data).or(e.meta(doc))
	if w.cover != nil {
		if err := e.draw(doc, 0, 2*coverWidth, 4*coverWidth, w.cover); err != nil {
			return meta, counted.PageCount, err
		}
	}
	return meta, counted.PageCount, e.pages(doc, counted.PageCount, w)
}

// open opens a PDF; the caller closes it.
func (e *pdfEngine) open(data []byte) (references.FPDF_DOCUMENT, error) {
	opened, err := e.OpenDocument(&requests.OpenDocument{FileReader: bytes.NewReader(data), FileReaderSize: int64(len(data))})
	if err != nil {
		return "", pdfRefusal(err)
	}
	return opened.Document, nil
}

// pages gives the text of pages, of which there are so many, and pictures of
// those without.
func (e *pdfEngine) pages(doc references.FPDF_DOCUMENT, count int, w wanted) error {
	if w.pages > 0 {
		count = min(count, w.pages)
	}
	size := 0
	for i := range count {
		text, err := e.page(doc, i)
		if err != nil {
			continue // one page that cannot be read does not take the others away
		}
		if size += len(text); size > maxText {
			return refuse("the PDF has more than 64 MB of text")
		}
		if w.draw != nil && strings.TrimSpace(text) == "" {
			err = e.draw(doc, i, drawnWidth, drawnHeight, func(img image.Image) error { return w.draw(i+1, img) })
		} else {
			err = w.emit(Page{i + 1, text})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// drawnWidth and drawnHeight bound the picture of a page that is to be read, in
// pixels: 300 to the inch on A4, which is what recognition is trained on.
const drawnWidth, drawnHeight = 2480, 3508

// errLocked says that a PDF was encrypted for those who know its password.
var errLocked = refuse("the PDF opens only with a password: save it without one")

// pdfRefusal says in words what PDFium answered by a number.
func pdfRefusal(err error) error {
	switch {
	case errors.Is(err, pdferrors.ErrPassword), errors.Is(err, pdferrors.ErrSecurity):
		return errLocked
	case errors.Is(err, pdferrors.ErrFormat), errors.Is(err, pdferrors.ErrFile), errors.Is(err, pdferrors.ErrPage):
		return refuse("the PDF is damaged or cut off")
	}
	return refuse("the PDF cannot be read: " + err.Error())
}

func (e *pdfEngine) meta(doc references.FPDF_DOCUMENT) Meta {
	get := func(tag string) string {
		got, err := e.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: doc, Tag: tag})
		if err != nil {
			return ""
		}
		return strings.TrimSpace(strings.Trim(got.Value, "\x00"))
	}
	return Meta{Title: telling(get("Title")), Authors: people(get("Author")), Date: pdfDate(get("CreationDate"))}
}

// people parts a list of authors as programs write it.
func people(list string) []string {
	var names []string
	for _, name := range strings.FieldsFunc(list, func(r rune) bool { return r == ';' || r == '\n' }) {
		if name = strings.Join(strings.Fields(name), " "); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// pdfDate gives the day of a date as PDF writes it, D:YYYYMMDD… (ISO 32000-1, 7.9.4).
func pdfDate(s string) string {
	s = strings.TrimPrefix(s, "D:")
	for _, c := range []struct{ layout, as string }{{"20060102", "2006-01-02"}, {"200601", "2006-01"}, {"2006", "2006"}} {
		if len(s) >= len(c.layout) {
			if t, err := time.Parse(c.layout, s[:len(c.layout)]); err == nil {
				return t.Format(c.as)
			}
		}
	}
	return ""
}

// draw gives a page, by number from 0, as a picture that fits into a width and
// a height in pixels.
func (e *pdfEngine) draw(doc references.FPDF_DOCUMENT, number, width, height int, take func(image.Image) error) error {
	drawn, err := e.RenderPageInPixels(&requests.RenderPageInPixels{
		Page:  requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: number}},
		Width: width, Height: height,
	})
	if err != nil {
		return nil // a page that cannot be drawn may still be read
	}
	defer drawn.Cleanup()
	return take(drawn.Result.RenderedImage)
}

// page gives the text of a page, by number from 0.
func (e *pdfEngine) page(doc references.FPDF_DOCUMENT, number int) (string, error) {
	loaded, err := e.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: doc, Index: number})
	if err != nil {
		return "", err
	}
	defer e.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
	opened, err := e.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: requests.Page{ByReference: &loaded.Page}})
	if err != nil {
		return "", err
	}
	defer e.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: opened.TextPage})
	n, err := e.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: opened.TextPage})
	if err != nil || n.Count <= 0 {
		return "", err
	}
	got, err := e.FPDFText_GetText(&requests.FPDFText_GetText{TextPage: opened.TextPage, StartIndex: 0, Count: n.Count})
	if err != nil {
		return "", err
	}
	if !rightToLeft(got.Text) {
		return got.Text, nil
	}
	return e.rebuilt(opened.TextPage, n.Count)
}

// rebuilt gives the text of a page that is written from right to left by where
// its characters stand, since PDFium turns some words round.
func (e *pdfEngine) rebuilt(page references.FPDF_TEXTPAGE, count int) (string, error) {
	var out bytes.Buffer
	var line []glyph
	flush := func() {
		out.WriteString(visual(line))
		line = line[:0]
	}
	for i := range count {
		u, err := e.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: page, Index: i})
		if err != nil {
			return "", err
		}
		r := rune(u.Unicode)
		if r == '\r' || r == '\n' {
			if flush(); r == '\n' {
				out.WriteByte('\n')
			}
			continue
		}
		if unicode.IsSpace(r) {
			continue // where words end, their distance tells
		}
		box, err := e.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: page, Index: i})
		if err != nil {
			continue
		}
		line = append(line, glyph{r, i, len(line), float64(box.Rect.Left), float64(box.Rect.Right), math.Abs(float64(box.Rect.Top - box.Rect.Bottom))})
	}
	flush()
	return out.String(), nil
}
