// Package index holds search engines: what answers queries over documents,
// exact in every count and order. The engine here keeps everything in memory
// and is built from the library when the program starts.
package index

import (
	"context"
	"fmt"
	"sync"

	"waymark/analysis"
	"waymark/library"
	"waymark/search"
)

// Memory is a search.Index in memory. Searches run side by side; a batch waits
// for those under way and is seen whole by the next.
type Memory struct {
	mu      sync.RWMutex
	seq     int64
	docs    []document
	class   []uint8        // of each document: its place in classes, or gone
	length  [parts][]int32 // words of each document in each part
	byID    map[library.ID]int32
	dead    int
	terms   map[string]*postings
	columns map[library.Field]*column
	classes []class // the distinct ways in which documents are open
	orders  *orders
	cutter  analysis.Cutter
	tokens  []analysis.Token // for the passage being counted
}

// document is what the engine keeps of one to order by; its words and values
// live in postings and columns alone.
type document struct {
	id    library.ID
	title string
	date  library.Date
}

// gone is the class of a document that was replaced or removed.
const gone = 255

// class is one status and audience, which is all that a viewer's right to see
// a document depends on, with the statistics of its living documents. Ranks
// are computed from the classes that a viewer sees, so that hidden documents
// leave no trace in them.
type class struct {
	status   library.Status
	audience library.Audience
	docs     int
	words    [parts]int64
}

// NewMemory gives an empty engine.
func NewMemory() *Memory {
	m := &Memory{byID: map[library.ID]int32{}, terms: map[string]*postings{}, columns: map[library.Field]*column{}, orders: newOrders()}
	for _, f := range library.Facets() {
		m.columns[f] = newColumn()
	}
	return m
}

// Seq implements search.Index.
func (m *Memory) Seq() int64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.seq
}

// mostDead is the share of dead documents at which the engine is built anew.
const mostDead = 0.3

// Apply implements search.Index.
func (m *Memory) Apply(ctx context.Context, b search.Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range b.Remove {
		m.remove(id)
	}
	for _, d := range b.Documents {
		m.remove(d.ID)
		if err := m.add(d); err != nil {
			return err
		}
	}
	if m.dead > 100 && float64(m.dead) > mostDead*float64(len(m.docs)) {
		m.compact()
	}
	m.orders = newOrders()
	m.seq = max(m.seq, b.Seq)
	return nil
}

// compact numbers the living documents anew and forgets the others.
func (m *Memory) compact() {
	number := make([]int32, len(m.docs)) // by old number; -1 for what is gone
	living := int32(0)
	for old := range m.docs {
		if m.class[old] == gone {
			number[old] = -1
			continue
		}
		number[old] = living
		m.docs[living], m.class[living] = m.docs[old], m.class[old]
		for p := range parts {
			m.length[p][living] = m.length[p][old]
		}
		m.byID[m.docs[living].id] = living
		living++
	}
	m.docs, m.class, m.dead = m.docs[:living:living], m.class[:living:living], 0
	for p := range parts {
		m.length[p] = m.length[p][:living:living]
	}
	for term, ps := range m.terms {
		if ps.renumber(number); len(ps.docs) == 0 {
			delete(m.terms, term)
		}
	}
	for f, col := range m.columns {
		m.columns[f] = col.renumber(number)
	}
}

// remove marks a document dead; its postings stay until the next compaction.
func (m *Memory) remove(id library.ID) {
	n, ok := m.byID[id]
	if !ok {
		return
	}
	delete(m.byID, id)
	c := &m.classes[m.class[n]]
	c.docs--
	for p := range parts {
		c.words[p] -= int64(m.length[p][n])
	}
	m.class[n] = gone
	m.dead++
}

func (m *Memory) add(d search.Document) error {
	place, err := m.classOf(d)
	if err != nil {
		return err
	}
	n := int32(len(m.docs))
	c := &m.classes[place]
	c.docs++
	for p, passages := range [parts][]search.Passage{d.Titles, d.Concepts, d.Authors, d.Abstracts} {
		words := int32(0)
		for i, text := range passages {
			words += m.count(n, p, int(words)+i, text)
		}
		m.length[p] = append(m.length[p], words)
		c.words[p] += int64(words)
	}
	for f, col := range m.columns {
		col.add(valuesOf(d, f))
	}
	m.byID[d.ID] = n
	m.docs, m.class = append(m.docs, document{d.ID, d.Title, d.Date}), append(m.class, place)
	return nil
}

func (m *Memory) classOf(d search.Document) (uint8, error) {
	for i, c := range m.classes {
		if c.status == d.Status && c.audience == d.Audience {
			return uint8(i), nil
		}
	}
	if len(m.classes) == gone {
		return 0, fmt.Errorf("index %s: there are more than %d pairs of status and audience", d.ID, gone)
	}
	m.classes = append(m.classes, class{status: d.Status, audience: d.Audience})
	return uint8(len(m.classes) - 1), nil
}
