package guide

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"waymark/library"
)

// Begin makes a new guide, or of a framework a new adaptation that takes every
// section of it by reference. It answers Conflict when the slug is taken.
func (g *Guides) Begin(ctx context.Context, v library.Viewer, d *Draft) error {
	if err := may(v); err != nil {
		return err
	}
	if err := d.checked(); err != nil {
		return err
	}
	for _, lang := range d.Languages {
		if len(lang) < 2 || strings.Trim(lang, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
			return refused("languages", "%q is no language: write en, fr or pt-BR", lang)
		}
	}
	switch _, err := g.Open(ctx, library.House(), d.Slug, When{}); {
	case err == nil:
		return refused("slug", "another guide has, or had, the address %q", d.Slug)
	case library.KindOf(err) != library.NotFound:
		return err
	}
	if audience := library.Narrowed(d.Audience); !v.Sees(library.Published, audience) {
		return refused("audience", "nobody closes a guide to themselves: %q", audience)
	}
	_, err := g.Import(ctx, v, d)
	return err
}

// SetValues puts what a place fills into the parameters of its frameworks, made
// from a version of the guide. Rows without a value are left out; one with a
// value says where it is stated.
func (g *Guides) SetValues(ctx context.Context, v library.Viewer, o *Opened, read int64, values []library.ParameterValue) error {
	if err := mayKeep(v, o.Guide); err != nil {
		return err
	}
	if o.Version != read {
		return library.Errorf(library.Conflict, "the guide was changed from version %d, but stands at %d", read, o.Version)
	}
	known := map[string]bool{}
	for _, frame := range o.Frames {
		for _, p := range frame.Parameters {
			known[p.Key] = true
		}
	}
	var kept []library.ParameterValue
	for _, val := range values {
		val.Value, val.Source = strings.TrimSpace(val.Value), strings.TrimSpace(val.Source)
		for _, day := range []*library.Date{&val.From, &val.To} {
			if *day == "" {
				continue
			}
			if d, err := library.ParseDate(string(*day)); err != nil || len(d) != len("2026-01-31") {
				return refused(val.Key, "%q is no day: write 2026-01-31", *day)
			}
		}
		switch {
		case val.Value == "":
			continue
		case !known[val.Key]:
			return refused(val.Key, "the frameworks have no parameter %q", val.Key)
		case val.Source == "":
			return refused(val.Key, "say where the value of %q is stated", val.Key)
		case val.From != "" && val.To != "" && val.To < val.From:
			return refused(val.Key, "the value of %q ends before it begins", val.Key)
		}
		kept = append(kept, val)
	}
	changed := *o.Guide
	changed.Values = kept
	c, err := change(changed.Version, &changed)
	if err != nil {
		return err
	}
	return g.commit(ctx, v, "fill the parameters", o.Slug, c)
}

// Unanswered gives the sections of the base that an adaptation has not: those
// that came after it was begun.
func (g *Guides) Unanswered(ctx context.Context, v library.Viewer, o *Opened) ([]Reading, error) {
	if len(o.Frames) == 0 {
		return nil, nil
	}
	base, err := g.Open(ctx, v, o.Frames[0].Slug, When{})
	if err != nil {
		return nil, err
	}
	theirs, err := g.Sections(ctx, base, "", o.Language())
	if err != nil {
		return nil, err
	}
	found, err := g.Store.Find(ctx, library.House(), library.KindSection, []library.Key{{Scheme: library.KeySectionOf, Value: string(o.ID)}}, 0)
	if err != nil {
		return nil, err
	}
	ours, err := each(found, library.SectionOf)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(theirs, func(r Reading) bool {
		return r.Ended != nil || r.Omitted() || r.holder == nil || slices.ContainsFunc(ours, func(s *library.Section) bool {
			return s.Derived != nil && s.Derived.Parent == r.ID
		})
	}), nil
}

// TakeNew answers a section that is new in the base: it is adopted, or with a
// reason left out. Saw is what it said when it was looked at.
func (g *Guides) TakeNew(ctx context.Context, v library.Viewer, o *Opened, parent library.ID, saw, omit string) error {
	if err := mayKeep(v, o.Guide); err != nil {
		return err
	}
	open, err := g.Unanswered(ctx, v, o)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(open, func(r Reading) bool { return r.ID == parent })
	if at < 0 {
		return library.Errorf(library.Conflict, "the section %s of the base is answered already, or not there", parent)
	}
	r := open[at]
	base, err := g.Open(ctx, v, o.Frames[0].Slug, When{})
	if err != nil {
		return err
	}
	in := &intake{Guides: g, viewer: v, guide: o.Guide, base: base, draft: &Draft{Slug: o.Slug}, pages: map[string]*library.GuideEntry{},
		byName: map[string]*library.Section{}, parents: map[library.ID]*library.Section{}, dirty: map[any]bool{}}
	page, err := in.pageLike(o, base.Page(r.In))
	if err != nil {
		return err
	}
	s, err := in.adoptOne(r, page)
	if err != nil {
		return err
	}
	if s.Derived.Hash != saw {
		return library.Errorf(library.Conflict, "the base says something else by now")
	}
	if omit = strings.TrimSpace(omit); omit != "" {
		if err := Lock(r.Section, nil, g.today()); err != nil {
			return err
		}
		decide(s, v.Name, g, library.Omitted, library.Text{o.Language(): omit})
	}
	return in.write(ctx)
}

// pageLike gives the entry of a guide that follows one of its base, a new one
// when there is none.
func (in *intake) pageLike(o *Opened, theirs *library.GuideEntry) (*library.GuideEntry, error) {
	for _, e := range o.Live() {
		if e.From == theirs.ID {
			return e, nil
		}
	}
	parent := library.ID("")
	if above := in.base.Page(theirs.Parent); above != nil {
		e, err := in.pageLike(o, above)
		if err != nil {
			return nil, err
		}
		parent = e.ID
	}
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	slug := theirs.Slug
	if o.Named(slug) != nil {
		slug = strings.ToLower(theirs.Slug + "-" + string(id[len(id)-6:]))
	}
	page := &library.GuideEntry{Head: library.Head{ID: id, Status: library.Published}, Guide: in.guide.ID, Parent: parent, Order: theirs.Order, Slug: slug,
		Titles: theirs.Titles, Keywords: theirs.Keywords, Own: theirs.Own, From: theirs.ID}
	page.Audience = library.Narrowed(in.guide.Audience, theirs.Audience)
	in.touch(page)
	in.pages[slug] = page
	return page, nil
}

// adoptOne takes a section of the base by reference.
func (in *intake) adoptOne(r Reading, page *library.GuideEntry) (*library.Section, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	lang := r.original
	if _, ok := r.Section.Texts[in.guide.Language()]; ok {
		lang = in.guide.Language()
	}
	lang = cmp.Or(lang, in.guide.Language())
	s := &library.Section{Head: library.Head{ID: id, Status: library.Published, Audience: library.Narrowed(in.guide.Audience, page.Audience, r.Audience)},
		Guide: in.guide.ID, In: page.ID, Order: r.Order, Name: r.Name, Type: r.Type,
		Force: r.Force, Own: r.Own,
		Derived: &library.Derivation{Parent: r.ID, Lang: lang, Base: r.Version, Hash: r.Says(lang), Decision: library.Adopted,
			By: in.viewer.Name, At: in.Now().UTC()}}
	stamp(s, lang, in.viewer.Name, Change{Class: library.Substantive, Summary: "Adopted"}, in.Guides)
	in.touch(s)
	return s, nil
}
