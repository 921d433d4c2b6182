package vocabulary

import (
	"errors"
	"io/fs"
	"regexp"

	"waymark/library"
)

// Terms reads a list that belongs to another capability: the file name.csv at
// the root of files, with the columns code, broader and a label in each of the
// six languages. It is checked as the library's own files are; the error joins
// every problem, each with file, line and remedy.
func Terms(files fs.FS, name string) (*List, error) {
	slug := regexp.MustCompile(`^[A-Za-z0-9_]+(-[A-Za-z0-9_]+)*$`) // also as statistical code lists write them
	s := schema{name, append([]column{
		{"code", true, slug, sayCode, func(t *Term, s string) { t.Code = s }},
		{"broader", false, slug, sayCode, func(t *Term, s string) { t.Broader = s }},
	}, labels(true)...)}
	l, problems := load(files, s)
	if problems = append(problems, l.checkBroader()...); len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return l, nil
}

const sayCode = "write letters, digits, low lines and single hyphens, such as forced-labour or _T"

// NewList makes a list of terms that were checked elsewhere, such as those of
// an imported framework. Of two terms with one code the first stays.
func NewList(name string, terms []Term) *List {
	l := &List{Name: name, source: name, byCode: map[string]int{}, byName: map[string]int{}, whole: true}
	for _, t := range terms {
		if _, twice := l.byCode[t.Code]; twice || t.Code == "" {
			continue
		}
		t.Order = len(l.terms)
		if t.Labels == nil {
			t.Labels = library.Text{}
		}
		l.byCode[t.Code] = t.Order
		l.terms = append(l.terms, t)
		l.lines = append(l.lines, 0)
	}
	return l
}
