// Package oai is a client of the Open Archives Initiative Protocol for Metadata
// Harvesting, version 2.0
// (https://www.openarchives.org/OAI/openarchivesprotocol.html), that survives
// providers which do not keep to it.
package oai

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/xml"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Getter reads a page of the web; *fetch.Client is one.
type Getter interface {
	Get(ctx context.Context, address string, limit int64) (status int, body []byte, err error)
}

// Client harvests one provider.
type Client struct {
	Base string // address of the provider, without a query
	Web  Getter
}

// Ask says what to harvest. Token goes on where an earlier harvest stopped; the
// rest is left aside then.
type Ask struct {
	Prefix string // metadataPrefix: "oai_dc"
	Set    string
	From   string // UTCdatetime of the provider's granularity, from its answers
	Token  string
}

// Record is one record of a provider. One of which Problem is not empty could
// not be read whole, and Metadata is then empty.
type Record struct {
	Identifier string
	Datestamp  string
	Sets       []string
	Deleted    bool
	Metadata   []byte // the element metadata, with every namespace that was in force declared on it
	Problem    string
}

// Page is one answer to ListRecords.
type Page struct {
	Records []Record
	Token   string // to go on with; empty on the last page
	Date    string // responseDate

	scope scope // namespaces in force around the records
}

// ProtocolError is an error that the provider answers (section 3.6).
type ProtocolError struct{ Code, Text string }

// Error implements error.
func (e *ProtocolError) Error() string {
	return strings.TrimSuffix(fmt.Sprintf("the provider answers %s: %s", e.Code, e.Text), ": ")
}

// The limits of what is taken from a provider.
const (
	maxPage     = 64 << 20 // bytes of an answer
	maxRecord   = 4 << 20  // bytes of a record
	maxRepeated = 1        // pages in a row that bring nothing new
)

// Records gives the pages of a harvest, one after the other; each can be kept
// before the next is asked for, and its Token goes on after a crash. The
// iteration ends at an error. That there is nothing (noRecordsMatch) is none.
func (c *Client) Records(ctx context.Context, ask Ask) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		tokens := map[string]bool{}
		pages := map[[32]byte]bool{}
		repeated := 0
		for token := ask.Token; ; {
			page, err := c.list(ctx, ask, token)
			if e, ok := errors.AsType[*ProtocolError](err); ok && e.Code == "noRecordsMatch" {
				return
			}
			if err != nil {
				yield(Page{}, err)
				return
			}
			digest := page.digest()
			if pages[digest] && len(page.Records) > 0 {
				if repeated++; repeated > maxRepeated {
					yield(Page{}, fmt.Errorf("the provider gives the same page again and again, at the resumption token %q: harvest stopped", token))
					return
				}
			} else {
				repeated, pages[digest] = 0, true
			}
			if page.Token != "" && tokens[page.Token] {
				page.Token = "" // what stands on this page is taken, then it ends
				if yield(page, nil) {
					yield(Page{}, fmt.Errorf("the provider goes in a circle: it gave the resumption token %q before", token))
				}
				return
			}
			tokens[page.Token] = true
			if !yield(page, nil) || page.Token == "" {
				return
			}
			token = page.Token
		}
	}
}

// digest tells pages apart by their records.
func (p Page) digest() [32]byte {
	h := sha256.New()
	for _, r := range p.Records {
		fmt.Fprintf(h, "%s\x00%s\x00", r.Identifier, r.Datestamp)
	}
	return [32]byte(h.Sum(nil))
}

// list asks for one page.
func (c *Client) list(ctx context.Context, ask Ask, token string) (Page, error) {
	q := url.Values{"verb": {"ListRecords"}}
	if token != "" {
		q.Set("resumptionToken", token)
	} else {
		q.Set("metadataPrefix", ask.Prefix)
		for name, value := range map[string]string{"set": ask.Set, "from": ask.From} {
			if value != "" {
				q.Set(name, value)
			}
		}
	}
	body, err := c.get(ctx, q)
	if err != nil {
		return Page{}, err
	}
	return parse(body)
}

// Identity is what a provider says of itself.
type Identity struct {
	Name        string
	Granularity string // "YYYY-MM-DD" or "YYYY-MM-DDThh:mm:ssZ"
	Deleted     string // "no", "transient" or "persistent"
	Date        string // responseDate
}

