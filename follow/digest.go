package follow

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/access"
	"waymark/catalogue"
	"waymark/library"
	"waymark/locale"
	"waymark/search"
)

//go:embed pages/letter.html
var pages embed.FS

// letterPage is the page of a letter. It asks for nothing from anywhere.
var letterPage = template.Must(template.ParseFS(pages, "pages/letter.html"))

const (
	// shown is how many records a letter names; it leads to the others.
	shown = 2 * search.PageSize
	// newest bounds how many new records are looked through for one letter.
	newest = 100_000
)

// news is what a letter says.
type news struct {
	L      *locale.Language
	Search string // what is followed
	Total  int
	Items  []item
	More   int

	All, Manage, Stop string // addresses
}

// item is a record in a letter.
type item struct {
	Title, Lang, Dir string
	By               string // authors and date
	URL              string
}

// write makes the digest of what came to be seen by everyone between what was
// told last and an edit, and answers the search. Total is 0 when nothing does.
func (o *Office) write(ctx context.Context, f library.Follow, upTo int64, appeared []library.ID) (news, error) {
	l, ok := o.Locale.Language(f.Language)
	if !ok {
		l, _ = o.Locale.Language(locale.Default)
	}
	d := news{L: l}
	values, err := url.ParseQuery(f.Query)
	if err != nil {
		return d, library.Errorf(library.Invalid, "read the query that is followed: %w", err)
	}
	q, err := search.Parse(values)
	if err != nil || len(appeared) == 0 {
		return d, err
	}
	q.Among = appeared
	var found []library.ID
	for page := 1; page <= shown/search.PageSize; page++ {
		a, err := o.Searcher.Find(ctx, anyone, q.By(search.Added).At(page), l.Tag)
		if err != nil {
			return d, fmt.Errorf("look for what is new: %w", err)
		}
		if a.Corrected || a.Total == 0 { // what answers other words was not asked for
			return d, nil
		}
		d.Total, d.Search = a.Total, describe(l, a, true)
		for _, h := range a.Hits {
			found = append(found, h.ID)
		}
		if a.Total <= page*search.PageSize {
			break
		}
	}
	records, err := o.Catalogue.Records(ctx, anyone, found)
	if err != nil {
		return d, err
	}
	records = slices.DeleteFunc(records, func(r catalogue.Record) bool { return r.Locked })
	d.Total -= len(found) - len(records) // hidden since the index was asked
	d.More = d.Total - len(records)
	for _, r := range records {
		d.Items = append(d.Items, o.item(l, r))
	}
	return d, o.links(ctx, &d, f, q)
}

func (o *Office) item(l *locale.Language, r catalogue.Record) item {
	it := item{URL: o.URL + "/" + l.Tag + "/r/" + string(r.ID)}
	it.Title, it.Lang = r.Title(l.Tag)
	it.Dir = locale.Direction(it.Lang)
	var by []string
	for _, a := range r.Named(r.Creators()) {
		by = append(by, a.Label(l.Tag))
	}
	if date := l.Date(r.Date); date != "" {
		by = append(by, date)
	}
	it.By = l.List(by)
	return it
}

func (o *Office) links(ctx context.Context, d *news, f library.Follow, q search.Query) error {
	key, err := o.sign(ctx, f.ID)
	if err != nil {
		return err
	}
	d.All = o.URL + "/" + d.L.Tag + "/search"
	if s := q.By(search.Added).Encode(); s != "" {
		d.All += "?" + s
	}
	d.Manage = o.URL + "/" + d.L.Tag + "/follow/manage?" + url.Values{"key": {key}}.Encode()
	d.Stop = o.URL + "/follow/stop?" + url.Values{"key": {key}}.Encode()
	return nil
}

// letter writes a digest. A letter that has to be sent again for the same edits
// has the same ID, so that mail programs can tell.
func (d news) letter(f library.Follow, upTo int64) (access.Letter, error) {
	var page strings.Builder
	if err := letterPage.Execute(&page, d); err != nil {
		return access.Letter{}, fmt.Errorf("write a letter: %w", err)
	}
	return access.Letter{To: f.Address, Subject: d.L.N("follow.digest.subject", d.Total, "Search", d.Search),
		Text: d.text(), HTML: page.String(), Unsubscribe: d.Stop, ID: string(f.ID) + "." + strconv.FormatInt(upTo, 10)}, nil
}

// Lead says what the letter tells.
func (d news) Lead() string { return d.L.N("follow.digest.lead", d.Total) }

// Rest says how many records are not named.
func (d news) Rest() string { return d.L.N("follow.digest.more", d.More) }

// Why says why the letter came.
func (d news) Why() string { return d.L.T("follow.digest.why", "Site", d.L.T("site.name")) }

// turned has a line begin on the reader's side whatever word comes first.
func turned(l *locale.Language, line string) string {
	if l.Dir == "rtl" && line != "" {
		return "\u200f" + line // RIGHT-TO-LEFT MARK
	}
	return line
}

// text writes the letter without marks.
func (d news) text() string {
	var b strings.Builder
	put := func(lines ...string) {
		for _, line := range lines {
			if line != "" {
				b.WriteString(line + "\n")
			}
		}
		b.WriteString("\n")
	}
	put(d.Lead(), turned(d.L, d.Search))
	for _, it := range d.Items {
		put(it.Title, turned(d.L, it.By), it.URL)
	}
	if d.More > 0 {
		put(d.Rest())
	}
	put(d.L.T("follow.digest.all"), d.All)
	b.WriteString("-- \n") // RFC 3676, section 4.3
	put(d.Why())
	put(d.L.T("follow.digest.change"), d.Manage)
	put(d.L.T("follow.stop"), d.Stop)
	return strings.TrimRight(b.String(), "\n") + "\n"
}
