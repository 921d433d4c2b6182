package api

import (
	"context"
	"fmt"
	"io"

	"github.com/danielgtaylor/huma/v2"

	"waymark/format"
	"waymark/library"
)

// maxExport is how many records one export holds; /resources and /changes lead
// through all.
const maxExport = 5000

// Formatted is the format of an export.
type Formatted struct {
	Format string `path:"format" maxLength:"30" doc:"jsonl, ris, bibtex, csljson, marcxml, csv …" example:"ris"`
}

func (f Formatted) writer(ctx context.Context) (format.Format, error) {
	found, err := format.Named(f.Format)
	if err != nil || found.Write == nil {
		return found, answer(ctx, library.Errorf(library.NotFound, "no records are written as %q", f.Format), "")
	}
	return found, nil
}

func (a *API) exports(on huma.API) {
	huma.Register(on, exporting("export-search", "/exports/{format}", "Export what a search finds",
		fmt.Sprintf("The first %d records, the best first, in a format of other programs.", maxExport)),
		func(ctx context.Context, in *struct {
			Formatted
			Asking
			Speaking
		}) (*huma.StreamResponse, error) {
			f, err := in.writer(ctx)
			if err != nil {
				return nil, err
			}
			q, err := in.query()
			if err != nil {
				return nil, answer(ctx, err, "")
			}
			q.Size = maxExport
			found, err := a.Searcher.Find(ctx, viewer(ctx), q, in.Lang)
			if err != nil {
				return nil, answer(ctx, err, "")
			}
			return a.download("waymark-search", f, ids(found.Hits)), nil
		})
	huma.Register(on, exporting("export-resource", "/resources/{id}/exports/{format}", "Export one resource", "In a format of other programs."),
		func(ctx context.Context, in *struct {
			Record
			Formatted
		}) (*huma.StreamResponse, error) {
			f, err := in.writer(ctx)
			if err != nil {
				return nil, err
			}
			rec, err := a.Catalogue.Record(ctx, viewer(ctx), library.ID(in.ID))
			if err != nil {
				return nil, answer(ctx, err, "/resources/")
			}
			return a.download("waymark-"+string(rec.ID), f, []library.ID{rec.ID}), nil
		})
}

func (a *API) download(name string, f format.Format, list []library.ID) *huma.StreamResponse {
	return download(name+f.Extension, f.Type, func(ctx context.Context, out io.Writer) error {
		return a.Catalogue.Export(ctx, viewer(ctx), list, f.Write(out), a.Vocabularies)
	})
}

// exporting describes an operation that answers a file.
func exporting(id, path, summary, description string) huma.Operation {
	op := reading(id, path, summary, "Exports", description)
	content := map[string]*huma.MediaType{}
	for _, f := range format.Formats() {
		if f.Write != nil {
			content[f.Type] = &huma.MediaType{Schema: &huma.Schema{Type: "string"}}
		}
	}
	op.Responses = map[string]*huma.Response{"200": {Description: "The file", Content: content}}
	return op
}
