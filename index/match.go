package index

import (
	"cmp"
	"math"

	"waymark/analysis"
)

// The weights of BM25F (Robertson and Zaragoza, The Probabilistic Relevance
// Framework: BM25 and Beyond, 2009, section 3.6).
const (
	k1 = 1.2
	// stemOnly is what a word in another form counts beside the form asked for.
	stemOnly = 0.6
)

var (
	weight = [parts]float64{inTitle: 5, inConcepts: 2.5, inAuthors: 2, inAbstract: 1}
	// length says how much a long part is held against a document; titles
	// little, and lists of labels and names hardly at all.
	length = [parts]float64{inTitle: 0.4, inConcepts: 0.1, inAuthors: 0.1, inAbstract: 0.75}
)

// match gives the visible documents that have every word of a text, in the order in
// which they came, with their ranks. Without words these are all, and there are no ranks.
func (m *Memory) match(s *sight, text string) (docs []int32, scores []float64) {
	words := queryWords(text)
	if len(words) == 0 {
		docs = make([]int32, 0, len(m.docs))
		for doc := range int32(len(m.docs)) {
			if s.sees(doc) {
				docs = append(docs, doc)
			}
		}
		return docs, nil
	}
	first := true
	for _, w := range words {
		if !w.required {
			continue
		}
		d, sc := m.word(s, w.text)
		if first {
			docs, scores, first = d, sc, false
		} else {
			docs, scores = both(docs, scores, d, sc)
		}
	}
	for _, w := range words {
		if !w.required {
			d, sc := m.word(s, w.text)
			add(docs, scores, d, sc)
		}
	}
	return docs, scores
}

// queryWord is a folded word of a query. A function word beside others need
// not be there, and only helps the rank when it is.
type queryWord struct {
	text     string
	required bool
}

// queryWords cuts a query as a text is cut. What a longer token holds already,
// as the two characters of a Chinese pair, is not asked for again.
func queryWords(text string) []queryWord {
	var words []queryWord
	position, end, telling := -1, 0, false
	seen := map[string]bool{}
	for _, t := range analysis.Tokens(text, "") {
		if t.Position == position || t.End <= end {
			continue
		}
		position, end = t.Position, t.End
		if seen[t.Exact] {
			continue
		}
		seen[t.Exact] = true
		w := queryWord{t.Exact, !stopWord(t.Exact)}
		telling = telling || w.required
		words = append(words, w)
	}
	if !telling {
		for i := range words {
			words[i].required = true
		}
	}
	return words
}

func stopWord(word string) bool {
	for _, lang := range analysis.Languages() {
		if analysis.StopWord(word, lang) {
			return true
		}
	}
	return false
}

// word gives the documents that have a word, as it is or by its stem in the
// language of the passage, with its part of their rank.
func (m *Memory) word(s *sight, word string) (docs []int32, scores []float64) {
	exact := m.terms[word]
	if exact == nil {
		exact = &postings{}
	}
	var stems []*postings
	for _, lang := range analysis.Languages() {
		if ps := m.terms[stemTerm(lang, cmp.Or(analysis.Stem(word, lang), word))]; ps != nil {
			stems = append(stems, ps)
		}
	}
	visible := 0
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
			break
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
		if !s.sees(doc) {
			continue
		}
		visible++
		docs = append(docs, doc)
		scores = append(scores, s.frequency(doc, n, stemmed))
	}
	w := idf(s.docs, visible)
	for i, tf := range scores {
		scores[i] = w * tf * (k1 + 1) / (k1 + tf)
	}
	return docs, scores
}

// frequency is how much a document is about a word: its counts, weighted by
// part and held against the part's length.
func (s *sight) frequency(doc int32, exact, stemmed [parts]uint16) float64 {
	tf := 0.0
	for p := range parts {
		n := float64(exact[p])
		if stemmed[p] > exact[p] {
			n += stemOnly * float64(stemmed[p]-exact[p])
		}
		if n > 0 {
			tf += weight[p] * n / (1 - length[p] + length[p]*float64(s.m.length[p][doc])/s.average[p])
		}
	}
	return tf
}

// both gives the documents that stand in both lists, with their ranks added.
func both(docs []int32, scores []float64, others []int32, more []float64) ([]int32, []float64) {
	n, j := 0, 0
	for i, doc := range docs {
		for j < len(others) && others[j] < doc {
			j++
		}
		if j < len(others) && others[j] == doc {
			docs[n], scores[n] = doc, scores[i]+more[j]
			n++
		}
	}
	return docs[:n], scores[:n]
}

// add adds to the ranks of the documents that stand in the other list too.
func add(docs []int32, scores []float64, others []int32, more []float64) {
	j := 0
	for i, doc := range docs {
		for j < len(others) && others[j] < doc {
			j++
		}
		if j < len(others) && others[j] == doc {
			scores[i] += more[j]
		}
	}
}
