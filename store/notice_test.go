package store

import (
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"waymark/library"
)

// told writes notices as "number, + or − when gone, text", in order.
func toldOf(notices []library.Notice) string {
	var s []string
	for _, n := range notices {
		sign := "+"
		if n.Gone {
			sign = "-"
		}
		body := strings.TrimSuffix(strings.TrimPrefix(string(n.Entry.Body), `{"title":"`), `"}`)
		if n.Gone && body == `{"titles":null}` {
			body = ""
		}
		s = append(s, strings.TrimLeft(string(n.Entry.ID[19:]), "0")+sign+body)
	}
	return strings.Join(s, " ")
}

// testNotices goes through the lives of resources: what everyone knows of them
// comes in the order in which it took effect, and nothing else does.
func testNotices(t *testing.T, open func() *Store) {
	s := open()
	clock := at
	s.Now = func() time.Time { return clock }
	all := func() string {
		t.Helper()
		return toldOf(must[[]library.Notice](t)(s.Notices(t.Context(), library.Mark{}, time.Time{}, 100)))
	}
	step := func(want string, changes ...library.Change) {
		t.Helper()
		commit(t, s, edit(changes...))
		if got := all(); got != want {
			t.Errorf("everyone knows\n%s, want\n%s", got, want)
		}
	}
	change := func(read int64, e library.Entry) library.Change { return library.Change{Read: read, Entry: e} }
	agent := entry(9, "an agent")
	agent.Kind = library.KindAgent
	step("1+a 2+b 3+c", change(0, entry(1, "a")), change(0, entry(2, "b", library.Key{Scheme: library.KeyAgent, Value: string(id(9))})),
		change(0, entry(3, "c")), change(0, agent), change(0, with(entry(4, "draft"), library.Draft, library.Public, "")),
		change(0, with(entry(5, "staff"), library.Published, library.Staff, "")), change(0, with(entry(6, "alias"), library.Merged, library.Public, id(1))))
	clock = clock.Add(-time.Hour) // a clock that goes back does not turn the order round
	step("2+b 3+c 1+a2", change(1, entry(1, "a2")))
	step("3+c 1+a2 2-", change(1, with(entry(2, "withdrawn"), library.Withdrawn, library.Public, "")))
	step("3+c 1+a2 2-", change(2, with(entry(2, "withdrawn again"), library.Withdrawn, library.Public, "")),
		change(1, with(entry(4, "draft still"), library.Draft, library.Public, "")))
	step("1+a2 2- 3-", change(1, with(entry(3, "secret"), library.Published, library.Staff, "")))
	step("1+a2 2- 3-", change(2, with(entry(3, "more secret"), library.Published, library.Staff, "")))
	step("2- 3- 1-", change(2, with(entry(1, "merged"), library.Merged, library.Public, id(2))))
	step("3- 1- 2+b2", change(3, entry(2, "b2", library.Key{Scheme: library.KeyAgent, Value: string(id(9))})))
	step("3- 1- 2+b2 4+open", change(2, entry(4, "open")))
	step("3- 1- 4+open 2+b2", change(1, agent)) // the record names it
	if n := must[library.Notice](t)(s.Notice(t.Context(), id(3))); !n.Gone || strings.Contains(string(n.Entry.Body), "secret") {
		t.Errorf("the notice of a record closed is %+v", n)
	}
	for _, hidden := range []int{5, 6, 9, 10} {
		_, err := s.Notice(t.Context(), id(hidden))
		wantKind(t, err, library.NotFound)
	}
}

// testNoticePages: pages of any size between any bounds give each notice once,
// and what changes meanwhile comes at the end.
func testNoticePages(t *testing.T, open func() *Store) {
	s := open()
	clock := at.Truncate(time.Microsecond)
	s.Now = func() time.Time { return clock }
	if n := must[int](t)(s.CountNotices(t.Context(), library.Mark{}, time.Time{})); n != 0 {
		t.Errorf("an empty library has %d notices", n)
	}
	for i := range 4 { // five at each of four hours
		var some []library.Entry
		for n := range 5 {
			some = append(some, entry(1+i*5+n, "x"))
		}
		commit(t, s, fresh(some...))
		clock = clock.Add(time.Hour)
	}
	for size := 1; size <= 21; size++ {
		var got []string
		for mark := (library.Mark{}); ; {
			page := must[[]library.Notice](t)(s.Notices(t.Context(), mark, time.Time{}, size))
			if len(page) == 0 {
				break
			}
			mark = page[len(page)-1].Mark()
			got = append(got, toldOf(page))
		}
		var want []string
		for n := 1; n <= 20; n++ {
			want = append(want, fmt.Sprintf("%d+x", n))
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("in pages of %d: %s", size, got)
		}
	}
	page := must[[]library.Notice](t)(s.Notices(t.Context(), library.Mark{}, time.Time{}, 7))
	commit(t, s, edit(library.Change{Read: 1, Entry: entry(3, "y")}, library.Change{Read: 1, Entry: entry(12, "y")}))
	rest := must[[]library.Notice](t)(s.Notices(t.Context(), page[6].Mark(), time.Time{}, 100))
	if got := toldOf(rest); !strings.HasPrefix(got, "8+x") || !strings.HasSuffix(got, "20+x 3+y 12+y") || len(rest) != 14 {
		t.Errorf("behind a page come %s", got)
	}
	first := at.Truncate(time.Microsecond)
	if n := must[int](t)(s.CountNotices(t.Context(), library.Mark{At: first.Add(time.Hour)}, first.Add(3*time.Hour))); n != 9 {
		t.Errorf("between two hours are %d", n)
	}
	if got := toldOf(must[[]library.Notice](t)(s.Notices(t.Context(), library.Mark{At: first.Add(3 * time.Hour)}, first.Add(4*time.Hour), 100))); got != "16+x 17+x 18+x 19+x 20+x" {
		t.Errorf("in the last hour are %s", got)
	}
}

