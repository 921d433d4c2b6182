package indicator

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Severity says what a broken rule means.
type Severity string

// The severities of rules.
const (
	Block Severity = "block" // nothing of the delivery is taken
	Warn  Severity = "warn"
	Info  Severity = "info"
)

// Issue is a broken rule at a line of a delivery.
type Issue struct {
	Line     int
	Column   string
	Rule     string
	Severity Severity
	Text     string
}

// String writes the issue as one line.
func (i Issue) String() string {
	at := fmt.Sprintf("line %d", i.Line)
	if i.Column != "" {
		at += ", column " + i.Column
	}
	return fmt.Sprintf("%s: %s (%s, %s)", at, i.Text, i.Rule, i.Severity)
}

// Row is one observation of a delivery with all that places it.
type Row struct {
	Line        int
	Indicator   string
	Number      int
	Area        string
	Dimensions  map[string]string
	Source      Source
	Method      string
	Group       string
	Synthetic   bool
	Observation Observation
}

// identity names what may stand once in a delivery.
func (r Row) identity() string {
	s := Series{Indicator: r.Indicator, Number: r.Number, Area: r.Area, Source: r.Source, Method: r.Method, Dimensions: r.Dimensions}
	return s.Identity() + "/" + r.Observation.Period
}

// checkRow applies the rules of a single value.
func checkRow(r Row, v Version, now time.Time) (issues []Issue) {
	o := r.Observation
	say := func(column, rule string, sev Severity, format string, args ...any) {
		issues = append(issues, Issue{r.Line, column, rule, sev, fmt.Sprintf(format, args...)})
	}
	missing := slices.Contains([]string{"L", "M", "O"}, o.Status)
	switch {
	case o.Value == nil && !missing:
		say("value", "value", Block, "the value is empty: write it, or the status O, M or L")
	case o.Value != nil && missing:
		say("status", "value", Block, "a value stands there with the status %s, which says that there is none", o.Status)
	case o.Value != nil && (math.IsNaN(*o.Value) || math.IsInf(*o.Value, 0)):
		say("value", "type", Block, "the value is no number")
	case o.Value != nil && v.Measure == "count" && (*o.Value < 0 || *o.Value != math.Trunc(*o.Value)):
		say("value", "range", Block, "%s is no count: write a whole number from 0", number(*o.Value))
	case o.Value != nil && v.Measure == "percent" && (*o.Value < 0 || *o.Value > 100):
		say("value", "range", Block, "%s is no percentage between 0 and 100", number(*o.Value))
	}
	if o.Numerator != nil && o.Denominator != nil && v.Measure == "percent" {
		switch {
		case *o.Numerator > *o.Denominator:
			say("numerator", "ratio", Block, "the numerator %s is larger than the denominator %s", number(*o.Numerator), number(*o.Denominator))
		case *o.Denominator > 0 && o.Value != nil && math.Abs(*o.Numerator / *o.Denominator * 100 - *o.Value) > 0.5+math.Pow10(-v.Decimals):
			say("value", "ratio", Block, "the value %s is not %s of %s", number(*o.Value), number(*o.Numerator), number(*o.Denominator))
		}
	}
	if v.Measure == "percent" && o.Value != nil && (o.Numerator == nil || o.Denominator == nil) {
		say("denominator", "ratio", Block, "a percentage needs its numerator and denominator: percentages cannot be added or averaged")
	}
	if o.Value != nil && (o.Low != nil && *o.Low > *o.Value || o.High != nil && *o.High < *o.Value) {
		say("low", "interval", Block, "the value %s lies outside its interval", number(*o.Value))
	}
	if r.Source.Kind == "estimate" && o.Value != nil && (o.Low == nil || o.High == nil) {
		say("low", "interval", Warn, "an estimate has no interval")
	}
	if r.Source.Resource == "" || o.Page == 0 {
		say("page", "source", Warn, "the page of the source is not named")
	}
	if end, err := endOf(o.Period); err != nil {
		say("period", "period", Block, "%q is no period: write 2024, 2024-Q1 or 2024-06", o.Period)
	} else if end.After(now) && o.Status != "F" {
		say("period", "period", Block, "the period %s has not ended: a forecast has the status F", o.Period)
	}
	for _, d := range v.Dimensions {
		if d.Required && r.Dimensions[d.Code] == "" {
			say(d.Code, "dimension", Block, "the dimension %s is left out: write a code, _T for the total", d.Code)
		}
	}
	return issues
}

