package guide

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"waymark/library"
)

// Store is what guides are read from; it gives nothing that the viewer may not
// see. A limit of 0 is none. AsOf gives entries as they stood at a time,
// Versions named versions of them.
type Store interface {
	Entries(ctx context.Context, v library.Viewer, ids []library.ID) ([]library.Entry, error)
	Find(ctx context.Context, v library.Viewer, kind library.Kind, keys []library.Key, limit int) ([]library.Entry, error)
	Versions(ctx context.Context, v library.Viewer, refs []library.Ref) ([]library.Entry, error)
	AsOf(ctx context.Context, v library.Viewer, ids []library.ID, at time.Time) ([]library.Entry, error)
	Commit(ctx context.Context, edit library.Edit) (library.Edit, error)
}

// Guides reads and changes guides.
type Guides struct {
	Store   Store
	Render  *Renderer
	Now     func() time.Time
	Entropy io.Reader // of IDs; safe for concurrent use
}

// When says which state of a guide is wanted: the zero When is that which
// stands, At one of the past, Edition a numbered one.
type When struct {
	At      time.Time
	Edition int
}

// Past tells whether it is another state than that which stands.
func (w When) Past() bool { return w != When{} }

// Opened is a guide as a viewer sees it, with its entries in the order of its
// tree: each chapter with its entries behind it.
type Opened struct {
	*library.Guide
	Frames   []*library.Guide // what it adapts, nearest first
	Entries  []*library.GuideEntry
	Editions []*library.Edition // latest first
	When     When
	Edition  *library.Edition // the one that When names

	viewer   library.Viewer
	sections []*library.Section // of a past state, all of them
	on       time.Time          // the time that is read of
}

// Day gives the day that the guide is read of.
func (o *Opened) Day() library.Date { return library.Date(o.on.UTC().Format(time.DateOnly)) }

// On gives the time that the guide is read of.
func (o *Opened) On() time.Time { return o.on }

// Depth gives 0 for a chapter, 1 for its entries, and so on.
func (o *Opened) Depth(e *library.GuideEntry) int {
	depth := 0
	for at := e; at != nil && at.Parent != "" && depth < 9; depth++ {
		at = o.Page(at.Parent)
	}
	return depth
}

// Live gives the entries that have not ended, in order.
func (o *Opened) Live() []*library.GuideEntry {
	return slices.DeleteFunc(slices.Clone(o.Entries), func(e *library.GuideEntry) bool { return e.Ended != nil })
}

// Page gives the entry with an ID, or nil when the viewer does not see it.
func (o *Opened) Page(id library.ID) *library.GuideEntry {
	for _, e := range o.Entries {
		if e.ID == id {
			return e
		}
	}
	return nil
}

// Named gives the entry of a slug, also of one that it had, or nil.
func (o *Opened) Named(slug string) *library.GuideEntry {
	for _, e := range o.Entries {
		if e.Slug == slug {
			return e
		}
	}
	for _, e := range o.Entries {
		if slices.Contains(e.Former, slug) {
			return e
		}
	}
	return nil
}

// List gives the guides that the viewer sees, by type and title.
func (g *Guides) List(ctx context.Context, v library.Viewer) ([]*library.Guide, error) {
	return g.guides(ctx, v, library.Key{Scheme: library.KeyGuide, Value: "all"})
}

// Adaptations gives the guides that adapt one, by title.
func (g *Guides) Adaptations(ctx context.Context, v library.Viewer, id library.ID) ([]*library.Guide, error) {
	return g.guides(ctx, v, library.Key{Scheme: library.KeyGuideBase, Value: string(id)})
}

func (g *Guides) guides(ctx context.Context, v library.Viewer, key library.Key) ([]*library.Guide, error) {
	entries, err := g.Store.Find(ctx, v, library.KindGuide, []library.Key{key}, 0)
	if err != nil {
		return nil, fmt.Errorf("list the guides: %w", err)
	}
	all, err := each(entries, library.GuideOf)
	slices.SortFunc(all, func(a, b *library.Guide) int {
		at, _ := a.Titles.In()
		bt, _ := b.Titles.In()
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(at, bt))
	})
	return all, err
}

