package index

import (
	"cmp"
	"slices"
	"strings"

	"waymark/analysis"
	"waymark/search"
)

// The parts of a document that words are found in, best first.
const (
	inTitle = iota
	inConcepts
	inAuthors
	inAbstract
	parts
)

// postings are the documents of a term, in the order in which they came. Words
// have the places where they stand, for phrases; stems have none.
type postings struct {
	docs   []int32
	counts [][parts]uint16 // beside docs: how often in each part
	ends   []int32         // beside docs: where the document's places end
	places []uint32        // ascending within a document; see placeOf
}

// placeOf is the place of a word in a part of a document. Passages of a part
// follow each other with a gap, so that no phrase reaches from one to the next.
func placeOf(part, position int) uint32 { return uint32(part)<<28 | uint32(position)&(1<<28-1) }

func partOf(place uint32) int { return int(place >> 28) }

// in gives the places of the document that stands i-th in the list.
func (ps *postings) in(i int) []uint32 {
	start := int32(0)
	if i > 0 {
		start = ps.ends[i-1]
	}
	return ps.places[start:ps.ends[i]]
}

// stemMark stands in the terms of stems. Folded words hold no zero byte.
const stemMark = "\x00"

// stemTerm is the term under which a stem of a language is kept.
func stemTerm(lang, stem string) string { return lang + stemMark + stem }

// count takes in a passage whose first word has a position in its part, and
// gives the number of its words. Every word stands under itself, and under its
// stem in the passage's language.
func (m *Memory) count(doc int32, part, start int, p search.Passage) int32 {
	m.tokens = m.cutter.AppendTokens(m.tokens[:0], p.Text, p.Lang)
	words, last := int32(0), -1
	stems := slices.Contains(analysis.Languages(), p.Lang)
	for _, t := range m.tokens {
		ps := m.post(t.Exact, doc, part)
		ps.places = append(ps.places, placeOf(part, start+t.Position))
		ps.ends[len(ps.ends)-1] = int32(len(ps.places))
		if stems {
			m.post(stemTerm(p.Lang, cmp.Or(t.Stem, t.Exact)), doc, part)
		}
		if t.Position != last {
			words, last = words+1, t.Position
		}
	}
	return words
}

func (m *Memory) post(term string, doc int32, part int) *postings {
	ps := m.terms[term]
	if ps == nil {
		ps = &postings{}
		m.terms[strings.Clone(term)] = ps
	}
	n := len(ps.docs)
	if n == 0 || ps.docs[n-1] != doc {
		ps.docs = append(ps.docs, doc)
		ps.counts = append(ps.counts, [parts]uint16{})
		ps.ends = append(ps.ends, int32(len(ps.places)))
		n++
	}
	if c := &ps.counts[n-1][part]; *c < 1<<16-1 {
		*c++
	}
	return ps
}

// renumber gives the documents their new numbers and forgets those without.
func (ps *postings) renumber(number []int32) {
	n, end := 0, int32(0)
	for i, doc := range ps.docs {
		places := ps.in(i)
		if number[doc] < 0 {
			continue
		}
		end += int32(copy(ps.places[end:], places))
		ps.docs[n], ps.counts[n], ps.ends[n] = number[doc], ps.counts[i], end
		n++
	}
	ps.docs, ps.counts, ps.ends, ps.places = ps.docs[:n], ps.counts[:n], ps.ends[:n], ps.places[:end]
}
