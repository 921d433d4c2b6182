package app

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"waymark/catalogue"
	"waymark/format"
	"waymark/library"
	"waymark/search"
)

type exportCommand struct {
	Words  []string `arg:"" optional:"" help:"Export what a search for these words finds; without words, the whole library."`
	Format string   `help:"Form of the records: ${written}." default:"jsonl"`
	Output string   `short:"o" help:"File to write; without it, the terminal." placeholder:"FILE"`
	Staff  bool     `help:"Also what is for staff only."`
}

// Run writes the published records.
func (c *exportCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	f, err := format.Named(c.Format)
	if err == nil && f.Write == nil {
		err = fmt.Errorf("the format %q is only read: choose from %s", c.Format, formatNames(true))
	}
	if err != nil {
		return err
	}
	h, err := cfg.openSearch(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	to := s.out
	if c.Output != "" {
		file, err := os.CreateTemp(".", ".waymark-export-*")
		if err != nil {
			return fmt.Errorf("write %s: %w", c.Output, err)
		}
		defer os.Remove(file.Name())
		defer file.Close()
		if err := c.write(ctx, h, f.Write(file), s); err != nil {
			return err
		}
		if err := file.Chmod(0o644); err != nil {
			return fmt.Errorf("write %s: %w", c.Output, err)
		}
		if err := file.Close(); err != nil {
			return fmt.Errorf("write %s: %w", c.Output, err)
		}
		return os.Rename(file.Name(), c.Output) // whole or not at all
	}
	buffered := bufio.NewWriter(to)
	if err := c.write(ctx, h, f.Write(buffered), s); err != nil {
		return err
	}
	return buffered.Flush()
}

// write writes every record that is asked for.
func (c *exportCommand) write(ctx context.Context, h *house, w format.Writer, s streams) error {
	var viewer library.Viewer
	if c.Staff {
		viewer.Audiences = []library.Audience{library.Staff}
	}
	put := func(records []catalogue.Record) error {
		// Of what is locked there is nothing to export but its title.
		records = slices.DeleteFunc(records, func(rec catalogue.Record) bool { return rec.Locked })
		return h.catalogue.Write(ctx, viewer, records, w, h.vocabularies)
	}
	var err error
	if len(c.Words) > 0 {
		err = h.eachFound(ctx, viewer, strings.Join(c.Words, " "), put, s)
	} else {
		err = h.each(ctx, viewer, put)
	}
	if err != nil {
		return err
	}
	return w.Close()
}

// each gives all published records that a viewer may see, some at a time.
func (h *house) each(ctx context.Context, v library.Viewer, do func([]catalogue.Record) error) error {
	for after := library.ID(""); ; {
		entries, err := h.store.Scan(ctx, v, library.KindResource, after, 500)
		if err != nil || len(entries) == 0 {
			return err
		}
		after = entries[len(entries)-1].ID
		published := slices.DeleteFunc(entries, func(e library.Entry) bool { return e.Status != library.Published })
		records, err := h.catalogue.RecordsOf(ctx, v, published)
		if err == nil {
			err = do(records)
		}
		if err != nil {
			return err
		}
	}
}

// eachFound gives the records that a search finds, the best first.
func (h *house) eachFound(ctx context.Context, v library.Viewer, text string, do func([]catalogue.Record) error, s streams) error {
	if err := h.follower.CatchUp(ctx); err != nil {
		return err
	}
	q := search.Query{Text: text}.With(library.FieldKind, library.KindPublication)
	for page, written := 1, 0; ; page++ {
		found, err := h.searcher.Find(ctx, v, q.At(page), terminalLanguage)
		if library.KindOf(err) == library.Invalid && page > 1 {
			fmt.Fprintf(s.err, "The first %d records were written: a search gives no more. Export without words, or narrow the search.\n", written)
			return nil
		}
		if err != nil || len(found.Hits) == 0 {
			return err
		}
		var ids []library.ID
		for _, hit := range found.Hits {
			ids = append(ids, hit.ID)
		}
		records, err := h.catalogue.Records(ctx, v, ids)
		if err == nil {
			err = do(records)
		}
		if err != nil {
			return err
		}
		if written += len(ids); written >= found.Total {
			return nil
		}
	}
}

// formatNames lists the formats that are read, or those that are written.
func formatNames(written bool) string {
	var names []string
	for _, f := range format.Formats() {
		if !written || f.Write != nil {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ", ")
}
