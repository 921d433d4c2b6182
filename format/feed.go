package format

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The namespaces of feeds and of what publishers put into them.
const (
	nsAtom    = "http://www.w3.org/2005/Atom"
	nsRSS1    = "http://purl.org/rss/1.0/"
	nsContent = "http://purl.org/rss/1.0/modules/content/"
	nsMedia   = "http://search.yahoo.com/mrss"
	nsPRISM   = "http://prismstandard.org/namespaces/" // of which each version has its own
)

// Feed reads the entries of a feed: RSS 2.0 (https://www.rssboard.org/rss-specification)
// and 1.0, or Atom (RFC 4287), with the elements of Dublin Core, PRISM and Media
// RSS that publishers put into them. address is where the feed was read, "" for
// a file: an address without a host is on that one.
func Feed(r io.Reader, address string) Drafts {
	base, _ := url.Parse(address) // an address that is none is no base
	return func(yield func(Draft, error) bool) {
		wanted := func(n xml.Name) bool {
			return n.Local == "item" && (n.Space == "" || n.Space == nsRSS1) || n.Local == "entry" && n.Space == nsAtom
		}
		elements(r, wanted, func(e *element, err error) bool {
			if err != nil {
				return yield(Draft{}, err)
			}
			return yield(feedDraft(e, base), nil)
		})
	}
}

// isFeed tells a feed by its outermost element.
func isFeed(head []byte) bool {
	return isXML(head) && (bytes.Contains(head, []byte("<rss")) || bytes.Contains(head, []byte(nsRSS1)) ||
		bytes.Contains(head, []byte("<feed")) && bytes.Contains(head, []byte(nsAtom)))
}

// feedEntry is an entry of a feed that is being read.
type feedEntry struct {
	Draft
	page        webPage // resolves addresses
	updated     Value   // when the entry last changed, the date for want of another
	text        string  // its body, the abstract for want of another
	first, last string  // pages
	refined     element // the elements of Dublin Core, for those of which one stands before another
}

func feedDraft(rec *element, base *url.URL) Draft {
	e := feedEntry{Draft: Draft{Line: rec.line}, page: webPage{base: base}}
	for _, c := range rec.children {
		v := Value{c.line, squeeze(plainText(c.text))}
		switch space := c.name.Space; {
		case space == nsDC || space == nsTerms:
			e.core(c, v)
		case strings.HasPrefix(space, nsPRISM):
			e.prism(c.name.Local, v)
		case strings.HasPrefix(space, nsMedia):
			e.media(c, v)
		case space == nsContent && c.name.Local == "encoded":
			e.text = c.text
		case space == nsAtom:
			e.atom(c, v)
		case space == "" || space == nsRSS1:
			e.rss(c, v)
		}
	}
	e.dcRefined(&e.refined)
	if e.Date.Text == "" {
		e.Date = e.updated
	}
	if len(e.Abstracts) == 0 {
		say(&e.Abstracts, "", beginning(plainText(e.text)))
	}
	if e.first != "" && e.Pages.Text == "" {
		e.Pages = Value{e.Line, strings.TrimSuffix(e.first+"-"+e.last, "-")}
	}
	if e.Key == "" && len(e.Links) > 0 {
		e.Key = e.Links[0].URL
	}
	e.Authors, e.Subjects, e.Links = once(e.Authors), once(e.Subjects), distinct(e.Links)
	return e.Draft
}

func (e *feedEntry) link(address string) { e.Draft.link(e.page.absolute(address)) }

// core takes an element of Dublin Core. Title and description are those of RSS
// again, mostly; a date is more exact than that of the entry.
func (e *feedEntry) core(c *element, v Value) {
	switch c.name.Local {
	case "title":
		if len(e.Titles) == 0 {
			say(&e.Titles, c.attr["lang"], v.Text)
		}
	case "description", "abstract":
		if c.name.Local == "abstract" || len(e.Abstracts) == 0 {
			e.Abstracts = nil
			say(&e.Abstracts, c.attr["lang"], beginning(plainText(c.text)))
		}
	case "modified", "created", "dateSubmitted", "available":
		e.updated = Value{v.Line, isoDay(v.Text)}
	default:
		if v.Text != "" {
			one := &element{name: c.name, line: c.line, attr: c.attr, text: v.Text}
			e.dcElement(one, v)
			e.refined.children = append(e.refined.children, one)
		}
	}
}

