package store

import (
	"context"
	"database/sql"
	"slices"

	"waymark/library"
)

// teasers replaces what is told of the entries to those who may not read them.
func (w *writing) teasers(changes []*library.Change) error {
	for _, c := range changes {
		if c.Read > 0 {
			if _, err := w.exec(`DELETE FROM teasers WHERE entry = $1`, string(c.Entry.ID)); err != nil {
				return err
			}
		}
		if len(c.Entry.Teaser) > 0 {
			if _, err := w.exec(`INSERT INTO teasers (entry, body) VALUES ($1, $2)`, string(c.Entry.ID), string(c.Entry.Teaser)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Teasers gives, of the entries that are published and that the viewer may not
// read, those of which they may know, with what they may know as Body: neither
// keys nor history. They are in the order asked, each once.
func (s *Store) Teasers(ctx context.Context, viewer library.Viewer, ids []library.ID) ([]library.Entry, error) {
	place := map[library.ID]int{}
	var args []any
	for i, id := range ids {
		if _, ok := place[id]; !ok {
			place[id] = i
			args = append(args, string(id))
		}
	}
	var entries []library.Entry
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		for some := range slices.Chunk(args, askSize) {
			found, err := collect(ctx, tx, scanEntry, `SELECT e.id, e.kind, e.version, e.status, e.audience, e.merged_into, e.created, e.updated, t.body
FROM entries e JOIN teasers t ON t.entry = e.id WHERE e.id IN (`+values(len(some), 1)+`)`, some...)
			if err != nil {
				return err
			}
			entries = append(entries, found...)
		}
		return nil
	})
	if err != nil {
		return nil, s.fail(err, "read what may be known of %d entries", len(ids))
	}
	entries = slices.DeleteFunc(entries, func(e library.Entry) bool {
		return e.Status != library.Published || viewer.Sees(e.Status, e.Audience)
	})
	slices.SortFunc(entries, func(a, b library.Entry) int { return place[a.ID] - place[b.ID] })
	return entries, nil
}
