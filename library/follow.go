package library

import "time"

// Frequency is how often a follower is written to.
type Frequency string

// The frequencies.
const (
	EveryDay  Frequency = "day"
	EveryWeek Frequency = "week"
)

// Length gives the time from one letter to the next, 0 for what is no frequency.
func (f Frequency) Length() time.Duration {
	return map[Frequency]time.Duration{EveryDay: 24 * time.Hour, EveryWeek: 7 * 24 * time.Hour}[f]
}

// Follow is a search that somebody without an account follows by e-mail.
type Follow struct {
	ID       ID
	Address  string // as access.Address gives it
	Query    string // as search.Query.Encode writes it
	Every    Frequency
	Language string    // BCP 47, of the letters
	Since    int64     // the last edit that was told of
	Due      time.Time // when the next letter is

	// Of the letter in hand:
	Leased time.Time // until when one process has it; zero for none
	UpTo   int64     // the last edit that it tells of; 0 before it is begun
	Begun  int       // how often its sending was begun
	Failed int       // how often in a row no server took one
}
