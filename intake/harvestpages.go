package intake

import (
	"context"
	"fmt"
	"time"

	"waymark/feed"
	"waymark/format"
	"waymark/library"
)

const (
	// overlap is how much earlier than its last beginning a run asks for what is
	// new, since clocks drift and pages may appear late.
	overlap = 24 * time.Hour
	// undatedEvery is how often pages are read again of which a sitemap does not
	// say when they changed.
	undatedEvery = 30 * 24 * time.Hour
)

// entries harvests a feed. Once it was read to its end, a run stops at the
// first of its pages on which nothing is new.
func (h *Harvester) entries(ctx context.Context, rep *Report) error {
	src := h.Source
	if src.Token == "" {
		src.Next = h.Now().UTC().Format(time.RFC3339)
	}
	for batch, err := range h.Feed.Entries(ctx, src.Token) {
		if err != nil {
			return fmt.Errorf("harvest %s: %w", src.Name, err)
		}
		part, err := h.take(ctx, h.rules.Drafts(found(batch, rep.Read)), batch.Token, rep)
		if err != nil {
			return err
		}
		if src.From != "" && part.Added+part.Updated+len(part.Joined) == 0 {
			break
		}
	}
	src.From, src.Next, src.Token = src.Next, "", ""
	return nil
}

// pages harvests the pages of a sitemap: those that changed since the last run,
// and those of which it does not say so that the library does not know; of
// these all now and then.
func (h *Harvester) pages(ctx context.Context, rep *Report) error {
	src := h.Source
	began := h.Now().UTC()
	if src.Token == "" {
		src.Next = began.Add(-overlap).Format(time.RFC3339)
	}
	ask := feed.Ask{Token: src.Token}
	ask.Since, _ = time.Parse(time.RFC3339, src.From) // the zero time asks for all
	full := ask.Since.IsZero() || began.Sub(src.Full) > undatedEvery
	if !full {
		ask.Known = h.knows
	}
	passed := 0
	for batch, err := range h.Feed.Pages(ctx, ask) {
		if err != nil {
			return fmt.Errorf("harvest %s: %w", src.Name, err)
		}
		passed += batch.Passed
		if _, err := h.take(ctx, h.rules.Drafts(found(batch, rep.Read)), batch.Token, rep); err != nil {
			return err
		}
	}
	if passed > 0 {
		rep.warn(0, fmt.Sprintf("%d pages describe no publication and were passed over", passed))
	}
	src.From, src.Next, src.Token = src.Next, "", ""
	if full {
		src.Full = began
	}
	return nil
}

// knows tells whether the library has a record of a page of the source.
func (h *Harvester) knows(ctx context.Context, address string) (bool, error) {
	key := library.Key{Scheme: library.KeyRecord, Value: h.Source.Name + " " + address}
	ids, err := h.Store.Lookup(ctx, library.House(), library.KindResource, []library.Key{key}, 10)
	if err != nil {
		return false, fmt.Errorf("look for the record of %s: %w", address, err)
	}
	return len(ids[key]) > 0, nil
}

// found gives what a batch found as drafts, numbered from before + 1.
func found(batch feed.Batch, before int) format.Drafts {
	return func(yield func(format.Draft, error) bool) {
		for i, r := range batch.Records {
			number := before + i + 1
			if r.Problem != "" {
				if !yield(format.Draft{}, &format.Problem{Line: number, Text: r.Problem}) {
					return
				}
				continue
			}
			r.Draft.Line = number
			if !yield(r.Draft, nil) {
				return
			}
		}
	}
}
