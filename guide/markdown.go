package guide

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// newMarkdown gives the Markdown of guides: CommonMark with tables, task lists,
// definition lists, struck text, and boxes between lines of ":::name".
func newMarkdown() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList, extension.DefinitionList),
		goldmark.WithParserOptions(parser.WithBlockParsers(util.Prioritized(boxParser{}, 90))),
		goldmark.WithRendererOptions(html.WithXHTML(), renderer.WithNodeRenderers(util.Prioritized(parts{}, 90))),
	)
}

// boxes are the names that ":::" knows.
var boxes = map[string]bool{"warning": true, "note": true, "contacts": true, "form": true}

// box is a block that holds others: ":::warning" to ":::".
type box struct {
	ast.BaseBlock
	name string
}

var kindBox = ast.NewNodeKind("Box")

func (b *box) Kind() ast.NodeKind { return kindBox }

// Dump implements ast.Node.
func (b *box) Dump(source []byte, level int) {
	ast.DumpHelper(b, source, level, map[string]string{"name": b.name}, nil)
}

// boxParser reads boxes. One that no line closes ends with what holds it.
type boxParser struct{}

// Trigger implements parser.BlockParser.
func (boxParser) Trigger() []byte { return []byte{':'} }

// Open implements parser.BlockParser.
func (boxParser) Open(_ ast.Node, reader text.Reader, _ parser.Context) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	name, ok := strings.CutPrefix(strings.TrimSpace(string(line)), ":::")
	if name = strings.TrimSpace(name); !ok || !boxes[name] {
		return nil, parser.NoChildren
	}
	reader.AdvanceToEOL()
	return &box{name: name}, parser.HasChildren
}

// Continue implements parser.BlockParser.
func (boxParser) Continue(_ ast.Node, reader text.Reader, _ parser.Context) parser.State {
	if line, _ := reader.PeekLine(); strings.TrimSpace(string(line)) == ":::" {
		reader.AdvanceToEOL()
		return parser.Close
	}
	return parser.Continue | parser.HasChildren
}

// Close implements parser.BlockParser.
func (boxParser) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph implements parser.BlockParser.
func (boxParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine implements parser.BlockParser.
func (boxParser) CanAcceptIndentedLine() bool { return false }

// parts writes what the Markdown library has no form of, or none that can be
// printed and read aloud: boxes, and the box to tick of a checklist.
type parts struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (parts) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindBox, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		b, ok := n.(*box)
		if !ok || !entering {
			_, err := w.WriteString("</div>\n")
			return ast.WalkContinue, err
		}
		_, err := w.WriteString(`<div class="` + b.name + `" role="note">` + "\n")
		return ast.WalkContinue, err
	})
	r.Register(east.KindTaskCheckBox, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		sign := "☐"
		if c, ok := n.(*east.TaskCheckBox); ok && c.IsChecked {
			sign = "☑"
		}
		_, err := w.WriteString(`<span class="box">` + sign + `</span> `)
		return ast.WalkContinue, err
	})
}

// shaping makes a parsed text fit its page: headings below that of the section,
// lists of tasks as such, links where they lead, paragraphs marked.
type shaping struct {
	resolve func(string) string
	units   []string
	marks   []bool // of units
}

func (s shaping) shape(doc ast.Node) error {
	return ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = min(max(n.Level, 3), 6)
		case *ast.Link:
			n.Destination = []byte(s.resolve(string(n.Destination)))
		case *ast.List:
			if isTasks(n) {
				n.SetAttributeString("class", []byte("tasks"))
			}
		}
		if len(s.marks) > 0 && n.Type() == ast.TypeBlock && s.marked(n) {
			n.SetAttributeString("class", []byte("behind"))
		}
		return ast.WalkContinue, nil
	})
}

// marked tells whether a block that can bear a class lies in a marked unit.
func (s shaping) marked(n ast.Node) bool {
	first := n
	switch n.Kind() {
	case ast.KindParagraph, ast.KindHeading:
		if n.Parent() != nil && n.Parent().Kind() == ast.KindListItem {
			return false
		}
	case ast.KindListItem, east.KindTableRow, east.KindTableHeader:
		first = n.FirstChild()
	default:
		return false
	}
	if first == nil || first.Type() != ast.TypeBlock || first.Lines().Len() == 0 {
		return false
	}
	at := first.Lines().At(0).Start
	for i, u := range s.units {
		if at < len(u) {
			return i < len(s.marks) && s.marks[i]
		}
		at -= len(u)
	}
	return false
}

func isTasks(list *ast.List) bool {
	item := list.FirstChild()
	if item == nil || item.FirstChild() == nil || item.FirstChild().FirstChild() == nil {
		return false
	}
	return item.FirstChild().FirstChild().Kind() == east.KindTaskCheckBox
}

// Links gives where the links of a Markdown text lead, in order.
func Links(body string) []string {
	var links []string
	source := []byte(body)
	doc := newMarkdown().Parser().Parse(text.NewReader(source))
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the function gives no error
		if l, ok := n.(*ast.Link); ok && entering {
			links = append(links, string(l.Destination))
		}
		return ast.WalkContinue, nil
	})
	return links
}

var parameter = regexp.MustCompile(`\{\{\s*([a-z][a-z0-9_]*)\s*\}\}`)

// ParametersIn gives the keys of the parameters that a text names, each once.
func ParametersIn(texts ...string) []string {
	var keys []string
	seen := map[string]bool{}
	for _, t := range texts {
		for _, m := range parameter.FindAllStringSubmatch(t, -1) {
			if !seen[m[1]] {
				seen[m[1]] = true
				keys = append(keys, m[1])
			}
		}
	}
	return keys
}
