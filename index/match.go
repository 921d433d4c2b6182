package index

import (
	"waymark/analysis"
	"waymark/index/segment"
	"waymark/library"
	"waymark/search"
)

// matching is a plan asked of one segment.
type matching struct {
	*view
	s       *sight
	p       *plan
	room    *arena
	visible []uint64
	sets    [][]uint64 // by node: the visible documents that match it
	found   []found    // by leaf

	admitted []uint64                   // matches that every choice admits
	total    int                        // of them
	but      map[library.Field][]uint64 // by field that is narrowed: what all other choices admit
}

// found is what a segment has of a leaf: lists of words, or counts that were
// worked out already.
type found struct {
	sources []source
	docs    []uint32  // in order, of a phrase or of many words
	sums    []float64 // beside docs: their frequencies
}

// source is the list of one word.
type source struct {
	segment.List
	langs   uint16  // LangCodes of the passages that count, one bit each; 0 for all
	times   float64 // what an occurrence counts
	block   int     // decoded into postings
	decoded []segment.Posting
}

// matches asks a plan of a segment.
func (s *sight) matches(v *view, p *plan, room *arena) *matching {
	m := &matching{view: v, s: s, p: p, room: room, visible: v.visible(s.sees, room)}
	m.sets = make([][]uint64, p.nodes)
	m.found = make([]found, len(p.leaves))
	m.eval(p.root)
	return m
}

// set gives an empty set of the segment's documents.
func (m *matching) set() []uint64 { return m.room.set(m.part.Docs()) }

// eval works out the documents that match a node. A set may be that of another
// node and is not changed afterwards.
func (m *matching) eval(n *node) []uint64 {
	var set []uint64
	switch {
	case m.s.ctx.Err() != nil: // nobody waits for the answer
		set = m.set()
	case n.leaf != nil:
		set = m.leaf(n.leaf)
	case n.operator == search.Choice:
		set = m.set()
		m.choose(n.chosen.Field, n.choice, set)
		for i := range set {
			set[i] &= m.visible[i]
		}
	case n.operator == search.Not:
		set = m.set()
		for i, w := range m.eval(n.parts[0]) {
			set[i] = m.visible[i] &^ w
		}
	case n.operator == search.Also:
		set = m.also(n)
	case n.operator == search.Any:
		set = m.set()
		for _, part := range n.parts {
			for i, w := range m.eval(part) {
				set[i] |= w
			}
		}
	default:
		set = m.all(n)
	}
	m.sets[n.number] = set
	return set
}

// also asks for the second part among the documents that have not the first.
func (m *matching) also(n *node) []uint64 {
	direct, visible := m.eval(n.parts[0]), m.visible
	m.visible = m.set()
	for i, w := range direct {
		m.visible[i] = visible[i] &^ w
	}
	other := m.eval(n.parts[1])
	m.visible = visible
	set := m.set()
	for i := range set {
		set[i] = direct[i] | other[i]
	}
	return set
}

func (m *matching) all(n *node) []uint64 {
	set := m.visible
	for k, part := range n.parts {
		next := m.eval(part)
		if k == 0 {
			set = next
			continue
		}
		both := m.set()
		for i, w := range next {
			both[i] = set[i] & w
		}
		set = both
	}
	for _, part := range n.optional {
		m.eval(part)
	}
	return set
}

func (m *matching) leaf(l *leaf) []uint64 {
	f := &m.found[l.number]
	set := m.set()
	switch l.operator {
	case search.Phrase:
		m.phrase(l, f, set)
	case search.Prefix:
		m.prefix(l, f, set)
	default:
		m.word(l, f)
		m.mark(l, f, set)
	}
	for i := range set {
		set[i] &= m.visible[i]
	}
	return set
}

// mark sets the bits of the documents in the lists of a leaf.
func (m *matching) mark(l *leaf, f *found, set []uint64) {
	for i := range f.sources {
		src := &f.sources[i]
		if src.langs == 0 && !l.inTitle {
			src.Mark(set, nil)
			continue
		}
		src.Mark(set, func(shape *segment.Shape) bool { return src.takes(shape, l.inTitle) })
	}
}

func (s *source) takes(shape *segment.Shape, inTitle bool) bool {
	return (s.langs == 0 || s.langs>>shape.Lang&1 == 1) && (!inTitle || shape.N[segment.InTitle] > 0)
}

func (f *found) add(l segment.List, langs uint16, times float64) {
	f.sources = append(f.sources, source{List: l, langs: langs, times: times, block: -1})
}

// word finds a word as it is, and the words with its stem in passages of the
// language of the stem.
func (m *matching) word(l *leaf, f *found) {
	if list, ok := m.part.Word(l.word); ok {
		f.add(list, 0, 1)
	}
	forms := map[string]uint16{}
	for i := range analysis.Languages() {
		lang := uint8(i + 1)
		m.part.Family(l.word, lang, func(form string) { forms[form] |= 1 << lang })
	}
	for form, langs := range forms {
		if list, ok := m.part.Word(form); ok {
			f.add(list, langs, stemOnly)
		}
	}
}

// maxPrefixLists is the number of words with a prefix up to which their lists
// are ranked one by one.
const maxPrefixLists = 32

// prefix finds the words that begin like the leaf's.
func (m *matching) prefix(l *leaf, f *found, set []uint64) {
	m.part.Words(l.word, func(_ []byte, list func() segment.List) bool {
		f.add(list(), 0, 1)
		return true
	})
	m.mark(l, f, set)
	if len(f.sources) <= maxPrefixLists {
		return
	}
	sums := make([]float64, m.part.Docs())
	lengths := m.part.Lengths()
	for i := range f.sources {
		src := &f.sources[i]
		for b := range src.Blocks {
			src.decode(b)
			for _, p := range src.decoded {
				sums[p.Doc] += m.frequency(&m.part.Shapes()[p.Code], lengths, p.Doc, l.inTitle)
			}
		}
	}
	f.sources = nil
	eachBit(set, func(doc uint32) { f.docs, f.sums = append(f.docs, doc), append(f.sums, sums[doc]) })
}

func (m *matching) frequency(shape *segment.Shape, lengths segment.Lengths, doc uint32, inTitle bool) float64 {
	if inTitle {
		return m.s.norms.Title(shape, lengths, doc)
	}
	return m.s.norms.Frequency(shape, lengths, doc)
}

func (s *source) decode(block int) {
	if s.block != block {
		s.decoded, s.block = s.Block(block, s.decoded[:0]), block
	}
}

// choose marks the documents that have one of the values that a query chooses
// in a field.
func (m *matching) choose(f library.Field, q search.Query, set []uint64) {
	col := m.part.columns[f]
	for code := range col.Len() {
		if col.chosen(f, q, code) {
			docs := col.Docs(code)
			for i := range docs.Len() {
				doc := docs.At(i)
				set[doc>>6] |= 1 << (doc & 63)
			}
		}
	}
}
