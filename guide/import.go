package guide

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/library"
)

// Report says what an import did.
type Report struct {
	Slug                      string
	New                       bool // the guide was not there
	Entries                   int  // new ones
	Added, Changed, Unchanged int  // sections
	Warnings                  []string
}

// intake is one import under way.
type intake struct {
	*Guides
	viewer  library.Viewer
	draft   *Draft
	guide   *library.Guide
	base    *Opened
	report  Report
	pages   map[string]*library.GuideEntry // by slug
	byName  map[string]*library.Section    // by entry's slug and name
	parents map[library.ID]*library.Section
	touched []any // *library.GuideEntry and *library.Section in the order of writing
	dirty   map[any]bool
}

// Import brings a draft into the library as one edit: a guide that is new, or
// what is new and changed of one that is there. What the draft does not hold is
// left alone. A changed text must say how heavy the change is and what it is.
func (g *Guides) Import(ctx context.Context, v library.Viewer, d *Draft) (Report, error) {
	if err := may(v); err != nil {
		return Report{}, err
	}
	in := &intake{Guides: g, viewer: v, draft: d, report: Report{Slug: d.Slug}, pages: map[string]*library.GuideEntry{},
		byName: map[string]*library.Section{}, parents: map[library.ID]*library.Section{}, dirty: map[any]bool{}}
	if err := in.open(ctx); err != nil {
		return in.report, err
	}
	for _, p := range d.Pages {
		if err := in.page(p); err != nil {
			return in.report, err
		}
	}
	// All sections first, so that texts can link to each other.
	for _, do := range []func(*DraftPage, *DraftSection) error{in.section, in.say} {
		for _, p := range d.Pages {
			for _, s := range p.Sections {
				if err := do(p, s); err != nil {
					return in.report, fmt.Errorf("%s: %w", s.Where, err)
				}
			}
		}
	}
	return in.report, in.write(ctx)
}

// open reads what is there, or begins the guide with what it takes from its base.
func (in *intake) open(ctx context.Context) error {
	d := in.draft
	if d.Base != "" {
		base, err := in.Open(ctx, in.viewer, d.Base, When{})
		if err != nil {
			return fmt.Errorf("the guide that it adapts: %w", err)
		}
		in.base = base
	}
	o, err := in.Open(ctx, in.viewer, d.Slug, When{})
	switch {
	case library.KindOf(err) == library.NotFound:
		in.report.New = true
		if in.guide, err = in.newGuide(); err != nil {
			return err
		}
		if err := mayKeep(in.viewer, in.guide); err != nil {
			return err
		}
		if in.base != nil {
			return in.adopt(ctx)
		}
		return nil
	case err != nil:
		return err
	}
	in.guide = o.Guide
	if err := mayKeep(in.viewer, in.guide); err != nil {
		return err
	}
	for _, e := range o.Entries {
		in.pages[e.Slug] = e
	}
	readings, err := in.Sections(ctx, o, "", o.Language())
	for _, r := range readings {
		in.byName[r.Name] = r.Section
		if r.Parent != nil {
			in.parents[r.Parent.ID] = r.Parent
		}
	}
	return err
}

func (in *intake) newGuide() (*library.Guide, error) {
	d := in.draft
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	o := &library.Guide{Head: library.Head{ID: id, Status: library.Published, Audience: library.Narrowed(d.Audience)}, Slug: d.Slug, Type: d.Type, Titles: d.Titles,
		Leads: d.Leads, Owner: d.Owner, Languages: d.Languages, Licence: d.Licence, Example: d.Example, Place: d.Place}
	if in.base != nil {
		o.Base = in.base.ID
	}
	for _, p := range d.Params {
		o.Parameters = append(o.Parameters, library.Parameter{Key: p.Key, Labels: p.Labels, Required: p.Required, Default: p.Default})
	}
	for _, val := range d.Values {
		if val.Source == "" {
			return nil, refused("values", "say where the value of %q is stated", val.Key)
		}
		o.Values = append(o.Values, library.ParameterValue{Key: val.Key, Value: val.Value, Source: val.Source,
			From: library.Date(val.From), To: library.Date(val.To)})
	}
	if in.base != nil {
		whole := &Opened{Guide: o, Frames: append([]*library.Guide{in.base.Guide}, in.base.Frames...), on: in.Now()}
		if missing := whole.Unfilled(); len(missing) > 0 {
			return nil, refused("values", "the parameter %q must be filled", missing[0].Key)
		}
	}
	return o, nil
}

