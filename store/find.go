package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strconv"

	"waymark/library"
)

// candidate is an entry that has some of the keys looked for.
type candidate struct {
	id       library.ID
	status   library.Status
	audience library.Audience
	keys     int
}

func scanCandidate(rows *sql.Rows) (c candidate, err error) {
	return c, rows.Scan(&c.id, &c.status, &c.audience, &c.keys)
}

// Find gives the entries of a kind that have any of the keys and that the
// viewer sees, those that have most of them first, then by ID. Merged and
// withdrawn entries are left out. A limit of 0 is none.
func (s *Store) Find(ctx context.Context, viewer library.Viewer, kind library.Kind, keys []library.Key, limit int) ([]library.Entry, error) {
	var entries []library.Entry
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		found, err := candidates(ctx, tx, viewer, kind, keys)
		if err != nil {
			return err
		}
		if limit > 0 && len(found) > limit {
			found = found[:limit]
		}
		ids := make([]library.ID, len(found))
		for i, c := range found {
			ids[i] = c.id
		}
		entries, err = entriesIn(ctx, tx, viewer, ids)
		return err
	})
	if err != nil {
		return nil, s.fail(err, "find entries of kind %s by %d keys", kind, len(keys))
	}
	return entries, nil
}

// candidatesText asks for the entries that have any of some keys, and how many
// each has. CROSS JOIN is there for the same reason as in lookUpText.
func candidatesText(keys int) string {
	return `WITH wanted (scheme, value) AS (VALUES ` + values(keys, 2) + `),
had (entry, n) AS (
	SELECT k.entry, count(*) FROM wanted w CROSS JOIN keys k WHERE k.scheme = w.scheme AND k.value = w.value GROUP BY k.entry
)
SELECT e.id, e.status, e.audience, h.n FROM had h CROSS JOIN entries e WHERE e.id = h.entry AND e.kind = $` + strconv.Itoa(2*keys+1)
}

// candidates gives the visible entries that have any of the keys, in order.
func candidates(ctx context.Context, tx *sql.Tx, viewer library.Viewer, kind library.Kind, keys []library.Key) ([]candidate, error) {
	keys = slices.Clone(keys)
	slices.SortFunc(keys, compareKeys)
	byID := map[library.ID]candidate{}
	for some := range slices.Chunk(slices.Compact(keys), askSize) {
		args := make([]any, 0, 2*len(some)+1)
		for _, k := range some {
			args = append(args, k.Scheme, k.Value)
		}
		// The kind is compared here and the rest below: what a viewer sees is
		// decided by the viewer alone.
		found, err := collect(ctx, tx, scanCandidate, candidatesText(len(some)), append(args, string(kind))...)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			if ended(c.status) || !viewer.Sees(c.status, c.audience) {
				continue
			}
			c.keys += byID[c.id].keys
			byID[c.id] = c
		}
	}
	all := make([]candidate, 0, len(byID))
	for _, c := range byID {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.keys, a.keys), cmp.Compare(a.id, b.id))
	})
	return all, nil
}

func compareKeys(a, b library.Key) int {
	return cmp.Or(cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.Value, b.Value))
}
