package format

import (
	"bufio"
	"io"
)

// Holds tells whether a file that may as well be a document of the library, a
// workbook or a web page, holds records: a workbook does when a sheet has
// headings that are known, a page when it has the title of a citation
// (citation_title) or schema.org of a work. Of what cannot be read it says no.
func Holds(r io.Reader, o Options) bool {
	in := bufio.NewReaderSize(r, maxLine)
	head, _ := in.Peek(sniff) // an error comes again on reading
	if !isXLSX(head) {
		page, err := readPage(inUTF8(in), "")
		return err == nil && page.describes()
	}
	book, err := workbook(in)
	if err != nil {
		return false
	}
	defer book.Close() // only reads
	_, _, surely := tableIn(book, o.Mapping)
	return surely
}
