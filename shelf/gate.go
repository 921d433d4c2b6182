package shelf

import (
	"fmt"
	"slices"
	"strings"

	"waymark/library"
)

// Seen gives those of the entries on a shelf that a viewer may read, by ID.
func Seen[P library.Headed](v library.Viewer, all map[library.ID]P) []P {
	out := make([]P, 0, len(all))
	for _, one := range all {
		if h := one.Heading(); v.Sees(h.Status, h.Audience) {
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(a, b P) int { return strings.Compare(string(a.Heading().ID), string(b.Heading().ID)) })
	return out
}

// Sight names what a viewer sees: viewers of one name see the same entries.
// Audiences are quoted, so that no name of one reads like two others.
func Sight(v library.Viewer) string { return fmt.Sprintf("%d %q", v.Role, v.Audiences) }
