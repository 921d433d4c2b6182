// Package curate is what curators do with records: merge two of one work, take
// a merge back, decide on pairs that may be one work. Every act is one edit.
package curate

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"waymark/library"
)

// Store is what curating reads and changes, each for a viewer. Commit is atomic
// and answers library.Conflict when an entry has changed since it was read.
type Store interface {
	Entry(ctx context.Context, v library.Viewer, id library.ID) (library.Entry, error)
	Entries(ctx context.Context, v library.Viewer, ids []library.ID) ([]library.Entry, error)
	Find(ctx context.Context, v library.Viewer, kind library.Kind, keys []library.Key, limit int) ([]library.Entry, error)
	Revisions(ctx context.Context, v library.Viewer, id library.ID) ([]library.Edit, error)
	Commit(ctx context.Context, e library.Edit) (library.Edit, error)
}

// Visits tells the house which addresses are broken.
type Visits interface {
	Broken(ctx context.Context, v library.Viewer) ([]library.Visit, error)
}

// Notes keeps what persons say to each other about records, for the house
// alone: the Desk asks on behalf of those who may know.
type Notes interface {
	AddNote(ctx context.Context, v library.Viewer, n library.Note) error
	Notes(ctx context.Context, v library.Viewer, subject library.ID) ([]library.Note, error)
}

// Latest gives the entries of a key that changed last, and how many there are;
// see store.Store.
type Latest interface {
	Latest(ctx context.Context, v library.Viewer, kind library.Kind, key library.Key, limit int) ([]library.Entry, int, error)
}

// Desk is where curators work. Its methods answer Forbidden to others.
type Desk struct {
	Store   Store
	Visits  Visits // what visits to the addresses of records found
	Notes   Notes
	Latest  Latest // nil to read queues whole
	Now     func() time.Time
	Entropy io.Reader // for new IDs
}

// NewID gives the ID of a record that is to be.
func (d *Desk) NewID() (library.ID, error) { return library.NewID(d.Now(), d.Entropy) }

func (d *Desk) edit(v library.Viewer, action, note string) library.Edit {
	return library.Edit{At: d.Now(), Actor: v.Name, Action: action, Note: note}
}

func permit(v library.Viewer) error {
	if v.Role < library.Curator {
		return library.Errorf(library.Forbidden, "this is for curators")
	}
	return nil
}

// permitAll is permit for acts that reach beyond single resources.
func permitAll(v library.Viewer) error {
	if err := permit(v); err != nil || v.MayEditAll() {
		return err
	}
	return library.Errorf(library.Forbidden, "this is for curators of the whole library")
}

func beyond(id library.ID) error {
	return library.Errorf(library.Forbidden, "the record %s is outside this curator's topics and countries", id)
}

// resource reads one resource that stands.
func (d *Desk) resource(ctx context.Context, v library.Viewer, id library.ID) (*library.Resource, error) {
	e, err := d.Store.Entry(ctx, v, id)
	if err != nil {
		return nil, err
	}
	if e.Kind != library.KindResource {
		return nil, library.Errorf(library.NotFound, "there is no record %s", id)
	}
	return library.ResourceOf(e)
}

// Merge makes one record of two that describe one work: keep takes in every
// form, source, identifier and file of drop, whose address leads to keep from
// then on. In the fields of picks it says what drop says. Relations to drop become relations to keep, and open pairs of both
// are closed. It answers Invalid for records of different audiences, since
// merging them would show to some what was not for them.
func (d *Desk) Merge(ctx context.Context, v library.Viewer, keep, drop library.ID, note string, picks ...string) (library.Edit, error) {
	if err := permit(v); err != nil {
		return library.Edit{}, err
	}
	if keep == drop {
		return library.Edit{}, library.Errorf(library.Invalid, "%s cannot be merged with itself: name two records", keep)
	}
	k, err := d.Own(ctx, v, keep)
	if err != nil {
		return library.Edit{}, fmt.Errorf("read the record to keep: %w", err)
	}
	o, err := d.Own(ctx, v, drop)
	if err != nil {
		return library.Edit{}, fmt.Errorf("read the record to merge into it: %w", err)
	}
	if k.Audience != o.Audience {
		return library.Edit{}, library.Errorf(library.Invalid, "%s is for %s and %s for %s: give both the same audience first", keep, k.Audience, drop, o.Audience)
	}
	edit := d.edit(v, "merge", note)
	entry, err := o.Entry()
	if err != nil {
		return library.Edit{}, err
	}
	entry.Status, entry.MergedInto, entry.Keys = library.Merged, keep, nil
	edit.Changes = append(edit.Changes, library.Change{Read: o.Version, Entry: entry})
	k.Take(o, picks)
	k.Absorb(o)
	k.Relations = slices.DeleteFunc(k.Relations, func(r library.Relation) bool { return r.Target == drop || r.Target == keep })
	if err := add(&edit, k.Version, k); err != nil {
		return library.Edit{}, err
	}
	if err := d.repoint(ctx, v, &edit, drop, keep); err != nil {
		return library.Edit{}, err
	}
	if err := d.close(ctx, v, &edit, keep, drop); err != nil {
		return library.Edit{}, err
	}
	return d.Store.Commit(ctx, edit)
}

// entry is what can be kept by a store.
type entry interface{ Entry() (library.Entry, error) }

