package locale

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/BurntSushi/toml"

	"waymark/library"
)

var placeholder = regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)

// pluralForms are the CLDR plural categories that whole numbers use in each
// interface language.
var pluralForms = map[string][]string{
	"ar": {"zero", "one", "two", "few", "many", "other"},
	"zh": {"other"},
	"en": {"one", "other"},
	"fr": {"one", "many", "other"},
	"ru": {"one", "few", "many", "other"},
	"es": {"one", "many", "other"},
}

func read(t *testing.T, tag string) map[string]any {
	t.Helper()
	b, err := messages.ReadFile("messages/" + tag + ".toml")
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]any{}
	if err := toml.Unmarshal(b, &m); err != nil {
		t.Fatalf("%s.toml: %v", tag, err)
	}
	return m
}

// TestEveryMessageInEveryLanguage holds the catalogs level: the same keys, the
// plural forms that the language needs, and no placeholder lost or made up.
func TestEveryMessageInEveryLanguage(t *testing.T) {
	english := read(t, "en")
	for _, tag := range Tags() {
		own := read(t, tag)
		for key, text := range english {
			if own[key] == nil {
				t.Errorf("%s.toml lacks %q", tag, key)
				continue
			}
			if forms, ok := own[key].(map[string]any); ok {
				checkForms(t, tag, key, forms, text)
				continue
			}
			if s, ok := own[key].(string); !ok || s == "" {
				t.Errorf("%s.toml: %q is no text", tag, key)
			}
			if got, want := placeholders(own[key]), placeholders(text); !slices.Equal(got, want) {
				t.Errorf("%s.toml: %q has the placeholders %v, English has %v", tag, key, got, want)
			}
		}
		for key := range own {
			if english[key] == nil {
				t.Errorf("%s.toml has %q, which English lacks", tag, key)
			}
		}
	}
}

func checkForms(t *testing.T, tag, key string, forms map[string]any, english any) {
	t.Helper()
	all, ok := english.(map[string]any)
	if !ok {
		t.Errorf("%s.toml: %q has plural forms, English has none", tag, key)
		return
	}
	for _, form := range pluralForms[tag] {
		if forms[form] == nil {
			t.Errorf("%s.toml: %q lacks the plural form %q", tag, key, form)
		}
	}
	if got, want := placeholders(forms["other"]), placeholders(all["other"]); !slices.Equal(got, want) {
		t.Errorf("%s.toml: %q has the placeholders %v, English has %v", tag, key, got, want)
	}
}

func placeholders(text any) []string {
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(fmt.Sprint(text), -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestNegotiate(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for accept, want := range map[string]string{
		"":                             "en",
		"ar":                           "ar",
		"fr-CA,fr;q=0.9,en;q=0.8":      "fr",
		"de-DE,es;q=0.5":               "es",
		"de":                           "en",
		"zh-TW":                        "zh",
		"ru;q=0.1,en;q=0.05":           "ru",
		"*":                            "en",
		"%%%not a header":              "en",
		"uk,ru;q=0.8":                  "ru",
		"en-GB,en;q=0.9,ar;q=0.8":      "en",
		"fr;q=0, es":                   "es",
		"pt-BR,pt;q=0.9,en-US;q=0.8":   "en",
		"zh-Hans-CN,zh-Hans;q=0.9":     "zh",
		"ar-SD,ar;q=0.9,en;q=0.1, *;q": "en",
	} {
		if got := c.Negotiate(accept).Tag; got != want {
			t.Errorf("Negotiate(%q) = %s, want %s", accept, got, want)
		}
	}
}

func TestPluralsNumbersDates(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	en, _ := c.Language("en")
	for n, want := range map[int]string{0: "0 publications", 1: "1 publication", 12345: "12,345 publications"} {
		if got := en.N("results", n); got != want {
			t.Errorf("N(results, %d) = %q, want %q", n, got, want)
		}
	}
	for date, want := range map[string]string{"2015": "2015", "2015-12": "December 2015", "2015-12-31": "31 December 2015", "": ""} {
		if got := en.Day(time.Date(2015, 12, 31, 0, 0, 0, 0, time.UTC)); got != "31 December 2015" {
			t.Errorf("Day = %q", got)
		}
		if got := en.Date(library.Date(date)); got != want {
			t.Errorf("Date(%q) = %q, want %q", date, got, want)
		}
	}
	ru, _ := c.Language("ru")
	if month, day := ru.Date("2015-12"), ru.Date("2015-12-31"); month != "декабрь 2015 г." || day != "31 декабря 2015 г." {
		t.Errorf("Russian dates: %q, %q", month, day)
	}
	seen := map[string]bool{}
	for _, n := range []int{1, 2, 5} {
		seen[ru.N("results", n)[1:]] = true
	}
	if len(seen) != 3 {
		t.Errorf("Russian has %d plural forms for 1, 2 and 5, want 3", len(seen))
	}
	ar, _ := c.Language("ar")
	if ar.Dir != "rtl" || ar.Number(1234) != "1,234" {
		t.Errorf("Arabic: direction %s, number %s", ar.Dir, ar.Number(1234))
	}
}
