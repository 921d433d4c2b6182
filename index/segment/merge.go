package segment

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/blevesearch/vellum"

	"waymark/library"
)

// Source is a segment to merge without its dead documents.
type Source struct {
	*Segment
	Dead func(doc uint32) bool
}

// gone is the new number of a document that is not taken over.
const gone = math.MaxUint32

// from is where a document of the merged segment comes from.
type from struct{ source, doc uint32 }

// merging is the state of a merge.
type merging struct {
	w       *writer
	sources []Source
	numbers [][]uint32 // by source and document: the new number
	docs    []from     // by new number
	lengths []byte
	authors map[string]bool // values that documents still have
}

// Merge writes a segment of the living documents of others, no two of which
// have the same ID.
func Merge(to io.Writer, sources []Source) error {
	m := &merging{w: newWriter(to), sources: sources}
	path := "merge"
	if len(sources) > 0 {
		path = sources[0].path
	}
	err := Guard(path, func() {
		m.number()
		m.columns()
		dropped := m.lists()
		m.sets(dropped)
	})
	if err != nil {
		return err
	}
	if err := m.w.finish(); err != nil {
		return fmt.Errorf("merge %d index segments: %w", len(sources), err)
	}
	return nil
}

// number gives the living documents their new numbers, in the order of IDs.
func (m *merging) number() {
	type head struct {
		source, doc uint32
		key         string
	}
	var heads []head
	next := func(h head) (head, bool) {
		s := m.sources[h.source]
		for ; int(h.doc) < s.Documents; h.doc++ {
			if !s.Dead(h.doc) {
				h.key = s.Key(h.doc)
				return h, true
			}
			m.numbers[h.source][h.doc] = gone
		}
		return h, false
	}
	for i, s := range m.sources {
		m.numbers = append(m.numbers, make([]uint32, s.Documents))
		if h, ok := next(head{source: uint32(i)}); ok {
			heads = append(heads, h)
		}
	}
	for len(heads) > 0 {
		least := 0
		for i := range heads {
			if heads[i].key < heads[least].key {
				least = i
			}
		}
		h := heads[least]
		m.numbers[h.source][h.doc] = uint32(len(m.docs))
		m.docs = append(m.docs, from{h.source, h.doc})
		h.doc++
		var ok bool
		if heads[least], ok = next(h); !ok {
			heads = slices.Delete(heads, least, least+1)
		}
	}
	m.w.Documents = len(m.docs)
}

// columns writes what is kept of each document beside its words.
func (m *merging) columns() {
	m.classes()
	w := m.w
	for _, name := range []string{"id", "pages", "title", "date"} {
		var lists []texts
		for _, s := range m.sources {
			lists = append(lists, s.strings(name))
		}
		w.texts(name, len(m.docs), func(i int) []byte { return lists[m.docs[i].source].at(int(m.docs[i].doc)) })
	}
	w.begin("digest")
	for _, d := range m.docs {
		w.write(binary.LittleEndian.AppendUint64(nil, m.sources[d.source].Digest(d.doc)))
	}
	m.order("by-title", "title", 1)
	m.order("newest", "date", -1)
	for _, f := range library.Facets() {
		m.facet(f)
	}
}

// classes writes the classes and lengths of the documents.
func (m *merging) classes() {
	of := make([][]byte, len(m.sources))
	codes := make([][]byte, len(m.sources))
	lengths := make([]Lengths, len(m.sources))
	for i, s := range m.sources {
		of[i], lengths[i] = s.ClassOf(), s.Lengths()
		for _, c := range s.Classes {
			known := slices.IndexFunc(m.w.Classes, func(o Class) bool { return o.Sight == c.Sight })
			if known < 0 {
				known = len(m.w.Classes)
				m.w.Classes = append(m.w.Classes, Class{Sight: c.Sight})
			}
			codes[i] = append(codes[i], uint8(known))
		}
	}
	if len(m.w.Classes) > 255 {
		m.w.err = fmt.Errorf("there are more than 255 pairs of status and audience")
		return
	}
	class := make([]byte, len(m.docs))
	for n, d := range m.docs {
		class[n] = codes[d.source][of[d.source][d.doc]]
		c := &m.w.Classes[class[n]]
		c.Docs++
		for p := range Parts {
			c.Words[p] += int64(lengths[d.source].Of(d.doc, p))
		}
		m.lengths = append(m.lengths, lengths[d.source][2*Parts*int(d.doc):2*Parts*(int(d.doc)+1)]...)
	}
	m.w.average()
	m.w.begin("class")
	m.w.write(class)
	m.w.begin("lengths")
	m.w.write(m.lengths)
}

