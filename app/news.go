package app

import (
	"time"

	"waymark/news"
)

// notifier tells persons by e-mail what became of records.
func (h *house) notifier(url string) *news.Notifier {
	return &news.Notifier{Library: h.store, Kept: h.store, Wishes: h.store, Porter: h.porter, Locale: h.messages, URL: url, Now: time.Now, Entropy: entropy()}
}
