package segment

// The weights of BM25F (Robertson and Zaragoza, The Probabilistic Relevance
// Framework: BM25 and Beyond, 2009, section 3.6). They belong to the format,
// since the maxima of blocks are computed with them.
var (
	weight = [Parts]float64{InTitle: 5, InConcepts: 2.5, InAuthors: 2, InAbstract: 1, InText: 0.5}
	// length says how much a long part is held against a document; titles
	// little, and lists of labels and names hardly at all.
	length = [Parts]float64{InTitle: 0.4, InConcepts: 0.1, InAuthors: 0.1, InAbstract: 0.75, InText: 0.75}
)

// Norms turns the lengths of documents into what the counts of their words are
// divided by, for given average lengths.
type Norms struct{ fixed, each [Parts]float64 }

// NewNorms gives the norms for average numbers of words in each part.
func NewNorms(average [Parts]float64) (n Norms) {
	for p := range Parts {
		n.fixed[p] = (1 - length[p]) / weight[p]
		n.each[p] = length[p] / max(average[p], 1e-9) / weight[p]
	}
	return n
}

// Frequency is how much a document is about a word, before saturation: its
// counts, weighted by part and held against the part's length.
func (n *Norms) Frequency(s *Shape, l Lengths, doc uint32) float64 {
	tf := 0.0
	for p, count := range s.N {
		if count > 0 {
			tf += float64(count) / (n.fixed[p] + n.each[p]*float64(l.Of(doc, p)))
		}
	}
	return tf
}

// Title is Frequency of the title alone.
func (n *Norms) Title(s *Shape, l Lengths, doc uint32) float64 {
	return float64(s.N[InTitle]) / (n.fixed[InTitle] + n.each[InTitle]*float64(l.Of(doc, InTitle)))
}

// Growth bounds how much larger a frequency can be under average lengths than
// it was under those for which maxima were computed. A part without words
// then has none to count.
func Growth(now, then [Parts]float64) float64 {
	g := 1.0
	for p := range Parts {
		if then[p] > 0 {
			g = max(g, now[p]/then[p])
		}
	}
	return g
}
