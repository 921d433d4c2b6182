// Package extract turns files into pages of text, a cover and what the files say
// of themselves. A Reader has files read by worker processes of this same
// program, which have no files, little memory and little time: what a hostile
// file breaks is a worker and nothing else.
package extract

import (
	"cmp"
	"io"
	"strings"
	"unicode"
)

// Page is a page of a document: a printed page, a slide, a sheet, a chapter,
// or a run of text.
type Page struct {
	Number int    `json:"number"` // from 1
	Text   string `json:"text"`   // paragraphs and lines end with a newline
}

// Meta is what a file says of itself, in its own words.
type Meta struct {
	Title    string   `json:"title,omitempty"`
	Authors  []string `json:"authors,omitempty"`
	Date     string   `json:"date,omitempty"`     // YYYY, YYYY-MM or YYYY-MM-DD
	Language string   `json:"language,omitempty"` // as stated
	// Identifiers are as stated: "doi:10.1000/1", "978-92-…".
	Identifiers []string `json:"identifiers,omitempty"`
}

// or gives each field of m, or that of other where m has none.
func (m Meta) or(other Meta) Meta {
	m.Title, m.Date, m.Language = cmp.Or(m.Title, other.Title), cmp.Or(m.Date, other.Date), cmp.Or(m.Language, other.Language)
	if len(m.Authors) == 0 {
		m.Authors = other.Authors
	}
	if len(m.Identifiers) == 0 {
		m.Identifiers = other.Identifiers
	}
	return m
}

// Document is what was read of a file.
type Document struct {
	Type   string // media type, by the content
	Meta   Meta
	Count  int    // pages of the whole file; 0 for a picture
	Pages  []Page // those that were asked for and have text, without running heads
	Covers []Cover
	Locked bool   // it opens only with a password; Meta is what stands in the clear
	Drawn  []int  // numbers of the pages whose text was read from their picture
	Unread string // why pages without text were not read from their picture
}

// Cover is a picture of the first page as PNG, Scale times coverWidth pixels
// wide and at most coverBytes large.
type Cover struct {
	Scale int    `json:"scale"`
	PNG   []byte `json:"png"`
}

// Refused says why a file was not read, in words for the one who brought it.
// Broke tells that the worker died of it, or died while it was read.
type Refused struct {
	Reason string
	Broke  bool
}

// Error gives the reason.
func (r *Refused) Error() string { return r.Reason }

func refuse(reason string) error { return &Refused{Reason: reason} }

// source is a file in memory or on disk.
type source struct {
	io.ReaderAt
	size int64
}

// placeholders are titles that programs give where nobody gave one.
var placeholders = []string{"untitled", "document", "powerpoint presentation", "presentation", "microsoft word", "slide 1", "title"}

// maxTitle is how many bytes a title may have: what is longer is none.
const maxTitle = 2000

// telling gives a stated title when it is one and not a program's or a file's
// name.
func telling(title string) string {
	if title = strings.Join(strings.Fields(title), " "); len(title) > maxTitle {
		return ""
	}
	low := strings.ToLower(title)
	for _, p := range placeholders {
		rest, ok := strings.CutPrefix(low, p)
		if ok && strings.IndexFunc(rest, unicode.IsLetter) < 0 || ok && strings.HasPrefix(rest, " - ") {
			return ""
		}
	}
	for _, end := range []string{".doc", ".docx", ".pdf", ".indd", ".qxd", ".rtf", ".odt", ".ppt", ".pptx", ".xls", ".xlsx", ".qxp", ".tmp"} {
		if strings.HasSuffix(low, end) {
			return ""
		}
	}
	return title
}
