package api

import (
	"encoding/base64"
	"encoding/json"

	"waymark/library"
)

// cursor says where the next page of a list begins: behind an entry, and in
// the list of a search also at what place it stood. It is opaque to clients.
type cursor struct {
	After library.ID   `json:"a,omitempty"`
	Last  []library.ID `json:"l,omitempty" nullable:"false"` // of a search: the last hits, latest first
	Place int          `json:"p,omitempty"`                  // how many hits were given
}

func (c cursor) String() string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err) // strings and a number
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// readCursor reads what String wrote; an empty one is the beginning.
func readCursor(s string) (c cursor, err error) {
	if s == "" {
		return c, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil || c.Place < 0 || len(c.Last) > anchors {
		return cursor{}, invalid("query.cursor", "the cursor is none that this library gave")
	}
	return c, nil
}
