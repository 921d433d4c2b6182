package app

import (
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/mail"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"waymark/access"
	"waymark/library"
)

// entrance opens the whole program as its settings have it, under the address
// that it is given, which stands in the settings too.
func entrance(t *testing.T, set func(*Config)) (*house, string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	cfg := &Config{Data: t.TempDir(), URL: "http://localhost:" + port}
	set(cfg)
	h, err := cfg.openSearch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if h.close(&err); err != nil {
			t.Error(err)
		}
	})
	if server.Config.Handler, err = h.site(cfg.URL, false); err != nil {
		t.Fatal(err)
	}
	server.Start()
	t.Cleanup(server.Close)
	return h, cfg.URL
}

// mailbox is a real mail server that keeps what it is brought.
type mailbox struct{ letters chan string }

func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return m, nil }
func (m *mailbox) Reset()                                      {}
func (m *mailbox) Logout() error                               { return nil }
func (m *mailbox) Mail(string, *smtp.MailOptions) error        { return nil }
func (m *mailbox) Rcpt(string, *smtp.RcptOptions) error        { return nil }
func (m *mailbox) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	m.letters <- string(b)
	return err
}

func openMailbox(t *testing.T) (*mailbox, string) {
	t.Helper()
	m := &mailbox{make(chan string, 10)}
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(m)
	s.Domain = "localhost"
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return m, "smtp://localhost:" + port
}

var linkIn = regexp.MustCompile(`http://\S+/sign-in/link\?key=(\w+)`)

// read gives recipient, subject and link of the next letter.
func (m *mailbox) read(t *testing.T) (to, subject, link string) {
	t.Helper()
	var raw string
	select {
	case raw = <-m.letters:
	case <-time.After(20 * time.Second):
		t.Fatal("no letter came")
	}
	letter, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(letter.Body))
	if err != nil {
		t.Fatal(err)
	}
	subject, err = new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	return letter.Header.Get("To"), subject, linkIn.FindString(string(body))
}

// TestSignInByLink: a link comes by a real mail server, waits for its button,
// and signs in once.
func TestSignInByLink(t *testing.T) {
	box, smtp := openMailbox(t)
	h, site := entrance(t, func(c *Config) {
		c.SMTP, c.MailFrom = smtp, "Waymark <library@example.org>"
		c.SignIn.Rules = []ruleTable{{Domain: "iom.int", Audiences: []string{"staff"}}}
	})
	now := time.Now()
	h.porter.Now = func() time.Time { return now }
	person(t, h, access.Person{Address: adminAddress, Role: library.Curator})
	gone := person(t, h, access.Person{Address: "gone@iom.int"})
	if _, err := h.porter.Disable(t.Context(), gone, true); err != nil {
		t.Fatal(err)
	}
	v := visit(t, site)
	var answers []string
	for _, address := range []string{"nobody@example.org", gone.Address, "'; --", adminAddress} {
		res, body := v.ask("/en/sign-in/letter", url.Values{"address": {address}, "back": {"/en/about"}})
		if res.StatusCode != 200 || len(res.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s: %d", address, res.StatusCode)
		}
		answers = append(answers, body)
	}
	for _, a := range answers {
		if a != answers[0] || !strings.Contains(a, "is on its way") {
			t.Errorf("two addresses are answered differently:\n%s", a)
		}
	}
	h.porter.Finish()
	to, subject, link := box.read(t)
	if to != "<"+adminAddress+">" || subject != "Your link to sign in to Waymark" || !strings.HasPrefix(link, site+"/en/sign-in/link?key=") {
		t.Errorf("the letter goes to %s about %q with %q", to, subject, link)
	}
	if n := len(box.letters); n > 0 {
		t.Errorf("%d letters went to others", n)
	}
	key := url.Values{"key": {linkIn.FindStringSubmatch(link)[1]}}
	for range 3 { // a mail program looks at it
		if res, body := visit(t, site).ask(link, nil); res.StatusCode != 200 || !strings.Contains(body, "Sign in as "+adminAddress) || res.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("the link answers %d\n%.300s", res.StatusCode, body)
		}
	}
	if res, _ := v.ask("/en/sign-in/link", key, "Sec-Fetch-Site", "cross-site"); res.StatusCode != 403 {
		t.Errorf("another site presses the button: %d", res.StatusCode)
	}
	res, _ := v.ask("/en/sign-in/link", key)
	if res.StatusCode != 303 || res.Header.Get("Location") != "/en/about" || v.cookie("waymark") == "" {
		t.Errorf("the button answers %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	for name, answer := range map[string]func() (int, string){
		"used twice":      func() (int, string) { r, b := visit(t, site).ask("/en/sign-in/link", key); return r.StatusCode, b },
		"looked at after": func() (int, string) { r, b := visit(t, site).ask(link, nil); return r.StatusCode, b },
		"made up": func() (int, string) {
			r, b := visit(t, site).ask("/en/sign-in/link", url.Values{"key": {"x"}})
			return r.StatusCode, b
		},
	} {
		if status, body := answer(); status != 403 || !strings.Contains(body, "used already, or is older") {
			t.Errorf("a link %s: %d", name, status)
		}
	}
	// Whom a rule names comes in for the first time, in their own language.
	visit(t, site).ask("/ar/sign-in/letter", url.Values{"address": {"New@IOM.int"}, "back": {"//evil.example"}})
	to, subject, link = box.read(t)
	if to != "<new@iom.int>" || !strings.Contains(subject, "رابطك") {
		t.Errorf("the letter goes to %s about %q", to, subject)
	}
	v = visit(t, site)
	if res, _ := v.ask("/ar/sign-in/link", url.Values{"key": {linkIn.FindStringSubmatch(link)[1]}}); res.Header.Get("Location") != "/ar/account" {
		t.Errorf("leads to %q", res.Header.Get("Location"))
	}
	if p, err := h.porter.Find(t.Context(), "new@iom.int"); err != nil || p.Role != library.Reader {
		t.Errorf("added is %+v, %v", p, err)
	}
	if _, body := v.ask("/en/account", nil); !strings.Contains(body, "staff") {
		t.Error("the rule gives the new person nothing")
	}
	visit(t, site).ask("/en/sign-in/letter", url.Values{"address": {adminAddress}})
	_, _, late := box.read(t)
	now = now.Add(access.PendingLasts)
	if res, _ := visit(t, site).ask(late, nil); res.StatusCode != 403 {
		t.Errorf("a link of 15 minutes ago answers %d", res.StatusCode)
	}
	for range 4 {
		res, _ = visit(t, site).ask("/en/sign-in/letter", url.Values{"address": {"new@iom.int"}})
	}
	if res.StatusCode != 429 {
		t.Errorf("a mailbox can be filled: %d", res.StatusCode)
	}
}

