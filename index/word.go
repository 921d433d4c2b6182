package index

import (
	"math"
	"slices"
	"strings"

	"waymark/analysis"
	"waymark/search"
)

// words gives the documents that have every word, in any form. Function words
// beside others need not be there, and only help the rank when they are.
func (s *sight) words(e search.Expression) (docs []int32, scores []float64) {
	var telling, function []string // words that must be there, and those that only help the rank
	for _, t := range analysis.Essential(e.Text) {
		list := &telling
		if stopWord(t.Exact) {
			list = &function
		}
		if !slices.Contains(*list, t.Exact) {
			*list = append(*list, t.Exact)
		}
	}
	if len(telling) == 0 {
		telling, function = function, nil
	}
	if len(telling) == 0 {
		return s.m.everything(s)
	}
	inTitle := e.Field == search.FieldTitle
	docs, scores = s.word(telling[0], inTitle)
	for _, w := range telling[1:] {
		others, more := s.word(w, inTitle)
		docs, scores = both(docs, scores, others, more)
	}
	for _, w := range function {
		others, more := s.word(w, inTitle)
		add(docs, scores, others, more)
	}
	return docs, scores
}

func stopWord(word string) bool {
	return slices.ContainsFunc(analysis.Languages(), func(lang string) bool { return analysis.StopWord(word, lang) })
}

// word gives the documents that have a word, as it is or by its stem in the
// language of the passage.
func (s *sight) word(word string, inTitle bool) (docs []int32, scores []float64) {
	exact := s.m.terms[word]
	if exact == nil {
		exact = &postings{}
	}
	var stems []*postings
	for _, lang := range analysis.Languages() {
		if ps := s.m.terms[stemTerm(lang, analysis.Stem(word, lang))]; ps != nil {
			stems = append(stems, ps)
		}
	}
	r := ranking{s: s, inTitle: inTitle}
	next := make([]int, len(stems))
	for e := 0; ; {
		doc := int32(math.MaxInt32)
		if e < len(exact.docs) {
			doc = exact.docs[e]
		}
		for i, ps := range stems {
			if next[i] < len(ps.docs) {
				doc = min(doc, ps.docs[next[i]])
			}
		}
		if doc == math.MaxInt32 {
			return r.ranked()
		}
		var n, stemmed [parts]uint16
		if e < len(exact.docs) && exact.docs[e] == doc {
			n = exact.counts[e]
			e++
		}
		for i, ps := range stems {
			if next[i] < len(ps.docs) && ps.docs[next[i]] == doc {
				for p, c := range ps.counts[next[i]] {
					stemmed[p] += c
				}
				next[i]++
			}
		}
		r.take(doc, n, stemmed)
	}
}

// phrase gives the documents in which the words stand as they are, one behind
// the other, in one passage.
func (s *sight) phrase(e search.Expression) (docs []int32, scores []float64) {
	words := analysis.Essential(e.Text)
	if len(words) == 0 {
		return s.m.everything(s)
	}
	lists := make([]*postings, len(words))
	for i, w := range words {
		if lists[i] = s.m.terms[w.Exact]; lists[i] == nil {
			return nil, nil
		}
	}
	r := ranking{s: s, inTitle: e.Field == search.FieldTitle}
	at := make([]int, len(words))
	for i, doc := range lists[0].docs {
		at[0] = i
		if s.sees(doc) && reach(lists, at, doc) {
			if n := together(words, lists, at); n != [parts]uint16{} {
				r.take(doc, n, n)
			}
		}
	}
	return r.ranked()
}

// reach moves every list on to a document; false when one lacks it.
func reach(lists []*postings, at []int, doc int32) bool {
	for k := 1; k < len(lists); k++ {
		rest, found := slices.BinarySearch(lists[k].docs[at[k]:], doc)
		if at[k] += rest; !found {
			return false
		}
	}
	return true
}

// together counts where the words stand behind each other in a document.
func together(words []analysis.Token, lists []*postings, at []int) (n [parts]uint16) {
	for _, place := range lists[0].in(at[0]) {
		whole := true
		for k := 1; k < len(words) && whole; k++ {
			_, whole = slices.BinarySearch(lists[k].in(at[k]), place+uint32(words[k].Position-words[0].Position))
		}
		if p := partOf(place); whole && n[p] < 1<<16-1 {
			n[p]++
		}
	}
	return n
}

// prefix gives the documents that have a word which begins like the last word
// of the text, and the words before it.
func (s *sight) prefix(e search.Expression) (docs []int32, scores []float64) {
	words := analysis.Words(e.Text)
	if len(words) == 0 {
		return s.m.everything(s)
	}
	head := words[len(words)-1]
	counts := make([][parts]uint16, len(s.m.docs))
	all := s.m.ordered().words
	start, _ := slices.BinarySearch(all, head)
	for _, word := range all[start:] {
		if !strings.HasPrefix(word, head) {
			break
		}
		for i, doc := range s.m.terms[word].docs {
			for p, n := range s.m.terms[word].counts[i] {
				counts[doc][p] += n
			}
		}
	}
	r := ranking{s: s, inTitle: e.Field == search.FieldTitle}
	for doc, n := range counts {
		if n != [parts]uint16{} {
			r.take(int32(doc), n, n)
		}
	}
	docs, scores = r.ranked()
	for _, w := range words[:len(words)-1] {
		others, more := s.word(w, r.inTitle)
		docs, scores = both(docs, scores, others, more)
	}
	return docs, scores
}
