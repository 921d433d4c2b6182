package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"waymark/analysis"
	"waymark/library"
	"waymark/vocabulary"
)

// Completions is what an engine offers for the beginning of a query.
type Completions struct {
	Titles  []library.ID // documents whose title begins so or has words that do
	Authors []Count      // authors with a name that has a word from which on it begins so
	Counts  []int        // of the values that were asked for, in their order
}

// Completion is something that a reader may mean who has begun to write: an
// author, topic, country or region with the number of publications that the
// viewer would find, or one publication.
type Completion struct {
	Field library.Field // empty for a publication
	Value string        // the ID of a publication
	Label string        // of a value, in the reader's language; empty for a publication
	Count int
}

// Completed is the number of completions of each kind.
const Completed = 4

// Complete gives completions of what a viewer has begun to write, the places,
// topics and authors first, those with most publications before others. Nothing
// is offered that the viewer could not find.
func (s *Searcher) Complete(ctx context.Context, v library.Viewer, text, lang string) ([]Completion, error) {
	words := analysis.Words(cut(text, MaxText))
	if len(words) == 0 {
		return nil, nil
	}
	begun := strings.Join(words, " ")
	terms := s.Vocabularies.Beginning(begun)
	found, err := s.Index.Complete(ctx, v, begun, terms, Completed)
	if err != nil {
		return nil, fmt.Errorf("complete: %w", err)
	}
	var out []Completion
	for i, t := range terms {
		if found.Counts[i] > 0 {
			out = append(out, Completion{t.Field, t.Code, s.Vocabularies.Field(t.Field).Label(t.Code, lang), found.Counts[i]})
		}
	}
	byCount := func(a, b Completion) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Label, b.Label))
	}
	slices.SortFunc(out, byCount)
	out = out[:min(len(out), Completed)]
	authors, err := s.authors(ctx, v, begun, found.Authors, Completed, lang)
	if err != nil {
		return nil, err
	}
	out = append(out, authors...)
	for _, id := range found.Titles {
		out = append(out, Completion{Value: string(id), Count: 1})
	}
	return out, nil
}

// authors names the authors that have a name which begins so: an engine may
// remember names that an author no longer has.
func (s *Searcher) authors(ctx context.Context, v library.Viewer, begun string, counts []Count, limit int, lang string) ([]Completion, error) {
	var ids []library.ID
	for _, c := range counts {
		ids = append(ids, library.ID(c.Value))
	}
	agents, err := s.Agents.Agents(ctx, v, ids)
	if err != nil {
		return nil, fmt.Errorf("name the authors: %w", err)
	}
	var out []Completion
	for _, c := range counts {
		a := agents[library.ID(c.Value)]
		if a == nil || len(out) == limit {
			continue
		}
		if slices.ContainsFunc(names(a), func(p Passage) bool { return vocabulary.Begins(p.Text, begun) }) {
			out = append(out, Completion{library.FieldAuthor, c.Value, a.Label(lang), c.Count})
		}
	}
	return out, nil
}