// adopt takes every entry and section of the base, by reference: no text is
// copied, each section is pinned to the version that stands.
func (in *intake) adopt(ctx context.Context) error {
	readings, err := in.Sections(ctx, in.base, "", in.guide.Language())
	if err != nil {
		return err
	}
	own, pages := map[library.ID]library.ID{}, map[library.ID]*library.GuideEntry{}
	for _, e := range in.base.Live() {
		id, err := in.id()
		if err != nil {
			return err
		}
		own[e.ID] = id
		page := &library.GuideEntry{Head: library.Head{ID: id, Status: library.Published}, Guide: in.guide.ID, Parent: own[e.Parent], Order: e.Order, Slug: e.Slug,
			Titles: e.Titles, Keywords: e.Keywords, Own: e.Own, From: e.ID}
		page.Audience = library.Narrowed(in.guide.Audience, e.Audience)
		in.pages[e.Slug], pages[e.ID] = page, page
		in.touch(page)
	}
	for _, r := range readings {
		if r.Ended != nil || r.Omitted() || r.holder == nil || pages[r.In] == nil {
			continue
		}
		s, err := in.adoptOne(r, pages[r.In])
		if err != nil {
			return err
		}
		in.byName[s.Name], in.parents[r.ID] = s, r.Section
		in.report.Added++
	}
	return nil
}

func (in *intake) touch(part any) {
	if !in.dirty[part] {
		in.dirty[part] = true
		in.touched = append(in.touched, part)
	}
}

// page finds or makes the entry of a draft.
func (in *intake) page(p *DraftPage) error {
	e, ok := in.pages[p.Slug]
	if !ok {
		id, err := in.id()
		if err != nil {
			return err
		}
		e = &library.GuideEntry{Head: library.Head{ID: id, Status: library.Published}, Guide: in.guide.ID, Order: p.Order, Slug: p.Slug, Titles: library.Text{}}
		if p.Parent != "" && p.Parent != p.Slug {
			if in.pages[p.Parent] == nil {
				return refused("folder", "the chapter %q is not there", p.Parent)
			}
			e.Parent = in.pages[p.Parent].ID
		}
		in.pages[p.Slug] = e
		in.report.Entries++
		in.touch(e)
	}
	for lang, title := range p.Titles {
		if e.Titles[lang] != title {
			e.Titles[lang] = title
			in.touch(e)
		}
	}
	if len(e.Titles) == 0 {
		e.Titles[in.guide.Language()] = strings.ReplaceAll(p.Slug, "-", " ")
	}
	if p.Audience != "" {
		e.Own = p.Audience
	}
	e.Owner, e.Keywords = cmp.Or(p.Owner, e.Owner), slices.Compact(append(e.Keywords, p.Keywords...))
	within := in.guide.Audience
	for _, other := range in.pages {
		if other.ID == e.Parent {
			within = library.Narrowed(within, other.Audience)
		}
	}
	if audience := library.Narrowed(within, e.Own); audience != e.Audience {
		e.Audience = audience
		in.touch(e)
		in.narrow(e)
	}
	return nil
}

// narrow gives an entry's audience on to what lies in it, also to what the
// draft does not hold.
func (in *intake) narrow(e *library.GuideEntry) {
	for _, s := range in.byName {
		if audience := library.Narrowed(e.Audience, s.Own); s.In == e.ID && s.Audience != audience {
			s.Audience = audience
			in.touch(s)
		}
	}
	for _, below := range in.pages {
		if audience := library.Narrowed(e.Audience, below.Own); below.Parent == e.ID && below.Audience != audience {
			below.Audience = audience
			in.touch(below)
			in.narrow(below)
		}
	}
}

// section finds or makes the section of a draft.
func (in *intake) section(p *DraftPage, d *DraftSection) error {
	page := in.pages[p.Slug]
	name := p.Slug + "/" + d.Name
	s, ok := in.byName[name]
	if !ok {
		id, err := in.id()
		if err != nil {
			return err
		}
		s = &library.Section{Head: library.Head{ID: id, Status: library.Published}, Guide: in.guide.ID, In: page.ID, Name: name, Order: in.last(page.ID) + 10,
			Type: library.PlainSection, Force: library.Should}
		if in.base != nil {
			s.Derived = &library.Derivation{Decision: library.Added, By: in.viewer.Name, At: in.Now().UTC()}
		}
		in.byName[name] = s
		in.report.Added++
		in.touch(s)
	}
	return in.attributes(page, s, d)
}

