package indicator

import (
	"math"
	"slices"
)

// system is what a reader knows of counts that are not shown: sums of them lie
// within limits. One true solution is known, so that the bounds of any sum can
// be found from there.
type system struct {
	truth  []float64
	floor  []float64 // what each count is at least
	limits []limit
}

// limit says that the sum of some counts lies between two values.
type limit struct {
	of        []int
	low, high float64
}

// width gives how far the sum of some counts may lie below and above its true
// value, as far as the limits tell: the feasible interval. It stops as soon as
// both ends together are as wide as enough.
func (s system) width(of []int, enough float64) float64 {
	up := s.reach(of, 1, enough)
	if up >= enough {
		return up
	}
	return up + s.reach(of, -1, enough-up)
}

// reach gives how far the sum can move in a direction: a linear programme in
// the deviations from the truth, p − n with 0 ≤ p and 0 ≤ n ≤ truth − floor.
// There the truth is a basic solution, and no first phase is needed. Counts
// that a limit of their own fixes are no unknowns.
func (s system) reach(of []int, sign, enough float64) float64 {
	low, high := slices.Clone(s.floor), make([]float64, len(s.truth))
	for i := range high {
		high[i] = math.Inf(1)
	}
	for _, l := range s.limits {
		if len(l.of) == 1 {
			i := l.of[0]
			low[i], high[i] = math.Max(low[i], l.low), math.Min(high[i], l.high)
		}
	}
	place := make([]int, len(s.truth)) // of the unknowns; −1 for what is known
	n := 0
	for i := range place {
		if place[i] = -1; low[i] < high[i] {
			place[i] = n
			n++
		}
	}
	var rows [][]float64
	add := func(members []int, sign, room float64) {
		if math.IsInf(room, 1) {
			return
		}
		row := make([]float64, 2*n+1)
		free := false
		for _, i := range members {
			if at := place[i]; at >= 0 {
				row[at], row[n+at], free = sign, -sign, true
			}
		}
		if row[2*n] = math.Max(room, 0); free {
			rows = append(rows, row)
		}
	}
	for _, l := range s.limits {
		if len(l.of) == 1 {
			continue
		}
		sum := 0.0
		for _, i := range l.of {
			sum += s.truth[i]
		}
		add(l.of, 1, l.high-sum)
		add(l.of, -1, sum-l.low)
	}
	for i := range place {
		add([]int{i}, 1, high[i]-s.truth[i])
		add([]int{i}, -1, s.truth[i]-low[i])
	}
	cost := make([]float64, 2*n)
	for _, i := range of {
		if at := place[i]; at >= 0 {
			cost[at], cost[n+at] = sign, -sign
		}
	}
	return simplex(rows, cost, enough)
}

const tiny = 1e-7

// simplex, by Bland's rule, which goes in no circle, maximises cost·x for rows·x ≤ right-hand side (the last column, not
// negative) and x ≥ 0. It gives +Inf when there is no end, and may stop once
// the value is enough.
func simplex(rows [][]float64, cost []float64, enough float64) float64 {
	m, n := len(rows), len(cost)
	width := n + m + 1
	table := make([][]float64, m)
	basis := make([]int, m)
	for i, row := range rows {
		table[i] = make([]float64, width)
		copy(table[i], row[:n])
		table[i][n+i], table[i][width-1] = 1, row[n]
		basis[i] = n + i
	}
	reduced := make([]float64, width)
	copy(reduced, cost)
	value := 0.0
	for value < enough {
		enter := -1
		for j := range width - 1 {
			if reduced[j] > tiny {
				enter = j
				break
			}
		}
		if enter < 0 {
			return value
		}
		leave := leaving(table, basis, enter)
		if leave < 0 {
			return math.Inf(1)
		}
		value += pivot(table, reduced, leave, enter)
		basis[leave] = enter
	}
	return value
}

// leaving gives the row that limits the entering variable most, the one whose
// own variable comes first when several do; −1 when none limits it.
func leaving(table [][]float64, basis []int, enter int) int {
	leave, least := -1, math.Inf(1)
	for i, row := range table {
		if row[enter] <= tiny {
			continue
		}
		ratio := row[len(row)-1] / row[enter]
		if ratio < least-tiny || ratio < least+tiny && leave >= 0 && basis[i] < basis[leave] {
			leave, least = i, math.Min(ratio, least)
		}
	}
	return leave
}

// pivot brings a variable into the basis and gives by how much the value grew.
func pivot(table [][]float64, reduced []float64, leave, enter int) float64 {
	row := table[leave]
	by := row[enter]
	for j := range row {
		row[j] /= by
	}
	for i, other := range table {
		if factor := other[enter]; i != leave && factor != 0 {
			for j := range other {
				other[j] -= factor * row[j]
			}
		}
	}
	factor := reduced[enter]
	for j := range row {
		reduced[j] -= factor * row[j]
	}
	return factor * row[len(row)-1]
}
