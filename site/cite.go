package site

import (
	"html/template"
	"net/http"
	"strings"

	"waymark/catalogue"
	"waymark/cite"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// citePage is pages/cite.html: a publication cited in every style, and its
// record for other programs.
type citePage struct {
	frame
	Record  link
	Heading text // title of the publication
	Styles  []styled
	Exports []link
	Address string
	Keep    link
}

// styled is a citation in a style.
type styled struct {
	Name, Label string
	HTML        template.HTML
	Text        string
}

func (s *Site) cite(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	id := library.ID(r.PathValue("id"))
	if upper := library.ID(strings.ToUpper(string(id))); upper != id && upper.Valid() {
		return &library.Error{Kind: library.Moved, To: upper}
	}
	rec, err := s.Catalogue.Record(r.Context(), serve.Viewer(r), id)
	if err != nil {
		return err
	}
	title, lang := rec.Title(l.Tag)
	path := "/r/" + string(rec.ID)
	p := citePage{frame: s.frame(r, l, l.T("cite.title", "Title", title), path+"/cite"), Heading: plain(title, lang),
		Exports: exports(path, ""), Address: s.origin(r) + path}
	p.Record = link{Label: title, URL: p.URL(path)}
	p.NoIndex = true
	p.Keep = keep(r, l, rec.ID)
	for _, style := range cite.Styles() {
		p.Styles = append(p.Styles, s.styled(r, l, rec, style))
	}
	return s.show(w, http.StatusOK, "cite", p)
}

// styled cites a record. A work without an address of its own is cited at that
// of the library.
func (s *Site) styled(r *http.Request, l *locale.Language, rec catalogue.Record, style cite.Style) styled {
	today := library.Date(s.Now().UTC().Format("2006-01-02"))
	c := style.Cite(catalogue.Citation(rec, l.Tag, s.origin(r)+"/r/"+string(rec.ID), today), l.Tag)
	return styled{style.Name, style.Label, template.HTML(c.HTML()), c.Text()} // made safe by the package cite
}
