package search

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"waymark/analysis"
	"waymark/library"
	"waymark/vocabulary"
)

// Thing is something else than a publication or a section of a guide, such as
// a study or an indicator, as it is found.
type Thing struct {
	ID        library.ID
	Kind      string // value of library.FieldKind
	Status    library.Status
	Audiences []library.Audience // to all of which a reader must belong; Public is not among them
	Sort      string             // its title, for the order
	Titles    library.Text
	Texts     []library.Text
	Concepts  []library.Text // names of its codes
	Countries []string
	Date      library.Date
}

// Things gives entries of some kinds as they are found, and those that a
// change of other entries makes to be found otherwise.
type Things interface {
	Kinds() []library.Kind
	Indexed(ctx context.Context, entries []library.Entry) ([]Thing, error)
	Touched(ctx context.Context, changed []library.Entry) ([]library.ID, error)
}

// DescribeThing gives a thing as a document. It is found by the names of its
// countries and has no values of them: what is counted by a country is
// publications, which the country's page lists.
func DescribeThing(x Thing, v *vocabulary.Vocabularies) Document {
	d := Document{ID: x.ID, Sight: Sight{Status: x.Status, Audience: library.Public}, Date: x.Date, Titles: passages(x.Titles),
		Title: strings.Join(analysis.Words(x.Sort), " "), Values: map[library.Field][]string{library.FieldKind: {x.Kind}}}
	narrow(&d, x.Audiences)
	for _, t := range x.Texts {
		d.Abstracts = append(d.Abstracts, passages(t)...)
	}
	for _, t := range x.Concepts {
		d.Concepts = append(d.Concepts, passages(t)...)
	}
	for _, c := range x.Countries {
		if t, ok := v.Countries.Get(c); ok {
			d.Concepts = append(d.Concepts, passages(t.Labels)...)
		}
	}
	return d
}

// narrow has a document found by those alone who belong to all of some audiences.
func narrow(d *Document, audiences []library.Audience) {
	if len(audiences) == 0 {
		return
	}
	d.Audience = audiences[0]
	var with []string
	for _, a := range audiences[1:] {
		with = append(with, string(a))
	}
	d.With = strings.Join(with, KeySign)
}

// of gives the source of a kind of entries, nil for a kind that has none.
func (f *Follower) of(kind library.Kind) Things {
	for _, t := range f.Things {
		if slices.Contains(t.Kinds(), kind) {
			return t
		}
	}
	return nil
}

// kinds gives the kinds of entries that documents are made of.
func (f *Follower) kinds() []library.Kind {
	kinds := []library.Kind{library.KindResource, library.KindSection}
	for _, t := range f.Things {
		kinds = append(kinds, t.Kinds()...)
	}
	return kinds
}

// touched gives what is found otherwise since some entries have changed.
func (f *Follower) touched(ctx context.Context, edits []library.Edit) (ids []library.ID, err error) {
	if len(f.Things) == 0 {
		return nil, nil
	}
	var changed []library.Entry
	for _, e := range edits {
		for _, c := range e.Changes {
			changed = append(changed, c.Entry)
		}
	}
	for _, t := range f.Things {
		some, err := t.Touched(ctx, changed)
		if err != nil {
			return nil, fmt.Errorf("see what %v depend on: %w", t.Kinds(), err)
		}
		ids = append(ids, some...)
	}
	return ids, nil
}

// things puts entries of other kinds into a batch: as documents, or as gone.
func (f *Follower) things(ctx context.Context, b *Batch, entries []library.Entry) error {
	there := map[library.ID]bool{}
	for _, t := range f.Things {
		var own []library.Entry
		for _, e := range entries {
			if slices.Contains(t.Kinds(), e.Kind) {
				own = append(own, e)
			}
		}
		if len(own) == 0 {
			continue
		}
		found, err := t.Indexed(ctx, own)
		if err != nil {
			return fmt.Errorf("describe %d entries of %v: %w", len(own), t.Kinds(), err)
		}
		for _, x := range found {
			there[x.ID] = true
			b.Documents = append(b.Documents, DescribeThing(x, f.Vocabularies))
		}
	}
	for _, e := range entries {
		if !there[e.ID] {
			b.Remove = append(b.Remove, e.ID)
		}
	}
	slices.SortFunc(b.Documents, func(x, y Document) int { return strings.Compare(x.Key(), y.Key()) })
	return nil
}
