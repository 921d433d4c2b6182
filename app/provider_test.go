package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"waymark/access"
	"waymark/library"
)

// impostor is a person of the provider of whom it says what twist makes of it.
type impostor struct {
	mockoidc.MockUser
	twist func(*mockoidc.IDTokenClaims)
}

func (i *impostor) Claims(scope []string, c *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	if i.twist != nil {
		i.twist(c)
	}
	return i.MockUser.Claims(scope, c)
}

// hub runs a real identity provider.
func hub(t *testing.T) *mockoidc.MockOIDC {
	t.Helper()
	m, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Shutdown(); err != nil {
			t.Error(err)
		}
	})
	return m
}

func providerOf(m *mockoidc.MockOIDC, name string) providerTable {
	return providerTable{Name: name, Label: "The Hub", Issuer: m.Issuer(), Client: m.ClientID, Scopes: []string{"groups"}, Groups: "groups"}
}

// away goes to a provider and gives the address that it sends the browser back to.
func (v *visitor) away(name string) string {
	v.t.Helper()
	res, _ := v.ask("/en/sign-in/with/"+name+"?back=/en/about", nil)
	if res.StatusCode != 303 {
		v.t.Fatalf("the way to %s answers %d", name, res.StatusCode)
	}
	to, err := url.Parse(res.Header.Get("Location"))
	if err != nil {
		v.t.Fatal(err)
	}
	q := to.Query()
	if q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) < 40 || len(q.Get("state")) < 20 || len(q.Get("nonce")) < 20 {
		v.t.Errorf("the provider is asked with %s", to)
	}
	res, _ = v.ask(to.String(), nil)
	return res.Header.Get("Location")
}

