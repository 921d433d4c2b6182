package provider

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"time"

	"waymark/library"
)

// token is where a list goes on: all that the answer needs, so that the library
// keeps nothing and any of its programs, also after a restart, can go on. It does
// not expire: what was changed since stands behind its place.
type token struct {
	Verb   string     `json:"v"`
	Prefix string     `json:"p"`
	Set    string     `json:"s,omitempty"`
	Before int64      `json:"b,omitempty"` // microseconds since 1970; 0: no bound
	At     int64      `json:"a"`           // of the last record given, microseconds since 1970
	ID     library.ID `json:"i"`
	Cursor int        `json:"c"`           // records given so far
	Total  int        `json:"t,omitempty"` // completeListSize, when it is known
}

// tokenCheck is how many bytes of the SHA-256 of a token stand before it. They
// tell a damaged token from a whole one. They are no secret: a token that was
// made by hand asks for no more than any harvester may have.
const tokenCheck = 6

// String writes the token in the alphabet of base64url, which needs no escapes
// in an address.
func (t token) String() string {
	body, err := json.Marshal(t)
	if err != nil {
		panic(err) // strings and numbers
	}
	sum := sha256.Sum256(body)
	return base64.RawURLEncoding.EncodeToString(append(sum[:tokenCheck], body...))
}

// parseToken reads what String writes.
func parseToken(s, verb string) (token, error) {
	bad := faultf(badResumptionToken, "the token is damaged, or was not given to %s by this library", verb)
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) < tokenCheck {
		return token{}, bad
	}
	sum := sha256.Sum256(b[tokenCheck:])
	if string(sum[:tokenCheck]) != string(b[:tokenCheck]) {
		return token{}, bad
	}
	var t token
	if err := json.Unmarshal(b[tokenCheck:], &t); err != nil || t.Verb != verb || !t.ID.Valid() || t.Cursor < 0 {
		return token{}, bad
	}
	return t, nil
}

func (t token) mark() library.Mark { return library.Mark{At: time.UnixMicro(t.At).UTC(), ID: t.ID} }

func (t token) before() time.Time {
	if t.Before == 0 {
		return time.Time{}
	}
	return time.UnixMicro(t.Before).UTC()
}
