package indicator

import (
	"context"

	"waymark/library"
	"waymark/search"
	"waymark/vocabulary"
)

// Kinds gives the kind of entries that searches find: indicators.
func (b *Base) Kinds() []library.Kind { return []library.Kind{KindIndicator} }

// Indexed gives indicators as they are found: by title and definition of the
// version in force. One that is only being written is not found.
func (b *Base) Indexed(_ context.Context, entries []library.Entry) ([]search.Thing, error) {
	var out []search.Thing
	for _, e := range entries {
		i, err := library.ReadEntry[Indicator](e)
		if err != nil {
			return nil, err
		}
		v := i.Last()
		if v.Number == 0 || i.Status != library.Published {
			continue
		}
		x := search.Thing{ID: i.ID, Kind: library.KindOfIndicator, Status: i.Status, Titles: v.Titles, Texts: []library.Text{v.Definition, v.Numerator, v.Denominator},
			Concepts: []library.Text{{library.Undetermined: i.Code}}}
		if i.Audience != library.Public {
			x.Audiences = []library.Audience{i.Audience}
		}
		x.Sort, _ = v.Titles.In()
		for _, l := range v.Links {
			x.Concepts = append(x.Concepts, library.Text{library.Undetermined: l})
		}
		for _, d := range []struct {
			list *vocabulary.List
			code string
		}{{b.Words.Pillars, v.Pillar}, {b.Words.Levels, v.Level}} {
			if t, ok := d.list.Get(d.code); ok {
				x.Concepts = append(x.Concepts, t.Labels)
			}
		}
		out = append(out, x)
	}
	return out, nil
}

// Touched gives nothing: an indicator is found by what itself says.
func (b *Base) Touched(context.Context, []library.Entry) ([]library.ID, error) { return nil, nil }

// Hits gives indicators by their IDs, of those that a viewer sees.
func (v View) Hits(ids []library.ID) map[library.ID]*Indicator {
	out := map[library.ID]*Indicator{}
	for _, i := range v.Indicators {
		for _, id := range ids {
			if i.ID == id {
				out[id] = i
			}
		}
	}
	return out
}
