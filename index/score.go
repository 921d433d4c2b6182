package index

import (
	"cmp"
	"slices"

	"waymark/index/segment"
	"waymark/search"
)

// ranked gives the best of the admitted documents, best first: as many as are
// asked for.
func (s *sight) ranked(ms []*matching, wanted int) []hit {
	t := &top{room: wanted}
	var windows []window
	for _, m := range ms {
		if m.total*scarce < m.part.Docs() {
			m.rankAll(t)
		} else {
			windows = append(windows, m.windows()...)
		}
	}
	// What promises most comes first, until nothing can be better than what
	// has been found.
	slices.SortFunc(windows, func(a, b window) int { return cmp.Compare(b.bound, a.bound) })
	sums := make([][]float64, len(s.leaves(ms)))
	for i := range sums {
		sums[i] = make([]float64, windowSize)
	}
	for _, w := range windows {
		if t.full() && w.bound < t.kept[0].score {
			break
		}
		w.m.rank(w.start, sums, t)
	}
	slices.SortFunc(t.kept, better)
	return t.kept
}

func (s *sight) leaves(ms []*matching) []*leaf {
	if len(ms) == 0 {
		return nil
	}
	return ms[0].p.leaves
}

// rankAll offers all admitted documents, which are few.
func (m *matching) rankAll(t *top) {
	docs := make([]uint32, 0, m.total)
	eachBit(m.admitted, func(doc uint32) { docs = append(docs, doc) })
	sums := make([][]float64, len(m.p.leaves))
	for i, l := range m.p.leaves {
		sums[i] = make([]float64, len(docs))
		m.sumIn(l, &m.found[i], docs, sums[i])
	}
	for i, doc := range docs {
		t.offer(hit{m.view, doc, m.score(m.p.root, doc, i, sums)})
	}
}

// sumIn adds up the frequencies of a leaf in some documents, which are in
// order.
func (m *matching) sumIn(l *leaf, f *found, docs []uint32, sums []float64) {
	for k := range f.sources {
		m.sumList(l, &f.sources[k], docs, sums)
	}
	i := 0
	for k, doc := range f.docs {
		for i < len(docs) && docs[i] < doc {
			i++
		}
		if i < len(docs) && docs[i] == doc {
			sums[i] += f.sums[k]
		}
	}
}

func (m *matching) sumList(l *leaf, src *source, docs []uint32, sums []float64) {
	shapes, lengths := m.part.Shapes(), m.part.Lengths()
	i := 0
	for b := 0; b < src.Blocks && i < len(docs); b++ {
		if src.Last(b) < docs[i] {
			continue
		}
		src.decode(b)
		for _, p := range src.decoded {
			for docs[i] < p.Doc {
				if i++; i == len(docs) {
					return
				}
			}
			if docs[i] != p.Doc {
				continue
			}
			if shape := &shapes[p.Code]; src.takes(shape, l.inTitle) {
				sums[i] += src.times * m.frequency(shape, lengths, p.Doc, l.inTitle)
			}
		}
	}
}

// windowSize is how many documents are ranked or passed over together.
const windowSize = 256

// window is a run of a segment's documents with a bound of their ranks.
type window struct {
	m     *matching
	start uint32
	bound float64
}

func windowOf(set []uint64, start uint32) []uint64 {
	return set[start/64 : min(int(start+windowSize)/64, len(set))]
}

// windows gives the runs that have admitted documents.
func (m *matching) windows() []window {
	growth := segment.Growth(m.s.average, m.part.Average)
	for i, l := range m.p.leaves {
		m.settle(l, &m.found[i])
	}
	var ws []window
	for start := uint32(0); int(start) < m.part.Docs(); start += windowSize {
		if admitted := windowOf(m.admitted, start); slices.ContainsFunc(admitted, func(w uint64) bool { return w != 0 }) {
			ws = append(ws, window{m, start, m.bound(start, growth)})
		}
	}
	return ws
}

// sparse is the share of a segment's documents, one of so many, up to which a
// list's frequencies are worked out before its bounds are asked for: the
// blocks of such a list reach over many windows and would bound them badly.
const sparse = 3

// settle works out the frequencies of a leaf's short lists.
func (m *matching) settle(l *leaf, f *found) {
	var short, long []source
	for _, src := range f.sources {
		if src.Docs*sparse > m.part.Docs() {
			long = append(long, src)
		} else {
			short = append(short, src)
		}
	}
	if len(short) == 0 {
		return
	}
	set := m.set()
	f.sources = short
	m.mark(l, f, set)
	for _, doc := range f.docs {
		set[doc>>6] |= 1 << (doc & 63)
	}
	var docs []uint32
	for i := range set {
		set[i] &= m.admitted[i]
	}
	eachBit(set, func(doc uint32) { docs = append(docs, doc) })
	sums := make([]float64, len(docs))
	m.sumIn(l, f, docs, sums)
	f.sources, f.docs, f.sums = long, docs, sums
}

// directly is what a document gains by what is asked itself, beside one that
// has only what is asked also: more than any sum of ranks.
const directly = 1 << 14

// direct gives what the documents of a window may gain directly.
func (m *matching) direct(start uint32) (sum float64) {
	if m.p.tiers == 0 {
		return 0
	}
	m.p.root.direct(func(n *node) {
		if slices.ContainsFunc(windowOf(m.sets[n.parts[0].number], start), func(w uint64) bool { return w != 0 }) {
			sum += directly
		}
	})
	return sum
}

// slack makes up for sums being added in another order in a bound.
const slack = 1 + 1e-9

