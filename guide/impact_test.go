package guide_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"waymark/guide"
	"waymark/library"
)

// TestImpactIsWhatComes: what is said of a change before it is made is what is
// so when it is made.
func TestImpactIsWhatComes(t *testing.T) {
	s := frameworks(t)
	ctx := t.Context()
	frame := s.sections(s.open(desk, "global-sop", guide.When{}), "en")
	for name, want := range map[string]string{"screening/initial": "review update update", "purpose-and-principles/scope": "update update"} { // the third place follows the Arabic text
		r := frame[name]
		c := guide.Change{Section: r.ID, Read: r.Version, Lang: "en", Heading: r.Text.Heading, Body: r.Text.Body + "\n\nOne paragraph more.", Class: library.Safety, Summary: "more"}
		said, err := s.Impact(ctx, desk, c)
		if err != nil {
			t.Fatal(err)
		}
		var states []string
		for _, touch := range said.Touches {
			states = append(states, string(touch.State))
			if touch.Due.IsZero() || touch.Due.After(s.now.AddDate(0, 0, 30)) {
				t.Errorf("%s is due %v", touch.Guide.Slug, touch.Due)
			}
		}
		if got := strings.Join(states, " "); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		behind := len(said.Behind) > 0
		if _, translated := r.All()["fr"]; behind != translated {
			t.Errorf("%s: %v fall behind", name, said.Behind)
		}
		if err := s.Write(ctx, desk, c); err != nil {
			t.Fatal(err)
		}
		for _, touch := range said.Touches {
			for _, local := range s.sections(s.open(desk, touch.Guide.Slug, guide.When{}), "en") {
				if local.ID == touch.Section && (local.Drift.State != touch.State || !local.Drift.Due.Equal(touch.Due)) {
					t.Errorf("%s: %s due %v, said %s due %v", touch.Guide.Slug, local.Drift.State, local.Drift.Due, touch.State, touch.Due)
				}
			}
		}
		for _, lang := range said.Behind {
			if got := s.sections(s.open(desk, "global-sop", guide.When{}), "en")[name].Tongues[lang]; got != guide.Behind {
				t.Errorf("%s is %s in %s", name, got, lang)
			}
		}
	}
	scope := s.sections(s.open(desk, "global-sop", guide.When{}), "en")["purpose-and-principles/scope"]
	same, err := s.Impact(ctx, desk, guide.Change{Section: scope.ID, Lang: "en", Heading: scope.Text.Heading, Body: "  " + scope.Text.Body + "\n"})
	if err != nil || !same.Same {
		t.Error("white space touches somebody", same, err)
	}
}

func TestRebase(t *testing.T) {
	s := newShelf(t)
	ctx := t.Context()
	s.bring(0, "handbook")
	read := func() guide.Reading {
		return s.sections(s.open(desk, "crisis-handbook", guide.When{}), "en")["consent/glance"]
	}
	first := read()
	change := func(heading, body string) guide.Change {
		return guide.Change{Section: first.ID, Read: first.Version, Lang: "en", Heading: heading, Body: body, Class: library.Editorial, Summary: "s"}
	}
	if err := s.Confirm(ctx, desk, first.ID, "en", first.Says("en"), "2027-01-01", ""); err != nil {
		t.Fatal(err)
	}
	c, clash, err := s.Rebase(ctx, desk, change("Mine", "Mine"))
	if err != nil || clash != nil || c.Read != first.Version+1 || c.Body != "Mine" {
		t.Fatal("a review in between clashes", c, clash, err)
	}
	other := change(first.Text.Heading, "Theirs")
	other.Read = c.Read
	if err := s.Write(ctx, desk, other); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ heading, body, want string }{
		{"Mine", first.Text.Body, "Mine|Theirs|none"}, {first.Text.Heading, "Mine", "Mine|body by desk"}, {"Mine", "Theirs", "Mine|Theirs|none"},
	} {
		c, clash, err := s.Rebase(ctx, desk, change(row.heading, row.body))
		if err != nil {
			t.Fatal(err)
		}
		got := c.Heading + "|" + c.Body + "|none"
		if clash != nil {
			got = c.Body + "|body by " + clash.By
			if clash.Heading || !clash.Body || clash.Theirs.Body != "Theirs" {
				t.Errorf("%+v", clash)
			}
		}
		if got != row.want {
			t.Errorf("%q: %s, want %s", row, got, row.want)
		}
	}
}

