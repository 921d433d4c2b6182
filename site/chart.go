package site

import (
	"fmt"
	"slices"
	"strconv"

	"waymark/library"
	"waymark/search"
)

// chart is a histogram of the years of results, in units of its drawing. The
// list of years tells the same in words.
type chart struct {
	Width, Height int
	Bars          []bar
	First, Last   string // the years at its ends, in the direction of reading
}

// bar is the publications of a year, or of several years in a row.
type bar struct {
	X, Y, Width, Height int
	URL, Label          string
}

const (
	chartWidth  = 240
	chartHeight = 56
	// mostBars is how many bars can still be told from each other and hit.
	mostBars = 40
	// leastBar is the height of a bar of one publication: it must be seen.
	leastBar = 3
)

// chart draws the years of an answer, when there are several.
func (f frame) chart(a search.Answer) chart {
	counts := map[int]int{}
	first, last := 9999, 0
	for _, v := range a.Facets[library.FieldYear] {
		if year, err := strconv.Atoi(v.Value); err == nil && v.Count > 0 {
			counts[year] = v.Count
			first, last = min(first, year), max(last, year)
		}
	}
	if len(counts) < 3 {
		return chart{}
	}
	step := 1
	for _, wider := range []int{1, 2, 5, 10, 25, 50, 100} {
		if step = wider; (last-first)/step < mostBars {
			break
		}
	}
	first -= first % step
	sums := make([]int, (last-first)/step+1)
	for year, n := range counts {
		sums[(year-first)/step] += n
	}
	most, wide := slices.Max(sums), chartWidth/len(sums)
	c := chart{Width: wide * len(sums), Height: chartHeight}
	for i, n := range sums {
		if n == 0 {
			continue
		}
		years := search.Years{From: first + i*step, To: first + (i+1)*step - 1}
		b := bar{X: i * wide, Width: max(wide-1, 1), Height: max(n*chartHeight/most, leastBar), Label: fmt.Sprintf("%s: %s", years, f.L.Number(n)),
			URL: f.searchURL(a.Query.With(library.FieldYear, years.String()))}
		b.Y = chartHeight - b.Height
		if f.L.Dir == "rtl" {
			b.X = c.Width - b.X - wide
		}
		c.Bars = append(c.Bars, b)
	}
	c.First, c.Last = strconv.Itoa(first), strconv.Itoa(last)
	return c
}
