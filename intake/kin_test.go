package intake

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/feed"
	"waymark/fetch"
	"waymark/format"
	"waymark/library"
)

// TestKin: where a source calls a work a translation of another, in whatever
// order and by whatever name, the relation is proposed once, and the two are
// not taken for one.
func TestKin(t *testing.T) {
	work := func(key, title, lang string, change func(*format.Draft)) format.Draft {
		d := format.Draft{Key: key, Titles: library.Text{lang: title}, Languages: []format.Value{{Text: lang}}, Date: format.Value{Text: "2015"},
			Authors: []format.Value{{Text: "Gusak, Nataliya"}}}
		if change != nil {
			change(&d)
		}
		return d
	}
	of := func(names ...string) func(*format.Draft) { return func(d *format.Draft) { d.Originals = names } }
	has := func(names ...string) func(*format.Draft) { return func(d *format.Draft) { d.Translations = names } }
	at := func(address string) func(*format.Draft) {
		return func(d *format.Draft) { d.Links = []library.Link{{URL: address}} }
	}
	en := work("en", "Shelter standards for the first days", "en", nil)
	fr := work("fr", "Normes d’accueil", "fr", nil)
	with := func(d format.Draft, change func(*format.Draft)) format.Draft { change(&d); return d }
	for _, c := range []struct {
		name    string
		sources [][]format.Draft // each imported by itself
		want    string
	}{
		{"the translation names its original, which is there", [][]format.Draft{{en}, {with(fr, of("en"))}}, "fr of en"},
		{"the translation comes first", [][]format.Draft{{with(fr, of("en")), en}}, "fr of en"},
		{"the original names its translation, both ways in one file", [][]format.Draft{{with(en, has("fr")), with(fr, of("en"))}}, "fr of en"},
		{"by its address", [][]format.Draft{{with(en, at("https://www.a.example/en/"))}, {with(fr, of("http://a.example/en"))}}, "fr of en"},
		{"by its DOI", [][]format.Draft{{with(en, func(d *format.Draft) { d.Identifiers = []library.Identifier{{Scheme: "doi", Value: "10.1234/abc"}} })}, {with(fr, of("https://doi.org/10.1234/ABC"))}}, "fr of en"},
		{"not by the page on which it stands with others", [][]format.Draft{{with(en, at("https://a.example/p"))}, {with(fr, of("https://a.example/p#other"))}}, ""},
		{"one title in one language", [][]format.Draft{{en}, {with(work("it", "Shelter standards for the first days", "en", nil), of("en"))}}, "it of en"},
		{"again", [][]format.Draft{{en}, {with(fr, of("en"))}, {with(fr, of("en")), with(en, has("fr"))}}, "fr of en"},
		{"what was named is not there", [][]format.Draft{{with(fr, of("en", "https://a.example/en"))}}, ""},
		{"itself", [][]format.Draft{{with(fr, of("fr"))}}, ""},
		{"by a record that is merged", [][]format.Draft{{en, work("nf", "Normes d’accueil", "fr", nil)}, {with(fr, of("en"))}}, "nf of en"},
	} {
		for _, harvest := range []bool{false, true} {
			d := newDesk(t)
			if harvest {
				d.im.History = d.st
			}
			for _, drafts := range c.sources {
				_, err := d.im.Import(t.Context(), "s", func(yield func(format.Draft, error) bool) {
					for _, draft := range drafts {
						if !yield(draft, nil) {
							return
						}
					}
				})
				if err != nil {
					t.Fatal(c.name, err)
				}
			}
			if got := d.proposals(); got != c.want {
				t.Errorf("%s (harvest %t): %q is proposed, want %q", c.name, harvest, got, c.want)
			}
		}
	}
}

// proposals gives the open pairs by the keys of their records at the source.
func (d *desk) proposals() string {
	d.t.Helper()
	entries, err := d.st.Scan(d.t.Context(), library.House(), library.KindPair, "", 0)
	if err != nil {
		d.t.Fatal(err)
	}
	key := func(id library.ID) string {
		e, err := d.st.Entry(d.t.Context(), library.House(), id)
		if err != nil {
			d.t.Fatal(err)
		}
		r, err := library.ResourceOf(e)
		if err != nil {
			d.t.Fatal(err)
		}
		return r.Sources[0].Key
	}
	var all []string
	for _, e := range entries {
		p, err := library.PairOf(e)
		if err != nil {
			d.t.Fatal(err)
		}
		to := p.A
		if to == p.From {
			to = p.B
		}
		if p.Proposed != library.TranslationOf || p.Decision != "" {
			d.t.Errorf("the pair is %+v", p)
		}
		all = append(all, fmt.Sprintf("%s of %s", key(p.From), key(to)))
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// TestKinOfPages: the way of a page with schema.org, as a file and by a sitemap.
func TestKinOfPages(t *testing.T) {
	const page = `<html><script type="application/ld+json">{"@context":"https://schema.org","@type":"Report","name":"Normes d’accueil","inLanguage":"fr","author":"IOM",
"translationOfWork":{"@type":"Report","name":"Shelter standards for the first days","inLanguage":"en","author":"IOM"},"workTranslation":{"@id":"https://a.example/ru"}}</script>`
	d := newDesk(t)
	if rep := d.add("page.html", page); rep.Added != 2 {
		t.Fatalf("%+v", rep)
	}
	if got, want := d.proposals(), "#Normes d’accueil of #Shelter standards for the first days"; got != want {
		t.Errorf("%q is proposed, want %q", got, want)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/sitemap.xml":
			fmt.Fprintf(w, "<urlset><url><loc>http://%s/p</loc></url></urlset>", r.Host)
		case "/p":
			fmt.Fprint(w, page)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer s.Close()
	d = newDesk(t)
	d.im.History = d.st
	source := &library.Harvest{Name: "map", URL: s.URL + "/sitemap.xml", Type: library.HarvestSitemap}
	source.ID, _ = library.NewID(d.im.Now(), d.im.Entropy)
	h := Harvester{Importer: d.im, Source: source, Feed: &feed.Client{Address: source.URL, Web: &fetch.Client{AllowPrivate: true, Pause: time.Microsecond}}}
	if rep, err := h.Run(t.Context()); err != nil || rep.Added != 2 {
		t.Fatalf("%+v, %v", rep, err)
	}
	// Its own address is in front of a name that a work has on its page.
	if got, want := d.proposals(), s.URL+"/p#"+s.URL+"/p#Normes%20d%E2%80%99accueil of "+s.URL+"/p#"+s.URL+"/p#Shelter%20standards%20for%20the%20first%20days"; got != want {
		t.Errorf("%q is proposed, want %q", got, want)
	}
}
