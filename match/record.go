// Package match tells whether two descriptions are of one work, from what they
// say alone: which to compare (Keys, Blocks) and what to think of two
// (Compare). It knows nothing of how a library is kept, so that any table of
// publications can be measured with it.
package match

import (
	"slices"
	"strconv"
	"strings"

	"waymark/analysis"
)

// Facts are what a description says of a work, as it says it. All may be
// empty but for a title.
type Facts struct {
	Titles       []Title // every form and translation
	Year         int     // of publication, 0 when it is not known
	Contributors []Contributor
	Identifiers  []Identifier
	URLs         []string
	Languages    []string // BCP 47, of the work
	Edition      string
	Container    string // journal, book or series
	Volume       string
	Issue        string
	Pages        string // "12-34", "120 p."
}

// Title is a form of the title. Lang is BCP 47, empty when nobody says it.
type Title struct{ Text, Lang string }

// Contributor is a person or an organisation. Two with one ID are the same;
// others are told by their names.
type Contributor struct {
	ID      string
	Names   []string // in any order and script, whole or with initials
	Acronym string
}

// Identifier is a name that a scheme gives the work: "doi", "isbn", "un-symbol".
type Identifier struct{ Scheme, Value string }

// Record is a description made ready to be compared with many.
type Record struct {
	titles       []title
	year         int
	contributors []contributor
	identifiers  []Identifier // in their plain forms
	urls         []string     // in their plain forms
	languages    []string
	edition      string // which it is, "" when nothing is said
	container    string // folded words
	volume       string
	issue        string
	pages        extent
	roman        bool // a title in Latin letters may be one of another script
}

// title is a title cut into words.
type title struct {
	words []string // all, folded
	key   []string // without a trailing date of the work's own year
	dated bool     // such a date was there
	year  int      // of the work, else the one at the end of the title
	other bool     // in a script that others write in Latin letters
}

// New makes a description ready to be compared.
func New(f Facts) *Record {
	r := &Record{year: f.Year, languages: f.Languages, edition: editionOf(f.Edition), container: strings.Join(analysis.Words(f.Container), " "),
		volume: strings.Join(analysis.Words(f.Volume), " "), issue: strings.Join(analysis.Words(f.Issue), " "), pages: extentOf(f.Pages)}
	for _, t := range f.Titles {
		words := analysis.Words(t.Text)
		key, dated := undated(words, f.Year)
		r.titles = append(r.titles, title{words, key, dated, yearOf(words, f.Year), transcribed(t.Text)})
	}
	for _, c := range f.Contributors {
		r.contributors = append(r.contributors, prepare(c))
	}
	for _, id := range f.Identifiers {
		r.identifiers = append(r.identifiers, id.Plain())
	}
	for _, u := range f.URLs {
		if plain := plainURL(u); plain != "" && !slices.Contains(r.urls, plain) {
			r.urls = append(r.urls, plain)
		}
	}
	r.roman = len(f.Languages) == 0 || overlap(f.Languages, otherScripts)
	return r
}

// TitleKey is the form in which two titles are the same: folded words without
// punctuation and without a trailing date ("December 2015", "2015") of the
// work's own year. A year of 0 takes any trailing year for one.
func TitleKey(title string, year int) string {
	words, _ := undated(analysis.Words(title), year)
	return strings.Join(words, " ")
}

// undated gives the words without a trailing date, and whether there was one.
func undated(words []string, year int) (rest []string, dated bool) {
	n := len(words)
	if n < 2 || !isYear(words[n-1], year) {
		return words, false
	}
	n--
	if n > 1 && slices.Contains(months, words[n-1]) {
		n--
	}
	return words[:n:n], true
}

func isYear(word string, year int) bool {
	n, err := strconv.Atoi(word)
	if err != nil || len(word) != 4 {
		return false
	}
	return n == year || year == 0 && n >= 1900 && n < 2100
}

// months are the folded names of the months in English, French, Spanish and
// Russian (nominative and genitive), which may stand before a trailing year.
var months = strings.Fields(`january february march april may june july august september october november december
	janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
	enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
	январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
	января февраля марта апреля мая июня июля августа сентября октября ноября декабря`)

// yearOf gives the year of a work; where nobody says it, the one at the end of
// its title, unless that ends a range of years.
func yearOf(words []string, year int) int {
	n := len(words)
	if year != 0 || n < 2 || !isYear(words[n-1], 0) || isYear(words[n-2], 0) {
		return year
	}
	year, _ = strconv.Atoi(words[n-1]) // isYear has read it
	return year
}

func overlap[T comparable](a, b []T) bool {
	return slices.ContainsFunc(a, func(x T) bool { return slices.Contains(b, x) })
}
