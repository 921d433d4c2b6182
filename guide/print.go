package guide

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"regexp"
	"strings"
)

// Whole writes the book as one HTML document to be printed: each page of it
// says at its foot which state of which guide it is. It asks for nothing from
// anywhere and runs no script.
func (b *Book) Whole() string {
	var w strings.Builder
	esc := html.EscapeString
	fmt.Fprintf(&w, `<!doctype html>
<html lang="%s" dir="%s"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>%s</title><style>%s%s</style></head>
<body>
<header><h1>%s</h1><p>%s</p>
`, b.Lang, dir(b.Lang), esc(b.Title+" ("+b.Words.State+")"), bookStyle, b.printStyle(), esc(cleanXML(b.Title)), esc(b.Owner))
	w.WriteString(b.foot() + "</header>\n<nav aria-labelledby=\"contents\"><h2 id=\"contents\">" + esc(b.Words.Contents) + "</h2>\n" + b.contents(fileEnding) + "</nav>\n")
	for _, e := range b.Entries {
		fmt.Fprintf(&w, "<article id=\"e-%s\">\n%s</article>\n", esc(e.Slug), b.page(e, fileEnding))
	}
	w.WriteString("</body></html>\n")
	return inDocument.ReplaceAllStringFunc(w.String(), func(link string) string {
		m := inDocument.FindStringSubmatch(link)
		if m[2] != "" {
			return `href="` + m[2] + `"`
		}
		return `href="#e-` + m[1] + `"`
	})
}

// inDocument finds links from one page of the book to another.
var inDocument = regexp.MustCompile(`href="([a-z0-9-]+)` + regexp.QuoteMeta(fileEnding) + `(#s-[0-9A-Z]+)?"`)

// printStyle is what the printed book has beside the style of all books; the
// margin boxes are of CSS Paged Media 3.
func (b *Book) printStyle() string {
	state := b.Title + " · " + b.Words.State
	if b.Hash != "" {
		state += " · SHA-256 " + b.Hash[:16]
	}
	return `@page{size:A4;margin:18mm 18mm 20mm;@bottom-left{content:` + cssText(state) + `;font:8pt sans-serif}@bottom-right{content:counter(page);font:8pt sans-serif}}
body{max-width:none;margin:0;padding:0;font-size:11pt}
header footer{margin-block-start:1rem}
article{break-before:page}
h1,h2,h3{break-after:avoid}
li,tr,.warning{break-inside:avoid}
nav ol{line-height:1.7}
`
}

// cssText writes a text as a string of CSS that no style can be broken out of.
func cssText(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		if strings.ContainsRune(`"\<>&`, r) || r < ' ' {
			fmt.Fprintf(&b, `\%06x`, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String() + `"`
}

// Key names what the printed book says: the SHA-256 in hex of the document.
func (b *Book) Key() string {
	sum := sha256.Sum256([]byte(b.Whole()))
	return hex.EncodeToString(sum[:])
}
