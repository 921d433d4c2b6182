package app

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"

	"waymark/evidence"
	"waymark/library"
)

// TestCellsAreReadOut reads the names of the map's cells from the accessibility
// tree of a browser: each says its row and column, how many studies there are,
// and how many of each confidence.
func TestCellsAreReadOut(t *testing.T) {
	ctx := browser(t)
	h, site := demoSite(t)
	view, err := h.evidence.View(t.Context(), library.Viewer{})
	if err != nil {
		t.Fatal(err)
	}
	values, _ := url.ParseQuery("by=rating&open=all")
	q, err := evidence.Parse(values)
	if err != nil {
		t.Fatal(err)
	}
	g, err := view.Grid(q)
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Navigate(site+"/en/evidence?by=rating&open=all"))
	tree, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		t.Fatal(err)
	}
	spoken := map[string]bool{}
	for _, n := range tree.Nodes {
		if n.Role == nil || n.Name == nil {
			continue
		}
		var role, name string
		if json.Unmarshal([]byte(n.Role.Value), &role) == nil && json.Unmarshal([]byte(n.Name.Value), &name) == nil && role == "link" {
			spoken[strings.Join(strings.Fields(name), " ")] = true
		}
	}
	cells := 0
	for i, row := range g.Rows {
		for j, column := range g.Columns {
			c := g.Cells[i][j]
			if c.Studies == 0 {
				continue
			}
			cells++
			r, _ := row.Labels.Labels.In("en")
			k, _ := column.Labels.Labels.In("en")
			found := false
			for name := range spoken {
				rest, ok := strings.CutPrefix(name, fmt.Sprintf("%s × %s: %d (", r, k, c.Studies))
				if !ok {
					continue
				}
				found = true
				for s, n := range c.Segments {
					said := fmt.Sprintf("%s %d", view.Words.Ratings.Label(g.Segments[s], "en"), n)
					if (n > 0) != strings.Contains(rest, said) {
						t.Errorf("%q says nothing of %s", name, said)
					}
				}
			}
			if !found {
				t.Errorf("no link is read out for %s × %s with %d studies", r, k, c.Studies)
			}
		}
	}
	if cells < 50 {
		t.Errorf("%d cells were compared", cells)
	}
}

var valueCell = regexp.MustCompile(`<td class="num"><a href="/en/indicators/[a-z-]+/value\?([^"]*)" rel="nofollow">([^<]*)</a>`)

// TestPageShowsTheCellsOfItsExports: each value in the table of a page is the
// one that the CSV and the JSON of the same address have.
func TestPageShowsTheCellsOfItsExports(t *testing.T) {
	_, site := demoSite(t)
	for _, code := range []string{"shelter-in-time", "responders-trained"} {
		page := ok(t, site+"/en/indicators/"+code+"?view=table")
		_, text := get(t, "GET", site+"/en/indicators/"+code+"/data/csv?view=table", "en")
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		at := func(name string) int { return slices.Index(rows[0], name) }
		total := func(row []string, dim string) bool { return at(dim) < 0 || row[at(dim)] == "_T" }
		want := map[string]string{}
		for _, row := range rows[1:] {
			if total(row, "sex") && total(row, "age") && total(row, "form") {
				want[row[at("area")]+" "+row[at("period")]+" "+row[at("source_kind")]] = row[at("value")]
			}
		}
		var js struct {
			Observations []struct {
				Area, Period string
				Source       struct{ Kind string }
				Dimensions   map[string]string
				Value        *float64
			}
		}
		_, text = get(t, "GET", site+"/en/indicators/"+code+"/data/json?view=table", "en")
		if err := json.Unmarshal([]byte(text), &js); err != nil {
			t.Fatal(err)
		}
		for _, o := range js.Observations {
			value := ""
			if o.Value != nil {
				value = fmt.Sprint(*o.Value)
			}
			totals := true
			for _, c := range o.Dimensions {
				totals = totals && c == "_T"
			}
			if key := o.Area + " " + o.Period + " " + o.Source.Kind; totals && want[key] != value {
				t.Errorf("%s: JSON has %s as %q, CSV as %q", code, key, value, want[key])
			}
		}
		cells := valueCell.FindAllStringSubmatch(page, -1)
		for _, m := range cells {
			q, err := url.ParseQuery(html.UnescapeString(m[1]))
			if err != nil {
				t.Fatal(err)
			}
			key := q.Get("area") + " " + q.Get("period") + " " + q.Get("source")
			shown := strings.ReplaceAll(m[2], ",", "")
			if shown != want[key] && !strings.HasPrefix(shown, "[") && !(strings.HasPrefix(shown, "under") && want[key] == "0") {
				t.Errorf("%s: the page shows %s as %q, the CSV has %q", code, key, shown, want[key])
			}
		}
		if len(cells) < 50 {
			t.Errorf("%s: %d cells were compared", code, len(cells))
		}
	}
}
