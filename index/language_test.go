package index

import (
	"math"
	"slices"
	"strings"
	"sync"

	"waymark/analysis"
	"waymark/search"
)

// isMatch is the oracle of the query language: it looks at the tokens of a
// document one by one.
func isMatch(d search.Document, e search.Expression) bool {
	yes := func(part search.Expression) bool { return isMatch(d, part) }
	switch e.Operator {
	case search.Any, search.Also:
		return slices.ContainsFunc(e.Parts, yes)
	case search.Not:
		return !yes(e.Parts[0])
	case search.Choice:
		if e.Field == "year" {
			y, err := search.ParseYears(e.Values[0])
			return err == nil && y.Contains(d.Date.Year())
		}
		return slices.Contains(d.Values[e.Field], e.Values[0])
	case search.Words, search.Phrase, search.Prefix:
		pieces, _ := piecesOf(e)
		for _, l := range pieces {
			if exact, stemmed := l.occurrences(d); exact == [5]int{} && stemmed == [5]int{} {
				return false
			}
		}
		return true
	}
	return !slices.ContainsFunc(e.Parts, func(part search.Expression) bool { return !yes(part) })
}

// rank adds up what each word, phrase and prefix that matches is worth. What is
// also asked is rare or common among the documents that lack the thing itself,
// and is worth less than all that can be worth of the thing itself.
func rank(seen []search.Document, d search.Document, e search.Expression, among func(search.Document) bool) float64 {
	sum := 0.0
	switch e.Operator {
	case search.All, search.Any:
		for _, part := range e.Parts {
			if isMatch(d, part) {
				sum += rank(seen, d, part, among)
			}
		}
	case search.Also:
		if isMatch(d, e.Parts[0]) {
			return 1<<14 + rank(seen, d, e.Parts[0], among)
		}
		return rank(seen, d, e.Parts[1], func(d search.Document) bool { return among(d) && !isMatch(d, e.Parts[0]) })
	case search.Words, search.Phrase, search.Prefix:
		pieces, optional := piecesOf(e)
		for _, l := range append(pieces, optional...) {
			sum += l.worth(seen, d, among)
		}
	}
	return sum
}

// piece is one word, phrase or beginning of a word that is looked for.
type piece struct {
	search.Operator
	text    string
	inTitle bool
}

func piecesOf(e search.Expression) (pieces, optional []piece) {
	inTitle := e.Field == search.FieldTitle
	if e.Operator != search.Words {
		return []piece{{e.Operator, e.Text, inTitle}}, nil
	}
	words, function := oracleWords(e.Text)
	for _, w := range words {
		pieces = append(pieces, piece{search.Words, w, inTitle})
	}
	for _, w := range function {
		optional = append(optional, piece{search.Words, w, inTitle})
	}
	return pieces, optional
}

// occurrences counts a piece in each part of a document: as it is, and in other
// forms of its stem where the passage's language has stems.
func (l piece) occurrences(d search.Document) (exact, stemmed [5]int) {
	for i, ps := range passagesOf(d) {
		if l.inTitle && i != 0 {
			continue
		}
		for _, p := range ps {
			tokens := tokensOf(p.Text, p.Lang)
			switch l.Operator {
			case search.Phrase:
				n := phrases(tokens, strings.Fields(analysis.Fold(l.text)))
				exact[i] += n
			case search.Prefix:
				for _, t := range tokens {
					if strings.HasPrefix(t.Exact, analysis.Fold(l.text)) {
						exact[i]++
					}
				}
			default:
				for _, t := range tokens {
					stems := slices.Contains([]string{"en", "fr", "es", "ru", "ar"}, p.Lang)
					switch {
					case t.Exact == l.text:
						exact[i]++
					case stems && stemOf(t.Exact, p.Lang) == stemOf(l.text, p.Lang):
						stemmed[i]++
					}
				}
			}
		}
	}
	return exact, stemmed
}

// phrases counts where words follow each other among tokens.
func phrases(tokens []analysis.Token, words []string) (n int) {
	at := map[int]map[string]bool{}
	for _, t := range tokens {
		if at[t.Position] == nil {
			at[t.Position] = map[string]bool{}
		}
		at[t.Position][t.Exact] = true
	}
	for position := range at {
		whole := true
		for i, w := range words {
			whole = whole && at[position+i][w]
		}
		if whole {
			n++
		}
	}
	return n
}

func stemOf(w, lang string) string {
	if s, ok := stems.Load(lang + w); ok {
		return s.(string)
	}
	s := analysis.Stem(w, lang)
	if s == "" {
		s = w
	}
	stems.Store(lang+w, s)
	return s
}

