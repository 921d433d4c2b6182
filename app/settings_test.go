package app

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waymark/library"
	"waymark/profile"
)

// saveSettings sends the form of settings as a browser does.
func saveSettings(t testing.TB, site string, values map[string]string, logo []byte) (*http.Response, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range values {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if logo != nil {
		part, err := w.CreateFormFile("logo", "logo.png")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(logo); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	req, err := http.NewRequestWithContext(t.Context(), "POST", site+"/en/desk/settings", &b)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return sent(t, req)
}

func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 80, 40))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestSettings: what an administrator writes is what readers see, in their
// language; what is not open to them is not put forward to them.
func TestSettings(t *testing.T) {
	h, public := demoSite(t)
	desk := doorFor(t, h, ada)
	secret := hidden(t, h)
	values := map[string]string{"version": "0", "name.en": "The Reading Room", "name.fr": "La salle de lecture", "tagline.en": "Read & protect",
		"light.accent": "#7A1F5C", "dark.accent": "#f2b8d9",
		"featured":     public + "/fr/r/" + palermo + "\n/r/" + string(secret[0]),
		"collection.0": public + "/en/search?q=children&country=UA", "collection.0.title.en": "Children in Ukraine",
		"collection.1": "/en/topics/data-collection", "collection.1.title.en": "Numbers", "collection.1.title.fr": "Chiffres",
		"about.en": "## Who we are\n\n<script>alert(1)</script>\n\nA **small** house. [x](javascript:alert(1))", "why": "opening day"}
	if res, body := saveSettings(t, desk, values, picture(t)); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", res.StatusCode, body)
	}
	for path, want := range map[string][]string{
		"/en/":                  {"<title>The Reading Room</title>", "Read &amp; protect", `<link rel="stylesheet" href="/look/1.css">`, `<img src="/look/1.png" alt="" width="60" height="30">`, "Children in Ukraine", `href="/en/search?q=children&amp;country=UA"`, `href="/en/search?topic=data-collection"`, "/en/r/" + palermo},
		"/fr/":                  {"La salle de lecture", "Chiffres", "Children in Ukraine"},
		"/ru/about":             {`lang="en" dir="ltr"`, "<strong>small</strong>", "The Reading Room"},
		"/fr/opensearch.xml":    {"La salle de lecture"},
		"/look/1.css":           {"--accent: #7a1f5c; --on-accent: #fff;", "prefers-color-scheme: dark"},
		"/look/1.png":           {"PNG"},
		"/en/topics?of=nothing": {"The Reading Room"},
	} {
		_, body := get(t, "GET", public+path, "en")
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s lacks %s", path, w)
			}
		}
		for _, never := range []string{"alert(1)", string(secret[0])} {
			if strings.Contains(body, never) {
				t.Errorf("%s tells of %s", path, never)
			}
		}
	}
	values["version"], values["name.en"] = "1", "The Other Room"
	if res, _ := saveSettings(t, desk, values, nil); res.StatusCode != http.StatusSeeOther {
		t.Fatal(res.Status)
	}
	if _, body := get(t, "GET", public+"/look/2.png", "en"); !strings.Contains(body, "PNG") {
		t.Error("the logo is lost by saving without one")
	}
	if res, body := saveSettings(t, desk, map[string]string{"version": "2", "restore": "1"}, nil); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", res.StatusCode, body)
	}
	if _, body := get(t, "GET", public+"/en/", "en"); !strings.Contains(body, "The Reading Room") {
		t.Error("the restored name is not in force")
	}
	if _, body := get(t, "GET", desk+"/en/desk/settings", "en"); !strings.Contains(body, "opening day") || !strings.Contains(body, "The Other Room</bdi></del>") {
		t.Error("the history lacks what was done")
	}
}

