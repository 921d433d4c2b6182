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
			err = c.Related(ctx, v, records)
		}
		if err != nil {
			return err
		}
		for _, rec := range records {
			if err := w.Write(Draft(rec, voc)); err != nil {
				return fmt.Errorf("write the record %s: %w", rec.ID, err)
			}
		}
	}
	return w.Close()
}
