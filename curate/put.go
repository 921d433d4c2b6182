package curate

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"waymark/library"
	"waymark/match"
)

// Named are contributors that a record names by a name of theirs, by their
// place in its list: the record of that very name is taken, or a new one made.
type Named map[int]*library.Agent

// Put writes a whole record for a program: one without an ID is new, another
// takes the place of the version that it was read as, in which Own gave it.
// Relations to what the viewer may not see stay as they are. It gives the record
// as it was stored. It answers Conflict when that version no longer stands, or
// when a new record is certainly a work that is there already, which the error's
// To then names; Invalid for relations to what is no resource; and Forbidden for
// what is not the viewer's to change.
func (d *Desk) Put(ctx context.Context, v library.Viewer, r *library.Resource, names Named, note string) (*library.Resource, error) {
	if err := permit(v); err != nil {
		return nil, err
	}
	if !v.Sees(library.Published, r.Audience) {
		return nil, library.Errorf(library.Forbidden, "the audience %s is not the viewer's", r.Audience)
	}
	edit := d.edit(v, "edit", note)
	if err := errors.Join(Check(r), d.targets(ctx, v, r)); err != nil {
		return nil, err
	}
	if err := d.name(ctx, v, &edit, r, names); err != nil {
		return nil, err
	}
	if r.ID == "" {
		edit.Action = "create"
		if err := d.unique(ctx, v, r); err != nil {
			return nil, err
		}
		var err error
		if r.ID, err = d.NewID(); err != nil {
			return nil, err
		}
	} else if err := d.keepHidden(ctx, v, r); err != nil {
		return nil, err
	}
	if !v.MayEdit(r) {
		return nil, beyond(r.ID)
	}
	if err := add(&edit, r.Version, r); err != nil {
		return nil, err
	}
	stored, err := d.Store.Commit(ctx, edit)
	if err != nil {
		return nil, err
	}
	return library.ResourceOf(stored.Changes[len(stored.Changes)-1].Entry)
}

// keepHidden gives a record back the relations that a viewer could not read.
func (d *Desk) keepHidden(ctx context.Context, v library.Viewer, r *library.Resource) error {
	was, err := d.Own(ctx, v, r.ID)
	if err != nil {
		return err
	}
	var targets []library.ID
	for _, rel := range was.Relations {
		targets = append(targets, rel.Target)
	}
	seen, err := d.Store.Entries(ctx, v, targets)
	if err != nil {
		return fmt.Errorf("read the targets of relations: %w", err)
	}
	for _, rel := range was.Relations {
		if !slices.Contains(r.Relations, rel) && !slices.ContainsFunc(seen, func(e library.Entry) bool { return e.ID == rel.Target }) {
			r.Relations = append(r.Relations, rel)
		}
	}
	return nil
}

// targets checks what the relations of a record point to.
func (d *Desk) targets(ctx context.Context, v library.Viewer, r *library.Resource) error {
	for _, rel := range r.Relations {
		_, err := d.resource(ctx, v, rel.Target)
		switch {
		case rel.Target == r.ID, library.KindOf(err) == library.NotFound, library.KindOf(err) == library.Gone, library.KindOf(err) == library.Moved:
			return &library.Error{Kind: library.Invalid, Field: "relations", Err: fmt.Errorf("%s is no other resource of the library", rel.Target)}
		case err != nil:
			return err
		}
	}
	return nil
}

// unique looks for a record that is certainly the same work as a new one.
func (d *Desk) unique(ctx context.Context, v library.Viewer, r *library.Resource) error {
	const looked = 50
	record := r.Record(nil)
	entries, err := d.Store.Find(ctx, v, library.KindResource, r.CandidateKeys(record), looked)
	if err != nil {
		return fmt.Errorf("look for the same work: %w", err)
	}
	for _, e := range entries {
		other, err := library.ResourceOf(e)
		if err != nil {
			return err
		}
		if m := match.Compare(record, other.Record(nil)); m.Likeness == match.Certain {
			return &library.Error{Kind: library.Conflict, To: other.ID, Err: fmt.Errorf("%s is this work already: %s", other.ID, m.Reason())}
		}
	}
	return nil
}

// name puts the records of contributors in the place of their names.
func (d *Desk) name(ctx context.Context, v library.Viewer, edit *library.Edit, r *library.Resource, names Named) error {
	made := map[library.Key]library.ID{}
	for i := range r.Contributors {
		a := names[i]
		if a == nil {
			continue
		}
		keys := a.Keys()
		if len(keys) == 0 {
			return &library.Error{Kind: library.Invalid, Field: "contributors", Err: errors.New("a contributor has an empty name")}
		}
		first := keys[0]
		if id, ok := made[first]; ok {
			r.Contributors[i].Agent = id
			continue
		}
		found, err := d.Store.Find(ctx, v, library.KindAgent, []library.Key{first}, 1)
		if err != nil {
			return fmt.Errorf("look for the agent %s: %w", first.Value, err)
		}
		if len(found) > 0 {
			a.ID = found[0].ID
		} else {
			if a.ID, err = library.NewID(d.Now(), d.Entropy); err != nil {
				return err
			}
			if err := add(edit, 0, a); err != nil {
				return err
			}
		}
		made[first], r.Contributors[i].Agent = a.ID, a.ID
	}
	return nil
}
