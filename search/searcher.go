package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/analysis"
	"waymark/library"
	"waymark/vocabulary"
)

// Agents names the agents of a facet and finds those that a reader names.
type Agents interface {
	Agents(ctx context.Context, v library.Viewer, ids []library.ID) (map[library.ID]*library.Agent, error)
	AgentNamed(ctx context.Context, v library.Viewer, name string) ([]library.ID, error)
}

// Searcher answers queries with words for people: it takes names for codes and
// labels what the engine counts.
type Searcher struct {
	Index        Index
	Vocabularies *vocabulary.Vocabularies
	Agents       Agents
	Titles       Titles // nil without guides
}

// Titles names the guides of a facet: those that the viewer sees.
type Titles interface {
	Titles(ctx context.Context, v library.Viewer, ids []library.ID) (map[library.ID]library.Text, error)
}

// Answer is a Result with labels in the reader's language.
type Answer struct {
	Query  Query // with codes where the reader gave names
	Total  int
	Hits   []Hit
	Facets map[library.Field][]Value // highest count first, then by label
	Took   time.Duration             // in the engine

	Suggestion string   // as in Result
	Corrected  bool     // nothing was found, and the answer is that to Suggestion, which Query asks
	Also       []string // what was searched beside the reader's words: names of the same in other languages
}

// Value is one value of a facet with its label. A chosen one is there also
// when it counts nothing, so that it can be taken off.
type Value struct {
	Value  string
	Label  string
	Count  int
	Chosen bool
}

// MaxCounts bounds the values that a facet names.
const MaxCounts = 200

// Find answers a query for a viewer, with labels in a language. It answers
// Invalid, naming the field, for a value that no vocabulary knows.
func (s *Searcher) Find(ctx context.Context, v library.Viewer, q Query, lang string) (Answer, error) {
	a, res, err := s.ask(ctx, v, q, lang)
	if err != nil {
		return Answer{}, err
	}
	if a.Suggestion != "" && !q.Exact {
		other, found, err := s.ask(ctx, v, q.Asking(a.Suggestion), lang)
		if err != nil {
			return Answer{}, err
		}
		if found.Total > 0 {
			other.Suggestion, other.Corrected = a.Suggestion, true
			a, res = other, found
		}
	}
	for _, f := range library.Facets() {
		if a.Facets[f], err = s.label(ctx, v, a.Query, f, res.Facets[f], lang); err != nil {
			return Answer{}, err
		}
	}
	return a, nil
}

// Values answers a query with the values of one field whose name, or a word of
// it, begins with a text in any language; with an empty text the most frequent.
// Hits are not asked for.
func (s *Searcher) Values(ctx context.Context, v library.Viewer, q Query, f library.Field, text, lang string) (Answer, error) {
	begun := strings.Join(analysis.Words(cut(text, MaxText)), " ")
	if begun == "" {
		return s.Find(ctx, v, q, lang)
	}
	values, err := s.named(ctx, v, f, begun)
	if err != nil {
		return Answer{}, err
	}
	a, err := s.Find(ctx, v, q.counting(f, values), lang)
	if err != nil {
		return Answer{}, err
	}
	a.Facets[f] = slices.DeleteFunc(a.Facets[f], func(v Value) bool { return v.Count == 0 || !slices.Contains(values, v.Value) })
	return a, nil
}

// named gives the values of a field that have a name which begins so.
func (s *Searcher) named(ctx context.Context, v library.Viewer, f library.Field, begun string) (values []string, err error) {
	switch f {
	case library.FieldYear:
		for year := range 10000 {
			if text := strconv.Itoa(year); strings.HasPrefix(text, begun) {
				values = append(values, text)
			}
		}
	case library.FieldAuthor:
		found, err := s.Index.Complete(ctx, v, begun, nil, MaxCounts)
		if err != nil {
			return nil, fmt.Errorf("find authors by name: %w", err)
		}
		authors, err := s.authors(ctx, v, begun, found.Authors, MaxCounts, "")
		if err != nil {
			return nil, err
		}
		for _, a := range authors {
			values = append(values, a.Value)
		}
	case library.FieldGuide: // there are few, and all of them are offered
	default:
		for _, t := range s.Vocabularies.Field(f).All() {
			if slices.ContainsFunc(t.Names(), func(name string) bool { return vocabulary.Begins(name, begun) }) {
				values = append(values, t.Code)
			}
		}
	}
	return values, nil
}

// longest bounds the time of a search, which many short beginnings of words
// could otherwise take from others.
const longest = 3 * time.Second

// ask answers a query without naming what is counted.
func (s *Searcher) ask(ctx context.Context, v library.Viewer, q Query, lang string) (Answer, Result, error) {
	q, err := s.resolve(ctx, v, q)
	if err != nil {
		return Answer{}, Result{}, err
	}
	a := Answer{Facets: map[library.Field][]Value{}}
	if !q.Exact {
		r := recogniser{vocabularies: s.Vocabularies, lang: lang}
		q = q.Meaning(r.widen(q.Expression()))
		a.Also = r.also
	}
	start := time.Now()
	bounded, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	res, err := s.Index.Search(bounded, v, q)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return Answer{}, Result{}, &library.Error{Kind: library.Busy, Err: fmt.Errorf("the search took more than %v: ask fewer or longer words", longest)}
	}
	if err != nil {
		return Answer{}, Result{}, fmt.Errorf("search: %w", err)
	}
	a.Query, a.Total, a.Hits, a.Took, a.Suggestion = q, res.Total, res.Hits, time.Since(start), res.Suggestion
	return a, res, nil
}

