package guide

import (
	"cmp"
	"context"
	"slices"
	"time"

	"waymark/library"
)

// Touch is what a change of a text asks of a guide that derives from it.
type Touch struct {
	Guide   *library.Guide
	Section library.ID
	State   State     // that the section will have; Current when it follows by itself
	Clean   bool      // a text of its own that the change can be joined with
	Due     time.Time // zero when nothing is due
}

// Impact is whom a change of a section touches.
type Impact struct {
	Same    bool     // the section says what it said: nobody is touched
	Touches []Touch  // those that have a text of their own to look through first
	Behind  []string // languages whose translation falls behind by it
}

// Impact computes whom a change would touch, before it is made.
func (g *Guides) Impact(ctx context.Context, v library.Viewer, c Change) (Impact, error) {
	s, o, err := g.held(ctx, v, c.Section)
	if err != nil {
		return Impact{}, err
	}
	was := s.Texts[c.Lang]
	next := *s
	next.Texts = map[string]library.Writing{c.Lang: {Heading: c.Heading, Body: c.Body}}
	if next.Says(c.Lang) == s.Says(c.Lang) {
		return Impact{Same: true}, nil
	}
	var touched Impact
	for _, lang := range o.Languages {
		if _, translated := s.Texts[lang]; translated && c.Lang == o.Language() && lang != c.Lang && !s.Behind(lang, c.Lang) {
			touched.Behind = append(touched.Behind, lang)
		}
	}
	next.Log = map[string][]library.Stamp{c.Lang: append(slices.Clone(s.Log[c.Lang]),
		library.Stamp{Hash: next.Says(c.Lang), Class: c.Class, Summary: c.Summary, At: g.Now().UTC()})}
	found, err := g.Store.Find(ctx, v, library.KindSection, []library.Key{{Scheme: library.KeySectionFrom, Value: string(s.ID)}}, 0)
	if err != nil {
		return Impact{}, err
	}
	children, err := each(found, library.SectionOf)
	if err != nil {
		return Impact{}, err
	}
	for _, child := range children {
		if child.Derived.Lang != c.Lang || child.Ended != nil {
			continue
		}
		drift := Judge(child, &next, g.Now())
		if !drift.State.Waiting() && !child.Derived.Live {
			continue
		}
		entries, err := g.Store.Entries(ctx, v, []library.ID{child.Guide})
		if err != nil {
			return Impact{}, err
		}
		if len(entries) == 0 {
			continue
		}
		t := Touch{Section: child.ID, State: drift.State, Due: drift.Due}
		if t.Guide, err = library.GuideOf(entries[0]); err != nil {
			return Impact{}, err
		}
		if local, ok := child.Texts[c.Lang]; ok && child.Derived.Hash == was.Hash() {
			_, t.Clean = Clean(Merge(was.Body, local.Body, c.Body))
		}
		touched.Touches = append(touched.Touches, t)
	}
	slices.SortStableFunc(touched.Touches, effort)
	return touched, nil
}

// effort orders those who are touched: first who has a text of their own to
// look through, then by title.
func effort(a, b Touch) int {
	own := func(t Touch) int {
		if t.State == Update || t.State == Current {
			return 1
		}
		return 0
	}
	at, _ := a.Guide.Titles.In()
	bt, _ := b.Guide.Titles.In()
	return cmp.Or(cmp.Compare(own(a), own(b)), cmp.Compare(at, bt))
}

// Clash is what two persons made of the same section at once.
type Clash struct {
	By            string
	At            time.Time
	Theirs        library.Writing
	Heading, Body bool // in which of them the two differ
}

// Rebase brings a change to the version of the section that stands: what only
// the other changed is taken. Where both changed the same it answers what, and
// the change holds what its own writer wrote.
func (g *Guides) Rebase(ctx context.Context, v library.Viewer, c Change) (Change, *Clash, error) {
	s, _, err := g.held(ctx, v, c.Section)
	if err != nil || s.Version == c.Read {
		return c, nil, err
	}
	found, err := g.Store.Versions(ctx, v, []library.Ref{{ID: c.Section, Version: c.Read}})
	if err != nil || len(found) == 0 {
		return c, nil, cmp.Or[error](err, library.Errorf(library.NotFound, "the section %s has no version %d", c.Section, c.Read))
	}
	then, err := library.SectionOf(found[0])
	if err != nil {
		return c, nil, err
	}
	c.Read = s.Version
	if then.Says(c.Lang) == s.Says(c.Lang) {
		return c, nil, nil
	}
	was, is := then.Texts[c.Lang], s.Texts[c.Lang]
	last := s.Last(c.Lang)
	clash := Clash{By: last.By, At: last.At, Theirs: is}
	c.Heading, clash.Heading = settled(was.Heading, c.Heading, is.Heading)
	c.Body, clash.Body = settled(was.Body, c.Body, is.Body)
	if !clash.Heading && !clash.Body {
		return c, nil, nil
	}
	return c, &clash, nil
}

// settled gives what stands of two changes of a part, and whether they clash.
func settled(was, mine, theirs string) (string, bool) {
	alike := func(a, b string) bool {
		return library.Writing{Body: a}.Hash() == library.Writing{Body: b}.Hash()
	}
	switch {
	case alike(mine, theirs) || alike(was, theirs):
		return mine, false
	case alike(was, mine):
		return theirs, false
	}
	return mine, true
}
