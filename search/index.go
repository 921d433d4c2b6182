package search

import (
	"context"
	"hash/fnv"
	"io"
	"strconv"
	"strings"

	"waymark/library"
	"waymark/vocabulary"
)

// Passage is a piece of text with its language, which decides its stems.
type Passage struct {
	Lang string // BCP 47; empty when unknown
	Text string
}

// Document is a resource as an engine indexes it: texts to find it by and
// columns to count and choose it by. It holds no text to show: what a reader
// sees is read from the store.
type Document struct {
	ID library.ID
	Sight

	Titles    []Passage // every title and form of it
	Concepts  []Passage // labels of its topics, places and category
	Authors   []Author
	Abstracts []Passage
	Texts     []FileText

	Values map[library.Field][]string // facet values; regions widened by member countries; no year
	Date   library.Date
	Title  string // folded, for the order by title
}

// Author is a contributor with the names it is found by.
type Author struct {
	Value string    // in Values[FieldAuthor]
	Names []Passage // names in every language, other forms and the acronym
}

// Sight is what a viewer's right to find a document depends on. A resource with
// files for other readers than its own is several documents, one for each group
// of readers that sees others of its files: whoever sees the resource finds one
// of them, and nothing of what they do not see has a part in it.
type Sight struct {
	Status   library.Status   `json:"status"`
	Audience library.Audience `json:"audience"`
	With     string           `json:"with,omitempty"`    // audiences to all of which a viewer belongs
	Without  string           `json:"without,omitempty"` // audiences to none of which a viewer belongs
}

// KeySign stands between the ID of a document and the audiences that tell it
// from others of the same resource; both lists of a Sight are joined by it.
const KeySign = "+"

// Sees tells whether a viewer finds documents of this sight.
func (s Sight) Sees(v library.Viewer) bool {
	belongs := func(list string) (some, all bool) {
		all = true
		for a := range strings.SplitSeq(list, KeySign) {
			if a != "" {
				one := v.Sees(s.Status, library.Audience(a))
				some, all = some || one, all && one
			}
		}
		return some, all
	}
	_, with := belongs(s.With)
	without, _ := belongs(s.Without)
	return v.Sees(s.Status, s.Audience) && with && !without
}

// Key tells the document from all others of an index; those of one resource
// follow each other in the order of keys.
func (d *Document) Key() string {
	if d.With == "" {
		return string(d.ID)
	}
	return string(d.ID) + KeySign + d.With
}

// FileText is the text of a file by pages.
type FileText struct {
	File  string // its digest
	Pages []PageText
}

// PageText is the text of a page with its number in the file.
type PageText struct {
	Number int
	Passage
}

// Text gives the text of all pages of all files.
func (d *Document) Text() []Passage {
	var all []Passage
	for _, f := range d.Texts {
		for _, p := range f.Pages {
			all = append(all, p.Passage)
		}
	}
	return all
}

// Digest is a number that differs, but for chance, between documents that
// differ in anything: FNV-1a over all they hold.
func (d *Document) Digest() uint64 {
	h := fnv.New64a()
	add := func(ss ...string) {
		for _, s := range ss {
			io.WriteString(h, s)
			h.Write([]byte{0})
		}
	}
	passages := func(ps []Passage) {
		for _, p := range ps {
			add(p.Lang, p.Text)
		}
		add("")
	}
	add(string(d.ID), string(d.Status), string(d.Audience), d.With, d.Without, string(d.Date), d.Title)
	passages(d.Titles)
	passages(d.Concepts)
	passages(d.Abstracts)
	for _, a := range d.Authors {
		add(a.Value)
		passages(a.Names)
	}
	for _, t := range d.Texts {
		add(t.File)
		for _, p := range t.Pages {
			add(strconv.Itoa(p.Number), p.Lang, p.Text)
		}
	}
	for _, f := range library.Facets() {
		add(string(f))
		add(d.Values[f]...)
	}
	return h.Sum64()
}

// Batch is what changed in the library up to an edit.
type Batch struct {
	Documents []Document   // new or changed; they replace what has their ID
	Remove    []library.ID // gone from the library
	Seq       int64        // the last edit that the batch contains
}

// Index is a search engine. Every count and order it gives is exact and holds
// only what the viewer may see; hits of equal rank are ordered by ID, latest
// first. It is safe for concurrent use: a search sees whole batches only.
type Index interface {
	// Apply takes in a batch: it replaces documents with the same ID. Applying
	// a batch again changes nothing.
	Apply(ctx context.Context, b Batch) error
	// Search answers a query, whose text asks what its Expression says. A facet's own
	// choice does not narrow its own counts. A page past the end has no hits.
	Search(ctx context.Context, v library.Viewer, q Query) (Result, error)
	// Seq gives the last edit that has been applied.
	Seq() int64
	// Stamps gives the documents that the viewer sees in the order of their
	// IDs, after one, at most limit.
	Stamps(ctx context.Context, v library.Viewer, after library.ID, limit int) ([]Stamp, error)
	// Complete offers titles and authors for folded words, joined by spaces, of
	// which the last may be begun only, at least limit of each if there are so
	// many, and counts terms. It counts and offers only what the viewer sees.
	Complete(ctx context.Context, v library.Viewer, words string, terms []vocabulary.FieldTerm, limit int) (Completions, error)
}

// Stamp is a document in an index: its ID and the Digest with which it was
// applied.
type Stamp struct {
	ID     library.ID
	Digest uint64
}

// Result is what an engine answers.
type Result struct {
	Total  int // exact number of matches
	Hits   []Hit
	Facets map[library.Field][]Count // exact, highest count first, then by value; the year among them

	// Suggestion is the text with misspelt words replaced by near ones that
	// the viewer's documents have, when the text itself matches none of them.
	Suggestion string
}

// Hit is one match: its ID and its rank (BM25, higher is better; 0 without words).
type Hit struct {
	ID    library.ID
	Score float64
	Pages []PageHit // of its files, that answer the words best; best first
	Found int       // pages that have any of the words
}

// PageHit is a page of a file.
type PageHit struct {
	File string // digest
	Page int    // from 1
}

// Count is the number of matches that have a value in a facet.
type Count struct {
	Value string
	Count int
}
