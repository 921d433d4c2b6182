// Package store keeps the library: entries, every revision of them, and the
// gapless list of edits, in an SQL database. The SQL is one text for SQLite and
// PostgreSQL; what only one engine needs is in the file of its name.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"waymark/library"
)

// Store is one open library. Its methods may be called from any goroutine, and
// several processes may have the same library open.
//
// Every method that gives content takes the viewer it is for and gives nothing
// that library.Viewer.Sees refuses; Seq and Changed give no content. Entries
// are read without their Keys, which their type derives from the body again.
//
// Errors are of the library's kinds. Beside those that a method names, each
// may answer Busy when the database is locked for longer than it waits or the
// context's deadline passes, and Internal when the database fails.
type Store struct {
	// Now is the clock by which it is said since when everyone may know what;
	// tests set their own.
	Now func() time.Time

	write *sql.DB // one connection, whose transactions lock at their beginning
	read  *sql.DB // a pool that cannot write
	// kind sorts an error of the engine by its code.
	kind   func(error) library.ErrorKind
	filter filter // of the keys that Lookup need not ask for

	standing standings

	mu      sync.Mutex
	changed chan struct{}
}

// Close ends the use of the library, after the reads and the edit under way.
func (s *Store) Close() error {
	err := s.read.Close()
	// The writer goes last: as the last connection it brings the log into the file.
	if err = errors.Join(err, s.write.Close()); err != nil {
		return s.fail(err, "close the library")
	}
	return nil
}

// Seq gives the number of the last edit, 0 before the first.
func (s *Store) Seq(ctx context.Context) (int64, error) {
	var seq int64
	if err := s.read.QueryRowContext(ctx, `SELECT seq FROM clock WHERE id = 1`).Scan(&seq); err != nil {
		return 0, s.fail(err, "read the number of the last edit")
	}
	return seq, nil
}

// Changed gives a channel that is closed at the next Commit of this Store, so
// that a follower need not poll for it; Commits of other processes do not close
// it. Take it before reading, or a Commit in between goes unnoticed.
func (s *Store) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// announce wakes those who wait for a change.
func (s *Store) announce() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
}

// snapshot lets do read from one state of the library, whatever is committed
// meanwhile.
func (s *Store) snapshot(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return err
	}
	err = do(tx)
	if e := tx.Rollback(); err == nil && e != nil && !errors.Is(e, sql.ErrTxDone) {
		err = e
	}
	return err
}

// fail says what was tried when err happened. An error that has a kind keeps
// it, another gets that of the engine's code.
func (s *Store) fail(err error, format string, args ...any) error {
	what := fmt.Sprintf(format, args...)
	if _, ok := errors.AsType[*library.Error](err); ok {
		return fmt.Errorf("%s: %w", what, err)
	}
	kind := s.kind(err)
	if errors.Is(err, context.DeadlineExceeded) {
		kind = library.Busy
	}
	return library.Errorf(kind, "%s: %w", what, err)
}

// collect reads every row of a query.
func collect[T any](ctx context.Context, tx *sql.Tx, scan func(*sql.Rows) (T, error), text string, args ...any) ([]T, error) {
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
