package intake

import (
	"context"
	"fmt"
	"slices"

	"waymark/format"
	"waymark/library"
)

// line brings in batch after batch: while one is being committed, the next is
// planned, against the library and the plan of the one before. When another
// writer came between, both are planned anew.
type line struct {
	im     *Importer
	source string
	rep    *Report

	p      *plan
	held   []format.Draft // by the last batch that was planned, to be taken with the next
	seq    int64          // of the last edit that the plan knows of
	flight *flight        // the batch that is being committed
}

// flight is a batch on its way into the library.
type flight struct {
	drafts []format.Draft
	part   Report // of it, to be told once it is in
	done   chan landed
}

type landed struct {
	edit library.Edit
	err  error
}

// take plans a batch and begins to commit it. An error may be that of the batch
// before.
func (l *line) take(ctx context.Context, drafts []format.Draft) error {
	if len(drafts)+len(l.held) == 0 {
		return nil
	}
	if l.p != nil && !l.im.DryRun && len(l.p.resources) > planSize {
		l.p = l.p.next()
	}
	all := slices.Concat(l.held, drafts)
	part, changes, held, err := l.plan(ctx, all)
	again, before := l.settle(ctx)
	if before != nil {
		return before
	}
	if again {
		all = slices.Concat(l.held, drafts)
		part, changes, held, err = l.plan(ctx, all)
	}
	if err != nil {
		return err
	}
	l.held = held
	if l.im.DryRun || len(changes) == 0 {
		l.rep.add(part)
		return nil
	}
	l.flight = &flight{all, part, make(chan landed, 1)}
	go func(f *flight, seen int64) {
		edit, err := l.commit(ctx, changes, seen)
		f.done <- landed{edit, err}
	}(l.flight, l.seq)
	return nil
}

// end waits for the last batch, and for what that held.
func (l *line) end(ctx context.Context) error {
	for {
		if _, err := l.settle(ctx); err != nil || len(l.held) == 0 {
			return err
		}
		if err := l.take(ctx, nil); err != nil {
			return err
		}
	}
}

// plan decides what a batch changes, and what of it must wait for the next.
func (l *line) plan(ctx context.Context, drafts []format.Draft) (part Report, changes []library.Change, held []format.Draft, err error) {
	if l.p == nil {
		if l.seq, err = l.im.Store.Seq(ctx); err != nil {
			return part, nil, nil, fmt.Errorf("import %s: %w", l.source, err)
		}
		p := l.im.newPlan(l.source)
		l.p = &p
	}
	if err = l.p.drafts(ctx, drafts, &part); err == nil && !l.im.DryRun {
		changes, err = l.p.changes()
	}
	if err != nil {
		err = fmt.Errorf("import %s: %w", l.source, err)
	}
	held, l.p.held = l.p.held, nil
	return part, changes, held, err
}

func (l *line) commit(ctx context.Context, changes []library.Change, seen int64) (library.Edit, error) {
	return l.im.Store.Commit(ctx, library.Edit{
		At: l.im.Now(), Actor: l.im.Actor, Action: l.im.action(), Note: l.source, Changes: changes, Seen: &seen,
	})
}

// settle waits for the batch that is being committed. When another writer came
// between, the batch is planned and committed anew, and so must be what was
// planned upon it: again is true.
func (l *line) settle(ctx context.Context) (again bool, err error) {
	f := l.flight
	if f == nil {
		return false, nil
	}
	l.flight = nil
	at := <-f.done
	for try := 1; library.KindOf(at.err) == library.Conflict && try < tries; try++ {
		again, l.p = true, nil
		part, changes, held, err := l.plan(ctx, f.drafts)
		if err != nil {
			return again, err
		}
		l.held, f.part, at = held, part, landed{}
		if len(changes) > 0 {
			at.edit, at.err = l.commit(ctx, changes, l.seq)
		} else {
			at.edit.Seq = l.seq
		}
	}
	if at.err != nil {
		return again, fmt.Errorf("import %s: commit %d records: %w", l.source, len(f.drafts), at.err)
	}
	l.seq = at.edit.Seq
	l.rep.add(f.part)
	return again, nil
}
