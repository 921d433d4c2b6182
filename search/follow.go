package search

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"waymark/extract"
	"waymark/library"
	"waymark/vocabulary"
)

// Library is what the follower reads of the store. A limit of 0 is none.
type Library interface {
	Seq(ctx context.Context) (int64, error)
	Scan(ctx context.Context, v library.Viewer, kind library.Kind, after library.ID, limit int) ([]library.Entry, error)
	Edits(ctx context.Context, v library.Viewer, after int64, limit int) ([]library.Edit, error)
	Entries(ctx context.Context, v library.Viewer, ids []library.ID) ([]library.Entry, error)
	Find(ctx context.Context, v library.Viewer, kind library.Kind, keys []library.Key, limit int) ([]library.Entry, error)
}

// Follower keeps an index level with the edits of a library.
type Follower struct {
	Library      Library
	Index        Index
	Vocabularies *vocabulary.Vocabularies
	Texts        Texts
	Terms        Terms // nil where vocabularies are not amended
	Guides       Guides
	Things       []Things
}

// Terms puts in force what edits changed about the vocabularies, and tells by
// touched which resources are described otherwise since; nil when none are.
type Terms interface {
	Follow(ctx context.Context, edits []library.Edit) (touched func(*library.Resource) bool, err error)
}

// Guides gives the sections of guides as they are found, and those that a
// change of parts of guides makes to be found otherwise; nil has none.
type Guides interface {
	Indexed(ctx context.Context, sections []library.Entry) ([]Section, error)
	Dependent(ctx context.Context, changed []library.Entry) ([]library.ID, error)
}

// Texts gives the text of files that were read.
type Texts interface {
	Text(ctx context.Context, file library.File) ([]extract.Page, error)
}

const (
	scanSize   = 1000 // entries read at a time when an index is built
	followSize = 200  // edits read at a time
	// pollEvery is how soon edits of another process are seen.
	pollEvery = time.Second
)

// CatchUp brings the index level with the last edit: an empty one is built
// from the current state, another follows the edits that it lacks.
func (f *Follower) CatchUp(ctx context.Context) error {
	if f.Index.Seq() == 0 {
		if err := f.build(ctx); err != nil {
			return fmt.Errorf("build the search index: %w", err)
		}
	}
	for {
		edits, err := f.Library.Edits(ctx, library.House(), f.Index.Seq(), followSize)
		if err != nil {
			return fmt.Errorf("follow the edits after %d: %w", f.Index.Seq(), err)
		}
		if len(edits) == 0 {
			return nil
		}
		if err := f.apply(ctx, edits); err != nil {
			return fmt.Errorf("index the edits %d to %d: %w", edits[0].Seq, edits[len(edits)-1].Seq, err)
		}
	}
}

// Run follows the library until the context ends: at once when changed is
// closed by this process, within pollEvery for edits of another. A failure is
// logged and tried again.
func (f *Follower) Run(ctx context.Context, changed func() <-chan struct{}) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		wake := changed()
		if err := f.CatchUp(ctx); err != nil && ctx.Err() == nil {
			slog.Error("the search index is behind and will be tried again", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-tick.C:
		}
	}
}

// build indexes the current state. It takes the number of the last edit first:
// what changes during the scan is followed afterwards.
func (f *Follower) build(ctx context.Context) error {
	seq, err := f.Library.Seq(ctx)
	if err != nil || seq == 0 {
		return err
	}
	for _, kind := range f.kinds() {
		for after := library.ID(""); ; {
			entries, err := f.Library.Scan(ctx, library.House(), kind, after, scanSize)
			if err != nil {
				return err
			}
			if len(entries) == 0 {
				break
			}
			b, err := f.describe(ctx, entries)
			if err != nil {
				return err
			}
			if err := f.Index.Apply(ctx, b); err != nil {
				return err
			}
			after = entries[len(entries)-1].ID
		}
	}
	return f.Index.Apply(ctx, Batch{Seq: seq})
}

