package app

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"waymark/library"
)

// machine runs one of the scripts of testdata/machines with the clients that
// .ci/machines has put into a folder, and reads the JSON that it prints.
func machine(t *testing.T, script string, args ...string) map[string]any {
	t.Helper()
	folder := os.Getenv("WAYMARK_TEST_MACHINES")
	if folder == "" {
		if os.Getenv("WAYMARK_TEST_TOOLS") == "required" {
			t.Fatal("WAYMARK_TEST_MACHINES names no folder: make one with .ci/machines")
		}
		t.Skip("WAYMARK_TEST_MACHINES names no folder made by .ci/machines")
	}
	if script == "harvest.py" {
		args = append(args, filepath.Join(folder, "OAI-PMH.xsd"))
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(folder, "bin", "python"), append([]string{filepath.Join("testdata", "machines", script)}, args...)...)
	cmd.Stderr = os.Stderr
	b, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, b)
	}
	got := map[string]any{}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatalf("%s prints %s", script, b)
	}
	return got
}

// TestHarvesters: clients that others wrote take the whole library, deleted
// records among it, and each answer is valid by the protocol's schema.
func TestHarvesters(t *testing.T) {
	if os.Getenv("WAYMARK_TEST_MACHINES") == "" && os.Getenv("WAYMARK_TEST_TOOLS") != "required" {
		t.Skip("WAYMARK_TEST_MACHINES names no folder made by .ci/machines")
	}
	h, site := siteOf(t, t.TempDir(), false)
	if err := h.generate(t.Context(), 600, t.Output()); err != nil {
		t.Fatal(err)
	}
	entries, err := h.store.Scan(t.Context(), library.House(), library.KindResource, "", 20)
	if err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Hour).Truncate(time.Second)
	h.store.Now = func() time.Time { return later }
	for _, e := range entries {
		edit(t, h, e.ID, func(e *library.Entry, _ *library.Resource) { e.Status = library.Withdrawn })
	}
	got := machine(t, "harvest.py", site+"/oai")
	for name, want := range map[string]any{
		"deletedRecord": "persistent", "sickle": 600.0, "sickle_different": 600.0, "sickle_deleted": 20.0, "sickle_headers": 600.0,
		"sickle_fault": "NoRecordsMatch", "sickle_one": true, "scythe": 600.0, "scythe_there": 580.0,
	} {
		if got[name] != want {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
	if since, _ := got["sickle_since"].(float64); since != 20 {
		t.Errorf("since the last change there are %v records", since)
	}
	if set, _ := got["sickle_set"].(float64); set < 1 || set > 20 {
		t.Errorf("the small set has %v records", set)
	}
	if invalid, ok := got["invalid"].([]any); !ok || len(invalid) > 0 {
		t.Errorf("not valid by the schema: %v", invalid)
	}
}
