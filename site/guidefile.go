package site

import (
	"bytes"
	"io"
	"net/http"

	"waymark/guide"
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
