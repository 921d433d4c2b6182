package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"waymark/indicator"
	"waymark/library"
)

// Indicator is one thing that is measured, as its latest version defines it.
type Indicator struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Code        string            `json:"code"`
	Version     int               `json:"version" doc:"From 1; what a version says never changes"`
	Titles      map[string]string `json:"titles" doc:"By BCP 47 tag"`
	Definition  map[string]string `json:"definition"`
	Numerator   map[string]string `json:"numerator,omitempty"`
	Denominator map[string]string `json:"denominator,omitempty"`
	Measure     string            `json:"measure" doc:"count, percent or mean"`
	Unit        string            `json:"unit"`
	Direction   string            `json:"direction" doc:"up-good, down-good or ambiguous"`
	Level       string            `json:"level" doc:"process, output, outcome or impact"`
	Pillar      string            `json:"pillar" doc:"prevention, protection, prosecution or partnership"`
	Frequency   string            `json:"frequency" doc:"A, Q or M"`
	Dimensions  []IndicatorSplit  `json:"dimensions,omitempty" nullable:"false" doc:"By what values are broken down"`
	Links       []string          `json:"links,omitempty" nullable:"false" doc:"Such as SDG 16.2.2"`
	Released    string            `json:"released,omitempty" format:"date-time" doc:"When its latest values were released"`
	Release     string            `json:"release,omitempty" doc:"SHA-256 of the released values"`
	Synthetic   bool              `json:"synthetic,omitempty" doc:"The values were made up for a demonstration"`
}

// IndicatorSplit is an attribute by which values are broken down.
type IndicatorSplit struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Code string `json:"code"`
	List string `json:"list" doc:"Code list with its version"`
}

// Observation is one released value.
type Observation struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Area        string            `json:"area" doc:"ISO 3166-1 alpha-2"`
	Period      string            `json:"period" doc:"2024, 2024-Q1 or 2024-06"`
	Dimensions  map[string]string `json:"dimensions,omitempty" doc:"Codes by dimension; _T is the total"`
	Value       *float64          `json:"value,omitempty" doc:"None where it is held back or not there"`
	Numerator   *float64          `json:"numerator,omitempty"`
	Denominator *float64          `json:"denominator,omitempty"`
	Status      string            `json:"status,omitempty" doc:"OBS_STATUS of SDMX"`
	Conf        string            `json:"conf,omitempty" doc:"CONF_STATUS of SDMX; C is held back"`
	Source      string            `json:"source" doc:"Who counted"`
	Kind        string            `json:"kind" doc:"Kind of the source"`
	Resource    string            `json:"resource,omitempty" doc:"Publication that has the value"`
	Page        int               `json:"page,omitempty" doc:"Its page there"`
	Method      string            `json:"method,omitempty"`
	Note        string            `json:"note,omitempty"`
}

// Measured names an indicator.
type Measured struct {
	Code string `path:"code" maxLength:"100" example:"shelter-in-time"`
}

type indicatorAnswer struct{ Body Indicator }

// released gives an indicator as clients see it: as its released values are
// defined, else by its last version.
func released(view indicator.View, ind *indicator.Indicator) (Indicator, indicator.Version, *indicator.Release) {
	v := ind.Last()
	rel, ok := view.Latest(ind.Code)
	if ok {
		if of, known := ind.VersionOf(rel.Number); known {
			v = of
		}
	}
	out := Indicator{Code: ind.Code, Version: v.Number, Titles: v.Titles, Definition: v.Definition, Numerator: v.Numerator, Denominator: v.Denominator,
		Measure: v.Measure, Unit: v.Unit, Direction: v.Direction, Level: v.Level, Pillar: v.Pillar, Frequency: v.Frequency, Links: v.Links}
	for _, d := range v.Dimensions {
		out.Dimensions = append(out.Dimensions, IndicatorSplit{Code: d.Code, List: d.List})
	}
	if ok {
		out.Released, out.Release, out.Synthetic = rel.Taken.UTC().Format("2006-01-02T15:04:05Z"), rel.Hash, rel.Synthetic
	}
	return out, v, rel
}

