package match

// Figures say how sure verdicts are, against what is known.
type Figures struct {
	Compared int // pairs that shared enough keys
	Same     int // pairs of one work, by the truth

	Merged, MergedRight int // pairs found Certain
	Queued, QueuedRight int // pairs found Suspected
	Related             int // pairs of two works that seem to stand in a relation
}

// Miss is a pair that was judged otherwise than it is.
type Miss struct {
	Left, Right Row
	Same        bool
	Compared    bool // else no keys led from one to the other, whatever the verdict
	Verdict     Verdict
}

// Measure compares two tables and counts how many verdicts are right.
func Measure(left, right []Row, truth Truth) (f Figures, misses []Miss) {
	var blocks Blocks
	records := make([]*Record, 0, len(left)+len(right))
	for _, rows := range [][]Row{left, right} {
		for _, row := range rows {
			r := New(row.Facts)
			records = append(records, r)
			blocks.Add(r.Keys())
		}
	}
	compared, found := map[[2]string]bool{}, map[[2]string]bool{}
	for j, i := range blocks.Pairs(len(left)) {
		f.Compared++
		v := Compare(records[i], records[j])
		l, r := left[i], right[j-len(left)]
		pair := [2]string{l.ID, r.ID}
		compared[pair] = true
		same, known := truth.Pairs[pair]
		if !known && !truth.Whole {
			continue
		}
		if v.Relation != "" && v.Likeness == Different {
			f.Related++
		}
		right := 0
		if same && v.Likeness != Different {
			right = 1
			found[pair] = true
		}
		switch v.Likeness {
		case Certain:
			f.Merged, f.MergedRight = f.Merged+1, f.MergedRight+right
		case Suspected:
			f.Queued, f.QueuedRight = f.Queued+1, f.QueuedRight+right
		}
		if v.Likeness != Different && same != (v.Likeness == Certain) {
			misses = append(misses, Miss{l, r, same, true, v})
		}
	}
	ofLeft, ofRight := byID(left), byID(right)
	for pair, same := range truth.Pairs {
		l, r := ofLeft[pair[0]], ofRight[pair[1]]
		if same && l != nil && r != nil {
			f.Same++
			if !found[pair] {
				misses = append(misses, Miss{*l, *r, true, compared[pair], Compare(New(l.Facts), New(r.Facts))})
			}
		}
	}
	return f, misses
}

func byID(rows []Row) map[string]*Row {
	m := map[string]*Row{}
	for i := range rows {
		m[rows[i].ID] = &rows[i]
	}
	return m
}

// Score is how right a set of pairs is, each figure from 0 to 1.
type Score struct{ Precision, Recall, F1 float64 }

// MergedScore is that of the pairs that are merged unasked.
func (f Figures) MergedScore() Score { return scoreOf(f.MergedRight, f.Merged, f.Same) }

// FoundScore is that of the pairs that are merged or left to a curator.
func (f Figures) FoundScore() Score {
	return scoreOf(f.MergedRight+f.QueuedRight, f.Merged+f.Queued, f.Same)
}

func scoreOf(right, given, there int) (s Score) {
	s.Precision, s.Recall = ratio(right, given), ratio(right, there)
	if s.Precision+s.Recall > 0 {
		s.F1 = 2 * s.Precision * s.Recall / (s.Precision + s.Recall)
	}
	return s
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
