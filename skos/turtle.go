package skos

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// prefixes are the short forms of namespaces that files are written with.
func prefixes() [][2]string {
	return [][2]string{{"skos", core}, {"dct", dct}, {"owl", owl}, {"xsd", xsd}}
}

// writeTurtle writes RDF 1.1 Turtle (https://www.w3.org/TR/turtle/): a block a
// subject, a line a predicate.
func writeTurtle(w io.Writer, s Scheme) error {
	out := bufio.NewWriter(w)
	for _, p := range prefixes() {
		fmt.Fprintf(out, "@prefix %s: <%s> .\n", p[0], p[1])
	}
	subject, predicate := "", ""
	for _, t := range s.triples() {
		switch {
		case t.subject != subject:
			if subject != "" {
				out.WriteString(" .\n")
			}
			fmt.Fprintf(out, "\n%s %s ", address(t.subject), verb(t.predicate))
		case t.predicate != predicate:
			fmt.Fprintf(out, " ;\n    %s ", verb(t.predicate))
		default:
			out.WriteString(", ")
		}
		subject, predicate = t.subject, t.predicate
		out.WriteString(object(t.object))
	}
	out.WriteString(" .\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write the Turtle: %w", err)
	}
	return nil
}

func verb(iri string) string {
	if iri == rdf+"type" {
		return "a"
	}
	return address(iri)
}

var local = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*$`)

// address writes an address, with a prefix where it has one.
func address(iri string) string {
	for _, p := range prefixes() {
		if rest, ok := strings.CutPrefix(iri, p[1]); ok && local.MatchString(rest) {
			return p[0] + ":" + rest
		}
	}
	var b strings.Builder
	b.WriteByte('<')
	for _, r := range iri {
		if r <= ' ' || strings.ContainsRune("<>\"{}|^`\\", r) {
			fmt.Fprintf(&b, `\u%04X`, r)
		} else {
			b.WriteRune(r)
		}
	}
	b.WriteByte('>')
	return b.String()
}

func object(n node) string {
	if n.iri != "" {
		return address(n.iri)
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range n.text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	switch {
	case n.lang != "":
		b.WriteString("@" + n.lang)
	case n.datatype != "":
		b.WriteString("^^" + address(n.datatype))
	}
	return b.String()
}
