package search

import (
	"fmt"
	"strconv"
	"strings"

	"waymark/analysis"
	"waymark/library"
	"waymark/vocabulary"
)

// describing is the version of Describe: another one makes other documents.
const describing = 1

// Made says what documents are made with: an index made with anything else is
// to be built anew.
func Made(v *vocabulary.Vocabularies) string {
	return fmt.Sprintf("%d-%016x", describing, v.Digest())
}

// Describe gives the document under which a resource is found. Agents holds
// its contributors by ID; regions are widened by those that hold one of its
// countries, so that a region's list holds its members' resources.
func Describe(r *library.Resource, agents map[library.ID]*library.Agent, v *vocabulary.Vocabularies) Document {
	title, _ := r.Original()
	d := Document{
		ID: r.ID, Status: r.Status, Audience: r.Audience, Date: r.Date,
		Titles: passages(r.Titles), Abstracts: passages(r.Abstracts),
		Title:  strings.Join(analysis.Words(title), " "),
		Values: make(map[library.Field][]string),
	}
	for _, form := range r.Forms() {
		d.Titles = append(d.Titles, Passage{Lang: firstOf(r.Languages), Text: form})
	}
	for _, id := range r.AgentIDs() {
		if a := agents[id]; a != nil {
			d.Authors = append(d.Authors, Author{Value: string(id), Names: names(a)})
		}
	}
	for _, f := range library.Facets() {
		if f != library.FieldYear {
			d.Values[f] = r.Values(f)
		}
	}
	d.Values[library.FieldRegion] = v.RegionsOf(r.Countries, r.Regions)
	for _, c := range []struct {
		list  *vocabulary.List
		codes []string
	}{{v.Countries, r.Countries}, {v.Regions, r.Regions}, {v.Topics, r.Topics}, {v.Categories, r.Values(library.FieldCategory)}} {
		for _, code := range c.codes {
			if t, ok := c.list.Get(code); ok {
				d.Concepts = append(d.Concepts, passages(t.Labels)...)
			}
		}
	}
	for _, id := range r.Identifiers {
		d.Concepts = append(d.Concepts, Passage{Text: id.Value})
	}
	if y := r.Date.Year(); y != 0 {
		d.Concepts = append(d.Concepts, Passage{Text: strconv.Itoa(y)})
	}
	return d
}

func passages(t library.Text) []Passage {
	var ps []Passage
	for _, lang := range t.Languages() {
		ps = append(ps, Passage{Lang: lang, Text: t[lang]})
	}
	return ps
}

// names gives the forms of an agent's name, each once: several languages
// often share one.
func names(a *library.Agent) []Passage {
	seen := map[string]bool{"": true}
	var ps []Passage
	add := func(name string) {
		if key := library.NameKey(name); !seen[key] {
			seen[key] = true
			ps = append(ps, Passage{Text: name})
		}
	}
	add(a.Acronym)
	for _, lang := range a.Names.Languages() {
		add(a.Names[lang])
	}
	for _, v := range a.Variants {
		add(v)
	}
	return ps
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
