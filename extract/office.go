package extract

import (
	"bytes"
	"encoding/xml"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// readDOCX reads the text of a word-processing document (ECMA-376, part 1, 17).
// Its pages are those that the last program to lay it out has noted.
func readDOCX(src source, emit func(Page) error) (Meta, error) {
	a, meta, err := openOffice(src, coreProperties)
	if err != nil {
		return meta, err
	}
	p := &pager{emit: emit}
	for _, part := range []string{"word/document.xml", "word/footnotes.xml", "word/endnotes.xml"} {
		read := a.entry
		if part == "word/document.xml" {
			read = a.content
		}
		data, err := read(part)
		if err != nil {
			return meta, err
		}
		in := false
		err = walk(data, func(e xml.StartElement) {
			switch e.Name.Local {
			case "t":
				in = true
			case "tab":
				p.write("\t")
			case "br", "cr":
				if attribute(e, "type") == "page" {
					p.page()
				} else {
					p.write("\n")
				}
			case "lastRenderedPageBreak":
				p.page()
			case "softHyphen":
				p.write("\u00ad")
			case "noBreakHyphen":
				p.write("-")
			}
		}, func(s string) {
			if in {
				p.write(s)
			}
		}, func(name string) {
			switch name {
			case "t":
				in = false
			case "p":
				p.paragraph()
			case "tc":
				p.write("\t")
			}
		})
		if err != nil {
			return meta, err
		}
	}
	return meta, p.end()
}

// coreProperties is the part in which a file of ECMA-376 says what it is (part 2, 11).
const coreProperties = "docProps/core.xml"

// openOffice opens an office file and reads what a part says of it.
func openOffice(src source, properties string) (*archive, Meta, error) {
	a, err := openArchive(src)
	if err != nil {
		return nil, Meta{}, err
	}
	meta, err := a.properties(properties)
	return a, meta, err
}

// properties reads the Dublin Core elements of a part.
func (a *archive) properties(part string) (m Meta, err error) {
	data, err := a.entry(part)
	if err != nil {
		return m, err
	}
	var b strings.Builder
	err = walk(data, func(xml.StartElement) { b.Reset() }, func(s string) { b.WriteString(s) }, func(name string) {
		text := strings.TrimSpace(b.String())
		b.Reset()
		switch {
		case text == "":
		case name == "title" && m.Title == "":
			m.Title = telling(text)
		case name == "creator" || name == "initial-creator" && len(m.Authors) == 0:
			for _, one := range people(text) {
				if !slices.Contains(m.Authors, one) {
					m.Authors = append(m.Authors, one)
				}
			}
		case (name == "created" || name == "creation-date" || name == "date") && m.Date == "":
			m.Date = isoDate(text)
		case name == "language" && m.Language == "":
			m.Language = text
		}
	})
	return m, err
}

// isoDate gives the day, month or year with which a date begins.
func isoDate(s string) string {
	return pdfDate(strings.ReplaceAll(s[:min(len(s), 10)], "-", ""))
}

// readODT reads a text, a presentation or a sheet of OpenDocument (ISO/IEC 26300).
func readODT(src source, emit func(Page) error) (Meta, error) {
	a, meta, err := openOffice(src, "meta.xml")
	if err != nil {
		return meta, err
	}
	manifest, err := a.entry("META-INF/manifest.xml")
	if err == nil && bytes.Contains(manifest, []byte("encryption-data")) {
		err = refuse(protected)
	}
	if err != nil {
		return meta, err
	}
	data, err := a.content("content.xml")
	if err != nil {
		return meta, err
	}
	r := odfReader{pager: pager{emit: emit}, sheet: strings.HasSuffix(a.kind(), "spreadsheet")}
	if err := walk(data, r.start, r.text, r.stop); err != nil {
		return meta, err
	}
	return meta, r.end()
}

// odfReader writes the text of OpenDocument content as pages.
type odfReader struct {
	pager
	sheet  bool // rows are lines and cells are parted by tabs
	in     int  // paragraphs around
	filled bool // the cell has text
}

func (r *odfReader) start(e xml.StartElement) {
	switch e.Name.Local {
	case "p", "h":
		if r.in++; r.sheet && r.filled {
			r.space()
		}
	case "s":
		n, _ := strconv.Atoi(attribute(e, "c"))
		r.write(strings.Repeat(" ", min(max(n, 1), 100)))
	case "tab":
		r.write("\t")
	case "line-break":
		r.write("\n")
	case "soft-page-break":
		r.page()
	}
}

func (r *odfReader) text(s string) {
	if r.in > 0 {
		r.write(s)
		r.filled = true
	}
}

func (r *odfReader) stop(name string) {
	switch name {
	case "p", "h":
		if r.in--; !r.sheet {
			r.paragraph()
		}
	case "table-cell":
		if r.sheet && r.filled {
			r.write("\t")
		}
		r.filled = false
	case "table-row":
		if r.sheet {
			r.paragraph()
		}
	case "page":
		r.page()
	case "table":
		if r.sheet {
			r.page()
		}
	}
}

// kind gives the media type that an OpenDocument file names.
func (a *archive) kind() string {
	data, err := a.entry("mimetype")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

// relations gives the targets of a part's relations by their IDs (ECMA-376,
// part 2, 9), as names of entries; those outside the file are passed over.
func (a *archive) relations(part string) (map[string]string, error) {
	data, err := a.entry(path.Join(path.Dir(part), "_rels", path.Base(part)+".rels"))
	if err != nil {
		return nil, err
	}
	to := map[string]string{}
	err = walk(data, func(e xml.StartElement) {
		if e.Name.Local != "Relationship" || attribute(e, "TargetMode") == "External" {
			return
		}
		target := attribute(e, "Target")
		if strings.HasPrefix(target, "/") {
			target = strings.TrimPrefix(path.Clean(target), "/")
		} else {
			target = path.Join(path.Dir(part), target)
		}
		to[attribute(e, "Id")] = target
	}, func(string) {}, func(string) {})
	return to, err
}

// readPPTX reads a presentation (ECMA-376, part 1, 19): a slide is a page, its
// notes stand behind it.
func readPPTX(src source, emit func(Page) error) (Meta, error) {
	a, meta, err := openOffice(src, coreProperties)
	if err != nil {
		return meta, err
	}
	order, err := a.listed("ppt/presentation.xml", "sldId")
	if err != nil {
		return meta, err
	}
	p := &pager{emit: emit}
	for _, slide := range order {
		text, err := a.drawn(slide)
		if err != nil {
			return meta, err
		}
		more, err := a.relations(slide)
		if err != nil {
			return meta, err
		}
		for _, target := range slices.Sorted(maps.Values(more)) {
			if strings.HasPrefix(target, "ppt/notesSlides/") {
				notes, err := a.drawn(target)
				if err != nil {
					return meta, err
				}
				text += "\n" + notes
			}
		}
		if p.write(text); p.err == nil {
			p.next(p.b.String()) // whole, so that the number is the slide's
		}
		if p.b.Reset(); p.err != nil {
			return meta, p.err
		}
	}
	return meta, nil
}

// listed gives the parts that the elements of a name list, in their order.
func (a *archive) listed(of, element string) (list []string, err error) {
	targets, err := a.relations(of)
	if err != nil {
		return nil, err
	}
	data, err := a.content(of)
	if err != nil {
		return nil, err
	}
	err = walk(data, func(e xml.StartElement) {
		if e.Name.Local != element {
			return
		}
		for _, attr := range e.Attr {
			if to := targets[attr.Value]; to != "" && strings.Contains(attr.Name.Space, "relationships") {
				list = append(list, to)
			}
		}
	}, func(string) {}, func(string) {})
	return list, err
}

// drawn gives the text of a slide.
func (a *archive) drawn(part string) (string, error) {
	data, err := a.entry(part)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	in := false
	err = walk(data, func(e xml.StartElement) {
		if in = e.Name.Local == "t"; e.Name.Local == "br" {
			b.WriteByte('\n')
		}
	}, func(s string) {
		if in {
			b.WriteString(s)
		}
	}, func(name string) {
		if in = false; name == "p" {
			b.WriteByte('\n')
		}
	})
	return strings.TrimSpace(b.String()), err
}

// readXLSX reads the words of a workbook (ECMA-376, part 1, 18): a sheet is a
// page, or several when it is long. Formulas give the value last computed.
func readXLSX(src source, emit func(Page) error) (Meta, error) {
	a, meta, err := openOffice(src, coreProperties)
	if err != nil {
		return meta, err
	}
	shared, err := a.sharedStrings()
	if err != nil {
		return meta, err
	}
	sheets, err := a.listed("xl/workbook.xml", "sheet")
	if err != nil {
		return meta, err
	}
	p := &pager{emit: emit}
	for _, sheet := range sheets {
		data, err := a.entry(sheet)
		if err != nil {
			return meta, err
		}
		if err := p.sheet(data, shared); err != nil {
			return meta, err
		}
		if p.page(); p.err != nil {
			return meta, p.err
		}
	}
	return meta, p.end()
}

func (p *pager) sheet(data []byte, shared []string) error {
	var kind string
	var b strings.Builder
	in := false
	return walk(data, func(e xml.StartElement) {
		switch e.Name.Local {
		case "c":
			kind = attribute(e, "t")
			b.Reset()
		case "v", "t":
			in = true
		}
	}, func(s string) {
		if in {
			b.WriteString(s)
		}
	}, func(name string) {
		switch name {
		case "v", "t":
			in = false
		case "c":
			text := b.String()
			if n, err := strconv.Atoi(text); kind == "s" && err == nil && n >= 0 && n < len(shared) {
				text = shared[n]
			}
			if text != "" {
				p.write(text)
				p.write("\t")
			}
		case "row":
			p.paragraph()
		}
	})
}

func (a *archive) sharedStrings() (list []string, err error) {
	data, err := a.entry("xl/sharedStrings.xml")
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	in := false
	err = walk(data, func(e xml.StartElement) { in = e.Name.Local == "t" }, func(s string) {
		if in {
			b.WriteString(s)
		}
	}, func(name string) {
		if in = false; name == "si" {
			list = append(list, b.String())
			b.Reset()
		}
	})
	return list, err
}
