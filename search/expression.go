package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"waymark/library"
)

// Operator says what an Expression asks of a document.
type Operator int

// The operators. Words are those of a reader: an engine folds and stems them.
const (
	All    Operator = iota // every one of Parts; without Parts, nothing is asked
	Any                    // at least one of Parts
	Not                    // not the only one of Parts
	Words                  // every word of Text, in any order
	Phrase                 // the words of Text as they are, next to each other
	Prefix                 // a word that begins with Text
	Choice                 // one of Values in Field
	Also                   // the first of Parts or, ranked below all that has it, the second
)

// Expression is the text of a query as a tree. The zero Expression asks
// nothing and matches every document.
type Expression struct {
	Operator Operator
	Parts    []Expression
	Text     string
	Field    library.Field // of Choice; FieldTitle bounds Words, Phrase and Prefix to titles
	Values   []string      // of Choice
}

// FieldTitle is the name under which words are asked of titles alone.
const FieldTitle library.Field = "title"

const (
	maxDepth = 8  // brackets within brackets; deeper ones are passed over
	maxTerms = 64 // words, phrases and choices; what comes after is not asked
)

// ParseText reads the query language: words, all of which must be there;
// "phrases"; -word or -"phrase" for what must not; OR between two; prefix*;
// field:value or field:"value"; and parentheses. OR binds less than standing
// side by side. Whatever is not of the language is taken as words: no text is
// an error.
func ParseText(text string) Expression {
	p := parser{rest: text}
	e := p.alternatives(0)
	for p.skip(); p.rest != ""; p.skip() {
		p.rest = p.rest[1:] // a bracket that closes nothing
		e = both(e, p.alternatives(0))
	}
	return e
}

// Nothing tells whether the expression asks nothing.
func (e Expression) Nothing() bool { return e.Operator == All && len(e.Parts) == 0 }

// Wanted gives the texts of the words, phrases and prefixes that a match has,
// for marking them: what must not be there is not among them.
func (e Expression) Wanted() []Expression {
	switch e.Operator {
	case Not, Choice:
		return nil
	case Words, Phrase, Prefix:
		return []Expression{e}
	}
	var wanted []Expression
	for _, part := range e.Parts {
		wanted = append(wanted, part.Wanted()...)
	}
	return wanted
}

type parser struct {
	rest  string
	terms int
}

func (p *parser) skip() { p.rest = strings.TrimLeftFunc(p.rest, unicode.IsSpace) }

// alternatives reads terms with OR between them.
func (p *parser) alternatives(depth int) Expression {
	parts := []Expression{p.together(depth)}
	for p.or() {
		parts = append(parts, p.together(depth))
	}
	parts = slices.DeleteFunc(parts, Expression.Nothing) // OR at an end says nothing
	if len(parts) > 1 {
		return Expression{Operator: Any, Parts: parts}
	}
	return both(parts...)
}

// or takes the word OR, in capitals, if it comes next.
func (p *parser) or() bool {
	p.skip()
	rest, ok := strings.CutPrefix(p.rest, "OR")
	if ok && (rest == "" || strings.ContainsRune(` "()`, rune(rest[0])) || unicode.IsSpace(first(rest))) {
		p.rest = rest
		return true
	}
	return false
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// together reads terms up to OR, a closing bracket or the end.
func (p *parser) together(depth int) Expression {
	var parts []Expression
	for {
		before := p.rest
		p.skip()
		switch {
		case p.rest == "", p.rest[0] == ')':
			return both(parts...)
		case p.or():
			p.rest = before
			return both(parts...)
		case p.terms == maxTerms:
			p.rest = ""
			return both(parts...)
		}
		p.terms++
		parts = append(parts, p.term(depth))
	}
}

// both asks for all parts: plain words that stand side by side become one, so
// that an engine sees which of them tell more than others.
func both(parts ...Expression) Expression {
	var out []Expression
	for _, e := range parts {
		last := len(out) - 1
		switch {
		case e.Nothing():
		case e.Operator == All:
			out = append(out, e.Parts...)
		case e.Operator == Words && last >= 0 && out[last].Operator == Words && out[last].Field == e.Field:
			out[last].Text += " " + e.Text
		default:
			out = append(out, e)
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return Expression{Operator: All, Parts: out}
}

// term reads one of: -term, (…), "phrase", field:value, prefix*, word.
func (p *parser) term(depth int) Expression {
	switch c := p.rest[0]; {
	case c == '-' && len(p.rest) > 1 && p.rest[1] != '-' && !unicode.IsSpace(first(p.rest[1:])):
		p.rest = p.rest[1:]
		if e := p.term(depth); !e.Nothing() {
			return Expression{Operator: Not, Parts: []Expression{e}}
		}
		return Expression{}
	case c == '(' && depth < maxDepth:
		p.rest = p.rest[1:]
		e := p.alternatives(depth + 1)
		p.rest = strings.TrimPrefix(p.rest, ")")
		return e
	case c == '(' || c == ')':
		p.rest = p.rest[1:]
		return Expression{}
	case c == '"':
		return phrase(p.quoted())
	}
	return p.word()
}

func phrase(text string) Expression {
	if strings.TrimSpace(text) == "" {
		return Expression{}
	}
	return Expression{Operator: Phrase, Text: text}
}

// quoted takes what stands between quotation marks; the second may be missing.
func (p *parser) quoted() string {
	text, rest, _ := strings.Cut(p.rest[1:], `"`)
	p.rest = rest
	return text
}

// word reads up to a space, a bracket or a quotation mark.
func (p *parser) word() Expression {
	end := strings.IndexFunc(p.rest, func(r rune) bool { return unicode.IsSpace(r) || r == '(' || r == ')' || r == '"' })
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	name, value, isField := strings.Cut(word, ":")
	if f := library.Field(strings.ToLower(name)); isField && known(f) {
		if value == "" && strings.HasPrefix(p.rest, `"`) {
			return p.field(f, phrase(p.quoted()))
		}
		return p.field(f, plain(value))
	}
	return plain(word)
}

func known(f library.Field) bool { return f == FieldTitle || slices.Contains(library.Facets(), f) }

// plain is a word, or a prefix when a star ends it.
func plain(word string) Expression {
	if head, star := strings.CutSuffix(word, "*"); star && strings.IndexFunc(head, wordRune) >= 0 {
		return Expression{Operator: Prefix, Text: head}
	}
	if strings.IndexFunc(word, wordRune) < 0 {
		return Expression{}
	}
	return Expression{Operator: Words, Text: word}
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// field bounds a term to titles, or makes it a choice of a facet's value.
func (p *parser) field(f library.Field, e Expression) Expression {
	switch {
	case e.Nothing():
		return plain(string(f))
	case f == FieldTitle:
		e.Field = f
		return e
	}
	return Expression{Operator: Choice, Field: f, Values: []string{e.Text}}
}
