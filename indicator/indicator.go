// Package indicator is what is measured: a registry of indicators with
// versions that do not change, series of observations with their revisions,
// breaks and targets, rules of quality, and releases after disclosure control,
// which are all that readers see. Only aggregates are kept here, never cases.
package indicator

import (
	"embed"
	"fmt"
	"io/fs"
	"reflect"
	"regexp"

	"waymark/library"
	"waymark/vocabulary"
)

//go:embed files
var embedded embed.FS

// The kinds of entries of the registry and its numbers.
const (
	KindIndicator library.Kind = "indicator"
	KindSeries    library.Kind = "series"
	KindRelease   library.Kind = "release"
	KindGroup     library.Kind = "comparability-group"
	KindResults   library.Kind = "results-framework"
)

// KeyCode is the scheme under which indicators, groups and frameworks are
// looked up; KeySeries that of the identity of a series.
const (
	KeyCode   = "code"
	KeySeries = "series"
)

// Total, Unknown and NotApplicable are codes of every dimension: nothing is
// left blank.
const (
	Total         = "_T"
	Unknown       = "_U"
	NotApplicable = "_Z"
)

// Indicator is one thing that is measured, in all its versions.
type Indicator struct {
	library.Head
	Code     string    `json:"code"`
	Key      bool      `json:"key,omitempty"`
	Versions []Version `json:"versions"`
}

// Version is one definition of an indicator. Once published it stays.
type Version struct {
	Number      int               `json:"number"` // from 1
	Titles      library.Text      `json:"titles"`
	Definition  library.Text      `json:"definition"`
	Numerator   library.Text      `json:"numerator,omitempty"`
	Denominator library.Text      `json:"denominator,omitempty"`
	Measure     string            `json:"measure"` // count, percent, mean
	Unit        string            `json:"unit"`
	Decimals    int               `json:"decimals,omitempty"`
	Direction   string            `json:"direction"` // up-good, down-good, ambiguous
	Level       string            `json:"level"`
	Pillar      string            `json:"pillar"`
	Counting    string            `json:"counting"` // new, cumulative, point
	Dimensions  []Dimension       `json:"dimensions,omitempty"`
	Sources     []string          `json:"sources"`
	Frequency   string            `json:"frequency"` // A, Q, M
	Safety      library.Text      `json:"safety,omitempty"`
	Limits      library.Text      `json:"limits,omitempty"`
	Links       []string          `json:"links,omitempty"` // "SDG 16.2.2"
	State       string            `json:"state"`           // draft, active, deprecated
	ReplacedBy  string            `json:"replaced_by,omitempty"`
	Aggregation map[string]string `json:"aggregation,omitempty"` // by dimension: sum, weighted, last, none
}

// Dimension is an attribute by which values are broken down, with the version
// of its code list.
type Dimension struct {
	Code      string `json:"code"` // sex, age, form
	List      string `json:"list"` // "sex-1": list and version
	Exclusive bool   `json:"exclusive"`
	Required  bool   `json:"required,omitempty"`
}

// Words are the vocabularies of indicators and the code lists of dimensions.
type Words struct {
	Levels, Pillars, Directions, Measures, Units, Countings, Sources, Frequencies, Statuses, Breaks, Dimensions *vocabulary.List
	Lists                                                                                                       map[string]*vocabulary.List // by name and version
}

// ReadWords reads the built-in vocabularies.
func ReadWords() (*Words, error) {
	files, err := fs.Sub(embedded, "files")
	if err != nil {
		return nil, fmt.Errorf("open the vocabularies of indicators: %w", err)
	}
	w := &Words{Lists: map[string]*vocabulary.List{}}
	for name, into := range map[string]**vocabulary.List{
		"levels": &w.Levels, "pillars": &w.Pillars, "directions": &w.Directions, "measures": &w.Measures, "units": &w.Units, "countings": &w.Countings,
		"sources": &w.Sources, "frequencies": &w.Frequencies, "statuses": &w.Statuses, "breaks": &w.Breaks, "dimensions": &w.Dimensions,
	} {
		if *into, err = vocabulary.Terms(files, name); err != nil {
			return nil, fmt.Errorf("load the vocabulary %s: %w", name, err)
		}
	}
	for _, d := range w.Dimensions.All() {
		name := d.Code + "-1"
		if w.Lists[name], err = vocabulary.Terms(files, name); err != nil {
			return nil, fmt.Errorf("load the code list %s: %w", name, err)
		}
	}
	return w, nil
}

