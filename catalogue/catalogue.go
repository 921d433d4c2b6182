// Package catalogue is what a viewer may see of the library: one record with
// its contributors and neighbours, or the records of a list.
package catalogue

import (
	"context"
	"fmt"
	"slices"

	"waymark/library"
)

// Store is what the catalogue reads; it gives nothing that the viewer may not
// see. A limit of 0 is none.
type Store interface {
	Entry(ctx context.Context, v library.Viewer, id library.ID) (library.Entry, error)
	Entries(ctx context.Context, v library.Viewer, ids []library.ID) ([]library.Entry, error)
	Find(ctx context.Context, v library.Viewer, kind library.Kind, keys []library.Key, limit int) ([]library.Entry, error)
	Teasers(ctx context.Context, v library.Viewer, ids []library.ID) ([]library.Entry, error)
	Visits(ctx context.Context, v library.Viewer, urls []string) (map[string]library.Visit, error)
}

// Catalogue reads records for viewers.
type Catalogue struct {
	Store   Store
	History History
	Files   Files
}

// Record is a resource with its contributors in order.
type Record struct {
	*library.Resource
	Agents []*library.Agent
}

// Named gives the contributors with those IDs, in their order.
func (r Record) Named(ids []library.ID) []*library.Agent {
	var agents []*library.Agent
	for _, id := range ids {
		for _, a := range r.Agents {
			if a.ID == id {
				agents = append(agents, a)
			}
		}
	}
	return agents
}

// Neighbours are the resources that stand in a relation to one, each only if
// the viewer may see it.
type Neighbours struct {
	Translations []*library.Resource // the same text in other languages, the original among them
	Older        []*library.Resource // what it supersedes
	Newer        []*library.Resource // what supersedes it
	Whole        []*library.Resource // what it is part of
	Parts        []*library.Resource
}

// Record gives one resource, Locked when the viewer may only know of it. It answers NotFound, Moved or Gone as the store does.
func (c *Catalogue) Record(ctx context.Context, v library.Viewer, id library.ID) (Record, error) {
	e, err := c.Store.Entry(ctx, v, id)
	if library.KindOf(err) == library.NotFound {
		if teased, e := c.teasers(ctx, v, []library.ID{id}); e != nil || len(teased) == 1 {
			return teased[id], e
		}
	}
	if err != nil {
		return Record{}, c.tombstone(ctx, id, err)
	}
	if e.Kind != library.KindResource {
		return Record{}, library.Errorf(library.NotFound, "entry %s is no resource", id)
	}
	records, err := c.records(ctx, v, []library.Entry{e})
	if err != nil {
		return Record{}, err
	}
	return records[0], nil
}

// tombstone adds to an error that says that a record is gone why it is. The
// viewer may know of the record, since they were told that it is gone; all that
// is read for them of it is the reason, which curators write for readers.
func (c *Catalogue) tombstone(ctx context.Context, id library.ID, err error) error {
	if library.KindOf(err) != library.Gone {
		return err
	}
	entries, e := c.Store.Entries(ctx, library.House(), []library.ID{id})
	if e != nil || len(entries) == 0 || entries[0].Kind != library.KindResource {
		return err
	}
	r, e := library.ResourceOf(entries[0])
	if e != nil || r.Status != library.Withdrawn {
		return err
	}
	return &library.Error{Kind: library.Gone, Why: r.Review.Withdrawn, Err: err}
}

// Records gives those of the entries that are resources and that the viewer may
// see, in the order asked; Locked ones among them of which the viewer may only know.
func (c *Catalogue) Records(ctx context.Context, v library.Viewer, ids []library.ID) ([]Record, error) {
	entries, err := c.Store.Entries(ctx, v, ids)
	if err != nil {
		return nil, fmt.Errorf("read %d records: %w", len(ids), err)
	}
	entries = slices.DeleteFunc(entries, func(e library.Entry) bool { return e.Kind != library.KindResource })
	records, err := c.records(ctx, v, entries)
	if err != nil || len(records) == len(ids) {
		return records, err
	}
	teased, err := c.teasers(ctx, v, ids)
	if err != nil || len(teased) == 0 {
		return records, err
	}
	for _, r := range records {
		teased[r.ID] = r
	}
	records = records[:0:0]
	for _, id := range ids {
		if r, ok := teased[id]; ok {
			records = append(records, r)
			delete(teased, id)
		}
	}
	return records, nil
}

// teasers gives those of the resources of which the viewer may know and no more.
func (c *Catalogue) teasers(ctx context.Context, v library.Viewer, ids []library.ID) (map[library.ID]Record, error) {
	entries, err := c.Store.Teasers(ctx, v, ids)
	if err != nil {
		return nil, fmt.Errorf("read what may be known of %d records: %w", len(ids), err)
	}
	teased := map[library.ID]Record{}
	for _, e := range entries {
		if e.Kind != library.KindResource {
			continue
		}
		r, err := library.ResourceOf(e)
		if err != nil {
			return nil, err
		}
		r.Locked, r.Opening = true, r.Review.Opens
		teased[r.ID] = Record{Resource: r}
	}
	return teased, nil
}

// RecordsOf gives the records of entries that the viewer was given.
func (c *Catalogue) RecordsOf(ctx context.Context, v library.Viewer, entries []library.Entry) ([]Record, error) {
	return c.records(ctx, v, entries)
}

