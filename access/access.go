// Package access says who stands behind a request: it signs persons in, keeps
// their sessions and tokens, and makes a viewer of what is known of them.
package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"waymark/library"
)

// The ways in which nobody comes in. Neither tells whether an account exists.
var (
	ErrRefused = errors.New("this is not enough to sign in")
	ErrTooMany = errors.New("too many attempts to sign in")
)

// Porter lets persons in. Its methods may be called from any goroutine.
// Errors without a kind of their own are those of the Kept.
type Porter struct {
	Kept     Kept
	Settings []Rule // of the settings file, beside those that are kept
	Now      func() time.Time

	// Letters carries one-time links; nil where none can be sent.
	Letters Letters
	// Providers are the identity providers, in the order in which they are offered.
	Providers []*Provider
	// Alike gives codes of a field with all that mean the same, since terms were
	// merged; nil where none are.
	Alike func(f library.Field, codes []string) []string
	// Keys is where passkeys are good for; nil to take none.
	Keys *Keys

	hashing  chan struct{} // bounds the memory of passwords being compared
	accounts *limits
	origins  *limits
	mailed   *limits
	received *limits
	// strangers bounds letters to addresses that nobody knows, by who has them sent.
	strangers *limits
	letters   sync.WaitGroup
	posting   chan struct{}
}

// Open makes the porter of what is kept.
func Open(kept Kept, settings []Rule) *Porter {
	return &Porter{Kept: kept, Settings: settings, Now: time.Now,
		hashing: make(chan struct{}, runtime.GOMAXPROCS(0)), posting: make(chan struct{}, 8),
		// Somebody who mistypes comes to their tenth attempt without waiting;
		// an office behind one address has thirty at once.
		// Letters are fewer, for they fall upon whoever has the address.
		accounts: newLimits(10, time.Minute), origins: newLimits(30, 2*time.Second), mailed: newLimits(3, 5*time.Minute),
		received: newLimits(5, 10*time.Minute), strangers: newLimits(10, time.Minute)}
}

// Caller is who stands behind a request; the zero Caller is an anonymous reader.
type Caller struct {
	Viewer  library.Viewer
	Person  Person
	Session string // digest of the session; empty for a token and for nobody
}

// SignedIn tells whether a person came in through a session, as the pages of
// their own account ask for.
func (c Caller) SignedIn() bool { return c.Session != "" }

// viewer makes the viewer of a person: the audiences given to them and those
// that the rules give their identity now, so that a change of a rule holds at
// the next request.
func (p *Porter) viewer(ctx context.Context, person Person) (library.Viewer, error) {
	v := library.Viewer{Person: person.ID, Name: person.Called(), Role: person.Role,
		Topics: person.Topics, Countries: person.Countries}
	if p.Alike != nil {
		v.Topics, v.Countries = p.Alike(library.FieldTopic, v.Topics), p.Alike(library.FieldCountry, v.Countries)
	}
	audiences, err := p.Audiences(ctx, person)
	v.Audiences = audiences
	return v, err
}

// ViewerOf gives a person as the one on whose behalf something is read.
func (p *Porter) ViewerOf(ctx context.Context, person Person) (library.Viewer, error) {
	return p.viewer(ctx, person)
}

// Audiences gives the audiences of a person: their own and those of the rules.
func (p *Porter) Audiences(ctx context.Context, person Person) ([]library.Audience, error) {
	identity, err := p.identity(ctx, person)
	if err != nil {
		return nil, err
	}
	rules, err := p.Rules(ctx)
	if err != nil {
		return nil, err
	}
	return audiences(rules, identity, person.Audiences), nil
}

// Rules gives all rules: those of the settings, then those that are kept.
func (p *Porter) Rules(ctx context.Context) ([]Rule, error) {
	kept, err := p.Kept.Rules.Rules(ctx)
	return append(append([]Rule{}, p.Settings...), kept...), err
}

// secret makes a secret that cannot be guessed, and the digest under which it
// is kept: a copy of the database lets nobody in. The digest needs no salt, for
// the secret has 130 bits of chance, and comparing it takes no care about time,
// for nobody can choose the digest of a secret that they do not know.
func secret() (token, digest string) {
	token = rand.Text()
	return token, digestOf(token)
}

func digestOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Note records an act on accounts in the log: who did what to whom, by ids.
func Note(act string, by library.Viewer, person library.ID) {
	slog.Info("access", "act", act, "by", string(by.Person), "person", string(person))
}
