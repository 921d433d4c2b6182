package index

import (
	"context"
	"math"

	"waymark/index/segment"
	"waymark/library"
)

// k1 is how soon more of a word tells no more; stemOnly is what a word in
// another form counts beside the form asked for.
const (
	k1       = 1.2
	stemOnly = 0.6
)

// visibility says which classes of documents a viewer sees.
type visibility [256]bool

// sight is what a viewer sees: which classes, and their statistics together,
// from which ranks are computed, so that hidden documents leave no trace.
type sight struct {
	*snapshot
	ctx     context.Context // of the search: when it ends, no more sets are worked out
	sees    visibility
	docs    int
	average [segment.Parts]float64 // words of a document in each part
	norms   segment.Norms
}

func (s *snapshot) sight(ctx context.Context, v library.Viewer) *sight {
	o := &sight{snapshot: s, ctx: ctx}
	for i, c := range s.classes {
		o.sees[i] = c.Sees(v)
	}
	var words [segment.Parts]int64
	for _, view := range s.views {
		for i, c := range view.stats {
			if !o.sees[view.part.class[i]] {
				continue
			}
			o.docs += c.Docs
			for p, n := range c.Words {
				words[p] += n
			}
		}
	}
	for p, n := range words {
		o.average[p] = float64(n) / max(float64(o.docs), 1)
	}
	o.norms = segment.NewNorms(o.average)
	return o
}

// idf is the weight of a word that df of n documents have (the form of
// Robertson and Zaragoza, with the 1 that keeps it positive).
func idf(n, df int) float64 {
	return math.Log(1 + (float64(n)-float64(df)+0.5)/(float64(df)+0.5))
}

// saturated is what a frequency adds to a rank, beside the weight of the word.
func saturated(tf float64) float64 { return tf * (k1 + 1) / (k1 + tf) }
