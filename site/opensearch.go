package site

import (
	"encoding/xml"
	"net/http"

	"waymark/locale"
)

// opensearch answers how browsers and other programs search the library
// (OpenSearch 1.1, draft 6).
func (s *Site) opensearch(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	type address struct {
		Type     string `xml:"type,attr"`
		Rel      string `xml:"rel,attr,omitempty"`
		Template string `xml:"template,attr"`
		Pages    int    `xml:"pageOffset,attr,omitempty"`
	}
	type image struct {
		Type string `xml:"type,attr"`
		Text string `xml:",chardata"`
	}
	base := s.origin(r) + "/" + l.Tag
	d := struct {
		XMLName     xml.Name  `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
		Name        string    `xml:"ShortName"`
		Description string    `xml:"Description"`
		Addresses   []address `xml:"Url"`
		Image       image     `xml:"Image"`
		Language    string    `xml:"Language"`
		In          string    `xml:"InputEncoding"`
		Out         string    `xml:"OutputEncoding"`
	}{Name: l.T("site.name"), Description: l.T("site.tagline"), Language: l.Tag, In: "UTF-8", Out: "UTF-8",
		Image: image{"image/svg+xml", s.origin(r) + s.assets.path("icon.svg")},
		Addresses: []address{
			{Type: "text/html", Template: base + "/search?q={searchTerms}&page={startPage?}", Pages: 1},
			{Type: "application/atom+xml", Template: base + "/search.atom?q={searchTerms}"},
			{Type: "application/rss+xml", Template: base + "/search.rss?q={searchTerms}"},
			{Type: "application/opensearchdescription+xml", Rel: "self", Template: base + "/opensearch.xml"},
		}}
	w.Header().Set("Content-Type", "application/opensearchdescription+xml")
	w.Header().Set("Cache-Control", "max-age=86400")
	return writeXML(w, http.StatusOK, d)
}
