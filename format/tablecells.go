package format

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"waymark/library"
)

// The headings of a table that goes out to be edited and comes back: which
// record a row is, and which version of it was written.
const (
	TableID      = "Waymark ID"
	TableVersion = "Waymark version"
)

// WriteVersions writes a table like WriteCSV, with the version of each record
// beside its ID, so that the table can come back as a set of changes.
func WriteVersions(w io.Writer, version func(library.ID) int64) Writer {
	return &csvWriter{w: w, out: csv.NewWriter(w), version: version}
}

// TableCells gives the cells of a record by heading, as a table holds them.
func TableCells(d Draft) map[string]string {
	cells := map[string]string{}
	row := tableRow(d)
	for i, heading := range tableHead() {
		cells[heading] = row[i]
	}
	return cells
}

// Row is a row of a table with its cells by heading.
type Row struct {
	Line  int // from 1
	Cells map[string]string
}

// Rows reads a table of at most some rows with its cells as they are. It answers
// a *Problem for one that has more, has no heading TableID, or is damaged.
func Rows(r io.Reader, most int) ([]Row, error) {
	head, in, err := opened(r)
	if err != nil {
		return nil, err
	}
	known := false
	for i := range head {
		head[i] = strings.TrimSpace(strings.TrimPrefix(head[i], "\ufeff"))
		known = known || head[i] == TableID
	}
	if !known {
		return nil, &Problem{1, fmt.Sprintf("no column is called %q", TableID)}
	}
	var rows []Row
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if parse, ok := errors.AsType[*csv.ParseError](err); ok {
			return nil, &Problem{parse.Line, parse.Err.Error()}
		}
		if err != nil {
			return nil, fmt.Errorf("read the table: %w", err)
		}
		row := Row{Cells: map[string]string{}}
		row.Line, _ = in.FieldPos(0)
		for i, cell := range cells {
			if i < len(head) && head[i] != "" {
				row.Cells[head[i]] = strings.TrimSpace(unguarded(cell))
			}
		}
		if strings.Join(cells, "") == "" {
			continue
		}
		if rows = append(rows, row); len(rows) > most {
			return nil, &Problem{row.Line, "the table has more than " + strconv.Itoa(most) + " rows"}
		}
	}
}