// Identify asks a provider what it is.
func (c *Client) Identify(ctx context.Context) (Identity, error) {
	body, err := c.get(ctx, url.Values{"verb": {"Identify"}})
	if err != nil {
		return Identity{}, err
	}
	var answer struct {
		Date  string  `xml:"responseDate"`
		Error []fault `xml:"error"`
		Is    *struct {
			Name        string `xml:"repositoryName"`
			Granularity string `xml:"granularity"`
			Deleted     string `xml:"deletedRecord"`
		} `xml:"Identify"`
	}
	d := xml.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(&answer); err != nil {
		return Identity{}, noProtocol(body, err)
	}
	if len(answer.Error) > 0 {
		return Identity{}, answer.Error[0].error()
	}
	if answer.Is == nil {
		return Identity{}, noProtocol(body, errors.New("it does not say what it is"))
	}
	return Identity{strings.TrimSpace(answer.Is.Name), strings.TrimSpace(answer.Is.Granularity), strings.TrimSpace(answer.Is.Deleted), strings.TrimSpace(answer.Date)}, nil
}

type fault struct {
	Code string `xml:"code,attr"`
	Text string `xml:",chardata"`
}

func (f fault) error() error { return &ProtocolError{f.Code, strings.TrimSpace(f.Text)} }

// get asks the provider; the answer is mended to what an XML reader takes.
func (c *Client) get(ctx context.Context, q url.Values) ([]byte, error) {
	base, err := url.Parse(c.Base)
	if err != nil {
		return nil, fmt.Errorf("%q is no address of a provider: %w", c.Base, err)
	}
	for name, values := range base.Query() { // some providers need one of their own
		if q.Get(name) == "" {
			q[name] = values
		}
	}
	base.RawQuery = q.Encode()
	status, body, err := c.Web.Get(ctx, base.String(), maxPage)
	if err != nil {
		return nil, err
	}
	if body = mend(body); status != 200 && !bytes.Contains(body, []byte("OAI-PMH")) {
		return nil, fmt.Errorf("%s answers %d", base.Host, status)
	}
	return body, nil
}

// mend makes an answer readable: bytes that are no UTF-8 and characters that
// XML does not have become U+FFFD.
func mend(body []byte) []byte {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if utf8.Valid(body) && bytes.IndexFunc(body, forbidden) < 0 {
		return body
	}
	return bytes.Map(func(r rune) rune {
		if forbidden(r) {
			return utf8.RuneError
		}
		return r
	}, bytes.ToValidUTF8(body, []byte("\ufffd")))
}

// forbidden tells characters outside the production Char of XML 1.0.
func forbidden(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

// noProtocol says what a provider sent in the place of an answer.
func noProtocol(body []byte, err error) error {
	head := body[:min(len(body), 4096)]
	if lower := bytes.ToLower(head); bytes.Contains(lower, []byte("<html")) || bytes.Contains(lower, []byte("<!doctype html")) {
		if title := titleOf(head); title != "" {
			return fmt.Errorf("the provider answers with a web page (%q) and not with OAI-PMH: check the address", title)
		}
		return errors.New("the provider answers with a web page and not with OAI-PMH: check the address")
	}
	return fmt.Errorf("the provider's answer cannot be read: %w", err)
}

// titleOf gives the title of a web page.
func titleOf(head []byte) string {
	z := html.NewTokenizer(bytes.NewReader(head))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken:
			if name, _ := z.TagName(); string(name) == "title" && z.Next() == html.TextToken {
				return strings.Join(strings.Fields(string(z.Text())), " ")
			}
		}
	}
}

// Overlap gives the date from which to harvest the next time: the day before
// the provider's own date of the first answer, since clocks drift and records
// may appear late, in its granularity.
func Overlap(responseDate, granularity string) string {
	at, err := time.Parse(time.RFC3339, strings.TrimSpace(responseDate))
	if err != nil {
		return "" // begin anew: what is known already is known again
	}
	at = at.UTC().Add(-24 * time.Hour)
	if strings.Contains(granularity, "T") {
		return at.Format("2006-01-02T15:04:05Z")
	}
	return at.Format(time.DateOnly)
}
