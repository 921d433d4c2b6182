package fetch

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// site is a host under test that remembers who asked for what, and when.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	lines []string // "HEAD /path"
	times []time.Time
	last  http.Header
}

func serve(t *testing.T, h http.HandlerFunc) *site {
	t.Helper()
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.lines = append(s.lines, r.Method+" "+r.URL.RequestURI())
		s.times = append(s.times, time.Now())
		s.last = r.Header.Clone()
		s.mu.Unlock()
		h(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// asked gives the requests, without those for robots.txt.
func (s *site) asked() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []string
	for _, line := range s.lines {
		if line != "GET /robots.txt" {
			list = append(list, line)
		}
	}
	return strings.Join(list, ", ")
}

func quick() *Client {
	return &Client{AllowPrivate: true, Pause: time.Millisecond}
}

// pages answers like a site of many sorts of pages.
func pages(w http.ResponseWriter, r *http.Request) {
	to := func(status int, address string) {
		w.Header().Set("Location", address)
		w.WriteHeader(status)
	}
	var status int
	switch path := r.URL.Path; path {
	case "/robots.txt":
		http.NotFound(w, r)
	case "/head405", "/head403", "/head404", "/head400", "/head503":
		if r.Method == http.MethodHead {
			fmt.Sscanf(path, "/head%d", &status)
			w.WriteHeader(status)
		}
	case "/headbreaks":
		if r.Method == http.MethodHead {
			panic(http.ErrAbortHandler)
		}
	case "/large":
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		io.WriteString(w, strings.Repeat("x", 1<<20))
	case "/p1":
		to(301, "/p2")
	case "/p2":
		to(308, "/s200")
	case "/t1":
		to(302, "/s200")
	case "/t2":
		to(307, "/p2")
	case "/p3":
		to(301, "/t1")
	case "/pgone":
		to(301, "/s404")
	case "/puser":
		to(301, strings.Replace("http://"+r.Host, "//", "//name:word@", 1)+"/s200")
	case "/loop1":
		to(301, "/loop2")
	case "/loop2":
		to(301, "/loop1#again")
	case "/nowhere":
		w.WriteHeader(302)
	case "/bad":
		to(302, "http://%zz/")
	case "/file":
		to(301, "file:///etc/passwd")
	case "/header":
		w.Header().Set("X-Large", strings.Repeat("x", 2*maxHeader))
	default:
		var n int
		if _, err := fmt.Sscanf(path, "/chain%d", &n); err == nil {
			if n == 0 {
				return
			}
			to(301, fmt.Sprintf("/chain%d", n-1))
			return
		}
		fmt.Sscanf(path, "/s%d", &status)
		w.WriteHeader(status)
	}
}

func TestVisit(t *testing.T) {
	tests := []struct {
		path   string
		state  State
		status int
		moved  string
		reason string
		asked  string // empty: not looked at
	}{
		{"/s200", OK, 200, "", "", "HEAD /s200"},
		{"/s204", OK, 204, "", "", "HEAD /s204"},
		{"/s404", Gone, 404, "", "answers 404", "HEAD /s404, GET /s404"},
		{"/s410", Gone, 410, "", "answers 410", "HEAD /s410"},
		{"/s401", Barred, 401, "", "answers 401", "HEAD /s401"},
		{"/s403", Barred, 403, "", "answers 403", "HEAD /s403, GET /s403"},
		{"/s429", Barred, 429, "", "answers 429", "HEAD /s429"},
		{"/s451", Barred, 451, "", "answers 451", "HEAD /s451"},
		{"/s400", Failed, 400, "", "answers 400", "HEAD /s400, GET /s400"},
		{"/s500", Failed, 500, "", "answers 500", "HEAD /s500, GET /s500"},
		{"/s503", Failed, 503, "", "answers 503", "HEAD /s503, GET /s503"},
		{"/s304", Failed, 304, "", "answers 304", "HEAD /s304"},
		{"/head400", OK, 200, "", "", "HEAD /head400, GET /head400"},
		{"/head403", OK, 200, "", "", "HEAD /head403, GET /head403"},
		{"/head404", OK, 200, "", "", "HEAD /head404, GET /head404"},
		{"/head405", OK, 200, "", "", "HEAD /head405, GET /head405"},
		{"/head503", OK, 200, "", "", "HEAD /head503, GET /head503"},
		{"/headbreaks", OK, 200, "", "", ""}, // the transport may repeat the HEAD
		{"/large", OK, 200, "", "", "HEAD /large, GET /large"},
		{"/p1", OK, 200, "/s200", "", "HEAD /p1, HEAD /p2, HEAD /s200"},
		{"/p1#part", OK, 200, "/s200#part", "", ""},
		{"/t1", OK, 200, "", "", "HEAD /t1, HEAD /s200"},
		{"/t2", OK, 200, "", "", "HEAD /t2, HEAD /p2, HEAD /s200"},
		{"/p3", OK, 200, "/t1", "", "HEAD /p3, HEAD /t1, HEAD /s200"},
		{"/pgone", Gone, 404, "/s404", "answers 404", ""},
		{"/puser", OK, 200, "/s200", "", ""},
		{"/loop1", Failed, 301, "", "too many redirects", "HEAD /loop1, HEAD /loop2"},
		{"/chain10", OK, 200, "/chain0", "", ""},
		{"/chain11", Failed, 301, "", "too many redirects", ""},
		{"/nowhere", Failed, 302, "", "redirect without an address", ""},
		{"/bad", Failed, 302, "", "redirect to an unreadable address", ""},
		{"/file", Refused, 301, "", "not an address of the web", "HEAD /file"},
		{"/header", Failed, 0, "", "no usable answer", "HEAD /header, GET /header"},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			t.Parallel()
			s := serve(t, pages)
			v := quick().Visit(t.Context(), s.URL+tt.path)
			moved := tt.moved
			if moved != "" {
				moved = s.URL + moved
			}
			if v.State != tt.state || v.Status != tt.status || v.Moved != moved || v.Reason != tt.reason {
				t.Errorf("got %+v", v)
			}
			if v.URL != s.URL+tt.path || v.At.IsZero() {
				t.Errorf("got %+v", v)
			}
			if got := s.asked(); tt.asked != "" && got != tt.asked {
				t.Errorf("asked %s; want %s", got, tt.asked)
			}
		})
	}
}

