package store

import (
	"context"
	"database/sql"
	"slices"

	"waymark/library"
)

// Visited notes what a visit to an address found; a later visit that was noted
// before stays.
func (s *Store) Visited(ctx context.Context, v library.Visit) error {
	_, err := s.write.ExecContext(ctx, `INSERT INTO visits (url, state, status, moved, reason, at, since) VALUES ($1, $2, $3, $4, $5, $6, $6)
ON CONFLICT (url) DO UPDATE SET state = $2, status = $3, moved = $4, reason = $5, at = $6,
	since = CASE WHEN visits.state = $2 THEN visits.since ELSE $6 END
WHERE visits.at <= $6`, v.URL, v.State, v.Status, v.Moved, v.Reason, v.At.UnixMicro())
	if err != nil {
		return s.fail(err, "note the visit to %s", v.URL)
	}
	return nil
}

// visited selects visits; scanVisit reads its rows.
const visited = `SELECT url, state, status, moved, reason, at, since FROM visits `

func scanVisit(rows *sql.Rows) (v library.Visit, err error) {
	var at, since int64
	err = rows.Scan(&v.URL, &v.State, &v.Status, &v.Moved, &v.Reason, &at, &since)
	v.At, v.Since = moment(at), moment(since)
	return v, err
}

// Visits gives the last visits to those of the addresses that were ever
// visited. Only the house may ask, for the addresses of records that it shows:
// which address was visited tells what the library holds.
func (s *Store) Visits(ctx context.Context, viewer library.Viewer, urls []string) (map[string]library.Visit, error) {
	if viewer.Role < library.System {
		return nil, library.Errorf(library.Forbidden, "visits are for the house")
	}
	visits := map[string]library.Visit{}
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		for _, url := range urls {
			found, err := collect(ctx, tx, scanVisit, visited+`WHERE url = $1`, url)
			if err != nil {
				return err
			}
			for _, v := range found {
				visits[v.URL] = v
			}
		}
		return nil
	})
	if err != nil {
		return nil, s.fail(err, "read the visits")
	}
	return visits, nil
}

// Broken gives the last visits to the addresses that are broken, those first
// that broke last. Only the house may ask, see Visits.
func (s *Store) Broken(ctx context.Context, viewer library.Viewer) ([]library.Visit, error) {
	if viewer.Role < library.System {
		return nil, library.Errorf(library.Forbidden, "visits are for the house")
	}
	var visits []library.Visit
	err := s.snapshot(ctx, func(tx *sql.Tx) (err error) {
		visits, err = collect(ctx, tx, scanVisit, visited+`WHERE state = $1 OR state = $2 ORDER BY since DESC, url`, string(library.VisitGone), string(library.VisitFailed))
		return err
	})
	if err != nil {
		return nil, s.fail(err, "read the visits to broken addresses")
	}
	return slices.DeleteFunc(visits, func(v library.Visit) bool { return !v.Broken() }), nil
}
