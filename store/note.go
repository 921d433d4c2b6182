package store

import (
	"context"
	"database/sql"

	"waymark/library"
)

// forHouse refuses all but the house, on whose behalf the desk asks once it
// knows that a person may.
func forHouse(v library.Viewer) error {
	if v.Role < library.System {
		return library.Errorf(library.Forbidden, "this is for the house")
	}
	return nil
}

// AddNote keeps a note.
func (s *Store) AddNote(ctx context.Context, viewer library.Viewer, n library.Note) error {
	if err := forHouse(viewer); err != nil {
		return err
	}
	if _, err := s.write.ExecContext(ctx, `INSERT INTO notes (id, subject, author, address, lang, body, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		string(n.ID), string(n.Subject), n.Author, n.Address, n.Lang, n.Text, n.At.UnixMicro()); err != nil {
		return s.fail(err, "keep a note on %s", n.Subject)
	}
	return nil
}

// Notes gives the notes on a record, the first first.
func (s *Store) Notes(ctx context.Context, viewer library.Viewer, subject library.ID) ([]library.Note, error) {
	if err := forHouse(viewer); err != nil {
		return nil, err
	}
	return s.notes(ctx, `subject = $1`, string(subject))
}

func (s *Store) notes(ctx context.Context, which string, value any) ([]library.Note, error) {
	var notes []library.Note
	err := s.snapshot(ctx, func(tx *sql.Tx) (err error) {
		notes, err = collect(ctx, tx, func(rows *sql.Rows) (n library.Note, err error) {
			var at int64
			err = rows.Scan(&n.ID, &n.Subject, &n.Author, &n.Address, &n.Lang, &n.Text, &at)
			n.At = moment(at)
			return n, err
		}, `SELECT id, subject, author, address, lang, body, at FROM notes WHERE `+which+` ORDER BY at, id`, value)
		return err
	})
	if err != nil {
		return nil, s.fail(err, "read notes")
	}
	return notes, nil
}

// ForgetAddresses forgets how to reach those who handed a record in without an
// account. What they said stays.
func (s *Store) ForgetAddresses(ctx context.Context, viewer library.Viewer, subject library.ID) error {
	if err := forHouse(viewer); err != nil {
		return err
	}
	if _, err := s.write.ExecContext(ctx, `UPDATE notes SET address = '', lang = '' WHERE subject = $1`, string(subject)); err != nil {
		return s.fail(err, "forget addresses of %s", subject)
	}
	return nil
}
