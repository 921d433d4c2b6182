// Package vocabulary holds the words by which the library is ordered:
// countries, regions, topics, categories, languages, organisations and the
// concepts of the field, in the six languages of the United Nations. They are
// CSV files that a librarian can edit in a spreadsheet; this package checks
// them, finds a term by any of its names, and tells in which regions a country
// lies. It is pure: it reads only the embedded files and the fs.FS it is given.
package vocabulary

import (
	"embed"
	"encoding/json"
	"hash/fnv"
	"io/fs"
	"sync/atomic"

	"waymark/library"
)

//go:generate go run ./generate -cldr /tmp/cldr -dir .

//go:embed files
var embedded embed.FS

// Files gives the built-in files, each at the root under its name, to be
// copied and edited; a README.md that explains them is among them.
func Files() fs.FS {
	files, err := fs.Sub(embedded, "files")
	if err != nil {
		panic(err) // only for a path that is no valid name
	}
	return files
}

// Vocabularies are the lists in force. They may be read from many goroutines,
// also while Amend puts other terms into them.
type Vocabularies struct {
	Countries     *List // ISO 3166-1 alpha-2
	Regions       *List // of the field, and the United Nations' M49
	Topics        *List
	Categories    *List // types of resources
	Holdings      *List // what of a work the library holds
	Kinds         *List // what is found: publications, sections of guides
	Languages     *List // BCP 47 primary tags
	Organisations *List
	Concepts      *List // the thesaurus of the field

	holding map[string][]string // country → regions that hold it
	around  map[string][]string // region → regions that hold all its members

	concepts   concepts
	beginnings []beginning // sorted

	amended atomic.Pointer[Vocabularies] // in force instead of these
}

// now gives the vocabularies that are in force.
func (v *Vocabularies) now() *Vocabularies {
	if a := v.amended.Load(); a != nil {
		return a
	}
	return v
}

// Lists gives every list, in the order in which they are shown.
func (v *Vocabularies) Lists() []*List {
	return []*List{v.Countries, v.Regions, v.Topics, v.Categories, v.Languages, v.Organisations, v.Concepts, v.Holdings, v.Kinds}
}

// Field gives the list from which a field of a resource takes its codes, or
// nil for a field that has none.
func (v *Vocabularies) Field(f library.Field) *List {
	switch f {
	case library.FieldCountry:
		return v.Countries
	case library.FieldRegion:
		return v.Regions
	case library.FieldTopic:
		return v.Topics
	case library.FieldCategory:
		return v.Categories
	case library.FieldLanguage:
		return v.Languages
	case library.FieldHeld:
		return v.Holdings
	case library.FieldKind:
		return v.Kinds
	}
	return nil
}

// Digest is a number that differs, but for chance, between vocabularies whose
// files differ in anything: FNV-1a over their terms. Amendments have no part in
// it, since whatever is derived from the vocabularies follows them by edit.
func (v *Vocabularies) Digest() uint64 {
	h := fnv.New64a()
	for _, l := range v.Lists() {
		if err := json.NewEncoder(h).Encode(l.terms); err != nil {
			panic(err) // terms are strings and numbers, and a hash takes all
		}
	}
	return h.Sum64()
}
