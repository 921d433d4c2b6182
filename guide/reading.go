package guide

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"waymark/library"
)

// Reading is a section as a reader meets it: with the text that holds there,
// whoever wrote it.
type Reading struct {
	*library.Section
	Text     library.Writing
	Lang     string            // of Text
	From     library.ID        // the guide whose text it is; empty for its own
	Tongues  map[string]Tongue // the state of each language of the guide
	Marks    []bool            // of the Units of Text: those of which the original says something else now
	Parent   *library.Section  // of the base, as it stands; nil when there is none to be seen
	Drift    Drift
	holder   *library.Section   // whose Texts hold Text: the section itself or the pinned version of a base's
	hops     []*library.Section // the versions of other guides through which Text came
	original string             // language that the holder is written in
}

// Tongue is the state of a section in a language.
type Tongue string

// The states of a translation. They are computed from hashes.
const (
	Fresh   Tongue = "fresh"
	Behind  Tongue = "behind"
	Missing Tongue = "missing"
)

// Omitted tells whether the section is left out here.
func (r Reading) Omitted() bool {
	return r.Derived != nil && r.Derived.Decision == library.Omitted
}

// Changed gives the last change of what the section says where its text is written.
func (r Reading) Changed() library.Stamp {
	if r.holder == nil {
		return library.Stamp{}
	}
	return r.holder.Last(r.original)
}

// Sections gives the sections of one entry of a guide, or with an empty ID of
// all, in order and each with its text in a language, or in that of the guide
// where it is not translated. Those that the viewer does not see are not there,
// nor those of entries that the viewer does not see.
func (g *Guides) Sections(ctx context.Context, o *Opened, entry library.ID, lang string) ([]Reading, error) {
	sections := o.sections
	if !o.When.Past() {
		key := library.Key{Scheme: library.KeySectionOf, Value: string(o.ID)}
		if entry != "" {
			key = library.Key{Scheme: library.KeySectionIn, Value: string(entry)}
		}
		found, err := g.Store.Find(ctx, o.viewer, library.KindSection, []library.Key{key}, 0)
		if err != nil {
			return nil, fmt.Errorf("read the sections of %s: %w", o.Slug, err)
		}
		if sections, err = each(found, library.SectionOf); err != nil {
			return nil, err
		}
	}
	place := map[library.ID]int{}
	for i, e := range o.Entries {
		place[e.ID] = i + 1
	}
	var readings []Reading
	for _, s := range sections {
		if place[s.In] > 0 && (entry == "" || s.In == entry) {
			readings = append(readings, Reading{Section: s})
		}
	}
	slices.SortFunc(readings, func(a, b Reading) int {
		return cmp.Or(cmp.Compare(place[a.In], place[b.In]), cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID))
	})
	if err := g.resolve(ctx, o, readings); err != nil {
		return nil, fmt.Errorf("read the texts of %s: %w", o.Slug, err)
	}
	for i := range readings {
		readings[i].choose(o, lang)
	}
	return readings, g.behind(ctx, o, readings)
}

// Section gives one section with its guide, its text in a language or in that
// of the guide. It answers NotFound when there is none that the viewer sees.
func (g *Guides) Section(ctx context.Context, v library.Viewer, id library.ID, lang string) (*Opened, Reading, error) {
	s, err := g.section(ctx, v, id)
	if err != nil {
		return nil, Reading{}, err
	}
	entries, err := g.Store.Entries(ctx, v, []library.ID{s.Guide})
	if err != nil {
		return nil, Reading{}, err
	}
	for _, e := range entries {
		whole, err := library.GuideOf(e)
		if err != nil {
			return nil, Reading{}, err
		}
		o := &Opened{Guide: whole, viewer: v, on: g.Now()}
		if err := g.fill(ctx, o); err != nil {
			return nil, Reading{}, err
		}
		readings, err := g.Sections(ctx, o, s.In, cmp.Or(lang, o.Language()))
		if err != nil {
			return nil, Reading{}, err
		}
		for _, r := range readings {
			if r.ID == id {
				return o, r, nil
			}
		}
	}
	return nil, Reading{}, library.Errorf(library.NotFound, "the guide of the section %s is not there", id)
}

// MadeFrom gives the text that the translation of a section into a language was
// made from, or false when it is not kept or the section has none.
func (g *Guides) MadeFrom(ctx context.Context, v library.Viewer, r Reading, lang string) (library.Writing, bool, error) {
	if r.holder == nil || r.holder.Texts[lang].Source == "" {
		return library.Writing{}, false, nil
	}
	found, err := g.Store.Versions(ctx, v, []library.Ref{{ID: r.holder.ID, Version: r.holder.Texts[lang].Made}})
	if err != nil || len(found) == 0 {
		return library.Writing{}, false, err
	}
	then, err := library.SectionOf(found[0])
	if err != nil {
		return library.Writing{}, false, err
	}
	w, ok := then.Texts[r.original]
	return w, ok, nil
}

