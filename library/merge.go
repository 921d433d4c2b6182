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

// Release takes out of the record what it has of another that it absorbed, and
// had not before: what is the other's alone, in the state in which it came in.
// What was changed since stays. Right after the merge, the record is then as it
// was before.
func (r *Resource) Release(other, before *Resource) {
	r.Sources = slices.DeleteFunc(r.Sources, func(s Source) bool { return other.HasSource(s.Digest) && !before.HasSource(s.Digest) })
	r.Files = slices.DeleteFunc(r.Files, func(f File) bool { return other.HasFile(f.Digest) && !before.HasFile(f.Digest) })
	r.Topics = less(r.Topics, other.Topics, before.Topics)
	r.Subjects = less(r.Subjects, other.Subjects, before.Subjects)
	r.Identifiers = less(r.Identifiers, other.Identifiers, before.Identifiers)
	r.Links = less(r.Links, other.Links, before.Links)
	r.Relations = less(r.Relations, other.Relations, before.Relations)
	r.Titles = empty(r.Titles, other.Titles, before.Titles)
	r.Abstracts = empty(r.Abstracts, other.Abstracts, before.Abstracts)
	r.Contributors = back(r.Contributors, other.Contributors, before.Contributors)
	r.Languages = back(r.Languages, other.Languages, before.Languages)
	r.Countries = back(r.Countries, other.Countries, before.Countries)
	r.Regions = back(r.Regions, other.Regions, before.Regions)
	if r.Date == other.Date {
		r.Date = before.Date
	}
	for _, f := range []struct {
		mine       *string
		theirs, is string
	}{{&r.Category, other.Category, before.Category}, {&r.Edition, other.Edition, before.Edition}, {&r.Rights, other.Rights, before.Rights},
		{&r.Container, other.Container, before.Container}, {&r.Volume, other.Volume, before.Volume}, {&r.Issue, other.Issue, before.Issue},
		{&r.Pages, other.Pages, before.Pages}} {
		if *f.mine == f.theirs {
			*f.mine = f.is
		}
	}
}

// less gives the list without what is in theirs and not in before.
func less[T comparable](list, theirs, before []T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return slices.Contains(theirs, x) && !slices.Contains(before, x) })
}

// back gives the list as it was before when it is theirs now.
func back[T comparable](list, theirs, before []T) []T {
	if slices.Equal(list, theirs) {
		return before
	}
	return list
}

// empty gives the text without the languages that are theirs and were not there before.
func empty(t, theirs, before Text) Text {
	out := Text{}
	for lang, s := range t {
		switch {
		case theirs[lang] != s:
			out[lang] = s
		case before[lang] != "":
			out[lang] = before[lang] // it was taken from the other
		}
	}
	if len(out) == 0 {
		return before // nil or empty, as it was
	}
	return out
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
