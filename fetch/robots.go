package fetch

import (
	"bytes"
	"context"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
)

const (
	maxRobots       = 512 << 10 // bytes read of a robots.txt
	maxOrigins      = 1024      // robots.txt kept
	maxCrawlDelay   = 30 * time.Second
	robotsFor       = time.Hour
	robotsErrorFor  = 5 * time.Minute
	robotsRedirects = 5 // RFC 9309, 2.3.1.2
)

// rules are what a robots.txt says to us.
type rules struct {
	group *robotstxt.Group // nil allows everything
	delay time.Duration    // the Crawl-delay, at most maxCrawlDelay
}

// allow says whether we may ask for the address.
func (r *rules) allow(at *url.URL) bool {
	if r.group == nil || at.Path == "/robots.txt" {
		return true
	}
	// Rules are written with and without percent-encoding; the stricter reading counts.
	plain := at.Path
	if at.RawQuery != "" {
		plain += "?" + at.RawQuery
	}
	return r.group.Test(at.RequestURI()) && (plain == "" || r.group.Test(plain))
}

// robotsCache keeps the rules of each origin. The zero value works.
type robotsCache struct {
	mu      sync.Mutex
	origins map[string]*origin
}

// origin is the rules of one scheme, host and port, or the wait for them.
type origin struct {
	done  chan struct{} // closed when the rest is known
	rules *rules
	err   error
	void  bool // whoever read it was cancelled: read again
	until time.Time
}

// rulesFor gives the rules for an address. Of several callers one reads the
// robots.txt and the others wait for it.
func (c *Client) rulesFor(ctx context.Context, at *url.URL) (*rules, error) {
	key := originOf(at)
	for {
		o, mine := c.robots.find(key)
		if mine {
			o.rules, o.err = c.readRules(ctx, at)
			c.robots.settle(key, o, o.err != nil && ctx.Err() != nil)
			return o.rules, o.err
		}
		select {
		case <-o.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if !o.void {
			return o.rules, o.err
		}
	}
}

// find gives the origin and whether the caller is the one to read it.
func (r *robotsCache) find(key string) (o *origin, mine bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if o := r.origins[key]; o != nil && !o.expired(now) {
		return o, false
	}
	if r.origins == nil {
		r.origins = map[string]*origin{}
	}
	if len(r.origins) >= maxOrigins {
		r.thin(now)
	}
	o = &origin{done: make(chan struct{})}
	r.origins[key] = o
	return o, true
}

// expired says whether the rules are known and old.
func (o *origin) expired(now time.Time) bool {
	return !o.until.IsZero() && now.After(o.until)
}

// thin makes room: it drops what has expired and, if that is little, half of
// the rest. What is being read stays.
func (r *robotsCache) thin(now time.Time) {
	for key, o := range r.origins {
		if o.expired(now) {
			delete(r.origins, key)
		}
	}
	for key, o := range r.origins {
		if len(r.origins) <= maxOrigins/2 {
			return
		}
		if !o.until.IsZero() {
			delete(r.origins, key)
		}
	}
}

// settle publishes what was read.
func (r *robotsCache) settle(key string, o *origin, void bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	o.until = time.Now().Add(robotsFor)
	if o.err != nil {
		o.until = time.Now().Add(robotsErrorFor)
	}
	if o.void = void; void && r.origins[key] == o {
		delete(r.origins, key)
	}
	close(o.done)
}

// readRules asks for the robots.txt of an origin. A host that cannot be reached
// at all is an error about the host; one that keeps its rules back is treated
// as if they forbade everything.
func (c *Client) readRules(ctx context.Context, of *url.URL) (*rules, error) {
	at := &url.URL{Scheme: of.Scheme, Host: of.Host, Path: "/robots.txt"}
	for hop := 0; hop <= robotsRedirects; hop++ {
		a, err := c.ask(ctx, http.MethodGet, at, c.pause(), maxRobots)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil && (hop > 0 || timedOut(err)), err == nil && a.cut != nil:
			return nil, &problem{Disallowed, "robots.txt cannot be read for now"}
		case err != nil:
			return nil, err
		case a.status >= 500:
			return nil, &problem{Disallowed, "robots.txt answers " + strconv.Itoa(a.status)}
		case a.status >= 200 && a.status < 300:
			return parseRules(a.body)
		case !a.redirects():
			return &rules{}, nil
		}
		if at, err = a.next(at); err != nil {
			return &rules{}, nil
		}
	}
	return &rules{}, nil // RFC 9309: too many redirects are like none there
}

// parseRules reads a robots.txt. It keeps only the group that speaks to us.
func parseRules(text []byte) (*rules, error) {
	if len(text) >= maxRobots { // the last line may be half of one
		text = text[:bytes.LastIndexAny(text, "\r\n")+1]
	}
	data, err := robotstxt.FromString(tidy(string(text)))
	if err != nil {
		return nil, &problem{Disallowed, "robots.txt cannot be understood"}
	}
	group := data.FindGroup(token)
	return &rules{group: group, delay: group.CrawlDelay}, nil
}

// tidy rewrites a robots.txt for the parser, which gives up at a rule before
// the first group or a Crawl-delay that is no number, takes "Disallow: *" for
// nothing, and takes a group for "way" for one that means us.
func tidy(text string) string {
	text = strings.TrimPrefix(strings.ToValidUTF8(text, ""), "\ufeff")
	var b strings.Builder
	inGroup := false
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line, _, _ = strings.Cut(line, "#")
		key, value, ok := strings.Cut(line, ":")
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		switch {
		case !ok:
			continue
		case key == "user-agent" || key == "useragent":
			if key = "user-agent"; value == "" {
				continue
			}
			value, inGroup = agentOf(value), true
		case !inGroup:
			continue
		case key == "allow" || key == "disallow":
			if value != "" && strings.Trim(value, "*") == "" {
				value = "/"
			}
		case key == "crawl-delay" || key == "crawldelay":
			n, err := strconv.ParseFloat(value, 64)
			if err != nil || math.IsNaN(n) || n < 0 {
				continue
			}
			key, value = "crawl-delay", strconv.FormatFloat(min(n, maxCrawlDelay.Seconds()), 'f', -1, 64)
		default:
			continue
		}
		b.WriteString(key + ": " + value + "\n")
	}
	return b.String()
}

// agentOf gives whom a group speaks to: us, everybody or others.
func agentOf(value string) string {
	name, _, _ := strings.Cut(value, "/") // what follows is a version
	switch name = strings.ToLower(strings.TrimSpace(name)); name {
	case token, "*":
		return name
	}
	return "others"
}
