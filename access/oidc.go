package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"waymark/library"
)

// Provider is an identity provider of OpenID Connect (Core 1.0). It is asked
// what it can only when somebody first comes by it, so one that is down keeps
// nobody else out.
type Provider struct {
	Name     string // in addresses and rules: "iom"
	Label    string // for readers: "IOM account"
	Issuer   string
	Client   string // this library's name there
	Secret   string
	Scopes   []string // beside openid, email and profile
	Groups   string   // claim that holds a person's groups, empty for none
	Domains  []string // whose addresses it is believed about; empty for all that it has verified
	Redirect string   // where it sends persons back to
	Web      *http.Client

	mu    sync.Mutex
	found *oidc.Provider
}

// ErrProvider says that a provider did not answer as it should.
var ErrProvider = errors.New("the identity provider did not answer as it should")

// providerPatience bounds one answer of a provider.
const providerPatience = 15 * time.Second

// discover asks the provider what it can, once it has answered never again.
func (p *Provider) discover() (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// The context stays with the provider, which fetches keys by it later.
	found, err := oidc.NewProvider(p.web(context.Background()), p.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: ask %s what it can: %w", ErrProvider, p.Name, err)
	}
	p.found = found
	return found, nil
}

func (p *Provider) web(ctx context.Context) context.Context {
	web := p.Web
	if web == nil {
		web = &http.Client{Timeout: providerPatience}
	}
	return oidc.ClientContext(ctx, web)
}

func (p *Provider) oauth(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: p.Client, ClientSecret: p.Secret, Endpoint: found.Endpoint(), RedirectURL: p.Redirect,
		Scopes: append([]string{oidc.ScopeOpenID, "email", "profile"}, p.Scopes...)}
}

// kindAway is the kind of sign-ins that go on at a provider.
const kindAway = "provider"

// away is a sign-in that goes on at a provider.
type away struct {
	Provider, State, Nonce, Verifier, Back string
}

// Provider gives the provider of a name.
func (p *Porter) Provider(name string) (*Provider, error) {
	i := slices.IndexFunc(p.Providers, func(x *Provider) bool { return x.Name == name })
	if i < 0 {
		return nil, library.Errorf(library.NotFound, "there is no identity provider %q", name)
	}
	return p.Providers[i], nil
}

// Depart begins a sign-in at a provider: it gives the address there, and the
// secret that the browser must bring back.
func (p *Porter) Depart(ctx context.Context, from netip.Addr, provider *Provider, back string) (to, token string, err error) {
	if err := p.attempt(from, ""); err != nil {
		return "", "", err
	}
	found, err := provider.discover()
	if err != nil {
		return "", "", err
	}
	a := away{Provider: provider.Name, State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Back: back}
	if token, err = p.keep(ctx, kindAway, a); err != nil {
		return "", "", err
	}
	return provider.oauth(found).AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), token, nil
}

// Answer is what a provider sends a browser back with.
type Answer struct {
	State, Code, Issuer string // Issuer as RFC 9207 has it, empty where the provider does not
}

// Return ends a sign-in at a provider and begins the session. The secret is
// the one of Depart, so that nobody is signed in by an answer that another
// browser asked for. It answers ErrProvider for an answer that does not hold,
// and ErrRefused for a person for whom the library has nothing.
func (p *Porter) Return(ctx context.Context, provider *Provider, token string, answer Answer) (session, back string, err error) {
	var a away
	err = p.take(ctx, kindAway, token, &a)
	switch {
	case errors.Is(err, ErrRefused):
		return "", "", fmt.Errorf("%w: nobody set out to it from this browser", ErrProvider)
	case err != nil:
		return "", "", err
	case a.Provider != provider.Name, subtle.ConstantTimeCompare([]byte(a.State), []byte(answer.State)) != 1,
		answer.Issuer != "" && answer.Issuer != provider.Issuer, answer.Code == "":
		return "", a.Back, fmt.Errorf("%w: the answer is not to this question", ErrProvider)
	}
	said, err := provider.exchange(ctx, a, answer.Code)
	if err != nil {
		return "", a.Back, err
	}
	person, err := p.arrive(ctx, provider, said)
	if err != nil {
		return "", a.Back, err
	}
	session, err = p.begin(ctx, person.ID, provider.Name)
	return session, a.Back, err
}

// said is what a provider says of a person.
type said struct {
	Subject  string `json:"sub"`
	Address  string `json:"email"`
	Verified *truth `json:"email_verified"`
	Name     string `json:"name"`
	groups   []string
}

// truth is a boolean, which some providers write as a word.
type truth bool

