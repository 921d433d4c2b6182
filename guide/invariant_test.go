package guide_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"waymark/guide"
	"waymark/library"
)

// texts gives what each section of a guide says to readers, by ID; "" where it
// is left out or has ended.
func (s *shelf) texts(slug string, when guide.When) map[library.ID]string {
	s.t.Helper()
	o, err := s.Open(s.t.Context(), reader, slug, when)
	if library.KindOf(err) == library.NotFound {
		return map[library.ID]string{}
	}
	if err != nil {
		s.t.Fatal(err)
	}
	all, err := s.Sections(s.t.Context(), o, "", o.Language())
	if err != nil {
		s.t.Fatal(err)
	}
	texts := map[library.ID]string{}
	for _, r := range all {
		if texts[r.ID] = r.Text.Heading + "\n" + r.Text.Body; r.Ended != nil || r.Omitted() {
			texts[r.ID] = ""
		}
	}
	return texts
}

// life is a framework with two adaptations, in which a random act happens each day.
type life struct {
	*shelf
	r     *rand.Rand
	slugs []string
	day   int
}

func newLife(t *testing.T, seed uint64) *life {
	l := &life{shelf: newShelf(t), r: rand.New(rand.NewPCG(seed, 7)), slugs: []string{"frame", "child-0", "child-1"}}
	if _, err := l.Import(t.Context(), desk, large("frame", 3, 3, "")); err != nil {
		t.Fatal(err)
	}
	for _, slug := range l.slugs[1:] {
		d := &guide.Draft{Slug: slug, Type: library.SOP, Titles: library.Text{"en": slug}, Languages: []string{"en"}, Base: "frame"}
		if _, err := l.Import(t.Context(), desk, d); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// act does something to one guide, and gives its slug with the section that a
// person decided on, if any.
func (l *life) act() (slug string, decided library.ID) {
	l.t.Helper()
	ctx := l.t.Context()
	slug = l.slugs[l.r.IntN(len(l.slugs))]
	o := l.open(desk, slug, guide.When{})
	all, err := l.Sections(ctx, o, "", "en")
	if err != nil {
		l.t.Fatal(err)
	}
	r := all[l.r.IntN(len(all))]
	if r.Ended != nil {
		return slug, ""
	}
	classes := []library.ChangeClass{library.Editorial, library.Clarification, library.Substantive, library.Safety}
	c := guide.Change{Section: r.ID, Read: r.Version, Lang: "en", Heading: "Heading of " + r.Name, Body: fmt.Sprintf("%s\n\nDay %d.", r.Text.Body, l.day),
		Class: classes[l.r.IntN(4)], Summary: fmt.Sprint("day ", l.day), Reason: "for a reason"}
	switch what := l.r.IntN(8); { // an act that is refused has changed nothing
	case what == 0:
		_ = l.MoveSection(ctx, desk, r.ID, 1-2*l.r.IntN(2))
		return slug, ""
	case what == 1:
		_, _ = l.Issue(ctx, desk, slug, library.Date(l.now.Format(time.DateOnly)), "")
		return slug, ""
	case what == 2:
		_ = l.Confirm(ctx, desk, r.ID, "en", r.Says("en"), "2030-01-01", "")
		return slug, ""
	case what == 3 && slug == "frame" && l.day > 20:
		err = l.Retire(ctx, desk, r.ID, "no more")
	case what < 5 && r.Drift.State.Waiting() && r.Parent != nil && r.Parent.Ended == nil:
		a := guide.Answer{Section: r.ID, Read: r.Version, Saw: r.Parent.Says("en"), Reason: "we looked",
			Resolution: []guide.Resolution{guide.Accepted, guide.Kept, guide.LeftOut}[l.r.IntN(3)]}
		err = l.Settle(ctx, desk, a)
	case what == 5:
		_, err = l.AcceptEditorial(ctx, desk, o)
		decided = "editorial"
	default:
		err = l.Write(ctx, desk, c)
	}
	if err != nil && library.KindOf(err) != library.Invalid {
		l.t.Fatal(err)
	}
	if decided == "" {
		decided = r.ID
	}
	return slug, decided
}

// TestNothingChangesUnasked: over the whole log of lives at random, the text
// that a reader finds in a guide changes only where a person decided on that
// very section of that guide; each change is in its log with who and why; and
// what stood on each day is found again to the letter.
func TestNothingChangesUnasked(t *testing.T) {
	days := 60
	if testing.Short() {
		days = 20
	}
	for seed := range uint64(3) {
		l := newLife(t, seed)
		type state map[string]map[library.ID]string
		read := func(when guide.When) state {
			all := state{}
			for _, slug := range l.slugs {
				all[slug] = l.texts(slug, when)
			}
			return all
		}
		var kept []state
		l.now = day0
		before := read(guide.When{})
		for l.day = 1; l.day <= days; l.day++ {
			l.now = day0.AddDate(0, 0, l.day)
			slug, decided := l.act()
			after := read(guide.When{})
			for other, texts := range after {
				for id, text := range texts {
					if text != before[other][id] && (other != slug || decided != id && decided != "editorial") {
						t.Fatalf("seed %d, day %d: %s of %s says something else, though %s of %s was decided on", seed, l.day, id, other, decided, slug)
					}
				}
			}
			before = after
			kept = append(kept, after)
		}
		for i, was := range kept {
			at := day0.AddDate(0, 0, i+1).Add(time.Hour)
			for slug, texts := range read(guide.When{At: at}) {
				for id, text := range texts {
					if text != was[slug][id] {
						t.Errorf("seed %d: on day %d %s of %s is found as\n%q, and was\n%q", seed, i+1, id, slug, text, was[slug][id])
					}
				}
				if len(texts) != len(was[slug]) {
					t.Errorf("seed %d: on day %d %s had %d sections, and is found with %d", seed, i+1, slug, len(was[slug]), len(texts))
				}
			}
		}
		l.reasons(t)
	}
}

// reasons wants each section that departs from its base to say why and who.
func (l *life) reasons(t *testing.T) {
	t.Helper()
	departed := 0
	for _, slug := range l.slugs[1:] {
		for name, r := range l.sections(l.open(reader, slug, guide.When{}), "en") {
			if len(r.Texts) == 0 && !r.Omitted() {
				continue
			}
			departed++
			if r.Derived.Decision == library.Adopted || r.Derived.Reason["en"] == "" || r.Derived.By == "" {
				t.Errorf("%s, %s departs from its base as %q for %q by %q", slug, name, r.Derived.Decision, r.Derived.Reason, r.Derived.By)
			}
			if last := r.Last("en"); len(r.Texts) > 0 && (last.Hash != r.Says("en") || last.By == "" || last.Summary == "") {
				t.Errorf("%s, %s says what its log does not: %+v", slug, name, last)
			}
		}
	}
	if departed == 0 {
		t.Error("no section departed from its base")
	}
}

// TestDriftLaws: white space, the form of letters, order, audience and the
// values of parameters make nothing outdated; another word always does.
func TestDriftLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	words := strings.Fields("ask the person {{hotline}} before **any** step — victime orientée référée يُسأل الشخص 先 问 1. - [ ] > | a;b")
	at := day0
	for range 4000 {
		var text []string
		for range 3 + r.IntN(20) {
			text = append(text, words[r.IntN(len(words))])
		}
		body := strings.Join(text, " ")
		says := library.Writing{Heading: "H", Body: body}
		parent := &library.Section{Head: library.Head{ID: "P"}, Texts: map[string]library.Writing{"en": says}, Log: map[string][]library.Stamp{"en": {{Hash: says.Hash(), Class: library.Substantive, At: at}}}}
		child := &library.Section{Head: library.Head{ID: "C"}, Derived: &library.Derivation{Parent: "P", Lang: "en", Base: 1, Hash: says.Hash(), Decision: library.Adopted}}
		if r.IntN(2) == 0 {
			child.Texts, child.Derived.Decision = map[string]library.Writing{"en": {Heading: "H", Body: "ours " + body}}, library.Adapted
		}
		put := func(body string) {
			parent.Texts["en"] = library.Writing{Heading: "H", Body: body}
			parent.Log["en"] = append(parent.Log["en"], library.Stamp{Hash: parent.Texts["en"].Hash(), Class: library.Safety, At: at, Version: 2})
		}
		var spaced strings.Builder
		for _, w := range text {
			spaced.WriteString(w + []string{" ", "\n", "  \n", "\t", "\r\n"}[r.IntN(5)])
		}
		put(spaced.String())
		parent.Order, parent.In, parent.Audience, parent.Own, parent.Version = r.IntN(100), "other", library.Staff, library.Staff, 9
		if d := guide.Judge(child, parent, at); d.State != guide.Current {
			t.Fatalf("%q is outdated by %q: %s", body, spaced.String(), d.State)
		}
		at := r.IntN(len(text) + 1)
		changed := append(append(append([]string{}, text[:at]...), "otherwise"), text[at:]...)
		if r.IntN(2) == 0 && at < len(text) { // a word less, or in another place
			changed = append(append([]string{}, text[:at]...), text[at+1:]...)
		}
		put(strings.Join(changed, " "))
		if d := guide.Judge(child, parent, day0); !d.State.Waiting() || d.Class != library.Safety {
			t.Fatalf("%q is not outdated by %q", body, strings.Join(changed, " "))
		}
	}
}
