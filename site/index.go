package site

import (
	"net/http"
	"slices"

	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
	"waymark/vocabulary"
)

// indexPage is pages/index.html: every value of a field with its count.
type indexPage struct {
	frame
	Heading string
	Groups  []group
	Columns bool // many short entries, set in columns
	Files   []link
}

type group struct {
	Heading string
	Values  []link
}

// index shows the values of a field that publications have.
func (s *Site) index(f library.Field) handler {
	return func(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
		a, err := s.Searcher.Find(r.Context(), serve.Viewer(r), publications(), l.Tag)
		if err != nil {
			return err
		}
		p := indexPage{frame: s.frame(r, l, l.T("field."+string(f)+".plural"), "/"+section(f))}
		p.Heading, p.Lead = p.Title, l.T("browse."+string(f)+".lead")
		p.Columns = f == library.FieldCountry || f == library.FieldYear || f == library.FieldAuthor
		p.Groups = []group{{Values: p.valueLinks(f, ordered(l, f, a.Facets[f]))}}
		if f == library.FieldRegion {
			p.Groups[0].Heading = l.T("browse.field")
			p.Groups = append(p.Groups, group{l.T("browse.m49"), s.m49(l)})
		}
		p.Files = vocabularyFiles(f)
		return s.show(w, http.StatusOK, "index", p)
	}
}

// ordered sorts the values of a field as a reader looks for them: years
// latest first, names by the rules of the language, and kinds and topics, of
// which there are few, by count.
func ordered(l *locale.Language, f library.Field, values []search.Value) []search.Value {
	switch f {
	case library.FieldTopic, library.FieldCategory, library.FieldLanguage:
	case library.FieldYear:
		slices.SortFunc(values, func(a, b search.Value) int { return -l.Compare(a.Label, b.Label) })
	default:
		slices.SortFunc(values, func(a, b search.Value) int { return l.Compare(a.Label, b.Label) })
	}
	return values
}

func (f frame) valueLinks(field library.Field, values []search.Value) []link {
	var links []link
	for _, v := range values {
		links = append(links, link{Label: v.Label, URL: f.URL("/" + section(field) + "/" + v.Value), Count: f.L.Number(v.Count)})
	}
	return links
}

// m49 lists the United Nations' regions. They are not counted here: each
// repeats what the field's own regions hold.
func (s *Site) m49(l *locale.Language) []link {
	var codes []string
	for _, t := range s.Vocabularies.Regions.All() {
		if t.Scheme == vocabulary.M49 {
			codes = append(codes, t.Code)
		}
	}
	links := s.links(l, library.FieldRegion, codes)
	slices.SortFunc(links, func(a, b link) int { return l.Compare(a.Label, b.Label) })
	return links
}
