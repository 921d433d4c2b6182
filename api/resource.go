package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"waymark/catalogue"
	"waymark/library"
)

// Resource is a work as the API gives it. Its schema is published at
// /api/v1/schemas/Resource.json.
type Resource struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	ID           string            `json:"id" doc:"ULID; names the record for ever" pattern:"^[0-9A-HJKMNP-TV-Z]{26}$"`
	Address      string            `json:"address,omitempty" doc:"Of the page for people"`
	Version      int64             `json:"version,omitempty"`
	Status       string            `json:"status,omitempty" enum:"published,draft"`
	Locked       bool              `json:"locked,omitempty" doc:"It is listed for you, not open: its title is all that is told"`
	Audience     string            `json:"audience,omitempty" doc:"Who may see it: public, staff …"`
	Created      *time.Time        `json:"created,omitempty"`
	Updated      *time.Time        `json:"updated,omitempty"`
	Titles       map[string]string `json:"titles,omitempty" doc:"By BCP 47 tag; the first of languages is the original"`
	Abstracts    map[string]string `json:"abstracts,omitempty"`
	Contributors []Contributor     `json:"contributors,omitempty" nullable:"false"`
	Date         string            `json:"date,omitempty" doc:"EDTF level 0: 2015, 2015-12 or 2015-12-31"`
	Countries    []string          `json:"countries,omitempty" nullable:"false" doc:"ISO 3166-1 alpha-2"`
	Regions      []string          `json:"regions,omitempty" nullable:"false"`
	Topics       []string          `json:"topics,omitempty" nullable:"false"`
	Category     string            `json:"category,omitempty"`
	Languages    []string          `json:"languages,omitempty" nullable:"false" doc:"BCP 47"`
	Identifiers  []Identifier      `json:"identifiers,omitempty" nullable:"false"`
	Links        []string          `json:"links,omitempty" nullable:"false" doc:"Where the work is held" format:"uri"`
	Subjects     []string          `json:"subjects,omitempty" nullable:"false" doc:"Keywords that are no topics"`
	Container    string            `json:"container,omitempty" doc:"Journal, book or series that it stands in"`
	Volume       string            `json:"volume,omitempty"`
	Issue        string            `json:"issue,omitempty"`
	Pages        string            `json:"pages,omitempty" doc:"Where it stands in the container, or how many there are (120 p.)"`
	Edition      string            `json:"edition,omitempty"`
	Rights       string            `json:"rights,omitempty"`
	Relations    []Relation        `json:"relations,omitempty" nullable:"false"`
	Files        []File            `json:"files,omitempty" nullable:"false"`
	Sources      []Source          `json:"sources,omitempty" nullable:"false" doc:"Where the record comes from"`

	only Selection
}

// Contributor is a person or organisation in a role.
type Contributor struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Agent string `json:"agent" doc:"ID of the agent"`
	Role  string `json:"role" enum:"author,editor,publisher"`
	Type  string `json:"type,omitempty" enum:"person,organisation"`
	Name  string `json:"name,omitempty" doc:"In English where there is one"`
}

// Identifier is a name that a scheme gives the work.
type Identifier struct {
	Scheme string `json:"scheme" doc:"doi, isbn, issn, un-symbol …" minLength:"1" maxLength:"60"`
	Value  string `json:"value" minLength:"1" maxLength:"500"`
}

// Relation points to another resource.
type Relation struct {
	Type   string `json:"type" enum:"translation-of,supersedes,part-of"`
	Target string `json:"target" doc:"ID of the other resource" pattern:"^[0-9A-HJKMNP-TV-Z]{26}$"`
}

// File is a file of the work that the library holds.
type File struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Digest   string `json:"digest" doc:"SHA-256 in hex"`
	Name     string `json:"name"`
	Type     string `json:"type" doc:"Media type"`
	Size     int64  `json:"size" doc:"Bytes"`
	Language string `json:"language,omitempty" doc:"BCP 47"`
	Pages    int    `json:"pages,omitempty"`
	Text     string `json:"text,omitempty" enum:"read,none,refused" doc:"Whether its text is searched"`
	Address  string `json:"address" doc:"Where it is downloaded"`
}

// Source is a place that the record was read from.
type Source struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Name string    `json:"name"`
	Key  string    `json:"key,omitempty" doc:"The record's own name there"`
	At   time.Time `json:"at"`
}

// resource gives a record as a client sees it.
func (a *API) resource(ctx context.Context, rec catalogue.Record, only Selection) Resource {
	r := Resource{ID: string(rec.ID), Address: a.origin(ctx) + "/r/" + string(rec.ID), Version: rec.Version, Status: string(rec.Status), Locked: rec.Locked, Audience: string(rec.Audience),
		Created: &rec.Created, Updated: &rec.Updated, Titles: rec.Titles, Abstracts: rec.Abstracts, Date: string(rec.Date), Countries: rec.Countries, Regions: rec.Regions,
		Topics: rec.Topics, Category: rec.Category, Languages: rec.Languages, Subjects: rec.Subjects, Container: rec.Container, Volume: rec.Volume,
		Issue: rec.Issue, Pages: rec.Pages, Edition: rec.Edition, Rights: rec.Rights, Files: a.files(ctx, rec), only: only}
	if rec.Locked { // not when it changes either, nor for whom it is
		r.Version, r.Audience, r.Created, r.Updated = 0, "", nil, nil
	}
	for _, c := range rec.Contributors {
		out := Contributor{Agent: string(c.Agent), Role: string(c.Role)}
		for _, agent := range rec.Agents {
			if agent.ID == c.Agent {
				out.Name, _ = agent.Names.In("en")
				out.Type = string(agent.Type)
			}
		}
		r.Contributors = append(r.Contributors, out)
	}
	for _, id := range rec.Identifiers {
		r.Identifiers = append(r.Identifiers, Identifier(id))
	}
	for _, l := range rec.Links {
		r.Links = append(r.Links, l.URL)
	}
	for _, rel := range rec.Relations {
		r.Relations = append(r.Relations, Relation{string(rel.Type), string(rel.Target)})
	}
	for _, s := range rec.Sources {
		r.Sources = append(r.Sources, Source{Name: s.Name, Key: s.Key, At: s.At})
	}
	return r
}

