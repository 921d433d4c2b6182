package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Change is what became of a resource.
type Change struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Seq     int64     `json:"seq" doc:"Number of its last edit among those asked for"`
	At      time.Time `json:"at"`
	ID      string    `json:"id"`
	Status  string    `json:"status" enum:"published,draft,withdrawn,merged"`
	Version int64     `json:"version,omitempty"`
	Into    string    `json:"into,omitempty" doc:"The resource that took it in, with merged"`
}

// Changes is a part of the list of changes.
type Changes struct {
	_ struct{} `additionalProperties:"true"` // members may be added

	Items []Change `json:"items" nullable:"false"`
	Seq   int64    `json:"seq" doc:"Ask for what came since this number next"`
	More  bool     `json:"more" doc:"There may be more at once"`
}

type changesAnswer struct{ Body Changes }

// editsAtOnce is how many edits one page of changes looks at.
const editsAtOnce = 100

func (a *API) changes(on huma.API) {
	huma.Register(on, reading("list-changes", "/changes", "What changed since", "Changes",
		"The resources that edits after a number changed, each once and as it stands now. Keep seq and ask again: nothing is left out. "+
			"What is not there for the reader any more for other reasons than withdrawal or merging is not named; its address answers 404."),
		func(ctx context.Context, in *struct {
			Since int64 `query:"since" minimum:"0" default:"0" doc:"seq of the answer before; 0 for the beginning"`
		}) (*changesAnswer, error) {
			changed, seq, err := a.Catalogue.Changes(ctx, viewer(ctx), in.Since, editsAtOnce)
			if err != nil {
				return nil, answer(ctx, err, "")
			}
			out := &changesAnswer{Changes{Items: []Change{}, Seq: seq, More: seq > in.Since}}
			for _, c := range changed {
				out.Body.Items = append(out.Body.Items, Change{Seq: c.Seq, At: c.At, ID: string(c.ID), Status: string(c.Status), Version: c.Version, Into: string(c.Into)})
			}
			return out, nil
		})
}
