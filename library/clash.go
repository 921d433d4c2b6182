package library

import (
	"fmt"
	"time"
)

// Clash says what another person made of a record meanwhile, where it is not
// to be had together with what this one made of it. Nothing is lost: Merged is
// their work with all that could be brought together, and can be saved from
// Version.
type Clash struct {
	Version        int64
	Fields         []string // that both have changed
	Merged, Theirs Fields
	Actor          string
	At             time.Time
}

// Error implements error.
func (c *Clash) Error() string {
	return fmt.Sprintf("%s changed %v meanwhile", c.Actor, c.Fields)
}
