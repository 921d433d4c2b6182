package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"waymark/library"
)

// Argon2id (RFC 9106) with 32 MiB in 3 passes on one lane: 55 ms of one core,
// measured on an idle EPYC of two cores, and above the least that OWASP asks
// for (19 MiB, 2 passes; 24 ms). 64 MiB took 141 ms and would hold as much for
// each sign-in under way. A hash made with other costs is made anew at the
// next sign-in.
const (
	argonPasses = 3
	argonMemory = 32 << 10 // KiB
	argonLanes  = 1
	argonSalt   = 16 // bytes
	argonHash   = 32
)

const (
	passwordLeast = 12   // characters
	passwordMost  = 1000 // bytes
)

// CheckPassword answers Invalid for a password that is too easily guessed.
func CheckPassword(password, address string) error {
	bad := func(why string) error {
		return &library.Error{Kind: library.Invalid, Field: "password", Err: fmt.Errorf("a password must %s", why)}
	}
	local, _, _ := strings.Cut(address, "@")
	switch {
	case utf8.RuneCountInString(password) < passwordLeast:
		return bad(fmt.Sprintf("have at least %d characters: take some words", passwordLeast))
	case len(password) > passwordMost:
		return bad("be shorter")
	case strings.Contains(strings.ToLower(password), local) && len(local) > 3:
		return bad("not hold your address")
	case strings.Count(password, password[:1]) == len(password):
		return bad("not be one letter again and again")
	}
	return nil
}

// hash gives a password as it is kept, in the PHC string format.
func (p *Porter) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSalt)
	if _, err := rand.Read(salt); err != nil {
		return "", fmt.Errorf("take chance for a password: %w", err)
	}
	key, err := p.derive(ctx, password, salt, costs{argonMemory, argonPasses, argonLanes})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s%s$%s", argonPrefix(), b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

var b64 = base64.RawStdEncoding

func argonPrefix() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, argonMemory, argonPasses, argonLanes)
}

// costs are those of one hash.
type costs struct {
	memory, passes uint32
	lanes          uint8
}

// derive computes a hash, for as many at a time as there are processors.
func (p *Porter) derive(ctx context.Context, password string, salt []byte, c costs) ([]byte, error) {
	select {
	case p.hashing <- struct{}{}:
		defer func() { <-p.hashing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, c.passes, c.memory, c.lanes, argonHash), nil
}

// compare tells whether a password is that of a hash, in the same time for
// every password; for a hash that is none it does the same work and says no.
func (p *Porter) compare(ctx context.Context, password, hash string) (bool, error) {
	c, salt, want, ok := parseHash(hash)
	if !ok {
		c, salt, want = costs{argonMemory, argonPasses, argonLanes}, make([]byte, argonSalt), make([]byte, argonHash)
	}
	got, err := p.derive(ctx, password, salt, c)
	return subtle.ConstantTimeCompare(got, want) == 1 && ok, err
}

// parseHash reads a hash; costs that no Waymark has written are refused, since
// they could take all memory.
func parseHash(s string) (c costs, salt, key []byte, ok bool) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, false
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.lanes); err != nil {
		return c, nil, nil, false
	}
	salt, err := b64.DecodeString(parts[4])
	key, err2 := b64.DecodeString(parts[5])
	ok = err == nil && err2 == nil && len(salt) >= 8 && len(key) == argonHash && c.passes >= 1 && c.passes <= 16 &&
		c.lanes >= 1 && c.lanes <= 16 && c.memory >= 8 && c.memory <= 256<<10
	return c, salt, key, ok
}

// SignIn begins a session of the person with an address and a password, and
// gives its secret. Who has no account, no password or is kept out gets the
// same ErrRefused after the same work.
func (p *Porter) SignIn(ctx context.Context, from netip.Addr, address, password string) (string, error) {
	account, err := Address(address)
	if err != nil {
		account = strings.ToLower(address)
	}
	if err := p.attempt(from, account); err != nil {
		return "", err
	}
	person, err := p.Kept.People.PersonAt(ctx, account)
	if err != nil && library.KindOf(err) != library.NotFound {
		return "", err
	}
	if len(password) > passwordMost {
		password = ""
	}
	same, err := p.compare(ctx, password, person.Password)
	switch {
	case err != nil:
		return "", err
	case !same || person.Disabled:
		return "", ErrRefused
	}
	if !strings.HasPrefix(person.Password, argonPrefix()) {
		if err := p.rehash(ctx, person, password); err != nil {
			return "", err
		}
	}
	return p.begin(ctx, person.ID, "password")
}

// rehash keeps a password with the costs of today, unless the person was
// changed meanwhile.
func (p *Porter) rehash(ctx context.Context, person Person, password string) error {
	hash, err := p.hash(ctx, password)
	if err != nil {
		return err
	}
	person.Password = hash
	if _, err := p.Kept.People.SavePerson(ctx, person); err != nil && library.KindOf(err) != library.Conflict {
		return err
	}
	return nil
}

// Confirm tells whether a person's own password is this one; it counts as an
// attempt to sign in.
func (p *Porter) Confirm(ctx context.Context, from netip.Addr, person Person, password string) error {
	if err := p.attempt(from, person.Address); err != nil {
		return err
	}
	same, err := p.compare(ctx, password, person.Password)
	if err == nil && !same {
		err = ErrRefused
	}
	return err
}
