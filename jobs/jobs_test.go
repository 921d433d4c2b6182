package jobs

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"waymark/library"
)

// memory keeps tasks for the tests; the real store has a suite of its own.
type memory struct {
	mu       sync.Mutex
	due      []library.Task
	finished []library.Task
	failed   []failure
}

type failure struct {
	library.Task
	why  string
	wait time.Duration
	park bool
}

var now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func (m *memory) Lease(context.Context, library.Viewer, time.Time, time.Time) (library.Task, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.due) == 0 {
		return library.Task{}, library.Errorf(library.NotFound, "none")
	}
	t := m.due[0]
	m.due = m.due[1:]
	t.Attempt++
	return t, nil
}

func (m *memory) Renew(context.Context, library.Task, time.Time) error { return nil }

func (m *memory) Finish(_ context.Context, t library.Task) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.finished = append(m.finished, t)
	return nil
}

func (m *memory) Fail(_ context.Context, t library.Task, why string, again time.Time, park bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failed = append(m.failed, failure{t, why, again.Sub(now), park})
	return nil
}

// TestRunner: a task is finished when it is done, tried again later when it
// fails, and parked at the third time.
func TestRunner(t *testing.T) {
	m := &memory{due: []library.Task{{Kind: "good", Subject: "a"}, {Kind: "bad", Subject: "b"},
		{Kind: "bad", Subject: "c", Attempt: 1}, {Kind: "bad", Subject: "d", Attempt: 2}, {Kind: "unknown", Subject: "e"}}}
	told := 0
	r := &Runner{Store: m, Workers: 1, Now: func() time.Time { return now }, Done: func(library.Task, error) { told++ },
		Do: map[string]func(context.Context, string) error{
			"good": func(context.Context, string) error { return nil },
			"bad":  func(context.Context, string) error { return errors.New("it broke") },
		}}
	if err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if told != 5 || len(m.finished) != 1 || m.finished[0].Subject != "a" || len(m.failed) != 4 {
		t.Fatalf("told of %d; finished %v, failed %v", told, m.finished, m.failed)
	}
	for i, want := range []struct {
		wait time.Duration
		park bool
	}{{30 * time.Second, false}, {150 * time.Second, false}, {750 * time.Second, true}, {30 * time.Second, false}} {
		if f := m.failed[i]; f.wait != want.wait || f.park != want.park || f.why == "" {
			t.Errorf("%s fails with %+v, want %+v", f.Subject, f, want)
		}
	}
}

// TestStopped: a task that was stopped has not failed, and is due at once.
func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	m := &memory{due: []library.Task{{Kind: "long", Subject: "a"}}}
	r := &Runner{Store: m, Workers: 2, Now: func() time.Time { return now }, Do: map[string]func(context.Context, string) error{
		"long": func(ctx context.Context, _ string) error {
			stop()
			<-ctx.Done()
			return ctx.Err()
		}}}
	if err := r.Drain(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Drain answers %v", err)
	}
	if len(m.failed) != 1 || m.failed[0].wait != 0 || m.failed[0].park || m.failed[0].why != "" {
		t.Errorf("failed are %+v", m.failed)
	}
}
