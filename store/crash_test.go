package store

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/library"
)

const (
	crashVariable = "WAYMARK_TEST_CRASH" // path of the library, and the child's number
	kills         = 60
)

func TestMain(m *testing.M) {
	if path, child, ok := strings.Cut(os.Getenv(crashVariable), "|"); ok {
		commitUntilKilled(path, child)
	}
	os.Exit(m.Run())
}

// commitUntilKilled is the child of TestCrash: two writers commit edits of a
// new entry each and of one that both keep changing, and print the number and
// note of each edit once it is acknowledged.
func commitUntilKilled(path, child string) {
	fail := func(err error) {
		fmt.Println("error", err)
		os.Exit(1)
	}
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		fail(err)
	}
	fmt.Println("open")
	var wg sync.WaitGroup
	for writer := range 2 {
		wg.Go(func() {
			for i := 0; ; i++ {
				note := fmt.Sprintf("%s-%d-%d", child, writer, i)
				e, err := crashEdit(ctx, s, note)
				if err != nil {
					fail(err)
				}
				e, err = s.Commit(ctx, e)
				switch library.KindOf(err) {
				case "":
					fmt.Println(e.Seq, note)
				case library.Conflict: // the other writer was quicker
				default:
					fail(err)
				}
			}
		})
	}
	wg.Wait()
}

// crashEdit makes an edit whose parts all bear its note.
func crashEdit(ctx context.Context, s *Store, note string) (library.Edit, error) {
	n := 1_000 + rand.IntN(9_000_000)
	changes := []library.Change{{Entry: entry(n, note, key(note))}, {Entry: entry(n+1, note+strings.Repeat(" padding", 2_000), key(note))}}
	shared, err := s.Entries(ctx, library.House(), []library.ID{id(1)})
	if err != nil {
		return library.Edit{}, err
	}
	c := library.Change{Entry: entry(1, note, key("shared"), key(note))}
	for _, e := range shared {
		c.Read = e.Version
	}
	e := edit(append(changes, c)...)
	e.Note = note
	return e, nil
}

// TestCrash kills a committing process again and again at any moment, from the
// making of the library on, and then looks whether the library is sound and
// has every edit that was acknowledged.
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("takes ten seconds")
	}
	path := filepath.Join(t.TempDir(), "l.db")
	acknowledged := map[int64]string{}
	for child := range kills {
		for seq, note := range runAndKill(t, path, child) {
			if before, ok := acknowledged[seq]; ok {
				t.Errorf("edit %d is acknowledged as %s and as %s", seq, before, note)
			}
			acknowledged[seq] = note
		}
	}
	s := openFile(t, path)
	edits := must[[]library.Edit](t)(s.Edits(t.Context(), library.House(), 0, 0))
	t.Logf("%d kills, %d edits acknowledged, %d there", kills, len(acknowledged), len(edits))
	if len(acknowledged) < kills {
		t.Errorf("only %d edits were acknowledged: the test tests little", len(acknowledged))
	}
	for i, e := range edits {
		if e.Seq != int64(i+1) {
			t.Fatalf("edit %d has number %d", i+1, e.Seq)
		}
		if note, ok := acknowledged[e.Seq]; ok && note != e.Note {
			t.Errorf("edit %d was acknowledged as %s and is %s", e.Seq, note, e.Note)
		}
		delete(acknowledged, e.Seq)
		if len(e.Changes) != 3 {
			t.Errorf("edit %d has %d changes of 3", e.Seq, len(e.Changes))
		}
		for _, c := range e.Changes {
			var body struct{ Title string }
			if err := json.Unmarshal(c.Entry.Body, &body); err != nil || !strings.HasPrefix(body.Title, e.Note) {
				t.Errorf("edit %d (%s) holds %q", e.Seq, e.Note, body.Title)
			}
		}
	}
	if len(acknowledged) > 0 {
		t.Errorf("acknowledged edits are lost: %v", acknowledged)
	}
	sound(t, s)
}

// runAndKill starts a child, kills it after a random time, and gives the edits
// it has acknowledged by number.
func runAndKill(t *testing.T, path string, child int) map[int64]string {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s|%d", crashVariable, path, child))
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := func() { _ = cmd.Process.Kill() }
	if child%10 == 0 { // while it opens, and at first makes, the library
		time.AfterFunc(time.Duration(rand.IntN(60))*time.Millisecond, kill)
	}
	acknowledged := map[int64]string{}
	for lines := bufio.NewScanner(pipe); lines.Scan(); {
		line := lines.Text()
		if line == "open" {
			time.AfterFunc(time.Duration(rand.IntN(150_000))*time.Microsecond, kill)
			continue
		}
		var seq int64
		var note string
		if _, err := fmt.Sscan(line, &seq, &note); err == nil {
			acknowledged[seq] = note
		} else if strings.HasPrefix(line, "error") {
			t.Errorf("child %d: %s", child, line)
		} // else a line cut off by the kill
	}
	_ = cmd.Wait()
	return acknowledged
}

// sound checks the tables against each other and SQLite's own check.
func sound(t *testing.T, s *Store) {
	t.Helper()
	ask := func(text string) (found []string) {
		rows, err := s.read.Query(text)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var one string
			if err := rows.Scan(&one); err != nil {
				t.Fatal(err)
			}
			found = append(found, one)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return found
	}
	if found := ask(`PRAGMA integrity_check`); !slices.Equal(found, []string{"ok"}) {
		t.Errorf("integrity_check: %v", found)
	}
	for name, text := range map[string]string{
		"entries without their revision": `SELECT e.id FROM entries e LEFT JOIN revisions r ON r.entry = e.id AND r.version = e.version
			WHERE r.entry IS NULL OR r.status <> e.status OR r.audience <> e.audience`,
		"revisions beyond the entry":   `SELECT r.entry FROM revisions r LEFT JOIN entries e ON e.id = r.entry WHERE e.id IS NULL OR r.version > e.version`,
		"entries that lack a revision": `SELECT e.id FROM entries e WHERE e.version <> (SELECT count(*) FROM revisions r WHERE r.entry = e.id)`,
		"edits that are not whole":     `SELECT d.seq FROM edits d WHERE d.changes <> (SELECT count(*) FROM revisions r WHERE r.seq = d.seq)`,
		"a clock that is off":          `SELECT seq FROM clock WHERE seq <> (SELECT count(*) FROM edits) OR seq <> (SELECT max(seq) FROM edits)`,
		"keys of no entry":             `SELECT entry FROM keys WHERE entry NOT IN (SELECT id FROM entries)`,
		"keys that were replaced":      `SELECT k.value FROM keys k WHERE k.entry = '` + string(id(1)) + `' AND k.value NOT IN ('shared', (SELECT note FROM edits WHERE seq = (SELECT seq FROM revisions r JOIN entries e ON e.id = r.entry AND e.version = r.version WHERE e.id = k.entry)))`,
	} {
		if found := ask(text); len(found) > 0 {
			t.Errorf("%s: %d, first %s", name, len(found), found[0])
		}
	}
}
