package skos

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/piprate/json-gold/ld"
)

// words are the terms of the written context, each with what it stands for.
func words() map[string]any {
	address := func(iri string) any { return map[string]string{"@id": iri, "@type": "@id"} }
	many := func(iri string) any { return map[string]string{"@id": iri, "@container": "@set"} }
	context := map[string]any{"skos": core, "dct": dct, "owl": owl, "xsd": xsd,
		"id": "@id", "type": "@type",
		"prefLabel":    map[string]string{"@id": core + "prefLabel", "@container": "@language"},
		"altLabel":     many(core + "altLabel"),
		"notation":     many(core + "notation"),
		"identifier":   dct + "identifier",
		"audience":     dct + "audience",
		"deprecated":   map[string]string{"@id": owl + "deprecated", "@type": xsd + "boolean"},
		"note":         map[string]string{"@id": core + "editorialNote", "@language": "en"},
		"inScheme":     address(core + "inScheme"),
		"topConceptOf": address(core + "topConceptOf"),
		"broader":      address(core + "broader"),
		"narrowMatch":  map[string]string{"@id": core + "narrowMatch", "@type": "@id", "@container": "@set"},
		"isReplacedBy": address(dct + "isReplacedBy"),
	}
	return context
}

// word gives the term of the context for a predicate.
func word(predicate string) string {
	switch predicate {
	case rdf + "type":
		return "type"
	case core + "editorialNote":
		return "note"
	}
	for _, space := range []string{core, dct, owl} {
		if len(predicate) > len(space) && predicate[:len(space)] == space {
			return predicate[len(space):]
		}
	}
	return predicate
}

// writeJSONLD writes JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/) with its
// context in the file, so that nobody asks another host for it.
func writeJSONLD(w io.Writer, s Scheme) error {
	var all []map[string]any
	for _, t := range s.triples() {
		if len(all) == 0 || all[len(all)-1]["id"] != t.subject {
			all = append(all, map[string]any{"id": t.subject})
		}
		one, name := all[len(all)-1], word(t.predicate)
		switch name {
		case "type":
			one[name] = "skos:" + t.object.iri[len(core):]
		case "prefLabel":
			labels, _ := one[name].(map[string]string)
			if labels == nil {
				labels = map[string]string{}
				one[name] = labels
			}
			labels[t.object.lang] = t.object.text
		case "altLabel", "notation", "narrowMatch":
			list, _ := one[name].([]any)
			one[name] = append(list, value(t.object))
		case "deprecated":
			one[name] = t.object.text == "true"
		case "note":
			one[name] = t.object.text
		default:
			one[name] = value(t.object)
		}
	}
	out := json.NewEncoder(w)
	out.SetIndent("", " ")
	out.SetEscapeHTML(false)
	if err := out.Encode(map[string]any{"@context": words(), "@graph": all}); err != nil {
		return fmt.Errorf("write the JSON-LD: %w", err)
	}
	return nil
}

func value(n node) any {
	switch {
	case n.iri != "":
		return n.iri
	case n.lang != "":
		return map[string]string{"@language": n.lang, "@value": n.text}
	case n.datatype != "":
		return map[string]string{"@type": n.datatype, "@value": n.text}
	}
	return n.text
}

// noLoader refuses to ask other hosts for the contexts of a file: whoever sends
// one could send the library's machine anywhere.
type noLoader struct{}

func (noLoader) LoadDocument(address string) (*ld.RemoteDocument, error) {
	return nil, fmt.Errorf("the context %s is at another host: put what it says into the file", address)
}

// deepestJSON bounds how far a document is nested: the reader of JSON-LD calls
// itself for every level.
const deepestJSON = 100

// readJSONLD reads JSON-LD.
func readJSONLD(content []byte) ([]triple, error) {
	if err := shallow(content); err != nil {
		return nil, err
	}
	document, err := ld.DocumentFromReader(bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("it is no JSON: %w", err)
	}
	options := ld.NewJsonLdOptions("")
	options.DocumentLoader = noLoader{}
	options.ProduceGeneralizedRdf = false
	dataset, err := ld.NewJsonLdProcessor().ToRDF(document, options)
	if err != nil {
		return nil, err
	}
	set, ok := dataset.(*ld.RDFDataset)
	if !ok {
		return nil, fmt.Errorf("it holds no statements")
	}
	var all []triple
	for _, q := range set.GetQuads("@default") {
		t := triple{subject: q.Subject.GetValue(), predicate: q.Predicate.GetValue()}
		if l, ok := q.Object.(ld.Literal); ok {
			t.object = node{text: l.Value, lang: l.Language, datatype: l.Datatype}
			if l.Datatype == xsd+"string" || l.Language != "" {
				t.object.datatype = ""
			}
		} else {
			t.object.iri = q.Object.GetValue()
		}
		all = append(all, t)
	}
	return all, nil
}

// shallow refuses documents that are nested too far.
func shallow(content []byte) error {
	d := json.NewDecoder(bytes.NewReader(content))
	for depth := 0; ; {
		token, err := d.Token()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("it is no JSON: %w", err)
		case token == json.Delim('{') || token == json.Delim('['):
			depth++
		case token == json.Delim('}') || token == json.Delim(']'):
			depth--
		}
		if depth > deepestJSON {
			return fmt.Errorf("it is nested more than %d deep", deepestJSON)
		}
	}
}
