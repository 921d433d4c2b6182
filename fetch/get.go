package fetch

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	maxWaits = 5               // times that a host may ask to come again later
	maxWait  = 5 * time.Minute // of each time
)

// Get reads a whole page of at most limit bytes, unpacked; a larger one is an
// error. It asks in the host's turn, follows redirects, each checked like the
// first, and comes again when the host says so (503 or 429 with Retry-After,
// at most five times). Answers of other statuses than 200 are given, not
// errors. It does not look at robots.txt: it is for addresses that somebody
// has named to be read by machines.
func (c *Client) Get(ctx context.Context, address string, limit int64) (status int, body []byte, err error) {
	return c.get(ctx, address, limit, func(*url.URL) (time.Duration, error) { return c.pause(), nil })
}

// Page is Get for an address that was found and that nobody has named: the
// robots.txt of each host on the way is asked first, and its Crawl-delay kept.
func (c *Client) Page(ctx context.Context, address string, limit int64) (status int, body []byte, err error) {
	return c.get(ctx, address, limit, func(at *url.URL) (time.Duration, error) {
		r, err := c.rulesFor(ctx, at)
		if err != nil {
			return 0, err
		}
		if !r.allow(at) {
			return 0, &problem{Disallowed, "robots.txt asks to stay away"}
		}
		return max(c.pause(), r.delay), nil
	})
}

// get reads a page; leave tells the pause before asking an address, or why it
// is not asked.
func (c *Client) get(ctx context.Context, address string, limit int64, leave func(*url.URL) (time.Duration, error)) (status int, body []byte, err error) {
	c.once.Do(c.start)
	at, err := parse(address)
	if err != nil {
		return 0, nil, err
	}
	for hop, waits := 0, 0; ; {
		var a answer
		pause, err := leave(at)
		if err == nil {
			a, err = c.ask(ctx, http.MethodGet, at, pause, limit+1)
		}
		if err != nil {
			if state, reason := explain(ctx, err); ctx.Err() == nil {
				return 0, nil, fmt.Errorf("%s: %w", at.Host, &problem{state, reason})
			}
			return 0, nil, ctx.Err()
		}
		switch wait, later := a.later(); {
		case a.redirects():
			if hop++; hop > maxRedirects {
				return 0, nil, fmt.Errorf("%s: too many redirects", at.Host)
			}
			if at, err = a.next(at); err != nil {
				return 0, nil, err
			}
			continue
		case later && waits < maxWaits:
			waits++
			if err := c.sleep(ctx, wait); err != nil {
				return 0, nil, err
			}
			continue
		case a.cut != nil:
			return 0, nil, fmt.Errorf("%s: the answer ended early: %w", at.Host, a.cut)
		case int64(len(a.body)) > limit:
			return 0, nil, fmt.Errorf("%s: the answer is larger than %d bytes", at.Host, limit)
		}
		return a.status, a.body, nil
	}
}

// later tells whether the host asks to come again, and when (RFC 9110, 10.2.3).
func (a answer) later() (time.Duration, bool) {
	if a.status != http.StatusServiceUnavailable && a.status != http.StatusTooManyRequests {
		return 0, false
	}
	value := a.header.Get("Retry-After")
	if n, err := strconv.Atoi(value); err == nil && n >= 0 {
		return min(time.Duration(n)*time.Second, maxWait), true
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(time.Until(at), 0), maxWait), true
	}
	return 0, false
}

func (c *Client) sleep(ctx context.Context, d time.Duration) error {
	if c.Sleep != nil {
		return c.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
