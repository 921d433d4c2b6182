package library

import "slices"

// Role is what a viewer may do beside reading.
type Role int

// The roles, each of which may do all that the ones before it may.
const (
	Reader        Role = iota
	Submitter          // the contributor: hands in records
	Curator            // edits and publishes
	Administrator      // says who may do what
	System             // the house itself: followers that derive from every entry
)

// Viewer is the one on whose behalf something is read. Every function that
// reads takes one; the zero Viewer is an anonymous reader.
type Viewer struct {
	Name      string     // for the record of edits; empty for anonymous
	Audiences []Audience // beside Public, which everyone belongs to
	Role      Role

	// Topics and Countries limit what a curator may change; empty for no limit.
	Topics, Countries []string
}

// House gives the viewer of Waymark's own followers, which see every entry in
// order to derive from it. What they derive is gated again at each reading.
func House() Viewer { return Viewer{Name: "waymark", Role: System} }

// Sees decides whether the viewer may read an entry of this status and
// audience. It is the only place where audience is decided.
func (v Viewer) Sees(status Status, audience Audience) bool {
	switch v.Role {
	case System:
		return true
	case Curator, Administrator:
	default:
		if status != Published {
			return false
		}
	}
	return audience == Public || slices.Contains(v.Audiences, audience)
}

// MayEdit decides whether the viewer may change a resource: a curator one that
// they see and that lies within their limits, a contributor a draft of their own.
func (v Viewer) MayEdit(r *Resource) bool {
	switch {
	case v.Role == System:
		return true
	case v.Role == Submitter:
		return r.Status == Draft && v.Name != "" && r.Review.Submitted == v.Name
	case v.Role < Curator || !v.Sees(r.Status, r.Audience):
		return false
	}
	within := func(limits, values []string) bool {
		return len(limits) == 0 || slices.ContainsFunc(limits, func(l string) bool { return slices.Contains(values, l) })
	}
	return within(v.Topics, r.Topics) && within(v.Countries, r.Countries)
}
