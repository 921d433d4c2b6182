package format

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"waymark/library"
)

// bibEntry is an entry of BibTeX or BibLaTeX with its fields in lower case.
type bibEntry struct {
	line   int
	kind   string
	key    string
	fields map[string]string
}

const (
	maxMacros = 10_000  // macros of @string, and
	maxMacro  = maxLine // bytes of them all
	maxKept   = 16 << 20
)

// BibTeX reads BibTeX and BibLaTeX: TeX's accents and signs become characters,
// macros of @string and months are filled in, and an entry inherits what it
// lacks from the one that its crossref names, if that is among the first 16 MiB
// of entries and not more than 16 MiB of others wait for theirs. Text between
// entries is a comment.
func BibTeX(r io.Reader) Drafts {
	return func(yield func(Draft, error) bool) {
		p := &bibReader{in: bufio.NewReaderSize(r, 64<<10), line: 1, macros: months()}
		kept := map[string]*bibEntry{}
		var waiting []*bibEntry // for the entry that their crossref names
		sizeKept, sizeWaiting := 0, 0
		give := func(e *bibEntry) bool {
			if parent := kept[strings.ToLower(e.fields["crossref"])]; parent != nil {
				e.inherit(parent)
			}
			return yield(e.draft(), nil)
		}
		flush := func() bool {
			for _, e := range waiting {
				if !give(e) {
					return false
				}
			}
			waiting = waiting[:0]
			return true
		}
		for {
			e, err := p.next()
			if errors.Is(err, io.EOF) {
				flush()
				return
			}
			if err != nil {
				problem, ok := errors.AsType[*Problem](err)
				if !ok {
					flush()
					yield(Draft{}, err)
					return
				}
				if !yield(Draft{}, problem) {
					return
				}
				continue
			}
			if sizeKept += p.size; sizeKept < maxKept {
				kept[strings.ToLower(e.key)] = e
			}
			if ref := e.fields["crossref"]; ref != "" && kept[strings.ToLower(ref)] == nil && sizeWaiting+p.size < maxKept {
				sizeWaiting += p.size
				waiting = append(waiting, e)
				continue
			}
			if !give(e) {
				return
			}
		}
	}
}

// months are the macros that every style defines.
func months() map[string]string {
	m := map[string]string{}
	for i, name := range strings.Fields("jan feb mar apr may jun jul aug sep oct nov dec") {
		m[name] = fmt.Sprintf("%02d", i+1)
	}
	return m
}

var bibBegin = regexp.MustCompile(`(?m)^\s*@[A-Za-z]+\s*[{(]`)

// isBibTeX tells a file of entries by the first of them, if no more than
// comments stand before it.
func isBibTeX(head []byte) bool {
	at := bibBegin.FindIndex(head)
	return at != nil && bytes.IndexByte(head[:at[0]], '<') < 0 && bytes.IndexByte(head[:at[0]], '{') < 0
}

// inherit takes what a part lacks from its whole.
func (e *bibEntry) inherit(parent *bibEntry) {
	for name, value := range parent.fields {
		to := name
		if name == "title" {
			to = "booktitle"
			if e.fields["title"] == "" {
				to = "title"
			}
		}
		if e.fields[to] == "" && name != "crossref" && name != "label" {
			e.fields[to] = value
		}
	}
}

// bibKinds are the types of entries.
var bibKinds = map[string]string{
	"article": "Journal Article", "techreport": "Report", "report": "Report", "manual": "Book", "book": "Book", "mvbook": "Book", "collection": "Book",
	"proceedings": "Book", "booklet": "Book", "inbook": "Book Chapter", "incollection": "Book Chapter", "phdthesis": "Thesis", "mastersthesis": "Thesis",
	"thesis": "Thesis", "inproceedings": "Conference Paper", "conference": "Conference Paper", "legislation": "Legislation", "dataset": "Dataset",
	"online": "Web Page", "electronic": "Web Page", "www": "Web Page", "presentation": "Presentation", "video": "Film", "movie": "Film",
}

