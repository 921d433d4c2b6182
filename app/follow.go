package app

import (
	"strings"
	"time"

	"waymark/follow"
	"waymark/locale"
)

// office gives the one that writes to those who follow a search; nil where no
// letters are sent.
func (h *house) office(messages *locale.Catalog, url string) *follow.Office {
	if h.porter.Letters == nil {
		return nil
	}
	follows := h.store.Follows()
	return &follow.Office{Kept: follows, Queue: follows, Pending: h.porter.Kept.Pending, Poster: h.porter, Letters: h.porter.Letters,
		News: h.store, Searcher: h.searcher, Catalogue: h.catalogue, Locale: messages, URL: strings.TrimSuffix(url, "/"),
		Now: func() time.Time { return h.porter.Now() }, Entropy: entropy()}
}
