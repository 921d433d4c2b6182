package indicator

import (
	"slices"
	"strings"
	"time"
)

// Coverage is how complete and how fresh the released numbers of an indicator
// are, area by area, and for each break-down.
type Coverage struct {
	Periods []string // expected: from the first that any area has to the last that has ended
	Areas   []AreaCoverage
	Parts   []PartCoverage
}

// AreaCoverage is what one area has reported as totals.
type AreaCoverage struct {
	Area     string
	Cells    []Reported // by period
	Reported int        // periods with a value, held back or not
	Last     string     // the last period with a value; empty for none
	Age      int        // expected periods since; len(Periods) for none
	Stale    bool       // no value for the last two
}

// PartCoverage is how many of the expected values by one dimension are there.
type PartCoverage struct {
	Dimension          string
	Reported, Expected int
}

// Reported says what there is of one area and period.
type Reported string

// What there may be.
const (
	There  Reported = "there"
	Held   Reported = "held" // held back to protect people
	Absent Reported = "absent"
)

// staleAfter is how many periods without a value make a series stale.
const staleAfter = 2

// CoverageOf counts what of an indicator has been reported by now.
func CoverageOf(r *Release, v Version, now time.Time) Coverage {
	c := Coverage{Periods: expected(r, v.Frequency, now)}
	at := map[string]int{}
	for i, p := range c.Periods {
		at[p] = i
	}
	areas := map[string]*AreaCoverage{}
	parts := map[string]map[string]int{} // dimension → area and period → codes
	for _, s := range r.Series {
		a := areas[s.Area]
		if a == nil {
			a = &AreaCoverage{Area: s.Area, Cells: slices.Repeat([]Reported{Absent}, len(c.Periods)), Age: len(c.Periods)}
			areas[s.Area] = a
		}
		codes := Parts(s.Dimensions)
		for _, p := range s.Points {
			i, ok := at[p.Period]
			if !ok || p.Value == nil && p.Conf != Hidden {
				continue
			}
			if len(codes) == 0 && (a.Cells[i] == Absent || p.Value != nil) {
				a.Cells[i] = There
				if p.Value == nil {
					a.Cells[i] = Held
				}
			}
			for d := range codes {
				if len(codes) == 1 {
					if parts[d] == nil {
						parts[d] = map[string]int{}
					}
					parts[d][s.Area+"/"+p.Period]++
				}
			}
		}
	}
	for _, a := range areas {
		a.count(c.Periods)
		c.Areas = append(c.Areas, *a)
	}
	slices.SortFunc(c.Areas, func(a, b AreaCoverage) int { return strings.Compare(a.Area, b.Area) })
	for _, d := range v.Dimensions {
		c.Parts = append(c.Parts, PartCoverage{d.Code, len(parts[d.Code]), len(c.Periods) * len(c.Areas)})
	}
	return c
}

func (a *AreaCoverage) count(periods []string) {
	for i, cell := range a.Cells {
		if cell != Absent {
			a.Reported++
			a.Last, a.Age = periods[i], len(periods)-1-i
		}
	}
	a.Stale = a.Age >= staleAfter
}

// expected gives the periods from the first released to the last that has
// ended, as often as the indicator is told.
func expected(r *Release, frequency string, now time.Time) (out []string) {
	first := ""
	for _, s := range r.Series {
		for _, p := range s.Points {
			if len(p.Period) == periodLength(frequency) && (first == "" || p.Period < first) {
				first = p.Period
			}
		}
	}
	for p := first; p != "" && len(out) < 1000; p = following(p) {
		if end, err := endOf(p); err != nil || end.After(now) {
			break
		}
		out = append(out, p)
	}
	return out
}

// periodLength is how long a period of a frequency is written: 2024, 2024-Q1.
func periodLength(frequency string) int {
	switch frequency {
	case "Q", "M":
		return len("2024-06")
	}
	return len("2024")
}

// following gives the period after another, "" after what is none.
func following(period string) string {
	end, err := endOf(period)
	if err != nil {
		return ""
	}
	switch {
	case len(period) == 4:
		return end.Format("2006")
	case strings.Contains(period, "Q"):
		return end.Format("2006-Q") + string('1'+rune((int(end.Month())-1)/3))
	}
	return end.Format("2006-01")
}
