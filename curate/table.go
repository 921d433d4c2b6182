package curate

import (
	"context"
	"slices"

	"waymark/library"
)

// Outcome is what a revision among several would make of a record.
type Outcome struct {
	Revision
	Before  library.Fields // as the record stands
	After   library.Fields // as it would be
	Changed []string       // the fields in which they differ
	Refused error          // why it is not done; nil when it is, or there is nothing to do
}

// PlanAll tells what revisions of several records would do together, and gives
// the edit that does it: those that are refused are left out of it. Agents are
// those that the library does not have yet.
func (d *Desk) PlanAll(ctx context.Context, v library.Viewer, revisions []Revision, agents []*library.Agent, note string) ([]Outcome, library.Edit, error) {
	edit := d.edit(v, "table", note)
	if err := permit(v); err != nil {
		return nil, edit, err
	}
	var all []Outcome
	seen, needed := map[library.ID]bool{}, map[library.ID]bool{}
	for _, rev := range revisions {
		o := Outcome{Revision: rev}
		one, now, err := d.plan(ctx, v, rev)
		switch kind := library.KindOf(err); {
		case seen[rev.ID]:
			o.Refused = library.Errorf(library.Invalid, "%s stands in the table twice", rev.ID)
		case err != nil && (kind == library.Internal || kind == library.Busy):
			return nil, edit, err
		case err != nil:
			o.Refused = err
		case len(one.Changes) > 0:
			r, err := library.ResourceOf(one.Changes[0].Entry)
			if err != nil {
				return nil, edit, err
			}
			o.Before, o.After = now.Fields(), r.Fields()
			if o.Changed = o.Before.Differing(o.After); len(o.Changed) > 0 {
				edit.Changes = append(edit.Changes, one.Changes...)
				for _, id := range r.AgentIDs() {
					needed[id] = true
				}
			}
		}
		seen[rev.ID] = true
		all = append(all, o)
	}
	for _, a := range agents {
		if needed[a.ID] {
			if err := add(&edit, 0, a); err != nil {
				return nil, edit, err
			}
		}
	}
	return all, edit, nil
}

// plan gives the edit of one revision, and the record as it stands. No draft is
// published and no record made by it.
func (d *Desk) plan(ctx context.Context, v library.Viewer, rev Revision) (library.Edit, *library.Resource, error) {
	now, err := d.Own(ctx, v, rev.ID)
	if err != nil {
		return library.Edit{}, nil, err
	}
	if rev.Publish, rev.Agents = false, nil; rev.Base == 0 {
		rev.Base = now.Version
	}
	edit, err := d.save(ctx, v, rev)
	return edit, now, err
}

// SaveAll does what PlanAll tells, and gives the records that it changed. It
// answers Conflict, and does nothing, when one was changed meanwhile.
func (d *Desk) SaveAll(ctx context.Context, v library.Viewer, revisions []Revision, agents []*library.Agent, note string) (library.Edit, []library.ID, error) {
	_, edit, err := d.PlanAll(ctx, v, revisions, agents, note)
	if err != nil {
		return edit, nil, err
	}
	var done []library.ID
	for _, c := range edit.Changes {
		if c.Entry.Kind == library.KindResource {
			done = append(done, c.Entry.ID)
		}
	}
	if len(done) == 0 {
		return edit, nil, library.Errorf(library.Invalid, "there is nothing to do")
	}
	edit, err = d.Store.Commit(ctx, edit)
	return edit, done, err
}

// At reads a record that the viewer may change as it was in a version, or as it
// stands for version 0.
func (d *Desk) At(ctx context.Context, v library.Viewer, id library.ID, version int64) (*library.Resource, error) {
	now, err := d.Own(ctx, v, id)
	if err != nil || version == 0 || version == now.Version {
		return now, err
	}
	return d.version(ctx, v, id, version)
}

// IDs gives the records of a list, each once.
func IDs(records []*library.Resource) (ids []library.ID) {
	for _, r := range records {
		if !slices.Contains(ids, r.ID) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}
