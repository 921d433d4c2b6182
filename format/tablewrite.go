package format

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"waymark/library"
)

// peeker is a reader of which the first bytes are known.
type peeker struct {
	*bufio.Reader
	head []byte
}

func newPeeker(r io.Reader) peeker {
	in := bufio.NewReaderSize(r, 64<<10)
	head, _ := in.Peek(sniff) // an error comes again on reading
	return peeker{in, head}
}

// tableLanguages are those for which a table has columns of titles and abstracts.
var tableLanguages = []string{"en", "fr", "es", "ar", "ru", "zh"}

// WriteCSV writes a table that spreadsheets open: UTF-8 with a mark, one row a
// record, several values of a field in one cell with "; " between them. A cell
// that a spreadsheet would take for a formula has an apostrophe before it,
// which the reader takes off. It cannot hold relations, withdrawals, and values
// with ';' or '|' in them.
func WriteCSV(w io.Writer) Writer { return &csvWriter{w: w, out: csv.NewWriter(w)} }

type csvWriter struct {
	w     io.Writer
	out   *csv.Writer
	began bool
	// version tells the version of a record, where the table has it.
	version func(library.ID) int64
}

// tableHead gives the headings of a table.
func tableHead() []string {
	head := []string{TableID, "Title"}
	for _, lang := range tableLanguages {
		head = append(head, "Title "+lang)
	}
	head = append(head, "Abstract")
	for _, lang := range tableLanguages {
		head = append(head, "Abstract "+lang)
	}
	return append(head, "Author", "Editor", "Publisher", "Date", "Country", "Region", "Topic", "Subject", "Category", "Language",
		"Identifier", "Link", "Container", "Volume", "Issue", "Pages", "Edition", "Rights", "Key")
}

// tableRow gives the cells of a record.
func tableRow(d Draft) []string {
	row := []string{string(d.ID)}
	text := func(t library.Text) {
		other := t[library.Undetermined]
		var cells []string
		for _, lang := range tableLanguages {
			cells = append(cells, t[lang])
		}
		if other == "" && strings.Join(cells, "") == "" { // a language without a column
			other, _ = t.In(words(d.Languages)...)
		}
		row = append(append(row, other), cells...)
	}
	many := func(values []Value) string { return strings.Join(words(values), "; ") }
	var identifiers, links []string
	for _, id := range d.Identifiers {
		if id.Scheme == "un-symbol" {
			identifiers = append(identifiers, id.Value)
		} else {
			identifiers = append(identifiers, id.Scheme+":"+id.Value)
		}
	}
	for _, l := range d.Links {
		links = append(links, l.URL)
	}
	text(d.Titles)
	text(d.Abstracts)
	return append(row, many(d.Authors), many(d.Editors), many(d.Publishers), d.Date.Text, many(d.Countries), many(d.Regions), many(d.Topics),
		many(d.Subjects), d.Category.Text, many(d.Languages), strings.Join(identifiers, "; "), strings.Join(links, "; "), d.Container.Text,
		d.Volume.Text, d.Issue.Text, d.Pages.Text, d.Edition.Text, d.Rights.Text, d.Key)
}

func (c *csvWriter) begin() error {
	if c.began {
		return nil
	}
	c.began = true
	if _, err := io.WriteString(c.w, "\ufeff"); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	head := tableHead()
	if c.version != nil {
		head = append(head, TableVersion)
	}
	return c.out.Write(head)
}

// Write writes one row.
func (c *csvWriter) Write(d Draft) error {
	if err := c.begin(); err != nil {
		return err
	}
	row := tableRow(d)
	if c.version != nil {
		row = append(row, strconv.FormatInt(c.version(d.ID), 10))
	}
	for i := range row {
		row[i] = Guarded(row[i])
	}
	if err := c.out.Write(row); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// Close writes what is still held back.
func (c *csvWriter) Close() error {
	if err := c.begin(); err != nil {
		return err
	}
	c.out.Flush()
	return c.out.Error()
}

// formulaSigns begin a formula in some spreadsheet.
const formulaSigns = "=+-@\t\r"

// Guarded puts an apostrophe before what a spreadsheet would take for a formula,
// and before an apostrophe, so that unguarded can tell.
func Guarded(cell string) string {
	if cell != "" && strings.ContainsRune(formulaSigns+"'", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func unguarded(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune(formulaSigns+"'", rune(cell[1])) {
		return cell[1:]
	}
	return cell
}
