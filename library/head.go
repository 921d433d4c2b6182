package library

import (
	"encoding/json"
	"fmt"
	"time"
)

// Head is what an entry has beside its body: its place in its life and who may
// read it. Types that are kept as entries embed it; the store sets version and
// time.
type Head struct {
	ID       ID        `json:"-"`
	Version  int64     `json:"-"`
	Status   Status    `json:"-"`
	Audience Audience  `json:"-"`
	Updated  time.Time `json:"-"`
}

// Heading gives the head itself, so that one function reads every type that
// embeds one.
func (h *Head) Heading() *Head { return h }

// Headed is a type that embeds a Head.
type Headed interface{ Heading() *Head }

// NewEntry writes a value as the store keeps it.
func NewEntry(h Head, kind Kind, v any, keys ...Key) (Entry, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return Entry{}, fmt.Errorf("write the %s %s: %w", kind, h.ID, err)
	}
	return Entry{ID: h.ID, Kind: kind, Status: h.Status, Audience: h.Audience, Keys: keys, Body: body}, nil
}

// ReadEntry reads the value that an entry holds.
func ReadEntry[T any, P interface {
	*T
	Headed
}](e Entry) (P, error) {
	v := P(new(T))
	if err := json.Unmarshal(e.Body, v); err != nil {
		return nil, Errorf(Internal, "read the %s %s: %w", e.Kind, e.ID, err)
	}
	*v.Heading() = e.head()
	return v, nil
}

func (e Entry) head() Head { return Head{e.ID, e.Version, e.Status, e.Audience, e.Updated} }
