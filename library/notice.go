package library

import "time"

// Notice is something of a record that is to be told to a person by e-mail.
type Notice struct {
	ID      ID
	Address string
	Person  ID // empty for somebody without an account
	Lang    string
	Kind    NoticeKind
	Subject ID // the record
	Who     string
	Why     string
	At      time.Time
	Due     time.Time // not sent before
	Attempt int       // how often sending has failed
}

// NoticeKind says what happened.
type NoticeKind string

// The kinds of notices.
const (
	NoticeSubmitted NoticeKind = "submitted" // to curators
	NoticeAssigned  NoticeKind = "assigned"  // to the one who is to work on it
	NoticeReturned  NoticeKind = "returned"  // to the one who handed it in
	NoticePublished NoticeKind = "published"
	NoticeWithdrawn NoticeKind = "withdrawn"
	NoticeSaid      NoticeKind = "said" // there is a note
)

// Wish says how a person wants to be told.
type Wish struct {
	Person ID
	Often  Often
	Lang   string // BCP 47, one of the interface
}

// Often is how often a person is told.
type Often string

// The ways to be told. A day's notices come in one letter.
const (
	AtOnce Often = "once"
	Daily  Often = "daily"
	Never  Often = "never"
)

// NoticeMark is how far notices have been made: the number of the last edit,
// and the time of the last note.
type NoticeMark struct {
	Seq  int64
	Note time.Time
}
