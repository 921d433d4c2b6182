package app

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"waymark/access"
	"waymark/library"
)

const (
	testPassword = "correct horse battery"
	adminAddress = "amina@example.org"
)

// person adds somebody who may sign in with testPassword.
func person(t testing.TB, h *house, p access.Person) access.Person {
	t.Helper()
	p, err := h.porter.Add(t.Context(), p)
	if err == nil {
		p, err = h.porter.SetPassword(t.Context(), p, testPassword)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// visitor is a browser of the tests: it keeps cookies and follows no redirect.
type visitor struct {
	t    testing.TB
	site string
	http *http.Client
}

func visit(t testing.TB, site string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := client()
	c.Jar = jar
	return &visitor{t, site, c}
}

// ask sends a request; a form makes it a POST. Headers are given in pairs.
func (v *visitor) ask(path string, form url.Values, headers ...string) (*http.Response, string) {
	v.t.Helper()
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	if !strings.HasPrefix(path, "http") {
		path = v.site + path
	}
	req, err := http.NewRequestWithContext(v.t.Context(), method, path, body)
	if err != nil {
		v.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Accept-Language", "en")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := v.http.Do(req)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return res, string(b)
}

// cookie gives the visitor's cookie for the site.
func (v *visitor) cookie(name string) string {
	u, err := url.Parse(v.site)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, c := range v.http.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// signIn signs the visitor in by password.
func (v *visitor) signIn(address string) *visitor {
	v.t.Helper()
	res, body := v.ask("/en/sign-in", url.Values{"address": {address}, "password": {testPassword}})
	if res.StatusCode != http.StatusSeeOther || v.cookie("waymark") == "" {
		v.t.Fatalf("sign-in answers %d\n%.400s", res.StatusCode, body)
	}
	return v
}

// TestSignInByPassword: the whole way of a person with a password, and of
// those who have none.
func TestSignInByPassword(t *testing.T) {
	h, site := demoSite(t)
	amina := person(t, h, access.Person{Address: adminAddress, Name: "Amina", Role: library.Administrator})
	gone := person(t, h, access.Person{Address: "gone@example.org"})
	if _, err := h.porter.Disable(t.Context(), gone, true); err != nil {
		t.Fatal(err)
	}
	none, err := h.porter.Add(t.Context(), access.Person{Address: "none@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	var answers []string
	for _, c := range []struct {
		name, address, password, back string
		status                        int
		to                            string
	}{
		{"the right password", adminAddress, testPassword, "", 303, "/en/account"},
		{"written otherwise", " Amina@Example.ORG ", testPassword, "/en/about?x=1", 303, "/en/about?x=1"},
		{"to another site", adminAddress, testPassword, "https://evil.example/", 303, "/en/account"},
		{"to another site, without a scheme", adminAddress, testPassword, "//evil.example/", 303, "/en/account"},
		{"to another site, as browsers read it", adminAddress, testPassword, `/\evil.example/`, 303, "/en/account"},
		{"to another site, behind a tab", adminAddress, testPassword, "/\t/evil.example/", 303, "/en/account"},
		{"a wrong password", adminAddress, "correct horse batterY", "", 403, ""},
		{"no password", adminAddress, "", "", 403, ""},
		{"nobody", "nobody@example.org", testPassword, "", 403, ""},
		{"no address", "'; --", testPassword, "", 403, ""},
		{"one who is kept out", gone.Address, testPassword, "", 403, ""},
		{"one without a password", none.Address, "", "", 403, ""},
	} {
		v := visit(t, site)
		res, body := v.ask("/en/sign-in", url.Values{"address": {c.address}, "password": {c.password}, "back": {c.back}})
		if res.StatusCode != c.status || res.Header.Get("Location") != c.to {
			t.Errorf("%s: %d to %q", c.name, res.StatusCode, res.Header.Get("Location"))
		}
		if (v.cookie("waymark") != "") != (c.status == 303) {
			t.Errorf("%s: the cookie is %q", c.name, v.cookie("waymark"))
		}
		if c.status != 303 {
			answers = append(answers, strings.ReplaceAll(body, strings.ReplaceAll(strings.TrimSpace(c.address), "'", "&#39;"), ""))
		}
	}
	for _, a := range answers {
		if a != answers[0] || !strings.Contains(a, "did not sign you in") {
			t.Errorf("two who may not come in are answered differently:\n%s", a)
		}
	}
	v := visit(t, site).signIn(adminAddress)
	res, body := v.ask("/en/account", nil)
	for _, want := range []string{"Amina", "Administrator", amina.Address, "here"} {
		if !strings.Contains(body, want) {
			t.Errorf("the account lacks %q", want)
		}
	}
	if got := res.Header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("a page for one person is kept by caches: %q", got)
	}
	if _, body = v.ask("/en/", nil); !strings.Contains(body, "Signed in as Amina") {
		t.Error("other pages do not know the person")
	}
	if res, _ = v.ask("/assets/style.css", nil); res.StatusCode != 200 && res.StatusCode != 404 {
		t.Errorf("assets answer %d", res.StatusCode)
	}
	if res, _ = v.ask("/en/sign-out", url.Values{}); res.StatusCode != 303 || v.cookie("waymark") != "" {
		t.Errorf("sign-out answers %d and leaves %q", res.StatusCode, v.cookie("waymark"))
	}
	if res, _ = v.ask("/en/account", nil); res.Header.Get("Location") != "/en/sign-in?back=%2Fen%2Faccount" {
		t.Errorf("the account of nobody leads to %q", res.Header.Get("Location"))
	}
}

// TestReadersGetNoCookie: no page sets a cookie, and each may be kept as before.
func TestReadersGetNoCookie(t *testing.T) {
	_, site := demoSite(t)
	v := visit(t, site)
	for _, path := range []string{"/", "/en/", "/en/search?q=law", "/en/r/" + palermo, "/en/sign-in", "/en/account", "/robots.txt"} {
		res, _ := v.ask(path, nil)
		if c := res.Header.Values("Set-Cookie"); len(c) > 0 {
			t.Errorf("%s sets %q", path, c)
		}
		if got := res.Header.Get("Cache-Control"); strings.Contains(got, "no-store") || strings.Contains(got, "private") {
			t.Errorf("%s may not be kept: %q", path, got)
		}
	}
}

// TestSessions: a secret that was planted is worth nothing, a new one is made
// at each sign-in, and all can be ended at once.
func TestSessions(t *testing.T) {
	h, site := demoSite(t)
	person(t, h, access.Person{Address: adminAddress, Role: library.Administrator})
	v := visit(t, site)
	u, _ := url.Parse(site)
	v.http.Jar.SetCookies(u, []*http.Cookie{{Name: "waymark", Value: "PLANTED", Path: "/"}})
	v.signIn(adminAddress)
	first := v.cookie("waymark")
	if first == "PLANTED" {
		t.Fatal("the session has a secret that somebody else has chosen")
	}
	if second := v.signIn(adminAddress).cookie("waymark"); second == first {
		t.Error("the secret is not made anew at sign-in")
	}
	old := visit(t, site)
	old.http.Jar.SetCookies(u, []*http.Cookie{{Name: "waymark", Value: first, Path: "/"}})
	if res, _ := old.ask("/en/account", nil); res.StatusCode != 303 {
		t.Errorf("the session before still answers %d", res.StatusCode)
	}
	if old.cookie("waymark") != "" {
		t.Error("a cookie that is worth nothing is left with the browser")
	}
	other := visit(t, site).signIn(adminAddress)
	if res, _ := v.ask("/en/account/sessions", url.Values{}); res.StatusCode != 303 {
		t.Errorf("ending all answers %d", res.StatusCode)
	}
	if res, _ := other.ask("/en/account", nil); res.StatusCode != 303 {
		t.Errorf("another browser is still signed in: %d", res.StatusCode)
	}
	v.signIn(adminAddress)
	if _, err := h.porter.Disable(t.Context(), current(t, h), true); err != nil {
		t.Fatal(err)
	}
	if res, _ := v.ask("/en/account", nil); res.StatusCode != 303 {
		t.Errorf("one who is kept out is still in: %d", res.StatusCode)
	}
}

// TestForgery: what a page of another site has the browser send is refused.
func TestForgery(t *testing.T) {
	h, site := demoSite(t)
	person(t, h, access.Person{Address: adminAddress, Role: library.Administrator})
	v := visit(t, site).signIn(adminAddress)
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
		if res, body := v.ask("/en/account/sessions", url.Values{}, headers...); res.StatusCode != 403 || !strings.Contains(body, "<html") {
			t.Errorf("%v: %d", headers, res.StatusCode)
		}
	}
	for _, headers := range [][]string{{"Sec-Fetch-Site", "same-origin"}, {"Origin", site}} {
		if res, _ := v.signIn(adminAddress).ask("/en/account/sessions", url.Values{}, headers...); res.StatusCode != 303 {
			t.Errorf("%v: %d", headers, res.StatusCode)
		}
	}
	if res, _ := v.signIn(adminAddress).ask("/en/account/sessions", nil); res.StatusCode == 303 {
		t.Error("a link can end the sessions")
	}
}

// TestTooManyAttempts: one account, and one address, are tried only so often.
func TestTooManyAttempts(t *testing.T) {
	h, site := demoSite(t)
	person(t, h, access.Person{Address: adminAddress})
	status := 0
	for i := range 12 {
		res, _ := visit(t, site).ask("/en/sign-in", url.Values{"address": {adminAddress}, "password": {"x"}})
		if status = res.StatusCode; status == http.StatusTooManyRequests {
			if i != 10 || res.Header.Get("Retry-After") == "" {
				t.Errorf("attempt %d is the first that is refused", i+1)
			}
			break
		}
	}
	if status != http.StatusTooManyRequests {
		t.Errorf("the last of twelve attempts answers %d", status)
	}
	if res, _ := visit(t, site).ask("/en/sign-in", url.Values{"address": {adminAddress}, "password": {testPassword}}); res.StatusCode != 429 {
		t.Errorf("the right password gets past the limit: %d", res.StatusCode)
	}
	if res, _ := visit(t, site).ask("/en/sign-in", url.Values{"address": {"other@example.org"}, "password": {"x"}}); res.StatusCode != 403 {
		t.Errorf("another account is refused too: %d", res.StatusCode)
	}
}