func (a *API) indicators(on huma.API) {
	known := func(ctx context.Context, code string) (indicator.View, *indicator.Indicator, error) {
		view, err := a.Indicators.View(ctx, viewer(ctx))
		if err != nil {
			return view, nil, answer(ctx, err, "")
		}
		ind, ok := view.Indicator(code)
		if !ok {
			return view, nil, answer(ctx, library.Errorf(library.NotFound, "there is no indicator %q", code), "")
		}
		return view, ind, nil
	}
	huma.Register(on, reading("list-indicators", "/indicators", "List the indicators", "Indicators", "All of them, in the order of their codes."),
		func(ctx context.Context, _ *struct{}) (*pageAnswer[Indicator], error) {
			view, err := a.Indicators.View(ctx, viewer(ctx))
			if err != nil {
				return nil, answer(ctx, err, "")
			}
			out := &pageAnswer[Indicator]{Page[Indicator]{Items: []Indicator{}}}
			for _, ind := range view.Indicators {
				shown, _, _ := released(view, ind)
				out.Body.Items = append(out.Body.Items, shown)
			}
			return out, nil
		})
	huma.Register(on, reading("get-indicator", "/indicators/{code}", "One indicator", "Indicators", "As its latest released values are defined."),
		func(ctx context.Context, in *Measured) (*indicatorAnswer, error) {
			view, ind, err := known(ctx, in.Code)
			if err != nil {
				return nil, err
			}
			shown, _, _ := released(view, ind)
			return &indicatorAnswer{shown}, nil
		})
	huma.Register(on, reading("list-observations", "/indicators/{code}/observations", "The released values of an indicator", "Indicators",
		"Those of the latest release, after disclosure control. The pages of the indicator have them as CSV, SDMX-CSV and JSON-stat too."),
		func(ctx context.Context, in *struct {
			Measured
			Area []string `query:"area,explode" maxItems:"250" doc:"Countries by ISO 3166-1 alpha-2, or regions with their members"`
			From string   `query:"from" maxLength:"4" pattern:"^[0-9]{4}$" doc:"First year"`
			To   string   `query:"to" maxLength:"4" pattern:"^[0-9]{4}$" doc:"Last year"`
		}) (*pageAnswer[Observation], error) {
			view, ind, err := known(ctx, in.Code)
			if err != nil {
				return nil, err
			}
			out := &pageAnswer[Observation]{Page[Observation]{Items: []Observation{}}}
			_, version, rel := released(view, ind)
			if rel == nil {
				return out, nil
			}
			rows := indicator.Select(rel, version, indicator.Question{Areas: in.Area, From: in.From, To: in.To}, a.members)
			out.Body.Items, err = a.observations(ctx, rows)
			return out, err
		})
}

// members gives the countries of a region.
func (a *API) members(code string) []string {
	t, _ := a.Vocabularies.Regions.Get(code)
	return t.Members
}

// observations gives values as clients see them; a publication that the viewer
// may not open is not named.
func (a *API) observations(ctx context.Context, rows []indicator.Datum) ([]Observation, error) {
	var ids []library.ID
	for _, d := range rows {
		ids = append(ids, d.Source.Resource)
	}
	open, err := a.open(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := []Observation{}
	for _, d := range rows {
		o := Observation{Area: d.Area, Period: d.Period, Dimensions: d.Dimensions, Value: d.Value, Numerator: d.Numerator, Denominator: d.Denominator,
			Status: d.Status, Conf: d.Conf, Source: d.Source.Name, Kind: d.Source.Kind, Method: d.Method, Note: d.Note}
		if open[d.Source.Resource] {
			o.Resource, o.Page = string(d.Source.Resource), d.Page
		}
		out = append(out, o)
	}
	return out, nil
}

// open tells which publications the viewer may read.
func (a *API) open(ctx context.Context, ids []library.ID) (map[library.ID]bool, error) {
	open := map[library.ID]bool{}
	var distinct []library.ID
	for _, id := range ids {
		if _, seen := open[id]; id != "" && !seen {
			open[id] = false
			distinct = append(distinct, id)
		}
	}
	records, err := a.Catalogue.Records(ctx, viewer(ctx), distinct)
	if err != nil {
		return nil, answer(ctx, err, "")
	}
	for _, rec := range records {
		open[rec.ID] = !rec.Locked
	}
	return open, nil
}
