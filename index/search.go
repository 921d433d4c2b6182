package index

import (
	"cmp"
	"context"
	"slices"

	"waymark/library"
	"waymark/search"
)

// Search implements search.Index.
func (m *Memory) Search(ctx context.Context, v library.Viewer, q search.Query) (search.Result, error) {
	if err := ctx.Err(); err != nil {
		return search.Result{}, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	s := m.sight(v)
	asked := q.Expression()
	if asked.Nothing() && !q.Filtered() {
		return m.browse(s, q), nil
	}
	docs, scores := s.match(asked)
	cs := m.choices(q)
	admitted := admit(cs, docs)
	top := m.top(q)
	for i, doc := range docs {
		if admitted.has(i) {
			top.offer(doc, scores[i])
		}
	}
	res := search.Result{Total: admitted.total, Facets: facets(cs)}
	if len(docs) == 0 {
		res.Suggestion = s.suggest(q.Text)
	}
	for _, h := range top.page(q) {
		res.Hits = append(res.Hits, search.Hit{ID: m.docs[h.doc].id, Score: h.score})
	}
	return res, nil
}

// sight is what a viewer sees: which classes, and their statistics together.
type sight struct {
	m       *Memory
	visible [gone + 1]bool // by class; never what is gone
	docs    int
	average [parts]float64 // words of a document in each part
}

func (m *Memory) sight(v library.Viewer) *sight {
	s := &sight{m: m}
	var words [parts]int64
	for i, c := range m.classes {
		if s.visible[i] = v.Sees(c.status, c.audience); s.visible[i] {
			s.docs += c.docs
			for p, n := range c.words {
				words[p] += n
			}
		}
	}
	for p, n := range words {
		s.average[p] = max(float64(n)/max(float64(s.docs), 1), 1e-9)
	}
	return s
}

func (s *sight) sees(doc int32) bool { return s.visible[s.m.class[doc]] }

// hit is a match on its way to the page.
type hit struct {
	doc   int32
	place int32 // in the order, or among equal scores
	score float64
}

func better(a, b hit) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.place, b.place))
}

// top keeps the best hits up to the end of the page asked for: a heap whose
// root is the worst kept.
type top struct {
	places []int32
	ranked bool
	room   int
	kept   []hit
}

func (m *Memory) top(q search.Query) *top {
	t := &top{room: q.Number() * search.PageSize}
	o := m.ordered()
	switch q.Order() {
	case search.Newest:
		t.places = o.newest
	case search.ByTitle:
		t.places = o.title
	default:
		t.places, t.ranked = o.id, true
	}
	return t
}

func (t *top) offer(doc int32, score float64) {
	h := hit{doc, t.places[doc], score}
	if !t.ranked {
		h.score = 0
	}
	if len(t.kept) < t.room {
		t.kept = append(t.kept, h)
		for i := len(t.kept) - 1; i > 0; { // up while worse than its parent
			parent := (i - 1) / 2
			if better(t.kept[i], t.kept[parent]) <= 0 {
				return
			}
			t.kept[i], t.kept[parent] = t.kept[parent], t.kept[i]
			i = parent
		}
		return
	}
	if better(h, t.kept[0]) >= 0 {
		return
	}
	t.kept[0] = h
	for i := 0; ; { // down while better than a child
		worst := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(t.kept); child++ {
			if better(t.kept[child], t.kept[worst]) > 0 {
				worst = child
			}
		}
		if worst == i {
			return
		}
		t.kept[i], t.kept[worst] = t.kept[worst], t.kept[i]
		i = worst
	}
}

// page gives the hits of the page asked for, best first; none past the end.
func (t *top) page(q search.Query) []hit {
	slices.SortFunc(t.kept, better)
	start := (q.Number() - 1) * search.PageSize
	if start >= len(t.kept) {
		return nil
	}
	return t.kept[start:min(start+search.PageSize, len(t.kept))]
}
