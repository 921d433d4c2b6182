// Package skos writes the vocabularies as SKOS, the W3C's recommendation for
// thesauri (https://www.w3.org/TR/skos-reference/), and reads them back, in
// Turtle and in JSON-LD. It is pure.
package skos

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"waymark/library"
	"waymark/vocabulary"
)

// Format is a way of writing RDF.
type Format string

// The formats.
const (
	Turtle Format = "turtle"
	JSONLD Format = "jsonld"
)

// Formats gives all formats.
func Formats() []Format { return []Format{Turtle, JSONLD} }

// Ending is the ending of files in the format.
func (f Format) Ending() string { return map[Format]string{Turtle: "ttl", JSONLD: "jsonld"}[f] }

// Type is the media type of the format.
func (f Format) Type() string {
	return map[Format]string{Turtle: "text/turtle; charset=utf-8", JSONLD: "application/ld+json"}[f]
}

// Scheme is a vocabulary as it is exchanged.
type Scheme struct {
	List  string // name of the list
	Base  string // address below which all vocabularies have theirs, without a slash at its end
	Terms []vocabulary.Term
}

// Namespaces of the words that are used.
const (
	rdf  = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	core = "http://www.w3.org/2004/02/skos/core#"
	dct  = "http://purl.org/dc/terms/"
	owl  = "http://www.w3.org/2002/07/owl#"
	xsd  = "http://www.w3.org/2001/XMLSchema#"
)

// triple is one statement of RDF.
type triple struct {
	subject, predicate string // addresses; that of a blank node begins with _:
	object             node
}

// node is an address, or a literal with its language or type.
type node struct {
	iri            string
	text           string
	lang, datatype string
}

func (s Scheme) scheme() string { return s.Base + "/" + s.List }

// address gives the address of a term of a list.
func (s Scheme) address(list, code string) string { return s.Base + "/" + list + "/" + code }

// triples says everything that the scheme says, in the order of its terms.
func (s Scheme) triples() []triple {
	all := []triple{{s.scheme(), rdf + "type", node{iri: core + "ConceptScheme"}},
		{s.scheme(), dct + "identifier", node{text: s.List}}}
	for _, t := range s.Terms {
		me := s.address(s.List, t.Code)
		say := func(predicate string, object node) { all = append(all, triple{me, predicate, object}) }
		say(rdf+"type", node{iri: core + "Concept"})
		say(core+"inScheme", node{iri: s.scheme()})
		say(core+"notation", node{text: t.Code})
		for _, n := range []struct{ text, kind string }{{t.Alpha3, "alpha3"}, {t.M49, "m49"}} {
			if n.text != "" {
				say(core+"notation", node{text: n.text, datatype: s.Base + "#" + n.kind})
			}
		}
		for _, lang := range t.Labels.Languages() {
			if t.Labels[lang] != "" {
				say(core+"prefLabel", node{text: t.Labels[lang], lang: lang})
			}
		}
		for _, v := range t.Variants {
			say(core+"altLabel", node{text: v.Text, lang: v.Lang})
		}
		if t.Broader != "" {
			say(core+"broader", node{iri: s.address(s.List, t.Broader)})
		} else {
			say(core+"topConceptOf", node{iri: s.scheme()})
		}
		for _, m := range t.Members { // a region is wider than its countries, which are another scheme
			say(core+"narrowMatch", node{iri: s.address("countries", m)})
		}
		if t.Audience != "" {
			say(dct+"audience", node{text: t.Audience})
		}
		if t.Deprecated || t.Into != "" {
			say(owl+"deprecated", node{text: "true", datatype: xsd + "boolean"})
		}
		if t.Into != "" {
			say(dct+"isReplacedBy", node{iri: s.address(s.List, t.Into)})
			if t.Deprecated { // and not only because it was merged
				say(core+"editorialNote", node{text: "deprecated before it was merged", lang: "en"})
			}
		}
	}
	return all
}

// Write writes the scheme.
func Write(w io.Writer, f Format, s Scheme) error {
	switch f {
	case Turtle:
		return writeTurtle(w, s)
	case JSONLD:
		return writeJSONLD(w, s)
	}
	return library.Errorf(library.Invalid, "there is no format %q: choose from %v", f, Formats())
}

// maxFile bounds what is read of a file, in bytes.
const maxFile = 32 << 20

// Read reads the terms of a list. A concept has the code that its address below
// base has, else its notation, else one made of its name in English. The error, of
// kind Invalid, joins what is wrong with the file.
func Read(r io.Reader, f Format, list, base string) ([]vocabulary.Amendment, error) {
	content, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the %s: %w", f, err)
	}
	if len(content) > maxFile {
		return nil, library.Errorf(library.Invalid, "the file has more than %d bytes", maxFile)
	}
	var triples []triple
	switch f {
	case Turtle:
		triples, err = readTurtle(string(content))
	case JSONLD:
		triples, err = readJSONLD(content)
	default:
		err = fmt.Errorf("there is no format %q: choose from %v", f, Formats())
	}
	if err != nil {
		return nil, library.Errorf(library.Invalid, "read the %s: %w", f, err)
	}
	g := graph{list: list, base: base, of: map[string][]triple{}, codes: map[string]string{}}
	return g.terms(triples)
}

// graph is what a file says, by subject.
type graph struct {
	list, base string
	subjects   []string
	of         map[string][]triple
	codes      map[string]string // by the address of a concept
}

