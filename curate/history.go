package curate

import (
	"context"
	"fmt"
	"time"

	"waymark/library"
)

// Past is one version of a record in its history.
type Past struct {
	Version int64
	Seq     int64
	At      time.Time
	Actor   string
	Action  string
	Note    string
	Status  library.Status
	Fields  library.Fields
	Changed []string // the fields in which it differs from the version before
}

// History gives the versions of a record, the last first, merged and withdrawn
// ones among them.
func (d *Desk) History(ctx context.Context, v library.Viewer, id library.ID) ([]Past, error) {
	if err := permit(v); err != nil {
		return nil, err
	}
	revisions, err := d.Store.Revisions(ctx, v, id)
	if err != nil {
		return nil, err
	}
	history := make([]Past, len(revisions))
	before := library.Fields{}
	for i, rev := range revisions {
		e := rev.Changes[0].Entry
		r, err := library.ResourceOf(e)
		if err != nil {
			return nil, err
		}
		p := Past{Version: e.Version, Seq: rev.Seq, At: rev.At, Actor: rev.Actor, Action: rev.Action, Note: rev.Note, Status: e.Status, Fields: r.Fields()}
		p.Changed = before.Differing(p.Fields)
		before = p.Fields
		history[len(revisions)-1-i] = p
	}
	return history, nil
}

// Restore makes a record say again what it said in an earlier version. One
// that was withdrawn stands again as it stood in that version. What its sources
// stated and the files it has now stay.
func (d *Desk) Restore(ctx context.Context, v library.Viewer, id library.ID, version int64, note string) (library.Edit, error) {
	if err := permit(v); err != nil {
		return library.Edit{}, err
	}
	now, err := d.asItIs(ctx, v, id)
	if err != nil {
		return library.Edit{}, err
	}
	if now.Status == library.Merged {
		return library.Edit{}, library.Errorf(library.Invalid, "%s was merged: take the merge back", id)
	}
	old, err := d.version(ctx, v, id, version)
	if err != nil {
		return library.Edit{}, err
	}
	now.SetFields(old.Fields())
	if now.Status == library.Withdrawn {
		now.Status, now.Review.Withdrawn = old.Status, ""
	}
	if !v.MayEdit(now) {
		return library.Edit{}, beyond(id)
	}
	edit := d.edit(v, "restore", note)
	if err := add(&edit, now.Version, now); err != nil {
		return edit, err
	}
	return d.Store.Commit(ctx, edit)
}

// asItIs reads a resource also when it was merged or withdrawn.
func (d *Desk) asItIs(ctx context.Context, v library.Viewer, id library.ID) (*library.Resource, error) {
	entries, err := d.Store.Entries(ctx, v, []library.ID{id})
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, library.Errorf(library.NotFound, "there is no record %s", id)
	}
	return library.ResourceOf(entries[0])
}

// version reads a resource as it was.
func (d *Desk) version(ctx context.Context, v library.Viewer, id library.ID, version int64) (*library.Resource, error) {
	revisions, err := d.Store.Revisions(ctx, v, id)
	if err != nil {
		return nil, err
	}
	for _, rev := range revisions {
		if e := rev.Changes[0].Entry; e.Version == version {
			return library.ResourceOf(e)
		}
	}
	return nil, library.Errorf(library.NotFound, "%s has no version %d", id, version)
}

// Undo takes back what one edit did to some records, as one edit: each says
// again what it said before. It answers Conflict, and does nothing, when one of
// them has been changed since.
func (d *Desk) Undo(ctx context.Context, v library.Viewer, seq int64, ids []library.ID) (library.Edit, error) {
	if err := permit(v); err != nil {
		return library.Edit{}, err
	}
	edit := d.edit(v, "undo", fmt.Sprintf("of edit %d", seq))
	for _, id := range ids {
		history, err := d.History(ctx, v, id)
		if err != nil {
			return edit, err
		}
		if history[0].Seq != seq || len(history) < 2 {
			return edit, library.Errorf(library.Conflict, "%s was changed after edit %d", id, seq)
		}
		now, err := d.asItIs(ctx, v, id)
		if err != nil {
			return edit, err
		}
		now.SetFields(history[1].Fields)
		if now.Status = history[1].Status; now.Status != library.Withdrawn {
			now.Review.Withdrawn = ""
		}
		if !v.MayEdit(now) {
			return edit, beyond(id)
		}
		if err := add(&edit, now.Version, now); err != nil {
			return edit, err
		}
	}
	if len(edit.Changes) == 0 {
		return edit, library.Errorf(library.Invalid, "no record is named to be taken back")
	}
	return d.Store.Commit(ctx, edit)
}
