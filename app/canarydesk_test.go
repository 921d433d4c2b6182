package app

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"waymark/extract"
	"waymark/format"
	"waymark/library"
)

// heldBlob is a file in memory.
type heldBlob struct{ *bytes.Reader }

func (heldBlob) Close() error { return nil }

// deskSecrets puts what the desk alone knows into the house: an offer with an
// address and a word to curators, a draft of a contributor with a file and notes,
// one that is scheduled, and a published record for staff with an embargoed file.
// Every word of it has zyzzdesk; it gives the ids and the digest of the file.
func deskSecrets(t *testing.T, h *house) (ids []library.ID, digest string) {
	t.Helper()
	h.anyone = true
	takesFiles(t, h)
	if res, body := post(t, doorFor(t, h, library.Viewer{})+"/en/offer", url.Values{"title": {"A Zyzzdesk Offer"}, "lang": {"en"}, "author": {"Zyzzdesk Person"},
		"say": {"A zyzzdesk word."}, "address": {"zyzzdesk@example.org"}}); res.StatusCode != http.StatusOK {
		t.Fatalf("an offer answers %d\n%s", res.StatusCode, body)
	}
	waiting, err := h.desk().Waiting(t.Context(), ana, library.QueueSubmitted, noFilter)
	if err != nil || len(waiting) != 1 {
		t.Fatal(waiting, err)
	}
	draft := handIn(t, h, bo, library.Fields{"title.en": {"A Zyzzdesk Draft"}, "note": {"Zyzzdesk reasons"}})
	for _, err := range []error{h.desk().Say(t.Context(), ana, draft, "A zyzzdesk note."), h.desk().Say(t.Context(), bo, draft, "A zyzzdesk answer.")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	kept, err := h.documents.Keep(t.Context(), "zyzzdesk.docx", heldBlob{bytes.NewReader(bytesOf(t, "Zyzzdesk", "A zyzzdesk page."))})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.store.KeepUpload(t.Context(), bo, library.Upload{Subject: draft, File: kept, At: h.desk().Now()}); err != nil {
		t.Fatal(err)
	}
	scheduled := handIn(t, h, ana, library.Fields{"title.en": {"A Zyzzdesk Schedule"}, "publish": {"2099-01-01"}})
	staff := handIn(t, h, ana, library.Fields{"title.en": {"A Zyzzdesk Paper"}, "audience": {"staff"}, "opens": {"2099-01-01"}})
	embargoed := kept
	embargoed.Audience, embargoed.Opens, embargoed.Cover = library.Staff, "2099-01-01", true
	edit(t, h, palermo, func(_ *library.Entry, r *library.Resource) { r.Files = append(r.Files, embargoed) })
	edit(t, h, staff, func(e *library.Entry, r *library.Resource) {
		kept.Cover = true
		e.Status, r.Files = library.Published, append(r.Files, kept)
	})
	if err := h.files.Derive(t.Context(), kept.Digest, extract.CoverName(1), strings.NewReader("zyzzdesk picture")); err != nil {
		t.Fatal(err)
	}
	if err := h.runner(h.documents, 1).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	return []library.ID{waiting[0].ID, draft, scheduled, staff}, kept.Digest
}

// deskChannels gives the addresses of the site by which what deskSecrets made
// could be read.
func deskChannels(ids []library.ID, digest string) (all []string) {
	all = []string{"/en/desk", "/en/desk/table", "/en/desk/table.csv?q=zyzzdesk", "/en/desk/table.csv?queue=submitted", "/en/desk/similar?title=A+Zyzzdesk+Draft", "/en/desk/names?q=zyzz",
		"/en/desk/guides", "/en/desk/audit", "/en/desk/audit/csv", "/en/desk/audit/jsonl", "/en/desk/evidence", "/en/desk/indicators", "/en/desk/settings", "/en/people", "/en/account",
		"/en/search?q=page&inside=page", "/en/search?q=desk", "/en/search/values/author?find=zyzz", "/en/suggest?q=zyzz", "/en/follow", "/en/about"}
	for _, q := range []library.Queue{library.QueueSubmitted, library.QueueReview, library.QueueReturned, library.QueueProposed, library.QueueUnread, library.QueueLinks, library.QueueDue, "mine"} {
		all = append(all, "/en/desk?queue="+string(q))
	}
	for _, id := range append(slices.Clone(ids), palermo) {
		r, desk := "/r/"+string(id), "/en/desk/r/"+string(id)
		all = append(all, "/en"+r, "/en"+r+"?inside=page", "/en"+r+"/cite", "/en/list?r="+string(id), desk+"/edit", desk+"/history", desk+"/history?a=1&b=2", "/en/desk/pairs/"+string(id)+"/"+palermo,
			r+"/files/"+digest+"/zyzz.docx", r+"/covers/"+digest+"/1", r+"/linkset.json", r+".jsonld", "/unapi?id="+string(id)+"&format=ris", "/en/list/export/jsonl?r="+string(id))
		for _, f := range format.Formats() {
			if f.Write != nil {
				all = append(all, r+"/export/"+f.Name)
			}
		}
	}
	return all
}

// TestCanaryDesk: what the desk knows, a reader, a contributor who did not write
// it and a curator of another audience or country learn by no channel; a file
// under embargo is not known by its record nor by another that holds it too.
func TestCanaryDesk(t *testing.T) {
	h, site := demoSite(t)
	ids, digest := deskSecrets(t, h)
	paths := deskChannels(ids, digest)
	for name, v := range map[string]library.Viewer{
		"nobody": {}, "a reader": {Name: "Rea", Role: library.Reader}, "another contributor": {Name: "Cy", Role: library.Submitter},
	} {
		door, api := doorFor(t, h, v), apiOf(t, h, v)
		tell := func(path, body string) {
			if low := strings.ToLower(body); strings.Contains(low, "zyzzdesk") || strings.Contains(body, digest) && !strings.Contains(path, digest) {
				t.Errorf("%s shows %s what the desk alone knows", path, name)
			}
		}
		for _, path := range paths {
			res, body := get(t, "GET", door+path, "en")
			back := strings.ReplaceAll(body, url.QueryEscape(path), "") // the way back from signing in repeats what was asked
			if strings.Contains(path, "q=zyzz") || strings.Contains(path, "find=") || strings.Contains(path, "title=") {
				back = strings.ReplaceAll(back, "q=zyzzdesk", "")
			}
			tell(path, back)
			if strings.Contains(path, digest) && res.StatusCode != http.StatusNotFound {
				t.Errorf("%s answers %d to %s", path, res.StatusCode, name)
			}
		}
		for _, id := range append(slices.Clone(ids), palermo) {
			for _, path := range []string{"/resources/" + string(id), "/resources/" + string(id) + "/files", "/resources/" + string(id) + "/exports/jsonl"} {
				_, body := ask(t, "GET", api+v1+path, "")
				tell(path, body)
			}
			if id == palermo {
				continue
			}
			path := "/en/desk/r/" + string(id)
			for end, values := range map[string]url.Values{"/notes": {"say": {"What is it?"}}, "/withdraw": {"why": {"x"}, "base": {"1"}}, "/edit": {"base": {"1"}, "do": {"save"}}} {
				res, body := post(t, door+path+end, values)
				tell(path+end, body)
				if res.StatusCode < 400 {
					t.Errorf("%s lets %s write: %d", path+end, name, res.StatusCode)
				}
			}
		}
		for _, path := range []string{"/resources?limit=200", "/search?q=desk", "/changes", "/agents?limit=200", "/suggestions?q=zyzz"} {
			_, body := ask(t, "GET", api+v1+path, "")
			tell(path, body)
		}
		if uploads, err := h.store.Uploads(t.Context(), v, ids[1]); err != nil || len(uploads) > 0 {
			t.Errorf("%s has the uploads of another: %v %v", name, uploads, err)
		}
	}
	for _, path := range channels(t, h, site, ids, "desk") {
		if _, body := get(t, "GET", site+path, "en"); strings.Contains(strings.ToLower(body), "zyzzdesk") || strings.Contains(body, digest) {
			t.Errorf("%s tells machines of what the desk alone knows", path)
		}
	}
	limited := doorFor(t, h, library.Viewer{Name: "Lim", Role: library.Curator, Countries: []string{"AL"}})
	table := "id,version,title (en)\n"
	for _, id := range ids {
		table += string(id) + ",1,Mine\n"
	}
	if _, body := post(t, limited+"/en/desk/table", url.Values{"table": {table}}); strings.Contains(body, "Zyzzdesk") {
		t.Error("a table tells a curator of another country of records")
	}
	for path, want := range map[string]string{"/en/desk?queue=submitted": "Zyzzdesk Offer", "/en/desk/r/" + string(ids[1]) + "/edit": "zyzzdesk note", "/en/r/" + string(ids[3]): "Zyzzdesk Paper"} {
		if _, body := get(t, "GET", doorFor(t, h, ana)+path, "en"); !strings.Contains(body, want) {
			t.Errorf("%s does not tell a curator: the test asks in vain", path)
		}
	}
	// What those who may see it are given is kept by no cache that others ask.
	res, body := get(t, "GET", doorFor(t, h, ana)+"/r/"+string(ids[3])+"/covers/"+digest+"/1", "en")
	if res.StatusCode != http.StatusOK || body != "zyzzdesk picture" || !strings.HasPrefix(res.Header.Get("Cache-Control"), "private") {
		t.Errorf("the cover of a record for staff answers %d with %q", res.StatusCode, res.Header.Get("Cache-Control"))
	}
}
