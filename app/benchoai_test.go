package app

import (
	"encoding/json"
	"testing"
)

// TestBenchOAI: the measurement harvests what was generated, whole and by set.
func TestBenchOAI(t *testing.T) {
	code, out, errs := waymark(t, t.TempDir(), "bench", "oai", "--records", "300", "--json")
	var all []benchOAI
	if err := json.Unmarshal([]byte(out), &all); err != nil || code != exitWell || len(all) != 4 {
		t.Fatalf("%d %v\n%s%s", code, err, out, errs)
	}
	for i, want := range []int{300, 300, 300, 1} {
		if all[i].Records != want || all[i].PerSec <= 0 || want > 1 && all[i].Pages != 2 {
			t.Errorf("%+v, want %d records", all[i], want)
		}
	}
}
