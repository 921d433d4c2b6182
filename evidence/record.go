package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"waymark/library"
	"waymark/vocabulary"
)

// Map is the question that an evidence gap map answers, and how its studies
// were looked for.
type Map struct {
	library.Head
	Code        string       `json:"code"` // in addresses
	Framework   string       `json:"framework"`
	Titles      library.Text `json:"titles"`
	Question    library.Text `json:"question"`
	Eligibility library.Text `json:"eligibility,omitempty"`
	Rows        string       `json:"rows"` // tree of the framework
	Columns     string       `json:"columns"`
	Searched    string       `json:"searched"` // the day of the last search, ISO 8601
	Languages   []string     `json:"languages"`
	Sources     []string     `json:"sources,omitempty"`
	Due         string       `json:"due"` // the day by which it is to be searched again
	OutOfScope  []Cell       `json:"out_of_scope,omitempty"`
	DOI         string       `json:"doi,omitempty"`
	Demo        bool         `json:"demo,omitempty"`
}

// Cell names a place on a map by its codes.
type Cell struct {
	Row    string `json:"row"`
	Column string `json:"column"`
}

// Overdue tells whether the map should have been searched again by now.
func (m *Map) Overdue(now time.Time) bool {
	return m.Due != "" && m.Due < now.UTC().Format(time.DateOnly)
}

// Check answers Invalid for a map that does not say how it was made.
func (m *Map) Check(f *Framework) error {
	_, rows := f.Tree(m.Rows)
	_, cols := f.Tree(m.Columns)
	switch {
	case m.Code == "" || len(m.Titles) == 0:
		return invalid("map", "a map has a code and a title")
	case !rows || !cols || m.Rows == m.Columns:
		return invalid("map", "the map %s has the axes %q and %q, which are no two trees of its framework", m.Code, m.Rows, m.Columns)
	case m.Searched == "" || m.Due == "" || len(m.Languages) == 0:
		return invalid("map", "the map %s must say when and in which languages was searched, and when the next search is due", m.Code)
	}
	return nil
}

// Entry gives the map as the store keeps it.
func (m *Map) Entry() (library.Entry, error) {
	return library.NewEntry(m.Head, KindMap, m, library.Key{Scheme: KeyCode, Value: m.Code})
}

// What a gap says.
const (
	NotFound = "not-found" // nobody has found evidence
	NoEffect = "no-effect" // there is evidence, of no effect
)

// Gap is a statement about a cell of a map. That no evidence was found is
// told apart from evidence of no effect; both are true of a day.
type Gap struct {
	library.Head
	Map       string       `json:"map"` // code
	Row       string       `json:"row"`
	Column    string       `json:"column"`
	Statement string       `json:"statement"` // NotFound or NoEffect
	Kind      string       `json:"kind,omitempty"`
	Basis     library.Text `json:"basis,omitempty"`
	Priority  int          `json:"priority,omitempty"` // 1 is the most pressing
	Searched  string       `json:"searched"`
	Findings  []FindingRef `json:"findings,omitempty"` // that NoEffect rests on
	By        string       `json:"by,omitempty"`
	Closed    string       `json:"closed,omitempty"` // the day on which evidence came
	Demo      bool         `json:"demo,omitempty"`
}

// FindingRef points to a finding of a study, by its place there.
type FindingRef struct {
	Study   library.ID `json:"study"`
	Finding int        `json:"finding"` // from 0
}

// Check answers Invalid for a gap without a search date, or one that confuses
// no evidence with evidence of no effect.
func (g *Gap) Check(w *Words) error {
	_, err := time.Parse(time.DateOnly, g.Searched)
	switch {
	case err != nil:
		return fault("searched", "desk.fault.day", "the gap %s × %s does not say when was searched", g.Row, g.Column)
	case g.Statement == NotFound && len(g.Findings) > 0:
		return fault("finding", "desk.fault.nothing", "the gap %s × %s says that nothing was found and names findings", g.Row, g.Column)
	case g.Statement == NotFound && !has(w.Gaps)(g.Kind):
		return fault("gap", "desk.fault.code", "the gap %s × %s is of the kind %q, which is no code", g.Row, g.Column, g.Kind)
	case g.Statement == NoEffect && len(g.Findings) == 0:
		return fault("finding", "desk.fault.noeffect", "%s × %s is said to have no effect without a finding", g.Row, g.Column)
	case g.Statement != NotFound && g.Statement != NoEffect:
		return fault("statement", "desk.fault.code", "the gap %s × %s states %q", g.Row, g.Column, g.Statement)
	}
	return nil
}

// Entry gives the gap as the store keeps it.
func (g *Gap) Entry() (library.Entry, error) { return library.NewEntry(g.Head, KindGap, g) }

