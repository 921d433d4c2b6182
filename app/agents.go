package app

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"waymark/curate"
	"waymark/library"
)

type agentsCommand struct {
	List     agentsList     `cmd:"" default:"withargs" help:"List persons and organisations with the number of their works (the default)."`
	Merge    agentsMerge    `cmd:"" help:"Make one record of two of the same person or organisation."`
	Unmerge  agentsUnmerge  `cmd:"" help:"Take a merge back."`
	Identify agentsIdentify `cmd:"" help:"Read identifiers (orcid, isni, ror, viaf, wikidata) from a CSV file."`
}

type agentsList struct {
	Name string `arg:"" optional:"" help:"Only those of whose names one begins so."`
}

// Run lists the agents by ID.
func (c *agentsList) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	shown := 0
	for after := library.ID(""); ; {
		entries, err := h.store.Scan(ctx, library.House(), library.KindAgent, after, 500)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			break
		}
		for _, e := range entries {
			after = e.ID
			a, err := library.AgentOf(e)
			if err != nil {
				return err
			}
			if e.Status != library.Published || !called(a, c.Name) {
				continue
			}
			shown++
			works, err := h.store.Find(ctx, library.House(), library.KindResource, []library.Key{{Scheme: library.KeyAgent, Value: string(a.ID)}}, 0)
			if err != nil {
				return err
			}
			fmt.Fprintf(s.out, "%s %s (%s, works: %d)", a.ID, a.Label(terminalLanguage), a.Type, len(works))
			for _, id := range a.Identifiers {
				fmt.Fprintf(s.out, " %s:%s", id.Scheme, id.Value)
			}
			fmt.Fprintln(s.out)
			if len(a.Variants) > 0 {
				fmt.Fprintf(s.out, "  also %s\n", strings.Join(a.Variants, "; "))
			}
		}
	}
	if shown == 0 {
		fmt.Fprintln(s.out, "No person or organisation has such a name.")
	}
	return nil
}

// called tells whether a name of an agent, or a word in it, begins so.
func called(a *library.Agent, begun string) bool {
	begun = library.NameKey(begun)
	for _, k := range a.Keys() {
		if k.Scheme == library.KeyAgentName && strings.Contains(" "+k.Value, " "+begun) {
			return true
		}
	}
	return begun == ""
}

type agentsMerge struct {
	Keep library.ID `arg:"" help:"The record that stays."`
	Drop library.ID `arg:"" help:"The record of the same person or organisation."`
	Note string     `help:"Why, for the history."`
}

// Run merges two agents.
func (c *agentsMerge) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.atDesk(ctx, func(d *curate.Desk, v library.Viewer) error {
		edit, err := d.MergeAgents(ctx, v, c.Keep, c.Drop, c.Note)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%s was merged into %s, with its %d works. Take it back with: waymark agents unmerge %s\n", c.Drop, c.Keep, len(edit.Changes)-2, c.Drop)
		return nil
	})
}

type agentsUnmerge struct {
	Drop library.ID `arg:"" help:"The record that was merged into another."`
	Note string     `help:"Why, for the history."`
}

// Run takes a merge of agents back.
func (c *agentsUnmerge) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.atDesk(ctx, func(d *curate.Desk, v library.Viewer) error {
		edit, err := d.UnmergeAgents(ctx, v, c.Drop, c.Note)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%s stands by itself again, with its %d works.\n", c.Drop, len(edit.Changes)-2)
		return nil
	})
}

type agentsIdentify struct {
	File string `arg:"" help:"CSV in UTF-8 with the columns agent (its id or exact name), scheme and identifier."`
}

// Run notes each identifier; those that cannot be taken are named by their line.
func (c *agentsIdentify) Run(ctx context.Context, cfg *Config, s streams) error {
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("read the identifiers: %w", err)
	}
	defer file.Close()
	noted, refused := 0, false
	err = cfg.atDesk(ctx, func(d *curate.Desk, v library.Viewer) error {
		in := csv.NewReader(file)
		in.FieldsPerRecord = 3
		for {
			row, err := in.Read()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return fmt.Errorf("%s: %w: write agent,scheme,identifier in each line", c.File, err)
			}
			line, _ := in.FieldPos(0)
			if line == 1 && strings.EqualFold(strings.TrimPrefix(row[0], "\ufeff"), "agent") {
				continue
			}
			err = identify(ctx, d, v, row)
			if e, ok := errors.AsType[*library.Error](err); ok && e.Kind != library.Internal && e.Kind != library.Busy {
				fmt.Fprintf(s.out, "line %d: %v\n", line, err)
				refused = true
			} else if err != nil {
				return err
			} else {
				noted++
			}
		}
	})
	fmt.Fprintf(s.out, "%d identifiers are noted.\n", noted)
	if err == nil && refused {
		return errRefused
	}
	return err
}

// identify notes the identifier of one line.
func identify(ctx context.Context, d *curate.Desk, v library.Viewer, row []string) error {
	name := strings.TrimSpace(strings.TrimPrefix(row[0], "\ufeff"))
	id := library.ID(name)
	if !id.Valid() {
		keys := library.NewAgent(name).Keys()
		if len(keys) == 0 {
			return library.Errorf(library.Invalid, "the line names no person or organisation")
		}
		entries, err := d.Store.Find(ctx, v, library.KindAgent, keys[:1], 2)
		switch {
		case err != nil:
			return err
		case len(entries) == 0:
			return library.Errorf(library.NotFound, "no person or organisation is called %q", name)
		case len(entries) > 1:
			return library.Errorf(library.Conflict, "%q is the name of more than one: write the id", name)
		}
		id = entries[0].ID
	}
	_, err := d.Identify(ctx, v, id, library.Identifier{Scheme: row[1], Value: row[2]})
	return err
}
