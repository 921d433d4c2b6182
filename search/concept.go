package search

import (
	"slices"
	"strings"

	"waymark/analysis"
	"waymark/vocabulary"
)

// recogniser finds the concepts of the field that a reader names, and asks for
// them in other words too.
type recogniser struct {
	vocabularies *vocabulary.Vocabularies
	lang         string
	also         []string // what is asked beside the reader's own words, for the reader
}

// maxConcepts bounds the concepts of a query that are asked in other words.
const maxConcepts = 6

// widen gives the expression in which plain words that name a concept are also
// asked by the concept's other names, in every language, and by what is filed
// under it. Phrases, prefixes and what must not be there stay as they are.
func (r *recogniser) widen(e Expression) Expression {
	switch {
	case e.Operator == Words && e.Field == "":
		return r.words(e)
	case e.Operator == All || e.Operator == Any:
		parts := make([]Expression, 0, len(e.Parts))
		for _, part := range e.Parts {
			parts = append(parts, r.widen(part))
		}
		e.Parts = parts
	}
	return e
}

func (r *recogniser) words(e Expression) Expression {
	words := analysis.Words(e.Text)
	var parts []Expression
	var rest []string
	for i, known := 0, 0; i < len(words); {
		n, c := 0, vocabulary.Concept{}
		if known < maxConcepts {
			n, c = r.vocabularies.Recognise(words[i:])
		}
		if n == 0 || n == 1 && functionWord(words[i]) {
			rest = append(rest, words[i])
			i++
			continue
		}
		known++
		parts = append(parts, r.concept(words[i:i+n], c))
		i += n
	}
	if len(parts) == 0 {
		return e
	}
	if len(rest) == 0 || !slices.ContainsFunc(rest, func(w string) bool { return !functionWord(w) }) {
		return both(parts...) // words such as 'in' between concepts ask nothing
	}
	return Expression{Operator: All, Parts: append([]Expression{{Operator: Words, Text: spaced(rest)}}, parts...)}
}

// spaced writes words as a text; those of one letter in scripts without spaces
// stand together again.
func spaced(words []string) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 && (dense(words[i-1]) < 0 || dense(w) < 0) {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

// dense tells, by 0, a word of a script without spaces.
func dense(word string) int {
	return strings.IndexFunc(word, func(r rune) bool {
		return r >= 0x2e80 && r <= 0x9fff || r >= 0x3040 && r <= 0x30ff || r >= 0x20000 && r <= 0x3ffff
	})
}

// functionWord tells a word that says nothing by itself in some language.
func functionWord(word string) bool {
	return slices.ContainsFunc(analysis.Languages(), func(lang string) bool { return analysis.StopWord(word, lang) })
}

// concept asks for the words of a name, and also for the concept's other names
// and terms.
func (r *recogniser) concept(words []string, c vocabulary.Concept) Expression {
	own := strings.Join(words, " ")
	other := Expression{Operator: Any}
	for _, name := range c.Names {
		told := analysis.Words(name.Text)
		if strings.Join(told, " ") == own {
			continue
		}
		op := Phrase
		if len(told) == 1 {
			op = Words
		}
		other.Parts = append(other.Parts, Expression{Operator: op, Text: name.Text})
		if name.Label && name.Lang != r.lang && !slices.Contains(r.also, name.Text) {
			r.also = append(r.also, name.Text)
		}
	}
	for _, t := range c.Terms {
		other.Parts = append(other.Parts, Expression{Operator: Choice, Field: t.Field, Values: []string{t.Code}})
	}
	direct := Expression{Operator: Words, Text: spaced(words)}
	if len(other.Parts) == 0 {
		return direct
	}
	return Expression{Operator: Also, Parts: []Expression{direct, other}}
}
