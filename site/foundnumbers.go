package site

import (
	"net/http"
	"strconv"
	"strings"

	"waymark/evidence"
	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
)

// others shows what a search found beside publications and sections of guides:
// studies and indicators, by their IDs.
func (s *Site) others(r *http.Request, l *locale.Language, rest []library.ID, wanted []search.Expression) (map[library.ID]card, error) {
	v := serve.Viewer(r)
	view, err := s.Evidence.View(r.Context(), v)
	if err != nil {
		return nil, err
	}
	numbers, err := s.Indicators.View(r.Context(), v)
	if err != nil {
		return nil, err
	}
	out := map[library.ID]card{}
	for id, st := range view.Hits(rest) {
		title, lang := st.Titles.In(append([]string{l.Tag}, st.Languages...)...)
		c := card{L: l, URL: "/" + l.Tag + "/evidence/studies/" + string(id), Title: marked(title, lang, wanted), Abstract: passage(cellsOf(view, st, l.Tag), l.Tag, wanted, excerpt),
			Category: link{Label: s.kindName(library.KindOfStudy, l) + ": " + view.Words.Kinds.Label(st.Kind, l.Tag), URL: "/" + l.Tag + "/evidence"}}
		if st.Year > 0 {
			c.Year = link{Label: strconv.Itoa(st.Year), URL: "/" + l.Tag + "/evidence/studies?year=" + strconv.Itoa(st.Year)}
		}
		for _, code := range st.Countries {
			c.Places = append(c.Places, link{Label: s.Vocabularies.Countries.Label(code, l.Tag), URL: "/" + l.Tag + "/evidence/studies?country=" + code})
		}
		out[id] = c
	}
	for id, ind := range numbers.Hits(rest) {
		last := ind.Last()
		title, lang := last.Titles.In(l.Tag)
		definition, other := last.Definition.In(l.Tag)
		out[id] = card{L: l, URL: "/" + l.Tag + "/indicators/" + ind.Code, Title: marked(title, lang, wanted), Abstract: passage(definition, other, wanted, excerpt),
			Category: link{Label: s.kindName(library.KindOfIndicator, l) + ": " + numbers.Words.Pillars.Label(last.Pillar, l.Tag), URL: "/" + l.Tag + "/indicators#" + last.Pillar}}
	}
	return out, nil
}

func (s *Site) kindName(kind string, l *locale.Language) string {
	return s.Vocabularies.Field(library.FieldKind).Label(kind, l.Tag)
}

// cellsOf names the cells in which a study stands.
func cellsOf(view evidence.View, st *evidence.Study, lang string) string {
	f, ok := view.Framework(st.Framework)
	if !ok {
		return ""
	}
	rows, columns := f.Trees[0].List(), f.Trees[1].List()
	var cells []string
	for _, c := range st.Codings {
		if c.Counts() {
			cells = append(cells, rows.Label(c.Intervention, lang)+" × "+columns.Label(c.Outcome, lang))
		}
	}
	return strings.Join(cells, " · ")
}

// coded says of publications in a list that they are coded studies.
func (s *Site) coded(r *http.Request, l *locale.Language, cards []card, ids []library.ID) error {
	view, err := s.Evidence.View(r.Context(), serve.Viewer(r))
	if err != nil {
		return err
	}
	about := view.About(ids...)
	for i, id := range ids {
		for _, st := range about[id] {
			cards[i].Coded = append(cards[i].Coded, link{Label: view.Words.Kinds.Label(st.Kind, l.Tag), URL: "/" + l.Tag + "/evidence/studies/" + string(st.ID)})
		}
	}
	return nil
}
