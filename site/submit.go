package site

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"waymark/catalogue"
	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
)

// submit shows the form of a new record, or one that was kept unsaved.
func (s *Site) submit(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	id := library.ID(r.URL.Query().Get("kept"))
	var err error
	if !id.Valid() {
		if id, err = s.Desk.NewID(); err != nil {
			return err
		}
	}
	rec, p := s.newRecord(r, l, id)
	kept, values, err := s.kept(r, id)
	if err != nil {
		return err
	}
	f := form{fields: library.Fields{library.FieldAudience: {string(library.Public)}}}
	if kept != nil {
		p.Restored, f = true, form{values: values}
	}
	return s.showForm(w, r, p, rec, f, nil)
}

// newRecord gives an empty record and the page of its form.
func (s *Site) newRecord(r *http.Request, l *locale.Language, id library.ID) (*library.Resource, editPage) {
	rec := &library.Resource{ID: id, Status: library.Draft, Audience: library.Public}
	p := s.editFrame(r, l, rec)
	p.New, p.Heading, p.Title = true, plain(l.T("desk.submit"), l.Tag), l.T("desk.submit")
	p.Action, p.Similar = p.URL("/desk/submit"), p.URL("/desk/similar")
	return rec, p
}

// saveSubmit takes the form of a new record. Where the library has records with
// such a title, the person is asked first.
func (s *Site) saveSubmit(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	fresh := library.Resource{}
	f, err := s.filled(w, r, l, &fresh)
	if err != nil {
		return err
	}
	rec, p := s.newRecord(r, l, fresh.ID)
	do := f.values.Get("do")
	if f.values.Get("other") == "" && (do == "save" || do == "publish") {
		near, err := s.similar(r, l, firstTitle(f.values))
		if err != nil {
			return err
		}
		if len(near) > 0 {
			p.Near, p.Problem = near, l.T("desk.near")
			return s.showForm(w, r, p, rec, f, nil)
		}
	}
	return s.saveForm(w, r, p, rec, f)
}

// nearest is how many records with such a title are shown.
const nearest = 5

// similar gives the records with a title like one that is being written, of
// those that the viewer sees.
func (s *Site) similar(r *http.Request, l *locale.Language, title string) ([]related, error) {
	v := serve.Viewer(r)
	ids, err := s.Similar.Near(r.Context(), v, title)
	if err != nil {
		return nil, err
	}
	records, err := s.Catalogue.Records(r.Context(), v, ids[:min(len(ids), nearest)])
	if err != nil {
		return nil, err
	}
	var out []related
	for _, rec := range records {
		t, lang := rec.Title(l.Tag)
		out = append(out, related{URL: "/" + l.Tag + "/r/" + string(rec.ID), Note: l.Date(rec.Date), Title: plain(t, lang)})
	}
	return out, nil
}

// similarTitles answers the records with a title like the one asked for, as
// JSON for the script of the form.
func (s *Site) similarTitles(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	title := r.URL.Query().Get("title")
	near, err := s.similar(r, l, title[:min(len(title), search.MaxText)])
	if err != nil {
		return err
	}
	found := []suggestion{}
	for _, n := range near {
		found = append(found, suggestion{Label: n.Title.String(), Kind: n.Note, URL: n.URL, Lang: n.Title.Lang, Dir: n.Title.Dir})
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(found)
}

// agentNames answers the names of persons and organisations that begin so, as
// JSON for the script of the form: those of works that the viewer sees.
func (s *Site) agentNames(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	words := r.URL.Query().Get("q")
	found, err := s.Searcher.Complete(r.Context(), v, words[:min(len(words), search.MaxText)], l.Tag)
	if err != nil {
		return err
	}
	var ids []library.ID
	for _, c := range found {
		if c.Field == library.FieldAuthor {
			ids = append(ids, library.ID(c.Value))
		}
	}
	agents, err := s.Catalogue.Agents(r.Context(), v, slices.Clone(ids))
	if err != nil {
		return err
	}
	names := []string{}
	for _, id := range ids {
		if a := agents[id]; a != nil {
			name, _ := a.Names.In(l.Tag)
			names = append(names, name)
		}
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	return json.NewEncoder(w).Encode(names)
}

// preview shows a filled-in form as the page that it would make.
func (s *Site) preview(w http.ResponseWriter, r *http.Request, l *locale.Language, rec *library.Resource, f form) error {
	made := *rec
	made.Contributors, made.Titles = nil, library.Text{}
	made.SetFields(f.fields)
	agents, err := s.Catalogue.Agents(r.Context(), serve.Viewer(r), made.AgentIDs())
	if err != nil {
		return err
	}
	for _, a := range f.agents {
		agents[a.ID] = a
	}
	full := catalogue.Record{Resource: &made}
	for _, id := range made.AgentIDs() {
		if a := agents[id]; a != nil {
			full.Agents = append(full.Agents, a)
		}
	}
	p, err := s.resourcePage(r, l, full)
	if err != nil {
		return err
	}
	p.NoIndex, p.Canonical, p.Preview = true, "", l.T("desk.preview.note")
	return s.show(w, http.StatusOK, "resource", p)
}

// query gives the values of an address for a redirect.
func query(pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return "?" + v.Encode()
}
