package index

import (
	"slices"

	"waymark/index/segment"
)

// phrase finds the documents in which the words stand as they are, one behind
// the other, in one passage.
func (m *matching) phrase(l *leaf, f *found, set []uint64) {
	lists := make([]*walk, len(l.words))
	both := m.set()
	for i, w := range l.words {
		list, ok := m.part.Word(w.Exact)
		if !ok {
			return
		}
		lists[i] = &walk{List: list, shapes: m.part.Shapes()}
		one := m.set()
		list.Mark(one, nil)
		for k, w := range one {
			if i == 0 {
				both[k] = m.visible[k] & w
			} else {
				both[k] &= w
			}
		}
	}
	lengths := m.part.Lengths()
	eachBit(both, func(doc uint32) {
		for _, w := range lists {
			w.to(doc)
		}
		n := l.together(lists)
		if l.inTitle {
			n = segment.Shape{N: [segment.Parts]uint8{segment.InTitle: n.N[segment.InTitle]}}
		}
		if n.N == ([segment.Parts]uint8{}) {
			return
		}
		set[doc>>6] |= 1 << (doc & 63)
		f.docs, f.sums = append(f.docs, doc), append(f.sums, m.s.norms.Frequency(&n, lengths, doc))
	})
}

// walk goes through a list with the places, from document to document.
type walk struct {
	segment.List
	shapes   []segment.Shape
	block    int // of postings, from 1; 0 before the first
	postings []segment.Posting
	reader   segment.Places
	next     int
	at       []segment.Place // of the document reached
}

// to moves on to a document, which the list has, and reads its places there.
func (w *walk) to(doc uint32) {
	if w.block == 0 || w.Last(w.block-1) < doc {
		for w.block == 0 || w.Last(w.block-1) < doc {
			w.block++
		}
		w.postings, w.next = w.Block(w.block-1, w.postings[:0]), 0
		w.reader = w.Places(w.block - 1)
	}
	for ; w.postings[w.next].Doc < doc; w.next++ {
		w.reader.Skip(&w.shapes[w.postings[w.next].Code])
	}
	w.at = w.at[:0]
	langs := 0
	for ; w.next < len(w.postings) && w.postings[w.next].Doc == doc; w.next++ {
		w.at = w.reader.Next(&w.shapes[w.postings[w.next].Code], w.at)
		langs++
	}
	if langs > 1 {
		slices.Sort(w.at)
	}
}

// together counts where the words stand behind each other in the document that
// all lists have reached.
func (l *leaf) together(lists []*walk) (n segment.Shape) {
	for _, place := range lists[0].at {
		whole := true
		for k := 1; k < len(lists) && whole; k++ {
			_, whole = slices.BinarySearch(lists[k].at, place+segment.Place(l.words[k].Position-l.words[0].Position))
		}
		if p := place.Part(); whole && n.N[p] < 255 {
			n.N[p]++
		}
	}
	return n
}
