package guide

import (
	"context"
	"fmt"
	"slices"
	"time"

	"waymark/library"
	"waymark/search"
)

// Indexed gives how sections are found, for an index. Those that are not to be
// found any more, or that hold no word of their own, are not given: what forty
// countries took over unchanged is found once, where it was written.
func (g *Guides) Indexed(ctx context.Context, sections []library.Entry) ([]search.Section, error) {
	wanted := map[library.ID]bool{}
	var guides []library.ID
	for _, e := range sections {
		s, err := library.SectionOf(e)
		if err != nil {
			return nil, err
		}
		wanted[s.ID] = true
		if !slices.Contains(guides, s.Guide) {
			guides = append(guides, s.Guide)
		}
	}
	entries, err := g.Store.Entries(ctx, library.House(), guides)
	if err != nil {
		return nil, fmt.Errorf("read the guides of %d sections: %w", len(sections), err)
	}
	var all []search.Section
	for _, e := range entries {
		child, err := library.GuideOf(e)
		if err != nil {
			return nil, err
		}
		if !standing(child.Status) {
			continue
		}
		o, readings, err := g.whole(ctx, library.House(), child)
		if err != nil {
			return nil, err
		}
		for _, r := range readings {
			taken := r.holder != r.Section && len(r.Notes) == 0
			if !wanted[r.ID] || r.Ended != nil || r.Lang == "" || taken || !standing(r.Status) {
				continue
			}
			one, err := g.indexed(ctx, o, r)
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
	}
	return all, nil
}

// standing tells whether something is there, for some readers at least.
func standing(s library.Status) bool { return s == library.Published || s == library.Draft }

func (g *Guides) indexed(ctx context.Context, o *Opened, r Reading) (search.Section, error) {
	page := o.Page(r.In)
	x := search.Section{ID: r.ID, Guide: o.ID, Status: library.Published, Headings: library.Text{}, Texts: library.Text{}, Around: library.Text{},
		Keywords: append(slices.Clone(page.Keywords), o.Owner, o.Place), Date: library.Date(r.Changed().At.UTC().Format(time.DateOnly))}
	narrow := func(status library.Status, audience library.Audience) {
		if status != library.Published {
			x.Status = status
		}
		if audience != "" && audience != library.Public && !slices.Contains(x.Audiences, audience) {
			x.Audiences = append(x.Audiences, audience)
		}
	}
	narrow(o.Status, o.Audience)
	narrow(page.Status, page.Audience)
	narrow(r.Status, r.Audience)
	// Whoever may not see where the text comes from, then or now, is not shown it.
	var ids []library.ID
	for _, h := range r.hops {
		narrow(h.Status, h.Audience)
		ids = append(ids, h.ID)
	}
	now, err := g.Store.Entries(ctx, library.House(), ids)
	if err != nil {
		return x, err
	}
	for _, e := range now {
		narrow(e.Status, e.Audience)
	}
	slices.Sort(x.Audiences)
	for lang, w := range r.All() {
		body := w.Body
		if r.holder != r.Section {
			if body = r.Notes[lang]; body == "" {
				continue
			}
		}
		x.Headings[lang] = Line(w.Heading, o.Fill(lang))
		if x.Texts[lang], err = g.Render.Plain(body, o.Fill(lang)); err != nil {
			return x, err
		}
		title, _ := page.Titles.In(lang, o.Language())
		whole, _ := o.Titles.In(lang, o.Language())
		x.Around[lang] = title + " · " + whole
	}
	return x, nil
}

// Dependent gives the sections whose words or readers a change of parts of
// guides may change: those of a changed guide or entry, and all that derive
// from a changed section, at any distance.
func (g *Guides) Dependent(ctx context.Context, changed []library.Entry) ([]library.ID, error) {
	var keys []library.Key
	seen := map[library.ID]bool{}
	for _, e := range changed {
		switch e.Kind {
		case library.KindGuide:
			keys = append(keys, library.Key{Scheme: library.KeySectionOf, Value: string(e.ID)})
		case library.KindGuideEntry:
			keys = append(keys, library.Key{Scheme: library.KeySectionIn, Value: string(e.ID)})
		case library.KindSection:
			seen[e.ID] = true
			keys = append(keys, library.Key{Scheme: library.KeySectionFrom, Value: string(e.ID)})
		}
	}
	for range maxChain {
		if len(keys) == 0 {
			break
		}
		found, err := g.Store.Find(ctx, library.House(), library.KindSection, keys, 0)
		if err != nil {
			return nil, fmt.Errorf("look for sections that depend on others: %w", err)
		}
		keys = nil
		for _, e := range found {
			if !seen[e.ID] {
				seen[e.ID] = true
				keys = append(keys, library.Key{Scheme: library.KeySectionFrom, Value: string(e.ID)})
			}
		}
	}
	ids := make([]library.ID, 0, len(seen))
	for id := range seen {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids, nil
}

// Titles gives the titles of those of the guides that the viewer sees.
func (g *Guides) Titles(ctx context.Context, v library.Viewer, ids []library.ID) (map[library.ID]library.Text, error) {
	entries, err := g.Store.Entries(ctx, v, ids)
	if err != nil {
		return nil, fmt.Errorf("name %d guides: %w", len(ids), err)
	}
	titles := map[library.ID]library.Text{}
	for _, e := range entries {
		if e.Kind == library.KindGuide {
			o, err := library.GuideOf(e)
			if err != nil {
				return nil, err
			}
			titles[o.ID] = o.Titles
		}
	}
	return titles, nil
}

// Hit is a section in a list of what was found.
type Hit struct {
	Reading
	Guide *library.Guide
	Entry *library.GuideEntry
	Plain string
}

// Hits gives those of the sections that the viewer sees, with their text in a
// language, by ID.
func (g *Guides) Hits(ctx context.Context, v library.Viewer, ids []library.ID, lang string) (map[library.ID]Hit, error) {
	entries, err := g.Store.Entries(ctx, v, ids)
	if err != nil {
		return nil, fmt.Errorf("read %d sections: %w", len(ids), err)
	}
	hits := map[library.ID]Hit{}
	opened := map[library.ID]*Opened{}
	for _, e := range entries {
		if e.Kind != library.KindSection {
			continue
		}
		s, err := library.SectionOf(e)
		if err != nil {
			return nil, err
		}
		o, ok := opened[s.Guide]
		if !ok {
			if o, err = g.openByID(ctx, v, s.Guide); err != nil {
				return nil, err
			}
			opened[s.Guide] = o
		}
		if o == nil || o.Page(s.In) == nil {
			continue
		}
		readings, err := g.Sections(ctx, o, s.In, lang)
		if err != nil {
			return nil, err
		}
		for _, r := range readings {
			if r.ID != s.ID || r.Lang == "" || r.Ended != nil {
				continue
			}
			text, err := g.Render.Plain(r.Text.Body, o.Fill(r.Lang))
			if err != nil {
				return nil, err
			}
			r.Text.Heading = Line(r.Text.Heading, o.Fill(r.Lang))
			hits[r.ID] = Hit{r, o.Guide, o.Page(r.In), text}
		}
	}
	return hits, nil
}

// openByID opens a guide as it stands; nil when the viewer does not see it.
func (g *Guides) openByID(ctx context.Context, v library.Viewer, id library.ID) (*Opened, error) {
	entries, err := g.Store.Entries(ctx, v, []library.ID{id})
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	o, err := library.GuideOf(entries[0])
	if err != nil {
		return nil, err
	}
	opened := &Opened{Guide: o, viewer: v, on: g.Now()}
	return opened, g.fill(ctx, opened)
}
