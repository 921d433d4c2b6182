package indicator

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"waymark/library"
)

// Change is what a person makes of the definition of an indicator: all that it
// is to say from now on, and the version of the entry from which they made it.
type Change struct {
	Code   string
	Base   int64 // 0 for a new indicator
	Fields library.Fields
}

// texts gives the fields of one value of a definition, with their places.
func (v *Version) texts() map[string]*string {
	return map[string]*string{"measure": &v.Measure, "unit": &v.Unit, "direction": &v.Direction, "level": &v.Level, "pillar": &v.Pillar, "counting": &v.Counting, "frequency": &v.Frequency}
}

// words gives the texts of a definition in several languages.
func (v *Version) words() map[string]*library.Text {
	return map[string]*library.Text{"title": &v.Titles, "definition": &v.Definition, "numerator": &v.Numerator, "denominator": &v.Denominator, "safety": &v.Safety, "limits": &v.Limits}
}

// Fields gives a definition as a person edits it.
func (v *Version) Fields() library.Fields {
	f := library.Fields{}
	for name, at := range v.texts() {
		if *at != "" {
			f[name] = []string{*at}
		}
	}
	for name, at := range v.words() {
		for lang, s := range *at {
			f[name+"."+lang] = []string{s}
		}
	}
	if v.Decimals > 0 {
		f["decimals"] = []string{strconv.Itoa(v.Decimals)}
	}
	for _, d := range v.Dimensions {
		f["dimension"] = append(f["dimension"], d.Code)
		if !d.Exclusive {
			f["overlapping"] = append(f["overlapping"], d.Code)
		}
		if d.Required {
			f["required"] = append(f["required"], d.Code)
		}
	}
	for name, list := range map[string][]string{"source": v.Sources, "links": v.Links} {
		if len(list) > 0 {
			f[name] = slices.Clone(list)
		}
	}
	return f
}

// SetFields makes a definition say what the fields say. It answers Invalid for
// what is no number.
func (v *Version) SetFields(f library.Fields) error {
	for name, at := range v.texts() {
		*at = f.First(name)
	}
	for name, at := range v.words() {
		*at = nil
		for _, field := range slices.Sorted(maps.Keys(f)) {
			if lang, ok := strings.CutPrefix(field, name+"."); ok && f.First(field) != "" {
				if *at == nil {
					*at = library.Text{}
				}
				(*at)[lang] = f.First(field)
			}
		}
	}
	old := v.Dimensions
	v.Dimensions = nil
	for _, code := range f["dimension"] {
		d := Dimension{Code: code, List: code + "-1"}
		if i := slices.IndexFunc(old, func(o Dimension) bool { return o.Code == code }); i >= 0 {
			d = old[i]
		}
		d.Exclusive, d.Required = !slices.Contains(f["overlapping"], code), slices.Contains(f["required"], code)
		v.Dimensions = append(v.Dimensions, d)
	}
	v.Sources, v.Links, v.Decimals = slices.Clone(f["source"]), slices.Clone(f["links"]), 0
	if text := f.First("decimals"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 6 {
			return &library.Error{Kind: library.Invalid, Field: "decimals", Key: "desk.fault.whole", Err: errors.New("the decimals are no number from 0 to 6")}
		}
		v.Decimals = n
	}
	return nil
}

// Draft gives the version that is being written: the last one if it is a draft,
// else the next, which begins as the last one stands.
func (i *Indicator) Draft() Version {
	if len(i.Versions) == 0 {
		return Version{Number: 1, State: "draft", Measure: "count", Unit: "persons", Counting: "new", Frequency: "A"}
	}
	v := i.Versions[len(i.Versions)-1]
	if v.State != "draft" {
		v.Number, v.State, v.ReplacedBy = v.Number+1, "draft", ""
	}
	return v
}

// Define keeps the next version of an indicator as a draft, or publishes it:
// from then on it does not change, and the one before is deprecated. It answers
// Conflict with a *library.Clash when another changed the indicator since,
// Invalid for what breaks a rule.
func (d *Desk) Define(ctx context.Context, v library.Viewer, c Change, publish bool) error {
	if err := releasers(v); err != nil {
		return err
	}
	for try := 1; ; try++ {
		edit, err := d.defined(ctx, v, c, publish)
		if err != nil {
			return err
		}
		if _, err = d.Store.Commit(ctx, edit); err == nil || library.KindOf(err) != library.Conflict || try == tries {
			return err
		}
	}
}

func (d *Desk) defined(ctx context.Context, v library.Viewer, c Change, publish bool) (library.Edit, error) {
	edit := d.edit(v, "define", c.Code)
	view, err := d.Base.View(ctx, v)
	if err != nil {
		return edit, err
	}
	edit.Seen = &view.Seq // a code stands for one indicator
	old, there := view.Indicator(c.Code)
	switch {
	case there && c.Base == 0:
		return edit, &library.Error{Kind: library.Invalid, Field: "code", Key: "desk.fault.taken", Err: errors.New("the code " + c.Code + " is taken")}
	case !there && c.Base != 0:
		return edit, library.Errorf(library.NotFound, "there is no indicator %q", c.Code)
	case !there:
		old = &Indicator{Code: c.Code, Head: library.Head{Status: library.Draft, Audience: library.Public}}
		if old.ID, err = library.NewID(d.Now(), d.Entropy); err != nil {
			return edit, err
		}
	case old.Version != c.Base:
		return edit, d.clash(ctx, v, old, c)
	}
	next := *old
	draft := old.Draft()
	if err := draft.SetFields(c.Fields); err != nil {
		return edit, err
	}
	next.Key = c.Fields.First("key") != ""
	next.Versions = append(slices.Clone(old.Versions[:draft.Number-1]), draft)
	if publish {
		last := &next.Versions[draft.Number-1]
		last.State, next.Status, edit.Action = "active", library.Published, "publish"
		if n := draft.Number - 2; n >= 0 {
			next.Versions[n].State = "deprecated"
		}
	}
	if err := next.Check(d.Base.Words); err != nil {
		return edit, err
	}
	if err := next.Succeeds(old); err != nil {
		return edit, err
	}
	e, err := next.Entry()
	edit.Changes = []library.Change{{Read: old.Version, Entry: e}}
	return edit, err
}

func (d *Desk) clash(ctx context.Context, v library.Viewer, now *Indicator, c Change) error {
	revisions, err := d.Store.Revisions(ctx, v, now.ID)
	if err != nil {
		return err
	}
	last := revisions[len(revisions)-1]
	draft := now.Draft()
	theirs := draft.Fields()
	if now.Key {
		theirs["key"] = []string{"yes"}
	}
	return &library.Error{Kind: library.Conflict, Err: &library.Clash{Version: now.Version, Fields: c.Fields.Differing(theirs), Merged: c.Fields, Theirs: theirs, Actor: last.Actor, At: last.At}}
}
