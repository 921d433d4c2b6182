package curate

import (
	"context"
	"fmt"
	"slices"

	"waymark/library"
)

// Duplicate is a pair that may be one work, with both records.
type Duplicate struct {
	*library.Pair
	First, Second *library.Resource
}

// Duplicates gives the open pairs that the viewer may see, oldest first; a
// limit of 0 is none.
func (d *Desk) Duplicates(ctx context.Context, v library.Viewer, limit int) ([]Duplicate, error) {
	if err := permit(v); err != nil {
		return nil, err
	}
	entries, err := d.Store.Find(ctx, v, library.KindPair, []library.Key{{Scheme: library.KeyPairOpen, Value: "1"}}, limit)
	if err != nil {
		return nil, fmt.Errorf("look for open pairs: %w", err)
	}
	var pairs []*library.Pair
	var ids []library.ID
	for _, e := range entries {
		p, err := library.PairOf(e)
		if err != nil {
			return nil, err
		}
		pairs, ids = append(pairs, p), append(ids, p.A, p.B)
	}
	found, err := d.Store.Entries(ctx, v, ids)
	if err != nil {
		return nil, fmt.Errorf("read the records of %d pairs: %w", len(pairs), err)
	}
	records := map[library.ID]*library.Resource{}
	for _, e := range found {
		if records[e.ID], err = library.ResourceOf(e); err != nil {
			return nil, err
		}
	}
	var list []Duplicate
	for _, p := range pairs {
		if a, b := records[p.A], records[p.B]; a != nil && b != nil {
			list = append(list, Duplicate{p, a, b})
		}
	}
	return list, nil
}

// Different notes that two records are two works, so that nobody is asked
// again. It answers NotFound when no one suspected them.
func (d *Desk) Different(ctx context.Context, v library.Viewer, a, b library.ID, note string) (library.Edit, error) {
	if err := permit(v); err != nil {
		return library.Edit{}, err
	}
	p, err := d.Pair(ctx, v, a, b)
	if err != nil {
		return library.Edit{}, err
	}
	p.Decision = library.DecidedDifferent
	edit := d.edit(v, "different", note)
	if err := add(&edit, p.Version, p); err != nil {
		return library.Edit{}, err
	}
	return d.Store.Commit(ctx, edit)
}

// reopen asks again about two records that were merged and are no longer.
func (d *Desk) reopen(ctx context.Context, v library.Viewer, edit *library.Edit, a, b library.ID) error {
	p, err := d.Pair(ctx, v, a, b)
	if library.KindOf(err) == library.NotFound {
		return nil
	}
	if err != nil || p.Decision == "" {
		return err
	}
	p.Decision = ""
	return add(edit, p.Version, p)
}

// Pair gives the pair of two records. It answers NotFound when no one suspected
// them, or the viewer does not see them.
func (d *Desk) Pair(ctx context.Context, v library.Viewer, a, b library.ID) (*library.Pair, error) {
	pair := library.Pair{A: min(a, b), B: max(a, b)}
	entries, err := d.Store.Find(ctx, v, library.KindPair, []library.Key{pair.Key()}, 1)
	if err != nil {
		return nil, fmt.Errorf("look for the pair: %w", err)
	}
	if len(entries) == 0 {
		return nil, library.Errorf(library.NotFound, "%s and %s are not suspected to be one work", a, b)
	}
	return library.PairOf(entries[0])
}

// Relate notes that one record stands in a relation to another: it is a
// translation of it, supersedes it, or is a part of it. A pair of the two is
// decided with it.
func (d *Desk) Relate(ctx context.Context, v library.Viewer, from library.ID, kind library.RelationType, to library.ID, note string) (library.Edit, error) {
	if err := permit(v); err != nil {
		return library.Edit{}, err
	}
	if !slices.Contains([]library.RelationType{library.TranslationOf, library.Supersedes, library.PartOf}, kind) || from == to {
		return library.Edit{}, library.Errorf(library.Invalid, "%s cannot be %q to %s: write translation-of, supersedes or part-of between two records", from, kind, to)
	}
	r, err := d.Own(ctx, v, from)
	if err != nil {
		return library.Edit{}, err
	}
	if _, err := d.resource(ctx, v, to); err != nil {
		return library.Edit{}, err
	}
	edit := d.edit(v, "relate", note)
	if relation := (library.Relation{Type: kind, Target: to}); !slices.Contains(r.Relations, relation) {
		r.Relations = append(r.Relations, relation)
		if err := add(&edit, r.Version, r); err != nil {
			return library.Edit{}, err
		}
	}
	switch p, err := d.Pair(ctx, v, from, to); {
	case library.KindOf(err) == library.NotFound:
	case err != nil:
		return library.Edit{}, err
	case p.Decision == "":
		p.Decision = library.DecidedRelated
		if err := add(&edit, p.Version, p); err != nil {
			return library.Edit{}, err
		}
	}
	if len(edit.Changes) == 0 {
		return edit, nil // it is noted already
	}
	return d.Store.Commit(ctx, edit)
}

// close decides the pair of two merged records, and lets those that drop stands
// in with others go over to keep, unless keep has such a pair.
func (d *Desk) close(ctx context.Context, v library.Viewer, edit *library.Edit, keep, drop library.ID) error {
	of := func(id library.ID) ([]*library.Pair, error) {
		entries, err := d.Store.Find(ctx, v, library.KindPair, []library.Key{{Scheme: library.KeyPairOf, Value: string(id)}}, 0)
		if err != nil {
			return nil, fmt.Errorf("look for the pairs of %s: %w", id, err)
		}
		var pairs []*library.Pair
		for _, e := range entries {
			p, err := library.PairOf(e)
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, p)
		}
		return pairs, nil
	}
	mine, err := of(keep)
	if err != nil {
		return err
	}
	theirs, err := of(drop)
	if err != nil {
		return err
	}
	for _, p := range theirs {
		other := p.A
		if other == drop {
			other = p.B
		}
		moved := library.Pair{A: min(keep, other), B: max(keep, other)}
		switch {
		case other == keep:
			p.Decision = library.DecidedSame
		case p.Decision != "":
			continue
		case slices.ContainsFunc(mine, func(m *library.Pair) bool { return m.A == moved.A && m.B == moved.B }):
			p.Decision = library.DecidedSame // it is asked in the other pair
		default:
			p.A, p.B = moved.A, moved.B
		}
		if err := add(edit, p.Version, p); err != nil {
			return err
		}
	}
	return nil
}
