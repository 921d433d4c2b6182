package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"waymark/library"
)

// NewsMark tells how far news have been made.
func (s *Store) NewsMark(ctx context.Context, viewer library.Viewer) (m library.NewsMark, err error) {
	if err := forHouse(viewer); err != nil {
		return m, err
	}
	var note int64
	err = s.read.QueryRowContext(ctx, `SELECT (SELECT seq FROM news_mark WHERE id = 1), (SELECT COALESCE(MAX(seq), 0) FROM news_mark WHERE id = 2)`).Scan(&m.Seq, &note)
	if err != nil {
		return m, s.fail(err, "read how far news were made")
	}
	m.Note = moment(note)
	return m, nil
}

// NotesAfter gives the notes on any record after a time, the first first.
func (s *Store) NotesAfter(ctx context.Context, viewer library.Viewer, after time.Time) ([]library.Note, error) {
	if err := forHouse(viewer); err != nil {
		return nil, err
	}
	return s.notes(ctx, `at > $1`, after.UnixMicro())
}

// AddNews keeps news and how far they reach, both or neither. It answers
// Conflict when another process has made them meanwhile.
func (s *Store) AddNews(ctx context.Context, viewer library.Viewer, from, to library.NewsMark, news []library.News) error {
	if err := forHouse(viewer); err != nil {
		return err
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return s.fail(err, "keep news")
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	r, err := tx.ExecContext(ctx, `UPDATE news_mark SET seq = $1 WHERE id = 1 AND seq = $2`, to.Seq, from.Seq)
	if err != nil {
		return s.fail(err, "keep how far news were made")
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return errors.Join(library.Errorf(library.Conflict, "news were made by another process"), err)
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO news_mark (id, seq) VALUES (2, $1) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq`, to.Note.UnixMicro()); err != nil {
		return s.fail(err, "keep how far news were made")
	}
	for _, n := range news {
		if _, err := tx.ExecContext(ctx, `INSERT INTO news (id, address, person, lang, kind, subject, who, why, at, due, attempt) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)`,
			string(n.ID), n.Address, string(n.Person), n.Lang, string(n.Kind), string(n.Subject), n.Who, n.Why, n.At.UnixMicro(), n.Due.UnixMicro()); err != nil {
			return s.fail(err, "keep a piece of news")
		}
	}
	if err := tx.Commit(); err != nil {
		return s.fail(err, "keep news")
	}
	return nil
}

// Notices gives what is due to be told by a time, by address and in order.
func (s *Store) News(ctx context.Context, viewer library.Viewer, due time.Time) ([]library.News, error) {
	if err := forHouse(viewer); err != nil {
		return nil, err
	}
	var news []library.News
	err := s.snapshot(ctx, func(tx *sql.Tx) (err error) {
		news, err = collect(ctx, tx, func(rows *sql.Rows) (n library.News, err error) {
			var at, due int64
			err = rows.Scan(&n.ID, &n.Address, &n.Person, &n.Lang, &n.Kind, &n.Subject, &n.Who, &n.Why, &at, &due, &n.Attempt)
			n.At, n.Due = moment(at), moment(due)
			return n, err
		}, `SELECT id, address, person, lang, kind, subject, who, why, at, due, attempt FROM news WHERE due <= $1 ORDER BY address, at, id`, due.UnixMicro())
		return err
	})
	if err != nil {
		return nil, s.fail(err, "read the news that are due")
	}
	return news, nil
}

// DropNews forgets a piece of news, which was told or never will be.
func (s *Store) DropNews(ctx context.Context, viewer library.Viewer, id library.ID) error {
	if err := forHouse(viewer); err != nil {
		return err
	}
	if _, err := s.write.ExecContext(ctx, `DELETE FROM news WHERE id = $1`, string(id)); err != nil {
		return s.fail(err, "drop a piece of news")
	}
	return nil
}

// PutOff has a piece of news told later, after another attempt that failed.
func (s *Store) PutOff(ctx context.Context, viewer library.Viewer, id library.ID, due time.Time) error {
	if err := forHouse(viewer); err != nil {
		return err
	}
	if _, err := s.write.ExecContext(ctx, `UPDATE news SET due = $1, attempt = attempt + 1 WHERE id = $2`, due.UnixMicro(), string(id)); err != nil {
		return s.fail(err, "put a piece of news off")
	}
	return nil
}

// Wish gives how a person wants to be told, NotFound for one who has not said.
// It is for that person and the house.
func (s *Store) Wish(ctx context.Context, viewer library.Viewer, person library.ID) (library.Wish, error) {
	w := library.Wish{Person: person}
	if viewer.Role < library.System && (person == "" || viewer.Person != person) {
		return w, library.Errorf(library.Forbidden, "this is for the person")
	}
	err := s.read.QueryRowContext(ctx, `SELECT often, lang FROM wishes WHERE person = $1`, string(person)).Scan(&w.Often, &w.Lang)
	if errors.Is(err, sql.ErrNoRows) {
		return w, library.Errorf(library.NotFound, "the person has not said how to be told")
	}
	if err != nil {
		return w, s.fail(err, "read how a person wants to be told")
	}
	return w, nil
}

// SetWish keeps how the viewer wants to be told.
func (s *Store) SetWish(ctx context.Context, viewer library.Viewer, w library.Wish) error {
	if viewer.Person == "" || viewer.Person != w.Person {
		return library.Errorf(library.Forbidden, "this is for the person")
	}
	if _, err := s.write.ExecContext(ctx, `INSERT INTO wishes (person, often, lang) VALUES ($1, $2, $3)
ON CONFLICT (person) DO UPDATE SET often = excluded.often, lang = excluded.lang`, string(w.Person), string(w.Often), w.Lang); err != nil {
		return s.fail(err, "keep how a person wants to be told")
	}
	return nil
}
