package format

import "bytes"

// markup is XML that grows. Attributes are given as names and values in turn;
// one without a value is left out.
type markup struct{ bytes.Buffer }

// open begins an element.
func (m *markup) open(name string, attributes ...string) {
	m.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			m.WriteString(" " + attributes[i] + `="` + escape(attributes[i+1]) + `"`)
		}
	}
	m.WriteString(">")
}

// shut ends an element.
func (m *markup) shut(name string) { m.WriteString("</" + name + ">") }

// leaf writes an element with a text, nothing when there is none.
func (m *markup) leaf(name, text string, attributes ...string) {
	if text == "" {
		return
	}
	m.open(name, attributes...)
	m.WriteString(escape(text))
	m.shut(name)
}

// within writes an element around what write writes, nothing when that is nothing.
func (m *markup) within(name string, write func(*markup), attributes ...string) {
	var inner markup
	if write(&inner); inner.Len() == 0 {
		return
	}
	m.open(name, attributes...)
	m.Write(inner.Bytes())
	m.shut(name)
}

// declares tells XML that declares a name space in its beginning.
func declares(head []byte, space string) bool {
	return bytes.Contains(head, []byte(`="`+space+`"`)) || bytes.Contains(head, []byte(`='`+space+`'`))
}
