package app

import (
	"net/url"
	"strings"
	"testing"

	"waymark/evidence"
	"waymark/library"
	"waymark/search"
)

// TestOneSearchFindsStudiesAndIndicators: by their title, by what they are
// coded for and by definition, in the language of the reader; and a publication
// that is found says that it is coded.
func TestOneSearchFindsStudiesAndIndicators(t *testing.T) {
	h, site := demoSite(t)
	for _, c := range []struct{ path, want string }{
		{"/en/search?kind=study&q=shelter", "/en/evidence/studies/"},
		{"/fr/search?kind=study&q=h%C3%A9bergement", "/fr/evidence/studies/"},
		{"/ar/search?kind=study&q=" + url.QueryEscape("المأوى"), "/ar/evidence/studies/"},
		{"/zh/search?kind=study&q=" + url.QueryEscape("庇护"), "/zh/evidence/studies/"},
		{"/en/search?q=safe+place+within+48+hours", "/en/indicators/shelter-in-time"},
		{"/ru/search?kind=indicator&q=" + url.QueryEscape("безопасное место"), "/ru/indicators/shelter-in-time"},
		{"/en/search?kind=indicator&q=share+of+identified+persons", "/en/indicators/shelter-in-time"},
		{"/en/search?kind=publication&q=armed+conflict+ukraine", "In the evidence map"},
	} {
		if body := ok(t, site+c.path); !strings.Contains(body, c.want) {
			t.Errorf("%s does not lead to %s", c.path, c.want)
		}
	}
	body := ok(t, site+"/en/search?q=trafficking")
	first := strings.Index(body, `<article class="card">`)
	if card, _, _ := strings.Cut(body[first:], "</article>"); strings.Contains(card, "/evidence/studies/") && !strings.Contains(card, `href="/en/r/`) {
		t.Errorf("a study stands before the publications:\n%s", card)
	}
	for _, kind := range []string{"Study", "Indicator"} {
		if !strings.Contains(body, kind) && !strings.Contains(ok(t, site+"/en/search/values/kind?q=trafficking"), kind) {
			t.Errorf("the kinds that are found do not name %s", kind)
		}
	}
	if n, err := h.follower.Check(t.Context(), func(d search.Difference) { t.Errorf("%s is %s", d.ID, d.What) }); err != nil || n < 150 {
		t.Errorf("%d documents (%v)", n, err)
	}
}

// TestStudiesAreFoundAsTheirPublications: a study is found by those who see a
// publication of it, at every moment; a draft of one by curators.
func TestStudiesAreFoundAsTheirPublications(t *testing.T) {
	h, _ := demoSite(t)
	desk := h.evidenceDesk()
	s, err := desk.Begin(t.Context(), ana, palermo)
	if err != nil {
		t.Fatal(err)
	}
	f := s.Fields()
	f["kind"], f["title.en"] = []string{"qualitative"}, []string{"A Quokka Study"}
	id, err := desk.Describe(t.Context(), ana, evidence.Change{Fields: f}, false)
	if err != nil {
		t.Fatal(err)
	}
	staff := library.Viewer{Audiences: []library.Audience{library.Staff}}
	found := func(when string, anyone, members, curators int) {
		t.Helper()
		if err := h.follower.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			who  string
			v    library.Viewer
			want int
		}{{"anyone", library.Viewer{}, anyone}, {"staff", staff, members}, {"a curator", ana, curators}} {
			if got := total(t, h, c.v, queryText("quokka")); got != c.want {
				t.Errorf("%s %s finds %d, want %d", when, c.who, got, c.want)
			}
		}
	}
	found("as a draft", 0, 0, 1)
	f["reread"] = []string{"yes"}
	if _, err = desk.Describe(t.Context(), ana, evidence.Change{ID: id, Base: 1, Fields: f}, true); err != nil {
		t.Fatal(err)
	}
	found("published", 1, 1, 1)
	edit(t, h, palermo, func(e *library.Entry, _ *library.Resource) { e.Audience = library.Staff })
	found("with a publication for staff", 0, 1, 1)
	edit(t, h, palermo, func(e *library.Entry, _ *library.Resource) { e.Status = library.Withdrawn })
	found("with a withdrawn publication", 0, 0, 0)
	if _, err := h.follower.Check(t.Context(), func(d search.Difference) { t.Errorf("%s is %s", d.ID, d.What) }); err != nil {
		t.Error(err)
	}
}
