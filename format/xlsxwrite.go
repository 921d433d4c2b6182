package format

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// WriteXLSX writes a workbook of one sheet with the columns of WriteCSV. Every
// cell is a string, so that none is taken for a formula, a number or a date. It
// cannot hold what WriteCSV cannot, more than 1,048,575 records, which is an
// error, and texts of more than 32,767 characters, of which the end is lost.
func WriteXLSX(w io.Writer) Writer { return &xlsxWriter{w: w} }

type xlsxWriter struct {
	w    io.Writer
	book *excelize.File
	out  *excelize.StreamWriter
	row  int
}

// recordsSheet is the sheet of a new workbook.
const recordsSheet = "Sheet1"

func (x *xlsxWriter) begin() (err error) {
	if x.book != nil {
		return nil
	}
	x.book = excelize.NewFile()
	if x.out, err = x.book.NewStreamWriter(recordsSheet); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	if err := x.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return x.put(tableHead())
}

func (x *xlsxWriter) put(cells []string) error {
	if x.row++; x.row > excelize.TotalRows {
		return fmt.Errorf("write the workbook: it holds at most %d records: write CSV, or fewer of them", excelize.TotalRows-1)
	}
	row := make([]any, len(cells))
	for i, cell := range cells {
		if cell != "" {
			row[i] = cell
		}
	}
	if err := x.out.SetRow(fmt.Sprintf("A%d", x.row), row); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}

// Write writes one row.
func (x *xlsxWriter) Write(d Draft) error {
	if err := x.begin(); err != nil {
		return err
	}
	return x.put(tableRow(d))
}

// Close writes the workbook, which cannot be written piece by piece.
func (x *xlsxWriter) Close() error {
	if err := x.begin(); err != nil {
		return err
	}
	defer x.book.Close() // takes away temporary files
	if err := x.out.Flush(); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	if _, err := x.book.WriteTo(x.w); err != nil {
		return fmt.Errorf("write the workbook: %w", err)
	}
	return nil
}
