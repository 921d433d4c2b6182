package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"

	"waymark/library"
)

// Lookup gives for each of the keys the entries of a kind that have it and that
// the viewer sees, by ID; merged ones are left out. A key that
// more than most entries have says little and is left out too. There may be any
// number of keys: many at once cost far less than one after the other.
func (s *Store) Lookup(ctx context.Context, viewer library.Viewer, kind library.Kind, keys []library.Key, most int) (map[library.Key][]library.ID, error) {
	keys = slices.Clone(keys)
	slices.SortFunc(keys, compareKeys) // neighbours lie on one page of the table
	keys = slices.Compact(keys)
	found := make(map[library.Key][]library.ID, len(keys))
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		there, err := s.filter.sift(ctx, tx, keys)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(there, askSize) {
			if err := lookUp(ctx, tx, viewer, kind, some, most, found); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, s.fail(err, "look up %d keys of kind %s", len(keys), kind)
	}
	return found, nil
}

// lookUpText asks for keys, which are named by their places. How many have a key
// is counted once for each, before they are read. CROSS JOIN has SQLite take
// the tables in this order: else it reads all entries of the kind.
func lookUpText(keys int) string {
	kind, most := "$"+strconv.Itoa(3*keys+1), "$"+strconv.Itoa(3*keys+2)
	return `WITH wanted (place, scheme, value) AS (VALUES ` + values(keys, 3) + `),
rare AS MATERIALIZED (
	SELECT w.place, w.scheme, w.value FROM wanted w
	WHERE (SELECT count(*) FROM (SELECT 1 FROM keys x WHERE x.scheme = w.scheme AND x.value = w.value LIMIT ` + most + ` + 1) AS some) <= ` + most + `
)
SELECT r.place, e.id, e.status, e.audience
FROM rare r CROSS JOIN keys k CROSS JOIN entries e
WHERE k.scheme = r.scheme AND k.value = r.value AND e.id = k.entry AND e.kind = ` + kind + ` ORDER BY r.place, e.id`
}

// lookUp asks for some of the keys.
func lookUp(ctx context.Context, tx *sql.Tx, viewer library.Viewer, kind library.Kind, keys []library.Key, most int, found map[library.Key][]library.ID) error {
	args := make([]any, 0, 3*len(keys)+2)
	for i, k := range keys {
		args = append(args, i, k.Scheme, k.Value)
	}
	rows, err := tx.QueryContext(ctx, lookUpText(len(keys)), append(args, string(kind), most)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var place int
		var c candidate
		if err := rows.Scan(&place, &c.id, &c.status, &c.audience); err != nil {
			return err
		}
		if c.status != library.Merged && viewer.Sees(c.status, c.audience) {
			found[keys[place]] = append(found[keys[place]], c.id)
		}
	}
	return rows.Err()
}
