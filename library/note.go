package library

import "time"

// Note is what one person says to another about a record at the desk. It is no
// part of the record, and for those alone who may change it.
type Note struct {
	ID      ID
	Subject ID     // the record
	Author  string // the name; empty for somebody without an account
	Address string // e-mail of somebody without an account, until it is decided
	Lang    string // in which that person is answered
	Text    string
	At      time.Time
}
