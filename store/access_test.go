package store

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"waymark/access"
	"waymark/library"
)

// testAccess: persons change by version, what lets them in goes with them, and
// what is pending goes to one taker.
func testAccess(t *testing.T, open func() *Store) {
	ctx, a := t.Context(), open().Access()
	b := open().Access()
	at := at.UTC().Truncate(time.Microsecond)
	p := access.Person{ID: id(1), Address: "a@example.org", Name: "O'Neil ☃", Role: library.Curator, Audiences: []library.Audience{"staff", "x"},
		Topics: []string{"law"}, Countries: []string{"KE", "SD"}, Disabled: true, Password: "$x", Created: at}
	saved := must[access.Person](t)(a.SavePerson(ctx, p))
	p.Version = 1
	same(t, "saved", saved, p)
	same(t, "read by id", must[access.Person](t)(b.Person(ctx, id(1))), p)
	same(t, "read by address", must[access.Person](t)(b.PersonAt(ctx, "a@example.org")), p)
	_, err := a.SavePerson(ctx, access.Person{ID: id(2), Address: "a@example.org", Created: at})
	wantKind(t, err, library.Conflict)
	other := must[access.Person](t)(a.SavePerson(ctx, access.Person{ID: id(2), Address: "b@example.org", Created: at}))
	same(t, "all", len(must[[]access.Person](t)(a.Persons(ctx, "", 0))), 2)
	same(t, "after one", must[[]access.Person](t)(a.Persons(ctx, "a@example.org", 1))[0].ID, id(2))
	p.Name, p.Disabled, p.Topics = "", false, nil
	must[access.Person](t)(a.SavePerson(ctx, p))
	_, err = a.SavePerson(ctx, p) // its version is an older one now
	wantKind(t, err, library.Conflict)
	other.Address = "a@example.org"
	_, err = a.SavePerson(ctx, other)
	wantKind(t, err, library.Conflict)

	known := access.Known{Provider: "https://idp", Subject: "s", Person: id(1), Groups: []string{"g", "h"}, At: at}
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	ok(a.Know(ctx, known))
	known.Groups = []string{"h"}
	ok(a.Know(ctx, known))
	same(t, "known", must[access.Known](t)(b.KnownAs(ctx, "https://idp", "s")), known)
	for _, wrong := range []access.Known{{Provider: "https://idp", Subject: "s", Person: id(2), At: at}, {Provider: "https://idp", Subject: "other", Person: id(1), At: at}} {
		wantKind(t, a.Know(ctx, wrong), library.Conflict)
	}
	for n, digest := range []string{"d1", "d2"} {
		ok(a.BeginSession(ctx, access.Session{Digest: digest, Person: id(1), Way: "link", Began: at.Add(time.Duration(n)), Seen: at, Expires: at.Add(time.Hour)}))
	}
	same(t, "signed in", must[access.Person](t)(a.Person(ctx, id(1))).SignedIn, at)
	ok(a.SeenSession(ctx, "d1", at.Add(time.Minute)))
	same(t, "seen", must[access.Session](t)(a.Session(ctx, "d1")).Seen, at.Add(time.Minute))
	ok(a.EndSessions(ctx, id(2), "d1")) // somebody else's
	same(t, "sessions", len(must[[]access.Session](t)(a.Sessions(ctx, id(1)))), 2)
	ok(a.AddToken(ctx, access.Token{ID: id(3), Person: id(1), Name: "n", Digest: "t", Scopes: []access.Scope{"read"}, Created: at, Expires: at}))
	ok(a.AddPasskey(ctx, access.Passkey{ID: id(4), Person: id(1), Name: "n", Credential: []byte(`{"a":1}`), Created: at}))
	wantKind(t, a.RemoveToken(ctx, id(2), id(3)), library.NotFound)
	wantKind(t, a.RemovePasskey(ctx, id(2), id(4)), library.NotFound)
	ok(a.UsedPasskey(ctx, access.Passkey{ID: id(4), Credential: []byte(`{"a":2}`)}))
	same(t, "passkey", string(must[[]access.Passkey](t)(b.Passkeys(ctx, id(1)))[0].Credential), `{"a":2}`)
	ok(a.RemovePerson(ctx, id(1)))
	for what, err := range map[string]error{"session": second(b.Session(ctx, "d1")), "token": second(b.Token(ctx, "t")), "identity": second(b.KnownAs(ctx, "https://idp", "s")), "person": second(b.Person(ctx, id(1)))} {
		if library.KindOf(err) != library.NotFound {
			t.Errorf("the %s of one who is forgotten: %v", what, err)
		}
	}
	same(t, "passkeys", len(must[[]access.Passkey](t)(b.Passkeys(ctx, id(1)))), 0)
	wantKind(t, a.RemovePerson(ctx, id(1)), library.NotFound)
	r := access.Rule{ID: id(5), Domain: "iom.int", Audiences: []library.Audience{"staff"}}
	ok(a.AddRule(ctx, r))
	same(t, "rules", must[[]access.Rule](t)(b.Rules(ctx)), []access.Rule{r})
	ok(a.RemoveRule(ctx, id(5)))
	wantKind(t, a.RemoveRule(ctx, id(5)), library.NotFound)
	testPending(t, []*Access{a, b}, at)
}

func second[T any](_ T, err error) error { return err }

func testPending(t *testing.T, all []*Access, at time.Time) {
	ctx, a := t.Context(), all[0]
	keep := func(digest string, lasts time.Duration) {
		t.Helper()
		if err := a.Keep(ctx, access.Pending{Digest: digest, Kind: "link", Data: []byte(`"x"`), Expires: at.Add(lasts)}, at); err != nil {
			t.Fatal(err)
		}
	}
	keep("one", time.Minute)
	for _, late := range []time.Duration{time.Minute, time.Hour} {
		wantKind(t, second(a.Take(ctx, "link", "one", at.Add(late))), library.NotFound)
		wantKind(t, second(a.Peek(ctx, "link", "one", at.Add(late))), library.NotFound)
	}
	wantKind(t, second(a.Take(ctx, "passkey", "one", at)), library.NotFound)
	same(t, "looked at", string(must[access.Pending](t)(a.Peek(ctx, "link", "one", at)).Data), `"x"`)
	var got atomic.Int64
	var takers sync.WaitGroup
	for n := range 16 { // of two processes
		takers.Go(func() {
			if _, err := all[n%2].Take(ctx, "link", "one", at); err == nil {
				got.Add(1)
			} else if library.KindOf(err) != library.NotFound {
				t.Error(err)
			}
		})
	}
	takers.Wait()
	same(t, "takers", got.Load(), int64(1))
	keep("old", 1)
	at = at.Add(time.Hour)
	keep("new", time.Minute)
	var digests []string
	rows, err := a.s.read.QueryContext(ctx, `SELECT digest FROM pending`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var d string
		if err := rows.Scan(&d); err != nil {
			t.Fatal(err)
		}
		digests = append(digests, d)
	}
	if !slices.Equal(digests, []string{"new"}) {
		t.Errorf("what has expired is still kept: %q", digests)
	}
}
