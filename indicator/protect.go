package indicator

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"waymark/library"
)

// Protection is how counts of people are kept from telling about single ones.
type Protection struct {
	Mode      string `json:"mode"` // round (also ""), suppress, none
	Base      int    `json:"base,omitempty"`
	Threshold int    `json:"threshold,omitempty"`
	ShowZero  bool   `json:"show_zero,omitempty"` // nobody is no secret here
}

// The modes of protection.
const (
	Round    = "round"    // down to a multiple of Base, every total on its own
	Suppress = "suppress" // counts under Threshold hidden, and others so that they stay so
	Open     = "none"     // for counts of other things than people
)

// Default is the protection of counts of people where nothing else is decided:
// one number is the threshold and the smallest difference to be seen.
func Default() Protection { return Protection{Mode: Round, Base: 10, Threshold: 11} }

// tally is one table of counts: its cells are sums of the smallest ones.
type tally struct {
	leaves []string // canonical dimensions of the smallest cells
	values []float64
	cells  []cell
	by     Protection // as it is released
}

// cell is a published cell, or one that is held back.
type cell struct {
	name   string
	of     []int // leaves that it sums
	value  float64
	hidden bool
	why    string // primary or second
	stuck  bool   // hidden before, and to stay so
}

// Audit is what a release says about its protection.
type Audit struct {
	Mode      string   `json:"mode"`
	Tables    int      `json:"tables"`
	Cells     int      `json:"cells"`
	Primary   int      `json:"primary"`  // hidden for themselves
	Second    int      `json:"second"`   // hidden for the sake of others
	Withheld  int      `json:"withheld"` // tables kept as they were in the last release
	Checked   int      `json:"checked"`  // intervals that were computed
	Narrowest float64  `json:"narrowest"`
	Notes     []string `json:"notes,omitempty"`
}

// newTally makes a table of what series say about one area, period and source:
// values by canonical dimensions. A cell that is a total is the sum of the
// smallest cells below it in the exclusive dimensions; in the others, where an
// answer may be several, every code stands for itself. A total that its parts
// do not add up to stands for itself too; Check refuses such series.
func newTally(values map[string]float64, multi map[string]bool) tally {
	var t tally
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	finest := map[string]int{} // by the codes of the dimensions that may be several
	for _, name := range names {
		of, n := apart(name, multi)
		finest[of] = max(finest[of], n)
	}
	for _, name := range names {
		if of, n := apart(name, multi); n == finest[of] {
			t.leaves, t.values = append(t.leaves, name), append(t.values, values[name])
		}
	}
	smallest := len(t.leaves)
	for _, name := range names {
		c := cell{name: name, value: values[name]}
		of, _ := apart(name, multi)
		sum := 0.0
		for i, leaf := range t.leaves[:smallest] {
			if other, _ := apart(leaf, multi); other == of && within(leaf, name) {
				c.of = append(c.of, i)
				sum += t.values[i]
			}
		}
		if sum != c.value {
			c.of = []int{len(t.leaves)}
			t.leaves, t.values = append(t.leaves, name), append(t.values, c.value)
		}
		t.cells = append(t.cells, c)
	}
	return t
}

// apart gives the part of a cell's name in dimensions whose codes overlap, and
// how many others it has.
func apart(name string, multi map[string]bool) (overlapping string, others int) {
	parts := Parts(name)
	for d := range parts {
		if !multi[d] {
			delete(parts, d)
			others++
		}
	}
	return Canonical(parts), others
}

// within tells whether a cell is another or a part of it.
func within(name, of string) bool {
	parts := Parts(name)
	for d, code := range Parts(of) {
		if parts[d] != code {
			return false
		}
	}
	return true
}

// sensitive tells whether a count must not be learnt.
func (p Protection) sensitive(v float64) bool {
	return v < float64(p.Threshold) && (v > 0 || !p.ShowZero)
}

// shown gives what of a count is published, and in which limits a reader then
// knows it to lie.
func (p Protection) shown(v float64) (value, low, high float64) {
	if p.Mode == Suppress {
		return v, v, v
	}
	base := float64(max(p.Base, 1))
	value = math.Floor(v/base) * base
	return value, value, value + base - 1
}

// fewest is the smallest denominator over which a percentage is released:
// below it rounding leaves nothing to tell.
func (p Protection) fewest() int {
	if p.Mode == Round {
		return max(3*p.Base, p.Threshold)
	}
	return p.Threshold
}

// share works a percentage out from a numerator and denominator as they are
// released, each the sum of so many numbers. What was rounded down stands for
// the middle of the counts that it may be; that tells no more than the parts.
func (p Protection) share(top, bottom float64, of, decimals int) float64 {
	if p.Mode == Round {
		middle := float64(p.Base-1) / 2 * float64(of)
		top, bottom, decimals = top+middle, bottom+middle, 0
	}
	return round(math.Min(top/bottom*100, 100), decimals)
}

// need is how wide the interval of a sensitive count must stay.
func (p Protection) need() float64 {
	if p.Mode == Suppress {
		return float64(p.Threshold)
	}
	return float64(p.Base) / 2
}

