package skos

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// readTurtle reads RDF 1.1 Turtle (https://www.w3.org/TR/turtle/). An error
// names the line.
func readTurtle(text string) (triples []triple, err error) {
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("the file is no UTF-8")
	}
	p := &turtle{rest: strings.TrimPrefix(text, "\ufeff"), line: 1, prefixes: map[string]string{}}
	for p.space(); p.rest != ""; p.space() {
		if err := p.statement(); err != nil {
			return nil, fmt.Errorf("line %d: %w", p.line, err)
		}
	}
	return p.triples, nil
}

// turtle is a file being read.
type turtle struct {
	rest     string
	line     int
	base     string
	prefixes map[string]string
	triples  []triple
	blanks   int
	depth    int
}

// deepest bounds how far blank nodes and lists are nested.
const deepest = 100

// take goes on by n bytes.
func (p *turtle) take(n int) string {
	s := p.rest[:n]
	p.line += strings.Count(s, "\n")
	p.rest = p.rest[n:]
	return s
}

// space passes over white space and comments.
func (p *turtle) space() {
	for {
		n := len(p.rest) - len(strings.TrimLeft(p.rest, " \t\r\n"))
		p.take(n)
		if !strings.HasPrefix(p.rest, "#") {
			return
		}
		end := strings.IndexAny(p.rest, "\r\n")
		if end < 0 {
			end = len(p.rest)
		}
		p.take(end)
	}
}

// sign takes a sign that must come next.
func (p *turtle) sign(s string) error {
	if p.space(); !p.next(s) {
		return fmt.Errorf("%q is missing before %.20q", s, p.rest)
	}
	return nil
}

// next takes a sign if it comes next.
func (p *turtle) next(s string) bool {
	if !strings.HasPrefix(p.rest, s) {
		return false
	}
	p.take(len(s))
	return true
}

// directive begins a prefix or the base, in both ways of writing them.
var directive = regexp.MustCompile(`^(?:(@prefix|@base)\b|(?i:(prefix|base))[ \t\r\n])`)

func (p *turtle) statement() error {
	if m := directive.FindStringSubmatch(p.rest); m != nil {
		p.take(len(m[1] + m[2]))
		return p.declare(strings.ToLower(strings.TrimPrefix(m[1]+m[2], "@")), m[1] != "")
	}
	subject, alone, err := p.subject()
	if err != nil {
		return err
	}
	if p.space(); !alone || !strings.HasPrefix(p.rest, ".") {
		if err := p.verbs(subject); err != nil {
			return err
		}
	}
	return p.sign(".")
}

func (p *turtle) declare(word string, dotted bool) error {
	p.space()
	name := ""
	if word == "prefix" {
		end := strings.IndexByte(p.rest, ':')
		if end < 0 || strings.ContainsAny(p.rest[:end], " \t\r\n<") {
			return fmt.Errorf("a prefix has no colon behind it")
		}
		name = p.take(end)
		p.take(1)
		p.space()
	}
	iri, err := p.iriRef()
	if err != nil {
		return err
	}
	if word == "base" {
		p.base = iri
	} else {
		p.prefixes[name] = iri
	}
	if dotted {
		return p.sign(".")
	}
	return nil
}

// subject reads the subject of a statement; a blank node with its own
// statements may stand alone.
func (p *turtle) subject() (iri string, alone bool, err error) {
	alone = strings.HasPrefix(p.rest, "[")
	n, err := p.object()
	if err == nil && n.iri == "" {
		err = fmt.Errorf("the literal %.20q is no subject", n.text)
	}
	return n.iri, alone, err
}

// verbs reads predicates with their objects, up to what ends them.
func (p *turtle) verbs(subject string) error {
	for {
		p.space()
		predicate, err := p.verb()
		if err != nil {
			return err
		}
		for {
			p.space()
			o, err := p.object()
			if err != nil {
				return err
			}
			p.triples = append(p.triples, triple{subject, predicate, o})
			if p.space(); !p.next(",") {
				break
			}
		}
		if !p.next(";") {
			return nil
		}
		for p.space(); p.next(";"); p.space() {
		}
		if strings.HasPrefix(p.rest, ".") || strings.HasPrefix(p.rest, "]") {
			return nil
		}
	}
}

