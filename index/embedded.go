// Package index holds search engines: what answers queries over documents,
// exact in every count and order. The engine here is embedded in the program:
// it keeps immutable segments in a folder, maps them into memory, and takes in
// changes as new segments that are merged in the background.
package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"waymark/index/segment"
	"waymark/library"
	"waymark/search"
)

// Embedded is a search.Index in this process. Every search sees one snapshot;
// changes never wait for searches, nor searches for changes.
//
// Of several processes on one folder the first writes it. The others read what
// it has written and keep what they add in memory.
type Embedded struct {
	root   string // "" when everything stays in memory
	folder string // of the generation in use
	made   string // what the documents are made with
	lock   *os.File

	limits limits

	applying sync.Mutex // one batch at a time
	builders []segment.Builder

	mu        sync.Mutex // guards what follows and the change of snapshots
	current   atomic.Pointer[snapshot]
	classes   []search.Sight
	values    map[library.Field]*values
	saved     manifest
	merging   sync.WaitGroup
	merged    *sync.Cond
	busy      bool  // the folder is being written
	unwritten error // what hindered the last writing
	closed    bool

	damage atomic.Pointer[segment.Damaged] // no search is answered until it is mended
	aside  bool                            // the damaged generation is set aside; guarded by applying
}

// values are the values of a facet that any segment has had, by their codes in
// every segment of this process.
type values struct {
	code map[string]uint32
	list []string
}

// NewMemory gives an empty engine that keeps everything in memory.
func NewMemory() *Embedded {
	e := &Embedded{values: map[library.Field]*values{}, builders: make([]segment.Builder, runtime.GOMAXPROCS(0)),
		limits: limits{docs: 1 << 15, bytes: 96 << 20, edits: 2000, few: 20_000}}
	e.merged = sync.NewCond(&e.mu)
	for _, f := range library.Facets() {
		e.values[f] = &values{code: map[string]uint32{}}
	}
	e.current.Store(newSnapshot(0, nil))
	return e
}

// Seq implements search.Index.
func (e *Embedded) Seq() int64 {
	s := e.acquire()
	defer s.release()
	return s.seq
}

// limits are how much new documents take in memory before they are written to
// the folder, and how many edits a start may have to follow again.
// Few is up to how many visible documents a search is not worth several
// processors.
type limits struct {
	docs  int
	bytes int64
	edits int64
	few   int
}

// maxInMemory is how many segments in memory wait before small ones are merged.
const maxInMemory = 8

// Apply implements search.Index.
func (e *Embedded) Apply(ctx context.Context, b search.Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	e.applying.Lock()
	defer e.applying.Unlock()
	if err := e.mend(); err != nil {
		return err
	}
	err := e.apply(b)
	e.note(err)
	return err
}

func (e *Embedded) apply(b search.Batch) error {
	docs, err := e.changed(b.Documents)
	if err != nil {
		return err
	}
	added, err := e.build(docs, e.Seq())
	if err != nil {
		return err
	}
	e.mu.Lock()
	now := e.current.Load()
	views := slices.Clone(now.views)
	gone := slices.Clone(b.Remove)
	for i := range docs {
		gone = append(gone, docs[i].ID)
	}
	if err := segment.Guard(e.folder, func() { bury(views, gone) }); err != nil {
		e.mu.Unlock()
		return err
	}
	for _, p := range added {
		views = append(views, newView(p, nil))
	}
	e.publish(max(now.seq, b.Seq), views)
	e.mu.Unlock()
	for _, p := range added {
		p.release()
	}
	if b.Seq > 0 && e.aside {
		e.damage.Store(nil)
		e.aside = false
	}
	return e.settle()
}

// changed gives the documents of a batch whose resource the index does not hold
// already as it is, each key once: the last. The documents of one resource come
// together or not at all.
func (e *Embedded) changed(docs []search.Document) (out []search.Document, err error) {
	s := e.acquire()
	defer s.release()
	last := make(map[string]int, len(docs))
	for i := range docs {
		last[docs[i].Key()] = i
	}
	err = segment.Guard(e.folder, func() {
		differs := make(map[library.ID]bool, len(docs))
		for i := range docs {
			if last[docs[i].Key()] == i && !differs[docs[i].ID] {
				differs[docs[i].ID] = !s.has(&docs[i])
			}
		}
		for i := range docs {
			if last[docs[i].Key()] == i && differs[docs[i].ID] {
				out = append(out, docs[i])
			}
		}
	})
	return out, err
}

// oneBuilder is up to how many documents one processor makes a segment of.
const oneBuilder = 256

// Stamps implements search.Index.
func (e *Embedded) Stamps(ctx context.Context, v library.Viewer, after library.ID, limit int) ([]search.Stamp, error) {
	if err := cmp.Or(ctx.Err(), e.failed()); err != nil {
		return nil, err
	}
	snap := e.acquire()
	defer snap.release()
	var out []search.Stamp
	err := segment.Guard(e.folder, func() { out = snap.sight(ctx, v).stamps(after, limit) })
	e.note(err)
	return out, err
}

