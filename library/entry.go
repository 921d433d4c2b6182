// Package library is the subject of Waymark as pure types and rules: entries
// and their revisions, resources, agents, edits, viewers, matching and
// merging. It does no I/O, reads no clock and keeps no state.
package library

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/oklog/ulid/v2"
)

// ID names an entry for ever: a ULID of 26 characters in Crockford's base 32.
type ID string

// NewID makes an ID whose first ten characters are the time in milliseconds;
// entropy gives the rest. IDs of one clock sort by the time they were made.
func NewID(at time.Time, entropy io.Reader) (ID, error) {
	id, err := ulid.New(ulid.Timestamp(at), entropy)
	if err != nil {
		return "", fmt.Errorf("make an id: %w", err)
	}
	return ID(id.String()), nil
}

// Valid tells whether the ID is a well-formed ULID in upper case.
func (id ID) Valid() bool {
	parsed, err := ulid.ParseStrict(string(id))
	return err == nil && parsed.String() == string(id)
}

// Kind says what an entry is.
type Kind string

// The kinds of entries.
const (
	KindResource Kind = "resource"
	KindAgent    Kind = "agent"
)

// Status is the place of an entry in its life.
type Status string

// The statuses of an entry. A merged entry points to the one that took it in.
const (
	Draft     Status = "draft"
	Published Status = "published"
	Withdrawn Status = "withdrawn"
	Merged    Status = "merged"
)

// Audience is a group of readers that an entry is open to.
type Audience string

// The audiences that every library has.
const (
	Public Audience = "public"
	Staff  Audience = "staff"
)

// Key is one value under which an entry can be looked up: an identifier, the
// folded form of a title or name, an agent or another entry it points to.
type Key struct {
	Scheme string `json:"scheme"`
	Value  string `json:"value"`
}

// Entry is one versioned document as the store keeps it. Body is the JSON of
// the type that Kind names; Keys are derived from it by that type.
type Entry struct {
	ID         ID
	Kind       Kind
	Version    int64 // 1 for the first revision; set by the store
	Status     Status
	Audience   Audience
	MergedInto ID // with status Merged
	Keys       []Key
	Body       json.RawMessage
	Teaser     json.RawMessage // what those may know who may not read it; empty for nothing
	Created    time.Time       // set by the store: the time of the first edit
	Updated    time.Time       // set by the store: the time of the last edit
}

// decode reads the entry's body into v after a check of its kind.
func (e Entry) decode(kind Kind, v any) error {
	if e.Kind != kind {
		return Errorf(Internal, "entry %s is a %s, not a %s", e.ID, e.Kind, kind)
	}
	if err := json.Unmarshal(e.Body, v); err != nil {
		return Errorf(Internal, "read the %s %s: %w", kind, e.ID, err)
	}
	return nil
}
