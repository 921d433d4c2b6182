package curate

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"waymark/library"
)

// Revision is what a person makes of a record: all that it is to say from now
// on, and the version from which they made it.
type Revision struct {
	ID      library.ID // of the record
	Base    int64      // 0 for a new one
	Fields  library.Fields
	Agents  []*library.Agent // that Fields names and the library does not have yet
	Files   []library.File   // that the record is to have beside its own
	Publish bool             // a draft is published with it
	Note    string           // why
}

// Clash says what another person made of a record meanwhile, where it is not
// to be had together with the revision. Nothing is lost: Merged is the revision
// with all that could be brought together, and can be saved from Version.
type Clash struct {
	Version        int64
	Fields         []string // that both have changed
	Merged, Theirs library.Fields
	Actor          string
	At             time.Time
}

// Error implements error.
func (c *Clash) Error() string {
	return fmt.Sprintf("%s changed %v meanwhile", c.Actor, c.Fields)
}

// tries is how often a save begins anew when others change the record at the
// same moment.
const tries = 5

// Save keeps a revision as one edit: a new record as a draft of the one who
// submits it, a standing one as the next version. What others changed since
// Base stays, field by field; it answers Conflict with a *Clash where both
// changed the same, Invalid with an error for each field at fault, and
// Forbidden to those who may not change the record.
func (d *Desk) Save(ctx context.Context, v library.Viewer, rev Revision) (library.Edit, error) {
	for try := 1; ; try++ {
		edit, err := d.save(ctx, v, rev)
		if err == nil && len(edit.Changes) == 0 {
			return edit, nil // it says all that already
		}
		if err == nil {
			edit, err = d.Store.Commit(ctx, edit)
		}
		if err == nil {
			return edit, nil
		}
		if library.KindOf(err) != library.Conflict || try == tries {
			return library.Edit{}, err
		}
		if _, clash := errors.AsType[*Clash](err); clash {
			return library.Edit{}, err
		}
	}
}

func (d *Desk) save(ctx context.Context, v library.Viewer, rev Revision) (library.Edit, error) {
	edit := d.edit(v, "edit", rev.Note)
	r := &library.Resource{ID: rev.ID, Status: library.Draft, Audience: library.Public, Review: library.Review{Submitted: v.Name}}
	fields := rev.Fields
	if rev.Base == 0 {
		edit.Action = "submit"
		if v.Role < library.Submitter || v.Name == "" {
			return edit, library.Errorf(library.Forbidden, "this is for contributors")
		}
	} else {
		var err error
		if r, err = d.Own(ctx, v, rev.ID); err != nil {
			return edit, fmt.Errorf("read the record to change: %w", err)
		}
		if fields, err = d.rebase(ctx, v, r, rev); err != nil {
			return edit, err
		}
	}
	if v.Role < library.Curator { // who may see and who is to work on it is for curators to say
		was := r.Fields()
		for _, name := range []string{library.FieldAudience, library.FieldListed, library.FieldAssigned, library.FieldDue, library.FieldPublish, library.FieldOpens} {
			if delete(fields, name); len(was[name]) > 0 {
				fields[name] = was[name]
			}
		}
	}
	was := r.Fields()
	edit.Tasks = addFiles(r, rev.Files)
	r.SetFields(fields.Ordered(was))
	if rev.Base != 0 && len(was.Differing(r.Fields())) == 0 && (!rev.Publish || r.Status != library.Draft) {
		return edit, nil
	}
	if rev.Base != 0 && !v.MayEdit(r) { // nobody edits a record out of their limits
		return edit, beyond(r.ID)
	}
	if rev.Publish && r.Status == library.Draft {
		if v.Role < library.Curator {
			return edit, library.Errorf(library.Forbidden, "publishing is for curators")
		}
		r.Status, edit.Action = library.Published, "publish"
		r.Review.Publish, r.Review.Stage = "", library.StageWaiting
	}
	if v.Role < library.Curator && r.Review.Stage == library.StageReturned { // handed in again
		r.Review.Stage = library.StageWaiting
	}
	if err := Check(r); err != nil {
		return edit, err
	}
	for _, a := range rev.Agents {
		if err := add(&edit, 0, a); err != nil {
			return edit, err
		}
	}
	return edit, add(&edit, r.Version, r)
}

