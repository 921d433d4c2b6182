package app

import (
	"archive/zip"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"waymark/library"
	"waymark/search"
)

// workers keeps the compiled PDF engine between the tests of a run.
func workers(t testing.TB, data string) {
	t.Helper()
	cache := filepath.Join(os.TempDir(), "waymark-test-cache-"+strconv.Itoa(os.Getuid()))
	if err := os.MkdirAll(cache, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(cache, filepath.Join(data, "cache")); err != nil {
		t.Fatal(err)
	}
}

// wordFile makes a DOCX of paragraphs, one a page.
func wordFile(t testing.TB, name, title string, pages ...string) {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(part, text string) {
		w, err := z.Create(part)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	put("docProps/core.xml", `<c xmlns:dc="d" xmlns:t="t"><dc:title>`+title+`</dc:title><t:created>2018-01-01T00:00:00Z</t:created></c>`)
	put("word/document.xml", `<w:d xmlns:w="w"><w:p><w:t>`+strings.Join(pages, `</w:t></w:p><w:p><w:br w:type="page"/><w:t>`)+`</w:t></w:p></w:d>`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestImportDocuments goes the way of a person with a folder: in, again, found
// by what stands on a page, and the file itself back as it was.
func TestImportDocuments(t *testing.T) {
	data, folder := filepath.Join(t.TempDir(), "data"), t.TempDir()
	workers(t, data)
	wordFile(t, filepath.Join(folder, "guide.docx"), "A Guide to Quiet Interviews", "A guide of 2018 for officers.", "The interpreter sits beside the quetzalcoatl.", "An end.")
	wordFile(t, filepath.Join(folder, "deep", "copy.docx"), "A Guide to Quiet Interviews", "A guide of 2018 for officers.", "The interpreter sits beside the quetzalcoatl.", "An end.")
	wordFile(t, filepath.Join(folder, "deep", "annex.docx"), "A guide to quiet interviews", "The annex of 2018 with many forms for officers to fill.")
	if err := os.WriteFile(filepath.Join(folder, "broken.pdf"), []byte("%PDF-1.4 and no more"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := waymark(t, data, "import", "--publish", folder)
	if code != exitRefused || !strings.Contains(out, "added                 1") || !strings.Contains(out, "broken.pdf: the PDF is damaged") {
		t.Fatalf("import: %d\n%s%s", code, out, errs)
	}
	if code, out, _ = waymark(t, data, "import", "--publish", folder); !strings.Contains(out, "added                 0") || !strings.Contains(out, "already there         3") {
		t.Errorf("again: %d\n%s", code, out)
	}
	if code, out, _ = waymark(t, data, "search", "quetzalcoatl"); code != exitWell || !strings.Contains(out, "1 to 1 of 1") {
		t.Errorf("search: %d\n%s", code, out)
	}
	if code, out, _ = waymark(t, data, "search", "--held", "full text"); code != exitWell || !strings.Contains(out, "1 to 1 of 1") {
		t.Errorf("search of what is held: %d\n%s", code, out)
	}
	if code, out, _ = waymark(t, data, "check"); code != exitWell || !strings.Contains(out, "Of 2 files 0 are missing and 0 wait") {
		t.Errorf("check: %d\n%s", code, out)
	}
}

// TestFilesForStaff: a file for staff beside a public one leaves no trace for
// anyone else: not in search, not on the page, not by its address.
func TestFilesForStaff(t *testing.T) {
	h, site := demoSite(t)
	folder := t.TempDir()
	open, inner := filepath.Join(folder, "open.docx"), filepath.Join(folder, "zyzzinner.docx")
	wordFile(t, open, "Manual of Open Doors", "Of 2018.", "Everyone may read of marigolds.")
	wordFile(t, inner, "Manual of Open Doors", "Of 2018, for colleagues alone.", "The zyzzcanary sings of marigolds and marigolds.")
	bring(t, h, "", open)
	bring(t, h, library.Staff, inner)
	id, digest := fileOf(t, h, "zyzzinner.docx")
	for path, want := range map[string]int{
		"/r/" + string(id) + "/files/" + digest + "/zyzzinner.docx": 404, "/r/" + string(id) + "/covers/" + digest + "/1": 404,
		"/en/r/" + string(id): 200, "/en/r/" + string(id) + "?inside=marigolds": 200, "/en/search?q=marigolds": 200, "/en/search?q=sings": 200,
	} {
		res, body := get(t, "GET", site+path, "en")
		body = strings.ReplaceAll(body, url.QueryEscape(path), "") // the way back from signing in repeats what was asked
		if res.StatusCode != want || strings.Contains(body, "zyzz") || strings.Contains(body, digest) && want == 200 {
			t.Errorf("%s answers %d, want %d, or tells of the file", path, res.StatusCode, want)
		}
	}
	staff := library.Viewer{Audiences: []library.Audience{library.Staff}}
	for _, c := range []struct {
		viewer library.Viewer
		text   string
		total  int
	}{{library.Viewer{}, "zyzzcanary", 0}, {staff, "zyzzcanary", 1}, {library.Viewer{}, "marigolds", 1}, {staff, "marigolds", 1}} {
		a, err := h.searcher.Find(t.Context(), c.viewer, search.Query{Text: c.text, Exact: true}, "en")
		if err != nil || a.Total != c.total {
			t.Errorf("%q for %+v finds %d, want %d: %v", c.text, c.viewer, a.Total, c.total, err)
		}
	}
	// What is held differs by reader too.
	only := filepath.Join(folder, "only.docx")
	wordFile(t, only, "Memorandum of Closed Windows", "Of 2017, for colleagues alone.", "Nobody else reads it.")
	bring(t, h, library.Staff, only)
	for _, c := range []struct {
		viewer library.Viewer
		total  int
	}{{library.Viewer{}, 1}, {staff, 2}} {
		a, err := h.searcher.Find(t.Context(), c.viewer, search.Query{}.With(library.FieldHeld, library.HeldText), "en")
		if err != nil || a.Total != c.total || len(a.Facets[library.FieldHeld]) != 1 || a.Facets[library.FieldHeld][0].Count != c.total {
			t.Errorf("%+v is told of %d texts held, want %d: %+v, %v", c.viewer, a.Total, c.total, a.Facets[library.FieldHeld], err)
		}
	}
	if _, blob, err := h.catalogue.File(t.Context(), staff, id, digest); err != nil {
		t.Errorf("staff do not get their file: %v", err)
	} else {
		blob.Close()
	}
	opened, digest := fileOf(t, h, "open.docx")
	res, body := get(t, "GET", site+"/r/"+string(opened)+"/files/"+digest+"/open.docx", "en")
	want, err := os.ReadFile(open)
	if err != nil || res.StatusCode != http.StatusOK || body != string(want) || res.Header.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") || !strings.Contains(res.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the file comes back as %d with %v", res.StatusCode, res.Header)
	}
}

// bring brings a file into the house and has it read.
func bring(t testing.TB, h *house, audience library.Audience, name string) {
	t.Helper()
	reader, err := (&Config{}).reader()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	reader.Command[2] = filepath.Join(os.TempDir(), "waymark-test-cache-"+strconv.Itoa(os.Getuid()))
	d, err := (&Config{}).documents(t.Context(), h, "test", reader)
	if err != nil {
		t.Fatal(err)
	}
	d.Publish, d.Audience = true, audience
	if rep, err := take(t.Context(), d, name); err != nil || len(rep.Refused) > 0 {
		t.Fatal(rep, err)
	}
	if err := h.runner(d, 1).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := h.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// smallPDF writes a PDF with one line of text a page.
func smallPDF(t testing.TB, name string, pages ...string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n3 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n")
	kids := ""
	for i, text := range pages {
		stream := "BT /F1 18 Tf 60 700 Td (" + text + ") Tj ET"
		fmt.Fprintf(&b, "%d 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>\nendobj\n", 10+2*i, 11+2*i)
		fmt.Fprintf(&b, "%d 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n", 11+2*i, len(stream), stream)
		kids += fmt.Sprintf("%d 0 R ", 10+2*i)
	}
	fmt.Fprintf(&b, "2 0 obj\n<</Type/Pages/Count %d/Kids[%s]>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%%%EOF\n", len(pages), kids)
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// fileOf gives the resource and digest of a file by its name.
func fileOf(t testing.TB, h *house, name string) (library.ID, string) {
	t.Helper()
	entries, err := h.store.Scan(t.Context(), library.House(), library.KindResource, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		r, err := library.ResourceOf(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range r.Files {
			if f.Name == name {
				return r.ID, f.Digest
			}
		}
	}
	t.Fatalf("no resource has the file %s", name)
	return "", ""
}

var importKills = flag.Int("kills", 8, "imports of documents to kill")

// TestKilledImport kills imports and their workers at any moment: nothing is
// lost, nothing is there twice, and no file is left that nothing refers to.
func TestKilledImport(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	data, folder := filepath.Join(t.TempDir(), "data"), t.TempDir()
	workers(t, data)
	documents := 0
	bring := func(n int) {
		for range n {
			i := documents
			wordFile(t, filepath.Join(folder, fmt.Sprintf("%03d.docx", i)), fmt.Sprintf("Report number%d on matter%d and theme%d", i, i*7, i*13),
				fmt.Sprintf("The first page of report%d tells of word%d.", i, i), strings.Repeat("Many words follow. ", 3000))
			documents++
		}
	}
	bring(20)
	random := rand.New(rand.NewPCG(8, 8))
	killed := 0
	for n := 0; killed < *importKills && n < 10**importKills; n++ {
		cmd := exec.Command(program, "import", "--publish", "--data", data, folder)
		cmd.Env = append(os.Environ(), mainVariable+"=1")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		after := time.Duration(random.IntN(500)) * time.Millisecond
		timer := time.AfterFunc(after, func() {
			if n%2 == 1 {
				killChildren(cmd.Process.Pid)
				time.AfterFunc(after/2, func() { cmd.Process.Kill() })
				return
			}
			cmd.Process.Kill()
		})
		if err := cmd.Wait(); err != nil {
			killed++
			bring(2)
		}
		timer.Stop()
	}
	h, err := (&Config{Data: data}).open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	release(t, h) // tasks that a killed process had taken
	h.close(&err)
	if code, out, errs := waymark(t, data, "import", "--publish", folder); code != exitWell {
		t.Fatalf("the last import: %d\n%s%s", code, out, errs)
	}
	code, out, errs := waymark(t, data, "check")
	if code != exitWell || !strings.Contains(out, fmt.Sprintf("holds the %d publications", documents)) || !strings.Contains(out, fmt.Sprintf("Of %d files 0 are missing and 0 wait", documents)) {
		t.Errorf("check: %d\n%s%s", code, out, errs)
	}
	for i := range documents {
		if _, out, _ := waymark(t, data, "search", "--exact", fmt.Sprintf("word%d report%d", i, i)); !strings.Contains(out, "1 to 1 of 1") {
			t.Errorf("document %d is not found once:\n%s", i, out)
		}
	}
	t.Logf("%d imports of %d documents were killed", killed, documents)
}

// release lets the tasks of dead processes fall due.
func release(t *testing.T, h *house) {
	t.Helper()
	later := time.Now().Add(24 * time.Hour)
	for {
		task, err := h.store.Lease(t.Context(), library.House(), later, later.Add(time.Hour))
		if library.KindOf(err) == library.NotFound {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := h.store.Fail(t.Context(), task, "killed", later.Add(time.Hour), true); err != nil {
			t.Fatal(err)
		}
	}
	_, parked, err := h.store.Tasks(t.Context(), library.House())
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range parked {
		if err := h.store.Fail(t.Context(), task, "killed", time.Now(), false); err != nil {
			t.Fatal(err)
		}
	}
}

// killChildren kills the processes that a process has started (Linux).
func killChildren(pid int) {
	list, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return
	}
	for child := range strings.FieldsSeq(string(list)) {
		if n, err := strconv.Atoi(child); err == nil {
			if p, err := os.FindProcess(n); err == nil {
				p.Kill()
			}
		}
	}
}
