package library

import (
	"io"
	"slices"
)

// File is a file of a resource that the library holds: the work itself, one of
// its languages, an annex.
type File struct {
	Digest   string   `json:"digest"` // SHA-256 of its bytes, in hex
	Name     string   `json:"name"`
	Type     string   `json:"type"`               // media type, by the content
	Size     int64    `json:"size"`               // bytes
	Audience Audience `json:"audience,omitempty"` // when it is narrower than that of the resource
	Opens    Date     `json:"opens,omitempty"`    // the day, in UTC, on which it is for all readers of the resource
	Language string   `json:"language,omitempty"` // BCP 47
	Pages    int      `json:"pages,omitempty"`
	Cover    bool     `json:"cover,omitempty"` // there is a picture of the first page
	Text     Reading  `json:"text,omitempty"`
	Note     string   `json:"note,omitempty"` // why it was not read, for curators
	// Parts are the pages in other languages than Language.
	Parts []Part `json:"parts,omitempty"`
	// Recognised tells that some of the text was read from pictures of pages.
	Recognised bool `json:"recognised,omitempty"`
}

// Part is the pages of a file in one language, as first and last page of each
// run, from 1 and in order.
type Part struct {
	Language string   `json:"language"` // BCP 47
	Pages    [][2]int `json:"pages"`
}

// PageLanguage gives the language of a page, "" when it is not known.
func (f *File) PageLanguage(page int) string {
	for _, p := range f.Parts {
		for _, run := range p.Pages {
			if run[0] <= page && page <= run[1] {
				return p.Language
			}
		}
	}
	return f.Language
}

// NotePage adds a page that was found to be in a language to Parts, unless it
// is that of the file. Pages come in order.
func (f *File) NotePage(page int, language string) {
	if language == f.Language || language == "" {
		return
	}
	i := slices.IndexFunc(f.Parts, func(p Part) bool { return p.Language == language })
	if i < 0 {
		i = len(f.Parts)
		f.Parts = append(f.Parts, Part{Language: language})
	}
	runs := f.Parts[i].Pages
	if n := len(runs); n > 0 && runs[n-1][1] == page-1 {
		runs[n-1][1] = page
		return
	}
	f.Parts[i].Pages = append(runs, [2]int{page, page})
}

// Reading says how far the reading of a file's text is.
type Reading string

// The states of reading. A file waits before it is read.
const (
	TextWaiting Reading = ""
	TextRead    Reading = "read"
	TextNone    Reading = "none" // there is none: a scan, a picture
	TextRefused Reading = "refused"
)

// KeyFile is the scheme of the keys by which the resources of a file are found:
// its digest.
const KeyFile = "sha256"

// Blob is an open file: its bytes can be read from any place.
type Blob interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// FilesFor gives the files that a viewer of the resource may know of.
func (r *Resource) FilesFor(v Viewer) []File {
	return slices.DeleteFunc(slices.Clone(r.Files), func(f File) bool {
		return f.Audience != "" && !v.Sees(r.Status, f.Audience)
	})
}

// HasFile tells whether the resource holds a file.
func (r *Resource) HasFile(digest string) bool {
	return slices.ContainsFunc(r.Files, func(f File) bool { return f.Digest == digest })
}

// Task is work that an edit leaves to be done: of a Kind, on a Subject. It
// lasts until it is done, whatever becomes of the process.
type Task struct {
	Kind    string
	Subject string
	Attempt int    // how often it was begun; set by the store
	Error   string // what went wrong the last time; set by the store
}

// TaskRead is the kind of task that reads the text of a file, whose digest is
// the subject.
const TaskRead = "read"
