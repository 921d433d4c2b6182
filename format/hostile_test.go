package format

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

// TestHostileRecords: records that are made to take a reader's time or memory
// are read, or refused, about as fast as others of their size.
func TestHostileRecords(t *testing.T) {
	many := func(s string, size int) string { return strings.Repeat(s, size/len(s)) }
	list := strings.TrimSuffix(strings.Repeat(`{"@id":"#l"},`, 50), ",")
	var identifiers strings.Builder
	for i := range 300_000 {
		fmt.Fprintf(&identifiers, "SN  - %04d-%03d%d\n", i/10000, i/10%1000, i%10)
	}
	for _, c := range []struct{ name, file string }{
		{"RIS, a value that goes on", "TY  - RPRT\nTI  - A title\nAB  - x\n" + many("y\n", 4_000_000) + "ER  - \n"},
		{"RIS, identifiers", "TY  - RPRT\nTI  - A title\n" + identifiers.String()[:4_000_000] + "\nER  - \n"},
		{"Refer, a value that goes on", "%0 Report\n%T A title\n%X x\n" + many("y\n", 4_000_000)},
		{"a text without labels", "A title\n\n" + many("y\n", 8_000_000)},
		{"MODS, elements", `<mods xmlns="` + nsMODS + `"><titleInfo><title>T</title></titleInfo>` + many("<a/>", 4_000_000) + "</mods>"},
		{"MODS, text within text", `<mods xmlns="` + nsMODS + `"><titleInfo><title>T</title></titleInfo>` + strings.Repeat("<a>", 60) + many("y", 4_000_000) + strings.Repeat("</a>", 60) + "</mods>"},
		{"JSON-LD, circles", `<html><script type="application/ld+json">{"@context":"https://schema.org","@type":"ItemList","@id":"#l","itemListElement":[` + list + `],"hasPart":[` + list + `]}</script>`},
	} {
		began, before := time.Now(), heap(true)
		peak := before
		for range Read(strings.NewReader(c.file), Options{}) {
			peak = max(peak, heap(false))
		}
		// A tenth of it is enough on an idle machine; what is quadratic takes minutes.
		if took := time.Since(began); took > 20*time.Second || peak-before > 200<<20 {
			t.Errorf("%s took %v and %d MB", c.name, took, (peak-before)>>20)
		}
	}
}

// TestWorkbookBomb: a small workbook that is huge when unpacked is refused
// before it is.
func TestWorkbookBomb(t *testing.T) {
	var good bytes.Buffer
	w := WriteXLSX(&good)
	if err := w.Write(Draft{Titles: map[string]string{"en": "A title"}}); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"xl/media/a.bin", "xl/worksheets/sheet2.xml", "xl/sharedStrings2.xml"} {
		from, err := zip.NewReader(bytes.NewReader(good.Bytes()), int64(good.Len()))
		if err != nil {
			t.Fatal(err)
		}
		var bomb bytes.Buffer
		to := zip.NewWriter(&bomb)
		for _, f := range from.File {
			if err := to.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
		f, err := to.Create(part)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(f, zeros{}, 300<<20); err != nil {
			t.Fatal(err)
		}
		if err := to.Close(); err != nil {
			t.Fatal(err)
		}
		got, problems := all(Read(bytes.NewReader(bomb.Bytes()), Options{}))
		if len(got) != 0 || len(problems) != 1 || !strings.Contains(problems[0], "unpacked") {
			t.Errorf("%s: %d records, %q", part, len(got), problems)
		}
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }
