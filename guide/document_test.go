package guide

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"waymark/library"
)

// outlined writes the entries and sections of a draft, one a line.
func outlined(d *Draft) string {
	var b strings.Builder
	b.WriteString(d.Titles["en"] + "\n")
	for _, p := range d.Pages {
		b.WriteString("# " + p.Slug + ": " + p.Titles["en"] + "\n")
		for _, s := range p.Sections {
			b.WriteString("## " + s.Name + ": " + s.Texts["en"].Heading + "\n" + s.Texts["en"].Body + "\n")
		}
	}
	return b.String()
}

func draftOf() *Draft {
	return &Draft{Slug: "x", Type: library.Handbook, Languages: []string{"en"}, Audience: library.Public}
}

const wantOutline = `Field *notes*
# arrival: Arrival
## about: Arrival
Ask first.

1. One
2. Two
   - a\_b

### Who

At the [gate](https://example.org/).
## then: Then
| a | b |
|---|---|
| 1 | 2 |
# arrival-2: Arrival
## about: Arrival
Again.
`

func TestHTMLDocument(t *testing.T) {
	page := `<!doctype html><html><head><title>T</title><style>p{}</style></head><body><nav>Menu</nav>
<h1>Field *notes*</h1><h2>Arrival</h2><p>Ask first.</p><ol><li>One</li><li>Two<ul><li>a_b</li></ul></li></ol>
<h4>Who</h4><p>At the <a href="https://example.org/">gate</a><a href="javascript:x">.</a></p><script>alert(1)</script>
<h3>Then</h3><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table><h2>Arrival</h2>Again.</body></html>`
	d := draftOf()
	if err := d.Document("x.html", strings.NewReader(page), int64(len(page))); err != nil {
		t.Fatal(err)
	}
	if got := outlined(d); got != wantOutline {
		t.Errorf("%s\nwant\n%s", got, wantOutline)
	}
	for _, bad := range []string{"", "<p>No headings.</p>"} {
		if err := draftOf().Document("x.html", strings.NewReader(bad), int64(len(bad))); err == nil {
			t.Errorf("%q becomes a guide", bad)
		}
	}
}

// docx packs a document with styles as word processors in German write them.
func docx(t testing.TB, body string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"word/styles.xml": `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style><w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
<w:style w:styleId="Eigene"><w:name w:val="Own"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style></w:styles>`,
		"word/document.xml": `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body + `</w:body></w:document>`,
	} {
		f, err := z.Create(name)
		if err == nil {
			_, err = f.Write([]byte(text))
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

func TestDOCXDocument(t *testing.T) {
	p := func(props, text string) string {
		return `<w:p><w:pPr>` + props + `</w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
	}
	file := docx(t, p(`<w:pStyle w:val="Titel"/>`, "Field notes")+p(`<w:pStyle w:val="berschrift2"/>`, "Arrival")+p("", "Ask first.")+
		p(`<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>`, "One")+p(`<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>`, "a_b")+
		p(`<w:pStyle w:val="Eigene"/>`, "Then")+`<w:tbl><w:tr><w:tc>`+p("", "a")+`</w:tc><w:tc>`+p("", "b")+`</w:tc></w:tr></w:tbl>`)
	d := draftOf()
	if err := d.Document("x.docx", bytes.NewReader(file), int64(len(file))); err != nil {
		t.Fatal(err)
	}
	want := "Field notes\n# arrival: Arrival\n## about: Arrival\nAsk first.\n\n- One\n   - a\\_b\n## then: Then\n| a | b |\n|---|---|\n"
	if got := outlined(d); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// FuzzDocument: no document breaks the reader, and what it gives can be shown.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(`<h1>a<h2>b</h2><li>c<table><td>d</table><ol><li>e`), false)
	f.Add(docx(f, `<w:p><w:pPr><w:pStyle w:val="Titel"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>`), true)
	r := NewRenderer()
	f.Fuzz(func(t *testing.T, data []byte, word bool) {
		name := map[bool]string{true: "x.docx", false: "x.html"}[word]
		d := draftOf()
		if err := d.Document(name, bytes.NewReader(data), int64(len(data))); err != nil {
			return
		}
		for _, p := range d.Pages {
			if !IsSlug(p.Slug) {
				t.Errorf("the slug %q", p.Slug)
			}
			for _, s := range p.Sections {
				got, err := r.HTML(s.Texts["en"].Body, Look{})
				if err != nil {
					t.Fatal(err)
				}
				harmless(t, s.Texts["en"].Body, got)
			}
		}
	})
}

func TestReadFolderErrors(t *testing.T) {
	for text, want := range map[string]string{
		"## A {#b}\nx\n\n## C {colour=red}\nx": "page.md:4",
		"## A {b c}\nx":                        "page.md:1",
	} {
		p := &DraftPage{Titles: library.Text{}}
		if err := p.text("page.md", text, "en", true); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s named", text, err, want)
		}
	}
	p := &DraftPage{Titles: library.Text{}}
	if err := p.text("page.md", "+++\nowner = \"x\"\n+++\n# T\n\n## A\n```\n## no heading\n```\n", "en", true); err != nil || len(p.Sections) != 1 || p.Owner != "x" {
		t.Error(err, len(p.Sections), p.Owner)
	}
	if err := p.text("page.fr.md", "## B\nx\n\n## C\nx", "fr", false); err == nil || p.Sections[0].Texts["fr"].Heading != "B" {
		t.Error("a translation with a section too many is taken", err)
	}
}