// say puts what a section says.
func (in *intake) say(p *DraftPage, d *DraftSection) error {
	s := in.byName[p.Slug+"/"+d.Name]
	if in.base != nil {
		if err := in.decision(s, d); err != nil {
			return err
		}
	}
	if s.Derived != nil && (s.Derived.Decision == library.Omitted || s.Derived.Decision == library.Adopted) {
		return nil
	}
	was := in.report.Changed
	for _, lang := range in.guide.Languages { // that of the guide first
		w, ok := d.Texts[lang]
		w.Body = in.linked(s, w.Body)
		if old, had := s.Texts[lang]; !ok || w.Body == "" || had && old.Hash() == w.Hash() {
			continue
		}
		if err := in.text(s, d, lang, w); err != nil {
			return err
		}
	}
	if in.report.Changed == was && !in.dirty[s] {
		in.report.Unchanged++
	}
	in.reviewed(p, s)
	return nil
}

func (in *intake) last(page library.ID) int {
	last := 0
	for _, s := range in.byName {
		if s.In == page {
			last = max(last, s.Order)
		}
	}
	return last
}

func (in *intake) attributes(page *library.GuideEntry, s *library.Section, d *DraftSection) error {
	types := []library.SectionType{library.PlainSection, library.SectionSteps, library.SectionChecklist, library.SectionWarning,
		library.SectionContacts, library.SectionForm, library.SectionDefinition}
	if k := library.SectionType(d.Attrs["kind"]); k != "" {
		if !slices.Contains(types, k) {
			return refused("kind", "a section is of no kind %q", k)
		}
		s.Type = k
	}
	if f := library.Force(d.Attrs["force"]); f != "" {
		if f != library.Must && f != library.Should && f != library.Info {
			return refused("force", "the force of a section is must, should or info")
		}
		s.Force = f
	}
	if a, ok := d.Attrs["audience"]; ok {
		s.Own = library.Audience(a)
	}
	s.Audience = library.Narrowed(page.Audience, s.Own)
	if why := d.Attrs["ended"]; why != "" && s.Ended == nil {
		s.Ended = &library.Ending{At: in.Now().UTC(), Why: why}
		if to := in.byName[d.Attrs["to"]]; to != nil {
			s.Ended.To = []library.ID{to.ID}
		}
		in.guide.Structure = append(in.guide.Structure, library.StructureChange{From: []library.ID{s.ID}, To: s.Ended.To, Kind: "withdraw",
			Why: why, At: s.Ended.At})
		in.touch(s)
	}
	return nil
}

// decision puts what an adaptation decides on a section of its base.
func (in *intake) decision(s *library.Section, d *DraftSection) error {
	was := *s.Derived
	decision, reason := library.AdaptDecision(d.Attrs["decision"]), d.Attrs["reason"]
	_, speaks := d.Texts[in.guide.Language()]
	if decision == "" {
		if decision = library.Adapted; s.Derived.Parent == "" {
			decision = library.Added
		}
		if !speaks { // only attributes
			decision = s.Derived.Decision
		}
	}
	if decision != library.Adopted && reason == "" && len(s.Derived.Reason) == 0 {
		return refused("reason", "say why the section is %s: {… reason=\"…\"}", decision)
	}
	if d.Attrs["authority"] != "" && was.Deviation == nil {
		s.Derived.Deviation = &library.Deviation{Reason: reason, Authority: d.Attrs["authority"], LegalBasis: d.Attrs["legal"],
			Expires: library.Date(d.Attrs["expires"]), ApprovedBy: in.viewer.Name, ApprovedAt: in.Now().UTC()}
	}
	if parent := in.parents[s.Derived.Parent]; parent != nil && (decision == library.Adapted || decision == library.Omitted) {
		if err := Lock(parent, s.Derived.Deviation, in.today()); err != nil {
			return err
		}
	}
	if decision == library.Adopted { // what stands there is a note below the base's text
		if s.Notes == nil {
			s.Notes = library.Text{}
		}
		for lang, w := range d.Texts {
			s.Notes[lang] = w.Body
		}
	}
	s.Derived.Live = d.Attrs["live"] == "yes" && (s.Type == library.SectionDefinition || s.Type == library.SectionContacts)
	s.Derived.Decision = decision
	if reason != "" {
		s.Derived.Reason = library.Text{in.guide.Language(): reason}
	}
	if !reflect.DeepEqual(was, *s.Derived) || decision == library.Adopted {
		in.touch(s)
	}
	return nil
}

