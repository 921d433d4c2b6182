package guide

import (
	"strings"
	"testing"
	"time"

	"waymark/library"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// parentOf gives a section of a base that said each of the texts in turn, with
// the class of each change, ten days apart, the last ten days before noon.
func parentOf(steps ...string) *library.Section {
	p := &library.Section{Head: library.Head{ID: "P"}, Force: library.Should, Texts: map[string]library.Writing{}, Log: map[string][]library.Stamp{}}
	for i, s := range steps {
		body, class, _ := strings.Cut(s, "/")
		p.Texts["en"] = library.Writing{Heading: "H", Body: body}
		p.Log["en"] = append(p.Log["en"], library.Stamp{Hash: p.Texts["en"].Hash(), Class: library.ChangeClass(class),
			At: noon.AddDate(0, 0, -10*(len(steps)-i)), Version: int64(i + 1)})
	}
	return p
}

func says(body string) string { return library.Writing{Heading: "H", Body: body}.Hash() }

func TestJudge(t *testing.T) {
	derived := func(base, local string, d library.AdaptDecision) *library.Section {
		s := &library.Section{Derived: &library.Derivation{Parent: "P", Lang: "en", Base: 1, Hash: says(base), Decision: d}}
		if local != "" {
			s.Texts = map[string]library.Writing{"en": {Heading: "H", Body: local}}
		}
		return s
	}
	must := func(p *library.Section) *library.Section { p.Force = library.Must; return p }
	reviewed := func(s *library.Section, body string) *library.Section { s.Derived.Reviewed = says(body); return s }
	deviating := func(s *library.Section, expires library.Date) *library.Section {
		s.Derived.Deviation = &library.Deviation{Reason: "r", LegalBasis: "l", Authority: "a", ApprovedBy: "b", Expires: expires}
		return s
	}
	ended := parentOf("a/")
	ended.Ended = &library.Ending{At: noon.AddDate(0, 0, -200), Why: "split", To: []library.ID{"Q", "R"}}
	for _, c := range []struct {
		name      string
		s, parent *library.Section
		state     State
		class     library.ChangeClass
		days      int // until due, 0 for never
		overdue   bool
	}{
		{"inherited, nothing new", derived("a", "", library.Adopted), parentOf("a/"), Current, "", 0, false},
		{"adapted, nothing new", derived("a", "x", library.Adapted), parentOf("a/"), Current, "", 0, false},
		{"inherited, editorial", derived("a", "", library.Adopted), parentOf("a/", "b/editorial"), Update, library.Editorial, 0, false},
		{"inherited, substantive", derived("a", "", library.Adopted), parentOf("a/", "b/substantive"), Update, library.Substantive, 80, false},
		{"adapted, safety", derived("a", "x", library.Adapted), parentOf("a/", "b/safety-legal"), Review, library.Safety, 20, false},
		{"the heaviest decides, the first is due first", derived("a", "x", library.Adapted), parentOf("a/", "b/safety-legal", "c/editorial", "d/editorial", "e/substantive"), Review, library.Safety, -10, true},
		{"the base went back", derived("a", "x", library.Adapted), parentOf("a/", "b/safety-legal", "a/substantive"), Current, "", 0, false},
		{"went back and on", derived("a", "", library.Adopted), parentOf("a/", "b/safety-legal", "a/substantive", "c/editorial"), Update, library.Editorial, 0, false},
		{"converged", derived("a", "b", library.Adapted), parentOf("a/", "b/substantive"), Converged, "", 0, false},
		{"looked at and kept", reviewed(derived("a", "x", library.Adapted), "b"), parentOf("a/", "b/safety-legal"), Current, "", 0, false},
		{"kept, then changed again", reviewed(derived("a", "x", library.Adapted), "b"), parentOf("a/", "b/safety-legal", "c/clarification"), Review, library.Clarification, 170, false},
		{"left out, changed", derived("a", "", library.Omitted), parentOf("a/", "b/clarification"), Reconfirm, library.Clarification, 170, false},
		{"left out, same", derived("a", "", library.Omitted), parentOf("a/"), Current, "", 0, false},
		{"the base's section is gone", derived("a", "", library.Adopted), ended, Structural, library.Substantive, -110, true},
		{"added", &library.Section{Derived: &library.Derivation{Decision: library.Added}}, nil, Current, "", 0, false},
		{"no adaptation", &library.Section{}, nil, Current, "", 0, false},
		{"white space", derived(" a  ", "", library.Adopted), parentOf("a/", "a\n/safety-legal"), Current, "", 0, false},
		{"deviation in force", deviating(derived("a", "x", library.Adapted), "2026-03-01"), must(parentOf("a/")), Current, "", 0, false},
		{"deviation at its end", deviating(derived("a", "x", library.Adapted), "2026-02-28"), must(parentOf("a/")), Expired, library.Safety, 0, true},
	} {
		d := Judge(c.s, c.parent, noon)
		if d.State != c.state || d.Class != c.class || d.Overdue != c.overdue {
			t.Errorf("%s: %s %q overdue %v, want %s %q %v", c.name, d.State, d.Class, d.Overdue, c.state, c.class, c.overdue)
		}
		if want := noon.AddDate(0, 0, c.days); c.days != 0 && !d.Due.Equal(want) || c.days == 0 && !d.Due.IsZero() && d.State != Expired {
			t.Errorf("%s: due %v, want %v", c.name, d.Due, want)
		}
	}
}

// TestHashIsOfWhatIsSaid: place, white space, form of letters and values of
// parameters do not make another text; words do.
func TestHashIsOfWhatIsSaid(t *testing.T) {
	is := library.Writing{Heading: "Réferral", Body: "Call {{hotline}}.\n\n- now"}
	for _, like := range []library.Writing{
		{Heading: "Re\u0301ferral", Body: "Call {{hotline}}. \n\n\n- now\n"},
		{Heading: " Réferral", Body: "Call\n{{hotline}}.\n- now", Source: "x", Made: 7},
	} {
		if like.Hash() != is.Hash() {
			t.Errorf("%+v has another hash", like)
		}
	}
	for _, other := range []library.Writing{{Heading: "Referral", Body: is.Body}, {Heading: is.Heading, Body: "Call {{hotline}}.\n\n* now"},
		{Heading: is.Heading, Body: "Call {{desk}}.\n\n- now"}, {Heading: "Réferral Call", Body: "{{hotline}}.\n\n- now"}} {
		if other.Hash() == is.Hash() {
			t.Errorf("%+v has the same hash", other)
		}
	}
}
