package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"waymark/library"
)

// changed is an entry that has a key, with when it was changed.
type changed struct {
	candidate
	at int64
}

// Latest gives the entries of a kind that have a key and that the viewer sees,
// those that changed last first and then by ID from the last, and how many there
// are. At most limit are read, none for 0: the others cost a row each. Merged
// and withdrawn entries are left out.
func (s *Store) Latest(ctx context.Context, viewer library.Viewer, kind library.Kind, key library.Key, limit int) ([]library.Entry, int, error) {
	var entries []library.Entry
	var all []changed
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		found, err := collect(ctx, tx, func(rows *sql.Rows) (c changed, err error) {
			return c, rows.Scan(&c.id, &c.status, &c.audience, &c.at)
		}, `SELECT e.id, e.status, e.audience, e.updated FROM keys k JOIN entries e ON e.id = k.entry
WHERE k.scheme = $1 AND k.value = $2 AND e.kind = $3`, key.Scheme, key.Value, string(kind))
		if err != nil {
			return err
		}
		for _, c := range found {
			if !ended(c.status) && viewer.Sees(c.status, c.audience) {
				all = append(all, c)
			}
		}
		slices.SortFunc(all, func(a, b changed) int { return cmp.Or(cmp.Compare(b.at, a.at), cmp.Compare(b.id, a.id)) })
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
