// Package describe says of a record to machines what its page says to readers:
// as schema.org in JSON-LD, as tags in the head of a page (Highwire, Dublin Core,
// Open Graph), and as typed links (Signposting).
package describe

import (
	"net/url"
	"strings"

	"waymark/catalogue"
	"waymark/library"
	"waymark/vocabulary"
)

// Work is a record on its way to machines.
type Work struct {
	catalogue.Record
	Vocabularies *vocabulary.Vocabularies
	Origin       string // scheme and host of the library
	Site         string // name of the library
	Lang         string // of the page, BCP 47
	Page         string // address of the page in that language
}

// Address gives the lasting address of the record.
func (w Work) Address() string { return w.Origin + "/r/" + string(w.ID) }

// doi gives the DOI as an address, "" without one.
func (w Work) doi() string {
	for _, id := range w.Identifiers {
		if id.Scheme == "doi" {
			return "https://doi.org/" + (&url.URL{Path: id.Value}).EscapedPath()
		}
	}
	return ""
}

// Cite gives the address by which the work is cited: its DOI, else the lasting
// address of its record.
func (w Work) Cite() string {
	if doi := w.doi(); doi != "" {
		return doi
	}
	return w.Address()
}

// open gives the files that all who see the record see.
func (w Work) open() []library.File {
	var files []library.File
	for _, f := range w.Files {
		if f.Audience == "" {
			files = append(files, f)
		}
	}
	return files
}

// file gives the address of a file.
func (w Work) file(f library.File) string {
	return w.Address() + "/files/" + f.Digest + "/" + url.PathEscape(f.Name)
}

// cover gives the address of the picture of the first page that there is.
func (w Work) cover() string {
	for _, f := range w.open() {
		if f.Cover {
			return w.Address() + "/covers/" + f.Digest + "/2"
		}
	}
	return ""
}

// licence gives the statement of rights when it is an address.
func (w Work) licence() string {
	u, err := url.Parse(w.Rights)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return w.Rights
}

// languages gives the languages of the work that are known.
func (w Work) languages() []string {
	var tags []string
	for _, lang := range w.Languages {
		if known(lang) {
			tags = append(tags, lang)
		}
	}
	return tags
}

// agentSchemes are the schemes of identifiers of persons and organisations, those
// first that they gave themselves.
func agentSchemes() []string { return []string{"orcid", "ror", "isni", "wikidata", "viaf"} }

// agentAddresses gives the addresses that identifiers are written as, those
// first that say most surely who is meant.
func agentAddresses(a *library.Agent) []string {
	var all []string
	for _, scheme := range agentSchemes() {
		for _, id := range a.Identifiers {
			if address := agentAddress(id); id.Scheme == scheme && address != "" {
				all = append(all, address)
			}
		}
	}
	return all
}

// agentAddress gives the address that an identifier of a person or an
// organisation is written as, "" for one that has none.
func agentAddress(id library.Identifier) string {
	switch id.Scheme {
	case "orcid":
		return "https://orcid.org/" + id.Value
	case "isni":
		return "https://isni.org/isni/" + strings.ReplaceAll(id.Value, "-", "")
	case "ror":
		return "https://ror.org/" + id.Value
	case "viaf":
		return "https://viaf.org/viaf/" + id.Value
	case "wikidata":
		return "http://www.wikidata.org/entity/" + id.Value
	}
	return ""
}

// label gives the name of a code in the language of the page.
func (w Work) label(f library.Field, code string) string {
	return w.Vocabularies.Field(f).Label(code, w.Lang)
}

// squeeze writes any white space as one space.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// known tells whether a tag says which language it is.
func known(lang string) bool { return lang != "" && lang != library.Undetermined }
