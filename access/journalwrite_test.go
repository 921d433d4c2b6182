package access

import (
	"slices"
	"testing"
)

// TestCells: no cell of the table is a formula to a spreadsheet.
func TestCells(t *testing.T) {
	for _, evil := range []string{"=1+1", "+1", "-1", "@x", "\tx"} {
		cells := actRow{Who: evil, Subject: evil, Detail: evil, Did: evil}.cells()
		if slices.Contains(cells, evil) || !slices.Contains(cells, "'"+evil) {
			t.Errorf("%q is written as %q", evil, cells)
		}
	}
	if n := len(actRow{}.cells()); n != len(columns()) {
		t.Errorf("%d cells for %d columns", n, len(columns()))
	}
}
