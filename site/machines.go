package site

import (
	"encoding/json"
	"net/http"
	"strings"

	"waymark/catalogue"
	"waymark/describe"
	"waymark/library"
	"waymark/serve"
)

// machines is what the head of a page says of one publication.
type machines struct {
	Schema     json.RawMessage // JSON-LD
	Names      []describe.Tag  // meta elements by name
	Properties []describe.Tag  // and by property
	Locale     string          // of Open Graph: "en"
	Forms      []describe.Form
	Address    string
}

// machines tells machines of the publication what the page tells readers, in its
// head and in the Link field of the answer.
func (s *Site) machines(w http.ResponseWriter, r *http.Request, p *resourcePage, rec catalogue.Record) error {
	if err := s.Catalogue.Related(r.Context(), serve.Viewer(r), []catalogue.Record{rec}); err != nil {
		return err
	}
	work := s.work(r, p.L, rec)
	schema, err := work.SchemaOrg()
	if err != nil {
		return err
	}
	p.Neutral = work.Address()
	p.Machines = &machines{Schema: schema, Names: append(work.Highwire(), work.DublinCore()...), Properties: work.OpenGraph(p.Lead),
		Locale: p.L.Tag, Forms: described(), Address: work.Address()}
	s.signpost(w, work)
	return nil
}

// Zotero gives the name under which unAPI knows a publication of a list.
func (c card) Zotero() library.ID {
	return library.ID(c.URL[strings.LastIndexByte(c.URL, '/')+1:])
}