// TestNewSectionsOfTheBase: a section that came after an adaptation was begun
// waits there to be adopted or left out.
func TestNewSectionsOfTheBase(t *testing.T) {
	s := frameworks(t)
	ctx := t.Context()
	frame := s.open(desk, "global-sop", guide.When{})
	before, err := s.Unanswered(ctx, desk, s.open(desk, "sop-aldoria", guide.When{}))
	if err != nil || len(before) > 0 {
		t.Fatal(len(before), err)
	}
	page, err := s.AddEntry(ctx, desk, frame, guide.EntryFields{Slug: "later", Titles: library.Text{"en": "Later"}})
	if err != nil {
		t.Fatal(err)
	}
	for i, force := range []library.Force{library.Info, library.Must, library.Info} {
		if _, err := s.AddSection(ctx, desk, s.open(desk, "global-sop", guide.When{}), guide.SectionFields{In: page, Type: library.PlainSection, Force: force},
			guide.Change{Heading: fmt.Sprint("New ", i), Body: fmt.Sprint("What is new ", i)}); err != nil {
			t.Fatal(err)
		}
	}
	for i, omit := range []string{"", "not for us", "not for us"} {
		o := s.open(desk, "sop-aldoria", guide.When{})
		open, err := s.Unanswered(ctx, desk, o)
		if err != nil || len(open) == 0 {
			t.Fatal(len(open), err)
		}
		r := open[min(i, len(open)-1)]
		if i == 1 {
			r = open[0]
		}
		if err := s.TakeNew(ctx, desk, o, r.ID, "unseen", omit); err == nil {
			t.Error("a new section is answered unseen")
		}
		err = s.TakeNew(ctx, desk, o, r.ID, r.Says("en"), omit)
		if locked := r.Force == library.Must && omit != ""; (err != nil) != locked {
			t.Errorf("%s, omit %q: %v", r.Text.Heading, omit, err)
		}
	}
	all := s.sections(s.open(reader, "sop-aldoria", guide.When{}), "en")
	if all["later/new-0"].Text.Body != "What is new 0" || all["later/new-2"].Derived.Decision != library.Omitted {
		t.Errorf("%+v %+v", all["later/new-0"].Text, all["later/new-2"].Derived)
	}
}

// TestKeptAfterTheBaseEnded: a section whose base was withdrawn waits for an
// answer, and is the place's own when it is kept.
func TestKeptAfterTheBaseEnded(t *testing.T) {
	s := frameworks(t)
	ctx := t.Context()
	scope := s.sections(s.open(desk, "global-sop", guide.When{}), "en")["purpose-and-principles/scope"]
	if err := s.Retire(ctx, desk, scope.ID, "no longer needed"); err != nil {
		t.Fatal(err)
	}
	read := func() guide.Reading {
		return s.sections(s.open(desk, "sop-aldoria", guide.When{}), "en")["purpose-and-principles/scope"]
	}
	r := read()
	if r.Drift.State != guide.Structural || r.Text.Body == "" {
		t.Fatal(r.Drift, r.Text)
	}
	p, err := s.Propose(ctx, s.open(desk, "sop-aldoria", guide.When{}), r)
	if err != nil {
		t.Fatal(err)
	}
	answer := guide.Answer{Section: r.ID, Read: r.Version, Saw: p.Saw, Resolution: guide.Accepted}
	if err := s.Settle(ctx, desk, answer); library.KindOf(err) != library.Invalid {
		t.Error("what is not there any more is accepted", err)
	}
	answer.Resolution, answer.Reason = guide.Kept, "We still need it"
	if err := s.Settle(ctx, desk, answer); err != nil {
		t.Fatal(err)
	}
	if now := read(); now.Drift.State != guide.Current || now.Text.Hash() != r.Text.Hash() {
		t.Error(now.Drift.State, now.Text.Heading)
	}
}

func TestReviewsThatWait(t *testing.T) {
	s := newShelf(t)
	ctx := t.Context()
	s.bring(0, "handbook")
	r := s.sections(s.open(desk, "crisis-handbook", guide.When{}), "en")["consent/glance"]
	day := library.Date(day0.AddDate(0, 0, 40).Format("2006-01-02"))
	if err := s.Confirm(ctx, desk, r.ID, "en", r.Says("en"), day, ""); err != nil {
		t.Fatal(err)
	}
	for days, want := range map[int]guide.Reviewing{9: "", 10: guide.DueSoon, 40: guide.DueSoon, 41: guide.PastDue} {
		s.now = day0.AddDate(0, 0, days)
		all, err := s.Reviews(ctx, desk)
		if err != nil {
			t.Fatal(err)
		}
		var got guide.Reviewing
		for _, d := range all {
			if d.Section.ID == r.ID {
				got = d.State
			}
		}
		if got != want {
			t.Errorf("after %d days it is %q, want %q", days, got, want)
		}
	}
}

func TestBrokenLinks(t *testing.T) {
	s := newShelf(t)
	ctx := t.Context()
	s.bring(0, "handbook")
	all := s.sections(s.open(desk, "crisis-handbook", guide.When{}), "en")
	from, hidden, to := all["consent/glance"], all["duty-roster/how"], all["first-conversation/stop"]
	c := guide.Change{Section: from.ID, Read: from.Version, Lang: "en", Heading: "H", Class: library.Editorial, Summary: "s",
		Body: "[a](/g/" + string(to.ID) + ") [b](/en/g/" + string(hidden.ID) + ") [c](/guides/crisis-handbook/consent) [d](https://example.org/r/x)"}
	if err := s.Write(ctx, desk, c); err != nil {
		t.Fatal(err)
	}
	for _, dead := range []string{"/indicators/none", "/evidence/studies/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/guides/none", "/fr/r/" + string(to.ID)} {
		spoilt := c
		spoilt.Read, spoilt.Body = c.Read+1, "[x]("+dead+")"
		if err := s.Write(ctx, desk, spoilt); library.KindOf(err) != library.Invalid {
			t.Errorf("a link to %s is taken: %v", dead, err)
		}
	}
	// For readers of the section, what is for staff is not there.
	broken, err := s.BrokenLinks(ctx, desk)
	broken = slices.DeleteFunc(broken, func(b guide.Broken) bool { return b.Section.ID != from.ID })
	if err != nil || len(broken) != 1 || broken[0].To != "/en/g/"+string(hidden.ID) {
		t.Errorf("%+v %v", broken, err)
	}
}
