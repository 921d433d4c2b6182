package locale

import (
	"testing"

	"waymark/library"
)

// TestOwn: a library's own words stand in every language until they are taken
// back; other messages stay.
func TestOwn(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	fr, _ := c.Language("fr")
	ru, _ := c.Language("ru")
	before, other := fr.T("site.name"), fr.T("site.skip")
	c.Own(map[string]library.Text{"site.name": {"en": "The Reading Room", "fr": "La salle de lecture"}, "site.tagline": {}})
	if fr.T("site.name") != "La salle de lecture" || ru.T("site.name") != "The Reading Room" || fr.T("site.skip") != other || fr.T("site.tagline") == "" {
		t.Errorf("%q, %q, %q", fr.T("site.name"), ru.T("site.name"), fr.T("site.skip"))
	}
	c.Own(nil)
	if fr.T("site.name") != before {
		t.Errorf("the name is still %q", fr.T("site.name"))
	}
}
