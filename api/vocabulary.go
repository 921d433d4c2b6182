package api

import (
	"cmp"
	"context"

	"github.com/danielgtaylor/huma/v2"

	"waymark/library"
	"waymark/vocabulary"
)

// Vocabulary names one of the lists.
type Vocabulary struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Name  string `json:"name"`
	Terms int    `json:"terms" doc:"How many there are"`
}

// Term is one row of a vocabulary.
type Term struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Code    string            `json:"code"`
	Scheme  string            `json:"scheme,omitempty" doc:"Of a region: field or m49"`
	Labels  map[string]string `json:"labels" doc:"By BCP 47 tag"`
	Other   []Form            `json:"other,omitempty" nullable:"false" doc:"Other names under which it is found"`
	Broader string            `json:"broader,omitempty" doc:"Code of the wider term"`
	Members []string          `json:"members,omitempty" nullable:"false" doc:"Of a region: codes of its countries"`
	Acronym string            `json:"acronym,omitempty"`
	Website string            `json:"website,omitempty"`
	Alpha3  string            `json:"alpha3,omitempty" doc:"Of a country: ISO 3166-1 alpha-3"`
	M49     string            `json:"m49,omitempty" doc:"Of a country: UN M49"`
}

// Form is another name.
type Form struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Language string `json:"language,omitempty"`
	Text     string `json:"text"`
}

type vocabulariesAnswer struct{ Body Page[Vocabulary] }

func (a *API) vocabularies(on huma.API) {
	huma.Register(on, reading("list-vocabularies", "/vocabularies", "List the vocabularies", "Vocabularies", "The lists from which records take their codes."),
		func(ctx context.Context, _ *struct{}) (*vocabulariesAnswer, error) {
			out := &vocabulariesAnswer{Page[Vocabulary]{Items: []Vocabulary{}}}
			for _, l := range a.Vocabularies.Lists() {
				out.Body.Items = append(out.Body.Items, Vocabulary{Name: l.Name, Terms: len(terms(viewer(ctx), l))})
			}
			return out, nil
		})
	huma.Register(on, reading("get-vocabulary", "/vocabularies/{name}", "The terms of a vocabulary", "Vocabularies", "All of them, in the order of the list."),
		func(ctx context.Context, in *struct {
			Name string `path:"name" maxLength:"60" example:"topics"`
		}) (*pageAnswer[Term], error) {
			for _, l := range a.Vocabularies.Lists() {
				if l.Name == in.Name {
					return &pageAnswer[Term]{Page[Term]{Items: terms(viewer(ctx), l)}}, nil
				}
			}
			return nil, answer(ctx, library.Errorf(library.NotFound, "no vocabulary is called %s", in.Name), "")
		})
}

// terms gives those terms that are for the viewer.
func terms(v library.Viewer, l *vocabulary.List) []Term {
	out := []Term{}
	for _, t := range l.All() {
		if !v.Sees(library.Published, library.Audience(cmp.Or(t.Audience, string(library.Public)))) {
			continue
		}
		term := Term{Code: t.Code, Scheme: t.Scheme, Labels: t.Labels, Broader: t.Broader, Members: t.Members, Acronym: t.Acronym,
			Website: t.Website, Alpha3: t.Alpha3, M49: t.M49}
		for _, v := range t.Variants {
			term.Other = append(term.Other, Form{Language: v.Lang, Text: v.Text})
		}
		out = append(out, term)
	}
	return out
}
