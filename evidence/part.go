package evidence

import (
	"context"
	"reflect"
	"slices"

	"waymark/library"
)

// part is a finding or an appraisal: one of a list that a study has.
type part interface {
	Fields() library.Fields
	SetFields(library.Fields) error
}

// SaveFinding keeps a finding of a study: that of a place from 0, or a new one
// for −1. It answers Conflict with a *library.Clash when the finding was
// changed since, Invalid for what breaks a rule.
func (d *Desk) SaveFinding(ctx context.Context, v library.Viewer, c Change, place int) error {
	return savePart(ctx, d, v, c, place, "finding", func(s *Study) *[]Finding { return &s.Findings })
}

// SaveAppraisal keeps an appraisal of a study like SaveFinding. One that is
// current takes the place of the one that was; who made it is noted.
func (d *Desk) SaveAppraisal(ctx context.Context, v library.Viewer, c Change, place int) error {
	return savePart(ctx, d, v, c, place, "appraisal", func(s *Study) *[]Appraisal { return &s.Appraisals })
}

// RemoveFinding takes a finding out. It answers Invalid when gaps or claims
// rest on it or on one behind it, Conflict when the study was changed since.
func (d *Desk) RemoveFinding(ctx context.Context, v library.Viewer, id library.ID, base int64, place int) error {
	view, s, err := d.Own(ctx, v, id)
	switch {
	case err != nil:
		return err
	case s.Version != base:
		return library.Errorf(library.Conflict, "study %s has changed since it was looked at", id)
	case place < 0 || place >= len(s.Findings):
		return notFound("study %s has no finding %d", id, place+1)
	case view.restsOn(id, place):
		return fault("finding", "desk.fault.rests", "gaps or claims rest on findings of study %s", id)
	}
	s.Findings = slices.Delete(slices.Clone(s.Findings), place, place+1)
	edit := d.edit(v, "code", "finding taken out")
	if err := add(&edit, s.Version, s.Entry); err != nil {
		return err
	}
	_, err = d.Store.Commit(ctx, edit)
	return err
}

func savePart[T any, P interface {
	*T
	part
}](ctx context.Context, d *Desk, v library.Viewer, c Change, place int, what string, list func(*Study) *[]T) error {
	return d.commit(ctx, func() (library.Edit, error) {
		edit := d.edit(v, "code", what)
		_, s, err := d.Own(ctx, v, c.ID)
		if err != nil {
			return edit, err
		}
		parts := slices.Clone(*list(s))
		var one T
		at := len(parts)
		if place >= 0 {
			if at, err = standing(ctx, d, v, c, place, s, list, P(&one)); err != nil {
				return edit, err
			}
			one = parts[at]
		} else {
			parts = append(parts, one)
		}
		if err := P(&one).SetFields(c.Fields); err != nil {
			return edit, err
		}
		parts[at] = one
		*list(s) = parts
		s.settle(at, what, v)
		if err := d.check(ctx, v, s); err != nil {
			return edit, err
		}
		return edit, add(&edit, s.Version, s.Entry)
	})
}

// standing gives the place at which a part of an earlier version of a study
// stands now, unchanged; when it was changed, a clash with what it says.
func standing[T any, P interface {
	*T
	part
}](ctx context.Context, d *Desk, v library.Viewer, c Change, place int, s *Study, list func(*Study) *[]T, empty P) (int, error) {
	now := *list(s)
	if s.Version == c.Base {
		if place >= len(now) {
			return 0, notFound("study %s has no part %d", s.ID, place+1)
		}
		return place, nil
	}
	was, last, err := d.at(ctx, v, s.ID, c.Base)
	if err != nil {
		return 0, err
	}
	if old := *list(was); place < len(old) {
		if at := slices.IndexFunc(now, func(p T) bool { return reflect.DeepEqual(p, old[place]) }); at >= 0 {
			return at, nil
		}
	}
	theirs := empty.Fields()
	if place < len(now) {
		theirs = P(&now[place]).Fields()
	}
	return 0, clash(&library.Clash{Version: s.Version, Fields: c.Fields.Differing(theirs), Merged: c.Fields, Theirs: theirs, Actor: last.Actor, At: last.At})
}

// settle brings the rest of a study in line with a part that was changed.
func (s *Study) settle(at int, what string, v library.Viewer) {
	if what != "appraisal" {
		return
	}
	a := &s.Appraisals[at]
	if !slices.Contains(a.By, v.Name) {
		a.By = append(slices.Clone(a.By), v.Name)
	}
	for i := range s.Appraisals {
		if a.Current && i != at {
			s.Appraisals[i].Current = false
		}
	}
}

// SaveGap keeps a gap of a map, a new one for an empty ID. Gaps are for
// curators of the whole library. It answers Conflict with a *library.Clash when
// it was changed since, Invalid for what breaks a rule.
func (d *Desk) SaveGap(ctx context.Context, v library.Viewer, m string, c Change) error {
	if err := curators(v); err != nil {
		return err
	}
	if !v.MayEditAll() {
		return library.Errorf(library.Forbidden, "gaps are for curators of the whole library")
	}
	return d.commit(ctx, func() (library.Edit, error) {
		edit := d.edit(v, "gap", m)
		view, err := d.Base.View(ctx, v)
		if err != nil {
			return edit, err
		}
		g, err := d.gap(ctx, v, view, m, c)
		if err != nil {
			return edit, err
		}
		if err := g.SetFields(c.Fields); err != nil {
			return edit, err
		}
		if err := view.checkGap(g); err != nil {
			return edit, err
		}
		return edit, add(&edit, g.Version, g.Entry)
	})
}

func (d *Desk) gap(ctx context.Context, v library.Viewer, view View, m string, c Change) (*Gap, error) {
	if c.ID == "" {
		id, err := library.NewID(d.Now(), d.Entropy)
		return &Gap{Head: library.Head{ID: id, Status: library.Published, Audience: library.Public}, Map: m, By: v.Name}, err
	}
	i := slices.IndexFunc(view.Gaps, func(g *Gap) bool { return g.ID == c.ID })
	if i < 0 {
		return nil, notFound("there is no gap %s", c.ID)
	}
	g := *view.Gaps[i]
	if g.Version == c.Base {
		return &g, nil
	}
	revisions, err := d.Store.Revisions(ctx, v, g.ID)
	if err != nil {
		return nil, err
	}
	last := revisions[len(revisions)-1]
	theirs := g.Fields()
	return nil, clash(&library.Clash{Version: g.Version, Fields: c.Fields.Differing(theirs), Merged: c.Fields, Theirs: theirs, Actor: last.Actor, At: last.At})
}

// checkGap is Check with the map that the gap is of and the findings it names.
func (v View) checkGap(g *Gap) error {
	if _, ok := v.Map(g.Map); !ok || g.Map == "" {
		return notFound("no evidence map is called %q", g.Map)
	}
	m, f, err := v.mapOf(Query{Map: g.Map})
	if err != nil {
		return err
	}
	rows, _ := f.Tree(m.Rows)
	columns, _ := f.Tree(m.Columns)
	if !has(rows.List())(g.Row) || !has(columns.List())(g.Column) {
		return fault("row", "desk.fault.cell", "the map %s has no cell %q × %q", g.Map, g.Row, g.Column)
	}
	for _, ref := range g.Findings {
		if s, ok := v.Study(ref.Study); !ok || ref.Finding >= len(s.Findings) {
			return fault("finding", "desk.fault.finding", "there is no finding %d of study %s", ref.Finding+1, ref.Study)
		}
	}
	return g.Check(v.Words)
}
