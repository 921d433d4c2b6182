package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"time"

	"waymark/library"
)

// followsEach bounds how many searches one address follows.
const followsEach = 100

// Follows keeps the searches that readers follow by e-mail. Like Access it
// gives no content and knows no viewer; only the follow package reads through it.
type Follows struct{ s *Store }

// Follows gives the table of those who follow a search.
func (s *Store) Follows() *Follows { return &Follows{s} }

const followColumns = `id, address, query, every, language, since, due, leased, upto, begun, failed`

func scanFollow(r scanner) (f library.Follow, err error) {
	return f, r.Scan(&f.ID, &f.Address, &f.Query, &f.Every, &f.Language, &f.Since, instant{&f.Due}, instant{&f.Leased}, &f.UpTo, &f.Begun, &f.Failed)
}

// one runs a statement that gives one row, NotFound without one.
func (s *Follows) one(ctx context.Context, db *sql.DB, what, text string, args ...any) (library.Follow, error) {
	f, err := scanFollow(db.QueryRowContext(ctx, text, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return f, library.Errorf(library.NotFound, "%s: there is none", what)
	}
	if err != nil {
		return f, s.s.fail(err, "%s", what)
	}
	return f, nil
}

// do writes, and answers NotFound when no row was there to be written.
func (s *Follows) do(ctx context.Context, what, text string, args ...any) error {
	result, err := s.s.write.ExecContext(ctx, text, args...)
	if err != nil {
		return s.s.fail(err, "%s", what)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return library.Errorf(library.NotFound, "%s: it is not there, or another has it", what)
	}
	return nil
}

// Follow gives one; NotFound when it is not followed.
func (s *Follows) Follow(ctx context.Context, id library.ID) (library.Follow, error) {
	return s.one(ctx, s.s.read, "read what is followed", `SELECT `+followColumns+` FROM follows WHERE id = $1`, string(id))
}

// Save keeps what is followed. Where the address follows the same search
// already that stays, with the frequency and language of the new one; what is
// kept is given. It answers Invalid when the address follows too much.
func (s *Follows) Save(ctx context.Context, f library.Follow) (library.Follow, error) {
	kept, err := s.one(ctx, s.s.write, "keep what is followed", `INSERT INTO follows (`+followColumns+`)
SELECT $1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0 WHERE (SELECT count(*) FROM follows WHERE address = $2 AND query <> $3) < $8
ON CONFLICT (address, query) DO UPDATE SET every = excluded.every, language = excluded.language, due = excluded.due
RETURNING `+followColumns, string(f.ID), f.Address, f.Query, string(f.Every), f.Language, f.Since, micros(f.Due), followsEach)
	if library.KindOf(err) == library.NotFound {
		return kept, library.Errorf(library.Invalid, "an address follows at most %d searches", followsEach)
	}
	return kept, err
}

// Remove forgets what is followed, or all that its address follows; what is not
// there is forgotten already.
func (s *Follows) Remove(ctx context.Context, id library.ID, all bool) error {
	text := `DELETE FROM follows WHERE id = $1`
	if all {
		text = `DELETE FROM follows WHERE address = (SELECT address FROM follows WHERE id = $1)`
	}
	if _, err := s.s.write.ExecContext(ctx, text, string(id)); err != nil {
		return s.s.fail(err, "forget what is followed")
	}
	return nil
}

// Change sets how often letters come and when the next is due; NotFound when it
// is not followed.
func (s *Follows) Change(ctx context.Context, id library.ID, every library.Frequency, due time.Time) error {
	return s.do(ctx, "change what is followed", `UPDATE follows SET every = $2, due = $3 WHERE id = $1`, string(id), string(every), micros(due))
}

// Key gives the key by which links in letters are signed, made at first.
func (s *Follows) Key(ctx context.Context) ([]byte, error) {
	fresh := make([]byte, 32)
	rand.Read(fresh) // never fails
	var kept string
	err := s.s.read.QueryRowContext(ctx, `SELECT key FROM follow_key WHERE id = 1`).Scan(&kept)
	if errors.Is(err, sql.ErrNoRows) { // of two processes the first makes it
		err = s.s.write.QueryRowContext(ctx, `INSERT INTO follow_key (id, key) VALUES (1, $1)
ON CONFLICT (id) DO UPDATE SET id = 1 RETURNING key`, base64.StdEncoding.EncodeToString(fresh)).Scan(&kept)
	}
	if err != nil {
		return nil, s.s.fail(err, "read the key of links")
	}
	key, err := base64.StdEncoding.DecodeString(kept)
	if err != nil {
		return nil, s.s.fail(err, "read the key of links")
	}
	return key, nil
}

// Lease gives one whose letter is due, which is nobody else's until a time;
// NotFound when none is.
func (s *Follows) Lease(ctx context.Context, now, until time.Time) (library.Follow, error) {
	// Tried on the readers first: see Store.Lease.
	const due = `SELECT id FROM follows WHERE due <= $1 AND leased <= $1 ORDER BY due, id LIMIT 1`
	var id string
	if err := s.s.read.QueryRowContext(ctx, due, micros(now)).Scan(&id); errors.Is(err, sql.ErrNoRows) {
		return library.Follow{}, library.Errorf(library.NotFound, "no letter is due")
	} else if err != nil {
		return library.Follow{}, s.s.fail(err, "look for a letter that is due")
	}
	return s.one(ctx, s.s.write, "take a letter in hand", `UPDATE follows SET leased = $2 WHERE id = (`+due+`) RETURNING `+followColumns, micros(now), micros(until))
}

// Begin notes that a letter which tells of the edits up to a number is about to
// be sent, once more. It answers NotFound when another process has it.
func (s *Follows) Begin(ctx context.Context, f library.Follow, upTo int64) error {
	return s.do(ctx, "begin a letter", `UPDATE follows SET upto = $3, begun = begun + 1 WHERE id = $1 AND leased = $2`, string(f.ID), micros(f.Leased), upTo)
}

// Settle keeps where a letter in hand has come to, and gives it out of hand.
func (s *Follows) Settle(ctx context.Context, f library.Follow) error {
	return s.do(ctx, "settle a letter", `UPDATE follows SET leased = 0, since = $3, due = $4, upto = $5, begun = $6, failed = $7 WHERE id = $1 AND leased = $2`,
		string(f.ID), micros(f.Leased), f.Since, micros(f.Due), f.UpTo, f.Begun, f.Failed)
}
