package store

import (
	"context"
	"database/sql"
	"math"
	"time"

	"waymark/library"
)

// everyone is the viewer for whom notices are kept: one who is not known.
var everyone = library.Viewer{}

// notice keeps what everyone may know of the resources of an edit. A change of
// an agent changes what the records say that name it.
func (w *writing) notice(changes []*library.Change, at int64) error {
	for _, c := range changes {
		e := c.Entry
		var err error
		switch {
		case e.Kind == library.KindAgent && c.Read > 0:
			_, err = w.exec(`UPDATE notices SET at = $1 WHERE shown AND entry IN (SELECT entry FROM keys WHERE scheme = $2 AND value = $3)`,
				at, library.KeyAgent, string(e.ID))
		case e.Kind != library.KindResource:
		case everyone.Sees(e.Status, e.Audience):
			_, err = w.exec(`INSERT INTO notices (entry, version, at, shown) VALUES ($1, $2, $3, TRUE)
ON CONFLICT (entry) DO UPDATE SET version = excluded.version, at = excluded.at, shown = TRUE`, string(e.ID), e.Version, at)
		case c.Read > 0:
			_, err = w.exec(`UPDATE notices SET at = $1, shown = FALSE WHERE entry = $2 AND shown`, at, string(e.ID))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// noticed selects notices with the revision that everyone may read; scanNotice
// reads its rows.
const noticed = `SELECT e.id, e.kind, r.version, r.status, r.audience, e.created, n.at, n.shown, r.body, e.status, e.audience
FROM notices n JOIN entries e ON e.id = n.entry JOIN revisions r ON r.entry = n.entry AND r.version = n.version `

func scanNotice(rows *sql.Rows) (library.Notice, error) {
	var n library.Notice
	var created, at int64
	var shown bool
	var now library.Entry
	e := &n.Entry
	err := rows.Scan(&e.ID, &e.Kind, &e.Version, &e.Status, &e.Audience, &created, &at, &shown, (*[]byte)(&e.Body), &now.Status, &now.Audience)
	n.At, e.Created, e.Updated = moment(at), moment(created), moment(at)
	n.Gone = !shown || !everyone.Sees(now.Status, now.Audience)
	if err != nil {
		return n, err
	}
	switch open := everyone.Sees(e.Status, e.Audience); {
	case !open: // the row is wrong: it tells no more than that there is one
		n.Gone, e.Body = true, []byte("{}")
	case n.Gone:
		err = n.Clear()
	}
	return n, err
}

// Notices gives the notices behind a place and before a time, in order, at most
// limit. An edit that is committed later than the reading comes behind all that
// was read. The zero time is no bound. They are for everyone: nothing is given
// that a reader without a name may not see, or could not before.
func (s *Store) Notices(ctx context.Context, after library.Mark, before time.Time, limit int) ([]library.Notice, error) {
	var notices []library.Notice
	from, until := bounds(after, before)
	err := s.snapshot(ctx, func(tx *sql.Tx) (err error) {
		notices, err = collect(ctx, tx, scanNotice,
			noticed+`WHERE (n.at, n.entry) > ($1, $2) AND n.at < $3 ORDER BY n.at, n.entry LIMIT $4`, from, string(after.ID), until, limit)
		return err
	})
	if err != nil {
		return nil, s.fail(err, "read the notices after %s", after.ID)
	}
	return notices, nil
}

// bounds gives two times as the columns have them.
func bounds(after library.Mark, before time.Time) (from, until int64) {
	from, until = -1, math.MaxInt64
	if !after.At.IsZero() {
		from = after.At.UnixMicro()
	}
	if !before.IsZero() {
		until = before.UnixMicro()
	}
	return from, until
}

// Notice gives the notice of one resource, and NotFound when it never was open
// to everyone.
func (s *Store) Notice(ctx context.Context, id library.ID) (library.Notice, error) {
	var notices []library.Notice
	err := s.snapshot(ctx, func(tx *sql.Tx) (err error) {
		notices, err = collect(ctx, tx, scanNotice, noticed+`WHERE n.entry = $1`, string(id))
		if err == nil && len(notices) == 0 {
			err = library.Errorf(library.NotFound, "everyone knows of no entry %s", id)
		}
		return err
	})
	if err != nil {
		return library.Notice{}, s.fail(err, "read the notice of %s", id)
	}
	return notices[0], nil
}

// CountNotices counts the notices behind a place and before a time.
func (s *Store) CountNotices(ctx context.Context, after library.Mark, before time.Time) (int, error) {
	n := 0
	from, until := bounds(after, before)
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM notices WHERE (at, entry) > ($1, $2) AND at < $3`,
			from, string(after.ID), until).Scan(&n)
	})
	if err != nil {
		return 0, s.fail(err, "count the notices after %s", after.ID)
	}
	return n, nil
}

// Stretches cuts the resources that are open to everyone into runs of a size.
func (s *Store) Stretches(ctx context.Context, size int) ([]library.Stretch, error) {
	var stretches []library.Stretch
	scan := func(rows *sql.Rows) (p library.Stretch, err error) {
		var at int64
		err = rows.Scan(&p.First, &p.Last, &at)
		p.Changed = moment(at)
		return p, err
	}
	err := s.snapshot(ctx, func(tx *sql.Tx) (err error) {
		stretches, err = collect(ctx, tx, scan, `SELECT MIN(entry), MAX(entry), MAX(at)
FROM (SELECT entry, at, (ROW_NUMBER() OVER (ORDER BY entry) - 1) / $1 AS part FROM notices WHERE shown) AS numbered
GROUP BY part ORDER BY part`, size)
		return err
	})
	if err != nil {
		return nil, s.fail(err, "cut the library into stretches of %d", size)
	}
	return stretches, nil
}

// Shown gives the resources that are open to everyone from an ID on, in the
// order of their IDs, at most limit.
func (s *Store) Shown(ctx context.Context, from library.ID, limit int) ([]library.Shown, error) {
	var all []library.Shown
	scan := func(rows *sql.Rows) (one library.Shown, err error) {
		var at int64
		err = rows.Scan(&one.ID, &at)
		one.At = moment(at)
		return one, err
	}
	err := s.snapshot(ctx, func(tx *sql.Tx) (err error) {
		all, err = collect(ctx, tx, scan, `SELECT entry, at FROM notices WHERE entry >= $1 AND shown ORDER BY entry LIMIT $2`, string(from), limit)
		return err
	})
	if err != nil {
		return nil, s.fail(err, "list what everyone may read from %s", from)
	}
	return all, nil
}
