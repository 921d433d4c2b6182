package catalogue

import (
	"context"
	"fmt"

	"waymark/library"
)

// Links gives what is known of the addresses of a resource that a viewer was
// given: the last visit to each, in their order; the zero Visit but for its URL
// for one that was never visited.
func (c *Catalogue) Links(ctx context.Context, r *library.Resource) ([]library.Visit, error) {
	if len(r.Links) == 0 {
		return nil, nil
	}
	urls := make([]string, len(r.Links))
	for i, l := range r.Links {
		urls[i] = l.URL
	}
	// The house asks: the viewer sees these addresses in the record.
	known, err := c.Store.Visits(ctx, library.House(), urls)
	if err != nil {
		return nil, fmt.Errorf("read the visits to the addresses of %s: %w", r.ID, err)
	}
	visits := make([]library.Visit, len(urls))
	for i, url := range urls {
		visits[i] = known[url]
		visits[i].URL = url
	}
	return visits, nil
}
