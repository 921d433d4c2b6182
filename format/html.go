package format

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"waymark/library"
)

// maxHTML is what is read of a web page, in bytes.
const maxHTML = 16 << 20

// webPage is what a page says of itself and of works.
type webPage struct {
	title     string
	canonical string // its own address
	base      *url.URL
	metas     []metaTag
	linked    []jsonBlock // its JSON-LD
}

// metaTag is an element meta with a name or property.
type metaTag struct {
	line          int
	name          string // in lower case
	lang, content string
}

// jsonBlock is the text of a script of JSON-LD.
type jsonBlock struct {
	line int
	text string
}

// NoWork says that a web page describes no publication.
var NoWork = &Problem{Text: "the page describes no publication: it has neither schema.org JSON-LD of one nor meta tags such as citation_title"}

// HTML reads a web page that describes works: by schema.org in JSON-LD, which
// may describe several; field by field where that says nothing by the meta tags
// of Highwire Press (citation_…) and of Dublin Core (DC., DCTERMS.); and of
// OpenGraph where the page has nothing else. address is where the page was read,
// "" for a file: what the page names without a host is on that one.
func HTML(r io.Reader, address string) Drafts {
	return func(yield func(Draft, error) bool) {
		page, err := readPage(r, address)
		if err != nil {
			yield(Draft{}, err)
			return
		}
		drafts, problems := page.drafts()
		for _, d := range drafts {
			if !yield(d, nil) {
				return
			}
		}
		if len(drafts) > 0 {
			return
		}
		if len(problems) == 0 {
			problems = []*Problem{NoWork}
		}
		for _, p := range problems {
			if !yield(Draft{}, p) {
				return
			}
		}
	}
}

// isHTML tells a web page by its beginning.
func isHTML(head []byte) bool {
	head = bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\ufeff"))))
	for bytes.HasPrefix(head, []byte("<!--")) || bytes.HasPrefix(head, []byte("<?")) {
		end := bytes.IndexByte(head, '>')
		if end < 0 {
			return false
		}
		head = bytes.TrimSpace(head[end+1:])
	}
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html")) ||
		bytes.HasPrefix(head, []byte("<head")) || bytes.HasPrefix(head, []byte("<meta"))
}

// describes tells whether a page is surely a record: it has the title of a
// citation, or a work of a published kind.
func (p *webPage) describes() bool {
	for _, m := range p.metas {
		if m.name == "citation_title" {
			return true
		}
	}
	works, _ := p.works()
	return len(works) > 0
}

