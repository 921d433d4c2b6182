package guide

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"waymark/library"
)

// Issue freezes the guide as it stands as its next edition. It is refused as
// long as a parameter that must be filled is not.
func (g *Guides) Issue(ctx context.Context, v library.Viewer, slug string, date library.Date, note string) (*library.Edition, error) {
	// An edition holds what staff alone read, too; who reads it is decided again
	// for each reader.
	o, err := g.Open(ctx, library.House(), slug, When{})
	if err != nil {
		return nil, err
	}
	if err := mayKeep(v, o.Guide); err != nil {
		return nil, err
	}
	if missing := o.Unfilled(); len(missing) > 0 {
		return nil, refused("parameters", "the parameter %q must be filled first", missing[0].Key)
	}
	readings, err := g.Sections(ctx, o, "", o.Language())
	if err != nil {
		return nil, err
	}
	d := &library.Edition{Head: library.Head{Status: o.Status, Audience: o.Audience}, Guide: o.ID, Number: 1, Date: date, Note: note,
		Whole: library.Ref{ID: o.ID, Version: o.Version}}
	if len(o.Editions) > 0 {
		d.Number = o.Editions[0].Number + 1
	}
	for _, e := range o.Live() {
		d.Pages = append(d.Pages, library.Ref{ID: e.ID, Version: e.Version})
	}
	for _, r := range readings {
		if r.Ended != nil {
			continue
		}
		item := library.EditionItem{Ref: library.Ref{ID: r.ID, Version: r.Version}, Hashes: map[string]string{}}
		for lang, w := range r.All() {
			item.Hashes[lang] = w.Hash()
		}
		d.Items = append(d.Items, item)
	}
	d.Hash = EditionHash(d)
	if d.ID, err = g.id(); err != nil {
		return nil, err
	}
	c, err := change(0, d)
	if err != nil {
		return nil, err
	}
	return d, g.commit(ctx, v, "issue an edition", fmt.Sprintf("%s, edition %d", o.Slug, d.Number), c)
}

// EditionHash gives the SHA-256 in hex over what an edition says: its number,
// its date and the hash of each text.
func EditionHash(d *library.Edition) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%d\n%s\n", d.Guide, d.Number, d.Date)
	for _, i := range d.Items {
		for _, lang := range slices.Sorted(maps.Keys(i.Hashes)) {
			fmt.Fprintf(h, "%s %s %s\n", i.ID, lang, i.Hashes[lang])
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Difference is one section in which two states of a guide differ.
type Difference struct {
	Section       library.ID
	Entry         *library.GuideEntry
	What          string // "added", "removed" or "changed"
	Before, After library.Writing
	Class         library.ChangeClass // the heaviest in between
	Changes       []library.Stamp
}

// Compare gives the sections in which two states of a guide differ for a
// reader, in the order of the later one, in the language of the guide.
func (g *Guides) Compare(ctx context.Context, before, after *Opened) ([]Difference, error) {
	old, err := g.Sections(ctx, before, "", before.Language())
	if err != nil {
		return nil, err
	}
	now, err := g.Sections(ctx, after, "", after.Language())
	if err != nil {
		return nil, err
	}
	live := func(r Reading) bool { return r.Ended == nil && !r.Omitted() && r.holder != nil }
	was := map[library.ID]Reading{}
	for _, r := range old {
		if live(r) {
			was[r.ID] = r
		}
	}
	var out []Difference
	for _, r := range now {
		if !live(r) {
			continue
		}
		w, ok := was[r.ID]
		delete(was, r.ID)
		d := Difference{Section: r.ID, Entry: after.Page(r.In), After: r.Text, Before: w.Text}
		switch {
		case !ok:
			d.What = "added"
		case w.Text.Hash() != r.Text.Hash():
			d.What = "changed"
			d.Changes = since(r.Log[r.original], []string{w.Text.Hash()})
			for _, c := range d.Changes {
				if c.Class.Weight() > d.Class.Weight() {
					d.Class = c.Class
				}
			}
		default:
			continue
		}
		out = append(out, d)
	}
	gone := slices.SortedFunc(maps.Values(was), func(a, b Reading) int {
		return cmp.Or(strings.Compare(string(a.In), string(b.In)), cmp.Compare(a.Order, b.Order))
	})
	for _, r := range gone {
		out = append(out, Difference{Section: r.ID, Entry: before.Page(r.In), What: "removed", Before: r.Text})
	}
	return out, nil
}
