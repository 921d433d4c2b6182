package vocabulary

import (
	"errors"
	"slices"
	"strings"

	"waymark/library"
)

// index makes every name lead to its term. Two terms of one list may not
// claim the same name, but those of two schemes may: 'South America' is a
// region of the field and of M49. The one that stands first in the file is
// then found by it.
func (l *List) index() (problems []error) {
	for i, t := range l.terms {
		told := map[string]bool{"": true}
		for _, name := range t.names() {
			k := key(name)
			if told[k] { // languages often share a name
				continue
			}
			told[k] = true
			j, taken := l.byName[k]
			switch {
			case !taken:
				l.byName[k] = i
			case i != j && l.terms[j].Scheme == t.Scheme:
				problems = append(problems, l.at(l.lines[i], "%s has the name %q, which leads to %s on line %d: take it from one of them",
					t.Code, name, l.terms[j].Code, l.lines[j]))
			}
		}
	}
	return problems
}

// checkBroader sees to it that broader terms exist and that no term stands
// above itself.
func (l *List) checkBroader() (problems []error) {
	for i, t := range l.terms {
		if _, ok := l.byCode[t.Broader]; !ok && t.Broader != "" {
			if l.whole {
				problems = append(problems, l.at(l.lines[i], "the broader term %s of %s is not in this file: write the code of one that is, or leave the cell empty", t.Broader, t.Code))
			}
			continue
		}
		up := t.Broader
		for range l.terms {
			if up == t.Code {
				problems = append(problems, l.at(l.lines[i], "%s stands above itself: give it another broader term, or none", t.Code))
				break
			}
			j, ok := l.byCode[up]
			if !ok {
				break
			}
			up = l.terms[j].Broader
		}
	}
	return problems
}

// expand puts countries in the place of the regions that a region names as
// its members.
func (v *Vocabularies) expand() (problems []error) {
	if !v.Countries.whole || !v.Regions.whole {
		return nil // the file's own problems say enough
	}
	if _, ok := v.Regions.Get(library.Worldwide); !ok {
		problems = append(problems, errors.New(v.Regions.source+" lacks the region "+library.Worldwide+": add it, without members"))
	}
	e := expansion{v, map[int][]string{}, map[int]bool{}, nil}
	for i := range v.Regions.terms {
		e.members(i)
	}
	for i := range v.Regions.terms {
		v.Regions.terms[i].Members = e.done[i]
	}
	return append(problems, e.problems...)
}

// expansion walks the regions by depth, each once, so that neither a circle
// nor a thicket of references takes long.
type expansion struct {
	*Vocabularies
	done     map[int][]string // sorted countries
	open     map[int]bool     // on the way to the present one
	problems []error
}

func (e *expansion) members(i int) []string {
	if countries, ok := e.done[i]; ok {
		return countries
	}
	l, t := e.Regions, e.Regions.terms[i]
	fault := func(format string, args ...any) {
		e.problems = append(e.problems, l.at(l.lines[i], format, args...))
	}
	var countries []string
	e.open[i] = true
	for _, m := range t.Members {
		number, isRegion := strings.CutPrefix(m, M49+":")
		if !isRegion {
			if _, ok := e.Countries.byCode[m]; ok {
				countries = append(countries, m)
			} else {
				fault("the member %.80q of %s is no country: write codes of %s with spaces between them, or m49:015 for a region of M49", m, t.Code, e.Countries.source)
			}
			continue
		}
		j, ok := l.byCode[number]
		switch {
		case !ok || l.terms[j].Scheme != M49:
			fault("the member %.80q of %s is no region of M49 in this file: write the three digits of one that is", m, t.Code)
		case e.open[j]:
			fault("the region %s holds %s, which holds it: take one out of the other", t.Code, number)
		default:
			countries = append(countries, e.members(j)...)
		}
	}
	delete(e.open, i)
	slices.Sort(countries)
	e.done[i] = slices.Compact(countries)
	return e.done[i]
}
