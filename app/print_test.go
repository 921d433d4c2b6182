package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"waymark/guide"
	"waymark/library"
)

// pressOf gives a press over a real Chromium; where there is none the test is
// skipped, unless WAYMARK_TEST_BROWSER=required.
func pressOf(t *testing.T, h *house) *press {
	t.Helper()
	p := (&Config{Data: t.TempDir(), URL: "https://library.example"}).press(h)
	if p == nil {
		if os.Getenv("WAYMARK_TEST_BROWSER") == "required" {
			t.Fatal("no Chromium is installed, and WAYMARK_TEST_BROWSER=required")
		}
		t.Skip("no Chromium is installed: nothing is printed")
	}
	return p
}

// TestPrint: an edition is printed as a tagged PDF with an outline, whose text
// is that of the sections, and with nothing of what is for staff. When what
// everyone may read of it changes, the print is not given any more.
func TestPrint(t *testing.T) {
	h, _ := demoSite(t)
	h.press = pressOf(t, h)
	site := doorFor(t, h, library.Viewer{})
	page := site + "/en/guides/crisis-handbook"
	if _, body := get(t, "GET", page, "en"); strings.Contains(body, "guide.pdf") {
		t.Error("a link leads to what is not printed")
	}
	for lang, want := range map[string]string{"en": "Ask who is arranging transport", "ar": "المحادثة"} {
		books, err := h.press.books(t.Context(), "crisis-handbook")
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range books {
			if b.Lang != lang {
				continue
			}
			if err := h.press.print(t.Context(), b); err != nil {
				t.Fatal(err)
			}
			if again, err := h.press.books(t.Context(), "crisis-handbook"); err != nil || fileOfBook(again[0]) != fileOfBook(books[0]) {
				t.Error("the same edition has two names", err)
			}
		}
		address := site + "/en/guides/crisis-handbook/-/guide.pdf?edition=2&lang=" + lang
		res, body := get(t, "GET", address, "en")
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(body, "%PDF-") {
			t.Fatalf("%s answers %d %s", address, res.StatusCode, res.Header.Get("Content-Type"))
		}
		file := filepath.Join(t.TempDir(), "guide.pdf")
		if err := os.WriteFile(file, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, mark := range []string{"/MarkInfo", "/StructTreeRoot", "/Outlines"} {
			if !strings.Contains(body, mark) {
				t.Errorf("%s: the PDF has no %s", lang, mark)
			}
		}
		if info := poppler(t, "pdfinfo", file); !strings.Contains(info, "Tagged:          yes") || !strings.Contains(info, "(Edition 2") && lang == "en" {
			t.Errorf("%s: %s", lang, info)
		}
		text := strings.Join(strings.Fields(poppler(t, "pdftotext", file, "-")), " ")
		if lang == "en" && (!strings.Contains(text, want) || !strings.Contains(text, "SHA-256")) {
			t.Errorf("%s: the text lacks %q", lang, want)
		}
		for _, staff := range []string{"canarydemo", "roster", "Handing over a post"} {
			if strings.Contains(strings.ToLower(text), strings.ToLower(staff)) {
				t.Errorf("%s: the print tells of %q", lang, staff)
			}
		}
	}
	if _, body := get(t, "GET", page, "en"); !strings.Contains(body, "guide.pdf?edition=2&amp;lang=en") {
		t.Error("no link leads to the print")
	}
	first := sectionOf(t, h, "crisis-handbook", "consent/glance")
	if err := h.guides.Restrict(t.Context(), library.House(), first.ID, library.Staff); err != nil {
		t.Fatal(err)
	}
	for who, door := range map[string]string{"anyone": site, "staff": doorFor(t, h, ana)} {
		if res, _ := get(t, "GET", door+"/en/guides/crisis-handbook/-/guide.pdf?edition=2&lang=en", "en"); res.StatusCode != 404 {
			t.Errorf("%s gets a print of what was closed since: %d", who, res.StatusCode)
		}
	}
}

func poppler(t *testing.T, tool string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		t.Skipf("%s is not installed: the text of the print was not looked at", tool)
	}
	out, err := exec.Command(tool, args...).Output()
	if err != nil {
		t.Fatal(tool, err)
	}
	return string(out)
}

// TestPrintAsksNobody: the browser that prints reaches no network, and a program
// that is none is an error and no print.
func TestPrintAsksNobody(t *testing.T) {
	h, _ := demoSite(t)
	p := pressOf(t, h)
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer server.Close()
	b := &guide.Book{Slug: "x", Title: "X", Lang: "en", Hash: strings.Repeat("0", 64), Entries: []guide.BookEntry{{Slug: "e", Title: "E", Lang: "en",
		Sections: []guide.BookSection{{ID: "01ARZ3NDEKTSV4RRFFQ69G5FAV", Heading: "H", Lang: "en", HTML: `<p>Words</p><img src="` + server.URL + `/a.png"><iframe src="` + server.URL + `/b"></iframe>`}}}}}
	if err := p.print(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if asked.Load() > 0 {
		t.Error("the browser asked a host")
	}
	p.browser = "/bin/false"
	b.Title = "Y"
	if err := p.print(t.Context(), b); err == nil {
		t.Error("a program that prints nothing is taken")
	}
	if off := (&Config{Data: t.TempDir(), Chromium: "off"}).press(h); off != nil {
		t.Error("off prints")
	}
	if none := (&Config{Data: t.TempDir(), Chromium: "/nowhere/chromium"}).press(h); none != nil {
		t.Error("a program that is not there prints")
	}
	if err := p.sweep(nil); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(p.folder); err != nil || len(left) > 0 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
	if _, err := p.Open(context.Background(), "crisis-handbook", 2, "en"); library.KindOf(err) != library.NotFound {
		t.Error(err)
	}
}
