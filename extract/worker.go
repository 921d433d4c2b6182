package extract

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"net/http"
	"os"
	"strings"

	// The pictures that have a cover.
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
)

// request asks a worker to read the file of Size bytes that follows it.
type request struct {
	Name  string `json:"name"`
	Size  int64  `json:"size"`
	Pages int    `json:"pages"` // at most; 0 for all
	Cover bool   `json:"cover"`
	Draw  bool   `json:"draw"` // pictures of pages without text
}

// answer is one line of what a worker says of a file; the last has Done.
type answer struct {
	Page    *Page   `json:"page,omitempty"`
	Covers  []Cover `json:"covers,omitempty"`
	Drawn   *drawn  `json:"drawn,omitempty"`
	Type    string  `json:"type,omitempty"`
	Meta    *Meta   `json:"meta,omitempty"`
	Count   int     `json:"count,omitempty"`
	Refused string  `json:"refused,omitempty"`
	Locked  bool    `json:"locked,omitempty"`
	Done    bool    `json:"done,omitempty"`
}

// drawn is a page without text as a picture in shades of grey.
type drawn struct {
	Page int    `json:"page"`
	PNG  []byte `json:"png"`
}

// Work is the worker process: it reads files from in until it ends, and answers
// in lines of JSON. The compiled PDF engine is kept in the folder cache. Before
// the first file is read it gives up every right it does not need.
func Work(cache string, in io.Reader, out io.Writer) error {
	engine, err := newPDFEngine(cache)
	if err != nil {
		return err
	}
	if err := confine(); err != nil {
		return fmt.Errorf("confine the reading of documents: %w", err)
	}
	lines := bufio.NewReaderSize(untilEnd(in), 1<<16)
	w := worker{engine: engine, out: json.NewEncoder(out)}
	if err := w.out.Encode(answer{Done: true}); err != nil { // ready
		return err
	}
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		var req request
		if err == nil {
			err = json.Unmarshal(line, &req)
		}
		if err != nil || req.Size < 0 || req.Size > MaxFile {
			return fmt.Errorf("read a request: %w", err)
		}
		data := make([]byte, req.Size)
		if _, err := io.ReadFull(lines, data); err != nil {
			return fmt.Errorf("read the file %s: %w", req.Name, err)
		}
		if err := w.answer(req, data); err != nil {
			return err
		}
	}
}

// untilEnd reads ahead, so that a worker whose parent has died ends while it
// still reads a file.
func untilEnd(in io.Reader) io.Reader {
	r, w := io.Pipe()
	go func() {
		_, err := io.Copy(w, in)
		w.CloseWithError(err)
		if err == nil {
			os.Exit(0)
		}
		os.Exit(1)
	}()
	return r
}

type worker struct {
	engine *pdfEngine
	out    *json.Encoder
}

// answer reads one file. What is wrong with the file is part of the answer.
func (w *worker) answer(req request, data []byte) error {
	last := answer{Done: true}
	meta, count, kind, err := w.read(req, data)
	last.Meta, last.Count, last.Type = &meta, count, kind
	if refused, ok := errors.AsType[*Refused](err); ok {
		last.Refused, last.Locked = refused.Reason, refused == errLocked
	} else if err != nil {
		return err
	}
	return w.out.Encode(last)
}

func (w *worker) read(req request, data []byte) (meta Meta, count int, kind string, err error) {
	defer func() {
		if p := recover(); p != nil { // a fault of a reader is the file's, not the library's
			err = refuse(fmt.Sprintf("the file cannot be read: %v", p))
		}
	}()
	src := source{bytes.NewReader(data), int64(len(data))}
	kind = sniff(req.Name, data)
	want := w.wanted(req)
	if kind == typePDF {
		meta, count, err = w.engine.read(data, want)
		return meta, count, kind, err
	}
	if strings.HasPrefix(kind, "image/") {
		return Meta{}, 0, kind, picture(data, want)
	}
	read := readers[kind]
	if read == nil {
		return Meta{}, 0, kind, refuse(fmt.Sprintf("files of type %s are not read", kind))
	}
	meta, err = read(src, func(p Page) error {
		count++
		if req.Pages > 0 && count > req.Pages {
			return nil
		}
		return want.emit(p)
	})
	return meta, count, kind, err
}

