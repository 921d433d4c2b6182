package catalogue

import (
	"context"
	"fmt"
	"slices"

	"waymark/format"
	"waymark/library"
	"waymark/vocabulary"
)

// exportSize is how many records are held at a time while they are written.
const exportSize = 200

// Export writes those of the resources that the viewer may see, in the order
// asked, and closes the writer. Only a part may have been written when it fails.
func (c *Catalogue) Export(ctx context.Context, v library.Viewer, ids []library.ID, w format.Writer, voc *vocabulary.Vocabularies) error {
	for some := range slices.Chunk(ids, exportSize) {
		records, err := c.Records(ctx, v, some)
		if err == nil {
			err = c.Write(ctx, v, records, w, voc)
		}
		if err != nil {
			return err
		}
	}
	return w.Close()
}

// Write writes records that the viewer was given; they name nothing that the
// viewer may not see.
func (c *Catalogue) Write(ctx context.Context, v library.Viewer, records []Record, w format.Writer, voc *vocabulary.Vocabularies) error {
	if err := c.Related(ctx, v, records); err != nil {
		return err
	}
	for _, rec := range records {
		if err := w.Write(Draft(rec, voc)); err != nil {
			return fmt.Errorf("write the record %s: %w", rec.ID, err)
		}
	}
	return nil
}