// endOf gives the moment at which a period ends.
func endOf(period string) (time.Time, error) {
	if y, err := time.Parse("2006", period); err == nil && len(period) == 4 {
		return y.AddDate(1, 0, 0), nil
	}
	if m, err := time.Parse("2006-01", period); err == nil {
		return m.AddDate(0, 1, 0), nil
	}
	year, quarter, ok := strings.Cut(period, "-Q")
	if y, err := time.Parse("2006", year); ok && err == nil && len(quarter) == 1 && quarter >= "1" && quarter <= "4" {
		return y.AddDate(0, 3*int(quarter[0]-'0'), 0), nil
	}
	return time.Time{}, fmt.Errorf("%q is no period", period)
}

// checkTables applies the rules of values together: none stands twice, and the
// parts of an exclusive dimension add up to their total.
func checkTables(rows []Row, versions map[string]Version) (issues []Issue) {
	first := map[string]int{}
	tables := map[string][]Row{}
	for _, r := range rows {
		id := r.identity()
		if line, twice := first[id]; twice {
			issues = append(issues, Issue{r.Line, "", "duplicate", Block, fmt.Sprintf("the same area, period, source and dimensions stand on line %d", line)})
			continue
		}
		first[id] = r.Line
		s := Series{Area: r.Area, Source: r.Source, Method: r.Method}
		key := fmt.Sprintf("%s/%d/%s/%s", r.Indicator, r.Number, s.table(), r.Observation.Period)
		tables[key] = append(tables[key], r)
	}
	for _, table := range tables {
		v := versions[table[0].key()]
		if v.Measure != "count" {
			continue
		}
		for _, d := range v.Dimensions {
			if d.Exclusive {
				issues = append(issues, checkSums(table, d.Code)...)
			}
		}
	}
	slices.SortStableFunc(issues, func(a, b Issue) int { return a.Line - b.Line })
	return issues
}

// key names the version that a row is of.
func (r Row) key() string { return fmt.Sprintf("%s/%d", r.Indicator, r.Number) }

// checkSums compares each total of a dimension with its parts, where any is given.
func checkSums(table []Row, dimension string) (issues []Issue) {
	sums, parts := map[string]float64{}, map[string]int{}
	rest := func(r Row) string {
		others := map[string]string{}
		for d, code := range r.Dimensions {
			if d != dimension {
				others[d] = code
			}
		}
		return Canonical(others)
	}
	total := func(r Row) bool { return r.Dimensions[dimension] == Total || r.Dimensions[dimension] == "" }
	for _, r := range table {
		if !total(r) && r.Observation.Value != nil {
			sums[rest(r)] += *r.Observation.Value
			parts[rest(r)]++
		}
	}
	for _, r := range table {
		if total(r) && r.Observation.Value != nil && parts[rest(r)] > 0 && sums[rest(r)] != *r.Observation.Value {
			issues = append(issues, Issue{r.Line, "value", "sum", Block, fmt.Sprintf("the total is %s, its parts by %s add up to %s: give what is unknown the code _U",
				number(*r.Observation.Value), dimension, number(sums[rest(r)]))})
		}
	}
	return issues
}

// Leap is a value far from those before it.
type Leap struct {
	Area, Period  string
	Value, Before float64
}

// String says it in a sentence.
func (l Leap) String() string {
	return fmt.Sprintf("%s %s: %s after %s is a leap without a break", l.Area, l.Period, number(l.Value), number(l.Before))
}

// Outliers gives values that leap: by more than the factor of change and
// with a modified Z above 3.5 on logarithms (Iglewicz and Hoaglin), where six
// values or more are there to judge by.
func Outliers(s *Series) (leaps []Leap) {
	var logs []float64
	var at []Observation
	for _, o := range s.Observations {
		if o.Superseded == nil && o.Value != nil && *o.Value > 0 {
			logs, at = append(logs, math.Log(*o.Value)), append(at, o)
		}
	}
	if len(logs) < 6 {
		return nil
	}
	middle := median(logs)
	away := make([]float64, len(logs))
	for i, v := range logs {
		away[i] = math.Abs(v - middle)
	}
	spread := median(away)
	for i := 1; i < len(logs); i++ {
		z := math.Inf(1)
		if spread > 0 {
			z = 0.6745 * math.Abs(logs[i]-middle) / spread
		}
		if _, broken := BreakBetween(s.Breaks, at[i-1].Period, at[i].Period); !broken && z > 3.5 && math.Abs(logs[i]-logs[i-1]) > math.Log(1.5) {
			leaps = append(leaps, Leap{s.Area, at[i].Period, *at[i].Value, *at[i-1].Value})
		}
	}
	return leaps
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
