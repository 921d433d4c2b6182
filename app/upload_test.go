package app

import (
	"bytes"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waymark/intake"
	"waymark/library"
)

// takesFiles lets the desk of a house take files, read by processes of this program.
func takesFiles(t testing.TB, h *house) {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	workers(t, data)
	reader, err := (&Config{Data: data}).reader()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	h.documents = &intake.Documents{Importer: h.importer("test"), Files: h.files, Reader: reader}
}

// send posts a form with files as a browser does: text first.
func send(t testing.TB, address string, values url.Values, files map[string][]byte) (*http.Response, string) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, all := range values {
		for _, value := range all {
			if name == "upload" {
				continue
			}
			if err := w.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		part, err := w.CreateFormFile("upload", name)
		if err == nil {
			_, err = part.Write(files[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), "POST", address, &body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(page)
}

func bytesOf(t testing.TB, title string, pages ...string) []byte {
	t.Helper()
	name := filepath.Join(t.TempDir(), "x.docx")
	wordFile(t, name, title, pages...)
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestUpload: files come with the form of a record, those that are refused cost
// nothing of it, a kept draft keeps them, and what is for staff stays so.
func TestUpload(t *testing.T) {
	h, _ := demoSite(t)
	takesFiles(t, h)
	desk, door, anonymous := doorFor(t, h, ana), doorFor(t, h, bo), doorFor(t, h, library.Viewer{})
	_, page := get(t, "GET", door+"/en/desk/submit", "en")
	if !strings.Contains(page, `enctype="multipart/form-data"`) || !strings.Contains(page, `type="file"`) {
		t.Fatalf("the form takes no files:\n%s", page)
	}
	values := formOf(t, page)
	id := library.ID(values.Get("id"))
	values.Set("title.en", "A Quetzal Guide to Quiet Rooms")
	values.Set("do", "save")
	good := bytesOf(t, "Quiet Rooms", "Of 2018.", "The axolotl sleeps in the quiet room.")

	// One is refused: nothing is saved, and nothing that was written is lost.
	res, body := send(t, door+"/en/desk/submit", values, map[string][]byte{"room.docx": good, "evil.exe": {'M', 'Z', 0, 1, 2, 255, 254}})
	if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "evil.exe") || !strings.Contains(body, "A Quetzal Guide") || !strings.Contains(body, `value="room.docx"`) {
		t.Fatalf("a refused file answers %d\n%s", res.StatusCode, body)
	}
	// Somebody else brings nothing into it, and the draft is there another day.
	other, otherPage := get(t, "GET", desk+"/en/desk/submit?kept="+string(id), "en")
	if other.StatusCode != 200 || strings.Contains(otherPage, "room.docx") {
		t.Error("another person sees the file")
	}
	_, body = get(t, "GET", door+"/en/desk", "en")
	if !strings.Contains(body, "kept="+string(id)) {
		t.Fatalf("the draft is not kept:\n%s", body)
	}
	_, body = get(t, "GET", door+"/en/desk/submit?kept="+string(id), "en")
	values = formOf(t, body)
	digest := ""
	for name := range values {
		if d, ok := strings.CutPrefix(name, "file:"); ok {
			digest = d
		}
	}
	if digest == "" || values.Get("title.en") != "A Quetzal Guide to Quiet Rooms" {
		t.Fatalf("the kept draft has lost something: %v", values)
	}
	values.Set("do", "save")
	if res, body := send(t, door+"/en/desk/submit", values, nil); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("saving answers %d\n%s", res.StatusCode, body)
	}
	if r := recordOf(t, h, id); len(r.Files) != 1 || r.Files[0].Name != "room.docx" || r.Status != library.Draft {
		t.Fatalf("it is saved as %+v", r)
	}
	if left, err := h.store.Uploads(t.Context(), bo, id); err != nil || len(left) > 0 {
		t.Errorf("after saving there wait %v %v", left, err)
	}

	// A curator adds one for staff, takes another back, and publishes.
	edit := desk + "/en/desk/r/" + string(id) + "/edit"
	_, page = get(t, "GET", edit, "en")
	values = formOf(t, page)
	values.Set("do", "upload")
	_, body = send(t, edit, values, map[string][]byte{"inner.docx": bytesOf(t, "Inner", "The zyzzinner tapir."), "wrong.docx": bytesOf(t, "Wrong", "Wrong.")})
	values = formOf(t, body)
	uploads, err := h.store.Uploads(t.Context(), ana, id)
	if err != nil || len(uploads) != 2 || recordOf(t, h, id).HasFile(uploads[0].File.Digest) {
		t.Fatalf("adding files keeps %v %v", uploads, err)
	}
	for _, u := range uploads {
		if key := "file:" + u.File.Digest; u.File.Name == "inner.docx" {
			values[key] = []string{"inner.docx", "staff", "en"}
		} else {
			values.Set("unload", u.File.Digest)
		}
	}
	values.Set("do", "publish")
	if res, body := send(t, edit, values, nil); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("publishing answers %d\n%s", res.StatusCode, body)
	}
	r := recordOf(t, h, id)
	if len(r.Files) != 2 || r.Files[1].Audience != library.Staff || r.Status != library.Published {
		t.Fatalf("it is published as %+v", r)
	}
	if err := h.runner(h.documents, 1).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{
		"/r/" + string(id) + "/files/" + r.Files[0].Digest + "/room.docx":  200,
		"/r/" + string(id) + "/files/" + r.Files[1].Digest + "/inner.docx": 404,
	} {
		if res, _ := get(t, "GET", anonymous+path, "en"); res.StatusCode != want {
			t.Errorf("%s answers %d, want %d", path, res.StatusCode, want)
		}
	}
	if total(t, h, library.Viewer{}, queryText("axolotl")) != 1 || total(t, h, library.Viewer{}, queryText("zyzzinner")) != 0 {
		t.Error("the text of the files is found by the wrong readers")
	}
	// The same file again is told, and one that is too large costs nothing.
	_, page = get(t, "GET", door+"/en/desk/submit", "en")
	values = formOf(t, page)
	values.Set("title.fr", "Tout autre chose")
	values.Set("do", "upload")
	if _, body = send(t, door+"/en/desk/submit", values, map[string][]byte{"again.docx": good}); !strings.Contains(body, "/en/r/"+string(id)) {
		t.Error("it is not told that the library holds the file")
	}
}

// TestUploadTooLarge: a file beyond the limit is refused by its size, however
// far beyond it is, and what was written stays.
func TestUploadTooLarge(t *testing.T) {
	h, _ := demoSite(t)
	takesFiles(t, h)
	pages, err := h.pages("", true)
	if err != nil {
		t.Fatal(err)
	}
	pages.UploadMost = 1 << 20
	handler, err := pages.Handler()
	if err != nil {
		t.Fatal(err)
	}
	door := doorOf(t, handler, bo)
	for _, size := range []int{1<<20 + 1, 30 << 20} {
		_, page := get(t, "GET", door+"/en/desk/submit", "en")
		values := formOf(t, page)
		values.Set("title.en", "What was written with care")
		values.Set("do", "save")
		res, body := send(t, door+"/en/desk/submit", values, map[string][]byte{"vast.pdf": make([]byte, size)})
		if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "vast.pdf") || !strings.Contains(body, "1 MB") || !strings.Contains(body, "What was written with care") {
			t.Errorf("%d bytes answer %d\n%.2000s", size, res.StatusCode, body)
		}
	}
}