// addFiles gives a record files that it does not have yet, and tells that they
// are to be read.
func addFiles(r *library.Resource, files []library.File) (tasks []library.Task) {
	for _, f := range files {
		if !r.HasFile(f.Digest) {
			r.Files = append(r.Files, f)
			tasks = append(tasks, library.Task{Kind: library.TaskRead, Subject: f.Digest})
		}
	}
	return tasks
}

// Own reads a record that stands for one who may change it: for a contributor a
// draft of their own, which others of their audience do not see.
func (d *Desk) Own(ctx context.Context, v library.Viewer, id library.ID) (*library.Resource, error) {
	if v.Role == library.Submitter {
		r, err := d.resource(ctx, library.House(), id)
		if kind := library.KindOf(err); kind == library.Moved || kind == library.Gone || err == nil && !v.MayEdit(r) {
			return nil, library.Errorf(library.NotFound, "there is no record %s", id) // nor what became of it
		}
		return r, err
	}
	r, err := d.resource(ctx, v, id)
	if err == nil && !v.MayEdit(r) {
		return nil, beyond(id)
	}
	return r, err
}

// rebase brings a revision to the version that stands.
func (d *Desk) rebase(ctx context.Context, v library.Viewer, r *library.Resource, rev Revision) (library.Fields, error) {
	if r.Version == rev.Base {
		return rev.Fields, nil
	}
	if v.Role == library.Submitter {
		v = library.House() // it is a draft of their own
	}
	revisions, err := d.Store.Revisions(ctx, v, r.ID)
	if err != nil {
		return nil, err
	}
	for _, old := range revisions {
		if old.Changes[0].Entry.Version != rev.Base {
			continue
		}
		base, err := library.ResourceOf(old.Changes[0].Entry)
		if err != nil {
			return nil, err
		}
		merged, clashes := library.Rebase(base.Fields(), rev.Fields, r.Fields())
		if len(clashes) == 0 {
			return merged, nil
		}
		last := revisions[len(revisions)-1]
		clash := &Clash{Version: r.Version, Fields: clashes, Merged: merged, Theirs: r.Fields(), Actor: last.Actor, At: last.At}
		return nil, &library.Error{Kind: library.Conflict, Err: clash}
	}
	return nil, library.Errorf(library.Invalid, "%s has no version %d to change", r.ID, rev.Base)
}

// Check tells what is at fault with a record that a person has written: an
// Invalid error for each field, joined.
func Check(r *library.Resource) error {
	var faults []error
	fault := func(field, key string) {
		faults = append(faults, &library.Error{Kind: library.Invalid, Field: field, Key: key, Err: fmt.Errorf("the field %s is at fault: %s", field, key)})
	}
	if title, _ := r.Original(); title == "" {
		fault("title", "desk.fault.title")
	}
	for field, date := range map[string]library.Date{"date": r.Date, library.FieldDue: r.Review.Due} {
		if _, err := library.ParseDate(string(date)); date != "" && err != nil {
			fault(field, "desk.fault.date")
		}
	}
	faults = append(faults, checkDays(r)...)
	for _, l := range r.Links {
		if u, err := url.Parse(l.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			fault("link", "desk.fault.link")
			break
		}
	}
	for _, id := range r.Identifiers {
		if id.Scheme == "" || id.Value == "" {
			fault("identifier", "desk.fault.identifier")
			break
		}
	}
	if r.Audience == "" {
		fault(library.FieldAudience, "desk.fault.audience")
	}
	return errors.Join(faults...)
}

// Withdraw takes a record out of the library. Its address answers that it is
// gone, and why; everything that it said is kept.
func (d *Desk) Withdraw(ctx context.Context, v library.Viewer, id library.ID, base int64, why string) (library.Edit, error) {
	r, err := d.Own(ctx, v, id)
	switch {
	case err != nil:
		return library.Edit{}, err
	case r.Version != base:
		return library.Edit{}, library.Errorf(library.Conflict, "%s has changed since it was looked at", id)
	case why == "":
		return library.Edit{}, &library.Error{Kind: library.Invalid, Field: "why", Key: "desk.fault.why"}
	}
	edit := d.edit(v, "withdraw", why)
	r.Status, r.Review.Withdrawn = library.Withdrawn, why
	if err := add(&edit, r.Version, r); err != nil {
		return edit, err
	}
	return d.Store.Commit(ctx, edit)
}