// TestSettingsOfSignIn: what cannot be is refused when the program starts, and
// no message repeats a secret.
func TestSettingsOfSignIn(t *testing.T) {
	for name, c := range map[string]struct {
		set  func(*Config)
		want string
	}{
		"letters without an address": {func(c *Config) { c.URL, c.SMTP, c.MailFrom = "", "smtp://localhost", "a@b.example" }, "set url"},
		"a password in the address":  {func(c *Config) { c.SMTP, c.MailFrom = "smtp://u:hunter2@localhost", "a@b.example" }, "must not stand"},
		"a rule for nobody":          {func(c *Config) { c.SignIn.Rules = []ruleTable{{Audiences: []string{"staff"}}} }, "rule 1"},
		"a network that is none":     {func(c *Config) { c.Proxies = "10.0.0.0/8, proxy" }, "no network"},
	} {
		cfg := &Config{Data: t.TempDir(), URL: "https://library.example.org"}
		c.set(cfg)
		h, err := cfg.open(t.Context())
		if err == nil {
			h.close(&err)
			t.Errorf("%s is taken", name)
			continue
		}
		if !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTablesOfSettings: the settings file names providers and rules, a
// misspelt key is refused, and secrets come from elsewhere.
func TestTablesOfSettings(t *testing.T) {
	t.Setenv("WAYMARK_SECRET_HUB", "hunter2")
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		name, file string
		code       int
		want       string
	}{
		{"a rule", "[[rule]]\ndomain = \"iom.int\"\naudiences = [\"staff\"]\n", exitWell, "rule              \"iom.int\""},
		{"a provider", "url = \"https://library.example.org\"\n[[provider]]\nname = \"hub\"\nissuer = \"https://hub.example\"\nclient = \"w\"\ndomains = [\"iom.int\"]\n", exitWell, "provider          \"hub\""},
		{"a word, a switch", "listen = \"localhost:9\"\nprivate-addresses = true\n", exitWell, "listen            \"localhost:9\"            from waymark.toml\nprivate-addresses \"true\" "},
		{"no TOML", "listen = ", exitFailed, "read waymark.toml"},
		{"a misspelt key", "[[rule]]\ndomian = \"iom.int\"\n", exitFailed, "domian"},
		{"a misspelt table", "[[rules]]\ndomain = \"iom.int\"\n", exitFailed, "rules"},
		{"a secret in the file", "[[provider]]\nname = \"hub\"\nsecret = \"hunter2\"\n", exitFailed, `has no "secret"`},
	} {
		if err := os.WriteFile(settingsName, []byte(c.file), 0o644); err != nil {
			t.Fatal(err)
		}
		code, out, errs := waymark(t, t.TempDir(), "config")
		if code != c.code || !strings.Contains(out+errs, c.want) || strings.Contains(out+errs, "hunter2") {
			t.Errorf("%s: %d\n%s%s", c.name, code, out, errs)
		}
	}
	for name, c := range map[string]struct{ file, want string }{
		"no https":       {"url = \"https://x.example\"\n[[provider]]\nname = \"hub\"\nissuer = \"http://hub.example\"\nclient = \"w\"\n", "no https address"},
		"no url":         {"[[provider]]\nname = \"hub\"\nissuer = \"https://hub.example\"\nclient = \"w\"\n", "set url"},
		"the same twice": {"url = \"https://x.example\"\n" + strings.Repeat("[[provider]]\nname = \"hub\"\nissuer = \"https://hub.example\"\nclient = \"w\"\n", 2), "another's"},
		"a rule":         {"[[rule]]\ndomain = \"iom.int\"\naudiences = [\"A B\"]\n", "rule 1"},
	} {
		if err := os.WriteFile(settingsName, []byte(c.file), 0o644); err != nil {
			t.Fatal(err)
		}
		if code, out, errs := waymark(t, t.TempDir(), "user", "list"); code != exitFailed || !strings.Contains(errs, c.want) {
			t.Errorf("%s: %d\n%s%s", name, code, out, errs)
		}
	}
}
