package store

import (
	"context"
	"testing"
	"time"

	"waymark/library"
)

// testTasks: a task comes with its edit or not at all, is one worker's at a
// time, falls to another when it is not renewed, and is told to nobody but
// those whom it is for.
func testTasks(t *testing.T, open func() *Store) {
	s, ctx := open(), context.Background()
	e := fresh(entry(1, "with a task"))
	e.Tasks = []library.Task{{Kind: "read", Subject: "a"}, {Kind: "read", Subject: "b"}}
	commit(t, s, e)
	late := edit(library.Change{Read: 7, Entry: entry(1, "")})
	late.Tasks = []library.Task{{Kind: "read", Subject: "never"}}
	if _, err := s.Commit(ctx, late); library.KindOf(err) != library.Conflict {
		t.Fatal(err)
	}
	now := at.Add(time.Hour)
	lease := func(when time.Time) library.Task {
		t.Helper()
		task, err := s.Lease(ctx, library.House(), when, when.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		return task
	}
	none := func(when time.Time) {
		t.Helper()
		if task, err := s.Lease(ctx, library.House(), when, when); library.KindOf(err) != library.NotFound {
			t.Errorf("there is the task %+v, %v", task, err)
		}
	}
	a, b := lease(now), lease(now)
	if a.Subject == b.Subject || a.Attempt != 1 {
		t.Errorf("two workers have %+v and %+v", a, b)
	}
	none(now)
	if err := s.Renew(ctx, a, now.Add(time.Hour)); err != nil {
		t.Error(err)
	}
	again := lease(now.Add(2 * time.Minute))
	if again.Subject != b.Subject || again.Attempt != 2 {
		t.Errorf("after the lease of %+v there is %+v", b, again)
	}
	if err := s.Renew(ctx, b, now.Add(time.Hour)); library.KindOf(err) != library.Conflict {
		t.Errorf("a task that has fallen to another is renewed: %v", err)
	}
	if err := s.Finish(ctx, b); err != nil { // too late: it is another's now
		t.Error(err)
	}
	if err := s.Fail(ctx, again, "it broke", now.Add(24*time.Hour), true); err != nil {
		t.Error(err)
	}
	none(now.Add(3 * time.Minute))
	waiting, parked, err := s.Tasks(ctx, curator)
	if err != nil || waiting != 1 || len(parked) != 1 || parked[0].Error != "it broke" {
		t.Errorf("%d wait, parked are %+v, %v", waiting, parked, err)
	}
	if err := s.Finish(ctx, a); err != nil {
		t.Error(err)
	}
	anew := edit(library.Change{Read: 1, Entry: entry(1, "again")})
	anew.Tasks = []library.Task{{Kind: "read", Subject: again.Subject}}
	commit(t, s, anew)
	if task := lease(now); task.Subject != again.Subject || task.Attempt != 1 {
		t.Errorf("what was left anew is %+v", task)
	}
	for _, v := range []library.Viewer{reader, staff, curator} {
		if _, err := s.Lease(ctx, v, now, now); library.KindOf(err) != library.Forbidden {
			t.Errorf("%+v takes tasks: %v", v, err)
		}
	}
	if _, _, err := s.Tasks(ctx, staff); library.KindOf(err) != library.Forbidden {
		t.Errorf("staff are told of tasks: %v", err)
	}
}
