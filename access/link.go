package access

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"waymark/library"
)

// PendingLasts is how long a link, or a sign-in begun elsewhere, waits.
const PendingLasts = 15 * time.Minute

// Letter is one message to a person.
type Letter struct {
	To, Subject, Text string // plain text

	HTML        string // the same as a page; empty for a letter of plain text alone
	Unsubscribe string // address that ends such letters by a POST (RFC 8058); empty for none
	ID          string // letters of one ID are the same letter; empty for a new one
}

// ErrUnsure says that nobody knows whether a server has taken a letter over.
var ErrUnsure = errors.New("the line broke before the server answered")

// Letters sends letters. An error says that no server has taken the letter
// over, unless it is ErrUnsure; it is not sent later on its own.
type Letters interface {
	Send(ctx context.Context, l Letter) error
}

// kindLink is the kind of pending links.
const kindLink = "link"

// linkData is what a link stands for.
type linkData struct {
	Address, Back string
}

// AskLink has a letter with a one-time link sent to an address, if somebody
// with it may sign in. Whether that is so is found out after the answer, and so
// is neither told by it nor by the time it takes. Write makes the letter of a
// secret.
func (p *Porter) AskLink(ctx context.Context, from netip.Addr, address, back string, write func(secret string) Letter) error {
	return p.Post(ctx, from, address, "a link to sign in", func(ctx context.Context, address string) error {
		return p.sendLink(ctx, address, back, write)
	})
}

func (p *Porter) sendLink(ctx context.Context, address, back string, write func(secret string) Letter) error {
	switch known, err := p.expected(ctx, Identity{Address: address}); {
	case err != nil:
		return err
	case !known:
		return nil
	}
	token, err := p.Link(ctx, address, back)
	if err != nil {
		return err
	}
	letter := write(token)
	letter.To = address
	return p.Letters.Send(ctx, letter)
}

// expected tells whether somebody of an identity may come in: a person who is
// not kept out, or one whom a rule gives something.
func (p *Porter) expected(ctx context.Context, who Identity) (bool, error) {
	person, err := p.Kept.People.PersonAt(ctx, who.Address)
	if library.KindOf(err) != library.NotFound {
		return !person.Disabled, err
	}
	rules, err := p.Rules(ctx)
	return len(audiences(rules, who, nil)) > 0, err
}

// Link makes the secret of a one-time link for an address.
func (p *Porter) Link(ctx context.Context, address, back string) (string, error) {
	return p.keep(ctx, kindLink, linkData{address, back})
}

// keep makes something pending and gives its secret.
func (p *Porter) keep(ctx context.Context, kind string, data any) (string, error) {
	b, err := json.Marshal(data)
	if err != nil {
		return "", fmt.Errorf("write what is pending: %w", err)
	}
	token, digest := secret()
	return token, p.Kept.Pending.Keep(ctx, Pending{Digest: digest, Kind: kind, Data: b, Expires: p.Now().Add(PendingLasts)}, p.Now())
}

// take ends something pending into data: ErrRefused when it is not there,
// was taken already, or has expired.
func (p *Porter) take(ctx context.Context, kind, token string, data any) error {
	pending, err := p.Kept.Pending.Take(ctx, kind, digestOf(token), p.Now())
	return read(pending, err, data)
}

func read(pending Pending, err error, data any) error {
	if library.KindOf(err) == library.NotFound {
		return ErrRefused
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(pending.Data, data); err != nil {
		return fmt.Errorf("read what is pending: %w", err)
	}
	return nil
}

// Linked gives the address that a link signs in, without ending the link: mail
// programs open links to look at them, so a person must press a button.
func (p *Porter) Linked(ctx context.Context, token string) (address string, err error) {
	var data linkData
	pending, err := p.Kept.Pending.Peek(ctx, kindLink, digestOf(token), p.Now())
	err = read(pending, err, &data)
	return data.Address, err
}

// FollowLink begins a session by a one-time link, which is ended by it.
func (p *Porter) FollowLink(ctx context.Context, from netip.Addr, token string) (session, back string, err error) {
	if err := p.attempt(from, ""); err != nil {
		return "", "", err
	}
	var data linkData
	if err := p.take(ctx, kindLink, token, &data); err != nil {
		return "", "", err
	}
	person, err := p.receive(ctx, Identity{Address: data.Address}, "")
	if err != nil {
		return "", "", err
	}
	session, err = p.begin(ctx, person.ID, "link")
	return session, data.Back, err
}

// receive gives the person of a verified identity, who is added as a reader
// when they come for the first time and a rule gives them something.
func (p *Porter) receive(ctx context.Context, who Identity, name string) (Person, error) {
	switch may, err := p.expected(ctx, who); {
	case err != nil:
		return Person{}, err
	case !may:
		return Person{}, ErrRefused
	}
	person, err := p.Kept.People.PersonAt(ctx, who.Address)
	if library.KindOf(err) != library.NotFound {
		return person, err
	}
	person, err = p.Add(ctx, Person{Address: who.Address, Name: name})
	if library.KindOf(err) == library.Invalid && name != "" { // a provider says what it likes: who is here keeps the name
		person, err = p.Add(ctx, Person{Address: who.Address})
	}
	if library.KindOf(err) == library.Conflict { // they came in another window at the same time
		return p.Kept.People.PersonAt(ctx, who.Address)
	}
	return person, err
}