// apply indexes what some edits changed, as it stands now: a resource itself,
// and for an agent every resource that names it.
func (f *Follower) apply(ctx context.Context, edits []library.Edit) error {
	if f.Terms != nil {
		touched, err := f.Terms.Follow(ctx, edits)
		if err != nil {
			return err
		}
		if err := f.again(ctx, touched); err != nil {
			return fmt.Errorf("index what has a changed term: %w", err)
		}
	}
	var ids []library.ID
	var agents []library.Key
	var parts []library.Entry // of guides
	for _, e := range edits {
		for _, c := range e.Changes {
			switch c.Entry.Kind {
			case library.KindGuide, library.KindGuideEntry, library.KindSection:
				parts = append(parts, c.Entry)
			case library.KindResource:
				ids = append(ids, c.Entry.ID)
			case library.KindAgent:
				if c.Read > 0 { // a new one is named by no resource before this edit
					agents = append(agents, library.Key{Scheme: library.KeyAgent, Value: string(c.Entry.ID)})
				}
			default:
				if f.of(c.Entry.Kind) != nil {
					ids = append(ids, c.Entry.ID)
				}
			}
		}
	}
	if len(parts) > 0 && f.Guides != nil {
		sections, err := f.Guides.Dependent(ctx, parts)
		if err != nil {
			return err
		}
		ids = append(ids, sections...)
	}
	touched, err := f.touched(ctx, edits)
	if err != nil {
		return err
	}
	entries, err := f.Library.Entries(ctx, library.House(), append(ids, touched...))
	if err != nil {
		return err
	}
	if len(agents) > 0 {
		named, err := f.Library.Find(ctx, library.House(), library.KindResource, agents, 0)
		if err != nil {
			return err
		}
		entries = append(entries, named...)
	}
	b, err := f.describe(ctx, entries)
	if err != nil {
		return err
	}
	b.Seq = edits[len(edits)-1].Seq
	return f.Index.Apply(ctx, b)
}

// again indexes the resources that have changed terms. The batches have no
// number: should it be broken off, the edits that changed the terms come again.
func (f *Follower) again(ctx context.Context, touched func(*library.Resource) bool) error {
	if touched == nil {
		return nil
	}
	for after := library.ID(""); ; {
		entries, err := f.Library.Scan(ctx, library.House(), library.KindResource, after, scanSize)
		if err != nil || len(entries) == 0 {
			return err
		}
		after = entries[len(entries)-1].ID
		var some []library.Entry
		for _, e := range entries {
			r, err := library.ResourceOf(e)
			if err != nil {
				return err
			}
			if touched(r) {
				some = append(some, e)
			}
		}
		if len(some) == 0 {
			continue
		}
		b, err := f.describe(ctx, some)
		if err != nil {
			return err
		}
		if err := f.Index.Apply(ctx, b); err != nil {
			return err
		}
	}
}

// describe makes the batch of some resources as they stand.
func (f *Follower) describe(ctx context.Context, entries []library.Entry) (Batch, error) {
	var b Batch
	var resources []*library.Resource
	var ids []library.ID
	var sections, others []library.Entry
	for _, e := range entries {
		if e.Kind == library.KindSection {
			sections = append(sections, e)
			continue
		}
		if f.of(e.Kind) != nil {
			others = append(others, e)
			continue
		}
		if e.Status == library.Merged || e.Status == library.Withdrawn {
			b.Remove = append(b.Remove, e.ID)
			continue
		}
		r, err := library.ResourceOf(e)
		if err != nil {
			return Batch{}, err
		}
		resources = append(resources, r)
		ids = append(ids, r.AgentIDs()...)
	}
	agents, err := library.Agents(f.Library.Entries(ctx, library.House(), ids))
	if err != nil {
		return Batch{}, fmt.Errorf("read the contributors: %w", err)
	}
	for _, r := range resources {
		b.Documents = append(b.Documents, Documents(r, agents, f.texts(ctx, r), f.Vocabularies)...)
	}
	if err := f.things(ctx, &b, others); err != nil {
		return Batch{}, err
	}
	return b, f.sections(ctx, &b, sections)
}

// sections puts sections of guides into a batch: as documents, or as gone.
func (f *Follower) sections(ctx context.Context, b *Batch, sections []library.Entry) error {
	if len(sections) == 0 || f.Guides == nil {
		return nil
	}
	found, err := f.Guides.Indexed(ctx, sections)
	if err != nil {
		return fmt.Errorf("describe %d sections: %w", len(sections), err)
	}
	there := map[library.ID]bool{}
	for _, x := range found {
		there[x.ID] = true
		b.Documents = append(b.Documents, DescribeSection(x))
	}
	for _, e := range sections {
		if !there[e.ID] {
			b.Remove = append(b.Remove, e.ID)
		}
	}
	slices.SortFunc(b.Documents, func(x, y Document) int { return strings.Compare(x.Key(), y.Key()) })
	return nil
}

// texts gives the pages of a resource's files by digest. A text that cannot be
// had is said in the log; the resource is found without it.
func (f *Follower) texts(ctx context.Context, r *library.Resource) map[string][]PageText {
	var texts map[string][]PageText
	for _, file := range r.Files {
		if file.Text != library.TextRead || f.Texts == nil {
			continue
		}
		pages, err := f.Texts.Text(ctx, file)
		if err != nil {
			if ctx.Err() == nil {
				slog.Error("the text of a file cannot be indexed", "file", file.Digest, "resource", r.ID, "err", err)
			}
			continue
		}
		if texts == nil {
			texts = map[string][]PageText{}
		}
		for _, p := range pages {
			texts[file.Digest] = append(texts[file.Digest], PageText{p.Number, Passage{file.PageLanguage(p.Number), p.Text}})
		}
	}
	return texts
}