// TestSignInByProvider goes the whole way by a real provider.
func TestSignInByProvider(t *testing.T) {
	m, other := hub(t), hub(t)
	t.Setenv("WAYMARK_SECRET_HUB", m.ClientSecret)
	t.Setenv("WAYMARK_SECRET_UNI", other.ClientSecret)
	h, site := entrance(t, func(c *Config) {
		uni := providerOf(other, "uni")
		uni.Domains = []string{"uni.example"}
		c.SignIn.Providers = []providerTable{providerOf(m, "hub"), uni}
		c.SignIn.Rules = []ruleTable{{Domain: "iom.int", Audiences: []string{"staff"}}, {Group: "partners", Provider: "hub", Audiences: []string{"partners"}}, {Domain: "uni.example", Audiences: []string{"staff"}}}
	})
	person(t, h, access.Person{Address: adminAddress, Role: library.Administrator})
	if _, body := visit(t, site).ask("/en/sign-in?back=/en/about", nil); strings.Count(body, "Sign in with The Hub") != 2 || !strings.Contains(body, "/en/sign-in/with/hub?back=%2Fen%2Fabout") {
		t.Error("the sign-in page does not offer the providers")
	}
	user := func(subject, address string, groups ...string) mockoidc.MockUser {
		return mockoidc.MockUser{Subject: subject, Email: address, EmailVerified: true, Groups: groups}
	}
	unverified := user("5", adminAddress)
	unverified.EmailVerified = false // left out of what it says
	for _, c := range []struct {
		name     string
		provider *mockoidc.MockOIDC
		by       string
		user     mockoidc.MockUser
		twist    func(*mockoidc.IDTokenClaims)
		status   int
		sees     []library.Audience
		address  string
	}{
		{name: "by the domain", user: user("1", "A@iom.int"), status: 303, sees: []library.Audience{"staff"}, address: "a@iom.int"},
		{name: "again, with a group", user: user("1", "a@iom.int", "x", "partners"), status: 303, sees: []library.Audience{"partners", "staff"}, address: "a@iom.int"},
		{name: "again, without it", user: user("1", "a@iom.int"), status: 303, sees: []library.Audience{"staff"}, address: "a@iom.int"},
		{name: "under a new address", user: user("1", "a@left.example"), status: 303, address: "a@left.example"},
		{name: "the same person again", user: user("1", "a@iom.int"), status: 303, sees: []library.Audience{"staff"}, address: "a@iom.int"},
		{name: "a new person under the address of another", user: user("2", "a@iom.int"), status: 403},
		{name: "under the address of somebody else", user: user("1", adminAddress), status: 403},
		{name: "by a group alone", user: user("3", "b@ngo.example", "partners"), status: 303, sees: []library.Audience{"partners"}, address: "b@ngo.example"},
		{name: "one for whom nothing is here", user: user("4", "c@ngo.example"), status: 403},
		{name: "an address that nobody has verified", user: unverified, status: 403},
		{name: "one who has an account", user: user("6", adminAddress), status: 303, address: adminAddress},
		{name: "no address", user: user("7", ""), status: 403},
		{name: "a provider that speaks beyond its domain", provider: other, by: "uni", user: user("1", adminAddress), status: 403},
		{name: "a provider within its domain", provider: other, by: "uni", user: user("1", "d@uni.example", "partners"), status: 303, sees: []library.Audience{"staff"}, address: "d@uni.example"},
		{name: "an answer to another question", user: user("1", "a@iom.int"), twist: func(c *mockoidc.IDTokenClaims) { c.Nonce = "x" }, status: 502},
		{name: "an answer to nobody's question", user: user("1", "a@iom.int"), twist: func(c *mockoidc.IDTokenClaims) { c.Nonce = "" }, status: 502},
		{name: "an answer for somebody else", user: user("1", "a@iom.int"), twist: func(c *mockoidc.IDTokenClaims) { c.Audience = jwt.ClaimStrings{"other"} }, status: 502},
		{name: "an answer of another provider", user: user("1", "a@iom.int"), twist: func(c *mockoidc.IDTokenClaims) { c.Issuer = other.Issuer() }, status: 502},
		{name: "an old answer", user: user("1", "a@iom.int"), twist: func(c *mockoidc.IDTokenClaims) {
			c.ExpiresAt = jwt.NewNumericDate(time.Now().Add(-time.Hour))
		}, status: 502},
	} {
		if c.provider == nil {
			c.provider, c.by = m, "hub"
		}
		c.provider.QueueUser(&impostor{c.user, c.twist})
		v := visit(t, site)
		res, body := v.ask(v.away(c.by), nil)
		if res.StatusCode != c.status || (v.cookie("waymark") != "") != (c.status == 303) || v.cookie("waymark-asked") != "" {
			t.Errorf("%s: %d\n%.100s", c.name, res.StatusCode, body)
			continue
		}
		if c.status != 303 {
			continue
		}
		if to := res.Header.Get("Location"); to != "/en/about" {
			t.Errorf("%s: leads to %s", c.name, to)
		}
		caller, err := h.porter.Resume(t.Context(), v.cookie("waymark"))
		if err != nil || caller.Person.Address != c.address {
			t.Errorf("%s: is %s, %v", c.name, caller.Person.Address, err)
		}
		for _, a := range []library.Audience{"staff", "partners"} {
			if got := caller.Viewer.Sees(library.Published, a); got != strings.Contains(join(c.sees), string(a)) {
				t.Errorf("%s: sees %s: %v", c.name, a, got)
			}
		}
	}
}

func join(list []library.Audience) string {
	var b strings.Builder
	for _, a := range list {
		b.WriteString(string(a) + " ")
	}
	return b.String()
}

// TestProviderAnswers: an answer is good once, for the browser that asked.
func TestProviderAnswers(t *testing.T) {
	m := hub(t)
	t.Setenv("WAYMARK_SECRET_HUB", m.ClientSecret)
	h, site := entrance(t, func(c *Config) {
		down := providerOf(m, "down")
		down.Issuer = "http://localhost:1"
		c.SignIn.Providers = []providerTable{providerOf(m, "hub"), down}
		c.SignIn.Rules = []ruleTable{{Domain: "iom.int", Audiences: []string{"staff"}}}
	})
	set := func() {
		m.QueueUser(&mockoidc.MockUser{Subject: "1", Email: "a@iom.int", EmailVerified: true})
	}
	fails := func(what string, res *http.Response) {
		t.Helper()
		if res.StatusCode != http.StatusBadGateway {
			t.Errorf("%s: %d", what, res.StatusCode)
		}
	}
	v := visit(t, site)
	set()
	back := v.away("hub")
	res, _ := visit(t, site).ask(back, nil)
	fails("an answer in another browser", res)
	if res, _ = v.ask(back, nil); res.StatusCode != 303 {
		t.Errorf("the right browser: %d", res.StatusCode)
	}
	res, _ = v.ask(back, nil)
	fails("an answer a second time", res)
	for what, twist := range map[string]func(url.Values){
		"another state":    func(q url.Values) { q.Set("state", "x") },
		"no state":         func(q url.Values) { q.Del("state") },
		"another code":     func(q url.Values) { q.Set("code", "x") },
		"a refusal":        func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") },
		"another provider": func(q url.Values) { q.Set("iss", "https://evil.example") },
	} {
		v := visit(t, site)
		set()
		to, _ := url.Parse(v.away("hub"))
		q := to.Query()
		twist(q)
		to.RawQuery = q.Encode()
		res, _ := v.ask(to.String(), nil)
		fails(what, res)
	}
	v = visit(t, site)
	set()
	back = v.away("hub")
	now := time.Now()
	h.porter.Now = func() time.Time { return now.Add(access.PendingLasts) }
	res, _ = v.ask(back, nil)
	fails("an answer too late", res)
	res, body := visit(t, site).ask("/en/sign-in/with/down", nil)
	fails("a provider that is down", res)
	if !strings.Contains(body, "With a password") {
		t.Error("a provider that is down leaves no other way in")
	}
	if res, _ = v.ask("/en/sign-in/with/none", nil); res.StatusCode != 404 {
		t.Errorf("a provider that is none: %d", res.StatusCode)
	}
}

