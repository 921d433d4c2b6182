package index

import (
	"strings"
	"unicode/utf8"

	"github.com/hbollon/go-edlib"

	"waymark/analysis"
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

// nearest gives the word that visible documents have and that is nearest to
// one that none has: within one edit, or two for a long word; of equally near
// ones that which most documents have.
func (s *sight) nearest(word string) string {
	n := utf8.RuneCountInString(word)
	if n < 4 || n > 40 {
		return ""
	}
	if docs, _ := s.word(word, false); len(docs) > 0 {
		return ""
	}
	best, most, found := min(1+n/8, 2), 0, ""
	for _, have := range s.m.ordered().words {
		if d := len(have) - len(word); d > 4*best || -d > 4*best { // bytes: a quick look before the letters
			continue
		}
		if d := utf8.RuneCountInString(have) - n; d > best || -d > best {
			continue
		}
		distance := edlib.OSADamerauLevenshteinDistance(word, have)
		if distance > best {
			continue
		}
		if docs := s.visibleDocs(have); docs > 0 && (distance < best || docs > most) {
			best, most, found = distance, docs, have
		}
	}
	return found
}

func (s *sight) visibleDocs(word string) (n int) {
	for _, doc := range s.m.terms[word].docs {
		if s.sees(doc) {
			n++
		}
	}
	return n
}
