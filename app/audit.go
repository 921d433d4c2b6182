package app

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"time"

	"waymark/library"
)

type auditCommand struct {
	Format string `help:"csv or jsonl." enum:"csv,jsonl" default:"jsonl"`
	Who    string `help:"Only what this person did, by their name." placeholder:"NAME"`
	Did    string `help:"Only this act, as sign-in or role." placeholder:"ACT"`
	From   string `help:"From this day on, as 2026-11-01." placeholder:"DAY"`
	To     string `help:"Up to this day, and with it." placeholder:"DAY"`
}

// Run writes the audit, the latest first.
func (c *auditCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	f := library.ActFilter{Who: c.Who, Did: c.Did}
	if f.From, err = dayOf(c.From); err != nil {
		return err
	}
	if f.To, err = dayOf(c.To); err != nil {
		return err
	}
	if c.To != "" {
		f.To = f.To.AddDate(0, 0, 1)
	}
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	if err := h.journal.Expire(ctx); err != nil {
		return err
	}
	out := bufio.NewWriter(s.out)
	if err := h.journal.Write(ctx, atTerminal(), f, c.Format, out); err != nil {
		return err
	}
	return out.Flush()
}

// dayOf reads a day, the zero time for none.
func dayOf(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return t, &library.Error{Kind: library.Invalid, Field: "day", Err: fmt.Errorf("%.40q is no day: write it as 2026-11-01", s)}
	}
	return t, nil
}

func days(n int) time.Duration { return time.Duration(max(n, 0)) * 24 * time.Hour }

// expireEvery is how often the audit forgets what has expired.
const expireEvery = time.Hour

// expire keeps sign-ins and addresses no longer than the settings say.
func (h *house) expire(ctx context.Context) {
	tick := time.NewTicker(expireEvery)
	defer tick.Stop()
	for {
		if err := h.journal.Expire(ctx); err != nil && ctx.Err() == nil {
			slog.Error("old sign-ins cannot be forgotten and will be tried again", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
