package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"waymark/library"
)

// task leaves work to be done. What waits already, or was parked, begins anew.
func (w *writing) task(t library.Task, at time.Time) error {
	if t.Kind == "" || t.Subject == "" {
		return invalid("tasks", "a task has no kind or no subject")
	}
	_, err := w.exec(`INSERT INTO tasks (kind, subject, attempt, due, parked, error) VALUES ($1, $2, 0, $3, 0, '')
ON CONFLICT (kind, subject) DO UPDATE SET attempt = 0, due = $3, parked = 0`, t.Kind, t.Subject, at.UnixMicro())
	return err
}

// Lease takes the task that has been due longest, which is nobody else's until
// a time; a process that dies lets it fall to another then. It answers NotFound
// when none is due.
// Only the house does tasks.
func (s *Store) Lease(ctx context.Context, viewer library.Viewer, now, until time.Time) (library.Task, error) {
	var t library.Task
	if viewer.Role < library.System {
		return t, library.Errorf(library.Forbidden, "tasks are for the house")
	}
	// The statement is tried on the readers first: it takes the lock of the
	// library only when there is something to take.
	const due = `SELECT kind, subject FROM tasks WHERE parked = 0 AND due <= $1 ORDER BY due LIMIT 1`
	err := s.read.QueryRowContext(ctx, due, now.UnixMicro()).Scan(&t.Kind, &t.Subject)
	if err == nil {
		err = s.write.QueryRowContext(ctx, `UPDATE tasks SET attempt = attempt + 1, due = $2
WHERE (kind, subject) IN (`+due+`) RETURNING kind, subject, attempt, error`,
			now.UnixMicro(), until.UnixMicro()).Scan(&t.Kind, &t.Subject, &t.Attempt, &t.Error)
	}
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return library.Task{}, library.Errorf(library.NotFound, "no task is due")
	case err != nil:
		return library.Task{}, s.fail(err, "take a task")
	}
	return t, nil
}

// Renew keeps a task that is being done from falling to another until a time.
// It answers Conflict when it has fallen already, or was left anew.
func (s *Store) Renew(ctx context.Context, t library.Task, until time.Time) error {
	result, err := s.write.ExecContext(ctx, `UPDATE tasks SET due = $1 WHERE kind = $2 AND subject = $3 AND attempt = $4`,
		until.UnixMicro(), t.Kind, t.Subject, t.Attempt)
	if err != nil {
		return s.fail(err, "go on with the task %s %s", t.Kind, t.Subject)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return library.Errorf(library.Conflict, "the task %s %s is no longer this process's", t.Kind, t.Subject)
	}
	return nil
}

// Finish says that a task is done. One that was left anew meanwhile stays.
func (s *Store) Finish(ctx context.Context, t library.Task) error {
	_, err := s.write.ExecContext(ctx, `DELETE FROM tasks WHERE kind = $1 AND subject = $2 AND attempt = $3`, t.Kind, t.Subject, t.Attempt)
	if err != nil {
		return s.fail(err, "finish the task %s %s", t.Kind, t.Subject)
	}
	return nil
}

// Fail says why a task could not be done: it is due again at a time, or waits
// for a person when it is parked.
func (s *Store) Fail(ctx context.Context, t library.Task, why string, again time.Time, park bool) error {
	parked := 0
	if park {
		parked = 1
	}
	_, err := s.write.ExecContext(ctx, `UPDATE tasks SET due = $1, parked = $2, error = $3 WHERE kind = $4 AND subject = $5 AND attempt = $6`,
		again.UnixMicro(), parked, why, t.Kind, t.Subject, t.Attempt)
	if err != nil {
		return s.fail(err, "note that the task %s %s failed", t.Kind, t.Subject)
	}
	return nil
}

// Tasks counts the tasks that wait or are being done, and gives those that wait
// for a person. Only curators and the house are told of them.
func (s *Store) Tasks(ctx context.Context, viewer library.Viewer) (waiting int, parked []library.Task, err error) {
	if viewer.Role < library.Curator {
		return 0, nil, library.Errorf(library.Forbidden, "tasks are for curators")
	}
	err = s.snapshot(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM tasks WHERE parked = 0`).Scan(&waiting); err != nil {
			return err
		}
		parked, err = collect(ctx, tx, func(rows *sql.Rows) (t library.Task, err error) {
			return t, rows.Scan(&t.Kind, &t.Subject, &t.Attempt, &t.Error)
		}, `SELECT kind, subject, attempt, error FROM tasks WHERE parked = 1 ORDER BY kind, subject`)
		return err
	})
	if err != nil {
		return 0, nil, s.fail(err, "read the tasks")
	}
	return waiting, parked, nil
}
