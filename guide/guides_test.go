package guide_test

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/guide"
	"waymark/library"
	"waymark/store"
)

var (
	desk   = library.Viewer{Name: "desk", Role: library.Curator, Audiences: []library.Audience{library.Staff}}
	reader = library.Viewer{}
	staff  = library.Viewer{Name: "s", Audiences: []library.Audience{library.Staff}}
	day0   = time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)
)

// shelf is a library with a clock that the test sets.
type shelf struct {
	*guide.Guides
	t   *testing.T
	now time.Time
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "library.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &shelf{t: t, now: day0}
	s.Guides = &guide.Guides{Store: st, Render: guide.NewRenderer(), Now: func() time.Time { return s.now }, Entropy: rand.Reader}
	return s
}

// outward finds warnings of links to what is no guide.
var outward = regexp.MustCompile(`the link /(r|evidence|indicators)/`)

// bring imports a folder of the demonstration on a day.
func (s *shelf) bring(day int, name string) guide.Report {
	s.t.Helper()
	s.now = day0.AddDate(0, 0, day)
	d, err := guide.ReadFolder(os.DirFS("../app/demo/" + name))
	if err != nil {
		s.t.Fatal(err)
	}
	rep, err := s.Import(s.t.Context(), desk, d)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, w := range rep.Warnings {
		if !outward.MatchString(w) { // this library holds guides alone
			s.t.Errorf("%s: %s", name, w)
		}
	}
	return rep
}

func (s *shelf) open(v library.Viewer, slug string, when guide.When) *guide.Opened {
	s.t.Helper()
	o, err := s.Open(s.t.Context(), v, slug, when)
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}

func (s *shelf) sections(o *guide.Opened, lang string) map[string]guide.Reading {
	s.t.Helper()
	all, err := s.Sections(context.Background(), o, "", lang)
	if err != nil {
		s.t.Fatal(err)
	}
	byName := map[string]guide.Reading{}
	for _, r := range all {
		byName[r.Name] = r
	}
	return byName
}

// frameworks brings the framework on day 0, its adaptations on day 10, and its
// change on day 100.
func frameworks(t *testing.T) *shelf {
	s := newShelf(t)
	s.bring(0, "sop")
	for _, name := range []string{"sop-aldoria", "sop-merinia", "sop-sahla"} {
		s.bring(10, name)
	}
	s.bring(100, "sop-update")
	return s
}

func TestImportIsRepeatable(t *testing.T) {
	s := newShelf(t)
	first := s.bring(0, "handbook")
	if !first.New || first.Entries != 25 || first.Added < 40 {
		t.Fatalf("%+v", first)
	}
	again := s.bring(1, "handbook")
	if again.New || again.Entries+again.Added+again.Changed != 0 || again.Unchanged < 40 {
		t.Fatalf("%+v", again)
	}
	update := s.bring(2, "handbook-update")
	if update.Changed != 3 || update.Added+update.Entries != 0 {
		t.Fatalf("%+v", update)
	}
}

func TestStatesOfAdaptations(t *testing.T) {
	s := frameworks(t)
	type want struct {
		state guide.State
		class library.ChangeClass
	}
	for slug, sections := range map[string]map[string]want{
		"sop-aldoria": {
			"purpose-and-principles/scope": {guide.Current, ""},
			"identification/where":         {guide.Review, library.Substantive},
			"identification/signs":         {guide.Update, library.Editorial},
			"identification/pilots":        {guide.Current, ""},
			"screening/risk":               {guide.Update, library.Safety},
			"durable-solutions/follow-up":  {guide.Reconfirm, library.Clarification},
			"referral/none":                {guide.Current, ""},
		},
		"sop-merinia": {"screening/risk": {guide.Review, library.Safety}, "screening/initial": {guide.Review, library.Clarification}},
		"sop-sahla":   {"referral/none": {guide.Current, ""}, "screening/risk": {guide.Update, library.Safety}, "referral/villages": {guide.Current, ""}},
	} {
		all := s.sections(s.open(reader, slug, guide.When{}), "en")
		for name, w := range sections {
			if d := all[name].Drift; d.State != w.state || d.Class != w.class {
				t.Errorf("%s, %s: %s %q, want %s %q", slug, name, d.State, d.Class, w.state, w.class)
			}
		}
	}
	s.now = day0.AddDate(0, 0, 131) // the answer to the change on safety was due on day 130
	frame := s.open(reader, "global-sop", guide.When{})
	standings, err := s.Standings(t.Context(), reader, frame.ID)
	if err != nil || len(standings) != 3 {
		t.Fatal(standings, err)
	}
	for _, st := range standings {
		if st.LateSafe != 1 || st.Sections[0].Name != "screening/risk" {
			t.Errorf("%s: %d overdue on safety, first %s", st.Guide.Slug, st.LateSafe, st.Sections[0].Name)
		}
	}
}

