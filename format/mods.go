package format

import (
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"unicode"

	"waymark/library"
)

// nsMODS is the name space of MODS, the Metadata Object Description Schema of
// the Library of Congress, in all versions 3.x.
const nsMODS = "http://www.loc.gov/mods/v3"

// MODS reads records in MODS 3.x wherever they stand in an XML source: alone,
// in a collection, within METS, in an answer of OAI-PMH. Of names it takes
// authors, editors and publishers; of related items the one that the work
// stands in, and those that name a record of Waymark.
func MODS(r io.Reader) Drafts {
	return func(yield func(Draft, error) bool) {
		wanted := func(n xml.Name) bool {
			return n.Local == "mods" && (n.Space == nsMODS || n.Space == "mods" || n.Space == "")
		}
		elements(r, wanted, func(e *element, err error) bool {
			if err != nil {
				return yield(Draft{}, err)
			}
			return yield(modsDraft(e), nil)
		})
	}
}

// isMODS tells XML with records in MODS.
func isMODS(head []byte) bool { return isXML(head) && declares(head, nsMODS) && !isMARCXML(head) }

// modsGenres are words for genres in MODS, most of them of the MARC list, with
// those of kinds.
var modsGenres = map[string]string{"article": "Journal Article", "journal article": "Journal Article", "newspaper article": "Journal Article", "periodical": "Journal Article", "technical report": "Report",
	"government publication": "Report", "handbook": "Book", "book chapter": "Book Chapter", "bookitem": "Book Chapter", "dissertation": "Thesis", "theses": "Thesis", "academic theses": "Thesis",
	"conference publication": "Conference Paper", "conference paper": "Conference Paper", "law report or digest": "Legislation", "legal article": "Legislation", "legal case and case notes": "Legislation", "treaty": "Legislation",
	"numeric data": "Dataset", "database": "Dataset", "web site": "Web Page", "website": "Web Page", "motion picture": "Film", "videorecording": "Film", "moving image": "Film"}

func modsDraft(e *element) Draft {
	d := Draft{Line: e.line, Titles: library.Text{}}
	for _, c := range e.children {
		switch c.name.Local {
		case "titleInfo":
			d.modsTitle(c)
		case "name":
			d.modsName(c)
		case "originInfo":
			d.modsOrigin(c)
		case "language":
			d.modsLanguage(c)
		case "subject":
			d.modsSubject(c)
		case "relatedItem":
			d.modsRelated(c)
		case "part":
			d.modsPart(c)
		case "genre":
			d.modsKind(c)
		case "abstract":
			if s := squeeze(c.text); s != "" {
				speak(&d.Abstracts, c, s)
			}
		case "physicalDescription":
			if s := c.first("extent"); s != "" && d.Pages.Text == "" {
				d.Pages = Value{c.line, s}
			}
		case "accessCondition":
			d.modsRights(c)
		case "identifier", "location":
			d.modsFound(c)
		case "recordInfo":
			if d.Key == "" {
				d.Key = c.first("recordIdentifier")
			}
		}
	}
	if d.Category.Text == "" {
		d.Category = Value{e.line, modsGenres[e.first("typeOfResource")]}
	}
	return d
}

// modsWords joins the parts of a title.
func modsWords(c *element) string {
	title := c.first("title")
	if article := c.first("nonSort"); article != "" {
		sign := " "
		if strings.HasSuffix(article, "'") || strings.HasSuffix(article, "’") {
			sign = ""
		}
		title = article + sign + title
	}
	if sub := c.first("subTitle"); sub != "" {
		title = strings.TrimRight(title, " :") + ": " + sub
	}
	for _, part := range []string{c.first("partNumber"), c.first("partName")} {
		if part != "" {
			title += ". " + part
		}
	}
	return title
}

// modsTitle takes a title. An alternative that says its language stands for
// that language when it has no other; short and uniform titles are passed over.
func (d *Draft) modsTitle(c *element) {
	title := modsWords(c)
	if title == "" {
		return
	}
	switch c.attr["type"] {
	case "", "translated":
		speak(&d.Titles, c, title)
	case "alternative":
		if c.attr["lang"] != "" {
			speak(&d.Titles, c, title)
		}
	}
}

// modsName takes a name in its role; one without a role is an author's.
func (d *Draft) modsName(c *element) {
	name := modsNameOf(c)
	if name == "" {
		return
	}
	v := Value{c.line, name}
	to := &d.Authors
	if roles := c.named("role"); len(roles) > 0 {
		if to = d.modsRole(roles); to == nil {
			return
		}
	}
	*to = append(*to, v)
}

