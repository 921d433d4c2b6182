package guide

import (
	"time"

	"waymark/library"
)

// State is how a section of an adaptation stands to its base. It is computed
// from hashes each time it is asked for; nobody sets it.
type State string

// The states of a derived section.
const (
	Current    State = "current"
	Update     State = "update"     // inherited, and the base says something else now
	Review     State = "review"     // adapted, and the base says something else now
	Converged  State = "converged"  // the local text is what the base says now
	Reconfirm  State = "reconfirm"  // left out, and the base says something else now
	Structural State = "structural" // the base's section is gone, split or moved
	Expired    State = "expired"    // the deviation that allows the local text has ended
)

// Waiting tells whether the state asks something of the place.
func (s State) Waiting() bool { return s != Current && s != Converged }

// Drift is the state of a derived section with what it asks for.
type Drift struct {
	State    State
	Class    library.ChangeClass // the heaviest change since the base version; empty when Current
	Since    time.Time           // of the first of those changes
	Due      time.Time           // zero when nothing is due
	Overdue  bool
	Changes  []library.Stamp // of the base since then, oldest first
	To       []library.ID    // successors, when Structural
	Mismatch bool            // the base is not to be seen: nothing can be said
}

// Judge computes the state of a section from what its base said when it was
// pinned, what the base says now and what the section itself says. The parent
// is nil for a section that was added or whose parent cannot be seen.
func Judge(s, parent *library.Section, now time.Time) Drift {
	d := s.Derived
	today := library.Date(now.UTC().Format(time.DateOnly))
	if d == nil || d.Parent == "" {
		return Drift{State: Current}
	}
	if parent == nil {
		return Drift{State: Current, Mismatch: true}
	}
	if parent.Ended != nil && d.Reviewed == saw(parent, d.Lang) { // kept as the place's own
		return Drift{State: Current}
	}
	if parent.Ended != nil {
		return due(Drift{State: Structural, Class: library.Substantive, Since: parent.Ended.At, To: parent.Ended.To}, now)
	}
	if d.Live && len(s.Texts) == 0 {
		return Drift{State: Current}
	}
	if d.Deviation != nil && departs(s) && parent.Force == library.Must && !d.Deviation.Valid(today) {
		return Drift{State: Expired, Class: library.Safety, Since: now, Due: now, Overdue: true}
	}
	says := parent.Says(d.Lang)
	if says == d.Hash || says == "" {
		return Drift{State: Current}
	}
	own := len(s.Texts) > 0
	if same, ok := s.Texts[d.Lang]; ok && same.Hash() == says {
		return Drift{State: Converged}
	}
	if says == d.Reviewed {
		return Drift{State: Current}
	}
	out := Drift{State: Update, Changes: since(parent.Log[d.Lang], pinned(d))}
	switch {
	case d.Decision == library.Omitted:
		out.State = Reconfirm
	case own:
		out.State = Review
	}
	for _, c := range out.Changes {
		if c.Class.Weight() > out.Class.Weight() {
			out.Class = c.Class
		}
	}
	return due(out, now)
}

// departs tells whether a section says something else than its base, or nothing.
func departs(s *library.Section) bool {
	return len(s.Texts) > 0 || s.Derived.Decision == library.Omitted
}

// pinned gives the last hash of the base that was looked at.
func pinned(d *library.Derivation) []string {
	if d.Reviewed != "" {
		return []string{d.Reviewed, d.Hash}
	}
	return []string{d.Hash}
}

// since gives the changes after the last one that had a hash, of the hashes the
// first that is in the log; all of them when none is.
func since(log []library.Stamp, hashes []string) []library.Stamp {
	for _, h := range hashes {
		for i := len(log) - 1; i >= 0; i-- {
			if log[i].Hash == h {
				return log[i+1:]
			}
		}
	}
	return log
}

// due puts the day on which the answer is due: of several changes, the one that
// leaves least time decides.
func due(d Drift, now time.Time) Drift {
	if d.Since.IsZero() && len(d.Changes) > 0 {
		d.Since = d.Changes[0].At
	}
	changes := d.Changes
	if len(changes) == 0 {
		changes = []library.Stamp{{Class: d.Class, At: d.Since}}
	}
	for _, c := range changes {
		if days := c.Class.Days(); days > 0 {
			if by := c.At.AddDate(0, 0, days); d.Due.IsZero() || by.Before(d.Due) {
				d.Due = by
			}
		}
	}
	d.Overdue = !d.Due.IsZero() && now.After(d.Due)
	return d
}

// Letter gives the letter by which a section of an adaptation is marked beside
// its word: i inherited, a adapted, + added, - omitted.
func Letter(s *library.Section) string {
	if s.Derived == nil {
		return ""
	}
	switch s.Derived.Decision {
	case library.Adapted:
		return "a"
	case library.Added:
		return "+"
	case library.Omitted:
		return "−"
	case library.Deferred:
		return "…"
	}
	return "i"
}