var isA = regexp.MustCompile(`^a[ \t\r\n<\["'(#]`)

func (p *turtle) verb() (string, error) {
	if isA.MatchString(p.rest) {
		p.take(1)
		return rdf + "type", nil
	}
	return p.iri()
}

var (
	number = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?[eE][+-]?[0-9]+|\.[0-9]+([eE][+-]?[0-9]+)?|[0-9]+\.[0-9]+|[0-9]+)`)
	truth  = regexp.MustCompile(`^(true|false)\b`)
	blank  = regexp.MustCompile(`^_:[\p{L}\p{N}_]([\p{L}\p{N}_.·-]*[\p{L}\p{N}_·-])?`)
)

// object reads an address, a literal, a blank node or a list.
func (p *turtle) object() (node, error) {
	switch {
	case strings.HasPrefix(p.rest, "["):
		return p.nested(p.blankNode)
	case strings.HasPrefix(p.rest, "("):
		return p.nested(p.collection)
	case strings.HasPrefix(p.rest, `"`) || strings.HasPrefix(p.rest, "'"):
		return p.literal()
	}
	if m := blank.FindString(p.rest); m != "" {
		return node{iri: "_:f" + p.take(len(m))[2:]}, nil
	}
	if m := truth.FindString(p.rest); m != "" && !strings.HasPrefix(p.rest[len(m):], ":") {
		return node{text: p.take(len(m)), datatype: xsd + "boolean"}, nil
	}
	if m := number.FindString(p.rest); m != "" {
		kind := "integer"
		if strings.ContainsAny(m, "eE") {
			kind = "double"
		} else if strings.Contains(m, ".") {
			kind = "decimal"
		}
		return node{text: p.take(len(m)), datatype: xsd + kind}, nil
	}
	iri, err := p.iri()
	return node{iri: iri}, err
}

func (p *turtle) nested(read func() (node, error)) (node, error) {
	if p.depth++; p.depth > deepest {
		return node{}, fmt.Errorf("blank nodes are nested more than %d deep", deepest)
	}
	defer func() { p.depth-- }()
	p.take(1)
	return read()
}

func (p *turtle) fresh() string {
	p.blanks++
	return "_:g" + strconv.Itoa(p.blanks)
}

func (p *turtle) blankNode() (node, error) {
	n := node{iri: p.fresh()}
	if p.space(); p.next("]") {
		return n, nil
	}
	if err := p.verbs(n.iri); err != nil {
		return n, err
	}
	return n, p.sign("]")
}

func (p *turtle) collection() (node, error) {
	first, last := node{iri: rdf + "nil"}, ""
	for p.space(); !p.next(")"); p.space() {
		if p.rest == "" {
			return first, fmt.Errorf("a list has no end")
		}
		o, err := p.object()
		if err != nil {
			return first, err
		}
		cell := p.fresh()
		if last == "" {
			first.iri = cell
		} else {
			p.triples = append(p.triples, triple{last, rdf + "rest", node{iri: cell}})
		}
		p.triples = append(p.triples, triple{cell, rdf + "first", o})
		last = cell
	}
	if last != "" {
		p.triples = append(p.triples, triple{last, rdf + "rest", node{iri: rdf + "nil"}})
	}
	return first, nil
}

var prefixed = regexp.MustCompile(`^([\p{L}][\p{L}\p{N}_.·-]*)?:((?:[\p{L}\p{N}_:·.-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])*)`)

