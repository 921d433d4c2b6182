package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"waymark/library"
)

// pageChanges is how many changes Edits gives at a time, so that a follower
// of large imports does not hold all their records at once.
const pageChanges = 10_000

// revision is one change as it stands in the list of edits, with what decides
// who sees it now.
type revision struct {
	edit     library.Edit // without changes
	change   library.Change
	status   library.Status
	audience library.Audience
}

// history selects revisions with their edits; scanRevision reads its rows.
const history = `SELECT d.seq, d.at, d.actor, d.action, d.note, e.id, e.kind, r.version, r.status, r.audience, r.merged_into,
	e.created, r.body, e.status, e.audience
FROM revisions r JOIN entries e ON e.id = r.entry JOIN edits d ON d.seq = r.seq `

func scanRevision(rows *sql.Rows) (revision, error) {
	var r revision
	var at, created int64
	e := &r.change.Entry
	err := rows.Scan(&r.edit.Seq, &at, &r.edit.Actor, &r.edit.Action, &r.edit.Note, &e.ID, &e.Kind, &e.Version, &e.Status,
		&e.Audience, &e.MergedInto, &created, (*[]byte)(&e.Body), &r.status, &r.audience)
	r.edit.At = moment(at)
	e.Created, e.Updated = moment(created), moment(at)
	r.change.Read = e.Version - 1
	return r, err
}

// seenBy tells whether the viewer may read the entry both as it was and as it
// stands: what has been hidden since stays hidden in its history.
func (r revision) seenBy(v library.Viewer) bool {
	return v.Sees(r.change.Entry.Status, r.change.Entry.Audience) && v.Sees(r.status, r.audience)
}

// told gives what the viewer may know about an edit: its number and time are
// everyone's, what kind of act it was is told with a change that the viewer
// sees, and who did it and why only to curators.
func told(v library.Viewer, edit library.Edit) library.Edit {
	switch {
	case len(edit.Changes) == 0 && v.Role != library.System:
		return library.Edit{Seq: edit.Seq, At: edit.At}
	case v.Role < library.Curator:
		edit.Actor, edit.Note = "", ""
	}
	return edit
}

// row is an edit without its changes, and how many it has.
type row struct {
	edit    library.Edit
	changes int
}

func scanRow(rows *sql.Rows) (r row, err error) {
	var at int64
	err = rows.Scan(&r.edit.Seq, &at, &r.edit.Actor, &r.edit.Action, &r.edit.Note, &r.changes)
	r.edit.At = moment(at)
	return r, err
}

// Edits gives the edits after a number, in order and without gaps, each with
// the changes that the viewer sees, by ID and as the entry was then. At most
// limit are given, and fewer when they hold very many changes: the end is
// reached when none is given. A limit of 0 is none and gives them all.
func (s *Store) Edits(ctx context.Context, viewer library.Viewer, after int64, limit int) ([]library.Edit, error) {
	var edits []library.Edit
	err := s.snapshot(ctx, func(tx *sql.Tx) (err error) {
		if edits, err = page(ctx, tx, after, limit); err != nil || len(edits) == 0 {
			return err
		}
		rows, err := tx.QueryContext(ctx, history+`WHERE r.seq BETWEEN $1 AND $2 ORDER BY r.seq`,
			edits[0].Seq, edits[len(edits)-1].Seq)
		if err != nil {
			return err
		}
		defer rows.Close()
		for i := 0; rows.Next(); {
			r, err := scanRevision(rows)
			if err != nil {
				return err
			}
			for edits[i].Seq < r.edit.Seq {
				i++
			}
			if r.seenBy(viewer) {
				edits[i].Changes = append(edits[i].Changes, r.change)
			}
		}
		return rows.Err()
	})
	if err != nil {
		return nil, s.fail(err, "read the edits after %d", after)
	}
	for i, e := range edits {
		slices.SortFunc(e.Changes, func(a, b library.Change) int { return cmp.Compare(a.Entry.ID, b.Entry.ID) })
		edits[i] = told(viewer, e)
	}
	return edits, nil
}

// page gives the next edits without their changes: no more than limit and,
// under a limit, no more changes than pageChanges unless the first has them.
func page(ctx context.Context, tx *sql.Tx, after int64, limit int) ([]library.Edit, error) {
	text := `SELECT seq, at, actor, action, note, changes FROM edits WHERE seq > $1 ORDER BY seq`
	args := []any{after}
	if limit > 0 {
		text += ` LIMIT $2`
		args = append(args, limit)
	}
	rows, err := collect(ctx, tx, scanRow, text, args...)
	var edits []library.Edit
	changes := 0
	for _, r := range rows {
		if changes += r.changes; limit > 0 && changes > pageChanges && len(edits) > 0 {
			break
		}
		edits = append(edits, r.edit)
	}
	return edits, err
}

// Revisions gives the history of one entry, oldest first: each revision that
// the viewer sees, as an Edit with that one Change. It answers NotFound when
// there is no such entry or the viewer does not see it as it stands.
func (s *Store) Revisions(ctx context.Context, viewer library.Viewer, id library.ID) ([]library.Edit, error) {
	var edits []library.Edit
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		all, err := collect(ctx, tx, scanRevision, history+`WHERE r.entry = $1 ORDER BY r.version`, string(id))
		for _, r := range all {
			if r.seenBy(viewer) {
				r.edit.Changes = []library.Change{r.change}
				edits = append(edits, told(viewer, r.edit))
			}
		}
		if err == nil && len(edits) == 0 {
			return library.Errorf(library.NotFound, "there is no entry %s", id)
		}
		return err
	})
	if err != nil {
		return nil, s.fail(err, "read the revisions of %s", id)
	}
	return edits, nil
}
