package catalogue

import (
	"context"
	"fmt"
	"slices"
	"time"

	"waymark/library"
)

// History is the library as a whole and what changed in it, for a viewer.
type History interface {
	Scan(ctx context.Context, v library.Viewer, kind library.Kind, after library.ID, limit int) ([]library.Entry, error)
	Edits(ctx context.Context, v library.Viewer, after int64, limit int) ([]library.Edit, error)
}

// walkSize is how many entries are looked at a time.
const walkSize = 200

// Walk gives the resources that stand and come after an ID, by ID, at most
// limit, which must be above 0: whatever is added or changed between two calls,
// none that was there all the time is left out or given twice.
func (c *Catalogue) Walk(ctx context.Context, v library.Viewer, after library.ID, limit int) ([]Record, error) {
	entries, err := c.scan(ctx, v, library.KindResource, after, limit, func(e library.Entry) (bool, error) {
		return e.Status == library.Published || e.Status == library.Draft, nil
	})
	if err != nil {
		return nil, err
	}
	return c.records(ctx, v, entries)
}

// WalkAgents gives the agents of whom the viewer may see a work, like Walk.
func (c *Catalogue) WalkAgents(ctx context.Context, v library.Viewer, after library.ID, limit int) ([]*library.Agent, error) {
	entries, err := c.scan(ctx, v, library.KindAgent, after, limit, func(e library.Entry) (bool, error) {
		if e.Status != library.Published {
			return false, nil
		}
		return c.works(ctx, v, e.ID)
	})
	if err != nil {
		return nil, err
	}
	agents := make([]*library.Agent, len(entries))
	for i, e := range entries {
		if agents[i], err = library.AgentOf(e); err != nil {
			return nil, err
		}
	}
	return agents, nil
}

// Agent gives one agent of whom the viewer may see a work. It answers NotFound
// for any other, and Moved as the store does.
func (c *Catalogue) Agent(ctx context.Context, v library.Viewer, id library.ID) (*library.Agent, error) {
	e, err := c.Store.Entry(ctx, v, id)
	if to, moved := library.MovedTo(err); moved {
		if ok, failed := c.works(ctx, v, to); failed != nil || !ok {
			return nil, library.Errorf(library.NotFound, "there is no agent %s: %w", id, failed)
		}
	}
	if err != nil {
		return nil, err
	}
	if ok, err := c.works(ctx, v, id); e.Kind != library.KindAgent || err == nil && !ok {
		return nil, library.Errorf(library.NotFound, "there is no agent %s", id)
	} else if err != nil {
		return nil, err
	}
	return library.AgentOf(e)
}

// works tells whether the viewer may see a work of an agent.
func (c *Catalogue) works(ctx context.Context, v library.Viewer, agent library.ID) (bool, error) {
	found, err := c.Store.Find(ctx, v, library.KindResource, []library.Key{{Scheme: library.KeyAgent, Value: string(agent)}}, 1)
	if err != nil {
		return false, fmt.Errorf("look for the works of %s: %w", agent, err)
	}
	return len(found) > 0, nil
}

// scan gives the entries of a kind after an ID that are wanted, at most limit.
func (c *Catalogue) scan(ctx context.Context, v library.Viewer, kind library.Kind, after library.ID, limit int, wanted func(library.Entry) (bool, error)) ([]library.Entry, error) {
	var out []library.Entry
	for {
		entries, err := c.History.Scan(ctx, v, kind, after, walkSize)
		if err != nil || len(entries) == 0 {
			return out, err
		}
		for _, e := range entries {
			after = e.ID
			ok, err := wanted(e)
			if err != nil {
				return nil, err
			}
			if ok {
				if out = append(out, e); len(out) == limit {
					return out, nil
				}
			}
		}
	}
}

// Change is what became of a resource, as the viewer may know of it now.
type Change struct {
	Seq     int64 // of its last edit among those asked for
	At      time.Time
	ID      library.ID
	Version int64          // 0 when it does not stand any more
	Status  library.Status // Published, Draft, Withdrawn or Merged
	Into    library.ID     // with Merged
}

// Changes gives the resources that at most some edits after a number changed,
// each once, in the order of their last edit, and the number of the last edit
// that was looked at: the end is reached when it is the one asked. What the
// viewer may not know of now is not told, whatever it was.
func (c *Catalogue) Changes(ctx context.Context, v library.Viewer, after int64, edits int) ([]Change, int64, error) {
	// The house asks, for what has been withdrawn or merged is in no change that
	// a reader sees; each entry is gated again below.
	list, err := c.History.Edits(ctx, library.House(), after, edits)
	if err != nil {
		return nil, after, fmt.Errorf("read what changed: %w", err)
	}
	last := map[library.ID]Change{}
	var ids []library.ID
	for _, edit := range list {
		after = edit.Seq
		for _, ch := range edit.Changes {
			if ch.Entry.Kind != library.KindResource {
				continue
			}
			if _, seen := last[ch.Entry.ID]; !seen {
				ids = append(ids, ch.Entry.ID)
			}
			last[ch.Entry.ID] = Change{Seq: edit.Seq, At: edit.At, ID: ch.Entry.ID}
		}
	}
	stand, err := c.Store.Entries(ctx, v, ids)
	if err != nil {
		return nil, after, fmt.Errorf("read what changed: %w", err)
	}
	standing := map[library.ID]library.Entry{}
	for _, e := range stand {
		standing[e.ID] = e
	}
	var out []Change
	for _, id := range ids {
		ch := last[id]
		if known, err := c.outcome(ctx, v, standing, &ch); err != nil {
			return nil, after, err
		} else if known {
			out = append(out, ch)
		}
	}
	slices.SortStableFunc(out, func(a, b Change) int { return int(a.Seq - b.Seq) })
	return out, after, nil
}

// outcome says what became of an entry; false when the viewer may not know.
func (c *Catalogue) outcome(ctx context.Context, v library.Viewer, standing map[library.ID]library.Entry, ch *Change) (bool, error) {
	if e, ok := standing[ch.ID]; ok && e.Status != library.Merged && e.Status != library.Withdrawn {
		ch.Version, ch.Status = e.Version, e.Status
		return true, nil
	}
	_, err := c.Store.Entry(ctx, v, ch.ID)
	if to, moved := library.MovedTo(err); moved {
		ch.Status, ch.Into = library.Merged, to
		return true, nil
	}
	switch library.KindOf(err) {
	case library.Gone:
		ch.Status = library.Withdrawn
		return true, nil
	case "", library.NotFound:
		return false, nil
	}
	return false, fmt.Errorf("read what became of %s: %w", ch.ID, err)
}
