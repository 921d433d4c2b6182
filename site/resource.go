package site

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"waymark/catalogue"
	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
)

// resourcePage is pages/resource.html: one publication with all that the
// library knows of it.
type resourcePage struct {
	frame
	Heading   text
	Category  link
	Authors   []link
	Date      string
	Year      link
	Open      []open
	Files     []held
	Inside    *inside
	Abstract  text
	In        string // the language of the abstract when it is not the reader's
	Abstracts []named
	Titles    []named
	Forms     []string
	Fields    []row
	Relations []relation
	Newer     []link
	Sources   []source
	Address   string
	Updated   string
	Edit      string // address of its form, for those who may change it
	Code      string // where a study of it is coded, for curators
	Preview   string // that the page is not published
	Locked    string // that its reader may not read it
	Studies   []link // in the evidence map
	Opening   string // when more of it opens to the reader
	Used      *used  // nil for those who are not told
	Cite      string
	Keep      link
}

// named is a text under the name of its language.
type named struct {
	Language string
	text
}

// open is a place that holds the publication.
type open struct {
	URL, Host string
	Gone      string // why the address may be of no use
}

// row is a field of the record with links to its values' pages.
type row struct {
	Label  string
	Values []link // without URL: plain text
}

type relation struct {
	Label  string
	Values []related
}

type related struct {
	URL, Note string
	Title     text
}

// source is a place that the record was read from.
type source struct {
	Heading string
	Stated  []row
}

func (s *Site) resource(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	viewer := serve.Viewer(r)
	id := library.ID(r.PathValue("id"))
	if upper := library.ID(strings.ToUpper(string(id))); upper != id && upper.Valid() {
		return &library.Error{Kind: library.Moved, To: upper}
	}
	rec, err := s.Catalogue.Record(r.Context(), viewer, id)
	if err != nil {
		return err
	}
	p, err := s.resourcePage(r, l, rec)
	if err != nil {
		return err
	}
	if !rec.Locked {
		s.countView(r, rec.ID)
		if err := s.machines(w, r, &p, rec); err != nil {
			return err
		}
	}
	return s.show(w, http.StatusOK, "resource", p)
}

// resourcePage makes the page of a record.
func (s *Site) resourcePage(r *http.Request, l *locale.Language, rec catalogue.Record) (p resourcePage, err error) {
	near, err := s.Catalogue.Neighbours(r.Context(), serve.Viewer(r), rec.Resource)
	if err != nil {
		return p, err
	}
	title, lang := rec.Title(l.Tag)
	p = resourcePage{frame: s.frame(r, l, title, "/r/"+string(rec.ID)), Heading: plain(title, lang), Authors: s.authors(l, rec)}
	p.Address = s.origin(r) + "/r/" + string(rec.ID)
	p.Cite, p.Keep = p.URL("/r/"+string(rec.ID)+"/cite"), keep(r, l, rec.ID)
	p.Date = l.Date(rec.Date)
	p.Updated = l.T("resource.updated", "Date", l.Day(rec.Updated))
	p.Forms = rec.Forms()
	s.abstracts(&p, rec.Resource)
	s.fields(&p, rec.Resource)
	printed(&p, rec)
	s.relations(&p, near)
	p.Files = s.held(l, rec.ID, rec.Files)
	if err := s.inside(r, &p, rec.Resource); err != nil {
		return p, err
	}
	if p.Open, err = s.open(r, l, rec.Resource); err != nil {
		return p, err
	}
	if p.Studies, err = s.fromStudies(r, l, rec.ID); err != nil {
		return p, err
	}
	if p.Used, err = s.used(r, l, rec.ID); err != nil {
		return p, err
	}
	for _, src := range rec.Sources {
		p.Sources = append(p.Sources, stated(l, src))
	}
	if v := serve.Viewer(r); v.Role >= library.Submitter && v.MayEdit(rec.Resource) {
		p.Edit = p.URL("/desk/r/" + string(rec.ID) + "/edit")
		if v.Role >= library.Curator {
			p.Code = p.URL("/desk/evidence/studies/new" + query("publication", string(rec.ID)))
		}
	}
	if rec.Locked {
		p.Locked, p.NoIndex, p.Sources, p.Address, p.Updated = l.T("resource.locked"), true, nil, "", ""
	}
	if rec.Opening != "" {
		p.Opening = l.T("resource.opens", "Date", l.Date(rec.Opening))
	}
	if rec.Status == library.Draft {
		p.Preview = l.T("resource.draft")
	}
	return p, nil
}

