package extract

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

// readHTML reads a web page.
func readHTML(src source, emit func(Page) error) (Meta, error) {
	data, err := decoded(src, "text/html")
	if err != nil {
		return Meta{}, err
	}
	p := &pager{emit: emit}
	meta := p.html(data, bytes.HasPrefix(data, []byte("<?xml")))
	return meta, p.end()
}

// decoded gives a text in UTF-8, by its mark, its declaration or its bytes.
func decoded(src source, kind string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(io.NewSectionReader(src, 0, src.size), maxEntry+1))
	if err != nil {
		return nil, refuse("the file cannot be read: " + err.Error())
	}
	if len(data) > maxEntry {
		return nil, refuse("the file has more than 64 MB of text")
	}
	return inUTF8(data, kind)
}

// inUTF8 gives bytes as text in UTF-8, without a mark.
func inUTF8(data []byte, kind string) ([]byte, error) {
	utf16 := bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff"))
	if !utf16 && binary(data) {
		return nil, refuse("the file is not text")
	}
	if !utf16 && utf8.Valid(data) {
		return bytes.TrimPrefix(data, []byte("\ufeff")), nil
	}
	r, err := charset.NewReader(bytes.NewReader(data), kind)
	if err == nil {
		data, err = io.ReadAll(io.LimitReader(r, 2*maxEntry))
	}
	if err != nil {
		return nil, refuse("the encoding of the text is not known: save it as UTF-8")
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), nil
}

// binary tells bytes that are no text: a NUL, or one control character in
// twenty that no text has.
func binary(data []byte) bool {
	count := 0
	for _, c := range data {
		if c == 0 {
			return true
		}
		if c < ' ' && (c < '\b' || c > '\r') && c != '\x1b' {
			count++
		}
	}
	return count*20 > len(data)
}

// silent are the elements whose text a reader does not see or does not look for.
var silent = []string{"script", "style", "noscript", "template", "nav", "svg", "iframe", "object", "select", "button"}

// blocks are the elements that end a paragraph.
var blocks = []string{"p", "div", "li", "tr", "br", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "table", "ul", "ol",
	"dl", "dt", "dd", "blockquote", "pre", "figure", "figcaption", "header", "footer", "main", "aside", "hr", "caption"}

// html reads the text of a page without building its tree, which no nesting
// can make deep. In XHTML, <title/> is a whole element.
func (p *pager) html(data []byte, xhtml bool) (m Meta) {
	z := html.NewTokenizer(bytes.NewReader(data))
	z.SetMaxBuf(maxEntry)
	hidden, inTitle, title := 0, false, ""
	for p.err == nil {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		t := z.Token()
		whole := kind == html.SelfClosingTagToken && (xhtml || t.Data == "svg")
		open := kind == html.StartTagToken || kind == html.SelfClosingTagToken && !whole
		if whole {
			z.NextIsNotRawText()
		}
		switch {
		case kind == html.TextToken && inTitle:
			title = cmp.Or(title, telling(t.Data))
		case kind == html.TextToken:
			if hidden == 0 {
				p.inline(t.Data)
			}
		case kind == html.CommentToken || kind == html.DoctypeToken:
		case t.Data == "title" && hidden == 0:
			inTitle = open
		case slices.Contains(silent, t.Data):
			if whole {
				continue
			}
			if open {
				hidden++
			} else if hidden > 0 {
				hidden--
			}
		case t.Data == "html" && open:
			m.Language = cmp.Or(m.Language, named(t, "lang"), named(t, "xml:lang"))
		case t.Data == "meta":
			m.meta(strings.ToLower(cmp.Or(named(t, "name"), named(t, "property"))), strings.TrimSpace(named(t, "content")))
		case slices.Contains(blocks, t.Data):
			p.paragraph()
		case t.Data == "td" || t.Data == "th":
			p.write("\t")
		}
	}
	m.Title = cmp.Or(m.Title, title)
	return m
}

// inline writes text within a paragraph: any white space is one space.
func (p *pager) inline(s string) {
	if s == "" {
		return
	}
	text := strings.Join(strings.Fields(s), " ")
	if s[0] <= ' ' {
		p.space()
	}
	if text == "" {
		return
	}
	p.write(text)
	if s[len(s)-1] <= ' ' {
		p.write(" ")
	}
}