func TestRequestSaysWhoAsksAndNoMore(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Set-Cookie", "a=b")
		if r.URL.Path == "/x" {
			w.Header().Set("Location", "/y")
			w.WriteHeader(302)
		}
	})
	c := quick()
	c.UserAgent = "waymark/1 (+https://a.example)"
	if v := c.Visit(t.Context(), strings.Replace(s.URL, "//", "//name:word@", 1)+"/x"); v.State != OK {
		t.Fatalf("got %+v", v)
	}
	for _, name := range []string{"Cookie", "Referer", "Authorization"} {
		if got := s.last.Get(name); got != "" {
			t.Errorf("sent %s: %s", name, got)
		}
	}
	if got := s.last.Get("User-Agent"); got != c.UserAgent {
		t.Errorf("User-Agent %q", got)
	}
}

func TestPrivateAddressIsNotDialled(t *testing.T) {
	s := serve(t, pages)
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0"} {
		c := &Client{Pause: time.Millisecond}
		v := c.Visit(t.Context(), "http://"+host+":"+port+"/s200")
		// Go asks no proxy for local hosts, so a visit cannot show this.
		if c.transport.Proxy != nil {
			t.Error("a proxy may dial for us, past the check")
		}
		if v.State != Refused || v.Reason != "private address" || v.Status != 0 {
			t.Errorf("%s: got %+v", host, v)
		}
	}
	if len(s.lines) != 0 {
		t.Errorf("asked %v", s.lines)
	}
}

