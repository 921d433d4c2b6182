package syndication

import (
	"encoding/xml"
	"fmt"
	"time"
)

// The elements of RFC 4287.
type (
	atomFeed struct {
		XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang      string      `xml:"xml:lang,attr"`
		ID        string      `xml:"id"`
		Title     string      `xml:"title"`
		Subtitle  string      `xml:"subtitle"`
		Updated   string      `xml:"updated"`
		Author    atomPerson  `xml:"author"` // for entries that have none
		Links     []atomLink  `xml:"link"`
		Generator string      `xml:"generator"`
		Entries   []atomEntry `xml:"entry"`
	}
	atomEntry struct {
		ID         string         `xml:"id"`
		Title      atomText       `xml:"title"`
		Updated    string         `xml:"updated"`
		Published  string         `xml:"published"`
		Authors    []atomPerson   `xml:"author"`
		Links      []atomLink     `xml:"link"`
		Categories []atomCategory `xml:"category"`
		Summary    *atomText      `xml:"summary"`
	}
	atomText struct {
		Lang string `xml:"xml:lang,attr,omitempty"`
		Text string `xml:",chardata"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomCategory struct {
		Term  string `xml:"term,attr"`
		Label string `xml:"label,attr"`
	}
	atomLink struct {
		Rel      string `xml:"rel,attr"`
		Type     string `xml:"type,attr,omitempty"`
		HrefLang string `xml:"hreflang,attr,omitempty"`
		Href     string `xml:"href,attr"`
		Length   int64  `xml:"length,attr,omitempty"`
	}
)

func atom(c channel) ([]byte, error) {
	f := atomFeed{Lang: c.L.Tag, ID: c.Self, Title: c.Title, Subtitle: c.L.T("site.tagline"), Updated: rfc3339(c.Updated),
		Author: atomPerson{c.L.T("site.name")}, Generator: "Waymark",
		Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: c.Self}, {Rel: "alternate", Type: "text/html", HrefLang: c.L.Tag, Href: c.Page}}}
	if c.Hub != "" {
		f.Links = append(f.Links, atomLink{Rel: "hub", Href: c.Hub})
	}
	for _, e := range c.Entries {
		a := atomEntry{ID: e.ID, Title: atomText{e.Title.Lang, e.Title.Text}, Updated: rfc3339(e.Updated), Published: rfc3339(e.Created),
			Links: []atomLink{{Rel: "alternate", Type: "text/html", HrefLang: c.L.Tag, Href: e.Page}}}
		if e.Summary.Text != "" {
			a.Summary = &atomText{e.Summary.Lang, e.Summary.Text}
		}
		for _, name := range e.Authors {
			a.Authors = append(a.Authors, atomPerson{name})
		}
		for _, t := range e.Tags {
			a.Categories = append(a.Categories, atomCategory{t.Code, t.Label})
		}
		for _, file := range e.Files {
			a.Links = append(a.Links, atomLink{Rel: "enclosure", Type: file.Type, Href: file.URL, Length: file.Size})
		}
		f.Entries = append(f.Entries, a)
	}
	return marshal(f)
}

// rfc3339 writes a time in UTC with seconds; a feed without entries is of 1970,
// since it must be of some time and may not change with the clock.
func rfc3339(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format(time.RFC3339)
}

func marshal(v any) ([]byte, error) {
	b, err := xml.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write a feed: %w", err)
	}
	return append(append([]byte(xml.Header), b...), '\n'), nil
}
