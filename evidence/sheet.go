package evidence

import (
	"context"
	"fmt"
	"slices"

	"waymark/library"
)

// KindSheet is the kind of entry that holds what one coder has decided so far.
const KindSheet library.Kind = "coding-sheet"

// Sheet is one coder's reading of a study. Until two coders have handed theirs
// in, only its own coder is shown it: two read on their own or not at all.
type Sheet struct {
	library.Head
	Study  library.ID  `json:"study"`
	By     string      `json:"by"`
	Person library.ID  `json:"person,omitempty"`
	Codes  []SheetCode `json:"codes"`
	Done   bool        `json:"done,omitempty"` // handed in
	Used   bool        `json:"used,omitempty"` // brought together with another
}

// SheetCode is a cell in which a coder places the study.
type SheetCode struct {
	Intervention string  `json:"intervention"`
	Outcome      string  `json:"outcome"`
	Locator      Locator `json:"locator,omitzero"`
	Note         string  `json:"note,omitempty"`
}

// Entry gives the sheet as the store keeps it.
func (s *Sheet) Entry() (library.Entry, error) { return library.NewEntry(s.Head, KindSheet, s) }

func (s *Sheet) of(v library.Viewer) bool {
	if s.Person != "" || v.Person != "" {
		return s.Person == v.Person
	}
	return s.By == v.Name
}

// CodingState tells how far two coders are with a study, as one of them may know it.
type CodingState struct {
	Own   *Sheet // the viewer's, nil before they began
	Begun int    // sheets, the viewer's among them
	Full  bool   // two others are at it
}

// CodingOf tells how far the coding of a study is, for a viewer.
func (v View) CodingOf(study library.ID, viewer library.Viewer) CodingState {
	var c CodingState
	for _, s := range v.sheets {
		if s.Study != study || s.Used {
			continue
		}
		if c.Begun++; s.of(viewer) {
			c.Own = s
		}
	}
	c.Full = c.Own == nil && c.Begun >= 2
	return c
}

// Code keeps a coder's sheet of a study, and hands it in when it is done. When
// both are in, they are brought together: where they differ, the study does
// not stand in the cell until a third has settled it. It answers Invalid for a
// cell that the framework lacks or a sheet that is handed in already.
func (d *Desk) Code(ctx context.Context, v library.Viewer, study library.ID, codes []SheetCode, done bool) error {
	return d.commit(ctx, func() (library.Edit, error) {
		edit := d.edit(v, "code", "codings")
		view, s, err := d.Own(ctx, v, study)
		if err != nil {
			return edit, err
		}
		f, ok := view.Framework(s.Framework)
		if !ok {
			return edit, notFound("the framework %s is not to be seen", s.Framework)
		}
		rows, columns := has(f.Trees[0].List()), has(f.Trees[1].List())
		for _, c := range codes {
			if !rows(c.Intervention) || !columns(c.Outcome) {
				return edit, fault("codings", "desk.fault.cell", "the framework has no cell %q × %q", c.Intervention, c.Outcome)
			}
		}
		state := view.CodingOf(study, v)
		if state.Full {
			return edit, fault("codings", "desk.fault.coders", "two coders are at work on study %s", study)
		}
		own := Sheet{Head: library.Head{Status: library.Draft, Audience: s.Audience}, Study: study, By: v.Name, Person: v.Person}
		if state.Own != nil {
			own = *state.Own
		} else if own.ID, err = library.NewID(d.Now(), d.Entropy); err != nil {
			return edit, err
		}
		if own.Done {
			return edit, fault("codings", "desk.fault.handed", "the sheet of %s for study %s is handed in", own.By, study)
		}
		own.Codes, own.Done = codes, done
		return edit, view.handIn(&edit, s, &own)
	})
}

