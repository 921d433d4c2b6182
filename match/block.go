package match

import (
	"cmp"
	"iter"
	"slices"
)

const (
	// Candidates bounds the records that one is compared with, those that
	// share most keys first.
	Candidates = 50
	// Common is how many records may have a key before it says too little to
	// look at them all.
	Common = 100
)

// Blocks finds, among many records, the pairs worth comparing, in a time that
// grows little faster than their number: a record meets at most Common others
// by a key and gives at most Candidates pairs. It needs about 16 bytes a key.
// The zero value is ready.
type Blocks struct {
	keys []posting
	n    int
}

// posting says that a record has a key.
type posting struct {
	key    uint64
	record uint32
	weight uint8
}

// Add takes in the keys of the next record and gives its number, from 0.
func (b *Blocks) Add(keys []Key) int {
	for _, k := range keys {
		b.keys = append(b.keys, posting{k.hash(), uint32(b.n), uint8(k.Weight())})
	}
	b.n++
	return b.n - 1
}

// hash is FNV-1a of scheme and value, 64 bits.
func (k Key) hash() uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for _, s := range [...]string{k.Scheme, "\x00", k.Value} {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * prime
		}
	}
	return h
}

// Pairs gives the pairs worth comparing, each once and the later record first.
// With apart above 0, records below it are of one table and the others of
// another, and only pairs of both are given.
func (b *Blocks) Pairs(apart int) iter.Seq2[int, int] {
	slices.SortFunc(b.keys, func(x, y posting) int { return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.record, y.record)) })
	return func(yield func(int, int) bool) {
		at, groups := b.groups()
		shared := make([]uint8, b.n)
		var met []uint32
		for i := range b.n {
			if apart > 0 && i < apart {
				continue
			}
			met = met[:0]
			for _, first := range groups[at[i]:at[i+1]] {
				for k := first; k < len(b.keys) && b.keys[k].key == b.keys[first].key && b.keys[k].record < uint32(i) && (apart == 0 || b.keys[k].record < uint32(apart)); k++ {
					other := b.keys[k].record
					if shared[other] == 0 {
						met = append(met, other)
					}
					shared[other] += min(b.keys[k].weight, 255-shared[other])
				}
			}
			enough := slices.DeleteFunc(slices.Clone(met), func(j uint32) bool { return shared[j] < EnoughWeight })
			slices.SortFunc(enough, func(x, y uint32) int { return cmp.Or(cmp.Compare(shared[y], shared[x]), cmp.Compare(x, y)) })
			for _, j := range met {
				shared[j] = 0
			}
			for _, j := range enough[:min(len(enough), Candidates)] {
				if !yield(i, int(j)) {
					return
				}
			}
		}
	}
}

// groups gives for each record where in the sorted keys those begin that it
// shares with others and not with too many: groups[at[i]:at[i+1]].
func (b *Blocks) groups() (at, groups []int) {
	each := func(do func(first int, p posting)) {
		for first := 0; first < len(b.keys); {
			end := first + 1
			for end < len(b.keys) && b.keys[end].key == b.keys[first].key {
				end++
			}
			if n := end - first; n > 1 && n <= Common {
				for _, p := range b.keys[first:end] {
					do(first, p)
				}
			}
			first = end
		}
	}
	at = make([]int, b.n+1)
	each(func(_ int, p posting) { at[p.record+1]++ })
	for i := range b.n {
		at[i+1] += at[i]
	}
	groups = make([]int, at[b.n])
	next := slices.Clone(at)
	each(func(first int, p posting) {
		groups[next[p.record]] = first
		next[p.record]++
	})
	return at, groups
}