// wanted says what a request wants, and writes it out as it comes.
func (w *worker) wanted(req request) wanted {
	want := wanted{pages: req.Pages, emit: func(p Page) error { return w.out.Encode(answer{Page: &p}) }}
	if req.Cover {
		want.cover = func(img image.Image) error {
			drawn, err := covers(img)
			if err != nil || len(drawn) == 0 {
				return err
			}
			return w.out.Encode(answer{Covers: drawn})
		}
	}
	if req.Draw {
		want.draw = func(page int, img image.Image) error {
			data, err := inGrey(img)
			if err != nil {
				return err
			}
			return w.out.Encode(answer{Drawn: &drawn{page, data}})
		}
	}
	return want
}

// maxPixels bounds the pictures that are drawn.
const maxPixels = 40 << 20

// picture gives what is wanted of a file that is a picture.
func picture(data []byte, w wanted) error {
	size, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return refuse("the picture is damaged or of a kind that is not read: save it as PNG or JPEG")
	}
	if w.cover == nil && w.draw == nil || size.Width*size.Height > maxPixels {
		return nil
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return refuse("the picture is damaged")
	}
	if w.cover != nil {
		if err := w.cover(img); err != nil {
			return err
		}
	}
	if w.draw != nil {
		return w.draw(1, img)
	}
	return nil
}

// The media types that are told by more than their first bytes.
const (
	typePDF      = "application/pdf"
	typeDOCX     = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typePPTX     = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	typeXLSX     = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeODT      = "application/vnd.oasis.opendocument.text"
	typeODP      = "application/vnd.oasis.opendocument.presentation"
	typeODS      = "application/vnd.oasis.opendocument.spreadsheet"
	typeEPUB     = "application/epub+zip"
	typeHTML     = "text/html"
	typeMarkdown = "text/markdown"
	typeText     = "text/plain"
	typeOLE      = "application/x-ole-storage"
)

// readers read the formats that are not PDF and no pictures.
var readers = map[string]func(source, func(Page) error) (Meta, error){
	typeDOCX: readDOCX, typePPTX: readPPTX, typeXLSX: readXLSX,
	typeODT: readODT, typeODP: readODT, typeODS: readODT,
	typeEPUB: readEPUB, typeHTML: readHTML, typeMarkdown: readMarkdown, typeText: readText,
	typeOLE: func(source, func(Page) error) (Meta, error) {
		return Meta{}, refuse("the file is protected by a password or in an old binary format: save it as DOCX, XLSX, PPTX or PDF")
	},
}

// sniff gives the media type of a file by its content; the name only tells
// Markdown from plain text.
func sniff(name string, data []byte) string {
	head := data[:min(len(data), 1024)]
	switch {
	case bytes.Contains(head, []byte("%PDF-")):
		return typePDF
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return sniffZip(data)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return typeOLE
	}
	kind, _, _ := strings.Cut(http.DetectContentType(data), ";")
	if kind == "text/xml" && bytes.Contains(bytes.ToLower(head), []byte("<html")) {
		kind = typeHTML
	}
	if kind != typeText {
		return kind
	}
	switch low := strings.ToLower(name); {
	case strings.HasSuffix(low, ".md"), strings.HasSuffix(low, ".markdown"):
		return typeMarkdown
	case strings.HasSuffix(low, ".html"), strings.HasSuffix(low, ".htm"):
		return typeHTML
	}
	return kind
}

func sniffZip(data []byte) string {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "application/zip"
	}
	for _, f := range z.File {
		switch f.Name {
		case "word/document.xml":
			return typeDOCX
		case "ppt/presentation.xml":
			return typePPTX
		case "xl/workbook.xml":
			return typeXLSX
		case "mimetype":
			if r, err := f.Open(); err == nil {
				kind, _ := io.ReadAll(io.LimitReader(r, 128))
				r.Close()
				if k := strings.TrimSpace(string(kind)); readers[k] != nil {
					return k
				}
			}
		}
	}
	return "application/zip"
}
