// Package jobs does the work that edits leave to be done: each task is leased,
// done and finished; one that fails is tried again later, and parked for a
// person when it has failed too often.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"waymark/library"
)

// Store keeps the tasks. Lease answers NotFound when none is due; what it gives
// is nobody else's until the time it names.
type Store interface {
	Lease(ctx context.Context, v library.Viewer, now, until time.Time) (library.Task, error)
	Renew(ctx context.Context, t library.Task, until time.Time) error
	Finish(ctx context.Context, t library.Task) error
	Fail(ctx context.Context, t library.Task, why string, again time.Time, park bool) error
}

// Runner does tasks.
type Runner struct {
	Store   Store
	Do      map[string]func(ctx context.Context, subject string) error // by kind
	Workers int                                                        // tasks done at once
	Now     func() time.Time
	Done    func(t library.Task, err error) // told of each try; may be nil
}

const (
	// lease is how soon another process may take over the task of one that has
	// died; one that lives renews it every third of that.
	lease = time.Minute
	// tries is how often a task is begun before it waits for a person.
	tries = 3
	// pause is the time before the second try; the third waits five times that.
	pause = 30 * time.Second
	// pollEvery is how soon tasks that fell due, or those of another process, are seen.
	pollEvery = 2 * time.Second
)

// Run does tasks until the context ends: at once when changed is closed by this
// process. A failure of the store is logged and tried again.
func (r *Runner) Run(ctx context.Context, changed func() <-chan struct{}) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		wake := changed()
		if err := r.Drain(ctx); err != nil && ctx.Err() == nil {
			slog.Error("tasks wait and will be tried again", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-tick.C:
		}
	}
}

// Drain does tasks until none is due.
func (r *Runner) Drain(ctx context.Context) error {
	var all sync.WaitGroup
	errs := make([]error, max(r.Workers, 1))
	for i := range errs {
		all.Go(func() {
			for errs[i] == nil && ctx.Err() == nil {
				var more bool
				if more, errs[i] = r.one(ctx); !more {
					return
				}
			}
		})
	}
	all.Wait()
	return errors.Join(append(errs, ctx.Err())...)
}

// one does the next task; more says whether there was one.
func (r *Runner) one(ctx context.Context) (more bool, err error) {
	t, err := r.Store.Lease(ctx, library.House(), r.Now(), r.Now().Add(lease))
	if library.KindOf(err) == library.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	do := r.Do[t.Kind]
	if do == nil {
		err = fmt.Errorf("this program does not know tasks of kind %q", t.Kind)
	} else {
		err = r.do(ctx, t, do)
	}
	// What was done is noted even when the process is being ended.
	noting := context.WithoutCancel(ctx)
	if r.Done != nil {
		r.Done(t, err)
	}
	switch {
	case err == nil:
		return true, r.Store.Finish(noting, t)
	case ctx.Err() != nil: // stopped, not failed: due again at once
		return false, r.Store.Fail(noting, t, "", r.Now(), false)
	}
	wait := pause
	for range t.Attempt - 1 {
		wait *= 5
	}
	return true, r.Store.Fail(noting, t, err.Error(), r.Now().Add(wait), t.Attempt >= tries)
}

// do does a task and keeps it from falling to another process meanwhile.
func (r *Runner) do(ctx context.Context, t library.Task, do func(ctx context.Context, subject string) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	done := make(chan struct{})
	defer close(done)
	go func() {
		tick := time.NewTicker(lease / 3)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				if err := r.Store.Renew(ctx, t, r.Now().Add(lease)); library.KindOf(err) == library.Conflict {
					stop(err) // another has it: what it does would be done twice
					return
				}
			}
		}
	}()
	return do(ctx, t.Subject)
}
