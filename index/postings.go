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

// postings are the documents of a term, in the order in which they came.
type postings struct {
	docs   []int32
	counts [][parts]uint16 // beside docs: how often in each part
}

// stemTerm is the term under which a stem of a language is kept. Folded words
// hold no zero byte, so it is no word.
func stemTerm(lang, stem string) string { return lang + "\x00" + stem }

// count takes in a passage and gives the number of its words. Every word
// stands under itself, and under its stem in the passage's language.
func (m *Memory) count(doc int32, part int, p search.Passage) int32 {
	tokens := m.cutter.AppendTokens(nil, p.Text, p.Lang)
	words, last := int32(0), -1
	stems := slices.Contains(analysis.Languages(), p.Lang)
	for _, t := range tokens {
		m.post(t.Exact, doc, part)
		if stems {
			m.post(stemTerm(p.Lang, cmp.Or(t.Stem, t.Exact)), doc, part)
		}
		if t.Position != last {
			words, last = words+1, t.Position
		}
	}
	return words
}

func (m *Memory) post(term string, doc int32, part int) {
	ps := m.terms[term]
	if ps == nil {
		ps = &postings{}
		m.terms[strings.Clone(term)] = ps
	}
	n := len(ps.docs)
	if n == 0 || ps.docs[n-1] != doc {
		ps.docs = append(ps.docs, doc)
		ps.counts = append(ps.counts, [parts]uint16{})
		n++
	}
	if c := &ps.counts[n-1][part]; *c < 1<<16-1 {
		*c++
	}
}

// renumber gives the documents their new numbers and forgets those without.
func (ps *postings) renumber(number []int32) {
	n := 0
	for i, doc := range ps.docs {
		if number[doc] >= 0 {
			ps.docs[n], ps.counts[n] = number[doc], ps.counts[i]
			n++
		}
	}
	ps.docs, ps.counts = ps.docs[:n], ps.counts[:n]
}