// terms makes terms of the concepts. Of a file with several schemes only the
// concepts of this list are taken, if any says so.
func (g *graph) terms(triples []triple) ([]vocabulary.Amendment, error) {
	for _, t := range triples {
		if _, there := g.of[t.subject]; !there {
			g.subjects = append(g.subjects, t.subject)
		}
		g.of[t.subject] = append(g.of[t.subject], t)
	}
	own := g.base + "/" + g.list
	var concepts []string
	for _, s := range g.subjects {
		if g.has(s, rdf+"type", core+"Concept") {
			concepts = append(concepts, s)
		}
	}
	if slices.ContainsFunc(concepts, func(s string) bool { return g.has(s, core+"inScheme", own) }) {
		concepts = slices.DeleteFunc(concepts, func(s string) bool { return !g.has(s, core+"inScheme", own) })
	}
	if len(concepts) == 0 {
		return nil, library.Errorf(library.Invalid, "the file has no skos:Concept")
	}
	from := map[string]string{}
	for _, s := range concepts {
		code := g.code(s)
		if code == "" {
			return nil, library.Errorf(library.Invalid, "the concept %s has no notation, and no name in English to make a code of", s)
		}
		if other, twice := from[code]; twice {
			return nil, library.Errorf(library.Invalid, "the concepts %s and %s both have the code %s: give one another notation", other, s, code)
		}
		from[code], g.codes[s] = s, code
	}
	var all []vocabulary.Amendment
	for _, s := range concepts {
		t, err := g.term(s)
		if err != nil {
			return nil, err
		}
		all = append(all, vocabulary.Amendment{List: g.list, Term: t})
	}
	return all, nil
}

func (g *graph) has(subject, predicate, object string) bool {
	return slices.ContainsFunc(g.of[subject], func(t triple) bool { return t.predicate == predicate && t.object.iri == object })
}

// country is the address of a country, in this library or another of the kind.
var country = regexp.MustCompile(`/countries/([A-Z]{2})$`)

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// code gives the code of a concept, see Read.
func (g *graph) code(subject string) string {
	if rest, ok := strings.CutPrefix(subject, g.base+"/"+g.list+"/"); ok && rest != "" && !strings.Contains(rest, "/") {
		return rest
	}
	var notation, label string
	for _, t := range g.of[subject] {
		switch {
		case t.predicate == core+"notation" && !strings.Contains(t.object.datatype, "#alpha3") && !strings.Contains(t.object.datatype, "#m49"):
			notation = cmp.Or(notation, t.object.text)
		case t.predicate == core+"prefLabel" && t.object.lang == "en":
			label = t.object.text
		}
	}
	return cmp.Or(notation, Slug(label))
}

// Slug makes a code of a name in Latin letters: "Online scams" gives
// online-scams.
func Slug(name string) string {
	s := strings.Trim(notSlug.ReplaceAllString(strings.ToLower(name), "-"), "-")
	if s != "" && s[0] <= '9' {
		s = "n" + s
	}
	return strings.Trim(s[:min(len(s), 60)], "-")
}

// term reads one concept.
func (g *graph) term(subject string) (vocabulary.Term, error) {
	t := vocabulary.Term{Code: g.codes[subject], Labels: library.Text{}}
	noted := false
	for _, s := range g.of[subject] {
		o := s.object
		lang, _, _ := strings.Cut(strings.ToLower(o.lang), "-")
		switch s.predicate {
		case core + "prefLabel":
			if _, twice := t.Labels[lang]; twice {
				return t, library.Errorf(library.Invalid, "the concept %s has two preferred names in %q", subject, lang)
			}
			t.Labels[lang] = clean(o.text)
		case core + "altLabel", core + "hiddenLabel":
			if v := (vocabulary.Variant{Lang: lang, Text: clean(o.text)}); !slices.Contains(t.Variants, v) {
				t.Variants = append(t.Variants, v)
			}
		case core + "notation":
			switch {
			case strings.HasSuffix(o.datatype, "#alpha3"):
				t.Alpha3 = o.text
			case strings.HasSuffix(o.datatype, "#m49"):
				t.M49 = o.text
			}
		case core + "broader":
			t.Broader = g.codes[o.iri]
		case core + "narrowMatch":
			if m := country.FindStringSubmatch(o.iri); m != nil {
				t.Members = append(t.Members, m[1])
			}
		case dct + "audience":
			t.Audience = o.text
		case owl + "deprecated":
			t.Deprecated = o.text == "true" || o.text == "1"
		case dct + "isReplacedBy":
			t.Into = cmp.Or(g.codes[o.iri], o.iri)
		case core + "editorialNote":
			noted = true
		}
	}
	t.Deprecated = t.Deprecated && (t.Into == "" || noted)
	return g.complete(t), nil
}

var threeDigits = regexp.MustCompile(`^\d{3}$`)

// complete fills what SKOS has no word for and other lists need.
func (g *graph) complete(t vocabulary.Term) vocabulary.Term {
	slices.Sort(t.Members)
	t.Members = slices.Compact(t.Members)
	switch g.list {
	case "regions":
		if t.Scheme = vocabulary.FieldScheme; threeDigits.MatchString(t.Code) {
			t.Scheme = vocabulary.M49
		}
	case "categories":
		t.Audience = cmp.Or(t.Audience, string(library.Public))
	}
	return t
}

// clean gives a name on one line.
func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// resolve makes an address of one that may be relative to another.
func resolve(base, ref string) (string, error) {
	u, err := url.Parse(ref)
	if err != nil {
		return "", fmt.Errorf("%.80q is no address", ref)
	}
	if u.IsAbs() || base == "" {
		return ref, nil
	}
	b, err := url.Parse(base)
	if err != nil {
		return "", fmt.Errorf("%.80q is no address", base)
	}
	return b.ResolveReference(u).String(), nil
}

// FormatOf gives the format of a file by the ending of its name: Turtle but for
// those of JSON.
func FormatOf(name string) Format {
	if name = strings.ToLower(name); strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".jsonld") {
		return JSONLD
	}
	return Turtle
}
