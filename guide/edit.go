package guide

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"waymark/library"
)

// Change is a new text of a section with what its editor must say about it.
type Change struct {
	Section library.ID
	Read    int64 // version that it was made from
	Lang    string
	Heading string
	Body    string
	Class   library.ChangeClass
	Summary string // one line
	Reason  string // why a place departs from its base, when it did not before
}

// may refuses a viewer who may not change guides.
func may(v library.Viewer) error {
	if v.Role < library.Curator {
		return library.Errorf(library.Forbidden, "only curators change guides")
	}
	return nil
}

// mayKeep refuses a viewer who may not change a guide.
func mayKeep(v library.Viewer, o *library.Guide) error {
	if !v.MayKeep(o) {
		return library.Errorf(library.Forbidden, "only its curators change the guide %s", o.Slug)
	}
	return nil
}

func refused(field, format string, args ...any) error {
	return &library.Error{Kind: library.Invalid, Field: field, Err: fmt.Errorf(format, args...)}
}

func (g *Guides) id() (library.ID, error) { return library.NewID(g.Now(), g.Entropy) }

func (g *Guides) today() library.Date { return library.Date(g.Now().UTC().Format("2006-01-02")) }

// commit writes an edit in the name of a viewer.
func (g *Guides) commit(ctx context.Context, v library.Viewer, action, note string, changes ...library.Change) error {
	_, err := g.Store.Commit(ctx, library.Edit{At: g.Now(), Actor: v.Name, Action: action, Note: note, Changes: changes})
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	return nil
}

// change gives what the store is to keep of a part of a guide.
func change(read int64, part interface{ Entry() (library.Entry, error) }) (library.Change, error) {
	e, err := part.Entry()
	return library.Change{Read: read, Entry: e}, err
}

// save writes one section.
func (g *Guides) save(ctx context.Context, v library.Viewer, action, note string, s *library.Section) error {
	c, err := change(s.Version, s)
	if err != nil {
		return err
	}
	return g.commit(ctx, v, action, note, c)
}

// held gives a section with its guide, as a curator may change it.
func (g *Guides) held(ctx context.Context, v library.Viewer, id library.ID) (*library.Section, *library.Guide, error) {
	if err := may(v); err != nil {
		return nil, nil, err
	}
	s, err := g.section(ctx, v, id)
	if err != nil {
		return nil, nil, err
	}
	entries, err := g.Store.Entries(ctx, v, []library.ID{s.Guide})
	if err != nil || len(entries) == 0 {
		return nil, nil, library.Errorf(library.NotFound, "the guide of the section %s is not there: %w", id, err)
	}
	o, err := library.GuideOf(entries[0])
	if err != nil {
		return nil, nil, err
	}
	return s, o, mayKeep(v, o)
}

// section gives one section as it stands.
func (g *Guides) section(ctx context.Context, v library.Viewer, id library.ID) (*library.Section, error) {
	entries, err := g.Store.Entries(ctx, v, []library.ID{id})
	if err != nil {
		return nil, fmt.Errorf("read the section %s: %w", id, err)
	}
	if len(entries) == 0 || entries[0].Kind != library.KindSection {
		return nil, library.Errorf(library.NotFound, "there is no section %s", id)
	}
	return library.SectionOf(entries[0])
}

// stamp records a change of what the section says in a language.
func stamp(s *library.Section, lang string, by string, c Change, g *Guides) {
	if s.Log == nil {
		s.Log = map[string][]library.Stamp{}
	}
	s.Log[lang] = append(s.Log[lang], library.Stamp{Hash: s.Says(lang), Class: c.Class, Summary: c.Summary, By: by,
		At: g.Now().UTC(), Version: s.Version + 1})
}

