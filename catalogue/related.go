package catalogue

import (
	"context"
	"fmt"

	"waymark/library"
)

// Related leaves each record only those relations whose target the viewer may
// know of, and points those to merged records to what took them in: for what
// writes relations down without reading the neighbours.
func (c *Catalogue) Related(ctx context.Context, v library.Viewer, records []Record) error {
	seen := map[library.ID]library.ID{}
	var targets []library.ID
	for _, rec := range records {
		for _, rel := range rec.Relations {
			targets = append(targets, rel.Target)
		}
	}
	if len(targets) == 0 {
		return nil
	}
	entries, err := c.Store.Entries(ctx, v, targets)
	if err != nil {
		return fmt.Errorf("read what %d records are related to: %w", len(records), err)
	}
	for _, e := range entries {
		if v.Sees(e.Status, e.Audience) && e.Status == library.Published {
			seen[e.ID] = e.ID
		}
	}
	for _, rec := range records {
		var left []library.Relation
		for _, rel := range rec.Relations {
			to, known := seen[rel.Target]
			if !known {
				_, err := c.Store.Entry(ctx, v, rel.Target)
				to, _ = library.MovedTo(err)
				seen[rel.Target] = to
			}
			if to != "" {
				left = append(left, library.Relation{Type: rel.Type, Target: to})
			}
		}
		rec.Relations = left
	}
	return nil
}
