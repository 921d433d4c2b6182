package feed

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"waymark/format"
	"waymark/library"
)

// Ask says what is new at a sitemap. Token goes on where an earlier run stopped.
type Ask struct {
	Since time.Time // only what changed then or later; zero for all
	Token string
	// Known tells whether a page of which the sitemap does not say when it changed
	// need not be read; nil reads all of them.
	Known func(ctx context.Context, address string) (bool, error)
}

const (
	batchPages = 25      // pages a batch: as much is read again after a crash
	maxListed  = 100_000 // of one sitemap; the protocol has half of it
	maxDeep    = 4       // sitemaps within each other; the protocol has two
	maxFailed  = 5       // pages in a row that could not be read: is the host in trouble?
)

// listing is what a sitemap lists.
type listing struct {
	maps, pages []listed
}

// listed is one address of a sitemap.
type listed struct {
	Loc     string `xml:"loc"`
	Lastmod string `xml:"lastmod"`
}

// before tells whether an address has surely not changed since a time.
func (l listed) before(since time.Time) bool {
	at, known := l.changed()
	return known && at.Before(since)
}

// changed gives when an address changed, at the end of what is said: lastmod is
// a W3C date and time (https://www.w3.org/TR/NOTE-datetime).
func (l listed) changed() (time.Time, bool) {
	s := strings.TrimSpace(l.Lastmod)
	for _, form := range []struct {
		layout string
		until  time.Duration
	}{{time.RFC3339, 0}, {"2006-01-02T15:04Z07:00", time.Minute}, {"2006-01-02T15:04:05", 14 * time.Hour}, {time.DateOnly, 36 * time.Hour}} {
		if at, err := time.Parse(form.layout, s); err == nil {
			return at.Add(form.until), true
		}
	}
	return time.Time{}, false
}

// parseSitemap reads a sitemap or an index of them. Of a damaged one it gives
// what stands before the damage, with the error.
func parseSitemap(body []byte) (listing, error) {
	var list listing
	d := decoder(body)
	d.Strict = false
	for len(list.maps)+len(list.pages) < maxListed {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return list, fmt.Errorf("the sitemap is damaged: %w", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "url" && start.Name.Local != "sitemap" {
			continue
		}
		var l listed
		if err := d.DecodeElement(&l, &start); err != nil {
			return list, fmt.Errorf("the sitemap is damaged: %w", err)
		}
		if l.Loc = strings.TrimSpace(l.Loc); l.Loc == "" {
			continue
		}
		if start.Name.Local == "url" {
			list.pages = append(list.pages, l)
		} else {
			list.maps = append(list.maps, l)
		}
	}
	return list, nil
}

// walk is one way through a sitemap.
type walk struct {
	*Client
	ask   Ask
	yield func(Batch, error) bool

	from, after string          // resume: the sitemap to go on in, after this page; "" when the way is found
	seen        map[string]bool // addresses
	maps        int             // sitemaps read
	batch       Batch
	read        int   // pages of the batch
	failed      int   // pages in a row
	lost        error // sitemaps that could not be read
	elsewhere   int   // pages on other hosts
}

// errStopped ends a walk; the one who takes the batches has the reason.
var errStopped = errors.New("stopped")

// Pages reads the pages that a sitemap lists, in its order, and gives the works
// that they describe. A page on another host is not read. The iteration ends at
// an error; that of one page is a Problem, that of one sitemap comes at the end.
func (c *Client) Pages(ctx context.Context, ask Ask) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		for {
			w := &walk{Client: c, ask: ask, yield: yield, seen: map[string]bool{}}
			w.from, w.after, _ = strings.Cut(ask.Token, "\n")
			err := w.sitemap(ctx, c.Address, 1)
			if err == nil && w.from != "" {
				ask.Token = "" // the sitemap where it stopped is gone: begin anew
				continue
			}
			if err == nil {
				err = w.end()
			}
			if err != nil && !errors.Is(err, errStopped) {
				yield(Batch{}, err)
			}
			return
		}
	}
}

// end gives what is left, and says which sitemaps could not be read.
func (w *walk) end() error {
	if w.elsewhere > 0 {
		w.problem("", fmt.Errorf("%d pages of the sitemap are on other hosts and were not read", w.elsewhere))
	}
	w.batch.Token = ""
	if !w.yield(w.batch, nil) {
		return errStopped
	}
	return w.lost
}

func (w *walk) problem(address string, err error) {
	text := err.Error()
	if address != "" {
		text = address + ": " + text
	}
	w.batch.Records = append(w.batch.Records, Record{Problem: text})
}

