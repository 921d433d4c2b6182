package index

import (
	"cmp"
	"context"
	"maps"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"waymark/index/segment"
	"waymark/library"
	"waymark/search"
)

// Search implements search.Index.
func (e *Embedded) Search(ctx context.Context, v library.Viewer, q search.Query) (search.Result, error) {
	if err := cmp.Or(ctx.Err(), e.failed()); err != nil {
		return search.Result{}, err
	}
	snap := e.acquire()
	defer snap.release()
	var res search.Result
	err := segment.Guard(e.folder, func() { res = snap.sight(ctx, v).search(q) })
	if err != nil {
		e.note(err)
		return search.Result{}, cmp.Or(e.failed(), err)
	}
	if err := ctx.Err(); err != nil {
		return search.Result{}, err
	}
	return res, nil
}

func (s *sight) search(q search.Query) search.Result {
	asked := q.Expression()
	if asked.Nothing() && !q.Filtered() && q.Among == nil {
		return s.browse(q)
	}
	p := newPlan(asked)
	ms := make([]*matching, len(s.views))
	defer func() {
		for _, m := range ms {
			if m != nil {
				m.room.free()
			}
		}
	}()
	s.sideBySide(len(ms), func(i int) {
		ms[i] = s.matches(s.views[i], p, newArena())
		ms[i].admit(q)
	})
	for i, l := range p.leaves {
		for _, m := range ms {
			l.docs += size(m.leafSet(i))
		}
		l.idf = idf(s.docs, l.docs)
	}
	res := search.Result{Facets: map[library.Field][]search.Count{}}
	matched := 0
	for _, m := range ms {
		matched += size(m.sets[p.root.number])
		res.Total += m.total
	}
	fields := library.Facets()
	counts := make([][]search.Count, len(fields))
	s.sideBySide(1+len(fields), func(i int) {
		if i == 0 {
			res.Hits = s.hits(ms, q)
			return
		}
		c := s.counter(fields[i-1])
		for _, m := range ms {
			set, total := m.counted(c.field)
			c.count(m.part, set, total)
		}
		counts[i-1] = c.facet(q)
	})
	for i, f := range fields {
		res.Facets[f] = counts[i]
	}
	if matched == 0 {
		res.Suggestion = s.suggest(q.Text)
	}
	return res
}

