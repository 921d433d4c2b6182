package index

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/bits"
	"os"
	"path/filepath"
	"slices"

	"waymark/index/segment"
)

const (
	// mergeAt is how many segments of about one size are merged into one, which
	// is then about so many times larger.
	mergeAt = 8
	// mostDead is the share of dead documents at which a segment is merged alone.
	mostDead = 0.3
	// maxSegments is how many segments in the folder a batch waits for.
	maxSegments = 6 * mergeAt
	// ownBatch is the number of documents from which a segment in memory is left
	// as it is until all are written.
	ownBatch = 512
)

// tier is the size class of a view: each holds mergeAt times the one below.
func tier(v *view) int { return bits.Len(uint(v.living())) / 3 }

// toMerge chooses segments to merge, smallest first; none when all is well.
func toMerge(views []*view) []*view {
	tiers := map[int][]*view{}
	for _, v := range views {
		if v.gone > 100 && float64(v.gone) > mostDead*float64(v.part.Docs()) {
			return []*view{v}
		}
		tiers[tier(v)] = append(tiers[tier(v)], v)
	}
	for t := range 64 {
		if len(tiers[t]) >= mergeAt {
			return tiers[t]
		}
	}
	return nil
}

func sources(views []*view) []segment.Source {
	var list []segment.Source
	for _, v := range views {
		list = append(list, segment.Source{Segment: v.part.Segment, Dead: v.isDead})
	}
	return list
}

// mergeMemory merges small segments in memory, when there are many.
func (e *Embedded) mergeMemory(s *snapshot) error {
	memory := slices.DeleteFunc(slices.Clone(s.views), func(v *view) bool { return v.part.name != "" || e.lock != nil && v.living() >= ownBatch })
	if len(memory) <= maxInMemory {
		return nil
	}
	small := toMerge(memory)
	if len(small) < 2 {
		return nil
	}
	var out bytes.Buffer
	if err := segment.Merge(&out, sources(small)); err != nil {
		return fmt.Errorf("merge the search index in memory: %w", err)
	}
	merged, err := segment.Load("in memory", out.Bytes())
	if err != nil {
		return err
	}
	return e.exchange(small, merged, "")
}

// flush writes what is in memory to the folder.
func (e *Embedded) flush() error {
	s := e.acquire()
	defer s.release()
	memory := slices.DeleteFunc(slices.Clone(s.views), func(v *view) bool { return v.part.name != "" })
	if len(memory) > 0 {
		return e.mergeToFile(memory)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if s.seq == e.saved.Seq {
		return nil
	}
	return e.save()
}

// mergeToFile merges views into a segment in the folder.
func (e *Embedded) mergeToFile(views []*view) error {
	e.mu.Lock()
	e.saved.Files++
	name := fmt.Sprintf("%06d.segment", e.saved.Files)
	e.mu.Unlock()
	path := filepath.Join(e.folder, name)
	if err := writeFile(path, func(w io.Writer) error { return segment.Merge(w, sources(views)) }); err != nil {
		return errors.Join(err, os.Remove(path)) // a full disk needs the room
	}
	if err := syncFolder(e.folder); err != nil {
		return err
	}
	merged, err := openSegment(path)
	if err != nil {
		return err
	}
	return e.exchange(views, merged, name)
}

// exchange puts a merged segment into the place of those it was made of. What
// died in them meanwhile is dead in it too.
func (e *Embedded) exchange(before []*view, merged *segment.Segment, name string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.newPart(merged, name)
	if err != nil {
		return err
	}
	p.path, p.before = filepath.Join(e.folder, name), math.MaxInt64
	for _, b := range before {
		p.before = min(p.before, b.part.before)
	}
	defer p.release()
	dead := make([]uint64, words(p.Docs()))
	views := slices.Clone(e.current.Load().views)
	for _, b := range before {
		isDead := func(uint32) bool { return true } // of a view that is gone since nothing in it lives
		if i := slices.IndexFunc(views, func(v *view) bool { return v.part == b.part }); i >= 0 {
			isDead = views[i].isDead
			views = slices.Delete(views, i, i+1)
		}
		for doc := range uint32(b.part.Docs()) {
			if isDead(doc) && !b.isDead(doc) {
				if n, ok := p.Find(b.part.Key(doc)); ok {
					dead[n>>6] |= 1 << (n & 63)
				}
			}
		}
	}
	if size(dead) == 0 {
		dead = nil
	}
	views = append(views, newView(p, dead))
	e.publish(e.current.Load().seq, views)
	if name == "" {
		return nil
	}
	if err := e.save(); err != nil {
		return err
	}
	for _, b := range before {
		if b.part.name != "" {
			b.part.doomed.Store(true)
		}
	}
	return nil
}

// mergeSoon writes what is in memory and merges segments in the folder, in the
// background, as long as there is something due. The caller holds mu.
func (e *Embedded) mergeSoon() {
	if !e.busy && !e.closed {
		e.busy = true
		e.merging.Add(1)
		go e.mergeAll()
	}
}

func (e *Embedded) mergeAll() {
	defer e.merging.Done()
	for {
		more, err := e.mergeOnce()
		e.mu.Lock()
		if e.unwritten = err; err != nil {
			e.note(err)
			slog.Error("the search index could not be written; it is kept in memory and written later", "err", err)
		}
		if !more || err != nil || e.closed {
			e.busy = false
			e.merged.Broadcast()
			e.mu.Unlock()
			return
		}
		e.merged.Broadcast()
		e.mu.Unlock()
	}
}

func (e *Embedded) mergeOnce() (more bool, err error) {
	s := e.acquire()
	defer s.release()
	views := toMerge(slices.DeleteFunc(slices.Clone(s.views), func(v *view) bool { return v.part.name == "" }))
	if e.due(s, 1) && slices.ContainsFunc(s.views, func(v *view) bool { return v.part.name == "" }) {
		if err := e.flush(); err != nil {
			return false, fmt.Errorf("write the search index: %w", err)
		}
		return true, nil
	}
	if len(views) == 0 {
		return false, nil
	}
	return true, e.mergeToFile(views)
}
