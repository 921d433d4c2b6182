package site

import (
	"net/http"

	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// used is how often a record was used, as its page tells it.
type used struct {
	Year, All string
}

// countView counts that the page of a record was viewed. A search within its
// files shows the same page again and is no view of its own.
func (s *Site) countView(r *http.Request, id library.ID) {
	if s.Usage != nil && r.URL.Query().Get("inside") == "" {
		s.Usage.Viewed(r, s.Entrance.From(r), serve.Viewer(r), id)
	}
}

// countDownload counts that a file of a record was sent.
func (s *Site) countDownload(r *http.Request, id library.ID, digest string) {
	if s.Usage != nil {
		s.Usage.Downloaded(r, s.Entrance.From(r), serve.Viewer(r), id, digest)
	}
}

// used tells how often a record was used, to those who are told.
func (s *Site) used(r *http.Request, l *locale.Language, id library.ID) (*used, error) {
	v := serve.Viewer(r)
	if s.Usage == nil || !s.Usage.Told(v) {
		return nil, nil
	}
	year, all, err := s.Usage.Of(r.Context(), v, id)
	if err != nil {
		return nil, err
	}
	tell := func(u library.Usage) string {
		return l.List([]string{l.N("usage.views", u.Views), l.N("usage.downloads", u.Downloads)})
	}
	return &used{tell(year), tell(all)}, nil
}
