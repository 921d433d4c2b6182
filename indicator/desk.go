package indicator

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"waymark/library"
)

// Keeper is what is read and changed where numbers are entered, each for a
// viewer. Commit is atomic and answers Conflict when an entry has changed since
// it was read.
type Keeper interface {
	Scan(ctx context.Context, v library.Viewer, kind library.Kind, after library.ID, limit int) ([]library.Entry, error)
	Revisions(ctx context.Context, v library.Viewer, id library.ID) ([]library.Edit, error)
	Commit(ctx context.Context, e library.Edit) (library.Edit, error)
}

// Desk is where curators define indicators, take deliveries in and release
// numbers. Its methods answer Forbidden to others.
type Desk struct {
	Base    *Base
	Store   Keeper
	IsArea  func(string) bool
	Now     func() time.Time
	Entropy io.Reader // for new IDs
}

// tries is how often an act begins anew when others change the same entries at
// the same moment.
const tries = 5

func (d *Desk) edit(v library.Viewer, action, note string) library.Edit {
	return library.Edit{At: d.Now(), Actor: v.Name, Action: action, Note: note}
}

func curators(v library.Viewer) error {
	if v.Role < library.Curator || v.Name == "" {
		return library.Errorf(library.Forbidden, "this is for curators")
	}
	return nil
}

// MayRelease tells whether a viewer may define indicators and release their
// numbers, which are of every country: a curator without limits.
func MayRelease(v library.Viewer) bool { return v.Name != "" && v.MayEditAll() }

func releasers(v library.Viewer) error {
	if !MayRelease(v) {
		return library.Errorf(library.Forbidden, "this is for curators of the whole library")
	}
	return nil
}

// Series gives the observations behind an indicator's releases, or behind all
// when code is empty. They are for curators alone: others read releases.
func (d *Desk) Series(ctx context.Context, v library.Viewer, code string) ([]*Series, error) {
	if err := curators(v); err != nil {
		return nil, err
	}
	entries, err := d.Store.Scan(ctx, library.House(), KindSeries, "", 0)
	if err != nil {
		return nil, fmt.Errorf("read the series: %w", err)
	}
	var out []*Series
	for _, e := range entries {
		s, err := library.ReadEntry[Series](e)
		if err != nil {
			return nil, err
		}
		if code == "" || s.Indicator == code {
			out = append(out, s)
		}
	}
	return out, nil
}

// Judge reads a delivery by all rules, those included that look at what the
// house has already: leaps of a series, parts that no longer add up, and areas
// that are not for this curator. Nothing is written.
func (d *Desk) Judge(ctx context.Context, v library.Viewer, sheet Sheet) (Delivery, error) {
	if err := curators(v); err != nil {
		return Delivery{}, err
	}
	view, err := d.Base.View(ctx, v)
	if err != nil {
		return Delivery{}, err
	}
	registry := map[string]*Indicator{}
	for _, ind := range view.Indicators {
		registry[ind.Code] = ind
	}
	out := Read(sheet, view.Words, registry, d.IsArea, d.Now())
	for _, r := range out.Rows {
		if !v.MayEdit(&library.Resource{Status: library.Published, Audience: library.Public, Countries: []string{r.Area}}) {
			out.Issues = append(out.Issues, Issue{r.Line, "area", "limits", Block, fmt.Sprintf("the area %s is outside this curator's countries", r.Area)})
		}
	}
	if !out.Blocked() {
		have, err := d.Series(ctx, v, "")
		if err != nil {
			return Delivery{}, err
		}
		if err := out.compare(have, registry, d.Now()); err != nil {
			return Delivery{}, err
		}
	}
	slices.SortStableFunc(out.Issues, func(a, b Issue) int { return a.Line - b.Line })
	return out, nil
}

// compare warns of what a delivery does to the series that are there.
func (d *Delivery) compare(have []*Series, registry map[string]*Indicator, now time.Time) error {
	changed, err := d.Take(have, "", now)
	if err != nil {
		return err
	}
	lines := map[string]int{}
	for _, r := range d.Rows {
		lines[r.identity()] = r.Line
	}
	for _, s := range changed {
		for _, leap := range Outliers(s) {
			if line, told := lines[s.Identity()+"/"+leap.Period]; told {
				d.Issues = append(d.Issues, Issue{line, "value", "leap", Warn, leap.String()})
			}
		}
	}
	d.Issues = append(d.Issues, d.sums(have, registry)...)
	return nil
}

// sums warns of totals that no longer are the sum of their parts once the
// delivery stands beside what is there. Between lines of one delivery that
// blocks; here the next delivery may put it right.
func (d *Delivery) sums(have []*Series, registry map[string]*Indicator) (issues []Issue) {
	delivered := map[string]bool{}
	tables := map[string][]Row{}
	table := func(r Row) string {
		s := Series{Area: r.Area, Source: r.Source, Method: r.Method}
		return r.key() + "/" + s.table() + "/" + r.Observation.Period
	}
	for _, r := range d.Rows {
		delivered[r.identity()] = true
		tables[table(r)] = append(tables[table(r)], r)
	}
	for _, s := range have {
		for _, o := range s.Observations {
			r := Row{Indicator: s.Indicator, Number: s.Number, Area: s.Area, Source: s.Source, Method: s.Method, Dimensions: s.Dimensions, Observation: o}
			if own := tables[table(r)]; o.Superseded == nil && len(own) > 0 && !delivered[r.identity()] {
				tables[table(r)] = append(own, r)
			}
		}
	}
	for _, rows := range tables {
		v, ok := registry[rows[0].Indicator].VersionOf(rows[0].Number)
		if !ok || v.Measure != "count" || rows[len(rows)-1].Line > 0 { // all of it is delivered, and was judged
			continue
		}
		for _, dim := range v.Dimensions {
			if dim.Exclusive {
				for _, i := range checkSums(rows, dim.Code) {
					i.Line, i.Severity = max(i.Line, rows[0].Line), Warn
					issues = append(issues, i)
				}
			}
		}
	}
	return issues
}

