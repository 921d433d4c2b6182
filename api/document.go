package api

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"waymark/serve"
)

//go:embed document.html document.css
var documentFiles embed.FS

// documents serves the description for people, which is made from the OpenAPI
// document and needs no script, and the JSON Schemas at lasting addresses.
func (a *API) documents(mux *serve.Router, described huma.API) error {
	t, err := template.ParseFS(documentFiles, "document.html")
	if err != nil {
		return fmt.Errorf("parse the page of the API: %w", err)
	}
	var page bytes.Buffer
	if err := t.Execute(&page, document(described.OpenAPI())); err != nil {
		return fmt.Errorf("write the page of the API: %w", err)
	}
	sheet, err := documentFiles.ReadFile("document.css")
	if err != nil {
		return fmt.Errorf("read the style of the page of the API: %w", err)
	}
	schemas, err := a.schemas(described.OpenAPI())
	if err != nil {
		return err
	}
	give := func(kind string, b []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			if _, err := w.Write(b); err != nil {
				return // the reader has gone
			}
		}
	}
	mux.HandleFunc("GET "+base+"/{$}", give("text/html; charset=utf-8", page.Bytes()))
	mux.HandleFunc("GET "+base+"/document.css", give("text/css; charset=utf-8", sheet))
	mux.Handle("GET /api/{$}", http.RedirectHandler(base+"/", http.StatusFound))
	mux.Handle("GET "+base, http.RedirectHandler(base+"/", http.StatusMovedPermanently))
	for name, schema := range schemas {
		mux.HandleFunc("GET "+base+"/schemas/"+name+".json", give("application/schema+json", schema))
	}
	return nil
}

var reference = regexp.MustCompile(`"#/components/schemas/(\w+)"`)

// schemas gives every schema as one document of JSON Schema 2020-12 with what
// it refers to.
func (a *API) schemas(o *huma.OpenAPI) (map[string][]byte, error) {
	defs := map[string]json.RawMessage{}
	for name, s := range o.Components.Schemas.Map() {
		b, err := json.Marshal(s)
		if err != nil {
			return nil, fmt.Errorf("write the schema %s: %w", name, err)
		}
		defs[name] = b
	}
	out := map[string][]byte{}
	for name := range defs {
		reached, queue := map[string]json.RawMessage{}, []string{name}
		for len(queue) > 0 {
			at := queue[0]
			queue = queue[1:]
			if _, done := reached[at]; done {
				continue
			}
			for _, m := range reference.FindAllSubmatch(defs[at], -1) {
				queue = append(queue, string(m[1]))
			}
			reached[at] = reference.ReplaceAll(defs[at], []byte(`"#/$$defs/$1"`))
		}
		b, err := json.MarshalIndent(map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema",
			"$id": a.URL + base + "/schemas/" + name + ".json", "$ref": "#/$defs/" + name, "$defs": reached}, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("write the schema %s: %w", name, err)
		}
		out[name] = b
	}
	return out, nil
}

// docPage is document.html.
type docPage struct {
	Title, Description, Version, Base string
	Groups                            []docGroup
	Schemas                           []docSchema
}

type docGroup struct {
	Name       string
	Operations []docOperation
}

type docOperation struct {
	ID, Method, Path, Summary, Description string
	Parameters                             []docMember
	Body                                   string // name of a schema
	Answers                                []docAnswer
}

type docAnswer struct{ Status, Description, Schema string }

type docSchema struct {
	Name, Description string
	Members           []docMember
}

type docMember struct {
	Name, Place, Type, Ref, Description string
	Required                            bool
}

func document(o *huma.OpenAPI) docPage {
	p := docPage{Title: o.Info.Title, Description: o.Info.Description, Version: o.Info.Version, Base: base}
	for _, path := range slices.Sorted(maps.Keys(o.Paths)) {
		item := o.Paths[path]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if op == nil || op.Hidden {
				continue
			}
			i := slices.IndexFunc(p.Groups, func(g docGroup) bool { return g.Name == op.Tags[0] })
			if i < 0 {
				i = len(p.Groups)
				p.Groups = append(p.Groups, docGroup{Name: op.Tags[0]})
			}
			p.Groups[i].Operations = append(p.Groups[i].Operations, docOf(path, op))
		}
	}
	all := o.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		s := docSchema{Name: name, Description: all[name].Description}
		for _, member := range slices.Sorted(maps.Keys(all[name].Properties)) {
			m := memberOf(member, all[name].Properties[member])
			m.Required = slices.Contains(all[name].Required, member)
			s.Members = append(s.Members, m)
		}
		p.Schemas = append(p.Schemas, s)
	}
	return p
}

func docOf(path string, op *huma.Operation) docOperation {
	d := docOperation{ID: op.OperationID, Method: op.Method, Path: path, Summary: op.Summary, Description: op.Description}
	for _, param := range op.Parameters {
		m := memberOf(param.Name, param.Schema)
		m.Place, m.Required = param.In, param.Required
		if param.Description != "" {
			m.Description = param.Description
		}
		d.Parameters = append(d.Parameters, m)
	}
	if op.RequestBody != nil && op.RequestBody.Content["application/json"] != nil {
		d.Body = refName(op.RequestBody.Content["application/json"].Schema.Ref)
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		res := op.Responses[status]
		one := docAnswer{Status: status, Description: res.Description}
		for _, kind := range []string{"application/json", "application/problem+json"} {
			if c := res.Content[kind]; c != nil && c.Schema != nil {
				one.Schema = refName(c.Schema.Ref)
			}
		}
		d.Answers = append(d.Answers, one)
	}
	return d
}

func refName(ref string) string { return ref[strings.LastIndexByte(ref, '/')+1:] }

// memberOf says what a member is, in words.
func memberOf(name string, s *huma.Schema) docMember {
	m := docMember{Name: name, Description: s.Description}
	switch {
	case s.Ref != "":
		m.Ref = refName(s.Ref)
	case s.Items != nil && s.Items.Ref != "":
		m.Type, m.Ref = "list of", refName(s.Items.Ref)
	case s.Items != nil:
		m.Type = "list of " + s.Items.Type
	default:
		m.Type = s.Type
	}
	var bounds []string
	if len(s.Enum) > 0 {
		var words []string
		for _, v := range s.Enum {
			words = append(words, fmt.Sprint(v))
		}
		bounds = append(bounds, strings.Join(words, ", "))
	}
	if s.Minimum != nil && s.Maximum != nil {
		bounds = append(bounds, fmt.Sprintf("%g to %g", *s.Minimum, *s.Maximum))
	}
	if s.MaxLength != nil {
		bounds = append(bounds, "at most "+strconv.Itoa(*s.MaxLength)+" characters")
	}
	if s.Default != nil {
		bounds = append(bounds, fmt.Sprintf("otherwise %v", s.Default))
	}
	if len(bounds) > 0 {
		m.Type += " (" + strings.Join(bounds, "; ") + ")"
	}
	return m
}
