package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWorkbookOfRecords: a library exported as a workbook comes back from one
// as the same records; another workbook is a document.
func TestWorkbookOfRecords(t *testing.T) {
	data, other, folder := t.TempDir(), filepath.Join(t.TempDir(), "other"), t.TempDir()
	table := write(t, "table.csv", "Title,Year,Country,Author\nOf people at borders,2015,Sudan,\"Gusak, N.\"\n=1+1 of shelters,2016,Chad,IOM\n")
	if code, out, errs := waymark(t, data, "import", table); code != exitWell {
		t.Fatal(code, out, errs)
	}
	book := filepath.Join(folder, "records.xlsx")
	if code, out, errs := waymark(t, data, "export", "--format", "xlsx", "-o", book); code != exitWell {
		t.Fatal(code, out, errs)
	}
	workers(t, other)
	if code, out, errs := waymark(t, other, "import", folder); code != exitWell || !strings.Contains(out, "added                 2") || strings.Contains(out, "documents") {
		t.Fatal(code, out, errs)
	}
	if code, out, _ := waymark(t, other, "search", "shelters"); code != exitWell || !strings.Contains(out, "=1+1 of shelters") {
		t.Error(code, out)
	}
	if err := os.WriteFile(filepath.Join(folder, "broken.xlsx"), []byte("PK\x03\x04 xl/ and no more"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := waymark(t, other, "import", folder); code != exitRefused || !strings.Contains(out, "1 documents") || !strings.Contains(out, "broken.xlsx: ") || !strings.Contains(out, "already there         2") {
		t.Error(code, out)
	}
	if code, out, _ := waymark(t, other, "import", "--format", "xlsx", filepath.Join(folder, "broken.xlsx")); code != exitRefused || !strings.Contains(out, "the workbook cannot be opened") {
		t.Error(code, out)
	}
}

// TestPagesOfRecords: a web page that describes a work is a record of it, any
// other a document.
func TestPagesOfRecords(t *testing.T) {
	data, folder := filepath.Join(t.TempDir(), "data"), t.TempDir()
	workers(t, data)
	for name, text := range map[string]string{
		"cited.html": `<html><head><meta name="citation_title" content="Of people at borders"><meta name="citation_publication_date" content="2015"></head>`,
		"plain.html": `<html lang="en"><head><title>A page about quiet shelters</title></head><body><p>What a shelter is and who keeps it.</p></body>`,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errs := waymark(t, data, "import", "--publish", folder)
	if code != exitWell || !strings.Contains(out, "cited.html\n  read                  1\n  added                 1") || !strings.Contains(out, "1 documents\n  read                  1\n  added                 1") {
		t.Fatal(code, out, errs)
	}
	for _, words := range []string{"borders", "keeps"} {
		if code, out, _ := waymark(t, data, "search", words); code != exitWell || !strings.Contains(out, "1 to 1 of 1") {
			t.Error(words, code, out)
		}
	}
}
