package intake

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"waymark/library"
	"waymark/match"
)

// ready is a resource of the plan made ready to be compared.
type ready struct {
	record *match.Record
	keys   []library.Key
}

// record gives what can be compared of a resource, worked out once for each
// state that is put into the plan.
func (p *plan) record(r *library.Resource) *match.Record { return p.made(r).record }

// keys gives the keys by which r finds and is found.
func (p *plan) keys(r *library.Resource) []library.Key { return p.made(r).keys }

func (p *plan) made(r *library.Resource) ready {
	made, ok := p.ready[r]
	if !ok {
		made.record = r.Record(p.people)
		made.keys = r.CandidateKeys(made.record)
		p.ready[r] = made
	}
	return made
}

// compare says whether two records describe the same work. Contributors are
// told by their IDs; only where that leaves a doubt are their names read.
func (p *plan) compare(ctx context.Context, r, other *library.Resource) (match.Verdict, error) {
	v := match.Compare(p.record(r), p.record(other))
	if v.Likeness != match.Suspected || len(r.Contributors) == 0 || len(other.Contributors) == 0 {
		return v, nil
	}
	if err := p.meet(ctx, append(r.AgentIDs(), other.AgentIDs()...)); err != nil {
		return v, err
	}
	return match.Compare(r.Record(p.people), other.Record(p.people)), nil
}

// meet reads the names of agents that are not known yet.
func (p *plan) meet(ctx context.Context, ids []library.ID) error {
	var unread []library.ID
	for _, id := range ids {
		if a := p.agents[id]; a != nil {
			p.people[id] = a
		} else if p.people[id] == nil {
			unread = append(unread, id)
		}
	}
	if len(unread) == 0 {
		return nil
	}
	agents, err := library.Agents(p.im.Store.Entries(ctx, library.House(), unread))
	if err != nil {
		return fmt.Errorf("read the names of %d agents: %w", len(unread), err)
	}
	maps.Copy(p.people, agents)
	return nil
}

// verdict is what a record is beside those that may be the same.
type verdict struct {
	known   bool              // one of them holds this very statement
	same    *library.Resource // certainly the same work
	why     string
	near    []*library.Resource // perhaps the same, each with the verdict
	matches []match.Verdict

	related   []*library.Resource // another work that seems to stand in a relation, each with the verdict
	relations []match.Verdict
}

// judge compares a record with others. One that stands under the record's own
// id is the same whatever it says; one that its source calls a translation or
// the original is another work.
func (p *plan) judge(ctx context.Context, r *library.Resource, others []*library.Resource, kin []relative) (verdict, error) {
	var v verdict
	for _, other := range others {
		m, err := p.compare(ctx, r, other)
		if err != nil {
			return v, err
		}
		switch {
		case other.HasSource(r.Sources[0].Digest):
			return verdict{known: true}, nil
		case r.ID == other.ID:
			v.same, v.why = other, "the same id"
		case slices.ContainsFunc(kin, func(k relative) bool { return k.other == other.ID }):
		case m.Likeness == match.Certain && v.same == nil:
			v.same, v.why = other, m.Reason()
		case other.Status == library.Withdrawn || m.Relation != "" && (r.RelatedTo(other.ID) || other.RelatedTo(r.ID)):
		case m.Likeness == match.Different && m.Relation != "":
			v.related, v.relations = append(v.related, other), append(v.relations, m)
		case m.Likeness == match.Suspected:
			v.near, v.matches = append(v.near, other), append(v.matches, m)
		}
	}
	return v, nil
}
