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
	Language string   `json:"language,omitempty"` // BCP 47
	Pages    int      `json:"pages,omitempty"`
	Cover    bool     `json:"cover,omitempty"` // there is a picture of the first page
	Text     Reading  `json:"text,omitempty"`
	Note     string   `json:"note,omitempty"` // why it was not read, for curators
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
