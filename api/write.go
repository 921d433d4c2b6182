package api

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/text/language"

	"waymark/curate"
	"waymark/library"
	"waymark/vocabulary"
)

// Draft is a resource as a client writes it: whole. Members that it leaves out
// are empty afterwards; files and sources stay as they are.
type Draft struct {
	Status       string            `json:"status,omitempty" enum:"published,draft" doc:"Where left out it stays; a new one is a draft"`
	Audience     string            `json:"audience,omitempty" maxLength:"60" doc:"Where left out it stays; a new one is public"`
	Titles       map[string]string `json:"titles" minProperties:"1" doc:"By BCP 47 tag; the first of languages is the original"`
	Abstracts    map[string]string `json:"abstracts,omitempty"`
	Contributors []Contribution    `json:"contributors,omitempty" nullable:"false" maxItems:"500"`
	Date         string            `json:"date,omitempty" doc:"EDTF level 0: 2015, 2015-12 or 2015-12-31"`
	Countries    []string          `json:"countries,omitempty" nullable:"false" maxItems:"300"`
	Regions      []string          `json:"regions,omitempty" nullable:"false" maxItems:"300"`
	Topics       []string          `json:"topics,omitempty" nullable:"false" maxItems:"300"`
	Category     string            `json:"category,omitempty"`
	Languages    []string          `json:"languages,omitempty" nullable:"false" maxItems:"50"`
	Identifiers  []Identifier      `json:"identifiers,omitempty" nullable:"false" maxItems:"100"`
	Links        []string          `json:"links,omitempty" nullable:"false" maxItems:"100"`
	Subjects     []string          `json:"subjects,omitempty" nullable:"false" maxItems:"300"`
	Container    string            `json:"container,omitempty" maxLength:"1000"`
	Volume       string            `json:"volume,omitempty" maxLength:"100"`
	Issue        string            `json:"issue,omitempty" maxLength:"100"`
	Pages        string            `json:"pages,omitempty" maxLength:"100"`
	Edition      string            `json:"edition,omitempty" maxLength:"200"`
	Rights       string            `json:"rights,omitempty" maxLength:"1000"`
	Relations    []Relation        `json:"relations,omitempty" nullable:"false" maxItems:"100"`
	Note         string            `json:"note,omitempty" maxLength:"1000" doc:"Why, for the record of edits"`
}

// Contribution is a contributor by ID or by name.
type Contribution struct {
	Agent string `json:"agent,omitempty" doc:"ID of the agent"`
	Name  string `json:"name,omitempty" maxLength:"500" doc:"Where there is no ID: the record of that name is taken, or a new one made"`
	Role  string `json:"role" enum:"author,editor,publisher"`
}

type writtenAnswer struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     Resource
}

func (a *API) writes(on huma.API) {
	huma.Register(on, writing(on, http.MethodPost, "create-resource", "/resources", "Create a resource",
		"Answers 409 when it is certainly a work that is there already. Members that are not known are refused.", http.StatusCreated),
		func(ctx context.Context, in *struct{ Body Draft }) (*writtenAnswer, error) {
			return a.save(ctx, &library.Resource{}, in.Body)
		})
	huma.Register(on, writing(on, http.MethodPut, "replace-resource", "/resources/{id}", "Change a resource",
		"Needs If-Match with the ETag of the version that the change was made from: 412 says that the record was changed since.", http.StatusOK),
		func(ctx context.Context, in *struct {
			Record
			Matching
			Body Draft
		}) (*writtenAnswer, error) {
			r, err := a.matched(ctx, in.ID, in.IfMatch)
			if err != nil {
				return nil, err
			}
			return a.save(ctx, r, in.Body)
		})
	huma.Register(on, writing(on, http.MethodDelete, "withdraw-resource", "/resources/{id}", "Withdraw a resource", "Its address answers 410 from then on. Needs If-Match.", http.StatusNoContent),
		func(ctx context.Context, in *struct {
			Record
			Matching
			Note string `query:"note" required:"true" minLength:"1" maxLength:"1000" doc:"Why: its address tells it"`
		}) (*struct{}, error) {
			r, err := a.matched(ctx, in.ID, in.IfMatch)
			if err != nil {
				return nil, err
			}
			_, err = a.Desk.Withdraw(ctx, viewer(ctx), r.ID, r.Version, in.Note)
			return nil, stale(ctx, err)
		})
}

