package main

import (
	"context"

	"waymark/index"
	"waymark/library"
	"waymark/search"
)

// waymark is the engine of the product.
type waymark struct {
	folder string
	index  *index.Embedded
	seq    int64
}

func openWaymark(folder string) (engine, error) {
	e, err := index.Open(folder, "compare")
	return &waymark{folder: folder, index: e}, err
}

func (w *waymark) add(docs []search.Document) error {
	w.seq++
	return w.index.Apply(context.Background(), search.Batch{Documents: docs, Seq: w.seq})
}

func (w *waymark) reopen() (err error) {
	if err := w.index.Close(); err != nil {
		return err
	}
	w.index, err = index.Open(w.folder, "compare")
	return err
}

func (w *waymark) ask(q search.Query) (int, error) {
	res, err := w.index.Search(context.Background(), library.Viewer{}, q)
	return res.Total, err
}

func (w *waymark) close() error { return w.index.Close() }
