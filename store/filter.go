package store

import (
	"context"
	"database/sql"
	"hash/maphash"
	"sync"

	"waymark/library"
)

// filter remembers, in two or three bytes a key, which keys entries may have,
// so that those of new works, most of an import, need not be looked up. It may
// hold keys that are no longer there, and is never without one that is.
type filter struct {
	mu     sync.Mutex
	seed   maphash.Seed
	layers []layer
	on     bool
	seq    int64 // the last edit whose keys are in it
	asked  int   // keys that were looked up before it was made
}

const (
	// keysAChange is how many keys must have been looked up for each change that
	// the library has seen before it pays to read all keys at once: an entry
	// has about ten.
	keysAChange = 2
	// firstLayer is how many keys the first layer takes; each further one takes
	// twice as many.
	firstLayer = 1 << 18
	bitsAKey   = 16 // of 1000 keys that are not there, three are looked up
	probes     = 5
)

// layer is a Bloom filter for a number of keys.
type layer struct {
	bits []uint64
	free int // keys that it can still take
}

func (l *layer) place(h uint64, probe int) (word int, bit uint64) {
	at := (h + uint64(probe)*(h>>32|1)) % uint64(64*len(l.bits))
	return int(at / 64), 1 << (at % 64)
}

func (l *layer) has(h uint64) bool {
	for i := range probes {
		if word, bit := l.place(h, i); l.bits[word]&bit == 0 {
			return false
		}
	}
	return true
}

func (f *filter) hash(k library.Key) uint64 {
	var h maphash.Hash
	h.SetSeed(f.seed)
	h.WriteString(k.Scheme)
	h.WriteByte(0)
	h.WriteString(k.Value)
	return h.Sum64()
}

func (f *filter) has(h uint64) bool {
	for i := range f.layers {
		if f.layers[i].has(h) {
			return true
		}
	}
	return false
}

func (f *filter) add(k library.Key) {
	h := f.hash(k)
	if f.has(h) {
		return
	}
	n := len(f.layers)
	if n == 0 || f.layers[n-1].free == 0 {
		size := firstLayer << n
		f.layers = append(f.layers, layer{make([]uint64, size*bitsAKey/64), size})
		n++
	}
	last := &f.layers[n-1]
	for i := range probes {
		word, bit := last.place(h, i)
		last.bits[word] |= bit
	}
	last.free--
}

// committed takes in the keys of an edit of this process.
func (f *filter) committed(edit library.Edit) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.on || f.seq != edit.Seq-1 { // another came between: its keys are read at the next look-up
		return
	}
	for _, c := range edit.Changes {
		for _, k := range c.Entry.Keys {
			f.add(k)
		}
	}
	f.seq = edit.Seq
}

// sift gives those of the keys that entries may have in the state of the
// library that tx reads.
func (f *filter) sift(ctx context.Context, tx *sql.Tx, keys []library.Key) ([]library.Key, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.level(ctx, tx, len(keys)); err != nil || !f.on {
		return keys, err
	}
	some := make([]library.Key, 0, len(keys)/4)
	for _, k := range keys {
		if f.has(f.hash(k)) {
			some = append(some, k)
		}
	}
	return some, nil
}

// level brings the filter level with what tx reads, or makes it once enough is
// asked.
func (f *filter) level(ctx context.Context, tx *sql.Tx, asked int) error {
	var seq int64
	if err := tx.QueryRowContext(ctx, `SELECT seq FROM clock WHERE id = 1`).Scan(&seq); err != nil {
		return err
	}
	if f.on {
		if seq <= f.seq {
			return nil
		}
		err := f.read(ctx, tx, `SELECT k.scheme, k.value FROM keys k WHERE k.entry IN (SELECT entry FROM revisions WHERE seq > $1)`, f.seq)
		f.seq = max(f.seq, seq)
		f.on = err == nil
		return err
	}
	var changes int
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(SUM(changes), 0) FROM edits`).Scan(&changes); err != nil {
		return err
	}
	if f.asked += asked; f.asked < keysAChange*changes {
		return nil
	}
	f.seed, f.layers, f.seq = maphash.MakeSeed(), nil, seq
	err := f.read(ctx, tx, `SELECT scheme, value FROM keys`)
	f.on = err == nil
	return err
}

func (f *filter) read(ctx context.Context, tx *sql.Tx, text string, args ...any) error {
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var k library.Key
		if err := rows.Scan(&k.Scheme, &k.Value); err != nil {
			return err
		}
		f.add(k)
	}
	return rows.Err()
}
