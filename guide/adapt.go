package guide

import (
	"context"
	"strings"
	"time"

	"waymark/library"
)

// Resolution is what a place answers to a change of its base.
type Resolution string

// The answers.
const (
	Accepted Resolution = "accepted" // the base's text as it stands now
	Joined   Resolution = "merged"   // a text of its own that takes the change in
	Kept     Resolution = "kept"     // what it has; the change asks nothing of it
	LeftOut  Resolution = "omitted"  // nothing here
)

// Answer settles what a Drift asks for. Saw is what the base said when the
// person who answers looked at it: nothing is settled unseen.
type Answer struct {
	Section    library.ID
	Read       int64
	Saw        string
	Resolution Resolution
	Heading    string // with Joined
	Body       string
	Reason     string // with Joined, Kept and LeftOut
}

// Settle answers a change of the base.
func (g *Guides) Settle(ctx context.Context, v library.Viewer, a Answer) error {
	s, o, err := g.held(ctx, v, a.Section)
	if err != nil {
		return err
	}
	if s.Derived == nil || s.Derived.Parent == "" {
		return refused("section", "the section derives from none")
	}
	parent, err := g.section(ctx, v, s.Derived.Parent)
	if err != nil {
		return err
	}
	if a.Read != s.Version || saw(parent, s.Derived.Lang) != a.Saw {
		return library.Errorf(library.Conflict, "the section or its base was changed since it was looked at")
	}
	if err := g.settle(s, o, parent, v, a); err != nil {
		return err
	}
	return g.save(ctx, v, "settle a change: "+string(a.Resolution), a.Reason, s)
}

func (g *Guides) settle(s *library.Section, o *library.Guide, parent *library.Section, v library.Viewer, a Answer) error {
	d, lang := s.Derived, s.Derived.Lang
	drift := Judge(s, parent, g.Now())
	c := Change{Class: drift.Class, Summary: a.Reason}
	if c.Class == "" {
		c.Class = library.Editorial
	}
	if parent.Ended != nil && a.Resolution != Kept {
		return refused("resolution", "the base has no such section any more: end it here, too, or keep it")
	}
	switch a.Resolution {
	case Accepted:
		s.Texts, d.Decision, d.Deviation = nil, library.Adopted, nil
		c.Summary = "The text of the base was accepted: " + summaries(drift.Changes)
	case Joined:
		c.Heading, c.Body = a.Heading, a.Body
		if err := c.checked(); err != nil {
			return err
		}
		if err := Lock(parent, d.Deviation, g.today()); err != nil {
			return err
		}
		c.Lang = lang
		put(s, o, c)
		d.Decision, d.Reason = library.Adapted, library.Text{o.Language(): a.Reason}
	case Kept:
		if strings.TrimSpace(a.Reason) == "" {
			return refused("reason", "say why the change asks nothing of the place")
		}
		d.Reviewed, d.By, d.At = a.Saw, v.Name, g.Now().UTC()
		return nil
	case LeftOut:
		return g.omit(s, o, parent, v, a.Reason)
	default:
		return refused("resolution", "a change is accepted, merged or kept, or the section left out")
	}
	pin(d, parent)
	d.By, d.At = v.Name, g.Now().UTC()
	stamp(s, lang, v.Name, c, g)
	return nil
}

// saw gives what somebody looked at who looked at a section of the base: the
// hash of what it says, or when it ended.
func saw(parent *library.Section, lang string) string {
	if parent.Ended != nil {
		return "ended " + parent.Ended.At.UTC().Format(time.RFC3339)
	}
	return parent.Says(lang)
}

// pin ties a section to what its parent says now.
func pin(d *library.Derivation, parent *library.Section) {
	d.Base, d.Hash, d.Reviewed = parent.Version, parent.Says(d.Lang), ""
}

func summaries(log []library.Stamp) string {
	var all []string
	for _, s := range log {
		all = append(all, s.Summary)
	}
	return strings.Join(all, "; ")
}

// AcceptEditorial accepts the changes of the base that change no meaning, in
// every inherited section of a guide, and moves the pin of those that say the
// same by themselves. It gives how many it settled.
func (g *Guides) AcceptEditorial(ctx context.Context, v library.Viewer, o *Opened) (int, error) {
	if err := mayKeep(v, o.Guide); err != nil {
		return 0, err
	}
	readings, err := g.Sections(ctx, o, "", o.Language())
	if err != nil {
		return 0, err
	}
	var changes []library.Change
	for _, r := range readings {
		switch {
		case r.Drift.State == Converged:
			pin(r.Derived, r.Parent)
		case r.Drift.State == Update && r.Drift.Class == library.Editorial:
			if err := g.settle(r.Section, o.Guide, r.Parent, v, Answer{Resolution: Accepted}); err != nil {
				return 0, err
			}
		default:
			continue
		}
		c, err := change(r.Version, r.Section)
		if err != nil {
			return 0, err
		}
		changes = append(changes, c)
	}
	if len(changes) == 0 {
		return 0, nil
	}
	return len(changes), g.commit(ctx, v, "accept editorial changes", o.Slug, changes...)
}

