package app

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"waymark/access"
	"waymark/library"
)

// device gives the browser an authenticator without hands.
func device(t *testing.T, ctx context.Context, verifies bool) webauthn.AuthenticatorID {
	t.Helper()
	if _, err := chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	made, err := chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{Protocol: "ctap2", Transport: "internal", HasResidentKey: true,
			HasUserVerification: true, IsUserVerified: verifies, AutomaticPresenceSimulation: true}})
	if err != nil {
		t.Fatal(err)
	}
	return made.AuthenticatorID
}

// deviceAnswers has the device answer once and sends the answer three ways: as it
// should be, again, and to another question.
const deviceAnswers = `(async () => {
	const post = (path, data) => fetch(path, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(data)});
	const ask = async () => (await post("/en/sign-in/passkey/ask", {})).json();
	const {options, key} = await ask();
	const given = await navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options)});
	const credential = given.toJSON();
	const first = await post("/en/sign-in/passkey", {key, credential, back: "//evil.example"});
	const to = (await first.json()).to;
	const again = await post("/en/sign-in/passkey", {key, credential});
	const other = await ask();
	const wrong = await post("/en/sign-in/passkey", {key: other.key, credential});
	return [first.status, to, again.status, wrong.status].join(" ");
})()`

// TestSignInByPasskey: an administrator signs in by password, gives a passkey,
// and comes in by it alone.
func TestSignInByPasskey(t *testing.T) {
	ctx := browser(t)
	h, site := entrance(t, func(*Config) {})
	amina := person(t, h, access.Person{Address: adminAddress, Name: "Amina", Role: library.Administrator})
	id := device(t, ctx, true)
	do(t, ctx, chromedp.Navigate(site+"/en/about"), chromedp.Click("a.signin"), chromedp.WaitVisible("#address"),
		chromedp.SendKeys("#address", adminAddress), chromedp.SendKeys("#password", testPassword+"\n"), chromedp.WaitVisible("form.me"))
	if got := eval[string](t, ctx, `location.pathname`); got != "/en/about" {
		t.Errorf("sign-in leads to %s", got)
	}
	if got := eval[string](t, ctx, `document.cookie`); got != "" {
		t.Errorf("script can read %q", got)
	}
	do(t, ctx, chromedp.Navigate(site+"/en/account"), chromedp.WaitVisible("#key-name"), chromedp.SendKeys("#key-name", "Laptop\n"), chromedp.WaitVisible(`form[action^="/en/account/passkeys/"]`))
	held, err := chromedp.Call(ctx, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: id})
	if err != nil || len(held.Credentials) != 1 || held.Credentials[0].RpID != "localhost" || string(held.Credentials[0].UserHandle) != string(amina.ID) {
		t.Fatalf("the device holds %+v, %v", held.Credentials, err)
	}
	do(t, ctx, chromedp.Click("form.me button"), chromedp.WaitVisible("a.signin"), chromedp.Click("a.signin"),
		chromedp.WaitVisible(`form[data-passkey]`), chromedp.Click(`form[data-passkey] button`), chromedp.WaitVisible("form.me"))
	if got := eval[string](t, ctx, `document.querySelector("form.me p").innerText`); got != "Signed in as Amina" {
		t.Errorf("by the passkey one is %q", got)
	}
	if got := eval[string](t, ctx, deviceAnswers); got != "200 /en/account 403 403" {
		t.Errorf("an answer of the device, the same again, and to another question: %s", got)
	}
	if _, err := h.porter.Disable(t.Context(), current(t, h), true); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(site+"/en/sign-in"), chromedp.WaitVisible(`form[data-passkey]`), chromedp.Click(`form[data-passkey] button`), chromedp.WaitVisible(`form[data-passkey] [role=alert]`))
	if _, err := h.porter.Disable(t.Context(), current(t, h), false); err != nil {
		t.Fatal(err)
	}
	// A device that does not make sure who holds it is not enough.
	if _, err := chromedp.Call(ctx, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: id, IsUserVerified: false}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Reload(), chromedp.WaitVisible(`form[data-passkey]`), chromedp.Click(`form[data-passkey] button`), chromedp.WaitVisible(`form[data-passkey] [role=alert]`))
}

// current reads the administrator as they stand.
func current(t *testing.T, h *house) access.Person {
	t.Helper()
	p, err := h.porter.Find(t.Context(), adminAddress)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// accountPages are the pages of those who sign in.
func accountPages() []string {
	return []string{"/sign-in?back=%2Fen%2F", "/sign-in/link?key=none", "/account", "/people"}
}

// TestAccountPagesInBrowser looks at the pages of those who sign in as
// TestPagesInBrowser does at the readers'.
func TestAccountPagesInBrowser(t *testing.T) {
	ctx := browser(t)
	_, smtp := openMailbox(t)
	h, site := entrance(t, func(c *Config) { c.SMTP, c.MailFrom = smtp, "a@example.org" })
	amina := person(t, h, access.Person{Address: adminAddress, Name: "Amina", Role: library.Administrator, Audiences: []library.Audience{"staff"}})
	if _, _, err := h.porter.AddToken(t.Context(), amina, "feed of the region", []access.Scope{"read"}, 1e15); err != nil {
		t.Fatal(err)
	}
	axe, err := os.ReadFile("../testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	device(t, ctx, true)
	if err := h.porter.AddRule(t.Context(), library.House(), access.Rule{Domain: "iom.int", Audiences: []library.Audience{"staff"}}); err != nil {
		t.Fatal(err)
	}
	joy := person(t, h, access.Person{Address: "joy@ngo.example", Role: library.Curator})
	for _, lang := range []string{"en", "ar"} {
		do(t, ctx, chromedp.Navigate(site+"/en/account"))
		if eval[bool](t, ctx, `!!document.querySelector("form.me")`) {
			do(t, ctx, chromedp.Click("form.me button"), chromedp.WaitVisible("a.signin"))
		}
		for _, path := range append(accountPages(), "/people/"+string(joy.ID)) {
			if !strings.HasPrefix(path, "/sign-in") && !eval[bool](t, ctx, `!!document.querySelector("form.me")`) {
				do(t, ctx, chromedp.Navigate(site+"/en/sign-in"), chromedp.SendKeys("#address", adminAddress), chromedp.SendKeys("#password", testPassword+"\n"), chromedp.WaitVisible("form.me"))
			}
			for _, view := range []struct {
				width  int64
				scheme string
			}{{360, "light"}, {1280, "dark"}} {
				scheme(t, ctx, view.scheme)
				do(t, ctx, chromedp.EmulateViewport(view.width, 800), chromedp.Navigate(site+"/"+lang+path))
				if strings.HasPrefix(path, "/sign-in?") {
					do(t, ctx, chromedp.WaitVisible(`form[data-passkey]`))
				}
				if wide := eval[float64](t, ctx, `document.documentElement.scrollWidth`); wide > float64(view.width) {
					t.Errorf("%s%s is %.0f pixels wide on a screen of %d: %v", lang, path, wide, view.width, eval[[]string](t, ctx, tooWide))
				}
				eval[bool](t, ctx, string(axe)+";true")
				for _, v := range violations(t, ctx) {
					t.Errorf("%s%s at %d: %s", lang, path, view.width, v)
				}
				path, _, _ := strings.Cut(strings.Replace(path, string(joy.ID), "joy", 1), "?")
				name := lang + strings.ReplaceAll(path, "/", "-")
				look(t, ctx, name+"-"+view.scheme)
			}
		}
	}
}
