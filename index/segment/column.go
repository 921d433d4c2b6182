package segment

import (
	"encoding/binary"
	"math/bits"

	"waymark/library"
)

// Column is the values of a field for every document, and the documents of
// every value.
type Column struct {
	s      *Segment
	values texts
	ends   Numbers // by document: where its codes end
	codes  Numbers
	last   Numbers // by code: where its documents end
	docs   Numbers
	starts Numbers // by code: where its set begins
	sets   []byte
}

// Column gives the column of a field.
func (s *Segment) Column(f library.Field) *Column {
	name := "facet." + string(f)
	c := &Column{s: s, values: s.strings(name + ".values"), ends: s.numbers(name + ".codes.ends"), codes: s.numbers(name + ".codes"),
		last: s.numbers(name + ".docs.ends"), docs: s.numbers(name + ".docs"), starts: s.numbers(name + ".sets.starts"), sets: s.section(name + ".sets")}
	if c.ends.Len() != s.Documents || c.last.Len() != c.values.len() || c.starts.Len() != c.values.len() {
		s.damaged("the column %s has another length than the documents", f)
	}
	return c
}

// Len gives the number of different values.
func (c *Column) Len() int { return c.values.len() }

// Value gives the value of a code. Codes are in the order of values.
func (c *Column) Value(code int) string { return string(c.values.at(code)) }

// Range gives where the codes of a document stand in Codes.
func (c *Column) Range(doc uint32) (start, end uint32) {
	if doc > 0 {
		start = c.ends.At(int(doc) - 1)
	}
	return start, c.ends.At(int(doc))
}

// Codes gives the codes of all documents, one document after the other.
func (c *Column) Codes() Numbers { return c.codes }

// Docs gives the documents that have the value of a code.
func (c *Column) Docs(code int) Numbers {
	start := uint32(0)
	if code > 0 {
		start = c.last.At(code - 1)
	}
	return c.docs[4*int(start) : 4*int(c.last.At(code))]
}

// set gives the documents that have the value of a code, one bit each, when it
// has many; nil otherwise.
func (c *Column) set(code int) []byte {
	start := int(c.starts.At(code))
	if start == 0 {
		return nil
	}
	size := (c.s.Documents + 63) / 64 * 8
	return c.sets[8*(start-1) : 8*(start-1)+size]
}

// Count gives the number of documents of a set that have the value of a code.
func (c *Column) Count(code int, set []uint64) (n int) {
	if own := c.set(code); own != nil {
		for i, w := range set {
			n += bits.OnesCount64(w & binary.LittleEndian.Uint64(own[8*i:]))
		}
		return n
	}
	for docs := c.Docs(code); len(docs) >= 4; docs = docs[4:] {
		doc := binary.LittleEndian.Uint32(docs)
		n += int(set[doc>>6] >> (doc & 63) & 1)
	}
	return n
}
