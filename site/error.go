package site

import (
	"errors"
	"net/http"
	"strings"

	"waymark/access"
	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
)

// errorPage is pages/error.html: what happened, in the reader's words, and
// the ways on.
type errorPage struct {
	frame
	Heading string
	Text    string
	Part    string // the part of the address at fault
	Back    link   // the nearest page that there is
	Box     searchBox
	Topics  []link
}

func asError(err error) (*library.Error, bool) { return errors.AsType[*library.Error](err) }

// showError writes the page of an error. Of the causes a reader sees only
// what Invalid says of the reader's own address.
func (s *Site) showError(w http.ResponseWriter, r *http.Request, l *locale.Language, err error, status int) {
	p := s.errorFrame(r, l)
	kind := string(library.KindOf(err))
	p.Heading, p.Text = l.T("error."+kind), ""
	switch e, _ := asError(err); {
	case errors.Is(err, access.ErrTooMany):
		p.Heading = l.T("signin.many")
	case errors.Is(err, access.ErrRefused):
		p.Heading = l.T("error.forbidden")
	case e != nil && e.Key != "":
		p.Heading = l.T(e.Key)
		status = http.StatusMethodNotAllowed
	case library.KindOf(err) == library.Invalid:
		p.Text = l.T("error.invalid.text")
		p.Part = l.T("field.value", "Field", fieldName(l, e.Field), "Value", strings.Join(r.URL.Query()[e.Field], ", "))
	case library.KindOf(err) == library.Internal:
		p.Text = l.T("error.internal.text", "ID", serve.ID(r.Context()))
	case library.KindOf(err) == library.Busy:
		w.Header().Set("Retry-After", "5")
		p.Text = l.T("error.busy.text")
	case library.KindOf(err) == library.NotFound, library.KindOf(err) == library.Gone:
		p.Text = l.T("error." + kind + ".text")
	}
	if e, _ := asError(err); e != nil && e.Why != "" {
		p.Text += " " + l.T("error.gone.why", "Why", e.Why)
	}
	p.Title = p.Heading
	s.showOrPlain(w, r, status, p)
}

// showBeyond answers a page past the end of a list, with the way to its end.
func (s *Site) showBeyond(w http.ResponseWriter, r *http.Request, l *locale.Language, number, last int, at func(int) string) error {
	p := s.errorFrame(r, l)
	p.Heading = l.T("pages.beyond", "Number", l.Number(number))
	p.Title = p.Heading
	p.Text = l.T("pages.beyond.text", "Last", l.Number(last))
	if last == search.MaxPage {
		p.Text = l.T("search.deep", "Count", l.Number(search.MaxPage*search.PageSize))
	}
	p.Back = link{Label: l.T("pages.beyond.last"), URL: p.URL(at(last))}
	s.showOrPlain(w, r, http.StatusNotFound, p)
	return nil
}

// errorFrame begins an error's page: it leads to the topics, and in other
// languages to the home page, since the page itself is nowhere.
func (s *Site) errorFrame(r *http.Request, l *locale.Language) errorPage {
	p := errorPage{frame: s.frame(r, l, "", "/")}
	p.Canonical, p.NoIndex, p.NoBox = "", true, true
	p.Box = searchBox{L: l, Action: p.URL("/search"), Label: l.T("error.search"), Whole: true}
	if a, err := s.Searcher.Find(r.Context(), serve.Viewer(r), publications(), l.Tag); err == nil {
		p.Topics = head(p.valueLinks(library.FieldTopic, a.Facets[library.FieldTopic]), homeTopics)
	}
	return p
}

// showOrPlain shows the page of an error; when that fails too, a line of text.
func (s *Site) showOrPlain(w http.ResponseWriter, r *http.Request, status int, p errorPage) {
	if err := s.show(w, status, "error", p); err != nil {
		serve.Log(r, err)
		http.Error(w, p.Heading, status)
	}
}

// fieldName names a parameter of an address for a reader.
func fieldName(l *locale.Language, field string) string {
	switch field {
	case "sort":
		return l.T("search.sort")
	case "page":
		return l.T("pages.label")
	case "at":
		return l.T("field.date")
	case "from", "to":
		return l.T("field.edition")
	case "":
		return l.T("search.label")
	}
	return l.T("field." + field)
}
