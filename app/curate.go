package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"waymark/curate"
	"waymark/library"
)

type duplicatesCommand struct {
	List duplicatesListCommand `cmd:"" default:"withargs" help:"List the pairs that wait for a decision."`
	Scan duplicatesScanCommand `cmd:"" help:"Look through the whole library for pairs that nobody was asked about yet."`
}

type duplicatesListCommand struct {
	Limit int `help:"How many pairs to show; 0 shows all." default:"50"`
}

// Run lists the pairs of records that may be one work.
func (c *duplicatesListCommand) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.atDesk(ctx, func(d *curate.Desk, v library.Viewer) error {
		pairs, err := d.Duplicates(ctx, v, c.Limit)
		if err != nil {
			return err
		}
		for _, p := range pairs {
			fmt.Fprintln(s.out, strings.Join(p.Reasons, "; "))
			for _, r := range []*library.Resource{p.First, p.Second} {
				title, _ := r.Original()
				fmt.Fprintf(s.out, "  %s %s %s\n", r.ID, title, r.Date)
			}
			if p.Proposed != "" {
				to := p.A
				if p.From == to {
					to = p.B
				}
				fmt.Fprintf(s.out, "  proposed: waymark relate %s %s %s\n", p.From, p.Proposed, to)
			}
		}
		if len(pairs) == 0 {
			fmt.Fprintln(s.out, "No two records are suspected to be one work.")
			return nil
		}
		fmt.Fprintln(s.out, "Decide with: waymark merge KEEP DROP, waymark relate FROM TYPE TO, or waymark different A B")
		return nil
	})
}

type duplicatesScanCommand struct {
	Merge  bool `help:"Merge those that are certainly one work, each of which can be taken back, instead of leaving them to a curator."`
	DryRun bool `help:"Say what would happen and write nothing."`
}

// scanNote says in the history why a pair was asked about or merged.
const scanNote = "looking through the library"

// Run looks through the library for records that may be one work.
func (c *duplicatesScanCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	desk, v := h.desk(), atTerminal()
	start := time.Now()
	l, err := desk.LookThrough(ctx, v, h.store)
	if err != nil {
		return err
	}
	sure := 0
	for _, f := range l.Found {
		if f.Sure {
			sure++
		}
	}
	fmt.Fprintf(s.out, "%d records looked through in %.1f s, %d pairs compared\n", l.Records, time.Since(start).Seconds(), l.Compared)
	fmt.Fprintf(s.out, "%d pairs that nobody was asked about yet, of which %d are certainly one work; %d were asked about before\n", len(l.Found), sure, l.Known)
	if c.DryRun {
		fmt.Fprintln(s.out, "dry run: nothing was written")
		return nil
	}
	left := l.Found
	if c.Merge {
		var merged int
		if merged, left, err = desk.MergeSure(ctx, v, left, scanNote); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%d merged; take one back with: waymark unmerge DROP\n", merged)
	}
	if err := desk.Ask(ctx, v, h.store, left, scanNote); err != nil {
		return err
	}
	if len(left) > 0 {
		fmt.Fprintf(s.out, "%d left to a curator: waymark duplicates\n", len(left))
	}
	return nil
}

type mergeCommand struct {
	Keep library.ID `arg:"" help:"The record that stays."`
	Drop library.ID `arg:"" help:"The record of the same work, whose address leads to the other from then on."`
	Note string     `help:"Why, for the history."`
}

// Run merges two records of one work.
func (c *mergeCommand) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.atDesk(ctx, func(d *curate.Desk, v library.Viewer) error {
		if _, err := d.Merge(ctx, v, c.Keep, c.Drop, c.Note); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%s was merged into %s. Take it back with: waymark unmerge %s\n", c.Drop, c.Keep, c.Drop)
		return nil
	})
}

type unmergeCommand struct {
	Drop library.ID `arg:"" help:"The record that was merged into another, by you or by an import."`
	Note string     `help:"Why, for the history."`
}

// Run takes a merge back.
func (c *unmergeCommand) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.atDesk(ctx, func(d *curate.Desk, v library.Viewer) error {
		if _, err := d.Unmerge(ctx, v, c.Drop, c.Note); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%s stands by itself again.\n", c.Drop)
		return nil
	})
}

type relateCommand struct {
	From library.ID           `arg:"" help:"The translation, the newer edition or the part."`
	Type library.RelationType `arg:"" help:"translation-of, supersedes or part-of."`
	To   library.ID           `arg:"" help:"The original, the older edition or the whole."`
	Note string               `help:"Why, for the history."`
}

// Run notes a relation.
func (c *relateCommand) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.atDesk(ctx, func(d *curate.Desk, v library.Viewer) error {
		if _, err := d.Relate(ctx, v, c.From, c.Type, c.To, c.Note); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%s is now %s %s.\n", c.From, c.Type, c.To)
		return nil
	})
}

type differentCommand struct {
	A    library.ID `arg:"" help:"A record."`
	B    library.ID `arg:"" help:"A record of another work that looks like it."`
	Note string     `help:"Why, for the history."`
}

// Run notes that two records are two works.
func (c *differentCommand) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.atDesk(ctx, func(d *curate.Desk, v library.Viewer) error {
		if _, err := d.Different(ctx, v, c.A, c.B, c.Note); err != nil {
			return err
		}
		fmt.Fprintln(s.out, "They are two works: nobody will be asked again.")
		return nil
	})
}

// atDesk opens the library for the person at the terminal, who may do
// everything with it: the files are theirs.
func (c *Config) atDesk(ctx context.Context, do func(*curate.Desk, library.Viewer) error) (err error) {
	h, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	return do(h.desk(), atTerminal())
}

// desk is where curators work; it may be used from any goroutine.
func (h *house) desk() *curate.Desk {
	return &curate.Desk{Store: h.store, Visits: h.store, Notes: h.store, Latest: h.store, Now: time.Now, Entropy: entropy()}
}

func atTerminal() library.Viewer {
	return library.Viewer{Name: userName() + " at the terminal", Role: library.System}
}
