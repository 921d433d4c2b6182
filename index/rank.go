package index

import "math"

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

// ranking collects the documents of one word, phrase or prefix.
type ranking struct {
	s       *sight
	inTitle bool // only what stands in titles counts
	docs    []int32
	scores  []float64
}

// take counts a document: how often the word stands in each part as it was
// asked, and how often with its stem.
func (r *ranking) take(doc int32, exact, stemmed [parts]uint16) {
	if !r.s.sees(doc) {
		return
	}
	if r.inTitle {
		exact, stemmed = [parts]uint16{inTitle: exact[inTitle]}, [parts]uint16{inTitle: stemmed[inTitle]}
		if exact[inTitle]+stemmed[inTitle] == 0 {
			return
		}
	}
	r.docs = append(r.docs, doc)
	r.scores = append(r.scores, r.s.frequency(doc, exact, stemmed))
}

// ranked gives the documents with their ranks: rare words tell more.
func (r *ranking) ranked() ([]int32, []float64) {
	w := idf(r.s.docs, len(r.docs))
	for i, tf := range r.scores {
		r.scores[i] = w * tf * (k1 + 1) / (k1 + tf)
	}
	return r.docs, r.scores
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

// idf is the weight of a word that df of n documents have (the form of
// Robertson and Zaragoza, with the 1 that keeps it positive).
func idf(n, df int) float64 {
	return math.Log(1 + (float64(n)-float64(df)+0.5)/(float64(df)+0.5))
}
