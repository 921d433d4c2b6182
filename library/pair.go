package library

import (
	"encoding/json"
	"fmt"

	"waymark/match"
)

// KindPair is the kind of the entries that hold a Pair.
const KindPair Kind = "pair"

// Pair is two resources that may be the same work, for a curator to decide. It
// is a draft as an entry, so that only curators see it.
type Pair struct {
	ID       ID       `json:"-"`
	Version  int64    `json:"-"`
	Audience Audience `json:"-"`        // of the resources
	A        ID       `json:"a"`        // A < B
	B        ID       `json:"b"`        //
	Reasons  []string `json:"reasons"`  // in English
	Decision Decision `json:"decision"` // empty as long as the pair is open

	// Proposed is the relation of From to the other in which they may stand.
	Proposed RelationType `json:"proposed,omitempty"`
	From     ID           `json:"from,omitempty"`
}

// Decision is what a curator made of a pair.
type Decision string

// The decisions on a pair.
const (
	DecidedSame      Decision = "same"      // merged
	DecidedDifferent Decision = "different" // two works
	DecidedRelated   Decision = "related"   // two works in a relation
)

// Key schemes of pairs.
const (
	KeyPair     = "pair"      // both IDs: a pair is there once
	KeyPairOf   = "pair-of"   // the ID of each
	KeyPairOpen = "pair-open" // "1" while it is open
)

// NewPair gives the open pair of two resources; its ID is still to be given.
func NewPair(a, b *Resource, v match.Verdict) *Pair {
	p := &Pair{A: min(a.ID, b.ID), B: max(a.ID, b.ID), Audience: a.Audience, Reasons: v.Reasons, Proposed: RelationType(v.Relation)}
	switch {
	case p.Proposed == Supersedes && a.Date.Year() > b.Date.Year():
		p.From = a.ID
	case p.Proposed == Supersedes:
		p.From = b.ID
	case p.Proposed != "":
		p.From = a.ID
	}
	if a.Audience == Public {
		p.Audience = b.Audience
	}
	return p
}

// Key gives the key under which the pair is there once.
func (p *Pair) Key() Key { return Key{KeyPair, string(p.A + " " + p.B)} }

// Entry gives the pair as the store keeps it.
func (p *Pair) Entry() (Entry, error) {
	body, err := json.Marshal(p)
	if err != nil {
		return Entry{}, fmt.Errorf("write the pair %s: %w", p.ID, err)
	}
	keys := []Key{p.Key(), {KeyPairOf, string(p.A)}, {KeyPairOf, string(p.B)}}
	if p.Decision == "" {
		keys = append(keys, Key{KeyPairOpen, "1"})
	}
	return Entry{ID: p.ID, Kind: KindPair, Status: Draft, Audience: p.Audience, Keys: keys, Body: body}, nil
}

// PairOf reads the pair that an entry holds.
func PairOf(e Entry) (*Pair, error) {
	p := &Pair{}
	if err := e.decode(KindPair, p); err != nil {
		return nil, err
	}
	p.ID, p.Version, p.Audience = e.ID, e.Version, e.Audience
	return p, nil
}
