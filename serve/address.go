package serve

import (
	"net/http"
	"strings"

	"waymark/library"
)

// Origin gives scheme and host of the library's public address; where none is
// set, those of the request.
func Origin(public string, r *http.Request) string {
	if public != "" {
		return strings.TrimSuffix(public, "/")
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// Section is the word of a facet field's pages in an address.
func Section(f library.Field) string {
	switch f {
	case library.FieldCountry:
		return "countries"
	case library.FieldRegion:
		return "regions"
	case library.FieldTopic:
		return "topics"
	case library.FieldCategory:
		return "categories"
	case library.FieldLanguage:
		return "languages"
	case library.FieldAuthor:
		return "authors"
	case library.FieldHeld:
		return "held"
	}
	return "years"
}

// Followed are the fields of whose values each has a feed.
func Followed() []library.Field {
	return []library.Field{library.FieldTopic, library.FieldCountry, library.FieldRegion, library.FieldAuthor, library.FieldCategory, library.FieldLanguage}
}