func TestRedirectToAPrivateAddress(t *testing.T) {
	inner := serve(t, pages)
	outer := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			return
		}
		w.Header().Set("Location", inner.URL+"/s200")
		w.WriteHeader(301)
	})
	c := &Client{Pause: time.Millisecond}
	c.once.Do(c.start)
	dial := c.transport.DialContext
	c.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if address == "public.example:80" { // stands for a host of the internet
			return new(net.Dialer).DialContext(ctx, network, outer.Listener.Addr().String())
		}
		return dial(ctx, network, address)
	}
	v := c.Visit(t.Context(), "http://public.example/x")
	if v.State != Refused || v.Reason != "private address" || v.Status != 0 || v.Moved != "" {
		t.Errorf("got %+v", v)
	}
	if len(inner.lines) != 0 {
		t.Errorf("asked %v", inner.lines)
	}
}

func TestNoAnswer(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	secure := httptest.NewTLSServer(nil)
	secure.Config.ErrorLog = nil
	t.Cleanup(secure.Close)
	plain := serve(t, pages)
	tests := []struct {
		name, address string
		state         State
		reason        string
	}{
		{"refused", closed.URL, Failed, "connection refused"},
		{"certificate", secure.URL, Failed, "certificate not valid"},
		{"no TLS", strings.Replace(plain.URL, "http:", "https:", 1), Failed, "no TLS connection"},
		{"scheme", "ftp://a.example/", Refused, "not an address of the web"},
	}
	for _, tt := range tests {
		v := quick().Visit(t.Context(), tt.address+"?key=secret")
		if v.State != tt.state || v.Reason != tt.reason || v.Status != 0 {
			t.Errorf("%s: got %+v", tt.name, v)
		}
	}
}

func TestExplainNames(t *testing.T) {
	tests := []struct {
		err    error
		state  State
		reason string
	}{
		{&net.OpError{Op: "dial", Err: &net.DNSError{Name: "secret", IsNotFound: true}}, Gone, "no such host"},
		{&net.OpError{Op: "dial", Err: &net.DNSError{Name: "secret", IsTimeout: true}}, Failed, "name server does not answer"},
		{&net.OpError{Op: "dial", Err: errPrivate}, Refused, "private address"},
		{io.ErrUnexpectedEOF, Failed, "connection closed"},
		{fmt.Errorf("GET http://secret: odd"), Failed, "no usable answer"},
	}
	for _, tt := range tests {
		if state, reason := explain(t.Context(), tt.err); state != tt.state || reason != tt.reason {
			t.Errorf("%v: %s, %s", tt.err, state, reason)
		}
	}
}

func TestSlowServer(t *testing.T) {
	for _, slow := range []string{"/robots.txt", "/page"} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == slow {
				<-r.Context().Done() // until the client gives up
			}
		})
		c := quick()
		c.Timeout = 50 * time.Millisecond
		v := c.Visit(t.Context(), s.URL+"/page")
		want := Visit{State: Failed, Reason: "timeout"}
		if slow == "/robots.txt" {
			want = Visit{State: Disallowed, Reason: "robots.txt cannot be read for now"}
		}
		if v.State != want.State || v.Reason != want.Reason || v.Status != 0 {
			t.Errorf("%s: got %+v", slow, v)
		}
	}
}

