package format

import (
	"encoding/json"
	"slices"
	"strings"

	"waymark/library"
)

// draft takes the properties of a work.
func (g *graph) draft(n node, kind string) Draft {
	d := Draft{Line: g.line}
	squeezed := func(s string) string { return squeeze(plainText(s)) }
	abstract := func(s string) string { return beginning(plainText(s)) }
	for _, name := range []string{"name", "headline", "title"} {
		if len(d.Titles) == 0 {
			g.text(&d.Titles, n[name], squeezed)
		}
	}
	for _, name := range []string{"abstract", "description"} {
		if len(d.Abstracts) == 0 {
			g.text(&d.Abstracts, n[name], abstract)
		}
	}
	d.Authors = append(g.names(n["author"]), g.names(n["creator"])...)
	d.Editors = append(g.names(n["editor"]), g.names(n["contributor"])...)
	d.Publishers = append(g.names(n["publisher"]), g.names(n["sourceOrganization"])...)
	d.Authors, d.Editors, d.Publishers = once(d.Authors), once(d.Editors), once(d.Publishers)
	for _, name := range []string{"datePublished", "legislationDate", "dateCreated", "copyrightYear"} {
		if d.Date.Text == "" {
			d.Date = g.value(isoDay(g.word(n[name])))
		}
	}
	for _, x := range many(n["inLanguage"]) {
		if lang, ok := x.(node); ok && g.word(lang["alternateName"]) != "" {
			x = lang["alternateName"] // the code beside the name
		}
		d.Languages = append(d.Languages, g.values(g.word(x))...)
	}
	if d.Category = g.value(kind); kind == "" {
		for _, name := range []string{"learningResourceType", "genre", "additionalType"} {
			if word := g.word(n[name]); d.Category.Text == "" && !strings.Contains(word, "://") {
				d.Category = g.value(word)
			}
		}
	}
	for _, x := range many(n["keywords"]) {
		d.Subjects = append(d.Subjects, keywords(g.value(g.word(x)))...)
	}
	for _, x := range many(n["about"]) {
		d.Subjects = append(d.Subjects, g.values(g.word(x))...)
	}
	d.Subjects = once(d.Subjects)
	g.places(&d, n)
	g.container(&d, n, 0)
	g.printed(&d, n)
	g.identify(&d, n)
	return d
}

func (g *graph) value(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{g.line, s}
}

func (g *graph) values(s string) []Value {
	if s == "" {
		return nil
	}
	return []Value{{g.line, s}}
}

// once leaves out what stands there before.
func once(values []Value) (list []Value) {
	seen := map[string]bool{}
	for _, v := range values {
		if !seen[v.Text] {
			seen[v.Text] = true
			list = append(list, v)
		}
	}
	return list
}

// word gives a value, or the first of several, as text: a node by its name.
func (g *graph) word(v any) string { return g.wordOf(v, 0) }

func (g *graph) wordOf(v any, depth int) string {
	if depth > maxNested {
		return ""
	}
	switch v := v.(type) {
	case string:
		return squeeze(plainText(v))
	case json.Number:
		return v.String()
	case []any:
		for _, x := range v {
			if s := g.wordOf(x, depth+1); s != "" {
				return s
			}
		}
	case node:
		v = g.whole(v)
		for _, name := range []string{"@value", "name", "termCode", "@id"} {
			if s := g.wordOf(v[name], depth+1); s != "" {
				return s
			}
		}
	}
	return ""
}

// names gives persons and organisations, persons as "Family, Given" where
// their names are said in parts.
func (g *graph) names(v any) (values []Value) {
	for _, x := range many(v) {
		name := g.word(x)
		if n, ok := x.(node); ok {
			n = g.whole(n)
			if family := g.word(n["familyName"]); family != "" {
				name = strings.TrimSuffix(family+", "+g.word(n["givenName"]), ", ")
			} else if name == "" || n["name"] == nil {
				name = g.word(n["legalName"])
			}
		}
		if strings.Contains(name, "://") { // the address of a profile
			continue
		}
		values = append(values, g.values(name)...)
	}
	return values
}

// places takes what the work is about: countries as such, other places as
// subjects.
func (g *graph) places(d *Draft, n node) {
	for _, name := range []string{"spatialCoverage", "contentLocation", "spatial"} {
		for _, x := range many(n[name]) {
			place, _ := x.(node)
			place = g.whole(place)
			if kind := g.word(place["@type"]); term(kind) == "Country" {
				d.Countries = append(d.Countries, g.values(g.word(x))...)
			} else if place["name"] != nil || place == nil {
				d.Subjects = append(d.Subjects, g.values(g.word(x))...)
			} else if address, ok := place["address"].(node); ok {
				d.Countries = append(d.Countries, g.values(g.word(address["addressCountry"]))...)
			}
		}
	}
	d.Countries, d.Subjects = once(d.Countries), once(d.Subjects)
}

