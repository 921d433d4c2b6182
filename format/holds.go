package format

import (
	"bufio"
	"io"
)

// Holds tells whether a file that may as well be a document of the library, a
// workbook, holds records: a workbook does when a sheet has headings that are
// known. Of what cannot be read it says no.
func Holds(r io.Reader, o Options) bool {
	in := bufio.NewReaderSize(r, maxLine)
	head, _ := in.Peek(sniff) // an error comes again on reading
	if !isXLSX(head) {
		return false
	}
	book, err := workbook(in)
	if err != nil {
		return false
	}
	defer book.Close() // only reads
	_, _, surely := tableIn(book, o.Mapping)
	return surely
}
