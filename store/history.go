package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"
	"time"

	"waymark/library"
)

// Versions gives those of the named versions that are there and that the viewer
// sees, both as they were then and as their entries stand now, in the order
// asked and each once. There may be any number of them.
func (s *Store) Versions(ctx context.Context, viewer library.Viewer, refs []library.Ref) ([]library.Entry, error) {
	place := make(map[library.Ref]int, len(refs))
	var each []library.Ref
	for i, r := range refs {
		if _, ok := place[r]; !ok {
			place[r] = i
			each = append(each, r)
		}
	}
	var entries []library.Entry
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		for some := range slices.Chunk(each, askSize) {
			args := make([]any, 0, 2*len(some))
			for _, r := range some {
				args = append(args, string(r.ID), strconv.FormatInt(r.Version, 10))
			}
			found, err := revisions(ctx, tx, viewer, `WITH wanted (entry, version) AS (VALUES `+values(len(some), 2)+`) `+
				history+`JOIN wanted w ON w.entry = r.entry AND CAST(w.version AS BIGINT) = r.version`, args...)
			if err != nil {
				return err
			}
			entries = append(entries, found...)
		}
		return nil
	})
	if err != nil {
		return nil, s.fail(err, "read %d versions", len(refs))
	}
	slices.SortFunc(entries, func(a, b library.Entry) int {
		return cmp.Compare(place[library.Ref{ID: a.ID, Version: a.Version}], place[library.Ref{ID: b.ID, Version: b.Version}])
	})
	return entries, nil
}

// AsOf gives the entries as they stood at a time, in the order of their IDs:
// those that were there, and that the viewer sees both as they were then and as
// they stand now. There may be any number of IDs.
func (s *Store) AsOf(ctx context.Context, viewer library.Viewer, ids []library.ID, at time.Time) ([]library.Entry, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	var entries []library.Entry
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		for some := range slices.Chunk(slices.Compact(ids), askSize) {
			args := make([]any, 0, len(some)+1)
			for _, id := range some {
				args = append(args, string(id))
			}
			last := "$" + strconv.Itoa(len(args)+1)
			found, err := revisions(ctx, tx, viewer, history+`WHERE r.entry IN (`+values(len(some), 1)+`) AND r.version = (
	SELECT max(x.version) FROM revisions x JOIN edits y ON y.seq = x.seq WHERE x.entry = r.entry AND y.at <= `+last+`)
ORDER BY r.entry`, append(args, at.UnixMicro())...)
			if err != nil {
				return err
			}
			entries = append(entries, found...)
		}
		return nil
	})
	if err != nil {
		return nil, s.fail(err, "read %d entries as of %s", len(ids), at)
	}
	return entries, nil
}

// revisions gives the entries of a query of history that the viewer sees.
func revisions(ctx context.Context, tx *sql.Tx, viewer library.Viewer, text string, args ...any) ([]library.Entry, error) {
	found, err := collect(ctx, tx, scanRevision, text, args...)
	if err != nil {
		return nil, err
	}
	var entries []library.Entry
	for _, r := range found {
		if r.seenBy(viewer) {
			entries = append(entries, r.change.Entry)
		}
	}
	return entries, nil
}
