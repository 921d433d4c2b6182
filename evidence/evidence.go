// Package evidence is what is known about what works: frameworks of
// interventions and outcomes, studies coded by them with their appraisals and
// findings, claims, gaps, and the evidence gap map that they make together.
// Types and rules are pure; Base keeps what a store holds at hand.
package evidence

import (
	"embed"
	"fmt"
	"io/fs"

	"waymark/library"
	"waymark/vocabulary"
)

//go:embed files
var embedded embed.FS

// The kinds of entries of the evidence base.
const (
	KindFramework library.Kind = "framework"
	KindStudy     library.Kind = "study"
	KindMap       library.Kind = "evidence-map"
	KindSnapshot  library.Kind = "map-snapshot"
	KindClaim     library.Kind = "claim"
	KindGap       library.Kind = "gap"
)

// Kinds gives every kind of entry that the evidence base is made of.
func Kinds() []library.Kind {
	return []library.Kind{KindFramework, KindStudy, KindMap, KindSnapshot, KindClaim, KindGap, KindSheet}
}

// KeyCode is the scheme under which the entries are looked up by their code;
// KeyPublication that of the publications of a study.
const (
	KeyCode        = "code"
	KeyPublication = "publication"
)

// Words are the vocabularies that studies are described with, each in six
// languages. A code is stable for ever.
type Words struct {
	Kinds       *vocabulary.List // of studies; the first level groups them on the map
	Designs     *vocabulary.List // the strongest first
	Settings    *vocabulary.List
	Populations *vocabulary.List
	Forms       *vocabulary.List // of exploitation
	Pillars     *vocabulary.List
	Ratings     *vocabulary.List // confidence in a study
	Directions  *vocabulary.List // of a finding
	Certainties *vocabulary.List // of a finding
	Gaps        *vocabulary.List // kinds of gaps
}

// ReadWords reads the built-in vocabularies and the built-in framework.
func ReadWords() (*Words, Framework, error) {
	files, err := fs.Sub(embedded, "files")
	if err != nil {
		return nil, Framework{}, fmt.Errorf("open the vocabularies of evidence: %w", err)
	}
	w := &Words{}
	var interventions, outcomes *vocabulary.List
	for name, into := range map[string]**vocabulary.List{
		"kinds": &w.Kinds, "designs": &w.Designs, "settings": &w.Settings, "populations": &w.Populations, "forms": &w.Forms,
		"pillars": &w.Pillars, "ratings": &w.Ratings, "directions": &w.Directions, "certainties": &w.Certainties, "gaps": &w.Gaps,
		"interventions": &interventions, "outcomes": &outcomes,
	} {
		if *into, err = vocabulary.Terms(files, name); err != nil {
			return nil, Framework{}, fmt.Errorf("load the vocabulary %s: %w", name, err)
		}
	}
	return w, builtIn(interventions, outcomes), nil
}

// NotAppraised is the rating of a study that nobody has appraised: that says
// nothing against it.
const NotAppraised = "not-appraised"

// Group gives the group of a kind of study: its first level.
func (w *Words) Group(kind string) string { return top(w.Kinds, kind) }

// top gives the first-level ancestor of a code, or the code itself.
func top(l *vocabulary.List, code string) string {
	for range 8 { // deeper trees are refused
		t, ok := l.Get(code)
		if !ok || t.Broader == "" {
			return code
		}
		code = t.Broader
	}
	return code
}
