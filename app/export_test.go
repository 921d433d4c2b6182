package app

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waymark/format"
	"waymark/library"
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

// TestCanaryExport: a record that points to hidden and withdrawn ones is
// exported without a word of them, in every format; to staff with those that
// are theirs, and to all with the one that took a merged one in.
func TestCanaryExport(t *testing.T) {
	h, _ := demoSite(t)
	ids := hidden(t, h) // a draft and one for staff
	others, err := h.store.Scan(t.Context(), library.Viewer{}, library.KindResource, palermo, 3)
	if err != nil {
		t.Fatal(err)
	}
	gone, merged, kept := others[0].ID, others[1].ID, others[2].ID
	edit(t, h, gone, func(e *library.Entry, _ *library.Resource) { e.Status = library.Withdrawn })
	edit(t, h, merged, func(e *library.Entry, _ *library.Resource) { e.Status, e.MergedInto = library.Merged, kept })
	edit(t, h, palermo, func(_ *library.Entry, r *library.Resource) {
		r.Relations = nil
		for _, id := range append(ids, gone, merged) {
			r.Relations = append(r.Relations, library.Relation{Type: library.PartOf, Target: id})
		}
	})
	exported := func(f format.Format, c exportCommand) string {
		var out bytes.Buffer
		if err := c.write(t.Context(), h, f.Write(&out), streams{out: &out, err: &out}); err != nil {
			t.Fatal(f.Name, err)
		}
		return out.String()
	}
	for _, f := range format.Formats() {
		if f.Write == nil {
			continue
		}
		for _, c := range []exportCommand{{}, {Words: []string{"protocol"}}} {
			out := exported(f, c)
			for _, trace := range append(canaries, string(ids[0]), string(ids[1]), string(gone), string(merged)) {
				if strings.Contains(strings.ToLower(out), strings.ToLower(trace)) {
					t.Errorf("%s of %q tells of %q", f.Name, c.Words, trace)
				}
			}
		}
	}
	lines, err := format.Named("jsonl")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		staff bool
		want  []library.ID
	}{{false, []library.ID{kept}}, {true, []library.ID{ids[1], kept}}} {
		for d, err := range format.JSONLines(strings.NewReader(exported(lines, exportCommand{Staff: c.staff}))) {
			if err != nil {
				t.Fatal(err)
			}
			if d.ID != palermo {
				continue
			}
			var got []library.ID
			for _, rel := range d.Relations {
				got = append(got, rel.Target)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("staff %t: related to %s, want %s", c.staff, got, c.want)
			}
		}
	}
}
