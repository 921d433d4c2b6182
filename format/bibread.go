package format

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// bibReader reads entries one by one.
type bibReader struct {
	in     *bufio.Reader
	line   int
	macros map[string]string
	told   int // bytes of the macros
	size   int // bytes of the entry so far, macros filled in
}

// fieldSize is what a field takes beside its text.
const fieldSize = 64

func (p *bibReader) byte() (byte, error) {
	c, err := p.in.ReadByte()
	if err == nil {
		if c == '\n' {
			p.line++
		}
		if p.size++; p.size > maxLine {
			return 0, &Problem{p.line, "the entry is longer than 4 MiB: a closing brace may be missing"}
		}
	}
	return c, err
}

func (p *bibReader) back() {
	_ = p.in.UnreadByte() // after a byte was read it can be put back
	p.size--
	if b, err := p.in.Peek(1); err == nil && b[0] == '\n' {
		p.line--
	}
}

// word reads letters and the other signs of names.
func (p *bibReader) word() (string, error) {
	if err := p.space(); err != nil {
		return "", err
	}
	var b strings.Builder
	for {
		c, err := p.byte()
		if err != nil {
			return b.String(), err
		}
		if strings.IndexByte(" \t\r\n{}(),=\"#%", c) >= 0 {
			p.back()
			return b.String(), nil
		}
		b.WriteByte(c)
	}
}

func (p *bibReader) space() error {
	for {
		c, err := p.byte()
		if err != nil {
			return err
		}
		if c == '%' { // a comment to the end of the line
			for c != '\n' && err == nil {
				c, err = p.byte()
			}
			continue
		}
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			p.back()
			return nil
		}
	}
}

// next reads up to the end of the next entry that is one of a work.
func (p *bibReader) next() (*bibEntry, error) {
	for {
		p.size = 0
		c, err := p.byte()
		if err != nil {
			return nil, err
		}
		if p.size = 0; c != '@' {
			continue
		}
		e := &bibEntry{line: p.line, fields: map[string]string{}}
		done, err := p.entry(e)
		if errors.Is(err, io.EOF) {
			err = &Problem{e.line, "the entry has no end: a closing brace is missing"}
		}
		if err != nil || done {
			return e, err
		}
	}
}

// entry reads what follows an @; done tells that it is the entry of a work.
func (p *bibReader) entry(e *bibEntry) (done bool, err error) {
	kind, err := p.word()
	if err != nil {
		return false, err
	}
	e.kind = strings.ToLower(kind)
	if err := p.space(); err != nil {
		return false, err
	}
	c, err := p.byte()
	if err != nil || c != '{' && c != '(' { // an @ in a comment, as in an address of mail
		if err == nil {
			p.back()
		}
		return false, err
	}
	shut := byte('}')
	if c == '(' {
		shut = ')'
	}
	switch e.kind {
	case "comment", "preamble":
		p.back()
		_, err := p.value()
		return false, err
	case "string":
		if err = p.fields(e, shut); err != nil {
			return false, err
		}
		for name, value := range e.fields {
			if p.told += len(name) + len(value); p.told > maxMacro || len(p.macros) == maxMacros {
				return false, &Problem{e.line, "the file has more macros than fit: this one was not read"}
			}
			p.macros[name] = value
		}
		return false, nil
	}
	if e.key, err = p.word(); err != nil {
		return false, err
	}
	if err := p.fields(e, shut); err != nil {
		return false, err
	}
	for name, value := range e.fields {
		if !utf8.ValidString(value) {
			return false, &Problem{e.line, fmt.Sprintf("the field %s is not valid UTF-8: save the file as UTF-8 and import it again", name)}
		}
	}
	return true, nil
}

// fields reads name = value pairs up to the end of the entry.
func (p *bibReader) fields(e *bibEntry, shut byte) error {
	for {
		if err := p.space(); err != nil {
			return err
		}
		c, err := p.byte()
		if err != nil {
			return err
		}
		if c == shut {
			return nil
		}
		if c == ',' {
			continue
		}
		p.back()
		name, err := p.word()
		if err != nil {
			return err
		}
		if err := p.space(); err != nil {
			return err
		}
		if c, err = p.byte(); err != nil {
			return err
		}
		if c != '=' || name == "" {
			return &Problem{p.line, fmt.Sprintf("the entry %q is damaged: after %q stands no value; it was not read", e.key, name)}
		}
		value, err := p.joined()
		if err != nil {
			return err
		}
		e.fields[strings.ToLower(name)] = value
		p.size += fieldSize
	}
}

// joined reads values with # between them.
func (p *bibReader) joined() (string, error) {
	var all strings.Builder
	for {
		if err := p.space(); err != nil {
			return "", err
		}
		c, err := p.byte()
		if err != nil {
			return "", err
		}
		p.back()
		var part string
		if c == '{' || c == '"' {
			part, err = p.value()
		} else if part, err = p.word(); err == nil {
			if macro, ok := p.macros[strings.ToLower(part)]; ok {
				part = macro
				if p.size += len(macro); p.size > maxLine { // macros of macros of macros
					return "", &Problem{p.line, "the entry is longer than 4 MiB with its macros filled in"}
				}
			} else if part == "" {
				err = &Problem{p.line, "a value is missing; the entry was not read"}
			}
		}
		if err != nil {
			return "", err
		}
		all.WriteString(part)
		if err := p.space(); err != nil {
			return "", err
		}
		if c, err = p.byte(); err != nil {
			return "", err
		}
		if c != '#' {
			p.back()
			return all.String(), nil
		}
	}
}

// value reads what stands in braces, in parentheses or between quotation marks
// outside braces, without them.
func (p *bibReader) value() (string, error) {
	open, err := p.byte()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for depth := 0; ; {
		c, err := p.byte()
		if err != nil {
			return "", err
		}
		switch {
		case c == '\\':
			next, err := p.byte()
			if err != nil {
				return "", err
			}
			b.WriteByte(c)
			b.WriteByte(next)
			continue
		case depth == 0 && (open == '{' && c == '}' || open == '"' && c == '"' || open == '(' && c == ')'):
			return b.String(), nil
		case c == '{':
			depth++
		case c == '}':
			depth--
		}
		b.WriteByte(c)
	}
}
