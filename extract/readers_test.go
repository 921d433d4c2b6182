package extract

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

type readFunc = func(source, func(Page) error) (Meta, error)

// readAll gives the pages of a file as its reader gives them, before tidy.
func readAll(read readFunc, data []byte) (Meta, []string, error) {
	var pages []string
	meta, err := read(source{bytes.NewReader(data), int64(len(data))}, func(p Page) error {
		pages = append(pages, strings.TrimSpace(p.Text))
		return nil
	})
	return meta, pages, err
}

// book makes an EPUB of one chapter.
func book(t testing.TB, chapter string) []byte {
	return zipped(t, "META-INF/container.xml", `<container><rootfile full-path="b.opf"/></container>`,
		"b.opf", `<package><item id="a" href="a.xhtml"/><itemref idref="a"/></package>`, "a.xhtml", chapter)
}

// TestWords: words are neither joined, doubled nor lost.
func TestWords(t *testing.T) {
	for _, c := range []struct {
		name string
		read readFunc
		data []byte
		want string
	}{
		{"a space between elements", readHTML, []byte(`<p><b>forced</b> <i>labour</i></p>`), "forced labour"},
		{"an empty title in XHTML", readEPUB, book(t, `<html><head><title/></head><body><p>chapter</p></body></html>`), "chapter"},
		{"a script without content in XHTML", readEPUB, book(t, `<html><head><script src="x.js"/></head><body><p>chapter</p></body></html>`), "chapter"},
		{"a text box and its fallback", readDOCX, docx(t, `<w:p><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:t>box</w:t></mc:Choice><mc:Fallback><w:t>box</w:t></mc:Fallback></mc:AlternateContent></w:p>`), "box"},
		{"tab stops are no tabs", readDOCX, docx(t, `<w:p><w:r><w:t>a</w:t></w:r><w:pPr><w:tabs><w:tab/><w:tab/></w:tabs></w:pPr><w:r><w:t>b</w:t></w:r></w:p>`), "ab"},
		{"how a word sounds", readXLSX, zipped(t, "xl/workbook.xml", `<workbook xmlns:r="http://x/relationships"><sheet r:id="r1"/></workbook>`,
			"xl/_rels/workbook.xml.rels", fmt.Sprintf(rel, "s.xml", "t.xml"), "xl/sharedStrings.xml", `<sst><si><t>課</t><rPh><t>カ</t></rPh></si></sst>`,
			"xl/s.xml", `<worksheet><row><c t="s"><v>0</v></c></row></worksheet>`), "課"},
		{"what was deleted", readODT, zipped(t, "content.xml", `<c><tracked-changes><p>gone</p></tracked-changes><p>stays</p></c>`), "stays"},
		{"a sheet of OpenDocument", readODT, zipped(t, "mimetype", typeODS, "content.xml", `<c><table><table-row><table-cell><p>Sudan</p></table-cell><table-cell><p>12</p></table-cell></table-row><table-row><table-cell><p>Chad</p></table-cell></table-row></table></c>`), "Sudan\t12\t\nChad"},
		{"a carriage return", readText, []byte("one\rtwo"), "one\ntwo"},
		{"UTF-16", readText, []byte("\xff\xfe\x1c\x04\x38\x04\x40\x04"), "Мир"},
		{"UTF-8 with a mark", readText, []byte("\xef\xbb\xbf説明"), "説明"},
	} {
		_, pages, err := readAll(c.read, c.data)
		if got := strings.Join(pages, "|"); err != nil || got != c.want {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.want)
		}
	}
}

// TestStated: what a page says of itself is taken once, and a program's title
// is none.
func TestStated(t *testing.T) {
	for _, c := range []struct {
		html string
		want Meta
	}{
		{`<meta name="citation_title" content="A study"><title>A study | Site</title>`, Meta{Title: "A study"}},
		{"<title>Untitled</title>", Meta{}},
		{"<title> A\n study </title><title>B</title>", Meta{Title: "A study"}},
		{`<meta name="author" property="author" content="Ana Pop"><meta name="citation_author" content="Ana Pop">`, Meta{Authors: []string{"Ana Pop"}}},
		{`<html xml:lang="fr"><meta name="DCTERMS.creator" content="Li Wei"><meta name="dcterms.issued" content="2020-05">`, Meta{Authors: []string{"Li Wei"}, Date: "2020-05", Language: "fr"}},
	} {
		if m, _, err := readAll(readHTML, []byte(c.html)); err != nil || fmt.Sprint(m) != fmt.Sprint(c.want) {
			t.Errorf("%s: %+v, %v, want %+v", c.html, m, err, c.want)
		}
	}
}

