package app

import (
	"context"
	"encoding/csv"
	"fmt"
	"strconv"
	"time"

	"waymark/format"
	"waymark/library"
	"waymark/usage"
)

// The settings of who is told how often records are used.
const (
	usageOff    = "off"
	usagePublic = "public"
)

// counter gives the one that counts the use of records; nil where nothing is counted.
func (c *Config) counter(h *house) *usage.Counter {
	if c.Usage == usageOff {
		return nil
	}
	return &usage.Counter{Kept: h.store, Now: time.Now, Public: c.Usage == usagePublic}
}

// lastCounts bounds how long counts are waited for when the program ends.
const lastCounts = 10 * time.Second

// keepCounts keeps what was counted since the last minute, when the program ends.
func (h *house) keepCounts() error {
	if h.usage == nil {
		return nil
	}
	ctx, stop := context.WithTimeout(context.Background(), lastCounts)
	defer stop()
	return h.usage.Flush(ctx)
}

type usageCommand struct {
	From string `help:"First month." placeholder:"2026-01"`
	To   string `help:"Last month." placeholder:"2026-12"`
}

// Run writes a table of how often each record was used in each month.
func (c *usageCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	for _, month := range []string{c.From, c.To} {
		if _, err := time.Parse("2006-01", month); month != "" && err != nil {
			return library.Errorf(library.Invalid, "%q is no month: write 2026-01", month)
		}
	}
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	counts, err := h.store.Usage(ctx, library.House(), "")
	if err != nil {
		return err
	}
	w := csv.NewWriter(s.out)
	if err := w.Write([]string{"record", "title", "month", "views", "downloads"}); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	title, of := "", library.ID("")
	for _, u := range counts {
		if u.Month < c.From || c.To != "" && u.Month > c.To {
			continue
		}
		if u.Entry != of {
			if title, err = h.titleOf(ctx, u.Entry); err != nil {
				return err
			}
			of = u.Entry
		}
		if err := w.Write([]string{string(u.Entry), title, u.Month, strconv.Itoa(u.Views), strconv.Itoa(u.Downloads)}); err != nil {
			return fmt.Errorf("write the table: %w", err)
		}
	}
	if w.Flush(); w.Error() != nil {
		return fmt.Errorf("write the table: %w", w.Error())
	}
	return nil
}

// titleOf gives the title of a record in its own language.
func (h *house) titleOf(ctx context.Context, id library.ID) (string, error) {
	records, err := h.catalogue.Records(ctx, library.House(), []library.ID{id})
	if err != nil || len(records) == 0 {
		return "", err
	}
	title, _ := records[0].Original()
	return format.Guarded(title), nil
}
