package app

import (
	"time"

	"waymark/locale"
	"waymark/notice"
)

// notifier tells persons by e-mail what became of records.
func (h *house) notifier(url string) (*notice.Notifier, error) {
	messages, err := locale.Load()
	if err != nil {
		return nil, err
	}
	return &notice.Notifier{Library: h.store, Kept: h.store, Wishes: h.store, Porter: h.porter, Locale: messages, URL: url, Now: time.Now, Entropy: entropy()}, nil
}
