package app

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"waymark/access"
	"waymark/library"
)

const readersBrowser = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"

// TestUsage: what readers do with a record is counted as the rules have it, told
// to those who are told, and kept when the program ends.
func TestUsage(t *testing.T) {
	data := t.TempDir()
	h, site := siteOf(t, data, true)
	held := filepath.Join(t.TempDir(), "guide.pdf")
	smallPDF(t, held, "A Guide to Quiet Interviews", "The interpreter sits beside the victim.", "The victim may ask.")
	bring(t, h, "", held)
	id, file := fileOf(t, h, "guide.pdf")
	ask := func(path string, headers ...string) (int, string) {
		t.Helper()
		res, body := visit(t, site).ask(path, nil, append([]string{"User-Agent", readersBrowser}, headers...)...)
		if len(res.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s sets a cookie", path)
		}
		return res.StatusCode, body
	}
	page, download := "/en/r/"+string(id), "/r/"+string(id)+"/files/"+file+"/guide.pdf"
	ask(page)
	ask("/fr/r/" + string(id)) // the same reader, at once
	ask(page, "User-Agent", readersBrowser+" another")
	ask(page, "User-Agent", "Googlebot/2.1")
	ask(page, "User-Agent", readersBrowser+" third", "Sec-Purpose", "prefetch")
	ask(page+"?inside=victim", "User-Agent", readersBrowser+" fourth")
	ask("/r/"+string(id), "User-Agent", readersBrowser+" fifth") // leads on only
	ask("/en/r/"+strings.Repeat("0", 26), "User-Agent", readersBrowser)
	for agent, ranges := range map[string]string{"": "", " another": "bytes=0-99", " third": "bytes=100-"} {
		if status, _ := ask(download, "User-Agent", readersBrowser+agent, "Range", ranges); status != http.StatusOK && status != http.StatusPartialContent {
			t.Errorf("a file answers %d", status)
		}
	}
	if err := h.usage.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, body := ask(page, "User-Agent", readersBrowser); strings.Contains(body, "twelve months") {
		t.Error("readers are told")
	}
	person(t, h, access.Person{Address: adminAddress, Role: library.Curator})
	v := visit(t, site).signIn(adminAddress)
	const want = "In the last twelve months: 2 views, 2 downloads"
	if _, body := v.ask(page, nil, "User-Agent", readersBrowser+" curator"); !strings.Contains(body, want) {
		t.Errorf("curators are not told %q\n%s", want, body)
	}
	h.usage.Public = true
	if _, body := ask(page); !strings.Contains(body, want) {
		t.Error("readers are not told where they are to be")
	}
	ask(page, "User-Agent", readersBrowser+" last") // is kept at the end
	if err := h.keepCounts(); err != nil {
		t.Fatal(err)
	}
	code, out, errs := waymark(t, data, "usage", "--from", "2020-01")
	lines := strings.Split(out, "\n")
	if code != exitWell || lines[0] != "record,title,month,views,downloads" || len(lines) != 3 || !strings.HasPrefix(lines[1], string(id)+",") || !strings.HasSuffix(lines[1], ",3,2") {
		t.Errorf("the table is %d\n%s%s", code, out, errs)
	}
	if code, out, _ := waymark(t, data, "usage", "--to", "2020-01"); code != exitWell || strings.Count(out, "\n") != 1 {
		t.Errorf("before there was anything: %d\n%s", code, out)
	}
	if code, _, errs := waymark(t, data, "usage", "--from", "last year"); code != exitFailed || !strings.Contains(errs, "no month") {
		t.Errorf("a month that is none: %d %s", code, errs)
	}
}
