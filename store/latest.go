package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"sync"

	"waymark/library"
)

// changed is an entry that has a key, with when it was changed.
type changed struct {
	candidate
	at int64
}

// standings keeps, for the few keys that are asked for again and again, which
// entries have them, until the next edit.
type standings struct {
	mu   sync.Mutex
	seq  int64 // of the last edit of what is kept
	have map[standing][]changed
}

type standing struct {
	kind library.Kind
	key  library.Key
}

// of gives what stands after an edit under a key, read where it is not kept;
// the last changed first. It belongs to all who ask.
func (s *standings) of(seq int64, of standing, read func() ([]changed, error)) ([]changed, error) {
	s.mu.Lock()
	all, ok := s.have[of]
	ok = ok && s.seq == seq
	s.mu.Unlock()
	if ok {
		return all, nil
	}
	all, err := read()
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b changed) int { return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.id, a.id)) })
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seq < seq || s.have == nil {
		s.seq, s.have = seq, map[standing][]changed{}
	}
	if s.seq == seq {
		s.have[of] = all
	}
	return all, nil
}

// Latest gives the entries of a kind that have a key and that the viewer sees,
// those that changed last first and then by ID from the last, and how many there
// are. At most limit are read, none for 0: the others cost a row each. Merged
// and withdrawn entries are left out.
func (s *Store) Latest(ctx context.Context, viewer library.Viewer, kind library.Kind, key library.Key, limit int) ([]library.Entry, int, error) {
	var entries []library.Entry
	var all []changed
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		var seq int64
		if err := tx.QueryRowContext(ctx, `SELECT seq FROM clock WHERE id = 1`).Scan(&seq); err != nil {
			return err
		}
		found, err := s.standing.of(seq, standing{kind, key}, func() ([]changed, error) {
			return collect(ctx, tx, func(rows *sql.Rows) (c changed, err error) {
				return c, rows.Scan(&c.id, &c.status, &c.audience, &c.at)
			}, `SELECT e.id, e.status, e.audience, e.updated FROM keys k CROSS JOIN entries e
WHERE k.scheme = $1 AND k.value = $2 AND e.id = k.entry AND e.kind = $3`, key.Scheme, key.Value, string(kind))
		})
		if err != nil {
			return err
		}
		for _, c := range found {
			if !ended(c.status) && viewer.Sees(c.status, c.audience) {
				all = append(all, c)
			}
		}
		var ids []library.ID
		for _, c := range all[:min(limit, len(all))] {
			ids = append(ids, c.id)
		}
		if len(ids) > 0 {
			entries, err = entriesIn(ctx, tx, viewer, ids)
		}
		return err
	})
	if err != nil {
		return nil, 0, s.fail(err, "look for the latest entries of kind %s by %s", kind, key.Scheme)
	}
	return entries, len(all), nil
}
