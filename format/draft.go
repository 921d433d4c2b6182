// Package format reads records from the forms in which the field keeps them
// into drafts, and writes them back: the portal's topic page and Waymark's own
// JSON Lines. A reader takes what it finds as it is written; what the words
// mean is for intake to say.
package format

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"

	"waymark/library"
)

// Draft is one record as a source has it: names, not codes.
type Draft struct {
	Line        int        // where the record begins, from 1
	ID          library.ID // the record's own, when the source is a Waymark library
	Titles      library.Text
	Abstracts   library.Text
	Authors     []Value
	Countries   []Value
	Regions     []Value
	Topics      []Value
	Category    Value
	Date        Value
	Languages   []Value
	Identifiers []library.Identifier
	Links       []library.Link
	Relations   []library.Relation

	// What bibliographic formats say beside. A field that is not there leaves no
	// trace in the JSON, so that the digest of a draft without it is what it was.
	Key        string  `json:",omitzero"` // the record's own name at its source: a MARC control number, an OAI identifier, a citation key
	Deleted    bool    `json:",omitzero"` // the source says that the record was withdrawn; nothing but Key need be there
	Editors    []Value `json:",omitzero"` // persons or organisations, like Authors; "Family, Given" for persons of sources that say so
	Publishers []Value `json:",omitzero"`
	Subjects   []Value `json:",omitzero"` // keywords and headings, in any language
	Places     []Value `json:",omitzero"` // countries or regions, or other places: the source does not say which
	Container  Value   `json:",omitzero"` // title of the journal, book or series that the work stands in
	Volume     Value   `json:",omitzero"`
	Issue      Value   `json:",omitzero"`
	Pages      Value   `json:",omitzero"` // where it stands in the container, "12-34"; or how many there are, "120 p."
	Edition    Value   `json:",omitzero"`
	Rights     Value   `json:",omitzero"` // a licence's address, or a statement

	// Works that the source names by their Key or address, whether it describes
	// them or not.
	Originals    []string `json:",omitzero"` // of which this one is a translation
	Translations []string `json:",omitzero"` // of this one
}

// Value is a word of a source with the line that it stands on.
type Value struct {
	Line int
	Text string
}

// Problem is a part of a source that cannot be read. The rest goes on.
type Problem struct {
	Line int // from 1; 0 for the source as a whole
	Text string
}

// Error implements error.
func (p *Problem) Error() string {
	if p.Line == 0 {
		return p.Text
	}
	return fmt.Sprintf("line %d: %s", p.Line, p.Text)
}

// Drafts is a stream of records: each is a Draft, or an error, which is a
// *Problem when only that part of the source is lost.
type Drafts = iter.Seq2[Draft, error]

// Writer writes drafts in a format, one after the other; Close writes what
// stands after the last one, and closes nothing else.
type Writer interface {
	Write(Draft) error
	Close() error
}

const (
	maxLine = 4 << 20 // bytes; a longer line is no text
	sniff   = 4096    // bytes looked at to recognise a format
)

func failed(err error) Drafts {
	return func(yield func(Draft, error) bool) { yield(Draft{}, err) }
}

// line is one line of a source without its end.
type line struct {
	number int
	text   string
	valid  bool // in UTF-8
}

// lines cuts a source into lines: a byte-order mark and CR LF are taken off. A
// line longer than maxLine ends the reading with a Problem.
func lines(r io.Reader) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		in := bufio.NewScanner(r)
		in.Buffer(make([]byte, 0, 64<<10), maxLine)
		n := 0
		for in.Scan() {
			b := in.Bytes()
			if n++; n == 1 {
				b = bytes.TrimPrefix(b, []byte("\ufeff"))
			}
			if !yield(line{n, string(b), utf8.Valid(b)}, nil) {
				return
			}
		}
		switch err := in.Err(); {
		case errors.Is(err, bufio.ErrTooLong):
			yield(line{}, &Problem{Line: n + 1, Text: fmt.Sprintf("the line is longer than %d MiB: the file is no text, or has lost its line ends; the rest was not read", maxLine>>20)})
		case err != nil:
			yield(line{}, fmt.Errorf("read the source after line %d: %w", n, err))
		}
	}
}
