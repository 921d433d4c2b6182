package site

import (
	"testing"

	"github.com/jba/templatecheck"
)

// TestTemplatesFitTheirPages type-checks each page's template against the
// struct that it is shown with.
func TestTemplatesFitTheirPages(t *testing.T) {
	all, err := parsePages()
	if err != nil {
		t.Fatal(err)
	}
	structs := map[string]any{
		"home": homePage{}, "search": searchPage{}, "list": listPage{}, "index": indexPage{},
		"resource": resourcePage{}, "about": aboutPage{}, "error": errorPage{}, "values": valuesPage{},
		"cite": citePage{}, "reading": readingPage{},
	}
	for name, page := range all {
		data, ok := structs[name]
		if !ok {
			t.Errorf("the page %s has no struct in this test", name)
			continue
		}
		if err := templatecheck.CheckHTML(page, data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(all) != len(structs) {
		t.Errorf("%d pages, %d structs", len(all), len(structs))
	}
}
