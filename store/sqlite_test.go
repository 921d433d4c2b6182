package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/library"
)

// openFile opens a library file for a test.
func openFile(t testing.TB, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestSQLite(t *testing.T) {
	conform(t, func(t *testing.T) func() *Store {
		path := filepath.Join(t.TempDir(), "a folder 100%", "what?#.db")
		return func() *Store { return openFile(t, path) }
	})
}

// TestDurability holds the settings on which the promise of Commit rests; the
// end of a process alone, as in TestCrash, does not need the second.
func TestDurability(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "l.db"))
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2"} {
		var got string
		if err := s.write.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %q", pragma, got, err, want)
		}
	}
	if _, err := s.read.Exec("DELETE FROM edits"); err == nil {
		t.Error("the readers' connections can write")
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	database := func(name, text string) string {
		path := filepath.Join(dir, name)
		db, err := sql.Open("sqlite", path)
		if err == nil {
			_, err = db.Exec(text)
		}
		if err != nil || db.Close() != nil {
			t.Fatal(err)
		}
		return path
	}
	newer := filepath.Join(dir, "newer.db")
	s, err := Open(t.Context(), newer)
	if err != nil || s.Close() != nil {
		t.Fatal(err)
	}
	database("newer.db", `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
	for _, row := range []struct{ name, path, want string }{
		{"a folder", dir, "is a folder"},
		{"a text file", file("readme.txt", strings.Repeat("This is no database. ", 200)), "not a library of Waymark"},
		{"a short text file", file("short.txt", "x"), "not a library of Waymark"},
		{"below a file", filepath.Join(file("plain", ""), "library.db"), "make the folder"},
		{"another program's tables", database("other.db", `CREATE TABLE bookmarks (url TEXT)`), "another program"},
		{"another program's mark", database("marked.db", `PRAGMA application_id = 7; PRAGMA user_version = 3`), "another program"},
		{"a newer library", newer, "newer Waymark (schema 9999"},
	} {
		t.Run(row.name, func(t *testing.T) {
			before, _ := os.ReadFile(row.path)
			_, err := Open(t.Context(), row.path)
			wantKind(t, err, library.Invalid)
			if err == nil || !strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), dir) {
				t.Errorf("the error is %v, want %q and the path", err, row.want)
			}
			if after, _ := os.ReadFile(row.path); string(after) != string(before) {
				t.Error("the refused file was changed")
			}
		})
	}
}

func TestOpenAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.db")
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	commit(t, s, fresh(entry(1, "one")))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + "-wal"); err == nil {
		t.Error("the log stays beside a library that was closed")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o007 != 0 {
		t.Errorf("the file is open to everyone: %v %v", info.Mode(), err)
	}
	s = openFile(t, path)
	if e := must[library.Entry](t)(s.Entry(t.Context(), reader, id(1))); e.Version != 1 {
		t.Errorf("read again: %+v", e)
	}
}

// TestOpenTogether makes one new library from several sides at once.
func TestOpenTogether(t *testing.T) {
	for range 3 {
		path := filepath.Join(t.TempDir(), "new", "l.db")
		var wg sync.WaitGroup
		for n := range 6 {
			wg.Go(func() {
				s, err := Open(t.Context(), path)
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := s.Commit(t.Context(), fresh(entry(n, ""))); err != nil {
					t.Error(err)
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		s := openFile(t, path)
		same(t, "the number", must[int64](t)(s.Seq(t.Context())), int64(6))
	}
}

// TestBusy holds the write lock from outside.
func TestBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "l.db")
	s := openFile(t, path)
	other, err := sql.Open("sqlite", address(path, "busy_timeout(0)"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	_, err = s.Commit(ctx, fresh(entry(1, "")))
	wantKind(t, err, library.Busy)
	if _, err := s.Seq(t.Context()); err != nil {
		t.Errorf("readers wait for a writer: %v", err)
	}
	_, err = s.write.Exec(`PRAGMA busy_timeout = 0`)
	if err == nil {
		_, err = s.Commit(t.Context(), fresh(entry(1, "")))
	}
	wantKind(t, err, library.Busy)
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	commit(t, s, fresh(entry(1, "")))
	_, err = s.write.Exec(`INSERT INTO clock (id, seq) VALUES (1, 7)`)
	wantKind(t, s.fail(err, "break a constraint"), library.Conflict)
}

// TestPlans: what is asked by keys is found by them, and never by reading every
// entry of a kind, whatever indexes there are. The engine says which way it goes.
func TestPlans(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "l.db"))
	for name, c := range map[string]struct {
		text string
		args int
	}{"Lookup": {lookUpText(2), 8}, "Find": {candidatesText(2), 5}} {
		rows, err := s.read.Query("EXPLAIN QUERY PLAN "+c.text, make([]any, c.args)...)
		if err != nil {
			t.Fatal(err)
		}
		var plan []string
		for rows.Next() {
			var id, parent, unused int
			var step string
			if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
				t.Fatal(err)
			}
			plan = append(plan, step)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
		for _, step := range plan {
			if strings.Contains(step, "(kind=?)") || strings.HasPrefix(step, "SCAN e") || strings.HasPrefix(step, "SCAN k") {
				t.Errorf("%s goes this way:\n%s", name, strings.Join(plan, "\n"))
			}
		}
	}
}
