package curate

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"waymark/library"
)

// handedIn are the keys of drafts that somebody handed in, at every stage.
func handedIn() (keys []library.Key) {
	for _, q := range []library.Queue{library.QueueSubmitted, library.QueueReview, library.QueueReturned} {
		keys = append(keys, library.Key{Scheme: library.KeyQueue, Value: string(q)})
	}
	return keys
}

// Stage says how far a curator is with a draft that was handed in. Whoever
// begins a review is at work on it; what is returned needs a word why.
func (d *Desk) Stage(ctx context.Context, v library.Viewer, id library.ID, to library.Stage, why string) (library.Edit, error) {
	if err := permit(v); err != nil {
		return library.Edit{}, err
	}
	r, err := d.Own(ctx, v, id)
	if err != nil {
		return library.Edit{}, err
	}
	actions := map[library.Stage]string{library.StageReview: "review", library.StageReturned: "return"}
	why = strings.TrimSpace(why)
	switch {
	case r.Status != library.Draft || actions[to] == "":
		return library.Edit{}, library.Errorf(library.Invalid, "%s is no draft, or cannot become %q", id, to)
	case to == library.StageReturned && r.Review.Submitted == "":
		return library.Edit{}, library.Errorf(library.Invalid, "%s was handed in by nobody to whom it could be returned", id)
	case to == library.StageReturned && why == "":
		return library.Edit{}, &library.Error{Kind: library.Invalid, Field: "say", Key: "desk.fault.say"}
	}
	if r.Review.Stage = to; to == library.StageReview && r.Review.Assigned == "" {
		r.Review.Assigned = v.Name
	}
	if why != "" {
		if err := d.Say(ctx, v, id, why); err != nil {
			return library.Edit{}, err
		}
	}
	edit := d.edit(v, actions[to], "")
	if err := add(&edit, r.Version, r); err != nil {
		return edit, err
	}
	return d.Store.Commit(ctx, edit)
}

// Arrive does what was to happen by now: drafts are published and embargoes end,
// each as an edit of the house. It goes on past a record of which that fails,
// answers how many changed, and can be called as often as one likes.
func (d *Desk) Arrive(ctx context.Context) (done int, err error) {
	now := d.Now().UTC()
	entries, err := d.Store.Find(ctx, library.House(), library.KindResource, library.ScheduledKeys(now), 0)
	if err != nil {
		return 0, fmt.Errorf("look for what is to happen by %s: %w", now.Format("2006-01-02"), err)
	}
	var failed []error
	for _, e := range entries {
		changed, err := d.arrive(ctx, e, library.Date(now.Format("2006-01-02")))
		if err != nil && library.KindOf(err) != library.Conflict { // who came between has it tried again
			failed = append(failed, fmt.Errorf("do what is due with %s: %w", e.ID, err))
		}
		if changed && err == nil {
			done++
		}
	}
	return done, errors.Join(failed...)
}

func (d *Desk) arrive(ctx context.Context, e library.Entry, today library.Date) (bool, error) {
	r, err := library.ResourceOf(e)
	if err != nil || r.Status == library.Merged || r.Status == library.Withdrawn {
		return false, err
	}
	published, opened := r.Arrive(today)
	if !published && !opened {
		return false, nil
	}
	if err := Check(r); err != nil {
		return false, err
	}
	edit := d.edit(library.House(), "open", "")
	if published {
		edit.Action = "publish"
	}
	if err := add(&edit, r.Version, r); err != nil {
		return false, err
	}
	_, err = d.Store.Commit(ctx, edit)
	return true, err
}

// checkDays tells what is at fault with the days on which something is to
// happen: each is a whole date, and what opens is closed until then.
func checkDays(r *library.Resource) (faults []error) {
	fault := func(field, key string) {
		faults = append(faults, &library.Error{Kind: library.Invalid, Field: field, Key: key, Err: fmt.Errorf("the field %s is at fault: %s", field, key)})
	}
	whole := func(d library.Date) bool {
		_, err := library.ParseDate(string(d))
		return err == nil && len(d) == len("2006-01-02")
	}
	if d := r.Review.Publish; d != "" && !whole(d) {
		fault(library.FieldPublish, "desk.fault.day")
	}
	if d := r.Review.Opens; d != "" && !whole(d) {
		fault(library.FieldOpens, "desk.fault.day")
	} else if d != "" && r.Audience == library.Public {
		fault(library.FieldOpens, "desk.fault.opens")
	}
	for _, f := range r.Files {
		if f.Opens == "" {
			continue
		}
		if !whole(f.Opens) {
			fault("file", "desk.fault.day")
		} else if f.Audience == "" {
			fault("file", "desk.fault.opens")
		}
	}
	return faults
}
