package app

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// TestMapOfCountries: the drawing is well-formed and small, has disputed
// borders dashed, and every value of it stands in the list beside it; counts
// are not mapped.
func TestMapOfCountries(t *testing.T) {
	_, site := demoSite(t)
	page := ok(t, site+"/en/indicators/shelter-in-time/map")
	for _, want := range []string{"/en/indicators/shelter-in-time/map.svg", `loading="lazy"`, "imply no opinion", "Comparable, since persons have decided so", "Synthetic"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of the map lacks %q", want)
		}
	}
	res, svg := get(t, "GET", site+"/en/indicators/shelter-in-time/map.svg", "en")
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "image/svg+xml" {
		t.Fatalf("the drawing answers %d", res.StatusCode)
	}
	if n := compressed(t, svg); n > 24<<10 {
		t.Errorf("the drawing takes %d bytes compressed", n)
	}
	if n := compressed(t, page); n > 14<<10 {
		t.Errorf("the page takes %d bytes compressed", n)
	}
	dec := xml.NewDecoder(strings.NewReader(svg))
	named := 0
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, isStart := token.(xml.StartElement); isStart && start.Name.Local == "title" {
			var name string
			if err := dec.DecodeElement(&name, &start); err != nil {
				t.Fatal(err)
			}
			if named++; named > 1 && !strings.Contains(page, `<th scope="row">`+name) {
				t.Errorf("%s is on the map and not in the list", name)
			}
		}
	}
	if named < 5 || strings.Count(svg, "stroke-dasharray") < 10 {
		t.Errorf("%d countries are named, %d borders dashed", named, strings.Count(svg, "stroke-dasharray"))
	}
	if body := ok(t, site+"/en/indicators/responders-trained/map"); !strings.Contains(body, "only rates are mapped") || strings.Contains(body, ".svg\"") && strings.Contains(body, "map.svg") {
		t.Error("counts are mapped")
	}
	if res, _ := get(t, "GET", site+"/en/indicators/responders-trained/map.svg", "en"); res.StatusCode != http.StatusNotFound {
		t.Errorf("the drawing of counts answers %d", res.StatusCode)
	}
	coverage := ok(t, site+"/en/indicators/shelter-in-time/coverage")
	if !strings.Contains(coverage, " of 12") || !strings.Contains(coverage, "[c]") && !strings.Contains(coverage, "●") {
		t.Error("the page of coverage does not count")
	}
}
