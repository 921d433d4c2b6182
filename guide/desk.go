package guide

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"waymark/library"
)

// Keep is a guide with what waits in it, for those who keep it.
type Keep struct {
	*library.Guide
	Soon, Overdue int // reviews due in 30 days, and overdue
	Feedback      int
	Drift, Late   int // changes of the base to answer, and overdue ones
}

// soon is how many days before its day a review is shown as due.
const soon = 30

// Reviewing is how a text stands to its review, as the desk lists it.
type Reviewing string

// The states. They are computed from the last review, its hash and its day.
const (
	ReviewedWell  Reviewing = "well"
	DueSoon       Reviewing = "soon"
	PastDue       Reviewing = "overdue"
	ChangedSince  Reviewing = "stale" // the text has another hash than the one that was looked at
	FoundWanting  Reviewing = "wanting"
	NeverReviewed Reviewing = "never"
)

// Reviewed gives how a section stands to its review on a day.
func Reviewed(s *library.Section, lang string, today library.Date) (Reviewing, library.SectionReview) {
	r, _ := s.Review(lang)
	switch {
	case r.By == "":
		return NeverReviewed, r
	case r.Hash != s.Says(lang):
		return ChangedSince, r
	case r.Note != "":
		return FoundWanting, r
	case r.Due < today:
		return PastDue, r
	case r.Due <= later(today, soon):
		return DueSoon, r
	}
	return ReviewedWell, r
}

// later gives the day so many days after one; a day that is none stays.
func later(day library.Date, days int) library.Date {
	at, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		return day
	}
	return library.Date(at.AddDate(0, 0, days).Format(time.DateOnly))
}

// Own gives the language in which a section of a guide is reviewed: that of the
// guide, or that in which its base's text is taken over.
func Own(s *library.Section, o *library.Guide) string {
	if _, ok := s.Texts[o.Language()]; !ok && s.Derived != nil && s.Derived.Lang != "" {
		return s.Derived.Lang
	}
	return o.Language()
}

// Due is a section whose review waits.
type Due struct {
	Guide   *library.Guide
	Section *library.Section
	Lang    string
	State   Reviewing
	Review  library.SectionReview
}

// Reviews gives the sections of the guides that a viewer keeps whose review
// waits: overdue ones first, then those whose text is another by now or was
// found wanting, then those due in 30 days, each by day; last those that nobody
// has reviewed. What a place takes over unchanged is reviewed where it was written.
func (g *Guides) Reviews(ctx context.Context, v library.Viewer) ([]Due, error) {
	var all []Due
	err := g.kept(ctx, v, func(o *library.Guide, sections []*library.Section) error {
		for _, s := range sections {
			lang := Own(s, o)
			state, review := Reviewed(s, lang, g.today())
			if state == ReviewedWell || state == NeverReviewed && len(s.Texts) == 0 {
				continue
			}
			all = append(all, Due{o, s, lang, state, review})
		}
		return nil
	})
	rank := map[Reviewing]int{PastDue: 0, FoundWanting: 1, ChangedSince: 2, DueSoon: 3, NeverReviewed: 4}
	slices.SortStableFunc(all, func(a, b Due) int {
		return cmp.Or(cmp.Compare(rank[a.State], rank[b.State]), cmp.Compare(a.Review.Due, b.Review.Due))
	})
	return all, err
}

// kept gives each guide that a viewer keeps with its sections that have not ended.
func (g *Guides) kept(ctx context.Context, v library.Viewer, do func(*library.Guide, []*library.Section) error) error {
	if err := may(v); err != nil {
		return err
	}
	guides, err := g.List(ctx, v)
	if err != nil {
		return err
	}
	for _, o := range guides {
		if !v.MayKeep(o) {
			continue
		}
		found, err := g.Store.Find(ctx, v, library.KindSection, []library.Key{{Scheme: library.KeySectionOf, Value: string(o.ID)}}, 0)
		if err != nil {
			return fmt.Errorf("read the sections of %s: %w", o.Slug, err)
		}
		sections, err := each(found, library.SectionOf)
		if err != nil {
			return err
		}
		sections = slices.DeleteFunc(sections, func(s *library.Section) bool { return s.Ended != nil })
		if err := do(o, sections); err != nil {
			return err
		}
	}
	return nil
}

// Keeping gives the guides that a viewer keeps with what waits in each.
func (g *Guides) Keeping(ctx context.Context, v library.Viewer) ([]Keep, error) {
	open, err := g.Feedback(ctx, v)
	if err != nil {
		return nil, err
	}
	said := map[library.ID]int{}
	for _, f := range open {
		said[f.Section]++
	}
	var all []Keep
	err = g.kept(ctx, v, func(o *library.Guide, sections []*library.Section) error {
		k := Keep{Guide: o}
		parents, err := g.parents(ctx, v, sections)
		for _, s := range sections {
			k.Feedback += said[s.ID]
			switch state, _ := Reviewed(s, Own(s, o), g.today()); state {
			case DueSoon:
				k.Soon++
			case PastDue, ChangedSince, FoundWanting:
				k.Overdue++
			}
			if s.Derived == nil {
				continue
			}
			if d := Judge(s, parents[s.Derived.Parent], g.Now()); d.State.Waiting() {
				k.Drift++
				if d.Overdue {
					k.Late++
				}
			}
		}
		all = append(all, k)
		return err
	})
	return all, err
}

// parents gives the sections that others derive from, as they stand.
func (g *Guides) parents(ctx context.Context, v library.Viewer, sections []*library.Section) (map[library.ID]*library.Section, error) {
	var ids []library.ID
	for _, s := range sections {
		if s.Derived != nil && s.Derived.Parent != "" {
			ids = append(ids, s.Derived.Parent)
		}
	}
	entries, err := g.Store.Entries(ctx, v, ids)
	if err != nil {
		return nil, err
	}
	all, err := each(entries, library.SectionOf)
	parents := map[library.ID]*library.Section{}
	for _, p := range all {
		parents[p.ID] = p
	}
	return parents, err
}

// Broken is a link of a section that leads to nothing in this library, or to
// what the section's readers may not see.
type Broken struct {
	Guide   *library.Guide
	Section *library.Section
	Lang    string
	To      string
}

// BrokenLinks gives the links in the texts that a viewer keeps which lead nowhere.
func (g *Guides) BrokenLinks(ctx context.Context, v library.Viewer) ([]Broken, error) {
	var all []Broken
	err := g.kept(ctx, v, func(o *library.Guide, sections []*library.Section) error {
		for _, s := range sections {
			for _, lang := range o.Languages {
				for _, body := range []string{s.Texts[lang].Body, s.Notes[lang]} {
					broken, err := g.broken(ctx, library.Viewer{Audiences: []library.Audience{s.Audience}}, body)
					if err != nil {
						return err
					}
					for _, to := range broken {
						all = append(all, Broken{o, s, lang, to})
					}
				}
			}
		}
		return nil
	})
	return all, err
}
