package site

import (
	"fmt"
	"slices"
	"strings"

	"waymark/indicator"
	"waymark/locale"
)

// drawing is one small chart in its own units: lines that stop at gaps and
// breaks, a point for each value, rules where the series breaks, and marks of
// baseline and target. The table tells the same in numbers.
type drawing struct {
	Width, Height int
	Desc          string
	Lines         []string // points of polylines
	Dots          []dot
	Rules         []int // x of breaks
	Marks         []mark
	Zero          int // y of the foot
	First, Last   string
	Empty         string
}

type dot struct{ X, Y int }

// mark is a horizontal line at a baseline or target.
type mark struct {
	Y      int
	Target bool
}

const (
	panelWidth  = 240
	panelHeight = 96
	panelEdge   = 6
)

// draw draws a panel on the scale of its set and the periods of all.
func draw(l *locale.Language, p indicator.Panel, set indicator.Set, periods []string, say func(indicator.Point) string) drawing {
	d := drawing{Width: panelWidth, Height: panelHeight}
	step := float64(panelWidth-2*panelEdge) / float64(max(len(periods)-1, 1))
	x := func(i float64) int {
		at := panelEdge + int(i*step+.5)
		if l.Dir == "rtl" {
			return panelWidth - at
		}
		return at
	}
	y := func(v float64) int {
		return panelHeight - panelEdge - int((v-set.Low)/(set.High-set.Low)*(panelHeight-2*panelEdge)+.5)
	}
	place := func(period string) float64 { return float64(max(slices.Index(periods, period), 0)) }
	for _, run := range p.Pieces {
		var points []string
		for _, i := range run {
			at := dot{x(place(p.Points[i].Period)), y(*p.Points[i].Value)}
			d.Dots = append(d.Dots, at)
			points = append(points, fmt.Sprintf("%d,%d", at.X, at.Y))
		}
		if len(points) > 1 {
			d.Lines = append(d.Lines, strings.Join(points, " "))
		}
	}
	for _, b := range p.Breaks {
		if i := slices.Index(periods, b.After); i >= 0 && i < len(periods)-1 {
			d.Rules = append(d.Rules, x(float64(i)+.5))
		}
	}
	for _, t := range p.Targets {
		d.Marks = append(d.Marks, mark{y(t.Value), t.Kind != "baseline"})
	}
	d.Zero = y(max(set.Low, 0))
	if len(periods) > 0 {
		d.First, d.Last = periods[0], periods[len(periods)-1]
	}
	d.describe(l, p, say)
	return d
}

// describe says in words what the drawing shows.
func (d *drawing) describe(l *locale.Language, p indicator.Panel, say func(indicator.Point) string) {
	var with []indicator.Point
	for _, pt := range p.Points {
		if pt.Value != nil {
			with = append(with, pt)
		}
	}
	if len(with) == 0 {
		d.Desc = l.T("indicator.chart.empty")
		d.Empty = d.Desc
		return
	}
	words := func(pt indicator.Point) string { return say(pt) + " (" + pt.Period + ")" }
	least := slices.MinFunc(with, func(a, b indicator.Point) int { return compareFloat(*a.Value, *b.Value) })
	most := slices.MaxFunc(with, func(a, b indicator.Point) int { return compareFloat(*a.Value, *b.Value) })
	d.Desc = l.T("indicator.chart.desc", "First", words(with[0]), "Last", words(with[len(with)-1]), "Low", words(least), "High", words(most))
}

func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// PanelWidth is the width of a drawing in its own units.
func (p indicatorPage) PanelWidth() int { return panelWidth }

// Span is how many columns a note in the table goes over.
func (p indicatorPage) Span() int { return len(p.Periods) + 1 }
