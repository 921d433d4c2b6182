package segment

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waymark/analysis"
	"waymark/library"
	"waymark/search"
)

// Builder makes segments of documents. The zero value is ready; it remembers
// words between segments and is not for use by several goroutines at once.
type Builder struct {
	cutter      analysis.Cutter
	tokens      []analysis.Token
	known       map[string]*term // words met in this and earlier segments
	built       uint32           // segments
	occurrences []occurrence
	sorted      []occurrence
}

// term is a word that a Builder has met.
type term struct {
	word   string
	built  uint32 // the segment for which the rest holds
	number uint32
	langs  uint8 // languages whose stems are taken in, one bit each
}

// maxKnown bounds the words that a Builder remembers (about 50 MB).
const maxKnown = 1 << 19

// occurrence is a word at a place of a document.
type occurrence struct {
	term, doc uint32
	place     Place
	lang      uint8
}

// building is the state of one segment being made.
type building struct {
	*Builder
	w        *writer
	docs     []search.Document // by ID
	words    []string          // by term
	lengths  []byte
	pages    [][]byte // by document
	families map[string]bool
	names    map[string]bool
}

// Build makes a segment of documents, which have different IDs, in memory.
func (b *Builder) Build(docs []search.Document) ([]byte, error) {
	var out bytes.Buffer
	n := building{Builder: b, w: newWriter(&out), docs: slices.Clone(docs), families: map[string]bool{}, names: map[string]bool{}}
	if b.known == nil || len(b.known) > maxKnown {
		b.known = map[string]*term{}
	}
	b.built++
	b.occurrences = b.occurrences[:0]
	slices.SortFunc(n.docs, func(a, b search.Document) int { return strings.Compare(a.Key(), b.Key()) })
	if err := n.count(); err != nil {
		return nil, err
	}
	n.columns()
	n.lists()
	n.w.set("families", 1, n.families)
	n.w.set("names", 2, n.names)
	if err := n.w.finish(); err != nil {
		return nil, fmt.Errorf("build an index segment of %d documents: %w", len(docs), err)
	}
	return out.Bytes(), nil
}

// count goes through the words of all documents.
func (n *building) count() error {
	n.w.Documents = len(n.docs)
	class := make([]byte, len(n.docs))
	for i := range n.docs {
		d := &n.docs[i]
		c := slices.IndexFunc(n.w.Classes, func(c Class) bool { return c.Sight == d.Sight })
		if c < 0 {
			if c = len(n.w.Classes); c == 255 {
				return fmt.Errorf("index %s: there are more than 255 pairs of status and audience", d.ID)
			}
			n.w.Classes = append(n.w.Classes, Class{Sight: d.Sight})
		}
		class[i] = uint8(c)
		n.w.Classes[c].Docs++
		var authors []search.Passage
		for _, a := range d.Authors {
			authors = append(authors, a.Names...)
			n.name(a)
		}
		for p, passages := range [Parts][]search.Passage{d.Titles, d.Concepts, authors, d.Abstracts, d.Text()} {
			words := 0
			var ends []int
			for k, text := range passages {
				words += n.passage(uint32(i), p, words+k, text)
				ends = append(ends, words+k+1)
			}
			if p == InText {
				n.pages = append(n.pages, packPages(d, ends))
			}
			length := LengthOf(p, words)
			n.lengths = binary.LittleEndian.AppendUint16(n.lengths, uint16(length))
			n.w.Classes[c].Words[p] += int64(length)
		}
	}
	n.w.average()
	n.w.begin("class")
	n.w.write(class)
	n.w.begin("lengths")
	n.w.write(n.lengths)
	return nil
}

// average works out the average lengths from the classes.
func (c *contents) average() {
	for p := range Parts {
		sum := int64(0)
		for _, class := range c.Classes {
			sum += class.Words[p]
		}
		c.Average[p] = float64(sum) / float64(max(c.Documents, 1))
	}
}

// passage takes in a passage whose first word has a position in its part, and
// gives the number of its words.
func (n *building) passage(doc uint32, part, start int, p search.Passage) (words int) {
	n.tokens = n.cutter.AppendTokens(n.tokens[:0], p.Text, p.Lang)
	lang, last := LangCode(p.Lang), -1
	for i := range n.tokens {
		t := &n.tokens[i]
		w := n.known[t.Exact]
		if w == nil {
			w = &term{word: strings.Clone(t.Exact)}
			n.known[w.word] = w
		}
		if w.built != n.built {
			w.built, w.number, w.langs = n.built, uint32(len(n.words)), 0
			n.words = append(n.words, w.word)
		}
		if lang > 0 && w.langs&(1<<lang) == 0 {
			w.langs |= 1 << lang
			if t.Stem != "" && t.Stem != t.Exact {
				n.families[familyKey(lang, t.Stem)+t.Exact] = true
			}
		}
		n.occurrences = append(n.occurrences, occurrence{w.number, doc, PlaceOf(part, start+t.Position), lang})
		if t.Position != last {
			words, last = words+1, t.Position
		}
	}
	return words
}

// familyKey begins the keys of the words that have a stem.
func familyKey(lang uint8, stem string) string { return string(rune(lang)) + stem + "\x00" }

// maxStarts is how many words of a name it can be found by the beginning of.
const maxStarts = 8

// name takes in the names of an author, from each of their words on.
func (n *building) name(a search.Author) {
	for _, name := range a.Names {
		words := analysis.Words(name.Text)
		for i := range min(len(words), maxStarts) {
			n.names[strings.Join(words[i:], " ")+"\x00"+a.Value] = true
		}
	}
}

