package guide

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
)

// docxReader turns the main part of a DOCX file (ECMA-376, part 1, section 17)
// into blocks.
type docxReader struct {
	levels map[string]int // heading level of each style
	blocks []block
	text   strings.Builder
	style  string
	level  int // outline level that the paragraph itself names
	list   int // depth of the list it is an item of; -1 for none
	cells  []string
	cell   []string
	rows   int
	depth  int // of tables
}

// docxBlocks reads the blocks of a DOCX file.
func docxBlocks(file io.ReaderAt, size int64) ([]block, error) {
	z, err := zip.NewReader(file, size)
	if err != nil {
		return nil, refused("file", "the file is no DOCX: %v", err)
	}
	d := &docxReader{levels: map[string]int{}, list: -1}
	if err := part(z, "word/styles.xml", d.styles()); err != nil {
		return nil, err
	}
	found := false
	for _, f := range z.File {
		found = found || f.Name == "word/document.xml"
	}
	if !found {
		return nil, refused("file", "the file is no DOCX: it has no text")
	}
	err = d.read(z)
	return d.blocks, err
}

func (d *docxReader) read(z *zip.Reader) error {
	inText := false
	return part(z, "word/document.xml", func(t xml.Token) {
		switch t := t.(type) {
		case xml.StartElement:
			inText = t.Name.Local == "t"
			d.start(t)
		case xml.CharData:
			if inText {
				d.text.WriteString(escapes.Replace(string(t)))
			}
		case xml.EndElement:
			inText = false
			d.end(t.Name.Local)
		}
	})
}

// part reads the tokens of one part of the archive; one that is missing has none.
func part(z *zip.Reader, name string, take func(xml.Token)) error {
	f, err := z.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	x := xml.NewDecoder(io.LimitReader(f, maxDocument))
	for {
		t, err := x.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return refused("file", "%s cannot be read: %v", name, err)
		}
		take(t)
	}
}

func value(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// styles learns which styles are headings, by their names and outline levels:
// identifiers of styles are translated, names are not.
func (d *docxReader) styles() func(xml.Token) {
	id := ""
	return func(t xml.Token) {
		e, ok := t.(xml.StartElement)
		if !ok {
			return
		}
		switch e.Name.Local {
		case "style":
			id = value(e, "styleId")
		case "name":
			name := strings.ToLower(value(e, "val"))
			if level, ok := strings.CutPrefix(name, "heading "); ok {
				if n, err := strconv.Atoi(level); err == nil && n >= 1 && n <= 6 {
					d.levels[id] = n
				}
			} else if name == "title" {
				d.levels[id] = 1
			}
		case "outlineLvl":
			if n, err := strconv.Atoi(value(e, "val")); err == nil && n >= 0 && n < 6 && d.levels[id] == 0 {
				d.levels[id] = n + 1
			}
		}
	}
}

func (d *docxReader) start(e xml.StartElement) {
	switch e.Name.Local {
	case "p":
		d.text.Reset()
		d.style, d.level, d.list = "", 0, -1
	case "pStyle":
		d.style = value(e, "val")
	case "outlineLvl":
		if n, err := strconv.Atoi(value(e, "val")); err == nil && n >= 0 && n < 6 {
			d.level = n + 1
		}
	case "ilvl":
		n, err := strconv.Atoi(value(e, "val"))
		if err == nil && n >= 0 {
			d.list = min(n, 6)
		}
	case "numId":
		if d.list < 0 && value(e, "val") != "0" {
			d.list = 0
		}
	case "tbl":
		d.depth++
		d.rows = 0
	case "tr":
		d.cells = nil
	case "tc":
		d.cell = nil
	case "tab", "br":
		d.text.WriteByte(' ')
	}
}

func (d *docxReader) end(name string) {
	switch name {
	case "p":
		d.paragraph()
	case "tc":
		d.cells = append(d.cells, strings.Join(d.cell, " "))
	case "tr":
		text := "| " + strings.Join(d.cells, " | ") + " |"
		if d.rows == 0 {
			text += "\n|" + strings.Repeat("---|", len(d.cells))
		}
		d.rows++
		d.blocks = append(d.blocks, block{text: text})
	case "tbl":
		d.depth--
	}
}

func (d *docxReader) paragraph() {
	text := strings.Join(strings.Fields(d.text.String()), " ")
	d.text.Reset()
	if text == "" {
		return
	}
	level := d.level
	if level == 0 {
		level = d.levels[d.style]
	}
	switch {
	case d.depth > 0:
		d.cell = append(d.cell, text)
	case level > 0:
		d.blocks = append(d.blocks, block{level, unmarked.Replace(text)})
	case d.list >= 0:
		d.blocks = append(d.blocks, block{text: strings.Repeat("   ", d.list) + "- " + text})
	default:
		d.blocks = append(d.blocks, block{text: text})
	}
}
