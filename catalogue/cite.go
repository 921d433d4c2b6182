package catalogue

import (
	"slices"
	"strings"

	"waymark/cite"
	"waymark/library"
)

// Citation gives a record as styles cite it for a reader of lang who read it on
// a day. address is where the library keeps the record, for a work that has no
// address of its own.
func Citation(rec Record, lang, address string, accessed library.Date) cite.Item {
	title, original := rec.Original()
	it := cite.Item{Kind: kindOf(rec.Resource), Date: rec.Date, Title: title, Language: original, Container: rec.Container, Volume: rec.Volume,
		Issue: rec.Issue, Pages: rec.Pages, Edition: rec.Edition, Accessed: accessed, URL: address,
		Authors: names(rec, library.Author, lang), Editors: names(rec, library.Editor, lang)}
	if lang != original {
		it.Translated = rec.Titles[lang]
	}
	for _, a := range rec.Named(rec.In(library.Publisher)) {
		it.Publishers = append(it.Publishers, literal(a, lang))
	}
	if len(rec.Links) > 0 {
		it.URL = rec.Links[0].URL
	}
	for _, id := range rec.Identifiers {
		switch id.Scheme {
		case "doi":
			it.DOI = id.Value
		case "un-symbol", "ilo-code", "celex", "cets":
			it.Number = id.Value
		}
	}
	return it
}

// names gives the contributors in a role: organisations whole, persons in the
// parts that a source tells apart, else by the order of their words.
func names(rec Record, role library.ContributorRole, lang string) []cite.Name {
	var out []cite.Name
	for _, a := range rec.Named(rec.In(role)) {
		if a.Type == library.Organisation {
			out = append(out, cite.Name{Literal: literal(a, lang)})
			continue
		}
		name, _ := a.Names.In(lang)
		for _, src := range rec.Sources {
			for _, st := range src.Stated {
				if st.Field != string(role) {
					continue
				}
				if i := slices.IndexFunc(st.Values, func(v string) bool { return parted(v, name) }); i >= 0 {
					name = st.Values[i]
				}
			}
		}
		out = append(out, cite.ParseName(name))
	}
	return out
}

// parted tells whether a source has the same person's name with the family
// name first.
func parted(stated, name string) bool {
	upright, _ := library.NewAgent(stated).Names.In(library.Undetermined)
	return strings.Contains(stated, ", ") && upright == name
}

// literal gives the name of an organisation without its acronym.
func literal(a *library.Agent, lang string) string {
	name, _ := a.Names.In(lang)
	return name
}

// cited are the kinds of works by their category; others are reports.
var cited = map[string]cite.Kind{
	"handbook-or-manual": cite.Book, "toolkit": cite.Book, "training-material": cite.Book, "journal-article": cite.Article,
	"law-or-convention": cite.Law, "data-set": cite.Data, "web-site-or-platform": cite.Web, "video-or-audio": cite.Film,
}

func kindOf(r *library.Resource) cite.Kind {
	kind, ok := cited[r.Category]
	if !ok {
		kind = cite.Report
	}
	has := func(scheme string) bool {
		return slices.ContainsFunc(r.Identifiers, func(id library.Identifier) bool { return id.Scheme == scheme })
	}
	if kind == cite.Article && r.Volume == "" && r.Issue == "" && !has("issn") && (has("isbn") || len(r.In(library.Editor)) > 0) {
		return cite.Chapter
	}
	return kind
}
