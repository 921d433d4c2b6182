package library

import "time"

// News is something of a record that is to be told to a person by e-mail.
type News struct {
	ID      ID
	Address string
	Person  ID // empty for somebody without an account
	Lang    string
	Kind    NewsKind
	Subject ID // the record
	Who     string
	Why     string
	At      time.Time
	Due     time.Time // not sent before
	Attempt int       // how often sending has failed
}

// NewsKind says what happened.
type NewsKind string

// The kinds of news.
const (
	NewsSubmitted NewsKind = "submitted" // to curators
	NewsAssigned  NewsKind = "assigned"  // to the one who is to work on it
	NewsReturned  NewsKind = "returned"  // to the one who handed it in
	NewsPublished NewsKind = "published"
	NewsWithdrawn NewsKind = "withdrawn"
	NewsSaid      NewsKind = "said" // there is a note
)

// Wish says how a person wants to be told.
type Wish struct {
	Person ID
	Often  Often
	Lang   string // BCP 47, one of the interface
}

// Often is how often a person is told.
type Often string

// The ways to be told. A day's news come in one letter.
const (
	AtOnce Often = "once"
	Daily  Often = "daily"
	Never  Often = "never"
)

// NewsMark is how far news have been made: the number of the last edit,
// and the time of the last note.
type NewsMark struct {
	Seq  int64
	Note time.Time
}
