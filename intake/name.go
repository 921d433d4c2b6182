package intake

import (
	"context"
	"fmt"

	"waymark/library"
	"waymark/match"
)

// Near gives the records whose title is like one, the likest first. Which of
// them the viewer sees is still to be asked: they are IDs and nothing else.
func (im *Importer) Near(ctx context.Context, _ library.Viewer, title string) ([]library.ID, error) {
	p := im.newPlan("")
	r := &library.Resource{Titles: library.Text{library.Undetermined: clean(title)}, Sources: []library.Source{{}}}
	others, err := p.near(ctx, r)
	if err != nil {
		return nil, err
	}
	var ids []library.ID
	for _, other := range others {
		if other.Status != library.Withdrawn && other.Status != library.Merged && library.Compare(r, other).Likeness >= match.Suspected {
			ids = append(ids, other.ID)
		}
	}
	return ids, nil
}

// Named gives the authority records that names stand for, in their order: an
// organisation of the vocabulary under any of its names, else the agent of that
// very name, else a new one, of which fresh holds the record to be kept.
func (im *Importer) Named(ctx context.Context, names []string) (ids []library.ID, fresh []*library.Agent, err error) {
	p := im.newPlan("")
	for _, name := range names {
		if library.NameKey(name) == "" {
			continue
		}
		id, err := p.agent(ctx, clean(name))
		if err != nil {
			return nil, nil, fmt.Errorf("look for the agent %q: %w", name, err)
		}
		ids = append(ids, id)
	}
	for _, id := range p.order {
		fresh = append(fresh, p.agents[id])
	}
	return ids, fresh, nil
}