// container takes what the work stands in: an issue of a volume of a journal, a
// book or a series.
func (g *graph) container(d *Draft, n node, depth int) {
	if depth > 4 {
		return
	}
	set := func(to *Value, v any) {
		if to.Text == "" {
			*to = g.value(g.word(v))
		}
	}
	set(&d.Issue, n["issueNumber"])
	set(&d.Volume, n["volumeNumber"])
	for _, x := range many(n["isPartOf"]) {
		if s, ok := x.(string); ok && !strings.Contains(s, "://") {
			set(&d.Container, s)
		}
		part, ok := x.(node)
		if !ok {
			continue
		}
		part = g.whole(part)
		kind := term(g.word(part["@type"]))
		if kind == "WebSite" || kind == "WebPage" || kind == "CollectionPage" {
			continue // where the page stands, not the work
		}
		g.container(d, part, depth+1)
		if kind != "PublicationIssue" && kind != "PublicationVolume" {
			set(&d.Container, part["name"])
		}
		for _, issn := range many(part["issn"]) {
			d.identify("issn", g.word(issn))
		}
	}
}

// printed takes pages, edition and rights.
func (g *graph) printed(d *Draft, n node) {
	d.Pages = g.value(strings.ReplaceAll(g.word(n["pagination"]), "–", "-"))
	if first := g.word(n["pageStart"]); d.Pages.Text == "" && first != "" {
		d.Pages = g.value(strings.TrimSuffix(first+"-"+g.word(n["pageEnd"]), "-"))
	}
	if count := g.word(n["numberOfPages"]); d.Pages.Text == "" && count != "" {
		d.Pages = g.value(count + " p.")
	}
	d.Edition = g.value(g.word(n["bookEdition"]))
	for _, x := range many(n["license"]) {
		licence := g.word(x)
		if n, ok := x.(node); ok && g.word(n["url"]) != "" {
			licence = g.word(n["url"])
		}
		if d.Rights.Text == "" {
			d.Rights = g.value(licence)
		}
	}
	if d.Rights.Text == "" {
		d.Rights = g.value(g.word(n["copyrightNotice"]))
	}
}

// identify takes names of the work, and addresses of it and of its files.
func (g *graph) identify(d *Draft, n node) {
	address := func(v any) {
		for _, x := range many(v) {
			if s := g.word(x); s != "" {
				d.name(g.page.absolute(s))
			}
		}
	}
	for _, scheme := range []string{"doi", "isbn", "issn"} {
		for _, x := range many(n[scheme]) {
			d.identify(scheme, g.word(x))
		}
	}
	for _, x := range many(n["identifier"]) {
		named, ok := x.(node)
		if named = g.whole(named); !ok || named["value"] == nil {
			d.name(g.word(x))
			continue
		}
		scheme, value := g.word(named["propertyID"]), g.word(named["value"])
		if scheme == "" {
			scheme = g.word(named["name"])
		}
		d.nameIn(scheme, value)
	}
	id, _ := n["@id"].(string)
	if strings.Contains(id, "doi.org/10.") {
		d.name(id)
	}
	if url := g.word(n["url"]); url != "" {
		d.link(g.page.absolute(url))
	}
	address(n["sameAs"])
	for _, name := range []string{"encoding", "associatedMedia", "distribution"} {
		for _, x := range many(n[name]) {
			if file, ok := x.(node); ok {
				address(g.whole(file)["contentUrl"])
			}
		}
	}
	if d.Key = g.page.absolute(id); id == "" || strings.HasPrefix(id, "_:") {
		d.Key = g.page.absolute(g.word(n["url"]))
	}
	d.Links = distinct(d.Links)
	d.Originals, d.Translations = g.called(n["translationOfWork"]), g.called(n["workTranslation"])
}

// pair gives a work and its translations names, where they are described
// together and have none, so that each can be told of the other.
func (g *graph) pair(n node) {
	others := slices.Concat(many(n["translationOfWork"]), many(n["workTranslation"]))
	if len(others) == 0 {
		return
	}
	works := []node{n}
	for _, x := range others {
		if other, _ := x.(node); tellsMore(other) {
			works = append(works, other)
		}
	}
	for _, work := range works {
		title := g.word(work["name"])
		if title == "" {
			title = g.word(work["headline"])
		}
		if title != "" && work["@id"] == nil && work["url"] == nil {
			work["@id"] = "#" + title
		}
	}
}

// called gives the names of works by which their own drafts go, or would.
func (g *graph) called(v any) (names []string) {
	for _, x := range many(v) {
		name, _ := x.(string)
		if n, ok := x.(node); ok {
			if name, _ = n["@id"].(string); name == "" || strings.HasPrefix(name, "_:") {
				name = g.word(g.whole(n)["url"])
			}
		}
		if name = g.page.absolute(name); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// nameIn takes an identifier of a scheme that a source names in its own way.
func (d *Draft) nameIn(scheme, value string) {
	lower := strings.ToLower(scheme)
	for _, known := range []string{"doi", "isbn", "issn", "handle", "celex", "cets", "ilo-code", "urn"} {
		if strings.Contains(lower, known) {
			d.identify(known, value)
			return
		}
	}
	if strings.Contains(lower, "symbol") {
		d.identify("un-symbol", value)
		return
	}
	d.name(value)
}

func distinct(links []library.Link) (list []library.Link) {
	seen := map[string]bool{}
	for _, l := range links {
		if !seen[l.URL] {
			seen[l.URL] = true
			list = append(list, l)
		}
	}
	return list
}
