package segment

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"sort"

	"github.com/blevesearch/vellum"

	"waymark/library"
)

// writer writes a segment section by section. The first error stays and is
// given at the end.
type writer struct {
	contents
	to   io.Writer
	at   int64
	page uint32 // checksum of the page so far
	sums []byte
	err  error
	name string // of the section being written
}

func newWriter(to io.Writer) *writer {
	w := &writer{to: to}
	w.Sections = map[string][2]int64{}
	w.write([]byte(mark))
	w.write(binary.LittleEndian.AppendUint64(nil, Version))
	return w
}

// begin ends the section before and begins another.
func (w *writer) begin(name string) {
	if w.name != "" {
		w.Sections[w.name] = [2]int64{w.Sections[w.name][0], w.at - w.Sections[w.name][0]}
	}
	w.name = name
	w.Sections[name] = [2]int64{w.at}
}

func (w *writer) write(b []byte) {
	for len(b) > 0 && w.err == nil {
		n := min(len(b), int(pageSize-w.at%pageSize))
		w.page = crc32.Update(w.page, crc32.MakeTable(crc32.Castagnoli), b[:n])
		if _, w.err = w.to.Write(b[:n]); w.err != nil {
			return
		}
		if w.at += int64(n); w.at%pageSize == 0 {
			w.sums, w.page = binary.LittleEndian.AppendUint32(w.sums, w.page), 0
		}
		b = b[n:]
	}
}

func (w *writer) numbers(name string, list []uint32) {
	w.begin(name)
	b := make([]byte, 0, 4*min(len(list), 1<<14))
	for chunk := range slices.Chunk(list, 1<<14) {
		b = b[:0]
		for _, n := range chunk {
			b = binary.LittleEndian.AppendUint32(b, n)
		}
		w.write(b)
	}
}

// texts writes n strings.
func (w *writer) texts(name string, n int, at func(i int) []byte) {
	ends, end := make([]uint32, n), uint64(0)
	for i := range n {
		end += uint64(len(at(i)))
		ends[i] = uint32(end)
	}
	if end > 1<<32-1 && w.err == nil {
		w.err = fmt.Errorf("the texts of %s are longer than 4 GB", name)
	}
	w.numbers(name+".ends", ends)
	w.begin(name)
	var b []byte
	for i := range n {
		if b = append(b, at(i)...); len(b) >= pageSize {
			w.write(b)
			b = b[:0]
		}
	}
	w.write(b)
}

// order writes documents in an order, and their places in it.
func (w *writer) order(name string, docs []uint32) {
	w.numbers(name, docs)
	places := make([]uint32, len(docs))
	for place, doc := range docs {
		places[doc] = uint32(place)
	}
	w.numbers(name+".places", places)
}

// facet writes the column of a field: the values in their order, the codes of
// each document, and the documents of each code.
func (w *writer) facet(f library.Field, values []string, ends, codes []uint32) {
	name := "facet." + string(f)
	w.texts(name+".values", len(values), func(i int) []byte { return []byte(values[i]) })
	w.numbers(name+".codes.ends", ends)
	w.numbers(name+".codes", codes)
	from := make([]uint32, len(values)+1) // where each code's documents begin
	for _, code := range codes {
		from[code+1]++
	}
	for i := 1; i < len(from); i++ {
		from[i] += from[i-1]
	}
	next, docs, doc := slices.Clone(from), make([]uint32, len(codes)), 0
	for i, code := range codes {
		for uint32(i) >= ends[doc] {
			doc++
		}
		docs[next[code]] = uint32(doc)
		next[code]++
	}
	w.numbers(name+".docs.ends", from[1:])
	w.numbers(name+".docs", docs)
	var sets []uint32 // by code: where its set begins, from 1; 0 without one
	var room []byte
	set := make([]uint64, (w.Documents+63)/64)
	w.begin(name + ".sets")
	for code := range values {
		sets = append(sets, 0)
		list := docs[from[code]:from[code+1]]
		if len(list) <= w.Documents/dense {
			continue
		}
		sets[code] = uint32((w.at-w.Sections[name+".sets"][0])/8) + 1
		clear(set)
		for _, doc := range list {
			set[doc>>6] |= 1 << (doc & 63)
		}
		room = room[:0]
		for _, word := range set {
			room = binary.LittleEndian.AppendUint64(room, word)
		}
		w.write(room)
	}
	w.numbers(name+".sets.starts", sets)
}

// dense is the share of a segment's documents, one of so many, from which on
// the documents of a value are kept as a set too: one bit a document.
const dense = 48

// dictionary builds a section that is an FST; keys are inserted in order.
type dictionary struct {
	w     *writer
	name  string
	place int // in Keys
	out   bytes.Buffer
	fst   *vellum.Builder
}

func (w *writer) dictionary(name string, place int) *dictionary {
	d := &dictionary{w: w, name: name, place: place}
	fst, err := vellum.New(&d.out, nil)
	if err != nil && w.err == nil {
		w.err = err
	}
	d.fst = fst
	return d
}

func (d *dictionary) insert(key []byte, value uint64) {
	d.w.Keys[d.place] += int64(len(key))
	if err := d.fst.Insert(key, value); err != nil && d.w.err == nil {
		d.w.err = fmt.Errorf("%s: insert %q: %w", d.name, key, err)
	}
}

func (d *dictionary) close() {
	if err := d.fst.Close(); err != nil && d.w.err == nil {
		d.w.err = err
	}
	d.w.begin(d.name)
	d.w.write(d.out.Bytes())
}

// set writes a dictionary of keys alone.
func (w *writer) set(name string, place int, keys map[string]bool) {
	d := w.dictionary(name, place)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		d.insert([]byte(key), 0)
	}
	d.close()
}

// shapesByCount numbers shapes, the most frequent first.
func (w *writer) writeShapes(counts map[Shape]int) (codes map[Shape]uint32) {
	list := slices.Collect(maps.Keys(counts))
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if counts[a] != counts[b] {
			return counts[a] > counts[b]
		}
		return a.Lang < b.Lang || a.Lang == b.Lang && bytes.Compare(a.N[:], b.N[:]) < 0
	})
	w.begin("shapes")
	codes = make(map[Shape]uint32, len(list))
	for i, s := range list {
		codes[s] = uint32(i)
		w.write(append([]byte{s.Lang}, s.N[:]...))
	}
	uses := make([]uint32, len(list))
	for i, s := range list {
		uses[i] = uint32(min(counts[s], 1<<32-1))
	}
	w.numbers("shapes.uses", uses)
	return codes
}

// finish writes the checksums, the table of contents and the tail.
func (w *writer) finish() error {
	w.begin("end")
	delete(w.Sections, "end")
	if w.at%pageSize != 0 {
		w.sums = binary.LittleEndian.AppendUint32(w.sums, w.page)
	}
	table, err := json.Marshal(w.contents)
	if err != nil {
		return fmt.Errorf("write the table of contents: %w", err)
	}
	tail := binary.LittleEndian.AppendUint64(nil, uint64(w.at))
	tail = binary.LittleEndian.AppendUint64(tail, uint64(w.at)+uint64(len(w.sums)))
	tail = binary.LittleEndian.AppendUint32(tail, castagnoli(table))
	tail = binary.LittleEndian.AppendUint32(tail, castagnoli(w.sums))
	tail = append(tail, endMark...)
	for _, b := range [][]byte{w.sums, table, tail} {
		if w.err == nil {
			_, w.err = w.to.Write(b)
		}
	}
	return w.err
}
