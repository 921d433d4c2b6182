package app

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestStructure holds the structure of each kind of page, in English and in
// Arabic: landmarks, headings, forms and lists, as a screen reader meets them.
func TestStructure(t *testing.T) {
	_, site := demoSite(t)
	for _, lang := range []string{"en", "ar"} {
		for name, path := range journey(lang) {
			t.Run(lang+"/"+name, func(t *testing.T) {
				_, body := get(t, "GET", site+path, lang)
				doc, err := html.Parse(strings.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				var b strings.Builder
				outline(&b, doc, 0)
				got := sections.ReplaceAllString(steady.ReplaceAllString(strings.ReplaceAll(b.String(), site, ""), "DATE"), "s-ID")
				checkHeadings(t, got)
				file := filepath.Join("testdata", "structure", lang+"-"+name+".txt")
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("%s differs: run with -update and look at the difference\n%s", file, got)
				}
			})
		}
	}
}

// sections are the anchors of sections, whose IDs are made anew for each test.
var sections = regexp.MustCompile(`s-[0-9A-Z]{26}`)

// steady are the days of today in both languages, which differ at each run.
var steady = regexp.MustCompile(`\d{1,2} \p{L}+ 20\d\d`)

// shown are the elements of an outline, with the attributes that matter.
var shown = map[string][]string{
	"html": {"lang", "dir"}, "header": nil, "nav": {"aria-label"}, "main": {"id"}, "footer": nil, "aside": {"aria-labelledby"},
	"section": {"aria-labelledby", "aria-label"}, "article": nil, "h1": nil, "h2": nil, "h3": nil,
	"form": {"role", "action"}, "label": {"for"}, "input": {"type", "name"}, "button": nil, "details": nil, "summary": nil,
	"dl": nil, "dt": nil, "ul": nil, "ol": nil,
}

func outline(b *strings.Builder, n *html.Node, depth int) {
	if attributes, ok := shown[n.Data]; ok && n.Type == html.ElementNode {
		fmt.Fprintf(b, "%s%s", strings.Repeat("  ", depth), n.Data)
		for _, name := range attributes {
			for _, a := range n.Attr {
				if a.Key == name {
					fmt.Fprintf(b, " %s=%q", a.Key, a.Val)
				}
			}
		}
		switch n.Data {
		case "h1", "h2", "h3", "label", "button", "summary", "dt":
			fmt.Fprintf(b, ": %s", strings.Join(strings.Fields(words(n)), " "))
		case "ul", "ol":
			items := 0
			for c := range n.ChildNodes() {
				if c.Data == "li" {
					items++
				}
			}
			fmt.Fprintf(b, " of %d", items)
		}
		b.WriteString("\n")
		depth++
	}
	for c := range n.ChildNodes() {
		outline(b, c, depth)
	}
}

func words(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := range n.ChildNodes() {
		b.WriteString(words(c))
	}
	return b.String()
}

// checkHeadings: one h1, first, and no level left out on the way down.
func checkHeadings(t *testing.T, outline string) {
	t.Helper()
	last := 0
	for line := range strings.Lines(outline) {
		line = strings.TrimSpace(line)
		if len(line) < 3 || line[0] != 'h' || line[1] < '1' || line[1] > '3' || line[2] != ':' {
			continue
		}
		level := int(line[1] - '0')
		if level == 1 && last != 0 || level > last+1 {
			t.Errorf("the heading %q comes after level %d", line, last)
		}
		last = level
	}
	if last == 0 {
		t.Error("the page has no heading")
	}
}
