package access

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"waymark/library"
)

// Scope is what a token may do of what its person may.
type Scope string

// The scopes; a token may do what the furthest of its own may, and reads always.
const (
	ScopeRead   Scope = "read"   // see what the person sees as a reader
	ScopeSubmit Scope = "submit" // propose
	ScopeEdit   Scope = "edit"   // edit and publish
	ScopeGovern Scope = "govern" // say who may do what
)

// Scopes gives all scopes, the narrowest first.
func Scopes() []Scope { return []Scope{ScopeRead, ScopeSubmit, ScopeEdit, ScopeGovern} }

// Role gives the role that a scope reaches to.
func (s Scope) Role() library.Role {
	return library.Role(max(0, slices.Index(Scopes(), s)))
}

// tokenPrefix tells a token from other secrets, so that scanners of published
// code can find one that was lost.
const tokenPrefix = "waymark_"

// tokenMost is how long a token lasts at most.
const tokenMost = 366 * 24 * time.Hour

// AddToken makes a token of a person and gives its secret, which nobody can
// read again.
func (p *Porter) AddToken(ctx context.Context, person Person, name string, scopes []Scope, lasts time.Duration) (string, Token, error) {
	bad := func(field, why string) (string, Token, error) {
		return "", Token{}, &library.Error{Kind: library.Invalid, Field: field, Err: fmt.Errorf("a token must %s", why)}
	}
	name = strings.TrimSpace(name)
	switch {
	case name == "" || len(name) > 200:
		return bad("name", "have a name that says what it is for")
	case lasts <= 0 || lasts > tokenMost:
		return bad("days", "expire within a year")
	case len(scopes) == 0:
		return bad("scope", "have a scope")
	}
	for _, s := range scopes {
		if !slices.Contains(Scopes(), s) {
			return bad("scope", fmt.Sprintf("not have the scope %q: choose from %v", s, Scopes()))
		}
	}
	id, err := library.NewID(p.Now(), rand.Reader)
	if err != nil {
		return "", Token{}, err
	}
	token, _ := secret()
	token = tokenPrefix + token
	t := Token{ID: id, Person: person.ID, Name: name, Digest: digestOf(token), Scopes: scopes, Created: p.Now(), Expires: p.Now().Add(lasts)}
	return token, t, p.Kept.Tokens.AddToken(ctx, t)
}

// Bearer gives the caller of a token: its person, as far as its scopes reach.
// It answers ErrRefused for one that is not known, has expired, or whose person
// is kept out.
func (p *Porter) Bearer(ctx context.Context, from netip.Addr, secret string) (Caller, error) {
	if !strings.HasPrefix(secret, tokenPrefix) {
		return Caller{}, p.refuse(from)
	}
	t, err := p.Kept.Tokens.Token(ctx, digestOf(secret))
	if library.KindOf(err) == library.NotFound || err == nil && !p.Now().Before(t.Expires) {
		return Caller{}, p.refuse(from)
	}
	if err != nil {
		return Caller{}, err
	}
	c, err := p.caller(ctx, t.Person)
	if err != nil {
		return Caller{}, err
	}
	if stale, err := p.stale(ctx, t.Person); err != nil || stale {
		return Caller{}, cmp.Or(err, error(ErrRefused))
	}
	reach := library.Reader
	for _, s := range t.Scopes {
		reach = max(reach, s.Role())
	}
	c.Viewer.Role = min(c.Viewer.Role, reach)
	if p.Now().Sub(t.Used) > 24*time.Hour {
		err = p.Kept.Tokens.UsedToken(ctx, t.ID, p.Now())
	}
	return c, err
}

// tokenAlone is how long a token works while its person does not come by the
// identity provider that vouches for them: whoever leaves the organisation
// leaves no token behind.
const tokenAlone = 90 * 24 * time.Hour

func (p *Porter) stale(ctx context.Context, person library.ID) (bool, error) {
	known, err := p.Kept.Identities.KnownOf(ctx, person)
	late := func(k Known) bool { return p.Now().Sub(k.At) > tokenAlone }
	return len(known) > 0 && !slices.ContainsFunc(known, func(k Known) bool { return !late(k) }), err
}

// refuse answers a token that does not hold. Guessing is hopeless, so it is
// only kept from being done fast.
func (p *Porter) refuse(from netip.Addr) error {
	if err := p.attempt(from, ""); err != nil {
		return err
	}
	return ErrRefused
}
