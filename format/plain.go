package format

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// maxBody is what is taken of a text that a source gives whole in the place of
// an abstract, in runes.
const maxBody = 5000

// htmlForm tells a text with elements or entities of HTML.
var htmlForm = regexp.MustCompile(`<(/?[a-zA-Z][^<>]*|!--)>|&(#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);`)

// plainText gives the text of a piece of HTML, with a line between blocks. A
// text without elements and entities is given as it is.
func plainText(s string) string {
	if !htmlForm.MatchString(s) {
		return strings.TrimSpace(s)
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for silent := ""; ; {
		switch z.Next() {
		case html.ErrorToken: // a string ends, and nothing else
			return tidyLines(b.String())
		case html.TextToken:
			if silent == "" {
				b.WriteString(strings.NewReplacer("\n", " ", "\r", " ").Replace(string(z.Text())))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			switch name, _ := z.TagName(); string(name) {
			case "script", "style":
				silent = string(name)
			case "p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote":
				b.WriteString("\n")
			}
		case html.EndTagToken:
			switch name, _ := z.TagName(); string(name) {
			case silent:
				silent = ""
			case "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote":
				b.WriteString("\n")
			}
		}
	}
}

// tidyLines squeezes each line and leaves out empty ones.
func tidyLines(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		if line = squeeze(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

var (
	markLink = regexp.MustCompile(`!?\[([^\]]*)\]\([^)\s]*\)`)
	markSign = regexp.MustCompile(`(?m)^[ \t]*(#{1,6}[ \t]+|>[ \t]?|[*+-][ \t]+)|\*\*|__`)
)

// markedText gives the text of a piece of Markdown, which may have HTML in it.
func markedText(s string) string {
	s = tidyLines(markSign.ReplaceAllString(markLink.ReplaceAllString(s, "$1"), ""))
	if !htmlForm.MatchString(s) {
		return s
	}
	return plainText(strings.ReplaceAll(s, "\n", "<br>"))
}

// beginning gives the first lines of a text that are together no longer than
// maxBody, with "…" where there is more; of a longer line its first words.
func beginning(s string) string {
	if utf8.RuneCountInString(s) <= maxBody {
		return s
	}
	s = string([]rune(s)[:maxBody-1])
	if at := strings.LastIndexAny(s, "\n"); at > len(s)/4 {
		return s[:at] + "\n…"
	}
	if at := strings.LastIndexByte(s, ' '); at > 0 {
		s = s[:at]
	}
	return s + "…"
}
