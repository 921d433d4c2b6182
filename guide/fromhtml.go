package guide

import (
	"io"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// htmlReader turns a page into blocks. It builds no tree, which no nesting can
// make deep.
type htmlReader struct {
	blocks []block
	text   strings.Builder
	level  int   // of the heading that is open
	lists  []int // of each open list: 0 for bullets, else the next number
	item   string
	hidden int
	link   []string
	row    []string
	rows   int
	cell   bool
}

// unread are the elements whose text is no part of a document.
var unread = map[string]bool{"script": true, "style": true, "nav": true, "template": true, "noscript": true, "title": true, "svg": true, "button": true, "select": true}

// htmlBlocks reads the blocks of a page.
func htmlBlocks(r io.Reader) ([]block, error) {
	z := html.NewTokenizer(r)
	z.SetMaxBuf(maxDocument)
	h := &htmlReader{}
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			h.end()
			if z.Err() == io.EOF {
				return h.blocks, nil
			}
			return nil, z.Err()
		case html.TextToken:
			if h.hidden == 0 {
				h.text.WriteString(escapes.Replace(string(z.Text())))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if unread[t.Data] && kind == html.StartTagToken {
				h.hidden++
			} else if h.hidden == 0 {
				h.open(t)
			}
		case html.EndTagToken:
			t := z.Token()
			if unread[t.Data] {
				h.hidden = max(0, h.hidden-1)
			} else if h.hidden == 0 {
				h.close(t.Data)
			}
		}
	}
}

func heading(tag string) int {
	if len(tag) == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6' {
		return int(tag[1] - '0')
	}
	return 0
}

func (h *htmlReader) open(t html.Token) {
	switch level := heading(t.Data); {
	case level > 0:
		h.end()
		h.level = level
	case t.Data == "ul" || t.Data == "ol":
		h.end()
		first := 0
		if t.Data == "ol" {
			first = 1
		}
		h.lists = append(h.lists, first)
	case t.Data == "li":
		h.end()
		h.item = h.bullet()
	case t.Data == "tr":
		h.end()
		h.row = nil
	case t.Data == "td" || t.Data == "th":
		h.text.Reset()
		h.cell = true
	case t.Data == "table":
		h.end()
		h.rows = 0
	case t.Data == "strong" || t.Data == "b":
		h.text.WriteString("**")
	case t.Data == "em" || t.Data == "i":
		h.text.WriteString("*")
	case t.Data == "br":
		h.text.WriteString(" ")
	case t.Data == "a":
		to := ""
		for _, a := range t.Attr {
			if a.Key == "href" {
				to = safeLink(a.Val)
			}
		}
		h.link = append(h.link, to)
		if to != "" {
			h.text.WriteString("[")
		}
	case paragraph[t.Data] && !h.cell:
		h.end()
	}
}

// paragraph are the elements that begin and end a paragraph.
var paragraph = map[string]bool{"p": true, "div": true, "section": true, "article": true, "blockquote": true, "dt": true, "dd": true,
	"pre": true, "figure": true, "header": true, "footer": true, "main": true, "hr": true, "address": true, "body": true}

// safeLink gives an address that Markdown can hold, or nothing.
func safeLink(to string) string {
	u, err := url.Parse(strings.TrimSpace(to))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" || strings.ContainsAny(to, " ()<>") {
		return ""
	}
	return u.String()
}

func (h *htmlReader) bullet() string {
	if len(h.lists) == 0 {
		return "- "
	}
	indent := strings.Repeat("   ", min(len(h.lists)-1, 6))
	last := &h.lists[len(h.lists)-1]
	if *last == 0 {
		return indent + "- "
	}
	*last++
	return indent + strconv.Itoa(*last-1) + ". "
}

func (h *htmlReader) close(tag string) {
	switch {
	case heading(tag) > 0 || tag == "li" || paragraph[tag] && !h.cell:
		h.end()
	case tag == "ul" || tag == "ol":
		h.end()
		if n := len(h.lists); n > 0 {
			h.lists = h.lists[:n-1]
		}
	case tag == "td" || tag == "th":
		h.row = append(h.row, strings.Join(strings.Fields(h.text.String()), " "))
		h.text.Reset()
		h.cell = false
	case tag == "tr":
		h.tableRow()
	case tag == "strong" || tag == "b":
		h.text.WriteString("**")
	case tag == "em" || tag == "i":
		h.text.WriteString("*")
	case tag == "a" && len(h.link) > 0:
		if to := h.link[len(h.link)-1]; to != "" {
			h.text.WriteString("](" + to + ")")
		}
		h.link = h.link[:len(h.link)-1]
	}
}

// tableRow writes a row; the first one is the head of its table.
func (h *htmlReader) tableRow() {
	if len(h.row) == 0 {
		return
	}
	text := "| " + strings.Join(h.row, " | ") + " |"
	if h.rows == 0 {
		text += "\n|" + strings.Repeat("---|", len(h.row))
	}
	h.rows++
	h.blocks = append(h.blocks, block{text: text})
	h.row = nil
}

// end ends the paragraph, item or heading that is open.
func (h *htmlReader) end() {
	text := strings.Join(strings.Fields(h.text.String()), " ")
	h.text.Reset()
	for _, empty := range []string{"****", "**", "*"} {
		if text == empty {
			text = ""
		}
	}
	if text != "" {
		if h.level > 0 {
			h.blocks = append(h.blocks, block{h.level, unmarked.Replace(text)})
		} else {
			h.blocks = append(h.blocks, block{text: h.item + text})
		}
		h.item = ""
	}
	h.level = 0
}

// unmarked takes the marks out of a heading, which is plain text.
var unmarked = strings.NewReplacer("**", "", `\*`, "*", `\_`, "_", `\[`, "[", `\]`, "]", `\<`, "<", `\|`, "|", `\\`, `\`, "\\`", "`")