var stems sync.Map

// worth is the piece's BM25F for a document among those that the viewer sees.
func (l piece) worth(seen []search.Document, d search.Document, among func(search.Document) bool) float64 {
	df, average := 0, [5]float64{}
	for _, o := range seen {
		if exact, stemmed := l.occurrences(o); (exact != [5]int{} || stemmed != [5]int{}) && among(o) {
			df++
		}
		for i, ps := range passagesOf(o) {
			average[i] += lengthOf(i, ps) / float64(len(seen))
		}
	}
	exact, stemmed := l.occurrences(d)
	tf := 0.0
	for i, ps := range passagesOf(d) {
		if n := float64(exact[i]) + stemOnly*float64(stemmed[i]); n > 0 {
			tf += oracleWeight[i] * n / (1 - oracleLength[i] + oracleLength[i]*lengthOf(i, ps)/average[i])
		}
	}
	return math.Log(1+(float64(len(seen)-df)+0.5)/(float64(df)+0.5)) * tf * (k1 + 1) / (k1 + tf)
}

// The weights of the parts, and how much a long one is held against a document.
var (
	oracleWeight = [5]float64{5, 2.5, 2, 1, 0.5}
	oracleLength = [5]float64{0.4, 0.1, 0.1, 0.75, 0.75}
)

// lengthOf is the length of a part: text of files counts by sixteens of words.
func lengthOf(part int, ps []search.Passage) float64 {
	n := wordsIn(ps)
	if part == 4 {
		n = (n + 15) / 16
	}
	return float64(n)
}

func wordsIn(ps []search.Passage) (n int) {
	for _, p := range ps {
		last := -1
		for _, t := range tokensOf(p.Text, p.Lang) {
			if t.Position != last {
				n, last = n+1, t.Position
			}
		}
	}
	return n
}

// asking makes a random text of the query language, brackets up to a depth.
// Its words are cut at spaces only, so that the oracle can stay simple.
func (w world) asking(depth int) string {
	word := func() string {
		for {
			s := w.pick(vocabularyOf[w.pick([]string{"en", "fr", "es", "ru", "ar", "zh", "de"})])
			if !strings.ContainsAny(s, "'/-") {
				return s
			}
		}
	}
	latin := func() string {
		for {
			s := w.pick(vocabularyOf[w.pick([]string{"en", "fr", "es", "ru", "de"})])
			if !strings.ContainsAny(s, "'/-") {
				return s
			}
		}
	}
	var terms []string
	for range w.IntN(4) {
		switch n := w.IntN(14); {
		case n < 7:
			terms = append(terms, word())
		case n == 7:
			terms = append(terms, `"`+latin()+" "+latin()+`"`)
		case n == 8:
			terms = append(terms, "-"+word())
		case n == 9:
			s := []rune(latin())
			terms = append(terms, string(s[:1+w.IntN(len(s))])+"*")
		case n == 10:
			terms = append(terms, "title:"+word())
		case n == 11:
			terms = append(terms, w.pick([]string{"country:country1", "-topic:topic2", "year:2009..2010", "author:author0"}))
		case depth > 0:
			terms = append(terms, "("+w.asking(depth-1)+" OR "+w.asking(depth-1)+")")
		}
	}
	return strings.Join(terms, " ")
}

// also puts beside some words of an expression what is asked also.
func (w world) also(e search.Expression) search.Expression {
	switch {
	case e.Operator == search.Words && w.IntN(2) == 0:
		other := search.Expression{Operator: search.Any, Parts: []search.Expression{
			{Operator: search.Choice, Field: "topic", Values: []string{"topic1"}}, search.ParseText(w.asking(1))}}
		if other.Parts[1].Nothing() {
			other.Parts = other.Parts[:1]
		}
		return search.Expression{Operator: search.Also, Parts: []search.Expression{e, other}}
	case e.Operator == search.All || e.Operator == search.Any:
		parts := slices.Clone(e.Parts)
		for i := range parts {
			parts[i] = w.also(parts[i])
		}
		e.Parts = parts
	}
	return e
}

// tokensOf remembers the tokens of a text: the oracle looks at each again and
// again.
func tokensOf(text, lang string) []analysis.Token {
	type key struct{ text, lang string }
	if known, ok := tokens.Load(key{text, lang}); ok {
		return known.([]analysis.Token)
	}
	list := analysis.Tokens(text, lang)
	tokens.Store(key{text, lang}, list)
	return list
}

var tokens sync.Map
