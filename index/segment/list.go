package segment

import (
	"encoding/binary"
	"math"
)

// listWriter writes the list of a word, posting by posting.
type listWriter struct {
	norms    *Norms
	docs     int
	postings []byte
	places   []byte
	blocks   []block
	inBlock  int
	last     uint32  // document of the last posting
	sum      float64 // its frequency so far
	max      float64 // in the block
	head     []byte
}

func (w *listWriter) reset() {
	w.docs, w.postings, w.places, w.blocks, w.inBlock, w.last, w.sum, w.max = 0, w.postings[:0], w.places[:0], w.blocks[:0], 0, 0, 0, 0
}

// add takes in a posting with its code of the shape. Its places are appended
// to w.places by the caller afterwards.
func (w *listWriter) add(doc, code uint32, shape *Shape, lengths Lengths) {
	if w.docs == 0 || doc != w.last {
		w.endDoc()
		if w.inBlock >= blockSize {
			w.endBlock()
		}
		w.docs++
		w.sum = 0
	}
	w.postings = binary.AppendUvarint(w.postings, uint64(doc-w.last))
	w.postings = binary.AppendUvarint(w.postings, uint64(code))
	w.sum += w.norms.Frequency(shape, lengths, doc)
	w.last = doc
	w.inBlock++
}

func (w *listWriter) endDoc() { w.max = max(w.max, w.sum) }

func (w *listWriter) endBlock() {
	up := math.Nextafter32(float32(w.max), math.MaxFloat32) // a bound, so never less than what it bounds
	w.blocks = append(w.blocks, block{w.last, uint32(len(w.postings)), uint32(len(w.places)), up})
	w.inBlock, w.max = 0, 0
}

// list gives the finished list as it stands in the file, in three pieces.
func (w *listWriter) list() (head, postings, places []byte) {
	w.endDoc()
	w.endBlock()
	top := float32(0)
	for _, b := range w.blocks {
		top = max(top, b.max)
	}
	h := w.head[:0]
	for _, n := range []int{w.docs, len(w.blocks), len(w.postings), len(w.places)} {
		h = binary.AppendUvarint(h, uint64(n))
	}
	h = binary.LittleEndian.AppendUint32(h, math.Float32bits(top))
	if len(w.blocks) > 1 {
		for _, b := range w.blocks {
			h = binary.LittleEndian.AppendUint32(h, b.last)
			h = binary.LittleEndian.AppendUint32(h, b.postings)
			h = binary.LittleEndian.AppendUint32(h, b.places)
			h = binary.LittleEndian.AppendUint32(h, math.Float32bits(b.max))
		}
	}
	w.head = h
	return h, w.postings, w.places
}