// sitemap reads a sitemap and all that it lists. The first must be one; of
// another that cannot be read the rest goes on.
func (w *walk) sitemap(ctx context.Context, address string, depth int) error {
	if w.seen[address] || depth > maxDeep || w.maps >= maxParts {
		return nil
	}
	w.seen[address] = true
	w.maps++
	list, err := w.listing(ctx, address)
	if err != nil {
		if depth == 1 || ctx.Err() != nil {
			return err
		}
		w.lost = errors.Join(w.lost, fmt.Errorf("%s: %w", address, err))
	}
	for _, m := range list.maps {
		if m.before(w.ask.Since) || !isWeb(m.Loc) {
			continue
		}
		if err := w.sitemap(ctx, m.Loc, depth+1); err != nil {
			return err
		}
	}
	pages := list.pages
	if w.from != "" {
		if w.from != address {
			return nil
		}
		w.from = ""
		if at := slices.IndexFunc(pages, func(p listed) bool { return p.Loc == w.after }); at >= 0 {
			pages = pages[at+1:]
		}
	}
	for _, p := range pages {
		if err := w.visit(ctx, address, p); err != nil {
			return err
		}
	}
	return nil
}

// listing asks for a sitemap; what could be read of a damaged one comes with
// the error.
func (w *walk) listing(ctx context.Context, address string) (listing, error) {
	body, err := w.get(ctx, address)
	if err != nil {
		return listing{}, err
	}
	if root := rootOf(body); root != "urlset" && root != "sitemapindex" {
		return listing{}, noSource(address, body, root)
	}
	list, err := parseSitemap(body)
	if len(list.maps)+len(list.pages) > 0 && err != nil {
		w.lost = errors.Join(w.lost, fmt.Errorf("%s: %w", address, err))
		err = nil
	}
	return list, err
}

func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// noPages are the ends of addresses of what is no web page.
var noPages = []string{".pdf", ".jpg", ".jpeg", ".png", ".gif", ".svg", ".mp4", ".mp3", ".zip", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx"}

// visit reads a page, when it is new, and gives a batch when that is full.
func (w *walk) visit(ctx context.Context, sitemap string, p listed) error {
	u, err := url.Parse(p.Loc)
	switch {
	case err != nil || w.seen[p.Loc] || p.before(w.ask.Since) || slices.Contains(noPages, strings.ToLower(path.Ext(u.Path))):
		return nil
	case !sameHost(p.Loc, w.Address):
		w.elsewhere++
		return nil
	}
	w.seen[p.Loc] = true
	if _, dated := p.changed(); !dated && w.ask.Known != nil {
		known, err := w.ask.Known(ctx, p.Loc)
		if err != nil || known {
			return err
		}
	}
	if err := w.page(ctx, p.Loc); err != nil {
		return err
	}
	if w.read++; w.read < batchPages {
		return nil
	}
	if w.failed == 0 { // else those are asked again
		w.batch.Token = sitemap + "\n" + p.Loc
		if !w.yield(w.batch, nil) {
			return errStopped
		}
		w.batch, w.read = Batch{}, 0
	}
	return nil
}

// page reads the works of a page.
func (w *walk) page(ctx context.Context, address string) error {
	status, body, err := w.Web.Page(ctx, address, maxPage)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil && status != 200 {
		err = fmt.Errorf("it answers %d", status)
	}
	if err != nil {
		w.problem(address, err)
		var final interface{ Final() bool }
		if errors.As(err, &final) && final.Final() || status >= 400 && status < 500 && status != 429 {
			return nil
		}
		if w.failed++; w.failed < maxFailed {
			return nil
		}
		if _, trouble := w.get(ctx, w.Address); trouble != nil {
			return fmt.Errorf("%d pages one after the other could not be read, the last %s: %w", w.failed, address, err)
		}
		w.failed = 0 // the host is well, these pages are not
		return nil
	}
	w.failed = 0
	var drafts []format.Draft
	for d, err := range format.Read(bytes.NewReader(body), format.Options{Format: "html", Address: address}) {
		switch problem, ok := errors.AsType[*format.Problem](err); {
		case err == nil:
			drafts = append(drafts, d)
		case problem == format.NoWork, len(bytes.TrimSpace(body)) == 0:
			w.batch.Passed++
		case ok:
			w.problem(address, problem)
		default:
			return fmt.Errorf("%s: %w", address, err)
		}
	}
	keys := map[string]string{} // by the names that the works have among themselves
	for i := range drafts {
		d := &drafts[i]
		key := address
		if len(drafts) > 1 {
			key += "#" + nameOf(*d)
		}
		keys[d.Key], d.Key = key, key
	}
	for _, d := range drafts {
		for _, names := range [][]string{d.Originals, d.Translations} {
			for i, name := range names {
				if key, here := keys[name]; here {
					names[i] = key
				}
			}
		}
		if len(d.Links) == 0 {
			d.Links = []library.Link{{URL: address}}
		}
		w.batch.Records = append(w.batch.Records, Record{Draft: d})
	}
	return nil
}

// nameOf gives the name of a work among those of its page.
func nameOf(d format.Draft) string {
	if d.Key != "" {
		return d.Key
	}
	title, _ := d.Titles.In()
	return title
}