// Claim is a sentence about what works, written by persons who weighed the
// findings. It is never computed by counting studies.
type Claim struct {
	library.Head
	Intervention  string       `json:"intervention"`
	Outcome       string       `json:"outcome"`
	Texts         library.Text `json:"texts"`
	Certainty     string       `json:"certainty"`
	Supporting    []FindingRef `json:"supporting,omitempty"`
	Contradicting []FindingRef `json:"contradicting,omitempty"`
	ReviewDue     string       `json:"review_due"`
	Demo          bool         `json:"demo,omitempty"`
}

// Check answers Invalid for a claim that rests on nothing or has no date of review.
func (c *Claim) Check(w *Words) error {
	switch {
	case len(c.Texts) == 0 || c.ReviewDue == "":
		return invalid("claim", "a claim has a text and a day of review")
	case !has(w.Certainties)(c.Certainty):
		return invalid("claim", "the certainty %q of a claim is no code", c.Certainty)
	case len(c.Supporting) == 0:
		return invalid("claim", "the claim on %s × %s rests on no finding", c.Intervention, c.Outcome)
	}
	return nil
}

// Entry gives the claim as the store keeps it.
func (c *Claim) Entry() (library.Entry, error) { return library.NewEntry(c.Head, KindClaim, c) }

// Snapshot is a map frozen at a moment: what was counted, with a hash over it,
// so that it can be cited and shown again for ever.
type Snapshot struct {
	library.Head
	Map       string    `json:"map"`
	Taken     time.Time `json:"taken"`
	Hash      string    `json:"hash"` // SHA-256 in hex over Content
	Content   Frozen    `json:"content"`
	Citations string    `json:"citation"` // with {hash} left out
	Demo      bool      `json:"demo,omitempty"`
}

// Frozen is what a snapshot holds.
type Frozen struct {
	Map       Map          `json:"map"`
	Framework Framework    `json:"framework"`
	Studies   []FrozenPart `json:"studies"`
	Gaps      []Gap        `json:"gaps,omitempty"`
}

// FrozenPart is a study with its identifier, which Study itself leaves to its entry.
type FrozenPart struct {
	ID      library.ID `json:"id"`
	Version int64      `json:"version"`
	Study   Study      `json:"study"`
}

// Freeze makes the snapshot of a map from what a public reader sees. Coders'
// names are not in it.
func Freeze(m Map, f Framework, studies []*Study, gaps []*Gap, at time.Time) (Snapshot, error) {
	s := Snapshot{Map: m.Code, Taken: at.UTC().Truncate(time.Second), Demo: m.Demo}
	s.Content = Frozen{Map: m, Framework: f}
	for _, st := range studies {
		s.Content.Studies = append(s.Content.Studies, FrozenPart{st.ID, st.Version, anonymous(*st)})
	}
	for _, g := range gaps {
		one := *g
		one.By = ""
		s.Content.Gaps = append(s.Content.Gaps, one)
	}
	hash, err := s.Content.Digest()
	if err != nil {
		return Snapshot{}, err
	}
	s.Hash = hash
	title, _ := m.Titles.In("en")
	s.Citations = fmt.Sprintf("Waymark (%d). %s [evidence gap map]. Searched %s, frozen %s.", s.Taken.Year(), title, m.Searched, s.Taken.Format(time.DateOnly))
	return s, nil
}

// Digest gives the hash of what is frozen.
func (f Frozen) Digest() (string, error) {
	raw, err := json.Marshal(f)
	if err != nil {
		return "", fmt.Errorf("write a snapshot: %w", err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// Entry gives the snapshot as the store keeps it.
func (s *Snapshot) Entry() (library.Entry, error) {
	return library.NewEntry(s.Head, KindSnapshot, s, library.Key{Scheme: KeyCode, Value: s.Hash})
}

// anonymous gives the study without the names of those who coded it, for
// everything that leaves the house.
func anonymous(s Study) Study {
	codings := make([]Coding, len(s.Codings))
	for i, c := range s.Codings {
		c.First, c.Second, c.Adjudicated = unnamed(c.First, "1"), unnamed(c.Second, "2"), unnamed(c.Adjudicated, "3")
		codings[i] = c
	}
	s.Codings = codings
	appraisals := make([]Appraisal, len(s.Appraisals))
	for i, a := range s.Appraisals {
		a.By = nil
		appraisals[i] = a
	}
	s.Appraisals = appraisals
	return s
}

func unnamed(d *Decision, role string) *Decision {
	if d == nil {
		return nil
	}
	return &Decision{By: role, Yes: d.Yes, Note: d.Note}
}

// has tells whether a list knows a code.
func has(l *vocabulary.List) func(string) bool {
	return func(code string) bool { _, ok := l.Get(code); return ok }
}
