package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"waymark/library"
)

// Commit writes an edit whole or not at all, and gives it back as stored: with
// its number, the time in microseconds and UTC, and each entry with its
// version, Created and Updated. The entries' keys replace those they had. Once
// Commit has returned without an error, the edit survives the end of the
// process and of the power.
//
// It answers Conflict, naming the entry, when a Change.Read is not the version
// that stands (0 when there must be none), or when another edit came after
// Edit.Seen, and Invalid for an edit that no one may make: without changes,
// time, actor or action, twice the same entry, a merge into nothing or in a
// circle. When the context ends while the edit is being written, nothing of it
// is kept.
func (s *Store) Commit(ctx context.Context, edit library.Edit) (library.Edit, error) {
	edit.At = edit.At.UTC().Truncate(time.Microsecond)
	edit.Changes = slices.Clone(edit.Changes)
	if err := check(edit); err != nil {
		return library.Edit{}, err
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return library.Edit{}, s.fail(err, "begin an edit")
	}
	defer tx.Rollback() // after a commit it does nothing
	w := &writing{ctx: ctx, tx: tx, now: s.Now, statements: map[string]*sql.Stmt{}}
	if err := w.edit(&edit); err != nil {
		return library.Edit{}, s.fail(err, "commit %d changes (%s)", len(edit.Changes), edit.Action)
	}
	if err := tx.Commit(); err != nil {
		return library.Edit{}, s.fail(err, "commit %d changes (%s)", len(edit.Changes), edit.Action)
	}
	s.filter.committed(edit)
	s.announce()
	return edit, nil
}

// writing is one edit on its way into the database.
type writing struct {
	ctx        context.Context
	tx         *sql.Tx
	now        func() time.Time
	statements map[string]*sql.Stmt
}

// edit writes everything. Entries come in the order of their IDs, so that two
// edits which change the same ones wait for each other and not in a circle.
// The number is taken when nothing is left that could be refused or wait:
// whoever holds the clock only appends rows and commits.
func (w *writing) edit(edit *library.Edit) error {
	byID := make([]*library.Change, len(edit.Changes))
	for i := range edit.Changes {
		byID[i] = &edit.Changes[i]
	}
	slices.SortFunc(byID, func(a, b *library.Change) int { return cmp.Compare(a.Entry.ID, b.Entry.ID) })
	for _, c := range byID {
		if err := w.entry(c, edit.At); err != nil {
			return err
		}
	}
	for _, c := range byID {
		if err := w.target(c.Entry); err != nil {
			return err
		}
	}
	if err := w.keys(byID); err != nil {
		return err
	}
	if err := w.teasers(byID); err != nil {
		return err
	}
	for _, t := range edit.Tasks {
		if err := w.task(t, edit.At); err != nil {
			return err
		}
	}
	const tick = `UPDATE clock SET seq = seq + 1, at = CASE WHEN at < $1 THEN $1 ELSE at + 1 END WHERE id = 1 RETURNING seq, at`
	var noticed int64
	if err := w.tx.QueryRowContext(w.ctx, tick, w.now().UnixMicro()).Scan(&edit.Seq, &noticed); err != nil {
		return err
	}
	if edit.Seen != nil && edit.Seq != *edit.Seen+1 {
		return library.Errorf(library.Conflict, "the library is at edit %d, and was looked through at %d", edit.Seq-1, *edit.Seen)
	}
	for _, c := range byID {
		e := c.Entry
		if _, err := w.exec(`INSERT INTO revisions (entry, version, seq, status, audience, merged_into, body)
VALUES ($1, $2, $3, $4, $5, $6, $7)`, string(e.ID), e.Version, edit.Seq,
			string(e.Status), string(e.Audience), string(e.MergedInto), string(e.Body)); err != nil {
			return err
		}
	}
	if err := w.notice(byID, noticed); err != nil {
		return err
	}
	_, err := w.exec(`INSERT INTO edits (seq, at, actor, action, note, changes) VALUES ($1, $2, $3, $4, $5, $6)`,
		edit.Seq, edit.At.UnixMicro(), edit.Actor, edit.Action, edit.Note, len(edit.Changes))
	return err
}

