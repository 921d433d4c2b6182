package usage

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/library"
)

// TestRobots: what counter-robots, a program that others wrote, takes for a
// robot by the same list is one here. testdata/agents.tsv holds its answers. It
// tells capital letters from small ones and knows machines apart.
func TestRobots(t *testing.T) {
	b, err := os.ReadFile("testdata/agents.tsv")
	if err != nil {
		t.Fatal(err)
	}
	differs := []string{"Java/17.0.11", "BAIDU", "CRAWLER", "Apache-HttpClient/4.5.14", "Mozilla/5.0 (compatible; Yahoo! Slurp)"}
	for line := range strings.Lines(string(b)) {
		says, agent, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if got := Robot(agent); got != (says == "robot" || slices.Contains(differs, agent)) {
			t.Errorf("%q: %v, counter-robots says %s", agent, got, says)
		}
	}
	if len(literals) < 200 {
		t.Errorf("only %d of the list are looked for as they stand", len(literals))
	}
}

func BenchmarkRobot(b *testing.B) {
	for b.Loop() {
		Robot("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1")
	}
}

// shelf keeps counts in memory, unless it fails.
type shelf struct {
	counts []library.Usage
	err    error
}

func (s *shelf) AddUsage(_ context.Context, counts []library.Usage) error {
	if s.err == nil {
		s.counts = append(s.counts, counts...)
	}
	return s.err
}

func (s *shelf) Usage(context.Context, library.Viewer, library.ID) ([]library.Usage, error) {
	return s.counts, s.err
}

const (
	browser = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
	work    = library.ID("01KDVDP5B0PRG1AGFB2RCVAD5J")
)

var home = netip.MustParseAddr("192.0.2.7")

