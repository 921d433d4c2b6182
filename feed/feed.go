// Package feed reads what is new at sources of the web that are no providers of
// OAI-PMH: the entries of a feed (RSS, Atom), and the pages that a sitemap lists
// (https://www.sitemaps.org/protocol.html), where they describe works.
package feed

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"

	"waymark/format"
)

// Getter reads a page of the web; *fetch.Client is one. Get reads an address
// that a person has named, Page one that was found, as robots.txt allows. An
// error whose Final() is true would be met again.
type Getter interface {
	Get(ctx context.Context, address string, limit int64) (status int, body []byte, err error)
	Page(ctx context.Context, address string, limit int64) (status int, body []byte, err error)
}

// Client reads one source.
type Client struct {
	Address string // of the feed or sitemap
	Web     Getter
}

// Kind is the kind of a source.
type Kind string

// The kinds of sources.
const (
	Entries Kind = "feed"
	Sitemap Kind = "sitemap"
)

// Record is one record of a source. One of which Problem is not empty could not
// be read.
type Record struct {
	Draft   format.Draft // with its Key
	Problem string
}

// Batch is what a part of a source brings.
type Batch struct {
	Records []Record
	Passed  int    // pages that describe no publication
	Token   string // to go on with after it; empty after the last
}

// The limits of what is taken from a source.
const (
	maxSource = 64 << 20 // bytes of a feed or sitemap, unpacked
	maxPage   = 4 << 20  // bytes of a page
	maxParts  = 10_000   // pages of a feed, or sitemaps
)

// Identity is what a source says of itself.
type Identity struct {
	Kind  Kind
	Name  string // title of a feed
	Count int    // its entries, or the pages or sitemaps that a sitemap lists
}

// Identify asks a source what it is.
func (c *Client) Identify(ctx context.Context) (Identity, error) {
	body, err := c.get(ctx, c.Address)
	if err != nil {
		return Identity{}, err
	}
	switch root := rootOf(body); root {
	case "rss", "RDF", "feed":
		id := Identity{Kind: Entries, Name: titleOf(body)}
		for _, err := range format.Read(bytes.NewReader(body), format.Options{Format: "feed"}) {
			if err == nil {
				id.Count++
			}
		}
		return id, nil
	case "urlset", "sitemapindex":
		list, err := parseSitemap(body)
		return Identity{Kind: Sitemap, Count: len(list.pages) + len(list.maps)}, err
	default:
		return Identity{}, noSource(c.Address, body, root)
	}
}

// get reads a feed or sitemap, unpacked and mended.
func (c *Client) get(ctx context.Context, address string) ([]byte, error) {
	status, body, err := c.Web.Get(ctx, address, maxSource)
	if err != nil {
		return nil, err
	}
	if status != 200 {
		return nil, fmt.Errorf("%s answers %d", address, status)
	}
	if bytes.HasPrefix(body, []byte("\x1f\x8b")) {
		unzip, err := gzip.NewReader(bytes.NewReader(body))
		if err == nil {
			body, err = io.ReadAll(io.LimitReader(unzip, maxSource+1))
		}
		if err != nil {
			return nil, fmt.Errorf("%s cannot be unpacked: %w", address, err)
		}
		if len(body) > maxSource {
			return nil, fmt.Errorf("%s is larger than %d bytes unpacked", address, maxSource)
		}
	}
	return mend(body), nil
}

// mend makes an answer readable: one in UTF-16 or in an encoding that it
// declares is put into UTF-8; bytes that are none, and characters that XML does
// not have, become U+FFFD.
func mend(body []byte) []byte {
	label := labelOf(body)
	if utf16 := bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")); utf16 || label != "" && !utf8.Valid(body) {
		if r, err := charset.NewReader(bytes.NewReader(body), "text/xml; charset="+label); err == nil {
			if text, err := io.ReadAll(r); err == nil {
				body = text
			}
		}
	}
	allowed := runes.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return '\ufffd'
		}
		return r
	})
	text, _, err := transform.Bytes(transform.Chain(runes.ReplaceIllFormed(), allowed), bytes.TrimPrefix(body, []byte("\ufeff")))
	if err != nil {
		return body // neither of the two gives an error
	}
	return text
}

// labelOf gives the encoding other than UTF-8 that XML declares.
func labelOf(body []byte) string {
	head, _, _ := bytes.Cut(body[:min(len(body), 200)], []byte("?>"))
	_, label, ok := strings.Cut(string(head), "encoding=")
	if !ok || len(label) < 3 || !strings.HasPrefix(string(head), "<?xml") {
		return ""
	}
	label, _, _ = strings.Cut(label[1:], label[:1])
	if strings.EqualFold(label, "utf-8") {
		return ""
	}
	return label
}

