// Package cite writes citations of works in the styles that readers are asked
// for. It knows what a work says of itself (Item) and no record: it is pure.
//
// The styles follow their manuals where a library knows enough to: places of
// publishers and issues of newspapers are not recorded. Titles keep the case
// that they have, since no program can tell a name from a word in six languages.
package cite

import (
	"strings"

	"waymark/library"
)

// Kind sorts works by how styles cite them.
type Kind int

// The kinds of works.
const (
	Book    Kind = iota // a work by itself: book, manual, toolkit
	Report              // the same, with a number of its series
	Article             // in a journal
	Chapter             // in a book
	Law
	Thesis
	Data
	Web
	Film
)

// Item is a work as citations need it. Whatever is not known is empty.
type Item struct {
	Kind       Kind
	Authors    []Name
	Editors    []Name
	Date       library.Date
	Title      string
	Translated string // the title in the reader's language, when that is another
	Language   string // BCP 47, of Title
	Container  string // journal, book or series
	Volume     string
	Issue      string
	Pages      string // "12-34", or "120 p." for how many there are
	Edition    string // "2", "2nd ed.", "Revised edition"
	Publishers []string
	Number     string // of a report; a document symbol
	DOI        string // without an address
	URL        string
	Accessed   library.Date
}

// Style is a way of citing.
type Style struct {
	Name  string // in addresses: "apa"
	Label string // its proper name, the same in every language
	write func(*writer, Item)
}

// Styles gives every style in the order in which readers meet them.
func Styles() []Style {
	return []Style{
		{"apa", "APA 7", apa},
		{"chicago", "Chicago 17 (author-date)", chicago},
		{"mla", "MLA 9", mla},
		{"harvard", "Harvard", harvard},
		{"vancouver", "Vancouver", vancouver},
		{"un", "United Nations", unitedNations},
	}
}

// Cite writes the citation of a work for a reader of lang, one of the languages
// of the interface; another is taken for English.
func (s Style) Cite(it Item, lang string) Citation {
	w := &writer{t: termsOf(lang), rtl: lang == "ar"}
	s.write(w, tidy(it))
	return Citation{w.out}
}

// tidy takes out of an item what all styles leave out.
func tidy(it Item) Item {
	it.Title = strings.TrimSpace(it.Title)
	if it.Language == library.Undetermined {
		it.Language = ""
	}
	if strings.Contains(it.Title, it.Number) {
		it.Number = "" // the title says it
	}
	if it.Translated == it.Title {
		it.Translated = ""
	}
	if it.DOI != "" {
		it.URL = "https://doi.org/" + it.DOI
	}
	if it.Kind == Chapter && it.Container == "" || it.Kind == Article && it.Container == "" {
		it.Kind = Report
	}
	return it
}

// within tells whether the work stands in a journal or book, so that its own
// title is set plain and that of the container in italics.
func (it Item) within() bool { return it.Kind == Article || it.Kind == Chapter }

// creators gives those who stand first: authors, or the editors of a book that
// has none.
func (it Item) creators() (names []Name, editors bool) {
	if len(it.Authors) > 0 {
		return it.Authors, false
	}
	if it.Kind == Chapter {
		return nil, false
	}
	return it.Editors, len(it.Editors) > 0
}

// publisher gives the publishers that are not the author too.
func (it Item) publisher() string {
	var out []string
	for _, p := range it.Publishers {
		if len(it.Authors) == 1 && it.Authors[0].Literal == p {
			continue
		}
		out = append(out, p)
	}
	return strings.Join(out, "; ")
}

// range of pages within a container with an en dash, "" for a number of pages.
func (it Item) span() string {
	if it.extent() != "" {
		return ""
	}
	return strings.NewReplacer("--", "–", "-", "–").Replace(strings.TrimSpace(it.Pages))
}

// extent gives how many pages there are, "" when Pages says where they stand.
func (it Item) extent() string {
	n, tail, _ := strings.Cut(strings.TrimSpace(it.Pages), " ")
	switch strings.TrimSuffix(strings.ToLower(tail), ".") {
	case "p", "pp", "pages", "pag", "с", "стр":
		return n
	}
	return ""
}