// handIn puts a sheet into an edit and, when it is the second, the study that
// both make.
func (v View) handIn(edit *library.Edit, s *Study, own *Sheet) error {
	i := slices.IndexFunc(v.sheets, func(o *Sheet) bool { return o.Study == s.ID && !o.Used && o.Done && o.ID != own.ID })
	if own.Done && i >= 0 {
		first := *v.sheets[i]
		if first.By == own.By {
			return fault("codings", "desk.fault.coders", "two coders of study %s have the same name", s.ID)
		}
		first.Used, own.Used = true, true
		s.Codings = combine(&first, own, s.Codings)
		if err := add(edit, first.Version, first.Entry); err != nil {
			return err
		}
		if err := add(edit, s.Version, s.Entry); err != nil {
			return err
		}
	}
	return add(edit, own.Version, own.Entry)
}

// combine makes codings of two sheets; a cell that was there and that neither
// names is one that both are against. What a third settled before stays where
// both decide as they did.
func combine(first, second *Sheet, old []Coding) (out []Coding) {
	at := map[Cell]int{}
	cell := func(row, column string) *Coding {
		c := Cell{row, column}
		i, ok := at[c]
		if !ok {
			i = len(out)
			at[c] = i
			out = append(out, Coding{Intervention: row, Outcome: column, First: &Decision{By: first.By}, Second: &Decision{By: second.By}})
		}
		return &out[i]
	}
	for _, c := range old {
		one := cell(c.Intervention, c.Outcome)
		one.Note, one.Locator = c.Note, c.Locator
	}
	for i, sheet := range []*Sheet{first, second} {
		for _, c := range sheet.Codes {
			one := cell(c.Intervention, c.Outcome)
			d := []*Decision{one.First, one.Second}[i]
			d.Yes, d.Note = true, c.Note
			if c.Locator != (Locator{}) && (i == 0 || one.Locator == (Locator{})) {
				one.Locator = c.Locator
			}
		}
	}
	for _, c := range old {
		one := cell(c.Intervention, c.Outcome)
		if c.Adjudicated != nil && c.First != nil && c.Second != nil && c.First.Yes == one.First.Yes && c.Second.Yes == one.Second.Yes {
			one.Adjudicated = c.Adjudicated
		}
	}
	return out
}

// Disputed gives the codings of a study that wait for a third person, by their
// places.
func (s *Study) Disputed() (places []int) {
	for i, c := range s.Codings {
		if c.State() == Open {
			places = append(places, i)
		}
	}
	return places
}

// Settle keeps what a third person decides on disputed codings, by the places
// that they have in the version base. It answers Forbidden to the two coders.
func (d *Desk) Settle(ctx context.Context, v library.Viewer, study library.ID, base int64, decisions map[int]Decision) error {
	_, s, err := d.Own(ctx, v, study)
	if err != nil {
		return err
	}
	if s.Version != base {
		return library.Errorf(library.Conflict, "study %s has changed since it was looked at", study)
	}
	s.Codings = slices.Clone(s.Codings)
	for i, decision := range decisions {
		if i < 0 || i >= len(s.Codings) || s.Codings[i].State() != Open {
			return library.Errorf(library.Invalid, "coding %d of study %s is not disputed", i, study)
		}
		c := &s.Codings[i]
		if !MaySettle(v, *c) {
			return library.Errorf(library.Forbidden, "%s is one of the two coders: a third person settles it", v.Name)
		}
		decision.By = v.Name
		c.Adjudicated = &decision
	}
	if len(decisions) == 0 {
		return nil
	}
	edit := d.edit(v, "code", fmt.Sprintf("%d disputed codings settled", len(decisions)))
	if err := add(&edit, s.Version, s.Entry); err != nil {
		return err
	}
	_, err = d.Store.Commit(ctx, edit)
	return err
}

// MaySettle tells whether a viewer is none of the two who differ.
func MaySettle(v library.Viewer, c Coding) bool {
	return c.First != nil && c.Second != nil && v.Name != c.First.By && v.Name != c.Second.By
}
