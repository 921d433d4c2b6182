package indicator

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/library"
)

// Series is the observations of one indicator, in one version, for one area,
// from one source, for one value of each dimension.
type Series struct {
	library.Head
	Indicator    string            `json:"indicator"`
	Number       int               `json:"version"`
	Area         string            `json:"area"` // ISO 3166-1 alpha-2, or a code below it
	Source       Source            `json:"source"`
	Method       string            `json:"method,omitempty"` // version of the method
	Dimensions   map[string]string `json:"dimensions,omitempty"`
	Group        string            `json:"group,omitempty"` // comparability group
	Observations []Observation     `json:"observations"`
	Breaks       []Break           `json:"breaks,omitempty"`
	Targets      []Target          `json:"targets,omitempty"`
	Synthetic    bool              `json:"synthetic,omitempty"`
}

// Source is where a series comes from.
type Source struct {
	Kind     string     `json:"kind"` // a code of Words.Sources
	Name     string     `json:"name"`
	Coverage string     `json:"coverage,omitempty"`
	Licence  string     `json:"licence,omitempty"`
	Resource library.ID `json:"resource,omitempty"` // publication of the catalogue
}

// Observation is one value at one time. A revision supersedes it and leaves it
// to be read.
type Observation struct {
	Period      string     `json:"period"` // "2024", "2024-Q1", "2024-06"
	Value       *float64   `json:"value,omitempty"`
	Numerator   *float64   `json:"numerator,omitempty"`
	Denominator *float64   `json:"denominator,omitempty"`
	N           *int       `json:"n,omitempty"`
	Low         *float64   `json:"low,omitempty"`
	High        *float64   `json:"high,omitempty"`
	Status      string     `json:"status"`         // OBS_STATUS of SDMX
	Conf        string     `json:"conf,omitempty"` // CONF_STATUS of SDMX
	Note        string     `json:"note,omitempty"`
	Page        int        `json:"page,omitempty"` // of the source's file, from 1
	EnteredBy   string     `json:"entered_by,omitempty"`
	Recorded    time.Time  `json:"recorded"`
	Superseded  *time.Time `json:"superseded,omitempty"`
}

// Break says that values after a period do not go on from those before.
type Break struct {
	After string       `json:"after"` // the last period before it
	Kind  string       `json:"kind"`  // a code of Words.Breaks
	Link  *float64     `json:"link,omitempty"`
	Note  library.Text `json:"note,omitempty"`
}

// Target is a value that is aimed at, or that one started from.
type Target struct {
	Kind   string  `json:"kind"` // baseline, milestone, target
	Period string  `json:"period"`
	Value  float64 `json:"value"`
	Source string  `json:"source,omitempty"`
}

// Group is a set of series that persons have decided may share one chart and
// one ranking, with the reason.
type Group struct {
	library.Head
	Code      string       `json:"code"`
	Indicator string       `json:"indicator"`
	Reason    library.Text `json:"reason"`
	By        string       `json:"by,omitempty"`
	Decided   string       `json:"decided"` // day, ISO 8601
	Synthetic bool         `json:"synthetic,omitempty"`
}

// Entry gives the group as the store keeps it.
func (g *Group) Entry() (library.Entry, error) {
	return library.NewEntry(g.Head, KindGroup, g, library.Key{Scheme: KeyCode, Value: g.Code})
}

// Results is a results framework: what a programme set out to reach.
type Results struct {
	library.Head
	Code      string       `json:"code"`
	Titles    library.Text `json:"titles"`
	Rows      []ResultRow  `json:"rows"`
	Synthetic bool         `json:"synthetic,omitempty"`
}

// ResultRow is one indicator in one area of a results framework.
type ResultRow struct {
	Indicator  string `json:"indicator"`
	Area       string `json:"area"`
	Dimensions string `json:"dimensions,omitempty"` // canonical, see Canonical
}

// Entry gives the framework as the store keeps it.
func (r *Results) Entry() (library.Entry, error) {
	return library.NewEntry(r.Head, KindResults, r, library.Key{Scheme: KeyCode, Value: r.Code})
}

// Canonical writes the values of dimensions in one order, without totals:
// "age=Y0T17&sex=F"; everything total is "".
func Canonical(dimensions map[string]string) string {
	var parts []string
	for d, code := range dimensions {
		if code != Total && code != "" {
			parts = append(parts, d+"="+code)
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, "&")
}

// Parts reads what Canonical wrote.
func Parts(canonical string) map[string]string {
	out := map[string]string{}
	for part := range strings.SplitSeq(canonical, "&") {
		if d, code, ok := strings.Cut(part, "="); ok {
			out[d] = code
		}
	}
	return out
}

// Identity is what makes two series one.
func (s *Series) Identity() string {
	return fmt.Sprintf("%s/%d/%s/%s:%s/%s/%s", s.Indicator, s.Number, s.Area, s.Source.Kind, s.Source.Name, s.Method, Canonical(s.Dimensions))
}

// Entry gives the series as the store keeps it.
func (s *Series) Entry() (library.Entry, error) {
	return library.NewEntry(s.Head, KindSeries, s, library.Key{Scheme: KeySeries, Value: s.Identity()})
}

// Current gives the observation of a period that stands.
func (s *Series) Current(period string) (Observation, bool) {
	for _, o := range s.Observations {
		if o.Period == period && o.Superseded == nil {
			return o, true
		}
	}
	return Observation{}, false
}

// Revise adds an observation; one of the same period that says something else
// is superseded, one that says the same stays. It tells whether anything changed.
func (s *Series) Revise(o Observation) bool {
	for i := range s.Observations {
		was := &s.Observations[i]
		if was.Period != o.Period || was.Superseded != nil {
			continue
		}
		if was.says() == o.says() {
			return false
		}
		at := o.Recorded
		was.Superseded = &at
	}
	s.Observations = append(s.Observations, o)
	slices.SortStableFunc(s.Observations, func(a, b Observation) int { return strings.Compare(a.Period, b.Period) })
	return true
}

// says is what an observation says, without when and by whom.
func (o Observation) says() string {
	f := func(v *float64) string {
		if v == nil {
			return "-"
		}
		return number(*v)
	}
	n := "-"
	if o.N != nil {
		n = fmt.Sprint(*o.N)
	}
	return strings.Join([]string{f(o.Value), f(o.Numerator), f(o.Denominator), n, f(o.Low), f(o.High), o.Status, o.Conf, o.Note, fmt.Sprint(o.Page)}, "|")
}

// BreakBetween gives the break of the series after from and before or at to.
func BreakBetween(breaks []Break, from, to string) (Break, bool) {
	for _, b := range breaks {
		if b.After >= from && b.After < to {
			return b, true
		}
	}
	return Break{}, false
}

// AsOf gives series as they stood at a moment: without what was recorded after
// it, and with what was superseded only since.
func AsOf(series []*Series, at time.Time) []*Series {
	var out []*Series
	for _, s := range series {
		was := *s
		was.Observations = nil
		for _, o := range s.Observations {
			if o.Recorded.After(at) {
				continue
			}
			if o.Superseded != nil && o.Superseded.After(at) {
				o.Superseded = nil
			}
			was.Observations = append(was.Observations, o)
		}
		if len(was.Observations) > 0 {
			out = append(out, &was)
		}
	}
	return out
}
