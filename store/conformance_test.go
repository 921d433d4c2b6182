package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/library"
)

// opener makes a new empty library and gives a function that opens it, as
// often as it is called: each Store stands for a process.
type opener func(t *testing.T) (open func() *Store)

// conform is what every engine must do.
func conform(t *testing.T, newLibrary opener) {
	for _, test := range []struct {
		name string
		run  func(t *testing.T, open func() *Store)
	}{
		{"commit and read", testCommitAndRead},
		{"refused edits change nothing", testRefused},
		{"conflicts", testConflicts},
		{"keys", testKeys},
		{"entries in order", testEntries},
		{"scan", testScan},
		{"merge and withdraw", testEnded},
		{"ended entries tell nothing new", testEndedSecrets},
		{"audience", testAudience},
		{"edits as told", testTold},
		{"tasks", testTasks},
		{"lookup", testLookup},
		{"visits", testVisits},
		{"access", testAccess},
		{"forms", testForms},
		{"uploads", testUploads},
		{"notes", testNotes},
		{"news", testNews},
		{"teasers", testTeasers},
		{"newer", testNewer},
		{"follows", testFollows},
		{"appeared", testAppeared},
		{"usage", testUsage},
		{"edits in pages", testPages},
		{"notices", testNotices},
		{"notices in pages", testNoticePages},
		{"stretches", testStretches},
		{"revisions as they were", testRevisions},
		{"versions and times", testHistory},
		{"texts are kept exactly", testTexts},
		{"writers and a follower", testFollower},
		{"writers of one entry", testContention},
		{"changed", testChanged},
		{"contexts end", testContexts},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, newLibrary(t)) })
	}
}

var (
	at      = time.Date(2026, 3, 1, 10, 0, 0, 123_456_789, time.FixedZone("", 3600))
	reader  = library.Viewer{}
	curator = library.Viewer{Name: "c", Role: library.Curator}
	staff   = library.Viewer{Name: "s", Audiences: []library.Audience{library.Staff}}
)

// id gives the nth ID of the tests; they sort by n.
func id(n int) library.ID { return library.ID(fmt.Sprintf("01ARZ3NDEKTSV4RRFFQ%07d", n)) }

func key(value string) library.Key { return library.Key{Scheme: "title", Value: value} }

// entry makes a published public resource.
func entry(n int, body string, keys ...library.Key) library.Entry {
	b, err := json.Marshal(map[string]string{"title": body})
	if err != nil {
		panic(err)
	}
	return library.Entry{ID: id(n), Kind: library.KindResource, Status: library.Published, Audience: library.Public, Keys: keys, Body: b}
}

func with(e library.Entry, status library.Status, audience library.Audience, into library.ID) library.Entry {
	e.Status, e.Audience, e.MergedInto = status, audience, into
	return e
}

func edit(changes ...library.Change) library.Edit {
	return library.Edit{At: at, Actor: "the tests", Action: "edit", Note: "a note", Changes: changes}
}

func fresh(entries ...library.Entry) library.Edit {
	var changes []library.Change
	for _, e := range entries {
		changes = append(changes, library.Change{Entry: e})
	}
	return edit(changes...)
}

