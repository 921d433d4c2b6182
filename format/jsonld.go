package format

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"waymark/library"
)

// published are the types of schema.org (https://schema.org) that are works of
// a library, with the word for each; the first of a node that stands here counts.
var published = map[string]string{
	"ScholarlyArticle": "Journal Article", "MedicalScholarlyArticle": "Journal Article", "Article": "", "TechArticle": "",
	"Report": "Report", "Book": "Book", "Chapter": "Book Chapter", "Thesis": "Thesis", "Dataset": "Dataset", "Legislation": "Legislation",
	"LegislationObject": "Legislation", "CreativeWork": "", "DigitalDocument": "", "TextDigitalDocument": "", "SpreadsheetDigitalDocument": "",
	"NoteDigitalDocument": "", "PresentationDigitalDocument": "Presentation", "LearningResource": "Training Material", "Guide": "Guidance",
}

// inner are the properties under which a page, a list or a work names works of
// their own.
var inner = []string{"@graph", "mainEntity", "hasPart", "itemListElement", "item", "dataset", "workTranslation", "translationOfWork", "workExample", "exampleOfWork"}

const (
	maxNested = 12    // of nodes within each other
	maxWorks  = 1_000 // of one page
)

// node is an object of JSON-LD in the compacted form of schema.org.
type node map[string]any

// graph is all that a page says in JSON-LD.
type graph struct {
	page *webPage
	line int
	lang string          // @language of the context
	by   map[string]node // by @id, those that say something
	seen map[string]bool // works that were taken, by @id or by title
	list []Draft

	visited map[visit]bool // of those with an @id
}

// visit is a node, and how it was looked at.
type visit struct {
	id  string
	top bool
}

// works gives the works of a published kind that a page's JSON-LD describes. No
// context is fetched: only the vocabulary of schema.org is understood.
func (p *webPage) works() ([]Draft, []*Problem) {
	g := &graph{page: p, by: map[string]node{}, seen: map[string]bool{}, visited: map[visit]bool{}}
	var problems []*Problem
	type root struct {
		line int
		node any
	}
	var roots []root
	for _, block := range p.linked {
		values, err := parseLinked(block.text)
		if err != nil {
			problems = append(problems, &Problem{block.line, fmt.Sprintf("the JSON-LD is damaged: %v", err)})
		}
		for _, v := range values {
			v = plainTerms(v, 0)
			g.gather(v, 0)
			roots = append(roots, root{block.line, v})
		}
	}
	for _, r := range roots {
		g.line, g.lang = r.line, ""
		g.find(r.node, true, 0)
	}
	return g.list, problems
}

// parseLinked reads the values of a script, which may be wrapped in a comment
// and have line ends within its strings.
func parseLinked(text string) (values []any, err error) {
	text = strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, text)
	text = strings.TrimSpace(text)
	for _, wrap := range []string{"<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA["} {
		text = strings.TrimSpace(strings.TrimPrefix(text, wrap))
	}
	for _, wrap := range []string{"-->", "//]]>", "/*]]>*/", "]]>", ";"} {
		text = strings.TrimSpace(strings.TrimSuffix(text, wrap))
	}
	in := json.NewDecoder(strings.NewReader(text))
	in.UseNumber()
	for {
		var v any
		if err := in.Decode(&v); errors.Is(err, io.EOF) {
			return values, nil
		} else if err != nil {
			return values, err
		}
		values = append(values, v)
	}
}

// plainTerms gives a value with terms of schema.org without their prefix.
func plainTerms(v any, depth int) any {
	if depth > maxNested {
		return nil
	}
	switch v := v.(type) {
	case []any:
		list := make([]any, 0, len(v))
		for _, x := range v {
			list = append(list, plainTerms(x, depth+1))
		}
		return list
	case map[string]any:
		n := node{}
		for name, x := range v {
			if name = term(name); name == "@context" {
				n[name] = x
				continue
			}
			if _, there := n[name]; !there || x != nil {
				n[name] = plainTerms(x, depth+1)
			}
		}
		return n
	}
	return v
}

