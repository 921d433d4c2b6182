package intake

import (
	"context"
	"fmt"
	"slices"

	"waymark/format"
	"waymark/library"
)

// plan is what an edit will change: entries new or read, by ID, in the order
// in which they came up, and what was learned from the store on the way. Later
// drafts of a batch are matched against it too.
type plan struct {
	im        *Importer
	source    string
	order     []library.ID
	resources map[library.ID]*library.Resource
	agents    map[library.ID]*library.Agent
	moved     map[library.ID]library.ID // a source's own ID, to the resource that is the same work
	merged    []*library.Resource       // drafts that were joined to others, as they came
	held      []format.Draft            // of works that this very edit brings in, see hold
	pairs     []*library.Pair           // for a curator to decide
	byKey     map[library.Key][]library.ID
	changed   map[library.ID]bool
	asked     map[library.Key]bool   // the store was asked who has it, see look
	absent    map[library.ID]bool    // the store was asked, and has none such
	names     map[string]library.Key // of agents, see agentKey
	ready     map[*library.Resource]ready
	people    map[library.ID]*library.Agent // of the store, whose names were wanted
	awaited   map[library.Key][]awaited     // by the keys of works that were named before they came, see kin
	proposed  map[library.Key]bool          // pairs of kin
	last      []library.ID                  // what the last changes brought in or changed, or merged
}

func (im *Importer) newPlan(source string) plan {
	return plan{
		im: im, source: source,
		resources: map[library.ID]*library.Resource{}, agents: map[library.ID]*library.Agent{},
		moved: map[library.ID]library.ID{}, byKey: map[library.Key][]library.ID{}, changed: map[library.ID]bool{},
		asked: map[library.Key]bool{}, absent: map[library.ID]bool{}, names: map[string]library.Key{},
		ready: map[*library.Resource]ready{}, people: map[library.ID]*library.Agent{},
		awaited: map[library.Key][]awaited{}, proposed: map[library.Key]bool{},
	}
}

// next gives a plan that begins anew, and knows of this one only what its last
// changes did: they may be on their way into the store yet.
func (p *plan) next() *plan {
	n := p.im.newPlan(p.source)
	n.awaited, n.proposed, n.order = p.awaited, p.proposed, p.order
	for _, id := range slices.Concat(p.last, p.order) {
		if p.changed[id] {
			n.changed[id] = true
		}
		if to, ok := p.moved[id]; ok {
			n.moved[id] = to
			continue
		}
		var keys []library.Key
		if a := p.agents[id]; a != nil {
			n.agents[id], keys = a, a.Keys()
		} else if r := p.resources[id]; r != nil {
			n.resources[id], keys = r, p.keys(r)
		}
		for _, k := range keys {
			n.byKey[k] = append(n.byKey[k], id)
		}
	}
	return &n
}

// drafts decides what becomes of some drafts, with few questions to the store:
// all names are looked up at once, then all records.
func (p *plan) drafts(ctx context.Context, drafts []format.Draft, rep *Report) error {
	if err := p.expect(ctx, drafts); err != nil {
		return err
	}
	resources := make([]*library.Resource, 0, len(drafts))
	sound := make([]format.Draft, 0, len(drafts))
	read := make([]Report, 0, len(drafts))
	for _, d := range drafts {
		if problem := check(d); problem != "" {
			rep.Refused = append(rep.Refused, Note{Line: d.Line, Text: problem})
			continue
		}
		var one Report
		r, err := p.resource(ctx, d, &one)
		if err != nil {
			return fmt.Errorf("line %d: %w", d.Line, err)
		}
		resources, sound, read = append(resources, r), append(sound, d), append(read, one)
	}
	if err := p.gather(ctx, resources); err != nil {
		return err
	}
	if err := p.seek(ctx, sound); err != nil {
		return err
	}
	for i, d := range sound {
		held := len(p.held)
		if err := p.draft(ctx, d, resources[i], rep); err != nil {
			return fmt.Errorf("line %d: %w", d.Line, err)
		}
		if held == len(p.held) { // else it will be read again
			rep.add(read[i])
		}
	}
	return nil
}

// hold tells whether a draft must wait for the next edit: it is merged into a
// record that this edit brings in, which must be there by itself before, or
// nobody could say what the merge has changed.
func (p *plan) hold(same, r *library.Resource) bool {
	return same.Version == 0 && same.ID != r.ID && !p.im.DryRun
}