// TestRuleOfProvider: the page of rules takes the provider of a group.
func TestRuleOfProvider(t *testing.T) {
	m := hub(t)
	t.Setenv("WAYMARK_SECRET_HUB", m.ClientSecret)
	h, site := entrance(t, func(c *Config) { c.SignIn.Providers = []providerTable{providerOf(m, "hub")} })
	person(t, h, access.Person{Address: adminAddress, Role: library.Administrator})
	v := visit(t, site).signIn(adminAddress)
	if _, body := v.ask("/en/people", nil); !strings.Contains(body, `value="group hub"`) {
		t.Error("the page does not offer the provider")
	}
	if res, _ := v.ask("/en/rules", url.Values{"kind": {"group nobody"}, "value": {"partners"}, "audiences": {"partners"}}); res.StatusCode != 400 {
		t.Errorf("an unknown provider answers %d", res.StatusCode)
	}
	if res, _ := v.ask("/en/rules", url.Values{"kind": {"group hub"}, "value": {"partners"}, "audiences": {"partners"}}); res.StatusCode != 303 {
		t.Errorf("the rule is not taken: %d", res.StatusCode)
	}
	rules, err := h.porter.Rules(t.Context())
	if err != nil || len(rules) != 1 || rules[0].Provider != "hub" || rules[0].Group != "partners" {
		t.Errorf("the rules are %+v %v", rules, err)
	}
}

// namesake is a person of whom the provider says a name.
type namesake struct {
	mockoidc.MockUser
	name string
}

// Claims implements mockoidc.User.
func (n *namesake) Claims(_ []string, c *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	return &struct {
		*mockoidc.IDTokenClaims
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
		Name     string `json:"name"`
	}{c, n.Email, true, n.name}, nil
}

// TestNameOfAnother: a person whom a provider calls what somebody here is called
// comes in under their address: what is at the desk belongs to a name.
func TestNameOfAnother(t *testing.T) {
	m := hub(t)
	t.Setenv("WAYMARK_SECRET_HUB", m.ClientSecret)
	h, site := entrance(t, func(c *Config) {
		c.SignIn.Providers = []providerTable{providerOf(m, "hub")}
		c.SignIn.Rules = []ruleTable{{Domain: "iom.int", Audiences: []string{"staff"}}}
	})
	person(t, h, access.Person{Address: adminAddress, Name: "Amina", Role: library.Curator})
	for address, c := range map[string]struct{ says, called string }{
		"a@iom.int": {"Amina", "a@iom.int"}, "b@iom.int": {"Bela", "Bela"}, "c@iom.int": {adminAddress, "c@iom.int"},
	} {
		m.QueueUser(&namesake{mockoidc.MockUser{Subject: address, Email: address, EmailVerified: true}, c.says})
		v := visit(t, site)
		v.ask(v.away("hub"), nil)
		caller, err := h.porter.Resume(t.Context(), v.cookie("waymark"))
		if err != nil || caller.Viewer.Name != c.called {
			t.Errorf("%s, whom the provider calls %s, is called %q, want %q: %v", address, c.says, caller.Viewer.Name, c.called, err)
		}
	}
}
