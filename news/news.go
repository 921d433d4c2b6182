// Package news tells persons by e-mail what became of records: curators what
// was handed in, contributors what was decided. It follows the edits and the
// notes; what is to be told is kept until a mail server has taken it.
package news

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"waymark/access"
	"waymark/library"
	"waymark/locale"
)

// Library is what happened, for the house.
type Library interface {
	Edits(ctx context.Context, v library.Viewer, after int64, limit int) ([]library.Edit, error)
	Versions(ctx context.Context, v library.Viewer, refs []library.Ref) ([]library.Entry, error)
	Entries(ctx context.Context, v library.Viewer, ids []library.ID) ([]library.Entry, error)
	NotesAfter(ctx context.Context, v library.Viewer, after time.Time) ([]library.Note, error)
	Notes(ctx context.Context, v library.Viewer, subject library.ID) ([]library.Note, error)
}

// Kept is where news wait, for the house.
type Kept interface {
	NewsMark(ctx context.Context, v library.Viewer) (library.NewsMark, error)
	AddNews(ctx context.Context, v library.Viewer, from, to library.NewsMark, news []library.News) error
	News(ctx context.Context, v library.Viewer, due time.Time) ([]library.News, error)
	DropNews(ctx context.Context, v library.Viewer, id library.ID) error
	PutOff(ctx context.Context, v library.Viewer, id library.ID, due time.Time) error
}

// Wishes tells how persons want to be told, NotFound for one who has not said.
type Wishes interface {
	Wish(ctx context.Context, v library.Viewer, person library.ID) (library.Wish, error)
	ForgetAddresses(ctx context.Context, v library.Viewer, subject library.ID) error
}

// Notifier makes news and sends them.
type Notifier struct {
	Library Library
	Kept    Kept
	Wishes  Wishes
	Porter  *access.Porter // knows the persons, and sends letters
	Locale  *locale.Catalog
	URL     string // public address of the library
	Now     func() time.Time
	Entropy io.Reader
}

const (
	// every is how often it is looked for what is to be told.
	every = 30 * time.Second
	// edits is how many edits are looked at together.
	edits = 500
	// digestHour is the hour in UTC at which a day's news are told.
	digestHour = 6
	// attempts is how often a letter is tried: over about a day.
	attempts = 8
	// unsaid is how a person is told who has not said how.
	unsaid = library.Daily
)

