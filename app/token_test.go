package app

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"waymark/access"
	"waymark/library"
)

var tokenIn = regexp.MustCompile(`waymark_[A-Z2-7]{26}`)

// TestTokenOfPage: a token is made on the person's page, shown once, lets a
// program see what the person sees, and opens no page of their account.
func TestTokenOfPage(t *testing.T) {
	h, site := demoSite(t)
	ids := hidden(t, h)
	person(t, h, access.Person{Address: adminAddress, Role: library.Curator, Audiences: []library.Audience{"staff"}})
	v := visit(t, site).signIn(adminAddress)
	for name, form := range map[string]url.Values{
		"more than a person may":  {"name": {"x"}, "scope": {"root"}, "days": {"9"}},
		"without an end":          {"name": {"x"}, "scope": {"read"}, "days": {"0"}},
		"with an end far away":    {"name": {"x"}, "scope": {"read"}, "days": {"4000"}},
		"with an end beyond time": {"name": {"x"}, "scope": {"read"}, "days": {"999999999999999999999"}},
		"without a name":          {"name": {" "}, "scope": {"read"}, "days": {"9"}},
	} {
		if res, body := v.ask("/en/account/tokens", form); res.StatusCode != 400 || tokenIn.MatchString(body) {
			t.Errorf("a token %s: %d", name, res.StatusCode)
		}
	}
	_, body := v.ask("/en/account/tokens", url.Values{"name": {"<b>feed</b>"}, "scope": {"read"}, "days": {"30"}})
	secret := tokenIn.FindString(body)
	if secret == "" || !strings.Contains(body, "&lt;b&gt;feed") {
		t.Fatalf("no token is shown\n%.800s", body)
	}
	if _, body = v.ask("/en/account", nil); strings.Contains(body, secret) {
		t.Error("the secret is shown again")
	}
	program := visit(t, site)
	public, seen := 0, 0
	for _, id := range ids { // one is a draft for everyone, one is for staff
		res, _ := program.ask("/en/r/"+string(id), nil, "Authorization", "Bearer "+secret)
		if res.StatusCode == 200 {
			seen++
		}
		if got := res.Header.Get("Cache-Control"); res.StatusCode == 200 && got != "private, no-store" {
			t.Errorf("what a program is told is kept by caches: %q", got)
		}
		if res, _ = program.ask("/en/r/"+string(id), nil); res.StatusCode == 200 {
			public++
		}
	}
	if seen != 1 || public != 0 {
		t.Errorf("a program that reads sees %d of the hidden records, nobody %d", seen, public)
	}
	if res, _ := program.ask("/en/account", nil, "Authorization", "bearer "+secret); res.StatusCode != 303 {
		t.Errorf("a program comes into the account: %d", res.StatusCode)
	}
	if program.cookie("waymark") != "" {
		t.Error("a program is given a session")
	}
	for name, header := range map[string]string{"made up": "Bearer waymark_AAAAAAAAAAAAAAAAAAAAAAAAAA", "empty": "Bearer ", "of a session": "Bearer " + v.cookie("waymark")} {
		if res, _ := program.ask("/en/", nil, "Authorization", header); res.StatusCode != 401 || !strings.Contains(res.Header.Get("WWW-Authenticate"), "invalid_token") {
			t.Errorf("a token that is %s: %d", name, res.StatusCode)
		}
	}
	action := regexp.MustCompile(`/en/account/tokens/\w+`).FindString(body)
	other := visit(t, site)
	person(t, h, access.Person{Address: "other@example.org"})
	if res, _ := other.signIn("other@example.org").ask(action, url.Values{}); res.StatusCode != 404 {
		t.Errorf("somebody else removes the token: %d", res.StatusCode)
	}
	if res, _ := v.ask(action, url.Values{}); res.StatusCode != 303 {
		t.Errorf("removing answers %d", res.StatusCode)
	}
	if res, _ := program.ask("/en/", nil, "Authorization", "Bearer "+secret); res.StatusCode != 401 {
		t.Errorf("a token that was removed answers %d", res.StatusCode)
	}
}

// TestUserAndToken goes the way of the terminal.
func TestUserAndToken(t *testing.T) {
	data := t.TempDir()
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte(testPassword+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"user"}, exitWell, "Nobody may sign in yet"},
		{[]string{"user", "add", adminAddress, "--name", "Amina", "--role", "administrator", "--password-file", password}, exitWell, "may sign in as administrator"},
		{[]string{"user", "add", adminAddress}, exitFailed, "there already|there is somebody"},
		{[]string{"user", "add", "b@example.org", "--role", "god"}, exitFailed, "choose from"},
		{[]string{"user", "add", "b@example.org", "--topic", "cooking"}, exitFailed, "no topic"},
		{[]string{"user", "add", "b@example.org", "--role", "curator", "--audience", "staff,partners", "--country", "Sudan"}, exitWell, "/sign-in/link?key="},
		{[]string{"user", "list"}, exitWell, "b@example.org (curator) sees [partners staff] only [SD]"},
		{[]string{"user", "role", "b@example.org", "reader"}, exitWell, "is reader"},
		{[]string{"user", "list"}, exitWell, "b@example.org (reader)\n"},
		{[]string{"user", "link", "c@example.org"}, exitFailed, "nobody with the address"},
		{[]string{"user", "disable", "b@example.org"}, exitWell, "kept out"},
		{[]string{"user", "list"}, exitWell, "(reader), kept out"},
		{[]string{"user", "enable", "b@example.org"}, exitWell, "again"},
		{[]string{"user", "password", "b@example.org", "--password-file", password}, exitWell, "new password"},
		{[]string{"token", "add", "b@example.org", "feed", "--days", "900"}, exitFailed, "within a year"},
		{[]string{"token", "add", "b@example.org", "feed", "--scope", "read"}, exitWell, "waymark_"},
		{[]string{"token", "list"}, exitWell, `b@example.org [read] "feed"`},
		{[]string{"token", "remove", "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, exitFailed, "no token"},
		{[]string{"user", "remove", "b@example.org"}, exitWell, "forgotten"},
		{[]string{"user", "list"}, exitWell, "amina@example.org (administrator) Amina\n"},
	} {
		code, out, errs := waymark(t, data, c.args...)
		ok := false
		for _, w := range strings.Split(c.want, "|") {
			ok = ok || strings.Contains(out+errs, w)
		}
		if code != c.code || !ok || strings.Contains(out+errs, testPassword) {
			t.Errorf("waymark %s: %d\n%s%s", strings.Join(c.args, " "), code, out, errs)
		}
	}
	h, site := siteOf(t, data, false)
	visit(t, site).signIn(adminAddress)
	p, err := h.porter.Find(t.Context(), adminAddress)
	if err != nil || p.SignedIn.IsZero() || time.Since(p.SignedIn) > time.Hour {
		t.Errorf("the sign-in is noted as %v, %v", p.SignedIn, err)
	}
}