func term(name string) string {
	for _, prefix := range []string{"http://schema.org/", "https://schema.org/", "schema:"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return rest
		}
	}
	return name
}

// gather notes the nodes that have a name of their own.
func (g *graph) gather(v any, depth int) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			g.gather(x, depth+1)
		}
	case node:
		if id, ok := v["@id"].(string); ok && len(v) > len(g.by[id]) && len(v) > 1 {
			g.by[id] = v
		}
		for _, x := range v {
			g.gather(x, depth+1)
		}
	}
}

// whole gives the node that one with nothing but an @id stands for.
func (g *graph) whole(n node) node {
	if id, ok := n["@id"].(string); ok && g.by[id] != nil && len(n) < len(g.by[id]) {
		return g.by[id]
	}
	return n
}

// find takes the works of a value. Nodes of other kinds are looked through at
// the top, those of works for translations and parts with a title of their own.
func (g *graph) find(v any, top bool, depth int) {
	if depth > maxNested || len(g.list) >= maxWorks {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			g.find(x, top, depth+1)
		}
	case node:
		if context, there := v["@context"]; there {
			if !ofSchema(context) {
				return
			}
			g.lang = contextLanguage(context)
		}
		v = g.whole(v)
		if id, ok := v["@id"].(string); ok { // nodes may name each other, and in circles
			place := visit{id, top}
			if g.visited[place] {
				return
			}
			g.visited[place] = true
		}
		g.pair(v)
		if kind, ok := kindIn(v); ok && (top || tellsMore(v)) {
			if !g.take(v, kind) {
				return
			}
		}
		for _, name := range inner {
			if x := v[name]; x != nil {
				g.find(x, name == "@graph" || name == "mainEntity", depth+1)
			}
		}
	}
}

// ofSchema tells a context of schema.org.
func ofSchema(context any) bool {
	b, err := json.Marshal(context)
	return err == nil && strings.Contains(string(b), "schema.org")
}

func contextLanguage(context any) string {
	switch c := context.(type) {
	case map[string]any:
		lang, _ := c["@language"].(string)
		return lang
	case []any:
		for _, x := range c {
			if lang := contextLanguage(x); lang != "" {
				return lang
			}
		}
	}
	return ""
}

// kindIn gives the word for a node of a published kind.
func kindIn(n node) (kind string, ok bool) {
	for _, name := range many(n["@type"]) {
		s, _ := name.(string)
		word, known := published[term(s)]
		if ok = ok || known; kind == "" {
			kind = word
		}
	}
	return kind, ok
}

// tellsMore tells a work within another that is a record of its own from a
// mere mention.
func tellsMore(n node) bool {
	if n["name"] == nil && n["headline"] == nil {
		return false
	}
	for _, name := range []string{"inLanguage", "url", "identifier", "datePublished", "isbn", "sameAs", "author"} {
		if n[name] != nil {
			return true
		}
	}
	return false
}

// take adds a work; it tells whether it was not there before.
func (g *graph) take(n node, kind string) bool {
	d := g.draft(n, kind)
	title, _ := d.Titles.In()
	id, _ := n["@id"].(string)
	if id == "" {
		id = title + "\x00" + d.Date.Text
	}
	if g.seen[id] {
		return false
	}
	g.seen[id] = true
	if len(d.Titles) > 0 {
		g.list = append(g.list, d)
	}
	return true
}

// many gives a value as a list.
func many(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// text keeps what a property says, by language.
func (g *graph) text(to *library.Text, v any, read func(string) string) {
	for _, x := range many(v) {
		switch x := x.(type) {
		case string:
			say(to, g.lang, read(x))
		case node:
			if s, ok := x["@value"].(string); ok {
				lang, _ := x["@language"].(string)
				say(to, lang, read(s))
				continue
			}
			if x["@type"] != nil || x["@id"] != nil || x["name"] != nil {
				continue
			}
			for lang, s := range x { // a map of languages
				if s, ok := s.(string); ok && len(lang) >= 2 && len(lang) <= 8 && !strings.HasPrefix(lang, "@") {
					say(to, lang, read(s))
				}
			}
		}
	}
}
