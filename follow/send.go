package follow

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"waymark/access"
	"waymark/library"
)

const (
	// pollEvery is how soon a letter that falls due is written.
	pollEvery = time.Minute
	// lease is how soon another process may take over the letter of one that
	// has died. It is longer than writing and sending take.
	lease = 5 * time.Minute
	// sendingLasts bounds the sending of one letter.
	sendingLasts = 30 * time.Second
	// begins is how often the sending of one letter is begun, when nobody knows
	// how it ended: a letter comes at most twice.
	begins = 2
	// pause is the time before a letter that no server took is tried again; it
	// grows with each failure.
	pause = time.Hour
	// patience is how often in a row no server may take a letter before the
	// address is forgotten: with the pauses that grow, after eight days.
	patience = 20
)

// Run sends the letters that are due until the context ends, and forgets
// requests that were not confirmed in time.
func (o *Office) Run(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		err := o.Pending.Sweep(ctx, o.Now())
		if err == nil {
			err = o.Drain(ctx)
		}
		if err != nil && ctx.Err() == nil {
			slog.Error("letters to those who follow a search wait and will be tried again", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Drain sends the letters that are due now. One that fails does not keep the
// next from its turn.
func (o *Office) Drain(ctx context.Context) error {
	var last recent
	for ctx.Err() == nil {
		now := o.Now()
		f, err := o.Queue.Lease(ctx, now, now.Add(lease))
		if library.KindOf(err) == library.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if err := o.deliver(ctx, f, &last); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// recent keeps the last answer of News: most of those who follow were written
// to last at the same edit.
type recent struct {
	after, upTo int64
	ids         []library.ID
}

func (r *recent) news(ctx context.Context, o *Office, after, upTo int64) ([]library.ID, error) {
	if r.after == after && r.upTo == upTo {
		return r.ids, nil
	}
	ids, err := o.News.Appeared(ctx, anyone, library.KindResource, after, upTo, newest)
	if err == nil {
		*r = recent{after, upTo, ids}
	}
	return ids, err
}

// deliver writes and sends one letter. What is known to be sent is noted at
// once; a process that is killed in between leaves the letter begun, and it is
// begun once more and never again.
func (o *Office) deliver(ctx context.Context, f library.Follow, last *recent) error {
	upTo := f.UpTo
	if upTo == 0 {
		upTo = max(f.Since, o.Searcher.Index.Seq())
	}
	if f.Begun >= begins {
		slog.Error("a letter was begun twice and nobody knows whether it came: it is not sent again", "follow", string(f.ID))
		return o.told(ctx, f, upTo)
	}
	letter, err := o.next(ctx, f, upTo, last)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case library.KindOf(err) == library.Invalid: // a vocabulary no longer has a value
		slog.Error("a search that is followed cannot be answered any more", "follow", string(f.ID), "err", err)
		return o.told(ctx, f, upTo)
	case err != nil:
		slog.Error("a letter was not written", "follow", string(f.ID), "err", err)
		return o.later(ctx, f)
	case letter.To == "":
		return o.told(ctx, f, upTo)
	}
	if err := o.Queue.Begin(ctx, f, upTo); err != nil {
		return gone(err)
	}
	// A letter that is begun is sent to its end, also when the program is to stop.
	ctx = context.WithoutCancel(ctx)
	sending, stop := context.WithTimeout(ctx, sendingLasts)
	defer stop()
	err = o.Letters.Send(sending, letter)
	if err == nil {
		return o.told(ctx, f, upTo)
	}
	slog.Error("a letter was not sent", "follow", string(f.ID), "err", err)
	if errors.Is(err, access.ErrUnsure) {
		f.UpTo, f.Begun = upTo, f.Begun+1
	}
	return o.later(ctx, f)
}

// next gives the letter of what is new; one without recipient when nothing is.
func (o *Office) next(ctx context.Context, f library.Follow, upTo int64, last *recent) (access.Letter, error) {
	news, err := last.news(ctx, o, f.Since, upTo)
	if err != nil {
		return access.Letter{}, err
	}
	d, err := o.write(ctx, f, upTo, news)
	if err != nil || d.Total <= 0 {
		return access.Letter{}, err
	}
	return d.letter(f, upTo)
}

// told notes that all up to an edit was told, or that there was nothing to tell.
func (o *Office) told(ctx context.Context, f library.Follow, upTo int64) error {
	now := o.Now()
	for every := max(f.Every.Length(), time.Hour); !f.Due.After(now); {
		f.Due = f.Due.Add(every)
	}
	f.Since, f.UpTo, f.Begun, f.Failed = upTo, 0, 0, 0
	return gone(o.Queue.Settle(ctx, f))
}

// later notes that a letter is to be tried again, or forgets an address that no
// server has taken letters for in a long time.
func (o *Office) later(ctx context.Context, f library.Follow) error {
	if f.Failed++; f.Failed >= patience {
		slog.Error("no server takes letters for one who follows: the address is forgotten", "follow", string(f.ID))
		return o.Kept.Remove(ctx, f.ID, false)
	}
	f.Due = o.Now().Add(time.Duration(f.Failed) * pause)
	return gone(o.Queue.Settle(ctx, f))
}

// gone passes over what says that the letter is no longer in our hand: it was
// ended meanwhile, or another process has it.
func gone(err error) error {
	if library.KindOf(err) == library.NotFound {
		return nil
	}
	return err
}