// open gives the places that hold the publication, with what a reader should
// know of one that may be gone.
func (s *Site) open(r *http.Request, l *locale.Language, rec *library.Resource) ([]open, error) {
	visits, err := s.Catalogue.Links(r.Context(), rec)
	if err != nil {
		return nil, err
	}
	var places, gone []open
	for _, v := range visits {
		u, err := url.Parse(v.URL)
		if err != nil {
			continue
		}
		o := open{URL: v.URL, Host: u.Host}
		if v.Broken() {
			o.Gone = l.T("resource.open.gone", "Date", l.Day(v.At))
			if len(rec.Files) > 0 {
				o.Gone += " " + l.T("resource.open.held")
			}
			gone = append(gone, o)
			continue
		}
		places = append(places, o)
	}
	return append(places, gone...), nil
}

// abstracts shows the abstract in the reader's language, or the one there is
// with its name, and titles and abstracts in other languages behind it.
func (s *Site) abstracts(p *resourcePage, r *library.Resource) {
	label := func(lang string) string { return s.Vocabularies.Languages.Label(lang, p.L.Tag) }
	abstract, lang := r.Abstract(p.L.Tag)
	if abstract != "" {
		p.Abstract = plain(abstract, lang)
		p.Lead = summary(abstract)
		if lang != p.L.Tag {
			p.In = label(lang)
		}
	}
	for _, other := range r.Abstracts.Languages() {
		if other != lang {
			p.Abstracts = append(p.Abstracts, named{label(other), plain(r.Abstracts[other], other)})
		}
	}
	for _, other := range r.Titles.Languages() {
		if other != p.Heading.Lang {
			p.Titles = append(p.Titles, named{label(other), plain(r.Titles[other], other)})
		}
	}
}

// summary cuts an abstract to the length that a page's description may have.
func summary(abstract string) string {
	const n = 200
	runes := []rune(strings.Join(strings.Fields(abstract), " "))
	if len(runes) <= n {
		return string(runes)
	}
	return string(runes[:n]) + "…"
}

func (s *Site) fields(p *resourcePage, r *library.Resource) {
	for _, f := range []library.Field{library.FieldCountry, library.FieldRegion, library.FieldTopic, library.FieldLanguage} {
		if values := r.Values(f); len(values) > 0 {
			key := "field." + string(f)
			if len(values) > 1 {
				key += ".plural"
			}
			p.Fields = append(p.Fields, row{p.L.T(key), s.links(p.L, f, values)})
		}
	}
	if c := s.links(p.L, library.FieldCategory, r.Values(library.FieldCategory)); len(c) > 0 {
		p.Category = c[0]
	}
	if y := s.links(p.L, library.FieldYear, r.Values(library.FieldYear)); len(y) > 0 {
		p.Year = y[0]
	}
	for _, id := range r.Identifiers {
		p.Fields = append(p.Fields, row{schemeName(p.L, id.Scheme), []link{{Label: id.Value}}})
	}
}

