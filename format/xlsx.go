package format

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

const (
	maxWorkbook = 256 << 20 // bytes of a packed workbook, which is held in memory
	maxUnpacked = 2 << 30   // bytes of all its parts; the library keeps large ones in temporary files
	maxBeside   = 64 << 20  // bytes of the parts that it holds in memory: all but sheets and their texts
	maxPacked   = 200       // times that a part of more than 16 MiB may be larger than it is packed; sheets are at most 30 times
	topRows     = 20        // rows of a sheet among which the headings are looked for
)

// XLSX reads a table of records in a workbook of Office Open XML (ISO/IEC
// 29500): the first sheet with known headings, which may stand below a few
// other rows, else the first that is not empty. Columns, mapping and several
// values in a cell are as in CSV. Dates are read as ISO 8601 to the precision
// that the sheet shows, numbers without signs between their digits.
func XLSX(r io.Reader, mapping map[string]string) Drafts {
	return func(yield func(Draft, error) bool) {
		book, err := workbook(r)
		if err != nil {
			yield(Draft{}, err)
			return
		}
		defer book.Close() // takes away temporary files; nothing was written
		sheet, head, _ := tableIn(book, mapping)
		if head.number == 0 {
			yield(Draft{}, &Problem{Text: "the workbook has no sheet with headings and rows"})
			return
		}
		tableDrafts(head, mapping, func(yield func(tableLine, error) bool) {
			for row, err := range sheetRows(book, sheet) {
				if (err != nil || row.number > head.number) && !yield(row, err) {
					return
				}
			}
		})(yield)
	}
}

// workbook opens a workbook.
func workbook(r io.Reader) (*excelize.File, error) {
	packed, err := io.ReadAll(io.LimitReader(r, maxWorkbook+1))
	if err != nil {
		return nil, fmt.Errorf("read the workbook: %w", err)
	}
	if len(packed) > maxWorkbook {
		return nil, &Problem{Text: fmt.Sprintf("the workbook is larger than %d MiB: save it as CSV", maxWorkbook>>20)}
	}
	if err := unpacks(packed); err != nil {
		return nil, err
	}
	book, err := excelize.OpenReader(bytes.NewReader(packed), excelize.Options{UnzipSizeLimit: maxUnpacked})
	if err != nil {
		return nil, &Problem{Text: fmt.Sprintf("the workbook cannot be opened: %v", err)}
	}
	return book, nil
}

// unpacks looks at what a workbook says of the sizes of its parts, which the
// reader of the archive holds it to, and refuses one that is made to be huge.
func unpacks(packed []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil // excelize says what is wrong with it
	}
	var beside uint64
	for _, part := range archive.File {
		name := strings.ToLower(part.Name)
		if !strings.HasPrefix(name, "xl/worksheets/") && name != "xl/sharedstrings.xml" {
			beside += part.UncompressedSize64
		}
		if beside > maxBeside || part.UncompressedSize64 > max(16<<20, maxPacked*part.CompressedSize64) {
			return &Problem{Text: fmt.Sprintf("the workbook is too large when unpacked, by its part %q: save it as CSV", part.Name)}
		}
	}
	return nil
}

// tableIn gives the sheet that holds records and its headings; surely tells
// that those are known. The number of the headings is 0 when no sheet has any.
func tableIn(book *excelize.File, mapping map[string]string) (sheet string, head tableLine, surely bool) {
	for _, name := range book.GetSheetList() {
		for row, err := range sheetRows(book, name) {
			if err != nil || row.number > topRows {
				break
			}
			if strings.TrimSpace(strings.Join(row.cells, "")) == "" {
				continue
			}
			if recognised(Columns(row.cells, mapping)) {
				return name, row, true
			}
			if head.number == 0 {
				sheet, head = name, row
			}
		}
	}
	return sheet, head, false
}