func (c *Catalogue) records(ctx context.Context, v library.Viewer, entries []library.Entry) ([]Record, error) {
	records := make([]Record, len(entries))
	var ids []library.ID
	for i, e := range entries {
		r, err := resource(v, e)
		if err != nil {
			return nil, err
		}
		records[i].Resource = r
		ids = append(ids, r.AgentIDs()...)
	}
	agents, err := c.Agents(ctx, v, ids)
	if err != nil {
		return nil, err
	}
	for i := range records {
		for _, id := range records[i].AgentIDs() {
			if a := agents[id]; a != nil {
				records[i].Agents = append(records[i].Agents, a)
			}
		}
	}
	return records, nil
}

// Agents gives those of the agents that the viewer may see, by ID.
func (c *Catalogue) Agents(ctx context.Context, v library.Viewer, ids []library.ID) (map[library.ID]*library.Agent, error) {
	slices.Sort(ids)
	agents, err := library.Agents(c.Store.Entries(ctx, v, slices.Compact(ids)))
	if err != nil {
		return nil, fmt.Errorf("read the agents: %w", err)
	}
	return agents, nil
}

// AgentNamed gives the agents that a name, acronym or ID stands for and of
// whom the viewer may see a work: others are not to be known of by their name.
func (c *Catalogue) AgentNamed(ctx context.Context, v library.Viewer, name string) ([]library.ID, error) {
	entries, err := c.Store.Entries(ctx, v, []library.ID{library.ID(name)})
	if err == nil && len(entries) == 0 && library.ID(name).Valid() {
		_, gone := c.Store.Entry(ctx, v, library.ID(name))
		if to, moved := library.MovedTo(gone); moved { // merged with another record of the same
			entries, err = c.Store.Entries(ctx, v, []library.ID{to})
		}
	}
	if err == nil && len(entries) == 0 {
		entries, err = c.Store.Find(ctx, v, library.KindAgent, library.NewAgent(name).Keys(), 0)
	}
	if err != nil {
		return nil, fmt.Errorf("look for the agent %q: %w", name, err)
	}
	var ids []library.ID
	for _, e := range entries {
		if e.Kind != library.KindAgent {
			continue
		}
		works, err := c.Store.Find(ctx, v, library.KindResource, []library.Key{{Scheme: library.KeyAgent, Value: string(e.ID)}}, 1)
		if err != nil {
			return nil, fmt.Errorf("look for the works of %s: %w", e.ID, err)
		}
		if len(works) > 0 {
			ids = append(ids, e.ID)
		}
	}
	return ids, nil
}

// Neighbours gives what stands in a relation to the resource, in either
// direction; the other translations of its original count as its own.
func (c *Catalogue) Neighbours(ctx context.Context, v library.Viewer, r *library.Resource) (Neighbours, error) {
	var n Neighbours
	originals := []library.ID{r.ID}
	for _, rel := range r.Relations {
		to, err := c.target(ctx, v, rel.Target)
		switch {
		case library.KindOf(err) == library.NotFound, library.KindOf(err) == library.Gone:
			continue
		case err != nil:
			return Neighbours{}, fmt.Errorf("read the neighbour %s of %s: %w", rel.Target, r.ID, err)
		}
		switch rel.Type {
		case library.TranslationOf:
			n.Translations = append(n.Translations, to)
			originals = append(originals, to.ID)
		case library.Supersedes:
			n.Older = append(n.Older, to)
		case library.PartOf:
			n.Whole = append(n.Whole, to)
		}
	}
	keys := make([]library.Key, len(originals))
	for i, id := range originals {
		keys[i] = library.Key{Scheme: library.KeyRelation, Value: string(id)}
	}
	entries, err := c.Store.Find(ctx, v, library.KindResource, keys, 0)
	if err != nil {
		return Neighbours{}, fmt.Errorf("look for the neighbours of %s: %w", r.ID, err)
	}
	for _, e := range entries {
		from, err := resource(v, e)
		if err != nil {
			return Neighbours{}, err
		}
		if from.ID != r.ID {
			n.inverse(r.ID, from, originals)
		}
	}
	return n, nil
}

// inverse takes in a resource that points to r or to r's original.
func (n *Neighbours) inverse(id library.ID, from *library.Resource, originals []library.ID) {
	for _, rel := range from.Relations {
		switch {
		case rel.Type == library.TranslationOf && slices.Contains(originals, rel.Target):
			n.Translations = append(n.Translations, from)
		case rel.Target != id:
		case rel.Type == library.Supersedes:
			n.Newer = append(n.Newer, from)
		case rel.Type == library.PartOf:
			n.Parts = append(n.Parts, from)
		}
	}
}

// target reads the resource that a relation points to, through a merge.
func (c *Catalogue) target(ctx context.Context, v library.Viewer, id library.ID) (*library.Resource, error) {
	e, err := c.Store.Entry(ctx, v, id)
	if to, ok := library.MovedTo(err); ok {
		e, err = c.Store.Entry(ctx, v, to)
	}
	if err != nil {
		return nil, err
	}
	return resource(v, e)
}

// resource reads a resource with those of its files that the viewer may know of.
func resource(v library.Viewer, e library.Entry) (*library.Resource, error) {
	r, err := library.ResourceOf(e)
	if err != nil {
		return nil, err
	}
	r.Opening = r.OpensFor(v)
	r.Files = r.FilesFor(v)
	return r, nil
}