func (e *bibEntry) draft() Draft {
	value := func(names ...string) Value {
		for _, n := range names {
			if s := untex(e.fields[n]); s != "" {
				return Value{e.line, s}
			}
		}
		return Value{}
	}
	title := value("title").Text
	if sub := value("subtitle").Text; sub != "" {
		title += ": " + sub
	}
	d := Draft{Line: e.line, Key: e.key, Titles: library.Text{library.Undetermined: title}, Date: e.date(),
		Container: value("journal", "journaltitle", "booktitle", "series"), Volume: value("volume"), Issue: value("number", "issue"),
		Edition: value("edition"), Pages: value("pages", "pagetotal"), Rights: value("copyright", "rights", "license")}
	if kind := bibKinds[e.kind]; kind != "" {
		d.Category = Value{e.line, kind}
	}
	d.Pages.Text = strings.ReplaceAll(d.Pages.Text, "–", "-")
	if abstract := value("abstract").Text; abstract != "" {
		d.Abstracts = library.Text{library.Undetermined: abstract}
	}
	for _, list := range []struct {
		to    *[]Value
		field string
	}{{&d.Authors, "author"}, {&d.Editors, "editor"}} {
		for _, name := range people(e.fields[list.field]) {
			*list.to = append(*list.to, Value{e.line, name})
		}
	}
	for _, name := range []string{"publisher", "institution", "organization", "school"} {
		if v := value(name); v.Text != "" {
			d.Publishers = append(d.Publishers, v)
		}
	}
	for word := range strings.FieldsFuncSeq(value("keywords", "keyword").Text, func(r rune) bool { return r == ',' || r == ';' }) {
		d.Subjects = append(d.Subjects, Value{e.line, strings.TrimSpace(word)})
	}
	if v := value("language", "langid"); v.Text != "" {
		d.Languages = []Value{v}
	}
	d.identify("doi", value("doi").Text)
	for _, name := range []string{"isbn", "issn"} {
		for _, s := range strings.FieldsFunc(value(name).Text, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
			d.identify(serial(s), s)
		}
	}
	for _, name := range []string{"url", "howpublished"} {
		d.link(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(strings.ReplaceAll(e.fields[name], `\`, "")), "url{"), "}"))
	}
	return d
}

func (e *bibEntry) date() Value {
	if date := untex(e.fields["date"]); date != "" {
		first, _, _ := strings.Cut(date, "/")
		return Value{e.line, first}
	}
	year := untex(e.fields["year"])
	if month := untex(e.fields["month"]); len(month) == 2 && len(year) == 4 {
		year += "-" + month
		if day := untex(e.fields["day"]); day != "" {
			year += "-" + fmt.Sprintf("%02s", day)
		}
		return Value{e.line, slashed(year)}
	}
	if year == "" {
		return Value{}
	}
	return Value{e.line, year}
}

// people gives the names of a list as "Family, Given", those in double braces
// as they are. "others" stands for those that are not named.
func people(list string) (names []string) {
	for _, name := range split(list, " and ") {
		name = strings.TrimSpace(name)
		if strings.HasPrefix(name, "{") && strings.HasSuffix(name, "}") && balanced(name[1:len(name)-1]) {
			names = append(names, untex(name))
			continue
		}
		if name == "" || name == "others" {
			continue
		}
		parts := split(name, ",")
		for i := range parts {
			parts[i] = untex(parts[i])
		}
		switch len(parts) {
		case 1:
			names = append(names, upright(parts[0]))
		case 3: // von Last, Jr, First
			names = append(names, parts[0]+", "+parts[2]+", "+parts[1])
		default:
			names = append(names, strings.Join(parts, ", "))
		}
	}
	return names
}

// upright turns "First von Last" into "von Last, First".
func upright(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 {
		return name
	}
	at := len(words) - 1
	for i, w := range words[:len(words)-1] {
		if r, _ := utf8.DecodeRuneInString(w); i > 0 && strings.ToLower(string(r)) == string(r) && strings.ToUpper(string(r)) != string(r) {
			at = i
			break
		}
	}
	return strings.Join(words[at:], " ") + ", " + strings.Join(words[:at], " ")
}

// split cuts a text at a sign outside braces, "and" between any white space.
func split(s, sign string) (parts []string) {
	s = strings.Join(strings.Fields(s), " ")
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == '{':
			depth++
		case s[i] == '}':
			depth--
		case depth == 0 && len(s)-i >= len(sign) && strings.EqualFold(s[i:i+len(sign)], sign):
			parts = append(parts, s[from:i])
			i += len(sign) - 1
			from = i + 1
		}
	}
	return append(parts, s[from:])
}

func balanced(s string) bool {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0
}
