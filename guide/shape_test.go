package guide_test

import (
	"slices"
	"strings"
	"testing"

	"waymark/guide"
	"waymark/library"
)

// shapeOf writes a guide as a line: each entry with its sections.
func (s *shelf) shapeOf(v library.Viewer, slug string) string {
	o := s.open(v, slug, guide.When{})
	all, err := s.Sections(s.t.Context(), o, "", o.Language())
	if err != nil {
		s.t.Fatal(err)
	}
	var line []string
	for _, e := range o.Live() {
		line = append(line, strings.Repeat(">", o.Depth(e))+e.Slug)
		for _, r := range all {
			if r.In == e.ID && r.Ended == nil {
				line = append(line, r.Text.Heading)
			}
		}
	}
	return strings.Join(line, " ")
}

// TestShape: a guide is begun, and entries and sections are added, moved and
// ended; each address that was there goes on answering.
func TestShape(t *testing.T) {
	s := newShelf(t)
	ctx := t.Context()
	begin := &guide.Draft{Slug: "new", Type: library.Manual, Titles: library.Text{"en": "New"}, Owner: "Desk", Languages: []string{"en", "fr"}}
	if err := s.Begin(ctx, desk, begin); err != nil {
		t.Fatal(err)
	}
	if err := s.Begin(ctx, desk, begin); library.KindOf(err) != library.Invalid {
		t.Error("a slug is given twice", err)
	}
	entry := func(slug string, parent library.ID) library.ID {
		t.Helper()
		id, err := s.AddEntry(ctx, desk, s.open(desk, "new", guide.When{}), guide.EntryFields{Slug: slug, Parent: parent, Titles: library.Text{"en": slug}})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	section := func(in library.ID, heading string) library.ID {
		t.Helper()
		id, err := s.AddSection(ctx, desk, s.open(desk, "new", guide.When{}), guide.SectionFields{In: in, Type: library.PlainSection, Force: library.Info},
			guide.Change{Heading: heading, Body: "Text of " + heading})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	one, two := entry("one", ""), entry("two", "")
	within := entry("within", one)
	a, b := section(one, "A"), section(one, "A")
	c := section(two, "C")
	if got := s.shapeOf(reader, "new"); got != "one A A >within two C" {
		t.Fatal(got)
	}
	if all := s.sections(s.open(reader, "new", guide.When{}), "en"); all["one/a"].ID != a || all["one/a-2"].ID != b {
		t.Error("two sections have one name")
	}
	o := func() *guide.Opened { return s.open(desk, "new", guide.When{}) }
	if err := s.MoveEntry(ctx, desk, o(), two, -1); err != nil {
		t.Fatal(err)
	}
	if err := s.MoveSection(ctx, desk, b, -1); err != nil {
		t.Fatal(err)
	}
	if err := s.PlaceSection(ctx, desk, c, 1, guide.SectionFields{In: within, Type: library.SectionSteps, Force: library.Must}); err != nil {
		t.Fatal(err)
	}
	if got := s.shapeOf(reader, "new"); got != "two one A A >within C" {
		t.Error(got)
	}
	if p, err := s.Place(ctx, reader, c); err != nil || p.Entry != "within" {
		t.Error("a section that moved is not found", p, err)
	}
	page := o().Page(within)
	fields := guide.EntryFields{Slug: "inside", Parent: one, Titles: library.Text{"en": "Inside"}}
	for what, spoilt := range map[string]func(f *guide.EntryFields){
		"in itself":          func(f *guide.EntryFields) { f.Parent = within },
		"a taken address":    func(f *guide.EntryFields) { f.Slug = "two" },
		"no title":           func(f *guide.EntryFields) { f.Titles = nil },
		"a foreign audience": func(f *guide.EntryFields) { f.Own = "partners" },
	} {
		f := fields
		spoilt(&f)
		if err := s.EditEntry(ctx, desk, o(), within, page.Version, f); library.KindOf(err) != library.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := s.EditEntry(ctx, desk, o(), within, page.Version+1, fields); library.KindOf(err) != library.Conflict {
		t.Error("a stale edit is taken", err)
	}
	if err := s.EditEntry(ctx, desk, o(), within, page.Version, fields); err != nil {
		t.Fatal(err)
	}
	if e := o().Named("within"); e == nil || e.Slug != "inside" {
		t.Error("the address that an entry had leads nowhere")
	}
	if err := s.EndEntry(ctx, desk, o(), one, "x"); library.KindOf(err) != library.Invalid {
		t.Error("an entry with entries in it is ended", err)
	}
	if err := s.EndEntry(ctx, desk, o(), within, "Part of another guide now"); err != nil {
		t.Fatal(err)
	}
	if got := s.shapeOf(reader, "new"); got != "two one A A" {
		t.Error(got)
	}
	if p, err := s.Place(ctx, reader, c); err != nil || p.Entry != "inside" {
		t.Error("the address of an ended section leads nowhere", p, err)
	}
}

// TestAudienceReachesAll: who may read a guide or an entry decides of all that
// lies in it, and opening it again opens no more than was open.
func TestAudienceReachesAll(t *testing.T) {
	s := newShelf(t)
	ctx := t.Context()
	s.bring(0, "handbook")
	if _, err := s.Issue(ctx, desk, "crisis-handbook", "2026-01-01", ""); err != nil {
		t.Fatal(err)
	}
	count := func(v library.Viewer) int {
		found, err := s.Store.Find(ctx, v, library.KindSection, []library.Key{{Scheme: library.KeySectionOf, Value: string(s.open(desk, "crisis-handbook", guide.When{}).ID)}}, 0)
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	glance := s.sections(s.open(desk, "crisis-handbook", guide.When{}), "en")["consent/glance"]
	if err := s.Say(ctx, reader, library.Feedback{Section: glance.ID, Lang: "en", Kind: library.FeedbackThanks}); err != nil {
		t.Fatal(err)
	}
	before, all := count(reader), count(staff)
	for _, audience := range []library.Audience{library.Staff, library.Public} {
		o := s.open(desk, "crisis-handbook", guide.When{})
		if err := s.RestrictGuide(ctx, desk, o, o.Version, audience); err != nil {
			t.Fatal(err)
		}
		want := map[library.Audience]int{library.Staff: 0, library.Public: before}[audience]
		if got := count(reader); got != want || count(staff) != all {
			t.Errorf("%s: a reader sees %d sections, want %d", audience, got, want)
		}
		alone := library.Viewer{Name: "c", Role: library.Curator}
		if open, err := s.Feedback(ctx, alone); err != nil || len(open) != map[bool]int{true: 1}[audience == library.Public] {
			t.Errorf("%s: a curator who is no staff sees %d of what readers said, %v", audience, len(open), err)
		}
		if audience == library.Staff {
			if _, err := s.Open(ctx, reader, "crisis-handbook", guide.When{Edition: 1}); library.KindOf(err) != library.NotFound {
				t.Error("an edition of a closed guide opens", err)
			}
		}
	}
	o := s.open(desk, "crisis-handbook", guide.When{})
	page := o.Named("consent")
	fields := guide.EntryFields{Parent: page.Parent, Slug: page.Slug, Titles: page.Titles, Own: library.Staff}
	if err := s.EditEntry(ctx, desk, o, page.ID, page.Version, fields); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Place(ctx, reader, glance.ID); library.KindOf(err) != library.NotFound {
		t.Error("a section of a closed entry has a place", err)
	}
}

// TestLimitsOfKeepers: a curator of a country keeps its guide and no other; one
// of a topic none; and nobody what they do not see.
func TestLimitsOfKeepers(t *testing.T) {
	s := frameworks(t)
	ctx := t.Context()
	place := s.open(desk, "sop-merinia", guide.When{}).Place
	for _, c := range []struct {
		v    library.Viewer
		want string
	}{
		{library.Viewer{Name: "a", Role: library.Curator, Countries: []string{place}}, "sop-merinia"},
		{library.Viewer{Name: "b", Role: library.Curator, Topics: []string{"protection"}}, ""},
		{library.Viewer{Name: "c", Role: library.Submitter}, "refused"},
		{library.Viewer{Name: "d", Role: library.Administrator, Topics: []string{"protection"}}, "global-sop sop-aldoria sop-merinia sop-sahla"},
	} {
		kept, err := s.Keeping(ctx, c.v)
		var slugs []string
		for _, k := range kept {
			slugs = append(slugs, k.Slug)
		}
		slices.Sort(slugs)
		if got := strings.Join(slugs, " "); got != c.want && (c.want != "refused" || library.KindOf(err) != library.Forbidden) {
			t.Errorf("%s keeps %q, %v", c.v.Name, got, err)
		}
		for _, slug := range []string{"global-sop", "sop-aldoria", "sop-merinia"} {
			o := s.open(desk, slug, guide.When{})
			may := strings.Contains(c.want, slug)
			_, err := s.AcceptEditorial(ctx, c.v, o)
			_, issued := s.Issue(ctx, c.v, slug, "2026-05-01", "")
			for _, err := range []error{err, issued} {
				if (err == nil) != may || !may && library.KindOf(err) != library.Forbidden {
					t.Errorf("%s and %s: %v", c.v.Name, slug, err)
				}
			}
		}
	}
}
