package extract

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// zipped makes an archive of parts, name and content in turn.
func zipped(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = w.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	core = `<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:title>Standards of Care</dc:title><dc:creator>Ana Pop; Li Wei</dc:creator><dcterms:created>2019-03-04T10:00:00Z</dcterms:created></cp:coreProperties>`
	rel  = `<Relationships><Relationship Id="r1" Target="%s"/><Relationship Id="r2" Target="%s"/><Relationship Id="r3" TargetMode="External" Target="http://example.org/x"/></Relationships>`
)

func docx(t testing.TB, body string) []byte {
	return zipped(t, "word/document.xml", `<w:document xmlns:w="w"><w:body>`+body+`</w:body></w:document>`, "docProps/core.xml", core)
}

func pptx(t testing.TB) []byte {
	slide := func(text string) string { return `<p:sld xmlns:a="a"><a:p><a:t>` + text + `</a:t></a:p></p:sld>` }
	return zipped(t, "ppt/presentation.xml", `<p:presentation xmlns:p="p" xmlns:r="http://x/relationships"><p:sldId r:id="r2"/><p:sldId r:id="r1"/></p:presentation>`,
		"ppt/_rels/presentation.xml.rels", fmt.Sprintf(rel, "slides/slide1.xml", "slides/slide2.xml"),
		"ppt/slides/slide1.xml", slide("Последний слайд"), "ppt/slides/slide2.xml", slide("First slide"),
		"ppt/slides/_rels/slide2.xml.rels", fmt.Sprintf(rel, "../notesSlides/n1.xml", "/ppt/media/none.png"), "ppt/notesSlides/n1.xml", slide("what the speaker says"))
}

func xlsx(t testing.TB) []byte {
	return zipped(t, "xl/workbook.xml", `<workbook xmlns:r="http://x/relationships"><sheet name="A" r:id="r1"/><sheet name="B" r:id="r2"/></workbook>`,
		"xl/_rels/workbook.xml.rels", fmt.Sprintf(rel, "worksheets/sheet1.xml", "worksheets/sheet2.xml"),
		"xl/sharedStrings.xml", `<sst><si><t>Country</t></si><si><r><t>Vic</t></r><r><t>tims</t></r></si></sst>`,
		"xl/worksheets/sheet1.xml", `<worksheet><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c t="inlineStr"><is><t>Soudan</t></is></c><c><v>12</v></c></row></worksheet>`,
		"xl/worksheets/sheet2.xml", `<worksheet><row><c t="str"><v>说明</v></c></row></worksheet>`)
}

func odt(t testing.TB) []byte {
	return zipped(t, "mimetype", typeODT, "content.xml", `<o:c xmlns:o="o" xmlns:t="t"><t:h>Título</t:h><t:p>Una<t:s t:c="2"/>víctima</t:p><t:soft-page-break/><t:p>segunda página</t:p></o:c>`,
		"meta.xml", `<o:m xmlns:o="o" xmlns:dc="d"><dc:title>Guía de acogida</dc:title><dc:creator>Ana Pop</dc:creator><dc:date>2020-05-06T00:00:00</dc:date><dc:language>es</dc:language></o:m>`)
}

func epub(t testing.TB) []byte {
	return zipped(t, "mimetype", typeEPUB, "META-INF/container.xml", `<container><rootfile full-path="OEBPS/book.opf"/></container>`,
		"OEBPS/book.opf", `<package xmlns:dc="d"><dc:title>الدليل</dc:title><dc:language>ar</dc:language><item id="b" href="two%20.xhtml"/><item id="a" href="one.xhtml"/><itemref idref="a"/><itemref idref="b"/></package>`,
		"OEBPS/one.xhtml", `<!DOCTYPE html><html><head><title>x</title></head><body><p>الفصل الأول</p></body></html>`, "OEBPS/two .xhtml", `<html><body><p>الفصل الثاني</p></body></html>`)
}

