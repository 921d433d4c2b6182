package store

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/library"
)

func testEnded(t *testing.T, open func() *Store) {
	s := open()
	var all []library.Entry
	for n := 1; n <= 8; n++ {
		all = append(all, entry(n, ""))
	}
	commit(t, s, fresh(all...))
	// 1 → 2 → 3 stands; 4 → 5 withdrawn; 6 → 7 → 8 for staff; 9 came as an alias.
	commit(t, s, edit(library.Change{Read: 1, Entry: with(entry(1, ""), library.Merged, library.Public, id(2))},
		library.Change{Read: 1, Entry: with(entry(4, ""), library.Merged, library.Public, id(5))},
		library.Change{Read: 1, Entry: with(entry(6, ""), library.Merged, library.Public, id(7))},
		library.Change{Entry: with(entry(9, ""), library.Merged, library.Public, id(3))}))
	commit(t, s, edit(library.Change{Read: 1, Entry: with(entry(2, ""), library.Merged, library.Public, id(3))},
		library.Change{Read: 1, Entry: with(entry(5, ""), library.Withdrawn, library.Public, "")},
		library.Change{Read: 1, Entry: with(entry(7, ""), library.Merged, library.Public, id(8))},
		library.Change{Read: 1, Entry: with(entry(8, ""), library.Published, library.Staff, "")}))
	for _, row := range []struct {
		viewer library.Viewer
		n, to  int
		kind   library.ErrorKind
	}{
		{reader, 1, 3, library.Moved},
		{reader, 2, 3, library.Moved},
		{reader, 3, 0, ""},
		{reader, 9, 3, library.Moved},
		{reader, 4, 0, library.Gone},
		{reader, 5, 0, library.Gone},
		{library.House(), 5, 0, library.Gone},
		{reader, 6, 0, library.NotFound},
		{reader, 7, 0, library.NotFound},
		{reader, 8, 0, library.NotFound},
		{staff, 6, 8, library.Moved},
		{staff, 7, 8, library.Moved},
		{staff, 8, 0, ""},
	} {
		_, err := s.Entry(t.Context(), row.viewer, id(row.n))
		to, moved := library.MovedTo(err)
		if library.KindOf(err) != row.kind || moved && to != id(row.to) {
			t.Errorf("entry %d for %q: %v (to %s), want %q to %d", row.n, row.viewer.Name, err, to, row.kind, row.to)
		}
	}
	// A circle closed by a later edit is refused, undoing a merge is not.
	_, err := s.Commit(t.Context(), edit(library.Change{Read: 1, Entry: with(entry(3, ""), library.Merged, library.Public, id(1))}))
	wantKind(t, err, library.Invalid)
	commit(t, s, edit(library.Change{Read: 2, Entry: entry(1, "split again")}))
	if e := must[library.Entry](t)(s.Entry(t.Context(), reader, id(1))); e.Version != 3 || e.MergedInto != "" {
		t.Errorf("the entry split again is %+v", e)
	}
}

// testEndedSecrets: what was never open to a viewer does not become known by
// its end, and what was narrowed before it is not remembered.
func testEndedSecrets(t *testing.T, open func() *Store) {
	s := open()
	commit(t, s, fresh(entry(1, "the one that stays")))
	lives := map[int][]library.Entry{
		2: {with(entry(2, ""), library.Draft, library.Public, ""), with(entry(2, ""), library.Withdrawn, library.Public, "")},
		3: {with(entry(3, ""), library.Draft, library.Public, ""), with(entry(3, ""), library.Merged, library.Public, id(1))},
		4: {with(entry(4, ""), library.Published, library.Staff, ""), with(entry(4, ""), library.Merged, library.Staff, id(1))},
		5: {entry(5, ""), with(entry(5, ""), library.Published, library.Staff, ""), with(entry(5, ""), library.Withdrawn, library.Staff, "")},
		6: {with(entry(6, ""), library.Published, library.Staff, ""), with(entry(6, ""), library.Withdrawn, library.Public, "")},
		7: {entry(7, ""), with(entry(7, ""), library.Draft, library.Public, ""), with(entry(7, ""), library.Withdrawn, library.Public, "")},
	}
	for _, life := range lives {
		for i, e := range life {
			commit(t, s, edit(library.Change{Read: int64(i), Entry: e}))
		}
	}
	for _, row := range []struct {
		viewer library.Viewer
		n      int
		kind   library.ErrorKind
	}{
		{reader, 2, library.NotFound}, {reader, 3, library.NotFound}, {reader, 4, library.NotFound},
		{reader, 5, library.NotFound}, {reader, 6, library.NotFound}, {reader, 7, library.Gone},
		{curator, 2, library.Gone}, {curator, 3, library.Moved}, {curator, 4, library.NotFound},
		{staff, 4, library.Moved}, {staff, 5, library.Gone}, {staff, 2, library.NotFound},
	} {
		_, err := s.Entry(t.Context(), row.viewer, id(row.n))
		if library.KindOf(err) != row.kind {
			t.Errorf("entry %d for %q: %v, want %q", row.n, row.viewer.Name, err, row.kind)
		}
	}
}

