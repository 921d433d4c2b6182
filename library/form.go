package library

import "time"

// Form is what a person has written of a record and not saved yet. It is no
// part of the library and nobody else's to see.
type Form struct {
	Subject ID
	Base    int64  // the version that was being changed; 0 for a new record
	Body    []byte // as the door that kept it writes it
	At      time.Time
}

// Upload is a file that a person has brought for a record and not saved with it
// yet.
type Upload struct {
	Subject ID
	File    File
	At      time.Time
}
