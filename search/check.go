package search

import (
	"context"
	"fmt"

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
	for after := library.ID(""); ; {
		entries, err := f.Library.Scan(ctx, library.House(), library.KindResource, after, scanSize)
		if err != nil {
			return documents, fmt.Errorf("read the library: %w", err)
		}
		b, err := f.describe(ctx, entries)
		if err != nil {
			return documents, err
		}
		for i := range b.Documents {
			d := &b.Documents[i]
			if i+1 < len(b.Documents) && b.Documents[i+1].ID == d.ID {
				continue // the house finds the last of a resource, which has all files
			}
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
		if len(entries) == 0 {
			break
		}
		after = entries[len(entries)-1].ID
	}
	for have.ID != "" {
		report(Difference{have.ID, Unknown})
		if have, err = next(); err != nil {
			return documents, err
		}
	}
	return documents, nil
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
