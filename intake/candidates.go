package intake

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"waymark/format"
	"waymark/library"
	"waymark/match"
)

// look asks the store which entries have the keys, those that it was not asked
// for before. They stand in byKey then, unread.
func (p *plan) look(ctx context.Context, kind library.Kind, keys []library.Key) error {
	var unasked []library.Key
	for _, k := range keys {
		if !p.asked[k] {
			p.asked[k] = true
			unasked = append(unasked, k)
		}
	}
	if len(unasked) == 0 {
		return nil
	}
	found, err := p.im.Store.Lookup(ctx, library.House(), kind, unasked, match.Common)
	if err != nil {
		return err
	}
	for k, ids := range found {
		for _, id := range ids {
			if !slices.Contains(p.byKey[k], id) {
				p.byKey[k] = append(p.byKey[k], id)
			}
		}
	}
	return nil
}

// load reads resources of the store that the plan does not have yet.
func (p *plan) load(ctx context.Context, ids []library.ID) error {
	ids = slices.DeleteFunc(ids, func(id library.ID) bool { return p.resources[id] != nil })
	if len(ids) == 0 {
		return nil
	}
	entries, err := p.im.Store.Entries(ctx, library.House(), ids)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if _, err := p.read(e); err != nil {
			return err
		}
	}
	return nil
}

// expect looks up what the drafts name: agents, and records by their own ids.
func (p *plan) expect(ctx context.Context, drafts []format.Draft) error {
	var names []library.Key
	var ids []library.ID
	for _, d := range drafts {
		for _, v := range slices.Concat(d.Authors, d.Editors, d.Publishers) {
			if library.NameKey(v.Text) != "" {
				names = append(names, p.agentKey(clean(v.Text)))
			}
		}
		if d.ID.Valid() {
			ids = append(ids, d.ID)
		}
	}
	if err := p.look(ctx, library.KindAgent, names); err != nil {
		return fmt.Errorf("look for %d agents: %w", len(names), err)
	}
	ids = slices.DeleteFunc(ids, func(id library.ID) bool { return p.resources[id] != nil || p.moved[id] != "" })
	if len(ids) == 0 {
		return nil
	}
	entries, err := p.im.Store.Entries(ctx, library.House(), ids)
	if err != nil {
		return fmt.Errorf("look for %d records: %w", len(ids), err)
	}
	for _, id := range ids {
		p.absent[id] = true
	}
	for _, e := range entries {
		delete(p.absent, e.ID)
		if e.Kind == library.KindResource && e.Status != library.Merged && e.Status != library.Withdrawn {
			if _, err := p.read(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// gather looks up the records that some may be the same as, all at once.
func (p *plan) gather(ctx context.Context, resources []*library.Resource) error {
	var keys []library.Key
	for _, r := range resources {
		keys = append(keys, p.keys(r)...)
	}
	if err := p.look(ctx, library.KindResource, keys); err != nil {
		return fmt.Errorf("look for the same works: %w", err)
	}
	var ids []library.ID
	for _, r := range resources {
		ids = append(append(ids, p.candidates(r)...), p.awaiting(r)...)
	}
	return p.load(ctx, ids)
}

// candidates gives the entries that share keys with r, those that share
// most first.
func (p *plan) candidates(r *library.Resource) []library.ID {
	shared := map[library.ID]int{}
	var ids []library.ID
	for _, k := range p.keys(r) {
		if len(p.byKey[k]) > match.Key(k).Common() {
			continue
		}
		for _, id := range p.byKey[k] {
			if shared[id]++; shared[id] == 1 {
				ids = append(ids, id)
			}
		}
	}
	slices.SortFunc(ids, func(a, b library.ID) int {
		return cmp.Or(cmp.Compare(shared[b], shared[a]), cmp.Compare(a, b))
	})
	return ids[:min(len(ids), match.Candidates)]
}

// near gives the resources that r may be the same as, the one with its own ID
// first.
func (p *plan) near(ctx context.Context, r *library.Resource) ([]*library.Resource, error) {
	own, err := p.own(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	if err := p.gather(ctx, []*library.Resource{r}); err != nil {
		return nil, err
	}
	var found []*library.Resource
	if own != nil {
		found = append(found, own)
	}
	for _, id := range p.candidates(r) {
		if other := p.resources[id]; other != nil && other != own {
			found = append(found, other)
		}
	}
	return found, nil
}

// having gives the resources that have a file.
func (im *Importer) having(ctx context.Context, digest string) ([]library.Entry, error) {
	key := library.Key{Scheme: library.KeyFile, Value: digest}
	found, err := im.Store.Lookup(ctx, library.House(), library.KindResource, []library.Key{key}, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	entries, err := im.Store.Entries(ctx, library.House(), found[key])
	return slices.DeleteFunc(entries, func(e library.Entry) bool { return e.Status == library.Withdrawn }), err
}

// standing gives the resources that were not withdrawn.
func standing(rs []*library.Resource) []*library.Resource {
	return slices.DeleteFunc(rs, func(r *library.Resource) bool { return r.Status == library.Withdrawn })
}
