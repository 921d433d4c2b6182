package segment

import (
	"encoding/binary"
	"math"
	"slices"

	"waymark/analysis"
)

// Shape is how often a word stands in each part of a document, in passages of
// one language. Few shapes are distinct, so a posting names one by its number:
// the most frequent have the shortest numbers.
type Shape struct {
	Lang uint8 // LangCode of the passages
	N    [Parts]uint8
}

// LangCode gives the number of a language in shapes and families: that of a
// language with stems from 1, 0 for all others.
func LangCode(lang string) uint8 { return uint8(slices.Index(analysis.Languages(), lang) + 1) }

const shapeSize = 1 + Parts

func readShapes(data []byte) []Shape {
	shapes := make([]Shape, len(data)/shapeSize)
	for i := range shapes {
		shapes[i].Lang = data[i*shapeSize]
		copy(shapes[i].N[:], data[i*shapeSize+1:])
	}
	return shapes
}

// Posting is that a word stands in a document's passages of one language. A
// document has one for each language.
type Posting struct {
	Doc  uint32
	Code uint32 // of its Shape
}

// blockSize is how many postings stand in a block, or a few more: those of one
// document stay together.
const blockSize = 128

// block ends a run of postings: the last document, where the run ends among
// the postings and among the places, and the largest frequency in it.
type block struct {
	last, postings, places uint32
	max                    float32
}

const blockBytes = 16

// Shapes gives the shapes by their codes.
func (s *Segment) Shapes() []Shape { return s.shapes }

// List is the postings of a word in the order of documents.
type List struct {
	s        *Segment
	Docs     int     // documents
	Max      float64 // largest Frequency of a document, under the segment's Average
	Blocks   int
	blocks   []byte // blockBytes each; empty when there is one
	postings []byte
	places   uint64 // offset of the places in the section, and their length
	length   uint64
}

// list reads the list that begins at an offset: postings, documents, blocks,
// bytes of postings, bytes of places, largest frequency, the table of blocks
// when there are several, postings, places.
func (s *Segment) list(offset uint64) List {
	head := s.within("lists", offset, 6*binary.MaxVarintLen64)
	r := reader{s: s, data: head}
	docs, blocks, postings, places := r.number(), r.number(), r.number(), r.number()
	l := List{s: s, Docs: int(docs), Blocks: int(blocks), length: places}
	l.Max = float64(math.Float32frombits(binary.LittleEndian.Uint32(r.take(4))))
	offset += uint64(len(head) - len(r.data))
	size := uint64(len(s.data))
	if docs > uint64(s.Documents) || blocks == 0 || blocks > size || postings > size || places > size {
		s.damaged("the list at %d is larger than the file", offset)
	}
	if blocks > 1 {
		l.blocks = s.within("lists", offset, blocks*blockBytes)
		offset += blocks * blockBytes
	}
	l.postings = s.within("lists", offset, postings)
	l.places = offset + postings
	if len(l.postings) < int(postings) || blocks > 1 && len(l.blocks) < int(blocks)*blockBytes {
		s.damaged("the list at %d is cut off", offset)
	}
	return l
}

// block gives what ends the i-th block, and what ended the one before.
func (l *List) block(i int) (b, before block) {
	if l.blocks == nil {
		return block{math.MaxUint32, uint32(len(l.postings)), uint32(l.length), float32(l.Max)}, block{}
	}
	at := func(i int) block {
		e := l.blocks[i*blockBytes : (i+1)*blockBytes]
		return block{binary.LittleEndian.Uint32(e), binary.LittleEndian.Uint32(e[4:]), binary.LittleEndian.Uint32(e[8:]),
			math.Float32frombits(binary.LittleEndian.Uint32(e[12:]))}
	}
	if i > 0 {
		before = at(i - 1)
	}
	return at(i), before
}

// Last gives the last document of a block; more than any for the only one.
func (l *List) Last(i int) uint32 {
	if l.blocks == nil {
		return math.MaxUint32
	}
	return binary.LittleEndian.Uint32(l.blocks[i*blockBytes:])
}

// MaxOf gives the largest frequency in a block.
func (l *List) MaxOf(i int) float64 {
	if l.blocks == nil {
		return l.Max
	}
	return float64(math.Float32frombits(binary.LittleEndian.Uint32(l.blocks[i*blockBytes+12:])))
}