const canary = "CANARY"

// gated calls each reading method for a viewer, in every way that could give
// the entries of testAudience, and gives all that came back as one text.
func gated(t *testing.T, s *Store, v library.Viewer, asked []library.ID) map[string]string {
	ctx := t.Context()
	out := map[string]string{}
	tell := func(method string, got any, err error) {
		b, _ := json.Marshal(got)
		out[method] += string(b)
		if err != nil {
			out[method] += err.Error()
		}
	}
	for _, id := range asked {
		e, err := s.Entry(ctx, v, id)
		tell("Entry", e, err)
		r, err := s.Revisions(ctx, v, id)
		tell("Revisions", r, err)
	}
	entries, err := s.Entries(ctx, v, asked)
	tell("Entries", entries, err)
	newer, _, err := s.Newer(ctx, v, []library.Kind{library.KindResource, library.KindAgent}, 0)
	tell("Newer", newer, err)
	var refs []library.Ref
	for _, id := range asked {
		refs = append(refs, library.Ref{ID: id, Version: 1}, library.Ref{ID: id, Version: 2})
	}
	for _, days := range []int{0, 1} {
		then, err := s.AsOf(ctx, v, asked, at.AddDate(0, 0, days))
		tell("AsOf", then, err)
	}
	versions, err := s.Versions(ctx, v, refs)
	tell("Versions", versions, err)
	for _, limit := range []int{0, 1, 100} {
		for _, kind := range []library.Kind{library.KindResource, library.KindAgent} {
			found, err := s.Find(ctx, v, kind, []library.Key{key("shared")}, limit)
			tell("Find", found, err)
			looked, err := s.Lookup(ctx, v, kind, []library.Key{key("shared")}, 100)
			tell("Lookup", nil, err)
			for _, ids := range looked { // their bodies tell which they are
				named, err := s.Entries(ctx, library.House(), ids)
				tell("Lookup", named, err)
			}
			scanned, err := s.Scan(ctx, v, kind, "", limit)
			tell("Scan", scanned, err)
		}
		if latest, _, err := s.Latest(ctx, v, library.KindResource, key("shared"), max(limit, 1)*100); limit == 100 {
			tell("Latest", latest, err)
		}
		appeared, err := s.Appeared(ctx, v, library.KindResource, 0, 1<<40, max(limit, 9))
		tell("Appeared", nil, err)
		shown, err := s.Entries(ctx, library.House(), appeared) // their bodies tell which they are
		tell("Appeared", shown, err)
		edits, err := s.Edits(ctx, v, 0, limit)
		tell("Edits", edits, err)
	}
	return out
}

