package library

import (
	"fmt"
	"time"
)

// Review is what the curators' desk knows of a record beside what it says of
// its work.
type Review struct {
	Submitted string `json:"submitted,omitempty"` // who handed it in; empty for an import
	Unnamed   bool   `json:"unnamed,omitempty"`   // it was handed in by somebody without an account
	Assigned  string `json:"assigned,omitempty"`  // the curator at work on it
	Due       Date   `json:"due,omitempty"`       // when it is to be looked at again
	Note      string `json:"note,omitempty"`      // from the one who handed it in, for curators
	Withdrawn string `json:"withdrawn,omitempty"` // why it was withdrawn, for readers
	Stage     Stage  `json:"stage,omitempty"`     // of a draft that was handed in
	Publish   Date   `json:"publish,omitempty"`   // the day, in UTC, on which the draft is published
	Opens     Date   `json:"opens,omitempty"`     // the day, in UTC, on which it is for everyone
}

// Stage is how far a curator is with a draft that was handed in.
type Stage string

// The stages. A draft waits before a curator begins.
const (
	StageWaiting  Stage = ""
	StageReview   Stage = "review"
	StageReturned Stage = "returned" // to the one who handed it in, who is to change it
)

// Queue is a reason for which a record waits for a curator.
type Queue string

// The reasons. A draft that nobody handed in was proposed by an import.
const (
	QueueSubmitted Queue = "submitted"
	QueueReview    Queue = "review"   // a curator is at it
	QueueReturned  Queue = "returned" // the one who handed it in is to change it
	QueueProposed  Queue = "proposed"
	QueueUnread    Queue = "unread" // the text of a file could not be read
	QueueDue       Queue = "due"    // its review is due
	QueueLinks     Queue = "links"  // an address of it may be gone
)

// Key schemes of the desk.
const (
	KeyQueue    = "queue"    // the Queue that the record stands in, but for QueueDue and QueueLinks
	KeyAssigned = "assigned" // the curator at work on it
	KeyDue      = "due"      // the month of its next review, YYYY-MM
)

// queues gives the keys by which the desk finds the record.
func (r *Resource) queues() []Key {
	var keys []Key
	switch {
	case r.Status == Merged, r.Status == Withdrawn:
		return nil
	case r.Status == Draft && (r.Review.Submitted != "" || r.Review.Unnamed):
		keys = append(keys, Key{KeyQueue, string(r.Review.Stage.queue())})
	case r.Status == Draft:
		keys = append(keys, Key{KeyQueue, string(QueueProposed)})
	}
	for _, f := range r.Files {
		if f.Text == TextRefused {
			keys = append(keys, Key{KeyQueue, string(QueueUnread)})
			break
		}
	}
	if r.Review.Assigned != "" {
		keys = append(keys, Key{KeyAssigned, r.Review.Assigned})
	}
	if len(r.Review.Due) >= 7 {
		keys = append(keys, Key{KeyDue, string(r.Review.Due[:7])})
	}
	return append(keys, r.scheduled()...)
}

// queue gives the queue in which a draft of the stage stands.
func (s Stage) queue() Queue {
	switch s {
	case StageReview:
		return QueueReview
	case StageReturned:
		return QueueReturned
	}
	return QueueSubmitted
}

// dueSince is the month from which due reviews are looked for.
const dueSince = 2000 * 12

// DueKeys gives the keys of the records whose review is due in the month of a
// time or was before.
func DueKeys(now time.Time) []Key { return monthsTo(now, KeyDue) }

func monthsTo(now time.Time, scheme string) []Key {
	var keys []Key
	for m := dueSince; m <= now.Year()*12+int(now.Month())-1; m++ {
		keys = append(keys, Key{scheme, fmt.Sprintf("%04d-%02d", m/12, m%12+1)})
	}
	return keys
}