// rss takes an element of RSS.
func (e *feedEntry) rss(c *element, v Value) {
	switch c.name.Local {
	case "title":
		e.Titles = nil
		say(&e.Titles, "", v.Text)
	case "description":
		if len(e.Abstracts) == 0 {
			say(&e.Abstracts, "", beginning(plainText(c.text)))
		}
	case "link":
		e.link(v.Text)
	case "guid":
		e.Key = v.Text
		if c.attr["isPermaLink"] != "false" {
			e.link(v.Text)
		}
	case "author":
		if name := sender(v.Text); name != "" {
			e.Authors = append(e.Authors, Value{v.Line, name})
		}
	case "category":
		if v.Text != "" {
			e.Subjects = append(e.Subjects, v)
		}
	case "pubDate":
		e.updated = Value{v.Line, mailDay(v.Text)}
	case "enclosure":
		e.link(c.attr["url"])
	}
}

// sender gives the name of the author of an entry of RSS, which is written as
// the sender of a mail.
func sender(s string) string {
	if at, err := mail.ParseAddress(s); err == nil {
		return at.Name
	}
	if mailbox, name, ok := strings.Cut(s, "("); ok && strings.Contains(mailbox, "@") {
		return squeeze(strings.TrimSuffix(strings.TrimSpace(name), ")"))
	}
	if strings.Contains(s, "@") {
		return ""
	}
	return s
}

// mailDay gives the day of a date of RFC 822, as it is where that was written.
func mailDay(s string) string {
	if at, err := mail.ParseDate(s); err == nil {
		return at.Format(time.DateOnly)
	}
	return isoDay(s)
}

// atom takes an element of Atom.
func (e *feedEntry) atom(c *element, v Value) {
	switch c.name.Local {
	case "title":
		e.Titles = nil
		say(&e.Titles, c.attr["lang"], v.Text)
	case "summary":
		e.Abstracts = nil
		say(&e.Abstracts, c.attr["lang"], beginning(plainText(c.text)))
	case "content":
		e.text = c.text
	case "id":
		e.Key = v.Text
	case "link":
		if rel := c.attr["rel"]; rel == "" || rel == "alternate" || rel == "enclosure" {
			e.link(c.attr["href"])
		}
	case "author", "contributor":
		to := &e.Authors
		if c.name.Local == "contributor" {
			to = &e.Editors
		}
		if name := c.first("name"); name != "" {
			*to = append(*to, Value{v.Line, name})
		}
	case "category":
		word := c.attr["label"]
		if word == "" {
			word = c.attr["term"]
		}
		if word = squeeze(word); word != "" {
			e.Subjects = append(e.Subjects, Value{v.Line, word})
		}
	case "published":
		e.Date = Value{v.Line, isoDay(v.Text)}
	case "updated":
		if e.updated.Text == "" {
			e.updated = Value{v.Line, isoDay(v.Text)}
		}
	case "rights":
		e.Rights = v
	}
}

// prism takes an element of PRISM, with which publishers of journals say where
// a work stands.
func (e *feedEntry) prism(name string, v Value) {
	to := map[string]*Value{"publicationName": &e.Container, "volume": &e.Volume, "number": &e.Issue, "pageRange": &e.Pages, "edition": &e.Edition}[name]
	switch name {
	case "doi", "isbn":
		e.identify(name, v.Text)
	case "issn", "eIssn":
		e.identify("issn", v.Text)
	case "startingPage":
		e.first = v.Text
	case "endingPage":
		e.last = v.Text
	case "publicationDate", "coverDate":
		if date := isoDay(v.Text); len(date) >= len(e.Date.Text) {
			e.Date = Value{v.Line, date}
		}
	case "keyword":
		e.Subjects = append(e.Subjects, v)
	case "url":
		e.link(v.Text)
	default:
		if to != nil {
			*to = v
		}
	}
}

// media takes an element of Media RSS (https://www.rssboard.org/media-rss);
// pictures are adornment.
func (e *feedEntry) media(c *element, v Value) {
	switch c.name.Local {
	case "group":
		for _, inner := range c.children {
			e.media(inner, Value{inner.line, squeeze(plainText(inner.text))})
		}
	case "title":
		if len(e.Titles) == 0 {
			say(&e.Titles, "", v.Text)
		}
	case "description":
		if e.text == "" {
			e.text = c.text
		}
	case "keywords":
		e.Subjects = append(e.Subjects, keywords(v)...)
	case "content":
		if medium := c.attr["medium"]; slices.Contains([]string{"document", "video", "audio"}, medium) ||
			medium == "" && c.attr["type"] != "" && !strings.HasPrefix(c.attr["type"], "image/") {
			e.link(c.attr["url"])
		}
	}
}
