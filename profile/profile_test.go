package profile

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"waymark/library"
	"waymark/store"
)

// TestContrast: ratios that others have published (WebAIM's checker).
func TestContrast(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want float64
	}{{"#000", "#fff", 21}, {"#777777", "#ffffff", 4.48}, {"#767676", "#ffffff", 4.54}, {"#0000ff", "#ffffff", 8.59}, {"#ff0000", "#fff", 3.99}, {"#abc", "#abc", 1}, {"red", "#fff", 0}} {
		if got := Contrast(row.a, row.b); math.Abs(got-row.want) > 0.01 || got != Contrast(row.b, row.a) {
			t.Errorf("%s on %s: %.3f, want %.2f", row.a, row.b, got, row.want)
		}
	}
	for r := range 16 {
		for g := range 16 {
			for b := range 16 {
				accent := fmt.Sprintf("#%x%x%x", r, g, b)
				if got := Contrast(accent, OnAccent(accent)); got < Least {
					t.Errorf("text on %s has a contrast of %.2f", accent, got)
				}
			}
		}
	}
}

// TestThemesAreTheSheets: the colours that are reckoned with are the sheet's.
func TestThemesAreTheSheets(t *testing.T) {
	css, err := os.ReadFile("../site/assets/style.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, _ := strings.Cut(string(css), "prefers-color-scheme: dark")
	for i, part := range []string{light, dark} {
		th := themes(i == 1)
		for name, want := range map[string]string{"accent": th.accent, "paper": th.paper, "raised": th.raised, "wash": th.wash, "ink": th.ink, "soft": th.soft, "warm": th.warm} {
			if m := regexp.MustCompile(`--` + name + `: (#[0-9a-f]+);`).FindStringSubmatch(part); m == nil || m[1] != want {
				t.Errorf("dark %t: the sheet's %s is %v, not %s", i == 1, name, m, want)
			}
		}
	}
}

func TestCheck(t *testing.T) {
	ok := Profile{Names: library.Text{"en": "A Library"}, Light: Colours{Accent: "#7a1f5c"}, Dark: Colours{Accent: "#f2b8d9"},
		Featured: []library.ID{"01KDVDNAZ80HZQAZ02R8CNEYJS"}, Collections: []Collection{{library.Text{"en": "Children"}, "topic=children"}}}
	if err := ok.Check(); err != nil {
		t.Error(err)
	}
	for name, row := range map[string]struct {
		change func(*Profile)
		says   string
	}{
		"a pale accent":     {func(p *Profile) { p.Light.Accent = "#8a9" }, "has a contrast of 2.43"},
		"a dim accent":      {func(p *Profile) { p.Dark.Accent = "#245" }, "dark theme: the accent on the page"},
		"a dark page":       {func(p *Profile) { p.Light.Paper = "#444" }, "the text on the page"},
		"nearly enough":     {func(p *Profile) { p.Light.Accent = "#6c7375" }, "has a contrast of 4."},
		"no colour":         {func(p *Profile) { p.Light.Accent = "red; } body { display: none" }, "no colour"},
		"a name of lines":   {func(p *Profile) { p.Names["en"] = "a\nb" }, "the name"},
		"a featured nobody": {func(p *Profile) { p.Featured = append(p.Featured, "x") }, "no publication"},
		"no title":          {func(p *Profile) { p.Collections[0].Titles = nil }, "needs a title"},
		"too much":          {func(p *Profile) { p.About = library.Text{"en": strings.Repeat("x", maxAbout+1)} }, "more than"},
	} {
		p := ok
		p.Names = library.Text{"en": "A Library"}
		p.Collections = []Collection{ok.Collections[0]}
		row.change(&p)
		if err := p.Check(); library.KindOf(err) != library.Invalid || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v, want %q", name, err, row.says)
		}
	}
}

func TestLogo(t *testing.T) {
	picture := image.NewNRGBA(image.Rect(0, 0, 2000, 500))
	picture.Set(3, 3, color.NRGBA{200, 0, 0, 255})
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	raw := b.Bytes()
	hidden := append(bytes.Clone(raw), []byte("<script>alert(1)</script>")...)
	logo, err := Logo(bytes.NewReader(hidden))
	if err != nil {
		t.Fatal(err)
	}
	config, err := png.DecodeConfig(bytes.NewReader(logo))
	if err != nil || config.Width != 480 || config.Height != 120 || bytes.Contains(logo, []byte("script")) {
		t.Errorf("the logo is %+v (%v)", config, err)
	}
	if got := LogoSize(logo, 30); got != 120 {
		t.Errorf("30 high it is %d wide", got)
	}
	for name, file := range map[string][]byte{
		"SVG": []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "nothing": nil, "half": raw[:40],
		"large": make([]byte, maxLogo+1), "wide": wide(t),
	} {
		if _, err := Logo(bytes.NewReader(file)); library.KindOf(err) != library.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// wide gives a picture that has more pixels than are taken, in a small file.
func wide(t *testing.T) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, maxPixels+1, 1))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestSave: a profile is kept with its history, told of, and no one overwrites
// what another kept; what the settings file says stands where nothing is kept.
func TestSave(t *testing.T) {
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "library.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	var told []string
	k := &Keeper{Store: st, Now: time.Now, Default: Profile{Names: library.Text{"en": "Of the file"}}, Changed: func(p Profile) { told = append(told, p.Names["en"]) }}
	if err := k.Level(t.Context()); err != nil {
		t.Fatal(err)
	}
	admin := library.Viewer{Name: "Ada", Role: library.Administrator}
	named := func(name string) Profile { return Profile{Names: library.Text{"en": name}} }
	for _, step := range []struct {
		v       library.Viewer
		p       Profile
		version int64
		want    library.ErrorKind
	}{
		{library.Viewer{Name: "Cy", Role: library.Curator}, named("x"), 0, library.Forbidden},
		{admin, named("First"), 0, ""},
		{admin, named("Lost"), 0, library.Conflict},
		{admin, Profile{Light: Colours{Accent: "#fff"}}, 1, library.Invalid},
		{admin, Profile{Taglines: library.Text{"en": "Just that"}}, 1, ""},
	} {
		if err := k.Save(t.Context(), step.v, step.p, step.version, "why"); library.KindOf(err) != step.want {
			t.Errorf("%+v: %v, want %q", step.p, err, step.want)
		}
	}
	if got := strings.Join(told, "|"); got != "Of the file|First|Of the file" {
		t.Errorf("was told of %s", got)
	}
	past, err := k.History(t.Context(), admin)
	if err != nil || len(past) != 2 || past[0].Version != 2 || past[1].Profile.Names["en"] != "First" || past[1].Who != "Ada" {
		t.Errorf("the history is %+v (%v)", past, err)
	}
}