// Run tells until the context ends.
func (n *Notifier) Run(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := n.Tell(ctx); err != nil && ctx.Err() == nil {
			slog.Error("news wait and will be tried again", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Tell makes news of what happened since the last time, and sends what is due.
func (n *Notifier) Tell(ctx context.Context) error {
	for {
		more, err := n.collect(ctx)
		if err != nil {
			return err
		}
		if more {
			continue
		}
		if n.Porter.Letters == nil {
			return nil
		}
		return n.send(ctx)
	}
}

// collect makes the news of some edits and notes, and tells whether there may
// be more of them.
func (n *Notifier) collect(ctx context.Context) (more bool, err error) {
	house := library.House()
	from, err := n.Kept.NewsMark(ctx, house)
	if err != nil {
		return false, err
	}
	done, err := n.Library.Edits(ctx, house, from.Seq, edits)
	if err != nil {
		return false, err
	}
	notes, err := n.Library.NotesAfter(ctx, house, from.Note)
	if err != nil || len(done)+len(notes) == 0 {
		return false, err
	}
	var people []told
	if n.Porter.Letters != nil { // without letters what happens is passed over
		if people, err = n.people(ctx); err != nil {
			return false, err
		}
	}
	to, made := from, made{n: n, people: people}
	for _, e := range done {
		to.Seq = e.Seq
		if err := made.edit(ctx, e); err != nil {
			return false, err
		}
	}
	for _, note := range notes {
		to.Note = note.At
		if err := made.note(ctx, note); err != nil {
			return false, err
		}
	}
	err = n.Kept.AddNews(ctx, house, from, to, made.news)
	if library.KindOf(err) == library.Conflict {
		return false, nil // another process has made them
	}
	for _, id := range made.decided {
		err = errors.Join(err, n.Wishes.ForgetAddresses(ctx, house, id))
	}
	return len(done) > 0, err
}

// told is somebody who can be told.
type told struct {
	access.Person
	viewer library.Viewer
	wish   library.Wish
}

func (n *Notifier) people(ctx context.Context) ([]told, error) {
	persons, err := n.Porter.Kept.People.Persons(ctx, "", 0)
	if err != nil {
		return nil, fmt.Errorf("read whom to tell: %w", err)
	}
	var people []told
	for _, p := range persons {
		wish, err := n.Wishes.Wish(ctx, library.House(), p.ID)
		if library.KindOf(err) == library.NotFound {
			wish, err = library.Wish{Person: p.ID, Often: unsaid}, nil
		}
		if err != nil {
			return nil, err
		}
		v, err := n.Porter.ViewerOf(ctx, p)
		if err != nil {
			return nil, err
		}
		if !p.Disabled && wish.Often != library.Never {
			people = append(people, told{p, v, wish})
		}
	}
	return people, nil
}

// made is the news of some edits and notes.
type made struct {
	n       *Notifier
	people  []told
	news    []library.News
	decided []library.ID // records whose fate is decided for those without an account
}

// acts are the acts of persons; the work of the house, as imports, tells nobody.
var acts = []string{"submit", "edit", "publish", "withdraw", "assign", "review", "return", "undo", "restore"}

// edit makes the news of an edit.
func (m *made) edit(ctx context.Context, e library.Edit) error {
	if err := m.merged(e); err != nil {
		return err
	}
	if !slices.Contains(acts, e.Action) {
		return nil
	}
	var refs []library.Ref
	for _, c := range e.Changes {
		if c.Entry.Kind == library.KindResource && c.Read > 0 {
			refs = append(refs, library.Ref{ID: c.Entry.ID, Version: c.Read})
		}
	}
	earlier, err := m.n.Library.Versions(ctx, library.House(), refs)
	if err != nil {
		return err
	}
	before := map[library.ID]*library.Resource{}
	for _, old := range earlier {
		if before[old.ID], err = library.ResourceOf(old); err != nil {
			return err
		}
	}
	for _, c := range e.Changes {
		if c.Entry.Kind != library.KindResource {
			continue
		}
		now, err := library.ResourceOf(c.Entry)
		if err != nil {
			return err
		}
		was := before[now.ID]
		if was == nil {
			was = &library.Resource{}
		}
		if err := m.change(ctx, e, was, now); err != nil {
			return err
		}
	}
	return nil
}

// merged notes whose address is to be forgotten since what they handed in went
// into another record: nothing more is told of it.
func (m *made) merged(e library.Edit) error {
	for _, c := range e.Changes {
		if c.Entry.Kind != library.KindResource || c.Entry.Status != library.Merged {
			continue
		}
		r, err := library.ResourceOf(c.Entry)
		if err != nil {
			return err
		}
		if r.Review.Unnamed {
			m.decided = append(m.decided, r.ID)
		}
	}
	return nil
}

// change makes the news of what became of a record.
func (m *made) change(ctx context.Context, e library.Edit, was, now *library.Resource) error {
	about := library.News{Subject: now.ID, Who: e.Actor, At: e.At}
	submitter := func(kind library.NewsKind, why string) error {
		about.Kind, about.Why = kind, why
		if now.Review.Unnamed && kind != library.NewsReturned {
			return m.unnamed(ctx, about)
		}
		return m.to(about, func(p told) bool { return now.Review.Submitted != "" && p.Called() == now.Review.Submitted })
	}
	var err error
	switch {
	case e.Action == "submit" && now.Status == library.Draft:
		about.Kind = library.NewsSubmitted
		err = m.to(about, func(p told) bool { return p.Role >= library.Curator && p.viewer.MayEdit(now) })
	case now.Status == library.Published && was.Status == library.Draft:
		err = submitter(library.NewsPublished, "")
	case now.Status == library.Withdrawn && was.Status != library.Withdrawn:
		err = submitter(library.NewsWithdrawn, now.Review.Withdrawn)
	case now.Review.Stage == library.StageReturned && was.Review.Stage != library.StageReturned:
		err = submitter(library.NewsReturned, "")
	}
	if err != nil || now.Review.Assigned == "" || now.Review.Assigned == was.Review.Assigned {
		return err
	}
	about.Kind, about.Why = library.NewsAssigned, ""
	return m.to(about, func(p told) bool { return p.Called() == now.Review.Assigned && p.viewer.MayEdit(now) })
}

// note makes the news of a note: a curator's goes to the one who handed the
// record in, another's to the curator at work on it, or to all.
func (m *made) note(ctx context.Context, note library.Note) error {
	entries, err := m.n.Library.Entries(ctx, library.House(), []library.ID{note.Subject})
	if err != nil || len(entries) == 0 || note.Author == "" || note.Text == "" {
		return err // what came with a record that was handed in is told with that
	}
	r, err := library.ResourceOf(entries[0])
	if err != nil {
		return err
	}
	about := library.News{Kind: library.NewsSaid, Subject: note.Subject, Who: note.Author, Why: note.Text, At: note.At}
	if note.Author != r.Review.Submitted && r.Review.Submitted != "" {
		return m.to(about, func(p told) bool { return p.Called() == r.Review.Submitted && p.viewer.MayEdit(r) })
	}
	return m.to(about, func(p told) bool {
		return p.Role >= library.Curator && p.viewer.MayEdit(r) && (r.Review.Assigned == "" || p.Called() == r.Review.Assigned)
	})
}

// to makes a piece of news for each person that it is for, but for the one who did it.
func (m *made) to(about library.News, whom func(told) bool) error {
	for _, p := range m.people {
		if p.Called() == about.Who || !whom(p) {
			continue
		}
		about.Address, about.Person, about.Lang, about.Due = p.Address, p.ID, p.wish.Lang, about.At
		if p.wish.Often == library.Daily {
			about.Due = nextDigest(m.n.Now())
		}
		if err := m.add(about); err != nil {
			return err
		}
	}
	return nil
}

// unnamed makes the news for those who handed a record in without an account.
func (m *made) unnamed(ctx context.Context, about library.News) error {
	notes, err := m.n.Library.Notes(ctx, library.House(), about.Subject)
	if err != nil {
		return err
	}
	m.decided = append(m.decided, about.Subject)
	for _, note := range notes {
		if note.Address == "" {
			continue
		}
		about.Address, about.Person, about.Lang, about.Due = note.Address, "", note.Lang, about.At
		if err := m.add(about); err != nil {
			return err
		}
	}
	return nil
}

func (m *made) add(n library.News) (err error) {
	if n.ID, err = library.NewID(m.n.Now(), m.n.Entropy); err == nil {
		m.news = append(m.news, n)
	}
	return err
}

// nextDigest gives the next time at which a day's news are told.
func nextDigest(now time.Time) time.Time {
	now = now.UTC()
	at := time.Date(now.Year(), now.Month(), now.Day(), digestHour, 0, 0, 0, time.UTC)
	if !now.Before(at) {
		at = at.AddDate(0, 0, 1)
	}
	return at
}
