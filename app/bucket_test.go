package app

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// TestFilesInABucket: a library whose files lie in a bucket takes documents in,
// finds what stands on their pages and checks them, as with a folder.
func TestFilesInABucket(t *testing.T) {
	backend := s3mem.New()
	if err := backend.CreateBucket("library"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "a key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "a secret")
	address := "s3://" + strings.TrimPrefix(server.URL, "http://") + "/library?tls=off&region=us-east-1"
	t.Setenv("WAYMARK_FILES", address)
	data, folder := filepath.Join(t.TempDir(), "data"), t.TempDir()
	workers(t, data)
	wordFile(t, filepath.Join(folder, "guide.docx"), "A Guide to Quiet Interviews", "A guide of 2018 for officers.", "The interpreter sits beside the quetzalcoatl.")
	if code, out, errs := waymark(t, data, "import", "--publish", folder); code != exitWell || !strings.Contains(out, "added                 1") {
		t.Fatalf("import: %d\n%s%s", code, out, errs)
	}
	if code, out, _ := waymark(t, data, "search", "quetzalcoatl"); code != exitWell || !strings.Contains(out, "1 to 1 of 1") {
		t.Errorf("search: %d\n%s", code, out)
	}
	if code, out, _ := waymark(t, data, "check"); code != exitWell || !strings.Contains(out, "Of 1 files 0 are missing and 0 wait") {
		t.Errorf("check: %d\n%s", code, out)
	}
	if _, err := os.Stat(filepath.Join(data, "files")); err == nil {
		t.Error("a folder of files was made beside the bucket")
	}
	if code, out, _ := waymark(t, data, "config"); code != exitWell || strings.Contains(out, "secret") || !strings.Contains(out, "from WAYMARK_FILES") {
		t.Errorf("config: %d\n%s", code, out)
	}
	t.Setenv("WAYMARK_FILES", "ftp://nowhere")
	if code, _, errs := waymark(t, data, "check"); code != exitFailed || !strings.Contains(errs, "write disk:FOLDER or s3://HOST/BUCKET") {
		t.Errorf("a false address: %d\n%s", code, errs)
	}
}
