package terms

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/library"
	"waymark/store"
	"waymark/vocabulary"
)

var admin = library.Viewer{Name: "Ada", Role: library.Administrator}

// keeper opens a keeper over a store; two over one store are two processes.
func keeper(t *testing.T, path string) *Keeper {
	t.Helper()
	st, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	v, err := vocabulary.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	k := &Keeper{Store: st, Vocabularies: v, Now: time.Now}
	if err := k.Level(t.Context()); err != nil {
		t.Fatal(err)
	}
	return k
}

func topic(code, name string) vocabulary.Amendment {
	return vocabulary.Amendment{List: "topics", Term: vocabulary.Term{Code: code, Labels: library.Text{"en": name}}}
}

// TestLife: a term is added, renamed, merged, and stands by itself again; each
// step is in its history, and another process follows.
func TestLife(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.db")
	k, other := keeper(t, path), keeper(t, path)
	ctx := t.Context()
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if err := other.Level(ctx); err != nil {
			t.Fatal(err)
		}
	}
	do(k.Add(ctx, admin, topic("cyber-scams", "Cyber Scams"), "asked for by the Bangkok office"))
	do(k.Save(ctx, admin, topic("cyber-scams", "Online Scam Centres"), 1, ""))
	for _, v := range []*vocabulary.Vocabularies{k.Vocabularies, other.Vocabularies} {
		for _, name := range []string{"Cyber Scams", "online scam centres"} {
			if got, _ := v.Topics.Find(name); got.Code != "cyber-scams" {
				t.Errorf("%q leads to %q", name, got.Code)
			}
		}
	}
	do(k.Merge(ctx, admin, "topics", "cyber-scams", "trafficking", 2, "one topic"))
	if got, _ := other.Vocabularies.Topics.Find("Cyber Scams"); got.Code != "trafficking" {
		t.Errorf("the merged topic leads to %q", got.Code)
	}
	do(k.Merge(ctx, admin, "topics", "cyber-scams", "", 3, ""))
	do(k.Deprecate(ctx, admin, "topics", "cyber-scams", true, 4, ""))
	if got, ok := other.Vocabularies.Topics.Get("cyber-scams"); !ok || !got.Deprecated || got.Code != "cyber-scams" {
		t.Errorf("the topic is %+v", got)
	}
	past, err := k.History(ctx, admin, "topics", "cyber-scams")
	var did []string
	for _, r := range past {
		did = append(did, fmt.Sprint(r.Version, r.Who, r.Did, r.Why))
	}
	if want := "5Adadeprecate a term|4Adatake a merge of terms back|3Adamerge a termone topic|2Adachange a term|1Adaadd a termasked for by the Bangkok office"; err != nil || strings.Join(did, "|") != want {
		t.Errorf("the history is %s (%v), want %s", strings.Join(did, "|"), err, want)
	}
}

// TestRefused: only administrators change terms, none twice, and none from a
// version that does not stand.
func TestRefused(t *testing.T) {
	k := keeper(t, filepath.Join(t.TempDir(), "library.db"))
	ctx := t.Context()
	curator := library.Viewer{Name: "Cy", Role: library.Curator}
	if err := k.Add(ctx, admin, topic("x", "X"), ""); err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		err  error
		kind library.ErrorKind
	}{
		"a curator":     {k.Add(ctx, curator, topic("y", "Y"), ""), library.Forbidden},
		"twice":         {k.Add(ctx, admin, topic("x", "Z"), ""), library.Conflict},
		"built in":      {k.Add(ctx, admin, topic("protection", "Z"), ""), library.Conflict},
		"an old one":    {k.Save(ctx, admin, topic("x", "Z"), 0, ""), library.Conflict},
		"none":          {k.Save(ctx, admin, topic("nothing", "Z"), 0, ""), library.NotFound},
		"a taken name":  {k.Save(ctx, admin, topic("x", "Protection"), 1, ""), library.Invalid},
		"into nowhere":  {k.Merge(ctx, admin, "topics", "x", "nowhere", 1, ""), library.Invalid},
		"no such list":  {k.Add(ctx, admin, vocabulary.Amendment{List: "holdings", Term: topic("y", "Y").Term}, ""), library.Invalid},
		"a code of ill": {k.Add(ctx, admin, topic("../x", "Q"), ""), library.Invalid},
	} {
		if library.KindOf(row.err) != row.kind {
			t.Errorf("%s: %v, want %s", name, row.err, row.kind)
		}
	}
	if _, err := k.History(ctx, curator, "topics", "x"); library.KindOf(err) != library.Forbidden {
		t.Error("a curator reads the history:", err)
	}
	if n := k.Version("topics", "x"); n != 1 {
		t.Errorf("what was refused made version %d", n)
	}
}

