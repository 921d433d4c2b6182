package indicator

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Question is what a reader wants to compare: the latest release of an
// indicator for some areas, one code of each dimension, and some years.
type Question struct {
	Areas      []string // countries, or regions with their members; none for all
	Dimensions map[string]string
	From, To   string // years; empty for no end
	Rank       bool   // by the latest value, where that is fair
}

// Comparison is the answer: sets of panels that may share a scale.
type Comparison struct {
	Sets    []Set
	Periods []string // of all panels, in order
	NoRank  Reason   // why there is no ranking; empty when it may be
	Ranked  bool
	Missing []string // areas asked for that have no values
}

// Set is panels that may be compared with each other.
type Set struct {
	Group  string // comparability group, if persons have decided
	Apart  Reason // why it is not comparable with the set before it
	Panels []Panel
	Low    float64 // of the shared scale
	High   float64
}

// Panel is one series as it is drawn.
type Panel struct {
	PublicSeries
	Region  bool
	Members []string // that a region's values are made of
	Pieces  [][]int  // runs of points to be joined by a line: not over gaps and breaks
}

// Reason is why numbers do not compare.
type Reason string

// The reasons; none is the empty one.
const (
	OtherSource  Reason = "source"    // kinds of source differ
	OtherMethod  Reason = "method"    // versions of the method differ
	OtherPeriods Reason = "period"    // years here, quarters there
	OtherGroup   Reason = "group"     // persons have put them into different groups
	Broken       Reason = "break"     // a break lies between
	Ambiguous    Reason = "ambiguous" // more is neither better nor worse
	Undecided    Reason = "undecided" // nobody has put them into a group
	NoAggregate  Reason = "aggregate" // the values of members cannot be put together
)

// Compare answers a question from a release. Members gives the countries of a
// region, nil for what is none.
func Compare(r *Release, v Version, q Question, members func(string) []string) Comparison {
	name := Canonical(q.Dimensions)
	by := map[string][]PublicSeries{}
	var order []string
	for _, s := range r.Series {
		if s.Dimensions == name {
			if by[s.Area] == nil {
				order = append(order, s.Area)
			}
			by[s.Area] = append(by[s.Area], between(s, q))
		}
	}
	areas := q.Areas
	if len(areas) == 0 {
		areas = order
	}
	var c Comparison
	var panels []Panel
	for _, area := range areas {
		switch list := by[area]; {
		case len(list) > 0:
			for _, s := range list {
				panels = append(panels, Panel{PublicSeries: s, Pieces: pieces(s)})
			}
		default:
			p, ok := aggregate(area, members(area), by, v, r.Protection)
			if !ok {
				c.Missing = append(c.Missing, area)
				continue
			}
			panels = append(panels, p)
		}
	}
	c.Sets = sets(panels)
	c.Periods = periods(panels)
	c.rank(v, q.Rank)
	return c
}

// between leaves out the points outside the years asked for.
func between(s PublicSeries, q Question) PublicSeries {
	s.Points = slices.DeleteFunc(slices.Clone(s.Points), func(p Point) bool {
		year := p.Period[:min(4, len(p.Period))]
		return q.From != "" && year < q.From || q.To != "" && year > q.To
	})
	return s
}

// pieces gives the runs of points that a line may join: consecutive periods
// with values and no break between.
func pieces(s PublicSeries) (runs [][]int) {
	var run []int
	for i, p := range s.Points {
		if p.Value == nil {
			run = closed(&runs, run)
			continue
		}
		if len(run) > 0 {
			last := s.Points[run[len(run)-1]]
			_, broken := BreakBetween(s.Breaks, last.Period, p.Period)
			if broken || !follows(last.Period, p.Period) {
				run = closed(&runs, run)
			}
		}
		run = append(run, i)
	}
	closed(&runs, run)
	return runs
}

func closed(runs *[][]int, run []int) []int {
	if len(run) > 0 {
		*runs = append(*runs, run)
	}
	return nil
}

// follows tells whether a period comes right after another.
func follows(a, b string) bool {
	end, err := endOf(a)
	if err != nil {
		return false
	}
	next, err := endOf(b)
	if err != nil || len(a) != len(b) {
		return false
	}
	switch len(a) {
	case 4:
		return end.AddDate(1, 0, 0).Equal(next)
	case 7:
		if strings.Contains(a, "Q") {
			return end.AddDate(0, 3, 0).Equal(next)
		}
		return end.AddDate(0, 1, 0).Equal(next)
	}
	return false
}

// Comparable tells whether two series may stand on one scale, and if not why.
func Comparable(a, b PublicSeries) Reason {
	switch {
	case a.Group != "" && a.Group == b.Group:
		return ""
	case a.Group != "" && b.Group != "":
		return OtherGroup
	case a.Source.Kind != b.Source.Kind:
		return OtherSource
	case a.Method != b.Method:
		return OtherMethod
	case form(a) != form(b):
		return OtherPeriods
	}
	return ""
}

// form is what the periods of a series look like: years, quarters or months.
func form(s PublicSeries) string {
	if len(s.Points) == 0 || len(s.Points[0].Period) == 4 {
		return "A"
	}
	if strings.Contains(s.Points[0].Period, "Q") {
		return "Q"
	}
	return "M"
}