func commit(t *testing.T, s *Store, e library.Edit) library.Edit {
	t.Helper()
	stored, err := s.Commit(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantKind(t *testing.T, err error, kind library.ErrorKind) {
	t.Helper()
	if library.KindOf(err) != kind {
		t.Errorf("the error is %q (%v), want %q", library.KindOf(err), err, kind)
	}
}

func ids(entries []library.Entry) string {
	var s []string
	for _, e := range entries {
		s = append(s, strings.TrimLeft(string(e.ID[19:]), "0"))
	}
	return strings.Join(s, " ")
}

// stored is an entry as reading gives it: without keys.
func stored(e library.Entry) library.Entry {
	e.Keys = nil
	return e
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s is\n%+v, want\n%+v", what, got, want)
	}
}

func testCommitAndRead(t *testing.T, open func() *Store) {
	s := open()
	if seq := must[int64](t)(s.Seq(t.Context())); seq != 0 {
		t.Errorf("a new library has edit %d", seq)
	}
	given := fresh(entry(2, "two"), entry(1, "one"))
	e := commit(t, s, given)
	moment := at.UTC().Truncate(time.Microsecond)
	if e.Seq != 1 || !e.At.Equal(moment) || e.At.Location() != time.UTC || e.Actor != given.Actor || e.Note != given.Note {
		t.Errorf("stored edit: %+v", e)
	}
	if given.Changes[0].Entry.Version != 0 {
		t.Error("Commit changed the caller's edit")
	}
	for i, c := range e.Changes {
		want := given.Changes[i].Entry
		want.Version, want.Created, want.Updated = 1, moment, moment
		same(t, "the stored change", c, library.Change{Entry: want})
		same(t, "the entry", must[library.Entry](t)(s.Entry(t.Context(), reader, want.ID)), stored(want))
	}
	later := edit(library.Change{Read: 1, Entry: entry(1, "uno")})
	later.At = at.Add(time.Hour)
	if e = commit(t, s, later); e.Seq != 2 {
		t.Errorf("the second edit has number %d", e.Seq)
	}
	want := entry(1, "uno")
	want.Version, want.Created, want.Updated = 2, moment, moment.Add(time.Hour)
	same(t, "the changed entry as stored", e.Changes[0].Entry, want)
	same(t, "the changed entry", must[library.Entry](t)(open().Entry(t.Context(), reader, id(1))), want)
	_, err := s.Entry(t.Context(), library.House(), id(3))
	wantKind(t, err, library.NotFound)
}

func testRefused(t *testing.T, open func() *Store) {
	s := open()
	commit(t, s, fresh(entry(1, "one")))
	agent := entry(1, "one")
	agent.Kind = library.KindAgent
	broken, keyed, nul := entry(2, ""), entry(2, "", key("")), entry(2, "", key("a\x00b"))
	broken.Body = json.RawMessage(`{"title": `)
	unnamed := entry(2, "")
	unnamed.ID = "two"
	anonymous, undated := fresh(entry(2, "")), fresh(entry(2, ""))
	anonymous.Actor, undated.At = "", time.Time{}
	for name, e := range map[string]library.Edit{
		"without changes":           edit(),
		"without an actor":          anonymous,
		"without a time":            undated,
		"the same entry twice":      fresh(entry(2, "a"), entry(2, "b")),
		"another kind":              edit(library.Change{Read: 1, Entry: agent}),
		"a body that is no JSON":    fresh(broken),
		"an ID that is none":        fresh(unnamed),
		"an empty key":              fresh(keyed),
		"a key with a zero byte":    fresh(nul),
		"without a status":          fresh(with(entry(2, ""), "", library.Public, "")),
		"merged into nothing":       fresh(with(entry(2, ""), library.Merged, library.Public, "")),
		"merged into what is not":   fresh(with(entry(2, ""), library.Merged, library.Public, id(9))),
		"merged into itself":        edit(library.Change{Read: 1, Entry: with(entry(1, ""), library.Merged, library.Public, id(1))}),
		"published with a target":   fresh(with(entry(2, ""), library.Published, library.Public, id(1))),
		"merged in a circle of two": fresh(with(entry(2, ""), library.Merged, library.Public, id(3)), with(entry(3, ""), library.Merged, library.Public, id(2))),
	} {
		_, err := s.Commit(t.Context(), e)
		if library.KindOf(err) != library.Invalid {
			t.Errorf("%s: the error is %v, want Invalid", name, err)
		}
	}
	if seq := must[int64](t)(s.Seq(t.Context())); seq != 1 {
		t.Errorf("after refused edits the number is %d, want 1", seq)
	}
	same(t, "what is stored", ids(must[[]library.Entry](t)(s.Scan(t.Context(), library.House(), library.KindResource, "", 0))), "1")
}

func testConflicts(t *testing.T, open func() *Store) {
	s := open()
	commit(t, s, fresh(entry(1, "one", key("k1")), entry(2, "two")))
	commit(t, s, edit(library.Change{Read: 1, Entry: entry(1, "one, again", key("k1"))}))
	for name, c := range map[string]library.Change{
		"stale":        {Read: 1, Entry: entry(1, "lost", key("k2"))},
		"too new":      {Read: 3, Entry: entry(1, "lost", key("k2"))},
		"exists":       {Read: 0, Entry: entry(1, "lost", key("k2"))},
		"is not there": {Read: 1, Entry: entry(7, "lost", key("k2"))},
	} {
		t.Run(name, func(t *testing.T) {
			// A good change and a new entry in the same edit must not stay either.
			_, err := s.Commit(t.Context(), edit(library.Change{Read: 1, Entry: entry(2, "two, lost", key("k2"))}, c, library.Change{Entry: entry(8, "new")}))
			wantKind(t, err, library.Conflict)
			if err != nil && !strings.Contains(err.Error(), string(c.Entry.ID)) {
				t.Errorf("%q does not name the entry", err)
			}
		})
	}
	all := must[[]library.Entry](t)(s.Scan(t.Context(), reader, library.KindResource, "", 0))
	same(t, "what is stored", ids(all), "1 2")
	if bytes.Contains(all[0].Body, []byte("lost")) || bytes.Contains(all[1].Body, []byte("lost")) || all[1].Version != 1 {
		t.Errorf("a refused edit has left something: %+v", all)
	}
	same(t, "what was found", ids(must[[]library.Entry](t)(s.Find(t.Context(), reader, library.KindResource, []library.Key{key("k2")}, 0))), "")
	if seq := must[int64](t)(s.Seq(t.Context())); seq != 2 {
		t.Errorf("refused edits took numbers: %d", seq)
	}
}

func testKeys(t *testing.T, open func() *Store) {
	s := open()
	agent := entry(9, "nine", key("a"))
	agent.Kind = library.KindAgent
	var many []library.Key
	for i := range 320 {
		many = append(many, key(fmt.Sprintf("many %03d", i)))
	}
	commit(t, s, fresh(
		entry(1, "", key("a"), key("b"), key("a")), // a key given twice is one
		entry(2, "", key("a"), key("b"), key("c")),
		entry(3, "", key("c")),
		entry(4, "", append(many, key("a"))...),
		with(entry(5, "", key("a")), library.Withdrawn, library.Public, ""),
		with(entry(6, "", key("a")), library.Merged, library.Public, id(1)),
		with(entry(7, "", key("a")), library.Draft, library.Public, ""),
		with(entry(8, "", key("a"), key("b")), library.Published, library.Staff, ""), agent))
	find := func(v library.Viewer, kind library.Kind, limit int, keys ...library.Key) string {
		t.Helper()
		return ids(must[[]library.Entry](t)(s.Find(t.Context(), v, kind, keys, limit)))
	}
	a, b, c := key("a"), key("b"), key("c")
	for _, row := range []struct {
		name, got, want string
	}{
		{"one key", find(reader, library.KindResource, 0, c), "2 3"},
		{"most keys first, then by ID", find(reader, library.KindResource, 0, c, b, a, a), "2 1 3 4"},
		{"with a limit", find(reader, library.KindResource, 2, a, b, c), "2 1"},
		{"for staff", find(staff, library.KindResource, 3, a, b, c), "2 1 8"},
		{"the limit counts what the viewer sees", find(reader, library.KindResource, 3, a, b, c), "2 1 3"},
		{"drafts for curators", find(curator, library.KindResource, 0, a), "1 2 4 7"},
		{"the house sees all but what has ended", find(library.House(), library.KindResource, 0, a), "1 2 4 7 8"},
		{"another kind", find(reader, library.KindAgent, 0, a), "9"},
		{"more keys than a statement takes", find(reader, library.KindResource, 0, append(slices.Clone(many), b)...), "4 1 2"},
		{"another scheme", find(reader, library.KindResource, 0, library.Key{Scheme: "near", Value: "a"}), ""},
		{"no key", find(reader, library.KindResource, 0), ""},
	} {
		same(t, row.name, row.got, row.want)
	}
	commit(t, s, edit(library.Change{Read: 1, Entry: entry(2, "", b, key("d"))}))
	same(t, "with the old key", find(reader, library.KindResource, 0, c), "3")
	same(t, "with the new key", find(reader, library.KindResource, 0, key("d")), "2")
	same(t, "with the key kept", find(reader, library.KindResource, 0, b), "1 2")
}

func testEntries(t *testing.T, open func() *Store) {
	s := open()
	var all []library.Entry
	var asked []library.ID
	for n := range 1_250 {
		all = append(all, entry(n, fmt.Sprint(n)))
		asked = append(asked, id(n), id(n+5_000), id(n)) // there, not there, asked again
	}
	commit(t, s, fresh(all...))
	rand.Shuffle(len(asked), func(i, j int) { asked[i], asked[j] = asked[j], asked[i] })
	var want []library.ID
	for _, a := range asked {
		if a < id(1_250) && !slices.Contains(want, a) {
			want = append(want, a)
		}
	}
	got := must[[]library.Entry](t)(s.Entries(t.Context(), reader, asked))
	if !slices.EqualFunc(got, want, func(e library.Entry, want library.ID) bool { return e.ID == want }) {
		t.Errorf("%d entries are not those asked, in the order asked", len(got))
	}
	if got := must[[]library.Entry](t)(s.Entries(t.Context(), reader, nil)); len(got) != 0 {
		t.Errorf("nothing asked, %d given", len(got))
	}
}

func testScan(t *testing.T, open func() *Store) {
	s := open()
	var all []library.Entry
	for n := range 2_100 {
		e := entry(n, fmt.Sprint(n))
		if n%3 > 0 {
			e.Audience = library.Staff
		}
		if n%7 == 0 {
			e.Kind = library.KindAgent
		}
		all = append(all, e)
	}
	commit(t, s, fresh(all...))
	for _, v := range []library.Viewer{reader, library.House()} {
		var want []library.Entry
		for _, e := range all {
			if e.Kind == library.KindResource && v.Sees(e.Status, e.Audience) {
				want = append(want, e)
			}
		}
		var got []library.Entry
		for after := library.ID(""); ; {
			page := must[[]library.Entry](t)(s.Scan(t.Context(), v, library.KindResource, after, 100))
			got = append(got, page...)
			if len(page) < 100 {
				break
			}
			after = page[99].ID
		}
		same(t, "scanned in pages", ids(got), ids(want))
		same(t, "scanned at once", ids(must[[]library.Entry](t)(s.Scan(t.Context(), v, library.KindResource, "", 0))), ids(want))
	}
}

func testPages(t *testing.T, open func() *Store) {
	s := open()
	n := 0
	for _, size := range []int{1, 6_000, 1, 6_000, pageChanges + 1, 1} {
		var all []library.Entry
		for range size {
			all = append(all, entry(n, ""))
			n++
		}
		commit(t, s, fresh(all...))
	}
	for _, row := range []struct {
		after int64
		limit int
		want  string
	}{
		{0, 0, "1:1 2:6000 3:1 4:6000 5:10001 6:1"},
		{0, 2, "1:1 2:6000"},
		{0, 100, "1:1 2:6000 3:1"},
		{3, 100, "4:6000"},
		{4, 100, "5:10001"},
		{5, 100, "6:1"},
		{6, 100, ""},
		{99, 0, ""},
	} {
		var got []string
		for _, e := range must[[]library.Edit](t)(s.Edits(t.Context(), reader, row.after, row.limit)) {
			got = append(got, fmt.Sprintf("%d:%d", e.Seq, len(e.Changes)))
		}
		same(t, fmt.Sprintf("after %d, at most %d", row.after, row.limit), strings.Join(got, " "), row.want)
	}
}

func testRevisions(t *testing.T, open func() *Store) {
	s := open()
	var want []library.Edit
	for version := range 3 {
		e := edit(library.Change{Read: int64(version), Entry: entry(1, fmt.Sprint("version ", version+1))},
			library.Change{Entry: entry(10+version, "beside")})
		e.At = at.Add(time.Duration(version) * time.Hour)
		e.Note = fmt.Sprint("note ", version)
		done := commit(t, s, e)
		done.Changes = done.Changes[:1]
		want = append(want, done)
	}
	same(t, "the history", must[[]library.Edit](t)(s.Revisions(t.Context(), curator, id(1))), want)
	for i, e := range must[[]library.Edit](t)(s.Edits(t.Context(), curator, 0, 0)) {
		same(t, "the entry as of its edit", e.Changes[0], want[i].Changes[0])
		if len(e.Changes) != 2 {
			t.Errorf("edit %d has %d changes, want 2", e.Seq, len(e.Changes))
		}
	}
	_, err := s.Revisions(t.Context(), curator, id(2))
	wantKind(t, err, library.NotFound)
}

func testTexts(t *testing.T, open func() *Store) {
	s := open()
	text := "l’été ‘quoted’ \"'); DROP TABLE entries; -- % _ \\ \t العنف 暴力 👩🏽‍⚖️ e\u0301 é"
	e := fresh(entry(1, text, library.Key{Scheme: text, Value: text}, key("É"), key("é"), key("e\u0301")))
	e.Actor, e.Action, e.Note = text, text, text
	e.Changes[0].Entry.Body = json.RawMessage(`{ "b":1,  "a":"\u0000", "big":12345678901234567890.10 }`)
	commit(t, s, e)
	got := must[[]library.Edit](t)(s.Revisions(t.Context(), curator, id(1)))[0]
	if got.Actor != text || got.Action != text || got.Note != text || !bytes.Equal(got.Changes[0].Entry.Body, e.Changes[0].Entry.Body) {
		t.Errorf("stored %+v", got)
	}
	for k, want := range map[library.Key]string{{Scheme: text, Value: text}: "1", key("é"): "1", key("E"): "", key("e"): ""} {
		same(t, "found by "+k.Value, ids(must[[]library.Entry](t)(s.Find(t.Context(), reader, library.KindResource, []library.Key{k}, 0))), want)
	}
}