func add(edit *library.Edit, read int64, e entry) error {
	entry, err := e.Entry()
	edit.Changes = append(edit.Changes, library.Change{Read: read, Entry: entry})
	return err
}

// repoint turns the relations of other records from one to another.
func (d *Desk) repoint(ctx context.Context, v library.Viewer, edit *library.Edit, from, to library.ID) error {
	entries, err := d.Store.Find(ctx, v, library.KindResource, []library.Key{{Scheme: library.KeyRelation, Value: string(from)}}, 0)
	if err != nil {
		return fmt.Errorf("look for relations to %s: %w", from, err)
	}
	for _, e := range entries {
		if e.ID == to || e.ID == from {
			continue
		}
		r, err := library.ResourceOf(e)
		if err != nil {
			return err
		}
		for i := range r.Relations {
			if r.Relations[i].Target == from {
				r.Relations[i].Target = to
			}
		}
		if err := add(edit, r.Version, r); err != nil {
			return err
		}
	}
	return nil
}

// Unmerge takes a merge back: drop stands again as it was, and the record that
// took it in gives up what it has from it. Right after the merge both are
// exactly what they were; what curators changed since stays.
func (d *Desk) Unmerge(ctx context.Context, v library.Viewer, drop library.ID, note string) (library.Edit, error) {
	if err := permit(v); err != nil {
		return library.Edit{}, err
	}
	revisions, err := d.Store.Revisions(ctx, v, drop)
	if err != nil {
		return library.Edit{}, err
	}
	last := revisions[len(revisions)-1]
	merged := last.Changes[0].Entry
	if merged.Status != library.Merged || string(merged.Body) == "{}" {
		return library.Edit{}, library.Errorf(library.Invalid, "%s was not merged into another record: there is nothing to take back", drop)
	}
	restored := merged
	restored.Status, restored.MergedInto = library.Published, ""
	for _, r := range revisions { // the last state in which it stood
		if e := r.Changes[0].Entry; e.Status != library.Merged {
			restored.Status, restored.Audience = e.Status, e.Audience
		}
	}
	o, err := library.ResourceOf(restored)
	if err != nil {
		return library.Edit{}, err
	}
	k, err := d.Own(ctx, v, merged.MergedInto)
	if err != nil {
		return library.Edit{}, fmt.Errorf("read the record that took it in: %w", err)
	}
	if !v.MayEdit(o) {
		return library.Edit{}, beyond(o.ID)
	}
	before, err := d.before(ctx, v, k.ID, last.Seq)
	if err != nil {
		return library.Edit{}, err
	}
	edit := d.edit(v, "unmerge", note)
	if err := add(&edit, merged.Version, o); err != nil {
		return library.Edit{}, err
	}
	k.Release(o, before)
	k.Relations = regain(k.Relations, before.Relations, drop)
	if err := add(&edit, k.Version, k); err != nil {
		return library.Edit{}, err
	}
	if err := d.turnBack(ctx, v, &edit, last.Seq, drop, k.ID); err != nil {
		return library.Edit{}, err
	}
	if err := d.reopen(ctx, v, &edit, k.ID, drop); err != nil {
		return library.Edit{}, err
	}
	return d.Store.Commit(ctx, edit)
}

// regain gives relations with those to drop that a merge took out.
func regain(now, before []library.Relation, drop library.ID) []library.Relation {
	toDrop := func(r library.Relation) bool { return r.Target == drop }
	if slices.Equal(slices.DeleteFunc(slices.Clone(before), toDrop), now) {
		return before
	}
	for _, r := range before {
		if toDrop(r) && !slices.Contains(now, r) {
			now = append(now, r)
		}
	}
	return now
}

// before gives a record as it was before an edit.
func (d *Desk) before(ctx context.Context, v library.Viewer, id library.ID, seq int64) (*library.Resource, error) {
	revisions, err := d.Store.Revisions(ctx, v, id)
	if err != nil {
		return nil, err
	}
	before := &library.Resource{ID: id} // made by that very edit: an import of both
	for _, r := range revisions {
		if r.Seq < seq {
			if before, err = library.ResourceOf(r.Changes[0].Entry); err != nil {
				return nil, err
			}
		}
	}
	return before, nil
}

// turnBack turns the relations that the merge had turned.
func (d *Desk) turnBack(ctx context.Context, v library.Viewer, edit *library.Edit, seq int64, drop, keep library.ID) error {
	entries, err := d.Store.Find(ctx, v, library.KindResource, []library.Key{{Scheme: library.KeyRelation, Value: string(keep)}}, 0)
	if err != nil {
		return fmt.Errorf("look for relations to %s: %w", keep, err)
	}
	for _, e := range entries {
		r, err := library.ResourceOf(e)
		if err != nil {
			return err
		}
		before, err := d.before(ctx, v, r.ID, seq)
		if err != nil {
			return err
		}
		turned := false
		for i, rel := range r.Relations {
			was := library.Relation{Type: rel.Type, Target: drop}
			if rel.Target == keep && slices.Contains(before.Relations, was) && !slices.Contains(before.Relations, rel) {
				r.Relations[i], turned = was, true
			}
		}
		if !turned || r.ID == drop || r.ID == keep {
			continue
		}
		if err := add(edit, r.Version, r); err != nil {
			return err
		}
	}
	return nil
}