// Matching is the version of a record that a change was made from.
type Matching struct {
	IfMatch string `header:"If-Match" doc:"ETag of the version that was read"`
}

// matched reads the record that a client means to change, in the version that
// it has read.
func (a *API) matched(ctx context.Context, id, tag string) (*library.Resource, error) {
	if tag == "" {
		return nil, problem(http.StatusPreconditionRequired, "Send If-Match with the ETag that the record was read with.")
	}
	r, err := a.Desk.Own(ctx, viewer(ctx), library.ID(id))
	if err != nil {
		return nil, answer(ctx, err, "/resources/")
	}
	if versionOf(tag) != r.Version {
		return nil, stale(ctx, library.Errorf(library.Conflict, "%s is of version %d, not %s", id, r.Version, tag))
	}
	return r, nil
}

// stale gives a conflict with a version that was named as 412.
func stale(ctx context.Context, err error) error {
	if library.KindOf(err) == library.Conflict {
		_, p := problemOf(ctx, err)
		p.Status, p.Title = http.StatusPreconditionFailed, http.StatusText(http.StatusPreconditionFailed)
		return p
	}
	return answer(ctx, err, "/resources/")
}

// curators refuses everyone else before anything of the request is looked at.
func curators(on huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if viewer(ctx.Context()).Role >= library.Curator {
			next(ctx)
			return
		}
		_, p := problemOf(ctx.Context(), library.Errorf(library.Forbidden, "writing is for curators"))
		if err := huma.WriteErr(on, ctx, p.Status, p.Detail); err != nil {
			logged(ctx.Context(), err)
		}
	}
}

// save writes a draft over a record.
func (a *API) save(ctx context.Context, r *library.Resource, d Draft) (*writtenAnswer, error) {
	create := r.ID == ""
	names, err := a.apply(ctx, r, d)
	if err != nil {
		return nil, err
	}
	saved, err := a.Desk.Put(ctx, viewer(ctx), r, names, d.Note)
	switch {
	case err != nil && !create:
		return nil, stale(ctx, err)
	case err != nil:
		return nil, answer(ctx, err, "/resources/")
	}
	rec, err := a.record(ctx, string(saved.ID))
	if err != nil {
		return nil, answer(ctx, err, "/resources/")
	}
	return &writtenAnswer{base + "/resources/" + string(saved.ID), strconv.Quote(strconv.FormatInt(saved.Version, 10)), a.resource(ctx, rec, nil)}, nil
}

// apply puts a draft in the place of what a record says, and checks that each
// value can be.
func (a *API) apply(ctx context.Context, r *library.Resource, d Draft) (curate.Named, error) {
	r.Status = cmp.Or(library.Status(d.Status), r.Status, library.Draft)
	r.Audience = cmp.Or(library.Audience(d.Audience), r.Audience, library.Public)
	r.Titles, r.Abstracts = d.Titles, d.Abstracts
	r.Countries, r.Regions, r.Topics, r.Category = d.Countries, d.Regions, d.Topics, d.Category
	r.Languages, r.Subjects, r.Container = d.Languages, d.Subjects, d.Container
	r.Volume, r.Issue, r.Pages, r.Edition, r.Rights = d.Volume, d.Issue, d.Pages, d.Edition, d.Rights
	r.Identifiers, r.Links, r.Relations, r.Contributors = nil, nil, nil, nil
	for _, id := range d.Identifiers {
		r.Identifiers = append(r.Identifiers, library.Identifier{Scheme: strings.ToLower(id.Scheme), Value: strings.TrimSpace(id.Value)})
	}
	for _, rel := range d.Relations {
		r.Relations = append(r.Relations, library.Relation{Type: library.RelationType(rel.Type), Target: library.ID(rel.Target)})
	}
	for i, address := range d.Links {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, invalid("body.links["+strconv.Itoa(i)+"]", "this is no web address: write https://…")
		}
		r.Links = append(r.Links, library.Link{URL: u.String()})
	}
	r.Date = ""
	if d.Date != "" {
		date, err := library.ParseDate(d.Date)
		if err != nil {
			return nil, invalid("body.date", err.Error())
		}
		r.Date = date
	}
	if err := a.known(viewer(ctx), d); err != nil {
		return nil, err
	}
	return a.contribute(ctx, r, d.Contributors)
}

