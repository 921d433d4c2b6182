package curate

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"waymark/library"
	"waymark/match"
)

// Walker walks through a whole library: Scan gives the entries of a kind after
// an ID, as many as limit as long as there are more; Seq is the number of the
// last edit.
type Walker interface {
	Scan(ctx context.Context, v library.Viewer, kind library.Kind, after library.ID, limit int) ([]library.Entry, error)
	Seq(ctx context.Context) (int64, error)
}

// Looked is what looking through a library found.
type Looked struct {
	Records, Compared int
	Known             int // pairs that somebody was asked about before
	Found             []Suspicion
}

// Suspicion is a pair that nobody was asked about yet.
type Suspicion struct {
	Pair    *library.Pair
	Verdict match.Verdict
	Sure    bool // certainly one work, and both are published for the same readers: may be merged unasked
}

const (
	walked     = 1000 // entries that are read at a time
	pairsAEdit = 500
	askedAgain = 50 // times that pairs are looked up anew since others write
)

// LookThrough compares the records of a library with each other, by the keys
// that they share, and gives the pairs that may be one work, or stand in a
// relation, and that nobody was asked about: the surest first. The time it
// takes grows little faster than the library.
func (d *Desk) LookThrough(ctx context.Context, v library.Viewer, w Walker) (Looked, error) {
	if err := permit(v); err != nil {
		return Looked{}, err
	}
	agents := map[library.ID]*library.Agent{}
	err := walk(ctx, v, w, library.KindAgent, func(e library.Entry) (err error) {
		agents[e.ID], err = library.AgentOf(e)
		return err
	})
	if err != nil {
		return Looked{}, err
	}
	var blocks match.Blocks
	var resources []*library.Resource // no more of them than a pair is made of
	var records []*match.Record
	err = walk(ctx, v, w, library.KindResource, func(e library.Entry) error {
		r, err := library.ResourceOf(e)
		if err != nil || r.Status == library.Merged || r.Status == library.Withdrawn {
			return err
		}
		record := r.Record(agents)
		keys := record.Keys()
		for _, f := range r.Files {
			keys = append(keys, match.Key{Scheme: library.KeyFile, Value: f.Digest})
		}
		blocks.Add(keys)
		records = append(records, record)
		resources = append(resources, &library.Resource{ID: r.ID, Status: r.Status, Audience: r.Audience, Date: r.Date, Relations: r.Relations})
		return nil
	})
	if err != nil {
		return Looked{}, err
	}
	known, err := pairs(ctx, v, w)
	if err != nil {
		return Looked{}, err
	}
	l := Looked{Records: len(records)}
	for i, j := range blocks.Pairs(0) {
		if err := ctx.Err(); err != nil {
			return l, fmt.Errorf("look through %d records: %w", l.Records, err)
		}
		l.Compared++
		a, b := resources[i], resources[j]
		verdict := match.Compare(records[i], records[j])
		if verdict.Likeness == match.Different && verdict.Relation == "" || a.RelatedTo(b.ID) || b.RelatedTo(a.ID) {
			continue
		}
		pair := library.NewPair(a, b, verdict)
		if known[pair.Key()] {
			l.Known++
			continue
		}
		sure := verdict.Likeness == match.Certain && a.Status == library.Published && b.Status == library.Published && a.Audience == b.Audience
		l.Found = append(l.Found, Suspicion{pair, verdict, sure})
	}
	slices.SortStableFunc(l.Found, func(x, y Suspicion) int {
		return cmp.Or(cmp.Compare(y.Verdict.Likeness, x.Verdict.Likeness), cmp.Compare(y.Verdict.Score, x.Verdict.Score))
	})
	return l, nil
}

// walk gives every entry of a kind.
func walk(ctx context.Context, v library.Viewer, w Walker, kind library.Kind, do func(library.Entry) error) error {
	for after := library.ID(""); ; {
		entries, err := w.Scan(ctx, v, kind, after, walked)
		if err != nil {
			return fmt.Errorf("walk through the library: %w", err)
		}
		for _, e := range entries {
			if err := do(e); err != nil {
				return err
			}
			after = e.ID
		}
		if len(entries) < walked {
			return nil
		}
	}
}

// pairs gives the keys of all pairs, decided or not.
func pairs(ctx context.Context, v library.Viewer, w Walker) (map[library.Key]bool, error) {
	known := map[library.Key]bool{}
	err := walk(ctx, v, w, library.KindPair, func(e library.Entry) error {
		p, err := library.PairOf(e)
		if err == nil {
			known[p.Key()] = true
		}
		return err
	})
	return known, err
}

// Ask leaves the pairs that were found to curators, in edits of some hundreds;
// those that others have asked about meanwhile are left out.
func (d *Desk) Ask(ctx context.Context, v library.Viewer, w Walker, found []Suspicion, note string) error {
	if err := permit(v); err != nil {
		return err
	}
	for some := range slices.Chunk(found, pairsAEdit) {
		if err := d.ask(ctx, v, w, some, note); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) ask(ctx context.Context, v library.Viewer, w Walker, some []Suspicion, note string) error {
	for try := 1; ; try++ {
		seq, err := w.Seq(ctx)
		if err != nil {
			return err
		}
		known, err := pairs(ctx, v, w)
		if err != nil {
			return err
		}
		edit := d.edit(v, "suspect", note)
		edit.Seen = &seq
		for _, s := range some {
			if known[s.Pair.Key()] {
				continue
			}
			if s.Pair.ID, err = library.NewID(edit.At, d.Entropy); err != nil {
				return err
			}
			if err := add(&edit, 0, s.Pair); err != nil {
				return err
			}
		}
		if len(edit.Changes) == 0 {
			return nil
		}
		_, err = d.Store.Commit(ctx, edit)
		if library.KindOf(err) != library.Conflict || try == askedAgain {
			return err
		}
	}
}

// MergeSure merges the pairs that may be merged unasked, into the older record
// of each and one edit a merge. It gives how many there were, and the pairs that
// are left to a curator: the others, and what else was found of a record that
// was merged into another.
func (d *Desk) MergeSure(ctx context.Context, v library.Viewer, found []Suspicion, note string) (merged int, left []Suspicion, err error) {
	into := map[library.ID]library.ID{}
	for _, s := range found {
		a, b := s.Pair.A, s.Pair.B
		if !s.Sure || into[a] != "" || into[b] != "" {
			left = append(left, s)
			continue
		}
		_, err := d.Merge(ctx, v, a, b, note)
		switch library.KindOf(err) {
		case "":
			into[b] = a
			merged++
		case library.Conflict, library.Moved, library.Gone, library.NotFound, library.Invalid: // somebody was here meanwhile
			left = append(left, s)
		default:
			return merged, left, fmt.Errorf("merge %s into %s: %w", b, a, err)
		}
	}
	return merged, standing(left, into), nil
}

// standing gives the pairs of what stands now that some records are merged
// into others, each once.
func standing(found []Suspicion, into map[library.ID]library.ID) []Suspicion {
	at := func(id library.ID) library.ID {
		for into[id] != "" {
			id = into[id]
		}
		return id
	}
	seen := map[library.Key]bool{}
	return slices.DeleteFunc(found, func(s Suspicion) bool {
		a, b := at(s.Pair.A), at(s.Pair.B)
		s.Pair.A, s.Pair.B, s.Pair.From = min(a, b), max(a, b), at(s.Pair.From)
		key := s.Pair.Key()
		again := seen[key]
		seen[key] = true
		return a == b || again
	})
}
