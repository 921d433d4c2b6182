package guide

import (
	"cmp"
	"context"
	"slices"

	"waymark/library"
)

// Standing is how an adaptation stands to its base.
type Standing struct {
	Guide                              *library.Guide
	Adopted, Adapted, Added, Omitted   int
	Deferred                           int
	Waiting, Safety, Overdue, LateSafe int // changes to answer; of them on safety or law, overdue, and both
	Sections                           []Reading
}

// Stand counts how a guide stands to its base.
func Stand(o *library.Guide, readings []Reading) Standing {
	s := Standing{Guide: o}
	for _, r := range readings {
		if r.Ended != nil || r.Derived == nil {
			continue
		}
		switch r.Derived.Decision {
		case library.Adopted:
			s.Adopted++
		case library.Adapted:
			s.Adapted++
		case library.Added:
			s.Added++
		case library.Omitted:
			s.Omitted++
		case library.Deferred:
			s.Deferred++
		}
		s.Sections = append(s.Sections, r)
		if !r.Drift.State.Waiting() {
			continue
		}
		s.Waiting++
		safe := r.Drift.Class == library.Safety
		if safe {
			s.Safety++
		}
		if r.Drift.Overdue {
			s.Overdue++
		}
		if safe && r.Drift.Overdue {
			s.LateSafe++
		}
	}
	slices.SortStableFunc(s.Sections, urgency)
	return s
}

// urgency orders readings by what cannot wait: overdue changes on safety first.
func urgency(a, b Reading) int {
	rank := func(r Reading) int {
		switch {
		case !r.Drift.State.Waiting():
			return 9
		case r.Drift.Overdue && r.Drift.Class == library.Safety:
			return 0
		case r.Drift.Class == library.Safety:
			return 1
		case r.Drift.Overdue:
			return 2
		}
		return 7 - r.Drift.Class.Weight()
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), a.Drift.Due.Compare(b.Drift.Due))
}

// Standings gives how each adaptation of a guide stands to it: those with
// overdue changes on safety or law first, then by what else is overdue and waits.
func (g *Guides) Standings(ctx context.Context, v library.Viewer, id library.ID) ([]Standing, error) {
	guides, err := g.Adaptations(ctx, v, id)
	if err != nil {
		return nil, err
	}
	var all []Standing
	for _, child := range guides {
		o, readings, err := g.whole(ctx, v, child)
		if err != nil {
			return nil, err
		}
		all = append(all, Stand(o.Guide, readings))
	}
	slices.SortStableFunc(all, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(b.LateSafe, a.LateSafe), cmp.Compare(b.Safety, a.Safety), cmp.Compare(b.Overdue, a.Overdue),
			cmp.Compare(b.Waiting, a.Waiting))
	})
	return all, nil
}

// whole reads a guide with all its sections.
func (g *Guides) whole(ctx context.Context, v library.Viewer, child *library.Guide) (*Opened, []Reading, error) {
	o := &Opened{Guide: child, viewer: v, on: g.Now()}
	if err := g.fill(ctx, o); err != nil {
		return nil, nil, err
	}
	readings, err := g.Sections(ctx, o, "", o.Language())
	return o, readings, err
}

// Local is one section as a place has it.
type Local struct {
	Guide   *library.Guide
	Opened  *Opened
	Reading Reading
}

// Everywhere gives what each adaptation of a guide made of one of its sections.
func (g *Guides) Everywhere(ctx context.Context, v library.Viewer, id library.ID) ([]Local, error) {
	found, err := g.Store.Find(ctx, v, library.KindSection, []library.Key{{Scheme: library.KeySectionFrom, Value: string(id)}}, 0)
	if err != nil {
		return nil, err
	}
	sections, err := each(found, library.SectionOf)
	if err != nil {
		return nil, err
	}
	var all []Local
	for _, s := range sections {
		entries, err := g.Store.Entries(ctx, v, []library.ID{s.Guide})
		if err != nil {
			return nil, err
		}
		if len(entries) == 0 {
			continue
		}
		child, err := library.GuideOf(entries[0])
		if err != nil {
			return nil, err
		}
		o := &Opened{Guide: child, viewer: v, on: g.Now()}
		if err := g.fill(ctx, o); err != nil {
			return nil, err
		}
		readings, err := g.Sections(ctx, o, s.In, child.Language())
		if err != nil {
			return nil, err
		}
		for _, r := range readings {
			if r.ID == s.ID {
				all = append(all, Local{child, o, r})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Local) int {
		at, _ := a.Guide.Titles.In()
		bt, _ := b.Guide.Titles.In()
		return cmp.Compare(at, bt)
	})
	return all, nil
}

// Touched counts what a change of a section asks of those who adapt it: how
// many take it as it is, and how many have a text of their own to look through.
func (g *Guides) Touched(ctx context.Context, v library.Viewer, id library.ID) (clean, review int, err error) {
	found, err := g.Store.Find(ctx, v, library.KindSection, []library.Key{{Scheme: library.KeySectionFrom, Value: string(id)}}, 0)
	if err != nil {
		return 0, 0, err
	}
	sections, err := each(found, library.SectionOf)
	for _, s := range sections {
		if departs(s) {
			review++
		} else {
			clean++
		}
	}
	return clean, review, err
}
