package index

import (
	"math"
	"slices"
	"strings"

	"waymark/analysis"
	"waymark/search"
)

// isMatch is the oracle of the query language: it looks at the tokens of a
// document one by one.
func isMatch(d search.Document, e search.Expression) bool {
	yes := func(part search.Expression) bool { return isMatch(d, part) }
	switch e.Operator {
	case search.Any:
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
		leaves, _ := leavesOf(e)
		for _, l := range leaves {
			if exact, stemmed := l.occurrences(d); exact == [4]int{} && stemmed == [4]int{} {
				return false
			}
		}
		return true
	}
	return !slices.ContainsFunc(e.Parts, func(part search.Expression) bool { return !yes(part) })
}

// rank adds up what each word, phrase and prefix that matches is worth.
func rank(seen []search.Document, d search.Document, e search.Expression) float64 {
	sum := 0.0
	switch e.Operator {
	case search.All, search.Any:
		for _, part := range e.Parts {
			if isMatch(d, part) {
				sum += rank(seen, d, part)
			}
		}
	case search.Words, search.Phrase, search.Prefix:
		leaves, optional := leavesOf(e)
		for _, l := range append(leaves, optional...) {
			sum += l.worth(seen, d)
		}
	}
	return sum
}

// leaf is one word, phrase or beginning of a word that is looked for.
type leaf struct {
	search.Operator
	text    string
	inTitle bool
}

func leavesOf(e search.Expression) (leaves, optional []leaf) {
	inTitle := e.Field == search.FieldTitle
	if e.Operator != search.Words {
		return []leaf{{e.Operator, e.Text, inTitle}}, nil
	}
	words, function := oracleWords(e.Text)
	for _, w := range words {
		leaves = append(leaves, leaf{search.Words, w, inTitle})
	}
	for _, w := range function {
		optional = append(optional, leaf{search.Words, w, inTitle})
	}
	return leaves, optional
}

// occurrences counts a leaf in each part of a document: as it is, and by its
// stem where the passage's language has stems.
func (l leaf) occurrences(d search.Document) (exact, stemmed [4]int) {
	for i, ps := range passagesOf(d) {
		if l.inTitle && i != inTitle {
			continue
		}
		for _, p := range ps {
			tokens := analysis.Tokens(p.Text, p.Lang)
			switch l.Operator {
			case search.Phrase:
				n := phrases(tokens, strings.Fields(analysis.Fold(l.text)))
				exact[i], stemmed[i] = exact[i]+n, stemmed[i]+n
			case search.Prefix:
				for _, t := range tokens {
					if strings.HasPrefix(t.Exact, analysis.Fold(l.text)) {
						exact[i], stemmed[i] = exact[i]+1, stemmed[i]+1
					}
				}
			default:
				for _, t := range tokens {
					if t.Exact == l.text {
						exact[i]++
					}
					if stems := slices.Contains([]string{"en", "fr", "es", "ru", "ar"}, p.Lang); stems && stemOf(t.Exact, p.Lang) == stemOf(l.text, p.Lang) {
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
	if s := analysis.Stem(w, lang); s != "" {
		return s
	}
	return w
}

// worth is the leaf's BM25F for a document among those that the viewer sees.
func (l leaf) worth(seen []search.Document, d search.Document) float64 {
	df, average := 0, [4]float64{}
	for _, o := range seen {
		if exact, stemmed := l.occurrences(o); exact != [4]int{} || stemmed != [4]int{} {
			df++
		}
		for i, ps := range passagesOf(o) {
			average[i] += float64(wordsIn(ps)) / float64(len(seen))
		}
	}
	exact, stemmed := l.occurrences(d)
	tf := 0.0
	for i, ps := range passagesOf(d) {
		if n := float64(exact[i]) + stemOnly*float64(max(stemmed[i]-exact[i], 0)); n > 0 {
			tf += weight[i] * n / (1 - length[i] + length[i]*float64(wordsIn(ps))/average[i])
		}
	}
	return math.Log(1+(float64(len(seen)-df)+0.5)/(float64(df)+0.5)) * tf * (k1 + 1) / (k1 + tf)
}

func wordsIn(ps []search.Passage) (n int) {
	for _, p := range ps {
		last := -1
		for _, t := range analysis.Tokens(p.Text, p.Lang) {
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
