package main

import (
	"path/filepath"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"

	"waymark/library"
	"waymark/search"
)

// bleveEngine is Bleve with its default index (scorch) and standard analyser.
type bleveEngine struct {
	path  string
	index bleve.Index
}

func openBleve(folder string) (engine, error) {
	path := filepath.Join(folder, "bleve")
	index, err := bleve.New(path, bleveMapping())
	return &bleveEngine{path, index}, err
}

func bleveMapping() mapping.IndexMapping {
	m := bleve.NewIndexMapping()
	doc := bleve.NewDocumentStaticMapping()
	for _, name := range []string{"title", "abstract", "name"} {
		f := bleve.NewTextFieldMapping()
		f.Store, f.IncludeInAll, f.DocValues = false, false, false
		doc.AddFieldMappingsAt(name, f)
	}
	for _, f := range library.Facets() {
		k := bleve.NewTextFieldMapping()
		k.Analyzer, k.Store, k.IncludeInAll, k.IncludeTermVectors = keyword.Name, false, false, false
		doc.AddFieldMappingsAt(string(f), k)
	}
	m.DefaultMapping = doc
	return m
}

func (b *bleveEngine) add(docs []search.Document) error {
	batch := b.index.NewBatch()
	for _, d := range docs {
		fields := map[string]any{"title": d.Titles[0].Text, "abstract": d.Abstracts[0].Text, "name": names(d), "year": strconv.Itoa(d.Date.Year())}
		for f, values := range d.Values {
			fields[string(f)] = values
		}
		if err := batch.Index(string(d.ID), fields); err != nil {
			return err
		}
	}
	return b.index.Batch(batch)
}

func names(d search.Document) string {
	var all []string
	for _, a := range d.Authors {
		for _, n := range a.Names {
			all = append(all, n.Text)
		}
	}
	return strings.Join(all, " ")
}

func (b *bleveEngine) reopen() (err error) {
	if err := b.index.Close(); err != nil {
		return err
	}
	b.index, err = bleve.Open(b.path)
	return err
}

func (b *bleveEngine) ask(q search.Query) (int, error) {
	parts := []query.Query{}
	if e := q.Expression(); !e.Nothing() {
		parts = append(parts, bleveQuery(e))
	}
	for _, f := range library.Facets() {
		for _, v := range q.Values(f) {
			t := bleve.NewTermQuery(v)
			t.SetField(string(f))
			parts = append(parts, t)
		}
	}
	var asked query.Query = bleve.NewMatchAllQuery()
	if len(parts) > 0 {
		asked = bleve.NewConjunctionQuery(parts...)
	}
	r := bleve.NewSearchRequestOptions(asked, search.PageSize, (q.Number()-1)*search.PageSize, false)
	for _, f := range library.Facets() {
		r.AddFacet(string(f), bleve.NewFacetRequest(string(f), search.MaxCounts))
	}
	res, err := b.index.Search(r)
	if err != nil {
		return 0, err
	}
	return int(res.Total), nil
}

// bleveQuery asks each word of any of the three text fields.
func bleveQuery(e search.Expression) query.Query {
	anyField := func(ask func(field string, boost float64) query.Query) query.Query {
		return bleve.NewDisjunctionQuery(ask("title", 5), ask("name", 2), ask("abstract", 1))
	}
	switch e.Operator {
	case search.Phrase:
		return anyField(func(field string, boost float64) query.Query {
			p := bleve.NewMatchPhraseQuery(e.Text)
			p.SetField(field)
			p.SetBoost(boost)
			return p
		})
	case search.Prefix:
		return anyField(func(field string, boost float64) query.Query {
			p := bleve.NewPrefixQuery(e.Text)
			p.SetField(field)
			p.SetBoost(boost)
			return p
		})
	case search.Words:
		var all []query.Query
		for _, word := range strings.Fields(e.Text) {
			all = append(all, anyField(func(field string, boost float64) query.Query {
				m := bleve.NewMatchQuery(word)
				m.SetField(field)
				m.SetBoost(boost)
				return m
			}))
		}
		return bleve.NewConjunctionQuery(all...)
	}
	var parts []query.Query
	for _, part := range e.Parts {
		parts = append(parts, bleveQuery(part))
	}
	if e.Operator == search.Any {
		return bleve.NewDisjunctionQuery(parts...)
	}
	return bleve.NewConjunctionQuery(parts...)
}

func (b *bleveEngine) close() error { return b.index.Close() }
