package app

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waymark/format"
)

// TestExportAndBack: a library exported as JSON Lines into an empty one exports
// the same again; a search exports what it finds; nothing for staff goes out
// unasked.
func TestExportAndBack(t *testing.T) {
	data, other := t.TempDir(), t.TempDir()
	source := write(t, "staff.jsonl", `{"titles":{"en":"Zyzzcanary instruction for staff"},"year":2019,"category":"Internal Instruction"}`)
	demo, err := os.ReadFile("demo/collection.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{source, write(t, "demo.jsonl", string(demo))} {
		if code, out, errs := waymark(t, data, "import", name); code != exitWell {
			t.Fatal(code, out, errs)
		}
	}
	file := filepath.Join(t.TempDir(), "all.jsonl")
	code, first, errs := waymark(t, data, "export")
	if code != exitWell || strings.Count(first, "\n") != 108 || strings.Contains(first, "Zyzz") {
		t.Fatalf("export: %d, %d lines\n%s", code, strings.Count(first, "\n"), errs)
	}
	if code, out, errs := waymark(t, data, "export", "--output", file); code != exitWell || out != "" {
		t.Fatal(code, out, errs)
	}
	if written, err := os.ReadFile(file); err != nil || !bytes.Equal(written, []byte(first)) {
		t.Errorf("the file differs from the terminal: %v", err)
	}
	if code, out, errs := waymark(t, other, "import", file); code != exitWell || !strings.Contains(out, "added                 108") || !strings.Contains(out, "warnings              0") {
		t.Fatal(code, out, errs)
	}
	if _, second, _ := waymark(t, other, "export"); second != first {
		t.Errorf("the other library exports something else")
		for i, line := range strings.Split(first, "\n") {
			if lines := strings.Split(second, "\n"); i < len(lines) && lines[i] != line {
				t.Fatalf("\n%s\n%s", line, lines[i])
			}
		}
	}
	if _, out, _ := waymark(t, data, "export", "--staff"); strings.Count(out, "\n") != 109 || !strings.Contains(out, "Zyzz") {
		t.Errorf("for staff %d lines", strings.Count(out, "\n"))
	}
	if _, out, _ := waymark(t, data, "export", "framework document"); !strings.Contains(out, "Framework Document") || strings.Count(out, "\n") > 60 {
		t.Errorf("what a search finds: %s", out)
	}
}

// TestFilesOfRecords: a file that export writes is taken for records by import,
// by its name alone or by its content.
func TestFilesOfRecords(t *testing.T) {
	for _, f := range format.Formats() {
		if f.Write != nil && !slices.Contains(either, f.Extension) && isDocument("x"+f.Extension, false, format.Options{}) {
			t.Errorf("a file of %s (%s) is taken for a document", f.Label, f.Extension)
		}
	}
}