// TestNothingApprovedChangesUnasked: after the framework changed, each country
// says to the letter what it said before.
func TestNothingApprovedChangesUnasked(t *testing.T) {
	s := frameworks(t)
	for _, slug := range []string{"sop-aldoria", "sop-merinia", "sop-sahla"} {
		before := s.sections(s.open(reader, slug, guide.When{At: day0.AddDate(0, 0, 50)}), "en")
		for name, r := range s.sections(s.open(reader, slug, guide.When{}), "en") {
			if r.Text.Hash() != before[name].Text.Hash() {
				t.Errorf("%s, %s says something else", slug, name)
			}
		}
	}
}

func TestSettle(t *testing.T) {
	s := frameworks(t)
	ctx := t.Context()
	o := s.open(desk, "sop-merinia", guide.When{})
	r := s.sections(o, "en")["screening/risk"]
	p, err := s.Propose(ctx, o, r)
	if err != nil || !p.Clean || !strings.Contains(p.Text, "Leave telephones outside") || !strings.Contains(p.Text, "tell the Juvenile Court") {
		t.Fatalf("%v %+v", err, p)
	}
	if now := s.sections(s.open(reader, "sop-merinia", guide.When{}), "en")["screening/risk"]; strings.Contains(now.Text.Body, "Leave telephones") {
		t.Error("a proposed merge is published")
	}
	answer := guide.Answer{Section: r.ID, Read: r.Version, Saw: p.Saw, Resolution: guide.Joined, Heading: p.Local.Heading, Body: p.Text, Reason: "Both hold"}
	for what, spoilt := range map[string]func(guide.Answer) guide.Answer{
		"unseen":       func(a guide.Answer) guide.Answer { a.Saw = "x"; return a },
		"stale":        func(a guide.Answer) guide.Answer { a.Read--; return a },
		"undecided":    func(a guide.Answer) guide.Answer { a.Body = "<<<<<<< local\n"; return a },
		"no reason":    func(a guide.Answer) guide.Answer { a.Reason = ""; return a },
		"no answer":    func(a guide.Answer) guide.Answer { a.Resolution = ""; return a },
		"kept, no why": func(a guide.Answer) guide.Answer { a.Resolution, a.Reason = guide.Kept, ""; return a },
	} {
		if err := s.Settle(ctx, desk, spoilt(answer)); err == nil {
			t.Errorf("an answer that is %s is taken", what)
		}
	}
	if err := s.Settle(ctx, staff, answer); library.KindOf(err) != library.Forbidden {
		t.Error("one who may not change guides settles", err)
	}
	if err := s.Settle(ctx, desk, answer); err != nil {
		t.Fatal(err)
	}
	o = s.open(desk, "sop-merinia", guide.When{})
	all := s.sections(o, "en")
	if d := all["screening/risk"].Drift; d.State != guide.Current {
		t.Errorf("after the merge it is %s", d.State)
	}
	where := all["identification/where"]
	if err := s.Settle(ctx, desk, guide.Answer{Section: where.ID, Read: where.Version, Saw: where.Parent.Says("en"), Resolution: guide.Accepted}); err != nil {
		t.Fatal(err)
	}
	initial := all["screening/initial"]
	if err := s.Settle(ctx, desk, guide.Answer{Section: initial.ID, Read: initial.Version, Saw: initial.Parent.Says("en"), Resolution: guide.Kept, Reason: "Teams have a sign already"}); err != nil {
		t.Fatal(err)
	}
	n, err := s.AcceptEditorial(ctx, desk, o)
	if err != nil || n != 1 {
		t.Errorf("%d editorial changes accepted, %v", n, err)
	}
	all = s.sections(s.open(reader, "sop-merinia", guide.When{}), "en")
	for name, state := range map[string]guide.State{"identification/where": guide.Current, "screening/initial": guide.Current, "identification/signs": guide.Current, "durable-solutions/follow-up": guide.Update} {
		if d := all[name].Drift; d.State != state {
			t.Errorf("%s is %s, want %s", name, d.State, state)
		}
	}
	if !strings.Contains(all["identification/where"].Text.Body, "online groups") || strings.Contains(all["screening/initial"].Text.Body, "another time") {
		t.Error("the texts are not those decided on")
	}
}

