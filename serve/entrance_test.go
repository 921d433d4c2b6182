package serve

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"waymark/access"
	"waymark/library"
	"waymark/store"
)

func TestFrom(t *testing.T) {
	e := &Entrance{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}}
	for _, c := range []struct{ remote, forwarded, want string }{
		{"192.0.2.7:1234", "", "192.0.2.7"},
		{"192.0.2.7:1234", "198.51.100.1", "192.0.2.7"}, // nobody believes a stranger
		{"10.0.0.1:1234", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:1234", "203.0.113.9, 198.51.100.1", "198.51.100.1"}, // the first was made up
		{"10.0.0.1:1234", "198.51.100.1, 10.0.0.2", "198.51.100.1"},
		{"10.0.0.1:1234", "nonsense", "10.0.0.1"},
		{"10.0.0.1:1234", "", "10.0.0.1"},
		{"[::1]:1234", "2001:db8::1", "2001:db8::1"},
		{"[::ffff:10.0.0.1]:1234", "198.51.100.1", "198.51.100.1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := e.From(r).String(); got != c.want {
			t.Errorf("%s by way of %q comes from %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}

func TestBack(t *testing.T) {
	for asked, ok := range map[string]bool{
		"/": true, "/en/search?q=a+b&page=2": true, "/ar/r/01KDVDP5B0PRG1AGFB2RCVAD5J#x": true,
		"": false, "en": false, "//evil.example": false, "///evil.example": false, `/\evil.example`: false, `\\evil.example`: false, "https://evil.example": false,
		"javascript:alert(1)": false, "/\t/evil.example": false, "/\n/evil.example": false, " /en": false, "/a\x00": false, "/" + strings.Repeat("a", 3000): false,
	} {
		want := "/other"
		if ok {
			want = asked
		}
		if got := Back(asked, "/other"); got != want {
			t.Errorf("Back(%.40q) = %.40q", asked, got)
		}
	}
}

// TestCookies: with TLS the browser is bound to take the cookie from this very
// host; in every case script cannot read it and other sites' forms do not send it.
func TestCookies(t *testing.T) {
	for _, c := range []struct{ url, address, name string }{
		{"https://library.example.org", "http://library.example.org/", "__Host-waymark"}, // behind a proxy
		{"", "https://library.example.org/", "__Host-waymark"},
		{"", "http://localhost:8080/", "waymark"},
	} {
		e := &Entrance{URL: c.url}
		w := httptest.NewRecorder()
		e.Begin(w, httptest.NewRequest("POST", c.address, nil), "secret")
		set := w.Result().Cookies()
		if len(set) != 1 {
			t.Fatalf("%d cookies", len(set))
		}
		got := set[0]
		if got.Name != c.name || got.Secure != strings.HasPrefix(c.name, "__Host-") || !got.HttpOnly || got.SameSite != http.SameSiteLaxMode || got.Path != "/" || got.Domain != "" {
			t.Errorf("%s %s: %s", c.url, c.address, got)
		}
	}
}

// TestAdmit: what is one person's is kept by no cache, what is the same for
// everyone is, and an answer that takes a cookie away reaches one browser only.
func TestAdmit(t *testing.T) {
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "library.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	porter := access.Open(st.Access().Kept(), nil)
	person, err := porter.Add(t.Context(), access.Person{Address: "a@example.org", Role: library.Curator})
	if err != nil {
		t.Fatal(err)
	}
	session, err := porter.Begin(t.Context(), person, "link")
	if err != nil {
		t.Fatal(err)
	}
	const public, page = "public, max-age=60", "no-cache"
	e := &Entrance{Porter: porter}
	var seen library.Viewer
	handler, err := e.Admit(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = Viewer(r)
		w.Header().Set("Cache-Control", r.URL.Query().Get("as"))
		w.Write([]byte("x"))
	}), func(w http.ResponseWriter, r *http.Request, err error) { w.WriteHeader(Status(err)) })
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, path, cookie, as, want string
		role                         library.Role
	}{
		{"nobody", "/", "", page, page, library.Reader},
		{"nobody, for everyone", "/", "", public, public, library.Reader},
		{"a person", "/", session, page, "private, no-store", library.Curator},
		{"a person, kept for long", "/", session, "private, max-age=60", "private, no-store", library.Curator},
		{"a person, unsaid", "/", session, "", "private, no-store", library.Curator},
		{"a person, for everyone", "/", session, public, public, library.Curator},
		{"an asset", "/assets/x", session, public, public, library.Reader},
		{"an old cookie", "/", "old", page, "private, no-store", library.Reader},
		{"an old cookie, for everyone", "/", "old", public, "private, no-store", library.Reader},
	} {
		r := httptest.NewRequest("GET", c.path, nil)
		r.URL.RawQuery = "as=" + strings.ReplaceAll(c.as, " ", "+")
		if c.cookie != "" {
			r.AddCookie(&http.Cookie{Name: "waymark", Value: c.cookie})
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if got := w.Result().Header.Get("Cache-Control"); got != c.want || seen.Role != c.role {
			t.Errorf("%s: %q for a %s", c.name, got, seen.Role)
		}
	}
}
