package curate

import (
	"context"
	"fmt"

	"waymark/library"
)

// agent reads one agent that stands.
func (d *Desk) agent(ctx context.Context, v library.Viewer, id library.ID) (*library.Agent, error) {
	e, err := d.Store.Entry(ctx, v, id)
	if err != nil {
		return nil, err
	}
	if e.Kind != library.KindAgent {
		return nil, library.Errorf(library.Invalid, "%s is a %s, not a person or organisation", id, e.Kind)
	}
	return library.AgentOf(e)
}

// MergeAgents makes one record of two of the same person or organisation: keep
// takes in the names and identifiers of drop, and every work of drop becomes a
// work of keep. It is one edit, however many works there are.
func (d *Desk) MergeAgents(ctx context.Context, v library.Viewer, keep, drop library.ID, note string) (library.Edit, error) {
	if err := permitAll(v); err != nil {
		return library.Edit{}, err
	}
	if keep == drop {
		return library.Edit{}, library.Errorf(library.Invalid, "%s cannot be merged with itself: name two records", keep)
	}
	k, err := d.agent(ctx, v, keep)
	if err != nil {
		return library.Edit{}, fmt.Errorf("read the agent to keep: %w", err)
	}
	o, err := d.agent(ctx, v, drop)
	if err != nil {
		return library.Edit{}, fmt.Errorf("read the agent to merge into it: %w", err)
	}
	if k.Type != o.Type {
		return library.Edit{}, library.Errorf(library.Invalid, "%s is a %s and %s a %s: they are not the same", keep, k.Type, drop, o.Type)
	}
	edit := d.edit(v, "merge", note)
	entry, err := o.Entry()
	if err != nil {
		return library.Edit{}, err
	}
	entry.Status, entry.MergedInto, entry.Keys = library.Merged, keep, nil
	edit.Changes = append(edit.Changes, library.Change{Read: o.Version, Entry: entry})
	k.Absorb(o)
	if err := add(&edit, k.Version, k); err != nil {
		return library.Edit{}, err
	}
	works, err := d.works(ctx, v, drop)
	if err != nil {
		return library.Edit{}, err
	}
	for _, r := range works {
		r.Contributors = named(r.Contributors, drop, keep)
		if err := add(&edit, r.Version, r); err != nil {
			return library.Edit{}, err
		}
	}
	return d.Store.Commit(ctx, edit)
}

// named gives contributors with one agent in the place of another, each once in
// a role.
func named(all []library.Contributor, was, is library.ID) []library.Contributor {
	var out []library.Contributor
	seen := map[library.Contributor]bool{}
	for _, c := range all {
		if c.Agent == was {
			c.Agent = is
		}
		if !seen[c] {
			seen[c] = true
			out = append(out, c)
		}
	}
	return out
}

func (d *Desk) works(ctx context.Context, v library.Viewer, agent library.ID) ([]*library.Resource, error) {
	entries, err := d.Store.Find(ctx, v, library.KindResource, []library.Key{{Scheme: library.KeyAgent, Value: string(agent)}}, 0)
	if err != nil {
		return nil, fmt.Errorf("look for the works of %s: %w", agent, err)
	}
	var works []*library.Resource
	for _, e := range entries {
		r, err := library.ResourceOf(e)
		if err != nil {
			return nil, err
		}
		works = append(works, r)
	}
	return works, nil
}