// checked refuses a change that says too little about itself.
func (c Change) checked() error {
	switch {
	case c.Class.Weight() == 0:
		return refused("class", "say how heavy the change is: editorial, clarification, substantive or safety-legal")
	case strings.TrimSpace(c.Summary) == "":
		return refused("summary", "say in one line what changed")
	case strings.TrimSpace(c.Heading) == "":
		return refused("heading", "a section has a heading")
	case strings.TrimSpace(c.Body) == "":
		return refused("body", "a section has a text")
	case Undecided(c.Body):
		return refused("body", "the text still holds a conflict that nobody has decided")
	}
	return nil
}

// Write puts a new text of a section. A text in another language than the
// guide's is a translation of what the section says now.
func (g *Guides) Write(ctx context.Context, v library.Viewer, c Change) error {
	s, o, err := g.writable(ctx, v, c)
	if err != nil {
		return err
	}
	put(s, o, c)
	stamp(s, c.Lang, v.Name, c, g)
	return g.save(ctx, v, "write a section", c.Summary, s)
}

// Check refuses a change that Write would refuse, and changes nothing.
func (g *Guides) Check(ctx context.Context, v library.Viewer, c Change) error {
	_, _, err := g.writable(ctx, v, c)
	return err
}

// writable gives the section of a change that may be made, with its guide.
func (g *Guides) writable(ctx context.Context, v library.Viewer, c Change) (*library.Section, *library.Guide, error) {
	s, o, err := g.held(ctx, v, c.Section)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case c.Read != s.Version:
		return nil, nil, library.Errorf(library.Conflict, "the section was changed from version %d, but stands at %d", c.Read, s.Version)
	case s.Ended != nil:
		return nil, nil, refused("section", "the section has left its guide")
	case !slices.Contains(o.Languages, c.Lang):
		return nil, nil, refused("lang", "the guide is not written in %q", c.Lang)
	}
	if err := c.checked(); err != nil {
		return nil, nil, err
	}
	if err := g.mayDepart(ctx, v, s, c.Lang, o); err != nil {
		return nil, nil, err
	}
	if err := g.leads(ctx, v, c.Body); err != nil {
		return nil, nil, err
	}
	return s, o, g.departing(s, o, v, c)
}

// put sets the text of a section.
func put(s *library.Section, o *library.Guide, c Change) {
	if s.Texts == nil {
		s.Texts = map[string]library.Writing{}
	}
	w := library.Writing{Heading: strings.TrimSpace(c.Heading), Body: c.Body}
	if c.Lang != o.Language() {
		w.Source, w.Made = s.Says(o.Language()), s.Version+1
	}
	s.Texts[c.Lang] = w
}

// departing notes that a place has a text of its own from now on, and why.
func (g *Guides) departing(s *library.Section, o *library.Guide, v library.Viewer, c Change) error {
	own, reason := len(s.Texts) > 0, strings.TrimSpace(c.Reason)
	switch {
	case s.Derived == nil || s.Derived.Parent == "":
		return nil
	case c.Lang != o.Language() && !own:
		return refused("lang", "the section has the text of its base, with its translations: adapt it in %q first", o.Language())
	case reason == "" && (!own || s.Derived.Decision != library.Adapted):
		return refused("reason", "say why the section is adapted")
	case c.Lang == o.Language() && reason != "":
		decide(s, v.Name, g, library.Adapted, library.Text{o.Language(): reason})
	}
	return nil
}

// mayDepart refuses a text of one's own in the place of a Must of the base.
func (g *Guides) mayDepart(ctx context.Context, v library.Viewer, s *library.Section, lang string, o *library.Guide) error {
	if s.Derived == nil || s.Derived.Parent == "" || lang != o.Language() {
		return nil
	}
	parent, err := g.section(ctx, v, s.Derived.Parent)
	if err != nil {
		return err
	}
	return Lock(parent, s.Derived.Deviation, g.today())
}

// Lock refuses to replace or leave out a section that must stand, unless a
// deviation allows it on a day.
func Lock(parent *library.Section, d *library.Deviation, on library.Date) error {
	if parent.Force == library.Must && !d.Valid(on) {
		return refused("deviation", "the section must stand as it is: it can be supplemented by a note, or departed from by an approved deviation")
	}
	return nil
}