// text puts the text of a section in one language.
func (in *intake) text(s *library.Section, d *DraftSection, lang string, w library.Writing) error {
	c := Change{Lang: lang, Heading: w.Heading, Body: w.Body, Class: library.ChangeClass(d.Attrs["class"]), Summary: d.Attrs["summary"]}
	if _, had := s.Texts[lang]; !had {
		c.Class, c.Summary = cmp.Or(c.Class, library.Substantive), cmp.Or(c.Summary, d.Attrs["reason"], "First version")
	}
	if lang != in.guide.Language() {
		c.Class, c.Summary = library.Editorial, cmp.Or(c.Summary, "Translation")
	}
	if err := c.checked(); err != nil {
		return err
	}
	put(s, in.guide, c)
	stamp(s, lang, in.viewer.Name, c, in.Guides)
	if !in.dirty[s] {
		in.report.Changed++
	}
	in.touch(s)
	return nil
}

// reviewed notes the review that the head of a file speaks of.
func (in *intake) reviewed(p *DraftPage, s *library.Section) {
	due := p.Due
	if days, ok := strings.CutPrefix(due, "+"); ok {
		n, err := strconv.Atoi(strings.TrimSuffix(days, "d"))
		if err != nil {
			in.report.Warnings = append(in.report.Warnings, p.Slug+": the day of the next review cannot be read: "+due)
			return
		}
		due = in.Now().AddDate(0, 0, n).Format(time.DateOnly)
	}
	lang := in.guide.Language()
	if p.Reviewer == "" || due == "" || s.Says(lang) == "" {
		return
	}
	if r, ok := s.Review(lang); ok && string(r.Due) == due {
		return
	}
	s.Reviews = append(s.Reviews, library.SectionReview{Lang: lang, Hash: s.Says(lang), By: p.Reviewer, At: in.Now().UTC(), Due: library.Date(due)})
	in.touch(s)
}

var fileLink = regexp.MustCompile(`\]\((?:[\w./-]*/)?(?:\d+-)?([a-z0-9-]+)\.md(?:#([a-z0-9-]+))?\)`)

// linked puts lasting addresses in the place of the names of files.
func (in *intake) linked(s *library.Section, body string) string {
	return fileLink.ReplaceAllStringFunc(body, func(link string) string {
		m := fileLink.FindStringSubmatch(link)
		if to := in.byName[m[1]+"/"+m[2]]; m[2] != "" && to != nil {
			return "](/g/" + string(to.ID) + ")"
		}
		if to := in.pages[m[1]]; to != nil {
			return "](/g/" + string(to.ID) + ")"
		}
		in.report.Warnings = append(in.report.Warnings, s.Name+": a link leads to no entry: "+link)
		return link
	})
}

// write commits everything as one edit.
func (in *intake) write(ctx context.Context) error {
	var changes []library.Change
	for _, part := range in.touched {
		var c library.Change
		var err error
		switch p := part.(type) {
		case *library.GuideEntry:
			c, err = change(p.Version, p)
		case *library.Section:
			c, err = change(p.Version, p)
		}
		if err != nil {
			return err
		}
		changes = append(changes, c)
	}
	if len(changes) == 0 && !in.report.New {
		return nil
	}
	c, err := change(in.guide.Version, in.guide)
	if err != nil {
		return err
	}
	if err := in.commit(ctx, in.viewer, "import a guide", in.draft.Slug, append(changes, c)...); err != nil {
		return err
	}
	return in.warn(ctx)
}

// warn names the links that lead nowhere.
func (in *intake) warn(ctx context.Context) error {
	for _, part := range in.touched {
		s, ok := part.(*library.Section)
		if !ok {
			continue
		}
		for lang, w := range s.Texts {
			broken, err := in.broken(ctx, in.viewer, w.Body)
			if err != nil {
				return err
			}
			for _, to := range broken {
				in.report.Warnings = append(in.report.Warnings, fmt.Sprintf("%s (%s): the link %s leads nowhere", s.Name, lang, to))
			}
		}
	}
	return nil
}
