package index

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"waymark/library"
	"waymark/search"
)

// orders are the places of the documents in each order that has no ranks, and
// the words in theirs, worked out when first asked for after a batch.
type orders struct {
	once   sync.Once
	newest []int32
	title  []int32
	id     []int32

	words []string // every word, sorted, for prefixes

	mu     sync.Mutex
	wholes map[[gone + 1]bool]*whole // by what a viewer sees
}

func newOrders() *orders { return &orders{wholes: map[[gone + 1]bool]*whole{}} }

// whole is all that a viewer sees, counted once and put in order: the answer
// to the query that asks nothing, with which most pages begin.
type whole struct {
	newest []int32
	title  []int32
	facets map[library.Field][]search.Count
}

// browse answers a query without words and filters.
func (m *Memory) browse(s *sight, q search.Query) search.Result {
	w := m.whole(s)
	docs := w.newest
	if q.Order() == search.ByTitle {
		docs = w.title
	}
	res := search.Result{Total: len(docs), Facets: maps.Clone(w.facets)}
	start := min((q.Number()-1)*search.PageSize, len(docs))
	for _, doc := range docs[start:min(start+search.PageSize, len(docs))] {
		res.Hits = append(res.Hits, search.Hit{ID: m.docs[doc].id})
	}
	return res
}

func (m *Memory) whole(s *sight) *whole {
	o := m.ordered()
	o.mu.Lock()
	defer o.mu.Unlock()
	if w := o.wholes[s.visible]; w != nil {
		return w
	}
	docs, _ := m.everything(s)
	cs := m.choices(search.Query{})
	admit(cs, docs)
	by := func(places []int32) []int32 {
		docs := slices.Clone(docs)
		slices.SortFunc(docs, func(a, b int32) int { return cmp.Compare(places[a], places[b]) })
		return docs
	}
	w := &whole{newest: by(o.newest), title: by(o.title), facets: facets(cs)}
	o.wholes[s.visible] = w
	return w
}

func (m *Memory) place(by func(a, b *document) int) []int32 {
	docs := make([]int32, len(m.docs))
	for i := range docs {
		docs[i] = int32(i)
	}
	slices.SortFunc(docs, func(a, b int32) int {
		x, y := &m.docs[a], &m.docs[b]
		return cmp.Or(by(x, y), cmp.Compare(y.id, x.id), cmp.Compare(a, b))
	})
	places := make([]int32, len(docs))
	for place, doc := range docs {
		places[doc] = int32(place)
	}
	return places
}

func (m *Memory) ordered() *orders {
	o := m.orders
	o.once.Do(func() {
		o.id = m.place(func(a, b *document) int { return 0 })
		o.newest = m.place(func(a, b *document) int { return cmp.Compare(b.date, a.date) })
		for term := range m.terms {
			if !strings.Contains(term, stemMark) {
				o.words = append(o.words, term)
			}
		}
		slices.Sort(o.words)
		o.title = m.place(func(a, b *document) int { return cmp.Compare(a.title, b.title) })
	})
	return o
}
