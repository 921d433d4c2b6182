package indicator

import (
	"flag"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

var tablesFlag = flag.Int("tables", 10_000, "random tables of the disclosure test")

// randomTable makes a table of counts of two exclusive dimensions with all its
// totals.
func randomTable(r *rand.Rand) map[string]float64 {
	rows, columns := 2+r.IntN(4), 2+r.IntN(2)
	values := map[string]float64{}
	scale := []int{8, 15, 40, 120}[r.IntN(4)]
	for i := range rows {
		for j := range columns {
			n := float64(r.IntN(scale))
			if r.IntN(8) == 0 {
				n = 0
			}
			for _, a := range []string{fmt.Sprint("a", i), Total} {
				for _, b := range []string{fmt.Sprint("b", j), Total} {
					values[Canonical(map[string]string{"age": a, "sex": b})] += n
				}
			}
		}
	}
	return values
}

// revised changes a few of the smallest counts, as a later delivery does.
func revised(r *rand.Rand, values map[string]float64) map[string]float64 {
	next := map[string]float64{}
	for name, v := range values {
		next[name] = v
	}
	for name := range values {
		parts := Parts(name)
		if len(parts) != 2 || r.IntN(6) != 0 {
			continue
		}
		change := math.Max(float64(r.IntN(7)-3), -next[name])
		for _, a := range []string{parts["age"], Total} {
			for _, b := range []string{parts["sex"], Total} {
				next[Canonical(map[string]string{"age": a, "sex": b})] += change
			}
		}
	}
	return next
}

// TestNothingSmallIsRecovered: over random tables, each released twice, an
// attacker who subtracts published numbers from each other, within a release
// and between the two, works out no count under the threshold. The attacker is
// written apart from the protection: it eliminates over fractions, knows which
// counts did not change, and that no count is negative.
func TestNothingSmallIsRecovered(t *testing.T) {
	if testing.Short() {
		*tablesFlag = 1000
	}
	for _, p := range []Protection{{Mode: Suppress, Threshold: 11}, {Mode: Suppress, Threshold: 5, ShowZero: true}, Default()} {
		t.Run(fmt.Sprint(p.Mode, p.Threshold), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(11, 2026))
			a := Audit{Narrowest: math.MaxFloat64}
			hidden, all := 0, 0
			tables := *tablesFlag
			if p.Threshold != 11 || p.Mode != Suppress {
				tables /= 3
			}
			for n := range tables {
				first := randomTable(r)
				second := revised(r, first)
				one := newTally(first, nil)
				if !p.protect(&one, nil, &a) {
					continue // nothing is released
				}
				two := newTally(second, nil)
				both := []tally{one}
				if p.protect(&two, &one, &a) {
					both = append(both, two)
				}
				for _, c := range one.cells {
					all++
					if c.hidden {
						hidden++
					}
				}
				if found := attack(p, both, 0); found != "" {
					t.Fatalf("table %d: %s\n%v\n%v", n, found, first, second)
				}
			}
			t.Logf("%d tables, %d withheld, %.0f%% of cells hidden, narrowest interval %.1f", a.Tables, a.Withheld, 100*float64(hidden)/float64(all), a.Narrowest)
		})
	}
}

// TestAnotherProtectionTellsNothing: a release that is protected in another way
// than the one before it tells no count under the threshold together with it.
func TestAnotherProtectionTellsNothing(t *testing.T) {
	tables := *tablesFlag / 5
	if testing.Short() {
		tables = 300
	}
	hide := Protection{Mode: Suppress, Threshold: 11}
	for _, way := range [][2]Protection{{hide, {Mode: Round, Base: 5, Threshold: 11}}, {hide, Default()}, {Default(), hide}, {{Mode: Suppress, Threshold: 11, ShowZero: true}, hide}} {
		r := rand.New(rand.NewPCG(5, 2026))
		a := Audit{Narrowest: math.MaxFloat64}
		released := 0
		for n := range tables {
			first := randomTable(r)
			second := revised(r, first)
			one, two := newTally(first, nil), newTally(second, nil)
			if !way[0].protect(&one, nil, &a) || !way[1].protect(&two, &one, &a) {
				continue
			}
			released++
			strict := way[0]
			strict.ShowZero = way[0].ShowZero || way[1].ShowZero
			if found := attack(strict, []tally{one, two}, way[1].need()-1); found != "" {
				t.Fatalf("%s, then %s, table %d: %s\n%v\n%v", way[0].Mode, way[1].Mode, n, found, first, second)
			}
		}
		t.Logf("%s, then %s: %d of %d are released", way[0].Mode, way[1].Mode, released, tables)
	}
}

// TestAttackerWorks: what is only hidden for itself is recovered, so the test
// above can fail.
func TestAttackerWorks(t *testing.T) {
	p := Protection{Mode: Suppress, Threshold: 11}
	r := rand.New(rand.NewPCG(1, 1))
	found := 0
	for range 200 {
		one := newTally(randomTable(r), nil)
		one.by = p
		for i := range one.cells {
			one.cells[i].hidden = p.sensitive(one.cells[i].value)
		}
		if attack(p, []tally{one}, 0) != "" {
			found++
		}
	}
	if found < 50 {
		t.Errorf("the attacker recovers a count in only %d of 200 unprotected tables", found)
	}
}

