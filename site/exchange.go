package site

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"waymark/catalogue"
	"waymark/describe"
	"waymark/format"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// representation is a form in which a record is given beside its page: by the end of its
// lasting address, or to who asks for its media type. A new one is a row of
// representations.
type representation struct {
	describe.Form
	Name   string // of the format of package format; empty for schema.org
	Unapi  string // its name for unAPI, by which Zotero knows it; empty for one that it does not
	Schema string // where it is documented, for unAPI
}

func representations() []representation {
	return []representation{
		{Form: describe.Form{Extension: ".jsonld", Type: "application/ld+json"}},
		{Form: describe.Form{Extension: ".json", Type: "application/json"}, Name: "jsonl"},
		{Form: describe.Form{Extension: ".ris", Type: "application/x-research-info-systems"}, Name: "ris", Unapi: "ris"},
		{Form: describe.Form{Extension: ".bib", Type: "application/x-bibtex"}, Name: "bibtex", Unapi: "bibtex"},
		{Form: describe.Form{Extension: ".csl", Type: "application/vnd.citationstyles.csl+json"}, Name: "csljson"},
		{Form: describe.Form{Extension: ".enw", Type: "application/x-endnote-refer"}, Name: "refer", Unapi: "refer"},
		{Form: describe.Form{Extension: ".marcxml", Type: "application/marcxml+xml"}, Name: "marcxml", Unapi: "marcxml", Schema: "http://www.loc.gov/MARC21/slim"},
		{Form: describe.Form{Extension: ".mods", Type: "application/mods+xml"}, Name: "mods", Unapi: "mods", Schema: "http://www.loc.gov/mods/v3"},
		{Form: describe.Form{Extension: ".datacite", Type: "application/vnd.datacite.datacite+xml"}, Name: "datacitexml"},
		{Form: describe.Form{Extension: ".mrc", Type: "application/marc"}, Name: "marc"},
		{Form: describe.Form{Extension: ".dc", Type: "application/xml"}, Name: "dc", Unapi: "oai_dc", Schema: "http://www.openarchives.org/OAI/2.0/oai_dc/"},
	}
}

// described gives the forms as links name them.
func described() []describe.Form {
	var list []describe.Form
	for _, f := range representations() {
		list = append(list, f.Form)
	}
	return list
}

// lasting answers the lasting address of a record: its page in the reader's
// language, or the record itself in the form that the end of the address or the
// Accept field asks for (RFC 9110, section 12.5.1).
func (s *Site) lasting(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	w.Header().Add("Vary", "Accept, Accept-Language")
	name := r.PathValue("id")
	id, end, _ := strings.Cut(name, ".")
	if end != "" {
		for _, f := range representations() {
			if f.Extension == "."+strings.ToLower(end) {
				return s.exchange(w, r, l, library.ID(strings.ToUpper(id)), f)
			}
		}
		return library.Errorf(library.NotFound, "records have no form %q", end)
	}
	if f := preferred(r.Header.Values("Accept")); f != nil {
		w.Header().Set("Content-Location", "/r/"+id+f.Extension)
		return s.exchange(w, r, l, library.ID(strings.ToUpper(id)), *f)
	}
	// A robot finds the signposts on the way to the page too.
	if rec, err := s.Catalogue.Record(r.Context(), serve.Viewer(r), library.ID(id)); err == nil {
		s.signpost(w, s.work(r, l, rec))
	}
	s.negotiate(w, r)
	return nil
}

// work gives a record as machines are told of it on a page.
func (s *Site) work(r *http.Request, l *locale.Language, rec catalogue.Record) describe.Work {
	origin := s.origin(r)
	return describe.Work{Record: rec, Vocabularies: s.Vocabularies, Origin: origin, Site: l.T("site.name"), Lang: l.Tag,
		Page: origin + "/" + l.Tag + "/r/" + string(rec.ID)}
}

func (s *Site) signpost(w http.ResponseWriter, work describe.Work) {
	w.Header().Set("Link", describe.Header(work.Signposts(described())))
}