// UnmergeAgents takes a merge of agents back: drop stands again as it was, with
// the works that the merge had taken from it and that still are the other's;
// the other has the names that it had before, and those it was given since.
func (d *Desk) UnmergeAgents(ctx context.Context, v library.Viewer, drop library.ID, note string) (library.Edit, error) {
	if err := permitAll(v); err != nil {
		return library.Edit{}, err
	}
	revisions, err := d.Store.Revisions(ctx, v, drop)
	if err != nil {
		return library.Edit{}, err
	}
	last := revisions[len(revisions)-1]
	merged := last.Changes[0].Entry
	if merged.Status != library.Merged || merged.Kind != library.KindAgent {
		return library.Edit{}, library.Errorf(library.Invalid, "%s was not merged into another person or organisation: there is nothing to take back", drop)
	}
	o, err := library.AgentOf(merged)
	if err != nil {
		return library.Edit{}, err
	}
	k, err := d.agent(ctx, v, merged.MergedInto)
	if err != nil {
		return library.Edit{}, fmt.Errorf("read the agent that took it in: %w", err)
	}
	before, err := d.agentBefore(ctx, v, k.ID, last.Seq)
	if err != nil {
		return library.Edit{}, err
	}
	edit := d.edit(v, "unmerge", note)
	if err := add(&edit, merged.Version, o); err != nil {
		return library.Edit{}, err
	}
	k.Release(o, before)
	if err := add(&edit, k.Version, k); err != nil {
		return library.Edit{}, err
	}
	works, err := d.works(ctx, v, k.ID)
	if err != nil {
		return library.Edit{}, err
	}
	for _, r := range works {
		was, err := d.before(ctx, v, r.ID, last.Seq)
		if err != nil {
			return library.Edit{}, err
		}
		if !giveBack(r, was, drop, k.ID) {
			continue
		}
		if err := add(&edit, r.Version, r); err != nil {
			return library.Edit{}, err
		}
	}
	return d.Store.Commit(ctx, edit)
}

// agentBefore gives an agent as it was before an edit.
func (d *Desk) agentBefore(ctx context.Context, v library.Viewer, id library.ID, seq int64) (*library.Agent, error) {
	revisions, err := d.Store.Revisions(ctx, v, id)
	if err != nil {
		return nil, err
	}
	before := &library.Agent{ID: id}
	for _, r := range revisions {
		if r.Seq < seq {
			if before, err = library.AgentOf(r.Changes[0].Entry); err != nil {
				return nil, err
			}
		}
	}
	return before, nil
}

// giveBack gives drop its part in a work again, as the work was before the merge.
func giveBack(r, was *library.Resource, drop, keep library.ID) bool {
	changed := false
	if fmt.Sprint(named(was.Contributors, drop, keep)) == fmt.Sprint(r.Contributors) {
		changed = fmt.Sprint(was.Contributors) != fmt.Sprint(r.Contributors)
		r.Contributors = was.Contributors
		return changed
	}
	for i, c := range r.Contributors { // changed since: where it stands now
		theirs, own := library.Contributor{Agent: drop, Role: c.Role}, library.Contributor{Agent: keep, Role: c.Role}
		if c.Agent == keep && has(was, theirs) && !has(was, own) {
			r.Contributors[i], changed = theirs, true
		}
	}
	return changed
}

func has(r *library.Resource, c library.Contributor) bool {
	for _, other := range r.Contributors {
		if other == c {
			return true
		}
	}
	return false
}

// Identify notes an identifier of an agent, such as its ORCID, ISNI or ROR. It
// answers Conflict when another agent has it: the two may be one.
func (d *Desk) Identify(ctx context.Context, v library.Viewer, agent library.ID, id library.Identifier) (library.Edit, error) {
	if err := permitAll(v); err != nil {
		return library.Edit{}, err
	}
	a, err := d.agent(ctx, v, agent)
	if err != nil {
		return library.Edit{}, err
	}
	id, err = library.AgentIdentifier(id.Scheme, id.Value)
	if err != nil {
		return library.Edit{}, err
	}
	others, err := d.Store.Find(ctx, v, library.KindAgent, []library.Key{{Scheme: library.KeyAgentID, Value: id.Scheme + " " + id.Value}}, 1)
	if err != nil {
		return library.Edit{}, fmt.Errorf("look for the %s %s: %w", id.Scheme, id.Value, err)
	}
	if len(others) > 0 {
		if others[0].ID == a.ID {
			return library.Edit{}, nil
		}
		return library.Edit{}, library.Errorf(library.Conflict, "%s %s is that of %s: merge the two, or correct the identifier", id.Scheme, id.Value, others[0].ID)
	}
	a.Identifiers = append(a.Identifiers, id)
	edit := d.edit(v, "identify", id.Scheme+" "+id.Value)
	if err := add(&edit, a.Version, a); err != nil {
		return library.Edit{}, err
	}
	return d.Store.Commit(ctx, edit)
}
