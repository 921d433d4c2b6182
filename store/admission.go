package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"waymark/access"
	"waymark/library"
)

const sessionColumns = `SELECT digest, person, way, began, seen, expires FROM sessions `

func scanSession(r scanner) (s access.Session, err error) {
	return s, r.Scan(&s.Digest, &s.Person, &s.Way, instant{&s.Began}, instant{&s.Seen}, instant{&s.Expires})
}

// BeginSession implements access.Sessions; it also notes when the person came,
// and sweeps out sessions that have expired.
func (a *Access) BeginSession(ctx context.Context, s access.Session) error {
	if err := a.do(ctx, "", "sweep the sessions", `DELETE FROM sessions WHERE expires <= $1`, micros(s.Began)); err != nil {
		return err
	}
	err := a.do(ctx, "", "begin a session", `INSERT INTO sessions (digest, person, way, began, seen, expires) VALUES ($1, $2, $3, $4, $5, $6)`,
		s.Digest, string(s.Person), s.Way, micros(s.Began), micros(s.Seen), micros(s.Expires))
	if err != nil {
		return err
	}
	return a.do(ctx, "", "note a sign-in", `UPDATE persons SET signed_in = $2 WHERE id = $1`, string(s.Person), micros(s.Began))
}

// Session implements access.Sessions.
func (a *Access) Session(ctx context.Context, digest string) (access.Session, error) {
	return one(ctx, a, "session", scanSession, sessionColumns+`WHERE digest = $1`, digest)
}

// Sessions implements access.Sessions: the newest first.
func (a *Access) Sessions(ctx context.Context, person library.ID) ([]access.Session, error) {
	return all(ctx, a, "session", scanSession, sessionColumns+`WHERE person = $1 ORDER BY began DESC, digest`, string(person))
}

// SeenSession implements access.Sessions.
func (a *Access) SeenSession(ctx context.Context, digest string, at time.Time) error {
	return a.do(ctx, "", "note a session", `UPDATE sessions SET seen = $2 WHERE digest = $1`, digest, micros(at))
}

// EndSessions implements access.Sessions.
func (a *Access) EndSessions(ctx context.Context, person library.ID, digests ...string) error {
	if len(digests) == 0 {
		return a.do(ctx, "", "end the sessions", `DELETE FROM sessions WHERE person = $1`, string(person))
	}
	for _, d := range digests {
		if err := a.do(ctx, "", "end a session", `DELETE FROM sessions WHERE person = $1 AND digest = $2`, string(person), d); err != nil {
			return err
		}
	}
	return nil
}

const tokenColumns = `SELECT id, person, name, digest, scopes, created, expires, used FROM tokens `

func scanToken(r scanner) (t access.Token, err error) {
	return t, r.Scan(&t.ID, &t.Person, &t.Name, &t.Digest, lists[access.Scope]{&t.Scopes}, instant{&t.Created}, instant{&t.Expires}, instant{&t.Used})
}