// resolve finds who holds the text of each section, and how it stands to its base.
func (g *Guides) resolve(ctx context.Context, o *Opened, readings []Reading) error {
	parents := map[library.ID]*library.Section{}
	var ids []library.ID
	for _, r := range readings {
		if r.Derived != nil && r.Derived.Parent != "" {
			ids = append(ids, r.Derived.Parent)
		}
	}
	entries, err := g.Store.Entries(ctx, o.viewer, ids)
	if err != nil {
		return err
	}
	for _, e := range entries {
		p, err := library.SectionOf(e)
		if err != nil {
			return err
		}
		parents[p.ID] = p
	}
	for i := range readings {
		r := &readings[i]
		if r.Derived != nil {
			r.Parent = parents[r.Derived.Parent]
		}
		r.Drift = Judge(r.Section, r.Parent, o.on)
		r.holder = r.Section
	}
	if err := g.holders(ctx, o, readings); err != nil {
		return err
	}
	for i := range readings {
		if r := &readings[i]; r.holder != nil {
			r.original = cmp.Or(written(r.holder), o.Language())
		}
	}
	return nil
}

// holders goes up the chain from sections that have no text of their own to
// the pinned version that has it.
func (g *Guides) holders(ctx context.Context, o *Opened, readings []Reading) error {
	for range maxChain {
		wanted := map[library.Ref][]int{}
		var refs []library.Ref
		for i, r := range readings {
			if h := r.holder; h != nil && len(h.Texts) == 0 && h.Derived != nil && h.Derived.Parent != "" && !r.Omitted() {
				ref := library.Ref{ID: h.Derived.Parent, Version: h.Derived.Base}
				if h.Derived.Live && r.Parent != nil && r.Parent.ID == ref.ID {
					ref.Version = r.Parent.Version
				}
				wanted[ref] = append(wanted[ref], i)
				refs = append(refs, ref)
				readings[i].holder = nil
			}
		}
		if len(refs) == 0 {
			return nil
		}
		entries, err := g.Store.Versions(ctx, o.viewer, refs)
		if err != nil {
			return err
		}
		for _, e := range entries {
			s, err := library.SectionOf(e)
			if err != nil {
				return err
			}
			for _, i := range wanted[library.Ref{ID: s.ID, Version: s.Version}] {
				readings[i].holder, readings[i].From = s, s.Guide
				readings[i].hops = append(readings[i].hops, s)
			}
		}
	}
	return nil
}

// written gives the language in which a section is written, and not translated.
func written(s *library.Section) string {
	for lang, w := range s.Texts {
		if w.Source == "" {
			return lang
		}
	}
	return ""
}

// choose takes the text in a language, and tells the state of all languages.
func (r *Reading) choose(o *Opened, lang string) {
	r.Tongues = map[string]Tongue{}
	if r.holder == nil || r.Omitted() {
		return
	}
	for _, l := range o.Languages {
		_, ok := r.holder.Texts[l]
		switch {
		case !ok:
			r.Tongues[l] = Missing
		case r.holder.Behind(l, r.original):
			r.Tongues[l] = Behind
		default:
			r.Tongues[l] = Fresh
		}
	}
	for _, l := range []string{lang, o.Language(), r.original} {
		if w, ok := r.holder.Texts[l]; ok {
			r.Text, r.Lang = w, l
			return
		}
	}
}

// behind marks the paragraphs of translations whose original says something
// else now.
func (g *Guides) behind(ctx context.Context, o *Opened, readings []Reading) error {
	wanted := map[library.Ref][]int{}
	var refs []library.Ref
	for i, r := range readings {
		if r.Lang != "" && r.Tongues[r.Lang] == Behind {
			ref := library.Ref{ID: r.holder.ID, Version: r.Text.Made}
			wanted[ref] = append(wanted[ref], i)
			refs = append(refs, ref)
		}
	}
	entries, err := g.Store.Versions(ctx, o.viewer, refs)
	if err != nil {
		return err
	}
	for _, e := range entries {
		then, err := library.SectionOf(e)
		if err != nil {
			return err
		}
		for _, i := range wanted[library.Ref{ID: then.ID, Version: then.Version}] {
			r := &readings[i]
			was, is := then.Texts[r.original], r.holder.Texts[r.original]
			// Unit stands against unit only where the translator kept them all.
			if gone := Changed(is.Body, was.Body); len(gone) == len(Units(r.Text.Body)) {
				r.Marks = gone
			}
		}
	}
	return nil
}

// Original gives the text in the language that the section is written in.
func (r Reading) Original() (library.Writing, string) {
	if r.holder == nil {
		return library.Writing{}, ""
	}
	return r.holder.Texts[r.original], r.original
}

// All gives the text in every language that there is.
func (r Reading) All() map[string]library.Writing {
	if r.holder == nil || r.Omitted() {
		return nil
	}
	return r.holder.Texts
}

// Fill gives what fills the parameters of the guide in a language.
func (o *Opened) Fill(lang string) Filling { return Fillings(o.Guide, o.Frames, o.Day(), lang) }
