package app

import (
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// scanFile draws lines of text as a picture, as a scanner gives them.
func scanFile(t testing.TB, name string, lines ...string) {
	t.Helper()
	parsed, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 44, DPI: 72})
	if err != nil {
		t.Fatal(err)
	}
	page := image.NewGray(image.Rect(0, 0, 1200, 100+70*len(lines)))
	draw.Draw(page, page.Bounds(), image.White, image.Point{}, draw.Src)
	for i, line := range lines {
		d := font.Drawer{Dst: page, Src: image.Black, Face: face, Dot: fixed.P(60, 90+70*i)}
		d.DrawString(line)
	}
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, page); err != nil {
		t.Fatal(err)
	}
}

// tool finds a program that a test needs; where CI requires all of them, one
// that is missing is a failure.
func tool(t testing.TB, name string) string {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil && os.Getenv("WAYMARK_TEST_TOOLS") == "required" {
		t.Fatalf("%s is not installed", name)
	}
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return program
}

// TestImportLocked: a PDF that opens only with a password is kept under what it
// says in the clear, and its page says that its text could not be read.
func TestImportLocked(t *testing.T) {
	qpdf := tool(t, "qpdf")
	data, folder := filepath.Join(t.TempDir(), "data"), t.TempDir()
	workers(t, data)
	plain := filepath.Join(t.TempDir(), "plain.pdf")
	const says = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">Register of Quiet Harbours</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>`
	object := fmt.Sprintf("<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%s\nendstream", len(says), says)
	if err := os.WriteFile(plain, []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/Metadata 3 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 1/Kids[4 0 R]>>\nendobj\n3 0 obj\n"+object+
		"\nendobj\n4 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\ntrailer\n<</Root 1 0 R/Size 5>>\n%%EOF\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{"said.pdf": {"--cleartext-metadata"}, "silent.pdf": nil} {
		args = append(append([]string{"--object-streams=disable", "--encrypt", "user", "owner", "256"}, args...), "--", plain, filepath.Join(folder, name))
		if said, err := exec.Command(qpdf, args...).CombinedOutput(); err != nil && !strings.Contains(string(said), "warning") {
			t.Fatalf("qpdf: %v\n%s", err, said)
		}
	}
	code, out, errs := waymark(t, data, "import", "--publish", folder)
	if code != exitRefused || !strings.Contains(out, "added                 1") || !strings.Contains(out, "silent.pdf: the PDF opens only with a password") {
		t.Fatalf("import: %d\n%s%s", code, out, errs)
	}
	if code, out, _ = waymark(t, data, "search", "quiet harbours"); code != exitWell || !strings.Contains(out, "1 to 1 of 1") {
		t.Errorf("search: %d\n%s", code, out)
	}
}

// TestImportScan: a scan is kept and said to have no text; brought in again
// with --ocr it is read and found by its words.
func TestImportScan(t *testing.T) {
	tool(t, "tesseract")
	data, folder := filepath.Join(t.TempDir(), "data"), t.TempDir()
	workers(t, data)
	scanFile(t, filepath.Join(folder, "letter.png"), "The harbour office keeps a register", "of every person who asks for shelter.")
	if code, out, errs := waymark(t, data, "import", "--publish", folder); code != exitWell || !strings.Contains(out, "added                 1") {
		t.Fatalf("import: %d\n%s%s", code, out, errs)
	}
	if _, out, _ := waymark(t, data, "search", "--exact", "register shelter"); strings.Contains(out, "1 of 1") {
		t.Fatalf("a scan was read without being asked to:\n%s", out)
	}
	if code, out, errs := waymark(t, data, "import", "--ocr", "--publish", folder); code != exitWell || !strings.Contains(out, "already there         1") {
		t.Fatalf("import with --ocr: %d\n%s%s", code, out, errs)
	}
	if code, out, _ := waymark(t, data, "search", "--exact", "register shelter"); code != exitWell || !strings.Contains(out, "1 to 1 of 1") {
		t.Errorf("search: %d\n%s", code, out)
	}
}