// columns writes what is kept of each document beside its words.
func (n *building) columns() {
	w := n.w
	w.texts("id", len(n.docs), func(i int) []byte { return []byte(n.docs[i].Key()) })
	w.texts("pages", len(n.docs), func(i int) []byte { return n.pages[i] })
	w.texts("title", len(n.docs), func(i int) []byte { return []byte(n.docs[i].Title) })
	w.texts("date", len(n.docs), func(i int) []byte { return []byte(n.docs[i].Date) })
	w.begin("digest")
	for i := range n.docs {
		w.write(binary.LittleEndian.AppendUint64(nil, n.docs[i].Digest()))
	}
	w.order("by-title", n.inOrder(func(a, b *search.Document) int { return cmp.Compare(a.Title, b.Title) }))
	w.order("newest", n.inOrder(func(a, b *search.Document) int { return cmp.Compare(b.Date, a.Date) }))
	for _, f := range library.Facets() {
		var values []string
		for i := range n.docs {
			values = append(values, ValuesOf(&n.docs[i], f)...)
		}
		slices.Sort(values)
		values = slices.Compact(values)
		ends, codes := make([]uint32, len(n.docs)), []uint32(nil)
		for i := range n.docs {
			start := len(codes)
			for _, v := range ValuesOf(&n.docs[i], f) {
				code, _ := slices.BinarySearch(values, v)
				if !slices.Contains(codes[start:], uint32(code)) {
					codes = append(codes, uint32(code))
				}
			}
			slices.Sort(codes[start:])
			ends[i] = uint32(len(codes))
		}
		w.facet(f, values, ends, codes)
	}
}

func (n *building) inOrder(by func(a, b *search.Document) int) []uint32 {
	docs := make([]uint32, len(n.docs))
	for i := range docs {
		docs[i] = uint32(i)
	}
	slices.SortFunc(docs, func(a, b uint32) int { return cmp.Or(by(&n.docs[a], &n.docs[b]), cmp.Compare(b, a)) })
	return docs
}

// ValuesOf gives the values of a field that a document is counted by.
func ValuesOf(d *search.Document, f library.Field) []string {
	if f != library.FieldYear {
		return d.Values[f]
	}
	if y := d.Date.Year(); y != 0 {
		return []string{strconv.Itoa(y)}
	}
	return nil
}

// lists writes the lists of all words and the dictionary that finds them.
func (n *building) lists() {
	byTerm, from := n.byTerm()
	order := make([]uint32, len(n.words))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int { return cmp.Compare(n.words[a], n.words[b]) })
	counts := map[Shape]int{}
	for term := range n.words {
		eachPosting(byTerm[from[term]:from[term+1]], func(_ []occurrence, s Shape) { counts[s]++ })
	}
	codes := n.w.writeShapes(counts)
	norms := NewNorms(n.w.Average)
	l := listWriter{norms: &norms}
	n.w.begin("lists")
	start := n.w.at
	terms := n.w.dictionary("terms", 0)
	for _, term := range order {
		l.reset()
		eachPosting(byTerm[from[term]:from[term+1]], func(at []occurrence, s Shape) {
			l.add(at[0].doc, codes[s], &s, Lengths(n.lengths))
			l.places = appendPlaces(l.places, at, &s)
		})
		terms.insert([]byte(n.words[term]), uint64(n.w.at-start))
		head, postings, places := l.list()
		n.w.write(head)
		n.w.write(postings)
		n.w.write(places)
	}
	terms.close()
}

// byTerm gives the occurrences in the order of their terms, and where those of
// each term begin.
func (n *building) byTerm() (sorted []occurrence, from []uint32) {
	from = make([]uint32, len(n.words)+1)
	for _, o := range n.occurrences {
		from[o.term+1]++
	}
	for i := 1; i < len(from); i++ {
		from[i] += from[i-1]
	}
	next := slices.Clone(from)
	n.sorted = slices.Grow(n.sorted[:0], len(n.occurrences))[:len(n.occurrences)]
	sorted = n.sorted
	for _, o := range n.occurrences {
		sorted[next[o.term]] = o
		next[o.term]++
	}
	return sorted, from
}

// eachPosting gives the occurrences of a term, which stand in the order of
// documents, in runs of one document and language with their shape.
func eachPosting(list []occurrence, f func(at []occurrence, s Shape)) {
	for len(list) > 0 {
		end := 1
		for end < len(list) && list[end].doc == list[0].doc {
			end++
		}
		doc := list[:end]
		list = list[end:]
		if end > 1 {
			slices.SortFunc(doc, func(a, b occurrence) int {
				return cmp.Or(cmp.Compare(a.lang, b.lang), cmp.Compare(a.place, b.place))
			})
		}
		for len(doc) > 0 {
			end, s := 0, Shape{Lang: doc[0].lang}
			for ; end < len(doc) && doc[end].lang == doc[0].lang; end++ {
				if c := &s.N[doc[end].place.Part()]; *c < 255 {
					*c++
				}
			}
			f(doc[:end], s)
			doc = doc[end:]
		}
	}
}

// appendPlaces writes where a posting's word stands: positions in each part as
// steps, after their number when the shape cannot tell it.
func appendPlaces(to []byte, at []occurrence, s *Shape) []byte {
	for part, count := range s.N {
		n := int(count)
		if count == 255 {
			for n = 0; n < len(at) && at[n].place.Part() == part; n++ {
			}
			to = binary.AppendUvarint(to, uint64(n))
		}
		last := PlaceOf(part, 0)
		for _, o := range at[:n] {
			to = binary.AppendUvarint(to, uint64(o.place-last))
			last = o.place
		}
		at = at[n:]
	}
	return to
}