// AddToken implements access.Tokens.
func (a *Access) AddToken(ctx context.Context, t access.Token) error {
	return a.do(ctx, "", "add a token", `INSERT INTO tokens (id, person, name, digest, scopes, created, expires, used) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
		string(t.ID), string(t.Person), t.Name, t.Digest, list(t.Scopes), micros(t.Created), micros(t.Expires))
}

// Token implements access.Tokens.
func (a *Access) Token(ctx context.Context, digest string) (access.Token, error) {
	return one(ctx, a, "token", scanToken, tokenColumns+`WHERE digest = $1`, digest)
}

// Tokens implements access.Tokens: in the order in which they were made.
func (a *Access) Tokens(ctx context.Context, person library.ID) ([]access.Token, error) {
	return all(ctx, a, "token", scanToken, tokenColumns+`WHERE person = $1 ORDER BY id`, string(person))
}

// UsedToken implements access.Tokens.
func (a *Access) UsedToken(ctx context.Context, id library.ID, at time.Time) error {
	return a.do(ctx, "", "note the use of a token", `UPDATE tokens SET used = $2 WHERE id = $1`, string(id), micros(at))
}

// RemoveToken implements access.Tokens.
func (a *Access) RemoveToken(ctx context.Context, person, id library.ID) error {
	return a.do(ctx, library.NotFound, "remove a token", `DELETE FROM tokens WHERE person = $1 AND id = $2`, string(person), string(id))
}

func scanPasskey(r scanner) (k access.Passkey, err error) {
	return k, r.Scan(&k.ID, &k.Person, &k.Name, &k.Credential, instant{&k.Created})
}

// AddPasskey implements access.Passkeys.
func (a *Access) AddPasskey(ctx context.Context, k access.Passkey) error {
	return a.do(ctx, "", "add a passkey", `INSERT INTO passkeys (id, person, name, credential, created) VALUES ($1, $2, $3, $4, $5)`,
		string(k.ID), string(k.Person), k.Name, string(k.Credential), micros(k.Created))
}

// Passkeys implements access.Passkeys: in the order in which they were made.
func (a *Access) Passkeys(ctx context.Context, person library.ID) ([]access.Passkey, error) {
	return all(ctx, a, "passkey", scanPasskey, `SELECT id, person, name, credential, created FROM passkeys WHERE person = $1 ORDER BY id`, string(person))
}

// UsedPasskey implements access.Passkeys.
func (a *Access) UsedPasskey(ctx context.Context, k access.Passkey) error {
	return a.do(ctx, library.NotFound, "note the use of a passkey", `UPDATE passkeys SET credential = $2 WHERE id = $1`, string(k.ID), string(k.Credential))
}

// RemovePasskey implements access.Passkeys.
func (a *Access) RemovePasskey(ctx context.Context, person, id library.ID) error {
	return a.do(ctx, library.NotFound, "remove a passkey", `DELETE FROM passkeys WHERE person = $1 AND id = $2`, string(person), string(id))
}

func scanPending(r scanner) (p access.Pending, err error) {
	return p, r.Scan(&p.Kind, &p.Digest, &p.Data, instant{&p.Expires})
}

// Keep implements access.Pendings, and sweeps out what has expired.
func (a *Access) Keep(ctx context.Context, p access.Pending, now time.Time) error {
	if err := a.Sweep(ctx, now); err != nil {
		return err
	}
	return a.do(ctx, "", "keep what is pending", `INSERT INTO pending (kind, digest, data, expires) VALUES ($1, $2, $3, $4)`,
		p.Kind, p.Digest, string(p.Data), micros(p.Expires))
}

// Sweep implements access.Pendings.
func (a *Access) Sweep(ctx context.Context, now time.Time) error {
	return a.do(ctx, "", "sweep what is pending", `DELETE FROM pending WHERE expires <= $1`, micros(now))
}

// Peek implements access.Pendings.
func (a *Access) Peek(ctx context.Context, kind, digest string, now time.Time) (access.Pending, error) {
	return one(ctx, a, "thing begun", scanPending, `SELECT kind, digest, data, expires FROM pending WHERE kind = $1 AND digest = $2 AND expires > $3`,
		kind, digest, micros(now))
}

// Take implements access.Pendings: the row goes to whoever deletes it.
func (a *Access) Take(ctx context.Context, kind, digest string, now time.Time) (access.Pending, error) {
	p, err := scanPending(a.s.write.QueryRowContext(ctx,
		`DELETE FROM pending WHERE kind = $1 AND digest = $2 AND expires > $3 RETURNING kind, digest, data, expires`, kind, digest, micros(now)))
	if errors.Is(err, sql.ErrNoRows) {
		return p, library.Errorf(library.NotFound, "nothing of this kind was begun, or it was ended or has expired")
	}
	if err != nil {
		return p, a.s.fail(err, "take what is pending")
	}
	return p, nil
}

func scanRule(r scanner) (u access.Rule, err error) {
	return u, r.Scan(&u.ID, &u.Domain, &u.Provider, &u.Group, &u.Address, lists[library.Audience]{&u.Audiences})
}

// Rules implements access.Rules: in the order in which they were made.
func (a *Access) Rules(ctx context.Context) ([]access.Rule, error) {
	return all(ctx, a, "rule", scanRule, `SELECT id, domain, provider, member, address, audiences FROM rules ORDER BY id`)
}

// AddRule implements access.Rules.
func (a *Access) AddRule(ctx context.Context, r access.Rule) error {
	return a.do(ctx, "", "add a rule", `INSERT INTO rules (id, domain, provider, member, address, audiences) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(r.ID), r.Domain, r.Provider, r.Group, r.Address, list(r.Audiences))
}

// RemoveRule implements access.Rules.
func (a *Access) RemoveRule(ctx context.Context, id library.ID) error {
	return a.do(ctx, library.NotFound, "remove a rule", `DELETE FROM rules WHERE id = $1`, string(id))
}