func TestLocksAndRules(t *testing.T) {
	s := frameworks(t)
	ctx := t.Context()
	all := s.sections(s.open(desk, "sop-aldoria", guide.When{}), "en")
	must, should := all["screening/risk"], all["roles/partners"]
	c := guide.Change{Section: must.ID, Read: must.Version, Lang: "en", Heading: "H", Body: "Ours.", Class: library.Substantive, Summary: "s", Reason: "our law"}
	if err := s.Write(ctx, desk, c); library.KindOf(err) != library.Invalid {
		t.Error("a section that must stand is replaced", err)
	}
	if err := s.Omit(ctx, desk, must.ID, "because", nil); library.KindOf(err) != library.Invalid {
		t.Error("a section that must stand is left out", err)
	}
	if err := s.Supplement(ctx, desk, must.ID, "en", "On islands, ask the harbour master."); err != nil {
		t.Error(err)
	}
	if err := s.Allow(ctx, desk, must.ID, library.Deviation{Reason: "r", LegalBasis: "l", Authority: "a", Expires: "2020-01-01"}); err == nil {
		t.Error("a deviation that has ended is approved")
	}
	if err := s.Allow(ctx, desk, must.ID, library.Deviation{Reason: "r", LegalBasis: "l", Authority: "a", Expires: "2026-12-31"}); err != nil {
		t.Error(err)
	}
	c.Read += 2
	if err := s.Write(ctx, desk, c); err != nil {
		t.Error(err)
	}
	for what, spoilt := range map[string]guide.Change{
		"no class":       {Section: should.ID, Read: should.Version, Lang: "en", Heading: "H", Body: "B", Summary: "s"},
		"no summary":     {Section: should.ID, Read: should.Version, Lang: "en", Heading: "H", Body: "B", Class: library.Editorial},
		"a dead link":    {Section: should.ID, Read: should.Version, Lang: "en", Heading: "H", Body: "[x](/r/01ARZ3NDEKTSV4RRFFQ69G5FAV)", Class: library.Editorial, Summary: "s"},
		"a stale read":   {Section: should.ID, Read: should.Version + 1, Lang: "en", Heading: "H", Body: "B", Class: library.Editorial, Summary: "s"},
		"other language": {Section: should.ID, Read: should.Version, Lang: "de", Heading: "H", Body: "B", Class: library.Editorial, Summary: "s"},
	} {
		if err := s.Write(ctx, desk, spoilt); err == nil {
			t.Errorf("%s is taken", what)
		}
	}
	// The deviation ends.
	s.now = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	if d := s.sections(s.open(desk, "sop-aldoria", guide.When{}), "en")["screening/risk"].Drift; d.State != guide.Expired {
		t.Errorf("after its deviation has ended it is %s", d.State)
	}
}

