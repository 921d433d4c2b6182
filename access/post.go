package access

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"waymark/library"
)

// sendingLasts bounds the sending of one letter.
const sendingLasts = time.Minute

// Post has write, which looks things up and sends a letter, run after the
// answer, so that neither the answer nor the time it takes tells what was found
// of the address. It bounds how many letters come from a network address and to
// a mailbox, whatever they are for. It answers NotFound where no letters are
// sent, Invalid for what is no address, and ErrTooMany.
func (p *Porter) Post(ctx context.Context, from netip.Addr, address, what string, write func(ctx context.Context, address string) error) error {
	if p.Letters == nil {
		return library.Errorf(library.NotFound, "this library sends no letters")
	}
	address, err := Address(address)
	if err != nil {
		return err
	}
	if err := p.attempt(from, ""); err != nil {
		return err
	}
	if !p.mailed.allow(address, p.Now()) {
		return ErrTooMany
	}
	select {
	case p.posting <- struct{}{}:
	default:
		return ErrTooMany
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), sendingLasts)
	p.letters.Go(func() {
		defer stop()
		defer func() { <-p.posting }()
		if err := write(ctx, address); err != nil {
			slog.Error(what+" was not sent", "err", err)
		}
	})
	return nil
}

// PostAnyone is Post for letters to whoever is named, known or not: of those a
// network address has fewer sent, or it could have the library write to many who
// never asked.
func (p *Porter) PostAnyone(ctx context.Context, from netip.Addr, address, what string, write func(ctx context.Context, address string) error) error {
	if _, err := Address(address); err != nil {
		return err
	}
	if !p.strangers.allow(network(from), p.Now()) {
		return ErrTooMany
	}
	return p.Post(ctx, from, address, what, write)
}

// Finish waits for the letters that are being sent.
func (p *Porter) Finish() { p.letters.Wait() }
