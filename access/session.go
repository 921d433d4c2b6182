package access

import (
	"context"
	"time"

	"waymark/library"
)

const (
	// SessionLasts is how long a session lasts at most, and sessionIdle how
	// long without a request: a browser left open is shut after a night.
	SessionLasts = 7 * 24 * time.Hour
	sessionIdle  = 12 * time.Hour
	// sessionNoted is how often a session is noted as seen, to spare the disk.
	sessionNoted = 5 * time.Minute
)

// begin makes a new session with a new secret: whatever the browser held
// before is worth nothing.
func (p *Porter) begin(ctx context.Context, person library.ID, way string) (string, error) {
	token, digest := secret()
	now := p.Now()
	return token, p.Kept.Sessions.BeginSession(ctx, Session{Digest: digest, Person: person, Way: way,
		Began: now, Seen: now, Expires: now.Add(SessionLasts)})
}

// Resume gives the caller of a session's secret. It answers ErrRefused when
// the session has ended, or the person is kept out.
func (p *Porter) Resume(ctx context.Context, token string) (Caller, error) {
	s, err := p.Kept.Sessions.Session(ctx, digestOf(token))
	if library.KindOf(err) == library.NotFound {
		return Caller{}, ErrRefused
	}
	if err != nil {
		return Caller{}, err
	}
	now := p.Now()
	if !now.Before(s.Expires) || now.Sub(s.Seen) > sessionIdle {
		if err := p.Kept.Sessions.EndSessions(ctx, s.Person, s.Digest); err != nil {
			return Caller{}, err
		}
		return Caller{}, ErrRefused
	}
	c, err := p.caller(ctx, s.Person)
	if err != nil {
		return Caller{}, err
	}
	c.Session = s.Digest
	if now.Sub(s.Seen) > sessionNoted {
		err = p.Kept.Sessions.SeenSession(ctx, s.Digest, now)
	}
	return c, err
}

// caller gives the caller of a person, ErrRefused for one who is kept out.
func (p *Porter) caller(ctx context.Context, id library.ID) (Caller, error) {
	person, err := p.Kept.People.Person(ctx, id)
	switch {
	case library.KindOf(err) == library.NotFound || err == nil && person.Disabled:
		return Caller{}, ErrRefused
	case err != nil:
		return Caller{}, err
	}
	v, err := p.viewer(ctx, person)
	return Caller{Viewer: v, Person: person}, err
}

// SignOut ends the session that the caller came with.
func (p *Porter) SignOut(ctx context.Context, c Caller) error {
	if !c.SignedIn() {
		return nil
	}
	return p.Kept.Sessions.EndSessions(ctx, c.Person.ID, c.Session)
}

// SignOutEverywhere ends every session of a person.
func (p *Porter) SignOutEverywhere(ctx context.Context, person library.ID) error {
	return p.Kept.Sessions.EndSessions(ctx, person)
}

// Begin signs in a person who has shown who they are in another way.
func (p *Porter) Begin(ctx context.Context, person Person, way string) (string, error) {
	return p.begin(ctx, person.ID, way)
}
