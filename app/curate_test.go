package app

import (
	"regexp"
	"strings"
	"testing"
)

// TestMergesAtTheTerminal: a merge that an import made unasked is taken back by
// the words of its report, and what was only suspected is decided.
func TestMergesAtTheTerminal(t *testing.T) {
	data := t.TempDir()
	file := write(t, "records.jsonl", `{"titles":{"en":"Guide to the Identification of Victims in Camps"},"year":2015,"languages":["en"],"authors":["IOM"]}
{"titles":{"en":"Guide to the Identificaction of Victims in Camps"},"year":2015,"languages":["en"]}
{"titles":{"en":"GUIDE to the identification of victims in camps"},"year":2015,"languages":["en"],"authors":["IOM","Nataliya Gusak"]}
`)
	run := func(want int, args ...string) string {
		t.Helper()
		code, out, errs := waymark(t, data, args...)
		if code != want {
			t.Fatalf("%q: exit code %d\n%s%s", args, code, out, errs)
		}
		return out + errs
	}
	back := regexp.MustCompile(`waymark unmerge (\S+)`).FindStringSubmatch(run(exitWell, "import", file))
	if back == nil {
		t.Fatal("the report does not say how to take the merge back")
	}
	if out := run(exitWell, "search", "camps"); !strings.Contains(out, "of 2\n") {
		t.Errorf("before: %s", out)
	}
	run(exitWell, "unmerge", back[1])
	if out := run(exitWell, "search", "camps"); !strings.Contains(out, "of 3\n") || !strings.Contains(out, "Nataliya Gusak") {
		t.Errorf("after: %s", out)
	}
	pair := regexp.MustCompile(`(?m)^  (\S{26}) `).FindAllStringSubmatch(run(exitWell, "duplicates"), -1)
	if len(pair) < 2 {
		t.Fatalf("no pair is suspected: %q", pair)
	}
	run(exitWell, "merge", pair[0][1], pair[1][1])
	if out := run(exitFailed, "merge", pair[0][1], pair[1][1]); !strings.Contains(out, "merged") {
		t.Errorf("merging again says %s", out)
	}
	run(exitWell, "unmerge", pair[1][1], "--note", "two works")
	run(exitWell, "different", pair[0][1], pair[1][1])
	run(exitFailed, "unmerge", pair[0][1])
	run(exitWell, "check")
}
