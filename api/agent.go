package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"waymark/library"
)

// Agent is a person or an organisation.
type Agent struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	ID          string            `json:"id"`
	Type        string            `json:"type" enum:"person,organisation"`
	Names       map[string]string `json:"names" doc:"By BCP 47 tag; und where nobody has said the language"`
	Acronym     string            `json:"acronym,omitempty"`
	Variants    []string          `json:"variants,omitempty" nullable:"false" doc:"Other forms of the name"`
	Website     string            `json:"website,omitempty"`
	Identifiers []Identifier      `json:"identifiers,omitempty" nullable:"false" doc:"orcid, isni, ror, viaf, wikidata"`
}

func agent(a *library.Agent) Agent {
	out := Agent{ID: string(a.ID), Type: string(a.Type), Names: a.Names, Acronym: a.Acronym, Variants: a.Variants, Website: a.Website}
	for _, id := range a.Identifiers {
		out.Identifiers = append(out.Identifiers, Identifier(id))
	}
	return out
}

type agentAnswer struct{ Body Agent }

func (a *API) agents(on huma.API) {
	huma.Register(on, reading("list-agents", "/agents", "List persons and organisations", "Agents",
		"Those of whom the reader may see a work, in the order of their IDs."),
		func(ctx context.Context, in *Paging) (*pageAnswer[Agent], error) {
			from, err := readCursor(in.Cursor)
			if err != nil {
				return nil, err
			}
			agents, err := a.Catalogue.WalkAgents(ctx, viewer(ctx), from.After, in.Limit+1)
			if err != nil {
				return nil, answer(ctx, err, "")
			}
			out := &pageAnswer[Agent]{Page[Agent]{Items: []Agent{}}}
			if len(agents) > in.Limit {
				agents = agents[:in.Limit]
				out.Body.Next = cursor{After: agents[in.Limit-1].ID}.String()
			}
			for _, one := range agents {
				out.Body.Items = append(out.Body.Items, agent(one))
			}
			return out, nil
		})
	huma.Register(on, reading("get-agent", "/agents/{id}", "One person or organisation", "Agents", "Its works are found by /search?author=ID."),
		func(ctx context.Context, in *Record) (*agentAnswer, error) {
			found, err := a.Catalogue.Agent(ctx, viewer(ctx), library.ID(in.ID))
			if err != nil {
				return nil, answer(ctx, err, "/agents/")
			}
			return &agentAnswer{agent(found)}, nil
		})
}
