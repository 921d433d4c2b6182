// Command generate writes the vocabularies of countries and languages from the
// Unicode CLDR, with the names of this folder over its own. It is run by hand
// when a new CLDR is out, and is no part of the product.
//
//	npm pack cldr-core cldr-localenames-full    # unpack each into a folder of its name
//	go run ./vocabulary/generate -cldr FOLDER
//
// FOLDER holds core/package and localenames-full/package. In un_names.csv and
// language_names.csv an empty cell keeps the CLDR's name; what is written there
// takes its place, and the CLDR's becomes a variant.
package main

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/language"

	"waymark/analysis"
)

var langs = []string{"en", "fr", "es", "ar", "ru", "zh"}

// notCountries are two-letter codes of the CLDR that ISO 3166-1 does not have.
const notCountries = "AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ"

// term is one row: its names come from the CLDR and from our table over it.
type term struct {
	code, alpha3, m49, own string
	labels                 map[string]string
	variants               []string // of our table, kept as they are
	spare                  []string // of the CLDR: kept where nobody else claims them
}

func main() {
	log.SetFlags(0)
	cldr := flag.String("cldr", ".", "folder with core/package and localenames-full/package")
	dir := flag.String("dir", "vocabulary", "folder of the package vocabulary")
	flag.Parse()
	if err := countries(*cldr, *dir); err != nil {
		log.Fatal(err)
	}
	if err := languages(*cldr, *dir); err != nil {
		log.Fatal(err)
	}
}

func countries(cldr, dir string) error {
	names, err := displayNames(cldr, "territories", langs)
	if err != nil {
		return err
	}
	var mappings struct {
		Supplemental struct {
			CodeMappings map[string]struct {
				Alpha3 string `json:"_alpha3"`
				M49    string `json:"_numeric"`
			} `json:"codeMappings"`
		} `json:"supplemental"`
	}
	if err := readJSON(filepath.Join(cldr, "core/package/supplemental/codeMappings.json"), &mappings); err != nil {
		return err
	}
	over, err := table(filepath.Join(dir, "generate/un_names.csv"))
	if err != nil {
		return err
	}
	var terms []term
	for code := range names["en"] {
		if len(code) != 2 || slices.Contains(strings.Fields(notCountries), code) {
			continue
		}
		m := mappings.Supplemental.CodeMappings[code]
		t := term{code: code, alpha3: m.Alpha3, m49: m.M49}
		if code == "XK" { // no code of ISO or the UN: the one in common use
			t.alpha3, t.m49 = "XKX", ""
		}
		t.name(names, over[code])
		for _, lang := range langs {
			for key, name := range names[lang] {
				if strings.HasPrefix(key, code+"-alt-") && len(squeeze(name)) > 2 {
					t.spare = append(t.spare, lang+":"+name)
				}
			}
		}
		terms = append(terms, t)
	}
	sortByCode(terms)
	header := append(append([]string{"code", "alpha3", "m49"}, langs...), "variants")
	return write(filepath.Join(dir, "files/countries.csv"), header, terms, func(t term) []string {
		return append([]string{t.code, t.alpha3, t.m49}, t.names()...)
	})
}

func languages(cldr, dir string) error {
	names, err := displayNames(cldr, "languages", langs)
	if err != nil {
		return err
	}
	over, err := table(filepath.Join(dir, "generate/language_names.csv"))
	if err != nil {
		return err
	}
	var terms []term
	for code, row := range over {
		t := term{code: code, own: row["own"]}
		t.name(names, row)
		if base, err := language.ParseBase(code); err == nil && len(code) == 2 {
			t.spare = append(t.spare, base.ISO3())
		}
		if t.own == "" {
			mine, err := displayNames(cldr, "languages", []string{code})
			if err != nil {
				return fmt.Errorf("the own name of %s is in no CLDR: write it into language_names.csv: %w", code, err)
			}
			t.own = mine[code][code]
		}
		terms = append(terms, t)
	}
	sortByCode(terms)
	header := append(append([]string{"code"}, langs...), "own", "variants")
	return write(filepath.Join(dir, "files/languages.csv"), header, terms, func(t term) []string {
		n := t.names()
		return append(append(append([]string{t.code}, n[:len(langs)]...), t.own), n[len(langs)])
	})
}

// name gives the term its labels: ours, else the CLDR's.
func (t *term) name(names map[string]map[string]string, ours map[string]string) {
	t.labels = map[string]string{}
	for _, lang := range langs {
		cldr := names[lang][t.code]
		t.labels[lang] = cldr
		if ours[lang] != "" {
			t.labels[lang] = ours[lang]
			if cldr != "" {
				t.spare = append(t.spare, lang+":"+cldr)
			}
		}
	}
	if v := ours["variants"]; v != "" {
		t.variants = strings.Split(v, ";")
	}
}

func (t *term) names() []string {
	var cells []string
	for _, lang := range langs {
		cells = append(cells, t.labels[lang])
	}
	return append(cells, strings.Join(t.variants, ";"))
}

func sortByCode(terms []term) {
	slices.SortFunc(terms, func(a, b term) int { return strings.Compare(a.code, b.code) })
}

// settle moves the spare names that are the term's alone to its variants.
func settle(terms []term) {
	owner := map[string]string{}
	claim := func(name, code string) {
		if was, ok := owner[squeeze(name)]; ok && was != code {
			code = "several"
		}
		owner[squeeze(name)] = code
	}
	each := func(f func(t *term)) {
		for i := range terms {
			f(&terms[i])
		}
	}
	each(func(t *term) {
		for _, name := range append(append([]string{t.code, t.alpha3}, t.names()[:len(langs)]...), append(t.variants, t.spare...)...) {
			claim(untagged(name), t.code)
		}
	})
	each(func(t *term) {
		have := map[string]bool{}
		for _, name := range append([]string{t.code, t.alpha3}, append(t.names()[:len(langs)], t.variants...)...) {
			have[squeeze(untagged(name))] = true
		}
		slices.Sort(t.spare)
		for _, name := range t.spare {
			if key := squeeze(untagged(name)); !have[key] && owner[key] == t.code {
				have[key] = true
				t.variants = append(t.variants, strings.ReplaceAll(name, ";", ","))
			}
		}
	})
}

// untagged takes the language off a variant.
func untagged(name string) string {
	if len(name) > 2 && name[2] == ':' {
		return name[3:]
	}
	return name
}

func squeeze(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return r
		}
		return -1
	}, analysis.Fold(name))
}

// displayNames reads one file of names in each of the languages, by language
// and code.
func displayNames(cldr, what string, in []string) (map[string]map[string]string, error) {
	names := map[string]map[string]string{}
	for _, lang := range in {
		var file struct {
			Main map[string]struct {
				Names map[string]map[string]string `json:"localeDisplayNames"`
			} `json:"main"`
		}
		if err := readJSON(filepath.Join(cldr, "localenames-full/package/main", lang, what+".json"), &file); err != nil {
			return nil, err
		}
		names[lang] = file.Main[lang].Names[what]
	}
	return names, nil
}

func readJSON(path string, into any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// table reads a CSV file by its first column.
func table(path string) (map[string]map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	out := map[string]map[string]string{}
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, cell := range row {
			cells[rows[0][i]] = cell
		}
		out[row[0]] = cells
	}
	return out, nil
}

func write(path string, header []string, terms []term, row func(term) []string) error {
	settle(terms)
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	rows := [][]string{header}
	for _, t := range terms {
		rows = append(rows, row(t))
	}
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	fmt.Println(path, len(terms))
	return f.Close()
}
