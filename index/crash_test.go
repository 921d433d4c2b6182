package index

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"waymark/library"
	"waymark/search"
)

const (
	crashVariable = "WAYMARK_TEST_INDEX_CRASH" // folder of the index
	kills         = 200
	crashDocs     = 60 // documents that the child's edits change in turn
)

func TestMain(m *testing.M) {
	if root := os.Getenv(crashVariable); root != "" {
		applyUntilKilled(root)
	}
	os.Exit(m.Run())
}

// crashBatch is what edit number seq does: it replaces some documents with
// ones that bear its number, and removes one.
func crashBatch(seq int64) search.Batch {
	w := world{rand.New(rand.NewPCG(uint64(seq), 1))}
	b := search.Batch{Seq: seq}
	for i := range 4 {
		d := w.document(int(seq*7+int64(i)*11) % crashDocs)
		d.Title = strconv.FormatInt(seq, 10)
		b.Documents = append(b.Documents, d)
	}
	b.Remove = []library.ID{w.document(int(seq*13+5) % crashDocs).ID}
	return b
}

// crashTruth is the library after the edits up to seq.
func crashTruth(seq int64) oracle {
	o := oracle{}
	for n := int64(1); n <= seq; n++ {
		b := crashBatch(n)
		for _, id := range b.Remove {
			delete(o, string(id))
		}
		for _, d := range b.Documents {
			o[d.Key()] = d
		}
	}
	return o
}

// applyUntilKilled is the child of TestCrash: it follows an endless list of
// edits from where the index stands.
func applyUntilKilled(root string) {
	e, err := Open(root, "test")
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	e.limits = limits{docs: 12, bytes: 1 << 20, edits: 4}
	fmt.Println("open", e.Seq())
	for seq := e.Seq() + 1; ; seq++ {
		if err := e.Apply(context.Background(), crashBatch(seq)); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		fmt.Println("applied", seq)
	}
}

// TestCrash kills a process that writes, merges, switches manifests and
// replays, again and again at any moment. What is left always opens, without
// damage, at an edit from which on following the edits again gives every
// document as they made it. What is left may lack what a later edit replaced,
// so all that were ever applied are followed again, as the library has them.
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	root := t.TempDir()
	last := int64(0)
	for range kills {
		last = max(last, runAndKill(t, root))
	}
	e := openSmall(t, root)
	defer closeEngine(t, e)
	if d := e.damage.Load(); d != nil || e.lock == nil {
		t.Fatalf("after %d kills: %v", kills, d)
	}
	seq := e.Seq()
	if seq < kills {
		t.Errorf("only %d edits reached the disk: the test tests little", seq)
	}
	for n := seq + 1; n <= last; n++ {
		apply(t, e, n, crashBatch(n).Documents, crashBatch(n).Remove...)
	}
	t.Logf("%d kills, %d edits, of which %d had reached the disk", kills, last, seq)
	truth := crashTruth(e.Seq())
	stamps, err := e.Stamps(t.Context(), library.House(), "", 1000)
	if err != nil || len(stamps) != len(truth) {
		t.Errorf("%d documents, want %d: %v", len(stamps), len(truth), err)
	}
	for _, s := range stamps {
		if d, ok := truth[string(s.ID)]; !ok || d.Digest() != s.Digest {
			t.Errorf("%s is not as the edits made it", s.ID)
		}
	}
	w := world{rand.New(rand.NewPCG(4, 4))}
	for range 100 {
		compare(t, e, truth, w.viewer(), w.query())
	}
}

// runAndKill lets a child follow edits for a moment, and gives the last that it
// has applied.
func runAndKill(t *testing.T, root string) (last int64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), crashVariable+"="+root)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	kill := time.AfterFunc(time.Duration(1+rand.IntN(120))*time.Millisecond, func() { cmd.Process.Kill() })
	defer kill.Stop()
	for lines.Scan() {
		var what string
		if n, err := fmt.Sscanf(lines.Text(), "%s %d", &what, &last); n != 2 || what == "error" {
			t.Errorf("the child says %q: %v", lines.Text(), err)
		}
	}
	cmd.Wait() // killed: that is no error here
	return last
}
