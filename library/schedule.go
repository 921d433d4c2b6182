package library

import (
	"slices"
	"time"
)

// KeyScheduled is the scheme of the keys by which records are found of which
// something happens on a day: its month, YYYY-MM.
const KeyScheduled = "scheduled"

// ScheduledKeys gives the keys of the records of which something is to have
// happened by the month of a time.
func ScheduledKeys(now time.Time) []Key { return monthsTo(now, KeyScheduled) }

// days gives the days on which something happens to the record.
func (r *Resource) days() []Date {
	days := []Date{r.Review.Opens}
	if r.Status == Draft {
		days = append(days, r.Review.Publish)
	}
	for _, f := range r.Files {
		days = append(days, f.Opens)
	}
	return slices.DeleteFunc(days, func(d Date) bool { return len(d) < len("2006-01") })
}

func (r *Resource) scheduled() (keys []Key) {
	for _, day := range r.days() {
		if k := (Key{KeyScheduled, string(day[:7])}); !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// Arrive does what was to happen to the record by a day: its draft is published,
// it or a file of it is opened. Published and opened tell what was done.
func (r *Resource) Arrive(today Date) (published, opened bool) {
	due := func(d Date) bool { return d != "" && d <= today }
	if r.Status == Draft && due(r.Review.Publish) {
		r.Status, r.Review.Publish, r.Review.Stage, published = Published, "", StageWaiting, true
	}
	if due(r.Review.Opens) {
		r.Audience, r.Listed, r.Review.Opens, opened = Public, false, "", true
	}
	for i := range r.Files {
		if f := &r.Files[i]; due(f.Opens) {
			f.Audience, f.Opens, opened = "", "", true
		}
	}
	return published, opened
}

// OpensFor gives the first day on which more of the record opens to a viewer
// than they may read now, "" when none is known.
func (r *Resource) OpensFor(v Viewer) (first Date) {
	for _, f := range r.Files {
		if f.Opens != "" && f.Audience != "" && !v.Sees(r.Status, f.Audience) && (first == "" || f.Opens < first) {
			first = f.Opens
		}
	}
	return first
}
