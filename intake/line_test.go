package intake

import (
	"fmt"
	"strings"
	"testing"

	"waymark/format"
	"waymark/library"
)

// TestNextPlan: a plan that begins anew while the last edit is on its way knows
// what that edit brings in: works of the batch before are found, and nobody
// becomes an authority twice.
func TestNextPlan(t *testing.T) {
	spell := func(n int) string {
		var b strings.Builder
		for range 4 {
			b.WriteByte("bdfgklmnprstvz"[n%14])
			b.WriteByte("aeiou"[n/14%5])
			n /= 11
		}
		return b.String()
	}
	const n = 9 * batchSize
	d := newDesk(t)
	rep, err := d.im.Import(t.Context(), "s", func(yield func(format.Draft, error) bool) {
		for i := range n {
			work, upper := i, false
			if i%2 == 1 && i > batchSize {
				work, upper = i-batchSize-1, true // one of the batch before, or of the one before that
			}
			title := fmt.Sprintf("Manual of %s %s %s %s", spell(7*work+1), spell(13*work+5), spell(101*work+3), spell(work))
			if upper {
				title = strings.ToUpper(title)
			}
			draft := format.Draft{Line: i + 1, Titles: library.Text{"en": title}, Languages: []format.Value{{Text: "en"}}, Date: format.Value{Text: "2015"},
				Authors: []format.Value{{Text: fmt.Sprintf("%s %s-%d", spell(work), spell(3*work), work)}}}
			if !yield(draft, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	again := (n - batchSize) / 2
	if rep.Added != n-again || len(rep.Joined) != again || rep.Read != n {
		t.Errorf("of %d read %d are added, %d joined", rep.Read, rep.Added, len(rep.Joined))
	}
	agents, err := d.st.Scan(t.Context(), library.House(), library.KindAgent, "", 0)
	if err != nil || len(agents) != n-again {
		t.Errorf("%d authorities, want %d: %v", len(agents), n-again, err)
	}
}