// listed gives records as a client sees them.
func (a *API) listed(ctx context.Context, records []catalogue.Record, only Selection) ([]Resource, error) {
	if err := a.Catalogue.Related(ctx, viewer(ctx), records); err != nil {
		return nil, err
	}
	out := make([]Resource, len(records))
	for i, rec := range records {
		out[i] = a.resource(ctx, rec, only)
	}
	return out, nil
}

// Record is the ID of a record in a path.
type Record struct {
	ID string `path:"id" doc:"ID of the record" pattern:"^[0-9A-HJKMNP-TV-Z]{26}$" example:"01KDVDP5B0PRG1AGFB2RCVAD5J"`
}

// Paging is how a list is asked for.
type Paging struct {
	Cursor string `query:"cursor" doc:"next of the page before" maxLength:"400"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most"`
}

// Choosing is which members of resources are asked for.
type Choosing struct {
	Fields []string `query:"fields" doc:"Members to give, divided by commas; the id is always given" maxItems:"40" example:"titles,date"`
}

type resourceAnswer struct {
	ETag string `header:"ETag" doc:"For If-None-Match, and for If-Match to change the record"`
	Body Resource
}

// Page is a part of a list.
type Page[T any] struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Items []T    `json:"items" nullable:"false"`
	Next  string `json:"next,omitempty" doc:"Cursor of the next page; none at the end"`
}

type pageAnswer[T any] struct{ Body Page[T] }

func (a *API) resources(on huma.API) {
	huma.Register(on, reading("list-resources", "/resources", "List resources", "Resources",
		"Every resource, in the order of their IDs, which is stable: none that is there all the time is left out or given twice, whatever changes between pages."),
		func(ctx context.Context, in *struct {
			Paging
			Choosing
		}) (*pageAnswer[Resource], error) {
			from, err := readCursor(in.Cursor)
			if err != nil {
				return nil, err
			}
			only, err := selected(in.Fields)
			if err != nil {
				return nil, err
			}
			records, err := a.Catalogue.Walk(ctx, viewer(ctx), from.After, in.Limit+1)
			if err != nil {
				return nil, answer(ctx, err, "")
			}
			out := &pageAnswer[Resource]{}
			if len(records) > in.Limit {
				records = records[:in.Limit]
				out.Body.Next = cursor{After: records[in.Limit-1].ID}.String()
			}
			out.Body.Items, err = a.listed(ctx, records, only)
			return out, answer(ctx, err, "")
		})
	huma.Register(on, reading("get-resource", "/resources/{id}", "One resource", "Resources",
		"A merged record answers 301 with the address of the one that took it in, a withdrawn one 410."),
		func(ctx context.Context, in *struct {
			Record
			Choosing
		}) (*resourceAnswer, error) {
			only, err := selected(in.Fields)
			if err != nil {
				return nil, err
			}
			rec, err := a.record(ctx, in.ID)
			if err != nil {
				return nil, answer(ctx, err, "/resources/")
			}
			out := a.resource(ctx, rec, only)
			return &resourceAnswer{strconv.Quote(strconv.FormatInt(out.Version, 10)), out}, nil
		})
	huma.Register(on, reading("list-files", "/resources/{id}/files", "The files of a resource", "Resources", "Those that the reader may see, with the address of each."),
		func(ctx context.Context, in *Record) (*pageAnswer[File], error) {
			rec, err := a.record(ctx, in.ID)
			if err != nil {
				return nil, answer(ctx, err, "/resources/")
			}
			return &pageAnswer[File]{Page[File]{Items: append([]File{}, a.files(ctx, rec)...)}}, nil
		})
}

// record reads a record with the relations that the viewer may know.
func (a *API) record(ctx context.Context, id string) (catalogue.Record, error) {
	rec, err := a.Catalogue.Record(ctx, viewer(ctx), library.ID(id))
	if err == nil {
		err = a.Catalogue.Related(ctx, viewer(ctx), []catalogue.Record{rec})
	}
	return rec, err
}

func (a *API) files(ctx context.Context, rec catalogue.Record) []File {
	var out []File
	for _, f := range rec.Files {
		out = append(out, File{Digest: f.Digest, Name: f.Name, Type: f.Type, Size: f.Size, Language: f.Language, Pages: f.Pages, Text: string(f.Text),
			Address: a.origin(ctx) + "/r/" + string(rec.ID) + "/files/" + f.Digest + "/" + url.PathEscape(f.Name)})
	}
	return out
}

// reading describes an operation that only reads.
func reading(id, path, summary, tag, description string) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodGet, Path: base + path, Summary: summary, Tags: []string{tag}, Description: description}
}
