package indicator

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Sheet is a table as it was delivered: a header and rows with their lines.
type Sheet struct {
	Columns []string
	Rows    []SheetRow
}

// SheetRow is one row; Line counts from 1 as a spreadsheet shows it.
type SheetRow struct {
	Line  int
	Cells []string
}

const (
	maxSheet = 64 << 20 // bytes, also of an unpacked part of a workbook
	maxRows  = 1_000_000
)

// ReadSheet reads a CSV (commas, UTF-8) or the first sheet of an XLSX workbook.
// It answers Invalid, with the line, for what is neither.
func ReadSheet(r io.Reader) (Sheet, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxSheet+1))
	if err != nil {
		return Sheet{}, fmt.Errorf("read the table: %w", err)
	}
	if len(raw) > maxSheet {
		return Sheet{}, invalid("file", "the table is larger than %d MB", maxSheet>>20)
	}
	if bytes.HasPrefix(raw, []byte("PK\x03\x04")) {
		return readXLSX(raw)
	}
	return readCSV(raw)
}

func readCSV(raw []byte) (Sheet, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if !utf8.Valid(raw) {
		for n, line := range bytes.Split(raw, []byte("\n")) {
			if !utf8.Valid(line) {
				return Sheet{}, invalid("file", "line %d is not UTF-8: save the file as 'CSV UTF-8'", n+1)
			}
		}
	}
	in := csv.NewReader(bytes.NewReader(raw))
	in.FieldsPerRecord = -1
	var s Sheet
	for {
		cells, err := in.Read()
		if err == io.EOF {
			return s.checked()
		}
		if err != nil {
			line := 0
			if pe, ok := errors.AsType[*csv.ParseError](err); ok {
				line, err = pe.Line, pe.Err
			}
			return Sheet{}, invalid("file", "line %d: %w: put quotation marks around the whole cell and double those within it", line, err)
		}
		line, _ := in.FieldPos(0)
		s.take(line, cells)
	}
}

// take adds a row; the first is the header, and blank ones are passed over.
func (s *Sheet) take(line int, cells []string) {
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	switch {
	case !slices.ContainsFunc(cells, func(c string) bool { return c != "" }):
	case s.Columns == nil:
		for i := range cells {
			cells[i] = strings.ToLower(cells[i])
		}
		s.Columns = cells
	default:
		s.Rows = append(s.Rows, SheetRow{line, cells})
	}
}

func (s *Sheet) checked() (Sheet, error) {
	if s.Columns == nil {
		return Sheet{}, invalid("file", "the table is empty: its first line names the columns")
	}
	if len(s.Rows) > maxRows {
		return Sheet{}, invalid("file", "the table has %d rows, more than %d", len(s.Rows), maxRows)
	}
	return *s, nil
}

// readXLSX reads the cells of a workbook's first sheet (ECMA-376): shared and
// inline strings, numbers and truth values, as they are stored.
func readXLSX(raw []byte) (Sheet, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return Sheet{}, invalid("file", "the workbook cannot be opened: %w", err)
	}
	shared, err := sharedStrings(z)
	if err != nil {
		return Sheet{}, err
	}
	body, err := part(z, "xl/worksheets/sheet1.xml")
	if err != nil {
		return Sheet{}, err
	}
	if body == nil {
		return Sheet{}, invalid("file", "the workbook has no first sheet")
	}
	var sheet struct {
		Rows []xlsxRow `xml:"sheetData>row"`
	}
	if err := xml.Unmarshal(body, &sheet); err != nil {
		return Sheet{}, invalid("file", "the first sheet of the workbook cannot be read: %w", err)
	}
	var s Sheet
	for n, row := range sheet.Rows {
		line := row.R
		if line == 0 {
			line = n + 1
		}
		cells, err := row.texts(line, shared)
		if err != nil {
			return Sheet{}, err
		}
		s.take(line, cells)
	}
	return s.checked()
}

// xlsxRow is a row of a worksheet.
type xlsxRow struct {
	R     int `xml:"r,attr"`
	Cells []struct {
		R  string `xml:"r,attr"`
		T  string `xml:"t,attr"`
		V  string `xml:"v"`
		Is string `xml:"is>t"`
	} `xml:"c"`
}

// texts gives the cells of a row in their columns.
func (row xlsxRow) texts(line int, shared []string) (cells []string, err error) {
	for i, c := range row.Cells {
		at := i
		if c.R != "" {
			at = columnOf(c.R)
		}
		if at < 0 || at > 1000 {
			return nil, invalid("file", "line %d: the cell %q is outside the table", line, c.R)
		}
		for len(cells) <= at {
			cells = append(cells, "")
		}
		switch c.T {
		case "s":
			k, err := strconv.Atoi(c.V)
			if err != nil || k < 0 || k >= len(shared) {
				return nil, invalid("file", "line %d: the cell %s points to no text", line, c.R)
			}
			cells[at] = shared[k]
		case "inlineStr":
			cells[at] = c.Is
		case "e":
			return nil, invalid("file", "line %d: the cell %s holds the error %s", line, c.R, c.V)
		default:
			cells[at] = plainNumber(c.V)
		}
	}
	return cells, nil
}

// plainNumber takes off what binary fractions leave: 0.30000000000000004.
func plainNumber(s string) string {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func sharedStrings(z *zip.Reader) (out []string, err error) {
	body, err := part(z, "xl/sharedStrings.xml")
	if err != nil || body == nil {
		return nil, err
	}
	var all struct {
		Items []struct {
			T    string   `xml:"t"`
			Runs []string `xml:"r>t"`
		} `xml:"si"`
	}
	if err := xml.Unmarshal(body, &all); err != nil {
		return nil, invalid("file", "the texts of the workbook cannot be read: %w", err)
	}
	for _, it := range all.Items {
		out = append(out, it.T+strings.Join(it.Runs, ""))
	}
	return out, nil
}

// part unpacks a part of a workbook, nil when there is none.
func part(z *zip.Reader, name string) ([]byte, error) {
	for _, f := range z.File {
		if f.Name != name {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, invalid("file", "open %s of the workbook: %w", name, err)
		}
		defer r.Close()
		body, err := io.ReadAll(io.LimitReader(r, maxSheet+1))
		if err != nil || len(body) > maxSheet {
			return nil, invalid("file", "%s of the workbook cannot be unpacked, or is larger than %d MB", name, maxSheet>>20)
		}
		return body, nil
	}
	return nil, nil
}

// columnOf gives the place of a cell in its row: 0 for "A7".
func columnOf(ref string) int {
	n := 0
	for _, c := range ref {
		if c < 'A' || c > 'Z' || n > 1000 {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	return n - 1
}
