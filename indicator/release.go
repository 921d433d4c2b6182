package indicator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/library"
)

// Release is the frozen numbers of an indicator after disclosure control. All
// pages and exports read releases, never the series themselves.
type Release struct {
	library.Head
	Indicator  string         `json:"indicator"`
	Number     int            `json:"version"`
	Issue      int            `json:"issue"` // of the indicator, from 1
	Taken      time.Time      `json:"taken"`
	Hash       string         `json:"hash"` // SHA-256 in hex over Series
	Protection Protection     `json:"protection"`
	Audit      Audit          `json:"audit"`
	Series     []PublicSeries `json:"series"`
	Synthetic  bool           `json:"synthetic,omitempty"`
}

// PublicSeries is a series as readers see it.
type PublicSeries struct {
	Area       string   `json:"area"`
	Dimensions string   `json:"dimensions,omitempty"` // canonical
	Source     Source   `json:"source"`
	Method     string   `json:"method,omitempty"`
	Group      string   `json:"group,omitempty"`
	Points     []Point  `json:"points"`
	Breaks     []Break  `json:"breaks,omitempty"`
	Targets    []Target `json:"targets,omitempty"`
}

// Point is a released value. One that is held back has no value and a Conf.
type Point struct {
	Period      string   `json:"period"`
	Value       *float64 `json:"value,omitempty"`
	Numerator   *float64 `json:"numerator,omitempty"`
	Denominator *float64 `json:"denominator,omitempty"`
	Status      string   `json:"status,omitempty"`
	Conf        string   `json:"conf,omitempty"`
	Note        string   `json:"note,omitempty"`
	Page        int      `json:"page,omitempty"`
}

// Hidden is the CONF_STATUS of every value that is held back. SDMX could tell
// small counts from those hidden for their sake, but that itself would narrow
// down the small ones: only the audit knows.
const Hidden = "C"

// NewRelease makes the next release of an indicator from the series that stand
// in the version, and from the release before it (nil for the first) with the
// series that it was made of. What cannot be protected stays as it was.
func NewRelease(ind *Indicator, series, earlier []*Series, before *Release, p Protection, at time.Time) (*Release, error) {
	v := ind.Last()
	if err := p.Check(); err != nil {
		return nil, err
	}
	if p.Mode == Open && (v.Unit == "persons" || v.Measure == "percent") {
		return nil, invalid("protection", "%s counts people and cannot be released without protection", ind.Code)
	}
	r := &Release{Indicator: ind.Code, Number: v.Number, Issue: 1, Taken: at.UTC().Truncate(time.Microsecond), Protection: p, Audit: Audit{Mode: p.Mode, Narrowest: math.MaxFloat64}}
	if before != nil {
		r.Issue = before.Issue + 1
	}
	b := &building{release: r, version: v, now: tables(series, v), old: tables(earlier, v), before: before}
	if err := b.run(series); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(r.Series)
	if err != nil {
		return nil, fmt.Errorf("write a release of %s: %w", ind.Code, err)
	}
	sum := sha256.Sum256(raw)
	r.Hash = hex.EncodeToString(sum[:])
	return r, nil
}

// tables groups what series say by area, source, method and period: each group
// is one table for the purpose of protection.
func tables(series []*Series, v Version) map[string]map[string]Observation {
	out := map[string]map[string]Observation{}
	for _, s := range series {
		if s.Number != v.Number {
			continue
		}
		for _, o := range s.Observations {
			if o.Superseded != nil {
				continue
			}
			key := s.table() + "/" + o.Period
			if out[key] == nil {
				out[key] = map[string]Observation{}
			}
			out[key][Canonical(s.Dimensions)] = o
		}
	}
	return out
}

// table is what the series shares with those it adds up with.
func (s *Series) table() string {
	return s.Area + "/" + s.Source.Kind + ":" + s.Source.Name + "/" + s.Method
}

// building is a release under way.
type building struct {
	release *Release
	version Version
	now     map[string]map[string]Observation
	old     map[string]map[string]Observation
	before  *Release
	points  map[string]map[string]Point // the released table, by the same keys
	was     map[string]map[string]Point // of the release before
}

func (b *building) run(series []*Series) error {
	b.points, b.was = map[string]map[string]Point{}, map[string]map[string]Point{}
	if b.before != nil {
		for _, s := range b.before.Series {
			for _, pt := range s.Points {
				key := (&Series{Area: s.Area, Source: s.Source, Method: s.Method}).table() + "/" + pt.Period
				if b.was[key] == nil {
					b.was[key] = map[string]Point{}
				}
				b.was[key][s.Dimensions] = pt
			}
		}
	}
	keys := make([]string, 0, len(b.now))
	for key := range b.now {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		b.points[key] = b.table(key)
		for name, pt := range b.points[key] {
			if pt.Conf == Hidden { // words of who delivered it may say what is held back
				pt.Note = ""
				b.points[key][name] = pt
			}
		}
	}
	for _, s := range series {
		if s.Number == b.version.Number {
			b.add(s)
		}
	}
	slices.SortFunc(b.release.Series, func(x, y PublicSeries) int {
		return strings.Compare(x.Area+" "+x.Dimensions+" "+x.Source.Kind+x.Source.Name, y.Area+" "+y.Dimensions+" "+y.Source.Kind+y.Source.Name)
	})
	if b.release.Audit.Narrowest == math.MaxFloat64 {
		b.release.Audit.Narrowest = 0
	}
	return nil
}

