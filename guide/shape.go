package guide

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"waymark/library"
)

// step is the distance between the places of neighbours, so that an import can
// put something in between.
const step = 10

// EntryFields are what a person says of an entry of a guide.
type EntryFields struct {
	Parent   library.ID
	Slug     string
	Titles   library.Text
	Owner    string
	Keywords []string
	Own      library.Audience // empty for those of what it lies in
}

// AddEntry puts a new entry at the end of a chapter, or of the guide, and gives
// its ID.
func (g *Guides) AddEntry(ctx context.Context, v library.Viewer, o *Opened, f EntryFields) (library.ID, error) {
	if err := mayKeep(v, o.Guide); err != nil {
		return "", err
	}
	id, err := g.id()
	if err != nil {
		return "", err
	}
	e := &library.GuideEntry{Head: library.Head{ID: id, Status: library.Published}, Guide: o.ID}
	if err := o.describe(v, e, f); err != nil {
		return "", err
	}
	for _, other := range o.Entries {
		if other.Parent == e.Parent {
			e.Order = max(e.Order, other.Order+step)
		}
	}
	c, err := change(0, e)
	if err != nil {
		return "", err
	}
	return id, g.commit(ctx, v, "add an entry", f.Slug, c)
}

// describe puts what a person says of an entry into it, or refuses it.
func (o *Opened) describe(v library.Viewer, e *library.GuideEntry, f EntryFields) error {
	parent := o.Page(f.Parent)
	switch other := o.Named(f.Slug); {
	case !IsSlug(f.Slug):
		return refused("slug", "%q is no word of an address", f.Slug)
	case other != nil && other.ID != e.ID:
		return refused("slug", "another entry has, or had, the address %q", f.Slug)
	case f.Titles[o.Language()] == "":
		return refused("title", "an entry has a title in %q", o.Language())
	case f.Parent != "" && (parent == nil || parent.Ended != nil || o.lies(parent, e.ID) || o.Depth(parent) >= maxChain-1):
		return refused("parent", "an entry cannot lie there")
	case f.Own != "" && !v.Sees(library.Published, f.Own):
		return refused("audience", "nobody closes an entry to themselves: %q", f.Own)
	}
	if e.Slug != "" && e.Slug != f.Slug {
		e.Former = append(slices.DeleteFunc(e.Former, func(s string) bool { return s == f.Slug }), e.Slug)
	}
	e.Parent, e.Slug, e.Titles, e.Owner, e.Keywords, e.Own = f.Parent, f.Slug, f.Titles, f.Owner, f.Keywords, f.Own
	e.Audience = library.Narrowed(o.within(e), e.Own)
	return nil
}

// lies tells whether an entry is another or lies in it.
func (o *Opened) lies(e *library.GuideEntry, in library.ID) bool {
	for at, hops := e, 0; at != nil && hops < 9; at, hops = o.Page(at.Parent), hops+1 {
		if at.ID == in {
			return true
		}
	}
	return false
}

// within gives the audience of what an entry lies in.
func (o *Opened) within(e *library.GuideEntry) library.Audience {
	if parent := o.Page(e.Parent); parent != nil {
		return library.Narrowed(o.Audience, parent.Audience)
	}
	return library.Narrowed(o.Audience)
}

// EditEntry puts what a person says of an entry, made from a version of it. Its
// audience goes on to what lies in it; an address that it had leads to it for ever.
func (g *Guides) EditEntry(ctx context.Context, v library.Viewer, o *Opened, id library.ID, read int64, f EntryFields) error {
	whole, e, err := g.keeping(ctx, v, o, id)
	if err != nil {
		return err
	}
	if e.Version != read {
		return library.Errorf(library.Conflict, "the entry was changed from version %d, but stands at %d", read, e.Version)
	}
	if err := whole.describe(v, e, f); err != nil {
		return err
	}
	a, err := change(e.Version, e)
	if err != nil {
		return err
	}
	rest, err := g.narrowing(ctx, whole, e.ID)
	if err != nil {
		return err
	}
	return g.commit(ctx, v, "edit an entry", f.Slug, append([]library.Change{a}, rest...)...)
}

// keeping opens the whole of a guide, also of what its keeper does not see, for
// changes that go on to all that lies in an entry.
func (g *Guides) keeping(ctx context.Context, v library.Viewer, o *Opened, id library.ID) (*Opened, *library.GuideEntry, error) {
	if err := mayKeep(v, o.Guide); err != nil {
		return nil, nil, err
	}
	if o.Page(id) == nil {
		return nil, nil, library.Errorf(library.NotFound, "the guide %s has no entry %s", o.Slug, id)
	}
	whole, err := g.Open(ctx, library.House(), o.Slug, When{})
	if err != nil {
		return nil, nil, err
	}
	return whole, whole.Page(id), nil
}

