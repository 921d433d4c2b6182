package api

import (
	"cmp"
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"waymark/evidence"
	"waymark/library"
)

// Study is one study of the evidence map, without the names of its coders.
type Study struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	ID           string            `json:"id"`
	Framework    string            `json:"framework" doc:"With its version, such as waymark/1"`
	Titles       map[string]string `json:"titles" doc:"By BCP 47 tag"`
	Kind         string            `json:"kind"`
	State        string            `json:"state" doc:"completed, ongoing or protocol"`
	Design       string            `json:"design,omitempty"`
	Year         int               `json:"year,omitempty"`
	Countries    []string          `json:"countries,omitempty" nullable:"false" doc:"ISO 3166-1 alpha-2"`
	Settings     []string          `json:"settings,omitempty" nullable:"false"`
	Populations  []string          `json:"populations,omitempty" nullable:"false"`
	Languages    []string          `json:"languages,omitempty" nullable:"false"`
	Publications []string          `json:"publications,omitempty" nullable:"false" doc:"IDs of the resources that tell of it"`
	Places       []StudyPlace      `json:"places" nullable:"false" doc:"Where it stands on the map"`
	Findings     []StudyFinding    `json:"findings" nullable:"false"`
	Demo         bool              `json:"demo,omitempty" doc:"The coding is a demonstration"`
}

// StudyPlace is a place on the map, by the codes of the framework.
type StudyPlace struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Intervention string `json:"intervention"`
	Outcome      string `json:"outcome"`
	Coding       string `json:"coding" doc:"single, agreed, adjudicated or open"`
}

// StudyFinding is what a study found.
type StudyFinding struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Intervention string   `json:"intervention"`
	Outcome      string   `json:"outcome"`
	Direction    string   `json:"direction"`
	Certainty    string   `json:"certainty"`
	Metric       string   `json:"metric,omitempty"`
	Value        *float64 `json:"value,omitempty"`
	Low          *float64 `json:"low,omitempty" doc:"Of the 95 per cent interval"`
	High         *float64 `json:"high,omitempty"`
	Resource     string   `json:"resource,omitempty" doc:"Publication that has it"`
	Page         int      `json:"page,omitempty"`
	Place        string   `json:"place,omitempty" doc:"Such as table 3"`
}

type studyAnswer struct{ Body Study }

func (a *API) studies(on huma.API) {
	huma.Register(on, reading("list-studies", "/studies", "List the studies of the evidence map", "Evidence", "In the order of their IDs. The pages of the map have them as CSV, RIS and EPPI-Reviewer's JSON too."),
		func(ctx context.Context, in *Paging) (*pageAnswer[Study], error) {
			from, err := readCursor(in.Cursor)
			if err != nil {
				return nil, err
			}
			view, err := a.Evidence.View(ctx, viewer(ctx))
			if err != nil {
				return nil, answer(ctx, err, "")
			}
			all := slices.SortedFunc(slices.Values(view.Studies), func(x, y *evidence.Study) int { return cmp.Compare(x.ID, y.ID) })
			all = slices.DeleteFunc(all, func(s *evidence.Study) bool { return s.ID <= from.After })
			out := &pageAnswer[Study]{}
			if len(all) > in.Limit {
				all = all[:in.Limit]
				out.Body.Next = cursor{After: all[in.Limit-1].ID}.String()
			}
			out.Body.Items, err = a.coded(ctx, all)
			return out, err
		})
	huma.Register(on, reading("get-study", "/studies/{id}", "One study", "Evidence", "With its places on the map and its findings."),
		func(ctx context.Context, in *Record) (*studyAnswer, error) {
			view, err := a.Evidence.View(ctx, viewer(ctx))
			if err != nil {
				return nil, answer(ctx, err, "")
			}
			s, ok := view.Study(library.ID(in.ID))
			if !ok {
				return nil, answer(ctx, library.Errorf(library.NotFound, "there is no study %s", in.ID), "")
			}
			out, err := a.coded(ctx, []*evidence.Study{s})
			if err != nil {
				return nil, err
			}
			return &studyAnswer{out[0]}, nil
		})
}

// coded gives studies as clients see them; a publication that the viewer may
// not open is not named.
func (a *API) coded(ctx context.Context, studies []*evidence.Study) ([]Study, error) {
	var ids []library.ID
	for _, s := range studies {
		for _, p := range s.Publications {
			ids = append(ids, p.Resource)
		}
		for _, f := range s.Findings {
			ids = append(ids, f.Locator.Resource)
		}
	}
	open, err := a.open(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := []Study{}
	for _, s := range studies {
		one := Study{ID: string(s.ID), Framework: s.Framework, Titles: s.Titles, Kind: s.Kind, State: s.State, Design: s.Design, Year: s.Year, Countries: s.Countries,
			Settings: s.Settings, Populations: s.Populations, Languages: s.Languages, Places: []StudyPlace{}, Findings: []StudyFinding{}, Demo: s.Demo}
		for _, p := range s.Publications {
			if open[p.Resource] {
				one.Publications = append(one.Publications, string(p.Resource))
			}
		}
		for _, c := range s.Codings {
			if c.Counts() {
				one.Places = append(one.Places, StudyPlace{Intervention: c.Intervention, Outcome: c.Outcome, Coding: c.State()})
			}
		}
		for _, f := range s.Findings {
			found := StudyFinding{Intervention: f.Intervention, Outcome: f.Outcome, Direction: f.Direction, Certainty: f.Certainty, Metric: f.Metric, Value: f.Value, Low: f.Low, High: f.High}
			if open[f.Locator.Resource] || f.Locator.Resource == "" {
				found.Resource, found.Page, found.Place = string(f.Locator.Resource), f.Locator.Page, f.Locator.Label
			}
			one.Findings = append(one.Findings, found)
		}
		out = append(out, one)
	}
	return out, nil
}
