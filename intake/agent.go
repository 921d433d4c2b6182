package intake

import (
	"context"
	"fmt"

	"waymark/format"
	"waymark/library"
	"waymark/vocabulary"
)

// contributors turns names into contributors, each an authority record.
func (in *reader) contributors(ctx context.Context, role library.ContributorRole, names []format.Value) error {
	for _, n := range names {
		if library.NameKey(n.Text) == "" {
			continue
		}
		id, err := in.p.agent(ctx, clean(n.Text))
		if err != nil {
			return err
		}
		c := library.Contributor{Agent: id, Role: role}
		in.r.Contributors = append(in.r.Contributors, c)
	}
	in.state(string(role), "", names...)
	return nil
}

// agent gives the authority record of a name: an organisation of the
// vocabulary under any of its names, else the record of that very name, else a
// new one.
func (p *plan) agent(ctx context.Context, name string) (library.ID, error) {
	first := p.agentKey(name)
	if err := p.look(ctx, library.KindAgent, []library.Key{first}); err != nil {
		return "", fmt.Errorf("look for the agent %q: %w", name, err)
	}
	if ids := p.byKey[first]; len(ids) > 0 {
		return ids[0], nil
	}
	a := p.im.named(name)
	var err error
	if a.ID, err = p.newID(); err != nil {
		return "", err
	}
	p.agents[a.ID] = a
	p.changed[a.ID] = true
	p.order = append(p.order, a.ID)
	for _, k := range a.Keys() {
		p.byKey[k] = append(p.byKey[k], a.ID)
	}
	return a.ID, nil
}

// agentKey gives the key by which the authority record of a name is found,
// worked out once for each name.
func (p *plan) agentKey(name string) library.Key {
	k, ok := p.names[name]
	if !ok {
		k = p.im.named(name).Keys()[0]
		p.names[name] = k
	}
	return k
}

// named gives the record that a name would have.
func (im *Importer) named(name string) *library.Agent {
	if t, ok := im.Vocabularies.Organisations.Find(name); ok {
		return organisation(t)
	}
	return library.NewAgent(name)
}

func organisation(t vocabulary.Term) *library.Agent {
	a := &library.Agent{Type: library.Organisation, Code: t.Code, Names: t.Labels, Acronym: t.Acronym, Website: t.Website}
	for _, v := range t.Variants {
		a.Variants = append(a.Variants, v.Text)
	}
	return a
}
