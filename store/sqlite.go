package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"waymark/library"
)

const (
	// applicationID marks an SQLite file as a library of Waymark: "WMRK".
	applicationID = 0x574d524b
	// smallest is the size of the smallest page, and so of the smallest database.
	smallest = 512
	// patience is how long a process waits for another that is writing, making
	// or migrating the same library; openPause is how soon Open looks again.
	patience  = 30 * time.Second
	openPause = 50 * time.Millisecond
)

// Open opens the library in an SQLite file, which is made with its folder when
// it does not exist, and brings an older one to this program's schema. It
// answers Invalid with Field "store" and the remedy when the file cannot serve:
// a folder, another kind of file, another program's database, one that a newer
// Waymark has written, one that may not be written.
//
// Nothing else in the process may open and close the file itself: on Unix that
// would drop SQLite's locks on it. To copy a library, use VACUUM INTO.
func Open(ctx context.Context, path string) (*Store, error) {
	path, err := place(path)
	if err != nil {
		return nil, err
	}
	wait := fmt.Sprintf("busy_timeout(%d)", patience.Milliseconds())
	// The log is brought into the file every 64 MB and not every 4: an import
	// writes the same pages of keys again and again.
	write, err := sql.Open("sqlite", address(path, wait, "synchronous(FULL)", "wal_autocheckpoint(16000)",
		"journal_size_limit(67108864)", "cache_size(-16384)", "temp_store(MEMORY)"))
	if err != nil {
		return nil, library.Errorf(library.Internal, "open the library %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	if err := ready(ctx, write, path); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	read, err := sql.Open("sqlite", address(path, wait, "query_only(1)",
		"cache_size(-8192)", "temp_store(MEMORY)"))
	if err != nil {
		return nil, errors.Join(library.Errorf(library.Internal, "open the library %s: %w", path, err), write.Close())
	}
	readers := max(4, 2*runtime.GOMAXPROCS(0))
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return &Store{Now: time.Now, write: write, read: read, kind: sqliteKind, changed: make(chan struct{})}, nil
}

// place makes the file with its folder unless it is there, not readable by
// everyone since a library may hold what only staff may see.
func place(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", refuse("find the library's file: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return "", refuse("make the folder of the library %s: %w", path, err)
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return "", refuse("%s is a folder: name the library's file, for example %s", path, filepath.Join(path, "library.db"))
	case err == nil && info.Size() > 0 && info.Size() < smallest: // SQLite would write over it
		return "", refuse("%s is not a library of Waymark but some other file: choose another file for the library", path)
	case err == nil && !info.Mode().IsRegular():
		return "", refuse("%s is not a file: name the library's file", path)
	case err == nil:
		return path, nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", refuse("look for the library %s: %w", path, err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	switch {
	case errors.Is(err, fs.ErrExist): // another process was quicker
		return path, nil
	case err != nil:
		return "", refuse("make the library %s: %w", path, err)
	}
	if err := f.Close(); err != nil {
		return "", refuse("make the library %s: %w", path, err)
	}
	return path, nil
}

// address gives the driver's name of a database with the settings of each
// connection. A transaction that may write takes the lock at once, since one
// that reads first could not wait for it later.
func address(path string, pragmas ...string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // a drive letter
		path = "/" + path
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: path,
		RawQuery: url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}.Encode()}
	return u.String()
}

// ready makes the file a library of this program's schema. When two processes
// make or migrate the same library at once, one of them fails and finds the
// work done when it tries again.
func ready(ctx context.Context, db *sql.DB, path string) error {
	var err error
	for start := time.Now(); time.Since(start) < patience; {
		if err = claim(ctx, db, path); err == nil {
			err = migrate(ctx, db, goose.DialectSQLite3, path)
		}
		var known *library.Error
		if err == nil || errors.As(err, &known) {
			return err
		}
		if kind := sqliteKind(err); kind != library.Busy && kind != library.Conflict && !lostRace(err) {
			break
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("open the library %s: %w", path, ctx.Err())
		case <-time.After(openPause):
		}
	}
	if remedy := remedies(path)[code(err)]; remedy != "" {
		return refuse("%s: %w", remedy, err)
	}
	return library.Errorf(sqliteKind(err), "open the library %s: %w", path, err)
}

// lostRace tells that a migration found its tables there already.
func lostRace(err error) bool {
	_, ok := errors.AsType[*goose.PartialError](err)
	return ok && code(err) == sqlite3.SQLITE_ERROR
}

// claim marks a new file as a library, refuses another program's database,
// which it leaves as it was, and turns the write-ahead log on.
func claim(ctx context.Context, db *sql.DB, path string) error {
	var id, tables int64
	const look = `SELECT application_id, (SELECT count(*) FROM sqlite_schema) FROM pragma_application_id`
	if err := db.QueryRowContext(ctx, look).Scan(&id, &tables); err != nil {
		return err
	}
	if id != applicationID {
		if id != 0 || tables != 0 {
			return refuse("%s is the database of another program: choose another file for the library", path)
		}
		if _, err := db.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID)); err != nil {
			return err
		}
	}
	var mode string
	if err := db.QueryRowContext(ctx, `PRAGMA journal_mode = WAL`).Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return refuse("%s lies where SQLite cannot keep its write-ahead log (a network drive?): put the library on a disk of this machine", path)
	}
	return nil
}

// refuse makes the error of a file that cannot be the library.
func refuse(format string, args ...any) error {
	return &library.Error{Kind: library.Invalid, Field: "store", Err: fmt.Errorf(format, args...)}
}

// remedies says by result code what the one who runs the program can do.
func remedies(path string) map[int]string {
	denied := "the library " + path + " may not be written: give this user the right to write the file and its folder"
	return map[int]string{
		sqlite3.SQLITE_NOTADB:   path + " is not a library of Waymark but some other file: choose another file for the library",
		sqlite3.SQLITE_CORRUPT:  "the library " + path + " is damaged: restore it from a backup",
		sqlite3.SQLITE_READONLY: denied,
		sqlite3.SQLITE_CANTOPEN: denied,
		sqlite3.SQLITE_PERM:     denied,
		sqlite3.SQLITE_FULL:     "the disk of the library " + path + " is full: make room",
	}
}

// code gives the primary result code of an SQLite error, 0 for others.
func code(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

// sqliteKind gives the kind of error that an SQLite result code stands for.
func sqliteKind(err error) library.ErrorKind {
	switch code(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return library.Busy
	case sqlite3.SQLITE_CONSTRAINT:
		return library.Conflict
	}
	return library.Internal
}
