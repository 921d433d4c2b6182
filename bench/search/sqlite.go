package main

import (
	"database/sql"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver

	"waymark/library"
	"waymark/search"
)

// sqliteEngine is SQLite with a table of its full-text engine FTS5, and one of
// facet values.
type sqliteEngine struct {
	path string
	db   *sql.DB
}

const sqliteSchema = `
CREATE VIRTUAL TABLE words USING fts5(title, name, abstract, content='', tokenize='unicode61');
CREATE TABLE doc (n INTEGER PRIMARY KEY, id TEXT, date TEXT);
CREATE INDEX newest ON doc (date DESC, id DESC);
CREATE TABLE facet (field TEXT, value TEXT, n INTEGER, PRIMARY KEY (field, value, n)) WITHOUT ROWID;
CREATE INDEX facet_of ON facet (n, field, value);
CREATE TEMP TABLE found (n INTEGER PRIMARY KEY);`

func openSQLite(folder string) (engine, error) {
	s := &sqliteEngine{path: filepath.Join(folder, "compare.db")}
	if err := s.open(); err != nil {
		return nil, err
	}
	_, err := s.db.Exec(sqliteSchema)
	return s, err
}

func (s *sqliteEngine) open() (err error) {
	if s.db, err = sql.Open("sqlite", s.path+"?_pragma=journal_mode(WAL)&_pragma=cache_size(-200000)"); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1) // the temporary table belongs to a connection
	return nil
}

func (s *sqliteEngine) add(docs []search.Document) error {
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	for _, d := range docs {
		r, err := tx.Exec(`INSERT INTO doc (id, date) VALUES (?, ?)`, string(d.ID), string(d.Date))
		if err != nil {
			return err
		}
		n, err := r.LastInsertId()
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO words (rowid, title, name, abstract) VALUES (?, ?, ?, ?)`, n, d.Titles[0].Text, names(d), d.Abstracts[0].Text); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO facet VALUES ('year', ?, ?)`, string(d.Date), n); err != nil {
			return err
		}
		for f, values := range d.Values {
			for _, v := range values {
				if _, err := tx.Exec(`INSERT INTO facet VALUES (?, ?, ?)`, string(f), v, n); err != nil {
					return err
				}
			}
		}
	}
	return tx.Commit()
}

func (s *sqliteEngine) reopen() error {
	if err := s.db.Close(); err != nil {
		return err
	}
	if err := s.open(); err != nil {
		return err
	}
	_, err := s.db.Exec(`CREATE TEMP TABLE found (n INTEGER PRIMARY KEY)`)
	return err
}

// ask notes the matches in a table, counts them, counts their values, and reads
// the page by rank, or by date without words.
func (s *sqliteEngine) ask(q search.Query) (total int, err error) {
	if _, err := s.db.Exec(`DELETE FROM found`); err != nil {
		return 0, err
	}
	from, args, page := `SELECT n FROM doc`, []any(nil), `SELECT d.id FROM found JOIN doc d USING (n) ORDER BY d.date DESC, d.id DESC LIMIT ? OFFSET ?`
	var pageArgs []any
	if e := q.Expression(); !e.Nothing() {
		from, args = `SELECT rowid AS n FROM words WHERE words MATCH ?`, []any{fts(e)}
		page = `SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, 5, 2, 1) LIMIT ? OFFSET ?`
		if q.Filtered() { // CROSS keeps SQLite from looking up each match in the words
			page = `SELECT words.rowid FROM words CROSS JOIN found ON found.n = words.rowid WHERE words MATCH ? ORDER BY bm25(words, 5, 2, 1) LIMIT ? OFFSET ?`
		}
		pageArgs = []any{fts(e)}
	}
	for _, f := range library.Facets() {
		for _, v := range q.Values(f) {
			from = `SELECT n FROM (` + from + `) WHERE n IN (SELECT n FROM facet WHERE field = ? AND value = ?)`
			args = append(args, string(f), v)
		}
	}
	if _, err := s.db.Exec(`INSERT INTO found `+from, args...); err != nil {
		return 0, err
	}
	if err := s.db.QueryRow(`SELECT count(*) FROM found`).Scan(&total); err != nil {
		return 0, err
	}
	if err := s.drain(`SELECT f.field, f.value, count(*) FROM found JOIN facet f USING (n) GROUP BY 1, 2`); err != nil {
		return 0, err
	}
	return total, s.drain(page, append(pageArgs, search.PageSize, (q.Number()-1)*search.PageSize)...)
}

// drain reads all rows of a query.
func (s *sqliteEngine) drain(query string, args ...any) error {
	rows, err := s.db.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}

// fts writes an expression in the language of FTS5.
func fts(e search.Expression) string {
	quoted := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	var parts []string
	switch e.Operator {
	case search.Phrase:
		return quoted(e.Text)
	case search.Prefix:
		return quoted(e.Text) + " *"
	case search.Words:
		for _, word := range strings.Fields(e.Text) {
			parts = append(parts, quoted(word))
		}
		return strings.Join(parts, " AND ")
	}
	for _, part := range e.Parts {
		parts = append(parts, "("+fts(part)+")")
	}
	if e.Operator == search.Any {
		return strings.Join(parts, " OR ")
	}
	return strings.Join(parts, " AND ")
}

func (s *sqliteEngine) close() error { return s.db.Close() }
