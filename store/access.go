package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"waymark/access"
	"waymark/library"
)

// Access keeps persons and what lets them in: everything of access.Kept. It is
// apart from the Store's methods, since it gives no content and knows no
// viewer; only the access package reads through it.
type Access struct{ s *Store }

// Access gives the tables of persons.
func (s *Store) Access() *Access { return &Access{s} }

// Kept gives the tables as the access package asks for them.
func (a *Access) Kept() access.Kept {
	return access.Kept{People: a, Identities: a, Sessions: a, Tokens: a, Passkeys: a, Pending: a, Rules: a}
}

// one reads the only row of a query, NotFound without one.
func one[T any](ctx context.Context, a *Access, what string, scan func(scanner) (T, error), text string, args ...any) (T, error) {
	v, err := scan(a.s.read.QueryRowContext(ctx, text, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return v, library.Errorf(library.NotFound, "there is no such %s", what)
	}
	if err != nil {
		return v, a.s.fail(err, "read a %s", what)
	}
	return v, nil
}

// all reads every row of a query.
func all[T any](ctx context.Context, a *Access, what string, scan func(scanner) (T, error), text string, args ...any) ([]T, error) {
	var list []T
	err := a.s.snapshot(ctx, func(tx *sql.Tx) (err error) {
		list, err = collect(ctx, tx, func(r *sql.Rows) (T, error) { return scan(r) }, text, args...)
		return err
	})
	if err != nil {
		return nil, a.s.fail(err, "read the %ss", what)
	}
	return list, nil
}

// scanner is one row, alone or of several.
type scanner interface{ Scan(...any) error }

// do writes, and answers NotFound or another kind when no row was touched and
// one must be.
func (a *Access) do(ctx context.Context, must library.ErrorKind, what, text string, args ...any) error {
	result, err := a.s.write.ExecContext(ctx, text, args...)
	if err != nil {
		return a.s.fail(err, "%s", what)
	}
	if n, err := result.RowsAffected(); must != "" && (err != nil || n == 0) {
		return library.Errorf(must, "%s: it is not there or was changed meanwhile", what)
	}
	return nil
}

// list writes a list as it stands in a column; lists reads one.
func list[T ~string](values []T) string {
	if len(values) == 0 {
		return "[]"
	}
	b, err := json.Marshal(values)
	if err != nil { // strings can always be written
		panic(err)
	}
	return string(b)
}

type lists[T ~string] struct{ to *[]T }

// Scan implements sql.Scanner.
func (l lists[T]) Scan(v any) error {
	s, _ := v.(string)
	if b, ok := v.([]byte); ok {
		s = string(b)
	}
	if s == "" || s == "[]" {
		*l.to = nil
		return nil
	}
	return json.Unmarshal([]byte(s), l.to)
}

// instant reads a time, zero for 0; micros writes one.
type instant struct{ to *time.Time }

// Scan implements sql.Scanner.
func (i instant) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return errors.New("a time is no whole number")
	}
	*i.to = time.Time{}
	if n != 0 {
		*i.to = moment(n)
	}
	return nil
}

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

const personColumns = `SELECT id, version, address, name, role, audiences, topics, countries, disabled, password, created, signed_in FROM persons `

func scanPerson(r scanner) (p access.Person, err error) {
	var role string
	var disabled int64
	err = r.Scan(&p.ID, &p.Version, &p.Address, &p.Name, &role, lists[library.Audience]{&p.Audiences}, lists[string]{&p.Topics},
		lists[string]{&p.Countries}, &disabled, &p.Password, instant{&p.Created}, instant{&p.SignedIn})
	if err != nil {
		return p, err
	}
	p.Disabled = disabled != 0
	p.Role, err = library.ParseRole(role)
	return p, err
}

// Person implements access.People.
func (a *Access) Person(ctx context.Context, id library.ID) (access.Person, error) {
	return one(ctx, a, "person", scanPerson, personColumns+`WHERE id = $1`, string(id))
}

// PersonAt implements access.People.
func (a *Access) PersonAt(ctx context.Context, address string) (access.Person, error) {
	return one(ctx, a, "person", scanPerson, personColumns+`WHERE address = $1`, address)
}

// Persons implements access.People.
func (a *Access) Persons(ctx context.Context, after string, limit int) ([]access.Person, error) {
	text, args := personColumns+`WHERE address > $1 ORDER BY address`, []any{after}
	if limit > 0 {
		text, args = text+` LIMIT $2`, append(args, limit)
	}
	return all(ctx, a, "person", scanPerson, text, args...)
}

// SavePerson implements access.People.
func (a *Access) SavePerson(ctx context.Context, p access.Person) (access.Person, error) {
	disabled := 0
	if p.Disabled {
		disabled = 1
	}
	args := []any{string(p.ID), p.Version, p.Address, p.Name, p.Role.String(), list(p.Audiences), list(p.Topics), list(p.Countries), disabled, p.Password}
	text := `UPDATE persons SET version = version + 1, address = $3, name = $4, role = $5, audiences = $6, topics = $7,
	countries = $8, disabled = $9, password = $10 WHERE id = $1 AND version = $2`
	if p.Version == 0 {
		text = `INSERT INTO persons (id, version, address, name, role, audiences, topics, countries, disabled, password, created, signed_in)
VALUES ($1, $2 + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)`
		args = append(args, micros(p.Created))
	}
	if err := a.do(ctx, library.Conflict, "keep a person", text, args...); err != nil {
		return access.Person{}, err
	}
	p.Version++
	return p, nil
}

// RemovePerson implements access.People.
func (a *Access) RemovePerson(ctx context.Context, id library.ID) error {
	tx, err := a.s.write.BeginTx(ctx, nil)
	if err != nil {
		return a.s.fail(err, "remove a person")
	}
	defer tx.Rollback() // after a commit it does nothing
	for _, table := range []string{"sessions", "tokens", "passkeys", "identities", "wishes", "news"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE person = $1`, string(id)); err != nil {
			return a.s.fail(err, "remove the %s of a person", table)
		}
	}
	result, err := tx.ExecContext(ctx, `DELETE FROM persons WHERE id = $1`, string(id))
	if err != nil {
		return a.s.fail(err, "remove a person")
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return library.Errorf(library.NotFound, "there is no such person")
	}
	if err := tx.Commit(); err != nil {
		return a.s.fail(err, "remove a person")
	}
	return nil
}

const knownColumns = `SELECT provider, subject, person, member, at FROM identities `

func scanKnown(r scanner) (k access.Known, err error) {
	return k, r.Scan(&k.Provider, &k.Subject, &k.Person, lists[string]{&k.Groups}, instant{&k.At})
}

// KnownAs implements access.Identities.
func (a *Access) KnownAs(ctx context.Context, provider, subject string) (access.Known, error) {
	return one(ctx, a, "identity", scanKnown, knownColumns+`WHERE provider = $1 AND subject = $2`, provider, subject)
}

// KnownOf implements access.Identities.
func (a *Access) KnownOf(ctx context.Context, person library.ID) ([]access.Known, error) {
	return all(ctx, a, "identity", scanKnown, knownColumns+`WHERE person = $1 ORDER BY provider`, string(person))
}

// Know implements access.Identities.
func (a *Access) Know(ctx context.Context, k access.Known) error {
	return a.do(ctx, library.Conflict, "note what a provider said", `INSERT INTO identities (provider, subject, person, member, at)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT (provider, subject) DO UPDATE SET member = $4, at = $5 WHERE identities.person = $3`,
		k.Provider, k.Subject, string(k.Person), list(k.Groups), micros(k.At))
}
