package segment

import (
	"bytes"
	"cmp"
	"errors"
	"slices"

	"github.com/blevesearch/vellum"
)

// iterator goes through a whole dictionary; nil when it is empty.
func (s *Segment) iterator(fst *vellum.FST, place int) *vellum.FSTIterator {
	steps := min(s.Keys[place], 64*int64(len(s.data))) + 1024
	it, err := fst.Search(&bounded{&vellum.AlwaysMatch{}, steps, s}, nil, nil)
	return s.more(it, err)
}

// more gives the iterator while it has a key.
func (s *Segment) more(it *vellum.FSTIterator, err error) *vellum.FSTIterator {
	if errors.Is(err, vellum.ErrIteratorDone) {
		return nil
	}
	if err != nil {
		s.damaged("read a dictionary: %v", err)
	}
	return it
}

// eachKey goes through several dictionaries at once: it gives each key in
// order with the places of the sources that have it and their values.
func eachKey(sources []Source, its []*vellum.FSTIterator, f func(key []byte, have []int, values []uint64)) {
	var key []byte
	have, values := make([]int, 0, len(its)), make([]uint64, 0, len(its))
	for {
		have, values = have[:0], values[:0]
		for i, it := range its {
			if it == nil {
				continue
			}
			k, v := it.Current()
			if len(have) > 0 {
				switch c := bytes.Compare(k, key); {
				case c > 0:
					continue
				case c < 0:
					have, values = have[:0], values[:0]
				}
			}
			if len(have) == 0 {
				key = append(key[:0], k...)
			}
			have, values = append(have, i), append(values, v)
		}
		if len(have) == 0 {
			return
		}
		f(key, have, values)
		for _, i := range have {
			its[i] = sources[i].more(its[i], its[i].Next())
		}
	}
}

// moved is a posting on its way into the merged list.
type moved struct {
	doc    uint32
	code   uint32
	shape  *Shape
	places []byte
}

// lists merges the lists of all words. It gives the words that no document has
// any more.
func (m *merging) lists() (dropped map[string]bool) {
	codes := m.shapes()
	norms := NewNorms(m.w.Average)
	l := listWriter{norms: &norms}
	dropped = map[string]bool{}
	m.w.begin("lists")
	start := m.w.at
	terms := m.w.dictionary("terms", 0)
	var its []*vellum.FSTIterator
	for _, s := range m.sources {
		its = append(its, s.iterator(s.terms, 0))
	}
	var list []moved
	var block []Posting
	eachKey(m.sources, its, func(word []byte, have []int, offsets []uint64) {
		list = list[:0]
		for k, i := range have {
			list, block = m.move(list, block, i, offsets[k], codes[i])
		}
		if len(list) == 0 {
			dropped[string(word)] = true
			return
		}
		byDoc := func(a, b moved) int { return cmp.Compare(a.doc, b.doc) }
		if !slices.IsSortedFunc(list, byDoc) {
			slices.SortStableFunc(list, byDoc)
		}
		l.reset()
		for i := range list {
			p := &list[i]
			l.add(p.doc, p.code, p.shape, Lengths(m.lengths))
			l.places = append(l.places, p.places...)
		}
		terms.insert(word, uint64(m.w.at-start))
		head, postings, places := l.list()
		m.w.write(head)
		m.w.write(postings)
		m.w.write(places)
	})
	terms.close()
	return dropped
}

// move appends the living postings of a source's list.
func (m *merging) move(list []moved, block []Posting, source int, offset uint64, codes []uint32) ([]moved, []Posting) {
	s := m.sources[source]
	l := s.list(offset)
	for b := range l.Blocks {
		block = l.Block(b, block[:0])
		places := l.Places(b)
		for _, p := range block {
			shape := &s.shapes[p.Code]
			raw := places.raw(shape)
			if n := m.numbers[source][p.Doc]; n != gone {
				list = append(list, moved{n, codes[p.Code], shape, raw})
			}
		}
	}
	return list, block
}

// shapes numbers the shapes of all sources: by source and code, the new code.
func (m *merging) shapes() (codes [][]uint32) {
	counts := map[Shape]int{}
	for _, s := range m.sources {
		uses := s.numbers("shapes.uses")
		for i, shape := range s.shapes {
			counts[shape] += int(uses.At(i))
		}
	}
	all := m.w.writeShapes(counts)
	for _, s := range m.sources {
		own := make([]uint32, len(s.shapes))
		for i, shape := range s.shapes {
			own[i] = all[shape]
		}
		codes = append(codes, own)
	}
	return codes
}