// iri reads an address, whole or with a prefix.
func (p *turtle) iri() (string, error) {
	if strings.HasPrefix(p.rest, "<") {
		return p.iriRef()
	}
	m := prefixed.FindStringSubmatch(p.rest)
	if m == nil {
		return "", fmt.Errorf("%.20q is no address", p.rest)
	}
	name := m[2]
	for strings.HasSuffix(name, ".") && !strings.HasSuffix(name, `\.`) { // the dot ends the statement
		name = name[:len(name)-1]
	}
	space, known := p.prefixes[m[1]]
	if !known {
		return "", fmt.Errorf("the prefix %q was not declared", m[1])
	}
	p.take(len(m[1]) + 1 + len(name))
	return space + strings.ReplaceAll(name, `\`, ""), nil
}

func (p *turtle) iriRef() (string, error) {
	end := strings.IndexByte(p.rest, '>')
	if !strings.HasPrefix(p.rest, "<") || end < 0 {
		return "", fmt.Errorf("%.20q is no address in angle brackets", p.rest)
	}
	raw := p.rest[1:end]
	if strings.ContainsAny(raw, " \n\r\t<\"{}|^`") {
		return "", fmt.Errorf("%.80q is no address", raw)
	}
	iri, err := unescape(raw, false)
	if err != nil {
		return "", err
	}
	p.take(end + 1)
	return resolve(p.base, iri)
}

var language = regexp.MustCompile(`^@[A-Za-z]+(-[A-Za-z0-9]+)*`)

// literal reads a text in one of the four kinds of quotation marks, with its
// language or type.
func (p *turtle) literal() (node, error) {
	quote := p.rest[:1]
	long := strings.HasPrefix(p.rest, strings.Repeat(quote, 3))
	if long {
		quote = strings.Repeat(quote, 3)
	}
	p.take(len(quote))
	end := 0
	for {
		i := strings.IndexAny(p.rest[end:], quote[:1]+"\\\n\r")
		if i < 0 {
			return node{}, fmt.Errorf("a text has no end")
		}
		switch end += i; {
		case p.rest[end] == '\\':
			end += 2
		case p.rest[end] == '\n' || p.rest[end] == '\r':
			if !long {
				return node{}, fmt.Errorf("a text is broken over lines: write three quotation marks around it")
			}
			end++
		case strings.HasPrefix(p.rest[end:], quote):
			for long && strings.HasPrefix(p.rest[end+1:], quote) { // marks before the last three belong to the text
				end++
			}
			return p.typed(quote, end)
		default:
			end++
		}
		if end > len(p.rest) {
			return node{}, fmt.Errorf("a text has no end")
		}
	}
}

// typed takes a text up to its closing marks, and what follows them.
func (p *turtle) typed(quote string, end int) (n node, err error) {
	if n.text, err = unescape(p.rest[:end], true); err != nil {
		return n, err
	}
	p.take(end + len(quote))
	if m := language.FindString(p.rest); m != "" {
		n.lang = p.take(len(m))[1:]
	} else if p.next("^^") {
		n.datatype, err = p.iri()
	}
	return n, err
}

// unescape reads what stands behind backslashes: code points, and in texts
// also signs.
func unescape(s string, text bool) (string, error) {
	if !strings.Contains(s, `\`) {
		return s, nil
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, `\`)
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		if after == "" {
			return "", fmt.Errorf("nothing stands behind a backslash")
		}
		digits := map[byte]int{'u': 4, 'U': 8}[after[0]]
		sign := strings.IndexByte(`tbnrf"'\`, after[0])
		switch {
		case digits > 0:
			if len(after) <= digits {
				return "", fmt.Errorf(`\%.9s is no character`, after)
			}
			r, err := strconv.ParseUint(after[1:1+digits], 16, 32)
			if err != nil || !utf8.ValidRune(rune(r)) {
				return "", fmt.Errorf(`\%s is no character`, after[:1+digits])
			}
			b.WriteRune(rune(r))
			s = after[1+digits:]
		case text && sign >= 0:
			b.WriteByte("\t\b\n\r\f\"'\\"[sign])
			s = after[1:]
		default:
			return "", fmt.Errorf(`\%.1s means nothing`, after)
		}
	}
}
