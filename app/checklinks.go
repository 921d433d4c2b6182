package app

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"waymark/fetch"
	"waymark/library"
)

type checkLinksCommand struct {
	Again bool `help:"Visit every address, also those visited within the last week."`

	pause time.Duration // between requests to a host; 0 means what is polite
}

const (
	freshVisit  = 7 * 24 * time.Hour // an address that answered is left alone for so long
	freshTrial  = 20 * time.Hour     // and one that did not: it is asked once a day
	hostsAtOnce = 32

	visitsPerLine = 50 // between two lines that say how far it is
)

// linked is an address of the library and the first record that has it.
type linked struct{ url, record, title string }

// Run visits the addresses of the library's records, each host in turn with
// itself and all hosts side by side, notes what was found as it comes, and
// lists the broken ones. Stopped, it goes on where it was.
func (c *checkLinksCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	all, err := h.addresses(ctx)
	if err != nil {
		return err
	}
	due, err := h.dueAddresses(ctx, all, c.Again)
	if err != nil {
		return err
	}
	client := &fetch.Client{UserAgent: cfg.agent(), AllowPrivate: cfg.PrivateAddresses, Pause: c.pause}
	if err := h.visit(ctx, client, due, s); err != nil {
		return err
	}
	broken, err := h.reportBroken(ctx, all, len(due), s)
	if err == nil && broken > 0 {
		return errRefused
	}
	return err
}

// agent is what this library calls itself when it asks other hosts.
func (c *Config) agent() string {
	if c.URL == "" {
		return "waymark"
	}
	return "waymark (+" + c.URL + ")"
}

// addresses gives each address of a record once.
func (h *house) addresses(ctx context.Context) (all []linked, err error) {
	seen := map[string]bool{}
	for after := library.ID(""); ; {
		entries, err := h.store.Scan(ctx, library.House(), library.KindResource, after, 1000)
		if err != nil || len(entries) == 0 {
			return all, err
		}
		for _, e := range entries {
			after = e.ID
			if e.Status == library.Merged || e.Status == library.Withdrawn {
				continue
			}
			r, err := library.ResourceOf(e)
			if err != nil {
				return nil, err
			}
			for _, l := range r.Links {
				if !seen[l.URL] {
					seen[l.URL] = true
					title, _ := r.Original()
					all = append(all, linked{l.URL, string(r.ID), title})
				}
			}
		}
	}
}

// dueAddresses leaves out what was visited a short while ago.
func (h *house) dueAddresses(ctx context.Context, all []linked, again bool) (due []linked, err error) {
	for some := range slices.Chunk(all, 1000) {
		visits, err := h.visits(ctx, some)
		if err != nil {
			return nil, err
		}
		for _, a := range some {
			v, visited := visits[a.url]
			wait := freshTrial
			if v.State == library.VisitOK {
				wait = freshVisit
			}
			if again || !visited || time.Since(v.At) > wait {
				due = append(due, a)
			}
		}
	}
	return due, nil
}

func (h *house) visits(ctx context.Context, some []linked) (map[string]library.Visit, error) {
	urls := make([]string, len(some))
	for i, a := range some {
		urls[i] = a.url
	}
	return h.store.Visits(ctx, library.House(), urls)
}

// visit asks for every address and notes what was found. Each host is one
// goroutine's, so that one slow host holds up no other.
func (h *house) visit(ctx context.Context, client *fetch.Client, due []linked, s streams) error {
	hosts := map[string][]string{}
	for _, a := range due {
		name := a.url
		if u, err := url.Parse(a.url); err == nil {
			name = strings.ToLower(u.Hostname())
		}
		hosts[name] = append(hosts[name], a.url)
	}
	var done atomic.Int64
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	free := make(chan struct{}, hostsAtOnce)
	for _, urls := range hosts {
		group.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			for _, url := range urls {
				v := client.Visit(ctx, url)
				if ctx.Err() != nil {
					return
				}
				if err := h.store.Visited(ctx, noted(v)); err != nil {
					cancel(err)
					return
				}
				if n := done.Add(1); n%visitsPerLine == 0 {
					fmt.Fprintf(s.err, "%d of %d addresses visited\n", n, len(due))
				}
			}
		})
	}
	group.Wait()
	return context.Cause(ctx)
}

// noted says what a visit means for the library.
func noted(v fetch.Visit) library.Visit {
	states := map[fetch.State]library.VisitState{
		fetch.OK: library.VisitOK, fetch.Gone: library.VisitGone, fetch.Failed: library.VisitFailed,
	}
	state, ok := states[v.State]
	if !ok {
		state = library.VisitUnknown
	}
	return library.Visit{URL: v.URL, State: state, Status: v.Status, Moved: v.Moved, Reason: v.Reason, At: v.At}
}

// reportBroken lists the addresses of all that readers are warned of, and counts the rest.
func (h *house) reportBroken(ctx context.Context, all []linked, visited int, s streams) (broken int, err error) {
	count := map[library.VisitState]int{}
	moved := 0
	for some := range slices.Chunk(all, 1000) {
		visits, err := h.visits(ctx, some)
		if err != nil {
			return 0, err
		}
		for _, a := range some {
			v := visits[a.url]
			count[v.State]++
			if v.State == library.VisitOK && v.Moved != "" {
				moved++
			}
			if v.Broken() {
				broken++
				fmt.Fprintf(s.out, "%s %s\n  %s: %s since %s\n", a.record, a.title, a.url, v.Reason, v.Since.Format(time.DateOnly))
			}
		}
	}
	fmt.Fprintf(s.out, "Visited %d of %d addresses. %d answer (%d of them have moved), %d may be gone, %d did not answer this time, %d were not ours to ask.\n",
		visited, len(all), count[library.VisitOK], moved, broken,
		count[library.VisitGone]+count[library.VisitFailed]-broken, count[library.VisitUnknown])
	return broken, nil
}