// draft decides what becomes of one draft, read as a resource.
func (p *plan) draft(ctx context.Context, d format.Draft, r *library.Resource, rep *Report) error {
	if err := p.follow(ctx, r); err != nil {
		return err
	}
	others, err := p.near(ctx, r)
	if library.KindOf(err) == library.Gone {
		rep.Known++
		rep.warn(d.Line, fmt.Sprintf("%q was withdrawn from this library and stays so", firstTitle(d)))
		return nil
	}
	if err != nil {
		return err
	}
	if record := p.known(r, others); record != nil {
		return p.again(ctx, d, record, r, rep)
	}
	if d.Deleted {
		rep.Known++ // nothing is here of it
		return nil
	}
	kin := p.kin(d, r)
	v, err := p.judge(ctx, r, others, kin)
	if err != nil {
		return err
	}
	if v.same != nil && v.same.Status == library.Withdrawn {
		rep.Known++
		rep.warn(d.Line, fmt.Sprintf("%q was withdrawn from this library and stays so", firstTitle(d)))
		return nil
	}
	theirs := func(other *library.Resource) string { title, _ := other.Original(); return title }
	switch {
	case v.known:
		rep.Known++
		return nil
	case v.same != nil && p.hold(v.same, r):
		p.held = append(p.held, d)
		return nil
	case v.same != nil:
		other := theirs(v.same)
		if err := p.join(v.same, r); err != nil {
			return err
		}
		id := r.ID
		if id == v.same.ID { // its own record: nothing was merged
			id = ""
		}
		rep.Joined = append(rep.Joined, Pair{d.Line, firstTitle(d), other, v.why, id})
		return p.propose(ctx, d, v.same, kin)
	}
	if r.ID == "" {
		if r.ID, err = p.newID(); err != nil {
			return err
		}
	}
	for i, other := range v.near {
		rep.Suspected = append(rep.Suspected, Pair{d.Line, firstTitle(d), theirs(other), v.matches[i].Reason(), r.ID})
	}
	rep.Added++
	return p.add(ctx, d, r, v, kin)
}

// add takes in a new record, and leaves what it may be to others to a curator.
func (p *plan) add(ctx context.Context, d format.Draft, r *library.Resource, v verdict, kin []relative) error {
	p.put(r)
	if err := p.suspect(r, v); err != nil {
		return err
	}
	return p.propose(ctx, d, r, kin)
}

// again does what a source's second word on a record asks for.
func (p *plan) again(ctx context.Context, d format.Draft, record, r *library.Resource, rep *Report) error {
	change := func(changed bool, err error) error {
		if changed {
			rep.Updated++
		} else {
			rep.Known++
		}
		return err
	}
	if d.Deleted && record.Status == library.Withdrawn {
		return change(false, nil) // sources repeat it in every run, for the overlap
	}
	if d.Deleted {
		withdrawn, err := p.gone(ctx, record)
		if err == nil && !withdrawn {
			title, _ := record.Original()
			rep.warn(d.Line, fmt.Sprintf("the source has withdrawn %q: it stays, since a person, a file or another source stands for it", title))
		}
		return change(withdrawn, err)
	}
	if record.Status == library.Withdrawn {
		back, err := p.back(ctx, record)
		if err != nil || !back {
			return change(false, err)
		}
		record.Status = library.Published
		p.put(record)
		_, err = p.update(ctx, record, r)
		return change(true, err)
	}
	kin := p.kin(d, record)
	changed, err := p.update(ctx, record, r)
	if err == nil && changed {
		err = p.propose(ctx, d, record, kin)
	}
	return change(changed, err)
}

// suspect leaves the pairs of a new record with those near to it to a curator.
func (p *plan) suspect(r *library.Resource, v verdict) error {
	matches := slices.Concat(v.matches, v.relations)
	for i, other := range slices.Concat(v.near, v.related) {
		pair := library.NewPair(r, other, matches[i])
		id, err := p.newID()
		if err != nil {
			return err
		}
		pair.ID = id
		p.pairs = append(p.pairs, pair)
	}
	return nil
}

// follow takes a record's relations through merges, so that they point to what
// stands in the library once the drafts before it are in.
func (p *plan) follow(ctx context.Context, r *library.Resource) error {
	for i := range r.Relations {
		to, err := p.own(ctx, r.Relations[i].Target)
		if err != nil && library.KindOf(err) != library.Gone {
			return err
		}
		if to != nil {
			r.Relations[i].Target = to.ID
		}
	}
	return nil
}

