package library

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Act is something that somebody did, as the audit tells of it. What is done to
// entries is an Edit; the audit tells of it as an act too.
type Act struct {
	ID      string // of an edit its number
	At      time.Time
	Person  ID     // who is signed in; empty at the terminal, and for an edit
	Name    string // what they were called then
	Did     string // "sign-in", "role"; of an edit its action
	Subject string // to what: the ID of a person, rule, token or entry
	Detail  string
	Address string // from where, as long as that is kept
	Edit    bool
	Changes int // of an edit: how many entries
}

// The acts that expire.
const (
	SignedIn  = "sign-in"
	SignedOut = "sign-out"
)

// ActFilter chooses acts; what is empty chooses all. The latest come first.
type ActFilter struct {
	Who, Did string    // exactly these
	From, To time.Time // To is not in it
	After    string    // the Cursor of the last act that was read
	Limit    int
}

// Cursor tells where the act stands among all: by time, of one time edits last.
func (a Act) Cursor() string {
	kind := "a"
	if a.Edit {
		kind = "e"
	}
	return fmt.Sprintf("%d.%s.%s", a.At.UnixMicro(), kind, a.ID)
}

// Place takes a cursor apart, Invalid for one that Cursor did not make.
func (f ActFilter) Place() (micros int64, edit bool, id string, err error) {
	parts := strings.SplitN(f.After, ".", 3)
	if len(parts) == 3 && (parts[1] == "a" || parts[1] == "e") {
		if micros, err = strconv.ParseInt(parts[0], 10, 64); err == nil {
			return micros, parts[1] == "e", parts[2], nil
		}
	}
	return 0, false, "", &Error{Kind: Invalid, Field: "after", Err: fmt.Errorf("%.60q is no place in the audit", f.After)}
}