// exchange answers a record in a form.
func (s *Site) exchange(w http.ResponseWriter, r *http.Request, l *locale.Language, id library.ID, f representation) error {
	rec, err := s.related(r.Context(), serve.Viewer(r), id)
	if to, ok := library.MovedTo(err); ok {
		http.Redirect(w, r, "/r/"+string(to)+f.Extension, http.StatusMovedPermanently)
		return nil
	}
	if err != nil {
		return err
	}
	work := s.work(r, l, rec)
	body, err := s.write(work, f)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", f.Type)
	if f.Type == "application/xml" || strings.HasPrefix(f.Type, "application/x-") {
		h.Set("Content-Type", f.Type+"; charset=utf-8")
	}
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Robots-Tag", "noindex") // the page is what a search engine shows
	h.Set("Link", describe.Header([]describe.Link{{Rel: "describes", Href: work.Address(), Type: "text/html"},
		{Rel: "linkset", Href: work.Linkset(), Type: describe.LinksetType}}))
	if _, err := w.Write(body); err != nil {
		return nil // the reader has gone
	}
	return nil
}

// related reads a record with those of its relations that the viewer may know of.
func (s *Site) related(ctx context.Context, v library.Viewer, id library.ID) (catalogue.Record, error) {
	rec, err := s.Catalogue.Record(ctx, v, id)
	if err == nil {
		err = s.Catalogue.Related(ctx, v, []catalogue.Record{rec})
	}
	return rec, err
}

// write writes a record in a form; its lasting address is among its links.
func (s *Site) write(work describe.Work, f representation) ([]byte, error) {
	if f.Name == "" {
		return work.SchemaOrg()
	}
	known, err := format.Named(f.Name)
	if err != nil {
		return nil, err
	}
	d := catalogue.Draft(work.Record, s.Vocabularies)
	if f.Name != "jsonl" { // which has the record's ID
		d.Links = append(slices.Clone(d.Links), library.Link{URL: work.Address()})
	}
	var b bytes.Buffer
	out := known.Write(&b)
	if err := out.Write(d); err != nil {
		return nil, fmt.Errorf("write the record %s as %s: %w", work.ID, f.Name, err)
	}
	if err := out.Close(); err != nil {
		return nil, fmt.Errorf("write the record %s as %s: %w", work.ID, f.Name, err)
	}
	return b.Bytes(), nil
}

// preferred gives the form that a reader asks for before a page; nil when that
// is the page, also for who takes anything or nothing that there is.
func preferred(accept []string) *representation {
	best, bestQ := (*representation)(nil), quality(accept, "text/html")
	for _, f := range representations() {
		// A form must be named: who takes anything is given the page.
		if q := ranged(accept, f.Type); q > bestQ {
			best, bestQ = &f, q
		}
	}
	return best
}

// quality gives how much a media type is wanted, from 0 to 1: by its name, else
// its kind, else as anything.
func quality(accept []string, kind string) float64 {
	top, _, _ := strings.Cut(kind, "/")
	for _, name := range []string{kind, top + "/*", "*/*"} {
		if q := ranged(accept, name); q >= 0 {
			return q
		}
	}
	if len(accept) == 0 {
		return 1
	}
	return 0
}

// ranged gives the quality of a media range that is named, -1 for one that is not.
func ranged(accept []string, name string) float64 {
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		kind, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(kind), name) {
			continue
		}
		for p := range strings.SplitSeq(params, ";") {
			if text, ok := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(p), " ", ""), "q="); ok {
				if q, err := strconv.ParseFloat(text, 64); err == nil && q >= 0 && q <= 1 {
					return q
				}
				return 0
			}
		}
		return 1
	}
	return -1
}

// linkset answers every link of a record, those of its files and forms among
// them (RFC 9264).
func (s *Site) linkset(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	rec, err := s.related(r.Context(), serve.Viewer(r), library.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	work := s.work(r, l, rec)
	body, err := describe.Set(append(work.Signposts(described()), work.BackLinks(described())...))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", describe.LinksetType)
	w.Header().Set("Cache-Control", "no-cache")
	if _, err := w.Write(body); err != nil {
		return nil // the reader has gone
	}
	return nil
}
