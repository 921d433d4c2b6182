package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPairs compares the pairs with those found by brute force.
func TestPairs(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 5))
	for round := range 50 {
		n, apart := 2+rnd.IntN(60), 0
		if round%2 == 1 {
			apart = 1 + rnd.IntN(n-1)
		}
		var blocks Blocks
		all := make([][]Key, n)
		for i := range all {
			for range rnd.IntN(6) {
				k := Key{KeyNear, fmt.Sprint(pairSign, rnd.IntN(40))}
				if rnd.IntN(4) == 0 {
					k = Key{KeyTitle, fmt.Sprint(rnd.IntN(40))}
				}
				if !slices.Contains(all[i], k) {
					all[i] = append(all[i], k)
				}
			}
			if at := blocks.Add(all[i]); at != i {
				t.Fatalf("record %d is number %d", i, at)
			}
		}
		got := map[[2]int]bool{}
		for i, j := range blocks.Pairs(apart) {
			if got[[2]int{i, j}] {
				t.Errorf("%d and %d twice", i, j)
			}
			got[[2]int{i, j}] = true
		}
		want := 0
		for i := range n {
			for j := range i {
				weight := 0
				for _, k := range all[i] {
					if slices.Contains(all[j], k) {
						weight += k.Weight()
					}
				}
				if weight >= EnoughWeight && (apart == 0 || i >= apart && j < apart) {
					want++
					if !got[[2]int{i, j}] {
						t.Errorf("%d and %d share keys of weight %d and were not given", i, j, weight)
					}
				}
			}
		}
		if len(got) != want {
			t.Errorf("%d pairs, want %d", len(got), want)
		}
	}
}

// TestCommonKeys: a key that very many have leads nowhere, one that fewer have
// to no more than Candidates each.
func TestCommonKeys(t *testing.T) {
	var blocks Blocks
	for range Common + 1 {
		blocks.Add([]Key{{KeyTitle, "annual report"}})
	}
	for range Common {
		blocks.Add([]Key{{KeyTitle, "monthly report"}})
	}
	met := make([]int, 2*Common+1)
	for i, j := range blocks.Pairs(0) {
		if j <= Common {
			t.Fatalf("%d and %d", i, j)
		}
		met[i]++
	}
	if most := slices.Max(met); most != Candidates {
		t.Errorf("one is compared with %d", most)
	}
}
