// Package fetch reads the web politely: one request at a time and one a second
// to a host, robots.txt honoured, and never an address of a private network.
package fetch

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"
)

const (
	token        = "waymark" // our name in robots.txt
	maxRedirects = 10
	maxAddress   = 8 << 10 // bytes of an address
	maxBody      = 1 << 10 // bytes read of a page that is only visited
	maxHeader    = 64 << 10
	maxRequests  = 64 // under way at once, over all hosts
)

// Client asks other hosts politely: one request a second per host, robots.txt
// honoured, no private addresses. The zero value works; its fields must not
// change after the first visit. Its methods may be called concurrently.
type Client struct {
	UserAgent    string        // sent with every request; empty means "waymark"
	AllowPrivate bool          // also ask hosts of private networks, for tests
	Pause        time.Duration // from the end of a request to the next one to the same host; 0 means one second
	Timeout      time.Duration // per request, waiting for its turn not counted; 0 means 20 seconds

	// Sleep waits when a host asks to come again later; nil waits indeed.
	Sleep func(ctx context.Context, d time.Duration) error

	once      sync.Once
	transport *http.Transport
	slots     chan struct{}
	pace      pacer
	robots    robotsCache
}

// State says what a visit found.
type State string

// The states of an address.
const (
	OK         State = "ok"
	Gone       State = "gone"       // 404, 410 or no such host
	Failed     State = "failed"     // server error, timeout, TLS, connection refused, cancelled: try again later
	Barred     State = "barred"     // 401, 403, 429, 451: it answers, but not to us
	Disallowed State = "disallowed" // robots.txt asks us to stay away, or could not be read for now
	Refused    State = "refused"    // a private address or none of the web: we did not ask
)

// Visit is what one visit to an address found.
type Visit struct {
	URL    string    // as it was given
	Status int       // HTTP status of the last address of the redirects; 0 when it gave no answer
	State  State     // what that means
	Moved  string    // the last answering address that permanent redirects alone lead to; empty when there is none
	Reason string    // short English, for other states than OK; holds no part of an address
	At     time.Time // when the visit ended, UTC
}

// Visit says whether an address still answers. It asks with HEAD, and with GET
// when the host does not serve that.
func (c *Client) Visit(ctx context.Context, address string) Visit {
	c.once.Do(c.start)
	v := Visit{URL: address}
	if err := c.follow(ctx, &v); err != nil {
		v.State, v.Reason = explain(ctx, err)
	}
	v.At = time.Now().UTC()
	return v
}

// follow asks the address and those it redirects to, each like the first.
func (c *Client) follow(ctx context.Context, v *Visit) error {
	at, err := parse(v.URL)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	permanent := true
	for hop := 0; ; hop++ {
		v.Status = 0
		seen[bare(at)] = true
		r, err := c.rulesFor(ctx, at)
		if err != nil {
			return err
		}
		if !r.allow(at) {
			return &problem{Disallowed, "robots.txt"}
		}
		a, err := c.knock(ctx, at, max(c.pause(), r.delay))
		if err != nil {
			return err
		}
		v.Status = a.status
		if permanent && hop > 0 {
			v.Moved = at.String()
		}
		if !a.redirects() {
			v.State, v.Reason = judge(a.status)
			return nil
		}
		next, err := a.next(at)
		if err != nil {
			return err
		}
		if seen[bare(next)] || hop == maxRedirects {
			v.Moved = "" // leads nowhere
			return &problem{Failed, "too many redirects"}
		}
		permanent = permanent && (a.status == http.StatusMovedPermanently || a.status == http.StatusPermanentRedirect)
		at = next
	}
}

// knock asks with HEAD and, where that says little about the page, with GET.
func (c *Client) knock(ctx context.Context, at *url.URL, pause time.Duration) (answer, error) {
	a, err := c.ask(ctx, http.MethodHead, at, pause, 0)
	if err != nil && (ctx.Err() != nil || final(err)) {
		return a, err
	}
	if err == nil && !doubtful(a.status) {
		return a, nil
	}
	return c.ask(ctx, http.MethodGet, at, pause, maxBody)
}

// doubtful tells the statuses that hosts give to HEAD for pages they serve to GET.
func doubtful(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed:
		return true
	}
	return status >= 500
}

func (c *Client) pause() time.Duration {
	if c.Pause <= 0 {
		return time.Second
	}
	return c.Pause
}

func (c *Client) timeout() time.Duration {
	if c.Timeout <= 0 {
		return 20 * time.Second
	}
	return c.Timeout
}