func testAudience(t *testing.T, open func() *Store) {
	s := open()
	secret := func(n int, status library.Status, audience library.Audience) library.Entry {
		return with(entry(n, canary, key("shared")), status, audience, "")
	}
	hidden := fresh(secret(2, library.Published, library.Staff), secret(3, library.Draft, library.Public),
		secret(4, library.Withdrawn, library.Public), secret(5, library.Published, "board"))
	hidden.Actor, hidden.Action, hidden.Note = canary, canary, canary
	commit(t, s, fresh(entry(1, "open to all", key("shared"))))
	commit(t, s, hidden)
	// Hidden once and open now, open once and hidden now, and at last open again.
	commit(t, s, fresh(secret(6, library.Draft, library.Public), secret(7, library.Published, library.Public), secret(8, library.Published, library.Public)))
	commit(t, s, edit(library.Change{Read: 1, Entry: entry(6, "open now", key("shared"))},
		library.Change{Read: 1, Entry: secret(7, library.Published, library.Staff)},
		library.Change{Read: 1, Entry: with(entry(8, canary), library.Merged, library.Public, id(1))}))

	asked := make([]library.ID, 9)
	for n := range asked {
		asked[n] = id(n)
	}
	for method, text := range gated(t, s, reader, asked) {
		if strings.Contains(text, canary) || strings.Contains(text, canaryBody()) {
			t.Errorf("%s shows an anonymous reader what is not for them: %s", method, text)
		}
		if !strings.Contains(text, string(id(1))) || !strings.Contains(text, string(id(6))) {
			t.Errorf("%s does not show a reader what is for everyone: %s", method, text)
		}
	}
	for method, text := range gated(t, s, library.House(), asked) {
		if !strings.Contains(text, canaryBody()) {
			t.Errorf("%s hides from the house", method)
		}
	}
	notices := must[[]library.Notice](t)(s.Notices(t.Context(), library.Mark{}, time.Time{}, 100))
	for _, n := range asked {
		if one, err := s.Notice(t.Context(), n); err == nil {
			notices = append(notices, one)
		}
	}
	b, err := json.Marshal(notices)
	if err != nil || strings.Contains(string(b), canary) || !strings.Contains(string(b), "open to all") {
		t.Errorf("the notices show what is not for everyone, or not what is: %s %v", b, err)
	}
	for _, one := range must[[]library.Shown](t)(s.Shown(t.Context(), "", 100)) {
		if one.ID != id(1) && one.ID != id(6) {
			t.Errorf("%s is listed as open to everyone", one.ID)
		}
	}
	// A reading method that is not gated above must not come to be unnoticed.
	known := gated(t, s, reader, asked)
	methods := reflect.TypeFor[*Store]()
	for i := range methods.NumMethod() {
		m := methods.Method(i)
		_, ok := known[m.Name]
		viewed := m.Type.NumIn() > 2 && m.Type.In(2) == reflect.TypeFor[library.Viewer]()
		// Notices are for everyone, whoever reads: see below and testNotices.
		free := slices.Contains([]string{"Notice", "Notices", "CountNotices", "Stretches", "Shown", "Access", "Follows", "AddUsage", "Close", "Commit", "Seq", "Changed", "Visited", "Renew", "Finish", "Fail"}, m.Name)
		refused := slices.Contains([]string{"Lease", "Tasks", "Visits", "Broken", "KeepForm", "Forms", "DropForm", "KeepUpload", "Uploads", "Uploaded", "DropUploads", "ForgetUploads", "AddNote", "Notes", "ForgetAddresses", "NewsMark", "NotesAfter", "AddNews", "News", "DropNews", "PutOff", "Wish", "SetWish", "Teasers", "Places", "Usage"}, m.Name) // see testTasks, testVisits, testForms, testUploads, testNotes, testNews, testTeasers, testNewer, testUsage
		if viewed != (ok || refused) || !viewed && !free {
			t.Errorf("%s takes no viewer or is not tested with one", m.Name)
		}
	}
}

// canaryBody is the canary as a body looks in the text of gated, in base64 or not.
func canaryBody() string { return `"title":"` + canary }

func testTold(t *testing.T, open func() *Store) {
	s := open()
	open1, hidden := fresh(entry(1, "")), fresh(with(entry(2, ""), library.Published, library.Staff, ""))
	open1.Note, hidden.Note = "open note", "hidden note"
	commit(t, s, open1)
	commit(t, s, hidden)
	mixed := fresh(entry(3, ""), with(entry(4, ""), library.Draft, library.Public, ""))
	mixed.Note = "mixed note"
	commit(t, s, mixed)
	tell := func(v library.Viewer) string {
		var b strings.Builder
		for _, e := range must[[]library.Edit](t)(s.Edits(context.Background(), v, 0, 0)) {
			fmt.Fprintf(&b, "%d [%s] [%s] [%s] %d; ", e.Seq, e.Actor, e.Action, e.Note, len(e.Changes))
			if !e.At.Equal(at.Truncate(1000)) {
				t.Errorf("edit %d is of %s", e.Seq, e.At)
			}
		}
		return b.String()
	}
	same(t, "a reader", tell(reader), "1 [] [edit] [] 1; 2 [] [] [] 0; 3 [] [edit] [] 1; ")
	same(t, "staff", tell(staff), "1 [] [edit] [] 1; 2 [] [edit] [] 1; 3 [] [edit] [] 1; ")
	same(t, "a curator", tell(curator), "1 [the tests] [edit] [open note] 1; 2 [] [] [] 0; 3 [the tests] [edit] [mixed note] 2; ")
	same(t, "the house", tell(library.House()),
		"1 [the tests] [edit] [open note] 1; 2 [the tests] [edit] [hidden note] 1; 3 [the tests] [edit] [mixed note] 2; ")
	one := must[[]library.Edit](t)(s.Revisions(t.Context(), reader, id(1)))[0]
	if one.Actor != "" || one.Note != "" || one.Seq != 1 {
		t.Errorf("a reader is told %+v of an entry's history", one)
	}
}
