package describe

import (
	"encoding/json"
	"fmt"
	"strings"

	"waymark/library"
)

// object is a thing of schema.org.
type object map[string]any

// schemaTypes are the types of schema.org for categories; another category is a
// CreativeWork.
var schemaTypes = map[string]string{
	"journal-article": "ScholarlyArticle", "research-study": "Report", "assessment": "Report", "evaluation": "Report",
	"statistics-report": "Report", "case-study": "Report", "factsheet-or-brief": "Report", "resolution-or-un-document": "Report",
	"policy-or-strategy": "Report", "guidance": "Report", "handbook-or-manual": "Book", "toolkit": "LearningResource",
	"training-material": "LearningResource", "law-or-convention": "Legislation", "data-set": "Dataset",
	"video-or-audio": "MediaObject", "web-site-or-platform": "WebSite",
}

// SchemaType gives the type of schema.org that the work is of.
func (w Work) SchemaType() string {
	if t := schemaTypes[w.Category]; t != "" {
		return t
	}
	return "CreativeWork"
}

// SchemaOrg gives the work as JSON-LD in the vocabulary of schema.org. Its
// characters are such that it can stand in a page.
func (w Work) SchemaOrg() (json.RawMessage, error) {
	title, lang := w.Title(w.Lang)
	o := object{"@context": "https://schema.org", "@type": w.SchemaType(), "@id": w.Address(), "url": w.Address(), "name": title}
	if w.Date != "" {
		o["datePublished"] = string(w.Date)
	}
	w.texts(o, lang)
	w.contributors(o)
	w.subjects(o)
	w.places(o)
	w.related(o)
	b, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("write %s for schema.org: %w", w.ID, err)
	}
	return b, nil
}

// put sets a property to its values, and to the value itself where it is one.
func put[T any](o object, name string, values []T) {
	switch len(values) {
	case 0:
	case 1:
		o[name] = values[0]
	default:
		o[name] = values
	}
}

func (w Work) texts(o object, lang string) {
	var others []string
	for _, l := range w.Titles.Languages() {
		if l != lang {
			others = append(others, w.Titles[l])
		}
	}
	put(o, "alternateName", others)
	if abstract, _ := w.Abstract(w.Lang); abstract != "" {
		o["abstract"] = squeeze(abstract)
	}
	put(o, "inLanguage", w.languages())
	if licence := w.licence(); licence != "" {
		o["license"] = licence
	} else if w.Rights != "" {
		o["copyrightNotice"] = w.Rights
	}
	switch {
	case w.Edition == "":
	case w.SchemaType() == "Book":
		o["bookEdition"] = w.Edition
	default:
		o["version"] = w.Edition
	}
}

func (w Work) contributors(o object) {
	for role, name := range map[library.ContributorRole]string{library.Author: "author", library.Editor: "editor", library.Publisher: "publisher"} {
		var agents []object
		for _, a := range w.Named(w.In(role)) {
			label, _ := a.Names.In(w.Lang)
			one := object{"@type": "Person", "name": label}
			if a.Type == library.Organisation {
				one["@type"] = "Organization"
			}
			if a.Acronym != "" && a.Acronym != label {
				one["alternateName"] = a.Acronym
			}
			if a.Website != "" {
				one["url"] = a.Website
			}
			put(one, "sameAs", agentAddresses(a))
			agents = append(agents, one)
		}
		put(o, name, agents)
	}
}

func (w Work) subjects(o object) {
	var about, words []string
	for _, code := range w.Topics {
		about = append(about, w.label(library.FieldTopic, code))
	}
	words = append(append(words, about...), w.Subjects...)
	if len(words) > 0 {
		o["keywords"] = strings.Join(words, ", ")
	}
	var places []object
	for _, code := range w.Countries {
		places = append(places, object{"@type": "Country", "name": w.label(library.FieldCountry, code), "identifier": code})
	}
	for _, code := range w.Regions {
		places = append(places, object{"@type": "Place", "name": w.label(library.FieldRegion, code)})
	}
	put(o, "spatialCoverage", places)
	if w.Category != "" {
		o["genre"] = w.label(library.FieldCategory, w.Category)
	}
}

// places says where the work is to be had, and by what it is known there.
func (w Work) places(o object) {
	var ids []object
	for _, id := range w.Identifiers {
		ids = append(ids, object{"@type": "PropertyValue", "propertyID": strings.ToUpper(id.Scheme), "value": id.Value})
	}
	put(o, "identifier", ids)
	var same []string
	if doi := w.doi(); doi != "" {
		same = append(same, doi)
	}
	for _, l := range w.Links {
		same = append(same, l.URL)
	}
	put(o, "sameAs", same)
	var files []object
	for _, f := range w.open() {
		one := object{"@type": "MediaObject", "contentUrl": w.file(f), "encodingFormat": f.Type, "contentSize": fmt.Sprint(f.Size), "sha256": f.Digest, "name": f.Name}
		if known(f.Language) {
			one["inLanguage"] = f.Language
		}
		files = append(files, one)
	}
	put(o, "encoding", files)
	if len(files) > 0 {
		o["isAccessibleForFree"] = true
	}
	if cover := w.cover(); cover != "" {
		o["image"] = cover
	}
}

// related says in what the work stands, and to which others it is related.
func (w Work) related(o object) {
	var parts []object
	if w.Container != "" {
		whole := object{"@type": "CreativeWorkSeries", "name": w.Container}
		if w.SchemaType() == "ScholarlyArticle" {
			whole["@type"] = "Periodical"
		}
		if w.Volume != "" {
			whole = object{"@type": "PublicationVolume", "volumeNumber": w.Volume, "isPartOf": whole}
		}
		if w.Issue != "" {
			whole = object{"@type": "PublicationIssue", "issueNumber": w.Issue, "isPartOf": whole}
		}
		parts = append(parts, whole)
	}
	var originals, older []object
	for _, rel := range w.Relations {
		other := object{"@id": w.Origin + "/r/" + string(rel.Target)}
		switch rel.Type {
		case library.TranslationOf:
			originals = append(originals, other)
		case library.Supersedes:
			older = append(older, other)
		case library.PartOf:
			parts = append(parts, other)
		}
	}
	put(o, "isPartOf", parts)
	put(o, "translationOfWork", originals)
	put(o, "isBasedOn", older)
	if w.Pages != "" && w.SchemaType() == "ScholarlyArticle" {
		o["pagination"] = w.Pages
	}
}
