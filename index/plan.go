package index

import (
	"slices"

	"waymark/analysis"
	"waymark/search"
)

// plan is an expression made ready to be asked of every segment.
type plan struct {
	root   *node
	nodes  int
	tiers  int // nodes that ask for something or also for something else
	leaves []*leaf

	unwanted map[int]bool // leaves' nodes that must not be there
}

// node is a part of an expression. Words become a node of all its words.
type node struct {
	number   int // of its set of documents
	operator search.Operator
	parts    []*node
	optional []*node // only raise the rank of what matches
	leaf     *leaf   // of a word, phrase or prefix
	choice   search.Query
	chosen   search.Expression
}

// leaf is a word, phrase or prefix that is looked for.
type leaf struct {
	number   int
	operator search.Operator
	words    []analysis.Token // of a phrase; the only one of a word
	word     string           // folded word or beginning of one
	inTitle  bool             // only what stands in titles counts
	node     int              // number of its node
	docs     int              // that have it, of those the viewer sees
	idf      float64
}

func newPlan(e search.Expression) *plan {
	p := &plan{unwanted: map[int]bool{}}
	p.root = p.node(e)
	p.mark(p.root, false)
	p.root.direct(func(*node) { p.tiers++ })
	return p
}

// mark notes the leaves that stand under an odd number of exclusions.
func (p *plan) mark(n *node, not bool) {
	if n.leaf != nil && not {
		p.unwanted[n.number] = true
	}
	for _, part := range append(slices.Clone(n.parts), n.optional...) {
		p.mark(part, not != (n.operator == search.Not))
	}
}

// direct gives the nodes whose first part ranks a document above all others
// that have only the second.
func (n *node) direct(f func(*node)) {
	if n.operator == search.Also {
		f(n)
	}
	for _, part := range n.parts {
		part.direct(f)
	}
}

func (p *plan) add(n *node) *node {
	n.number = p.nodes
	p.nodes++
	return n
}

func (p *plan) node(e search.Expression) *node {
	switch e.Operator {
	case search.Words:
		return p.words(e)
	case search.Phrase:
		words := analysis.Essential(e.Text)
		if len(words) == 0 {
			return p.everything()
		}
		return p.leaf(&leaf{operator: search.Phrase, words: words, inTitle: e.Field == search.FieldTitle})
	case search.Prefix:
		return p.prefix(e)
	case search.Choice:
		q := search.Query{}
		for _, v := range e.Values {
			q = q.With(e.Field, v)
		}
		return p.add(&node{operator: search.Choice, choice: q, chosen: e})
	}
	n := p.add(&node{operator: e.Operator})
	for _, part := range e.Parts {
		n.parts = append(n.parts, p.node(part))
	}
	return n
}

// everything asks nothing.
func (p *plan) everything() *node { return p.add(&node{operator: search.All}) }

func (p *plan) leaf(l *leaf) *node {
	l.number = len(p.leaves)
	p.leaves = append(p.leaves, l)
	n := p.add(&node{operator: l.operator, leaf: l})
	l.node = n.number
	return n
}

// words asks for every word, in any form. Function words beside others need
// not be there, and only help the rank when they are.
func (p *plan) words(e search.Expression) *node {
	var telling, function []string
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
	n := p.everything()
	for i, w := range append(telling, function...) {
		l := p.leaf(&leaf{operator: search.Words, word: w, inTitle: e.Field == search.FieldTitle})
		if i < len(telling) {
			n.parts = append(n.parts, l)
		} else {
			n.optional = append(n.optional, l)
		}
	}
	return n
}

// prefix asks for a word that begins like the last word of the text, and for
// the words before it.
func (p *plan) prefix(e search.Expression) *node {
	words := analysis.Words(e.Text)
	if len(words) == 0 {
		return p.everything()
	}
	n, inTitle := p.everything(), e.Field == search.FieldTitle
	n.parts = append(n.parts, p.leaf(&leaf{operator: search.Prefix, word: words[len(words)-1], inTitle: inTitle}))
	for _, w := range words[:len(words)-1] {
		n.parts = append(n.parts, p.leaf(&leaf{operator: search.Words, word: w, inTitle: inTitle}))
	}
	return n
}

func stopWord(word string) bool {
	return slices.ContainsFunc(analysis.Languages(), func(lang string) bool { return analysis.StopWord(word, lang) })
}
