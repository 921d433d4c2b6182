package locale

import "waymark/library"

// Own puts words of the library itself in the place of some messages, by their
// keys, in every language: a text that lacks a language is given in English or
// another that it has. It replaces what an earlier call put, and may be called
// while pages are written.
func (c *Catalog) Own(words map[string]library.Text) {
	for _, l := range c.languages {
		own := map[string]string{}
		for key, text := range words {
			if s, _ := text.In(l.Tag); s != "" {
				own[key] = s
			}
		}
		l.own.Store(&own)
	}
}
