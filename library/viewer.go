package library

import (
	"fmt"
	"slices"
	"strings"
)

// Role is what a viewer may do beside reading.
type Role int

// The roles, each of which may do all that the ones before it may.
const (
	Reader        Role = iota
	Submitter          // the contributor: proposes records and changes, which a curator decides on
	Curator            // edits and publishes, everything or some topics and countries
	Administrator      // says who may do what
	System             // the house itself: followers that derive from every entry
)

// roleNames are the words for the roles in tables, commands and forms; nobody
// is given the house's own.
var roleNames = [...]string{"reader", "contributor", "curator", "administrator"}

// Roles gives the roles that a person can have.
func Roles() []Role { return []Role{Reader, Submitter, Curator, Administrator} }

// String gives the role's word.
func (r Role) String() string {
	if r >= 0 && int(r) < len(roleNames) {
		return roleNames[r]
	}
	return "system"
}

// ParseRole gives the role of a word, Invalid for another.
func ParseRole(word string) (Role, error) {
	if i := slices.Index(roleNames[:], word); i >= 0 {
		return Role(i), nil
	}
	return Reader, &Error{Kind: Invalid, Field: "role", Err: fmt.Errorf("there is no role %q: choose from %s", word, strings.Join(roleNames[:], ", "))}
}

// Viewer is the one on whose behalf something is read. Every function that
// reads takes one; the zero Viewer is an anonymous reader.
type Viewer struct {
	Person    ID         // who is signed in; empty for anonymous and for the house
	Name      string     // for the record of edits; empty for anonymous
	Audiences []Audience // beside Public, which everyone belongs to
	Role      Role

	// A curator's limits: only resources with one of the topics, and only those
	// with one of the countries. Empty is no limit.
	Topics, Countries []string
}

// House gives the viewer of Waymark's own followers, which see every entry in
// order to derive from it. What they derive is gated again at each reading.
func House() Viewer { return Viewer{Name: "waymark", Role: System} }

// Sees decides whether the viewer may read an entry of this status and
// audience. It is the only place where audience is decided.
func (v Viewer) Sees(status Status, audience Audience) bool {
	if v.Role >= System {
		return true
	}
	if v.Role < Curator && status != Published {
		return false
	}
	return audience == Public || slices.Contains(v.Audiences, audience)
}

// MaySubmit tells whether the viewer may propose records and changes.
func (v Viewer) MaySubmit() bool { return v.Role >= Submitter }

// MayEdit tells whether the viewer may change the resource, or take it out: a
// curator one that they see, within their limits; a contributor a draft of their
// own. Whoever changes one asks twice: of the resource as it stands and as
// it is to be, so that nobody edits one into their limits or another's.
func (v Viewer) MayEdit(r *Resource) bool {
	if v.Role == Submitter {
		return r.Status == Draft && v.Name != "" && r.Review.Submitted == v.Name
	}
	if v.Role < Curator || !v.Sees(r.Status, r.Audience) {
		return false
	}
	return v.Role > Curator || within(v.Topics, r.Topics) && within(v.Countries, r.Countries)
}

// MayEditAll tells whether the viewer may change what is no single resource:
// persons and organisations, vocabularies, many records at once.
func (v Viewer) MayEditAll() bool {
	return v.Role > Curator || v.Role == Curator && len(v.Topics)+len(v.Countries) == 0
}

// MayGovern tells whether the viewer may say who may do what.
func (v Viewer) MayGovern() bool { return v.Role >= Administrator }

// within tells whether one of the codes is inside the limits.
func within(limits, codes []string) bool {
	return len(limits) == 0 || slices.ContainsFunc(codes, func(c string) bool { return slices.Contains(limits, c) })
}
