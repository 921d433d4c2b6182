package evidence

import (
	"context"
	"fmt"
	"slices"

	"waymark/library"
	"waymark/search"
	"waymark/vocabulary"
)

// Kinds gives the kind of entries that searches find: studies.
func (b *Base) Kinds() []library.Kind { return []library.Kind{KindStudy} }

// Indexed gives studies as they are found: by the names of what they are coded
// for in every language, and by their title as by a text, so that a
// publication stands before the studies that it tells of.
func (b *Base) Indexed(ctx context.Context, entries []library.Entry) ([]search.Thing, error) {
	view, err := b.View(ctx, library.House())
	if err != nil {
		return nil, err
	}
	var out []search.Thing
	for _, e := range entries {
		s, err := library.ReadEntry[Study](e)
		if err != nil {
			return nil, err
		}
		if x, ok := view.thing(s); ok {
			out = append(out, x)
		}
	}
	return out, nil
}

// thing gives a study as it is found; one that is not on the map is not.
func (v View) thing(s *Study) (search.Thing, bool) {
	x := search.Thing{ID: s.ID, Kind: library.KindOfStudy, Status: s.Status, Texts: []library.Text{s.Titles}, Countries: s.Countries}
	if s.Status != library.Published && s.Status != library.Draft || !v.sight(s, &x) {
		return x, false
	}
	x.Sort, _ = s.Titles.In()
	if s.Year > 0 {
		x.Date = library.Date(fmt.Sprintf("%04d", s.Year))
	}
	for _, n := range s.Findings {
		if len(n.Plain) > 0 {
			x.Texts = append(x.Texts, n.Plain)
		}
	}
	for _, d := range []struct {
		list  *vocabulary.List
		codes []string
	}{{v.Words.Kinds, []string{s.Kind}}, {v.Words.Designs, []string{s.Design}}, {v.Words.Settings, s.Settings}, {v.Words.Populations, s.Populations}, {v.Words.Forms, s.Forms}} {
		for _, code := range d.codes {
			if t, ok := d.list.Get(code); ok {
				x.Concepts = append(x.Concepts, t.Labels)
			}
		}
	}
	f, ok := v.Framework(s.Framework)
	if !ok {
		return x, true
	}
	trees := [2]*vocabulary.List{f.Trees[0].List(), f.Trees[1].List()}
	seen := [2]map[string]bool{{}, {}}
	for _, c := range s.Codings {
		if !c.Counts() {
			continue
		}
		for i, code := range [2]string{c.Intervention, c.Outcome} {
			if t, ok := trees[i].Get(code); ok && !seen[i][code] {
				seen[i][code] = true
				x.Concepts = append(x.Concepts, t.Labels)
			}
		}
	}
	return x, true
}

// sight narrows a study to those who may see it: one of its publications must
// be there for them. Of several it is the most open that counts.
func (v View) sight(s *Study, x *search.Thing) bool {
	narrow := func(a library.Audience) {
		if a != library.Public && a != "" && !slices.Contains(x.Audiences, a) {
			x.Audiences = append(x.Audiences, a)
		}
	}
	narrow(s.Audience)
	if len(s.Publications) == 0 {
		return true
	}
	best, rank := library.Entry{}, 0
	for _, p := range s.Publications {
		e, ok := v.places[p.Resource]
		n := 0
		switch {
		case !ok || e.Status != library.Published && e.Status != library.Draft:
		case e.Status == library.Draft:
			n = 1
		case e.Audience != library.Public:
			n = 2
		default:
			n = 3
		}
		if n > rank {
			best, rank = e, n
		}
	}
	if rank == 0 {
		return false
	}
	narrow(best.Audience)
	if rank == 1 {
		x.Status = library.Draft
	}
	return true
}

// Touched gives the studies that are found otherwise since entries changed:
// those of a publication, or of a framework.
func (b *Base) Touched(ctx context.Context, changed []library.Entry) ([]library.ID, error) {
	moved, frameworks := map[library.ID]bool{}, false
	for _, e := range changed {
		switch e.Kind {
		case library.KindResource:
			moved[e.ID] = true
		case KindFramework:
			frameworks = true
		}
	}
	if len(moved) == 0 && !frameworks {
		return nil, nil
	}
	view, err := b.View(ctx, library.House())
	if err != nil {
		return nil, err
	}
	var ids []library.ID
	for _, s := range view.all {
		if frameworks || slices.ContainsFunc(s.Publications, func(p Publication) bool { return moved[p.Resource] || moved[view.Now(p.Resource)] }) {
			ids = append(ids, s.ID)
		}
	}
	return ids, nil
}

// Hits gives studies by their IDs, of those that a viewer sees.
func (v View) Hits(ids []library.ID) map[library.ID]*Study {
	out := map[library.ID]*Study{}
	for _, id := range ids {
		if s, ok := v.Study(id); ok {
			out[id] = s
		}
	}
	return out
}
