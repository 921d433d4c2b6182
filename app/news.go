package app

import (
	"time"

	"waymark/locale"
	"waymark/news"
)

// notifier tells persons by e-mail what became of records.
func (h *house) notifier(url string) (*news.Notifier, error) {
	messages, err := locale.Load()
	if err != nil {
		return nil, err
	}
	return &news.Notifier{Library: h.store, Kept: h.store, Wishes: h.store, Porter: h.porter, Locale: messages, URL: url, Now: time.Now, Entropy: entropy()}, nil
}
