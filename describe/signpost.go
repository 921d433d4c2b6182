package describe

import (
	"encoding/json"
	"fmt"
	"mime"
	"strings"
)

// Form is a form in which the record itself is given: the end of its address,
// with the dot, and its media type.
type Form struct{ Extension, Type string }

// Link is a typed link (RFC 8288) from one address to another.
type Link struct {
	Anchor, Rel, Href string
	Type              string // of what it leads to, where it is known
}

// LinksetType is the media type of a set of links (RFC 9264, section 4.2).
const LinksetType = "application/linkset+json"

// Linkset gives the address of the record's set of links.
func (w Work) Linkset() string { return w.Address() + "/linkset.json" }

// Signposts gives the links by which a robot finds its way on the page of a
// record (https://signposting.org/FAIR/): what to cite, who wrote it, of what
// kind it is, under which licence, where its files are and where it is described.
func (w Work) Signposts(forms []Form) []Link {
	at := w.Address()
	links := []Link{{Anchor: at, Rel: "cite-as", Href: w.Cite()}, {Anchor: at, Rel: "type", Href: "https://schema.org/AboutPage"},
		{Anchor: at, Rel: "type", Href: "https://schema.org/" + w.SchemaType()}}
	for _, a := range w.Named(w.Creators()) {
		if same := agentAddresses(a); len(same) > 0 {
			links = append(links, Link{Anchor: at, Rel: "author", Href: same[0]})
		}
	}
	if licence := w.licence(); licence != "" {
		links = append(links, Link{Anchor: at, Rel: "license", Href: licence})
	}
	for _, f := range w.open() {
		links = append(links, Link{Anchor: at, Rel: "item", Href: w.file(f), Type: f.Type})
	}
	for _, f := range forms {
		links = append(links, Link{Anchor: at, Rel: "describedby", Href: at + f.Extension, Type: f.Type})
	}
	return append(links, Link{Anchor: at, Rel: "linkset", Href: w.Linkset(), Type: LinksetType})
}

// BackLinks gives the links from the files and descriptions of a record to its
// page.
func (w Work) BackLinks(forms []Form) []Link {
	var links []Link
	for _, f := range w.open() {
		links = append(links, Link{Anchor: w.file(f), Rel: "collection", Href: w.Address(), Type: "text/html"})
	}
	for _, f := range forms {
		links = append(links, Link{Anchor: w.Address() + f.Extension, Rel: "describes", Href: w.Address(), Type: "text/html"})
	}
	return links
}

// maxHeader is how many links a field names; a record with more files names
// those in its set alone.
const maxHeader = 60

// Header writes links as the Link field of an answer about their anchor.
func Header(links []Link) string {
	var parts []string
	for _, l := range links {
		if l.Rel == "item" && len(links) > maxHeader {
			continue
		}
		s := "<" + target(l.Href) + `>; rel="` + l.Rel + `"`
		if l.Type != "" {
			s += `; type="` + l.Type + `"`
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, ", ")
}

// target takes what cannot stand between the signs of a link out of an address.
func target(href string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == '<' || r == '>' || r == '"' || r > '~' {
			return -1
		}
		return r
	}, href)
}

// Set writes links as a set of links in JSON: one context for each anchor.
func Set(links []Link) ([]byte, error) {
	type place map[string]string
	var contexts []map[string]any
	byAnchor := map[string]map[string]any{}
	for _, l := range links {
		context := byAnchor[l.Anchor]
		if context == nil {
			context = map[string]any{"anchor": l.Anchor}
			byAnchor[l.Anchor] = context
			contexts = append(contexts, context)
		}
		to := place{"href": l.Href}
		if kind, _, err := mime.ParseMediaType(l.Type); err == nil {
			to["type"] = kind
		}
		places, _ := context[l.Rel].([]place)
		context[l.Rel] = append(places, to)
	}
	b, err := json.Marshal(map[string]any{"linkset": contexts})
	if err != nil {
		return nil, fmt.Errorf("write a set of links: %w", err)
	}
	return b, nil
}
