package analysis

import (
	"unicode"
	"unicode/utf8"
)

// Span is a part of a text, Match where a reader's word stands.
type Span struct {
	Start, End int
	Match      bool
}

// Highlight cuts text into spans that together are the whole text, marking
// the tokens for which match returns true. Overlapping and touching tokens
// become one span, and a base letter keeps its combining marks.
func Highlight(text, lang string, match func(Token) bool) []Span {
	if text == "" {
		return nil
	}
	var spans []Span
	done := 0
	for _, t := range Tokens(text, lang) {
		if !match(t) {
			continue
		}
		start, end := max(t.Start, done), afterMarks(text, t.End)
		if end <= done {
			continue
		}
		if last := len(spans) - 1; last >= 0 && start == done && spans[last].Match {
			spans[last].End, done = end, end
			continue
		}
		if start > done {
			spans = append(spans, Span{done, start, false})
		}
		spans = append(spans, Span{start, end, true})
		done = end
	}
	if done < len(text) {
		spans = append(spans, Span{done, len(text), false})
	}
	return spans
}

// afterMarks moves i past the combining marks that stand there.
func afterMarks(text string, i int) int {
	for markAt(text, i) {
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return i
}

// markAt reports whether a combining mark stands at byte i.
func markAt(text string, i int) bool {
	if i >= len(text) || text[i] < utf8.RuneSelf {
		return false
	}
	r, _ := utf8.DecodeRuneInString(text[i:])
	return classOf(r) == mark
}

// hit is a matching token with its place in runes.
type hit struct {
	start, end int // bytes
	from, to   int // runes
	key        string
}

// Passage returns the byte range of a window of at most n runes that holds
// the most distinct matches (by stem), then the most matches, then stands
// first. It begins with a sentence where one begins close before, else with
// a word, and ends likewise. Without matches it is the beginning of the text.
func Passage(text, lang string, n int, match func(Token) bool) (start, end int) {
	if n <= 0 {
		return 0, 0
	}
	if len(text) <= n || utf8.RuneCountInString(text) <= n {
		return 0, len(text)
	}
	hits := findHits(text, lang, match)
	if len(hits) == 0 {
		start, _ := trimmed(text, 0, len(text))
		return trimmed(text, start, windowEnd(text, start, start, n))
	}
	first, last := bestHits(hits, n)
	slack := n - (hits[last].to - hits[first].from)
	start = windowStart(text, hits[first].start, slack)
	return trimmed(text, start, windowEnd(text, start, hits[last].end, n))
}

// findHits returns the matching tokens in their order.
func findHits(text, lang string, match func(Token) bool) []hit {
	var hits []hit
	at, runes := 0, 0
	for _, t := range Tokens(text, lang) {
		if !match(t) {
			continue
		}
		runes += utf8.RuneCountInString(text[at:t.Start])
		at = t.Start
		h := hit{t.Start, t.End, runes, runes + utf8.RuneCountInString(text[t.Start:t.End]), t.Stem}
		if h.key == "" {
			h.key = t.Exact
		}
		hits = append(hits, h)
	}
	return hits
}

// bestHits slides over the hits and returns the first and last of the best
// window of n runes.
func bestHits(hits []hit, n int) (first, last int) {
	seen := map[string]int{}
	best, i := -1, 0
	for j, h := range hits {
		seen[h.key]++
		for i < j && h.to-hits[i].from > n {
			if seen[hits[i].key]--; seen[hits[i].key] == 0 {
				delete(seen, hits[i].key)
			}
			i++
		}
		if score := len(seen)<<32 + j - i; score > best {
			best, first, last = score, i, j
		}
	}
	return first, last
}

// windowStart goes back from a hit by at most slack runes to the beginning of
// its sentence, or else by a third of it to the beginning of a word.
func windowStart(text string, from, slack int) int {
	word, sentence := from, from
	for runes := 0; runes < slack && sentence > 0; runes++ {
		_, size := utf8.DecodeLastRuneInString(text[:sentence])
		sentence -= size
		if runes < slack/3 && wordEdge(text, sentence) {
			word = sentence
		}
		if sentenceEdge(text, sentence) {
			return sentence
		}
	}
	if sentence == 0 {
		return 0
	}
	return word
}

// windowEnd returns the end of a window of at most n runes from start: after
// the last sentence in its last third, or else after a word; not before least
// where that is within reach.
func windowEnd(text string, start, least, n int) int {
	limit, runes := start, 0
	word, sentence := 0, 0
	for limit < len(text) && runes < n {
		_, size := utf8.DecodeRuneInString(text[limit:])
		limit += size
		runes++
		if limit < least {
			continue
		}
		if wordEdge(text, limit) {
			word = limit
		}
		if runes > n*2/3 && sentenceEdge(text, limit) {
			sentence = limit
		}
	}
	switch {
	case limit == len(text):
		return limit
	case sentence > start:
		return sentence
	case word > start:
		return word
	}
	for limit > start && markAt(text, limit) { // a word longer than the window
		_, size := utf8.DecodeLastRuneInString(text[:limit])
		limit -= size
	}
	return limit
}

// trimmed takes white space off both ends of a range.
func trimmed(text string, start, end int) (int, int) {
	for start < end {
		r, size := utf8.DecodeRuneInString(text[start:end])
		if !unicode.IsSpace(r) {
			break
		}
		start += size
	}
	for start < end {
		r, size := utf8.DecodeLastRuneInString(text[start:end])
		if !unicode.IsSpace(r) {
			break
		}
		end -= size
	}
	return start, end
}

// wordEdge reports whether a line may be cut at byte i: beside white space,
// or between letters of a dense script.
func wordEdge(text string, i int) bool {
	if i == 0 || i == len(text) {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i:])
	if unicode.IsSpace(before) || unicode.IsSpace(after) {
		return classOf(after) != mark
	}
	return classOf(after) == dense && classOf(before) != format
}

// sentenceEdge reports whether a sentence begins at byte i or at the white
// space there: after a line break or a full stop that no small letter or
// digit follows ('No. 29').
func sentenceEdge(text string, i int) bool {
	if i == 0 || i == len(text) {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	switch before {
	case '\n', '。', '！', '？':
		return !markAt(text, i)
	case '.', '!', '?', '؟', '।', '۔', '…':
	default:
		return false
	}
	space := false
	for _, r := range text[i:] {
		if !unicode.IsSpace(r) {
			return space && !unicode.IsLower(r) && !unicode.IsDigit(r) && classOf(r) != mark
		}
		space = true
	}
	return true
}
