package access

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"waymark/library"
)

// Acts keeps what was done; see library.Act. What is kept is never changed, and
// never removed but by ExpireActs.
type Acts interface {
	AddAct(ctx context.Context, a library.Act) error
	Acts(ctx context.Context, v library.Viewer, f library.ActFilter) ([]library.Act, error)
	ExpireActs(ctx context.Context, signIns, addresses time.Time) error
}

// Journal is the audit: who did what to what.
type Journal struct {
	Kept      Acts
	Now       func() time.Time
	SignIns   time.Duration // how long sign-ins are kept
	Addresses time.Duration // how long it is kept from where somebody came; 0 for not at all
}

// doer is who does what is done with a context.
type doer struct {
	viewer library.Viewer
	from   netip.Addr
}

type doerKey struct{}

// Doing gives a context in which the viewer acts, from an address that may be
// unknown.
func Doing(ctx context.Context, v library.Viewer, from netip.Addr) context.Context {
	return context.WithValue(ctx, doerKey{}, doer{v, from})
}

// record keeps an act of whoever acts in the context.
func (j *Journal) record(ctx context.Context, a library.Act) error {
	d, _ := ctx.Value(doerKey{}).(doer)
	id, err := library.NewID(j.Now(), rand.Reader)
	if err != nil {
		return err
	}
	a.ID, a.At = string(id), j.Now()
	if a.Name == "" {
		a.Person, a.Name = d.viewer.Person, d.viewer.Name
	}
	if j.Addresses > 0 && d.from.IsValid() {
		a.Address = d.from.String()
	}
	return j.Kept.AddAct(ctx, a)
}

// List gives acts, the latest first. It answers Forbidden to all but
// administrators. Sign-ins and addresses that have expired are not given, also
// when nobody has come to forget them yet.
func (j *Journal) List(ctx context.Context, v library.Viewer, f library.ActFilter) ([]library.Act, error) {
	all, err := j.Kept.Acts(ctx, v, f)
	return j.standing(all), err
}

// standing leaves out what has expired.
func (j *Journal) standing(all []library.Act) []library.Act {
	now := j.Now()
	all = slices.DeleteFunc(all, func(a library.Act) bool {
		return (a.Did == library.SignedIn || a.Did == library.SignedOut) && !a.Edit && now.Sub(a.At) > j.SignIns
	})
	for i := range all {
		if now.Sub(all[i].At) > j.Addresses {
			all[i].Address = ""
		}
	}
	return all
}

// Expire forgets what is older than the journal keeps it.
func (j *Journal) Expire(ctx context.Context) error {
	return j.Kept.ExpireActs(ctx, j.Now().Add(-j.SignIns), j.Now().Add(-j.Addresses))
}

// Witness gives the same Kept, of which every change is told to the journal by
// whichever way it comes about.
func Witness(k Kept, j *Journal) Kept {
	k.People, k.Sessions = watchedPeople{k.People, j}, watchedSessions{k.Sessions, k.People, j}
	k.Tokens, k.Passkeys, k.Rules = watchedTokens{k.Tokens, j}, watchedPasskeys{k.Passkeys, j}, watchedRules{k.Rules, j}
	return k
}

// The parts of a Kept by names that none of their methods has.
type (
	keptPeople   = People
	keptSessions = Sessions
	keptTokens   = Tokens
	keptPasskeys = Passkeys
	keptRules    = Rules
)

type watchedPeople struct {
	keptPeople
	journal *Journal
}

// SavePerson implements People.
func (w watchedPeople) SavePerson(ctx context.Context, p Person) (Person, error) {
	var before Person
	if p.Version > 0 {
		var err error
		if before, err = w.keptPeople.Person(ctx, p.ID); err != nil {
			return p, err
		}
	}
	after, err := w.keptPeople.SavePerson(ctx, p)
	if err != nil {
		return after, err
	}
	if before.ID == "" {
		return after, w.journal.record(ctx, library.Act{Did: "person-added", Subject: string(after.ID), Detail: named(after, standingOf(after))})
	}
	return after, w.tell(ctx, before, after)
}

