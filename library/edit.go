package library

import "time"

// Edit is one act that changes the library: atomic, attributed, and numbered
// without gaps in the order in which acts took effect.
type Edit struct {
	Seq     int64 // set by the store: 1, 2, 3, …
	At      time.Time
	Actor   string // who
	Action  string // what kind of act: "import", "edit", "merge", …
	Note    string // why, or from where
	Changes []Change
	Tasks   []Task // left to be done once the edit is in; not kept with it

	// Seen is the number of the last edit when the library was looked through
	// for something that must not be there twice. A store refuses the Edit with
	// Conflict when another came since; nil when that does not matter.
	Seen *int64
}

// Change is the new state of one entry within an Edit.
type Change struct {
	// Read is the version that the change was made from, 0 for a new entry.
	// A store refuses the whole Edit with Conflict when it is no longer current.
	Read  int64
	Entry Entry
}