// stamps goes through the views, each in the order of IDs, side by side.
func (s *sight) stamps(after library.ID, limit int) (out []search.Stamp) {
	room := newArena()
	defer room.free()
	for _, v := range s.views {
		set := v.visible(s.sees, room)
		start, _ := v.part.Find(string(after))
		for doc, n := start, 0; int(doc) < v.part.Docs() && n < limit; doc++ {
			if set[doc>>6]>>(doc&63)&1 == 1 && v.part.ID(doc) > after {
				out = append(out, search.Stamp{ID: v.part.ID(doc), Digest: v.part.Digest(doc)})
				n++
			}
		}
	}
	slices.SortFunc(out, func(a, b search.Stamp) int { return cmp.Compare(a.ID, b.ID) })
	return out[:min(len(out), limit)]
}

// Verify reads every segment in the folder and says which is damaged.
func (e *Embedded) Verify() error {
	snap := e.acquire()
	defer snap.release()
	errs := []error{e.failed()}
	for _, v := range snap.views {
		errs = append(errs, v.part.Verify())
	}
	return errors.Join(errs...)
}

// build makes segments in memory, one a processor, of what comes after an edit.
func (e *Embedded) build(docs []search.Document, before int64) (parts []*part, err error) {
	if len(docs) == 0 {
		return nil, nil
	}
	share := max(oneBuilder, (len(docs)+len(e.builders)-1)/len(e.builders))
	var built sync.WaitGroup
	made := make([]*segment.Segment, len(e.builders))
	errs := make([]error, len(e.builders))
	n := 0
	for some := range slices.Chunk(docs, share) {
		i := n
		n++
		built.Go(func() {
			data, err := e.builders[i].Build(some)
			if err == nil {
				made[i], err = segment.Load("in memory", data)
			}
			errs[i] = err
		})
	}
	built.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range made[:n] {
		p, err := e.newPart(s, "")
		if err != nil {
			return nil, err
		}
		p.before = before
		parts = append(parts, p)
	}
	return parts, nil
}

// publish makes views what searches see from now on. The caller holds mu.
func (e *Embedded) publish(seq int64, views []*view) {
	views = slices.DeleteFunc(views, func(v *view) bool { return v.living() == 0 })
	next := newSnapshot(seq, views)
	next.classes, next.few = e.classes, e.limits.few
	next.values = make(map[library.Field][]string, len(e.values))
	for f, v := range e.values {
		next.values[f] = v.list
	}
	before := e.current.Swap(next)
	before.release()
}

// acquire gives the current snapshot, to be released after use.
func (e *Embedded) acquire() *snapshot {
	for {
		if s := e.current.Load(); s.acquire() {
			return s
		}
	}
}

// settle has written and merged what a batch makes due.
func (e *Embedded) settle() error {
	s := e.acquire()
	defer s.release()
	if e.lock == nil || !e.due(s, 1) {
		return e.mergeMemory(s)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.mergeSoon()
	for e.busy && e.due(e.current.Load(), mostWaiting) { // not faster than the disk takes it
		e.merged.Wait()
	}
	return e.unwritten
}

// mostWaiting is how many times what is due to be written waits in memory
// before batches do.
const mostWaiting = 3

// due tells whether what is in memory, or in too many segments, is due to be
// written, or a number of times that.
func (e *Embedded) due(s *snapshot, times int) bool {
	docs, size, first := 0, int64(0), s.seq
	for _, v := range s.views {
		if v.part.name == "" {
			docs, size, first = docs+v.living(), size+v.part.Size(), min(first, v.part.before)
		}
	}
	return docs >= times*e.limits.docs || size >= int64(times)*e.limits.bytes || s.seq-first >= int64(times)*e.limits.edits ||
		len(s.views) > times*maxSegments
}

// note remembers that a segment is damaged: no search is answered from then on
// until the index has been built anew. What went wrong over files that are as
// they were written is our own mistake, which building anew would not mend.
func (e *Embedded) note(err error) {
	var d *segment.Damaged
	if !errors.As(err, &d) {
		return
	}
	if d.Unexpected && e.Verify() == nil {
		slog.Error("a mistake in the search engine, over an index that is sound", "err", err)
		return
	}
	e.damage.CompareAndSwap(nil, d)
}

// failed says that the index cannot answer, and why.
func (e *Embedded) failed() error {
	d := e.damage.Load()
	if d == nil {
		return nil
	}
	return &library.Error{Kind: library.Busy, Err: fmt.Errorf("the search index is being built anew: %w", d)}
}

// mend sets a damaged generation aside: its folder is renamed and an empty one
// takes its place, which the follower fills from the library. The caller holds
// applying.
func (e *Embedded) mend() error {
	damage := e.damage.Load()
	if damage == nil || e.aside {
		return nil
	}
	slog.Error("the search index cannot be used; it is set aside and built anew from the library", "err", damage)
	e.merging.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.aside = true
	e.saved = manifest{}
	e.publish(0, nil)
	if e.lock == nil {
		return nil
	}
	return e.startAnew()
}

// Close writes what is not yet written and ends the engine.
func (e *Embedded) Close() error {
	e.applying.Lock()
	defer e.applying.Unlock()
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	e.merging.Wait()
	var err error
	if e.lock != nil && e.damage.Load() == nil {
		err = e.flush()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.current.Swap(newSnapshot(0, nil)).release()
	return errors.Join(err, e.unlock())
}