// knowledge is what a reader learns from one release of a table, and from the
// one before it: a smallest count that has not changed is one unknown in both.
func (p Protection) knowledge(now tally, before *tally) (system, [][]int) {
	s := system{truth: slices.Clone(now.values)}
	at := func(t tally, same map[string]int) []int {
		place := make([]int, len(t.leaves))
		for i, leaf := range t.leaves {
			if j, ok := same[leaf]; ok && t.values[i] == now.values[j] {
				place[i] = j
				continue
			}
			place[i] = len(s.truth)
			s.truth = append(s.truth, t.values[i])
		}
		return place
	}
	know := func(t tally, place []int) {
		for _, c := range t.cells {
			if c.hidden {
				continue
			}
			_, low, high := t.by.shown(c.value)
			l := limit{low: low, high: high}
			for _, i := range c.of {
				l.of = append(l.of, place[i])
			}
			s.limits = append(s.limits, l)
		}
	}
	own := make([]int, len(now.leaves))
	same := map[string]int{}
	for i, leaf := range now.leaves {
		own[i], same[leaf] = i, i
	}
	know(now, own)
	places := [][]int{own}
	if before != nil {
		place := at(*before, same)
		know(*before, place)
		places = append(places, place)
	}
	s.floor = make([]float64, len(s.truth))
	if p.ShowZero || before != nil && before.by.ShowZero {
		for i, v := range s.truth {
			s.floor[i] = math.Min(1, v) // a zero would be shown
		}
	}
	return s, places
}

// audit gives the hidden or rounded cells whose true value a reader could
// narrow down too far, in this release or, with it, in the one before.
func (p Protection) audit(now tally, before *tally, a *Audit) (exposed []int, earlier bool) {
	s, places := p.knowledge(now, before)
	for round, t := range []*tally{&now, before} {
		if t == nil {
			continue
		}
		for i, c := range t.cells {
			if !p.sensitive(c.value) {
				continue
			}
			of := make([]int, len(c.of))
			for k, leaf := range c.of {
				of[k] = places[round][leaf]
			}
			w := s.width(of, p.need())
			a.Checked++
			a.Narrowest = math.Min(a.Narrowest, w)
			if w < p.need()-tiny {
				if round == 1 {
					return nil, true
				}
				return []int{i}, false // one at a time: hiding for it may cover others
			}
		}
	}
	return nil, false
}

// protect hides or rounds the cells of a table so that no sensitive count can
// be worked out from it, alone or with the table that was released before. It
// answers false when that cannot be done: then the earlier release stays.
func (p Protection) protect(t *tally, before *tally, a *Audit) bool {
	a.Tables++
	t.by = p
	if p.Mode == Open {
		return true
	}
	stuck := map[string]bool{}
	known := map[string]float64{} // shown before, and not changed since
	if before != nil {
		for _, c := range before.cells {
			if c.hidden {
				stuck[c.name] = true
			} else {
				known[c.name] = c.value
			}
		}
	}
	for i := range t.cells {
		c := &t.cells[i]
		if c.stuck = stuck[c.name]; c.stuck || p.Mode == Suppress && p.sensitive(c.value) {
			c.hidden, c.why = true, "primary"
		}
	}
	for range len(t.cells) + 1 {
		trial := *a
		trial.Narrowest = math.Inf(1)
		exposed, earlier := p.audit(*t, before, &trial)
		a.Checked = trial.Checked
		if len(exposed) == 0 && !earlier {
			a.Narrowest = math.Min(a.Narrowest, trial.Narrowest)
			return true
		}
		next := p.second(*t, exposed, known)
		if next < 0 {
			break
		}
		t.cells[next].hidden, t.cells[next].why = true, "second"
	}
	a.Withheld++
	return false
}

// second picks the cell to hide next: one that the earlier release has not told
// already, that shares a sum with an exposed one, and of these the smallest.
func (p Protection) second(t tally, exposed []int, known map[string]float64) int {
	near := map[int]bool{}
	for _, e := range exposed {
		for _, c := range t.cells {
			if meet(c.of, t.cells[e].of) {
				for _, leaf := range c.of {
					near[leaf] = true
				}
			}
		}
	}
	cost := func(i int) (told, far int) {
		c := t.cells[i]
		if v, ok := known[c.name]; ok && v == c.value {
			told = 1
		}
		if !slices.ContainsFunc(c.of, func(leaf int) bool { return near[leaf] }) {
			far = 1
		}
		return told, far
	}
	best := -1
	for i, c := range t.cells {
		if c.hidden {
			continue
		}
		if best < 0 {
			best = i
			continue
		}
		told, far := cost(i)
		bestTold, bestFar := cost(best)
		if cmp.Or(cmp.Compare(told, bestTold), cmp.Compare(far, bestFar), cmp.Compare(c.value, t.cells[best].value), cmp.Compare(c.name, t.cells[best].name)) < 0 {
			best = i
		}
	}
	return best
}

func meet(a, b []int) bool {
	return slices.ContainsFunc(a, func(i int) bool { return slices.Contains(b, i) })
}

// Check answers Invalid for a protection that protects nothing.
func (p Protection) Check() error {
	switch {
	case p.Mode == Round && p.Base >= 5 && p.Threshold >= 1, p.Mode == Suppress && p.Threshold >= 3, p.Mode == Open:
		return nil
	}
	return &library.Error{Kind: library.Invalid, Field: "protection",
		Err: fmt.Errorf("protection %q with base %d and threshold %d: round to 5 or more, or hide counts under 3 or more", p.Mode, p.Base, p.Threshold)}
}
