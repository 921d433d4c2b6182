package store

import (
	"context"
	"database/sql"
	"slices"
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

// Places tells of entries, without their bodies, where they stand: those the
// viewer sees, by the ID that was asked for. An entry that was merged is told
// of as the one that took it in.
func (s *Store) Places(ctx context.Context, viewer library.Viewer, ids []library.ID) (map[library.ID]library.Entry, error) {
	scan := func(rows *sql.Rows) (e library.Entry, err error) {
		return e, rows.Scan(&e.ID, &e.Kind, &e.Version, &e.Status, &e.Audience, &e.MergedInto)
	}
	found := make(map[library.ID]library.Entry, len(ids))
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		known := map[library.ID]library.Entry{}
		for ask := ids; len(ask) > 0; {
			var next []library.ID
			for some := range slices.Chunk(ask, askSize) {
				args := make([]any, len(some))
				for i, id := range some {
					args[i] = string(id)
				}
				entries, err := collect(ctx, tx, scan, `SELECT id, kind, version, status, audience, merged_into FROM entries WHERE id IN (`+values(len(some), 1)+`)`, args...)
				if err != nil {
					return err
				}
				for _, e := range entries {
					known[e.ID] = e
					if _, seen := known[e.MergedInto]; e.MergedInto != "" && !seen {
						next = append(next, e.MergedInto)
					}
				}
			}
			ask = next
		}
		for _, id := range ids {
			e, ok := known[id]
			for steps := 0; ok && e.Status == library.Merged && steps < len(known); steps++ {
				e, ok = known[e.MergedInto]
			}
			if ok && viewer.Sees(e.Status, e.Audience) {
				found[id] = e
			}
		}
		return nil
	})
	if err != nil {
		return nil, s.fail(err, "tell where %d entries stand", len(ids))
	}
	return found, nil
}