// resolve puts codes in the place of the names that a reader may give.
func (s *Searcher) resolve(ctx context.Context, v library.Viewer, q Query) (Query, error) {
	out := q
	for _, f := range library.Facets() {
		for _, value := range q.Values(f) {
			codes, err := s.codes(ctx, v, f, value)
			if err != nil {
				return Query{}, err
			}
			if len(codes) == 0 {
				return Query{}, invalid(string(f), "%q is not a %s that the library knows%s", value, f, s.suggestion(f, value))
			}
			out = out.Without(f, value)
			for _, code := range codes {
				out = out.With(f, code)
			}
		}
	}
	out.Page = q.Page
	asked, err := s.lookUp(ctx, v, q.Expression())
	return out.Meaning(asked), err
}

// lookUp puts codes in the place of the names that field:value gives. A value
// that no vocabulary knows is taken as words, since no text is an error.
func (s *Searcher) lookUp(ctx context.Context, v library.Viewer, e Expression) (Expression, error) {
	if e.Operator == Choice {
		if e.Field == library.FieldYear {
			if _, err := ParseYears(e.Values[0]); err != nil {
				return plain(e.Values[0]), nil
			}
			return e, nil
		}
		codes, err := s.codes(ctx, v, e.Field, e.Values[0])
		if len(codes) == 0 {
			return plain(e.Values[0]), err
		}
		e.Values = codes
		return e, err
	}
	parts := make([]Expression, len(e.Parts))
	for i := range e.Parts {
		var err error
		if parts[i], err = s.lookUp(ctx, v, e.Parts[i]); err != nil {
			return Expression{}, err
		}
	}
	e.Parts = parts
	return e, nil
}

func (s *Searcher) codes(ctx context.Context, v library.Viewer, f library.Field, value string) ([]string, error) {
	if f == library.FieldAuthor {
		ids, err := s.Agents.AgentNamed(ctx, v, value)
		if err != nil {
			return nil, err
		}
		var codes []string
		for _, id := range ids {
			codes = append(codes, string(id))
		}
		return codes, nil
	}
	if f == library.FieldGuide {
		titles, err := s.guides(ctx, v, []library.ID{library.ID(value)})
		if err != nil || len(titles) == 0 {
			return nil, err
		}
		return []string{value}, nil
	}
	list := s.Vocabularies.Field(f)
	if t, ok := list.Get(value); ok {
		return []string{t.Code}, nil
	}
	if t, ok := list.Find(value); ok {
		return []string{t.Code}, nil
	}
	return nil, nil
}

func (s *Searcher) guides(ctx context.Context, v library.Viewer, ids []library.ID) (map[library.ID]library.Text, error) {
	if s.Titles == nil {
		return nil, nil
	}
	return s.Titles.Titles(ctx, v, ids)
}

func (s *Searcher) suggestion(f library.Field, value string) string {
	if list := s.Vocabularies.Field(f); list != nil {
		if t, ok := s.Vocabularies.Near(list, value); ok {
			label, _ := t.Labels.In()
			return fmt.Sprintf(" (did you mean %q?)", label)
		}
	}
	return ""
}

// label names the counted values of a facet.
func (s *Searcher) label(ctx context.Context, v library.Viewer, q Query, f library.Field, counts []Count, lang string) ([]Value, error) {
	values := make([]Value, 0, min(len(counts), MaxCounts))
	chosen, counted := q.Values(f), q.Counted(f)
	for _, c := range counts {
		isChosen := q.Has(f, c.Value)
		if f == library.FieldRegion && !isChosen && s.auxiliary(c.Value) {
			continue
		}
		if len(values) < MaxCounts || slices.Contains(counted, c.Value) {
			values = append(values, Value{Value: c.Value, Count: c.Count, Chosen: isChosen})
		}
	}
	for _, value := range chosen {
		if !slices.ContainsFunc(values, func(v Value) bool { return v.Value == value }) {
			values = append(values, Value{Value: value, Chosen: true})
		}
	}
	names, err := s.names(ctx, v, f, values, lang)
	if err != nil {
		return nil, err
	}
	for i := range values {
		values[i].Label = names(values[i].Value)
	}
	slices.SortStableFunc(values, func(a, b Value) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Label, b.Label))
	})
	return values, nil
}

// auxiliary tells that a region is counted for its own page only: the UN's M49
// regions repeat those of the field under other names.
func (s *Searcher) auxiliary(region string) bool {
	t, ok := s.Vocabularies.Regions.Get(region)
	return ok && t.Scheme == vocabulary.M49
}

func (s *Searcher) names(ctx context.Context, v library.Viewer, f library.Field, values []Value, lang string) (func(string) string, error) {
	switch f {
	case library.FieldYear:
		return func(year string) string { return year }, nil
	case library.FieldGuide:
		var ids []library.ID
		for _, value := range values {
			ids = append(ids, library.ID(value.Value))
		}
		titles, err := s.guides(ctx, v, ids)
		if err != nil {
			return nil, err
		}
		return func(id string) string {
			title, _ := titles[library.ID(id)].In(lang)
			return title
		}, nil
	case library.FieldAuthor:
		var ids []library.ID
		for _, value := range values {
			ids = append(ids, library.ID(value.Value))
		}
		agents, err := s.Agents.Agents(ctx, v, ids)
		if err != nil {
			return nil, err
		}
		return func(id string) string {
			if a := agents[library.ID(id)]; a != nil {
				return a.Label(lang)
			}
			return id
		}, nil
	}
	list := s.Vocabularies.Field(f)
	return func(code string) string { return list.Label(code, lang) }, nil
}
