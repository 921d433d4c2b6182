package app

import (
	"net/http"
	"time"

	"waymark/locale"
	"waymark/oai/provider"
	"waymark/syndication"
)

// doors gives every door under one roof: the pages, and those for machines.
func (h *house) doors(cfg *Config, demo bool) (http.Handler, error) {
	pages, err := h.site(cfg.URL, demo)
	if err != nil {
		return nil, err
	}
	messages, err := locale.Load()
	if err != nil {
		return nil, err
	}
	english, _ := messages.Language(locale.Default)
	programs, err := h.api(cfg.URL).Handler()
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	mux.Handle("/api/", programs)
	mux.Handle(provider.Path, (&provider.Provider{Notices: h.store, Catalogue: h.catalogue, Vocabularies: h.vocabularies,
		Now: time.Now, Name: english.T("site.name"), Email: cfg.Email, URL: cfg.URL}).Handler())
	(&syndication.Feeds{Catalogue: h.catalogue, Searcher: h.searcher, Vocabularies: h.vocabularies, Locale: messages, Hub: cfg.Hub, URL: cfg.URL}).Register(mux)
	return mux, nil
}
