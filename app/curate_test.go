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

// TestProposedRelations: a translation and a newer edition are other works; the
// relation is proposed, and made by the words of the proposal.
func TestProposedRelations(t *testing.T) {
	data := t.TempDir()
	file := write(t, "records.jsonl", `{"titles":{"en":"Global Plan of Action to Combat Trafficking"},"year":2010,"languages":["en"],"identifiers":[{"scheme":"un-symbol","value":"A/RES/64/293"}]}
{"titles":{"fr":"Plan d’action mondial pour la lutte contre la traite"},"year":2010,"languages":["fr"],"identifiers":[{"scheme":"un-symbol","value":"A/RES/64/293"}]}
{"titles":{"en":"Framework document on referral at the borders"},"year":2009,"languages":["en"],"authors":["IOM"]}
{"titles":{"en":"Framework document on referral at the borders, second edition"},"year":2020,"languages":["en"],"authors":["IOM"]}
`)
	code, out, errs := waymark(t, data, "import", file)
	if code != exitWell || !strings.Contains(out, "added                 4") || !strings.Contains(out, "suspected duplicates  0") {
		t.Fatal(code, out, errs)
	}
	_, out, _ = waymark(t, data, "duplicates")
	proposed := regexp.MustCompile(`proposed: waymark (relate) (\S+) (\S+) (\S+)`).FindAllStringSubmatch(out, -1)
	if len(proposed) != 2 || proposed[0][3]+" "+proposed[1][3] != "translation-of supersedes" {
		t.Fatalf("proposed is %q in\n%s", proposed, out)
	}
	for _, p := range proposed {
		if code, out, errs := waymark(t, data, p[1:]...); code != exitWell {
			t.Fatal(code, out, errs)
		}
	}
	if _, out, _ = waymark(t, data, "duplicates"); !strings.Contains(out, "No two records") {
		t.Errorf("still asked: %s", out)
	}
	h, site := siteOf(t, data, false)
	if page := pageOf(t, h, site, "Framework document on referral at the borders"); !strings.Contains(page, "A newer edition replaces this one") {
		t.Error("the older edition does not lead to the newer")
	}
	if code, _, errs := waymark(t, data, "relate", proposed[0][2], "copy-of", proposed[0][4]); code != exitFailed || !strings.Contains(errs, "translation-of, supersedes or part-of") {
		t.Error(code, errs)
	}
}

// TestDuplicatesScan: pairs of a library that is there already are found, asked
// about once, and merged when that is wished.
func TestDuplicatesScan(t *testing.T) {
	data := t.TempDir()
	file := write(t, "records.jsonl", `{"titles":{"en":"Guide to the Identification of Victims in Camps"},"year":2015,"languages":["en"],"authors":["IOM"]}
{"titles":{"en":"GUIDE to the identification of victims in camps"},"year":2015,"languages":["en"],"authors":["IOM"]}
`)
	run := func(args ...string) string {
		t.Helper()
		code, out, errs := waymark(t, data, args...)
		if code != exitWell {
			t.Fatalf("%q: exit code %d\n%s%s", args, code, out, errs)
		}
		return out
	}
	back := regexp.MustCompile(`waymark unmerge (\S+)`).FindStringSubmatch(run("import", file))
	run("unmerge", back[1]) // as if both had been there before anybody compared
	if out := run("duplicates", "scan", "--dry-run"); !strings.Contains(out, "2 records looked through") || !strings.Contains(out, "1 pairs that nobody was asked about yet, of which 1") {
		t.Error(out)
	}
	if out := run("duplicates", "scan"); !strings.Contains(out, "1 left to a curator") {
		t.Error(out)
	}
	if out := run("duplicates", "--limit", "5"); !strings.Contains(out, "but for case") {
		t.Error(out)
	}
	if out := run("duplicates", "scan", "--merge"); !strings.Contains(out, "0 pairs that nobody was asked about yet") || !strings.Contains(out, "1 were asked about before") {
		t.Error(out)
	}
	run("check")
}

// TestBenchMatch: the figures of two tables with known pairs are printed.
func TestBenchMatch(t *testing.T) {
	const folder = "../match/testdata/"
	code, out, errs := waymark(t, t.TempDir(), "bench", "match", "--left", folder+"left.csv", "--right", folder+"right.csv", "--truth", folder+"pairs.csv", "--misses")
	for _, s := range []string{"records           108 and 835", "precision", "merged or queued", "one work, found suspected"} {
		if code != exitWell || !strings.Contains(out, s) {
			t.Errorf("%d: %q is not in\n%s%s", code, s, out, errs)
		}
	}
	code, out, errs = waymark(t, t.TempDir(), "bench", "match", "--records", "2000", "--json")
	if code != exitWell || !strings.Contains(out, `"Records":2000,"Copies":100,`) {
		t.Error(code, out, errs)
	}
}
