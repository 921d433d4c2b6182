package index

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/blevesearch/vellum/levenshtein"

	"waymark/analysis"
	"waymark/index/segment"
	"waymark/search"
)

// suggest gives the text of a query that found nothing with each word that no
// visible document has replaced by the nearest one that some have; empty when
// no word can be replaced. Names of fields and what they bound stay.
func (s *sight) suggest(text string) string {
	var b strings.Builder
	end, replaced := 0, false
	for _, t := range analysis.Essential(text) {
		if t.Start < end { // the second pair of Chinese characters
			continue
		}
		b.WriteString(text[end:t.Start])
		end = t.End
		word := text[t.Start:t.End]
		field := strings.HasPrefix(text[end:], ":") || strings.HasSuffix(text[:t.Start], ":")
		if near := s.nearest(t.Exact); !field && near != "" {
			word, replaced = near, true
		}
		b.WriteString(word)
	}
	if !replaced {
		return ""
	}
	return b.String() + text[end:]
}

// The automata that take words within one edit, and within two.
var (
	oneEdit = sync.OnceValues(func() (*levenshtein.LevenshteinAutomatonBuilder, error) {
		return levenshtein.NewLevenshteinAutomatonBuilder(1, true)
	})
	twoEdits = sync.OnceValues(func() (*levenshtein.LevenshteinAutomatonBuilder, error) {
		return levenshtein.NewLevenshteinAutomatonBuilder(2, true)
	})
)

// nearest gives the word that visible documents have and that is nearest to
// one that none has: within one edit, or two for a long word; of equally near
// ones that which most documents have, and of those the first.
func (s *sight) nearest(word string) string {
	n := utf8.RuneCountInString(word)
	if n < 4 || n > 40 || s.visibleDocs(word) > 0 {
		return ""
	}
	near := s.near(word, oneEdit)
	if near == "" && n >= 8 {
		near = s.near(word, twoEdits)
	}
	return near
}

func (s *sight) near(word string, edits func() (*levenshtein.LevenshteinAutomatonBuilder, error)) (best string) {
	builder, err := edits()
	if err != nil {
		return ""
	}
	dfa, err := builder.BuildDfa(word, builder.MaxDistance())
	if err != nil { // a word of too many different letters
		return ""
	}
	docs := map[string]int{}
	for _, v := range s.views {
		v.part.Near(dfa, func(have []byte, list func() segment.List) {
			if n := s.visibleIn(v, list()); n > 0 {
				docs[string(have)] += n
			}
		})
	}
	for have, n := range docs {
		if best == "" || n > docs[best] || n == docs[best] && have < best {
			best = have
		}
	}
	return best
}

// visibleDocs counts the visible documents that have a word in any form.
func (s *sight) visibleDocs(word string) (n int) {
	room := newArena()
	defer room.free()
	p := newPlan(search.Expression{Operator: search.Words, Text: word})
	for _, v := range s.views {
		n += size(s.matches(v, p, room).sets[p.root.number])
	}
	return n
}

func (s *sight) visibleIn(v *view, l segment.List) (n int) {
	var room arena
	visible := v.visible(s.sees, &room)
	for b := range l.Blocks {
		last := -1
		for _, p := range l.Block(b, nil) {
			if int(p.Doc) != last && visible[p.Doc>>6]>>(p.Doc&63)&1 == 1 {
				n++
			}
			last = int(p.Doc)
		}
	}
	return n
}