// Last gives the newest version that is no draft.
func (i *Indicator) Last() Version {
	for n := len(i.Versions) - 1; n >= 0; n-- {
		if i.Versions[n].State != "draft" {
			return i.Versions[n]
		}
	}
	return Version{}
}

// Version gives the version of a number.
func (i *Indicator) VersionOf(number int) (Version, bool) {
	for _, v := range i.Versions {
		if v.Number == number {
			return v, true
		}
	}
	return Version{}, false
}

var codeForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Check answers Invalid for an indicator that says too little or uses a code
// that its vocabulary lacks.
func (i *Indicator) Check(w *Words) error {
	if !codeForm.MatchString(i.Code) || len(i.Versions) == 0 {
		return fault("code", "desk.fault.name", "an indicator has a code in small letters and a version, not %q", i.Code)
	}
	for n, v := range i.Versions {
		switch {
		case v.Number != n+1:
			return invalid("version", "version %d of %s stands at place %d", v.Number, i.Code, n+1)
		case len(v.Titles) == 0 || len(v.Definition) == 0:
			return fault("definition", "desk.fault.definition", "version %d of %s lacks its title or definition", v.Number, i.Code)
		case v.Measure == "percent" && (len(v.Numerator) == 0 || len(v.Denominator) == 0):
			return fault("denominator", "desk.fault.share", "version %d of %s is a percentage and does not say of what", v.Number, i.Code)
		}
		for _, c := range []struct {
			field, code string
			list        *vocabulary.List
		}{{"measure", v.Measure, w.Measures}, {"unit", v.Unit, w.Units}, {"direction", v.Direction, w.Directions}, {"level", v.Level, w.Levels},
			{"pillar", v.Pillar, w.Pillars}, {"counting", v.Counting, w.Countings}, {"frequency", v.Frequency, w.Frequencies}} {
			if _, ok := c.list.Get(c.code); !ok {
				return fault(c.field, "desk.fault.code", "version %d of %s has the %s %q, which is no code", v.Number, i.Code, c.field, c.code)
			}
		}
		for _, d := range v.Dimensions {
			if w.Lists[d.List] == nil {
				return fault("dimension", "desk.fault.code", "version %d of %s takes codes from %q, which is no list", v.Number, i.Code, d.List)
			}
		}
	}
	return nil
}

// Succeeds answers Invalid unless every version of old stands unchanged, but
// for its state and what replaced it.
func (i *Indicator) Succeeds(old *Indicator) error {
	if i.Code != old.Code || len(i.Versions) < len(old.Versions) {
		return invalid("version", "versions of %s are never taken away", old.Code)
	}
	for n, was := range old.Versions {
		is := i.Versions[n]
		is.State, is.ReplacedBy = was.State, was.ReplacedBy
		if was.State != "draft" && !reflect.DeepEqual(is, was) {
			return invalid("version", "version %d of %s is published and does not change: write version %d", was.Number, old.Code, len(old.Versions)+1)
		}
	}
	return nil
}

// Entry gives the indicator as the store keeps it.
func (i *Indicator) Entry() (library.Entry, error) {
	return library.NewEntry(i.Head, KindIndicator, i, library.Key{Scheme: KeyCode, Value: i.Code})
}

// invalid makes the error of something that breaks a rule, with the field at fault.
func invalid(field, format string, args ...any) error {
	err := library.Errorf(library.Invalid, format, args...)
	err.Field = field
	return err
}

// fault is invalid with the message that a person is to read.
func fault(field, key, format string, args ...any) error {
	err := library.Errorf(library.Invalid, format, args...)
	err.Field, err.Key = field, key
	return err
}