func TestFormats(t *testing.T) {
	r := reader(t)
	for _, c := range []struct {
		name  string
		data  []byte
		kind  string
		meta  Meta
		pages []string
	}{
		{"care.docx", docx(t, `<w:p><w:r><w:t>Le mé</w:t><w:t>canisme</w:t></w:r></w:p><w:p><w:r><w:lastRenderedPageBreak/><w:t>deuxième page</w:t></w:r></w:p>`), typeDOCX,
			Meta{Title: "Standards of Care", Authors: []string{"Ana Pop", "Li Wei"}, Date: "2019-03-04"}, []string{"Le mécanisme", "deuxième page"}},
		{"slides.pptx", pptx(t), typePPTX, Meta{}, []string{"First slide\nwhat the speaker says", "Последний слайд"}},
		{"sheet.xlsx", xlsx(t), typeXLSX, Meta{}, []string{"Country\tVictims\nSoudan\t12", "说明"}},
		{"guia.odt", odt(t), typeODT, Meta{Title: "Guía de acogida", Authors: []string{"Ana Pop"}, Date: "2020-05-06", Language: "es"}, []string{"Título\nUna  víctima", "segunda página"}},
		{"book.epub", epub(t), typeEPUB, Meta{Title: "الدليل", Language: "ar"}, []string{"الفصل الأول", "الفصل الثاني"}},
		{"page.html", []byte(`<html lang="fr"><head><title>Une page</title><meta name="author" content="Ana Pop"><style>p{}</style></head><body><nav>menu</nav><p>Un <b>texte</b>.</p><script>x()</script><ul><li>un<li>deux</ul></body></html>`),
			typeHTML, Meta{Title: "Une page", Authors: []string{"Ana Pop"}, Language: "fr"}, []string{"Un texte.\nun\ndeux"}},
		{"note.md", []byte("---\ntitle: \"Note on shelters\"\nauthor: Ana Pop\ndate: 2021-02\n---\n# Other\n\nSee [the guide](http://example.org/a_b).\n"), typeMarkdown,
			Meta{Title: "Note on shelters", Authors: []string{"Ana Pop"}, Date: "2021-02"}, []string{"# Other\n\nSee the guide."}},
		{"latin.txt", []byte("Pr\xe9vention de la traite"), typeText, Meta{}, []string{"Prévention de la traite"}},
		{"report.pdf", []byte("In truth a text."), typeText, Meta{}, []string{"In truth a text."}},
	} {
		doc, err := r.Read(t.Context(), c.name, bytes.NewReader(c.data), int64(len(c.data)), Ask{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var pages []string
		for _, p := range doc.Pages {
			pages = append(pages, p.Text)
		}
		if doc.Type != c.kind || fmt.Sprint(doc.Meta) != fmt.Sprint(c.meta) || strings.Join(pages, "|") != strings.Join(c.pages, "|") || doc.Count != len(c.pages) {
			t.Errorf("%s is %s with %+v, %d pages: %q", c.name, doc.Type, doc.Meta, doc.Count, pages)
		}
	}
}

// TestRefusals: each hostile or broken file is refused in words, and the worker
// lives on.
func TestRefusals(t *testing.T) {
	r := reader(t)
	bomb := docx(t, "<w:p>"+strings.Repeat(" ", 80<<20)+"</w:p>")
	whole := docx(t, "<w:p><w:t>whole</w:t></w:p>")
	for _, c := range []struct {
		name, want string
		data       []byte
	}{
		{"nothing.pdf", "empty", nil},
		{"cut.pdf", "damaged or cut off", []byte("%PDF-1.7\n1 0 obj\n<<")},
		{"bomb.docx", "unpacks to far more", bomb},
		{"entities.docx", "declares entities", zipped(t, "word/document.xml", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>`)},
		{"deep.docx", "too deep", docx(t, strings.Repeat("<w:p>", 1000)+strings.Repeat("</w:p>", 1000))},
		{"cut.docx", "not read", whole[:len(whole)/2]},
		{"old.doc", "save it as DOCX", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 rest")},
		{"program.exe", "not read", []byte("MZ\x00\x00\x01\x02")},
		{"zip.zip", "not read", zipped(t, "a.txt", "a")},
		{"loop.pdf", "", pageTreeLoop()},
		{"many.docx", "parts", zipped(t, append([]string{"word/document.xml", ""}, strings.Split(strings.Repeat("a|b|", maxEntries), "|")[:2*maxEntries]...)...)},
	} {
		doc, err := r.Read(t.Context(), c.name, bytes.NewReader(c.data), int64(len(c.data)), Ask{Cover: true})
		refused, ok := errors.AsType[*Refused](err)
		if c.want == "" && err == nil && len(doc.Pages) == 0 {
			continue
		}
		if !ok || !strings.Contains(refused.Reason, c.want) {
			t.Errorf("%s: %v, want a refusal that says %q", c.name, err, c.want)
		}
	}
	if _, err := r.Read(t.Context(), "huge", nil, 2<<30, Ask{}); err == nil {
		t.Error("a file of 2 GB is read")
	}
	stretched := regexp.MustCompile(`/Length \d+`).ReplaceAll(inHelvetica("", nil, "text"), []byte("/Length 2147483647"))
	if doc, err := r.Read(t.Context(), "length.pdf", bytes.NewReader(stretched), int64(len(stretched)), Ask{}); err != nil {
		t.Errorf("a stream that says it has 2 GB: %+v, %v", doc, err)
	}
}

// pageTreeLoop is a PDF whose tree of 10,000 pages has itself as a branch.
func pageTreeLoop() []byte {
	return []byte("%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 10000/Kids[2 0 R 2 0 R]>>\nendobj\ntrailer\n<</Root 1 0 R/Size 3>>\n%%EOF")
}
