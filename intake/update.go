package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"waymark/library"
)

// History tells how an entry came to be what it is, oldest first.
type History interface {
	Revisions(ctx context.Context, v library.Viewer, id library.ID) ([]library.Edit, error)
}

// byMachine are the actions of edits that no person made.
var byMachine = []string{ActionImport, ActionHarvest}

// The actions of the edits of this package.
const (
	ActionImport  = "import"
	ActionHarvest = "harvest"
)

// known gives the record that an earlier reading of the same source made of
// the same of its records; nil when there is none.
func (p *plan) known(r *library.Resource, others []*library.Resource) *library.Resource {
	key := r.Sources[0].Key
	if p.im.History == nil || key == "" {
		return nil
	}
	for _, other := range others {
		if slices.ContainsFunc(other.Sources, func(s library.Source) bool { return s.Name == p.source && s.Key == key }) {
			return other
		}
	}
	return nil
}

// update takes what a source says now into the record that it made before. A
// field that a person has changed stays as it is; so does one that another
// source gave. It tells whether anything changed.
func (p *plan) update(ctx context.Context, record, r *library.Resource) (changed bool, err error) {
	said := r.Sources[0]
	at := slices.IndexFunc(record.Sources, func(s library.Source) bool { return s.Name == said.Name && s.Key == said.Key })
	if record.Sources[at].Digest == said.Digest {
		return false, nil
	}
	alone := len(record.Sources) == 1
	record.Sources[at] = said
	if !alone {
		record.Absorb(r)
		p.put(record)
		return true, nil
	}
	touched, err := p.touched(ctx, record.ID)
	if err != nil {
		return false, err
	}
	now, err := members(record)
	if err != nil {
		return false, err
	}
	says, err := members(r)
	if err != nil {
		return false, err
	}
	for name := range now {
		if says[name] == nil && !touched[name] && name != "files" && name != "relations" {
			delete(now, name)
		}
	}
	for name, value := range says {
		if !touched[name] {
			now[name] = value
		}
	}
	body, err := json.Marshal(now)
	if err != nil {
		return false, fmt.Errorf("update %s: %w", record.ID, err)
	}
	fresh := library.Resource{ID: record.ID, Version: record.Version, Status: record.Status, Audience: record.Audience, Created: record.Created, Updated: record.Updated}
	if err := json.Unmarshal(body, &fresh); err != nil {
		return false, fmt.Errorf("update %s: %w", record.ID, err)
	}
	*record = fresh
	p.put(record)
	return true, nil
}

// gone does what a source's word that it has withdrawn a record asks for: the
// record is withdrawn too, unless a person has worked on it, another source has
// it, or the library holds its file. It is not asked of one withdrawn already.
func (p *plan) gone(ctx context.Context, record *library.Resource) (withdrawn bool, err error) {
	if len(record.Sources) > 1 || len(record.Files) > 0 {
		return false, nil
	}
	touched, err := p.touched(ctx, record.ID)
	if err != nil || len(touched) > 0 {
		return false, err
	}
	record.Status = library.Withdrawn
	p.put(record)
	return true, nil
}

// back tells whether a record that was withdrawn may stand again when its
// source has it again: it was the source's word that withdrew it.
func (p *plan) back(ctx context.Context, record *library.Resource) (bool, error) {
	revisions, err := p.im.History.Revisions(ctx, library.House(), record.ID)
	if err != nil {
		return false, fmt.Errorf("read the history of %s: %w", record.ID, err)
	}
	return revisions[len(revisions)-1].Action == ActionHarvest, nil
}

// touched gives the fields of a record, by their names in JSON, that a person
// has changed since it was brought in.
func (p *plan) touched(ctx context.Context, id library.ID) (map[string]bool, error) {
	revisions, err := p.im.History.Revisions(ctx, library.House(), id)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", id, err)
	}
	touched := map[string]bool{}
	before := map[string]json.RawMessage{}
	for i, rev := range revisions {
		now := map[string]json.RawMessage{}
		if err := json.Unmarshal(rev.Changes[0].Entry.Body, &now); err != nil {
			return nil, fmt.Errorf("read the history of %s: %w", id, err)
		}
		if i > 0 && !slices.Contains(byMachine, rev.Action) {
			for _, name := range slices.Concat(slices.Collect(maps.Keys(now)), slices.Collect(maps.Keys(before))) {
				if string(now[name]) != string(before[name]) {
					touched[name] = true
				}
			}
		}
		before = now
	}
	return touched, nil
}

// members gives the fields of a record by their names in JSON.
func members(r *library.Resource) (map[string]json.RawMessage, error) {
	e, err := r.Entry()
	if err != nil {
		return nil, err
	}
	m := map[string]json.RawMessage{}
	if err := json.Unmarshal(e.Body, &m); err != nil {
		return nil, fmt.Errorf("read the fields of %s: %w", r.ID, err)
	}
	return m, nil
}