func TestTranslationsAndReviews(t *testing.T) {
	s := newShelf(t)
	s.bring(0, "handbook")
	o := s.open(reader, "crisis-handbook", guide.When{})
	stop := s.sections(o, "fr")["first-conversation/stop"]
	if stop.Lang != "fr" || stop.Tongues["fr"] != guide.Fresh || stop.Tongues["ar"] != guide.Fresh {
		t.Fatalf("%s %v", stop.Lang, stop.Tongues)
	}
	if rev, ok := stop.Review("en"); !ok || rev.Due != "2026-04-01" {
		t.Errorf("review %+v %v", rev, ok)
	}
	s.bring(60, "handbook-update")
	all := s.sections(s.open(reader, "crisis-handbook", guide.When{}), "fr")
	stop = all["first-conversation/stop"]
	if stop.Tongues["fr"] != guide.Behind || stop.Tongues["en"] != guide.Fresh || len(stop.Marks) != 1 || !stop.Marks[0] {
		t.Errorf("%v %v", stop.Tongues, stop.Marks)
	}
	before := all["safe-transport/before"]
	if want := []bool{false, false, true, false, false}; !slices.Equal(before.Marks, want) {
		t.Errorf("marks %v, want %v", before.Marks, want)
	}
	if _, ok := stop.Review("en"); ok {
		t.Error("the review of an older text counts")
	}
	if all["consent/glance"].Lang != "en" || all["consent/glance"].Tongues["fr"] != guide.Missing {
		t.Error("a section without a translation is not given in its own language")
	}
	if err := s.Confirm(t.Context(), desk, stop.ID, "en", "of something else", "2027-01-01", ""); library.KindOf(err) != library.Conflict {
		t.Error("a text that nobody read is confirmed", err)
	}
	if err := s.Confirm(t.Context(), desk, stop.ID, "en", stop.Says("en"), "2027-01-01", ""); err != nil {
		t.Error(err)
	}
	if rev, ok := s.sections(s.open(reader, "crisis-handbook", guide.When{}), "en")["first-conversation/stop"].Review("en"); !ok || rev.By != "desk" {
		t.Errorf("%+v %v", rev, ok)
	}
}

func TestEditionsAreFrozen(t *testing.T) {
	s := newShelf(t)
	ctx := t.Context()
	s.bring(0, "handbook")
	s.now = day0.AddDate(0, 0, 30)
	first, err := s.Issue(ctx, desk, "crisis-handbook", "2026-01-31", "")
	if err != nil {
		t.Fatal(err)
	}
	s.bring(60, "handbook-update")
	o := s.open(desk, "crisis-handbook", guide.When{})
	if err := s.Rename(ctx, desk, o, o.Named("consent").ID, "informed-consent"); err != nil {
		t.Fatal(err)
	}
	cash := s.sections(o, "en")["cash-and-vouchers/before"]
	if err := s.Retire(ctx, desk, cash.ID, "Moved to the manual on cash"); err != nil {
		t.Fatal(err)
	}
	s.now = day0.AddDate(0, 0, 70)
	second, err := s.Issue(ctx, desk, "crisis-handbook", "2026-03-12", "")
	if err != nil || second.Number != 2 || second.Hash == first.Hash || guide.EditionHash(first) != first.Hash {
		t.Fatal(second, err)
	}
	old, now := s.open(reader, "crisis-handbook", guide.When{Edition: 1}), s.open(reader, "crisis-handbook", guide.When{Edition: 2})
	if old.Named("consent") == nil || now.Named("consent") == nil || now.Named("consent").Slug != "informed-consent" {
		t.Error("an address of an edition leads nowhere")
	}
	was := s.sections(old, "en")
	for _, r := range was {
		for _, item := range first.Items {
			if item.ID == r.ID && item.Hashes["en"] != r.Text.Hash() {
				t.Errorf("%s in edition 1 has another hash", r.Name)
			}
		}
	}
	if !strings.Contains(was["cash-and-vouchers/before"].Text.Body, "takes a share") || was["cash-and-vouchers/before"].Ended != nil {
		t.Error("the edition lost a section that ended later")
	}
	diff, err := s.Compare(ctx, old, now)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, d := range diff {
		told = append(told, d.What+" "+string(d.Class)+" "+d.After.Heading+d.Before.Heading)
	}
	want := "changed substantive What to doWhat to do|changed clarification Before departureBefore departure|changed safety-legal Stop ifStop if|removed  Before paying"
	if got := strings.Join(told, "|"); got != want {
		t.Errorf("differences: %s", got)
	}
	if _, err := s.Open(ctx, reader, "crisis-handbook", guide.When{Edition: 3}); library.KindOf(err) != library.NotFound {
		t.Error(err)
	}
	if _, err := s.Open(ctx, reader, "crisis-handbook", guide.When{At: day0.AddDate(0, 0, -1)}); library.KindOf(err) != library.NotFound {
		t.Error(err)
	}
}

