package store

import (
	"context"
	"database/sql"

	"waymark/library"
)

// AddUsage adds counts to those that are kept, all or none.
func (s *Store) AddUsage(ctx context.Context, counts []library.Usage) error {
	if len(counts) == 0 {
		return nil
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return s.fail(err, "keep the counts of use")
	}
	defer tx.Rollback() // after a commit it does nothing
	for _, c := range counts {
		if _, err := tx.ExecContext(ctx, `INSERT INTO usage_counts (entry, month, views, downloads) VALUES ($1, $2, $3, $4)
ON CONFLICT (entry, month) DO UPDATE SET views = usage_counts.views + excluded.views, downloads = usage_counts.downloads + excluded.downloads`,
			string(c.Entry), c.Month, c.Views, c.Downloads); err != nil {
			return s.fail(err, "keep the counts of use")
		}
	}
	if err := tx.Commit(); err != nil {
		return s.fail(err, "keep the counts of use")
	}
	return nil
}

// Usage gives how often each month a record was used that the viewer sees, and
// those that were merged into it, which count as the record itself; of one, or of
// all when that is "". They come by record, then by month.
func (s *Store) Usage(ctx context.Context, viewer library.Viewer, id library.ID) ([]library.Usage, error) {
	var counts []library.Usage
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT e.id, e.status, e.audience, u.month, SUM(u.views), SUM(u.downloads)
FROM usage_counts u JOIN entries o ON o.id = u.entry
JOIN entries e ON e.id = CASE WHEN o.status = 'merged' THEN o.merged_into ELSE o.id END
WHERE $1 = '' OR e.id = $1 GROUP BY e.id, e.status, e.audience, u.month ORDER BY e.id, u.month`, string(id))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var c library.Usage
			var status library.Status
			var audience library.Audience
			if err := rows.Scan(&c.Entry, &status, &audience, &c.Month, &c.Views, &c.Downloads); err != nil {
				return err
			}
			if viewer.Sees(status, audience) {
				counts = append(counts, c)
			}
		}
		return rows.Err()
	})
	if err != nil {
		return nil, s.fail(err, "read the counts of use")
	}
	return counts, nil
}
