package guide

import (
	"archive/zip"
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"
	"time"
)

const (
	bookEnding = ".xhtml"
	pageEnding = ".html"
)

// EPUB writes the book as EPUB 3.3 (W3C Recommendation). The same book is the
// same bytes.
func (b *Book) EPUB(w io.Writer) error {
	z := newPack(w, b.Modified)
	z.stored("mimetype", "application/epub+zip") // first and as it is, section 4.2.3
	z.file("META-INF/container.xml", xmlHead+`<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`)
	z.file("book/package.opf", b.opf())
	z.file("book/nav.xhtml", b.xhtml(b.Words.Contents, `<h1>`+html.EscapeString(b.Title)+"</h1>\n"+
		`<nav epub:type="toc" id="toc"><h2>`+html.EscapeString(b.Words.Contents)+"</h2>\n"+b.contents(bookEnding)+"</nav>\n"))
	z.file("book/style.css", bookStyle)
	for _, e := range b.Entries {
		z.file("book/"+e.Slug+bookEnding, b.xhtml(e.Title, b.page(e, bookEnding)))
	}
	return z.close("e-book")
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

func (b *Book) xhtml(title, body string) string {
	return xmlHead + fmt.Sprintf(`<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="%[1]s" xml:lang="%[1]s" dir="%[2]s">
<head><title>%[3]s</title><link rel="stylesheet" href="style.css"/></head>
<body>
%[4]s%[5]s</body></html>`, b.Lang, dir(b.Lang), html.EscapeString(cleanXML(title)), body, b.foot())
}

// opf writes the package document.
func (b *Book) opf() string {
	esc := html.EscapeString
	id := b.Origin + "/g/" + string(b.ID) + "?lang=" + b.Lang
	if b.Edition > 0 {
		id += "&edition=" + strconv.Itoa(b.Edition)
	} else {
		id += "&at=" + string(b.Day)
	}
	var w strings.Builder
	w.WriteString(xmlHead + `<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="` + b.Lang + `" dir="` + dir(b.Lang) + `">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">` + esc(id) + `</dc:identifier>
<dc:title>` + esc(b.Title) + ` (` + esc(b.Words.State) + `)</dc:title>
<dc:language>` + b.Lang + `</dc:language>
<dc:date>` + string(b.Day) + `</dc:date>
`)
	if b.Owner != "" {
		w.WriteString("<dc:creator>" + esc(b.Owner) + "</dc:creator>\n")
	}
	if b.Licence != "" {
		w.WriteString("<dc:rights>" + esc(b.Licence) + "</dc:rights>\n")
	}
	w.WriteString(`<meta property="dcterms:modified">` + b.Modified.Format(time.RFC3339) + `</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="style" href="style.css" media-type="text/css"/>
`)
	for i, e := range b.Entries {
		fmt.Fprintf(&w, "<item id=\"e%d\" href=\"%s\" media-type=\"application/xhtml+xml\"/>\n", i, esc(e.Slug+bookEnding))
	}
	progression := map[bool]string{true: ` page-progression-direction="rtl"`}[b.RTL]
	w.WriteString("</manifest>\n<spine" + progression + ">\n<itemref idref=\"nav\"/>\n")
	for i := range b.Entries {
		fmt.Fprintf(&w, "<itemref idref=\"e%d\"/>\n", i)
	}
	w.WriteString("</spine>\n</package>\n")
	return w.String()
}

// contents writes the entries as a list in lists.
func (b *Book) contents(ending string) string {
	var w strings.Builder
	depth := -1
	for _, e := range b.Entries {
		if e.Depth > depth { // by one: an entry follows what it lies in
			w.WriteString("<ol>")
			depth++
		} else {
			w.WriteString("</li>")
		}
		for ; depth > e.Depth; depth-- {
			w.WriteString("</ol></li>")
		}
		fmt.Fprintf(&w, "\n<li><a href=\"%s\" lang=%q dir=%q>%s</a>", html.EscapeString(e.Slug+ending), e.Lang, dir(e.Lang), html.EscapeString(cleanXML(e.Title)))
	}
	for ; depth >= 0; depth-- {
		w.WriteString("</li></ol>")
	}
	return w.String()
}

// bookStyle is the sheet of e-books and kept pages.
const bookStyle = `body{font-family:serif;line-height:1.55;max-width:42rem;margin:1rem auto;padding:0 1rem}
h1,h2,h3,h4{line-height:1.25}
.warning{border-inline-start:.4rem solid #8c1d18;padding:.2rem 1rem;background:#fbeceb;color:#1b2427}
.note,.contacts,.form,.notice{border-inline-start:.3rem solid #0b5c5e;padding:.2rem 1rem;background:#e9f1ee;color:#1b2427}
.behind{border-inline-start:.3rem solid #8a5a00;padding-inline-start:.7rem}
.tasks{list-style:none;padding-inline-start:.2rem}
.blank{display:inline-block;min-inline-size:14rem;border-block-end:1px solid currentcolor}
.unfilled{border:1px dashed currentcolor;padding:0 .3rem}
table{border-collapse:collapse}
td,th{border:1px solid #999;padding:.3rem .6rem;text-align:start}
.dates,footer{font-size:.85rem;opacity:.8}
footer{margin-block-start:3rem;border-block-start:1px solid #999}
`

// pack writes a zip archive of which the first error is kept.
type pack struct {
	zip *zip.Writer
	at  time.Time
	err error
}

func newPack(w io.Writer, at time.Time) *pack { return &pack{zip: zip.NewWriter(w), at: at} }

func (p *pack) put(name, text string, method uint16) {
	if p.err != nil {
		return
	}
	h := &zip.FileHeader{Name: name, Method: method}
	if method == zip.Deflate {
		h.Modified = p.at
	}
	f, err := p.zip.CreateHeader(h)
	if err == nil {
		_, err = io.WriteString(f, text)
	}
	p.err = err
}

func (p *pack) stored(name, text string) { p.put(name, text, zip.Store) }
func (p *pack) file(name, text string)   { p.put(name, text, zip.Deflate) }

func (p *pack) close(what string) error {
	if err := p.zip.Close(); p.err == nil {
		p.err = err
	}
	if p.err != nil {
		return fmt.Errorf("write the %s: %w", what, p.err)
	}
	return nil
}

// Pages writes the book as a zip of pages that any browser opens without a
// line: each says of which state it is, how old it is, and what of it was to be
// reviewed by now.
func (b *Book) Pages(w io.Writer) error {
	z := newPack(w, b.Modified)
	folder := b.Slug + "/"
	z.file(folder+"index.html", b.offline(b.Title, "<h1>"+html.EscapeString(b.Title)+"</h1>\n<nav aria-label=\""+html.EscapeString(b.Words.Contents)+"\">"+b.contents(pageEnding)+"</nav>\n"))
	z.file(folder+"style.css", bookStyle)
	z.file(folder+"age.js", ageScript)
	for _, e := range b.Entries {
		up := `<p><a href="index.html">` + html.EscapeString(b.Title) + "</a></p>\n"
		z.file(folder+e.Slug+pageEnding, b.offline(e.Title, up+b.page(e, pageEnding)))
	}
	return z.close("pages")
}

func (b *Book) offline(title, body string) string {
	return fmt.Sprintf(`<!doctype html>
<html lang="%s" dir="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>%s</title>
<link rel="stylesheet" href="style.css"><script src="age.js" defer data-made="%s"></script></head>
<body>
%s%s</body></html>
`, b.Lang, dir(b.Lang), html.EscapeString(title), b.Modified.Format(time.DateOnly), body, b.foot())
}

// ageScript says how old the pages are and shows what was due before today.
const ageScript = `"use strict";
const made = document.currentScript.dataset.made, today = new Date().toISOString().slice(0, 10);
const days = Math.round((Date.parse(today) - Date.parse(made)) / 864e5), age = document.getElementById("age");
if (days > 0) age.append(" (" + new Intl.RelativeTimeFormat(document.documentElement.lang).format(-days, "day") + ")");
for (const p of document.querySelectorAll("[data-due]")) p.hidden = p.dataset.due >= today;
`
