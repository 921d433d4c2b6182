package evidence

import (
	"fmt"

	"waymark/library"
	"waymark/vocabulary"
)

// Framework is one version of an order of interventions and outcomes, or of
// the code sets of an imported review. A published version does not change:
// what must change becomes the next version, with the way from old to new.
type Framework struct {
	library.Head
	Code    string       `json:"code"`
	Number  int          `json:"number"` // of the version, from 1
	Labels  library.Text `json:"labels"`
	Trees   []Tree       `json:"trees"`
	Remaps  []Remap      `json:"remaps,omitempty"` // from the version before
	Foreign string       `json:"foreign,omitempty"`
}

// Tree is one set of codes; the first two of a framework are the axes of its map.
type Tree struct {
	Code   string       `json:"code"`
	Labels library.Text `json:"labels"`
	Note   string       `json:"note,omitempty"`
	Nodes  []Node       `json:"nodes"`
}

// Node is one code of a tree. A heading groups others and is coded by none.
type Node struct {
	Code    string       `json:"code"`
	Broader string       `json:"broader,omitempty"`
	Labels  library.Text `json:"labels"`
	Note    string       `json:"note,omitempty"`
	Heading bool         `json:"heading,omitempty"`
}

// Remap says what a code of the version before became.
type Remap struct {
	Tree string   `json:"tree"`
	Old  string   `json:"old"`
	New  []string `json:"new"` // empty when nothing takes its place
}

// The trees of the built-in framework.
const (
	TreeIntervention = "intervention"
	TreeOutcome      = "outcome"
)

func builtIn(interventions, outcomes *vocabulary.List) Framework {
	nodes := func(l *vocabulary.List) (out []Node) {
		for _, t := range l.All() {
			out = append(out, Node{Code: t.Code, Broader: t.Broader, Labels: t.Labels})
		}
		return out
	}
	return Framework{Code: "waymark", Number: 1,
		Labels: library.Text{"en": "Interventions and outcomes in counter-trafficking", "fr": "Interventions et résultats dans la lutte contre la traite",
			"es": "Intervenciones y resultados en la lucha contra la trata", "ar": "التدخلات والنتائج في مكافحة الاتجار بالأشخاص",
			"ru": "Вмешательства и результаты в борьбе с торговлей людьми", "zh": "打击人口贩运的干预与结果"},
		Trees: []Tree{
			{Code: TreeIntervention, Nodes: nodes(interventions), Labels: library.Text{"en": "Intervention", "fr": "Intervention", "es": "Intervención",
				"ar": "التدخل", "ru": "Вмешательство", "zh": "干预"}},
			{Code: TreeOutcome, Nodes: nodes(outcomes), Labels: library.Text{"en": "Outcome", "fr": "Résultat", "es": "Resultado",
				"ar": "النتيجة", "ru": "Результат", "zh": "结果"}},
		}}
}

// Tree gives the tree of a code.
func (f *Framework) Tree(code string) (Tree, bool) {
	for _, t := range f.Trees {
		if t.Code == code {
			return t, true
		}
	}
	return Tree{}, false
}

// List gives the tree as a list of terms with look-up by code.
func (t Tree) List() *vocabulary.List {
	terms := make([]vocabulary.Term, len(t.Nodes))
	for i, n := range t.Nodes {
		terms[i] = vocabulary.Term{Code: n.Code, Broader: n.Broader, Labels: n.Labels}
	}
	return vocabulary.NewList(t.Code, terms)
}

// Check answers Invalid for a framework that no map could be made of: a code
// twice in a tree, a broader code that is not there, or a circle.
func (f *Framework) Check() error {
	if f.Code == "" || f.Number < 1 || len(f.Trees) < 2 {
		return invalid("framework", "a framework has a code, a version from 1 and at least two trees")
	}
	for _, t := range f.Trees {
		broader := map[string]string{}
		for _, n := range t.Nodes {
			if _, twice := broader[n.Code]; twice || n.Code == "" {
				return invalid("framework", "the code %q stands twice, or is empty, in the tree %s", n.Code, t.Code)
			}
			broader[n.Code] = n.Broader
		}
		for code := range broader {
			steps := 0
			for up := broader[code]; up != ""; up = broader[up] {
				if _, ok := broader[up]; !ok {
					return invalid("framework", "the broader code %q of %s is not in the tree %s", up, code, t.Code)
				}
				if steps++; steps > len(broader) {
					return invalid("framework", "the code %s stands above itself in the tree %s", code, t.Code)
				}
			}
		}
	}
	return nil
}

// Succeeds answers Invalid unless f may take the place of old: the same
// framework in a higher version, in which every code of old is still there or
// has a remap.
func (f *Framework) Succeeds(old *Framework) error {
	if f.Code != old.Code || f.Number <= old.Number {
		return invalid("framework", "version %d of %s is published and does not change: make it version %d", old.Number, old.Code, old.Number+1)
	}
	moved := map[string]bool{}
	for _, r := range f.Remaps {
		moved[r.Tree+" "+r.Old] = true
	}
	for _, t := range old.Trees {
		now, _ := f.Tree(t.Code)
		have := now.List()
		for _, n := range t.Nodes {
			if _, ok := have.Get(n.Code); !ok && !moved[t.Code+" "+n.Code] {
				return invalid("framework", "the code %s of %s is gone in version %d and nothing says what it became", n.Code, t.Code, f.Number)
			}
		}
	}
	return nil
}

// Entry gives the framework as the store keeps it.
func (f *Framework) Entry() (library.Entry, error) {
	return library.NewEntry(f.Head, KindFramework, f, library.Key{Scheme: KeyCode, Value: fmt.Sprintf("%s/%d", f.Code, f.Number)})
}

// invalid makes the error of something that breaks a rule, with the field at fault.
func invalid(field, format string, args ...any) error {
	err := library.Errorf(library.Invalid, format, args...)
	err.Field = field
	return err
}