func request(method string, headers ...string) *http.Request {
	r, err := http.NewRequest(method, "http://library.example/en/r/"+string(work), nil)
	if err != nil {
		panic(err)
	}
	r.Header.Set("User-Agent", browser)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// TestWhatCounts: each row is one request of another reader.
func TestWhatCounts(t *testing.T) {
	curator := library.Viewer{Role: library.Curator}
	for _, c := range []struct {
		name             string
		r                *http.Request
		viewer           library.Viewer
		views, downloads int
	}{
		{"a reader", request("GET"), library.Viewer{}, 1, 1},
		{"staff", request("GET"), library.Viewer{Audiences: []library.Audience{library.Staff}}, 1, 1},
		{"a curator at work", request("GET"), curator, 0, 0},
		{"a robot", request("GET", "User-Agent", "Mozilla/5.0 (compatible; Googlebot/2.1)"), library.Viewer{}, 0, 0},
		{"no name", request("GET", "User-Agent", ""), library.Viewer{}, 0, 0},
		{"HEAD", request("HEAD"), library.Viewer{}, 0, 0},
		{"prefetch", request("GET", "Sec-Purpose", "prefetch;prerender"), library.Viewer{}, 0, 0},
		{"prefetch of old", request("GET", "Purpose", "prefetch"), library.Viewer{}, 0, 0},
		{"a preview", request("GET", "X-Purpose", "preview"), library.Viewer{}, 0, 0},
		{"the first range", request("GET", "Range", "bytes=0-"), library.Viewer{}, 1, 1},
		{"the beginning", request("GET", "Range", "bytes=0-1023, 4096-5119"), library.Viewer{}, 1, 1},
		{"a range within", request("GET", "Range", "bytes=1024-2047"), library.Viewer{}, 1, 0},
		{"the end", request("GET", "Range", "bytes=-500"), library.Viewer{}, 1, 0},
		{"what was kept and asked for again", request("GET", "If-None-Match", `"x"`), library.Viewer{}, 1, 1},
	} {
		kept := &shelf{}
		counter := &Counter{Kept: kept, Now: time.Now}
		counter.Viewed(c.r, home, c.viewer, work)
		counter.Downloaded(c.r, home, c.viewer, work, "digest")
		if err := counter.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, all, err := counter.Of(t.Context(), curator, work)
		if err != nil || all.Views != c.views || all.Downloads != c.downloads {
			t.Errorf("%s: %d views, %d downloads, %v", c.name, all.Views, all.Downloads, err)
		}
	}
}

// TestDoubleClicks: the same use by the same reader within 30 seconds of the
// last counts once, another's or another one counts.
func TestDoubleClicks(t *testing.T) {
	kept := &shelf{}
	now := time.Date(2026, 10, 31, 23, 50, 0, 0, time.UTC)
	c := &Counter{Kept: kept, Now: func() time.Time { return now }}
	view := func(r *http.Request, from string, after time.Duration) int {
		now = now.Add(after)
		c.Viewed(r, netip.MustParseAddr(from), library.Viewer{}, work)
		if err := c.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, all, _ := c.Of(t.Context(), library.Viewer{}, work)
		return all.Views
	}
	for i, step := range []struct {
		name  string
		agent string
		from  string
		after time.Duration
		want  int
	}{
		{"the first", browser, "192.0.2.7", 0, 1},
		{"again", browser, "192.0.2.7", 20 * time.Second, 1},
		{"and again, counted from the last", browser, "192.0.2.7", 20 * time.Second, 1},
		{"another place", browser, "192.0.2.8", 0, 2},
		{"another browser", browser + " x", "192.0.2.7", 0, 3},
		{"after half a minute", browser, "192.0.2.7", 31 * time.Second, 4},
	} {
		if got := view(request("GET", "User-Agent", step.agent), step.from, step.after); got != step.want {
			t.Errorf("%d, %s: %d views, want %d", i, step.name, got, step.want)
		}
	}
	c.Downloaded(request("GET"), home, library.Viewer{}, work, "a")
	c.Downloaded(request("GET"), home, library.Viewer{}, work, "b")
	c.Downloaded(request("GET"), home, library.Viewer{}, work, "b")
	before := c.salt
	now = now.Add(15 * time.Minute) // November
	c.Viewed(request("GET"), home, library.Viewer{}, work)
	if c.salt == before || len(c.clicks) != 1 {
		t.Error("the salt of yesterday, or what was made with it, is still there")
	}
	if err := c.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	last := slices.Clone(kept.counts[len(kept.counts)-2:])
	slices.SortFunc(last, func(a, b library.Usage) int { return strings.Compare(a.Month, b.Month) })
	want := []library.Usage{{Entry: work, Month: "2026-10", Downloads: 2}, {Entry: work, Month: "2026-11", Views: 1}}
	if !reflect.DeepEqual(last, want) {
		t.Errorf("kept is %+v, want %+v", last, want)
	}
	if year, all, _ := c.Of(t.Context(), library.Viewer{}, work); year != all || all.Views != 5 {
		t.Errorf("in a year %+v of %+v", year, all)
	}
	now = now.AddDate(0, 11, 0) // October 2027: that of 2026 is no part of the twelve months
	if year, all, _ := c.Of(t.Context(), library.Viewer{}, work); year.Views != 1 || all.Views != 5 {
		t.Errorf("a year later %+v of %+v", year, all)
	}
}

// TestFlush: what cannot be kept is kept later, once; and a flood neither fills
// the memory nor counts.
func TestFlush(t *testing.T) {
	kept := &shelf{err: errors.New("busy")}
	now := time.Now()
	c := &Counter{Kept: kept, Now: func() time.Time { return now }}
	c.Viewed(request("GET"), home, library.Viewer{}, work)
	if c.Flush(t.Context()) == nil {
		t.Error("a failure is not told")
	}
	kept.err = nil
	c.Viewed(request("GET"), netip.MustParseAddr("192.0.2.8"), library.Viewer{}, work)
	for range 2 {
		if err := c.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(kept.counts) != 1 || kept.counts[0].Views != 2 {
		t.Errorf("kept is %+v", kept.counts)
	}
	for i := range mostClicks + 100 {
		c.Viewed(request("GET"), home, library.Viewer{}, library.ID(fmt.Sprint(i%50, "x", i)))
	}
	if len(c.clicks) > mostClicks {
		t.Errorf("%d clicks are remembered", len(c.clicks))
	}
	now = now.Add(time.Minute)
	c.Viewed(request("GET"), netip.MustParseAddr("192.0.2.9"), library.Viewer{}, work)
	if len(c.clicks) != 1 {
		t.Errorf("%d clicks are remembered after a minute", len(c.clicks))
	}
}
