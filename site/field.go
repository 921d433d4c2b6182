package site

import (
	"waymark/library"
	"waymark/serve"
)

// section is the word of a facet field's pages in an address.
func section(f library.Field) string { return serve.Section(f) }

// menu gives the fields of the main menu, the most asked for first.
func menu() []library.Field {
	return []library.Field{library.FieldTopic, library.FieldCountry, library.FieldRegion, library.FieldCategory,
		library.FieldAuthor, library.FieldYear, library.FieldLanguage}
}