// table protects the values of one area, source and period. Counts, and the
// numerators and denominators of percentages, are each protected as a table of
// their own; a percentage is worked out from what is released of both.
func (b *building) table(key string) map[string]Point {
	observations := b.now[key]
	if b.version.Measure != "percent" {
		value := func(o Observation) *float64 { return o.Value }
		if b.version.Measure == "mean" {
			return b.means(observations)
		}
		return b.counts(key, value, func(pt Point) *float64 { return pt.Value }, func(pt *Point, v *float64) { pt.Value = v })
	}
	top := b.counts(key, func(o Observation) *float64 { return o.Numerator }, func(pt Point) *float64 { return pt.Numerator }, func(pt *Point, v *float64) { pt.Numerator = v })
	bottom := b.counts(key, func(o Observation) *float64 { return o.Denominator }, func(pt Point) *float64 { return pt.Denominator }, func(pt *Point, v *float64) { pt.Denominator = v })
	for name, pt := range top {
		below := bottom[name]
		pt.Denominator = below.Denominator
		if pt.Conf == "" {
			pt.Conf = below.Conf
		}
		p := b.release.Protection
		if pt.Numerator == nil || pt.Denominator == nil || *pt.Denominator < float64(p.fewest()) {
			if o := observations[name]; o.Numerator != nil && o.Denominator != nil {
				pt.Conf = Hidden
			}
			pt.Value, pt.Numerator, pt.Denominator = nil, nil, nil
		} else {
			share := p.share(*pt.Numerator, *pt.Denominator, 1, b.version.Decimals)
			pt.Value = &share
			if p.Mode == Round && *pt.Denominator < float64(10*p.Base) && pt.Status == "A" {
				pt.Status = "U" // rounding may move it by more than five points
			}
		}
		top[name] = pt
	}
	return top
}

// means releases averages, but for those over few persons.
func (b *building) means(observations map[string]Observation) map[string]Point {
	out := map[string]Point{}
	for name, o := range observations {
		pt := pointOf(o)
		if o.Value != nil {
			v := round(*o.Value, b.version.Decimals)
			pt.Value = &v
		}
		if o.N == nil || b.release.Protection.Mode != Open && *o.N < b.release.Protection.Threshold {
			if pt.Value != nil {
				pt.Value, pt.Conf = nil, Hidden
			}
		}
		out[name] = pt
	}
	return out
}

func pointOf(o Observation) Point {
	return Point{Period: o.Period, Status: o.Status, Conf: o.Conf, Note: o.Note, Page: o.Page}
}

// counts protects one table of counts.
func (b *building) counts(key string, value func(Observation) *float64, told func(Point) *float64, put func(*Point, *float64)) map[string]Point {
	multi := map[string]bool{}
	for _, d := range b.version.Dimensions {
		multi[d.Code] = !d.Exclusive
	}
	now := newTally(numbers(b.now[key], value), multi)
	var before *tally
	if was, ok := b.was[key]; ok && b.old[key] != nil {
		t := newTally(numbers(b.old[key], value), multi)
		t.by = b.before.Protection // which may have been another
		for i := range t.cells {
			t.cells[i].hidden = told(was[t.cells[i].name]) == nil
		}
		before = &t
	}
	p := b.release.Protection
	ok := p.protect(&now, before, &b.release.Audit)
	out := map[string]Point{}
	for name, o := range b.now[key] {
		pt := pointOf(o)
		if !ok { // what was told before stays as it was, and nothing is added
			if was, known := b.was[key][name]; known {
				out[name] = was
				continue
			}
			pt.Conf = Hidden
		}
		out[name] = pt
	}
	if !ok {
		return out
	}
	for _, c := range now.cells {
		pt := out[c.name]
		b.release.Audit.Cells++
		if c.hidden {
			pt.Conf = Hidden
			if c.why == "second" {
				b.release.Audit.Second++
			} else {
				b.release.Audit.Primary++
			}
		} else {
			v := c.value
			if p.Mode != Open {
				v, _, _ = p.shown(c.value)
			}
			put(&pt, &v)
		}
		out[c.name] = pt
	}
	return out
}

func numbers(observations map[string]Observation, value func(Observation) *float64) map[string]float64 {
	out := map[string]float64{}
	for name, o := range observations {
		if v := value(o); v != nil {
			out[name] = *v
		}
	}
	return out
}

// add puts the released points of a series into the release.
func (b *building) add(s *Series) {
	name := Canonical(s.Dimensions)
	out := PublicSeries{Area: s.Area, Dimensions: name, Source: s.Source, Method: s.Method, Group: s.Group, Breaks: s.Breaks, Targets: b.targets(s)}
	last := ""
	for _, o := range s.Observations {
		if o.Superseded != nil {
			continue
		}
		pt := b.points[s.table()+"/"+o.Period][name]
		if _, broken := BreakBetween(s.Breaks, last, o.Period); broken && last != "" && pt.Status == "A" {
			pt.Status = "B" // so that it goes with the value wherever it goes
		}
		last = o.Period
		out.Points = append(out.Points, pt)
	}
	b.release.Series = append(b.release.Series, out)
	b.release.Synthetic = b.release.Synthetic || s.Synthetic
}

// targets gives the targets of a series; a baseline is a count that was
// observed, and is protected as one.
func (b *building) targets(s *Series) (out []Target) {
	p := b.release.Protection
	for _, t := range s.Targets {
		if t.Kind == "baseline" && b.version.Measure == "count" && p.Mode != Open {
			if p.Mode == Suppress && p.sensitive(t.Value) {
				continue
			}
			t.Value, _, _ = p.shown(t.Value)
		}
		out = append(out, t)
	}
	return out
}

// Entry gives the release as the store keeps it.
func (r *Release) Entry() (library.Entry, error) {
	return library.NewEntry(r.Head, KindRelease, r, library.Key{Scheme: KeyCode, Value: r.Indicator})
}

func round(v float64, decimals int) float64 {
	by := math.Pow10(decimals)
	return math.Round(v*by) / by
}

// number writes a value with the digits that it has.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
