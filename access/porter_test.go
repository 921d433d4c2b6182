package access_test

import (
	"errors"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waymark/access"
	"waymark/library"
	"waymark/store"
)

var here = netip.MustParseAddr("192.0.2.1")

// porter is one over a real store, with a clock of its own.
func porter(t *testing.T, rules ...access.Rule) (*access.Porter, *time.Time) {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "library.db"))
	if err != nil {
		t.Fatal(err)
	}
	p := access.Open(st.Access().Kept(), rules)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	p.Now = func() time.Time { return now }
	t.Cleanup(func() {
		p.Finish()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return p, &now
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func refused(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, access.ErrRefused) {
		t.Errorf("got %v, want %v", err, access.ErrRefused)
	}
}

const password = "correct horse battery"

func TestPersonChanges(t *testing.T) {
	p, _ := porter(t)
	a := must[access.Person](t)(p.Add(t.Context(), access.Person{Address: "A@example.org", Role: library.Curator, Topics: []string{"law"}}))
	if _, err := p.Add(t.Context(), access.Person{Address: "a@EXAMPLE.org"}); library.KindOf(err) != library.Conflict {
		t.Errorf("a second person has the address: %v", err)
	}
	b := must[access.Person](t)(p.SetPassword(t.Context(), a, password))
	a.Name = "late"
	if _, err := p.Kept.People.SavePerson(t.Context(), a); library.KindOf(err) != library.Conflict {
		t.Errorf("a change of an older version is taken: %v", err)
	}
	got := must[access.Person](t)(p.Find(t.Context(), "a@example.org"))
	if got.Password != b.Password || got.Name != "" || got.Role != library.Curator || len(got.Topics) != 1 {
		t.Errorf("kept is %+v", got)
	}
	if strings.Contains(got.Password, password) || !strings.HasPrefix(got.Password, "$argon2id$v=19$m=32768,t=3,p=1$") {
		t.Errorf("the password is kept as %q", got.Password)
	}
	for _, weak := range []string{"short", "aaaaaaaaaaaaaaaaaa", strings.Repeat("word ", 300)} {
		if _, err := p.SetPassword(t.Context(), got, weak); library.KindOf(err) != library.Invalid {
			t.Errorf("%.20q is taken: %v", weak, err)
		}
	}
}

// TestPasswordUnicode: the same letters written in two ways are one password.
// TestNamesApart: nobody is called what another is, by name or by address, since
// what is at the desk belongs to whoever is called so.
func TestNamesApart(t *testing.T) {
	p, _ := porter(t)
	must[access.Person](t)(p.Add(t.Context(), access.Person{Address: "ada@example.org", Name: "Ada", Role: library.Curator}))
	must[access.Person](t)(p.Add(t.Context(), access.Person{Address: "bo@example.org", Role: library.Submitter}))
	cy := must[access.Person](t)(p.Add(t.Context(), access.Person{Address: "cy@example.org"}))
	chief := library.Viewer{Person: "someone", Role: library.Administrator}
	for _, name := range []string{"Ada", "ADA", "bo@example.org"} {
		if _, err := p.Add(t.Context(), access.Person{Address: "eve@example.org", Name: name}); library.KindOf(err) != library.Invalid {
			t.Errorf("a second %s is added: %v", name, err)
		}
		called := cy
		called.Name = name
		if _, err := p.Change(t.Context(), chief, called); library.KindOf(err) != library.Invalid {
			t.Errorf("somebody comes to be called %s too: %v", name, err)
		}
	}
	if cy.Name = "Cy"; must[access.Person](t)(p.Change(t.Context(), chief, cy)).Name != "Cy" {
		t.Error("a name of their own is refused")
	}
}

func TestPasswordUnicode(t *testing.T) {
	p, _ := porter(t)
	a := must[access.Person](t)(p.Add(t.Context(), access.Person{Address: "a@example.org"}))
	must[access.Person](t)(p.SetPassword(t.Context(), a, "caf\u00e9 caf\u00e9 caf\u00e9"))
	if _, err := p.SignIn(t.Context(), here, "a@example.org", "cafe\u0301 cafe\u0301 cafe\u0301"); err != nil {
		t.Error(err)
	}
}

// TestRehash: a hash of other costs is made anew when its password is seen.
func TestRehash(t *testing.T) {
	p, _ := porter(t)
	a := must[access.Person](t)(p.Add(t.Context(), access.Person{Address: "a@example.org"}))
	// "password" with 8 KiB, one pass and one lane.
	a.Password = access.HashWith(password, 8, 1)
	must[access.Person](t)(p.Kept.People.SavePerson(t.Context(), a))
	must[string](t)(p.SignIn(t.Context(), here, "a@example.org", password))
	got := must[access.Person](t)(p.Find(t.Context(), "a@example.org"))
	if !strings.HasPrefix(got.Password, "$argon2id$v=19$m=32768,t=3,p=1$") {
		t.Errorf("the password is still kept as %q", got.Password)
	}
	must[string](t)(p.SignIn(t.Context(), here, "a@example.org", password))
	for _, bad := range []string{"", "x", "$argon2id$v=19$m=99999999,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA", "$2a$10$abc"} {
		got = must[access.Person](t)(p.Find(t.Context(), "a@example.org"))
		got.Password = bad
		must[access.Person](t)(p.Kept.People.SavePerson(t.Context(), got))
		_, err := p.SignIn(t.Context(), netip.MustParseAddr("192.0.2.9"), "a@example.org", bad)
		refused(t, err)
	}
}

func TestSessionLasts(t *testing.T) {
	p, now := porter(t)
	a := must[access.Person](t)(p.Add(t.Context(), access.Person{Address: "a@example.org"}))
	begin := func() string { t.Helper(); return must[string](t)(p.Begin(t.Context(), a, "link")) }
	idle := begin()
	*now = now.Add(11 * time.Hour)
	must[access.Caller](t)(p.Resume(t.Context(), idle))
	*now = now.Add(11 * time.Hour)
	must[access.Caller](t)(p.Resume(t.Context(), idle))
	*now = now.Add(13 * time.Hour)
	_, err := p.Resume(t.Context(), idle)
	refused(t, err)
	busy := begin()
	for range 7 * 24 / 6 {
		*now = now.Add(6 * time.Hour)
		if _, err = p.Resume(t.Context(), busy); err != nil {
			break
		}
	}
	refused(t, err)
	for _, token := range []string{"", "x", busy} {
		_, err := p.Resume(t.Context(), token)
		refused(t, err)
	}
}

// TestRuleHoldsAtOnce: what a rule gives or takes is seen by the next request.
func TestRuleHoldsAtOnce(t *testing.T) {
	p, _ := porter(t, access.Rule{Domain: "iom.int", Audiences: []library.Audience{"staff"}})
	a := must[access.Person](t)(p.Add(t.Context(), access.Person{Address: "a@iom.int", Audiences: []library.Audience{"board"}}))
	session := must[string](t)(p.Begin(t.Context(), a, "link"))
	sees := func(audience library.Audience) bool {
		t.Helper()
		return must[access.Caller](t)(p.Resume(t.Context(), session)).Viewer.Sees(library.Published, audience)
	}
	if !sees("staff") || !sees("board") || sees("partners") || !sees(library.Public) {
		t.Error("the person does not see what the rules of the settings give")
	}
	if err := p.AddRule(t.Context(), library.House(), access.Rule{Address: "A@iom.int", Audiences: []library.Audience{"partners"}}); err != nil {
		t.Fatal(err)
	}
	if !sees("partners") {
		t.Error("a new rule does not hold")
	}
	rules := must[[]access.Rule](t)(p.Rules(t.Context()))
	if err := p.Kept.Rules.RemoveRule(t.Context(), rules[1].ID); err != nil {
		t.Fatal(err)
	}
	if sees("partners") {
		t.Error("a rule that was removed holds")
	}
}

func TestTokens(t *testing.T) {
	p, now := porter(t, access.Rule{Domain: "iom.int", Audiences: []library.Audience{"staff"}})
	a := must[access.Person](t)(p.Add(t.Context(), access.Person{Address: "a@iom.int", Role: library.Curator, Topics: []string{"law"}}))
	for _, c := range []struct {
		scopes []access.Scope
		want   library.Role
	}{
		{[]access.Scope{access.ScopeRead}, library.Reader},
		{[]access.Scope{access.ScopeSubmit, access.ScopeRead}, library.Submitter},
		{[]access.Scope{access.ScopeEdit}, library.Curator},
		{[]access.Scope{access.ScopeGovern}, library.Curator}, // no more than the person
	} {
		secret, _, err := p.AddToken(t.Context(), a, "test", c.scopes, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		got := must[access.Caller](t)(p.Bearer(t.Context(), here, secret))
		if got.Viewer.Role != c.want || !got.Viewer.Sees(library.Published, "staff") || got.SignedIn() || len(got.Viewer.Topics) != 1 {
			t.Errorf("%v: %+v", c.scopes, got.Viewer)
		}
		if _, err := p.Resume(t.Context(), secret); !errors.Is(err, access.ErrRefused) {
			t.Errorf("a token is a session: %v", err)
		}
	}
	for _, c := range []struct {
		name   string
		scopes []access.Scope
		lasts  time.Duration
	}{{"", []access.Scope{"read"}, 1}, {"x", nil, 1}, {"x", []access.Scope{"root"}, 1}, {"x", []access.Scope{"read"}, 0}, {"x", []access.Scope{"read"}, 9000 * time.Hour}} {
		if _, _, err := p.AddToken(t.Context(), a, c.name, c.scopes, c.lasts); library.KindOf(err) != library.Invalid {
			t.Errorf("%+v: %v", c, err)
		}
	}
	secret, token, err := p.AddToken(t.Context(), a, "short", []access.Scope{"read"}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	*now = now.Add(time.Hour)
	_, err = p.Bearer(t.Context(), here, secret)
	refused(t, err)
	*now = now.Add(-time.Minute)
	must[access.Caller](t)(p.Bearer(t.Context(), here, secret))
	if err := p.Kept.Tokens.RemoveToken(t.Context(), "another", token.ID); library.KindOf(err) != library.NotFound {
		t.Errorf("somebody else removes the token: %v", err)
	}
	must[access.Person](t)(p.Disable(t.Context(), a, true))
	_, err = p.Bearer(t.Context(), here, secret)
	refused(t, err)
}

// TestSameWork: an account that is not there takes as long as one that is. A
// lower bound only, since a busy machine can be slow at any time.
func TestSameWork(t *testing.T) {
	p, now := porter(t)
	a := must[access.Person](t)(p.Add(t.Context(), access.Person{Address: "a@example.org"}))
	must[access.Person](t)(p.SetPassword(t.Context(), a, password))
	must[access.Person](t)(p.Add(t.Context(), access.Person{Address: "none@example.org"}))
	// By turns, so that what else the machine does falls upon all alike.
	addresses := []string{"a@example.org", "nobody@example.org", "none@example.org", "no address at all"}
	fastest := map[string]time.Duration{}
	for range 12 {
		for _, address := range addresses {
			*now = now.Add(time.Hour)
			start := time.Now()
			_, err := p.SignIn(t.Context(), here, address, "a wrong password")
			if took := time.Since(start); fastest[address] == 0 || took < fastest[address] {
				fastest[address] = took
			}
			refused(t, err)
		}
	}
	for _, address := range addresses[1:] {
		if got, known := fastest[address], fastest[addresses[0]]; got < known/3 {
			t.Errorf("%s is refused after %s, somebody after %s", address, got, known)
		}
	}
}

// TestTokenOfLeaver: whoever no longer comes by their provider leaves no token
// and no group behind.
func TestTokenOfLeaver(t *testing.T) {
	p, now := porter(t, access.Rule{Group: "g", Audiences: []library.Audience{"staff"}})
	p.Providers = []*access.Provider{{Name: "hub", Issuer: "https://hub.example"}}
	a := must[access.Person](t)(p.Add(t.Context(), access.Person{Address: "a@example.org"}))
	come := func() {
		t.Helper()
		if err := p.Kept.Identities.Know(t.Context(), access.Known{Provider: "https://hub.example", Subject: "1", Person: a.ID, Groups: []string{"g"}, At: *now}); err != nil {
			t.Fatal(err)
		}
	}
	come()
	secret, _, err := p.AddToken(t.Context(), a, "x", []access.Scope{"read"}, 365*24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		days        int
		works, sees bool
	}{{1, true, true}, {28, true, true}, {10, true, false}, {60, false, false}} {
		*now = now.Add(time.Duration(c.days) * 24 * time.Hour)
		got, err := p.Bearer(t.Context(), here, secret)
		if (err == nil) != c.works || got.Viewer.Sees(library.Published, "staff") != c.sees {
			t.Errorf("after %d days more: %+v, %v", c.days, got.Viewer, err)
		}
	}
	come()
	if c := must[access.Caller](t)(p.Bearer(t.Context(), here, secret)); !c.Viewer.Sees(library.Published, "staff") {
		t.Error("one who came again is not known")
	}
}

// TestGovern: nobody but an administrator governs, whichever door they come by.
func TestGovern(t *testing.T) {
	p, _ := porter(t)
	a := must[access.Person](t)(p.Add(t.Context(), access.Person{Address: "a@example.org", Role: library.Administrator}))
	b := must[access.Person](t)(p.Add(t.Context(), access.Person{Address: "b@example.org"}))
	ctx := t.Context()
	admin := library.Viewer{Person: a.ID, Role: library.Administrator}
	demoted := a
	demoted.Role = library.Reader
	acts := map[string]func(by library.Viewer) error{
		"people": func(by library.Viewer) error { _, err := p.People(ctx, by, "", 0); return err },
		"person": func(by library.Viewer) error { _, err := p.Person(ctx, by, b.ID); return err },
		"invite": func(by library.Viewer) error {
			_, err := p.Invite(ctx, by, access.Person{Address: "c@example.org"})
			return err
		},
		"change":   func(by library.Viewer) error { _, err := p.Change(ctx, by, b); return err },
		"keep out": func(by library.Viewer) error { return p.KeepOut(ctx, by, b.ID, true) },
		"end":      func(by library.Viewer) error { return p.EndOf(ctx, by, b.ID) },
		"forget":   func(by library.Viewer) error { return p.Forget(ctx, by, "01ARZ3NDEKTSV4RRFFQ69G5FAV") },
		"rule": func(by library.Viewer) error {
			return p.AddRule(ctx, by, access.Rule{Domain: "iom.int", Audiences: []library.Audience{"staff"}})
		},
		"no rule": func(by library.Viewer) error { return p.RemoveRule(ctx, by, "x") },
	}
	for name, act := range acts {
		for _, by := range []library.Viewer{{}, {Person: b.ID, Role: library.Submitter}, {Person: b.ID, Role: library.Curator}} {
			if err := act(by); library.KindOf(err) != library.Forbidden {
				t.Errorf("%s by a %s: %v", name, by.Role, err)
			}
		}
		if k := library.KindOf(act(admin)); k != "" && k != library.NotFound && k != library.Conflict { // of an older version
			t.Errorf("%s by an administrator: %v", name, k)
		}
	}
	for name, err := range map[string]error{
		"keep out": p.KeepOut(ctx, admin, a.ID, true), "end": p.EndOf(ctx, admin, a.ID), "forget": p.Forget(ctx, admin, a.ID),
		"demote": func() error { _, err := p.Change(ctx, admin, demoted); return err }(),
	} {
		if library.KindOf(err) != library.Forbidden {
			t.Errorf("%s oneself: %v", name, err)
		}
	}
}

// BenchmarkResume is what each request of a person who is signed in costs.
func BenchmarkResume(b *testing.B) {
	st, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "library.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	p := access.Open(st.Access().Kept(), []access.Rule{{Domain: "iom.int", Audiences: []library.Audience{"staff"}}})
	a, err := p.Add(b.Context(), access.Person{Address: "a@iom.int"})
	if err != nil {
		b.Fatal(err)
	}
	token, err := p.Begin(b.Context(), a, "link")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := p.Resume(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
}
