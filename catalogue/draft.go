package catalogue

import (
	"waymark/format"
	"waymark/library"
	"waymark/vocabulary"
)

// Draft gives a record as it is written to be exchanged: names in English for
// codes, languages by their tags. Files are not in it.
func Draft(rec Record, v *vocabulary.Vocabularies) format.Draft {
	names := func(codes []string, list *vocabulary.List) (values []format.Value) {
		for _, code := range codes {
			values = append(values, format.Value{Text: list.Label(code, "en")})
		}
		return values
	}
	agents := func(role library.ContributorRole) (values []format.Value) {
		for _, a := range rec.Named(rec.In(role)) {
			values = append(values, format.Value{Text: a.Label("en")})
		}
		return values
	}
	plain := func(words []string) (values []format.Value) {
		for _, w := range words {
			values = append(values, format.Value{Text: w})
		}
		return values
	}
	one := func(s string) format.Value { return format.Value{Text: s} }
	d := format.Draft{
		ID: rec.ID, Titles: rec.Titles, Abstracts: rec.Abstracts, Authors: agents(library.Author), Editors: agents(library.Editor), Publishers: agents(library.Publisher),
		Countries: names(rec.Countries, v.Countries), Regions: names(rec.Regions, v.Regions), Topics: names(rec.Topics, v.Topics),
		Date: one(string(rec.Date)), Languages: plain(rec.Languages), Identifiers: rec.Identifiers, Links: rec.Links, Relations: rec.Relations,
		Subjects: plain(rec.Subjects), Container: one(rec.Container), Volume: one(rec.Volume), Issue: one(rec.Issue), Pages: one(rec.Pages),
		Edition: one(rec.Edition), Rights: one(rec.Rights),
	}
	if rec.Category != "" {
		d.Category = one(v.Categories.Label(rec.Category, "en"))
	}
	return d
}
