package store

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"

	"waymark/library"
)

// Appeared gives the entries of a kind that the viewer sees since the edits
// after a number, up to another, and did not see before: those that appeared
// last come first, at most limit.
func (s *Store) Appeared(ctx context.Context, viewer library.Viewer, kind library.Kind, after, upTo int64, limit int) ([]library.ID, error) {
	var ids []library.ID
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT r.entry, r.seq, r.status, r.audience, e.status, e.audience
FROM revisions r JOIN entries e ON e.id = r.entry
WHERE e.kind = $1 AND r.entry IN (SELECT entry FROM revisions WHERE seq > $2 AND seq <= $3) AND r.seq <= $3 ORDER BY r.entry, r.seq`, string(kind), after, upTo)
		if err != nil {
			return err
		}
		defer rows.Close()
		first := map[library.ID]int64{} // edit by which each came to be seen
		for rows.Next() {
			var e struct {
				id              library.ID
				seq             int64
				status, stands  library.Status
				audience, still library.Audience
			}
			if err := rows.Scan(&e.id, &e.seq, &e.status, &e.audience, &e.stands, &e.still); err != nil {
				return err
			}
			if _, seen := first[e.id]; !seen && viewer.Sees(e.status, e.audience) && viewer.Sees(e.stands, e.still) {
				first[e.id] = e.seq
			}
		}
		ids = newest(first, after, limit)
		return rows.Err()
	})
	if err != nil {
		return nil, s.fail(err, "read what appeared after edit %d", after)
	}
	return ids, nil
}

// newest gives those that came to be seen after an edit, the last first.
func newest(first map[library.ID]int64, after int64, limit int) []library.ID {
	maps.DeleteFunc(first, func(_ library.ID, seq int64) bool { return seq <= after })
	ids := slices.SortedFunc(maps.Keys(first), func(a, b library.ID) int {
		return cmp.Or(cmp.Compare(first[b], first[a]), cmp.Compare(a, b))
	})
	return ids[:min(len(ids), limit)]
}