// UnmarshalJSON implements json.Unmarshaler.
func (t *truth) UnmarshalJSON(b []byte) error {
	*t = truth(strings.Trim(string(b), `"`) == "true")
	return nil
}

// exchange gets what the provider says for a code, and checks that it is signed
// by it, for this library, and in answer to this question.
func (p *Provider) exchange(ctx context.Context, a away, code string) (said, error) {
	bad := func(what string, err error) (said, error) {
		return said{}, fmt.Errorf("%w: %s: %w", ErrProvider, what, err)
	}
	found, err := p.discover()
	if err != nil {
		return said{}, err
	}
	ctx, stop := context.WithTimeout(p.web(ctx), providerPatience)
	defer stop()
	tokens, err := p.oauth(found).Exchange(ctx, code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return bad("take the code", err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	id, err := found.Verifier(&oidc.Config{ClientID: p.Client}).Verify(ctx, raw)
	if err != nil {
		return bad("read who it is", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(a.Nonce)) != 1 {
		return bad("read who it is", errors.New("it is an answer to another question"))
	}
	var s said
	if err := s.read(id.Claims, p.Groups); err != nil {
		return bad("read who it is", err)
	}
	if s.Address != "" {
		return s, nil
	}
	// Some say more only when they are asked.
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return bad("ask for the address", err)
	}
	if info.Subject != id.Subject {
		return bad("ask for the address", errors.New("it speaks of somebody else"))
	}
	if err := s.read(info.Claims, p.Groups); err != nil {
		return bad("ask for the address", err)
	}
	return s, nil
}

// read takes what claims say; groups are a list, or one word.
func (s *said) read(claims func(any) error, groups string) error {
	if err := claims(s); err != nil {
		return err
	}
	if groups == "" {
		return nil
	}
	var all map[string]json.RawMessage
	if err := claims(&all); err != nil {
		return err
	}
	var list []string
	var word string
	if json.Unmarshal(all[groups], &list) == nil {
		s.groups = list
	} else if json.Unmarshal(all[groups], &word) == nil && word != "" {
		s.groups = []string{word}
	}
	return nil
}

// believed gives the address that a provider is believed about. A provider
// with domains is believed about addresses in them, unless it says itself that
// one is not verified; another only about what it says it has verified.
func (p *Provider) believed(s said) (string, error) {
	address, err := Address(s.Address)
	if err != nil {
		return "", fmt.Errorf("%w: it gives no address of e-mail", ErrRefused)
	}
	_, domain, _ := strings.Cut(address, "@")
	verified := s.Verified != nil && bool(*s.Verified)
	if len(p.Domains) > 0 && !slices.Contains(p.Domains, domain) || !verified && (s.Verified != nil || len(p.Domains) == 0) {
		return "", fmt.Errorf("%w: the provider is not believed about the address", ErrRefused)
	}
	return address, nil
}

// arrive gives the person that a provider speaks of, and notes their groups. A
// person is known by the provider's name for them once they have come; the
// first time they are known by their address.
func (p *Porter) arrive(ctx context.Context, provider *Provider, s said) (Person, error) {
	address, err := provider.believed(s)
	if err != nil {
		return Person{}, err
	}
	person, err := p.knownAs(ctx, provider, s, address)
	if err != nil {
		return Person{}, err
	}
	if person.Disabled {
		return Person{}, ErrRefused
	}
	err = p.Kept.Identities.Know(ctx, Known{Provider: provider.Issuer, Subject: s.Subject, Person: person.ID, Groups: s.groups, At: p.Now()})
	if library.KindOf(err) == library.Conflict {
		// The address has been given to somebody new at the provider.
		return Person{}, fmt.Errorf("%w: the provider knew another person by this address", ErrRefused)
	}
	return person, err
}

func (p *Porter) knownAs(ctx context.Context, provider *Provider, s said, address string) (Person, error) {
	known, err := p.Kept.Identities.KnownAs(ctx, provider.Issuer, s.Subject)
	if library.KindOf(err) == library.NotFound {
		who := Identity{Address: address}
		for _, g := range s.groups {
			who.Groups = append(who.Groups, Membership{provider.Name, g})
		}
		return p.receive(ctx, who, s.Name)
	}
	if err != nil {
		return Person{}, err
	}
	person, err := p.Kept.People.Person(ctx, known.Person)
	if err != nil || person.Address == address {
		return person, err
	}
	person.Address = address // they have another now, and what its domain gives
	person, err = p.Kept.People.SavePerson(ctx, person)
	if library.KindOf(err) == library.Conflict {
		return Person{}, fmt.Errorf("%w: somebody else has the address already", ErrRefused)
	}
	return person, err
}
