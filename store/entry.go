package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/library"
)

const (
	// askSize is how many values one statement asks for.
	askSize = 200
	// pageSize is how many entries are read at a time when no limit is given.
	pageSize = 1000
)

// current selects entries as they stand; scanEntry reads its rows.
const current = `SELECT e.id, e.kind, e.version, e.status, e.audience, e.merged_into, e.created, e.updated, r.body
FROM entries e JOIN revisions r ON r.entry = e.id AND r.version = e.version `

func scanEntry(rows *sql.Rows) (library.Entry, error) {
	var e library.Entry
	var created, updated int64
	err := rows.Scan(&e.ID, &e.Kind, &e.Version, &e.Status, &e.Audience, &e.MergedInto, &created, &updated, (*[]byte)(&e.Body))
	e.Created, e.Updated = moment(created), moment(updated)
	return e, err
}

// moment gives the time that a column holds.
func moment(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// Entry gives one entry as it stands. It answers Gone when the entry was
// withdrawn, Moved with the last entry of the chain when it was merged, and
// NotFound when there is none or the viewer may not know of it: its audience is
// another, it was never open to the viewer before it was merged or withdrawn,
// or the viewer may not see what it was merged into.
func (s *Store) Entry(ctx context.Context, viewer library.Viewer, id library.ID) (library.Entry, error) {
	var entry library.Entry
	err := s.snapshot(ctx, func(tx *sql.Tx) (err error) {
		entry, err = find(ctx, tx, viewer, id)
		return err
	})
	if err != nil {
		return library.Entry{}, s.fail(err, "read the entry %s", id)
	}
	return entry, nil
}

// find is Entry within a transaction.
func find(ctx context.Context, tx *sql.Tx, viewer library.Viewer, id library.ID) (library.Entry, error) {
	none := library.Errorf(library.NotFound, "there is no entry %s", id)
	seen := map[library.ID]bool{}
	for at := id; ; {
		if seen[at] {
			return library.Entry{}, library.Errorf(library.Internal, "%s was merged in a circle", id)
		}
		seen[at] = true
		entries, err := collect(ctx, tx, scanEntry, current+`WHERE e.id = $1`, string(at))
		if err != nil {
			return library.Entry{}, err
		}
		if len(entries) == 0 {
			return library.Entry{}, none
		}
		e := entries[0]
		if known, err := knows(ctx, tx, viewer, e); err != nil {
			return library.Entry{}, err
		} else if !known {
			return library.Entry{}, none
		}
		switch {
		case e.Status == library.Merged:
			at = e.MergedInto
		case e.Status == library.Withdrawn:
			return library.Entry{}, library.Errorf(library.Gone, "%s was withdrawn", at)
		case at != id:
			return library.Entry{}, &library.Error{Kind: library.Moved, To: at, Err: fmt.Errorf("%s was merged into %s", id, at)}
		default:
			return e, nil
		}
	}
}

// knows tells whether the viewer may know that the entry is or was there. A
// merged or withdrawn one keeps answering those for whom it was open before,
// unless its audience has been narrowed since; one that never was anything
// else is an old address taken over, which answers its audience.
func knows(ctx context.Context, tx *sql.Tx, viewer library.Viewer, e library.Entry) (bool, error) {
	if viewer.Sees(e.Status, e.Audience) {
		return true, nil
	}
	if !ended(e.Status) || !viewer.Sees(library.Published, e.Audience) {
		return false, nil
	}
	scan := func(rows *sql.Rows) (was library.Entry, err error) {
		return was, rows.Scan(&was.Status, &was.Audience)
	}
	past, err := collect(ctx, tx, scan, `SELECT DISTINCT status, audience FROM revisions WHERE entry = $1`, string(e.ID))
	if err != nil {
		return false, err
	}
	lived := slices.ContainsFunc(past, func(was library.Entry) bool { return !ended(was.Status) })
	open := slices.ContainsFunc(past, func(was library.Entry) bool { return viewer.Sees(was.Status, was.Audience) })
	return open || !lived, nil
}

func ended(s library.Status) bool { return s == library.Merged || s == library.Withdrawn }

// Entries gives those of the entries that are there and that the viewer sees,
// as they stand, in the order asked and each once. Merged and withdrawn ones
// are given as such to viewers who see them. There may be any number of IDs.
func (s *Store) Entries(ctx context.Context, viewer library.Viewer, ids []library.ID) ([]library.Entry, error) {
	var entries []library.Entry
	err := s.snapshot(ctx, func(tx *sql.Tx) (err error) {
		entries, err = entriesIn(ctx, tx, viewer, ids)
		return err
	})
	if err != nil {
		return nil, s.fail(err, "read %d entries", len(ids))
	}
	return entries, nil
}

func entriesIn(ctx context.Context, tx *sql.Tx, viewer library.Viewer, ids []library.ID) ([]library.Entry, error) {
	place := make(map[library.ID]int, len(ids))
	var args []any
	for i, id := range ids {
		if _, ok := place[id]; !ok {
			place[id] = i
			args = append(args, string(id))
		}
	}
	entries := make([]library.Entry, 0, len(args))
	for some := range slices.Chunk(args, askSize) {
		found, err := collect(ctx, tx, scanEntry, current+`WHERE e.id IN (`+values(len(some), 1)+`)`, some...)
		if err != nil {
			return nil, err
		}
		entries = append(entries, found...)
	}
	entries = slices.DeleteFunc(entries, func(e library.Entry) bool { return !viewer.Sees(e.Status, e.Audience) })
	slices.SortFunc(entries, func(a, b library.Entry) int { return place[a.ID] - place[b.ID] })
	return entries, nil
}

// values writes n rows of placeholders, "?, ?" or "(?, ?), (?, ?)". They have
// no numbers, since SQLite compares the name of each parameter with all before
// it; an engine that wants numbers gives them here.
func values(n, width int) string {
	row := strings.TrimSuffix(strings.Repeat("?, ", width), ", ")
	if width > 1 {
		row = "(" + row + ")"
	}
	return strings.TrimSuffix(strings.Repeat(row+", ", n), ", ")
}

// Scan gives the entries of a kind that the viewer sees and that come after an
// ID, by ID and as they stand, merged and withdrawn ones among them for those
// who see them. It is for walking through the whole library: as many as limit
// are given as long as there are more. A limit of 0 is none.
func (s *Store) Scan(ctx context.Context, viewer library.Viewer, kind library.Kind, after library.ID, limit int) ([]library.Entry, error) {
	page := limit
	if limit <= 0 {
		page = pageSize
	}
	var entries []library.Entry
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		for {
			found, err := collect(ctx, tx, scanEntry,
				current+`WHERE e.kind = $1 AND e.id > $2 ORDER BY e.id LIMIT $3`, string(kind), string(after), page)
			if err != nil {
				return err
			}
			for _, e := range found {
				if after = e.ID; viewer.Sees(e.Status, e.Audience) {
					entries = append(entries, e)
				}
				if limit > 0 && len(entries) == limit {
					return nil
				}
			}
			if len(found) < page {
				return nil
			}
		}
	})
	if err != nil {
		return nil, s.fail(err, "scan the entries of kind %s", kind)
	}
	return entries, nil
}