// sets puts panels that compare together, in the order in which they came; the
// largest set comes first.
func sets(panels []Panel) (out []Set) {
	for _, p := range panels {
		at := slices.IndexFunc(out, func(s Set) bool { return Comparable(s.Panels[0].PublicSeries, p.PublicSeries) == "" })
		if at < 0 {
			out = append(out, Set{Group: p.Group})
			at = len(out) - 1
		}
		out[at].Panels = append(out[at].Panels, p)
	}
	slices.SortStableFunc(out, func(a, b Set) int { return cmp.Compare(len(b.Panels), len(a.Panels)) })
	for i := range out {
		if i > 0 {
			out[i].Apart = Comparable(out[0].Panels[0].PublicSeries, out[i].Panels[0].PublicSeries)
		}
		out[i].scale()
	}
	return out
}

// scale finds the shared scale: from zero, or from below it, to the largest
// value, target or baseline.
func (s *Set) scale() {
	for _, p := range s.Panels {
		for _, pt := range p.Points {
			if pt.Value != nil {
				s.Low, s.High = math.Min(s.Low, *pt.Value), math.Max(s.High, *pt.Value)
			}
		}
		for _, t := range p.Targets {
			s.Low, s.High = math.Min(s.Low, t.Value), math.Max(s.High, t.Value)
		}
	}
	if s.High == s.Low {
		s.High = s.Low + 1
	}
}

func periods(panels []Panel) []string {
	var all []string
	for _, p := range panels {
		for _, pt := range p.Points {
			all = append(all, pt.Period)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Latest gives the last value that is there.
func (p Panel) Latest() (Point, bool) {
	for _, pt := range slices.Backward(p.Points) {
		if pt.Value != nil {
			return pt, true
		}
	}
	return Point{}, false
}

// rank orders the panels by their latest value, the best first, or says why
// that would not be fair.
func (c *Comparison) rank(v Version, wanted bool) {
	c.NoRank = c.mayRank(v)
	if !wanted || c.NoRank != "" {
		return
	}
	c.Ranked = true
	slices.SortStableFunc(c.Sets[0].Panels, func(a, b Panel) int {
		x, ok := a.Latest()
		y, there := b.Latest()
		if !ok || !there {
			return cmp.Compare(b2i(there), b2i(ok))
		}
		if v.Direction == "down-good" {
			return cmp.Compare(*x.Value, *y.Value)
		}
		return cmp.Compare(*y.Value, *x.Value)
	})
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// mayRank allows a ranking of one explicit comparability group, of a measure
// whose direction is clear, at one period and without a break before it.
func (c *Comparison) mayRank(v Version) Reason {
	if v.Direction == "ambiguous" {
		return Ambiguous
	}
	if len(c.Sets) == 0 {
		return Undecided
	}
	if len(c.Sets) > 1 {
		return c.Sets[1].Apart
	}
	last := ""
	for _, p := range c.Sets[0].Panels {
		if p.Group == "" || p.Group != c.Sets[0].Group || p.Region {
			return Undecided
		}
		pt, ok := p.Latest()
		if !ok {
			continue
		}
		if last == "" {
			last = pt.Period
		}
		if pt.Period != last {
			return OtherPeriods
		}
		if _, broken := BreakBetween(p.Breaks, p.Points[0].Period, last); broken {
			return Broken
		}
	}
	return ""
}

// aggregate puts the values of a region's members together where that has a
// meaning: counts are added, percentages worked out from the sums of their
// numerators and denominators, which are those released. Averages are not.
func aggregate(area string, members []string, by map[string][]PublicSeries, v Version, rounding Protection) (Panel, bool) {
	var parts []PublicSeries
	p := Panel{Region: true}
	for _, m := range members {
		if len(by[m]) == 1 {
			if len(parts) > 0 && Comparable(parts[0], by[m][0]) != "" {
				continue
			}
			parts, p.Members = append(parts, by[m][0]), append(p.Members, m)
		}
	}
	if len(parts) == 0 || v.Measure == "mean" {
		return Panel{}, false
	}
	p.PublicSeries = PublicSeries{Area: area, Dimensions: parts[0].Dimensions, Source: parts[0].Source, Method: parts[0].Method, Group: parts[0].Group}
	p.Source.Resource, p.Source.Name = "", ""
	for _, s := range parts {
		p.Breaks = append(p.Breaks, s.Breaks...)
	}
	for _, period := range periods(panelsOf(parts)) {
		p.Points = append(p.Points, together(period, parts, v, rounding))
	}
	p.Pieces = pieces(p.PublicSeries)
	return p, true
}

func panelsOf(parts []PublicSeries) (out []Panel) {
	for _, s := range parts {
		out = append(out, Panel{PublicSeries: s})
	}
	return out
}

// together gives a region's value of a period; without all its members there
// is none.
func together(period string, parts []PublicSeries, v Version, rounding Protection) Point {
	out := Point{Period: period, Status: "D"}
	var sum, top, bottom float64
	for _, s := range parts {
		at := slices.IndexFunc(s.Points, func(p Point) bool { return p.Period == period })
		if at < 0 || s.Points[at].Value == nil {
			out.Status = "M"
			return out
		}
		pt := s.Points[at]
		sum += *pt.Value
		if pt.Numerator != nil && pt.Denominator != nil {
			top, bottom = top+*pt.Numerator, bottom+*pt.Denominator
		}
	}
	if v.Measure == "percent" {
		if bottom == 0 {
			out.Status = "M"
			return out
		}
		sum = rounding.share(top, bottom, len(parts), v.Decimals)
		out.Numerator, out.Denominator = &top, &bottom
	}
	out.Value = &sum
	return out
}
