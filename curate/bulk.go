package curate

import (
	"context"
	"slices"

	"waymark/library"
)

// Act is what is done to many records at once: a field is set, or a value added
// to it, or the draft is published, or the record withdrawn.
type Act struct {
	Do    Deed
	Value string
}

// Deed names what an Act does.
type Deed string

// The deeds, with what Value is.
const (
	DoPublish  Deed = "publish"
	DoAssign   Deed = "assign"   // a curator, or "" for nobody
	DoTopic    Deed = "topic"    // code to add
	DoCountry  Deed = "country"  // code to add
	DoCategory Deed = "category" // code
	DoAudience Deed = "audience"
	DoDue      Deed = "due"      // date
	DoWithdraw Deed = "withdraw" // why
)

// Deeds gives all of them, in the order of the desk.
func Deeds() []Deed {
	return []Deed{DoPublish, DoAssign, DoTopic, DoCountry, DoCategory, DoAudience, DoDue, DoWithdraw}
}

// apply does the act to a record and tells whether that changes it.
func (a Act) apply(r *library.Resource) bool {
	set := func(to *string) bool {
		changed := *to != a.Value
		*to = a.Value
		return changed
	}
	add := func(to *[]string) bool {
		if slices.Contains(*to, a.Value) {
			return false
		}
		*to = append(*to, a.Value)
		return true
	}
	switch a.Do {
	case DoPublish:
		if r.Status != library.Draft {
			return false
		}
		r.Status, r.Review.Publish, r.Review.Stage = library.Published, "", library.StageWaiting
		return true
	case DoAssign:
		return set(&r.Review.Assigned)
	case DoTopic:
		return add(&r.Topics)
	case DoCountry:
		return add(&r.Countries)
	case DoCategory:
		return set(&r.Category)
	case DoAudience:
		return set((*string)(&r.Audience))
	case DoDue:
		return set((*string)(&r.Review.Due))
	case DoWithdraw:
		r.Status, r.Review.Withdrawn = library.Withdrawn, a.Value
		return true
	}
	return false
}

// Planned is what an act would do to one record.
type Planned struct {
	*library.Resource       // as it would be
	Changed           bool  // else there is nothing to do
	Refused           error // why it is not done; nil when it is
}

// Plan tells what an act would do to some records, and changes nothing.
func (d *Desk) Plan(ctx context.Context, v library.Viewer, ids []library.ID, act Act) ([]Planned, error) {
	if err := permit(v); err != nil {
		return nil, err
	}
	if !slices.Contains(Deeds(), act.Do) || act.Value == "" && act.Do != DoPublish && act.Do != DoAssign {
		return nil, &library.Error{Kind: library.Invalid, Field: "value", Key: "desk.fault.act"}
	}
	entries, err := d.Store.Entries(ctx, v, ids)
	if err != nil {
		return nil, err
	}
	var planned []Planned
	for _, e := range entries {
		if e.Kind != library.KindResource || e.Status == library.Merged || e.Status == library.Withdrawn {
			continue
		}
		r, err := library.ResourceOf(e)
		if err != nil {
			return nil, err
		}
		p := Planned{Resource: r}
		if !v.MayEdit(r) {
			p.Refused = beyond(r.ID)
		} else if p.Changed = act.apply(r); p.Changed && act.Do != DoWithdraw {
			if p.Refused = Check(r); !v.MayEdit(r) {
				p.Refused = beyond(r.ID)
			}
		}
		planned = append(planned, p)
	}
	return planned, nil
}

// Bulk does an act to some records as one edit, those that Plan refuses left
// out, and gives the records that it changed.
func (d *Desk) Bulk(ctx context.Context, v library.Viewer, ids []library.ID, act Act) (library.Edit, []library.ID, error) {
	planned, err := d.Plan(ctx, v, ids, act)
	if err != nil {
		return library.Edit{}, nil, err
	}
	edit := d.edit(v, string(act.Do), act.Value)
	var done []library.ID
	for _, p := range planned {
		if p.Refused != nil || !p.Changed {
			continue
		}
		if err := add(&edit, p.Version, p.Resource); err != nil {
			return edit, nil, err
		}
		done = append(done, p.ID)
	}
	if len(done) == 0 {
		return edit, nil, library.Errorf(library.Invalid, "there is nothing to do")
	}
	edit, err = d.Store.Commit(ctx, edit)
	return edit, done, err
}