// modsRole gives the list for a role, nil for one that a Draft has no list for.
func (d *Draft) modsRole(roles []*element) *[]Value {
	for _, r := range roles {
		for word := range strings.FieldsFuncSeq(strings.ToLower(r.text), func(c rune) bool { return !unicode.IsLetter(c) }) {
			switch word {
			case "aut", "cre", "ctb", "cmp", "author", "creator", "contributor", "auteur", "autor", "автор":
				return &d.Authors
			case "edt", "com", "editor", "compiler":
				return &d.Editors
			case "pbl", "isb", "dgg", "publisher", "issuing", "grantor":
				return &d.Publishers
			}
		}
	}
	return nil
}

// modsNameOf gives "Family, Given, Suffix" for persons whose name is in parts,
// the parts of a body with full stops between them.
func modsNameOf(c *element) string {
	var plain []string
	parts := map[string]string{}
	for _, p := range c.named("namePart") {
		s := squeeze(p.text)
		switch kind := p.attr["type"]; kind {
		case "":
			if s != "" {
				plain = append(plain, s)
			}
		case "family", "given", "termsOfAddress":
			parts[kind] = squeeze(parts[kind] + " " + s)
		}
	}
	if parts["family"] == "" {
		plain = append(plain, strings.Fields(parts["given"])...)
		sign := " "
		if c.attr["type"] == "corporate" {
			sign = ". "
		}
		if len(plain) > 0 {
			return strings.Join(plain, sign)
		}
		return c.first("displayForm")
	}
	name := parts["family"]
	for _, part := range []string{parts["given"], parts["termsOfAddress"]} {
		if part != "" {
			name += ", " + part
		}
	}
	return name
}

// modsOrigin takes who published the work, when, and in which edition.
func (d *Draft) modsOrigin(c *element) {
	for _, p := range c.named("publisher") {
		if s := squeeze(p.text); s != "" {
			d.Publishers = append(d.Publishers, Value{p.line, s})
		}
	}
	if s := c.first("edition"); s != "" && d.Edition.Text == "" {
		d.Edition = Value{c.line, s}
	}
	for _, name := range []string{"dateIssued", "copyrightDate", "dateCreated"} {
		for _, date := range c.named(name) {
			d.modsDate(date)
		}
	}
}

var compactDate = regexp.MustCompile(`^(\d{4})(\d\d)(\d\d)(?:T.*)?$`)

// modsDate takes a date; what says one by the rules replaces what does not, and
// the day a year.
func (d *Draft) modsDate(c *element) {
	s := strings.Trim(squeeze(c.text), "[]()c©. ?")
	s = compactDate.ReplaceAllString(s, "$1-$2-$3")
	if m := datedForm.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	if s = slashed(s); s == "" {
		return
	}
	_, worse := library.ParseDate(d.Date.Text)
	if _, err := library.ParseDate(s); d.Date.Text == "" || err == nil && (worse != nil || strings.HasPrefix(s, d.Date.Text)) {
		d.Date = Value{c.line, s}
	}
}

// modsLanguage takes a language of the work, by its code where it has one;
// that of a part, such as a summary, is passed over.
func (d *Draft) modsLanguage(c *element) {
	if c.attr["objectPart"] != "" {
		return
	}
	var best Value
	for _, t := range c.named("languageTerm") {
		if s := squeeze(t.text); s != "" && (best.Text == "" || t.attr["type"] == "code") {
			best = Value{t.line, languageOf(s)}
		}
	}
	if best.Text != "" && best.Text != "zxx" && best.Text != "und" && best.Text != "mul" {
		d.Languages = append(d.Languages, best)
	}
}

// modsSubject takes each part of a heading by itself. A country or region is
// told by a place in a hierarchy only: other places may be towns.
func (d *Draft) modsSubject(c *element) {
	for _, p := range c.children {
		switch p.name.Local {
		case "hierarchicalGeographic":
			for _, place := range p.children {
				s := squeeze(place.text)
				switch v := (Value{place.line, s}); {
				case s == "":
				case place.name.Local == "country":
					d.Countries = append(d.Countries, v)
				case place.name.Local == "continent", place.name.Local == "region" && len(p.named("country")) == 0:
					d.Regions = append(d.Regions, v)
				default:
					d.Places = append(d.Places, v)
				}
			}
		case "geographic":
			if s := squeeze(p.text); s != "" {
				d.Places = append(d.Places, Value{p.line, s})
			}
		case "topic", "genre", "occupation":
			if s := squeeze(p.text); s != "" {
				d.Subjects = append(d.Subjects, Value{p.line, s})
			}
		case "name":
			if s := modsNameOf(p); s != "" {
				d.Subjects = append(d.Subjects, Value{p.line, s})
			}
		}
	}
}