// bound is what no admitted document of a window can exceed in rank.
func (m *matching) bound(start uint32, growth float64) float64 {
	sum := m.direct(start)
	for i, l := range m.p.leaves {
		f := &m.found[i]
		at, _ := slices.BinarySearch(f.docs, start)
		best := 0.0
		for ; at < len(f.docs) && f.docs[at] < start+windowSize; at++ {
			best = max(best, f.sums[at])
		}
		sum += l.idf * saturated(best+f.most(start, growth))
	}
	return sum * slack
}

// most bounds the frequencies of a window's documents in the long lists of a
// leaf.
func (f *found) most(start uint32, growth float64) (most float64) {
	for k := range f.sources {
		most += growth * f.sources[k].times * f.sources[k].most(start)
	}
	return most
}

// most bounds the frequency of the list's word in the window's documents.
func (s *source) most(start uint32) (most float64) {
	for b := s.from(start); b < s.Blocks; b++ {
		most = max(most, s.MaxOf(b))
		if s.Last(b) >= start+windowSize-1 {
			break
		}
	}
	return most
}

// from gives the first block that reaches a document.
func (s *source) from(doc uint32) int {
	low, high := 0, s.Blocks
	for low < high {
		if mid := (low + high) / 2; s.Last(mid) < doc {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// rank offers the admitted documents of a window: those that could be among
// the best by what is known of their short lists.
func (m *matching) rank(start uint32, sums [][]float64, t *top) {
	for i := range m.p.leaves {
		clear(sums[i])
		m.found[i].sumSettled(start, sums[i])
	}
	admitted := windowOf(m.admitted, start)
	if t.full() {
		admitted = m.promising(start, admitted, sums, t.kept[0].score)
	}
	if size(admitted) == 0 {
		return
	}
	lengths := m.part.Lengths()
	for i, l := range m.p.leaves {
		m.sum(l, &m.found[i], start, admitted, lengths, sums[i])
	}
	eachBit(admitted, func(at uint32) {
		t.offer(hit{m.view, start + at, m.score(m.p.root, start+at, int(at), sums)})
	})
}

// promising gives the admitted documents of a window whose rank may reach
// another.
func (m *matching) promising(start uint32, admitted []uint64, sums [][]float64, score float64) []uint64 {
	growth := segment.Growth(m.s.average, m.part.Average)
	var most [32]float64
	if len(m.p.leaves) > len(most) {
		return admitted
	}
	for i := range m.p.leaves {
		most[i] = m.found[i].most(start, growth)
	}
	promising, direct := make([]uint64, len(admitted)), m.direct(start)
	eachBit(admitted, func(at uint32) {
		bound := direct
		for i, l := range m.p.leaves {
			bound += l.idf * saturated(sums[i][at]+most[i])
		}
		if bound*slack >= score {
			promising[at>>6] |= 1 << (at & 63)
		}
	})
	return promising
}

// sumSettled adds the frequencies of the short lists.
func (f *found) sumSettled(start uint32, sums []float64) {
	at, _ := slices.BinarySearch(f.docs, start)
	for ; at < len(f.docs) && f.docs[at] < start+windowSize; at++ {
		sums[f.docs[at]-start] += f.sums[at]
	}
}

// sum adds up the frequencies of a leaf's long lists in documents of a window.
func (m *matching) sum(l *leaf, f *found, start uint32, admitted []uint64, lengths segment.Lengths, sums []float64) {
	shapes := m.part.Shapes()
	for k := range f.sources {
		src := &f.sources[k]
		for b := src.from(start); b < src.Blocks; b++ {
			src.decode(b)
			for _, p := range src.decoded {
				at := p.Doc - start
				if at >= windowSize || admitted[at>>6]>>(at&63)&1 == 0 {
					continue
				}
				if shape := &shapes[p.Code]; src.takes(shape, l.inTitle) {
					sums[at] += src.times * m.frequency(shape, lengths, p.Doc, l.inTitle)
				}
			}
			if src.Last(b) >= start+windowSize-1 {
				break
			}
		}
	}
}

// score gives the rank of a document under a node that it matches, from the
// frequencies of every leaf, which stand at a place of sums. What is only
// chosen or excluded adds nothing.
func (m *matching) score(n *node, doc uint32, at int, sums [][]float64) float64 {
	if n.leaf != nil {
		return n.leaf.idf * saturated(sums[n.leaf.number][at])
	}
	switch {
	case n.operator == search.Not:
		return 0
	case n.operator == search.Also && m.has(n.parts[0], doc):
		return directly + m.score(n.parts[0], doc, at, sums)
	case n.operator == search.Also:
		return m.score(n.parts[1], doc, at, sums)
	}
	sum := 0.0
	for _, part := range n.parts {
		if n.operator != search.Any || m.has(part, doc) {
			sum += m.score(part, doc, at, sums)
		}
	}
	for _, part := range n.optional {
		if m.has(part, doc) {
			sum += m.score(part, doc, at, sums)
		}
	}
	return sum
}

func (m *matching) has(n *node, doc uint32) bool { return m.sets[n.number][doc>>6]>>(doc&63)&1 == 1 }

// hit is a match on its way to the page.
type hit struct {
	*view
	doc   uint32
	score float64
}

// better puts the higher rank first, then the later ID.
func better(a, b hit) int {
	if c := cmp.Compare(b.score, a.score); c != 0 {
		return c
	}
	return cmp.Compare(b.part.ID(b.doc), a.part.ID(a.doc))
}

// top keeps the best hits: a heap whose root is the worst kept.
type top struct {
	room int
	kept []hit
}

func (t *top) full() bool { return len(t.kept) >= t.room }

func (t *top) offer(h hit) {
	if !t.full() {
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
	if h.score < t.kept[0].score || better(h, t.kept[0]) >= 0 {
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