// known checks codes against their vocabularies, and the languages of texts.
func (a *API) known(v library.Viewer, d Draft) error {
	for name, list := range map[string]struct {
		codes []string
		of    *vocabulary.List
	}{"countries": {d.Countries, a.Vocabularies.Countries}, "regions": {d.Regions, a.Vocabularies.Regions}, "topics": {d.Topics, a.Vocabularies.Topics},
		"languages": {d.Languages, a.Vocabularies.Languages}, "category": {single(d.Category), a.Vocabularies.Categories}} {
		for _, code := range list.codes {
			known := slices.ContainsFunc(terms(v, list.of), func(t Term) bool { return t.Code == code })
			if !known {
				return invalid("body."+name, strconv.Quote(code)+" is no code of the vocabulary "+list.of.Name)
			}
		}
	}
	for name, text := range map[string]map[string]string{"titles": d.Titles, "abstracts": d.Abstracts} {
		for tag, s := range text {
			if _, err := language.Parse(tag); err != nil || strings.TrimSpace(s) == "" || strings.TrimSpace(tag) != tag {
				return invalid("body."+name, strconv.Quote(tag)+" is no language, or has no text")
			}
		}
	}
	return nil
}

func single(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// contribute takes contributors by the IDs of agents that the viewer may know,
// or by name.
func (a *API) contribute(ctx context.Context, r *library.Resource, list []Contribution) (curate.Named, error) {
	names := curate.Named{}
	var known []library.ID
	for _, c := range list {
		known = append(known, library.ID(c.Agent))
	}
	agents, err := a.Catalogue.Agents(ctx, viewer(ctx), known)
	if err != nil {
		return nil, answer(ctx, err, "")
	}
	for i, c := range list {
		at := "body.contributors[" + strconv.Itoa(i) + "]"
		switch {
		case c.Agent != "" && agents[library.ID(c.Agent)] == nil:
			return nil, invalid(at+".agent", "there is no such agent")
		case c.Agent == "" && library.NameKey(c.Name) == "":
			return nil, invalid(at, "name the contributor by agent or by name")
		case c.Agent == "":
			names[i] = a.named(c.Name)
		}
		r.Contributors = append(r.Contributors, library.Contributor{Agent: library.ID(c.Agent), Role: library.ContributorRole(c.Role)})
	}
	return names, nil
}

// named gives the record that a name would have: an organisation's of the
// vocabulary where it is one.
func (a *API) named(name string) *library.Agent {
	t, ok := a.Vocabularies.Organisations.Find(name)
	if !ok {
		return library.NewAgent(name)
	}
	out := &library.Agent{Type: library.Organisation, Code: t.Code, Names: t.Labels, Acronym: t.Acronym, Website: t.Website}
	for _, v := range t.Variants {
		out.Variants = append(out.Variants, v.Text)
	}
	return out
}

// writing describes an operation for curators.
func writing(on huma.API, method, id, path, summary, description string, status int) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: base + path, Summary: summary, Description: description + " For curators.",
		Tags: []string{"Writing"}, DefaultStatus: status, MaxBodyBytes: 1 << 20, Middlewares: huma.Middlewares{curators(on)}}
}
