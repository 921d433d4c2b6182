package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"waymark/library"
)

// uploadsEach is how many uploads one person has at once.
const uploadsEach = 100

// KeepUpload notes that a person has brought a file, which the caller keeps. It
// answers Forbidden for those who have no name, and Invalid for one too many.
func (s *Store) KeepUpload(ctx context.Context, viewer library.Viewer, u library.Upload) error {
	if viewer.Name == "" {
		return library.Errorf(library.Forbidden, "a file is kept for those who have signed in")
	}
	body, err := json.Marshal(u.File)
	if err != nil {
		return fmt.Errorf("write what is known of a file: %w", err)
	}
	r, err := s.write.ExecContext(ctx, `INSERT INTO uploads (person, subject, digest, body, at) SELECT $1, $2, $3, $4, $5
WHERE (SELECT count(*) FROM uploads WHERE person = $1) < $6
ON CONFLICT (person, subject, digest) DO UPDATE SET body = excluded.body, at = excluded.at`,
		viewer.Name, string(u.Subject), u.File.Digest, string(body), u.At.UnixMicro(), uploadsEach)
	if err == nil {
		var n int64
		if n, err = r.RowsAffected(); err == nil && n == 0 {
			return &library.Error{Kind: library.Invalid, Field: "upload", Key: "desk.upload.many", Err: fmt.Errorf("%d files are kept already: save or drop some", uploadsEach)}
		}
	}
	if err != nil {
		return s.fail(err, "note an upload for %s", u.Subject)
	}
	return nil
}

// Uploads gives the files that the viewer has brought for a subject and not
// saved, in the order in which they came.
func (s *Store) Uploads(ctx context.Context, viewer library.Viewer, subject library.ID) ([]library.Upload, error) {
	return s.uploads(ctx, `person = $1 AND person <> '' AND subject = $2`, viewer.Name, string(subject))
}

// Uploaded gives the uploads of a file by anybody, for the house alone: others
// are answered with nothing.
func (s *Store) Uploaded(ctx context.Context, viewer library.Viewer, digest string) ([]library.Upload, error) {
	if viewer.Role < library.System {
		return nil, nil
	}
	return s.uploads(ctx, `digest = $1`, digest)
}

func (s *Store) uploads(ctx context.Context, which string, values ...any) ([]library.Upload, error) {
	var uploads []library.Upload
	err := s.snapshot(ctx, func(tx *sql.Tx) (err error) {
		uploads, err = collect(ctx, tx, func(rows *sql.Rows) (u library.Upload, err error) {
			var at int64
			var body []byte
			if err = rows.Scan(&u.Subject, &body, &at); err == nil {
				u.At, err = moment(at), json.Unmarshal(body, &u.File)
			}
			return u, err
		}, `SELECT subject, body, at FROM uploads WHERE `+which+` ORDER BY at, digest`, values...)
		return err
	})
	if err != nil {
		return nil, s.fail(err, "read uploads")
	}
	return uploads, nil
}

// DropUploads forgets the files that the viewer has brought for a subject: that
// of a digest, or all when it is "".
func (s *Store) DropUploads(ctx context.Context, viewer library.Viewer, subject library.ID, digest string) error {
	const drop = `DELETE FROM uploads WHERE person = $1 AND subject = $2 AND ($3 = '' OR digest = $3)`
	if _, err := s.write.ExecContext(ctx, drop, viewer.Name, string(subject), digest); err != nil {
		return s.fail(err, "drop the uploads for %s", subject)
	}
	return nil
}

// ForgetUploads forgets the uploads of everybody from before a time, for the
// house alone.
func (s *Store) ForgetUploads(ctx context.Context, viewer library.Viewer, before time.Time) error {
	if viewer.Role < library.System {
		return library.Errorf(library.Forbidden, "this is for the house")
	}
	if _, err := s.write.ExecContext(ctx, `DELETE FROM uploads WHERE at < $1`, before.UnixMicro()); err != nil {
		return s.fail(err, "forget old uploads")
	}
	return nil
}