// Take writes what a delivery changes in one edit and gives how many series
// that are; adjust (nil for none) may add to each before it is written. It
// answers Invalid for a delivery that is blocked: then nothing is written.
func (d *Desk) Take(ctx context.Context, v library.Viewer, from string, in Delivery, adjust func(*Series)) (int, error) {
	for try := 1; ; try++ {
		n, err := d.take(ctx, v, from, in, adjust)
		if err == nil || library.KindOf(err) != library.Conflict || try == tries {
			return n, err
		}
	}
}

func (d *Desk) take(ctx context.Context, v library.Viewer, from string, in Delivery, adjust func(*Series)) (int, error) {
	have, err := d.Series(ctx, v, "")
	if err != nil {
		return 0, err
	}
	now := d.Now()
	changed, err := in.Take(have, v.Name, now)
	if err != nil || len(changed) == 0 {
		return 0, err
	}
	edit := d.edit(v, "observations", from)
	for _, s := range changed {
		if s.ID == "" {
			if s.ID, err = library.NewID(now, d.Entropy); err != nil {
				return 0, err
			}
		}
		if adjust != nil {
			adjust(s)
		}
		e, err := s.Entry()
		if err != nil {
			return 0, err
		}
		edit.Changes = append(edit.Changes, library.Change{Read: s.Version, Entry: e})
	}
	_, err = d.Store.Commit(ctx, edit)
	return len(changed), err
}

// Preview gives the next release of an indicator as it would be, and the one
// before it (nil for the first). The series that the last one was made of are
// known by when each observation was recorded and superseded.
func (d *Desk) Preview(ctx context.Context, v library.Viewer, code string, p Protection) (next, before *Release, err error) {
	if err := releasers(v); err != nil {
		return nil, nil, err
	}
	view, err := d.Base.View(ctx, v)
	if err != nil {
		return nil, nil, err
	}
	series, err := d.Series(ctx, v, code)
	if err != nil {
		return nil, nil, err
	}
	return d.preview(view, series, code, p)
}

func (d *Desk) preview(view View, series []*Series, code string, p Protection) (next, before *Release, err error) {
	ind, ok := view.Indicator(code)
	if !ok {
		return nil, nil, library.Errorf(library.NotFound, "there is no indicator %q", code)
	}
	before, _ = view.Latest(code)
	var earlier []*Series
	if before != nil {
		earlier = AsOf(series, before.Taken)
	}
	next, err = NewRelease(ind, series, earlier, before, p, d.Now())
	if err != nil {
		return nil, nil, err
	}
	next.Status, next.Audience = library.Published, ind.Audience
	return next, before, nil
}

// Wanted is a release to be made: of an indicator, with a protection, and with
// the hash of the preview that was looked at; empty when none was.
type Wanted struct {
	Code       string
	Protection Protection
	Seen       string
}

// Release makes the next releases of indicators and keeps them in one edit. It
// answers Conflict when what would be released is not what was looked at.
func (d *Desk) Release(ctx context.Context, v library.Viewer, wanted ...Wanted) ([]*Release, error) {
	if err := releasers(v); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		out, edit, err := d.releases(ctx, v, wanted)
		if err != nil || len(out) == 0 {
			return nil, err
		}
		if _, err = d.Store.Commit(ctx, edit); err == nil {
			return out, nil
		}
		if library.KindOf(err) != library.Conflict || try == tries {
			return nil, err
		}
	}
}

func (d *Desk) releases(ctx context.Context, v library.Viewer, wanted []Wanted) ([]*Release, library.Edit, error) {
	edit := d.edit(v, "release", "")
	view, err := d.Base.View(ctx, v)
	if err != nil {
		return nil, edit, err
	}
	all, err := d.Series(ctx, v, "")
	if err != nil {
		return nil, edit, err
	}
	edit.Seen = &view.Seq // two releases made at one moment would not know of each other
	of := map[string][]*Series{}
	for _, s := range all {
		of[s.Indicator] = append(of[s.Indicator], s)
	}
	var out []*Release
	for _, w := range wanted {
		r, _, err := d.preview(view, of[w.Code], w.Code, w.Protection)
		if err != nil {
			return nil, edit, err
		}
		if w.Seen != "" && w.Seen != r.Hash {
			return nil, edit, library.Errorf(library.Conflict, "the numbers of %s have changed since they were looked at", w.Code)
		}
		if r.ID, err = library.NewID(d.Now(), d.Entropy); err != nil {
			return nil, edit, err
		}
		e, err := r.Entry()
		if err != nil {
			return nil, edit, err
		}
		out, edit.Changes, edit.Note = append(out, r), append(edit.Changes, library.Change{Entry: e}), strings.TrimSpace(edit.Note+" "+w.Code)
	}
	return out, edit, nil
}