// TestTogether: two processes that add terms at once, of one name and of others,
// keep every term that fits, and never two of one name.
func TestTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.db")
	ks := []*Keeper{keeper(t, path), keeper(t, path)}
	const each = 8
	var work sync.WaitGroup
	won := make([][each]bool, len(ks))
	for i, k := range ks {
		work.Go(func() {
			for n := range each {
				err := k.Add(t.Context(), admin, topic(fmt.Sprintf("of-%d-%d", i, n), fmt.Sprintf("Contested %d", n)), "")
				if won[i][n] = err == nil; err != nil && library.KindOf(err) != library.Invalid {
					t.Errorf("keeper %d, term %d: %v", i, n, err)
				}
			}
		})
	}
	work.Wait()
	for n := range each {
		if won[0][n] == won[1][n] {
			t.Errorf("the name %d was taken by both or by none", n)
		}
	}
}

// TestFollow: what an edit touches is told: the term itself, what was merged
// into it, and for a region whatever lies somewhere.
func TestFollow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.db")
	k, follower := keeper(t, path), keeper(t, path)
	ctx := t.Context()
	step := func(err error) func(*library.Resource) bool {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		seq, _ := k.Store.Seq(ctx)
		edits, err := k.Store.(*store.Store).Edits(ctx, library.House(), seq-1, 1)
		if err != nil {
			t.Fatal(err)
		}
		touched, err := follower.Follow(ctx, edits)
		if err != nil {
			t.Fatal(err)
		}
		return touched
	}
	of := func(codes ...string) *library.Resource { return &library.Resource{Topics: codes} }
	step(k.Add(ctx, admin, topic("a", "Aaa"), ""))
	step(k.Add(ctx, admin, topic("b", "Bbb"), ""))
	step(k.Merge(ctx, admin, "topics", "a", "b", 1, ""))
	touched := step(k.Merge(ctx, admin, "topics", "b", "protection", 1, ""))
	if !touched(of("a")) || !touched(of("b")) || touched(of("protection")) || touched(&library.Resource{Countries: []string{"UG"}}) {
		t.Error("a merge of b touches what names a or b, and nothing else")
	}
	touched = step(k.Add(ctx, admin, vocabulary.Amendment{List: "regions", Term: vocabulary.Term{Code: "lakes", Scheme: "field", Labels: library.Text{"en": "Lakes"}, Members: []string{"UG"}}}, ""))
	if touched(of("a")) || !touched(&library.Resource{Countries: []string{"UG"}}) {
		t.Error("a region touches what lies somewhere")
	}
}

// TestImport: a dry import writes nothing; a true one adds and changes in one
// edit, and the same again does nothing.
func TestImport(t *testing.T) {
	k := keeper(t, filepath.Join(t.TempDir(), "library.db"))
	ctx := t.Context()
	same, _, _ := k.Term("topics", "trafficking")
	changed, _, _ := k.Term("topics", "protection")
	changed.Labels = library.Text{"en": "Care"}
	as := []vocabulary.Amendment{topic("x", "X"), {List: "topics", Term: changed}, {List: "topics", Term: same}}
	want := Report{Added: []string{"x"}, Changed: []string{"protection"}, Same: 1}
	for _, dry := range []bool{true, false} {
		before, _ := k.Store.Seq(ctx)
		got, err := k.Import(ctx, admin, as, "", dry)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("the import gave %+v (%v), want %+v", got, err, want)
		}
		if after, _ := k.Store.Seq(ctx); (after != before) == dry {
			t.Errorf("dry %t: from edit %d to %d", dry, before, after)
		}
	}
	if got, err := k.Import(ctx, admin, as, "", false); err != nil || got.Same != 3 {
		t.Errorf("the same again gave %+v (%v)", got, err)
	}
}