// Confirm notes that a person has read a text and when it is to be read again.
// Saw is the hash of what was read; note says what must change, if anything.
func (g *Guides) Confirm(ctx context.Context, v library.Viewer, id library.ID, lang, saw string, due library.Date, note string) error {
	s, _, err := g.held(ctx, v, id)
	if err != nil {
		return err
	}
	if s.Says(lang) != saw {
		return library.Errorf(library.Conflict, "the section says something else by now")
	}
	if due == "" {
		return refused("due", "say when the section is to be reviewed again")
	}
	s.Reviews = append(s.Reviews, library.SectionReview{Lang: lang, Hash: saw, By: v.Name, At: g.Now().UTC(), Due: due, Note: note})
	return g.save(ctx, v, "review a section", note, s)
}

// Retire takes a section out of its guide. Its address goes on answering, and
// says why and what took its place.
func (g *Guides) Retire(ctx context.Context, v library.Viewer, id library.ID, why string, to ...library.ID) error {
	s, o, err := g.held(ctx, v, id)
	if err != nil {
		return err
	}
	if strings.TrimSpace(why) == "" {
		return refused("why", "say why the section leaves the guide")
	}
	now := g.Now().UTC()
	s.Ended = &library.Ending{At: now, Why: why, To: to}
	kind := map[bool]string{true: "withdraw", false: "merge"}[len(to) == 0]
	if len(to) > 1 {
		kind = "split"
	}
	o.Structure = append(o.Structure, library.StructureChange{From: []library.ID{id}, To: to, Kind: kind, Why: why, At: now})
	a, err := change(s.Version, s)
	if err != nil {
		return err
	}
	b, err := change(o.Version, o)
	if err != nil {
		return err
	}
	return g.commit(ctx, v, "retire a section", why, a, b)
}

// Rename gives an entry of a guide another word in its address; the old one
// leads there for ever.
func (g *Guides) Rename(ctx context.Context, v library.Viewer, o *Opened, entry library.ID, slug string) error {
	if err := mayKeep(v, o.Guide); err != nil {
		return err
	}
	e := o.Page(entry)
	if e == nil || !IsSlug(slug) {
		return refused("slug", "%q is no word of an address, or the entry is not there", slug)
	}
	if other := o.Named(slug); other != nil && other.ID != entry {
		return library.Errorf(library.Conflict, "another entry has, or had, the address %q", slug)
	}
	e.Former = append(slices.DeleteFunc(e.Former, func(s string) bool { return s == slug }), e.Slug)
	e.Slug = slug
	c, err := change(e.Version, e)
	if err != nil {
		return err
	}
	return g.commit(ctx, v, "rename an entry", slug, c)
}

// IsSlug tells whether a text can be a part of a guide's address.
func IsSlug(s string) bool {
	if s == "" || len(s) > 80 || strings.Trim(s, "-") != s {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// Restrict sets who may read a section: empty for those who may read its entry.
func (g *Guides) Restrict(ctx context.Context, v library.Viewer, id library.ID, own library.Audience) error {
	s, o, err := g.held(ctx, v, id)
	if err != nil {
		return err
	}
	entries, err := g.Store.Entries(ctx, v, []library.ID{s.In})
	if err != nil || len(entries) == 0 {
		return library.Errorf(library.NotFound, "the entry of the section %s is not there: %w", id, err)
	}
	page, err := library.GuideEntryOf(entries[0])
	if err != nil {
		return err
	}
	if own != "" && !v.Sees(library.Published, own) {
		return refused("audience", "nobody closes a section to themselves: %q", own)
	}
	if own != "" && page.Audience != library.Public && own != page.Audience {
		return refused("audience", "the entry is for %q: a section in it can only be for fewer", page.Audience)
	}
	s.Own, s.Audience = own, library.Narrowed(o.Audience, page.Audience, own)
	return g.save(ctx, v, "restrict a section", string(own), s)
}
