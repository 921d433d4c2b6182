package index

import (
	"cmp"
	"slices"
	"sort"

	"waymark/index/segment"
	"waymark/search"
)

// pages gives the pages of a hit's files that answer the words of the query
// best, at most so many, and how many answer any.
func (m *matching) pages(doc uint32, most int) (best []search.PageHit, found int) {
	pages := m.part.Pages(doc)
	if pages.Len() == 0 {
		return nil, 0
	}
	scores := make([]float64, pages.Len())
	counts := make([]int, pages.Len())
	for _, l := range m.p.leaves {
		if m.p.unwanted[l.node] {
			continue
		}
		clear(counts)
		page := 0
		for _, place := range m.places(l, doc) {
			position := int(place - segment.PlaceOf(segment.InText, 0))
			if page < len(counts) && position >= pages.End(page) {
				page += sort.Search(len(counts)-page, func(i int) bool { return position < pages.End(page+i) })
			}
			if page < len(counts) {
				counts[page]++
			}
		}
		for i, n := range counts {
			if n > 0 {
				scores[i] += max(l.idf, least) * saturated(float64(n))
			}
		}
	}
	var order []int
	for i, score := range scores {
		if score > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	for _, i := range order[:min(most, len(order))] {
		best = append(best, pages.At(i))
	}
	return best, len(order)
}

// least is the weight of a word that every document has when pages are
// compared.
const least = 0.01

// mostForms bounds the words with a prefix that are looked for on pages.
const mostForms = 32

// places gives where a leaf stands in the text of a document's files, in order.
func (m *matching) places(l *leaf, doc uint32) []segment.Place {
	if l.inTitle {
		return nil
	}
	var at []segment.Place
	switch l.operator {
	case search.Phrase:
		at = m.phraseAt(l, doc)
	case search.Prefix:
		n := 0
		m.part.Words(l.word, func(_ []byte, list func() segment.List) bool {
			src := source{List: list(), block: -1}
			at = m.wordAt(&src, doc, at)
			n++
			return n < mostForms
		})
	default:
		var f found
		m.word(l, &f)
		for i := range f.sources {
			at = m.wordAt(&f.sources[i], doc, at)
		}
	}
	at = slices.DeleteFunc(at, func(p segment.Place) bool { return p.Part() != segment.InText })
	slices.Sort(at)
	return slices.Compact(at)
}

// wordAt appends where the word of a list stands in a document.
func (m *matching) wordAt(src *source, doc uint32, at []segment.Place) []segment.Place {
	b := src.from(doc)
	if b == src.Blocks {
		return at
	}
	src.decode(b)
	places, shapes := src.Places(b), m.part.Shapes()
	for _, p := range src.decoded {
		switch shape := &shapes[p.Code]; {
		case p.Doc > doc:
			return at
		case p.Doc == doc && src.takes(shape, false):
			at = places.Next(shape, at)
		default:
			places.Skip(shape)
		}
	}
	return at
}

// phraseAt gives where the first word of a phrase stands with the others
// behind it.
func (m *matching) phraseAt(l *leaf, doc uint32) (at []segment.Place) {
	lists := make([][]segment.Place, len(l.words))
	for i, w := range l.words {
		list, ok := m.part.Word(w.Exact)
		if !ok {
			return nil
		}
		src := source{List: list, block: -1}
		lists[i] = m.wordAt(&src, doc, nil)
		slices.Sort(lists[i])
	}
	for _, place := range lists[0] {
		whole := true
		for k := 1; k < len(lists) && whole; k++ {
			_, whole = slices.BinarySearch(lists[k], place+segment.Place(l.words[k].Position-l.words[0].Position))
		}
		if whole {
			at = append(at, place)
		}
	}
	return at
}
