package access

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"waymark/library"
)

// Keys takes passkeys (WebAuthn level 2) for one origin.
type Keys struct{ web *webauthn.WebAuthn }

// OpenKeys takes passkeys for the library at an address. It answers Invalid for
// one where browsers keep none: a number for a host, or no TLS, but for
// localhost.
func OpenKeys(address string) (*Keys, error) {
	bad := func(err error) (*Keys, error) {
		return nil, &library.Error{Kind: library.Invalid, Field: "url", Err: fmt.Errorf("no passkeys can be kept for %s: %w", address, err)}
	}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return bad(err)
	case net.ParseIP(u.Hostname()) != nil || u.Hostname() == "":
		return bad(errors.New("its host is no name"))
	case u.Scheme != "https" && u.Hostname() != "localhost":
		return bad(errors.New("it is not https"))
	}
	web, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "Waymark", RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired},
	})
	if err != nil {
		return bad(err)
	}
	return &Keys{web}, nil
}

// holder is a person as the WebAuthn library wants them. The name that their
// device knows them by is their id, which tells nobody anything.
type holder struct {
	person Person
	keys   []Passkey
	creds  []webauthn.Credential
}

// WebAuthnID implements webauthn.User.
func (h *holder) WebAuthnID() []byte { return []byte(h.person.ID) }

// WebAuthnName implements webauthn.User.
func (h *holder) WebAuthnName() string { return h.person.Address }

// WebAuthnDisplayName implements webauthn.User.
func (h *holder) WebAuthnDisplayName() string { return h.person.Called() }

// WebAuthnCredentials implements webauthn.User.
func (h *holder) WebAuthnCredentials() []webauthn.Credential { return h.creds }

func (p *Porter) holder(ctx context.Context, person Person) (*holder, error) {
	h := &holder{person: person}
	var err error
	if h.keys, err = p.Kept.Passkeys.Passkeys(ctx, person.ID); err != nil {
		return nil, err
	}
	for _, k := range h.keys {
		var c webauthn.Credential
		if err := json.Unmarshal(k.Credential, &c); err != nil {
			return nil, fmt.Errorf("read the passkey %s: %w", k.ID, err)
		}
		h.creds = append(h.creds, c)
	}
	return h, nil
}

const (
	kindNewKey = "new-passkey"
	kindKey    = "passkey"
	// keysMost is how many passkeys a person can have.
	keysMost = 20
)

// newKey is a passkey that a device has been asked for.
type newKey struct {
	Person  library.ID
	Session webauthn.SessionData
}

// noKeys is the error of a library that takes no passkeys.
func noKeys() error { return library.Errorf(library.NotFound, "this library takes no passkeys") }

// OfferPasskey asks a person's device for a new passkey: it gives what the
// browser is to be told, and the secret that it must bring back. It answers
// ErrRefused for a person whom an identity provider vouches for.
func (p *Porter) OfferPasskey(ctx context.Context, person Person) (options any, token string, err error) {
	if p.Keys == nil {
		return nil, "", noKeys()
	}
	local, err := p.Local(ctx, person)
	if err != nil {
		return nil, "", err
	}
	h, err := p.holder(ctx, person)
	if err != nil {
		return nil, "", err
	}
	if !local || len(h.keys) >= keysMost {
		return nil, "", ErrRefused
	}
	creation, session, err := p.Keys.web.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.creds).CredentialDescriptors()))
	if err != nil {
		return nil, "", fmt.Errorf("ask for a passkey: %w", err)
	}
	token, err = p.keep(ctx, kindNewKey, newKey{person.ID, *session})
	return creation.Response, token, err
}

// TakePasskey keeps the passkey that a device answered with.
func (p *Porter) TakePasskey(ctx context.Context, person Person, token, name string, answer []byte) error {
	if p.Keys == nil {
		return noKeys()
	}
	var asked newKey
	if err := p.take(ctx, kindNewKey, token, &asked); err != nil {
		return err
	}
	h, err := p.holder(ctx, person)
	if err != nil {
		return err
	}
	if asked.Person != person.ID {
		return ErrRefused
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return refuseKey("read", err)
	}
	credential, err := p.Keys.web.CreateCredential(h, asked.Session, parsed)
	if err != nil {
		return refuseKey("check", err)
	}
	b, err := json.Marshal(credential)
	if err != nil {
		return fmt.Errorf("write a passkey: %w", err)
	}
	id, err := library.NewID(p.Now(), rand.Reader)
	if err != nil {
		return err
	}
	name = strings.TrimSpace(name)
	return p.Kept.Passkeys.AddPasskey(ctx, Passkey{ID: id, Person: person.ID, Name: name[:min(len(name), 200)], Credential: b, Created: p.Now()})
}

// refuseKey is ErrRefused with what was wrong, for the log.
func refuseKey(what string, err error) error {
	return fmt.Errorf("%w: %s a passkey: %w", ErrRefused, what, err)
}

// AskPasskey asks any device for any passkey of this library, and so tells
// nothing about accounts.
func (p *Porter) AskPasskey(ctx context.Context, from netip.Addr) (options any, token string, err error) {
	if p.Keys == nil {
		return nil, "", noKeys()
	}
	if err := p.attempt(from, ""); err != nil {
		return nil, "", err
	}
	assertion, session, err := p.Keys.web.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", fmt.Errorf("ask for a passkey: %w", err)
	}
	token, err = p.keep(ctx, kindKey, session)
	return assertion.Response, token, err
}

// SignInByPasskey begins a session by what a device answered.
func (p *Porter) SignInByPasskey(ctx context.Context, token string, answer []byte) (string, error) {
	if p.Keys == nil {
		return "", noKeys()
	}
	var session webauthn.SessionData
	if err := p.take(ctx, kindKey, token, &session); err != nil {
		return "", err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return "", refuseKey("read", err)
	}
	var h *holder
	_, credential, err := p.Keys.web.ValidatePasskeyLogin(func(_, user []byte) (webauthn.User, error) {
		person, err := p.Kept.People.Person(ctx, library.ID(user))
		if err == nil {
			h, err = p.holder(ctx, person)
		}
		return h, err
	}, session, parsed)
	switch {
	case err != nil:
		return "", refuseKey("check", err)
	case h.person.Disabled:
		return "", ErrRefused
	case credential.Authenticator.CloneWarning:
		slog.Error("a passkey counts backwards: it may have been copied", "person", string(h.person.ID))
		return "", ErrRefused
	}
	if err := p.countKey(ctx, h, credential); err != nil {
		return "", err
	}
	return p.begin(ctx, h.person.ID, "passkey")
}

// countKey keeps the counter of a passkey that was used.
func (p *Porter) countKey(ctx context.Context, h *holder, used *webauthn.Credential) error {
	for i, c := range h.creds {
		if string(c.ID) != string(used.ID) {
			continue
		}
		b, err := json.Marshal(used)
		if err != nil {
			return fmt.Errorf("write a passkey: %w", err)
		}
		k := h.keys[i]
		k.Credential = b
		return p.Kept.Passkeys.UsedPasskey(ctx, k)
	}
	return ErrRefused
}