// readPage reads a page without building its tree.
func readPage(r io.Reader, address string) (*webPage, error) {
	limited := &io.LimitedReader{R: r, N: maxHTML}
	z := html.NewTokenizer(limited)
	z.SetMaxBuf(maxLine)
	p := &webPage{}
	p.base, _ = url.Parse(address) // an address that is none is no base
	line := 1
	inJSON, inTitle := false, false
	for {
		kind := z.Next()
		raw := bytes.Count(z.Raw(), []byte("\n"))
		switch kind {
		case html.ErrorToken:
			switch err := z.Err(); {
			case limited.N <= 0:
				return p, &Problem{line, fmt.Sprintf("the page is larger than %d MiB", maxHTML>>20)}
			case errors.Is(err, html.ErrBufferExceeded):
				return p, &Problem{line, "the page has an element of more than 4 MiB"}
			case errors.Is(err, io.EOF):
				return p, nil
			default:
				return p, fmt.Errorf("read the page near line %d: %w", line, err)
			}
		case html.TextToken:
			switch {
			case inJSON:
				p.linked = append(p.linked, jsonBlock{line, string(z.Raw())})
			case inTitle && p.title == "":
				p.title = squeeze(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			inJSON, inTitle = p.element(z, line)
		case html.EndTagToken:
			inJSON, inTitle = false, false
		}
		line += raw
	}
}

// element takes the beginning of an element; what stands in it may be JSON-LD
// or the title.
func (p *webPage) element(z *html.Tokenizer, line int) (inJSON, inTitle bool) {
	tag, more := z.TagName()
	name := string(tag)
	if name != "meta" && name != "link" && name != "script" && name != "base" {
		return false, name == "title"
	}
	attr := map[string]string{}
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if _, there := attr[string(key)]; !there {
			attr[string(key)] = string(value)
		}
	}
	switch name {
	case "script":
		kind, _, _ := strings.Cut(attr["type"], ";")
		return strings.EqualFold(strings.TrimSpace(kind), "application/ld+json"), false
	case "base", "link":
		if rel := " " + strings.ToLower(attr["rel"]) + " "; name == "link" && (!strings.Contains(rel, " canonical ") || p.canonical != "") {
			return false, false
		}
		at := p.absolute(attr["href"])
		if name == "link" {
			p.canonical = at
		}
		if u, err := url.Parse(at); err == nil && u.Host != "" && (name == "base" || p.base == nil || p.base.Host == "") {
			p.base = u
		}
	case "meta":
		meta := metaTag{line, attr["name"], attr["lang"], strings.TrimSpace(attr["content"])}
		if meta.name == "" {
			meta.name = attr["property"]
		}
		if meta.lang == "" {
			meta.lang = attr["xml:lang"]
		}
		if meta.name = strings.ToLower(strings.TrimSpace(meta.name)); meta.name != "" && meta.content != "" {
			p.metas = append(p.metas, meta)
		}
	}
	return false, false
}

// absolute gives an address of a page with its host, where that is known.
func (p *webPage) absolute(address string) string {
	address = strings.TrimSpace(address)
	u, err := url.Parse(address)
	if err != nil || address == "" || p.base == nil || p.base.Host == "" {
		return address
	}
	return p.base.ResolveReference(u).String()
}

// drafts gives the works that a page describes, and what of its JSON-LD could
// not be read.
func (p *webPage) drafts() ([]Draft, []*Problem) {
	works, problems := p.works()
	cited, core, open := p.highwire(), p.dublinCore(), p.openGraph()
	told := cited
	told.fill(core)
	switch {
	case len(works) == 0 && len(told.Titles) > 0:
		if told.Line == 0 {
			told.Line = 1
		}
		works = []Draft{told}
	case len(works) == 0 && len(open.Titles) > 0:
		works = []Draft{open}
	case len(works) == 1:
		works[0].fill(told)
	default:
		for i := range works {
			if sharesTitle(works[i].Titles, told.Titles) {
				works[i].fill(told)
			}
		}
	}
	if len(works) == 1 {
		w := &works[0]
		if len(w.Abstracts) == 0 {
			w.Abstracts = open.Abstracts
		}
		if len(w.Links) == 0 {
			w.link(p.canonical)
		}
	}
	return works, problems
}

func sharesTitle(a, b library.Text) bool {
	for _, s := range a {
		for _, t := range b {
			if strings.EqualFold(squeeze(s), squeeze(t)) {
				return true
			}
		}
	}
	return false
}

// fill takes each field that a draft lacks from another of the same work.
func (d *Draft) fill(from Draft) {
	if len(d.Titles) == 0 {
		d.Titles = from.Titles
	}
	if len(d.Abstracts) == 0 {
		d.Abstracts = from.Abstracts
	}
	for _, f := range []struct {
		to   *[]Value
		from []Value
	}{{&d.Authors, from.Authors}, {&d.Countries, from.Countries}, {&d.Regions, from.Regions}, {&d.Topics, from.Topics}, {&d.Languages, from.Languages},
		{&d.Editors, from.Editors}, {&d.Publishers, from.Publishers}, {&d.Subjects, from.Subjects}} {
		if len(*f.to) == 0 {
			*f.to = f.from
		}
	}
	for _, f := range []struct {
		to   *Value
		from Value
	}{{&d.Category, from.Category}, {&d.Date, from.Date}, {&d.Container, from.Container}, {&d.Volume, from.Volume}, {&d.Issue, from.Issue},
		{&d.Pages, from.Pages}, {&d.Edition, from.Edition}, {&d.Rights, from.Rights}} {
		if f.to.Text == "" {
			*f.to = f.from
		}
	}
	schemes := map[string]bool{}
	for _, id := range d.Identifiers {
		schemes[id.Scheme] = true
	}
	for _, id := range from.Identifiers {
		if !schemes[id.Scheme] {
			d.identify(id.Scheme, id.Value)
		}
	}
	if len(d.Links) == 0 {
		d.Links = from.Links
	}
	if d.Key == "" {
		d.Key = from.Key
	}
	if d.Line == 0 {
		d.Line = from.Line
	}
}
