package library

import "time"

// Visit is what the last visit to the address of a link found.
type Visit struct {
	URL    string
	State  VisitState
	Status int       // HTTP status of the last answer; 0 when there was none
	Moved  string    // where permanent redirects lead
	Reason string    // short English, where the state is not VisitOK
	At     time.Time // of the visit
	Since  time.Time // of the first visit in a row that found this state; set by the store
}

// VisitState says what a visit found.
type VisitState string

// The states of an address.
const (
	VisitOK      VisitState = "ok"
	VisitGone    VisitState = "gone"    // the host says so, or there is no such host
	VisitFailed  VisitState = "failed"  // no usable answer this time
	VisitUnknown VisitState = "unknown" // it was not for us to ask, or not for us to read
)

// patience is how long an address may fail before it counts as broken: hosts
// of the field are down for days.
const patience = 7 * 24 * time.Hour

// Broken tells whether a reader should be told that the address may be gone.
func (v Visit) Broken() bool {
	return v.State == VisitGone || v.State == VisitFailed && v.At.Sub(v.Since) >= patience
}
