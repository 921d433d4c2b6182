package api

import (
	"context"
	"net/url"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"waymark/library"
	"waymark/search"
)

// Asking is a question to the library, as the address of its search page has it.
type Asking struct {
	Q        string   `query:"q" maxLength:"1000" doc:"Words, \"phrases\", -without, this OR that, begin*, title:word, country:Sudan"`
	Exact    bool     `query:"exact" doc:"Only these words, not other names and spellings of what they mean"`
	Country  []string `query:"country,explode" maxItems:"50" doc:"Codes or names in any of the six languages; so for the others"`
	Region   []string `query:"region,explode" maxItems:"50"`
	Topic    []string `query:"topic,explode" maxItems:"50"`
	Category []string `query:"category,explode" maxItems:"50"`
	Language []string `query:"language,explode" maxItems:"50"`
	Held     []string `query:"held,explode" maxItems:"50" doc:"text: only works whose full text is searched"`
	Author   []string `query:"author,explode" maxItems:"50" doc:"IDs or names"`
	Year     string   `query:"year" maxLength:"20" doc:"2015, 2009..2016, 2009.. or ..2016"`
	Sort     string   `query:"sort" enum:"relevance,newest,title"`
}

// query gives the question as search has it, of publications alone.
func (in Asking) query() (search.Query, error) {
	values := url.Values{"q": {in.Q}, "sort": {in.Sort}}
	if in.Exact {
		values.Set("exact", "1")
	}
	if in.Year != "" {
		values.Set("year", in.Year)
	}
	for name, list := range map[library.Field][]string{library.FieldCountry: in.Country, library.FieldRegion: in.Region, library.FieldTopic: in.Topic,
		library.FieldCategory: in.Category, library.FieldLanguage: in.Language, library.FieldHeld: in.Held, library.FieldAuthor: in.Author} {
		values[string(name)] = list
	}
	q, err := search.Parse(values)
	return q.With(library.FieldKind, library.KindPublication), err
}

// Speaking is the language of labels.
type Speaking struct {
	Lang string `query:"lang" enum:"ar,zh,en,fr,ru,es" default:"en" doc:"Language of labels, and the first in which words are understood"`
}

// Found is what a search finds.
type Found struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Total      int                `json:"total" doc:"How many there are in all"`
	Items      []Hit              `json:"items" nullable:"false"`
	Facets     map[string][]Count `json:"facets,omitempty" doc:"Exact counts by field"`
	Next       string             `json:"next,omitempty" doc:"Cursor of the next page; none at the end"`
	Suggestion string             `json:"suggestion,omitempty" doc:"The words with misspelt ones put right, when they themselves find nothing"`
	Corrected  bool               `json:"corrected,omitempty" doc:"This is the answer to the suggestion"`
	Also       []string           `json:"also,omitempty" nullable:"false" doc:"Names of the same that were also searched"`
}

// Hit is one resource that was found.
type Hit struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Score    float64     `json:"score,omitempty" doc:"Higher is better; none without words"`
	Pages    []PagePlace `json:"pages,omitempty" nullable:"false" doc:"Pages of its files that answer the words best"`
	Resource Resource    `json:"resource"`
}

// PagePlace is a page of a file.
type PagePlace struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	File string `json:"file" doc:"Digest of the file"`
	Page int    `json:"page" doc:"From 1"`
}

