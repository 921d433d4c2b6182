// Package intake brings resources in: drafts of a source become resources with
// codes and authorities, are matched against the library, and are committed as
// edits. Nothing of a source is lost in silence: what is not understood is
// reported and kept with the record as its source states it.
package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"waymark/format"
	"waymark/library"
	"waymark/vocabulary"
)

// Store is what intake needs kept. Lookup gives the entries that have each of
// the keys, but for those that more than most have; Commit is atomic and
// answers library.Conflict when an entry has changed since it was read, or
// another edit came after Seen.
type Store interface {
	Seq(ctx context.Context) (int64, error)
	Lookup(ctx context.Context, v library.Viewer, kind library.Kind, keys []library.Key, most int) (map[library.Key][]library.ID, error)
	Entries(ctx context.Context, v library.Viewer, ids []library.ID) ([]library.Entry, error)
	Entry(ctx context.Context, v library.Viewer, id library.ID) (library.Entry, error)
	Commit(ctx context.Context, e library.Edit) (library.Edit, error)
}

// Importer brings drafts into a library.
type Importer struct {
	Store        Store
	Vocabularies *vocabulary.Vocabularies
	Now          func() time.Time
	Entropy      io.Reader // for new IDs
	Actor        string    // who imports, for the record of edits
	DryRun       bool      // match and report, write nothing
	Progress     func(read int)

	// History is set to harvest: a source is read again and again, and what it
	// says of a record now takes the place of what it said before.
	History History
}

// action names the edits of this importer.
func (im *Importer) action() string {
	if im.History != nil {
		return ActionHarvest
	}
	return ActionImport
}

const (
	batchSize = 1_000 // records an edit
	tries     = 50    // of a batch that other writers overtook
	planSize  = 3_000 // records that a plan remembers before it begins anew
)

// Import reads the drafts of one source into the library and reports what
// became of each. It answers an error only when it could not go on; what had
// been committed until then is in the report and stays.
func (im *Importer) Import(ctx context.Context, source string, drafts format.Drafts) (Report, error) {
	rep := Report{Source: source}
	line := &line{im: im, source: source, rep: &rep}
	var batch []format.Draft
	flush := func() error {
		some := batch
		batch = nil
		return line.take(ctx, some)
	}
	for d, err := range drafts {
		var problem *format.Problem
		switch {
		case errors.As(err, &problem):
			rep.Refused = append(rep.Refused, Note{Line: problem.Line, Text: problem.Text})
			if problem.Line > 0 {
				rep.Read++
			}
			continue
		case err != nil:
			return rep, errors.Join(fmt.Errorf("import %s: %w", source, err), flush(), line.end(ctx))
		}
		rep.Read++
		if im.Progress != nil {
			im.Progress(rep.Read)
		}
		if batch = append(batch, d); len(batch) == batchSize {
			if err := flush(); err != nil {
				return rep, err
			}
		}
	}
	if err := flush(); err != nil {
		return rep, err
	}
	return rep, line.end(ctx)
}
