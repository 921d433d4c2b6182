package evidence

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"waymark/library"
	"waymark/vocabulary"
)

// WriteEPPI writes the studies of a map as the JSON of EPPI-Reviewer: the
// trees of the framework and, for one of ours, the vocabularies as code sets.
// A study that was imported keeps its codes and numbers. No passage of a
// publication and no name of a coder is in it.
func WriteEPPI(w io.Writer, words *Words, f *Framework, items []Item) error {
	out := eppiFile{CodeSets: []eppiSet{}, References: []eppiReference{}}
	for _, t := range f.Trees {
		out.CodeSets = append(out.CodeSets, eppiTree(f, t.Code, t.Labels, t.Note, t.Nodes))
	}
	if f.Foreign == "" {
		for _, set := range words.sets() {
			out.CodeSets = append(out.CodeSets, eppiTree(f, set.Name, library.Text{"en": set.Name}, "", nodes(set)))
		}
	}
	for i, it := range items {
		out.References = append(out.References, eppiItem(f, it, i))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("write EPPI JSON: %w", err)
	}
	return nil
}

// sets gives the vocabularies that describe a study.
func (w *Words) sets() []*vocabulary.List {
	return []*vocabulary.List{w.Kinds, w.Designs, w.Settings, w.Populations, w.Forms, w.Pillars}
}

func nodes(l *vocabulary.List) (out []Node) {
	for _, t := range l.All() {
		out = append(out, Node{Code: t.Code, Broader: t.Broader, Labels: t.Labels})
	}
	return out
}

func eppiTree(f *Framework, code string, labels library.Text, note string, all []Node) eppiSet {
	name, _ := labels.In("en")
	s := eppiSet{SetName: name, SetDescription: note, SetId: eppiID(f, code, ""), SetType: &eppiSetType{SetTypeName: "Standard"}}
	below := map[string][]Node{}
	for _, n := range all {
		below[n.Broader] = append(below[n.Broader], n)
	}
	var list func(broader string) []eppiAttribute
	list = func(broader string) []eppiAttribute {
		out := []eppiAttribute{}
		for _, n := range below[broader] {
			label, _ := n.Labels.In("en")
			a := eppiAttribute{AttributeId: eppiID(f, code, n.Code), AttributeName: label, AttributeType: eppiLeaf, AttributeDescription: n.Note}
			if n.Heading {
				a.AttributeType = eppiHeading
			}
			if f.Foreign == "" {
				a.ExtType, a.ExtURL = "waymark", code+"/"+n.Code
			}
			if len(below[n.Code]) > 0 {
				a.Attributes = &eppiAttributes{list(n.Code)}
			}
			out = append(out, a)
		}
		return out
	}
	s.Attributes.AttributesList = list("")
	return s
}

// eppiID gives the number of a tree, or of a node in it: its own when it was
// imported with one.
func eppiID(f *Framework, tree, node string) json.Number {
	if f.Foreign != "" {
		if node != "" {
			return json.Number(strings.TrimPrefix(node, "a"))
		}
		return json.Number(strings.TrimPrefix(tree, "s"))
	}
	return eppiNumber(f.Code, tree, node)
}

func eppiItem(f *Framework, it Item, i int) eppiReference {
	s, d := it.Study, it.citation()
	title, _ := d.Titles.In("en")
	abstract, _ := d.Abstracts.In("en")
	ref := eppiReference{ItemId: json.Number(fmt.Sprint(i + 1)), Title: title, Abstract: abstract, TypeName: "Report", ItemStatus: "I", Codes: []eppiCode{},
		ParentTitle: d.Container.Text, Volume: d.Volume.Text, Issue: d.Issue.Text, Pages: d.Pages.Text}
	if s.Year > 0 {
		ref.Year = fmt.Sprint(s.Year)
	}
	for _, a := range d.Authors {
		ref.Authors += a.Text + ";"
	}
	for _, id := range d.Identifiers {
		if id.Scheme == "doi" {
			ref.DOI = id.Value
		}
	}
	if len(d.Links) > 0 {
		ref.URL = d.Links[0].URL
	}
	if it.Record != "" && ref.URL == "" {
		ref.URL = it.Record
	}
	if c := s.Citation; c != nil {
		if c.ID != "" {
			ref.ItemId = json.Number(c.ID)
		}
		ref.TypeName, ref.Keywords = c.Type, strings.Join(c.Keywords, "\n")
	}
	for _, c := range s.Codes {
		ref.Codes = append(ref.Codes, eppiCode{AttributeId: eppiID(f, c.Tree, c.Node)})
	}
	if len(s.Codes) == 0 {
		for _, code := range s.codes() {
			tree, node, _ := strings.Cut(code, ":")
			if name := setOf(tree); name != "" {
				ref.Codes = append(ref.Codes, eppiCode{AttributeId: eppiID(f, name, node)})
			}
		}
	}
	return ref
}

// setOf gives the code set of a scheme of codes; a country has none.
func setOf(scheme string) string {
	switch scheme {
	case TreeIntervention, TreeOutcome:
		return scheme
	case "kind", "design", "setting", "population", "form", "pillar":
		return scheme + "s"
	}
	return ""
}
