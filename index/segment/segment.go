// Package segment is one immutable part of the embedded search index: some
// documents with their words, places, facet columns and orders in one file,
// which is written once, mapped into memory and read in place.
//
// A file begins with a mark and its format version; then come the sections,
// the CRC-32C of every page of 64 KiB of them, a table of contents in JSON and
// a tail that finds and guards the table. Numbers are little-endian. A page is
// checked when it is first read, so that opening costs no more for a large
// file than for a small one and damage is never served.
package segment

import (
	"encoding/binary"
	"fmt"
	"sort"
	"strings"

	"github.com/blevesearch/vellum"

	"waymark/library"
	"waymark/search"
)

// Version is the format of the files. A file of another version is not read:
// the index is derived, and is built anew from the library.
const Version = 2

// The parts of a document that words are found in, best first.
const (
	InTitle = iota
	InConcepts
	InAuthors
	InAbstract
	InText // of its files
	Parts
)

// Class is what a viewer's right to see a document depends on, with the number
// of its documents and their lengths in each part.
type Class struct {
	search.Sight
	Docs  int          `json:"docs"`
	Words [Parts]int64 `json:"words"`
}

// Segment is an open segment. Documents are numbered from 0 in the order of
// their IDs. What its methods give lies in the file's memory and must not be
// used after Close. It is safe for concurrent use. A method panics with
// *Damaged when the file does not hold what was written; see Guard.
type Segment struct {
	file
	contents
	terms, families, names *vellum.FST
	shapes                 []Shape
}

// contents is the table of contents.
type contents struct {
	Documents int                 `json:"documents"`
	Sections  map[string][2]int64 `json:"sections"` // first byte and length
	Classes   []Class             `json:"classes"`
	Average   [Parts]float64      `json:"average"` // words of a document, by which the maxima were computed
	Keys      [3]int64            `json:"keys"`    // bytes of all keys of terms, families and names
}

// Docs gives the number of documents.
func (s *Segment) Docs() int { return s.Documents }

// Size gives the bytes of the file.
func (s *Segment) Size() int64 { return int64(len(s.data)) }

// Key gives the key of a document.
func (s *Segment) Key(doc uint32) string { return string(s.strings("id").at(int(doc))) }

// ID gives the ID of the resource that a document is.
func (s *Segment) ID(doc uint32) library.ID {
	id, _, _ := strings.Cut(s.Key(doc), search.KeySign)
	return library.ID(id)
}

// Find gives the number of the document with a key, or that of the first behind it.
func (s *Segment) Find(key string) (doc uint32, ok bool) {
	ids := s.strings("id")
	n := sort.Search(s.Documents, func(i int) bool { return string(ids.at(i)) >= key })
	return uint32(n), n < s.Documents && string(ids.at(n)) == key
}

// Title gives what a document is ordered by among titles.
func (s *Segment) Title(doc uint32) string { return string(s.strings("title").at(int(doc))) }

// Date gives what a document is ordered by among dates.
func (s *Segment) Date(doc uint32) library.Date {
	return library.Date(s.strings("date").at(int(doc)))
}

// Digest gives the digest of a document as it was indexed.
func (s *Segment) Digest(doc uint32) uint64 {
	return binary.LittleEndian.Uint64(s.section("digest")[8*int(doc):])
}

// ClassOf gives the places of the documents' classes in Classes, one byte each.
func (s *Segment) ClassOf() []byte { return s.section("class")[:s.Documents] }

// LengthOf gives the length that a number of words of a part is kept as: the
// text of files, which may be long, is counted in sixteens of words, the other
// parts by the word. More than 65,535 count as that.
func LengthOf(part, words int) int {
	if part == InText {
		words = (words + textUnit - 1) / textUnit
	}
	return min(words, 1<<16-1)
}

const textUnit = 16

// Lengths gives the length of each document in each part.
func (s *Segment) Lengths() Lengths { return Lengths(s.section("lengths")[:2*Parts*s.Documents]) }

// Lengths are the lengths of documents in each part (see LengthOf), 16 bits each.
type Lengths []byte

// Of gives the length of a document in a part.
func (l Lengths) Of(doc uint32, part int) int {
	return int(binary.LittleEndian.Uint16(l[2*(Parts*int(doc)+part):]))
}

// Numbers is a list of 32-bit numbers in the file.
type Numbers []byte

// At gives the i-th number.
func (n Numbers) At(i int) uint32 { return binary.LittleEndian.Uint32(n[4*i:]) }

// Len gives how many numbers there are.
func (n Numbers) Len() int { return len(n) / 4 }

func (s *Segment) numbers(section string) Numbers { return Numbers(s.section(section)) }

// Order is the documents in an order and, the other way round, their places.
type Order struct{ Docs, Places Numbers }

// ByTitle gives the order by title, then by ID, latest first.
func (s *Segment) ByTitle() Order { return s.order("by-title") }

// Newest gives the order by date, latest first, then by ID, latest first.
func (s *Segment) Newest() Order { return s.order("newest") }

func (s *Segment) order(name string) Order {
	o := Order{s.numbers(name), s.numbers(name + ".places")}
	if o.Docs.Len() != s.Documents || o.Places.Len() != s.Documents {
		s.damaged("an order has another length than the documents")
	}
	return o
}

// texts is a list of strings: where each ends, then all of them.
type texts struct {
	ends Numbers
	data []byte
}

func (s *Segment) strings(name string) texts {
	return texts{s.numbers(name + ".ends"), s.section(name)}
}

func (t texts) at(i int) []byte {
	start := uint32(0)
	if i > 0 {
		start = t.ends.At(i - 1)
	}
	return t.data[start:t.ends.At(i)]
}

func (t texts) len() int { return t.ends.Len() }

// Damaged says that a file does not hold what was once written to it, or is of
// another format.
type Damaged struct {
	Path string
	What string

	Unexpected bool // it showed as a reader running out of its bounds
}

// Error names the file and what is wrong with it.
func (d *Damaged) Error() string { return fmt.Sprintf("index segment %s: %s", d.Path, d.What) }