// sideBySide does n pieces of work on all processors. A panic of one is passed
// on when all have ended.
func (s *sight) sideBySide(n int, f func(i int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if s.docs <= s.few || workers < 2 {
		for i := range n {
			f(i)
		}
		return
	}
	var next atomic.Int64
	var all sync.WaitGroup
	errs := make([]error, workers)
	for w := range workers {
		all.Go(func() {
			errs[w] = segment.Guard("", func() {
				for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
					f(i)
				}
			})
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			panic(err)
		}
	}
}

// leafSet gives the documents that have a leaf.
func (m *matching) leafSet(leaf int) []uint64 { return m.sets[m.p.leaves[leaf].node] }

func (s *sight) counter(f library.Field) *counter {
	return &counter{field: f, values: s.values[f], counts: make([]uint32, len(s.values[f]))}
}

// hits gives the page of the query.
func (s *sight) hits(ms []*matching, q search.Query) []search.Hit {
	start := (q.Number() - 1) * q.Hits()
	var found []hit
	if q.Order() == search.Relevance {
		found = s.ranked(ms, start+q.Hits())
	} else {
		var lines []*line
		for _, m := range ms {
			lines = append(lines, newLine(m.view, m.admitted, q.Order()))
		}
		found = merged(lines, q.Order(), start+q.Hits())
	}
	var hits []search.Hit
	most := search.BestPages
	if q.Within != "" {
		most = search.MaxPages
	}
	for _, h := range found[min(start, len(found)):] {
		one := search.Hit{ID: h.part.ID(h.doc), Score: math.Mod(h.score, directly)}
		for _, m := range ms {
			if m.view == h.view {
				one.Pages, one.Found = m.pages(h.doc, most)
			}
		}
		hits = append(hits, one)
	}
	return hits
}

// whole is the counts of all that a viewer sees: of the query that asks
// nothing, with which most pages begin.
type whole struct {
	total  int
	facets map[library.Field][]search.Count
	counts map[library.Field]map[string]int

	authors sync.Map // by the beginning of a name: the first of its authors
}

// browse answers a query without words and filters.
func (s *sight) browse(q search.Query) search.Result {
	w := s.whole()
	room := newArena()
	defer room.free()
	start := (q.Number() - 1) * q.Hits()
	var lines []*line
	for _, v := range s.views {
		lines = append(lines, newLine(v, v.visible(s.sees, room), q.Order()))
	}
	res := search.Result{Total: w.total, Facets: maps.Clone(w.facets)}
	found := merged(lines, q.Order(), start+q.Hits())
	for _, h := range found[min(start, len(found)):] {
		res.Hits = append(res.Hits, search.Hit{ID: h.part.ID(h.doc)})
	}
	return res
}

// whole counts all that the viewer sees, once in a snapshot.
func (s *sight) whole() *whole {
	s.mu.Lock()
	defer s.mu.Unlock()
	if w := s.wholes[s.sees]; w != nil {
		return w
	}
	w := &whole{facets: map[library.Field][]search.Count{}, counts: map[library.Field]map[string]int{}}
	room := newArena()
	defer room.free()
	sets := make([][]uint64, len(s.views))
	for i, v := range s.views {
		sets[i] = v.visible(s.sees, room)
		w.total += size(sets[i])
	}
	for _, f := range library.Facets() {
		c := s.counter(f)
		for i, v := range s.views {
			c.count(v.part, sets[i], size(sets[i]))
		}
		w.facets[f] = c.facet(search.Query{})
		w.counts[f] = map[string]int{}
		for code, n := range c.counts {
			if n > 0 {
				w.counts[f][c.values[code]] = int(n)
			}
		}
	}
	s.wholes[s.sees] = w
	return w
}

// line is the admitted documents of a segment in an order that has no ranks.
type line struct {
	*view
	set   []uint64
	order segment.Order
	added bool     // the order is that of IDs, latest first, which the documents have the other way round
	next  int      // place in the order
	few   []uint32 // places of the admitted documents, when they are few
	doc   uint32
	left  bool
}

// scarce is how many times fewer documents than the segment has are put in
// order by themselves, instead of being met along the whole order.
const scarce = 64

func newLine(v *view, set []uint64, by search.Sort) *line {
	l := &line{view: v, set: set}
	switch by {
	case search.ByTitle:
		l.order = v.part.ByTitle()
	case search.Added:
		l.added = true
	default:
		l.order = v.part.Newest()
	}
	if n := size(set); n < v.part.Docs()/scarce {
		l.few = make([]uint32, 0, n)
		eachBit(set, func(doc uint32) { l.few = append(l.few, l.place(doc)) })
		slices.Sort(l.few)
	}
	l.step()
	return l
}

// place gives where a document stands in the order; document the other way.
func (l *line) place(doc uint32) uint32 {
	if l.added {
		return uint32(l.part.Docs()) - 1 - doc
	}
	return l.order.Places.At(int(doc))
}

func (l *line) document(place int) uint32 {
	if l.added {
		return uint32(l.part.Docs() - 1 - place)
	}
	return l.order.Docs.At(place)
}

// step moves on to the next admitted document.
func (l *line) step() {
	l.left = false
	if l.few != nil {
		if l.next < len(l.few) {
			l.doc, l.left = l.document(int(l.few[l.next])), true
			l.next++
		}
		return
	}
	for ; l.next < l.part.Docs(); l.next++ {
		if doc := l.document(l.next); l.set[doc>>6]>>(doc&63)&1 == 1 {
			l.doc, l.left = doc, true
			l.next++
			return
		}
	}
}

// merged gives the first documents of all lines.
func merged(lines []*line, by search.Sort, wanted int) []hit {
	first := func(a, b *line) bool {
		if by == search.ByTitle {
			if c := cmp.Compare(a.part.Title(a.doc), b.part.Title(b.doc)); c != 0 {
				return c < 0
			}
		} else if c := cmp.Compare(b.part.Date(b.doc), a.part.Date(a.doc)); c != 0 && by != search.Added {
			return c < 0
		}
		return a.part.ID(a.doc) > b.part.ID(b.doc)
	}
	var out []hit
	for len(out) < wanted {
		var best *line
		for _, l := range lines {
			if l.left && (best == nil || first(l, best)) {
				best = l
			}
		}
		if best == nil {
			break
		}
		out = append(out, hit{view: best.view, doc: best.doc})
		best.step()
	}
	return out
}