func named(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// dates are the names under which pages say when they were published.
var dates = []string{"dc.date", "dc.issued", "dc.created", "citation_publication_date", "citation_date", "article:published_time"}

// meta takes in what a page says of itself by the names that the field uses.
func (m *Meta) meta(name, content string) {
	if rest, ok := strings.CutPrefix(name, "dcterms."); ok {
		name = "dc." + rest
	}
	switch {
	case content == "":
	case name == "author" || name == "dc.creator" || name == "citation_author":
		for _, one := range people(content) {
			if !slices.Contains(m.Authors, one) {
				m.Authors = append(m.Authors, one)
			}
		}
	case name == "dc.title" || name == "citation_title":
		m.Title = telling(content)
	case slices.Contains(dates, name) && m.Date == "":
		m.Date = isoDate(strings.ReplaceAll(content, "/", "-"))
	case name == "dc.language" || name == "citation_language":
		m.Language = content
	}
}

// readEPUB reads a book (EPUB 3.3): the documents of its spine, in order.
func readEPUB(src source, emit func(Page) error) (Meta, error) {
	a, err := openArchive(src)
	if err != nil {
		return Meta{}, err
	}
	meta, chapters, err := a.spine()
	if err != nil {
		return meta, err
	}
	p := &pager{emit: emit}
	for _, name := range chapters {
		chapter, err := a.entry(name)
		if err != nil {
			return meta, err
		}
		text, err := inUTF8(chapter, "text/html")
		if err != nil {
			continue // a picture in the place of a chapter
		}
		p.html(text, true)
		if p.page(); p.err != nil {
			return meta, p.err
		}
	}
	return meta, p.end()
}

// spine gives what a book says of itself and the names of its documents.
func (a *archive) spine() (meta Meta, chapters []string, err error) {
	root := ""
	container, err := a.entry("META-INF/container.xml")
	if err == nil {
		err = walk(container, func(e xml.StartElement) {
			if e.Name.Local == "rootfile" && root == "" {
				root = attribute(e, "full-path")
			}
		}, func(string) {}, func(string) {})
	}
	if err != nil {
		return meta, nil, err
	}
	meta, err = a.properties(root)
	if err != nil {
		return meta, nil, err
	}
	book, err := a.entry(root)
	if err != nil {
		return meta, nil, err
	}
	hrefs, spine := map[string]string{}, []string(nil)
	err = walk(book, func(e xml.StartElement) {
		switch e.Name.Local {
		case "item":
			hrefs[attribute(e, "id")] = attribute(e, "href")
		case "itemref":
			spine = append(spine, attribute(e, "idref"))
		}
	}, func(string) {}, func(string) {})
	if err != nil {
		return meta, nil, err
	}
	if len(spine) == 0 {
		return meta, nil, refuse("the book is damaged: it lists no text")
	}
	if len(spine) > maxPages {
		return meta, nil, refuse(fmt.Sprintf("the book has more than %d pages", maxPages))
	}
	for _, id := range spine {
		if href, err := url.PathUnescape(hrefs[id]); err == nil {
			chapters = append(chapters, path.Join(path.Dir(root), href))
		}
	}
	return meta, chapters, nil
}

// readText reads plain text.
func readText(src source, emit func(Page) error) (Meta, error) {
	data, err := decoded(src, "text/plain")
	if err != nil {
		return Meta{}, err
	}
	p := &pager{emit: emit}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data))
	for line := range strings.Lines(text) {
		if p.err != nil {
			break
		}
		for i, sheet := range strings.Split(strings.TrimRight(line, "\n"), "\f") {
			if i > 0 {
				p.page()
			}
			p.write(sheet)
		}
		p.write("\n")
		if strings.TrimSpace(line) == "" {
			p.paragraph()
		}
		if p.b.Len() > 2*run {
			p.page()
		}
	}
	return Meta{}, p.end()
}

var (
	markdownLink  = regexp.MustCompile(`!?\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)`)
	markdownTitle = regexp.MustCompile(`(?m)^#\s+(.+?)\s*#*$`)
	frontMatter   = regexp.MustCompile(`(?s)\A---\r?\n(.*?)\r?\n---\r?\n`)
	frontLine     = regexp.MustCompile(`(?m)^(title|author|date|lang):\s*["']?(.*?)["']?\s*$`)
)

// readMarkdown reads Markdown as the text it is, without the addresses of links.
func readMarkdown(src source, emit func(Page) error) (Meta, error) {
	data, err := decoded(src, "text/plain")
	if err != nil {
		return Meta{}, err
	}
	var m Meta
	text := string(data)
	if front := frontMatter.FindStringSubmatch(text); front != nil {
		text = text[len(front[0]):]
		for _, line := range frontLine.FindAllStringSubmatch(front[1], -1) {
			switch line[1] {
			case "title":
				m.Title = telling(line[2])
			case "author":
				m.Authors = people(line[2])
			case "date":
				m.Date = isoDate(line[2])
			case "lang":
				m.Language = line[2]
			}
		}
	}
	if first := markdownTitle.FindStringSubmatch(text); first != nil && m.Title == "" {
		m.Title = telling(first[1])
	}
	text = markdownLink.ReplaceAllString(text, "$1")
	_, err = readText(source{strings.NewReader(text), int64(len(text))}, emit)
	return m, err
}