// printed shows how the work was published: by whom, in what, and where there.
func printed(p *resourcePage, rec catalogue.Record) {
	add := func(field string, values ...link) {
		if len(values) > 0 && values[0].Label != "" {
			p.Fields = append(p.Fields, row{p.L.T("field." + field), values})
		}
	}
	// A publisher has no list of its own: its works are found by its name.
	named := func(words string) string {
		return p.searchURL(search.Query{Text: `"` + strings.ReplaceAll(words, `"`, " ") + `"`})
	}
	creators := rec.Creators()
	var publishers, subjects []link
	for _, a := range rec.Named(rec.In(library.Publisher)) {
		if !slices.Contains(creators, a.ID) {
			name, _ := a.Names.In(p.L.Tag)
			publishers = append(publishers, link{Label: a.Label(p.L.Tag), URL: named(name)})
		}
	}
	for _, subject := range rec.Subjects {
		subjects = append(subjects, link{Label: subject, URL: named(subject)})
	}
	add("publisher", publishers...)
	if place := volume(rec.Resource); rec.Container != "" {
		add("container", link{Label: strings.TrimSuffix(rec.Container+", "+place, ", ")})
	} else {
		add("volume", link{Label: place})
	}
	add("pages", link{Label: rec.Pages})
	add("edition", link{Label: rec.Edition})
	add("subject", subjects...)
	add("rights", rights(rec.Rights))
}

// volume writes volume and issue as citations do: "3(2)".
func volume(r *library.Resource) string {
	if r.Issue == "" {
		return r.Volume
	}
	return r.Volume + "(" + r.Issue + ")"
}

// rights gives a statement as it is, and an address of a licence by its name.
func rights(statement string) link {
	u, err := url.Parse(statement)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return link{Label: statement}
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if strings.HasSuffix(u.Host, "creativecommons.org") && len(parts) >= 3 && parts[0] == "licenses" {
		return link{Label: "CC " + strings.ToUpper(parts[1]) + " " + parts[2], URL: statement}
	}
	return link{Label: u.Host, URL: statement}
}

// schemeName gives the name of an identifier's scheme, which is a proper name
// in every language, or the word for an identifier.
func schemeName(l *locale.Language, scheme string) string {
	switch scheme {
	case "doi", "isbn", "issn", "celex", "cets":
		return strings.ToUpper(scheme)
	case "un-symbol":
		return l.T("field.un-symbol")
	case "ilo-code":
		return l.T("field.ilo-code")
	}
	return l.T("field.identifier")
}

func (s *Site) relations(p *resourcePage, n catalogue.Neighbours) {
	add := func(key string, rs []*library.Resource, note func(*library.Resource) string) []related {
		var out []related
		for _, r := range rs {
			title, lang := r.Original()
			out = append(out, related{p.URL("/r/" + string(r.ID)), note(r), plain(title, lang)})
		}
		if len(out) > 0 && key != "" {
			p.Relations = append(p.Relations, relation{p.L.T(key), out})
		}
		return out
	}
	year := func(r *library.Resource) string { return p.L.Date(r.Date) }
	languages := func(r *library.Resource) string {
		var names []string
		for _, lang := range r.Languages {
			names = append(names, s.Vocabularies.Languages.Label(lang, p.L.Tag))
		}
		return p.L.List(names)
	}
	for _, to := range add("", n.Newer, year) {
		p.Newer = append(p.Newer, link{Label: to.Title.String() + ", " + to.Note, URL: to.URL})
	}
	add("resource.translations", n.Translations, languages)
	add("resource.older", n.Older, year)
	add("resource.whole", n.Whole, year)
	add("resource.parts", n.Parts, year)
}

// stated shows what a source says, in its own words.
func stated(l *locale.Language, src library.Source) source {
	out := source{Heading: l.T("resource.source", "Name", src.Name, "Line", l.Number(src.Line), "Date", l.Day(src.At))}
	for _, st := range src.Stated {
		var values []link
		for _, v := range st.Values {
			if !slices.ContainsFunc(values, func(l link) bool { return l.Label == v }) {
				values = append(values, link{Label: v})
			}
		}
		out.Stated = append(out.Stated, row{l.T("field." + st.Field), values})
	}
	return out
}
