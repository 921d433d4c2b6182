package library

import (
	"maps"
	"slices"
)

// Text is one string in several languages, keyed by BCP 47 tag. The tag "und"
// stands for a language that nobody has named yet.
type Text map[string]string

// Undetermined is the BCP 47 tag of a text whose language is not known.
const Undetermined = "und"

// In gives the text in the first of the languages that it has, else in
// English, else in the first by tag; with it comes the tag of the text given.
func (t Text) In(langs ...string) (text, lang string) {
	for _, l := range langs {
		if s := t[l]; s != "" {
			return s, l
		}
	}
	if s := t["en"]; s != "" {
		return s, "en"
	}
	for _, l := range t.Languages() {
		return t[l], l
	}
	return "", ""
}

// Languages gives the tags of the text, sorted.
func (t Text) Languages() []string {
	return slices.Sorted(maps.Keys(t))
}
