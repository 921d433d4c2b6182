package guide

import (
	"context"
	"slices"
	"strings"

	"waymark/library"
)

// SectionFields are what a person says of a section beside its text.
type SectionFields struct {
	In    library.ID // entry
	Type  library.SectionType
	Force library.Force
	Own   library.Audience // empty for those of its entry
}

// SectionTypes gives the types of sections, Forces how binding they can be.
func SectionTypes() []library.SectionType {
	return []library.SectionType{library.PlainSection, library.SectionSteps, library.SectionChecklist, library.SectionWarning,
		library.SectionContacts, library.SectionForm, library.SectionDefinition}
}

// Forces gives how binding sections can be.
func Forces() []library.Force { return []library.Force{library.Must, library.Should, library.Info} }

// describeSection puts what a person says of a section into it, or refuses it.
func (o *Opened) describeSection(v library.Viewer, s *library.Section, f SectionFields) error {
	page := o.Page(f.In)
	switch {
	case page == nil || page.Ended != nil:
		return refused("entry", "a section lies in an entry of its guide")
	case !slices.Contains(SectionTypes(), f.Type):
		return refused("kind", "a section is of no kind %q", f.Type)
	case !slices.Contains(Forces(), f.Force):
		return refused("force", "the force of a section is must, should or info")
	case f.Own != "" && !v.Sees(library.Published, f.Own):
		return refused("audience", "nobody closes a section to themselves: %q", f.Own)
	case f.Own != "" && page.Audience != library.Public && f.Own != page.Audience:
		return refused("audience", "the entry is for %q: a section in it can only be for fewer", page.Audience)
	}
	s.In, s.Type, s.Force, s.Own = f.In, f.Type, f.Force, f.Own
	s.Audience = library.Narrowed(o.Audience, page.Audience, f.Own)
	return nil
}

// AddSection puts a new section at the end of an entry with its first text in
// the language of the guide, and gives its ID. In an adaptation it is one that
// the place adds, for a reason.
func (g *Guides) AddSection(ctx context.Context, v library.Viewer, o *Opened, f SectionFields, c Change) (library.ID, error) {
	if err := mayKeep(v, o.Guide); err != nil {
		return "", err
	}
	c.Class, c.Lang = library.Substantive, o.Language()
	if c.Summary == "" {
		c.Summary = "First version"
	}
	if err := c.checked(); err != nil {
		return "", err
	}
	s := &library.Section{Head: library.Head{Status: library.Published}, Guide: o.ID}
	if err := o.describeSection(v, s, f); err != nil {
		return "", err
	}
	if o.Base != "" {
		if strings.TrimSpace(c.Reason) == "" {
			return "", refused("reason", "say why the section is added")
		}
		s.Derived = &library.Derivation{}
		decide(s, v.Name, g, library.Added, library.Text{o.Language(): c.Reason})
	}
	if err := g.leads(ctx, v, c.Body); err != nil {
		return "", err
	}
	all, err := g.Open(ctx, library.House(), o.Slug, When{})
	if err != nil {
		return "", err
	}
	taken, err := g.Sections(ctx, all, "", o.Language())
	if err != nil {
		return "", err
	}
	for _, r := range taken {
		if r.In == f.In {
			s.Order = max(s.Order, r.Order)
		}
	}
	s.Order += step
	s.Name = named(o.Page(f.In), c.Heading, taken)
	if s.ID, err = g.id(); err != nil {
		return "", err
	}
	put(s, o.Guide, c)
	stamp(s, c.Lang, v.Name, c, g)
	return s.ID, g.save(ctx, v, "add a section", c.Heading, s)
}

// PlaceSection puts what a person says of a section beside its text, made from a
// version of it: it may move to another entry, and keeps its address.
func (g *Guides) PlaceSection(ctx context.Context, v library.Viewer, id library.ID, read int64, f SectionFields) error {
	s, o, err := g.held(ctx, v, id)
	if err != nil {
		return err
	}
	if s.Version != read {
		return library.Errorf(library.Conflict, "the section was changed from version %d, but stands at %d", read, s.Version)
	}
	whole, err := g.Open(ctx, v, o.Slug, When{})
	if err != nil {
		return err
	}
	if s.Derived != nil && s.Derived.Parent != "" { // the base says what it is and how binding
		f.Type, f.Force = s.Type, s.Force
	}
	from, was := s.In, s.Audience
	if err := whole.describeSection(v, s, f); err != nil {
		return err
	}
	var changes []library.Change
	if from != s.In {
		s.Order = step
		there, err := g.Sections(ctx, whole, s.In, whole.Language())
		if err != nil {
			return err
		}
		for _, r := range there {
			s.Order = max(s.Order, r.Order+step)
		}
		o.Structure = append(o.Structure, library.StructureChange{From: []library.ID{id}, To: []library.ID{id}, Kind: "move",
			Why: "It lies in another entry now", At: g.Now().UTC()})
		c, err := change(o.Version, o)
		if err != nil {
			return err
		}
		changes = append(changes, c)
	}
	if was != s.Audience {
		said, err := g.Store.Find(ctx, library.House(), library.KindFeedback, []library.Key{{Scheme: library.KeyFeedbackOn, Value: string(id)}}, 0)
		if err != nil {
			return err
		}
		for _, e := range said {
			e.Audience = s.Audience
			changes = append(changes, library.Change{Read: e.Version, Entry: e})
		}
	}
	c, err := change(s.Version, s)
	if err != nil {
		return err
	}
	return g.commit(ctx, v, "place a section", s.Name, append(changes, c)...)
}

// MoveSection moves a section up (-1) or down (1) among those of its entry.
func (g *Guides) MoveSection(ctx context.Context, v library.Viewer, id library.ID, by int) error {
	s, o, err := g.held(ctx, v, id)
	if err != nil {
		return err
	}
	whole, err := g.Open(ctx, library.House(), o.Slug, When{})
	if err != nil {
		return err
	}
	readings, err := g.Sections(ctx, whole, s.In, o.Language())
	if err != nil {
		return err
	}
	readings = slices.DeleteFunc(readings, func(r Reading) bool { return r.Ended != nil })
	at := slices.IndexFunc(readings, func(r Reading) bool { return r.ID == id })
	if !swap(readings, at, by) {
		return nil
	}
	var changes []library.Change
	for i, r := range readings {
		if order := (i + 1) * step; r.Order != order {
			r.Order = order
			c, err := change(r.Version, r.Section)
			if err != nil {
				return err
			}
			changes = append(changes, c)
		}
	}
	return g.commit(ctx, v, "move a section", s.Name, changes...)
}