// each reads entries as what they hold.
func each[T any](entries []library.Entry, of func(library.Entry) (T, error)) ([]T, error) {
	all := make([]T, 0, len(entries))
	for _, e := range entries {
		one, err := of(e)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// Open gives the guide of a slug, also of a former one, at a time or in an
// edition. It answers NotFound when there is none that the viewer sees.
func (g *Guides) Open(ctx context.Context, v library.Viewer, slug string, when When) (*Opened, error) {
	entries, err := g.Store.Find(ctx, v, library.KindGuide, []library.Key{{Scheme: library.KeyGuideSlug, Value: slug}}, 0)
	if err != nil {
		return nil, fmt.Errorf("look for the guide %q: %w", slug, err)
	}
	all, err := each(entries, library.GuideOf)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(g *library.Guide) bool { return g.Slug == slug })
	if i < 0 && len(all) > 0 {
		i = 0 // a former slug
	}
	if i < 0 {
		return nil, library.Errorf(library.NotFound, "there is no guide %q", slug)
	}
	o := &Opened{Guide: all[i], When: when, viewer: v, on: g.Now()}
	if err := g.fill(ctx, o); err != nil {
		return nil, fmt.Errorf("open the guide %q: %w", slug, err)
	}
	return o, nil
}

// fill reads the rest of a guide of which the present state is known.
func (g *Guides) fill(ctx context.Context, o *Opened) error {
	v, key := o.viewer, []library.Key{{Scheme: library.KeyGuideOf, Value: string(o.ID)}}
	found, err := g.Store.Find(ctx, v, library.KindEdition, key, 0)
	if err != nil {
		return err
	}
	if o.Editions, err = each(found, library.EditionOf); err != nil {
		return err
	}
	slices.SortFunc(o.Editions, func(a, b *library.Edition) int { return b.Number - a.Number })
	pages, err := g.Store.Find(ctx, v, library.KindGuideEntry, key, 0)
	if err != nil {
		return err
	}
	if o.When.Past() {
		if pages, err = g.past(ctx, o, pages); err != nil {
			return err
		}
	}
	all, err := each(pages, library.GuideEntryOf)
	if err != nil {
		return err
	}
	o.Entries = inTree(all)
	return g.frames(ctx, o)
}

// past puts the state that When names in the place of that which stands, and
// gives its entries.
func (g *Guides) past(ctx context.Context, o *Opened, pages []library.Entry) ([]library.Entry, error) {
	v := o.viewer
	now, err := g.Store.Find(ctx, v, library.KindSection, []library.Key{{Scheme: library.KeySectionOf, Value: string(o.ID)}}, 0)
	if err != nil {
		return nil, err
	}
	var whole, then, sections []library.Entry
	if o.When.Edition > 0 {
		i := slices.IndexFunc(o.Editions, func(e *library.Edition) bool { return e.Number == o.When.Edition })
		if i < 0 {
			return nil, library.Errorf(library.NotFound, "there is no edition %d", o.When.Edition)
		}
		o.Edition = o.Editions[i]
		var refs []library.Ref
		for _, item := range o.Edition.Items {
			refs = append(refs, item.Ref)
		}
		if whole, err = g.Store.Versions(ctx, v, []library.Ref{o.Edition.Whole}); err != nil {
			return nil, err
		}
		if then, err = g.Store.Versions(ctx, v, o.Edition.Pages); err != nil {
			return nil, err
		}
		if sections, err = g.Store.Versions(ctx, v, refs); err != nil {
			return nil, err
		}
		if day, err := time.Parse(time.DateOnly, string(o.Edition.Date)); err == nil {
			o.on = day
		}
	} else {
		o.on = o.When.At
		if whole, err = g.Store.AsOf(ctx, v, []library.ID{o.ID}, o.on); err != nil {
			return nil, err
		}
		if then, err = g.Store.AsOf(ctx, v, idsOf(pages), o.on); err != nil {
			return nil, err
		}
		if sections, err = g.Store.AsOf(ctx, v, idsOf(now), o.on); err != nil {
			return nil, err
		}
	}
	if len(whole) == 0 {
		return nil, library.Errorf(library.NotFound, "the guide was not there on %s", o.on.Format(time.DateOnly))
	}
	slug := o.Slug
	if o.Guide, err = library.GuideOf(whole[0]); err != nil {
		return nil, err
	}
	o.Slug = slug // addresses are those of today
	o.sections, err = each(sections, library.SectionOf)
	return then, err
}

func idsOf(entries []library.Entry) []library.ID {
	ids := make([]library.ID, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	return ids
}

// maxChain bounds the chain of adaptations: the world, a region, a country, a
// part of it, and one more.
const maxChain = 5

// frames reads what a guide adapts.
func (g *Guides) frames(ctx context.Context, o *Opened) error {
	for base := o.Base; base != "" && len(o.Frames) < maxChain; {
		entries, err := g.Store.Entries(ctx, o.viewer, []library.ID{base})
		if err != nil || len(entries) == 0 {
			return err
		}
		frame, err := library.GuideOf(entries[0])
		if err != nil {
			return err
		}
		o.Frames = append(o.Frames, frame)
		base = frame.Base
	}
	return nil
}

// inTree orders entries as a reader goes through them. One that lies in an
// entry which is not there is not there either.
func inTree(all []*library.GuideEntry) []*library.GuideEntry {
	under := map[library.ID][]*library.GuideEntry{}
	for _, e := range all {
		under[e.Parent] = append(under[e.Parent], e)
	}
	var out []*library.GuideEntry
	var walk func(parent library.ID, depth int)
	walk = func(parent library.ID, depth int) {
		list := under[parent]
		slices.SortFunc(list, func(a, b *library.GuideEntry) int {
			return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
		})
		for _, e := range list {
			out = append(out, e)
			if depth < maxChain {
				walk(e.ID, depth+1)
			}
		}
	}
	walk("", 0)
	return out
}

// Place is where a lasting address leads.
type Place struct {
	Guide   string     // slug
	Entry   string     // slug; empty for the guide itself
	Section library.ID // empty for the entry itself
}

// Place gives where a guide, an entry or a section stands now. A section that
// has ended stands where it stood, and says there what became of it.
func (g *Guides) Place(ctx context.Context, v library.Viewer, id library.ID) (Place, error) {
	none := library.Errorf(library.NotFound, "%s is no part of a guide", id)
	var p Place
	var page, whole library.ID
	entries, err := g.Store.Entries(ctx, v, []library.ID{id})
	if err != nil {
		return p, err
	}
	if len(entries) == 0 {
		return p, none
	}
	switch entries[0].Kind {
	case library.KindSection:
		s, err := library.SectionOf(entries[0])
		if err != nil {
			return p, err
		}
		p.Section, page, whole = s.ID, s.In, s.Guide
	case library.KindGuideEntry:
		page = id
	case library.KindGuide:
		whole = id
	default:
		return p, none
	}
	if page != "" {
		entries, err := g.Store.Entries(ctx, v, []library.ID{page})
		if err != nil || len(entries) == 0 {
			return p, cmp.Or[error](err, none)
		}
		e, err := library.GuideEntryOf(entries[0])
		if err != nil {
			return p, err
		}
		p.Entry, whole = e.Slug, e.Guide
	}
	entries, err = g.Store.Entries(ctx, v, []library.ID{whole})
	if err != nil || len(entries) == 0 {
		return p, cmp.Or[error](err, none)
	}
	o, err := library.GuideOf(entries[0])
	if err != nil {
		return p, err
	}
	p.Guide = o.Slug
	return p, nil
}