// TestSettingsRefused: what cannot be read, or is not theirs, changes nothing,
// and what was written stands in the form still.
func TestSettingsRefused(t *testing.T) {
	h, public := demoSite(t)
	desk := doorFor(t, h, ada)
	for name, row := range map[string]struct {
		values map[string]string
		logo   []byte
		status int
		says   string
	}{
		"pale":          {map[string]string{"light.accent": "#99aabb", "name.en": "Kept in the form"}, nil, 422, "has a contrast of 2.2"},
		"pale, kept":    {map[string]string{"light.accent": "#99aabb", "name.en": "Kept in the form"}, nil, 422, `value="Kept in the form"`},
		"no search":     {map[string]string{"collection.0": "https://elsewhere.example/", "collection.0.title.en": "X"}, nil, 422, "address of no search"},
		"a logo of SVG": {nil, []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), 422, "SVG is not taken"},
		"no record":     {map[string]string{"featured": "palermo"}, nil, 422, "no publication"},
		"an old form":   {map[string]string{"version": "3"}, nil, 409, "Another person"},
		"no version":    {map[string]string{"version": "0", "restore": "9"}, nil, 404, ""},
	} {
		if row.values == nil {
			row.values = map[string]string{}
		}
		if row.values["version"] == "" {
			row.values["version"] = "0"
		}
		if res, body := saveSettings(t, desk, row.values, row.logo); res.StatusCode != row.status || !strings.Contains(body, row.says) {
			t.Errorf("%s: %d, want %d and %q", name, res.StatusCode, row.status, row.says)
		}
	}
	for _, site := range []string{public, doorFor(t, h, ana)} {
		if res, _ := saveSettings(t, site, map[string]string{"version": "0", "name.en": "Mine"}, nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("others are answered %d", res.StatusCode)
		}
		if res, _ := get(t, "GET", site+"/en/desk/settings", "en"); res.StatusCode != http.StatusNotFound {
			t.Errorf("others read the settings: %d", res.StatusCode)
		}
	}
	if n := h.profile.Profile().Version; n != 0 {
		t.Errorf("what was refused made version %d", n)
	}
}

// TestSettingsDefault: the settings file names the library until the desk does;
// another process follows.
func TestSettingsDefault(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	cfg := Config{Data: data, LibraryName: "Of the File"}
	first, err := cfg.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer first.close(&err)
	second, err := cfg.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer second.close(&err)
	zh, _ := second.messages.Language("zh")
	if got := zh.T("site.name"); got != "Of the File" {
		t.Errorf("the name is %q", got)
	}
	tick := make(chan time.Time)
	go second.profile.Follow(t.Context(), second.store.Changed, tick, func(err error) { t.Error(err) })
	tick <- time.Now() // it has levelled once
	if err := first.profile.Save(t.Context(), ada, profile.Profile{Names: library.Text{"en": "Of the Desk"}}, 0, ""); err != nil {
		t.Fatal(err)
	}
	tick <- time.Now()
	tick <- time.Now() // it has levelled since
	if got := zh.T("site.name"); got != "Of the Desk" {
		t.Errorf("the name is %q", got)
	}
}

// TestSettingsInBrowser looks at the page of settings, and at a home page of its own
// colours.
func TestSettingsInBrowser(t *testing.T) {
	ctx := browser(t)
	h, _ := demoSite(t)
	site := doorFor(t, h, ada)
	values := map[string]string{"version": "0", "name.en": "The Reading Room", "light.accent": "#7a1f5c", "light.paper": "#fffdf7", "dark.accent": "#f2b8d9",
		"featured": "/r/" + palermo, "collection.0": "/en/topics/data-collection", "collection.0.title.en": "Numbers", "about.en": "## Who we are\n\nA house."}
	if res, body := saveSettings(t, site, values, picture(t)); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d\n%s", res.StatusCode, body)
	}
	lookAt(t, ctx, site, map[string]string{"settings": "/desk/settings", "desk-admin": "/desk"})
	lookAt(t, ctx, site, map[string]string{"home-own": "/", "about-own": "/about"})
}
