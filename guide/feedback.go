package guide

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"waymark/library"
)

const (
	maxFeedback = 4000 // characters of a text
	maxContact  = 200
	// maxOpen bounds what nobody has looked at yet, so that a flood does not
	// bury the desk.
	maxOpen = 100
)

// Say keeps what a reader says about a section for the desk. It answers
// NotFound when the reader does not see the section, and Busy when the desk has
// too much of it already.
func (g *Guides) Say(ctx context.Context, v library.Viewer, f library.Feedback) error {
	s, err := g.section(ctx, v, f.Section)
	if err != nil {
		return err
	}
	f.Text, f.Contact = strings.TrimSpace(strings.ToValidUTF8(f.Text, "")), strings.TrimSpace(strings.ToValidUTF8(f.Contact, ""))
	switch {
	case !slices.Contains(library.FeedbackKinds(), f.Kind) && f.Kind != library.FeedbackProposal:
		return refused("kind", "%q is no kind of feedback", f.Kind)
	case f.Text == "" && f.Kind != library.FeedbackThanks:
		return refused("text", "the text is empty")
	case utf8.RuneCountInString(f.Text) > maxFeedback && f.Kind != library.FeedbackProposal:
		return refused("text", "the text is longer than %d characters", maxFeedback)
	case utf8.RuneCountInString(f.Contact) > maxContact:
		return refused("contact", "the contact is longer than %d characters", maxContact)
	}
	open, err := g.Store.Find(ctx, library.House(), library.KindFeedback, []library.Key{{Scheme: library.KeyFeedbackOn, Value: string(s.ID)}}, 0)
	if err != nil {
		return fmt.Errorf("count the feedback: %w", err)
	}
	waiting := 0
	for _, e := range open {
		if one, err := library.FeedbackOf(e); err == nil && one.State == library.FeedbackNew {
			waiting++
		}
	}
	if waiting >= maxOpen {
		return library.Errorf(library.Busy, "the section has %d pieces of feedback that nobody has read", maxOpen)
	}
	f.State, f.Audience, f.Hash = library.FeedbackNew, s.Audience, s.Says(f.Lang)
	if f.ID, err = g.id(); err != nil {
		return err
	}
	c, err := change(0, &f)
	if err != nil {
		return err
	}
	if v.Name == "" {
		v.Name = "a reader"
	}
	return g.commit(ctx, v, "give feedback", string(f.Kind), c)
}

// Feedback gives what readers said and nobody has decided on, for the desk.
func (g *Guides) Feedback(ctx context.Context, v library.Viewer) ([]*library.Feedback, error) {
	found, err := g.Store.Find(ctx, v, library.KindFeedback, []library.Key{{Scheme: library.KeyFeedbackOpen, Value: "1"}}, 0)
	if err != nil {
		return nil, fmt.Errorf("read the feedback: %w", err)
	}
	return each(found, library.FeedbackOf)
}

// Said gives one piece of feedback, for the desk.
func (g *Guides) Said(ctx context.Context, v library.Viewer, id library.ID) (*library.Feedback, error) {
	if err := may(v); err != nil {
		return nil, err
	}
	entries, err := g.Store.Entries(ctx, v, []library.ID{id})
	if err != nil {
		return nil, fmt.Errorf("read the feedback %s: %w", id, err)
	}
	if len(entries) == 0 || entries[0].Kind != library.KindFeedback {
		return nil, library.Errorf(library.NotFound, "there is no feedback %s", id)
	}
	return library.FeedbackOf(entries[0])
}

// Offered gives what became of the proposals that a section made to its base,
// the latest first.
func (g *Guides) Offered(ctx context.Context, v library.Viewer, s *library.Section) ([]*library.Feedback, error) {
	if s.Derived == nil || s.Derived.Parent == "" {
		return nil, nil
	}
	found, err := g.Store.Find(ctx, v, library.KindFeedback, []library.Key{{Scheme: library.KeyFeedbackOn, Value: string(s.Derived.Parent)}}, 0)
	if err != nil {
		return nil, fmt.Errorf("read the proposals of %s: %w", s.ID, err)
	}
	all, err := each(found, library.FeedbackOf)
	all = slices.DeleteFunc(all, func(f *library.Feedback) bool { return f.From != s.ID })
	slices.Reverse(all)
	return all, err
}

// Decide notes what became of feedback.
func (g *Guides) Decide(ctx context.Context, v library.Viewer, f *library.Feedback, state library.FeedbackState, reply string) error {
	if _, _, err := g.held(ctx, v, f.Section); err != nil {
		return err
	}
	f.State, f.Reply = state, strings.TrimSpace(reply)
	switch {
	case state != library.FeedbackDone && state != library.FeedbackAccepted && state != library.FeedbackRejected:
		return refused("state", "feedback is done, accepted or rejected")
	case f.Reply == "" && state != library.FeedbackDone:
		return refused("reply", "say what is answered, or why nothing changes")
	}
	c, err := change(f.Version, f)
	if err != nil {
		return err
	}
	return g.commit(ctx, v, "decide on feedback", string(state), c)
}

// Offer proposes the text of a local section to its base: it becomes feedback
// on the base's section, for those who keep that.
func (g *Guides) Offer(ctx context.Context, v library.Viewer, id library.ID, why string) error {
	s, o, err := g.held(ctx, v, id)
	if err != nil {
		return err
	}
	w, ok := s.Texts[o.Language()]
	if s.Derived == nil || s.Derived.Parent == "" || !ok {
		return refused("section", "only a text of one's own for a section of the base can be offered to it")
	}
	return g.Say(ctx, v, library.Feedback{Section: s.Derived.Parent, Lang: s.Derived.Lang, Kind: library.FeedbackProposal, From: id,
		Text: strings.TrimSpace(why + "\n\n" + w.Heading + "\n\n" + w.Body)})
}