// Count is how many have a value.
type Count struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Value string `json:"value"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

// Suggestion completes what was begun to be written.
type Suggestion struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Field string `json:"field,omitempty" doc:"author, country, region, topic …; none for a resource"`
	Value string `json:"value" doc:"Code, or ID of a resource"`
	Label string `json:"label"`
	Count int    `json:"count" doc:"How many resources"`
}

type foundAnswer struct{ Body Found }

// anchors is how many of the last hits a cursor names, by which the next page
// finds its place when the list has changed.
const anchors = 5

func (a *API) searches(on huma.API) {
	huma.Register(on, reading("search", "/search", "Search with facets", "Search",
		"The next page begins behind the last hit of the one before, also when records were added or taken away meanwhile."), a.search)
	huma.Register(on, reading("suggest", "/suggestions", "Complete what was begun", "Search", "Authors, places, topics and titles that begin so."),
		func(ctx context.Context, in *struct {
			Speaking
			Q string `query:"q" maxLength:"200" required:"true"`
		}) (*pageAnswer[Suggestion], error) {
			found, err := a.Searcher.Complete(ctx, viewer(ctx), in.Q, in.Lang)
			if err != nil {
				return nil, answer(ctx, err, "")
			}
			out := &pageAnswer[Suggestion]{Page[Suggestion]{Items: []Suggestion{}}}
			var titles []library.ID
			for _, c := range found {
				if c.Field == "" {
					titles = append(titles, library.ID(c.Value))
					continue
				}
				out.Body.Items = append(out.Body.Items, Suggestion{Field: string(c.Field), Value: c.Value, Label: c.Label, Count: c.Count})
			}
			records, err := a.Catalogue.Records(ctx, viewer(ctx), titles)
			if err != nil {
				return nil, answer(ctx, err, "")
			}
			for _, rec := range records {
				title, _ := rec.Title(in.Lang)
				out.Body.Items = append(out.Body.Items, Suggestion{Value: string(rec.ID), Label: title, Count: 1})
			}
			return out, nil
		})
}

func (a *API) search(ctx context.Context, in *struct {
	Asking
	Speaking
	Choosing
	Cursor string `query:"cursor" doc:"next of the page before" maxLength:"400"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"10" doc:"How many at most"`
	Facets bool   `query:"facets" default:"true"`
}) (*foundAnswer, error) {
	from, err := readCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	only, err := selected(in.Fields)
	if err != nil {
		return nil, err
	}
	q, err := in.query()
	if err != nil {
		return nil, answer(ctx, err, "")
	}
	// The list is asked for from its beginning with some more than before: the
	// last hit may stand further down by now.
	q.Size = min(from.Place+in.Limit+slack, search.MaxSize)
	found, err := a.Searcher.Find(ctx, viewer(ctx), q, in.Lang)
	if err != nil {
		return nil, answer(ctx, err, "")
	}
	start := from.start(found.Hits)
	hits := found.Hits[start:min(start+in.Limit, len(found.Hits))]
	records, err := a.Catalogue.Records(ctx, viewer(ctx), ids(hits))
	if err == nil {
		err = a.Catalogue.Related(ctx, viewer(ctx), records)
	}
	if err != nil {
		return nil, answer(ctx, err, "")
	}
	out := Found{Total: found.Total, Items: []Hit{}, Suggestion: found.Suggestion, Corrected: found.Corrected, Also: found.Also}
	for _, rec := range records {
		h := hits[slices.IndexFunc(hits, func(h search.Hit) bool { return h.ID == rec.ID })]
		one := Hit{Score: h.Score, Resource: a.resource(ctx, rec, only)}
		for _, p := range h.Pages {
			one.Pages = append(one.Pages, PagePlace{File: p.File, Page: p.Page})
		}
		out.Items = append(out.Items, one)
	}
	if end := start + len(hits); end < found.Total && end < search.MaxSize && len(hits) > 0 {
		last := ids(found.Hits[max(0, end-anchors):end])
		slices.Reverse(last)
		out.Next = cursor{Last: last, Place: end}.String()
	}
	if in.Facets {
		out.Facets = counts(found)
	}
	return &foundAnswer{out}, nil
}

// slack is how far a list may have grown between two pages.
const slack = 100

// start finds where a list goes on: behind the last hit that is still there,
// and where none is, at the place.
func (c cursor) start(hits []search.Hit) int {
	for _, id := range c.Last {
		if i := slices.IndexFunc(hits, func(h search.Hit) bool { return h.ID == id }); i >= 0 {
			return i + 1
		}
	}
	return min(c.Place, len(hits))
}

func ids(hits []search.Hit) []library.ID {
	out := make([]library.ID, len(hits))
	for i, h := range hits {
		out[i] = h.ID
	}
	return out
}

func counts(found search.Answer) map[string][]Count {
	out := map[string][]Count{}
	for field, values := range found.Facets {
		for _, v := range values {
			out[string(field)] = append(out[string(field)], Count{Value: v.Value, Label: v.Label, Count: v.Count})
		}
	}
	return out
}