// narrowing gives the changes by which the audience of an entry, or with an
// empty ID of the guide, reaches all that lies in it, and what readers said of it.
func (g *Guides) narrowing(ctx context.Context, o *Opened, from library.ID) ([]library.Change, error) {
	var changes []library.Change
	put := func(read int64, part interface{ Entry() (library.Entry, error) }) error {
		c, err := change(read, part)
		changes = append(changes, c)
		return err
	}
	for _, e := range o.Entries { // chapters stand before what lies in them
		audience := library.Narrowed(o.within(e), e.Own)
		if e.ID == from || from != "" && !o.lies(e, from) || e.Audience == audience {
			continue
		}
		e.Audience = audience
		if err := put(e.Version, e); err != nil {
			return nil, err
		}
	}
	readings, err := g.Sections(ctx, o, "", o.Language())
	if err != nil {
		return nil, err
	}
	var keys []library.Key
	now := map[library.ID]library.Audience{}
	for _, r := range readings {
		audience := library.Narrowed(o.Page(r.In).Audience, r.Own)
		if r.Audience == audience {
			continue
		}
		r.Audience = audience
		now[r.ID] = audience
		keys = append(keys, library.Key{Scheme: library.KeyFeedbackOn, Value: string(r.ID)})
		if err := put(r.Version, r.Section); err != nil {
			return nil, err
		}
	}
	if len(keys) == 0 {
		return changes, nil
	}
	said, err := g.Store.Find(ctx, library.House(), library.KindFeedback, keys, 0)
	if err != nil {
		return nil, err
	}
	all, err := each(said, library.FeedbackOf)
	for _, f := range all {
		f.Audience = now[f.Section]
		if err := put(f.Version, f); err != nil {
			return nil, err
		}
	}
	return changes, err
}

// RestrictGuide sets who may read a guide, made from a version of it, and all
// that lies in it.
func (g *Guides) RestrictGuide(ctx context.Context, v library.Viewer, o *Opened, read int64, audience library.Audience) error {
	if err := mayKeep(v, o.Guide); err != nil {
		return err
	}
	if !v.Sees(library.Published, audience) {
		return refused("audience", "nobody closes a guide to themselves: %q", audience)
	}
	whole, err := g.Open(ctx, library.House(), o.Slug, When{})
	if err != nil {
		return err
	}
	if whole.Version != read {
		return library.Errorf(library.Conflict, "the guide was changed from version %d, but stands at %d", read, whole.Version)
	}
	whole.Audience = library.Narrowed(audience)
	a, err := change(whole.Version, whole.Guide)
	if err != nil {
		return err
	}
	changes := []library.Change{a}
	for _, e := range whole.Editions {
		e.Audience = whole.Audience
		c, err := change(e.Version, e)
		if err != nil {
			return err
		}
		changes = append(changes, c)
	}
	rest, err := g.narrowing(ctx, whole, "")
	if err != nil {
		return err
	}
	return g.commit(ctx, v, "restrict a guide", string(audience), append(changes, rest...)...)
}

// MoveEntry moves an entry up (-1) or down (1) among those beside it.
func (g *Guides) MoveEntry(ctx context.Context, v library.Viewer, o *Opened, id library.ID, by int) error {
	whole, e, err := g.keeping(ctx, v, o, id)
	if err != nil {
		return err
	}
	var beside []*library.GuideEntry
	for _, other := range whole.Live() {
		if other.Parent == e.Parent {
			beside = append(beside, other)
		}
	}
	at := slices.Index(beside, e)
	if !swap(beside, at, by) {
		return nil
	}
	var changes []library.Change
	for i, other := range beside {
		if order := (i + 1) * step; other.Order != order {
			other.Order = order
			c, err := change(other.Version, other)
			if err != nil {
				return err
			}
			changes = append(changes, c)
		}
	}
	return g.commit(ctx, v, "move an entry", e.Slug, changes...)
}

// swap exchanges one of a list with a neighbour, and tells whether there is one.
func swap[T any](list []T, at, by int) bool {
	to := at + by
	if at < 0 || to < 0 || to >= len(list) || by == 0 {
		return false
	}
	list[at], list[to] = list[to], list[at]
	return true
}

// EndEntry takes an entry out of its guide with the sections in it. Its
// addresses go on answering, and say why.
func (g *Guides) EndEntry(ctx context.Context, v library.Viewer, o *Opened, id library.ID, why string) error {
	whole, e, err := g.keeping(ctx, v, o, id)
	if err != nil {
		return err
	}
	if why = strings.TrimSpace(why); why == "" {
		return refused("why", "say why the entry leaves the guide")
	}
	for _, other := range whole.Live() {
		if other.Parent == id {
			return refused("entry", "end or move what lies in the entry first")
		}
	}
	readings, err := g.Sections(ctx, whole, id, whole.Language())
	if err != nil {
		return err
	}
	now := g.Now().UTC()
	e.Ended = &library.Ending{At: now, Why: why}
	parts := []interface{ Entry() (library.Entry, error) }{e, whole.Guide}
	read := []int64{e.Version, whole.Version}
	gone := library.StructureChange{Kind: "withdraw", Why: why, At: now}
	for _, r := range readings {
		if r.Ended == nil {
			r.Ended = &library.Ending{At: now, Why: why}
			gone.From = append(gone.From, r.ID)
			parts, read = append(parts, r.Section), append(read, r.Version)
		}
	}
	whole.Structure = append(whole.Structure, gone)
	var changes []library.Change
	for i, part := range parts {
		c, err := change(read[i], part)
		if err != nil {
			return err
		}
		changes = append(changes, c)
	}
	return g.commit(ctx, v, "end an entry", why, changes...)
}

// named gives a name for a new section that none of the guide has.
func named(page *library.GuideEntry, heading string, taken []Reading) string {
	word := Slug(heading)
	if word == "" {
		word = "section"
	}
	name := page.Slug + "/" + word
	for n := 2; slices.ContainsFunc(taken, func(r Reading) bool { return r.Name == name }); n++ {
		name = page.Slug + "/" + word + "-" + strconv.Itoa(n)
	}
	return name
}
