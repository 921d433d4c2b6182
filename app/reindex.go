package app

import (
	"context"
	"fmt"
	"time"

	"waymark/index"
	"waymark/search"
)

type reindexCommand struct{}

// Run builds the search index anew beside the one in use and puts it into its
// place. A server that is running changes over by itself.
func (c *reindexCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	fresh, err := index.Anew(cfg.indexPath(), search.Made(h.vocabularies))
	if err != nil {
		return err
	}
	start := time.Now()
	h.searchWith(fresh)
	if err := h.follower.CatchUp(ctx); err != nil {
		return err
	}
	seq := fresh.Seq()
	if err := fresh.Install(); err != nil {
		return fmt.Errorf("put the new search index into its place: %w", err)
	}
	fmt.Fprintf(s.out, "The search index was built anew up to edit %d in %.1f s.\n", seq, time.Since(start).Seconds())
	return nil
}