// Mark sets the bits of the documents of the postings that a filter takes; of
// all with a nil filter.
func (l *List) Mark(set []uint64, takes func(*Shape) bool) {
	var taken []bool
	if takes != nil {
		taken = make([]bool, len(l.s.shapes))
		for i := range taken {
			taken[i] = takes(&l.s.shapes[i])
		}
	}
	data, doc := l.postings, uint32(0)
	for i := 0; i < len(data); {
		delta := uint32(data[i])
		if i++; delta >= 0x80 {
			delta, i = l.long(data, i-1)
		}
		shape := uint32(data[i])
		if i++; shape >= 0x80 {
			shape, i = l.long(data, i-1)
		}
		doc += delta
		if taken == nil || taken[shape] {
			set[doc>>6] |= 1 << (doc & 63)
		}
	}
}

// long reads a number of several bytes at i and gives the index behind it.
func (l *List) long(data []byte, i int) (uint32, int) {
	n, size := binary.Uvarint(data[i:])
	if size <= 0 || n > math.MaxUint32 {
		l.s.damaged("a number in a list has no end")
	}
	return uint32(n), i + size
}

// Block appends the postings of a block.
func (l *List) Block(i int, to []Posting) []Posting {
	b, before := l.block(i)
	data, doc := l.postings[before.postings:b.postings], before.last
	for i := 0; i < len(data); {
		delta := uint32(data[i])
		if i++; delta >= 0x80 {
			delta, i = l.long(data, i-1)
		}
		shape := uint32(data[i])
		if i++; shape >= 0x80 {
			shape, i = l.long(data, i-1)
		}
		doc += delta
		to = append(to, Posting{doc, shape})
	}
	return to
}

// Place is where a word stands: its part and its position there, of which
// passages of a part follow each other with a gap.
type Place uint32

// PlaceOf makes a place.
func PlaceOf(part, position int) Place { return Place(part)<<28 | Place(position)&(1<<28-1) }

// Part gives the part of a place.
func (p Place) Part() int { return int(p >> 28) }

// Places reads the places of one posting of a block after the other.
type Places struct {
	l    *List
	data []byte
}

// Places gives the reader of a block's places, one posting after the other.
func (l *List) Places(i int) Places {
	b, before := l.block(i)
	if b.places < before.places {
		l.s.damaged("the places of a block end before they begin")
	}
	return Places{l, l.s.within("lists", l.places+uint64(before.places), uint64(b.places-before.places))}
}

// Next appends the places of the next posting, which has a shape.
func (p *Places) Next(shape *Shape, to []Place) []Place {
	for part, n := range shape.N {
		count := uint32(n)
		if n == math.MaxUint8 {
			count = p.number()
		}
		position := uint32(0)
		for range count {
			position += p.number()
			to = append(to, PlaceOf(part, int(position)))
		}
	}
	return to
}

// raw gives the bytes of the next posting's places.
func (p *Places) raw(shape *Shape) []byte {
	start, n := p.data, 0
	for _, count := range shape.N {
		if count == math.MaxUint8 {
			rest := len(p.data)
			left := p.number()
			n += rest - len(p.data)
			n += p.skip(int(left))
			continue
		}
		n += p.skip(int(count))
	}
	return start[:n]
}

// Skip passes over the places of the next posting.
func (p *Places) Skip(shape *Shape) { p.raw(shape) }

// skip passes over numbers and gives their bytes.
func (p *Places) skip(numbers int) int {
	i := 0
	for ; numbers > 0; i++ {
		if p.data[i] < 0x80 {
			numbers--
		}
	}
	p.data = p.data[i:]
	return i
}

func (p *Places) number() uint32 {
	if n := p.data[0]; n < 0x80 {
		p.data = p.data[1:]
		return uint32(n)
	}
	n, size := p.l.long(p.data, 0)
	p.data = p.data[size:]
	return n
}

// reader reads numbers one after the other.
type reader struct {
	s    *Segment
	data []byte
}

func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.data)
	if size <= 0 {
		r.s.damaged("a number has no end")
	}
	r.data = r.data[size:]
	return n
}

func (r *reader) take(n int) []byte {
	b := r.data[:n]
	r.data = r.data[n:]
	return b
}
