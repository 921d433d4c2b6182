package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/curate"
	"waymark/library"
)

// handIn hands a record in and gives its ID.
func handIn(t testing.TB, h *house, v library.Viewer, fields library.Fields) library.ID {
	t.Helper()
	id := mustID(t, h)
	if fields[library.FieldAudience] == nil {
		fields[library.FieldAudience] = []string{"public"}
	}
	if _, err := h.desk().Save(t.Context(), v, curate.Revision{ID: id, Fields: fields}); err != nil {
		t.Fatal(err)
	}
	return id
}

// TestWorkflow goes from a draft that is handed in over review, return and a
// second review to a publication on a day.
func TestWorkflow(t *testing.T) {
	h, anonymous := demoSite(t)
	desk, door, other := doorFor(t, h, ana), doorFor(t, h, bo), doorFor(t, h, library.Viewer{Name: "Cy", Role: library.Submitter})
	id := handIn(t, h, bo, library.Fields{"title.en": {"A Workflow Handbook"}})
	record := "/en/desk/r/" + string(id)
	queue := func(name string) bool {
		_, page := get(t, "GET", desk+"/en/desk?queue="+name, "en")
		return strings.Contains(page, "A Workflow Handbook")
	}
	act := func(site, do, say string, want int) {
		t.Helper()
		res, body := post(t, site+record+"/notes", url.Values{"do": {do}, "say": {say}})
		if res.StatusCode != want {
			t.Fatalf("%s answers %d, want %d\n%.600s", do, res.StatusCode, want, body)
		}
	}
	if !queue("submitted") || queue("review") {
		t.Error("what is handed in does not stand in its queue")
	}
	act(other, "say", "May I look?", http.StatusNotFound)
	act(door, "review", "", http.StatusForbidden)
	act(desk, "review", "", http.StatusSeeOther)
	if r := recordOf(t, h, id); r.Review.Assigned != "Ana" || !queue("review") || queue("submitted") {
		t.Errorf("in review it is %+v", r.Review)
	}
	act(desk, "returned", "  ", http.StatusSeeOther) // without a word nothing happens
	if recordOf(t, h, id).Review.Stage != library.StageReview {
		t.Error("it is returned without a word")
	}
	act(desk, "returned", "Which year is it of?", http.StatusSeeOther)
	if _, page := get(t, "GET", door+record+"/edit", "en"); !strings.Contains(page, "Which year is it of?") || !strings.Contains(page, "returned to be changed") {
		t.Error("the contributor does not see why")
	}
	act(door, "say", "Of <2024>.", http.StatusSeeOther)
	if _, page := get(t, "GET", desk+record+"/edit", "en"); !strings.Contains(page, "Of &lt;2024&gt;.") {
		t.Error("the curator does not see the answer")
	}
	_, page := get(t, "GET", door+record+"/edit", "en")
	values := formOf(t, page)
	values.Set("date", "2024")
	values.Set("publish", "2000-01-01") // is not theirs to say
	values.Set("do", "save")
	if res, body := post(t, door+record+"/edit", values); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("handing in again answers %d\n%s", res.StatusCode, body)
	}
	if r := recordOf(t, h, id); r.Review.Stage != library.StageWaiting || r.Review.Publish != "" || !queue("submitted") {
		t.Errorf("handed in again it is %+v", r.Review)
	}
	_, page = get(t, "GET", desk+record+"/edit", "en")
	values = formOf(t, page)
	values.Set("publish", "2031-05")
	values.Set("do", "save")
	if res, body := post(t, desk+record+"/edit", values); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "whole date") {
		t.Errorf("half a date is taken: %d", res.StatusCode)
	}
	values.Set("publish", "2031-05-02")
	if res, body := post(t, desk+record+"/edit", values); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("scheduling answers %d\n%s", res.StatusCode, body)
	}
	for _, day := range []struct {
		day    string
		done   int
		status int
	}{{"2031-05-01T23:59:59Z", 0, 404}, {"2031-05-02T00:00:00Z", 1, 200}, {"2031-05-03T00:00:00Z", 0, 200}} {
		if got := arriveAt(t, h, day.day); got != day.done {
			t.Errorf("at %s %d records change, want %d", day.day, got, day.done)
		}
		if res, _ := get(t, "GET", anonymous+"/en/r/"+string(id), "en"); res.StatusCode != day.status {
			t.Errorf("at %s it answers %d, want %d", day.day, res.StatusCode, day.status)
		}
	}
}

