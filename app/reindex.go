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

type checkCommand struct{}

// Run compares the library with its search index and says what differs.
func (c *checkCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.openSearch(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	damage := h.index.Verify()
	if damage != nil {
		fmt.Fprintln(s.out, damage)
	} else {
		if err := h.follower.CatchUp(ctx); err != nil {
			return err
		}
		differences := 0
		documents, err := h.follower.Check(ctx, func(d search.Difference) {
			if differences++; differences <= shownDifferences {
				fmt.Fprintf(s.out, "%s %s\n", d.ID, d.What)
			}
		})
		if err != nil {
			return err
		}
		if differences == 0 {
			fmt.Fprintf(s.out, "The search index holds the %d publications of the library as they are.\n", documents)
			return nil
		}
		fmt.Fprintf(s.out, "%d of %d publications differ in the search index.\n", differences, documents)
	}
	fmt.Fprintln(s.out, "Build it anew with: waymark reindex")
	return errRefused
}

// shownDifferences is how many differences check names one by one.
const shownDifferences = 100
