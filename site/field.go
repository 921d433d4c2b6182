package site

import "waymark/library"

// section is the word of a facet field's pages in an address.
func section(f library.Field) string {
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

// menu gives the fields of the main menu, the most asked for first.
func menu() []library.Field {
	return []library.Field{library.FieldTopic, library.FieldCountry, library.FieldRegion, library.FieldCategory,
		library.FieldAuthor, library.FieldYear, library.FieldLanguage}
}
