package indicator

import (
	"cmp"
	"slices"
)

// OnlyRates says that counts are not mapped: a large country would only look
// like a large number.
const OnlyRates Reason = "kind"

// Mapped is the values of one period of one comparability group, in classes.
type Mapped struct {
	Group  string
	Period string
	Areas  []MappedArea // by code
	Bounds []float64    // of the classes: one more than there are
}

// MappedArea is one country; Class counts from 0, −1 for none.
type MappedArea struct {
	Panel Panel
	Point Point
	Class int
}

// classes is how many shades can still be told apart.
const classes = 5

// MapOf gives what of a comparison may be drawn as a map, or why nothing may:
// only rates, and only countries that persons have put into one group. The
// period is the last one for which most of them have a value.
func MapOf(c Comparison, v Version) (Mapped, Reason) {
	if v.Measure != "percent" {
		return Mapped{}, OnlyRates
	}
	i := slices.IndexFunc(c.Sets, func(s Set) bool { return s.Group != "" })
	if i < 0 {
		return Mapped{}, Undecided
	}
	m := Mapped{Group: c.Sets[i].Group}
	counts := map[string]int{}
	for _, p := range c.Sets[i].Panels {
		if p.Region || p.Group != m.Group {
			continue
		}
		m.Areas = append(m.Areas, MappedArea{Panel: p, Class: -1})
		for _, pt := range p.Points {
			if pt.Value != nil {
				counts[pt.Period]++
			}
		}
	}
	for _, period := range c.Periods {
		if n := counts[period]; n > 0 && (m.Period == "" || n*2 > len(m.Areas)) {
			m.Period = period
		}
	}
	if len(m.Areas) == 0 || m.Period == "" {
		return Mapped{}, Undecided
	}
	m.classify()
	slices.SortFunc(m.Areas, func(a, b MappedArea) int { return cmp.Compare(a.Panel.Area, b.Panel.Area) })
	return m, ""
}

// classify puts the values of the period into classes of equal width.
func (m *Mapped) classify() {
	low, high, any := 0.0, 0.0, false
	for i := range m.Areas {
		a := &m.Areas[i]
		if at := slices.IndexFunc(a.Panel.Points, func(p Point) bool { return p.Period == m.Period }); at >= 0 {
			a.Point = a.Panel.Points[at]
		}
		if v := a.Point.Value; v != nil {
			if !any {
				low, high, any = *v, *v, true
			}
			low, high = min(low, *v), max(high, *v)
		}
	}
	if high == low {
		high = low + 1
	}
	for n := range classes + 1 {
		m.Bounds = append(m.Bounds, low+(high-low)*float64(n)/classes)
	}
	for i := range m.Areas {
		if v := m.Areas[i].Point.Value; v != nil {
			m.Areas[i].Class = min(int((*v-low)/(high-low)*classes), classes-1)
		}
	}
}
