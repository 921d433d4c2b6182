package index

import (
	"slices"

	"waymark/search"
)

// match gives the visible documents that an expression asks for, in the order
// in which they came, with their ranks. What is only chosen or excluded adds
// nothing to a rank.
func (s *sight) match(e search.Expression) (docs []int32, scores []float64) {
	switch e.Operator {
	case search.Words:
		return s.words(e)
	case search.Phrase:
		return s.phrase(e)
	case search.Prefix:
		return s.prefix(e)
	case search.Choice:
		return s.choice(e)
	case search.Not:
		docs, scores = s.m.everything(s)
		others, _ := s.match(e.Parts[0])
		return without(docs, scores, others)
	case search.Any:
		for _, part := range e.Parts {
			others, more := s.match(part)
			docs, scores = either(docs, scores, others, more)
		}
		return docs, scores
	}
	return s.all(e.Parts)
}

// all gives the documents that every part asks for.
func (s *sight) all(parts []search.Expression) (docs []int32, scores []float64) {
	wanted := func(e search.Expression) bool { return e.Operator != search.Not }
	if i := slices.IndexFunc(parts, wanted); i >= 0 {
		docs, scores = s.match(parts[i])
		parts = slices.Delete(slices.Clone(parts), i, i+1)
	} else {
		docs, scores = s.m.everything(s)
	}
	for _, part := range parts {
		if wanted(part) {
			others, more := s.match(part)
			docs, scores = both(docs, scores, others, more)
		} else {
			others, _ := s.match(part.Parts[0])
			docs, scores = without(docs, scores, others)
		}
	}
	return docs, scores
}

// everything gives all documents that the viewer sees.
func (m *Memory) everything(s *sight) (docs []int32, scores []float64) {
	docs = make([]int32, 0, len(m.docs))
	for doc := range int32(len(m.docs)) {
		if s.sees(doc) {
			docs = append(docs, doc)
		}
	}
	return docs, make([]float64, len(docs))
}

// choice gives the documents that have one of the values.
func (s *sight) choice(e search.Expression) (docs []int32, scores []float64) {
	q := search.Query{}
	for _, v := range e.Values {
		q = q.With(e.Field, v)
	}
	cs := s.m.choices(q)
	i := slices.IndexFunc(cs, func(c choice) bool { return c.field == e.Field })
	for doc := range int32(len(s.m.docs)) {
		if s.sees(doc) && cs[i].admits(doc) {
			docs = append(docs, doc)
		}
	}
	return docs, make([]float64, len(docs))
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

// either gives the documents that stand in one list or both, with their ranks
// added.
func either(docs []int32, scores []float64, others []int32, more []float64) ([]int32, []float64) {
	out, ranks := make([]int32, 0, len(docs)+len(others)), make([]float64, 0, len(docs)+len(others))
	i, j := 0, 0
	for i < len(docs) || j < len(others) {
		switch {
		case j == len(others) || i < len(docs) && docs[i] < others[j]:
			out, ranks = append(out, docs[i]), append(ranks, scores[i])
			i++
		case i == len(docs) || others[j] < docs[i]:
			out, ranks = append(out, others[j]), append(ranks, more[j])
			j++
		default:
			out, ranks = append(out, docs[i]), append(ranks, scores[i]+more[j])
			i++
			j++
		}
	}
	return out, ranks
}

// without gives the documents that do not stand in the other list.
func without(docs []int32, scores []float64, others []int32) ([]int32, []float64) {
	n, j := 0, 0
	for i, doc := range docs {
		for j < len(others) && others[j] < doc {
			j++
		}
		if j == len(others) || others[j] != doc {
			docs[n], scores[n] = doc, scores[i]
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
