// Package shelf keeps the entries of a few kinds at hand for capabilities that
// read them whole: it tells what was changed since it was asked last.
package shelf

import (
	"context"
	"fmt"

	"waymark/library"
)

// Store is what a shelf reads. A limit of 0 is none. Newer gives the entries of
// kinds that were changed after an edit, as they stand, with the number of the
// last edit.
type Store interface {
	Seq(ctx context.Context) (int64, error)
	Scan(ctx context.Context, v library.Viewer, kind library.Kind, after library.ID, limit int) ([]library.Entry, error)
	Newer(ctx context.Context, v library.Viewer, kinds []library.Kind, after int64) ([]library.Entry, int64, error)
}

// Shelf remembers up to which edit it has told. It is not safe for use by
// several goroutines: its owner has a lock.
type Shelf struct {
	Store Store
	Kinds []library.Kind

	seq   int64
	ready bool
}

// Level gives every entry of the kinds at first, and later those that were
// changed since; moved tells whether any edit came, of whatever kind. When take
// fails, the next call gives the same entries again. What is derived from them
// is for the house: a capability gates it by viewer when it gives it out.
func (s *Shelf) Level(ctx context.Context, take func(library.Entry) error) (moved bool, err error) {
	var changed []library.Entry
	var seq int64
	if s.ready {
		if changed, seq, err = s.Store.Newer(ctx, library.House(), s.Kinds, s.seq); err != nil {
			return false, fmt.Errorf("follow the entries of %v: %w", s.Kinds, err)
		}
	} else {
		// The number first: what changes during the scan is followed next time.
		if seq, err = s.Store.Seq(ctx); err != nil {
			return false, fmt.Errorf("read the entries of %v: %w", s.Kinds, err)
		}
		for _, kind := range s.Kinds {
			entries, err := s.Store.Scan(ctx, library.House(), kind, "", 0)
			if err != nil {
				return false, fmt.Errorf("read the entries of kind %s: %w", kind, err)
			}
			changed = append(changed, entries...)
		}
	}
	for _, e := range changed {
		if err := take(e); err != nil {
			return false, err
		}
	}
	moved = !s.ready || seq != s.seq
	s.seq, s.ready = seq, true
	return moved, nil
}

// Seq is the number of the last edit that was told of.
func (s *Shelf) Seq() int64 { return s.seq }