// tell records in what a person has changed; that they came in is told by their
// session.
func (w watchedPeople) tell(ctx context.Context, before, after Person) error {
	var acts []library.Act
	add := func(did, detail string) {
		acts = append(acts, library.Act{Did: did, Subject: string(after.ID), Detail: named(after, detail)})
	}
	if before.Role != after.Role {
		add("role", before.Role.String()+" → "+after.Role.String())
	}
	if before.Disabled != after.Disabled {
		add(map[bool]string{true: "kept-out", false: "let-in"}[after.Disabled], "")
	}
	if before.Password != after.Password {
		add("password", "")
	}
	if a, b := standingOf(before), standingOf(after); before.Role == after.Role && a != b {
		add("person-changed", a+" → "+b)
	}
	if before.Name != after.Name {
		add("person-changed", "was called "+before.Name)
	}
	if before.Address != after.Address {
		add("person-changed", "has another address")
	}
	for _, a := range acts {
		if err := w.journal.record(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// named puts a person's name before a detail. Addresses stay out of the journal:
// it cannot forget them when a person is forgotten.
func named(p Person, detail string) string {
	if p.Name == "" || detail == "" {
		return p.Name + detail
	}
	return p.Name + ": " + detail
}

// standingOf says what a person may do and see.
func standingOf(p Person) string {
	s := p.Role.String()
	if len(p.Audiences) > 0 {
		s += fmt.Sprintf(", audiences %v", p.Audiences)
	}
	if len(p.Topics)+len(p.Countries) > 0 {
		s += ", limited to " + strings.Join(slices.Concat(p.Topics, p.Countries), " ")
	}
	return s
}

// RemovePerson implements People.
func (w watchedPeople) RemovePerson(ctx context.Context, id library.ID) error {
	before, err := w.keptPeople.Person(ctx, id)
	if err == nil {
		err = w.keptPeople.RemovePerson(ctx, id)
	}
	if err != nil {
		return err
	}
	return w.journal.record(ctx, library.Act{Did: "person-removed", Subject: string(id), Detail: standingOf(before)})
}

type watchedSessions struct {
	keptSessions
	people  People
	journal *Journal
}

// BeginSession implements Sessions.
func (w watchedSessions) BeginSession(ctx context.Context, s Session) error {
	person, err := w.people.Person(ctx, s.Person)
	if err == nil {
		err = w.keptSessions.BeginSession(ctx, s)
	}
	if err != nil {
		return err
	}
	return w.journal.record(ctx, library.Act{Person: person.ID, Name: person.Called(), Did: library.SignedIn, Subject: string(person.ID), Detail: s.Way})
}

// EndSessions implements Sessions.
func (w watchedSessions) EndSessions(ctx context.Context, person library.ID, digests ...string) error {
	if err := w.keptSessions.EndSessions(ctx, person, digests...); err != nil {
		return err
	}
	detail := ""
	if len(digests) == 0 {
		detail = "everywhere"
	}
	return w.journal.record(ctx, library.Act{Did: library.SignedOut, Subject: string(person), Detail: detail})
}

type watchedTokens struct {
	keptTokens
	journal *Journal
}

// AddToken implements Tokens.
func (w watchedTokens) AddToken(ctx context.Context, t Token) error {
	if err := w.keptTokens.AddToken(ctx, t); err != nil {
		return err
	}
	return w.journal.record(ctx, library.Act{Did: "token-added", Subject: string(t.ID), Detail: fmt.Sprintf("%s %v, for %s, until %s", t.Name, t.Scopes, t.Person, t.Expires.UTC().Format(time.DateOnly))})
}

// RemoveToken implements Tokens.
func (w watchedTokens) RemoveToken(ctx context.Context, person, id library.ID) error {
	if err := w.keptTokens.RemoveToken(ctx, person, id); err != nil {
		return err
	}
	return w.journal.record(ctx, library.Act{Did: "token-removed", Subject: string(id), Detail: "of " + string(person)})
}

type watchedPasskeys struct {
	keptPasskeys
	journal *Journal
}

// AddPasskey implements Passkeys.
func (w watchedPasskeys) AddPasskey(ctx context.Context, k Passkey) error {
	if err := w.keptPasskeys.AddPasskey(ctx, k); err != nil {
		return err
	}
	return w.journal.record(ctx, library.Act{Did: "passkey-added", Subject: string(k.ID), Detail: k.Name + ", of " + string(k.Person)})
}

// RemovePasskey implements Passkeys.
func (w watchedPasskeys) RemovePasskey(ctx context.Context, person, id library.ID) error {
	if err := w.keptPasskeys.RemovePasskey(ctx, person, id); err != nil {
		return err
	}
	return w.journal.record(ctx, library.Act{Did: "passkey-removed", Subject: string(id), Detail: "of " + string(person)})
}

type watchedRules struct {
	keptRules
	journal *Journal
}

// AddRule implements Rules.
func (w watchedRules) AddRule(ctx context.Context, r Rule) error {
	if err := w.keptRules.AddRule(ctx, r); err != nil {
		return err
	}
	return w.journal.record(ctx, library.Act{Did: "rule-added", Subject: string(r.ID), Detail: r.String()})
}

// RemoveRule implements Rules.
func (w watchedRules) RemoveRule(ctx context.Context, id library.ID) error {
	detail := ""
	rules, err := w.keptRules.Rules(ctx)
	if i := slices.IndexFunc(rules, func(r Rule) bool { return r.ID == id }); i >= 0 {
		detail = rules[i].String()
	}
	if err == nil {
		err = w.keptRules.RemoveRule(ctx, id)
	}
	if err != nil {
		return err
	}
	return w.journal.record(ctx, library.Act{Did: "rule-removed", Subject: string(id), Detail: detail})
}

// String writes the rule as a person reads it, without a person's address.
func (r Rule) String() string {
	whom := r.Domain
	if r.Address != "" {
		whom = "one person"
	}
	if r.Group != "" {
		whom = strings.TrimSpace(r.Provider + " group " + r.Group)
	}
	return fmt.Sprintf("%s → %v", whom, r.Audiences)
}