// order writes an order of the merged documents: those of the sources, merged.
func (m *merging) order(name string, by string, sign int) {
	var keys []texts
	var runs [][]uint32
	for i, s := range m.sources {
		keys = append(keys, s.strings(by))
		o := s.order(name)
		run := make([]uint32, 0, s.Documents)
		for place := range s.Documents {
			if n := m.numbers[i][o.Docs.At(place)]; n != gone {
				run = append(run, n)
			}
		}
		runs = append(runs, run)
	}
	key := func(n uint32) []byte { return keys[m.docs[n].source].at(int(m.docs[n].doc)) }
	compare := func(a, b uint32) int {
		return cmp.Or(sign*bytes.Compare(key(a), key(b)), cmp.Compare(b, a))
	}
	for len(runs) > 1 {
		var fewer [][]uint32
		for pair := range slices.Chunk(runs, 2) {
			if len(pair) == 2 {
				pair[0] = mergeRuns(pair[0], pair[1], compare)
			}
			fewer = append(fewer, pair[0])
		}
		runs = fewer
	}
	m.w.order(name, slices.Concat(runs...))
}

func mergeRuns(a, b []uint32, compare func(a, b uint32) int) []uint32 {
	out := make([]uint32, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if compare(a[0], b[0]) <= 0 {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// facet writes the column of a field, without values that no document has any
// more.
func (m *merging) facet(f library.Field) {
	columns := make([]*Column, len(m.sources))
	used := make([][]bool, len(m.sources))
	for i, s := range m.sources {
		columns[i] = s.Column(f)
		used[i] = make([]bool, columns[i].Len())
	}
	for _, d := range m.docs {
		start, end := columns[d.source].Range(d.doc)
		for k := start; k < end; k++ {
			used[d.source][columns[d.source].codes.At(int(k))] = true
		}
	}
	var values []string
	for i, c := range columns {
		for code, is := range used[i] {
			if is {
				values = append(values, c.Value(code))
			}
		}
	}
	slices.Sort(values)
	values = slices.Compact(values)
	codes := make([][]uint32, len(m.sources))
	for i, c := range columns {
		codes[i] = make([]uint32, c.Len())
		for code := range codes[i] {
			n, _ := slices.BinarySearch(values, c.Value(code))
			codes[i][code] = uint32(n)
		}
	}
	ends, all := make([]uint32, 0, len(m.docs)), []uint32(nil)
	for _, d := range m.docs {
		c := columns[d.source]
		start, end := c.Range(d.doc)
		for k := start; k < end; k++ {
			all = append(all, codes[d.source][c.codes.At(int(k))])
		}
		ends = append(ends, uint32(len(all)))
	}
	m.w.facet(f, values, ends, all)
	if f == library.FieldAuthor {
		m.authors = map[string]bool{}
		for _, v := range values {
			m.authors[v] = true
		}
	}
}

// sets writes the families and names that are still of use.
func (m *merging) sets(dropped map[string]bool) {
	union := func(name string, place int, fst func(*Segment) *vellum.FST, keep func(first, second string) bool) {
		d := m.w.dictionary(name, place)
		var its []*vellum.FSTIterator
		for _, s := range m.sources {
			its = append(its, s.iterator(fst(s.Segment), place))
		}
		eachKey(m.sources, its, func(key []byte, _ []int, _ []uint64) {
			first, second, _ := strings.Cut(string(key), "\x00")
			if keep(first, second) {
				d.insert(key, 0)
			}
		})
		d.close()
	}
	union("families", 1, func(s *Segment) *vellum.FST { return s.families }, func(_, word string) bool { return !dropped[word] })
	union("names", 2, func(s *Segment) *vellum.FST { return s.names }, func(_, author string) bool { return m.authors[author] })
}
