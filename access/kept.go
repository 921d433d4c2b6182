package access

import (
	"context"
	"time"

	"waymark/library"
)

// Kept is what the porter needs kept. All of it answers NotFound for what is
// not there, Conflict for what is there already or was changed meanwhile, and
// Busy when it may be tried again. What a method has kept survives the process.
type Kept struct {
	People     People
	Identities Identities
	Sessions   Sessions
	Tokens     Tokens
	Passkeys   Passkeys
	Pending    Pendings
	Rules      Rules
}

// People keeps persons. No two have the same address.
type People interface {
	Person(ctx context.Context, id library.ID) (Person, error)
	PersonAt(ctx context.Context, address string) (Person, error)
	// Persons gives up to limit persons by address after one, all for limit 0.
	Persons(ctx context.Context, after string, limit int) ([]Person, error)
	// SavePerson keeps a new person (Version 0) or a change of the version that
	// was read, and gives it back with its new version.
	SavePerson(ctx context.Context, p Person) (Person, error)
	// RemovePerson forgets a person with everything that lets them in.
	RemovePerson(ctx context.Context, id library.ID) error
}

// Known is what an identity provider said of a person when they last came.
type Known struct {
	Provider string // its issuer
	Subject  string // its name for the person, which is never another's
	Person   library.ID
	Groups   []string
	At       time.Time
}

// Identities keeps what providers call persons: one name at each provider.
type Identities interface {
	KnownAs(ctx context.Context, provider, subject string) (Known, error)
	KnownOf(ctx context.Context, person library.ID) ([]Known, error)
	// Know keeps an identity. Conflict says that the provider calls the person
	// something else, or calls another so.
	Know(ctx context.Context, k Known) error
}

// Session is one browser in which a person is signed in.
type Session struct {
	Digest  string // of the cookie
	Person  library.ID
	Way     string // how they came in: "password", "link", "passkey", or a provider's name
	Began   time.Time
	Seen    time.Time
	Expires time.Time
}

// Sessions keeps sessions.
type Sessions interface {
	BeginSession(ctx context.Context, s Session) error
	Session(ctx context.Context, digest string) (Session, error)
	Sessions(ctx context.Context, person library.ID) ([]Session, error)
	SeenSession(ctx context.Context, digest string, at time.Time) error
	// EndSessions ends the sessions of these digests, or all without any.
	EndSessions(ctx context.Context, person library.ID, digests ...string) error
}

// Token lets a program in on behalf of a person.
type Token struct {
	ID      library.ID
	Person  library.ID
	Name    string // what it is for
	Digest  string
	Scopes  []Scope
	Created time.Time
	Expires time.Time
	Used    time.Time // the day; zero when never
}

// Tokens keeps tokens.
type Tokens interface {
	AddToken(ctx context.Context, t Token) error
	Token(ctx context.Context, digest string) (Token, error)
	Tokens(ctx context.Context, person library.ID) ([]Token, error)
	UsedToken(ctx context.Context, id library.ID, at time.Time) error
	RemoveToken(ctx context.Context, person, id library.ID) error
}

// Passkey is a key of a person's device.
type Passkey struct {
	ID         library.ID
	Person     library.ID
	Name       string
	Credential []byte // as the WebAuthn library writes it, JSON
	Created    time.Time
}

// Passkeys keeps passkeys.
type Passkeys interface {
	AddPasskey(ctx context.Context, k Passkey) error
	Passkeys(ctx context.Context, person library.ID) ([]Passkey, error)
	UsedPasskey(ctx context.Context, k Passkey) error // keeps its counter
	RemovePasskey(ctx context.Context, person, id library.ID) error
}

// Pending is something begun that a secret ends, once and in time.
type Pending struct {
	Digest  string // of the secret
	Kind    string
	Data    []byte
	Expires time.Time
}

// Pendings keeps what is pending. What has expired at now is not there.
type Pendings interface {
	Keep(ctx context.Context, p Pending, now time.Time) error
	// Sweep forgets what has expired.
	Sweep(ctx context.Context, now time.Time) error
	Peek(ctx context.Context, kind, digest string, now time.Time) (Pending, error)
	// Take gives it to one caller only, for whom it is gone.
	Take(ctx context.Context, kind, digest string, now time.Time) (Pending, error)
}

// Rules keeps rules.
type Rules interface {
	Rules(ctx context.Context) ([]Rule, error)
	AddRule(ctx context.Context, r Rule) error
	RemoveRule(ctx context.Context, id library.ID) error
}