func TestFeedbackAndProposals(t *testing.T) {
	s := frameworks(t)
	ctx := t.Context()
	none := s.sections(s.open(desk, "sop-aldoria", guide.When{}), "en")["referral/none"]
	if err := s.Offer(ctx, desk, none.ID, "Rooms at night work."); err != nil {
		t.Fatal(err)
	}
	for _, f := range []library.Feedback{{Kind: "rant", Text: "x"}, {Kind: library.FeedbackError}, {Kind: library.FeedbackError, Text: strings.Repeat("x", 5000)}} {
		f.Section = none.ID
		if err := s.Say(ctx, reader, f); library.KindOf(err) != library.Invalid {
			t.Errorf("%+v is taken: %v", f.Kind, err)
		}
	}
	if err := s.Say(ctx, reader, library.Feedback{Section: none.ID, Lang: "en", Kind: library.FeedbackUnclear, Text: "Which rooms?"}); err != nil {
		t.Fatal(err)
	}
	open, err := s.Feedback(ctx, desk)
	if err != nil || len(open) != 2 {
		t.Fatal(open, err)
	}
	if public, err := s.Feedback(ctx, reader); err != nil || len(public) != 0 {
		t.Error("readers see feedback", public, err)
	}
	for _, f := range open {
		if f.Kind == library.FeedbackProposal && (f.Section != none.Derived.Parent || f.From != none.ID || !strings.Contains(f.Text, "emergency rooms")) {
			t.Errorf("%+v", f)
		}
		if err := s.Decide(ctx, desk, f, library.FeedbackDone, "Thank you"); err != nil {
			t.Error(err)
		}
	}
	if open, _ := s.Feedback(ctx, desk); len(open) != 0 {
		t.Error("decided feedback stays open")
	}
}

// TestChain: a change of the framework reaches a country by its region, one hop
// at a time.
func TestChain(t *testing.T) {
	s := newShelf(t)
	ctx := t.Context()
	s.bring(0, "sop")
	adapt := func(slug, base string) {
		t.Helper()
		d, err := guide.ReadFolder(os.DirFS("../app/demo/sop-aldoria"))
		if err != nil {
			t.Fatal(err)
		}
		d.Slug, d.Base, d.Pages = slug, base, nil
		if _, err := s.Import(ctx, desk, d); err != nil {
			t.Fatal(err)
		}
	}
	adapt("region", "global-sop")
	adapt("country", "region")
	s.bring(100, "sop-update")
	risk := func(slug string) guide.Reading {
		return s.sections(s.open(desk, slug, guide.When{}), "en")["screening/risk"]
	}
	if r, c := risk("region").Drift.State, risk("country").Drift.State; r != guide.Update || c != guide.Current {
		t.Fatalf("the region is %s, the country %s", r, c)
	}
	r := risk("region")
	if err := s.Settle(ctx, desk, guide.Answer{Section: r.ID, Read: r.Version, Saw: r.Parent.Says("en"), Resolution: guide.Accepted}); err != nil {
		t.Fatal(err)
	}
	c := risk("country")
	if c.Drift.State != guide.Update || c.Drift.Class != library.Safety || strings.Contains(c.Text.Body, "Leave telephones") {
		t.Fatalf("the country is %s %s", c.Drift.State, c.Drift.Class)
	}
	p, err := s.Propose(ctx, s.open(desk, "country", guide.When{}), c)
	if err != nil || !strings.Contains(p.Global.Body, "Leave telephones") || strings.Contains(p.Base.Body, "Leave telephones") {
		t.Fatalf("%v %+v", err, p)
	}
	if err := s.Settle(ctx, desk, guide.Answer{Section: c.ID, Read: c.Version, Saw: p.Saw, Resolution: guide.Accepted}); err != nil {
		t.Fatal(err)
	}
	if c = risk("country"); c.Drift.State != guide.Current || !strings.Contains(c.Text.Body, "Leave telephones") {
		t.Errorf("the country is %s: %s", c.Drift.State, c.Text.Body)
	}
	if local, err := s.Everywhere(ctx, reader, r.Derived.Parent); err != nil || len(local) != 1 || local[0].Guide.Slug != "region" {
		t.Error(local, err)
	}
}
