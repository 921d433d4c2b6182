package fetch

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestRules(t *testing.T) {
	long := "User-agent: *\nDisallow: /x\n" + strings.Repeat("# filler\n", maxRobots/9+1)
	half := long[:maxRobots-len("Disallow: /")] + "Disallow: /"
	tests := []struct {
		name, text, path string
		allow            bool
		delay            time.Duration
	}{
		{"empty", "", "/x", true, 0},
		{"a page of HTML", "<!doctype html><p style='a: b'>Disallow: /", "/x", true, 0},
		{"all", "User-agent: *\nDisallow: /\n", "/x", false, 0},
		{"a star for all", "User-agent: *\nDisallow: *\n", "/x", false, 0},
		{"empty disallow", "User-agent: waymark\nDisallow:\n\nUser-agent: *\nDisallow: /\n", "/x", true, 0},
		{"empty with comment", "User-agent: waymark\nDisallow: # none\nUser-agent: *\nDisallow: /\n", "/x", true, 0},
		{"empty, then one", "User-agent: *\nDisallow:\nDisallow: /x\n", "/x", false, 0},
		{"our group", "User-agent: *\nDisallow: /\n\nUser-agent: Waymark\nDisallow: /y\n", "/x", true, 0},
		{"our group with version", "User-agent: waymark/2.0\nDisallow: /x\n", "/x", false, 0},
		{"start of our name", "User-agent: way\nDisallow: /\n", "/x", true, 0},
		{"longer than our name", "User-agent: waymarker\nDisallow: /\n", "/x", true, 0},
		{"shared group", "User-agent: other\nUser-agent: waymark\nDisallow: /x\n", "/x", false, 0},
		{"longest rule", "User-agent: *\nDisallow: /x\nAllow: /x/y\n", "/x/y/z", true, 0},
		{"wildcard", "User-agent: *\nDisallow: /*.pdf$\n", "/a/b.pdf", false, 0},
		{"wildcard end", "User-agent: *\nDisallow: /*.pdf$\n", "/a/b.pdf?c", true, 0},
		{"query", "User-agent: *\nDisallow: /x?a=\n", "/x?a=1", false, 0},
		{"rule not encoded", "User-agent: *\nDisallow: /ü\n", "/%C3%BC", false, 0},
		{"rule encoded", "User-agent: *\nDisallow: /%C3%BC\n", "/ü", false, 0},
		{"root without slash", "User-agent: *\nDisallow: /\n", "", false, 0},
		{"itself", "User-agent: *\nDisallow: /\n", "/robots.txt", true, 0},
		{"rule before groups", "Disallow: /\nUser-agent: *\nDisallow: /y\n", "/x", true, 0},
		{"mark, CR and case", "\ufeffUSER-AGENT: *\rDISALLOW: /x\r", "/x", false, 0},
		{"not UTF-8", "User-agent: *\nDisallow: /\xff*a\nDisallow: /x\n", "/x", false, 0},
		{"delay", "User-agent: *\nCrawl-delay: 2.5\n", "/x", true, 2500 * time.Millisecond},
		{"long delay", "User-agent: *\nCrawl-delay: 1e300\n", "/x", true, maxCrawlDelay},
		{"delays that are none", "User-agent: *\nCrawl-delay: 10s\nCrawl-delay: NaN\nCrawl-delay: -1\nDisallow: /x\n", "/x", false, 0},
		{"too long", long, "/x", false, 0},
		{"cut within a line", half, "/y", true, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := parseRules([]byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			u, err := parse("http://a.example" + tt.path)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.allow(u); got != tt.allow || r.delay != tt.delay {
				t.Errorf("allow %v, delay %v; want %v, %v", got, r.delay, tt.allow, tt.delay)
			}
		})
	}
}

func TestRobotsCacheIsBounded(t *testing.T) {
	var r robotsCache
	reading, _ := r.find("http://reading")
	for i := range 3 * maxOrigins {
		key := fmt.Sprint(i)
		o, mine := r.find(key)
		if !mine {
			t.Fatalf("%s was there before", key)
		}
		r.settle(key, o, false)
		if len(r.origins) > maxOrigins {
			t.Fatalf("%d origins kept", len(r.origins))
		}
	}
	if o, mine := r.find("http://reading"); mine || o != reading {
		t.Error("what is being read was dropped")
	}
}

func TestRobotsCacheExpires(t *testing.T) {
	var r robotsCache
	o, _ := r.find("a")
	r.settle("a", o, false)
	if _, mine := r.find("a"); mine {
		t.Error("read again at once")
	}
	o.until = time.Now().Add(-time.Second)
	if _, mine := r.find("a"); !mine {
		t.Error("old rules are used")
	}
}
