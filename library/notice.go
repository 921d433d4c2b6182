package library

import (
	"encoding/json"
	"fmt"
	"time"
)

// Notice is what everyone may know of a resource: what its record says, or that
// it was there and is no longer open to everyone. One that never was is not
// noticed.
type Notice struct {
	Entry Entry     // as it stands; when Gone, what Clear leaves of it
	At    time.Time // when that took effect: later than all that was noticed before
	Gone  bool      // withdrawn, merged, or open to fewer readers now
}

// Clear leaves of a resource that is no longer open nothing but the values by
// which it was chosen, so that who asked for those is told that it is gone.
func (n *Notice) Clear() error {
	r, err := ResourceOf(n.Entry)
	if err != nil {
		return err
	}
	n.Entry.Body, err = json.Marshal(&Resource{Countries: r.Countries, Topics: r.Topics, Category: r.Category, Languages: r.Languages})
	if err != nil {
		return fmt.Errorf("clear the notice of %s: %w", n.Entry.ID, err)
	}
	return nil
}

// Mark gives the place of the notice.
func (n Notice) Mark() Mark { return Mark{n.At, n.Entry.ID} }

// Mark is a place in the order of notices: behind that of a time and an entry.
// The zero Mark is before the first; one without an ID is before those of its
// time.
type Mark struct {
	At time.Time
	ID ID
}

// Stretch is a run of resources open to everyone, in the order of their IDs.
type Stretch struct {
	First, Last ID
	Changed     time.Time // when one of them was noticed last
}

// Shown is a resource open to everyone with the time of its notice.
type Shown struct {
	ID ID
	At time.Time
}