// entry makes or changes the row of an entry, if the version read still stands.
func (w *writing) entry(c *library.Change, at time.Time) error {
	e := &c.Entry
	e.Version, e.Created, e.Updated = c.Read+1, at, at
	if c.Read == 0 {
		result, err := w.exec(`INSERT INTO entries (id, kind, version, status, audience, merged_into, created, updated)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (id) DO NOTHING`, string(e.ID), string(e.Kind), e.Version,
			string(e.Status), string(e.Audience), string(e.MergedInto), at.UnixMicro())
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 1 {
			return err
		}
		return w.refused(c)
	}
	update, err := w.prepare(`UPDATE entries SET version = version + 1, status = $1, audience = $2, merged_into = $3, updated = $4
WHERE id = $5 AND version = $6 AND kind = $7 RETURNING created`)
	if err != nil {
		return err
	}
	var created int64
	err = update.QueryRowContext(w.ctx, string(e.Status), string(e.Audience), string(e.MergedInto), at.UnixMicro(),
		string(e.ID), c.Read, string(e.Kind)).Scan(&created)
	if errors.Is(err, sql.ErrNoRows) {
		return w.refused(c)
	}
	e.Created = moment(created)
	return err
}

// refused says why an entry could not be written.
func (w *writing) refused(c *library.Change) error {
	var version int64
	var kind library.Kind
	err := w.tx.QueryRowContext(w.ctx, `SELECT version, kind FROM entries WHERE id = $1`, string(c.Entry.ID)).Scan(&version, &kind)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return library.Errorf(library.Conflict, "entry %s was changed from version %d, but there is none", c.Entry.ID, c.Read)
	case err != nil:
		return err
	case version != c.Read:
		return library.Errorf(library.Conflict, "entry %s was changed from version %d, but stands at %d", c.Entry.ID, c.Read, version)
	}
	return invalid("kind", "entry %s is of kind %s and cannot become a %s", c.Entry.ID, kind, c.Entry.Kind)
}

// target follows a merge to its end, so that no address leads nowhere.
func (w *writing) target(e library.Entry) error {
	seen := map[library.ID]bool{e.ID: true}
	for status, to := e.Status, e.MergedInto; status == library.Merged; {
		if seen[to] {
			return invalid("merged_into", "entry %s would be merged in a circle", e.ID)
		}
		seen[to] = true
		at := to
		err := w.tx.QueryRowContext(w.ctx, `SELECT status, merged_into FROM entries WHERE id = $1`, string(at)).Scan(&status, &to)
		if errors.Is(err, sql.ErrNoRows) {
			return invalid("merged_into", "entry %s would be merged into %s, which is not there", e.ID, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// keyRows is how many keys one statement inserts.
const keyRows = 100

// keys replaces the keys of the entries. They are inserted in their order,
// which touches each page of the table once.
func (w *writing) keys(changes []*library.Change) error {
	type row struct {
		library.Key
		entry library.ID
	}
	var rows []row
	for _, c := range changes {
		if c.Read > 0 {
			if _, err := w.exec(`DELETE FROM keys WHERE entry = $1`, string(c.Entry.ID)); err != nil {
				return err
			}
		}
		for _, k := range c.Entry.Keys {
			rows = append(rows, row{k, c.Entry.ID})
		}
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(compareKeys(a.Key, b.Key), cmp.Compare(a.entry, b.entry))
	})
	for some := range slices.Chunk(slices.Compact(rows), keyRows) {
		args := make([]any, 0, 3*len(some))
		for _, r := range some {
			args = append(args, r.Scheme, r.Value, string(r.entry))
		}
		if _, err := w.exec(`INSERT INTO keys (scheme, value, entry) VALUES `+values(len(some), 3), args...); err != nil {
			return err
		}
	}
	return nil
}

// prepare gives the statement of a text, which lives as long as the edit.
func (w *writing) prepare(text string) (*sql.Stmt, error) {
	if st, ok := w.statements[text]; ok {
		return st, nil
	}
	st, err := w.tx.PrepareContext(w.ctx, text)
	if err == nil {
		w.statements[text] = st
	}
	return st, err
}

func (w *writing) exec(text string, args ...any) (sql.Result, error) {
	st, err := w.prepare(text)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(w.ctx, args...)
}