// modsRelated takes what the work stands in, and relations to records of Waymark.
func (d *Draft) modsRelated(c *element) {
	kind := c.attr["type"]
	for _, rel := range modsRelations {
		for _, id := range c.named("identifier") {
			if s := squeeze(id.text); kind == rel.mods && id.attr["type"] == "waymark" && library.ID(s).Valid() {
				d.Relations = append(d.Relations, library.Relation{Type: rel.is, Target: library.ID(s)})
			}
		}
	}
	if kind != "host" && kind != "series" {
		return
	}
	for _, t := range c.named("titleInfo") {
		if t.attr["type"] != "" || t.first("title") == "" || d.Container.Text != "" && kind == "series" {
			continue
		}
		d.Volume = Value{} // a host says more than a series that came before
		if d.Container = (Value{t.line, modsWords(t)}); kind == "series" {
			d.Container.Text = t.first("title")
			if s := t.first("partNumber"); s != "" {
				d.Volume = Value{t.line, s}
			}
		}
		for _, p := range c.named("part") {
			d.modsPart(p)
		}
		return
	}
	if kind == "host" && d.Container.Text == "" {
		for _, p := range c.named("part") {
			d.modsPart(p)
		}
	}
}

// modsRelations are the types of related items that are relations.
var modsRelations = []struct {
	mods string
	is   library.RelationType
}{{"original", library.TranslationOf}, {"preceding", library.Supersedes}, {"host", library.PartOf}}

// modsPart takes where the work stands in another.
func (d *Draft) modsPart(c *element) {
	for _, detail := range c.named("detail") {
		number := detail.first("number")
		if number == "" {
			number = detail.first("caption")
		}
		switch v := (Value{detail.line, number}); {
		case number == "":
		case detail.attr["type"] == "volume":
			d.Volume = v
		case detail.attr["type"] == "issue", detail.attr["type"] == "number":
			d.Issue = v
		}
	}
	for _, extent := range c.named("extent") {
		pages := extent.first("list")
		if pages == "" {
			pages = extent.first("start")
			if end := extent.first("end"); end != "" && end != pages {
				pages += "-" + end
			}
		}
		if pages != "" && strings.HasPrefix(extent.attr["unit"]+"page", "page") {
			d.Pages = Value{extent.line, pages}
		}
	}
	for _, date := range c.named("date") {
		d.modsDate(date)
	}
}

// modsKind takes a genre, one that other formats share rather than another.
func (d *Draft) modsKind(c *element) {
	s := squeeze(c.text)
	if word := modsGenres[strings.ToLower(s)]; word != "" {
		s = word
	}
	if s != "" && (d.Category.Text == "" || kindWord(s) && !kindWord(d.Category.Text)) {
		d.Category = Value{c.line, s}
	}
}

// modsRights takes the conditions of use before those of access.
func (d *Draft) modsRights(c *element) {
	s := squeeze(c.text)
	if href := c.attr["href"]; strings.HasPrefix(href, "http") {
		s = href
	}
	if s != "" && (d.Rights.Text == "" || strings.HasPrefix(c.attr["type"], "use")) {
		d.Rights = Value{c.line, s}
	}
}

// modsFound takes what the work is named and found by.
func (d *Draft) modsFound(c *element) {
	if c.name.Local == "location" {
		for _, u := range c.named("url") {
			if u.attr["access"] != "preview" {
				d.link(squeeze(u.text))
			}
		}
		return
	}
	if c.attr["invalid"] != "yes" {
		d.typed(c.attr["type"], c.text)
	}
}

var schemeForm = regexp.MustCompile(`^[a-z][a-z0-9.+-]*$`)

// typed takes an identifier by its type. Numbers that mean something at one
// place only would make different works the same: they are passed over.
func (d *Draft) typed(scheme, s string) {
	s, scheme = squeeze(s), strings.ToLower(scheme)
	switch {
	case s == "":
	case scheme == "", scheme == "uri", scheme == "url":
		d.name(s)
	case scheme == "isbn":
		d.identify(scheme, isbnOf(s))
	case scheme == "local", scheme == "citekey", scheme == "other", !schemeForm.MatchString(scheme):
	default:
		d.identify(scheme, s)
	}
}