// testStretches: the runs of a size hold each open resource once.
func testStretches(t *testing.T, open func() *Store) {
	s := open()
	var some []library.Entry
	for n := 1; n <= 25; n++ {
		some = append(some, entry(n, "x"))
	}
	commit(t, s, fresh(some...))
	commit(t, s, edit(library.Change{Read: 1, Entry: with(entry(10, "x"), library.Withdrawn, library.Public, "")}))
	parts := must[[]library.Stretch](t)(s.Stretches(t.Context(), 8))
	n := 0
	for i, p := range parts {
		shown := must[[]library.Shown](t)(s.Shown(t.Context(), p.First, 8))
		n += len(shown)
		if shown[0].ID != p.First || shown[len(shown)-1].ID != p.Last {
			t.Errorf("stretch %d is %v, and shown is %v", i, p, shown)
		}
	}
	if n != 24 || len(parts) != 3 {
		t.Errorf("%d stretches with %d resources, want 3 with 24", len(parts), n)
	}
}

// TestNoticesOfOlder: a library of an earlier schema gets the notices that it
// would have had.
func TestNoticesOfOlder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "library.db")
	s := openFile(t, path)
	commit(t, s, fresh(entry(1, "a"), entry(2, "b"), entry(3, "c"), with(entry(4, "d"), library.Draft, library.Public, "")))
	late := edit(library.Change{Read: 1, Entry: with(entry(2, "w"), library.Withdrawn, library.Public, "")}, library.Change{Read: 1, Entry: entry(1, "a2")},
		library.Change{Read: 1, Entry: with(entry(3, "s"), library.Published, library.Staff, "")})
	late.At = at.Add(time.Minute)
	commit(t, s, late)
	again := edit(library.Change{Read: 2, Entry: with(entry(3, "s2"), library.Published, library.Staff, "")})
	again.At = at.Add(time.Hour)
	commit(t, s, again)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path = older(t, path, 40)
	s = openFile(t, path)
	notices := must[[]library.Notice](t)(s.Notices(t.Context(), library.Mark{}, time.Time{}, 100))
	if got := toldOf(notices); got != "1+a2 2- 3-" {
		t.Errorf("everyone knows %s", got)
	}
	for _, n := range notices {
		if !n.At.Equal(late.At.Truncate(time.Microsecond)) {
			t.Errorf("%s is noticed at %s", n.Entry.ID, n.At)
		}
	}
	s.Now = func() time.Time { return at }
	commit(t, s, fresh(entry(5, "e")))
	if got := toldOf(must[[]library.Notice](t)(s.Notices(t.Context(), notices[2].Mark(), time.Time{}, 100))); got != "5+e" {
		t.Errorf("behind the old notices comes %q", got)
	}
}

// older gives a library of an earlier schema with what one of this schema holds.
func older(t *testing.T, path string, version int64) string {
	t.Helper()
	old := filepath.Join(t.TempDir(), "older.db")
	db := must[*sql.DB](t)(sql.Open("sqlite", old))
	defer db.Close()
	files := must[fs.FS](t)(fs.Sub(migrations, "migrations"))
	provider := must[*goose.Provider](t)(goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger())))
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1) // which has the other library attached
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	list := func(query string, args ...any) (names []string) {
		t.Helper()
		rows := must[*sql.Rows](t)(db.QueryContext(t.Context(), query, args...))
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			names = append(names, name)
		}
		return names
	}
	exec(`ATTACH DATABASE $1 AS new`, path)
	exec(`PRAGMA main.application_id = ` + list(`PRAGMA new.application_id`)[0])
	for _, table := range list(`SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'`) {
		columns := strings.Join(list(`SELECT name FROM pragma_table_info($1, 'main')`, table), ", ")
		exec(`DELETE FROM main.` + table)
		exec(`INSERT INTO main.` + table + ` (` + columns + `) SELECT ` + columns + ` FROM new.` + table)
	}
	return old
}
