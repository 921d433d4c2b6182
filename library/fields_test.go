package library

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// full says something in every field.
func full() *Resource {
	return &Resource{
		ID: "01HZY000000000000000000001", Status: Published, Audience: Public, Listed: true,
		Titles: Text{"en": "A Handbook", "fr": "Un manuel"}, Abstracts: Text{"en": "What it is."},
		Contributors: []Contributor{{"A1", Author}, {"A2", Author}, {"A3", Publisher}}, Date: "2019-05", Countries: []string{"SD", "TD"},
		Regions: []string{"africa"}, Topics: []string{"protection"}, Category: "manual", Languages: []string{"en", "fr"},
		Identifiers: []Identifier{{"doi", "10.1000/a:b"}}, Links: []Link{{"https://example.org/a"}}, Subjects: []string{"shelter"},
		Container: "Series", Volume: "3", Issue: "2", Pages: "1-9", Edition: "2nd", Rights: "CC BY",
		Relations: []Relation{{Supersedes, "01HZY000000000000000000002"}}, Files: []File{{Digest: "d1", Name: "a.pdf", Audience: Staff, Language: "en", Size: 5}},
		Review: Review{Assigned: "Ana", Due: "2027-01-02", Note: "please look", Submitted: "Li"},
	}
}

// TestFields: what a record says goes through its fields and back, and every
// field can be seen to differ.
func TestFields(t *testing.T) {
	r := full()
	again := full()
	again.SetFields(r.Fields())
	if !reflect.DeepEqual(again, r) {
		t.Errorf("became\n%+v, want\n%+v", again, r)
	}
	empty := &Resource{ID: r.ID, Status: r.Status, Files: []File{{Digest: "d1", Size: 5}}, Review: Review{Submitted: "Li"}}
	empty.SetFields(r.Fields())
	if !reflect.DeepEqual(empty, r) {
		t.Errorf("an empty record became\n%+v, want\n%+v", empty, r)
	}
	if got := r.Fields().Differing(Fields{}); len(got) != 27 {
		t.Errorf("%d fields differ from nothing: %v", len(got), got)
	}
}

// TestRebase: what two persons did to different fields both stays, sets take
// the changes of both, and only the same field done otherwise is a clash.
func TestRebase(t *testing.T) {
	base := Fields{"title.en": {"A"}, "date": {"2019"}, "topic": {"a", "b"}, "author": {"1"}}
	for _, c := range []struct {
		name         string
		mine, theirs Fields
		merged       Fields
		clashes      []string
	}{
		{"nothing", base, base, base, nil},
		{"other fields", with(base, "title.en", "B"), with(base, "date", "2020"), with(with(base, "title.en", "B"), "date", "2020"), nil},
		{"the same value", with(base, "date", "2020"), with(base, "date", "2020"), with(base, "date", "2020"), nil},
		{"the same field", with(base, "date", "2020"), with(base, "date", "2021"), with(base, "date", "2020"), []string{"date"}},
		{"they took it away", with(base, "title.en", "B"), with(base, "date"), with(with(base, "title.en", "B"), "date"), nil},
		{"they took away what I changed", with(base, "date", "2020"), with(base, "date"), with(base, "date", "2020"), []string{"date"}},
		{"sets", with(base, "topic", "b", "c"), with(base, "topic", "a", "b", "d"), with(base, "topic", "b", "c", "d"), nil},
		{"sets emptied", with(base, "topic", "b"), with(base, "topic", "a"), with(base, "topic"), nil},
		{"an ordered list", with(base, "author", "1", "2"), with(base, "author", "3"), with(base, "author", "1", "2"), []string{"author"}},
	} {
		merged, clashes := Rebase(base, c.mine, c.theirs)
		if !reflect.DeepEqual(merged, c.merged) || !slices.Equal(clashes, c.clashes) {
			t.Errorf("%s: %v with clashes %v, want %v with %v", c.name, merged, clashes, c.merged, c.clashes)
		}
	}
}

// with gives fields in which one is as said.
func with(f Fields, name string, values ...string) Fields {
	f = maps.Clone(f)
	if delete(f, name); len(values) > 0 {
		f[name] = values
	}
	return f
}

// TestRebaseLosesNothing: whatever two persons do, each change of either is in
// what comes out or is named as a clash.
func TestRebaseLosesNothing(t *testing.T) {
	rnd := rand.New(rand.NewPCG(6, 6))
	names := []string{"title.en", "date", "topic", "country", "author", "edition"}
	random := func(from Fields) Fields {
		f := maps.Clone(from)
		for range rnd.IntN(4) {
			var values []string
			for range rnd.IntN(3) {
				if v := fmt.Sprint(rnd.IntN(5)); !slices.Contains(values, v) {
					values = append(values, v)
				}
			}
			f = with(f, names[rnd.IntN(len(names))], values...)
		}
		return f
	}
	for range 5000 {
		base := random(Fields{})
		mine, theirs := random(base), random(base)
		merged, clashes := Rebase(base, mine, theirs)
		for side, f := range map[string]Fields{"mine": mine, "theirs": theirs} {
			for _, name := range base.Differing(f) {
				if slices.Contains(clashes, name) || slices.Equal(merged[name], f[name]) {
					continue
				}
				if !slices.Contains(sets, name) {
					t.Fatalf("%s is %v after %s made %v of %v", name, merged[name], side, f[name], base[name])
				}
				for _, v := range f[name] {
					if !slices.Contains(base[name], v) && !slices.Contains(merged[name], v) {
						t.Fatalf("%s lost %q of %s", name, v, side)
					}
				}
			}
		}
	}
}
