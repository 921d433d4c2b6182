// Package usage counts how often records are viewed and their files downloaded,
// by the rules of COUNTER's Code of Practice, release 5: no robots, no double
// clicks. It keeps counts by month and nothing of who reads.
package usage

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"waymark/library"
)

// Kept keeps the counts; see store.Store. AddUsage adds all or none.
type Kept interface {
	AddUsage(ctx context.Context, counts []library.Usage) error
	Usage(ctx context.Context, v library.Viewer, id library.ID) ([]library.Usage, error)
}

const (
	// doubleClick is how soon the same use by the same reader counts as one
	// (Code of Practice 5.1, section 7.2).
	doubleClick = 30 * time.Second
	// mostClicks bounds what is remembered of the last clicks, in uses; when more
	// come in doubleClick, those that find no room are not counted.
	mostClicks = 1 << 17
	// mostAgents bounds the programs that are remembered as robots or not.
	mostAgents = 1 << 12
	// flushEvery is how much a process that is killed may lose.
	flushEvery = time.Minute
)

// Counter counts. Its methods may be called from any goroutine.
type Counter struct {
	Kept   Kept
	Now    func() time.Time
	Public bool // readers are told too, not curators alone

	mu     sync.Mutex
	counts map[month]*library.Usage
	clicks map[use]time.Time // the last time of each use
	salt   [32]byte
	day    string // on which the salt was made
	swept  time.Time
	agents map[use]bool // which programs are robots
}

type month struct {
	id    library.ID
	month string
}

// use stands for what one reader did with one thing. It says nothing of the
// reader to those who do not know the salt, which is made anew each day and
// never leaves the memory.
type use [16]byte

// Viewed counts a view of a record's page.
func (c *Counter) Viewed(r *http.Request, from netip.Addr, v library.Viewer, id library.ID) {
	if c.reader(r, from, v, "view "+string(id)) {
		c.add(id, 1, 0)
	}
}

// Downloaded counts a file of a record that was sent, named by its digest: only
// its beginning counts, for programs fetch the rest piece by piece.
func (c *Counter) Downloaded(r *http.Request, from netip.Addr, v library.Viewer, id library.ID, digest string) {
	if beginning(r) && c.reader(r, from, v, "file "+string(id)+" "+digest) {
		c.add(id, 0, 1)
	}
}

// beginning tells whether a request asks for a file from its first byte on.
func beginning(r *http.Request) bool {
	ranges := r.Header.Get("Range")
	return ranges == "" || strings.HasPrefix(strings.ReplaceAll(ranges, " ", ""), "bytes=0-")
}

// reader tells whether a request is a use by a reader that counts.
func (c *Counter) reader(r *http.Request, from netip.Addr, v library.Viewer, what string) bool {
	if r.Method != http.MethodGet || ahead(r) || v.Role >= library.Curator {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.Now()
	if day := now.UTC().Format(time.DateOnly); day != c.day {
		c.day, c.clicks, c.agents = day, map[use]time.Time{}, nil
		rand.Read(c.salt[:]) // never fails
	}
	if c.robot(r.UserAgent()) {
		return false
	}
	key := c.key(from, r.UserAgent(), what)
	last, again := c.clicks[key]
	if !again && len(c.clicks) >= mostClicks {
		if c.forget(now); len(c.clicks) >= mostClicks {
			return false
		}
	}
	c.clicks[key] = now
	return !again || now.Sub(last) > doubleClick
}

// robot is Robot, remembered: most readers have one of a few hundred browsers,
// and looking through the list takes half a millisecond.
func (c *Counter) robot(agent string) bool {
	key := c.key(netip.Addr{}, agent, "")
	is, known := c.agents[key]
	if !known {
		if c.agents == nil || len(c.agents) >= mostAgents {
			c.agents = map[use]bool{}
		}
		is = Robot(agent)
		c.agents[key] = is
	}
	return is
}

func (c *Counter) key(from netip.Addr, agent, what string) use {
	h := sha256.New()
	for _, s := range []string{string(c.salt[:]), from.String(), agent, what} {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return use(h.Sum(nil)[:len(use{})])
}

// forget drops the clicks that are too old to be doubled, at most once a
// second: a flood shall not have them looked through for each of its requests.
func (c *Counter) forget(now time.Time) {
	if now.Sub(c.swept) < time.Second {
		return
	}
	c.swept = now
	for key, at := range c.clicks {
		if now.Sub(at) > doubleClick {
			delete(c.clicks, key)
		}
	}
}

// ahead tells whether a browser fetches a page that its reader has not opened.
func ahead(r *http.Request) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		if v := strings.ToLower(r.Header.Get(name)); strings.Contains(v, "prefetch") || strings.Contains(v, "preview") {
			return true
		}
	}
	return false
}

func (c *Counter) add(id library.ID, views, downloads int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(library.Usage{Entry: id, Month: c.Now().UTC().Format("2006-01"), Views: views, Downloads: downloads})
}

// put adds counts to those in memory.
func (c *Counter) put(u library.Usage) {
	if c.counts == nil {
		c.counts = map[month]*library.Usage{}
	}
	key := month{u.Entry, u.Month}
	if c.counts[key] == nil {
		c.counts[key] = &library.Usage{Entry: u.Entry, Month: u.Month}
	}
	c.counts[key].Views += u.Views
	c.counts[key].Downloads += u.Downloads
}

// Run keeps the counts every minute until the context ends.
func (c *Counter) Run(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := c.Flush(ctx); err != nil && ctx.Err() == nil {
				slog.Error("the counts of use wait and will be tried again", "err", err)
			}
		}
	}
}

// Flush keeps what was counted since the last time. What cannot be kept is kept
// the next time.
func (c *Counter) Flush(ctx context.Context) error {
	c.mu.Lock()
	waiting := c.counts
	c.counts = nil
	c.forget(c.Now())
	c.mu.Unlock()
	counts := make([]library.Usage, 0, len(waiting))
	for _, u := range waiting {
		counts = append(counts, *u)
	}
	err := c.Kept.AddUsage(ctx, counts)
	if err != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, u := range counts {
			c.put(u)
		}
	}
	return err
}

// Told tells whether a viewer is told how often records are used.
func (c *Counter) Told(v library.Viewer) bool { return c.Public || v.Role >= library.Curator }

// Of gives how often a record was used that the viewer sees: in the last twelve
// months with this one, and in all. What was counted in the last minute is not
// in it.
func (c *Counter) Of(ctx context.Context, v library.Viewer, id library.ID) (year, all library.Usage, err error) {
	counts, err := c.Kept.Usage(ctx, v, id)
	now := c.Now().UTC()
	first := time.Date(now.Year(), now.Month()-11, 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
	for _, u := range counts {
		all.Views, all.Downloads = all.Views+u.Views, all.Downloads+u.Downloads
		if u.Month >= first {
			year.Views, year.Downloads = year.Views+u.Views, year.Downloads+u.Downloads
		}
	}
	return year, all, err
}
