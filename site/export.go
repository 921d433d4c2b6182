package site

import (
	"io"
	"net/http"

	"waymark/access"
	"waymark/format"
	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
)

// maxExport is how many records of a search are written; the whole library is
// for the harvesting interfaces and waymark export.
const maxExport = 5000

// exportsAMinute is how many searches one address may export in a minute.
const exportsAMinute = 60

// exports gives the downloads of records in every format that is written;
// before stands in front of the format's name, and query behind.
func exports(before, query string) []link {
	var links []link
	for _, f := range format.Formats() {
		if f.Write != nil {
			links = append(links, link{Label: f.Label, URL: before + "/export/" + f.Name + query})
		}
	}
	return links
}

// written gives the format of an address.
func written(r *http.Request) (format.Format, error) {
	f, err := format.Named(r.PathValue("format"))
	if err != nil || f.Write == nil {
		return f, library.Errorf(library.NotFound, "no records are written as %q", r.PathValue("format"))
	}
	return f, nil
}

// exportRecord answers one record as a file.
func (s *Site) exportRecord(w http.ResponseWriter, r *http.Request, _ *locale.Language) error {
	f, err := written(r)
	if err != nil {
		return err
	}
	rec, err := s.Catalogue.Record(r.Context(), serve.Viewer(r), library.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.export(w, r, f, "waymark-"+string(rec.ID), []library.ID{rec.ID})
}

// exportSearch answers the records that a search finds, the first first.
func (s *Site) exportSearch(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	f, err := written(r)
	if err != nil {
		return err
	}
	q, err := search.Parse(r.URL.Query())
	if err != nil {
		return err
	}
	if !s.exporting.Take(w, r) {
		return access.ErrTooMany
	}
	q = q.With(library.FieldKind, library.KindPublication).At(0)
	q.Size = maxExport
	a, err := s.Searcher.Find(r.Context(), serve.Viewer(r), q, l.Tag)
	if err != nil {
		return err
	}
	return s.export(w, r, f, "waymark-search", ids(a.Hits))
}

// exportReading answers the records of a reading list.
func (s *Site) exportReading(w http.ResponseWriter, r *http.Request, _ *locale.Language) error {
	f, err := written(r)
	if err != nil {
		return err
	}
	records, _, err := s.read(r)
	if err != nil {
		return err
	}
	list := make([]library.ID, len(records))
	for i, rec := range records {
		list[i] = rec.ID
	}
	return s.export(w, r, f, "waymark-list", list)
}

// export answers records in a format.
func (s *Site) export(w http.ResponseWriter, r *http.Request, f format.Format, name string, list []library.ID) error {
	return serve.Download(w, r, name+f.Extension, f.Type, func(out io.Writer) error {
		return s.Catalogue.Export(r.Context(), serve.Viewer(r), list, f.Write(out), s.Vocabularies)
	})
}
