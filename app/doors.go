package app

import (
	"time"

	"waymark/locale"
	"waymark/oai/provider"
	"waymark/serve"
	"waymark/syndication"
)

// doors gives every door under one roof: the pages, and those for machines.
func (h *house) doors(cfg *Config, demo bool) (*serve.Router, error) {
	site, err := h.pages(cfg.URL, demo)
	if err != nil {
		return nil, err
	}
	pages, err := site.Handler()
	if err != nil {
		return nil, err
	}
	english, _ := h.messages.Language(locale.Default)
	api := h.api(cfg.URL)
	programs, err := api.Handler()
	if err != nil {
		return nil, err
	}
	mux := &serve.Router{}
	mux.Mount("/", pages, site.Patterns())
	mux.Mount("/api/", programs, api.Patterns())
	mux.Handle(provider.Path, (&provider.Provider{Notices: h.store, Catalogue: h.catalogue, Vocabularies: h.vocabularies,
		Now: time.Now, Name: english.T("site.name"), Email: cfg.Email, URL: cfg.URL}).Handler())
	(&syndication.Feeds{Catalogue: h.catalogue, Searcher: h.searcher, Vocabularies: h.vocabularies, Locale: h.messages, Hub: cfg.Hub, URL: cfg.URL}).Register(mux)
	return mux, nil
}