// attack names a count under the threshold that can be worked out to within
// least: 0 for exactly.
func attack(p Protection, releases []tally, least float64) string {
	index := map[string]int{}
	var low, high []float64
	floor := 0.0
	if p.ShowZero {
		floor = 1
	}
	variable := func(round int, leaf string, value float64) int {
		key := leaf
		if round == 1 { // an unchanged count is the same unknown
			for i, l := range releases[0].leaves {
				if l == leaf && releases[0].values[i] != value {
					key = leaf + "'"
				}
			}
		}
		if _, ok := index[key]; !ok {
			index[key] = len(low)
			at := floor
			if value == 0 {
				at = 0
			}
			low, high = append(low, at), append(high, math.Inf(1))
		}
		return index[key]
	}
	var rows []equation
	for round, t := range releases {
		for _, c := range t.cells {
			e := equation{}
			for _, leaf := range c.of {
				e.of = append(e.of, variable(round, t.leaves[leaf], t.values[leaf]))
			}
			if c.hidden {
				continue
			}
			_, e.low, e.high = t.by.shown(c.value)
			rows = append(rows, e)
		}
	}
	if exact := slices.DeleteFunc(slices.Clone(rows), func(e equation) bool { return e.low != e.high }); len(exact) > 0 {
		eliminate(exact, low, high)
	}
	narrow(rows, low, high)
	for round, t := range releases {
		for _, c := range t.cells {
			lo, hi := 0.0, 0.0
			for _, leaf := range c.of {
				i := variable(round, t.leaves[leaf], t.values[leaf])
				lo, hi = lo+low[i], hi+high[i]
			}
			if p.sensitive(c.value) && hi-lo <= least {
				return fmt.Sprintf("release %d tells that %q lies between %v and %v", round+1, c.name, lo, hi)
			}
		}
	}
	return ""
}

type equation struct {
	of        []int
	low, high float64
}

// narrow draws the limits of unknowns together until nothing changes.
func narrow(rows []equation, low, high []float64) {
	for changed := true; changed; {
		changed = false
		for _, e := range rows {
			lo, hi := 0.0, 0.0
			for _, i := range e.of {
				lo, hi = lo+low[i], hi+high[i]
			}
			for _, i := range e.of {
				if most := e.high - (lo - low[i]); most < high[i] {
					high[i], changed = most, true
				}
				if least := e.low - (hi - high[i]); !math.IsInf(hi, 1) && least > low[i] {
					low[i], changed = least, true
				}
			}
			if changed {
				break
			}
		}
	}
}

// eliminate solves the equations over fractions and fixes the unknowns that
// they determine.
func eliminate(rows []equation, low, high []float64) {
	n := len(low)
	var m [][]*big.Rat
	for _, e := range rows {
		row := make([]*big.Rat, n+1)
		for j := range row {
			row[j] = new(big.Rat)
		}
		for _, i := range e.of {
			row[i].SetInt64(1)
		}
		row[n].SetFloat64(e.low)
		m = append(m, row)
	}
	at := 0
	for j := range n {
		pivot := -1
		for i := at; i < len(m); i++ {
			if m[i][j].Sign() != 0 {
				pivot = i
				break
			}
		}
		if pivot < 0 {
			continue
		}
		m[at], m[pivot] = m[pivot], m[at]
		by := new(big.Rat).Inv(m[at][j])
		for k := range m[at] {
			m[at][k].Mul(m[at][k], by)
		}
		for i := range m {
			if i != at && m[i][j].Sign() != 0 {
				factor := new(big.Rat).Set(m[i][j])
				for k := range m[i] {
					if m[at][k].Sign() != 0 {
						m[i][k].Sub(m[i][k], new(big.Rat).Mul(factor, m[at][k]))
					}
				}
			}
		}
		at++
	}
	for i := range at {
		only, many := -1, false
		for j := range n {
			if m[i][j].Sign() != 0 {
				many = only >= 0
				only = j
				if many {
					break
				}
			}
		}
		if !many && only >= 0 {
			v, _ := m[i][n].Float64()
			low[only], high[only] = v, v
		}
	}
}

func TestReach(t *testing.T) {
	// x + y = 10, y + z = 4, all at least 0: y lies between 0 and 4.
	s := system{truth: []float64{7, 3, 1}, floor: []float64{0, 0, 0}, limits: []limit{{[]int{0, 1}, 10, 10}, {[]int{1, 2}, 4, 4}}}
	for _, c := range []struct {
		of   []int
		want float64
	}{{[]int{1}, 4}, {[]int{0}, 4}, {[]int{0, 1}, 0}, {[]int{0, 2}, 8}} {
		if got := s.width(c.of, 1000); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("the sum of %v has a width of %v, want %v", c.of, got, c.want)
		}
	}
}