func TestRobots(t *testing.T) {
	tests := []struct {
		name   string
		robots http.HandlerFunc
		state  State
		reason string
		asked  string
	}{
		{"disallows", body("User-agent: *\nDisallow: /page\n"), Disallowed, "robots.txt", ""},
		{"allows us", body("User-agent: *\nDisallow: /\nUser-agent: waymark\nAllow: /\n"), OK, "", "HEAD /page"},
		{"missing", http.NotFound, OK, "", "HEAD /page"},
		{"forbidden", code(403), OK, "", "HEAD /page"},
		{"broken", code(500), Disallowed, "robots.txt answers 500", ""},
		{"moved", http.RedirectHandler("/elsewhere", http.StatusFound).ServeHTTP, Disallowed, "robots.txt", "GET /elsewhere"},
		{"in a circle", http.RedirectHandler("/robots.txt", http.StatusFound).ServeHTTP, OK, "", "HEAD /page"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/robots.txt":
					tt.robots(w, r)
				case "/elsewhere":
					body("User-agent: *\nDisallow: /page\n")(w, r)
				}
			})
			v := quick().Visit(t.Context(), s.URL+"/page")
			if v.State != tt.state || v.Reason != tt.reason {
				t.Errorf("got %+v", v)
			}
			if got := s.asked(); got != tt.asked {
				t.Errorf("asked %q; want %q", got, tt.asked)
			}
		})
	}
}

func body(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, text) }
}

func code(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}

func TestRedirectIntoWhatRobotsDisallows(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			io.WriteString(w, "User-agent: *\nDisallow: /closed\n")
		case "/open":
			w.Header().Set("Location", "/closed")
			w.WriteHeader(301)
		}
	})
	v := quick().Visit(t.Context(), s.URL+"/open")
	if v.State != Disallowed || v.Moved != "" || v.Status != 0 || s.asked() != "HEAD /open" {
		t.Errorf("got %+v, asked %s", v, s.asked())
	}
}

// TestPace looks at the requests as the host sees them.
func TestPace(t *testing.T) {
	const pause = 50 * time.Millisecond
	s := serve(t, pages)
	c := quick()
	c.Pause = pause
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if v := c.Visit(t.Context(), fmt.Sprintf("%s/s200?%d", s.URL, i)); v.State != OK {
				t.Errorf("got %+v", v)
			}
		})
	}
	wg.Wait()
	if len(s.times) != 9 { // robots.txt once
		t.Fatalf("asked %v", s.lines)
	}
	for i := 1; i < len(s.times); i++ {
		if gap := s.times[i].Sub(s.times[i-1]); gap < pause {
			t.Errorf("%s came %v after %s", s.lines[i], gap, s.lines[i-1])
		}
	}
}

func TestCrawlDelay(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			io.WriteString(w, "User-agent: *\nCrawl-delay: 0.2\n")
		}
	})
	if v := quick().Visit(t.Context(), s.URL+"/x"); v.State != OK {
		t.Fatalf("got %+v", v)
	}
	if gap := s.times[1].Sub(s.times[0]); gap < 200*time.Millisecond {
		t.Errorf("asked again after %v", gap)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := quick()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			cancel()
			<-r.Context().Done()
		}
	})
	if v := c.Visit(ctx, s.URL+"/slow"); v.State != Failed || v.Reason != "cancelled" {
		t.Errorf("got %+v", v)
	}
	if got := s.asked(); got != "HEAD /slow" {
		t.Errorf("asked %s", got)
	}
	if v := c.Visit(ctx, s.URL+"/x"); v.State != Failed || v.Reason != "cancelled" {
		t.Errorf("got %+v", v)
	}
	if v := c.Visit(t.Context(), s.URL+"/x"); v.State != OK {
		t.Errorf("the next one: got %+v", v)
	}
}

// TestCancelledReaderOfRobots lets one who waits for rules read them himself
// when their reader gives up.
func TestCancelledReaderOfRobots(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var once sync.Once
	reading := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			once.Do(func() {
				close(reading)
				<-r.Context().Done()
			})
		}
	})
	c := quick()
	var wg sync.WaitGroup
	wg.Go(func() {
		if v := c.Visit(ctx, s.URL+"/first"); v.Reason != "cancelled" {
			t.Errorf("got %+v", v)
		}
	})
	<-reading
	wg.Go(func() {
		if v := c.Visit(t.Context(), s.URL+"/second"); v.State != OK {
			t.Errorf("got %+v", v)
		}
	})
	cancel()
	wg.Wait()
	if got := s.asked(); got != "HEAD /second" {
		t.Errorf("asked %s", got)
	}
}