// sheetRows gives the rows of a sheet as text. They are read twice side by
// side, as they are kept and as they are shown, since only that tells a date
// from a number.
func sheetRows(book *excelize.File, sheet string) iter.Seq2[tableLine, error] {
	return func(yield func(tableLine, error) bool) {
		kept, err := book.Rows(sheet)
		if err != nil {
			yield(tableLine{}, &Problem{Text: fmt.Sprintf("the sheet %q cannot be read: %v", sheet, err)})
			return
		}
		defer kept.Close() // only reads
		shown, err := book.Rows(sheet)
		if err != nil {
			yield(tableLine{}, &Problem{Text: fmt.Sprintf("the sheet %q cannot be read: %v", sheet, err)})
			return
		}
		defer shown.Close()
		properties, _ := book.GetWorkbookProps() // without them dates count from 1900
		from1904 := properties.Date1904 != nil && *properties.Date1904
		for n := 1; kept.Next() && shown.Next(); n++ {
			row := tableLine{number: n}
			raw, err := kept.Columns(excelize.Options{RawCellValue: true})
			looks, err2 := shown.Columns()
			if err = errors.Join(err, err2); err != nil {
				yield(tableLine{}, &Problem{n, fmt.Sprintf("the row cannot be read: %v; what follows was not read", err)})
				return
			}
			for i, cell := range raw {
				look := cell
				if i < len(looks) {
					look = looks[i]
				}
				row.cells = append(row.cells, cellText(cell, look, from1904))
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := errors.Join(kept.Error(), shown.Error()); err != nil {
			yield(tableLine{}, &Problem{Text: fmt.Sprintf("the sheet %q is damaged: %v; what follows was not read", sheet, err)})
		}
	}
}

// cellText gives a cell as text of what is kept in it and how it is shown.
func cellText(kept, shown string, from1904 bool) string {
	if kept == shown {
		return kept
	}
	number, err := strconv.ParseFloat(kept, 64)
	if err != nil { // true or false, or a date that is kept as such
		if m := datedForm.FindStringSubmatch(kept); m != nil {
			return m[1]
		}
		return shown
	}
	plain := strconv.FormatFloat(number, 'f', -1, 64)
	if digits(plain) == digits(shown) || number == float64(int(number)) && 1000 <= number && number < 3000 {
		return plain // a number, shown with signs between its digits; or a year
	}
	if date, ok := shownDate(number, shown, from1904); ok {
		return date
	}
	return shown
}

// shownDate gives the date of a serial number to the precision that its cell
// shows; nothing when what is shown is not that date.
func shownDate(serial float64, shown string, from1904 bool) (string, bool) {
	at, err := excelize.ExcelDateToTime(serial, from1904)
	if err != nil || serial < 1 {
		return "", false
	}
	year, month, day := false, false, false
	for part := range strings.FieldsFuncSeq(shown, func(r rune) bool { return r < '0' || r > '9' }) {
		n, _ := strconv.Atoi(part) // digits, or too many of them for a date
		switch {
		case !year && (n == at.Year() || len(part) == 2 && n == at.Year()%100 && n > 31):
			year = true
		case !month && n == int(at.Month()):
			month = true
		case !day && n == at.Day():
			day = true
		case !year && len(part) == 2 && n == at.Year()%100:
			year = true
		}
	}
	month = month || strings.Contains(strings.ToLower(shown), strings.ToLower(at.Month().String()[:3]))
	if !month && day && at.Day() == int(at.Month()) {
		month, day = true, false
	}
	switch {
	case !year:
		return "", false
	case month && day:
		return at.Format("2006-01-02"), true
	case month:
		return at.Format("2006-01"), true
	}
	return at.Format("2006"), true
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// isXLSX tells a workbook from other packages of Office Open XML.
func isXLSX(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) && !bytes.Contains(head, []byte("word/")) && !bytes.Contains(head, []byte("ppt/")) &&
		(bytes.Contains(head, []byte("xl/")) || bytes.Contains(head, []byte("[Content_Types].xml")) || bytes.Contains(head, []byte("_rels/.rels")))
}
