package store

import (
	"context"
	"database/sql"

	"waymark/library"
)

// formSize bounds the body of a form, in bytes, and formsEach how many one
// person has.
const (
	formSize  = 1 << 20
	formsEach = 200
)

// KeepForm keeps what a person has written and not saved yet, in the place of
// what they wrote of the same subject before. It answers Forbidden for those
// who have no name, and Invalid for one that is too large or one too many.
func (s *Store) KeepForm(ctx context.Context, viewer library.Viewer, f library.Form) error {
	switch {
	case viewer.Name == "":
		return library.Errorf(library.Forbidden, "a form is kept for those who have signed in")
	case len(f.Body) > formSize:
		return library.Errorf(library.Invalid, "the form has %d bytes and at most %d are kept", len(f.Body), formSize)
	}
	r, err := s.write.ExecContext(ctx, `INSERT INTO forms (person, subject, base, body, at) SELECT $1, $2, $3, $4, $5
WHERE (SELECT count(*) FROM forms WHERE person = $1 AND subject <> $2) < $6
ON CONFLICT (person, subject) DO UPDATE SET base = excluded.base, body = excluded.body, at = excluded.at`,
		viewer.Name, string(f.Subject), f.Base, string(f.Body), f.At.UnixMicro(), formsEach)
	if err == nil {
		var n int64
		if n, err = r.RowsAffected(); err == nil && n == 0 {
			return library.Errorf(library.Invalid, "%d forms are kept already: save or drop some", formsEach)
		}
	}
	if err != nil {
		return s.fail(err, "keep a form of %s", f.Subject)
	}
	return nil
}

// Forms gives what the viewer has written and not saved, the last first; of one
// subject, or of all when that is "".
func (s *Store) Forms(ctx context.Context, viewer library.Viewer, subject library.ID) ([]library.Form, error) {
	var forms []library.Form
	err := s.snapshot(ctx, func(tx *sql.Tx) (err error) {
		forms, err = collect(ctx, tx, func(rows *sql.Rows) (f library.Form, err error) {
			var at int64
			err = rows.Scan(&f.Subject, &f.Base, (*[]byte)(&f.Body), &at)
			f.At = moment(at)
			return f, err
		}, `SELECT subject, base, body, at FROM forms WHERE person = $1 AND person <> '' AND ($2 = '' OR subject = $2) ORDER BY at DESC, subject`,
			viewer.Name, string(subject))
		return err
	})
	if err != nil {
		return nil, s.fail(err, "read the forms of a person")
	}
	return forms, nil
}

// DropForm forgets what the viewer has written of a subject.
func (s *Store) DropForm(ctx context.Context, viewer library.Viewer, subject library.ID) error {
	if _, err := s.write.ExecContext(ctx, `DELETE FROM forms WHERE person = $1 AND subject = $2`, viewer.Name, string(subject)); err != nil {
		return s.fail(err, "drop the form of %s", subject)
	}
	return nil
}