// Omit leaves a section of the base out, or with a deviation a Must.
func (g *Guides) Omit(ctx context.Context, v library.Viewer, id library.ID, reason string, d *library.Deviation) error {
	s, o, err := g.held(ctx, v, id)
	if err != nil {
		return err
	}
	if s.Derived == nil || s.Derived.Parent == "" {
		return refused("section", "only a section of the base can be left out; others are retired")
	}
	parent, err := g.section(ctx, v, s.Derived.Parent)
	if err != nil {
		return err
	}
	s.Derived.Deviation = d
	if err := g.omit(s, o, parent, v, reason); err != nil {
		return err
	}
	return g.save(ctx, v, "omit a section", reason, s)
}

// omit leaves a section out.
func (g *Guides) omit(s *library.Section, o *library.Guide, parent *library.Section, v library.Viewer, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return refused("reason", "say why the section is left out")
	}
	if err := Lock(parent, s.Derived.Deviation, g.today()); err != nil {
		return err
	}
	decide(s, v.Name, g, library.Omitted, library.Text{o.Language(): reason})
	s.Texts = nil
	pin(s.Derived, parent)
	return nil
}

func decide(s *library.Section, by string, g *Guides, decision library.AdaptDecision, reason library.Text) {
	s.Derived.Decision, s.Derived.Reason, s.Derived.By, s.Derived.At = decision, reason, by, g.Now().UTC()
}

// Allow records the deviation by which a place may depart from a Must.
func (g *Guides) Allow(ctx context.Context, v library.Viewer, id library.ID, d library.Deviation) error {
	s, _, err := g.held(ctx, v, id)
	if err != nil {
		return err
	}
	d.ApprovedBy, d.ApprovedAt = v.Name, g.Now().UTC()
	if s.Derived == nil || !d.Valid(g.today()) {
		return refused("deviation", "a deviation has a reason, a legal basis, an authority and an end that has not passed")
	}
	s.Derived.Deviation = &d
	return g.save(ctx, v, "approve a deviation", d.Reason, s)
}

// Supplement puts a note of the place below a section, which stays the base's.
func (g *Guides) Supplement(ctx context.Context, v library.Viewer, id library.ID, lang, note string) error {
	s, _, err := g.held(ctx, v, id)
	if err != nil {
		return err
	}
	if s.Notes == nil {
		s.Notes = library.Text{}
	}
	s.Notes[lang] = note
	if strings.TrimSpace(note) == "" {
		delete(s.Notes, lang)
	}
	return g.save(ctx, v, "supplement a section", "", s)
}

// Proposal is how the change of a base can be taken into a local text.
type Proposal struct {
	Base, Local, Global library.Writing
	Merged              []Merged
	Clean               bool   // no paragraph was touched by both
	Text                string // to edit; see ToEdit
	Saw                 string // for Answer
}

// Propose gives the three texts of a section and their merge. It changes
// nothing: what is published of it, a person publishes by Settle.
func (g *Guides) Propose(ctx context.Context, o *Opened, r Reading) (Proposal, error) {
	if r.Parent == nil || r.Derived == nil {
		return Proposal{}, refused("section", "the section derives from none")
	}
	lang := r.Derived.Lang
	// Base and parent may themselves only pass on what lies higher.
	pair := []Reading{{Section: r.Parent}, {Section: &library.Section{Head: library.Head{ID: r.ID}, Derived: r.Derived}}}
	frame := &Opened{Guide: o.Guide, When: o.When, viewer: o.viewer, on: o.on}
	if err := g.holders(ctx, frame, held(pair, lang)); err != nil {
		return Proposal{}, err
	}
	p := Proposal{Saw: saw(r.Parent, lang)}
	for i, w := range []*library.Writing{&p.Global, &p.Base} {
		if h := pair[i].holder; h != nil {
			*w = h.Texts[lang]
		}
	}
	p.Local = p.Base
	if own, ok := r.Texts[lang]; ok {
		p.Local = own
	}
	if own, ok := r.Texts[o.Language()]; ok && o.Language() != lang {
		// Written in another language than the base is compared in: only a
		// person can bring the two together.
		p.Local, p.Text = own, own.Body
		return p, nil
	}
	p.Merged = Merge(p.Base.Body, p.Local.Body, p.Global.Body)
	_, p.Clean = Clean(p.Merged)
	p.Text = ToEdit(p.Merged)
	return p, nil
}

// held puts each section as the holder of its own text.
func held(readings []Reading, lang string) []Reading {
	for i := range readings {
		readings[i].holder, readings[i].original = readings[i].Section, lang
	}
	return readings
}

// Unfilled gives the parameters that a guide must fill and has not.
func (o *Opened) Unfilled() []library.Parameter {
	var missing []library.Parameter
	fill := o.Fill(o.Language())
	for _, f := range o.Frames {
		for _, p := range f.Parameters {
			if _, filled := fill(p.Key); p.Required && !filled {
				missing = append(missing, p)
			}
		}
	}
	return missing
}
