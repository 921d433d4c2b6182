package vocabulary

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"waymark/library"
)

// column is one column of a file: which cells it takes and where they go.
type column struct {
	name   string
	needed bool           // a cell may not be empty
	form   *regexp.Regexp // of a cell that is not empty; nil for any
	remedy string         // what to write instead of a cell that does not fit
	set    func(*Term, string)
}

// schema is the shape of one file.
type schema struct {
	name    string // of the list; its file is name.csv
	columns []column
}

func (s schema) file() string { return s.name + ".csv" }

func (s schema) names() []string {
	var names []string
	for _, c := range s.columns {
		names = append(names, c.name)
	}
	return names
}

// languages are those in which every label is written, in column order.
func languages() []string { return []string{"en", "fr", "es", "ar", "ru", "zh"} }

// Remedies that more than one column gives.
const (
	sayZeros = "three digits, such as 015 (a spreadsheet takes the zeros away unless the column is formatted as text)"
	saySlug  = "write lower-case letters a to z, digits and single hyphens, such as armed-conflict"
)

// slugForm is the form of most codes.
var slugForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// schemas gives the shape of every file, in the order of Vocabularies.Lists.
func schemas() []schema {
	slug := slugForm
	code := func(pattern, remedy string) column {
		return column{"code", true, regexp.MustCompile(pattern), remedy, func(t *Term, s string) { t.Code = s }}
	}
	slugCode := column{"code", true, slug, saySlug, func(t *Term, s string) { t.Code = s }}
	broader := column{"broader", false, slug, saySlug, func(t *Term, s string) { t.Broader = s }}
	variants := column{"variants", false, nil, "", setVariants}
	six := labels(true)
	return []schema{
		{"countries", slices.Concat([]column{
			code(`^[A-Z]{2}$`, "write the two capital letters of ISO 3166-1, such as SD"),
			{"alpha3", true, regexp.MustCompile(`^[A-Z]{3}$`), "write the three capital letters of ISO 3166-1, such as SDN", func(t *Term, s string) { t.Alpha3 = s }},
			{"m49", false, regexp.MustCompile(`^\d{3}$`), "write " + sayZeros, func(t *Term, s string) { t.M49 = s }},
		}, six, []column{variants})},
		{"regions", slices.Concat([]column{
			code(`^(\d{3}|[a-z][a-z0-9]*(-[a-z0-9]+)*)$`, "write a word in lower-case letters, such as north-africa, or for a region of M49 "+sayZeros),
			{"scheme", true, regexp.MustCompile(`^(` + FieldScheme + `|` + M49 + `)$`), "write field or m49", func(t *Term, s string) { t.Scheme = s }},
			{"members", false, nil, "", func(t *Term, s string) { t.Members = strings.Fields(s) }},
		}, six, []column{variants})},
		{"topics", slices.Concat([]column{slugCode, broader}, six, []column{variants})},
		{"categories", slices.Concat([]column{
			slugCode,
			{"audience", true, slug, "write public, or the audience that alone may read such resources: staff", func(t *Term, s string) { t.Audience = s }},
		}, six, []column{variants})},
		{"languages", slices.Concat([]column{code(`^[a-z]{2,3}$`, "write the two or three small letters of the language's BCP 47 tag, such as fr")},
			six, []column{
				{"own", true, nil, "", func(t *Term, s string) { t.Own = s }},
				variants,
			})},
		{"organisations", slices.Concat([]column{
			slugCode,
			{"acronym", false, nil, "", func(t *Term, s string) { t.Acronym = s }},
		}, labels(false), []column{
			variants,
			{"website", false, regexp.MustCompile(`^https?://[^\s/]+\.[^\s]+$`), "write the whole web address, such as https://www.iom.int/", func(t *Term, s string) { t.Website = s }},
		})},
		{"thesaurus", slices.Concat([]column{slugCode, broader}, six, []column{variants})},
		{"holdings", slices.Concat([]column{slugCode}, six, []column{variants})},
		{"kinds", slices.Concat([]column{slugCode}, six, []column{variants})},
	}
}

// labels gives a column for each language. Organisations need English only:
// many have no official name in the others, and one that we made up would
// mislead.
func labels(all bool) []column {
	var columns []column
	for _, lang := range languages() {
		columns = append(columns, column{lang, all || lang == "en", nil, "", func(t *Term, s string) {
			if t.Labels == nil {
				t.Labels = library.Text{}
			}
			t.Labels[lang] = s
		}})
	}
	return columns
}

// setVariants reads names between semicolons, each with its language before a
// colon when it has one: 'VoT; fr:victime de la traite'.
func setVariants(t *Term, cell string) {
	for part := range strings.SplitSeq(cell, ";") {
		v := Variant{Text: strings.TrimSpace(part)}
		if lang, text, ok := strings.Cut(v.Text, ":"); ok && slices.Contains(languages(), lang) {
			v = Variant{lang, strings.TrimSpace(text)}
		}
		if v.Text != "" {
			t.Variants = append(t.Variants, v)
		}
	}
}

// wants says in words what belongs into the column.
func (c column) wants() string {
	name := map[string]string{
		"en": "the name in English", "fr": "the name in French", "es": "the name in Spanish",
		"ar": "the name in Arabic", "ru": "the name in Russian", "zh": "the name in Chinese",
		"own": "the language's name in itself",
	}[c.name]
	return cmp.Or(name, "the "+c.name)
}
