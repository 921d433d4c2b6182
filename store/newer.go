package store

import (
	"context"
	"database/sql"
	"strconv"

	"waymark/library"
)

// Newer gives the entries of some kinds that were changed after an edit, as
// they stand, those the viewer sees; with them comes the number of the last
// edit that was looked at, to go on from. It is for a reader that keeps such
// entries at hand: what other kinds changed costs it little.
func (s *Store) Newer(ctx context.Context, viewer library.Viewer, kinds []library.Kind, after int64) ([]library.Entry, int64, error) {
	var entries []library.Entry
	var seq int64
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT seq FROM clock WHERE id = 1`).Scan(&seq); err != nil || seq == after || len(kinds) == 0 {
			return err
		}
		args := []any{after}
		list := ""
		for i, k := range kinds {
			if i > 0 {
				list += ", "
			}
			args = append(args, string(k))
			list += "$" + strconv.Itoa(len(args))
		}
		found, err := collect(ctx, tx, scanEntry, current+`WHERE r.seq > $1 AND e.kind IN (`+list+`) ORDER BY e.id`, args...)
		for _, e := range found {
			if viewer.Sees(e.Status, e.Audience) {
				entries = append(entries, e)
			}
		}
		return err
	})
	if err != nil {
		return nil, 0, s.fail(err, "read what changed after edit %d", after)
	}
	return entries, seq, nil
}
