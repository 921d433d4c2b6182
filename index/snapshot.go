package index

import (
	"fmt"
	"math/bits"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"waymark/index/segment"
	"waymark/library"
	"waymark/search"
)

// snapshot is what a search sees: segments and their living documents. It and
// its segments live until the last search has released it.
type snapshot struct {
	refs    atomic.Int64
	seq     int64
	views   []*view
	classes []search.Sight
	values  map[library.Field][]string // by the code of this process
	few     int                        // as in limits

	mu     sync.Mutex
	wholes map[visibility]*whole // by what a viewer sees
}

func newSnapshot(seq int64, views []*view) *snapshot {
	s := &snapshot{seq: seq, views: views, wholes: map[visibility]*whole{}}
	s.refs.Store(1)
	for _, v := range views {
		v.part.refs.Add(1)
	}
	return s
}

func (s *snapshot) acquire() bool {
	for {
		n := s.refs.Load()
		if n == 0 {
			return false
		}
		if s.refs.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

func (s *snapshot) release() {
	if s.refs.Add(-1) > 0 {
		return
	}
	for _, v := range s.views {
		v.part.release()
	}
}

// has tells whether a document stands in the snapshot as it is.
func (s *snapshot) has(d *search.Document) bool {
	for _, v := range s.views {
		if doc, ok := v.find(d.Key()); ok {
			return v.part.Digest(doc) == d.Digest()
		}
	}
	return false
}

// part is an open segment with what this process knows of it.
type part struct {
	*segment.Segment
	name    string // of its file in the folder; "" for one in memory
	before  int64  // of one in memory: the last edit that the segments before it contain
	refs    atomic.Int64
	doomed  atomic.Bool // the file goes when the last search has released it
	path    string
	class   []uint8 // by the segment's class: that of this process
	columns map[library.Field]*column

	first, last string // keys

	mu   sync.Mutex
	open map[visibility][]uint64
}

// column is a column of a segment with the codes of this process.
type column struct {
	*segment.Column
	code []uint32 // by the segment's code
}

// newPart makes a part of an open segment, to be released by the caller, who
// holds mu.
func (e *Embedded) newPart(s *segment.Segment, name string) (*part, error) {
	p := &part{Segment: s, name: name, columns: map[library.Field]*column{}, open: map[visibility][]uint64{}}
	p.refs.Store(1)
	err := segment.Guard(name, func() {
		for _, c := range s.Classes {
			p.class = append(p.class, e.classCode(c.Sight))
		}
		for _, f := range library.Facets() {
			col := &column{Column: s.Column(f)}
			col.code = make([]uint32, col.Len())
			all := e.values[f]
			for i := range col.code {
				col.code[i] = all.codeOf(col.Value(i))
			}
			p.columns[f] = col
		}
		if n := s.Docs(); n > 0 {
			p.first, p.last = s.Key(0), s.Key(uint32(n-1))
		}
	})
	if err == nil && len(e.classes) > len(visibility{}) {
		err = fmt.Errorf("there are more than %d pairs of status and audience", len(visibility{}))
	}
	return p, err
}

func (e *Embedded) classCode(c search.Sight) uint8 {
	i := slices.Index(e.classes, c)
	if i < 0 {
		i = len(e.classes)
		e.classes = append(e.classes, c)
	}
	return uint8(i)
}

func (v *values) codeOf(value string) uint32 {
	code, ok := v.code[value]
	if !ok {
		code = uint32(len(v.list))
		v.code[value] = code
		v.list = append(v.list, value)
	}
	return code
}

func (p *part) release() {
	if p.refs.Add(-1) > 0 {
		return
	}
	p.Close()
	if p.doomed.Load() {
		os.Remove(p.path)
	}
}

// view is a segment with the documents that are dead in one snapshot.
type view struct {
	part  *part
	dead  []uint64 // one bit a document; nil when all live
	gone  int
	stats []segment.Class // living documents, by the segment's class
}

// newView looks at a part without some documents.
func newView(p *part, dead []uint64) *view {
	v := &view{part: p, stats: p.Classes}
	if dead == nil {
		return v
	}
	v.dead, v.stats = dead, slices.Clone(p.Classes)
	class, lengths := p.ClassOf(), p.Lengths()
	eachBit(dead, func(doc uint32) {
		v.gone++
		c := &v.stats[class[doc]]
		c.Docs--
		for part := range segment.Parts {
			c.Words[part] -= int64(lengths.Of(doc, part))
		}
	})
	return v
}

func (v *view) living() int { return v.part.Docs() - v.gone }

func (v *view) isDead(doc uint32) bool { return v.dead != nil && v.dead[doc>>6]>>(doc&63)&1 == 1 }

// find gives the number of a living document.
func (v *view) find(key string) (uint32, bool) {
	if key < v.part.first || key > v.part.last {
		return 0, false
	}
	doc, ok := v.part.Find(key)
	return doc, ok && !v.isDead(doc)
}

// each gives the living documents of a resource.
func (v *view) each(id library.ID, f func(doc uint32)) {
	end := string(id) + search.KeySign + "\xff"
	if string(id) > v.part.last || end < v.part.first {
		return
	}
	doc, _ := v.part.Find(string(id))
	for ; int(doc) < v.part.Docs() && v.part.ID(doc) == id; doc++ {
		if !v.isDead(doc) {
			f(doc)
		}
	}
}

// bury marks the documents of resources dead in the views that have them.
func bury(views []*view, ids []library.ID) {
	for i, v := range views {
		var dead []uint64
		for _, id := range ids {
			v.each(id, func(doc uint32) {
				if dead == nil {
					if dead = slices.Clone(v.dead); dead == nil {
						dead = make([]uint64, words(v.part.Docs()))
					}
				}
				dead[doc>>6] |= 1 << (doc & 63)
			})
		}
		if dead != nil {
			views[i] = newView(v.part, dead)
		}
	}
}

// visible gives the living documents of the classes that a viewer sees. It is
// shared and must not be changed.
func (v *view) visible(sees visibility, room *arena) []uint64 {
	open := v.part.opened(sees)
	if v.dead == nil {
		return open
	}
	set := room.set(v.part.Docs())
	for i := range set {
		set[i] = open[i] &^ v.dead[i]
	}
	return set
}

func (p *part) opened(sees visibility) []uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if set := p.open[sees]; set != nil {
		return set
	}
	set := make([]uint64, words(p.Docs()))
	for doc, c := range p.ClassOf() {
		if sees[p.class[c]] {
			set[doc>>6] |= 1 << (doc & 63)
		}
	}
	p.open[sees] = set
	return set
}

// words gives the length of a set of n documents.
func words(n int) int { return (n + 63) / 64 }

func eachBit(set []uint64, f func(doc uint32)) {
	for i, w := range set {
		for ; w != 0; w &= w - 1 {
			f(uint32(i*64 + bits.TrailingZeros64(w)))
		}
	}
}

func size(set []uint64) (n int) {
	for _, w := range set {
		n += bits.OnesCount64(w)
	}
	return n
}

// arena gives sets for one search from memory that searches share.
type arena struct{ blocks, used [][]uint64 }

const arenaBlock = 1 << 17 // words: 1 MB, eight sets of a million documents

// set gives an empty set of n documents.
func (a *arena) set(n int) []uint64 {
	n = words(n)
	if len(a.blocks) == 0 || cap(a.blocks[len(a.blocks)-1])-len(a.blocks[len(a.blocks)-1]) < n {
		if len(a.used) > 0 && cap(a.used[len(a.used)-1]) >= n {
			a.blocks = append(a.blocks, a.used[len(a.used)-1][:0])
			a.used = a.used[:len(a.used)-1]
		} else {
			a.blocks = append(a.blocks, make([]uint64, 0, max(n, arenaBlock)))
		}
	}
	last := len(a.blocks) - 1
	start := len(a.blocks[last])
	a.blocks[last] = a.blocks[last][:start+n]
	set := a.blocks[last][start : start+n : start+n]
	clear(set)
	return set
}

// arenas are the memory of searches that have ended.
var arenas = sync.Pool{New: func() any { return new(arena) }}

func newArena() *arena { return arenas.Get().(*arena) }

// free gives the memory to other searches: no set of it is used any more.
func (a *arena) free() {
	a.used = append(a.used, a.blocks...)
	a.blocks = a.blocks[:0]
	arenas.Put(a)
}
