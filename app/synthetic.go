package app

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"

	"waymark/indicator"
)

// The observations of the demonstration are made by a generator with a fixed
// seed, and labelled so wherever they go. They say nothing about any country.
const (
	syntheticSeed   = 20260101
	syntheticFirst  = 2014
	syntheticLast   = 2025
	syntheticSource = "Synthetic data of the demonstration, seed 20260101"
)

// syntheticAreas are the countries for which numbers are made up.
func syntheticAreas() []string {
	return []string{"AL", "BD", "CO", "ET", "JO", "KE", "LB", "MD", "NG", "PH", "SD", "UA"}
}

// syntheticRows makes the rows of a delivery for every indicator: a level and
// a trend for each country, years that are missing, one country with another
// kind of source, and breaks in a few series.
func syntheticRows(indicators []*indicator.Indicator) (rows []indicator.Row, breaks map[string][]indicator.Break) {
	breaks = map[string][]indicator.Break{}
	line := 1
	for n, ind := range indicators {
		v := ind.Last()
		r := rand.New(rand.NewPCG(syntheticSeed, uint64(n)))
		for a, area := range syntheticAreas() {
			if r.IntN(6) == 0 {
				continue // does not report
			}
			kind := v.Sources[0]
			if a%5 == 4 && kind != "court" {
				kind = "estimate"
			}
			level, trend := 0.2+0.7*r.Float64(), 0.94+0.14*r.Float64()
			size := math.Exp(4.5 + 3.5*r.Float64())
			source := indicator.Source{Kind: kind, Name: syntheticSource, Resource: demoNotes}
			if r.IntN(4) == 0 {
				breaks[ind.Code+"/"+area] = []indicator.Break{{After: strconv.Itoa(2017 + r.IntN(5)), Kind: []string{"law", "source", "method", "coverage"}[r.IntN(4)]}}
			}
			for year := syntheticFirst; year <= syntheticLast; year++ {
				if r.IntN(12) == 0 {
					continue // no value for this year
				}
				g := synthetic{r: r, v: v, size: size, level: math.Min(level, 0.97)}
				for _, cell := range g.cells() {
					line++
					cell.Line, cell.Indicator, cell.Number, cell.Area, cell.Source, cell.Synthetic = line, ind.Code, v.Number, area, source, true
					cell.Observation.Period, cell.Observation.Page = strconv.Itoa(year), notesNumbers
					if kind != "estimate" && len(breaks[ind.Code+"/"+area]) == 0 && v.Direction != "ambiguous" {
						cell.Group = ind.Code + "-demo"
					}
					rows = append(rows, cell)
				}
				size *= trend
				level = math.Min(level*(0.98+0.06*r.Float64()), 0.97)
			}
		}
	}
	return rows, breaks
}

// synthetic makes the values of one indicator, country and year.
type synthetic struct {
	r     *rand.Rand
	v     indicator.Version
	size  float64
	level float64
}

// cells gives the smallest cells and every total above them, which add up.
func (g synthetic) cells() []indicator.Row {
	combinations := []map[string]string{{}}
	for _, d := range g.v.Dimensions {
		var next []map[string]string
		for _, c := range combinations {
			for _, code := range codesOf(d.Code) {
				one := map[string]string{d.Code: code}
				for k, v := range c {
					one[k] = v
				}
				next = append(next, one)
			}
		}
		combinations = next
	}
	top, bottom := map[string]float64{}, map[string]float64{}
	var order []map[string]string
	for _, c := range combinations {
		n := math.Round(g.size * (0.3 + 1.4*g.r.Float64()) / math.Sqrt(float64(len(combinations))))
		part := math.Round(n * math.Min(1, g.level*(0.85+0.3*g.r.Float64())))
		for _, above := range totals(c, g.v.Dimensions) {
			name := indicator.Canonical(above)
			if _, seen := bottom[name]; !seen {
				order = append(order, above)
			}
			bottom[name] += n
			top[name] += part
		}
	}
	var rows []indicator.Row
	for _, c := range order {
		name := indicator.Canonical(c)
		rows = append(rows, g.row(c, top[name], bottom[name]))
	}
	return rows
}

func (g synthetic) row(c map[string]string, top, bottom float64) indicator.Row {
	row := indicator.Row{Dimensions: c}
	o := &row.Observation
	o.Status = "A"
	switch g.v.Measure {
	case "percent":
		if bottom == 0 {
			o.Status = "M"
			return row
		}
		value := math.Round(top/bottom*1000) / 10
		o.Value, o.Numerator, o.Denominator = &value, &top, &bottom
	case "mean":
		n := int(bottom) + 12
		value := math.Round(g.level*400*(0.9+0.2*g.r.Float64())*10) / 10
		o.Value, o.N = &value, &n
	default:
		o.Value = &bottom
	}
	return row
}

// codesOf gives the codes that the demonstration breaks down by.
func codesOf(dimension string) []string {
	switch dimension {
	case "sex":
		return []string{"F", "M"}
	case "age":
		return []string{"Y0T17", "Y18T29", "Y_GE30"}
	}
	return []string{"forced-labour", "sexual-exploitation", "other"}
}

// totals gives a cell and every total that it counts in.
func totals(cell map[string]string, dimensions []indicator.Dimension) []map[string]string {
	all := []map[string]string{{}}
	for _, d := range dimensions {
		var next []map[string]string
		for _, c := range all {
			for _, code := range []string{cell[d.Code], indicator.Total} {
				one := map[string]string{d.Code: code}
				for k, v := range c {
					one[k] = v
				}
				next = append(next, one)
			}
		}
		all = next
	}
	return all
}

// syntheticTargets gives a baseline and a target for the total of a series.
func syntheticTargets(s *indicator.Series, v indicator.Version) []indicator.Target {
	if indicator.Canonical(s.Dimensions) != "" || v.Direction == "ambiguous" || len(s.Observations) == 0 || s.Observations[0].Value == nil {
		return nil
	}
	start := *s.Observations[0].Value
	aim := start * 1.25
	if v.Direction == "down-good" {
		aim = start * 0.8
	}
	if v.Measure == "percent" {
		aim = math.Min(aim, 95)
	}
	return []indicator.Target{{Kind: "baseline", Period: s.Observations[0].Period, Value: rounded(start), Source: syntheticSource},
		{Kind: "target", Period: fmt.Sprint(syntheticLast + 2), Value: rounded(aim), Source: syntheticSource}}
}

// rounded keeps a baseline from telling more than its release does.
func rounded(v float64) float64 {
	if v >= 100 {
		return math.Round(v/10) * 10
	}
	return math.Round(v)
}
