package segment

import (
	"encoding/binary"

	"waymark/search"
)

// Pages is where the pages of a document's files end among the positions of its
// text: a run of words after the other, with a gap between two.
type Pages struct {
	list []search.PageHit
	ends []int
}

// packPages writes the pages of a document: for each file its digest, the
// number of its pages, and for each page the steps of its number and of its end.
func packPages(d *search.Document, ends []int) (out []byte) {
	last := 0
	for _, f := range d.Texts {
		out = binary.AppendUvarint(out, uint64(len(f.File)))
		out = append(out, f.File...)
		out = binary.AppendUvarint(out, uint64(len(f.Pages)))
		number := 0
		for _, p := range f.Pages {
			out = binary.AppendUvarint(out, uint64(p.Number-number))
			out = binary.AppendUvarint(out, uint64(ends[0]-last))
			number, last, ends = p.Number, ends[0], ends[1:]
		}
	}
	return out
}

// Pages gives the pages of a document.
func (s *Segment) Pages(doc uint32) (p Pages) {
	r := reader{s: s, data: s.strings("pages").at(int(doc))}
	end := 0
	for len(r.data) > 0 {
		file := string(r.take(int(r.number())))
		number := 0
		for range r.number() {
			number += int(r.number())
			end += int(r.number())
			p.list = append(p.list, search.PageHit{File: file, Page: number})
			p.ends = append(p.ends, end)
		}
	}
	return p
}

// Len gives how many pages there are.
func (p *Pages) Len() int { return len(p.list) }

// At gives the i-th page.
func (p *Pages) At(i int) search.PageHit { return p.list[i] }

// End gives the position behind the i-th page.
func (p *Pages) End(i int) int { return p.ends[i] }