// join takes the draft's resource into one that is the same work. It stays as
// a merged record, so that the merge can be taken back; an ID that the source
// had given it leads to the other.
func (p *plan) join(same, r *library.Resource) error {
	if r.ID == "" {
		id, err := p.newID()
		if err != nil {
			return err
		}
		r.ID = id
	}
	if r.ID != same.ID {
		p.moved[r.ID] = same.ID
		alone := *r
		p.merged = append(p.merged, &alone)
	}
	r.Relations = slices.DeleteFunc(slices.Clone(r.Relations), func(rel library.Relation) bool { return rel.Target == same.ID })
	same.Absorb(r)
	p.put(same)
	return nil
}

// put takes a resource into the plan as changed.
func (p *plan) put(r *library.Resource) {
	p.resources[r.ID] = r
	delete(p.ready, r)
	if !p.changed[r.ID] {
		p.changed[r.ID] = true
		p.order = append(p.order, r.ID)
	}
	for _, k := range p.keys(r) {
		if !slices.Contains(p.byKey[k], r.ID) {
			p.byKey[k] = append(p.byKey[k], r.ID)
		}
	}
}

// own gives the resource that stands under a draft's own ID, or the one that
// took it in; nil when there is none.
func (p *plan) own(ctx context.Context, id library.ID) (*library.Resource, error) {
	if to, ok := p.moved[id]; ok {
		id = to
	}
	if r, ok := p.resources[id]; ok || id == "" || p.absent[id] {
		return r, nil
	}
	e, err := p.im.Store.Entry(ctx, library.House(), id)
	if moved, ok := library.MovedTo(err); ok {
		e, err = p.im.Store.Entry(ctx, library.House(), moved)
	}
	switch {
	case library.KindOf(err) == library.NotFound:
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("look for %s: %w", id, err)
	}
	return p.read(e)
}

// read gives the resource of an entry, as the plan has it when it does.
func (p *plan) read(e library.Entry) (*library.Resource, error) {
	if r, ok := p.resources[e.ID]; ok {
		return r, nil
	}
	r, err := library.ResourceOf(e)
	if err != nil {
		return nil, err
	}
	p.resources[r.ID] = r
	return r, nil
}

func (p *plan) newID() (library.ID, error) {
	return library.NewID(p.im.Now(), p.im.Entropy)
}

// changes gives the edit's changes: agents before the resources that name
// them. A new agent whom no resource names is not brought in yet. The plan goes
// on as if they had been committed.
func (p *plan) changes() ([]library.Change, error) {
	named := p.named()
	p.last = nil
	var agents, resources []library.Change
	var waiting []library.ID
	for _, id := range p.order {
		a := p.agents[id]
		if a != nil && !named[id] {
			waiting = append(waiting, id)
			continue
		}
		delete(p.changed, id)
		p.last = append(p.last, id)
		if a != nil {
			e, err := a.Entry()
			if err != nil {
				return nil, err
			}
			agents = append(agents, library.Change{Read: a.Version, Entry: e})
			a.Version++
			continue
		}
		r := p.resources[id]
		e, err := r.EntryWith(p.keys(r))
		if err != nil {
			return nil, err
		}
		resources = append(resources, library.Change{Read: r.Version, Entry: e})
		r.Version++
	}
	for _, r := range p.merged {
		e, err := r.Entry()
		if err != nil {
			return nil, err
		}
		p.last = append(p.last, r.ID)
		e.Status, e.MergedInto, e.Keys = library.Merged, p.moved[r.ID], nil
		resources = append(resources, library.Change{Entry: e})
	}
	for _, pair := range p.pairs {
		e, err := pair.Entry()
		if err != nil {
			return nil, err
		}
		resources = append(resources, library.Change{Entry: e})
	}
	p.order, p.merged, p.pairs = waiting, nil, nil
	return append(agents, resources...), nil
}

// named gives the agents that the changed resources name.
func (p *plan) named() map[library.ID]bool {
	named := map[library.ID]bool{}
	name := func(r *library.Resource) {
		for _, agent := range r.AgentIDs() {
			named[agent] = true
		}
	}
	for _, id := range p.order {
		if r := p.resources[id]; r != nil {
			name(r)
		}
	}
	for _, r := range p.merged { // for the day on which the merge is taken back
		name(r)
	}
	return named
}
