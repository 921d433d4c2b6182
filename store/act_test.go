package store

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/library"
)

var governor = library.Viewer{Name: "Ada", Role: library.Administrator}

func act(n int, at time.Time, did string) library.Act {
	return library.Act{ID: string(id(n)), At: at, Name: fmt.Sprintf("P%d", n%3), Did: did, Subject: "x", Address: "192.0.2.7"}
}

func addAct(t *testing.T, a *Access, act library.Act) {
	t.Helper()
	if err := a.AddAct(t.Context(), act); err != nil {
		t.Fatal(err)
	}
}

// TestActsStay: the database refuses to change or remove what the audit tells
// of, whoever asks; it forgets old sign-ins and addresses, and nothing else.
func TestActsStay(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "l.db"))
	a := s.Access()
	commit(t, s, fresh(entry(1, "a record")))
	old, now := time.UnixMicro(1_000_000), time.UnixMicro(9_000_000)
	for n, x := range []library.Act{act(1, old, library.SignedIn), act(2, old, "role"), act(3, now, library.SignedIn), act(4, now, "role"), act(5, old, library.SignedOut)} {
		_ = n
		addAct(t, a, x)
	}
	for _, text := range []string{
		`UPDATE acts SET name = 'nobody'`, `DELETE FROM acts`, `DELETE FROM acts WHERE act = 'sign-in'`, `UPDATE acts SET at = 0 WHERE act = 'sign-in'`,
		`UPDATE edits SET actor = 'nobody'`, `DELETE FROM edits`, `UPDATE revisions SET body = '{}'`, `DELETE FROM revisions`,
		`REPLACE INTO acts SELECT * FROM acts`, `INSERT OR REPLACE INTO edits SELECT seq, at, 'nobody', action, note, changes FROM edits`,
	} {
		if _, err := s.write.Exec(text); err == nil {
			t.Errorf("%s was done", text)
		}
	}
	if err := a.ExpireActs(t.Context(), time.UnixMicro(5_000_000), time.UnixMicro(9_000_000)); err != nil {
		t.Fatal(err)
	}
	left, err := a.Acts(t.Context(), governor, library.ActFilter{Limit: 100})
	var told []string
	for _, x := range left {
		told = append(told, x.ID+x.Address)
	}
	want := []string{"1", string(id(4)) + "192.0.2.7", string(id(3)) + "192.0.2.7", string(id(2))}
	slices.Sort(told)
	slices.Sort(want)
	if err != nil || !slices.Equal(told, want) {
		t.Errorf("what is left is %v (%v), want %v", told, err, want)
	}
	if _, err := s.write.Exec(`DELETE FROM acts WHERE act = 'sign-in'`); err == nil {
		t.Error("after an expiry, sign-ins can be removed")
	}
}

// TestOneHandOnTheAudit: no statement of this program changes or removes what
// the audit tells of, but for the expiry.
func TestOneHandOnTheAudit(t *testing.T) {
	hand := regexp.MustCompile(`(?i)\b(UPDATE|DELETE\s+FROM|REPLACE\s+INTO|DROP\s+TABLE|ALTER\s+TABLE)\s+(acts|act_addresses|act_bound|edits|revisions)\b`)
	seen := 0
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		name := filepath.ToSlash(path)
		if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".sql") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, hit := range hand.FindAllString(string(text), -1) {
			if seen++; name != "../store/act.go" {
				t.Errorf("%s says %q", name, hit)
			}
		}
		return nil
	})
	if err != nil || seen != 5 {
		t.Errorf("%d statements were seen (%v), want the five of the expiry", seen, err)
	}
}

// TestActsPages: acts and edits in one order, page after page, each once,
// whatever times they have in common.
func TestActsPages(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "l.db"))
	a := s.Access()
	random := rand.New(rand.NewPCG(6, 55))
	for n := 1; n <= 60; n++ {
		at := time.UnixMicro(1_000_000 + int64(random.IntN(8))).UTC()
		if random.IntN(2) == 0 {
			addAct(t, a, act(n, at, []string{"role", "sign-in"}[random.IntN(2)]))
			continue
		}
		e := fresh(entry(n, "x"))
		e.At, e.Actor, e.Action = at, fmt.Sprintf("P%d", n%3), "import"
		commit(t, s, e)
	}
	for _, f := range []library.ActFilter{{}, {Who: "P1"}, {Did: "role"}, {Did: "import", Who: "P2"}, {From: time.UnixMicro(1_000_002), To: time.UnixMicro(1_000_006)}} {
		f.Limit = 1000
		whole, err := a.Acts(t.Context(), governor, f)
		if err != nil || len(whole) == 0 {
			t.Fatal(len(whole), err)
		}
		for _, x := range whole {
			if f.Who != "" && x.Name != f.Who || f.Did != "" && x.Did != f.Did || x.At.Before(f.From) || !f.To.IsZero() && !x.At.Before(f.To) {
				t.Errorf("%+v does not fit %+v", x, f)
			}
		}
		var paged []library.Act
		for f.Limit = 7; ; {
			page, err := a.Acts(t.Context(), governor, f)
			if err != nil {
				t.Fatal(err)
			}
			if paged = append(paged, page...); len(page) < f.Limit {
				break
			}
			f.After = page[len(page)-1].Cursor()
		}
		if !reflect.DeepEqual(paged, whole) {
			t.Errorf("%+v: %d acts by pages, %d at once", f, len(paged), len(whole))
		}
	}
	for _, after := range []string{"x", "1.z.2", "1.e.y", "..", "9999999999999999999999.a.b"} {
		if _, err := a.Acts(t.Context(), governor, library.ActFilter{After: after, Limit: 1}); library.KindOf(err) != library.Invalid {
			t.Errorf("%q: %v", after, err)
		}
	}
}

// TestActsGate: the audit is for administrators, and tells those who do not see
// an entry nothing about it.
func TestActsGate(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "l.db"))
	a := s.Access()
	hidden := fresh(with(entry(1, canary), library.Published, library.Staff, ""), entry(2, "open"))
	hidden.Note = canary
	commit(t, s, hidden)
	open := fresh(entry(3, "open"))
	open.Note = "for all to know"
	commit(t, s, open)
	once := fresh(entry(4, "open"))
	once.Note = canary
	commit(t, s, once)
	commit(t, s, edit(library.Change{Read: 1, Entry: with(entry(4, ""), library.Published, library.Staff, "")}))
	for _, v := range []library.Viewer{{}, reader, curator, {Role: library.Submitter}} {
		if _, err := a.Acts(t.Context(), v, library.ActFilter{Limit: 10}); library.KindOf(err) != library.Forbidden {
			t.Errorf("%+v is answered %v", v, err)
		}
	}
	all, err := a.Acts(t.Context(), governor, library.ActFilter{Limit: 10})
	text := fmt.Sprintf("%+v", all)
	if err != nil || len(all) != 4 || strings.Contains(text, canary) || strings.Contains(text, string(id(1))) || strings.Contains(text, string(id(4))) || !strings.Contains(text, "for all to know") {
		t.Errorf("an administrator without staff is told %s (%v)", text, err)
	}
	staffed := governor
	staffed.Audiences = []library.Audience{library.Staff}
	if all, err = a.Acts(t.Context(), staffed, library.ActFilter{Limit: 10}); err != nil || !strings.Contains(fmt.Sprintf("%+v", all), canary) {
		t.Errorf("an administrator with staff is told %+v (%v)", all, err)
	}
}