// TestHostile: what is made to cost much is refused, and soon.
func TestHostile(t *testing.T) {
	slides := func(n int) string {
		return `<p:presentation xmlns:r="http://x/relationships">` + strings.Repeat(`<p:sldId r:id="r1"/>`, n) + `</p:presentation>`
	}
	deck := func(n int, slide string) []byte {
		return zipped(t, "ppt/presentation.xml", slides(n), "ppt/_rels/presentation.xml.rels", fmt.Sprintf(rel, "slides/s.xml", "x"), "ppt/slides/s.xml", slide)
	}
	cells := zipped(t, "xl/workbook.xml", `<workbook xmlns:r="http://x/relationships"><sheet r:id="r1"/></workbook>`,
		"xl/_rels/workbook.xml.rels", fmt.Sprintf(rel, "s.xml", "t.xml"), "xl/sharedStrings.xml", `<sst><si><t>`+strings.Repeat("ab cd", 200_000)+`</t></si></sst>`,
		"xl/s.xml", `<worksheet><row>`+strings.Repeat(`<c t="s"><v>0</v></c>`, 45_000)+`</row></worksheet>`)
	spine := zipped(t, "META-INF/container.xml", `<container><rootfile full-path="b.opf"/></container>`,
		"b.opf", `<package><item id="a" href="a.xhtml"/>`+strings.Repeat(`<itemref idref="a"/>`, 45_000)+`</package>`, "a.xhtml", `<p></p>`)
	for _, c := range []struct {
		name, want string
		read       readFunc
		data       []byte
	}{
		{"more slides than pages", "pages", readPPTX, deck(maxPages+1, `<p:sld><a:t>x</a:t></p:sld>`)},
		{"a slide again and again", "text", readPPTX, deck(400, `<p:sld><a:t>`+strings.Repeat("victims of ", 50_000)+`</a:t></p:sld>`)},
		{"a long word in many cells", "text", readXLSX, cells},
		{"an empty chapter again and again", "pages", readEPUB, spine},
		{"control characters", "not text", readText, bytes.Repeat([]byte("\x01\x02a\x03"), 1000)},
		{"no text where it should be", "missing", readDOCX, zipped(t, "a.txt", "a")},
		{"no slides where they should be", "missing", readPPTX, zipped(t, "a.txt", "a")},
		{"no sheets where they should be", "missing", readXLSX, zipped(t, "a.txt", "a")},
		{"an encrypted text", "password", readODT, zipped(t, "META-INF/manifest.xml", `<m><encryption-data/></m>`, "content.xml", "\x01\x02")},
		{"an encrypted archive", "password", readDOCX, encrypted(docx(t, "<w:p/>"))},
		{"no book", "damaged", readEPUB, zipped(t, "a.txt", "a")},
		{"cut off", "damaged", readDOCX, docx(t, "<w:p/>")[:60]},
		{"old", "damaged", readXLSX, []byte("\xd0\xcf\x11\xe0")},
		{"nothing", "damaged", readODT, nil},
	} {
		start := time.Now()
		_, _, err := readAll(c.read, c.data)
		refused, ok := errors.AsType[*Refused](err)
		if took := time.Since(start); !ok || !strings.Contains(refused.Reason, c.want) || took > 5*time.Second {
			t.Errorf("%s: %v in %v, want a refusal that says %q", c.name, err, took, c.want)
		}
	}
}

// encrypted marks every part of an archive as encrypted, in its directory.
func encrypted(data []byte) []byte {
	for i := range data {
		if bytes.HasPrefix(data[i:], []byte("PK\x01\x02")) {
			data[i+8] |= 1
		}
	}
	return data
}

// TestEmitEnds: an error of the one who takes the pages comes back, and no
// further page is given out.
func TestEmitEnds(t *testing.T) {
	full := errors.New("full")
	for name, c := range samples(t) {
		given := 0
		_, err := c.read(source{bytes.NewReader(c.data), int64(len(c.data))}, func(Page) error { given++; return full })
		if !errors.Is(err, full) || given != 1 {
			t.Errorf("%s: %v after %d pages", name, err, given)
		}
	}
}

