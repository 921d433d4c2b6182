package app

import (
	"context"
	"log/slog"
	"time"

	"waymark/library"
	"waymark/locale"
	"waymark/profile"
	"waymark/terms"
)

// govern opens what administrators change at the desk: the terms of
// vocabularies, and how the library presents itself.
func (c *Config) govern(ctx context.Context, h *house) (err error) {
	h.terms = &terms.Keeper{Store: h.store, Vocabularies: h.vocabularies, Now: time.Now}
	if err := h.terms.Level(ctx); err != nil {
		return err
	}
	if h.messages, err = locale.Load(); err != nil {
		return err
	}
	h.profile = &profile.Keeper{Store: h.store, Now: time.Now, Changed: func(p profile.Profile) {
		h.messages.Own(map[string]library.Text{"site.name": p.Names, "site.tagline": p.Taglines, "home.lead": p.Leads})
	}}
	if c.LibraryName != "" {
		h.profile.Default.Names = library.Text{locale.Default: c.LibraryName}
	}
	return h.profile.Level(ctx)
}

// present follows how the library presents itself, also when another process
// changes it.
func (h *house) present(ctx context.Context) {
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	h.profile.Follow(ctx, h.store.Changed, tick.C, func(err error) {
		slog.Error("how the library presents itself is not up to date", "err", err)
	})
}
