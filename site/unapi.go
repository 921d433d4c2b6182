package site

import (
	"encoding/xml"
	"net/http"
	"strings"

	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// unapi answers unAPI (version 1, 2006), by which Zotero takes publications from
// a list: the forms there are, those of a record, and the record in one of them.
func (s *Site) unapi(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	q := r.URL.Query()
	id, name := library.ID(strings.ToUpper(q.Get("id"))), q.Get("format")
	if id == "" {
		return unapiForms(w, "", http.StatusOK)
	}
	if name == "" {
		if _, err := s.Catalogue.Record(r.Context(), serve.Viewer(r), id); err != nil {
			return err
		}
		return unapiForms(w, string(id), http.StatusMultipleChoices)
	}
	for _, f := range representations() {
		if f.Unapi == name {
			return s.exchange(w, r, l, id, f)
		}
	}
	http.Error(w, "records are not given in this form", http.StatusNotAcceptable)
	return nil
}

func unapiForms(w http.ResponseWriter, id string, status int) error {
	type one struct {
		Name string `xml:"name,attr"`
		Type string `xml:"type,attr"`
		Docs string `xml:"docs,attr,omitempty"`
	}
	list := struct {
		XMLName xml.Name `xml:"formats"`
		ID      string   `xml:"id,attr,omitempty"`
		Forms   []one    `xml:"format"`
	}{ID: id}
	for _, f := range representations() {
		if f.Unapi != "" {
			list.Forms = append(list.Forms, one{f.Unapi, f.Type, f.Schema})
		}
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	return writeXML(w, status, list)
}
