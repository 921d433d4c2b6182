package guide

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/text"
	xhtml "golang.org/x/net/html"

	"waymark/library"
)

// Renderer writes the Markdown of sections as HTML that can do no harm. It may
// be used from many goroutines.
type Renderer struct {
	markdown goldmark.Markdown
	policy   *bluemonday.Policy
}

// NewRenderer gives a renderer.
func NewRenderer() *Renderer { return &Renderer{newMarkdown(), policy()} }

// policy is what of HTML a section may hold: no script, style, form, picture or
// frame, and of classes those that the house gives.
func policy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code", "em", "strong",
		"del", "ins", "br", "hr", "table", "thead", "tbody", "tr", "th", "td", "div", "span", "aside")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(warning|note|contacts|form|tasks|behind|box|blank)$`)).OnElements(
		"div", "ul", "p", "li", "tr", "span", "h3", "h4", "h5", "h6", "ol")
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^note$`)).OnElements("div")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireNoReferrerOnFullyQualifiedLinks(true)
	p.RequireParseableURLs(true)
	return p
}

// Filling gives what stands on the page for a parameter: its value, or when it
// has none what it asks for.
type Filling func(key string) (text string, filled bool)

// Look is how a text is to be written.
type Look struct {
	Fill    Filling
	Resolve func(address string) string // gives where a link leads; nil leaves it
	Marks   []bool                      // of the Units of the text: which to mark as behind
}

// Signs of the private use area that stand for the braces of parameters while
// Markdown is read. A text that has them loses them.
const openSign, closeSign = "\ue000", "\ue001"

var (
	signs  = strings.NewReplacer(openSign, "", closeSign, "")
	signed = regexp.MustCompile(openSign + `([a-z0-9_]+)` + closeSign)
	blanks = regexp.MustCompile(`_{4,}`)
)

// HTML writes a Markdown text as sanitised HTML with headings from h3 on.
func (r *Renderer) HTML(body string, look Look) (string, error) {
	source := parameter.ReplaceAllString(signs.Replace(body), openSign+"$1"+closeSign)
	if look.Resolve == nil {
		look.Resolve = func(to string) string { return to }
	}
	doc := r.markdown.Parser().Parse(text.NewReader([]byte(source)))
	if err := (shaping{look.Resolve, Units(source), look.Marks}).shape(doc); err != nil {
		return "", fmt.Errorf("shape a section: %w", err)
	}
	var b bytes.Buffer
	if err := r.markdown.Renderer().Render(&b, []byte(source), doc); err != nil {
		return "", fmt.Errorf("write a section as HTML: %w", err)
	}
	safe := r.policy.Sanitize(b.String())
	safe = blanks.ReplaceAllString(safe, `<span class="blank"></span>`)
	return signed.ReplaceAllStringFunc(safe, func(s string) string {
		return filledIn(look.Fill, strings.Trim(s, openSign+closeSign), true)
	}), nil
}

func filledIn(fill Filling, key string, marked bool) string {
	value, filled := key, false
	if fill != nil {
		value, filled = fill(key)
	}
	switch {
	case !marked:
		return value
	case filled:
		return `<span class="filled"><bdi>` + html.EscapeString(value) + `</bdi></span>`
	}
	return `<span class="unfilled">` + html.EscapeString(value) + `</span>`
}

// Line fills the parameters of a heading, as plain text.
func Line(heading string, fill Filling) string {
	return parameter.ReplaceAllStringFunc(heading, func(s string) string {
		return filledIn(fill, parameter.FindStringSubmatch(s)[1], false)
	})
}

// Plain gives the words of a Markdown text, for search.
func (r *Renderer) Plain(body string, fill Filling) (string, error) {
	written, err := r.HTML(body, Look{Fill: fill})
	if err != nil {
		return "", err
	}
	var b strings.Builder
	z := xhtml.NewTokenizer(strings.NewReader(written))
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return strings.Join(strings.Fields(b.String()), " "), nil
		case xhtml.TextToken:
			b.Write(z.Text())
		default:
			if name, _ := z.TagName(); !inline[string(name)] {
				b.WriteByte(' ')
			}
		}
	}
}

// inline are the elements that part no words.
var inline = map[string]bool{"em": true, "strong": true, "code": true, "a": true, "span": true, "bdi": true, "del": true, "ins": true}

// Fillings gives what fills the parameters of a text: the guide's values, and
// for what has none the default or label that its framework gives. Frames are
// the guide's bases, nearest first.
func Fillings(g *library.Guide, frames []*library.Guide, on library.Date, lang string) Filling {
	return func(key string) (string, bool) {
		if v, ok := g.Value(key, on); ok {
			return v.Value, true
		}
		for _, f := range frames { // a region fills for its countries
			if v, ok := f.Value(key, on); ok {
				return v.Value, true
			}
		}
		for _, f := range append([]*library.Guide{g}, frames...) {
			for _, p := range f.Parameters {
				if p.Key == key && p.Default != "" {
					return p.Default, true
				}
				if p.Key == key {
					label, _ := p.Labels.In(lang)
					return label, false
				}
			}
		}
		return key, false
	}
}