// arriveAt does what is due at a time.
func arriveAt(t testing.TB, h *house, at string) int {
	t.Helper()
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	desk := h.desk()
	desk.Now = func() time.Time { return now }
	done, err := desk.Arrive(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := h.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	return done
}

// TestEmbargo: until a day a file, or a record, is for staff alone, while what
// it is can be found by everyone; days that were missed are made up for.
func TestEmbargo(t *testing.T) {
	h, anonymous := demoSite(t)
	takesFiles(t, h)
	desk := doorFor(t, h, ana)
	_, page := get(t, "GET", desk+"/en/desk/submit", "en")
	values := formOf(t, page)
	id := library.ID(values.Get("id"))
	values.Set("title.en", "An Embargoed Handbook")
	values.Set("do", "upload")
	_, page = send(t, desk+"/en/desk/submit", values, map[string][]byte{"later.docx": bytesOf(t, "Later", "The zyzzlater ocelot waits.")})
	values = formOf(t, page)
	uploads, err := h.store.Uploads(t.Context(), ana, id)
	if err != nil || len(uploads) != 1 {
		t.Fatal(uploads, err)
	}
	digest := uploads[0].File.Digest
	values["file:"+digest] = []string{"later.docx", "", "en", "2031-05-02"}
	values.Set("do", "publish")
	if res, body := send(t, desk+"/en/desk/submit", values, nil); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "narrower audience") {
		t.Errorf("an embargo for nobody is taken: %d", res.StatusCode)
	}
	values["file:"+digest][1] = "staff"
	if res, body := send(t, desk+"/en/desk/submit", values, nil); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("publishing answers %d\n%s", res.StatusCode, body)
	}
	if err := h.runner(h.documents, 1).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	listed := handIn(t, h, ana, library.Fields{"title.en": {"A Listed Handbook of Later"}, "abstract.en": {"The zyzzlater abstract."}, "audience": {"staff"}, "listed": {"yes"}, "opens": {"2031-05-02"}})
	if _, _, err := h.desk().Bulk(t.Context(), ana, []library.ID{listed}, curate.Act{Do: curate.DoPublish}); err != nil {
		t.Fatal(err)
	}
	for _, day := range []struct {
		day   string
		file  int
		found int
	}{{"2031-05-01T12:00:00Z", 404, 0}, {"2032-01-01T00:00:00Z", 200, 2}} {
		arriveAt(t, h, day.day)
		res, body := get(t, "GET", anonymous+"/en/r/"+string(id), "en")
		if told := strings.Contains(body, "opens on May 2, 2031") || strings.Contains(body, "opens on 2 May 2031"); res.StatusCode != 200 || told != (day.found == 0) {
			t.Errorf("at %s the record answers %d and tells of the day: %v", day.day, res.StatusCode, told)
		}
		if res, _ := get(t, "GET", anonymous+"/r/"+string(id)+"/files/"+digest+"/later.docx", "en"); res.StatusCode != day.file {
			t.Errorf("at %s the file answers %d, want %d", day.day, res.StatusCode, day.file)
		}
		if n := total(t, h, library.Viewer{}, queryText("zyzzlater")); n != day.found {
			t.Errorf("at %s a reader finds %d records by what is closed, want %d", day.day, n, day.found)
		}
		res, body = get(t, "GET", anonymous+"/en/r/"+string(listed), "en")
		if res.StatusCode != 200 || strings.Contains(body, "zyzzlater") != (day.found > 0) || strings.Contains(body, "2031") != (day.found == 0) {
			t.Errorf("at %s the listed record answers %d:\n%s", day.day, res.StatusCode, body)
		}
	}
}
