package search

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"waymark/analysis"
	"waymark/library"
	"waymark/vocabulary"
)

// describing is the version of Describe: another one makes other documents.
const describing = 5

// Made says what documents are made with: an index made with anything else is
// to be built anew.
func Made(v *vocabulary.Vocabularies) string {
	return fmt.Sprintf("%d-%016x", describing, v.Digest())
}

// Documents gives the documents under which a resource is found: one, or when
// some of its files are for fewer readers than it is, one for each group of
// readers that sees others of them. Texts holds the text of its files by digest.
func Documents(r *library.Resource, agents map[library.ID]*library.Agent, texts map[string][]PageText, v *vocabulary.Vocabularies) []Document {
	var inner []string
	for _, f := range r.Files {
		if a := string(f.Audience); a != "" && a != string(r.Audience) && !slices.Contains(inner, a) && len(texts[f.Digest]) > 0 && len(inner) < maxInner {
			inner = append(inner, a)
		}
	}
	slices.Sort(inner)
	base := Describe(r, agents, v)
	documents := make([]Document, 0, 1<<len(inner))
	for group := range 1 << len(inner) {
		d := base
		var with, without []string
		for i, a := range inner {
			if group>>i&1 == 1 {
				with = append(with, a)
			} else {
				without = append(without, a)
			}
		}
		d.With, d.Without = strings.Join(with, KeySign), strings.Join(without, KeySign)
		for _, f := range r.Files {
			own := f.Audience == "" || f.Audience == r.Audience
			if pages := texts[f.Digest]; len(pages) > 0 && (own || slices.Contains(with, string(f.Audience))) {
				d.Texts = append(d.Texts, FileText{File: f.Digest, Pages: pages})
			}
		}
		if len(d.Texts) > 0 {
			d.Values = maps.Clone(base.Values)
			d.Values[library.FieldHeld] = []string{library.HeldText}
		}
		documents = append(documents, d)
	}
	if r.Listed && r.Status == library.Published && r.Audience != library.Public {
		documents = append(documents, teaser(r, base))
	}
	slices.SortFunc(documents, func(a, b Document) int { return strings.Compare(a.Key(), b.Key()) })
	return documents
}

// teaser gives the document by which those find a listed resource who may not
// read it: by its titles alone.
func teaser(r *library.Resource, base Document) Document {
	return Document{ID: r.ID, Titles: passages(r.Titles), Title: base.Title,
		Sight: Sight{Status: r.Status, Audience: library.Public, With: string(library.Public), Without: string(r.Audience)}}
}

// maxInner bounds the audiences of a resource's files that are told apart: the
// text of files for still others is not searched.
const maxInner = 4

// Describe gives a resource as a document without the text of its files. Agents holds
// its contributors by ID; regions are widened by those that hold one of its
// countries, so that a region's list holds its members' resources.
func Describe(r *library.Resource, agents map[library.ID]*library.Agent, v *vocabulary.Vocabularies) Document {
	title, _ := r.Original()
	d := Document{
		ID: r.ID, Sight: Sight{Status: r.Status, Audience: r.Audience}, Date: r.Date,
		Titles: passages(r.Titles), Abstracts: passages(r.Abstracts),
		Title:  strings.Join(analysis.Words(title), " "),
		Values: make(map[library.Field][]string),
	}
	for _, form := range r.Forms() {
		d.Titles = append(d.Titles, Passage{Lang: firstOf(r.Languages), Text: form})
	}
	creators := r.Creators()
	for _, id := range r.AgentIDs() {
		switch a := agents[id]; {
		case a == nil:
		case slices.Contains(creators, id):
			d.Authors = append(d.Authors, Author{Value: string(id), Names: names(a)})
		default:
			d.Concepts = append(d.Concepts, names(a)...)
		}
	}
	for _, s := range append(slices.Clone(r.Subjects), r.Container) {
		if s != "" {
			d.Concepts = append(d.Concepts, Passage{Text: s})
		}
	}
	for _, f := range library.Facets() {
		if f != library.FieldYear {
			d.Values[f] = v.Canonical(f, r.Values(f))
		}
	}
	d.Values[library.FieldRegion] = v.RegionsOf(r.Countries, v.Canonical(library.FieldRegion, r.Regions))
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
