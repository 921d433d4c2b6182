package search

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"waymark/library"
)

// Difference is a document that an index has other than the library makes it.
type Difference struct {
	ID   library.ID
	What string // Missing, Outdated or Unknown
}

// What a Difference can be.
const (
	Missing  = "missing"  // the library has it, the index has not
	Outdated = "outdated" // the index has it otherwise
	Unknown  = "unknown"  // the index has it, the library has not
)

// Check compares the index, document by document, with what the library makes
// of its records, and reports each difference in the order of IDs. It gives the
// number of documents that should be there. The index has to be level with the
// library, and the library at rest: an edit made meanwhile is a difference.
func (f *Follower) Check(ctx context.Context, report func(Difference)) (documents int, err error) {
	next := f.stamps(ctx)
	have, err := next()
	if err != nil {
		return 0, err
	}
	more := f.documents(ctx)
	for {
		some, err := more()
		if err != nil {
			return documents, err
		}
		for i := range some {
			d := &some[i]
			documents++
			for have.ID != "" && have.ID < d.ID {
				report(Difference{have.ID, Unknown})
				if have, err = next(); err != nil {
					return documents, err
				}
			}
			if have.ID != d.ID {
				report(Difference{d.ID, Missing})
				continue
			}
			if have.Digest != d.Digest() {
				report(Difference{d.ID, Outdated})
			}
			if have, err = next(); err != nil {
				return documents, err
			}
		}
		if len(some) == 0 {
			break
		}
	}
	for have.ID != "" {
		report(Difference{have.ID, Unknown})
		if have, err = next(); err != nil {
			return documents, err
		}
	}
	return documents, nil
}

// documents goes through what the index should have, some at a time in the
// order of IDs over all kinds; at the end it gives none.
func (f *Follower) documents(ctx context.Context) func() ([]Document, error) {
	kinds := f.kinds()
	after, left := make([]library.ID, len(kinds)), make([][]Document, len(kinds))
	ended := make([]bool, len(kinds))
	return func() ([]Document, error) {
		var reach library.ID // up to which every kind has been read
		for i, kind := range kinds {
			for len(left[i]) == 0 && !ended[i] {
				entries, err := f.Library.Scan(ctx, library.House(), kind, after[i], scanSize)
				if err != nil {
					return nil, fmt.Errorf("read the library: %w", err)
				}
				if ended[i] = len(entries) == 0; ended[i] {
					break
				}
				after[i] = entries[len(entries)-1].ID
				b, err := f.describe(ctx, entries)
				if err != nil {
					return nil, err
				}
				left[i] = whole(b.Documents)
			}
			if n := len(left[i]); n > 0 && (reach == "" || left[i][n-1].ID < reach) {
				reach = left[i][n-1].ID
			}
		}
		var some []Document
		for i := range kinds {
			n := 0
			for n < len(left[i]) && left[i][n].ID <= reach {
				n++
			}
			some = append(some, left[i][:n]...)
			left[i] = left[i][n:]
		}
		slices.SortFunc(some, func(a, b Document) int { return strings.Compare(string(a.ID), string(b.ID)) })
		return some, nil
	}
}

// whole keeps the last document of each ID: the house finds that of a resource
// which has all files.
func whole(documents []Document) []Document {
	var out []Document
	for i, d := range documents {
		if i+1 == len(documents) || documents[i+1].ID != d.ID {
			out = append(out, d)
		}
	}
	return out
}

// stamps goes through the documents of the index one by one; the last is empty.
func (f *Follower) stamps(ctx context.Context) func() (Stamp, error) {
	var read []Stamp
	var last library.ID
	return func() (Stamp, error) {
		if len(read) == 0 {
			var err error
			if read, err = f.Index.Stamps(ctx, library.House(), last, scanSize); err != nil || len(read) == 0 {
				return Stamp{}, err
			}
		}
		s := read[0]
		read, last = read[1:], s.ID
		return s, nil
	}
}
