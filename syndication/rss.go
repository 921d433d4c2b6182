package syndication

import (
	"encoding/xml"
	"html"
	"time"
)

// The elements of RSS 2.0, with the author of Dublin Core, since RSS has only
// addresses of mail for authors, and the link of Atom to the feed itself.
type (
	rssFeed struct {
		XMLName xml.Name   `xml:"rss"`
		Version string     `xml:"version,attr"`
		DC      string     `xml:"xmlns:dc,attr"`
		Atom    string     `xml:"xmlns:atom,attr"`
		Channel rssChannel `xml:"channel"`
	}
	rssChannel struct {
		Title       string    `xml:"title"`
		Link        string    `xml:"link"`
		Description string    `xml:"description"`
		Language    string    `xml:"language"`
		Built       string    `xml:"lastBuildDate"`
		Generator   string    `xml:"generator"`
		Links       []rssLink `xml:"atom:link"`
		Items       []rssItem `xml:"item"`
	}
	rssLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	rssItem struct {
		Title       string        `xml:"title"`
		Link        string        `xml:"link"`
		Description string        `xml:"description,omitempty"` // HTML
		Creators    []string      `xml:"dc:creator"`
		Categories  []string      `xml:"category"`
		Enclosure   *rssEnclosure `xml:"enclosure"`
		GUID        rssGUID       `xml:"guid"`
		Published   string        `xml:"pubDate"`
	}
	rssEnclosure struct {
		URL    string `xml:"url,attr"`
		Length int64  `xml:"length,attr"`
		Type   string `xml:"type,attr"`
	}
	rssGUID struct {
		Permanent string `xml:"isPermaLink,attr"`
		Text      string `xml:",chardata"`
	}
)

func rss(c channel) ([]byte, error) {
	f := rssFeed{Version: "2.0", DC: "http://purl.org/dc/elements/1.1/", Atom: "http://www.w3.org/2005/Atom",
		Channel: rssChannel{Title: c.Title, Link: c.Page, Description: c.L.T("site.tagline"), Language: c.L.Tag, Built: rfc822(c.Updated),
			Generator: "Waymark", Links: []rssLink{{"self", "application/rss+xml", c.Self}}}}
	if c.Hub != "" {
		f.Channel.Links = append(f.Channel.Links, rssLink{Rel: "hub", Href: c.Hub})
	}
	for _, e := range c.Entries {
		item := rssItem{Title: e.Title.Text, Link: e.Page, Description: html.EscapeString(e.Summary.Text), Creators: e.Authors,
			GUID: rssGUID{"true", e.ID}, Published: rfc822(e.Created)}
		for _, t := range e.Tags {
			item.Categories = append(item.Categories, t.Label)
		}
		if len(e.Files) > 0 { // an item has one
			item.Enclosure = &rssEnclosure{e.Files[0].URL, e.Files[0].Size, e.Files[0].Type}
		}
		f.Channel.Items = append(f.Channel.Items, item)
	}
	return marshal(f)
}

// rfc822 writes a time as RSS wants it, with a year of four digits.
func rfc822(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
}
