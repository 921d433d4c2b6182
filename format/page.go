package format

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"waymark/library"
)

// Page reads the text of a portal's topic page: an optional heading that names
// the topic of all entries, then entries of a title, an abstract, and the
// labels Country, Region, Authors, Year and Category, each on a line of its
// own with the values on the lines below. Category often has none, since the
// page shows an icon.
func Page(r io.Reader, isTopic func(string) bool) Drafts {
	return func(yield func(Draft, error) bool) {
		p := pageReader{isTopic: isTopic, yield: yield}
		for l, err := range lines(r) {
			if err != nil {
				p.finish(false)
				p.give(Draft{}, err)
				return
			}
			if p.line(l); p.stopped {
				return
			}
		}
		p.finish(true)
	}
}

// skipLink is the first line of a portal page's text.
const skipLink = "Skip to main content"

type paragraph struct {
	line int
	text string
}

type pageReader struct {
	isTopic func(string) bool
	yield   func(Draft, error) bool
	stopped bool

	topic   []Value     // from the heading
	entries int         // given or refused so far
	text    []paragraph // of the entry: title and abstract
	size    int         // bytes of that text
	label   string      // the label whose values are being read; empty within the text
	labels  int         // labels of the entry seen so far
	broken  int         // line of the entry that is not UTF-8, 0 when all are
	blank   bool        // the line before was blank
	draft   Draft
}

func (p *pageReader) give(d Draft, err error) {
	if !p.stopped && !p.yield(d, err) {
		p.stopped = true
	}
}

// line takes in the next line of the page.
func (p *pageReader) line(l line) {
	text := strings.Join(strings.Fields(l.text), " ")
	defer func() { p.blank = text == "" }()
	switch {
	case text == "" || text == skipLink && p.entries == 0:
		return
	case isLabel(text):
		p.label = text
		p.labels++
	case p.label == "" || p.blank && !p.continues(text):
		p.paragraph(l.number, text)
	default:
		p.value(Value{l.number, text})
	}
	if !l.valid && p.broken == 0 {
		p.broken = l.number
	}
}

func isLabel(text string) bool {
	switch text {
	case "Country", "Region", "Authors", "Year", "Category":
		return true
	}
	return false
}

// continues tells whether text after a blank line is still the value of the
// label before it, rather than the next entry's title.
func (p *pageReader) continues(text string) bool {
	switch p.label {
	case "Country":
		return len(p.draft.Countries) == 0
	case "Region":
		return len(p.draft.Regions) == 0
	case "Year":
		return p.draft.Date.Text == "" && text[0] >= '0' && text[0] <= '9'
	}
	return false
}

// maxEntry is how much running text of an entry is kept, in bytes. Of one with
// more intake says that it is too long.
const maxEntry = 96 << 10

// paragraph takes a line of running text: it begins an entry when the one
// before has had its labels, and goes on with a paragraph that was broken hard.
func (p *pageReader) paragraph(number int, text string) {
	if p.label != "" {
		p.entry()
	}
	if p.size > maxEntry {
		return // far more than intake takes; nothing of it is lost in silence
	}
	p.size += len(text)
	if n := len(p.text); n > 0 && !p.blank {
		p.text[n-1].text += " " + text
		return
	}
	p.text = append(p.text, paragraph{number, text})
}

func (p *pageReader) value(v Value) {
	switch p.label {
	case "Country":
		p.draft.Countries = append(p.draft.Countries, v)
	case "Region":
		p.draft.Regions = append(p.draft.Regions, v)
	case "Authors":
		p.draft.Authors = append(p.draft.Authors, v)
	case "Year":
		p.draft.Date = join(p.draft.Date, v)
	case "Category":
		p.draft.Category = join(p.draft.Category, v)
	}
}

func join(a, b Value) Value {
	if a.Text == "" {
		return b
	}
	if len(a.Text) > maxEntry {
		return a
	}
	a.Text += " " + b.Text
	return a
}

// entry gives the entry whose labels have been read and begins the next.
func (p *pageReader) entry() {
	if p.entries == 0 {
		p.heading()
	}
	d := p.draft
	d.Topics = p.topic
	switch {
	case p.broken != 0:
		p.give(Draft{}, &Problem{p.broken, "the entry is not valid UTF-8: save the page as UTF-8 and import it again"})
	case len(p.text) == 0:
		p.give(Draft{}, &Problem{p.firstValue(), "the entry has no title"})
	default:
		d.Line = p.text[0].line
		d.Titles = library.Text{library.Undetermined: p.text[0].text}
		if abstract := p.abstract(); abstract != "" {
			d.Abstracts = library.Text{library.Undetermined: abstract}
		}
		p.give(d, nil)
	}
	p.entries++
	p.text, p.size, p.label, p.labels, p.broken, p.draft = nil, 0, "", 0, 0, Draft{}
}

func (p *pageReader) abstract() string {
	texts := make([]string, 0, len(p.text))
	for _, t := range p.text[1:] {
		texts = append(texts, t.text)
	}
	return strings.Join(texts, "\n\n")
}

// firstValue gives the line of the first value of an entry without a title.
func (p *pageReader) firstValue() int {
	for _, vs := range [][]Value{p.draft.Countries, p.draft.Regions, p.draft.Authors, {p.draft.Date}, {p.draft.Category}} {
		if len(vs) > 0 && vs[0].Line > 0 {
			return vs[0].Line
		}
	}
	return 1
}

// heading takes the page's heading off the first entry's text. A paragraph is
// the heading when it names a topic, or when what follows it has the shape of
// a title and an abstract of its own.
func (p *pageReader) heading() {
	if len(p.text) == 0 {
		return
	}
	h := p.text[0]
	known := len(p.text) >= 2 && p.isTopic(h.text)
	shaped := len(p.text) >= 3 && short(h.text) && short(p.text[1].text) && !short(p.text[2].text)
	if known || shaped {
		p.topic = []Value{{h.line, h.text}}
		p.text = p.text[1:]
	}
}

// short tells that a paragraph has the shape of a heading or title.
func short(text string) bool {
	return utf8.RuneCountInString(text) < 300 && !strings.HasSuffix(text, ".")
}

// finish gives the last entry. Text after it that has no labels is named, so
// that nothing is lost in silence.
func (p *pageReader) finish(whole bool) {
	if p.labels > 0 {
		p.entry()
	}
	if !whole {
		return
	}
	switch {
	case len(p.text) > 0 && p.entries > 0:
		p.give(Draft{}, &Problem{p.text[0].line, fmt.Sprintf("%q has no Country, Region or Year below it: the page may be cut off here", clip(p.text[0].text))})
	case p.entries == 0:
		p.give(Draft{}, &Problem{Text: "no entry found: a topic page has titles with the lines Country, Region and Year below them"})
	}
}

// clip shortens a text for a message.
func clip(s string) string {
	const n = 80
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n]) + "…"
}
