package library

import (
	"cmp"
	"slices"
)

// HasSource tells whether the record already holds a statement.
func (r *Resource) HasSource(digest string) bool {
	return slices.ContainsFunc(r.Sources, func(s Source) bool { return s.Digest == digest })
}

// Absorb takes what another description of the same work says into the
// record: its sources, its topics, and what the record does not know yet. What
// the record says stays; a differing statement remains in the other's sources.
func (r *Resource) Absorb(other *Resource) {
	for _, s := range other.Sources {
		if !r.HasSource(s.Digest) {
			r.Sources = append(r.Sources, s)
		}
	}
	r.Topics = union(r.Topics, other.Topics)
	r.Identifiers = union(r.Identifiers, other.Identifiers)
	r.Links = union(r.Links, other.Links)
	r.Relations = union(r.Relations, other.Relations)
	for _, f := range other.Files {
		if !r.HasFile(f.Digest) {
			r.Files = append(r.Files, f)
		}
	}
	r.Titles = fill(r.Titles, other.Titles)
	r.Abstracts = fill(r.Abstracts, other.Abstracts)
	if len(r.Contributors) == 0 {
		r.Contributors = other.Contributors
	}
	if r.Date == "" {
		r.Date = other.Date
	}
	if len(r.Countries) == 0 && len(r.Regions) == 0 {
		r.Countries, r.Regions = other.Countries, other.Regions
	}
	for _, f := range []struct {
		mine *string
		is   string
	}{{&r.Category, other.Category}, {&r.Edition, other.Edition}, {&r.Rights, other.Rights}} {
		*f.mine = cmp.Or(*f.mine, f.is)
	}
	if r.Container == "" && r.Volume == "" && r.Issue == "" { // they belong together
		r.Container, r.Volume, r.Issue = other.Container, other.Volume, other.Issue
		r.Pages = cmp.Or(r.Pages, other.Pages)
	}
	r.Subjects = union(r.Subjects, other.Subjects)
	if len(r.Languages) == 0 {
		r.Languages = other.Languages
	}
}

// fill gives t with the languages that it lacks from other.
func fill(t, other Text) Text {
	for lang, s := range other {
		if t[lang] != "" {
			continue
		}
		if t == nil {
			t = Text{}
		}
		t[lang] = s
	}
	return t
}

func union[T comparable](a, b []T) []T {
	for _, x := range b {
		if !slices.Contains(a, x) {
			a = append(a, x)
		}
	}
	return a
}