// decoder reads mended XML.
func decoder(body []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	return d
}

// rootOf gives the name of the outermost element, "" when it is no XML.
func rootOf(body []byte) string {
	d := decoder(body)
	for {
		token, err := d.Token()
		if err != nil {
			return ""
		}
		if start, ok := token.(xml.StartElement); ok {
			return start.Name.Local
		}
	}
}

// titleOf gives the first title in a source.
func titleOf(body []byte) string {
	d := decoder(body)
	for {
		token, err := d.Token()
		if err != nil {
			return ""
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "title" {
			var title string
			_ = d.DecodeElement(&title, &start) // what there is of it
			return strings.Join(strings.Fields(title), " ")
		}
	}
}

// noSource says what an address has in the place of a source; of a web page,
// which feeds it names.
func noSource(address string, body []byte, root string) error {
	if root != "" && !strings.EqualFold(root, "html") {
		return fmt.Errorf("%s begins with <%s>: it is no feed (RSS, Atom) and no sitemap", address, root)
	}
	head := bytes.ToLower(body[:min(len(body), 4096)])
	if !bytes.Contains(head, []byte("<html")) && !bytes.Contains(head, []byte("<!doctype html")) {
		return fmt.Errorf("%s is no feed (RSS, Atom) and no sitemap", address)
	}
	if feeds := namedFeeds(address, body); len(feeds) > 0 {
		return fmt.Errorf("%s is a web page and no feed or sitemap: it names the feed %s", address, strings.Join(feeds, " and "))
	}
	return fmt.Errorf("%s is a web page and no feed or sitemap: check the address", address)
}

// namedFeeds gives the addresses of the feeds that a web page names.
func namedFeeds(address string, body []byte) (feeds []string) {
	base, err := url.Parse(address)
	if err != nil {
		return nil
	}
	z := html.NewTokenizer(bytes.NewReader(body))
	for len(feeds) < 3 {
		kind := z.Next()
		if kind == html.ErrorToken {
			return feeds
		}
		if t := z.Token(); t.Data == "link" {
			attr := map[string]string{}
			for _, a := range t.Attr {
				attr[a.Key] = a.Val
			}
			if at, err := base.Parse(attr["href"]); err == nil && (attr["type"] == "application/rss+xml" || attr["type"] == "application/atom+xml") {
				feeds = append(feeds, at.String())
			}
		}
	}
	return feeds
}

// Entries gives the entries of a feed, a batch for each of its pages (RFC 5005);
// token goes on where an earlier run stopped. The iteration ends at an error.
func (c *Client) Entries(ctx context.Context, token string) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		seen := map[string]bool{}
		address := c.Address
		if token != "" {
			address = token
		}
		for {
			seen[address] = true
			body, err := c.get(ctx, address)
			if err != nil {
				yield(Batch{}, err)
				return
			}
			if root := rootOf(body); root != "rss" && root != "RDF" && root != "feed" {
				yield(Batch{}, noSource(address, body, root))
				return
			}
			batch := Batch{Token: nextOf(body, address)}
			for d, err := range format.Read(bytes.NewReader(body), format.Options{Format: "feed", Address: address}) {
				if problem, ok := errors.AsType[*format.Problem](err); ok {
					batch.Records = append(batch.Records, Record{Problem: problem.Error()})
				} else if err != nil {
					yield(Batch{}, err)
					return
				} else {
					batch.Records = append(batch.Records, Record{Draft: d})
				}
			}
			if seen[batch.Token] || len(seen) >= maxParts || !sameHost(batch.Token, c.Address) {
				batch.Token = ""
			}
			if !yield(batch, nil) || batch.Token == "" {
				return
			}
			address = batch.Token
		}
	}
}

// nextOf gives the address of the next page of a feed.
func nextOf(body []byte, address string) string {
	base, err := url.Parse(address)
	if err != nil {
		return ""
	}
	d := decoder(body)
	for {
		token, err := d.Token()
		if err != nil {
			return ""
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "link" || start.Name.Space != "http://www.w3.org/2005/Atom" {
			continue
		}
		attr := map[string]string{}
		for _, a := range start.Attr {
			attr[a.Name.Local] = a.Value
		}
		if attr["rel"] == "next" && attr["href"] != "" {
			if at, err := base.Parse(attr["href"]); err == nil {
				return at.String()
			}
		}
	}
}

// sameHost tells whether two addresses are of one site.
func sameHost(a, b string) bool {
	ua, err := url.Parse(a)
	if err != nil {
		return false
	}
	ub, err := url.Parse(b)
	return err == nil && (ua.Scheme == "http" || ua.Scheme == "https") &&
		strings.EqualFold(strings.TrimPrefix(ua.Host, "www."), strings.TrimPrefix(ub.Host, "www."))
}