// TestLongParagraph: text without paragraphs is cut into pages all the same,
// and nothing of it is lost.
func TestLongParagraph(t *testing.T) {
	long := strings.Repeat("победа ", 20_000)
	dense := strings.Repeat("人口贩运", 10_000) // no spaces to cut at
	if _, pages, err := readAll(readText, []byte(dense)); err != nil || strings.Join(pages, "") != dense || len(pages) < 10 {
		t.Errorf("without spaces: %d pages, %v", len(pages), err)
	}
	for name, c := range map[string]struct {
		read readFunc
		data []byte
	}{
		"html": {readHTML, []byte("<p>" + long + "</p>")},
		"text": {readText, []byte(long)},
		"docx": {readDOCX, docx(t, "<w:p><w:t>"+long+"</w:t></w:p>")},
	} {
		_, pages, err := readAll(c.read, c.data)
		if err != nil || strings.Join(pages, " ") != strings.TrimSpace(long) || len(pages) < 20 {
			t.Errorf("%s: %d pages, %v", name, len(pages), err)
		}
		for _, p := range pages {
			if len(p) > 4*run {
				t.Errorf("%s: a page of %d bytes", name, len(p))
			}
		}
	}
}

type sample struct {
	read readFunc
	data []byte
}

// samples are a sound file of each format.
func samples(t testing.TB) map[string]sample {
	return map[string]sample{
		"docx": {readDOCX, docx(t, `<w:p><w:t>one</w:t><w:br w:type="page"/><w:t>two</w:t></w:p>`)},
		"pptx": {readPPTX, pptx(t)}, "xlsx": {readXLSX, xlsx(t)}, "odt": {readODT, odt(t)}, "epub": {readEPUB, epub(t)},
		"html": {readHTML, []byte(`<html lang="ar"><title>دليل</title><p>نص`)}, "md": {readMarkdown, []byte("---\ntitle: A\n---\n[b](c)")},
		"text": {readText, []byte("un\ftexte")},
	}
}

// limited reads a file and fails when it panics or a limit does not hold.
func limited(t *testing.T, read readFunc, data []byte) {
	pages, size := 0, 0
	_, err := read(source{bytes.NewReader(data), int64(len(data))}, func(p Page) error {
		if pages++; p.Number != pages {
			t.Errorf("page %d has the number %d", pages, p.Number)
		}
		size += len(p.Text)
		return nil
	})
	if _, ok := errors.AsType[*Refused](err); err != nil && !ok {
		t.Errorf("not a refusal: %v", err)
	}
	if pages > maxPages || size > maxText+1<<20 {
		t.Errorf("%d pages, %d bytes of text", pages, size)
	}
}

// FuzzArchive gives each reader of archives any bytes as a file.
func FuzzArchive(f *testing.F) {
	for _, c := range samples(f) {
		f.Add(c.data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, read := range []readFunc{readDOCX, readPPTX, readXLSX, readODT, readEPUB} {
			limited(t, read, data)
		}
	})
}

// FuzzParts puts any bytes into the part that holds the text, which bytes that
// break the archive would hardly reach.
func FuzzParts(f *testing.F) {
	f.Add([]byte(`<w:p><w:t>a</w:t></w:p><row><c t="s"><v>0</v></c></row>`), []byte(`<package><item id="a" href="a"/><itemref idref="a"/><si><t>b</t></si></package>`))
	f.Fuzz(func(t *testing.T, text, list []byte) {
		one, two := string(text), string(list)
		limited(t, readDOCX, zipped(t, "word/document.xml", one, coreProperties, two))
		limited(t, readODT, zipped(t, "content.xml", one, "meta.xml", two, "mimetype", typeODS))
		limited(t, readXLSX, zipped(t, "xl/workbook.xml", `<workbook xmlns:r="http://x/relationships"><sheet r:id="r1"/></workbook>`,
			"xl/_rels/workbook.xml.rels", fmt.Sprintf(rel, "s.xml", "t.xml"), "xl/sharedStrings.xml", two, "xl/s.xml", one))
		limited(t, readPPTX, zipped(t, "ppt/presentation.xml", two, "ppt/_rels/presentation.xml.rels", fmt.Sprintf(rel, "a", "b"), "ppt/a", one))
		limited(t, readEPUB, zipped(t, "META-INF/container.xml", `<container><rootfile full-path="b"/></container>`, "b", two, "a", one))
	})
}

// FuzzText gives each reader of text any bytes.
func FuzzText(f *testing.F) {
	for _, c := range samples(f) {
		f.Add(c.data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, read := range []readFunc{readHTML, readMarkdown, readText} {
			limited(t, read, data)
		}
	})
}
