package site

import (
	"testing"

	"waymark/locale"
)

// TestSectionsOfTheDesk shows to each role its own parts, and where it is.
func TestSectionsOfTheDesk(t *testing.T) {
	messages, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	english, _ := messages.Language("en")
	for _, c := range []struct {
		name           string
		curates, rules bool
		asked, current string
		want           int
	}{
		{"contributor", false, false, "/en/desk", "", 0},
		{"curator at the start", true, false, "/en/desk", "/en/desk", 4},
		{"curator within a guide", true, false, "/en/desk/guides/handbook", "/en/desk/guides", 4},
		{"curator within a record", true, false, "/en/desk/r/X/edit", "", 4},
		{"administrator", true, true, "/en/desk/vocabularies/regions", "/en/desk/vocabularies", 7},
	} {
		f := deskFrame{frame: frame{L: english}, Curates: c.curates, Rules: c.rules, asked: c.asked}
		all, current := f.Sections(), ""
		for _, l := range all {
			if l.Current {
				current += l.URL
			}
		}
		if len(all) != c.want || current != c.current {
			t.Errorf("%s: %d sections, in %q; want %d, in %q", c.name, len(all), current, c.want, c.current)
		}
	}
}
