package site

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
)

// guideFile answers a guide as a file to keep: an e-book, or pages for reading
// without a line. It is made of what the reader may see.
func (s *Site) guideFile(kind, ending string, write func(*guide.Book, io.Writer) error) handler {
	return func(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
		o, _, err := s.openGuide(r, l)
		if err != nil {
			return err
		}
		lang := textLanguage(o, l.Tag)
		if asked := r.URL.Query().Get("lang"); asked != "" {
			lang = textLanguage(o, asked)
		}
		words, ok := s.Locale.Language(lang)
		if !ok {
			words = l
		}
		book, err := s.Guides.Book(r.Context(), o, lang, s.origin(r), BookWords(words, o))
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := write(book, &b); err != nil {
			return err
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Disposition", `attachment; filename="`+o.Slug+"-"+lang+ending+`"`)
		w.Header().Set("Cache-Control", "no-cache")
		if _, err := b.WriteTo(w); err != nil {
			return nil // the reader has gone
		}
		return nil
	}
}

// Prints are the editions of guides that are printed as PDF. Printed tells
// whether there is one of an edition, Open gives it or answers NotFound; both
// are of what everyone may read.
type Prints interface {
	Printed(e *library.Edition, lang string) bool
	Open(ctx context.Context, slug string, number int, lang string) (io.ReadSeekCloser, error)
}

// guidePDF answers the print of an edition.
func (s *Site) guidePDF(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if s.Prints == nil {
		return library.Errorf(library.NotFound, "guides are not printed here")
	}
	o, _, err := s.openGuide(r, l)
	if err != nil {
		return err
	}
	if o.Edition == nil {
		return library.Errorf(library.NotFound, "only editions are printed")
	}
	lang := textLanguage(o, r.URL.Query().Get("lang"))
	f, err := s.Prints.Open(r.Context(), o.Slug, o.Edition.Number, lang)
	if err != nil {
		return err
	}
	defer f.Close()
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `attachment; filename="`+o.Slug+"-"+strconv.Itoa(o.Edition.Number)+"-"+lang+`.pdf"`)
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// prints gives the links to what is printed of a guide: of the edition that is
// shown, or the last.
func (s *Site) prints(p *guidePage) {
	o, e := p.opened, p.opened.Edition
	if s.Prints == nil || o.When.Past() && e == nil || e == nil && len(o.Editions) == 0 {
		return
	}
	if e == nil {
		e = o.Editions[0]
	}
	lang := textLanguage(o, p.L.Tag)
	if s.Prints.Printed(e, lang) {
		label := p.L.T("guide.pdf", "Edition", p.L.Number(e.Number))
		p.Files = append(p.Files, link{Label: label, URL: p.URL("/guides/" + o.Slug + "/-/guide.pdf?edition=" + strconv.Itoa(e.Number) + "&lang=" + lang)})
	}
}

// BookWords gives the words around a guide in its language.
func BookWords(l *locale.Language, o *guide.Opened) guide.BookWords {
	state := l.T("guide.book.day", "Date", l.Date(o.Day()))
	if o.Edition != nil {
		state = l.T("guide.edition", "Number", l.Number(o.Edition.Number), "Date", l.Date(o.Edition.Date))
	}
	return guide.BookWords{Contents: l.T("guide.contents"), State: state, Site: l.T("site.name"), Warning: l.T("guide.kind.warning"),
		Made: l.T("guide.book.made", "Date", l.Date(o.Day())), Example: l.T("guide.example"), Behind: l.T("guide.behind"),
		Overdue: l.T("guide.book.overdue"), Untranslated: l.T("guide.book.untranslated"), Day: l.Day, Updated: func(day string) string { return l.T("guide.updated", "Date", day) }}
}
